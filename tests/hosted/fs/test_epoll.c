// SPDX-License-Identifier: BSD-2-Clause
/* kernel/fs/eventpoll.c: what epoll(7) promises, kind by kind, error by error. */
#include <tests/hosted/fs/fs_test.h>

#include <kernel/fs/eventpoll.h>
#include <poll.h>
#include <sys/eventfd.h>

static int ep_new(void)
{
	int fd = (int)sys_epoll_create1(0);

	assert_true(fd >= 0);
	return fd;
}

static long ctl(int ep, int op, int fd, u32 events)
{
	struct epoll_event ev = { .events = events, .data.u64 = 0x1234567800000000ull | (u32)fd };

	return sys_epoll_ctl(ep, op, fd, &ev);
}

static void add(int ep, int fd, u32 events)
{
	assert_int_equal(ctl(ep, EPOLL_CTL_ADD, fd, events), 0);
}

/* What an immediate epoll_wait says of this one descriptor: its events, 0 for none. */
static u32 wait_one(int ep, int fd)
{
	struct epoll_event ev[2];
	long n = sys_epoll_wait(ep, ev, 2, 0);

	if (!n)
		return 0;
	assert_int_equal(n, 1);
	assert_true(ev[0].data.u64 == (0x1234567800000000ull | (u32)fd));
	return ev[0].events;
}

static void level_reports_until_it_is_not_ready(void **state)
{
	static struct fake_file a;
	int ep = ep_new(), fd = fake_open(&a);

	(void)state;
	add(ep, fd, EPOLLIN);
	assert_int_equal(wait_one(ep, fd), 0);
	fake_ready(&a, EPOLLIN | EPOLLOUT, EPOLLIN);
	assert_int_equal(wait_one(ep, fd), EPOLLIN);
	assert_int_equal(wait_one(ep, fd), EPOLLIN);
	a.mask = 0;
	assert_int_equal(wait_one(ep, fd), 0);
	a.mask = EPOLLIN; /* ready without a wake-up: nobody knows */
	assert_int_equal(wait_one(ep, fd), 0);
}

static void edge_reports_once_per_wake_up(void **state)
{
	static struct fake_file a;
	int ep = ep_new(), fd = fake_open(&a);

	(void)state;
	a.mask = EPOLLIN;
	add(ep, fd, EPOLLIN | EPOLLET);
	assert_int_equal(wait_one(ep, fd), EPOLLIN); /* ready when added */
	assert_int_equal(wait_one(ep, fd), 0);
	fake_ready(&a, EPOLLIN, EPOLLIN);
	fake_ready(&a, EPOLLIN, EPOLLIN);
	assert_int_equal(wait_one(ep, fd), EPOLLIN); /* two wake-ups before the wait are one */
	assert_int_equal(wait_one(ep, fd), 0);
	fake_ready(&a, 0, EPOLLIN); /* gone again before anybody asked */
	assert_int_equal(wait_one(ep, fd), 0);
}

static void oneshot_sleeps_until_rearmed(void **state)
{
	static struct fake_file a;
	int ep = ep_new(), fd = fake_open(&a);

	(void)state;
	add(ep, fd, EPOLLIN | EPOLLONESHOT);
	fake_ready(&a, EPOLLIN, EPOLLIN);
	assert_int_equal(wait_one(ep, fd), EPOLLIN);
	fake_ready(&a, EPOLLIN | EPOLLHUP, EPOLLIN | EPOLLHUP);
	assert_int_equal(wait_one(ep, fd), 0); /* not even errors */
	assert_int_equal(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLONESHOT), 0);
	assert_int_equal(wait_one(ep, fd), EPOLLIN | EPOLLHUP);
	assert_int_equal(wait_one(ep, fd), 0);
}

static void only_events_asked_for(void **state)
{
	static struct fake_file a;
	int ep = ep_new(), fd = fake_open(&a);

	(void)state;
	add(ep, fd, EPOLLIN);
	a.polls = 0;
	fake_ready(&a, EPOLLOUT, EPOLLOUT);
	assert_int_equal(wait_one(ep, fd), 0);
	assert_int_equal(a.polls, 0); /* filtered in the wake-up already */
	fake_ready(&a, EPOLLOUT, 0); /* a wake-up that does not say what for */
	assert_int_equal(wait_one(ep, fd), 0);
	assert_int_equal(a.polls, 1);
	fake_ready(&a, EPOLLIN | EPOLLRDHUP, EPOLLIN | EPOLLRDHUP);
	assert_int_equal(wait_one(ep, fd), EPOLLIN);
	assert_int_equal(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLRDHUP), 0);
	assert_int_equal(wait_one(ep, fd), EPOLLRDHUP);
}

static void errors_come_unasked(void **state)
{
	static struct fake_file a;
	int ep = ep_new(), fd = fake_open(&a);

	(void)state;
	add(ep, fd, 0);
	fake_ready(&a, EPOLLIN | EPOLLERR, EPOLLERR);
	assert_int_equal(wait_one(ep, fd), EPOLLERR);
	fake_ready(&a, EPOLLHUP, EPOLLHUP);
	assert_int_equal(wait_one(ep, fd), EPOLLHUP);
}

static void mod_takes_effect_at_once(void **state)
{
	static struct fake_file a;
	int ep = ep_new(), fd = fake_open(&a);

	(void)state;
	a.mask = EPOLLOUT;
	add(ep, fd, EPOLLIN);
	assert_int_equal(wait_one(ep, fd), 0);
	assert_int_equal(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLOUT), 0);
	assert_int_equal(wait_one(ep, fd), EPOLLOUT);
	assert_int_equal(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN), 0);
	assert_int_equal(wait_one(ep, fd), 0);
	/* MOD on an edge item that is ready reports again: how programs rearm. */
	assert_int_equal(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLOUT | EPOLLET), 0);
	assert_int_equal(wait_one(ep, fd), EPOLLOUT);
	assert_int_equal(wait_one(ep, fd), 0);
	assert_int_equal(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLOUT | EPOLLET), 0);
	assert_int_equal(wait_one(ep, fd), EPOLLOUT);
}

static void del_forgets(void **state)
{
	static struct fake_file a;
	int ep = ep_new(), fd = fake_open(&a);

	(void)state;
	add(ep, fd, EPOLLIN);
	fake_ready(&a, EPOLLIN, EPOLLIN);
	assert_int_equal(sys_epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL), 0);
	assert_int_equal(wait_one(ep, fd), 0);
	assert_false(waitqueue_active(&a.wq));
	assert_int_equal(sys_epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL), -ENOENT);
	add(ep, fd, EPOLLIN);
	assert_int_equal(wait_one(ep, fd), EPOLLIN);
}

static void close_takes_the_file_out(void **state)
{
	struct epoll_event ev;
	static struct fake_file a;
	int ep = ep_new(), fd = fake_open(&a), copy;

	(void)state;
	add(ep, fd, EPOLLIN);
	fake_ready(&a, EPOLLIN, EPOLLIN);
	sys_close(fd);
	assert_true(a.released);
	assert_int_equal(sys_epoll_wait(ep, &ev, 1, 0), 0);
	/* With a copy of the descriptor open the file, and so the watch, lives on (epoll(7)). */
	fd = fake_open(&a);
	add(ep, fd, EPOLLIN);
	copy = (int)sys_dup(fd);
	sys_close(fd);
	fake_ready(&a, EPOLLIN, EPOLLIN);
	assert_int_equal(wait_one(ep, fd), EPOLLIN);
	assert_int_equal(sys_epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL), -EBADF);
	sys_close(copy);
	assert_int_equal(sys_epoll_wait(ep, &ev, 1, 0), 0);
}

static void closing_the_set_lets_files_go(void **state)
{
	static struct fake_file a;
	int ep = ep_new(), fd = fake_open(&a);

	(void)state;
	add(ep, fd, EPOLLIN);
	fake_ready(&a, EPOLLIN, EPOLLIN);
	sys_close(ep);
	assert_false(waitqueue_active(&a.wq));
	assert_true(list_empty(&a.file->f_ep));
}

static void same_file_twice_by_other_number(void **state)
{
	struct epoll_event ev[3];
	static struct fake_file a;
	int ep = ep_new(), fd = fake_open(&a), copy = (int)sys_dup(fd);

	(void)state;
	add(ep, fd, EPOLLIN);
	assert_int_equal(ctl(ep, EPOLL_CTL_ADD, fd, EPOLLIN), -EEXIST);
	add(ep, copy, EPOLLOUT);
	fake_ready(&a, EPOLLIN | EPOLLOUT, EPOLLIN | EPOLLOUT);
	assert_int_equal(sys_epoll_wait(ep, ev, 3, 0), 2);
}

static void ctl_errors(void **state)
{
	static struct fake_file a;
	int ep = ep_new(), fd = fake_open(&a), null = (int)sys_open("/dev/null", O_RDWR, 0);

	(void)state;
	assert_int_equal(sys_epoll_create1(1), -EINVAL);
	assert_int_equal(ctl(99, EPOLL_CTL_ADD, fd, EPOLLIN), -EBADF);
	assert_int_equal(ctl(ep, EPOLL_CTL_ADD, 99, EPOLLIN), -EBADF);
	assert_int_equal(ctl(ep, EPOLL_CTL_ADD, null, EPOLLIN), -EPERM);
	assert_int_equal(ctl(ep, EPOLL_CTL_ADD, ep, EPOLLIN), -EINVAL);
	assert_int_equal(ctl(fd, EPOLL_CTL_ADD, ep, EPOLLIN), -EINVAL);
	assert_int_equal(ctl(ep, 4, fd, EPOLLIN), -EINVAL);
	assert_int_equal(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN), -ENOENT);
	assert_int_equal(ctl(ep, EPOLL_CTL_DEL, fd, EPOLLIN), -ENOENT);
	assert_int_equal(sys_epoll_ctl(ep, EPOLL_CTL_ADD, fd, NULL), -EFAULT);
}

static void wait_errors(void **state)
{
	struct epoll_event ev;
	static struct fake_file a;
	int ep = ep_new(), fd = fake_open(&a);

	(void)state;
	assert_int_equal(sys_epoll_wait(ep, &ev, 0, 0), -EINVAL);
	assert_int_equal(sys_epoll_wait(ep, &ev, -1, 0), -EINVAL);
	assert_int_equal(sys_epoll_wait(ep, &ev, INT32_MAX, 0), -EINVAL);
	assert_int_equal(sys_epoll_wait(99, &ev, 1, 0), -EBADF);
	assert_int_equal(sys_epoll_wait(fd, &ev, 1, 0), -EINVAL);
	assert_int_equal(sys_epoll_wait(ep, (void *)-64L, 1, 0), -EFAULT);
	assert_int_equal(sys_epoll_wait(ep, NULL, 1, 0), 0); /* nothing to write */
	fake_ready(&a, EPOLLIN, 0);
	add(ep, fd, EPOLLIN);
	assert_int_equal(sys_epoll_wait(ep, NULL, 1, 0), -EFAULT);
	assert_int_equal(sys_epoll_wait(ep, &ev, 1, 0), 1); /* the event is still there */
}

static void watches_are_limited(void **state)
{
	static struct fake_file a, b;
	int ep = ep_new(), fa = fake_open(&a), fb = fake_open(&b);
	int fd = (int)sys_open("/proc/sys/fs/epoll/max_user_watches", O_RDWR, 0);
	char was[32] = "";

	(void)state;
	assert_true(sys_read(fd, was, sizeof(was) - 1) > 0);
	assert_int_equal(sys_write(fd, "1\n", 2), 2);
	add(ep, fa, EPOLLIN);
	assert_int_equal(ctl(ep, EPOLL_CTL_ADD, fb, EPOLLIN), -ENOSPC);
	sys_close(fa);
	add(ep, fb, EPOLLIN);
	assert_true(sys_write(fd, was, strlen(was)) > 0);
}

static void more_ready_than_asked_for_goes_round(void **state)
{
	struct epoll_event ev[2];
	static struct fake_file ff[5];
	int ep = ep_new(), seen[16] = { 0 };
	int fds[5];

	(void)state;
	for (int i = 0; i < 5; i++) {
		fds[i] = fake_open(&ff[i]);
		ff[i].mask = EPOLLIN;
		add(ep, fds[i], EPOLLIN);
	}
	for (int round = 0; round < 5; round++) {
		assert_int_equal(sys_epoll_wait(ep, ev, 2, 0), 2);
		seen[ev[0].data.fd]++;
		seen[ev[1].data.fd]++;
	}
	for (int i = 0; i < 5; i++)
		assert_int_equal(seen[fds[i]], 2); /* ten reports, two for each: nobody starves */
}

/* --- exclusive -------------------------------------------------------------------------------- */

static void exclusive_rules(void **state)
{
	static struct fake_file a;
	int ep = ep_new(), inner = ep_new(), fd = fake_open(&a);

	(void)state;
	assert_int_equal(ctl(ep, EPOLL_CTL_ADD, fd, EPOLLEXCLUSIVE | EPOLLONESHOT), -EINVAL);
	assert_int_equal(ctl(ep, EPOLL_CTL_ADD, fd, EPOLLEXCLUSIVE | EPOLLRDHUP), -EINVAL);
	assert_int_equal(ctl(ep, EPOLL_CTL_ADD, inner, EPOLLEXCLUSIVE | EPOLLIN), -EINVAL);
	add(ep, fd, EPOLLEXCLUSIVE | EPOLLIN | EPOLLET);
	assert_int_equal(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLEXCLUSIVE | EPOLLIN), -EINVAL);
	assert_int_equal(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN), -EINVAL);
	assert_int_equal(ctl(ep, EPOLL_CTL_DEL, fd, 0), 0);
}

struct sleeper {
	int ep;
	long ret;
	struct epoll_event ev[4];
	struct thread *thread;
};

static int sleeper_main(void *arg)
{
	struct sleeper *s = arg;

	s->ret = sys_epoll_wait(s->ep, s->ev, 4, 100);
	return 0;
}

static void start_sleeper(struct sleeper *s, int ep)
{
	s->ep = ep;
	s->ret = -1;
	s->thread = thread_create(sleeper_main, s, "sleeper");
	assert_non_null(s->thread);
	msleep(1);
}

/* How many of the sleepers came back with an event; joins them. */
static int join_sleepers(struct sleeper *s, int n)
{
	int got = 0;

	for (int i = 0; i < n; i++) {
		thread_join(s[i].thread);
		assert_in_range(s[i].ret, 0, 1);
		got += (int)s[i].ret;
	}
	return got;
}

static void exclusive_wakes_one_set(void **state)
{
	struct sleeper s[3];
	static struct fake_file a;
	int fd = fake_open(&a);

	(void)state;
	for (int i = 0; i < 3; i++) {
		int ep = ep_new();

		add(ep, fd, EPOLLIN | EPOLLET | EPOLLEXCLUSIVE);
		start_sleeper(&s[i], ep);
	}
	fake_ready(&a, EPOLLIN, EPOLLIN);
	assert_int_equal(join_sleepers(s, 3), 1);
}

static void without_exclusive_all_sets_wake(void **state)
{
	struct sleeper s[3];
	static struct fake_file a;
	int fd = fake_open(&a);

	(void)state;
	for (int i = 0; i < 3; i++) {
		int ep = ep_new();

		add(ep, fd, EPOLLIN | EPOLLET);
		start_sleeper(&s[i], ep);
	}
	fake_ready(&a, EPOLLIN, EPOLLIN);
	assert_int_equal(join_sleepers(s, 3), 3);
}

static void exclusive_passes_over_sets_without_sleepers(void **state)
{
	static struct fake_file a;
	int idle = ep_new(), ep = ep_new(), fd = fake_open(&a);
	struct sleeper s;

	(void)state;
	add(idle, fd, EPOLLIN | EPOLLEXCLUSIVE);
	add(ep, fd, EPOLLIN | EPOLLEXCLUSIVE);
	start_sleeper(&s, ep);
	fake_ready(&a, EPOLLIN, EPOLLIN);
	assert_int_equal(join_sleepers(&s, 1), 1);
	assert_int_equal(wait_one(idle, fd), EPOLLIN); /* it knows, too */
}

static void one_event_wakes_one_sleeper_of_a_set(void **state)
{
	struct sleeper s[3];
	static struct fake_file a;
	int ep = ep_new(), fd = fake_open(&a);

	(void)state;
	add(ep, fd, EPOLLIN | EPOLLET);
	for (int i = 0; i < 3; i++)
		start_sleeper(&s[i], ep);
	fake_ready(&a, EPOLLIN, EPOLLIN);
	assert_int_equal(join_sleepers(s, 3), 1);
}

/* --- waiting ---------------------------------------------------------------------------------- */

static void wait_times_out(void **state)
{
	u64 start = ktime_get_ns();
	struct epoll_event ev;
	int ep = ep_new();

	(void)state;
	assert_int_equal(sys_epoll_wait(ep, &ev, 1, 120), 0);
	assert_in_range(ktime_get_ns() - start, 120 * NSEC_PER_MSEC, 122 * NSEC_PER_MSEC);
}

static int adder_main(void *arg)
{
	u64 v = 1;

	msleep(30);
	return (int)sys_write(*(int *)arg, &v, 8);
}

static void wait_ends_with_an_event(void **state)
{
	int ep = ep_new(), fd = (int)sys_eventfd2(0, 0);
	struct epoll_event ev;
	struct thread *t;
	u64 start;

	(void)state;
	add(ep, fd, EPOLLIN);
	t = thread_create(adder_main, &fd, "adder");
	start = now_ms();
	assert_int_equal(sys_epoll_wait(ep, &ev, 1, -1), 1);
	assert_int_equal(ev.events, EPOLLIN);
	assert_in_range(now_ms() - start, 29, 33);
	thread_join(t);
}

static int interrupter_main(void *arg)
{
	msleep(5);
	thread_interrupt(arg);
	return 0;
}

static void wait_is_interrupted(void **state)
{
	struct thread *t = thread_create(interrupter_main, current, "interrupter");
	struct epoll_event ev;
	int ep = ep_new();

	(void)state;
	assert_int_equal(sys_epoll_wait(ep, &ev, 1, -1), -EINTR);
	assert_int_equal(sys_epoll_wait(ep, &ev, 1, 0), 0);
	current->signal_pending = false;
	thread_join(t);
}

static int closer_main(void *arg)
{
	msleep(10);
	return (int)sys_close(*(int *)arg);
}

static void wait_survives_close_of_the_set(void **state)
{
	static struct fake_file a;
	int ep = ep_new(), fd = fake_open(&a);
	struct thread *t = thread_create(closer_main, &ep, "closer");
	struct epoll_event ev;

	(void)state;
	add(ep, fd, EPOLLIN);
	assert_int_equal(sys_epoll_wait(ep, &ev, 1, 50), 0);
	assert_int_equal(thread_join(t), 0);
	assert_true(list_empty(&a.file->f_ep)); /* gone with the waiter's reference */
}

/* --- epoll in epoll --------------------------------------------------------------------------- */

static void nested_set_is_ready_when_its_files_are(void **state)
{
	struct pollfd p = { .events = POLLIN };
	int outer = ep_new(), inner = ep_new();
	static struct fake_file a;
	int fd = fake_open(&a);

	(void)state;
	p.fd = outer;
	add(inner, fd, EPOLLIN);
	add(outer, inner, EPOLLIN);
	assert_int_equal(wait_one(outer, inner), 0);
	assert_int_equal(sys_poll(&p, 1, 0), 0);
	fake_ready(&a, EPOLLIN, EPOLLIN);
	assert_int_equal(sys_poll(&p, 1, 0), 1);
	assert_int_equal(wait_one(outer, inner), EPOLLIN);
	assert_int_equal(wait_one(outer, inner), EPOLLIN);
	assert_int_equal(wait_one(inner, fd), EPOLLIN);
	a.mask = 0;
	assert_int_equal(wait_one(outer, inner), 0);
	sys_close(inner);
	fake_ready(&a, EPOLLIN, EPOLLIN);
	assert_int_equal(wait_one(outer, inner), 0);
}

static void nested_wake_up_reaches_the_sleeper(void **state)
{
	int outer = ep_new(), inner = ep_new();
	static struct fake_file a;
	struct sleeper s;
	int fd = fake_open(&a);

	(void)state;
	add(inner, fd, EPOLLIN);
	add(outer, inner, EPOLLIN | EPOLLET);
	start_sleeper(&s, outer);
	fake_ready(&a, EPOLLIN, EPOLLIN);
	assert_int_equal(join_sleepers(&s, 1), 1);
}

static void circles_are_refused(void **state)
{
	int a = ep_new(), b = ep_new(), c = ep_new();

	(void)state;
	add(a, b, EPOLLIN);
	assert_int_equal(ctl(b, EPOLL_CTL_ADD, a, EPOLLIN), -ELOOP);
	add(b, c, EPOLLIN);
	assert_int_equal(ctl(c, EPOLL_CTL_ADD, a, EPOLLIN), -ELOOP);
	add(a, c, EPOLLIN); /* two ways down are no circle */
	assert_int_equal(ctl(c, EPOLL_CTL_ADD, b, EPOLLIN), -ELOOP);
}

static void chains_are_limited(void **state)
{
	int ep[8];

	(void)state;
	for (int i = 0; i < 8; i++)
		ep[i] = ep_new();
	/* Growing at the bottom, at the top, and by joining two halves. */
	for (int i = 0; i + 1 < EP_MAX_NESTS; i++)
		add(ep[i], ep[i + 1], EPOLLIN);
	assert_int_equal(ctl(ep[4], EPOLL_CTL_ADD, ep[5], EPOLLIN), -ELOOP);
	assert_int_equal(ctl(ep[5], EPOLL_CTL_ADD, ep[0], EPOLLIN), -ELOOP);
	add(ep[5], ep[6], EPOLLIN);
	add(ep[6], ep[7], EPOLLIN);
	assert_int_equal(ctl(ep[7], EPOLL_CTL_ADD, ep[2], EPOLLIN), -ELOOP);
	add(ep[7], ep[3], EPOLLIN);
}

static void nested_web_stays_cheap(void **state)
{
	int layer[4][12];

	(void)state;
	/* Four layers, each member watching all of the next: 12^3 ways from the top. */
	for (int l = 3; l >= 0; l--)
		for (int i = 0; i < 12; i++) {
			layer[l][i] = ep_new();
			for (int j = 0; l < 3 && j < 12; j++)
				add(layer[l][i], layer[l + 1][j], EPOLLIN);
		}
	assert_int_equal(ctl(layer[3][0], EPOLL_CTL_ADD, layer[0][0], EPOLLIN), -ELOOP);
}

/* A wake-up goes every way up with interrupts off. The limits are Linux's. */
static void ways_up_are_limited(void **state)
{
	static struct fake_file a, b;
	int fa = fake_open(&a), fb = fake_open(&b), bottom[11], top[11], ep = ep_new();

	(void)state;
	for (int i = 0; i < 11; i++)
		bottom[i] = ep_new();
	add(bottom[0], fa, EPOLLIN);
	for (int t = 0; t < 11; t++) {
		top[t] = ep_new();
		for (int i = 0; i < 11; i++)
			add(top[t], bottom[i], EPOLLIN); /* of two instances: 121 ways are few */
	}
	for (int i = 1; i < 11; i++)
		add(bottom[i], fa, EPOLLIN);
	/* Three long: the eleven by one top are few, the 110 by ten are too many. */
	for (int t = 0; t < 9; t++)
		add(ep, top[t], EPOLLIN);
	assert_int_equal(ctl(ep, EPOLL_CTL_ADD, top[9], EPOLLIN), -EINVAL);
	assert_int_equal(ctl(ep, EPOLL_CTL_DEL, top[9], EPOLLIN), -ENOENT);
	add(bottom[0], fb, EPOLLIN); /* has fewer */
	assert_int_equal(ctl(ep, EPOLL_CTL_DEL, top[0], EPOLLIN), 0);
	add(ep, top[9], EPOLLIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FS_TEST(level_reports_until_it_is_not_ready),
		FS_TEST(edge_reports_once_per_wake_up),
		FS_TEST(oneshot_sleeps_until_rearmed),
		FS_TEST(only_events_asked_for),
		FS_TEST(errors_come_unasked),
		FS_TEST(mod_takes_effect_at_once),
		FS_TEST(del_forgets),
		FS_TEST(close_takes_the_file_out),
		FS_TEST(closing_the_set_lets_files_go),
		FS_TEST(same_file_twice_by_other_number),
		FS_TEST(ctl_errors),
		FS_TEST(wait_errors),
		FS_TEST(watches_are_limited),
		FS_TEST(more_ready_than_asked_for_goes_round),
		FS_TEST(exclusive_rules),
		FS_TEST(exclusive_wakes_one_set),
		FS_TEST(without_exclusive_all_sets_wake),
		FS_TEST(exclusive_passes_over_sets_without_sleepers),
		FS_TEST(one_event_wakes_one_sleeper_of_a_set),
		FS_TEST(wait_times_out),
		FS_TEST(wait_ends_with_an_event),
		FS_TEST(wait_is_interrupted),
		FS_TEST(wait_survives_close_of_the_set),
		FS_TEST(nested_set_is_ready_when_its_files_are),
		FS_TEST(nested_wake_up_reaches_the_sleeper),
		FS_TEST(circles_are_refused),
		FS_TEST(chains_are_limited),
		FS_TEST(nested_web_stays_cheap),
		FS_TEST(ways_up_are_limited),
	};

	return RUN_TESTS(tests);
}
