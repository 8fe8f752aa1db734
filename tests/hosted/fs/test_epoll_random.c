// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel/fs/eventpoll.c against a model in random sequences: whatever is added, changed, removed,
 * woken, closed and waited for in any order must be reported exactly as epoll(7) says.
 */
#include <tests/hosted/fs/fs_test.h>

#include <kernel/fs/eventpoll.h>

#define FILES 24
#define STEPS 20000

/* What epoll should know about one file. */
struct model {
	int fd;
	bool watched, armed; /* armed: not a oneshot that fired */
	u32 events;	     /* asked for, flags included */
	bool queued;	     /* will be asked at the next wait */
};

static struct fake_file files[FILES];
static struct model models[FILES];
static u32 seed;

static u32 rnd(u32 below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

static u32 random_events(void)
{
	static const u32 bits[] = { 0, EPOLLIN, EPOLLOUT, EPOLLIN | EPOLLOUT, EPOLLRDHUP };
	static const u32 flags[] = { 0, 0, EPOLLET, EPOLLONESHOT, EPOLLET | EPOLLONESHOT };

	return bits[rnd(5)] | flags[rnd(5)];
}

static u32 interesting(const struct model *m)
{
	return m->armed ? (m->events & 0xffff) | EPOLLERR | EPOLLHUP : 0;
}

static void ctl(int ep, int op, int i, u32 events, long want)
{
	struct epoll_event ev = { .events = events, .data.u32 = (u32)i };
	struct model *m = &models[i];

	assert_int_equal(sys_epoll_ctl(ep, op, m->fd, &ev), want);
	if (want)
		return;
	if (op == EPOLL_CTL_DEL) {
		m->watched = m->queued = false;
		return;
	}
	m->queued = op == EPOLL_CTL_MOD && m->queued;
	m->watched = m->armed = true;
	m->events = events;
	if (files[i].mask & interesting(m))
		m->queued = true;
}

static void wake(int i)
{
	u32 mask = rnd(3) ? (rnd(2) ? EPOLLIN : EPOLLOUT) | (rnd(20) ? 0 : EPOLLERR) : 0;
	u32 key = rnd(4) ? mask : 0;
	struct model *m = &models[i];

	fake_ready(&files[i], mask, key);
	if (m->watched && m->armed && (!key || (key & interesting(m))))
		m->queued = true;
}

/* Wait without limit: the answer must be exactly the ready ones among the queued. */
static void wait_all(int ep)
{
	struct epoll_event ev[FILES];
	u32 got[FILES] = { 0 };
	long n = sys_epoll_wait(ep, ev, FILES, 0);

	assert_in_range(n, 0, FILES);
	for (long k = 0; k < n; k++) {
		assert_int_equal(got[ev[k].data.u32], 0); /* nobody twice */
		got[ev[k].data.u32] = ev[k].events;
	}
	for (int i = 0; i < FILES; i++) {
		struct model *m = &models[i];
		u32 want = m->watched && m->queued ? files[i].mask & interesting(m) : 0;

		assert_int_equal(got[i], want);
		if (want && (m->events & EPOLLONESHOT))
			m->armed = false;
		m->queued = want && !(m->events & (EPOLLET | EPOLLONESHOT));
	}
}

static void reopen(int i)
{
	sys_close(models[i].fd);
	assert_true(files[i].released);
	models[i] = (struct model){ .fd = fake_open(&files[i]) };
}

static void random_sequences(void **state)
{
	int ep = (int)sys_epoll_create1(0);

	(void)state;
	for (int i = 0; i < FILES; i++)
		models[i] = (struct model){ .fd = fake_open(&files[i]) };
	for (seed = 1; seed <= 5; seed++) {
		u32 start = seed;

		for (int step = 0; step < STEPS; step++) {
			int i = (int)rnd(FILES), op = (int)rnd(20);

			if (op < 3)
				ctl(ep, EPOLL_CTL_ADD, i, random_events(),
				    models[i].watched ? -EEXIST : 0);
			else if (op < 5)
				ctl(ep, EPOLL_CTL_MOD, i, random_events(),
				    models[i].watched ? 0 : -ENOENT);
			else if (op < 6)
				ctl(ep, EPOLL_CTL_DEL, i, 0, models[i].watched ? 0 : -ENOENT);
			else if (op < 7 && !rnd(4))
				reopen(i);
			else if (op < 15)
				wake(i);
			else
				wait_all(ep);
		}
		seed = start;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FS_TEST(random_sequences),
	};

	return RUN_TESTS(tests);
}
