// SPDX-License-Identifier: BSD-2-Clause
/* kernel/fs/select.c: poll and select, what they say at once and what they wait for. */
#include <tests/hosted/fs/fs_test.h>

#include <poll.h>
#include <sys/select.h>
#include <sys/time.h>

/* A thread that makes a fake file ready after a while. */
struct waker {
	struct fake_file *ff;
	unsigned int after_ms;
	u32 mask, wake_events;
	int close_fd; /* also close this descriptor, if not 0 */
	struct thread *interrupt;
};

static int waker_main(void *arg)
{
	struct waker *w = arg;

	msleep(w->after_ms);
	if (w->close_fd)
		sys_close(w->close_fd);
	if (w->ff)
		fake_ready(w->ff, w->mask, w->wake_events);
	if (w->interrupt)
		thread_interrupt(w->interrupt);
	return 0;
}

static struct thread *start_waker(struct waker *w)
{
	struct thread *t = thread_create(waker_main, w, "waker");

	assert_non_null(t);
	return t;
}

static void poll_reports_ready_at_once(void **state)
{
	static struct fake_file a, b;
	struct pollfd p[3];

	(void)state;
	p[0] = (struct pollfd){ .fd = fake_open(&a), .events = POLLIN };
	p[1] = (struct pollfd){ .fd = fake_open(&b), .events = POLLIN | POLLOUT };
	p[2] = (struct pollfd){ .fd = -1, .events = POLLIN, .revents = 77 };
	assert_int_equal(sys_poll(p, 3, 0), 0);
	assert_int_equal(p[2].revents, 0);
	a.mask = POLLOUT;
	b.mask = POLLIN | POLLOUT | POLLPRI;
	assert_int_equal(sys_poll(p, 3, -1), 1);
	assert_int_equal(p[0].revents, 0);
	assert_int_equal(p[1].revents, POLLIN | POLLOUT);
}

static void poll_always_reports_errors(void **state)
{
	struct pollfd p = { .events = 0 };
	static struct fake_file a;

	(void)state;
	p.fd = fake_open(&a);
	a.mask = POLLIN | POLLERR | POLLHUP;
	assert_int_equal(sys_poll(&p, 1, -1), 1);
	assert_int_equal(p.revents, POLLERR | POLLHUP);
}

static void poll_closed_descriptor_is_nval(void **state)
{
	struct pollfd p[2] = { { .fd = 55, .events = POLLIN }, { .fd = 1 << 20 } };

	(void)state;
	assert_int_equal(sys_poll(p, 2, -1), 2);
	assert_int_equal(p[0].revents, POLLNVAL);
	assert_int_equal(p[1].revents, POLLNVAL);
}

static void poll_files_without_poll_are_ready(void **state)
{
	struct pollfd p = { .events = POLLIN | POLLOUT };

	(void)state;
	p.fd = (int)sys_open("/dev/null", O_RDWR, 0);
	assert_int_equal(sys_poll(&p, 1, -1), 1);
	assert_int_equal(p.revents, POLLIN | POLLOUT);
}

static void poll_checks_arguments(void **state)
{
	struct pollfd p = { .fd = -1 };

	(void)state;
	assert_int_equal(sys_poll(&p, (unsigned long)files_limits.nr_open + 1, 0), -EINVAL);
	assert_int_equal(sys_poll(NULL, 1, 0), -EFAULT);
	assert_int_equal(sys_poll(NULL, 0, 0), 0);
}

static void poll_times_out(void **state)
{
	struct pollfd p = { .events = POLLIN };
	static struct fake_file a;
	u64 start = ktime_get_ns();

	(void)state;
	p.fd = fake_open(&a);
	assert_int_equal(sys_poll(&p, 1, 250), 0);
	assert_in_range(ktime_get_ns() - start, 250 * NSEC_PER_MSEC, 252 * NSEC_PER_MSEC);
	start = ktime_get_ns();
	assert_int_equal(sys_poll(NULL, 0, 10), 0); /* as a sleep */
	assert_in_range(ktime_get_ns() - start, 10 * NSEC_PER_MSEC, 12 * NSEC_PER_MSEC);
}

static void poll_wakes_on_event(void **state)
{
	struct waker w = { .after_ms = 40, .mask = POLLIN, .wake_events = POLLIN };
	struct pollfd p[30]; /* more than the entries on the stack */
	static struct fake_file ff[30];
	struct thread *t;
	u64 start = now_ms();

	(void)state;
	for (int i = 0; i < 30; i++)
		p[i] = (struct pollfd){ .fd = fake_open(&ff[i]), .events = POLLIN };
	w.ff = &ff[29];
	t = start_waker(&w);
	assert_int_equal(sys_poll(p, 30, 1000), 1);
	assert_int_equal(p[29].revents, POLLIN);
	assert_in_range(now_ms() - start, 39, 43);
	for (int i = 0; i < 30; i++)
		assert_false(waitqueue_active(&ff[i].wq));
	thread_join(t);
}

static void poll_sleeps_through_other_events(void **state)
{
	struct waker w = { .after_ms = 10, .mask = POLLOUT, .wake_events = POLLOUT };
	struct pollfd p = { .events = POLLIN };
	static struct fake_file a;
	struct thread *t;

	(void)state;
	p.fd = fake_open(&a);
	w.ff = &a;
	t = start_waker(&w);
	assert_int_equal(sys_poll(&p, 1, 50), 0);
	assert_int_equal(a.polls, 2); /* at the start and at the end */
	thread_join(t);
}

static void poll_is_interrupted(void **state)
{
	struct waker w = { .after_ms = 10, .interrupt = current };
	struct pollfd p = { .events = POLLIN };
	struct thread *t = start_waker(&w);
	static struct fake_file a;

	(void)state;
	p.fd = fake_open(&a);
	assert_int_equal(sys_poll(&p, 1, 1000), -ERESTART_RESTARTBLOCK);
	a.mask = POLLIN; /* what is ready goes before a signal */
	assert_int_equal(sys_poll(&p, 1, 1000), 1);
	current->signal_pending = false;
	thread_join(t);
}

static void poll_survives_close_by_another_thread(void **state)
{
	struct waker w = { .after_ms = 10, .mask = POLLIN, .wake_events = POLLIN };
	struct pollfd p[2] = { { .events = POLLIN }, { .events = POLLIN } };
	static struct fake_file first, a;
	struct thread *t;

	(void)state;
	fake_open(&first); /* takes 0 */
	p[0].fd = fake_open(&a);
	p[1].fd = -1;
	w.ff = &a;
	w.close_fd = p[0].fd;
	t = start_waker(&w);
	/* The file lives on until poll lets go of it; the number is free at once. */
	assert_int_equal(sys_poll(p, 2, 1000), 1);
	assert_int_equal(p[0].revents, POLLNVAL);
	assert_true(a.released);
	thread_join(t);
}

static void select_returns_sets(void **state)
{
	fd_set in, out, ex;
	static struct fake_file a, b;
	int fa = fake_open(&a), fb = fake_open(&b);
	struct timeval tv = { 0, 0 };

	(void)state;
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_ZERO(&ex);
	FD_SET(fa, &in);
	FD_SET(fb, &in);
	FD_SET(fa, &out);
	FD_SET(fb, &ex);
	a.mask = POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM;
	b.mask = POLLPRI;
	assert_int_equal(sys_select(fb + 1, &in, &out, &ex, &tv), 3);
	assert_true(FD_ISSET(fa, &in));
	assert_false(FD_ISSET(fb, &in));
	assert_true(FD_ISSET(fa, &out));
	assert_true(FD_ISSET(fb, &ex));
	/* Descriptors at and beyond n are not looked at. */
	FD_SET(fa, &in);
	FD_SET(fb, &in);
	FD_SET(60, &in);
	assert_int_equal(sys_select(1, &in, NULL, NULL, &tv), 1);
	assert_false(FD_ISSET(fb, &in));
}

static void select_hangup_is_readable(void **state)
{
	struct timeval tv = { 0, 0 };
	static struct fake_file a;
	fd_set in, out;
	int fd = fake_open(&a);

	(void)state;
	a.mask = POLLHUP;
	FD_ZERO(&in);
	FD_SET(fd, &in);
	out = in;
	assert_int_equal(sys_select(fd + 1, &in, &out, NULL, &tv), 1);
	assert_true(FD_ISSET(fd, &in));
	a.mask = POLLERR;
	out = in;
	assert_int_equal(sys_select(fd + 1, &in, &out, NULL, &tv), 2);
}

static void select_checks_arguments(void **state)
{
	struct timeval tv = { -1, 0 };
	fd_set in;

	(void)state;
	FD_ZERO(&in);
	assert_int_equal(sys_select(1, &in, NULL, NULL, &tv), -EINVAL);
	tv.tv_sec = 0;
	assert_int_equal(sys_select(-1, &in, NULL, NULL, &tv), -EINVAL);
	FD_SET(7, &in);
	assert_int_equal(sys_select(8, &in, NULL, NULL, &tv), -EBADF);
	assert_true(FD_ISSET(7, &in)); /* as it was */
}

static void select_waits_and_tells_time_left(void **state)
{
	struct waker w = { .after_ms = 100, .mask = POLLIN, .wake_events = POLLIN };
	struct timeval tv = { 1, 0 };
	static struct fake_file a;
	int fd = fake_open(&a);
	struct thread *t;
	fd_set in;
	u64 start;

	(void)state;
	w.ff = &a;
	t = start_waker(&w);
	FD_ZERO(&in);
	FD_SET(fd, &in);
	assert_int_equal(sys_select(fd + 1, &in, NULL, NULL, &tv), 1);
	assert_int_equal(tv.tv_sec, 0);
	assert_in_range(tv.tv_usec, 896000, 901000);
	thread_join(t);
	tv = (struct timeval){ 0, 1500000 }; /* Linux takes whole seconds out of tv_usec */
	start = now_ms();
	assert_int_equal(sys_select(0, NULL, NULL, NULL, &tv), 0);
	assert_in_range(now_ms() - start, 1500, 1502);
	assert_int_equal(tv.tv_sec + tv.tv_usec, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FS_TEST(poll_reports_ready_at_once),
		FS_TEST(poll_always_reports_errors),
		FS_TEST(poll_closed_descriptor_is_nval),
		FS_TEST(poll_files_without_poll_are_ready),
		FS_TEST(poll_checks_arguments),
		FS_TEST(poll_times_out),
		FS_TEST(poll_wakes_on_event),
		FS_TEST(poll_sleeps_through_other_events),
		FS_TEST(poll_is_interrupted),
		FS_TEST(poll_survives_close_by_another_thread),
		FS_TEST(select_returns_sets),
		FS_TEST(select_hangup_is_readable),
		FS_TEST(select_checks_arguments),
		FS_TEST(select_waits_and_tells_time_left),
	};

	return RUN_TESTS(tests);
}
