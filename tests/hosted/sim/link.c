// SPDX-License-Identifier: BSD-2-Clause
/* The wire of the simulation; see link.h. */
#include <net/checksum.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/sim/link.h>

#define US 1000ull

static void arrive(struct hosted_event *ev)
{
	struct sim_frame *f = container_of(ev, struct sim_frame, event);
	struct sim_link *l = f->link;

	l->in_flight[!f->to]--;
	sim_nic_arrive(l->nic[f->to], f);
}

static struct sim_frame *frame_new(struct sim_link *l, int to, const void *bytes, u32 len)
{
	struct sim_frame *f = malloc(sizeof(*f) + len);

	memset(f, 0, sizeof(*f));
	f->link = l;
	f->to = to;
	f->len = len;
	memcpy(f->bytes, bytes, len);
	hosted_event_init(&f->event, arrive);
	return f;
}

/* Does this frame fall victim to the conditions? */
static bool falls(struct sim_link *l, struct sim_cond *c, u32 len)
{
	if (c->cut || (c->mtu && len > c->mtu) || rng_permille(&l->rng, c->loss))
		return true;
	if (c->burst_enter) {
		u32 change = c->in_burst ? c->burst_leave : c->burst_enter;

		if (rng_permille(&l->rng, change))
			c->in_burst = !c->in_burst;
		if (c->in_burst && rng_permille(&l->rng, c->burst_loss))
			return true;
	}
	return false;
}

/* When does it get to the other end? It waits for those before it where the rate is limited. */
static u64 arrival_ns(struct sim_link *l, int from, u32 len)
{
	struct sim_cond *c = &l->cond[from];
	u64 t = max(hosted_now_ns(), c->open_at_ns), delay_us = c->delay_us;

	if (c->rate_kbps) {
		t = max(t, l->busy_until_ns[from]) + (u64)len * 8 * 1000000 / c->rate_kbps;
		l->busy_until_ns[from] = t;
	}
	delay_us += rng_below(&l->rng, c->jitter_us);
	if (rng_permille(&l->rng, c->reorder))
		delay_us += rng_below(&l->rng, 2 * c->delay_us + 5000);
	t += delay_us * US;
	if (l->kind.coalesce_us)
		t = DIV_ROUND_UP(t, l->kind.coalesce_us * US) * l->kind.coalesce_us * US;
	return t;
}

/* A router on the way is congested, and the packet may be told so. */
static void mark(struct sim_link *l, const struct sim_cond *c, struct sim_frame *f)
{
	u8 ecn = f->bytes[1] & 3;
	u32 ihl = (f->bytes[0] & 15u) * 4;
	sum16 sum;

	if (ecn == 0 || ecn == 3 || f->len < ihl || !rng_permille(&l->mark_rng, c->mark))
		return;
	f->bytes[1] |= 3;
	put_be16(f->bytes + 10, 0);
	sum = ip_fast_csum(f->bytes, ihl / 4);
	memcpy(f->bytes + 10, &sum, sizeof(sum));
	l->marked++;
}

static void send_one(struct sim_link *l, int from, struct sim_frame *f)
{
	struct sim_cond *c = &l->cond[from];

	if (l->in_flight[from] >= c->queue_frames) {
		l->lost++;
		free(f);
		return;
	}
	mark(l, c, f);
	if (rng_permille(&l->rng, c->corrupt)) {
		f->bytes[rng_below(&l->rng, f->len)] ^= (u8)(1u << rng_below(&l->rng, 8));
		f->damaged = true;
		l->corrupted++;
	}
	l->in_flight[from]++;
	hosted_event_at(&f->event, arrival_ns(l, from, f->len));
}

static bool is_icmp(const u8 *bytes, u32 len)
{
	return len > 20 && bytes[9] == 1;
}

void sim_link_send(struct sim_link *l, int from, const void *bytes, u32 len)
{
	struct sim_cond *c = &l->cond[from];
	int copies = 1;

	l->sent++;
	if (falls(l, c, len) || (c->no_icmp && is_icmp(bytes, len))) {
		l->lost++;
		return;
	}
	if (rng_permille(&l->rng, c->dup)) {
		copies += 1 + (int)rng_one_in(&l->rng, 4);
		l->duplicated++;
	}
	while (copies--)
		send_one(l, from, frame_new(l, !from, bytes, len));
}

static void slip_in(struct sim_link *l, struct sim_frame *f)
{
	l->in_flight[!f->to]++;
	hosted_event_at(&f->event, hosted_now_ns());
}

void sim_link_forge(struct sim_link *l, int to, const void *bytes, u32 len)
{
	struct sim_frame *f = frame_new(l, to, bytes, len);

	f->forged = true;
	slip_in(l, f);
}

void sim_link_replay(struct sim_link *l, int to, const void *bytes, u32 len)
{
	slip_in(l, frame_new(l, to, bytes, len));
}

void sim_link_heal(struct sim_link *l)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct sim_cond *c = &l->cond[i];

		c->loss = c->dup = c->reorder = c->corrupt = c->burst_enter = c->mtu = 0;
		c->mark = 0;
		c->cut = c->no_icmp = false;
		c->open_at_ns = 0;
		c->queue_frames = max(c->queue_frames, 1000u);
	}
}
