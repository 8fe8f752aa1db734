/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_TCP_INLINE_H
#define BW_NET_TCP_INLINE_H

/* Small helpers on tcp_sock that several of TCP's files need. Sock locked. */
#include <net/tcp_ops.h>

static inline u64 tcp_clock_us(void)
{
	return ktime_get_ns() / NSEC_PER_USEC;
}
#define tcp_jiffies32 ((u32)get_jiffies())
/* Timestamp clock: 1 ms a tick (RFC 7323 section 5.4). */
static inline u32 tcp_time_stamp_raw(void)
{
	return (u32)(ktime_get_ns() / NSEC_PER_MSEC);
}
static inline u32 tcp_time_stamp(const struct tcp_sock *tp)
{
	return (u32)(tp->tcp_mstamp / USEC_PER_MSEC);
}
/* The clock of ts_recent_stamp: seconds, never 0, which means none. */
static inline int tcp_seconds(void)
{
	return (int)(ktime_get_ns() / NSEC_PER_SEC) + 1;
}
static inline struct tcphdr *tcp_hdr(const struct sk_buff *skb)
{
	return (struct tcphdr *)skb_transport_header(skb);
}
static inline unsigned int __tcp_hdrlen(const struct tcphdr *th)
{
	return th->doff * 4u;
}
static inline unsigned int tcp_left_out(const struct tcp_sock *tp)
{
	return tp->sacked_out + tp->lost_out;
}
static inline unsigned int tcp_packets_in_flight(const struct tcp_sock *tp)
{
	return tp->packets_out - tcp_left_out(tp) + tp->retrans_out;
}
/* The namespace's TCP memory is short; sk_under_memory_pressure() without the calls. */
static inline bool tcp_under_memory_pressure(const struct sock *sk)
{
	return unlikely(sock_net(sk)->ipv4.tcp_memory_pressure);
}
static inline bool tcp_is_sack(const struct tcp_sock *tp)
{
	return tp->rx_opt.sack_ok;
}
static inline bool tcp_is_reno(const struct tcp_sock *tp)
{
	return !tp->rx_opt.sack_ok;
}
static inline bool tcp_in_slow_start(const struct tcp_sock *tp)
{
	return tp->snd_cwnd < tp->snd_ssthresh;
}
static inline bool tcp_in_initial_slowstart(const struct tcp_sock *tp)
{
	return tp->snd_ssthresh >= TCP_INFINITE_SSTHRESH;
}
static inline u32 tcp_wnd_end(const struct tcp_sock *tp)
{
	return tp->snd_una + tp->snd_wnd;
}
static inline struct sk_buff *tcp_send_head(const struct sock *sk)
{
	return skb_peek(&sk->sk_write_queue);
}
static inline struct sk_buff *tcp_write_queue_tail(const struct sock *sk)
{
	return skb_peek_tail(&sk->sk_write_queue);
}
static inline struct sk_buff *tcp_rtx_queue_head(const struct sock *sk)
{
	return skb_rb_first(&sk->tcp_rtx_queue);
}
static inline struct sk_buff *tcp_rtx_queue_tail(const struct sock *sk)
{
	return skb_rb_last(&sk->tcp_rtx_queue);
}
static inline bool tcp_rtx_queue_empty(const struct sock *sk)
{
	return RB_EMPTY_ROOT(&sk->tcp_rtx_queue);
}
static inline int tcp_skb_pcount(const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->tcp_gso_segs;
}
static inline void tcp_wmem_free_skb(struct sock *sk, struct sk_buff *skb)
{
	sk_wmem_queued_add(sk, -(int)skb->truesize);
	sk_mem_uncharge(sk, (int)skb->truesize);
	consume_skb(skb);
}
static inline void tcp_init_wl(struct tcp_sock *tp, u32 seq)
{
	tp->snd_wl1 = seq;
}
static inline int keepalive_intvl_when(const struct tcp_sock *tp)
{
	const struct net *net = sock_net((const struct sock *)tp);

	return (int)(tp->keepalive_intvl ? tp->keepalive_intvl
					 : (u32)net->ipv4.sysctl_tcp_keepalive_intvl);
}
static inline int keepalive_time_when(const struct tcp_sock *tp)
{
	const struct net *net = sock_net((const struct sock *)tp);

	return (int)(tp->keepalive_time ? tp->keepalive_time
					: (u32)net->ipv4.sysctl_tcp_keepalive_time);
}
static inline int keepalive_probes(const struct tcp_sock *tp)
{
	const struct net *net = sock_net((const struct sock *)tp);

	return tp->keepalive_probes ? tp->keepalive_probes : net->ipv4.sysctl_tcp_keepalive_probes;
}
/* A listener has no room for a connection, or for its request. */
static inline void tcp_listendrop(const struct sock *sk)
{
	atomic_inc(&((struct sock *)sk)->sk_drops);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_LISTENDROPS);
}
/* Count a received segment; skb->data at the TCP header. */
static inline void tcp_segs_in(struct tcp_sock *tp, const struct sk_buff *skb)
{
	u32 segs = max_t(u32, 1, skb_shinfo(skb)->gso_segs);

	tp->segs_in += segs;
	if (skb->len > TCP_SKB_CB(skb)->rx.doff)
		tp->data_segs_in += segs;
}
/* Header prediction (Van Jacobson): the next segment's words 4 if nothing unusual comes. */
static inline void __tcp_fast_path_on(struct tcp_sock *tp, u32 snd_wnd)
{
	tp->pred_flags =
		cpu_to_be32((u32)tp->tcp_header_len << 26 | (u32)TCPHDR_ACK << 16 | snd_wnd);
}
static inline void tcp_fast_path_on(struct tcp_sock *tp)
{
	__tcp_fast_path_on(tp, tp->snd_wnd >> tp->rx_opt.snd_wscale);
}
static inline void tcp_fast_path_check(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (RB_EMPTY_ROOT(&tp->out_of_order_queue) && tp->rcv_wnd &&
	    atomic_read(&sk->sk_rmem_alloc) < sk->sk_rcvbuf && !tp->urg_data)
		tcp_fast_path_on(tp);
}

#endif /* BW_NET_TCP_INLINE_H */
