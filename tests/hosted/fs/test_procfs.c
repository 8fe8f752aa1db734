// SPDX-License-Identifier: BSD-2-Clause
/* kernel/fs/procfs.c, seq_file.c, proc_self.c: the tree, what readers see, who sees what. */
#include <tests/hosted/fs/fs_test.h>

#include <dirent.h>
#include <kernel/fs/procfs.h>
#include <stdio.h>
#include <sys/stat.h>

static int counter;

static int counter_show(struct seq_file *m)
{
	seq_printf(m, "%s %d\n", (const char *)m->private, ++counter);
	return 0;
}

static ssize_t counter_write(struct seq_file *m, char *text, size_t len)
{
	(void)m;
	if (text[0] < '0' || text[0] > '9')
		return -EINVAL;
	counter = text[0] - '0';
	return (ssize_t)len;
}

static const struct proc_ops counter_ops = { .show = counter_show, .write = counter_write };
static const struct proc_ops read_ops = { .show = counter_show };

static int long_show(struct seq_file *m)
{
	for (int i = 0; i < 50000; i++)
		seq_printf(m, "%5d: a line of a long table\n", i);
	return 0;
}

static int failing_show(struct seq_file *m)
{
	seq_puts(m, "half of it");
	return -EIO;
}

static const struct proc_ops long_ops = { .show = long_show };
static const struct proc_ops failing_ops = { .show = failing_show };

static int proc_open(const char *path, int flags)
{
	return (int)sys_open(path, flags, 0);
}

/* The whole of a file, read in pieces of this size. */
static long read_all(const char *path, char *buf, size_t size, size_t piece)
{
	int fd = proc_open(path, O_RDONLY);
	size_t used = 0;
	long n;

	assert_true(fd >= 0);
	while ((n = sys_read(fd, buf + used, min(piece, size - 1 - used))) > 0)
		used += (size_t)n;
	buf[used] = '\0';
	sys_close(fd);
	return n < 0 ? n : (long)used;
}

static void create_read_write_remove(void **state)
{
	char buf[64];
	int fd;

	(void)state;
	counter = 0;
	assert_int_equal(proc_create("test/deep/counter", 0644, &counter_ops, "count"), 0);
	assert_int_equal(proc_create("test/deep/counter", 0644, &counter_ops, NULL), -EEXIST);
	assert_int_equal(proc_create("test/deep", 0644, &counter_ops, NULL), -EEXIST);
	assert_int_equal(proc_create("test/deep/counter/x", 0644, &counter_ops, NULL), -ENOTDIR);
	assert_int_equal(read_all("/proc/test/deep/counter", buf, sizeof(buf), 64), 8);
	assert_string_equal(buf, "count 1\n");
	fd = proc_open("/proc/test/deep/counter", O_RDWR);
	assert_int_equal(sys_write(fd, "x", 1), -EINVAL);
	assert_int_equal(sys_write(fd, "5\n", 2), 2);
	assert_int_equal(sys_lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(sys_read(fd, buf, 64), 8);
	assert_memory_equal(buf, "count 6\n", 8);
	assert_int_equal(proc_remove("test/deep"), -ENOENT); /* not empty */
	assert_int_equal(proc_remove("test/deep/counter"), 0);
	assert_int_equal(proc_remove("test/deep/counter"), -ENOENT);
	/* What was open stays open but has nothing to say; the empty directories are gone. */
	assert_int_equal(sys_lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(sys_read(fd, buf, 64), -ENOENT);
	assert_int_equal(sys_write(fd, "5", 1), -ENOENT);
	assert_int_equal(proc_open("/proc/test", O_RDONLY), -ENOENT);
}

static void text_is_one_moment(void **state)
{
	char buf[64];
	int fd;

	(void)state;
	counter = 0;
	assert_int_equal(proc_create("test", 0444, &read_ops, "moment"), 0);
	assert_int_equal(read_all("/proc/test", buf, sizeof(buf), 1), 9);
	assert_string_equal(buf, "moment 1\n"); /* made once, for all nine reads */
	fd = proc_open("/proc/test", O_RDONLY);
	assert_int_equal(sys_read(fd, buf, 64), 9);
	assert_int_equal(sys_read(fd, buf, 64), 0);
	assert_int_equal(sys_lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(sys_read(fd, buf, 64), 9); /* from the start: anew */
	assert_memory_equal(buf, "moment 3\n", 9);
	assert_int_equal(sys_lseek(fd, 7, SEEK_SET), 7);
	assert_int_equal(sys_read(fd, buf, 64), 2);
	assert_memory_equal(buf, "3\n", 2);
	assert_int_equal(sys_lseek(fd, 0, SEEK_END), -EINVAL);
	assert_int_equal(sys_lseek(fd, -1, SEEK_SET), -EINVAL);
	assert_int_equal(proc_remove("test"), 0);
}

static void long_texts_come_whole(void **state)
{
	size_t size = 2u << 20;
	char *one = kmalloc(size, GFP_KERNEL), *pieces = kmalloc(size, GFP_KERNEL);
	char line[64];

	(void)state;
	assert_int_equal(proc_create("long", 0444, &long_ops, NULL), 0);
	assert_int_equal(read_all("/proc/long", one, size, size), 50000 * 30);
	assert_int_equal(read_all("/proc/long", pieces, size, 777), 50000 * 30);
	assert_string_equal(one, pieces);
	snprintf(line, sizeof(line), "%5d: a line of a long table\n", 41234);
	assert_memory_equal(one + 41234 * 30, line, 30);
	assert_int_equal(proc_remove("long"), 0);
	kfree(one);
	kfree(pieces);
}

static void show_errors_reach_the_reader(void **state)
{
	char buf[16];

	(void)state;
	assert_int_equal(proc_create("failing", 0444, &failing_ops, NULL), 0);
	assert_int_equal(read_all("/proc/failing", buf, sizeof(buf), 8), -EIO);
	assert_int_equal(proc_remove("failing"), 0);
}

static void modes_are_kept(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(proc_create("ro", 0444, &read_ops, "x"), 0);
	assert_int_equal(proc_open("/proc/ro", O_WRONLY), -EACCES);
	assert_int_equal(proc_open("/proc/ro", O_RDWR), -EACCES);
	assert_int_equal(proc_open("/proc/ro/x", O_RDONLY), -ENOTDIR);
	assert_int_equal(proc_open("/proc/none", O_RDONLY), -ENOENT);
	assert_int_equal(sys_stat("/proc/ro", &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0444);
	assert_int_equal(sys_fstat(proc_open("/proc/ro", O_RDONLY), &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0444);
	assert_int_equal(sys_stat("/proc/self", &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(proc_remove("ro"), 0);
}

static void namespaces_see_their_own(void **state)
{
	static char one, two; /* stand for two namespaces; nobody looks inside */
	struct net *n1 = (struct net *)&one, *n2 = (struct net *)&two;
	const struct proc_ops *ops;
	void *private;
	char buf[64];

	(void)state;
	counter = 0;
	assert_int_equal(proc_create_net(n1, "conf/eth0", 0444, &read_ops, "first"), 0);
	assert_int_equal(proc_create_net(n2, "conf/eth0", 0444, &read_ops, "second"), 0);
	assert_int_equal(proc_create_net(n2, "conf/eth0", 0444, &read_ops, "again"), -EEXIST);
	assert_int_equal(proc_open("/proc/conf/eth0", O_RDONLY), -ENOENT);
	current->net_ns = n1;
	assert_true(read_all("/proc/conf/eth0", buf, sizeof(buf), 64) > 0);
	assert_string_equal(buf, "first 1\n");
	current->net_ns = n2;
	assert_true(read_all("/proc/conf/eth0", buf, sizeof(buf), 64) > 0);
	assert_string_equal(buf, "second 2\n");
	current->net_ns = NULL;
	assert_int_equal(proc_lookup(n1, "conf/eth0", &ops, &private), 0);
	assert_string_equal(private, "first");
	assert_int_equal(proc_remove("conf/eth0"), -ENOENT);
	assert_int_equal(proc_remove_net(n1, "conf/eth0"), 0);
	assert_int_equal(proc_remove_net(n1, "conf/eth0"), -ENOENT);
	assert_int_equal(proc_remove_net(n2, "conf/eth0"), 0);
}

static void self_fd_lists_what_is_open(void **state)
{
	char buf[512], text[64];
	long n, off;
	int fds[2], dir, seen = 0;

	(void)state;
	assert_int_equal(sys_pipe2(fds, 0), 0);
	dir = proc_open("/proc/self/fd", O_RDONLY);
	while ((n = sys_getdents64(dir, buf, 64)) > 0)
		for (off = 0; off < n; off += ((struct dirent *)(buf + off))->d_reclen)
			seen++;
	assert_int_equal(seen, 2 + 3);
	snprintf(buf, sizeof(buf), "/proc/self/fd/%d", fds[1]);
	n = sys_readlinkat(AT_FDCWD, buf, text, sizeof(text));
	assert_true(n > 8);
	assert_memory_equal(text, "pipe:[", 6);
	snprintf(buf, sizeof(buf), "/proc/self/fdinfo/%d", fds[1]);
	assert_true(read_all(buf, text, sizeof(text), 64) > 0);
	assert_non_null(strstr(text, "flags:\t01\n"));
	assert_int_equal(proc_open("/proc/self/fd/77", O_RDONLY), -ENOENT);
	assert_int_equal(proc_open("/proc/self/fd/x", O_RDONLY), -ENOENT);
	assert_int_equal(proc_open("/proc/self/fd/99999999999999999999", O_RDONLY), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FS_TEST(create_read_write_remove),
		FS_TEST(text_is_one_moment),
		FS_TEST(long_texts_come_whole),
		FS_TEST(show_errors_reach_the_reader),
		FS_TEST(modes_are_kept),
		FS_TEST(namespaces_see_their_own),
		FS_TEST(self_fd_lists_what_is_open),
	};

	return RUN_TESTS(tests);
}
