// SPDX-License-Identifier: BSD-2-Clause
/*
 * Explicit congestion notification, RFC 3168 section 6.1: routers mark packets CE instead of
 * dropping them, the receiver echoes that by ECE in each segment until the sender says CWR, the
 * sender reduces its window once a round trip. Agreed in the handshake: SYN with ECE and CWR,
 * SYN-ACK with ECE (tcp_ecn: 0 never, 1 ask and agree, 2 agree when asked).
 *
 * ecn_flags: OK agreed; SEEN the peer has sent ECT; DEMAND_CWR a CE mark is being echoed; QUEUE_CWR
 * our next new data carries CWR. The IP field is in inet_sk(sk)->tos, whose ECN bits are TCP's
 * alone: ECT(0) on new data, none on retransmissions, SYNs and ACKs, unless the congestion module
 * wants it on all (RFC 8257). Reducing: tcp_recovery.c, tcp_cwnd.c, on FLAG_ECE. Where an agreed
 * option of the route would matter in Linux (RTAX_FEATURES), there is none here.
 *
 * Sock locked.
 */
#include <net/tcp_data.h>
#include <net/tcp_ecn.h>

/* The peer must see the mark soon, for its window may be small. */
#define ECN_QUICKACKS 2

void tcp_ecn_send_syn(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->ecn_flags = 0;
	if (sock_net(sk)->ipv4.sysctl_tcp_ecn != 1 && !tcp_ca_needs_ecn(sk))
		return;
	TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_ECE | TCPHDR_CWR;
	tp->ecn_flags = TCP_ECN_OK;
	if (tcp_ca_needs_ecn(sk))
		INET_ECN_xmit(sk);
}

void tcp_ecn_clear_syn(const struct sock *sk, struct sk_buff *skb)
{
	/* ecn_flags are settled by the SYN-ACK, which may answer the first SYN. */
	if (sock_net(sk)->ipv4.sysctl_tcp_ecn_fallback)
		TCP_SKB_CB(skb)->tcp_flags &= (u8) ~(TCPHDR_ECE | TCPHDR_CWR);
}

void tcp_ecn_send_synack(struct sock *sk, struct sk_buff *skb)
{
	TCP_SKB_CB(skb)->tcp_flags &= (u8)~TCPHDR_CWR;
	if (!(tcp_sk(sk)->ecn_flags & TCP_ECN_OK))
		TCP_SKB_CB(skb)->tcp_flags &= (u8)~TCPHDR_ECE;
	else if (tcp_ca_needs_ecn(sk))
		INET_ECN_xmit(sk);
}

void tcp_ecn_create_request(struct request_sock *req, const struct sk_buff *skb,
			    const struct sock *sk)
{
	const struct tcphdr *th = tcp_hdr(skb);
	bool ect = TCP_SKB_CB(skb)->ip_dsfield & IPTOS_ECN_MASK;

	if (!th->ece || !th->cwr)
		return;
	/* An ECN-capable SYN is not RFC 3168's: somebody garbles the field, or it is DCTCP. */
	if ((sock_net(sk)->ipv4.sysctl_tcp_ecn && (!ect || th->res1)) || tcp_ca_needs_ecn(sk))
		inet_rsk(req)->ecn_ok = 1;
}

void __tcp_ecn_send(struct sock *sk, struct sk_buff *skb, struct tcphdr *th, u32 tcp_header_len)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (skb->len != tcp_header_len && !before(TCP_SKB_CB(skb)->seq, tp->snd_nxt)) {
		INET_ECN_xmit(sk);
		if (tp->ecn_flags & TCP_ECN_QUEUE_CWR) {
			tp->ecn_flags &= (u8)~TCP_ECN_QUEUE_CWR;
			th->cwr = 1;
		}
	} else if (!tcp_ca_needs_ecn(sk)) {
		INET_ECN_dontxmit(sk);
	}
	if (tp->ecn_flags & TCP_ECN_DEMAND_CWR)
		th->ece = 1;
}

void __tcp_ecn_check_ce(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	switch (TCP_SKB_CB(skb)->ip_dsfield & IPTOS_ECN_MASK) {
	case IPTOS_ECN_NOT_ECT:
		/* After ECT a segment without it is probably a retransmission. */
		if (tp->ecn_flags & TCP_ECN_SEEN)
			tcp_enter_quickack_mode(sk, ECN_QUICKACKS);
		break;
	case IPTOS_ECN_CE:
		if (tcp_ca_needs_ecn(sk))
			tcp_ca_event(sk, CA_EVENT_ECN_IS_CE);
		if (!(tp->ecn_flags & TCP_ECN_DEMAND_CWR)) {
			tcp_enter_quickack_mode(sk, ECN_QUICKACKS);
			tp->ecn_flags |= TCP_ECN_DEMAND_CWR;
		}
		tp->ecn_flags |= TCP_ECN_SEEN;
		break;
	default:
		if (tcp_ca_needs_ecn(sk))
			tcp_ca_event(sk, CA_EVENT_ECN_NO_CE);
		tp->ecn_flags |= TCP_ECN_SEEN;
		break;
	}
}
