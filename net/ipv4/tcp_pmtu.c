// SPDX-License-Identifier: BSD-2-Clause
/*
 * Segment size: from the path's MTU, the peer's MSS and our options to the payload of a full
 * segment (RFC 9293 section 3.7.1, RFC 1191, RFC 6691), and the send buffer that goes with it.
 *
 * mss_cache is the payload of a full segment with the options that every segment has;
 * tcp_current_mss takes off what the next one has besides (SACK blocks) and notices when the
 * route's MTU changed. ICMP "fragmentation needed" comes through tcp_v4_mtu_reduced and ends here;
 * what is in flight is then sent again in smaller pieces by tcp_simple_retransmit.
 *
 * Sock locked. Probing for the MTU without ICMP: tcp_mtu_probe.c.
 */
#include <net/dst.h>
#include <net/tcp_data.h>

/* Payload of a segment without options but for IP's. */
static int __tcp_mtu_to_mss(const struct sock *sk, int pmtu)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	int mss = pmtu - icsk->icsk_af_ops->net_header_len - (int)sizeof(struct tcphdr);

	if (mss > tcp_sk(sk)->rx_opt.mss_clamp)
		mss = tcp_sk(sk)->rx_opt.mss_clamp;
	mss -= icsk->icsk_ext_hdr_len;
	return max(mss, sock_net(sk)->ipv4.sysctl_tcp_min_snd_mss);
}

int tcp_mtu_to_mss(struct sock *sk, int pmtu)
{
	int options = tcp_sk(sk)->tcp_header_len - (int)sizeof(struct tcphdr);

	return __tcp_mtu_to_mss(sk, pmtu) - options;
}

int tcp_mss_to_mtu(struct sock *sk, int mss)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	return mss + tcp_sk(sk)->tcp_header_len + icsk->icsk_ext_hdr_len +
	       icsk->icsk_af_ops->net_header_len;
}

/* Two segments must fit into the peer's window, or silly window avoidance would stop us. */
static int tcp_bound_to_half_wnd(const struct tcp_sock *tp, int pktsize)
{
	u32 cutoff = tp->max_window > TCP_MSS_DEFAULT ? tp->max_window >> 1 : tp->max_window;

	if (cutoff && pktsize > (int)cutoff)
		return max((int)cutoff, 68 - tp->tcp_header_len);
	return pktsize;
}

/* The path carries packets of pmtu bytes: set mss_cache. */
unsigned int tcp_sync_mss(struct sock *sk, u32 pmtu)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int mss;

	if (icsk->icsk_mtup.search_high > (int)pmtu)
		icsk->icsk_mtup.search_high = (int)pmtu;
	mss = tcp_bound_to_half_wnd(tp, tcp_mtu_to_mss(sk, (int)pmtu));
	BUG_ON(mss <= 0);
	icsk->icsk_pmtu_cookie = pmtu;
	if (icsk->icsk_mtup.enabled) /* send only what is known to pass */
		mss = min(mss, tcp_mtu_to_mss(sk, icsk->icsk_mtup.search_low));
	tp->mss_cache = (u32)mss;
	return (unsigned int)mss;
}

/* Payload bytes of a full segment sent now. */
unsigned int tcp_current_mss(struct sock *sk)
{
	const struct dst_entry *dst = __sk_dst_get(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_out_options opts;
	u32 mss = tp->mss_cache, header_len;

	if (dst) {
		u32 mtu = dst_mtu(dst);

		if (mtu != inet_csk(sk)->icsk_pmtu_cookie)
			mss = tcp_sync_mss(sk, mtu);
	}
	header_len = tcp_established_options(sk, NULL, &opts) + (u32)sizeof(struct tcphdr);
	if (unlikely(header_len != tp->tcp_header_len))
		mss -= header_len - tp->tcp_header_len;
	return mss;
}

/* Largest payload of one sk_buff: what the device takes, and no more than half the peer's window.
 */
static unsigned int tcp_xmit_size_goal(struct sock *sk, u32 mss_now, bool large_allowed)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 room, goal;

	if (!large_allowed || sk->sk_gso_max_size <= MAX_TCP_HEADER + 1)
		return mss_now;
	room = (u32)tcp_bound_to_half_wnd(tp, (int)(sk->sk_gso_max_size - 1 - MAX_TCP_HEADER));
	goal = tp->gso_segs_max * mss_now;
	/* The division is made only when something changed. */
	if (unlikely(room < goal || room >= goal + mss_now)) {
		tp->gso_segs_max = (u16)min_t(u32, room / mss_now, sk->sk_gso_max_segs);
		goal = tp->gso_segs_max * mss_now;
	}
	return max(goal, mss_now);
}

/* The MSS for a send of the program, and how large the sk_buffs it fills may become. */
int tcp_send_mss(struct sock *sk, int *size_goal, int flags)
{
	unsigned int mss_now = tcp_current_mss(sk);

	*size_goal = (int)tcp_xmit_size_goal(sk, mss_now, !(flags & MSG_OOB));
	return (int)mss_now;
}

/* Memory for two windows of full segments, within tcp_wmem. */
void tcp_sndbuf_expand(struct sock *sk)
{
	const struct tcp_congestion_ops *ca = inet_csk(sk)->icsk_ca_ops;
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 per_mss, nr_segs, factor = ca->sndbuf_expand ? ca->sndbuf_expand(sk) : 2;
	u64 sndmem;

	per_mss = max_t(u32, tp->rx_opt.mss_clamp, tp->mss_cache) + MAX_TCP_HEADER +
		  (u32)SKB_SHINFO_SIZE;
	per_mss = (u32)roundup_pow_of_two(per_mss) + (u32)SKB_DATA_ALIGN(sizeof(struct sk_buff));
	nr_segs = max_t(u32, TCP_INIT_CWND, tp->snd_cwnd);
	nr_segs = max_t(u32, nr_segs, tp->reordering + 1);
	sndmem = (u64)factor * nr_segs * per_mss;
	if ((u64)sk->sk_sndbuf < sndmem)
		sk->sk_sndbuf = (int)min_t(u64, sndmem, (u64)sock_net(sk)->ipv4.sysctl_tcp_wmem[2]);
}
