// SPDX-License-Identifier: BSD-2-Clause
/*
 * Streams over real files, sscanf and calendar functions against the host's, getopt, environment.
 */
#include <tests/hosted/libc/bw.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

typedef struct bw_file BW_FILE;
BW_FILE *bw_fopen(const char *path, const char *mode);
int bw_fclose(BW_FILE *f);
int bw_fprintf(BW_FILE *f, const char *fmt, ...);
char *bw_fgets(char *buf, int size, BW_FILE *f);
ssize_t bw_getline(char **line, size_t *size, BW_FILE *f);
size_t bw_fread(void *buf, size_t size, size_t n, BW_FILE *f);
size_t bw_fwrite(const void *buf, size_t size, size_t n, BW_FILE *f);
int bw_fseek(BW_FILE *f, long off, int whence);
long bw_ftell(BW_FILE *f);
int bw_fgetc(BW_FILE *f);
int bw_ungetc(int c, BW_FILE *f);
int bw_feof(BW_FILE *f);

static char path[] = "/tmp/bw-stdio-XXXXXX";

static void streams(void **state)
{
	char line[64], block[5000], *long_line = NULL;
	size_t size = 0;
	BW_FILE *f = bw_fopen(path, "w");

	assert_non_null(f);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(bw_fprintf(f, "line %03d\n", i), 9);
	memset(block, 'b', sizeof(block));
	assert_int_equal(bw_fwrite(block, 1, sizeof(block), f), sizeof(block));
	assert_int_equal(bw_ftell(f), 14000);
	assert_int_equal(bw_fclose(f), 0);

	f = bw_fopen(path, "r");
	for (int i = 0; i < 1000; i++) {
		char want[16];

		snprintf(want, sizeof(want), "line %03d\n", i);
		if (i & 1) {
			assert_ptr_equal(bw_fgets(line, sizeof(line), f), line);
			assert_string_equal(line, want);
		} else {
			assert_int_equal(bw_getline(&long_line, &size, f), 9);
			assert_string_equal(long_line, want);
		}
	}
	assert_int_equal(bw_ftell(f), 9000);
	assert_int_equal(bw_fgetc(f), 'b');
	assert_int_equal(bw_ungetc('X', f), 'X');
	assert_int_equal(bw_ftell(f), 9000);
	assert_int_equal(bw_fread(line, 1, 3, f), 3);
	assert_memory_equal(line, "Xbb", 3);
	assert_int_equal(bw_fread(block, 1, sizeof(block), f), 4997);
	assert_true(bw_feof(f));
	assert_null(bw_fgets(line, sizeof(line), f));
	assert_int_equal(bw_fseek(f, 5, SEEK_SET), 0);
	assert_ptr_equal(bw_fgets(line, 3, f), line);
	assert_string_equal(line, "00");
	assert_int_equal(bw_fclose(f), 0);
	bw_free(long_line);
	bw_errno = 0;
	assert_null(bw_fopen("/nonexistent/file", "r"));
	assert_int_equal(bw_errno, ENOENT);
}

static void to_descriptor(void **state)
{
	char got[600], *text;
	int fd = open(path, O_RDWR | O_TRUNC);

	assert_int_equal(bw_dprintf(fd, "%0500d|", 7), 501);
	assert_int_equal(pread(fd, got, sizeof(got), 0), 501);
	assert_memory_equal(got + 495, "00007|", 6);
	close(fd);
	assert_int_equal(bw_dprintf(-1, "x"), -1);
	assert_int_equal(bw_asprintf(&text, "%s-%d", "abc", 5), 5);
	assert_string_equal(text, "abc-5");
	bw_free(text);
}

#define SCAN(text, fmt)                                                                           \
	do {                                                                                      \
		char got[4][64], want[4][64];                                                     \
		int n, m;                                                                         \
		memset(got, 0x55, sizeof(got));                                                   \
		memset(want, 0x55, sizeof(want));                                                 \
		n = bw_sscanf(text, fmt, got[0], got[1], got[2], got[3]);                         \
		m = sscanf(text, fmt, want[0], want[1], want[2], want[3]);                        \
		if (n != m || memcmp(got, want, sizeof(got)))                                     \
			fail_msg("sscanf(\"%s\", \"%s\") is %d, the host's %d", text, fmt, n, m); \
	} while (0)

static void scanning(void **state)
{
	SCAN("12 -34 0x1f 077", "%d%ld%i%o");
	SCAN("  0: 0F02000A:0050 00000000:0000 0A", "%*d: %63[0-9A-Fa-f]:%x %63[^:]:%x");
	SCAN("eth0: 123 456", " %[^:]: %lu %lu");
	SCAN("", "%d");
	SCAN("   ", "%d");
	SCAN("abc", "%d");
	SCAN("12abc", "%3d%2s%c");
	SCAN("123456", "%2hhd%2hd%d");
	SCAN("a b", "%c%c%c%c");
	SCAN("ab", "%3c");
	SCAN("100%", "%d%%%n");
	SCAN("x]y-z", "%[]x]%[y-]%c");
	SCAN("word", "%*s%d");
	SCAN("1,2", "%d,%d,%d");
	SCAN("99999999999999999999", "%ld");
	SCAN("18446744073709551615 ffffffffffffffff", "%lu %lx");
	SCAN("deadbeef", "%p");
}

static void calendar(void **state)
{
	static const time_t times[] = {0,
				       1,
				       -1,
				       951782399,
				       951782400,
				       951868800,
				       4107542399,
				       4107542400,
				       1700000000,
				       -2208988800,
				       -62135596800,
				       253402300799,
				       68169600,
				       -86400,
				       94694399,
				       67767976233532799,
				       -67768040609740800};
	static const char *const formats[] = {"%a, %d %b %Y %H:%M:%S GMT", "%c|%D|%F|%T|%R|%r",
					      "%j %u %w %y %e", "%A %B %p %I %s %n%t%%", ""};
	struct tm got, want,
		rest = {.tm_year = 100, .tm_mon = 26, .tm_mday = -40, .tm_sec = 100000};
	char a[200], b[200];

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		assert_non_null(bw_gmtime_r(&times[i], &got));
		gmtime_r(&times[i], &want);
		assert_memory_equal(&got, &want, offsetof(struct tm, tm_gmtoff));
		assert_int_equal(bw_timegm(&got), times[i]);
		for (size_t f = 0; f < 5; f++) {
			if (times[i] < -62135596800 || times[i] > 253402300799)
				continue;
			bw_strftime(a, sizeof(a), formats[f], &got);
			strftime(b, sizeof(b), formats[f], &want);
			assert_string_equal(a, b);
		}
	}
	for (time_t t = -200000000000; t < 200000000000; t += 86399 * 51) {
		bw_gmtime_r(&t, &got);
		gmtime_r(&t, &want);
		assert_memory_equal(&got, &want, offsetof(struct tm, tm_gmtoff));
	}
	got = rest;
	assert_int_equal(bw_timegm(&got), timegm(&rest));
	assert_int_equal(bw_strftime(a, 5, "%Y-%m", &got), 0);
}

static void options(void **state)
{
	char *args[] = {"prog", "-ab", "-c", "value", "-dxyz", "--", "-e", NULL};

	bw_opterr = 0;
	bw_optind = 0;
	assert_int_equal(bw_getopt(7, args, "abc:d:"), 'a');
	assert_int_equal(bw_getopt(7, args, "abc:d:"), 'b');
	assert_int_equal(bw_getopt(7, args, "abc:d:"), 'c');
	assert_string_equal(bw_optarg, "value");
	assert_int_equal(bw_getopt(7, args, "abc:d:"), 'd');
	assert_string_equal(bw_optarg, "xyz");
	assert_int_equal(bw_getopt(7, args, "abc:d:"), -1);
	assert_int_equal(bw_optind, 6);
	bw_optind = 0;
	assert_int_equal(bw_getopt(3, args, "bc:"), '?');
	assert_int_equal(bw_optopt, 'a');
	assert_int_equal(bw_getopt(3, args, "bc:"), 'b');
	assert_int_equal(bw_getopt(3, args, "bc:"), '?');
	assert_int_equal(bw_optopt, 'c');
	assert_int_equal(bw_getopt(3, args, "bc:"), -1);
}

static void environment(void **state)
{
	assert_null(bw_getenv("NAME"));
	assert_int_equal(bw_setenv("NAME", "one", 1), 0);
	assert_int_equal(bw_setenv("NAMES", "many", 1), 0);
	assert_int_equal(bw_setenv("NAME", "two", 0), 0);
	assert_string_equal(bw_getenv("NAME"), "one");
	assert_int_equal(bw_setenv("NAME", "two", 1), 0);
	assert_string_equal(bw_getenv("NAME"), "two");
	assert_int_equal(bw_unsetenv("NAME"), 0);
	assert_null(bw_getenv("NAME"));
	assert_string_equal(bw_getenv("NAMES"), "many");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams),  cmocka_unit_test(to_descriptor),
		cmocka_unit_test(scanning), cmocka_unit_test(calendar),
		cmocka_unit_test(options),  cmocka_unit_test(environment),
	};
	int ret, fd = mkstemp(path);

	close(fd);
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return ret;
}
