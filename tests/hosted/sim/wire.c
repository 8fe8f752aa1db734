// SPDX-License-Identifier: BSD-2-Clause
/*
 * What no correct TCP does, checked on every segment that leaves a device of an end host:
 *
 *   - wrong lengths or checksums; more than the device's MTU; more payload than the MSS the peer
 *     gave, less the options (RFC 6691)
 *   - data beyond the highest right edge that the peer's segments, as far as they have arrived,
 *     ever offered (RFC 9293 section 3.8.6); a hole in the stream of sequence numbers
 *   - an ACK of what has not arrived in order; SACK blocks of what has not arrived; either without
 *     the handshake having agreed on it
 *   - a window whose right edge goes back (a shrunk window), less rounding by the scale
 *   - timestamps that go back, that are absent although agreed on (RFC 7323 section 3.2), or that
 *     echo what never came
 *   - a reset without cause: nothing arrived at this moment, and no program aborted
 *
 * Sequence numbers count from each side's SYN. What was forged counts as arrived only as a cause
 * for resets: a host that believes it is wrong.
 */
#include <kernel/lib/bug.h>
#include <kernel/lib/byteorder.h>
#include <kernel/lib/printk.h>
#include <net/checksum.h>
#include <net/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/sim/wire.h>

#define IP_HEADER 20u

static void print_seg(const struct wseg *s, const struct wflow *f, int side)
{
	const struct wdir *d = &f->dir[side], *p = &f->dir[!side];

	pr_emerg("segment %u > %u flags %x seq %u ack %u len %u win %u ts %u:%u sacks %d\n",
		 s->sport, s->dport, s->flags, s->seq - d->isn, s->ack - p->isn, s->len, s->win,
		 s->tsval, s->tsecr, s->nsack);
	pr_emerg("sender: known %d sent %u arrived to %u edge offered %u ts %u; "
		 "peer: known %d sent %u arrived to %u edge arrived %u ts %u\n",
		 d->known, d->sent_end, ranges_front(&d->got), d->edge_offered, d->ts_last,
		 p->known, p->sent_end, ranges_front(&p->got), p->edge_arrived, p->ts_arrived);
}

#define WIRE_CHECK(cond, ...) \
	do { \
		if (unlikely(!(cond))) { \
			hosted_verbose(true); \
			print_seg(s, f, side); \
			panic("wire: " __VA_ARGS__); \
		} \
	} while (0)

/* SIM_TRACE=1: every segment as it leaves, and as it arrives at the host it is for. */
static void trace(const struct wflow *f, int side, const struct wseg *s, const char *what)
{
	static int on = -1;
	const struct wdir *d = &f->dir[side], *p = &f->dir[!side];
	u64 us = hosted_now_ns() / 1000;
	int i;

	if (on < 0)
		on = getenv("SIM_TRACE") != NULL;
	if (!on)
		return;
	printf("%lu.%06lu %s %u > %u %s%s%s%s%s seq %u:%u ack %u win %u len %u",
	       (unsigned long)(us / 1000000), (unsigned long)(us % 1000000), what, s->sport,
	       s->dport, s->flags & W_SYN ? "S" : "", s->flags & W_FIN ? "F" : "",
	       s->flags & W_RST ? "R" : "", s->flags & W_PSH ? "P" : "",
	       s->flags & W_ACK ? "." : "", s->seq - d->isn, s->end_seq - d->isn, s->ack - p->isn,
	       s->win, s->len);
	if (s->has_ts)
		printf(" ts %u:%u", s->tsval, s->tsecr);
	for (i = 0; i < s->nsack; i++)
		printf(" sack %u:%u", s->sack[i][0] - p->isn, s->sack[i][1] - p->isn);
	printf("\n");
}

/* ---- parsing ---- */

bool wire_checksum_good(const u8 *bytes, u32 len)
{
	const struct iphdr *ip = (const void *)bytes;
	u32 hlen = ip->ihl * 4u;

	if (len < IP_HEADER || hlen < IP_HEADER || hlen > len || ip->protocol != IPPROTO_TCP ||
	    be16_to_cpu(ip->frag_off) & 0x3fff || be16_to_cpu(ip->tot_len) != len)
		return false;
	return !csum_tcpudp_magic(ip->saddr, ip->daddr, len - hlen, IPPROTO_TCP,
				  csum_partial(bytes + hlen, len - hlen, 0));
}

static void parse_option(struct wseg *s, const u8 *o)
{
	int i;

	if (o[0] == 2 && o[1] == 4) {
		s->has_mss = true;
		s->mss = get_be16(o + 2);
	} else if (o[0] == 3 && o[1] == 3) {
		s->has_ws = true;
		s->ws = min_t(u8, o[2], 14);
	} else if (o[0] == 4 && o[1] == 2) {
		s->has_sackok = true;
	} else if (o[0] == 8 && o[1] == 10) {
		s->has_ts = true;
		s->tsval = get_be32(o + 2);
		s->tsecr = get_be32(o + 6);
	} else if (o[0] == 5 && o[1] >= 10) {
		s->nsack = (o[1] - 2) / 8;
		for (i = 0; i < s->nsack && i < 4; i++) {
			s->sack[i][0] = get_be32(o + 2 + 8 * i);
			s->sack[i][1] = get_be32(o + 6 + 8 * i);
		}
	}
}

static void parse_options(struct wseg *s, const u8 *o, u32 len)
{
	while (len) {
		if (o[0] == 0)
			return;
		if (o[0] == 1) {
			o++;
			len--;
			continue;
		}
		if (len < 2 || o[1] < 2 || o[1] > len)
			return;
		parse_option(s, o);
		len -= o[1];
		o += o[1];
	}
}

bool wire_parse(const u8 *bytes, u32 len, struct wseg *s)
{
	const struct iphdr *ip = (const void *)bytes;
	const struct tcphdr *th = (const void *)(bytes + IP_HEADER);
	u32 doff;

	if (len < IP_HEADER + 20 || ip->protocol != IPPROTO_TCP || ip->ihl != 5 ||
	    be16_to_cpu(ip->frag_off) & 0x1fff)
		return false;
	doff = th->doff * 4u;
	if (doff < 20 || IP_HEADER + doff > len)
		return false;
	memset(s, 0, sizeof(*s));
	s->saddr = ip->saddr;
	s->daddr = ip->daddr;
	s->sport = be16_to_cpu(th->source);
	s->dport = be16_to_cpu(th->dest);
	s->seq = be32_to_cpu(th->seq);
	s->ack = be32_to_cpu(th->ack_seq);
	s->win = be16_to_cpu(th->window);
	s->flags = bytes[IP_HEADER + 13];
	s->len = len - IP_HEADER - doff;
	s->end_seq = s->seq + s->len + !!(s->flags & W_SYN) + !!(s->flags & W_FIN);
	s->opt_len = doff - 20;
	parse_options(s, bytes + IP_HEADER + 20, s->opt_len);
	/* The rest of a datagram that was cut on its way: all that could be in it. */
	if (be16_to_cpu(ip->frag_off) & 0x2000)
		s->end_seq = s->seq + 65535;
	return true;
}

/* ---- flows ---- */

static bool flow_is(const struct wflow *f, const struct wseg *s, int side)
{
	return f->addr[side] == s->saddr && f->addr[!side] == s->daddr &&
	       f->port[side] == s->sport && f->port[!side] == s->dport;
}

struct wflow *wire_flow(struct wire *w, const struct wseg *s, int *side)
{
	struct wflow **slot = &w->flows[(s->sport ^ s->dport) & 255], *f;

	for (f = *slot; f; f = f->next) {
		for (*side = 0; *side < 2; ++*side) {
			if (flow_is(f, s, *side))
				goto found;
		}
	}
	f = calloc(1, sizeof(*f));
	f->addr[0] = s->saddr;
	f->addr[1] = s->daddr;
	f->port[0] = s->sport;
	f->port[1] = s->dport;
	f->next = *slot;
	*slot = f;
	*side = 0;
found:
	w->last = f;
	f->last_ns = hosted_now_ns();
	return f;
}

void wire_free(struct wire *w)
{
	struct wflow *f, *next;
	u32 i;

	for (i = 0; i < 256; i++) {
		for (f = w->flows[i]; f; f = next) {
			next = f->next;
			ranges_clear(&f->dir[0].got);
			ranges_clear(&f->dir[1].got);
			free(f);
		}
	}
}

static void dir_begin(struct wdir *d, const struct wseg *s)
{
	ranges_clear(&d->got);
	*d = (struct wdir){.known = true, .isn = s->seq};
	d->syn_ws = s->has_ws;
	d->syn_ts = s->has_ts;
	d->syn_sack = s->has_sackok;
	d->ws = s->ws;
}

/* A SYN: is it a new connection, or the same again? */
static void see_syn(struct wflow *f, int side, const struct wseg *s)
{
	struct wdir *d = &f->dir[side], *p = &f->dir[!side];

	if (d->known && d->isn == s->seq)
		return;
	/* The server forgot a half-open connection that the client may believe in. */
	f->muddled = s->flags & W_ACK && (d->known || f->muddled);
	dir_begin(d, s);
	/* An answer leaves what the other side has said; a first SYN does not. */
	if (!(s->flags & W_ACK)) {
		ranges_clear(&p->got);
		*p = (struct wdir){0};
		f->rst_forged = false;
	}
}

/* ---- the rules ---- */

static u8 scale_of(const struct wflow *f, int side)
{
	return f->dir[0].syn_ws && f->dir[1].syn_ws ? f->dir[side].ws : 0;
}

/* Right edge of the peer's stream that s allows, relative to the peer's SYN. */
static u32 edge_of(const struct wflow *f, int side, const struct wseg *s)
{
	u32 win = s->flags & W_SYN ? s->win : (u32)s->win << scale_of(f, side);

	return s->ack - f->dir[!side].isn + win;
}

static void check_size(const struct wflow *f, int side, const struct wseg *s)
{
	const struct wdir *p = &f->dir[!side];

	if (!s->len || s->flags & W_SYN)
		return;
	WIRE_CHECK(s->len + s->opt_len <= p->mss_arrived,
		   "%u bytes and %u of options exceed the MSS %u", s->len, s->opt_len,
		   p->mss_arrived);
}

static void check_send_side(const struct wire *w, struct wflow *f, int side, const struct wseg *s)
{
	struct wdir *d = &f->dir[side], *p = &f->dir[!side];
	u32 seq = s->seq - d->isn, end = s->end_seq - d->isn;

	WIRE_CHECK(!after(seq, d->sent_end + w->no_memory), "a hole in the stream: %u after %u", seq, d->sent_end);
	if (end != seq && !(s->flags & W_SYN)) {
		WIRE_CHECK(!after(end, p->edge_arrived), "%u is beyond the offered window %u", end,
			   p->edge_arrived);
	}
	if (after(end, d->sent_end))
		d->sent_end = end;
}

static void check_ack(struct wflow *f, int side, const struct wseg *s)
{
	const struct wdir *p = &f->dir[!side];
	struct wdir *d = &f->dir[side];
	u32 ack = s->ack - p->isn, edge;
	int i;

	WIRE_CHECK(!after(ack, ranges_front(&p->got)), "%u acknowledged of %u that arrived", ack,
		   ranges_front(&p->got));
	WIRE_CHECK(!s->nsack || (p->syn_sack && d->syn_sack), "SACK was not agreed on");
	for (i = 0; i < s->nsack; i++) {
		u32 start = s->sack[i][0] - p->isn, end = s->sack[i][1] - p->isn;

		WIRE_CHECK(before(start, end) && ranges_hold(&p->got, start, end),
			   "SACK block %u:%u of what did not arrive", start, end);
	}
	if (s->flags & W_SYN)
		return;
	edge = edge_of(f, side, s);
	WIRE_CHECK(!before(edge + (1u << scale_of(f, side)) - 1, d->edge_offered) ||
			   !d->edge_offered,
		   "the window shrinks from %u to %u", d->edge_offered, edge);
	if (after(edge, d->edge_offered))
		d->edge_offered = edge;
}

static void check_timestamps(struct wflow *f, int side, const struct wseg *s)
{
	const struct wdir *p = &f->dir[!side];
	struct wdir *d = &f->dir[side];

	WIRE_CHECK(s->has_ts || s->flags & W_SYN || !d->syn_ts || !p->syn_ts,
		   "no timestamp, although agreed on");
	if (!s->has_ts)
		return;
	WIRE_CHECK(s->flags & W_SYN || (d->syn_ts && p->syn_ts), "a timestamp, not agreed on");
	WIRE_CHECK(!d->ts_sent || !before(s->tsval, d->ts_last), "timestamps go back from %u to %u",
		   d->ts_last, s->tsval);
	d->ts_sent = true;
	d->ts_last = s->tsval;
	if (s->flags & W_ACK && s->tsecr) {
		WIRE_CHECK(p->ts_any_arrived && !after(s->tsecr, p->ts_arrived),
			   "%u echoed, %u was the last", s->tsecr, p->ts_arrived);
	}
}

static void check_reset(struct wire *w, struct wflow *f, int side, const struct wseg *s)
{
	w->resets++;
	w->resets_after_syn_forged += f->syn_forged;
	WIRE_CHECK(f->arrived_ns[side] == hosted_now_ns() || w->reset_excused(w->arg, f, side),
		   "a reset without cause");
	/* After an abort a late ACK with a SYN cookie may open the connection anew. */
	f->muddled |= (s->flags & W_ACK) != 0;
}

static void check_segment(struct wire *w, struct wflow *f, int side, const struct wseg *s)
{
	const struct wdir *d = &f->dir[side], *p = &f->dir[!side];

	if (s->flags & W_RST) {
		check_reset(w, f, side, s);
		return;
	}
	if (s->flags & W_SYN)
		see_syn(f, side, s);
	if (!d->known || f->muddled)
		return;
	check_send_side(w, f, side, s);
	if (!p->known || f->muddled)
		return;
	check_size(f, side, s);
	check_timestamps(f, side, s);
	if (s->flags & W_ACK)
		check_ack(f, side, s);
}

static bool is_end_host(const struct sim_nic *n)
{
	return !dev_net(n->dev)->ipv4.sysctl_ip_forward;
}

void wire_sent(struct wire *w, const struct sim_nic *n, const u8 *bytes, u32 len)
{
	const struct iphdr *ip = (const void *)bytes;
	struct wseg s;
	struct wflow *f;
	int side;

	BUG_ON(len < IP_HEADER || be16_to_cpu(ip->tot_len) != len || ip_fast_csum(ip, ip->ihl));
	if (!is_end_host(n) || !wire_parse(bytes, len, &s))
		return;
	BUG_ON(!(be16_to_cpu(ip->frag_off) & 0x2000) && !wire_checksum_good(bytes, len));
	w->segments++;
	f = wire_flow(w, &s, &side);
	trace(f, side, &s, "out");
	if (len > n->dev->mtu) {
		hosted_verbose(true);
		print_seg(&s, f, side);
		panic("wire: %u bytes on a device with MTU %u", len, n->dev->mtu);
	}
	check_segment(w, f, side, &s);
	if (len <= WIRE_KEPT_BYTES) {
		struct wire_kept *k = &w->kept[w->nkept++ % WIRE_KEPT];

		k->len = len;
		memcpy(k->bytes, bytes, len);
	}
}

/* s, which its sender sent, is there. */
static void note_arrival(struct wflow *f, int side, const struct wseg *s)
{
	struct wdir *d = &f->dir[side];
	u32 start = s->seq - d->isn, end = s->end_seq - d->isn, edge;

	if (!d->known || s->flags & W_RST)
		return;
	if (after(end, d->sent_end)) /* of a fragment the length is not known */
		end = d->sent_end;
	if (before(start, end) && (s32)start >= 0)
		ranges_add(&d->got, start, end);
	/* A SYN sent again offers what the MTU has become: which of them the peer took is not
	 * seen here. */
	if (s->flags & W_SYN && s->seq == d->isn)
		d->mss_arrived = max_t(u16, d->mss_arrived, s->has_mss ? s->mss : 536);
	if (s->has_ts && (!d->ts_any_arrived || after(s->tsval, d->ts_arrived))) {
		d->ts_arrived = s->tsval;
		d->ts_any_arrived = true;
	}
	if (!(s->flags & W_ACK) || !f->dir[!side].known)
		return;
	edge = edge_of(f, side, s);
	if (after(edge, d->edge_arrived))
		d->edge_arrived = edge;
}

void wire_arrived(struct wire *w, const struct sim_nic *n, const struct sim_frame *f)
{
	struct wseg s;
	struct wflow *flow;
	int side;

	if (!is_end_host(n) || !wire_parse(f->bytes, f->len, &s))
		return;
	flow = wire_flow(w, &s, &side);
	flow->arrived_ns[!side] = hosted_now_ns();
	trace(flow, side, &s, f->forged ? "forged" : f->damaged ? "damaged" : "in");
	if (!f->damaged && !f->forged)
		note_arrival(flow, side, &s);
}
