/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_TCP_ECN_H
#define BW_NET_TCP_ECN_H

/*
 * Explicit congestion notification in TCP: RFC 3168 section 6.1. tcp_ecn.c; sock locked. A
 * connection without ECN pays one test of ecn_flags a segment each way.
 */
#include <net/tcp_inline.h>
#include <netinet/ip.h>

/* Packets of the sock are ECN-capable from now on, or not. */
static inline void INET_ECN_xmit(struct sock *sk)
{
	inet_sk(sk)->tos |= IPTOS_ECN_ECT0;
}
static inline void INET_ECN_dontxmit(struct sock *sk)
{
	inet_sk(sk)->tos &= (u8)~IPTOS_ECN_MASK;
}
/* The sock has another congestion module: is it one that wants ECT on every packet? */
static inline void tcp_ecn_by_module(struct sock *sk)
{
	if (tcp_ca_needs_ecn(sk))
		INET_ECN_xmit(sk);
	else
		INET_ECN_dontxmit(sk);
}

/* ---- the handshake ---- */
/* Our SYN: ask for ECN? Its flags are in TCP_SKB_CB. */
void tcp_ecn_send_syn(struct sock *sk, struct sk_buff *skb);
/* The SYN goes again: without ECN, a broken middlebox may drop it (RFC 3168 section 6.1.1.1). */
void tcp_ecn_clear_syn(const struct sock *sk, struct sk_buff *skb);
/* SYNs crossed: our SYN becomes a SYN-ACK. */
void tcp_ecn_send_synack(struct sock *sk, struct sk_buff *skb);
/* A SYN for a listener: does the request agree to ECN? */
void tcp_ecn_create_request(struct request_sock *req, const struct sk_buff *skb,
			    const struct sock *sk);
/* The SYN-ACK of a request. */
static inline void tcp_ecn_make_synack(const struct request_sock *req, struct tcphdr *th)
{
	if (inet_rsk(req)->ecn_ok)
		th->ece = 1;
}
static inline void tcp_ecn_openreq_child(struct tcp_sock *tp, const struct request_sock *req)
{
	tp->ecn_flags = inet_rsk(req)->ecn_ok ? TCP_ECN_OK : 0;
}
/* The peer's SYN-ACK agrees by ECE alone; its SYN (simultaneous open) asks by both. */
static inline void tcp_ecn_rcv_synack(struct tcp_sock *tp, const struct tcphdr *th)
{
	if (!th->ece || th->cwr)
		tp->ecn_flags &= (u8)~TCP_ECN_OK;
}
static inline void tcp_ecn_rcv_syn(struct tcp_sock *tp, const struct tcphdr *th)
{
	if (!th->ece || !th->cwr)
		tp->ecn_flags &= (u8)~TCP_ECN_OK;
}

/* ---- sending data ---- */
void __tcp_ecn_send(struct sock *sk, struct sk_buff *skb, struct tcphdr *th, u32 tcp_header_len);
/* A segment without SYN goes out: ECT or not, ECE while CE is to be echoed, CWR once. */
static inline void tcp_ecn_send(struct sock *sk, struct sk_buff *skb, struct tcphdr *th,
				u32 tcp_header_len)
{
	if (unlikely(tcp_sk(sk)->ecn_flags & TCP_ECN_OK))
		__tcp_ecn_send(sk, skb, th, tcp_header_len);
}
/* The window was reduced: the next new data says so. */
static inline void tcp_ecn_queue_cwr(struct tcp_sock *tp)
{
	if (tp->ecn_flags & TCP_ECN_OK)
		tp->ecn_flags |= TCP_ECN_QUEUE_CWR;
}
/* The reduction was undone. */
static inline void tcp_ecn_withdraw_cwr(struct tcp_sock *tp)
{
	tp->ecn_flags &= (u8)~TCP_ECN_QUEUE_CWR;
}
/* Does the peer echo a CE mark? */
static inline bool tcp_ecn_rcv_ecn_echo(const struct tcp_sock *tp, const struct sk_buff *skb)
{
	return (TCP_SKB_CB(skb)->tcp_flags & (TCPHDR_ECE | TCPHDR_SYN)) == TCPHDR_ECE &&
	       tp->ecn_flags & TCP_ECN_OK;
}

/* ---- receiving data ---- */
void __tcp_ecn_check_ce(struct sock *sk, const struct sk_buff *skb);
/* Data came, in order or not: was it marked? */
static inline void tcp_ecn_check_ce(struct sock *sk, const struct sk_buff *skb)
{
	if (unlikely(tcp_sk(sk)->ecn_flags & TCP_ECN_OK))
		__tcp_ecn_check_ce(sk, skb);
}
/*
 * CWR: the peer has heard our ECE. Against the RFC's letter it is taken from pure ACKs, too, as
 * Linux does, for some stacks send it there.
 */
static inline void tcp_ecn_accept_cwr(struct sock *sk, const struct sk_buff *skb)
{
	if (likely(!(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_CWR)))
		return;
	tcp_sk(sk)->ecn_flags &= (u8)~TCP_ECN_DEMAND_CWR;
	/* The peer's window may be a single segment: do not keep it waiting. */
	if (TCP_SKB_CB(skb)->seq != TCP_SKB_CB(skb)->end_seq)
		inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_NOW;
}

#endif /* BW_NET_TCP_ECN_H */
