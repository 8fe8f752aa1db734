// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel/fs and net/socket*.c without memory: each scenario runs with its first, second, ... last
 * allocation failing. It must say so (-ENOMEM, -ENFILE) and leave nothing behind.
 */
#include <tests/hosted/fs/fs_test.h>

#include <kernel/fs/devfs.h>
#include <kernel/fs/eventpoll.h>
#include <kernel/fs/procfs.h>
#include <kernel/fs/sysctl.h>
#include <limits.h>
#include <poll.h>
#include <sys/select.h>

/* 0 or the error; whatever it opened it closes. */
typedef long (*scenario_fn)(void);

static long open_and_read_proc(void)
{
	char buf[256];
	long n, fd = sys_open("/proc/sys/fs/file-nr", O_RDONLY, 0);

	if (fd < 0)
		return fd;
	n = sys_read((int)fd, buf, sizeof(buf));
	sys_close((int)fd);
	return n < 0 ? n : 0;
}

static long open_and_write_sysctl(void)
{
	long n, fd = sys_open("/proc/sys/fs/nr_open", O_RDWR, 0);

	if (fd < 0)
		return fd;
	n = sys_write((int)fd, "65536", 5);
	sys_close((int)fd);
	return n < 0 ? n : sysctl_write(NULL, "fs.nr_open", "65536");
}

static long many_descriptors(void)
{
	long fd = 0;
	int last;

	for (last = -1; last < 300; last++) {
		fd = sys_open("/dev/null", O_RDWR, 0);
		if (fd < 0)
			break;
	}
	for (int i = 0; i <= last; i++)
		sys_close(i);
	return fd < 0 ? fd : 0;
}

static long pipe_with_data(void)
{
	static char block[10000];
	int fds[2];
	long n = sys_pipe2(fds, O_NONBLOCK);

	if (n < 0)
		return n;
	n = sys_write(fds[1], block, sizeof(block));
	sys_close(fds[0]);
	sys_close(fds[1]);
	/* Part of a write may have been taken; that is success for POSIX. */
	return n < 0 ? n : 0;
}

static long epoll_with_watches(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	long ep = sys_epoll_create1(0), fd = sys_eventfd2(1, 0), ret = ep < 0 ? ep : fd;

	if (ret >= 0)
		ret = sys_epoll_ctl((int)ep, EPOLL_CTL_ADD, (int)fd, &ev);
	if (ret >= 0)
		assert_int_equal(sys_epoll_wait((int)ep, &ev, 1, 0), 1);
	if (ep >= 0)
		sys_close((int)ep);
	if (fd >= 0)
		sys_close((int)fd);
	return ret;
}

static wait_queue_head_t many_queues[3];

static u32 many_queues_poll(struct file *f, struct poll_table *pt)
{
	for (int i = 0; i < 3; i++)
		poll_wait(f, &many_queues[i], pt);
	return 0;
}

static const struct file_operations many_queues_fops = { .name = "many", .poll = many_queues_poll };

static long epoll_on_many_queues(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	long ep = sys_epoll_create1(0), fd = sys_open("/dev/many", O_RDWR, 0);
	long ret = ep < 0 ? ep : fd;

	if (ret >= 0)
		ret = sys_epoll_ctl((int)ep, EPOLL_CTL_ADD, (int)fd, &ev);
	if (ret >= 0) {
		for (int i = 0; i < 3; i++)
			assert_true(waitqueue_active(&many_queues[i]));
	}
	if (ep >= 0)
		sys_close((int)ep);
	for (int i = 0; i < 3; i++)
		assert_false(waitqueue_active(&many_queues[i]));
	if (fd >= 0)
		sys_close((int)fd);
	return ret;
}

/* Thirty files with three queues each: entries beyond the stack, pollfds as well. */
static long poll_many(void)
{
	struct pollfd p[30];
	long ret = 0;
	int n;

	for (n = 0; n < 30 && ret >= 0; n++) {
		ret = sys_open("/dev/many", O_RDWR, 0);
		p[n] = (struct pollfd){ .fd = (int)ret, .events = POLLIN };
	}
	if (ret >= 0)
		ret = sys_poll(p, 30, 5);
	for (int i = 0; i < n; i++)
		if (p[i].fd >= 0)
			sys_close(p[i].fd);
	for (int i = 0; i < 3; i++)
		assert_false(waitqueue_active(&many_queues[i]));
	return ret;
}

static long select_high(void)
{
	struct timeval tv = { 0, 1000 };
	fd_set in;
	long fd = sys_open("/dev/many", O_RDWR, 0), ret = fd;

	if (fd < 0)
		return fd;
	ret = sys_dup2((int)fd, 1000);
	if (ret >= 0) {
		FD_ZERO(&in);
		FD_SET(1000, &in);
		ret = sys_select(1001, &in, NULL, NULL, &tv);
		sys_close(1000);
	}
	sys_close((int)fd);
	return ret;
}

static long write_many_segments(void)
{
	struct iovec iov[20];
	long fd = sys_open("/dev/null", O_RDWR, 0), ret;

	if (fd < 0)
		return fd;
	for (int i = 0; i < 20; i++)
		iov[i] = (struct iovec){ "x", 1 };
	ret = sys_writev((int)fd, iov, 20);
	sys_close((int)fd);
	return ret < 0 ? ret : 0;
}

static long list_proc(void)
{
	char buf[512];
	long fd = sys_open("/proc/self/fd", O_RDONLY, 0), ret;

	if (fd < 0)
		return fd;
	ret = sys_getdents64((int)fd, buf, sizeof(buf));
	sys_close((int)fd);
	return ret < 0 ? ret : 0;
}

static long register_and_unregister(void)
{
	static int value;
	static const struct ctl_table t[] = {
		{ .procname = "a", .data = &value, .maxlen = 4, .mode = 0644,
		  .handler = proc_dointvec },
		{ .procname = "b", .data = &value, .maxlen = 4, .mode = 0444,
		  .handler = proc_dointvec },
	};
	const struct proc_ops *ops;
	void *private;
	long ret = register_sysctl("test/oom/deep", t, 2);

	if (!ret)
		ret = unregister_sysctl("test/oom/deep", t);
	assert_int_equal(proc_lookup(NULL, "sys/test/oom/deep/a", &ops, &private), -ENOENT);
	return ret;
}

static const struct {
	const char *name;
	scenario_fn fn;
	unsigned int at_least; /* allocations it makes */
} scenarios[] = {
	{ "open_and_read_proc", open_and_read_proc, 4 },
	{ "open_and_write_sysctl", open_and_write_sysctl, 4 },
	{ "many_descriptors", many_descriptors, 300 },
	{ "pipe_with_data", pipe_with_data, 6 },
	{ "epoll_with_watches", epoll_with_watches, 5 },
	{ "epoll_on_many_queues", epoll_on_many_queues, 6 },
	{ "poll_many", poll_many, 33 },
	{ "select_high", select_high, 4 },
	{ "write_many_segments", write_many_segments, 3 },
	{ "list_proc", list_proc, 4 },
	{ "register_and_unregister", register_and_unregister, 6 },
};

/* Once with the nth allocation failing, with a table of its own; false when there was no nth. */
static bool run_once(scenario_fn fn, unsigned int n)
{
	unsigned long live = hosted_live_objects(), failed;
	long ret;

	current->files = files_alloc();
	hosted_fail_nth(n);
	ret = fn();
	failed = hosted_failed();
	hosted_fail_nth(0);
	files_put(current->files);
	assert_int_equal(nr_open_files(), 0);
	assert_int_equal(hosted_live_objects(), live);
	if (failed)
		assert_true(ret == -ENOMEM || ret == -ENFILE || ret == 0);
	else
		assert_int_equal(ret, 0);
	return failed;
}

/* Fail each allocation in turn, until the scenario makes fewer than that. */
static void run_scenario(scenario_fn fn, unsigned int at_least)
{
	unsigned int n = 1;

	while (run_once(fn, n))
		n++;
	assert_true(n > at_least);
}

static void every_failure_is_reported_and_undone(void **state)
{
	struct files_struct *files = current->files;

	(void)state;
	for (int i = 0; i < 3; i++)
		init_waitqueue_head(&many_queues[i]);
	assert_int_equal(dev_register("many", &many_queues_fops, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(scenarios); i++) {
		print_message("%s\n", scenarios[i].name);
		run_scenario(scenarios[i].fn, scenarios[i].at_least);
	}
	current->files = files;
	assert_int_equal(dev_unregister("many"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FS_TEST(every_failure_is_reported_and_undone),
	};

	return RUN_TESTS(tests);
}
