// SPDX-License-Identifier: BSD-2-Clause
/*
 * The text of strace=1 (kernel/abi/strace_*.c): what each letter shows, before and after the call,
 * with memory that can be read and memory that cannot. The lines are those that strace(1) prints.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <kernel/abi/strace_fmt.h>
#include <kernel/lib/bug.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <tests/hosted/test.h>

static struct st_buf buf;

/* The arguments of a call with these letters. */
static const char *shown(const char *letters, const long args[6], bool returned, long ret)
{
	struct syscall_desc d = { 1, "call", NULL, letters, NULL };
	struct st_call c = { .desc = &d, .ret = ret, .returned = returned };

	memcpy(c.args, args, sizeof(c.args));
	buf.len = 0;
	buf.text[0] = '\0';
	st_args(&buf, &c, 0);
	return buf.text;
}

#define SHOWN(letters, returned, ret, ...) shown(letters, (long[6]){ __VA_ARGS__ }, returned, ret)

static const char *result(const char *letters, long ret)
{
	struct syscall_desc d = { 1, "call", NULL, letters, NULL };
	struct st_call c = { .desc = &d, .ret = ret, .returned = true };

	buf.len = 0;
	st_result(&buf, &c);
	return buf.text;
}

static void numbers_by_letter(void **state)
{
	assert_string_equal(SHOWN("dulxp", true, 0, -1, -1, -2, -1, 0),
			    "-1, 18446744073709551615, -2, 0xffffffff, NULL");
	assert_string_equal(SHOWN("fC~", true, 0, 3, 1), "3, F_GETFD");
	assert_string_equal(SHOWN("fC~", true, 0, 3, 2, 1), "3, F_SETFD, FD_CLOEXEC");
	assert_string_equal(SHOWN("fC~", true, 0, 3, 4, 04002), "3, F_SETFL, O_RDWR|O_NONBLOCK");
	assert_string_equal(SHOWN("fDD", true, 0, 3, -100, 7), "3, AT_FDCWD, 7");
	assert_string_equal(SHOWN("SS", true, 0, 11, 15), "SIGSEGV, SIGTERM");
}

static void open_shows_the_mode_only_when_it_creates(void **state)
{
	assert_string_equal(SHOWN("Dsom", true, 3, AT_FDCWD, (long)"/a", O_RDONLY | O_CLOEXEC, 0644),
			    "AT_FDCWD, \"/a\", O_RDONLY|O_CLOEXEC");
	assert_string_equal(SHOWN("som", true, 3, (long)"/a", O_RDWR | O_CREAT | O_TRUNC, 0644),
			    "\"/a\", O_RDWR|O_CREAT|O_TRUNC, 0644");
	assert_string_equal(SHOWN("som", true, 3, (long)"/", O_RDONLY | O_DIRECTORY, 0644),
			    "\"/\", O_RDONLY|O_DIRECTORY");
}

static void strings_are_escaped_and_cut(void **state)
{
	char path[4096] = "";

	assert_string_equal(SHOWN("s", true, 0, (long)"a\"b\\\n\t\1" "7\377"),
			    "\"a\\\"b\\\\\\n\\t\\0017\\377\"");
	assert_string_equal(SHOWN("s", true, 0, (long)"0123456789abcdef0123456789abcdef"),
			    "\"0123456789abcdef0123456789abcdef\"");
	assert_string_equal(SHOWN("b", true, 0, (long)"0123456789abcdef0123456789abcdefX", 33),
			    "\"0123456789abcdef0123456789abcdef\"...");
	memset(path, 'x', sizeof(path) - 1);
	SHOWN("s", true, 0, (long)path);
	assert_int_equal(strlen(buf.text), ST_PATH_MAX + 5);
	assert_string_equal(SHOWN("s", true, 0, 0), "NULL");
}

static void a_buffer_that_the_call_fills_waits_for_it(void **state)
{
	char data[64] = "\177ELF\2\1\1";
	struct syscall_desc d = { 0, "read", NULL, "fBu", NULL };
	struct st_call c = { .desc = &d, .args = { 3, (long)data, 64 } };

	buf.len = 0;
	assert_int_equal(st_args(&buf, &c, 0), 1);
	assert_string_equal(buf.text, "3, ");
	c.returned = true;
	c.ret = 7;
	assert_int_equal(st_args(&buf, &c, 1), 6);
	assert_string_equal(buf.text, "3, \"\\177ELF\\2\\1\\1\", 64");
	assert_string_equal(SHOWN("fbu", false, 0, 1, (long)"hello\n", 6), "1, \"hello\\n\", 6");
}

static void what_failed_shows_its_pointer(void **state)
{
	assert_string_equal(SHOWN("fBu", true, -EBADF, 3, 0x1000, 64), "3, 0x1000, 64");
	assert_string_equal(SHOWN("N", true, -EFAULT, 0x10), "0x10");
}

static void results_name_their_error(void **state)
{
	assert_string_equal(result("d", 17), "17");
	assert_string_equal(result("d", -ENOENT), "-1 ENOENT (No such file or directory)");
	assert_string_equal(result("p=p", 0x7f0000001000), "0x7f0000001000");
	assert_string_equal(result("p=p", -ENOMEM), "-1 ENOMEM (Cannot allocate memory)");
	assert_string_equal(result("d", -ERESTARTSYS),
			    "? ERESTARTSYS (To be restarted if SA_RESTART is set)");
}

static void socket_addresses(void **state)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(80),
				  .sin_addr.s_addr = htonl(0x7f000001) };
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/run/x" };
	struct sockaddr_storage room = { 0 };

	assert_string_equal(
		SHOWN("fad", true, 0, 3, (long)&in, sizeof(in)),
		"3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"127.0.0.1\")}, 16");
	assert_string_equal(SHOWN("fad", true, 0, 3, (long)&un, 9),
			    "3, {sa_family=AF_UNIX, sun_path=\"/run/x\"}, 9");
	memcpy(un.sun_path, "\0name", 5);
	assert_string_equal(SHOWN("fad", true, 0, 3, (long)&un, 7),
			    "3, {sa_family=AF_UNIX, sun_path=@\"name\"}, 7");
	memcpy(&room, &in, sizeof(in));
	assert_string_equal(
		SHOWN("fad", true, -EINVAL, 3, (long)&room, -1),
		"3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"127.0.0.1\")}, -1");
}

static void a_length_that_is_filled_in(void **state)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(7) };
	int len = sizeof(in);

	assert_string_equal(SHOWN("fAn", true, 4, 3, (long)&in, (long)&len),
			    "3, {sa_family=AF_INET, sin_port=htons(7), "
			    "sin_addr=inet_addr(\"0.0.0.0\")}, [16]");
	assert_string_equal(SHOWN("fAn", true, 4, 3, 0, 0), "3, NULL, NULL");
}

static void socket_arguments(void **state)
{
	assert_string_equal(SHOWN("FkK", true, 3, AF_INET, 1 | 02000000 | 04000, 6),
			    "AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_TCP");
	assert_string_equal(SHOWN("FkK", true, 3, AF_UNIX, 2, 0), "AF_UNIX, SOCK_DGRAM, 0");
	assert_string_equal(SHOWN("FkK", true, -EAFNOSUPPORT, 77, 1, 0),
			    "0x4d /* AF_??? */, SOCK_STREAM, 0");
	assert_string_equal(SHOWN("fyYiu", true, 0, 3, 1, 2, (long)&(int){ 1 }, 4),
			    "3, SOL_SOCKET, SO_REUSEADDR, [1], 4");
	assert_string_equal(SHOWN("fyYiu", true, 0, 3, 6, 13, (long)"cubic", 5),
			    "3, SOL_TCP, TCP_CONGESTION, \"cubic\", 5");
}

static void vectors_and_events(void **state)
{
	struct iovec v[2] = { { "ab", 2 }, { "cde", 3 } };
	struct epoll_event ev = { EPOLLIN | EPOLLET, { .u64 = 5 } };
	struct pollfd p[2] = { { 3, POLLIN, 0 }, { 4, POLLOUT, POLLOUT } };

	assert_string_equal(SHOWN("fvu", true, 5, 1, (long)v, 2),
			    "1, [{iov_base=\"ab\", iov_len=2}, {iov_base=\"cde\", iov_len=3}], 2");
	assert_string_equal(SHOWN("fVu", true, 3, 1, (long)v, 2),
			    "1, [{iov_base=\"ab\", iov_len=2}, {iov_base=\"c\", iov_len=3}], 2");
	assert_string_equal(SHOWN("fefE", true, 0, 4, 1, 5, (long)&ev),
			    "4, EPOLL_CTL_ADD, 5, {events=EPOLLIN|EPOLLET, data={u32=5, u64=5}}");
	assert_string_equal(SHOWN("fWdd", true, 1, 4, (long)&ev, 8, -1),
			    "4, [{events=EPOLLIN|EPOLLET, data={u32=5, u64=5}}], 8, -1");
	assert_string_equal(SHOWN("fWdd", true, 0, 4, (long)&ev, 8, 0), "4, [], 8, 0");
	assert_string_equal(SHOWN("Pud", true, 1, (long)p, 2, -1),
			    "[{fd=3, events=POLLIN}, {fd=4, events=POLLOUT}], 2, -1");
}

static void signal_sets(void **state)
{
	u64 few = 1 << 1 | 1 << 14, all = ~0ull & ~(1ull << 8), none = 0;

	assert_string_equal(SHOWN("hzZu", true, 0, 0, (long)&few, (long)&none, 8),
			    "SIG_BLOCK, [INT TERM], [], 8");
	assert_string_equal(SHOWN("hzZu", true, 0, 2, (long)&all, 0, 8),
			    "SIG_SETMASK, ~[KILL], NULL, 8");
}

static void memory_calls(void **state)
{
	assert_string_equal(SHOWN("puMGfx=p", true, 0x1000, 0, 8192, 3, 0x22, -1, 0),
			    "NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0");
	assert_string_equal(SHOWN("puM", true, 0, 0x400000, 4096, 0),
			    "0x400000, 4096, PROT_NONE");
}

static void futex_shows_what_its_operation_has(void **state)
{
	struct timespec ts = { 1, 2 };

	assert_string_equal(SHOWN("pUutpx", true, 1, 0x1000, 129, 1, 7, 8, 9),
			    "0x1000, FUTEX_WAKE_PRIVATE, 1");
	assert_string_equal(SHOWN("pUutpx", true, 0, 0x1000, 0, 5, (long)&ts, 8, 9),
			    "0x1000, FUTEX_WAIT, 5, {tv_sec=1, tv_nsec=2}");
	assert_string_equal(SHOWN("pUutpx", true, 0, 0x1000, 9 | 256, 5, 0, 8, -1),
			    "0x1000, FUTEX_WAIT_BITSET|FUTEX_CLOCK_REALTIME, 5, NULL, 0xffffffff");
}

static void file_status(void **state)
{
	struct stat st = { .st_mode = S_IFREG | 0644, .st_size = 1234 };
	struct stat dev = { .st_mode = S_IFCHR | 0620, .st_rdev = 0x440 };

	assert_string_equal(SHOWN("fq", true, 0, 3, (long)&st),
			    "3, {st_mode=S_IFREG|0644, st_size=1234, ...}");
	assert_string_equal(SHOWN("Dsq@", true, 0, 3, (long)"", (long)&dev, 0x1000),
			    "3, \"\", {st_mode=S_IFCHR|0620, st_rdev=makedev(0x4, 0x40), ...}, "
			    "AT_EMPTY_PATH");
}

static void a_line_that_does_not_fit_is_cut(void **state)
{
	buf.len = 0;
	for (int i = 0; i < ST_LINE_SIZE; i++)
		st_puts(&buf, "0123456789");
	assert_int_equal(buf.len, ST_LINE_SIZE - 1);
	assert_int_equal(strlen(buf.text), ST_LINE_SIZE - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_by_letter),
		cmocka_unit_test(open_shows_the_mode_only_when_it_creates),
		cmocka_unit_test(strings_are_escaped_and_cut),
		cmocka_unit_test(a_buffer_that_the_call_fills_waits_for_it),
		cmocka_unit_test(what_failed_shows_its_pointer),
		cmocka_unit_test(results_name_their_error),
		cmocka_unit_test(socket_addresses),
		cmocka_unit_test(a_length_that_is_filled_in),
		cmocka_unit_test(socket_arguments),
		cmocka_unit_test(vectors_and_events),
		cmocka_unit_test(signal_sets),
		cmocka_unit_test(memory_calls),
		cmocka_unit_test(futex_shows_what_its_operation_has),
		cmocka_unit_test(file_status),
		cmocka_unit_test(a_line_that_does_not_fit_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
