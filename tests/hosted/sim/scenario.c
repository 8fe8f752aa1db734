// SPDX-License-Identifier: BSD-2-Clause
/*
 * The dice: what kind of run a seed is. Most runs have few of the troubles, so that a failure shows
 * its cause; some have all. Transfers are small mostly, for then many runs fit into a minute.
 */
#include <kernel/lib/printk.h>
#include <stdlib.h>
#include <tests/hosted/sim/sim.h>

#define TOTAL_BYTES 3000000u /* bounds the time of a run */

static void roll_cond(struct rng *r, struct sim_cond *c)
{
	c->delay_us = 50 + rng_skewed(r, rng_one_in(r, 2) ? 5000 : 200000);
	c->queue_frames = rng_one_in(r, 4) ? rng_between(r, 5, 100) : 1000;
	if (rng_one_in(r, 2))
		c->rate_kbps = rng_between(r, 300, rng_one_in(r, 2) ? 5000 : 100000);
	if (rng_one_in(r, 6))
		return; /* a good link now and then */
	if (!rng_one_in(r, 3))
		c->loss = rng_skewed(r, rng_one_in(r, 3) ? 300 : 40);
	if (rng_one_in(r, 3))
		c->dup = rng_skewed(r, 100);
	if (rng_one_in(r, 3))
		c->reorder = rng_skewed(r, 300);
	if (rng_one_in(r, 2))
		c->jitter_us = rng_below(r, 2 * c->delay_us);
	if (rng_one_in(r, 4))
		c->corrupt = rng_skewed(r, 50);
	if (rng_one_in(r, 6)) {
		c->burst_enter = rng_between(r, 1, 30);
		c->burst_leave = rng_between(r, 30, 500);
		c->burst_loss = rng_between(r, 200, 1000);
	}
}

static void roll_nic(struct rng *r, struct nic_kind *k)
{
	static const u32 features[] = {
		0,
		NETIF_F_RXCSUM | NETIF_F_GRO,
		NETIF_F_SG | NETIF_F_HW_CSUM,
		NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_RXCSUM | NETIF_F_TSO | NETIF_F_TSO_ECN,
		NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_RXCSUM | NETIF_F_TSO | NETIF_F_GRO,
		NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_RXCSUM | NETIF_F_GRO,
	};

	k->features = features[rng_below(r, ARRAY_SIZE(features))];
	k->ring = rng_one_in(r, 3) ? rng_between(r, 4, 64) : 0;
	k->coalesce_us = rng_one_in(r, 2) ? rng_below(r, 500) : 0;
	k->rx_shape = (u8)rng_below(r, NIC_RX_SHAPES);
}

static u32 roll_mtu(struct rng *r)
{
	if (!rng_one_in(r, 3))
		return 1500;
	return rng_one_in(r, 3) ? rng_between(r, 1500, 9000) : rng_between(r, 576, 1500);
}

static void roll_network(struct sim *s)
{
	struct sim_plan *p = &s->plan;
	struct rng *r = &s->rng;

	p->router = rng_one_in(r, 3);
	p->mtu[0] = roll_mtu(r);
	p->mtu[1] = roll_mtu(r);
	roll_nic(r, &p->nic);
	roll_cond(r, &p->cond);
	p->cond.no_icmp = rng_one_in(r, 4);
	p->heal_ms = 1000 + rng_skewed(r, rng_one_in(r, 4) ? 300000 : 60000);
	if (rng_one_in(r, 2))
		p->weather_ms = rng_between(r, 100, 20000);
	if (rng_one_in(r, 3))
		p->forge_ms = rng_between(r, 10, 2000);
	p->forge_resets = rng_one_in(r, 4);
	if (rng_one_in(r, 4))
		p->fail_permille = 1 + rng_skewed(r, 100);
	p->patient = rng_one_in(r, 2);
	p->whole_segments = rng_one_in(r, 8);
	p->short_memory = rng_one_in(r, 6);
	p->clock_skip_days = rng_one_in(r, 4) ? rng_below(r, 60) : 0;
}

static void roll_sizes(struct sim *s, struct sim_script *a, struct sim_script *b)
{
	struct rng *r = &s->rng;
	u32 max = s->plan.total_bytes / s->plan.conns / 2;

	a->send = rng_one_in(r, 3) ? rng_skewed(r, max) : rng_below(r, max);
	b->send = rng_one_in(r, 3) ? rng_below(r, max) : rng_skewed(r, max);
	if (rng_one_in(r, 8))
		*(rng_one_in(r, 2) ? &a->send : &b->send) = 0;
}

static void roll_options(struct rng *r, struct sim_script *sc)
{
	sc->options = (u32)rng_next(r);
	if (rng_one_in(r, 2))
		sc->options &= ~255u; /* none */
	else
		sc->options &= (u32)rng_next(r) | ~255u; /* a few */
	if (rng_one_in(r, 6))
		sc->sndbuf = rng_between(r, 1, 50000);
	if (rng_one_in(r, 6))
		sc->rcvbuf = rng_between(r, 1, 50000);
	if (rng_one_in(r, 8) && sc->style != STYLE_PINGPONG)
		sc->lowat = rng_skewed(r, 20000);
}

static void roll_script(struct rng *r, struct sim_script *sc)
{
	sc->close = (enum sim_close)rng_below(r, NR_CLOSES);
	if (rng_one_in(r, 2))
		sc->close = CLOSE_HALF;
	if (sc->style == STYLE_THREADS && sc->close >= CLOSE_EARLY)
		sc->close = CLOSE_HALF;
	sc->abort_after = rng_below(r, sc->send + 1);
	sc->write_max = rng_one_in(r, 3) ? 65535 : rng_between(r, 1, 5000);
	sc->read_max = rng_one_in(r, 3) ? 65535 : rng_between(r, 100, 5000);
	/* A write for each byte of a large transfer costs time and shows nothing. */
	sc->write_max = max(sc->write_max, sc->send / 200);
	sc->read_max = max(sc->read_max, sc->send / 200);
	if (rng_one_in(r, 2)) {
		sc->pause_permille = rng_skewed(r, 100);
		sc->pause_ms = rng_skewed(r, 2000);
	}
	if (rng_one_in(r, 4))
		sc->more_permille = rng_below(r, 500);
	if (rng_one_in(r, 4))
		sc->peek_permille = rng_below(r, 200);
	if (rng_one_in(r, 4))
		sc->waitall_permille = rng_below(r, 500);
	if (rng_one_in(r, 8))
		sc->oob_permille = rng_below(r, 100);
	roll_options(r, sc);
}

static void roll_conn(struct sim *s, u32 i)
{
	struct sim_conn *c = &s->conn[i];
	struct sim_script *a = &c->end[0].script, *b = &c->end[1].script;
	struct rng *r = &s->rng;
	int side;

	c->sim = s;
	c->id = i;
	c->start_ms = rng_skewed(r, rng_one_in(r, 2) ? 10 : 20000);
	roll_sizes(s, a, b);
	a->style = (enum sim_style)rng_below(r, NR_STYLES);
	b->style = a->style == STYLE_PINGPONG ? STYLE_PINGPONG
					      : (enum sim_style)rng_below(r, STYLE_PINGPONG);
	a->request = b->request = 1 + rng_skewed(r, 5000);
	a->reply = b->reply = 1 + rng_skewed(r, 5000);
	a->rounds = b->rounds = 1 + rng_skewed(r, 40);
	if (a->style == STYLE_PINGPONG) {
		a->send = a->rounds * a->request;
		b->send = b->rounds * b->reply;
	}
	for (side = 0; side < 2; side++) {
		struct sim_end *e = &c->end[side];

		e->sim = s;
		e->conn = c;
		e->side = side;
		rng_seed(&e->rng, s->seed, 1000 + 2 * i + (u64)side);
		roll_script(r, &e->script);
	}
}

void scenario_roll(struct sim *s)
{
	struct sim_plan *p = &s->plan;
	struct rng *r = &s->rng;
	u32 i;

	roll_network(s);
	p->total_bytes = rng_below(r, rng_one_in(r, 4) ? TOTAL_BYTES : TOTAL_BYTES / 8) + 1000;
	p->conns = 1 + rng_skewed(r, rng_one_in(r, 8) ? MAX_CONNS - 1 : 5);
	p->backlog = rng_one_in(r, 3) ? rng_between(r, 1, 4) : 64;
	p->accept_pause_ms = rng_one_in(r, 4) ? 1 + rng_skewed(r, 3000) : 0;
	if (rng_one_in(r, 4))
		p->ports = rng_between(r, 1, 8);
	s->conn = calloc(p->conns, sizeof(*s->conn));
	for (i = 0; i < p->conns; i++)
		roll_conn(s, i);
}

static void print_cond(const struct sim_cond *c, const char *what)
{
	pr_emerg("%s: loss %u dup %u reorder %u corrupt %u burst %u/%u/%u delay %u+%u us rate %u "
		 "kbps queue %u mtu %u%s%s\n",
		 what, c->loss, c->dup, c->reorder, c->corrupt, c->burst_enter, c->burst_leave,
		 c->burst_loss, c->delay_us, c->jitter_us, c->rate_kbps, c->queue_frames, c->mtu,
		 c->cut ? " cut" : "", c->no_icmp ? " no-icmp" : "");
}

void scenario_print(const struct sim *s)
{
	const struct sim_plan *p = &s->plan;
	int i;

	pr_emerg("%s mtu %u %u nic %x ring %u coalesce %u shape %u heal %u weather %u forge %u%s fail "
		 "%u%s%s conns %u backlog %u ports %u\n",
		 p->router ? "router" : "pair", p->mtu[0], p->mtu[1], p->nic.features, p->nic.ring,
		 p->nic.coalesce_us, p->nic.rx_shape, p->heal_ms, p->weather_ms, p->forge_ms,
		 p->forge_resets ? "+resets" : "", p->fail_permille, p->patient ? " patient" : "",
		 p->short_memory ? " short-memory" : "", p->conns, p->backlog, p->ports);
	print_cond(&p->cond, "plan");
	for (i = 0; i < s->links; i++) {
		print_cond(&s->link[i].cond[0], "now >");
		print_cond(&s->link[i].cond[1], "now <");
	}
}
