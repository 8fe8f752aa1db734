// SPDX-License-Identifier: BSD-2-Clause
/*
 * What happens to the network between beginning and healing: partitions one way and both, bursts of
 * loss, clogging, changes of rate and delay, smaller MTUs with and without notice, short memory.
 * One thread, one change at a time, some undone by a later one, all by the healing.
 */
#include <tests/hosted/sim/sim.h>

enum {
	W_CUT_BOTH,
	W_CUT_ONE,
	W_JOIN,
	W_CLOG,
	W_RATE,
	W_DELAY,
	W_BURST,
	W_LOSS,
	W_MTU,
	W_MTU_SILENT,
	W_QUEUE,
	W_MEMORY,
	W_CALM,
	NR_WEATHERS
};

static struct sim_cond *any_cond(struct sim *s)
{
	return &s->link[rng_below(&s->rng, (u32)s->links)].cond[rng_below(&s->rng, 2)];
}

static void cut(struct sim *s, bool both, bool on)
{
	struct sim_link *l = &s->link[rng_below(&s->rng, (u32)s->links)];
	u32 side = rng_below(&s->rng, 2);

	l->cond[side].cut = on;
	if (both)
		l->cond[!side].cut = on;
}

/* The device itself knows. */
static void change_mtu(struct sim *s)
{
	struct sim_link *l = &s->link[rng_below(&s->rng, (u32)s->links)];
	int mtu = (int)rng_between(&s->rng, 576, s->plan.mtu[0]);

	if (s->plan.whole_segments)
		return;
	dev_set_mtu(l->nic[0]->dev, mtu);
	dev_set_mtu(l->nic[1]->dev, mtu);
}

static void calm(struct sim *s)
{
	int i;

	for (i = 0; i < s->links; i++) {
		s->link[i].cond[0].cut = s->link[i].cond[1].cut = false;
		s->link[i].cond[0].burst_enter = s->link[i].cond[1].burst_enter = 0;
	}
	hosted_fail_permille(0);
}

static void change(struct sim *s)
{
	struct rng *r = &s->rng;
	struct sim_cond *c = any_cond(s);

	switch (rng_below(r, NR_WEATHERS)) {
	case W_CUT_BOTH:
		cut(s, true, true);
		break;
	case W_CUT_ONE:
		cut(s, false, true);
		break;
	case W_JOIN:
		cut(s, true, false);
		break;
	case W_CLOG:
		c->open_at_ns = hosted_now_ns() + rng_skewed(r, 20000) * NSEC_PER_MSEC;
		break;
	case W_RATE:
		c->rate_kbps = rng_one_in(r, 3) ? 0 : rng_between(r, 200, 50000);
		break;
	case W_DELAY:
		c->delay_us = 50 + rng_skewed(r, 400000);
		break;
	case W_BURST:
		c->burst_enter = rng_between(r, 1, 50);
		c->burst_leave = rng_between(r, 20, 500);
		c->burst_loss = rng_between(r, 300, 1000);
		break;
	case W_LOSS:
		c->loss = rng_skewed(r, 300);
		break;
	case W_MTU:
		change_mtu(s);
		break;
	case W_MTU_SILENT:
		c->mtu = rng_between(r, 600, s->plan.mtu[0]);
		break;
	case W_QUEUE:
		c->queue_frames = rng_between(r, 2, 200);
		break;
	case W_MEMORY:
		hosted_fail_permille(s->plan.fail_permille);
		break;
	default:
		calm(s);
	}
}

void weather_heal(struct sim *s)
{
	int i;

	for (i = 0; i < s->links; i++)
		sim_link_heal(&s->link[i]);
	hosted_fail_permille(0);
	s->healed = true;
	s->healed_ns = s->progress_ns = hosted_now_ns();
}

int weather_thread(void *arg)
{
	struct sim *s = arg;
	u64 heal_ns = hosted_now_ns() + s->plan.heal_ms * NSEC_PER_MSEC;

	if (rng_one_in(&s->rng, 3))
		hosted_fail_permille(s->plan.fail_permille);
	while (hosted_now_ns() < heal_ns) {
		u32 left = (u32)((heal_ns - hosted_now_ns()) / NSEC_PER_MSEC) + 1;

		if (!s->plan.weather_ms) {
			msleep(left);
			break;
		}
		msleep(min(1 + rng_below(&s->rng, 2 * s->plan.weather_ms), left));
		change(s);
	}
	weather_heal(s);
	return 0;
}
