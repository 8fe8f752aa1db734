// SPDX-License-Identifier: BSD-2-Clause
/*
 * Segments that TCP sends without a full sock behind them: the reset to a segment that belongs to
 * nobody (RFC 9293 section 3.10.7.1, 3.5.2), the ACK of a timewait sock or a half-open request, and
 * the SYN-ACK of a request. The first three go through ip_send_unicast_reply() as a bare header;
 * the SYN-ACK is a packet of its own with options.
 *
 * Called by tcp_ipv4.c, tcp_minisocks.c and request timers. Softirq; the skb answered is kept.
 */
#include <net/checksum.h>
#include <net/tcp_inline.h>
#include <string.h>

struct tcp_reply {
	struct tcphdr th;
	be32 opt[3]; /* NOP NOP timestamp */
};

/* Fill ports and send back along the way that skb came. */
static void tcp_v4_send_reply(struct net *net, struct sk_buff *skb, struct tcp_reply *rep, u32 len,
			      u8 tos)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct tcphdr *th = tcp_hdr(skb);
	struct ip_reply_arg arg = {
		.hdr = rep, .len = len, .csum_offset = offsetof(struct tcphdr, check), .tos = tos};

	rep->th.dest = th->source;
	rep->th.source = th->dest;
	rep->th.doff = len / 4 & 0xf;
	arg.csum = csum_tcpudp_nofold(iph->daddr, iph->saddr, len, IPPROTO_TCP, 0);
	local_bh_disable();
	ip_send_unicast_reply(net, skb, &arg, iph->daddr, iph->saddr);
	TCP_INC_STATS(net, TCP_MIB_OUTSEGS);
	local_bh_enable();
}

static u32 tcp_reply_timestamp(struct tcp_reply *rep, u32 tsval, u32 tsecr)
{
	rep->opt[0] = cpu_to_be32(TCPOPT_NOP << 24 | TCPOPT_NOP << 16 | TCPOPT_TIMESTAMP << 8 |
				  TCPOLEN_TIMESTAMP);
	rep->opt[1] = cpu_to_be32(tsval);
	rep->opt[2] = cpu_to_be32(tsecr);
	return TCPOLEN_TSTAMP_ALIGNED;
}

/*
 * RFC 9293 section 3.10.7.1: if the segment has an ACK, the reset takes its sequence number from
 * it; else it has sequence number 0 and acknowledges the segment. Never in answer to a reset, nor
 * to what was not sent to us alone.
 */
void tcp_v4_send_reset(const struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct net *net = sk ? sock_net(sk) : dev_net(skb->dev);
	struct tcp_reply rep;

	if (th->rst)
		return;
	if (!sk && (!skb_rtable(skb) || skb_rtable(skb)->rt_type != RTN_LOCAL))
		return;
	memset(&rep, 0, sizeof(rep));
	rep.th.rst = 1;
	if (th->ack) {
		rep.th.seq = th->ack_seq;
	} else {
		rep.th.ack = 1;
		rep.th.ack_seq = cpu_to_be32(TCP_SKB_CB(skb)->end_seq);
	}
	TCP_INC_STATS(net, TCP_MIB_OUTRSTS);
	tcp_v4_send_reply(net, skb, &rep, sizeof(rep.th), ip_hdr(skb)->tos);
}

/* What an ACK without a full sock says. */
struct bare_ack {
	u32 seq, ack, win, tsval, tsecr;
	u8 tos;
};

static void tcp_v4_send_bare_ack(struct net *net, struct sk_buff *skb, const struct bare_ack *a)
{
	u32 len = sizeof(struct tcphdr);
	struct tcp_reply rep;

	memset(&rep, 0, sizeof(rep));
	rep.th.seq = cpu_to_be32(a->seq);
	rep.th.ack_seq = cpu_to_be32(a->ack);
	rep.th.ack = 1;
	rep.th.window = cpu_to_be16(a->win);
	if (a->tsecr)
		len += tcp_reply_timestamp(&rep, a->tsval, a->tsecr);
	tcp_v4_send_reply(net, skb, &rep, len, a->tos);
}

void tcp_v4_timewait_ack(struct inet_timewait_sock *tw, struct sk_buff *skb)
{
	const struct tcp_timewait_sock *tcptw = tcp_twsk((struct sock *)tw);
	struct bare_ack a = {.seq = tcptw->tw_snd_nxt,
			     .ack = tcptw->tw_rcv_nxt,
			     .win = tcptw->tw_rcv_wnd >> tw->tw_rcv_wscale,
			     .tsval = tcp_time_stamp_raw() + tcptw->tw_ts_offset,
			     .tsecr = tcptw->tw_ts_recent,
			     .tos = tw->tw_tos};

	tcp_v4_send_bare_ack(tw->tw_net, skb, &a);
}

/* RFC 7323 2.3: the window of a segment without SYN is scaled. */
void tcp_v4_reqsk_send_ack(const struct sock *sk, struct sk_buff *skb, struct request_sock *req)
{
	const struct tcp_request_sock *treq = tcp_rsk(req);
	struct bare_ack a = {.seq = sk->sk_state == TCP_LISTEN ? treq->snt_isn + 1
							       : tcp_sk(sk)->snd_nxt,
			     .ack = treq->rcv_nxt,
			     .win = treq->rsk_rcv_wnd >> inet_rsk(req)->rcv_wscale,
			     .tsval = tcp_time_stamp_raw() + treq->ts_off,
			     .tsecr = req->ts_recent,
			     .tos = ip_hdr(skb)->tos};

	tcp_v4_send_bare_ack(sock_net(sk), skb, &a);
}

/* The listener's class of service, or with tcp_reflect_tos the one that the SYN asked for. */
static u8 tcp_synack_tos(const struct sock *sk, const struct request_sock *req)
{
	u8 tos = inet_sk(sk)->tos;

	if (!sock_net(sk)->ipv4.sysctl_tcp_reflect_tos)
		return tos;
	return (tcp_rsk(req)->syn_tos & ~INET_ECN_MASK) | (tos & INET_ECN_MASK);
}

/* dst may be NULL: looked up then. sk: the listener, or a Fast Open child. Consumes nothing. 0 or
 * -errno. */
int tcp_v4_send_synack(const struct sock *sk, struct dst_entry *dst, struct request_sock *req,
		       const struct tcp_fastopen_cookie *foc)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	struct dst_entry *own = NULL;
	struct flowi4 fl;
	struct sk_buff *skb;
	struct tcphdr *th;
	int err = -ENOMEM;

	if (!dst) {
		own = dst = inet_csk_route_req(sk, &fl, req);
		if (!dst)
			return -EHOSTUNREACH;
	}
	skb = tcp_make_synack(sk, dst, req, foc);
	if (skb) {
		th = tcp_hdr(skb);
		th->check = (sum16)~csum_tcpudp_magic(ireq->ir_loc_addr, ireq->ir_rmt_addr,
						      skb->len, IPPROTO_TCP, 0);
		skb->csum_start = (u16)((u8 *)th - skb->head);
		skb->csum_offset = offsetof(struct tcphdr, check);
		skb->ip_summed = CHECKSUM_PARTIAL;
		err = ip_build_and_send_pkt(skb, sk, ireq->ir_loc_addr, ireq->ir_rmt_addr,
					    tcp_synack_tos(sk, req));
	}
	dst_release(own);
	return err;
}

static int tcp_v4_rtx_synack(const struct sock *sk, struct request_sock *req)
{
	return tcp_rtx_synack(sk, req);
}

static void tcp_v4_reqsk_destructor(struct request_sock *req)
{
	kfree(inet_rsk(req)->ireq_opt);
}

struct request_sock_ops tcp_request_sock_ops = {
	.family = PF_INET,
	.obj_size = sizeof(struct tcp_request_sock),
	.rtx_syn_ack = tcp_v4_rtx_synack,
	.send_ack = tcp_v4_reqsk_send_ack,
	.send_reset = tcp_v4_send_reset,
	.destructor = tcp_v4_reqsk_destructor,
	.syn_ack_timeout = tcp_syn_ack_timeout,
};

struct timewait_sock_ops tcp_timewait_sock_ops = {
	.twsk_obj_size = sizeof(struct tcp_timewait_sock),
};
