// SPDX-License-Identifier: BSD-2-Clause
/* kernel/fs/sysctl.c, sysctl_handlers.c: which texts are values, names, namespaces, boot words. */
#include <tests/hosted/fs/fs_test.h>

#include <kernel/fs/procfs.h>
#include <kernel/fs/sysctl.h>
#include <kernel/lib/cmdline.h>
#include <limits.h>
#include <stdio.h>

static struct {
	int plain, bounded, rmem[3], seconds;
	unsigned int uint;
	unsigned long ulongs[2];
	u8 byte, guard;
	char string[8];
} v;
static int changes;

static void count_change(struct net *net, const struct ctl_table *t)
{
	(void)net;
	(void)t;
	changes++;
}

#define ROW(name, member, h, ...)                                                                  \
	{ .procname = name, .data = &v.member, .maxlen = sizeof(v.member), .mode = 0644,           \
	  .handler = h, __VA_ARGS__ }

static const struct ctl_table table[] = {
	ROW("plain", plain, proc_dointvec, .changed = count_change),
	ROW("bounded", bounded, proc_dointvec_minmax, .extra1 = -5, .extra2 = 100),
	ROW("rmem", rmem, proc_dointvec_minmax, .extra1 = 1, .extra2 = INT_MAX),
	ROW("seconds", seconds, proc_dointvec_jiffies, .extra1 = 0, .extra2 = 3600),
	ROW("uint", uint, proc_douintvec_minmax),
	ROW("ulongs", ulongs, proc_doulongvec_minmax),
	ROW("byte", byte, proc_dou8vec_minmax, .extra1 = 0, .extra2 = 2),
	ROW("anybyte", byte, proc_dou8vec_minmax),
	ROW("string", string, proc_dostring),
	{ .procname = "fixed", .data = &v.plain, .maxlen = sizeof(int), .mode = 0444,
	  .handler = proc_dointvec },
};

static int up(void **state)
{
	memset(&v, 0, sizeof(v));
	changes = 0;
	if (fs_up(state))
		return -1;
	return register_sysctl("test/unit", table, ARRAY_SIZE(table));
}

static int down(void **state)
{
	assert_int_equal(unregister_sysctl("test/unit", table), 0);
	return fs_down(state);
}

static int set(const char *name, const char *value)
{
	char full[64];

	snprintf(full, sizeof(full), "test.unit.%s", name);
	return sysctl_write(NULL, full, value);
}

static const char *get(const char *name)
{
	static char text[256];
	char full[64];

	snprintf(full, sizeof(full), "test.unit.%s", name);
	assert_int_equal(sysctl_read(NULL, full, text, sizeof(text)), 0);
	return text;
}

static void integers(void **state)
{
	(void)state;
	assert_int_equal(set("plain", "42"), 0);
	assert_int_equal(v.plain, 42);
	assert_string_equal(get("plain"), "42");
	assert_int_equal(set("plain", " \t-7 \n"), 0);
	assert_string_equal(get("plain"), "-7");
	assert_int_equal(set("plain", "0x1F"), 0);
	assert_int_equal(v.plain, 31);
	assert_int_equal(set("plain", "010"), 0);
	assert_int_equal(v.plain, 8);
	assert_int_equal(set("plain", "2147483647"), 0);
	assert_int_equal(set("plain", "-2147483648"), 0);
	assert_string_equal(get("plain"), "-2147483648");
	assert_int_equal(set("plain", "-0"), 0);
	assert_string_equal(get("plain"), "0");
}

static void integers_that_are_none(void **state)
{
	static const char *const bad[] = { "", " ", "x", "1x", "1 x", "1 2", "--1", "- 1", "+1", "0x",
					   "08", "1.5", "2147483648", "-2147483649", "1e3", "1,2",
					   "99999999999999999999999999", "0xfffffffffffffffff" };

	(void)state;
	v.plain = 77;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(set("plain", bad[i]), -EINVAL);
		assert_int_equal(v.plain, 77);
	}
	assert_int_equal(changes, 0);
	assert_int_equal(set("plain", "1"), 0);
	assert_int_equal(changes, 1);
}

static void bounds(void **state)
{
	(void)state;
	assert_int_equal(set("bounded", "-5"), 0);
	assert_int_equal(set("bounded", "-6"), -EINVAL);
	assert_int_equal(set("bounded", "100"), 0);
	assert_int_equal(set("bounded", "101"), -EINVAL);
	assert_int_equal(v.bounded, 100);
	assert_int_equal(set("byte", "2"), 0);
	assert_int_equal(set("byte", "3"), -EINVAL);
	assert_int_equal(set("anybyte", "255"), 0);
	assert_int_equal(set("anybyte", "256"), -EINVAL);
	assert_int_equal(set("anybyte", "-1"), -EINVAL);
	assert_int_equal(v.byte, 255);
	assert_int_equal(v.guard, 0);
	assert_int_equal(set("uint", "4294967295"), 0);
	assert_string_equal(get("uint"), "4294967295");
	assert_int_equal(set("uint", "4294967296"), -EINVAL);
	assert_int_equal(set("uint", "-1"), -EINVAL);
}

static void arrays_change_whole_or_not(void **state)
{
	(void)state;
	assert_int_equal(set("rmem", "4096 131072 6291456"), 0);
	assert_string_equal(get("rmem"), "4096\t131072\t6291456");
	assert_int_equal(set("rmem", "1 2 x"), -EINVAL);
	assert_int_equal(set("rmem", "1 0 3"), -EINVAL);
	assert_int_equal(set("rmem", "1 2 3 4"), -EINVAL);
	assert_string_equal(get("rmem"), "4096\t131072\t6291456");
	assert_int_equal(set("rmem", "8192\t87380"), 0); /* fewer: the rest stays */
	assert_string_equal(get("rmem"), "8192\t87380\t6291456");
	assert_int_equal(set("ulongs", "18446744073709551615 0"), 0);
	assert_string_equal(get("ulongs"), "18446744073709551615\t0");
	assert_int_equal(set("ulongs", "18446744073709551616"), -EINVAL);
}

static void seconds_are_jiffies_inside(void **state)
{
	(void)state;
	assert_int_equal(set("seconds", "60"), 0);
	assert_int_equal(v.seconds, 60000);
	assert_string_equal(get("seconds"), "60");
	assert_int_equal(set("seconds", "3601"), -EINVAL);
	assert_int_equal(set("seconds", "2147484"), -EINVAL);
}

static void strings(void **state)
{
	(void)state;
	assert_int_equal(set("string", "cubic\n"), 0);
	assert_string_equal(get("string"), "cubic");
	assert_int_equal(set("string", "1234567"), 0);
	assert_int_equal(set("string", "12345678"), -EINVAL);
	assert_string_equal(get("string"), "1234567");
	assert_int_equal(set("string", ""), 0);
	assert_string_equal(get("string"), "");
}

static void names(void **state)
{
	char text[8];

	(void)state;
	v.plain = 5;
	assert_int_equal(set("nix", "1"), -ENOENT);
	assert_int_equal(sysctl_write(NULL, "test.unit", "1"), -ENOENT);
	assert_int_equal(sysctl_write(NULL, "", "1"), -ENOENT);
	assert_int_equal(sysctl_write(NULL, "../version", "1"), -ENOENT);
	assert_int_equal(set("fixed", "1"), -EPERM);
	assert_string_equal(get("fixed"), "5");
	assert_int_equal(sysctl_read(NULL, "test/unit/plain", text, sizeof(text)), 0);
	assert_string_equal(text, "5");
	assert_int_equal(register_sysctl("test/unit", table, 1), -EEXIST);
	assert_int_equal(unregister_sysctl("test/unit", table + 1), -ENOENT);
}

static void dots_in_names_are_slashes(void **state)
{
	static const struct ctl_table t[] = { ROW("forwarding", plain, proc_dointvec) };

	(void)state;
	assert_int_equal(register_sysctl("test/conf/eth0.5", t, 1), 0);
	assert_int_equal(sysctl_write(NULL, "test.conf.eth0/5.forwarding", "3"), 0);
	assert_int_equal(v.plain, 3);
	assert_int_equal(sysctl_write(NULL, "test/conf/eth0.5/forwarding", "4"), 0);
	assert_int_equal(v.plain, 4);
	assert_int_equal(sysctl_write(NULL, "test.conf.eth0.5.forwarding", "5"), -ENOENT);
	assert_int_equal(unregister_sysctl("test/conf/eth0.5", t), 0);
}

static void files(void **state)
{
	int fd = (int)sys_open("/proc/sys/test/unit/rmem", O_RDWR, 0);
	char buf[64] = "";

	(void)state;
	assert_int_equal(sys_write(fd, "1 2 3\n", 6), 6);
	assert_int_equal(sys_lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(sys_read(fd, buf, sizeof(buf)), 6);
	assert_string_equal(buf, "1\t2\t3\n");
	assert_int_equal(sys_write(fd, "1 2 z\n", 6), -EINVAL);
	assert_int_equal(sys_open("/proc/sys/test/unit/fixed", O_RDWR, 0), -EACCES);
}

/* A namespace as far as sysctls go: values at an offset. */
struct fake_net {
	int padding, value;
};

static void namespaces_have_their_own_values(void **state)
{
	static const struct ctl_table per_net[] = {
		{ .procname = "value", .data = (void *)offsetof(struct fake_net, value),
		  .maxlen = sizeof(int), .mode = 0644, .handler = proc_dointvec },
	};
	struct fake_net a = { 0, 1 }, b = { 0, 2 };
	char text[16];

	(void)state;
	assert_int_equal(register_net_sysctl("test/net", per_net, 1), 0);
	assert_int_equal(sysctl_write((struct net *)&a, "test.net.value", "10"), 0);
	assert_int_equal(sysctl_read((struct net *)&b, "test.net.value", text, 16), 0);
	assert_string_equal(text, "2");
	current->net_ns = (struct net *)&b;
	assert_int_equal(sysctl_write(NULL, "test.net.value", "20"), 0);
	current->net_ns = NULL;
	assert_int_equal(a.value, 10);
	assert_int_equal(b.value, 20);
	assert_int_equal(a.padding + b.padding, 0);
	assert_int_equal(unregister_sysctl("test/net", per_net), 0);
}

static void tables_of_one_namespace(void **state)
{
	struct fake_net a, b;
	struct net *na = (struct net *)&a, *nb = (struct net *)&b;
	struct ctl_table ta = ROW("mtu", plain, proc_dointvec), tb = ROW("mtu", bounded, proc_dointvec);

	(void)state;
	assert_int_equal(register_sysctl_in_net(na, "test/conf/lo", &ta, 1), 0);
	assert_int_equal(register_sysctl_in_net(nb, "test/conf/lo", &tb, 1), 0);
	assert_int_equal(register_sysctl_in_net(nb, "test/conf/lo", &tb, 1), -EEXIST);
	assert_int_equal(sysctl_write(na, "test.conf.lo.mtu", "1"), 0);
	assert_int_equal(sysctl_write(nb, "test.conf.lo.mtu", "2"), 0);
	assert_int_equal(v.plain, 1);
	assert_int_equal(v.bounded, 2);
	assert_int_equal(unregister_sysctl("test/conf/lo", &ta), 0);
	assert_int_equal(sysctl_write(na, "test.conf.lo.mtu", "1"), -ENOENT);
	assert_int_equal(unregister_sysctl("test/conf/lo", &tb), 0);
}

static void words_of_the_command_line(void **state)
{
	(void)state;
	cmdline_init("quiet sysctl.test.unit.plain=9 sysctl.test.unit.bounded=1000 "
		     "sysctl.test.unit.rmem=\"10 20 30\" sysctl.nothing.there=1 "
		     "sysctl.test.unit.uint -- sysctl.test.unit.plain=1");
	v.bounded = 50;
	sysctl_apply_cmdline(NULL);
	assert_int_equal(v.plain, 9);
	assert_int_equal(v.bounded, 50);
	assert_string_equal(get("rmem"), "10\t20\t30");
	assert_int_equal(v.uint, 0);
}

static void file_limits(void **state)
{
	char text[64];

	(void)state;
	assert_int_equal(sysctl_read(NULL, "fs.nr_open", text, sizeof(text)), 0);
	assert_string_equal(text, "65536");
	assert_int_equal(sysctl_write(NULL, "fs.nr_open", "63"), -EINVAL);
	assert_int_equal(sysctl_write(NULL, "fs.file-nr", "1"), -EPERM);
	assert_int_equal(sysctl_read(NULL, "fs.file-nr", text, sizeof(text)), 0);
	assert_memory_equal(text, "0\t0\t", 4);
}

#define SYSCTL_TEST(fn) TEST_UP_DOWN(fn, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SYSCTL_TEST(integers),
		SYSCTL_TEST(integers_that_are_none),
		SYSCTL_TEST(bounds),
		SYSCTL_TEST(arrays_change_whole_or_not),
		SYSCTL_TEST(seconds_are_jiffies_inside),
		SYSCTL_TEST(strings),
		SYSCTL_TEST(names),
		SYSCTL_TEST(dots_in_names_are_slashes),
		SYSCTL_TEST(files),
		SYSCTL_TEST(namespaces_have_their_own_values),
		SYSCTL_TEST(tables_of_one_namespace),
		SYSCTL_TEST(words_of_the_command_line),
		SYSCTL_TEST(file_limits),
	};

	return RUN_TESTS(tests);
}
