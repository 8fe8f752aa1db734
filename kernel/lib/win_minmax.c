// SPDX-License-Identifier: BSD-2-Clause
/*
 * The windowed minimum and maximum of win_minmax.h: minimum round trip time (tcp_rtt.c), maximum
 * delivery rate (tcp_bbr.c). Any context; the owner of the filter locks.
 */
#include <kernel/lib/win_minmax.h>

static void minmax_fill(struct minmax *m, int from, struct minmax_sample now)
{
	for (; from < 3; from++)
		m->s[from] = now;
}

u32 minmax_reset(struct minmax *m, u32 t, u32 v)
{
	minmax_fill(m, 0, (struct minmax_sample){.t = t, .v = v});
	return v;
}

/* The best is over: the others move up and the newest comes last. */
static void minmax_shift(struct minmax *m, struct minmax_sample now)
{
	m->s[0] = m->s[1];
	m->s[1] = m->s[2];
	m->s[2] = now;
}

/* Let time pass for the best and its two successors. */
static u32 minmax_age(struct minmax *m, u32 win, struct minmax_sample now)
{
	u32 age = now.t - m->s[0].t;

	if (age > win) {
		minmax_shift(m, now);
		if (now.t - m->s[0].t > win) /* the successor was no younger */
			minmax_shift(m, now);
	} else if (m->s[1].t == m->s[0].t && age > win / 4) {
		minmax_fill(m, 1, now); /* a quarter without a second choice: take one from here */
	} else if (m->s[2].t == m->s[1].t && age > win / 2) {
		minmax_fill(m, 2, now); /* half of it without a third */
	}
	return m->s[0].v;
}

u32 minmax_running_max(struct minmax *m, u32 win, u32 t, u32 v)
{
	struct minmax_sample now = {.t = t, .v = v};

	if (v >= m->s[0].v || t - m->s[2].t > win)
		return minmax_reset(m, t, v);
	if (v >= m->s[1].v)
		minmax_fill(m, 1, now);
	else if (v >= m->s[2].v)
		minmax_fill(m, 2, now);
	return minmax_age(m, win, now);
}

u32 minmax_running_min(struct minmax *m, u32 win, u32 t, u32 v)
{
	struct minmax_sample now = {.t = t, .v = v};

	if (v <= m->s[0].v || t - m->s[2].t > win)
		return minmax_reset(m, t, v);
	if (v <= m->s[1].v)
		minmax_fill(m, 1, now);
	else if (v <= m->s[2].v)
		minmax_fill(m, 2, now);
	return minmax_age(m, win, now);
}
