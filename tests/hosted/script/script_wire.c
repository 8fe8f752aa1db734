// SPDX-License-Identifier: BSD-2-Clause
/*
 * Packets of a script to bytes and back: IPv4 (RFC 791), TCP (RFC 9293 section 3.1), ICMP errors
 * (RFC 792) that quote a segment of the host. Numbers are live here; script_conn.c maps them.
 */
#include <net/checksum.h>
#include <net/ip.h>
#include <net/tcp.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <tests/hosted/script/run.h>

u8 script_byte(u32 seq)
{
	return (u8)(seq * 7 + (seq >> 8) * 13 + (seq >> 16));
}

static u32 build_option(const struct tcp_opt *o, const struct packet *p, const struct conn *c,
			u8 *out)
{
	int i;

	out[0] = o->kind;
	out[1] = 2;
	switch (o->plain ? 255 : o->kind) {
	case TCPOPT_NOP:
	case TCPOPT_EOL:
		return 1;
	case TCPOPT_MSS:
		put_be16(out + 2, (u16)o->a);
		out[1] = 4;
		break;
	case TCPOPT_WINDOW:
		out[2] = (u8)o->a;
		out[1] = 3;
		break;
	case TCPOPT_SACK_PERM:
		break;
	case TCPOPT_TIMESTAMP:
		put_be32(out + 2, o->a);
		/* A SYN that answers nothing echoes nothing. */
		put_be32(out + 6, p->flags & TCPHDR_ACK ? conn_ts_to_live(c, o->b) : o->b);
		out[1] = 10;
		break;
	case TCPOPT_SACK:
		for (i = 0; i < o->n; i++) {
			put_be32(out + 2 + 8 * i, o->sack[i][0] + c->isn);
			put_be32(out + 6 + 8 * i, o->sack[i][1] + c->isn);
		}
		out[1] = (u8)(2 + 8 * o->n);
		break;
	default:
		if (o->exp)
			put_be16(out + 2, 0xf989);
		memcpy(out + 2 + 2 * o->exp, o->raw, (size_t)o->n);
		out[1] = (u8)(2 + 2 * o->exp + o->n);
	}
	return out[1];
}

static u32 build_options(const struct packet *p, const struct conn *c, u8 *out)
{
	u32 len = 0;
	int i;

	for (i = 0; i < p->nopts; i++) {
		if (len > 40)
			run_fail("the options are longer than 40 bytes");
		len += build_option(&p->opt[i], p, c, out + len);
	}
	if (len > 40)
		run_fail("the options are longer than 40 bytes");
	while (len % 4)
		out[len++] = TCPOPT_EOL;
	return len;
}

static void build_ip(const struct packet *p, u8 *buf, u8 protocol, u32 total)
{
	struct iphdr *ip = (struct iphdr *)buf;

	memset(ip, 0, sizeof(*ip));
	ip->version = 4;
	ip->ihl = 5;
	ip->tos = (u8)((p->tos > 0 ? p->tos : 0) | (p->ecn > 0 ? p->ecn & 3 : 0));
	ip->ttl = (u8)(p->ttl == DONT_CARE ? 64 : p->ttl);
	ip->protocol = protocol;
	ip->tot_len = cpu_to_be16((u16)total);
	ip->saddr = cpu_to_be32(p->from ? p->from : run.s->peer_ip);
	ip->daddr = cpu_to_be32(p->to ? p->to : run.s->local_ip);
	ip->check = ip_fast_csum(ip, 5);
}

/* The error quotes the header and eight bytes of a packet that the host sent. */
static u32 build_icmp(const struct packet *p, const struct conn *c, u8 *buf)
{
	struct icmphdr *ih = (struct icmphdr *)(buf + 20);
	struct iphdr *ip = (struct iphdr *)(buf + 28);
	u8 *th = buf + 48;

	memset(ih, 0, 36);
	ih->type = p->icmp_type;
	ih->code = p->icmp_code;
	ih->un.frag.mtu = cpu_to_be16((u16)p->icmp_mtu);
	ip->version = 4;
	ip->ihl = 5;
	ip->ttl = 60;
	ip->protocol = IPPROTO_TCP;
	ip->frag_off = cpu_to_be16(IP_DF);
	ip->tot_len = cpu_to_be16((u16)(40 + p->len));
	ip->saddr = cpu_to_be32(run.s->local_ip);
	ip->daddr = cpu_to_be32(run.s->peer_ip);
	ip->check = ip_fast_csum(ip, 5);
	put_be16(th, c->lport);
	put_be16(th + 2, c->pport);
	put_be32(th + 4, p->seq + c->isn);
	ih->checksum = csum_fold(csum_partial(ih, 36, 0));
	build_ip(p, buf, IPPROTO_ICMP, 56);
	return 56;
}

u32 wire_build(const struct packet *p, const struct conn *c, u8 *buf)
{
	struct tcphdr *th = (struct tcphdr *)(buf + 20);
	const struct iphdr *ip;
	u8 opts[128], *data;
	u32 olen, total, i;

	if (p->icmp)
		return build_icmp(p, c, buf);
	olen = build_options(p, c, opts);
	total = 20 + olen + p->len;
	memset(th, 0, 20);
	th->source = cpu_to_be16(c->pport);
	th->dest = cpu_to_be16(c->lport);
	th->seq = cpu_to_be32(p->seq + c->peer_isn);
	th->ack_seq = p->flags & TCPHDR_ACK ? cpu_to_be32(p->ack + c->isn) : 0;
	th->doff = (u16)((20 + olen) / 4) & 15;
	((u8 *)th)[13] = p->flags;
	th->window = cpu_to_be16((u16)(p->has_win ? p->win : c->last_win));
	th->urg_ptr = cpu_to_be16(p->urg);
	memcpy(th + 1, opts, olen);
	data = (u8 *)th + 20 + olen;
	for (i = 0; i < p->len; i++)
		data[i] = script_byte(p->seq + (p->flags & TCPHDR_SYN ? 1 : 0) + i);
	build_ip(p, buf, IPPROTO_TCP, 20 + total);
	ip = (const struct iphdr *)buf;
	th->check = csum_tcpudp_magic(ip->saddr, ip->daddr, total, IPPROTO_TCP,
				      csum_partial(th, total, 0));
	th->check ^= p->bad_csum ? cpu_to_be16(0x5555) : 0;
	return 20 + total;
}

/* ---- what the host sent ---- */

static void parse_option_at(const u8 *p, struct tcp_opt *o)
{
	u32 len = p[1];
	int i;

	switch (o->kind) {
	case TCPOPT_MSS:
		o->a = get_be16(p + 2);
		return;
	case TCPOPT_WINDOW:
		o->a = p[2];
		return;
	case TCPOPT_SACK_PERM:
		return;
	case TCPOPT_TIMESTAMP:
		o->a = get_be32(p + 2);
		o->b = get_be32(p + 6);
		return;
	case TCPOPT_SACK:
		o->n = (int)(len - 2) / 8;
		for (i = 0; i < o->n && i < 4; i++) {
			o->sack[i][0] = get_be32(p + 2 + 8 * i);
			o->sack[i][1] = get_be32(p + 6 + 8 * i);
		}
		return;
	}
	o->exp = o->kind == 254 && len >= 4 && get_be16(p + 2) == 0xf989;
	o->n = (int)len - 2 - 2 * o->exp;
	memcpy(o->raw, p + 2 + 2 * o->exp, (size_t)o->n);
}

static bool option_length_ok(u8 kind, u32 len)
{
	switch (kind) {
	case TCPOPT_MSS:
		return len == 4;
	case TCPOPT_WINDOW:
		return len == 3;
	case TCPOPT_SACK_PERM:
		return len == 2;
	case TCPOPT_TIMESTAMP:
		return len == 10;
	case TCPOPT_SACK:
		return len >= 10 && len <= 34 && len % 8 == 2;
	}
	return len >= 2;
}

static void parse_wire_options(struct packet *p, const u8 *q, const u8 *end)
{
	while (q < end && p->nopts < MAX_OPTS) {
		struct tcp_opt *o = &p->opt[p->nopts++];

		o->kind = *q;
		if (o->kind == TCPOPT_NOP || o->kind == TCPOPT_EOL) {
			q++;
			continue;
		}
		if (q + 2 > end || q + q[1] > end || !option_length_ok(o->kind, q[1]))
			run_fail("the host sent option %u with a wrong length", o->kind);
		parse_option_at(q, o);
		q += q[1];
	}
}

void wire_parse(const struct frame *f, struct packet *p)
{
	const struct iphdr *ip = (const struct iphdr *)f->data;
	const struct tcphdr *th;
	u32 total, hdr;
	wsum sum;

	*p = (struct packet){.at_us = f->at_us, .has_win = true};
	if (f->len < 40 || ip->version != 4 || ip->protocol != IPPROTO_TCP)
		run_fail("the host sent a packet that is not TCP over IPv4 (protocol %u)",
			 f->len >= 20 ? ip->protocol : 0);
	total = be16_to_cpu(ip->tot_len);
	if (total != f->len || ip->ihl != 5 || ip_fast_csum(ip, 5))
		run_fail("the host sent a wrong IP header");
	if (ip->saddr != cpu_to_be32(run.s->local_ip) || ip->daddr != cpu_to_be32(run.s->peer_ip))
		run_fail("the host sent from %08x to %08x", be32_to_cpu(ip->saddr),
			 be32_to_cpu(ip->daddr));
	th = (const struct tcphdr *)(f->data + 20);
	total -= 20;
	hdr = th->doff * 4u;
	sum = csum_partial(th, total, 0);
	if (!(run.s->features & NETIF_F_HW_CSUM) &&
	    csum_tcpudp_magic(ip->saddr, ip->daddr, total, IPPROTO_TCP, sum))
		run_fail("the host sent a wrong TCP checksum");
	if (hdr < 20 || hdr > total || (!(run.s->features & NETIF_F_TSO) && f->len > run.dev->mtu))
		run_fail("the host sent a wrong length");
	p->ecn = ip->tos & 3;
	p->tos = ip->tos;
	p->ttl = ip->ttl;
	p->flags = ((const u8 *)th)[13];
	p->lport = be16_to_cpu(th->source);
	p->pport = be16_to_cpu(th->dest);
	p->seq = be32_to_cpu(th->seq);
	p->ack = be32_to_cpu(th->ack_seq);
	p->win = be16_to_cpu(th->window);
	p->urg = be16_to_cpu(th->urg_ptr);
	p->len = total - hdr;
	p->payload = (const u8 *)th + hdr;
	parse_wire_options(p, (const u8 *)(th + 1), (const u8 *)th + hdr);
}
