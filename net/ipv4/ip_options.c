// SPDX-License-Identifier: BSD-2-Clause
/*
 * IPv4 options (RFC 791 pages 15-23, RFC 1122 section 3.2.1.8, RFC 1812 section 5.3.13; router
 * alert RFC 2113). One bounded loop parses them, for received packets and for what a program hands
 * in by IP_OPTIONS; record route, timestamp and source routes are kept as offsets from the IP
 * header. Security options and unknown ones are skipped by their length.
 *
 * Called by ip_input.c, ip_forward.c, icmp.c (softirq) and ip_sockglue.c (thread). Strict and loose
 * source routes are obeyed only where accept_source_route lets them (ip_rcv_options asks).
 */
#include <errno.h>
#include <kernel/time/clock.h>
#include <net/inetdevice.h>
#include <net/ip.h>
#include <string.h>

struct opt_parser {
	struct net *net;
	u8 *start; /* of the IP header */
	struct ip_options_cb *opt;
	be32 local;    /* our address to record; 0: note only where it belongs */
	bool received; /* by a device; else a program's */
	be32 faddr;    /* a program's source route: the first hop */
};

static u8 opt_offset(const struct opt_parser *p, const u8 *o)
{
	return (u8)(o - p->start);
}

static u32 ms_since_midnight(void)
{
	return (u32)(ktime_get_real_ns() / NSEC_PER_MSEC % (24 * 3600 * 1000ull));
}

/* Each returns NULL or the byte that is wrong. o[0] type, o[1] length (checked), o[2] pointer. */
static u8 *parse_srr(struct opt_parser *p, u8 *o)
{
	if (o[1] < 3)
		return o + 1;
	if (o[2] < 4)
		return o + 2;
	if (p->opt->srr)
		return o; /* only one may be there (RFC 1122 section 3.2.1.8 c) */
	if (!p->received) {
		if (o[2] != 4 || o[1] < 7 || (o[1] - 3) % 4)
			return o + 1;
		/* The packet goes to the first address of the list; the list shrinks by it. */
		memcpy(&p->faddr, o + 3, 4);
		if (o[1] > 7)
			memmove(o + 3, o + 7, o[1] - 7u);
	}
	p->opt->srr = opt_offset(p, o);
	return NULL;
}

static u8 *parse_rr(struct opt_parser *p, u8 *o)
{
	if (p->opt->rr)
		return o;
	if (o[1] < 3)
		return o + 1;
	if (o[2] < 4)
		return o + 2;
	if (o[2] <= o[1]) {
		if (o[2] + 3 > o[1])
			return o + 2;
		if (p->local) {
			memcpy(o + o[2] - 1, &p->local, 4);
			p->opt->is_changed = 1;
		}
		o[2] += 4;
		p->opt->rr_needaddr = 1;
	}
	p->opt->rr = opt_offset(p, o);
	return NULL;
}

/* Where the time goes (NULL: nowhere), with room for `want` bytes at the pointer. */
static u8 *ts_entry(struct opt_parser *p, u8 *o, u8 **where)
{
	u8 *slot = o + o[2] - 1;
	be32 addr;

	*where = NULL;
	switch (o[3] & 15) {
	case IPOPT_TS_TSONLY:
		*where = slot;
		o[2] += 4;
		return NULL;
	case IPOPT_TS_TSANDADDR:
		if (o[2] + 7 > o[1])
			return o + 2;
		if (p->local)
			memcpy(slot, &p->local, 4);
		p->opt->ts_needaddr = 1;
		break;
	case IPOPT_TS_PRESPEC:
		if (o[2] + 7 > o[1])
			return o + 2;
		memcpy(&addr, slot, 4);
		if (inet_addr_type(p->net, addr) != RTN_LOCAL)
			return NULL; /* not us yet */
		break;
	default:
		return o + 3;
	}
	*where = slot + 4;
	o[2] += 8;
	return NULL;
}

static u8 *parse_timestamp(struct opt_parser *p, u8 *o)
{
	u8 *where, *bad;

	if (p->opt->ts)
		return o;
	if (o[1] < 4)
		return o + 1;
	if (o[2] < 5)
		return o + 2;
	if (o[2] <= o[1]) {
		if (o[2] + 3 > o[1])
			return o + 2;
		bad = ts_entry(p, o, &where);
		if (bad)
			return bad;
		p->opt->ts_needtime = where != NULL;
		if (where && p->received) {
			put_be32(where, ms_since_midnight());
			p->opt->is_changed = 1;
		}
	} else if ((o[3] & 15) != IPOPT_TS_PRESPEC) {
		if (o[3] >> 4 == 15)
			return o + 3; /* the count of those without room is full too */
		if (p->received) {
			o[3] = (u8)(o[3] + 0x10);
			p->opt->is_changed = 1;
		}
	}
	p->opt->ts = opt_offset(p, o);
	return NULL;
}

static u8 *parse_one(struct opt_parser *p, u8 *o)
{
	switch (o[0]) {
	case IPOPT_SSRR:
	case IPOPT_LSRR:
		return parse_srr(p, o);
	case IPOPT_RR:
		return parse_rr(p, o);
	case IPOPT_TIMESTAMP:
		return parse_timestamp(p, o);
	case IPOPT_RA:
		if (o[1] < 4)
			return o + 1;
		if (o[2] == 0 && o[3] == 0)
			p->opt->router_alert = opt_offset(p, o);
		break;
	}
	return NULL;
}

static int parse_options(struct opt_parser *p, u8 *o, u32 left, u8 **bad)
{
	*bad = NULL;
	while (left > 0 && o[0] != IPOPT_END) {
		if (o[0] == IPOPT_NOOP) {
			o++;
			left--;
			continue;
		}
		if (left < 2 || o[1] < 2 || o[1] > left) {
			*bad = o;
			return -EINVAL;
		}
		*bad = parse_one(p, o);
		if (*bad)
			return -EINVAL;
		left -= o[1];
		o += o[1];
	}
	/* Behind the end there is nothing but the end. */
	for (; left > 0; left--, o++) {
		if (*o != IPOPT_END) {
			*o = IPOPT_END;
			p->opt->is_changed = 1;
		}
	}
	return 0;
}

/* The address by which the peer sees us on this packet's way (RFC 1122 section 3.2.1.8 d). */
static be32 spec_dst(const struct sk_buff *skb, const struct rtable *rt)
{
	if (rt->rt_type == RTN_LOCAL)
		return ip_hdr(skb)->daddr;
	return inet_select_addr(rt->dst.dev, ip_hdr(skb)->saddr, RT_SCOPE_UNIVERSE);
}

int ip_options_compile(struct net *net, struct ip_options_cb *opt, struct sk_buff *skb, u8 **pp)
{
	struct iphdr *iph = ip_hdr(skb);
	const struct rtable *rt = skb_rtable(skb);
	u32 len = ip_hdrlen(skb) - (u32)sizeof(*iph);
	struct opt_parser p = {.net = net, .start = (u8 *)iph, .opt = opt, .received = true};
	int err;

	memset(opt, 0, sizeof(*opt));
	opt->optlen = (u8)len;
	if (rt && (rt->rt_flags & RTCF_LOCAL))
		p.local = spec_dst(skb, rt);
	err = parse_options(&p, (u8 *)(iph + 1), len, pp);
	if (!err && opt->is_changed)
		ip_send_check(iph);
	return err;
}

int ip_options_get(struct net *net, struct ip_options_rcu *opt, const u8 *data, int optlen)
{
	struct ip_options_cb cb = {0};
	u8 whole[sizeof(struct iphdr) + MAX_IPOPTLEN] = {0}, *bad;
	struct opt_parser p = {.net = net, .start = whole, .opt = &cb};
	u32 len;

	memset(opt, 0, sizeof(*opt));
	if (optlen < 0 || optlen > MAX_IPOPTLEN)
		return -EINVAL;
	memcpy(whole + sizeof(struct iphdr), data, (size_t)optlen);
	len = ALIGN_UP((u32)optlen, 4u);
	if (parse_options(&p, whole + sizeof(struct iphdr), len, &bad))
		return -EINVAL;
	opt->optlen = (u8)len;
	opt->srr = cb.srr != 0;
	opt->rr_needaddr = cb.rr_needaddr;
	opt->ts_needtime = cb.ts_needtime;
	opt->faddr = p.faddr;
	memcpy(opt->data, whole + sizeof(struct iphdr), len);
	return 0;
}

/* Call fn for each option of a checked list. */
static void for_each_option(u8 *o, u32 left, void (*fn)(u8 *o, void *arg), void *arg)
{
	while (left > 1 && o[0] != IPOPT_END) {
		u32 len = o[0] == IPOPT_NOOP ? 1 : o[1];

		if (!len || len > left)
			return;
		if (o[0] != IPOPT_NOOP)
			fn(o, arg);
		o += len;
		left -= len;
	}
}

struct echo_state {
	struct ip_options_rcu *dopt;
	be32 saddr, daddr; /* of the packet that is answered */
};

static u8 *echo_room(struct echo_state *st, u32 len)
{
	struct ip_options_rcu *d = st->dopt;
	u8 *to = d->data + d->optlen;

	if (d->optlen + len > MAX_IPOPTLEN)
		return NULL;
	d->optlen = (u8)(d->optlen + len);
	return to;
}

/* The way back: the hops taken so far in reverse, the sender last (RFC 1122 section 3.2.1.8 c). */
static void echo_srr(struct echo_state *st, const u8 *o)
{
	u32 hops = o[2] > o[1] ? (o[1] - 3u) / 4 : (o[2] - 4u) / 4, i;
	u8 *to;

	if (!hops) /* the sender is one hop away: no route to reverse */
		return;
	/* The last hop recorded becomes the first to go to; what remains is the list. */
	to = echo_room(st, 3 + 4 * hops);
	if (!to)
		return;
	memcpy(&st->dopt->faddr, o + 3 + 4 * (hops - 1), 4);
	st->dopt->srr = true;
	to[0] = o[0];
	to[1] = (u8)(3 + 4 * hops);
	to[2] = 4;
	for (i = 1; i < hops; i++)
		memcpy(to + 3 + 4 * (i - 1), o + 3 + 4 * (hops - 1 - i), 4);
	memcpy(to + 3 + 4 * (hops - 1), &st->saddr, 4);
}

static void echo_one(u8 *o, void *arg)
{
	struct echo_state *st = arg;
	u8 *to;

	switch (o[0]) {
	case IPOPT_RR:
	case IPOPT_TIMESTAMP:
		to = echo_room(st, o[1]);
		if (to)
			memcpy(to, o, o[1]);
		break;
	case IPOPT_LSRR:
	case IPOPT_SSRR:
		echo_srr(st, o);
		break;
	}
}

void ip_options_echo(struct net *net, struct ip_options_rcu *dopt, struct sk_buff *skb)
{
	struct iphdr *iph = ip_hdr(skb);
	struct echo_state st = {.dopt = dopt, .saddr = iph->saddr, .daddr = iph->daddr};

	(void)net;
	memset(dopt, 0, sizeof(*dopt));
	if (iph->ihl <= 5)
		return;
	/* Not IPCB()->opt.optlen: TCP's replies come here when skb->cb is tcp_skb_cb already. */
	for_each_option((u8 *)(iph + 1), ip_hdrlen(skb) - sizeof(*iph), echo_one, &st);
	dopt->rr_needaddr = IPCB(skb)->opt.rr_needaddr;
	dopt->ts_needtime = IPCB(skb)->opt.ts_needtime;
	while (dopt->optlen % 4)
		dopt->data[dopt->optlen++] = IPOPT_END;
}

struct build_state {
	const struct ip_options_rcu *opt;
	be32 daddr, saddr;
};

/* Now that it leaves, the time, and our address if it is asked for. */
static void build_timestamp(u8 *o, be32 saddr)
{
	u32 flag = o[3] & 15;

	if (flag == IPOPT_TS_TSONLY && o[2] >= 9)
		put_be32(o + o[2] - 5, ms_since_midnight());
	if (flag == IPOPT_TS_TSANDADDR && o[2] >= 13) {
		memcpy(o + o[2] - 9, &saddr, 4);
		put_be32(o + o[2] - 5, ms_since_midnight());
	}
}

/* What a program's (or an echoed) option gets when it leaves. */
static void build_one(u8 *o, void *arg)
{
	const struct build_state *st = arg;

	switch (o[0]) {
	case IPOPT_LSRR:
	case IPOPT_SSRR:
		if (o[1] >= 7) /* the destination stands last in the list */
			memcpy(o + o[1] - 4, &st->daddr, 4);
		break;
	case IPOPT_RR:
		if (st->opt->rr_needaddr && o[2] >= 8)
			memcpy(o + o[2] - 5, &st->saddr, 4);
		break;
	case IPOPT_TIMESTAMP:
		if (st->opt->ts_needtime)
			build_timestamp(o, st->saddr);
		break;
	}
}

void ip_options_build(struct sk_buff *skb, const struct ip_options_rcu *opt, be32 daddr,
		      const struct rtable *rt)
{
	struct iphdr *iph = ip_hdr(skb);
	struct build_state st = {
		.opt = opt, .daddr = daddr, .saddr = rt->rt_src ? rt->rt_src : iph->saddr};

	memcpy(iph + 1, opt->data, opt->optlen);
	for_each_option((u8 *)(iph + 1), opt->optlen, build_one, &st);
	if (opt->srr)
		iph->daddr = opt->faddr;
}

void ip_options_fragment(struct sk_buff *skb)
{
	struct iphdr *iph = ip_hdr(skb);
	u32 len = ip_hdrlen(skb) - (u32)sizeof(*iph);
	u8 *o = (u8 *)(iph + 1);

	while (len > 1 && o[0] != IPOPT_END) {
		u32 size = o[0] == IPOPT_NOOP ? 1 : o[1];

		if (!size || size > len)
			return;
		if (!IPOPT_COPIED(o[0]))
			memset(o, IPOPT_NOOP, size);
		o += size;
		len -= size;
	}
}

void ip_forward_options(struct sk_buff *skb)
{
	struct ip_options_cb *opt = &IPCB(skb)->opt;
	const struct rtable *rt = skb_rtable(skb);
	u8 *raw = skb_network_header(skb);
	be32 out = inet_select_addr(rt->dst.dev, ip_hdr(skb)->daddr, RT_SCOPE_UNIVERSE);

	if (opt->rr_needaddr) {
		u8 *o = raw + opt->rr;

		memcpy(o + o[2] - 5, &out, 4);
		opt->is_changed = 1;
	}
	if (opt->ts_needaddr) {
		u8 *o = raw + opt->ts;

		memcpy(o + o[2] - 9, &out, 4);
		opt->is_changed = 1;
	}
	if (opt->srr && opt->faddr) {
		u8 *o = raw + opt->srr;

		/* The hop that was used makes room for the address we leave by. */
		memcpy(o + o[2] - 1, &out, 4);
		ip_hdr(skb)->daddr = opt->faddr;
		o[2] += 4;
		opt->is_changed = 1;
	}
	if (opt->is_changed) {
		opt->is_changed = 0;
		ip_send_check(ip_hdr(skb));
	}
}

int ip_options_rcv_srr(struct sk_buff *skb, struct net_device *dev)
{
	struct ip_options_cb *opt = &IPCB(skb)->opt;
	struct iphdr *iph = ip_hdr(skb);
	const u8 *o = (u8 *)iph + opt->srr;
	const struct rtable *rt = skb_rtable(skb);
	be32 next;
	int err;

	if (skb->pkt_type != PACKET_HOST)
		return -EINVAL;
	if (rt->rt_type == RTN_UNICAST) /* on its way between two hops of the list */
		return o[0] == IPOPT_SSRR ? -EINVAL : 0;
	if (rt->rt_type != RTN_LOCAL)
		return -EINVAL;
	if (o[2] > o[1])
		return 0; /* the list is used up: we are the destination */
	if (o[2] + 3 > o[1])
		return -EINVAL;
	memcpy(&next, o + o[2] - 1, 4);
	skb_dst_drop(skb);
	err = ip_route_input_noref(skb, next, iph->saddr, iph->tos, dev);
	if (err)
		return err;
	if (skb_rtable(skb)->rt_type == RTN_LOCAL)
		return -EINVAL; /* twice through the same host: nobody needs that */
	opt->faddr = next;
	return 0;
}
