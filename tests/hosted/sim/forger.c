// SPDX-License-Identifier: BSD-2-Clause
/*
 * Segments and ICMP messages that nobody sent, slipped in at a host's door, for connections that
 * are going on: blind and nearly right resets and SYNs (RFC 5961), data outside the window, ACKs of
 * what was not sent or of long ago, old timestamps, replays, nonsense, ICMP errors that quote wrong
 * or right sequence numbers (RFC 5927). None of it may change a stream or end a connection, except
 * the resets that must be believed, which a plan can allow.
 */
#include <net/checksum.h>
#include <net/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/sim/sim.h>

#define PAYLOAD 100u

enum {
	F_RST_BLIND,
	F_RST_NEAR,
	F_RST_EXACT,
	F_SYN_NEAR,
	F_ACK_UNSENT,
	F_ACK_OLD,
	F_DATA_BEYOND,
	F_DATA_OLD_TS,
	F_REPLAY,
	F_NONSENSE,
	F_ICMP_WRONG,
	F_ICMP_SOFT,
	NR_FORGERIES
};

/* One of the flows that were seen lately; NULL: none. */
static struct wflow *pick(struct sim *s)
{
	struct wflow *f, *found = NULL;
	u32 i, n = 0;

	if (s->wire.last && rng_one_in(&s->rng, 2))
		return s->wire.last;
	for (i = 0; i < 256; i++) {
		for (f = s->wire.flows[i]; f; f = f->next) {
			if (rng_below(&s->rng, ++n) == 0)
				found = f;
		}
	}
	return found;
}

static void ip_header(u8 *p, be32 saddr, be32 daddr, u8 protocol, u32 len)
{
	struct iphdr *ip = (void *)p;

	memset(ip, 0, sizeof(*ip));
	ip->version = 4;
	ip->ihl = 5;
	ip->ttl = 60;
	ip->protocol = protocol;
	ip->tot_len = cpu_to_be16((u16)len);
	ip->saddr = saddr;
	ip->daddr = daddr;
	ip->check = ip_fast_csum(ip, 5);
}

/* A segment from addr[side] to the other; seq and ack are on the wire's count. */
static u32 build(u8 *p, const struct wflow *f, int side, const struct wseg *s)
{
	struct tcphdr *th = (void *)(p + 20);
	u32 opt = s->has_ts ? 12 : 0, tcp_len = 20 + opt + s->len;
	u8 *o = p + 40;

	memset(p, 0x5a, 20 + tcp_len);
	ip_header(p, f->addr[side], f->addr[!side], IPPROTO_TCP, 20 + tcp_len);
	memset(th, 0, sizeof(*th));
	th->source = cpu_to_be16(f->port[side]);
	th->dest = cpu_to_be16(f->port[!side]);
	th->seq = cpu_to_be32(s->seq);
	th->ack_seq = cpu_to_be32(s->ack);
	th->doff = (u16)(5 + opt / 4) & 15;
	p[33] = s->flags;
	th->window = cpu_to_be16(s->win);
	if (opt) {
		o[0] = o[1] = 1;
		o[2] = 8;
		o[3] = 10;
		put_be32(o + 4, s->tsval);
		put_be32(o + 8, s->tsecr);
	}
	th->check = csum_tcpudp_magic(f->addr[side], f->addr[!side], tcp_len, IPPROTO_TCP,
				      csum_partial(th, tcp_len, (__force wsum)0));
	return 20 + tcp_len;
}

/* What a real next segment would be like. */
static struct wseg likely_seg(const struct wflow *f, int side)
{
	const struct wdir *d = &f->dir[side], *p = &f->dir[!side];
	struct wseg s = {.flags = W_ACK, .win = 1000};

	s.seq = d->isn + ranges_front(&d->got);
	s.ack = p->isn + ranges_front(&p->got);
	s.has_ts = d->syn_ts && p->syn_ts;
	s.tsval = d->ts_last;
	s.tsecr = p->ts_arrived;
	return s;
}

static void forge_reset(struct sim *s, struct wflow *f, int side, struct wseg *g, int kind)
{
	const struct wdir *d = &f->dir[side];

	g->flags = rng_one_in(&s->rng, 2) ? W_RST : W_RST | W_ACK;
	if (kind != F_RST_EXACT || !s->plan.forge_resets) /* SYN-SENT goes by the ACK */
		g->ack -= 100000 + rng_below(&s->rng, 1000000);
	if (kind == F_RST_BLIND)
		g->seq = (u32)rng_next(&s->rng);
	else if (kind == F_RST_NEAR)
		g->seq = d->isn + d->sent_end + 1 + rng_below(&s->rng, 5000);
	else if (s->plan.forge_resets)
		f->rst_forged = true;
	else
		g->seq -= 1 + rng_below(&s->rng, 5000);
	g->has_ts &= rng_one_in(&s->rng, 2);
}

static bool slip_in(struct sim *s, const struct wflow *f, int side, const struct wseg *g)
{
	int to = f->addr[!side] == s->client_addr ? 0 : 1;
	u8 bytes[200] __aligned(8);

	sim_link_forge(&s->link[to ? s->links - 1 : 0], to, bytes, build(bytes, f, side, g));
	return true;
}

/* False: not this time. */
static bool forge_segment(struct sim *s, struct wflow *f, int side, int kind)
{
	struct wdir *d = &f->dir[side], *p = &f->dir[!side];
	struct wseg g = likely_seg(f, side);

	switch (kind) {
	case F_SYN_NEAR:
		f->muddled = f->syn_forged = true; /* TIME-WAIT may believe it */
		g.flags = rng_one_in(&s->rng, 2) ? W_SYN : W_SYN | W_ACK;
		g.seq += 1 + rng_below(&s->rng, 5000);
		g.ack -= 100000 + rng_below(&s->rng, 1000000);
		break;
	case F_ACK_UNSENT:
		/* Far ahead: the host may have sent more than its device let out. */
		g.ack = p->isn + p->sent_end + 10000000 + rng_below(&s->rng, 1000000);
		g.len = rng_below(&s->rng, PAYLOAD);
		break;
	case F_ACK_OLD:
		g.ack = p->isn - 70000000 - rng_below(&s->rng, 1000000000);
		g.len = rng_below(&s->rng, PAYLOAD);
		break;
	case F_DATA_BEYOND:
		g.seq = d->isn + p->edge_offered + 20000000 + rng_below(&s->rng, 100000000);
		g.len = rng_below(&s->rng, PAYLOAD);
		break;
	case F_DATA_OLD_TS:
		g.len = 1 + rng_below(&s->rng, PAYLOAD);
		g.tsval -= 100000 + rng_below(&s->rng, 1000000000);
		break;
	default:
		forge_reset(s, f, side, &g, kind);
	}
	if (!d->known || !p->known)
		return false;
	/* Without a connection there is no old timestamp: a SYN cookie would be believed. */
	if (kind == F_DATA_OLD_TS && (!g.has_ts || ranges_front(&d->got) <= 1))
		return false;
	return slip_in(s, f, side, &g);
}

static void forge_nonsense(struct sim *s, struct wflow *f, int side)
{
	int to = f->addr[!side] == s->client_addr ? 0 : 1;
	struct wseg g = likely_seg(f, side);
	u8 bytes[200] __aligned(8);
	u32 len, i;

	g.len = rng_below(&s->rng, PAYLOAD);
	g.seq = (u32)rng_next(&s->rng);
	len = build(bytes, f, side, &g);
	for (i = 0; i < 6; i++) /* flags, lengths, options: anywhere behind the ports */
		bytes[28 + rng_below(&s->rng, len - 28)] = (u8)rng_next(&s->rng);
	bytes[33] &= (u8)~W_SYN;
	if (rng_one_in(&s->rng, 2)) {
		struct tcphdr *th = (void *)(bytes + 20);

		th->check = 0;
		th->check = csum_tcpudp_magic(f->addr[side], f->addr[!side], len - 20, IPPROTO_TCP,
					      csum_partial(th, len - 20, (__force wsum)0));
	}
	/* Without a right sequence number it stays nonsense. */
	put_be32(bytes + 24, f->dir[side].isn - 100000000);
	sim_link_forge(&s->link[to ? s->links - 1 : 0], to, bytes, len);
}

/* To addr[side], about what it sent. */
static void forge_icmp(struct sim *s, struct wflow *f, int side, bool wrong)
{
	static const u8 codes[] = {0, 1, 4, 5};
	int to = f->addr[side] == s->client_addr ? 0 : 1;
	struct wseg g = likely_seg(f, side);
	u8 bytes[56] __aligned(8);

	if (!f->dir[side].known || !f->dir[!side].known)
		return;
	if (wrong)
		g.seq = f->dir[side].isn - 1000000 - rng_below(&s->rng, 1000000000);
	memset(bytes, 0, sizeof(bytes));
	ip_header(bytes, f->addr[!side], f->addr[side], 1, sizeof(bytes));
	bytes[20] = 3;
	bytes[21] = wrong ? codes[rng_below(&s->rng, 4)] : (u8)rng_below(&s->rng, 2);
	if (bytes[21] == 4)
		put_be16(bytes + 26, 68);
	ip_header(bytes + 28, f->addr[side], f->addr[!side], IPPROTO_TCP, 40 + g.len);
	put_be16(bytes + 48, f->port[side]);
	put_be16(bytes + 50, f->port[!side]);
	put_be32(bytes + 52, g.seq);
	put_be16(bytes + 22, 0);
	*(sum16 *)(bytes + 22) = csum_fold(csum_partial(bytes + 20, 36, (__force wsum)0));
	sim_link_forge(&s->link[to ? s->links - 1 : 0], to, bytes, sizeof(bytes));
	s->icmp_forged++;
}

static void replay(struct sim *s)
{
	const struct wire_kept *k = &s->wire.kept[rng_below(&s->rng, WIRE_KEPT)];
	struct wseg g;
	struct wflow *f;
	int side, to;

	if (!k->len || !wire_parse(k->bytes, k->len, &g))
		return;
	f = wire_flow(&s->wire, &g, &side);
	if (g.flags & W_SYN)
		f->muddled = f->syn_forged = true;
	if (g.flags & W_RST && f->dir[side].known)
		return;
	to = g.daddr == s->client_addr ? 0 : 1;
	sim_link_replay(&s->link[to ? s->links - 1 : 0], to, k->bytes, k->len);
}

static void forge(struct sim *s)
{
	int kind = (int)rng_below(&s->rng, NR_FORGERIES), side = (int)rng_below(&s->rng, 2);
	struct wflow *f = pick(s);

	if (!f)
		return;
	if (kind == F_REPLAY)
		replay(s);
	else if (kind == F_NONSENSE)
		forge_nonsense(s, f, side);
	else if (kind == F_ICMP_WRONG || kind == F_ICMP_SOFT)
		forge_icmp(s, f, side, kind == F_ICMP_WRONG);
	else
		forge_segment(s, f, side, kind);
}

int forger_thread(void *arg)
{
	struct sim *s = arg;

	while (!s->healed && !s->stop) {
		msleep(1 + rng_below(&s->rng, 2 * s->plan.forge_ms));
		forge(s);
	}
	return 0;
}
