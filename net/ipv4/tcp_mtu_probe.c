// SPDX-License-Identifier: BSD-2-Clause
/*
 * Finding the path's MTU without ICMP: packetization layer path MTU discovery (RFC 4821), and the
 * detection of black holes, which swallow large packets without a word.
 *
 * The answer lies between search_low (known to pass, section 7.2) and search_high (the interface or
 * ICMP says no more passes). A probe is one data segment of the size in the middle; full segments
 * behind it bring the duplicate ACKs that tell its loss from that of everything (section 7.4). Its
 * loss says nothing about congestion (section 7.6.2). When the range is narrower than
 * tcp_probe_threshold, the search rests for tcp_probe_interval seconds.
 *
 * tcp_mtu_probing: 0 off; 1 on for a connection once its retransmissions time out again and again,
 * from tcp_base_mss on; 2 always on. tcp_output.c asks for probes, tcp_ack.c and tcp_recovery.c
 * report their fate, tcp_timer.c black holes. Sock locked.
 */
#include <net/tcp_mtu_probe.h>

static void tcp_mtup_widen(struct sock *sk, int low_mss)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_mtup.search_high = tcp_sk(sk)->rx_opt.mss_clamp + (int)sizeof(struct tcphdr) +
				      icsk->icsk_af_ops->net_header_len;
	icsk->icsk_mtup.search_low = tcp_mss_to_mtu(sk, low_mss);
	icsk->icsk_mtup.probe_size = 0;
}

/* A connection begins; the caller syncs the MSS. */
void tcp_mtup_init(struct sock *sk)
{
	const struct net *net = sock_net(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_mtup.enabled = net->ipv4.sysctl_tcp_mtu_probing > 1;
	tcp_mtup_widen(sk, net->ipv4.sysctl_tcp_base_mss);
	if (icsk->icsk_mtup.enabled)
		icsk->icsk_mtup.probe_timestamp = tcp_jiffies32;
}

/* The search is over for now; after tcp_probe_interval the path may have become wider. */
static void tcp_mtu_check_reprobe(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 interval = (u32)sock_net(sk)->ipv4.sysctl_tcp_probe_interval;

	if (tcp_jiffies32 - icsk->icsk_mtup.probe_timestamp < interval * HZ)
		return;
	tcp_mtup_widen(sk, (int)tcp_current_mss(sk));
	icsk->icsk_mtup.probe_timestamp = tcp_jiffies32;
}

/* Can the first `len` waiting bytes become one sk_buff? Their fragments must fit, no record
 * (MSG_EOR) may end before, and none may be a program's own pages (MSG_ZEROCOPY). */
static bool tcp_mtu_probe_fits(struct sock *sk, u32 len)
{
	struct page_frag pf = {NULL, 0, 0};
	struct sk_buff *skb;
	int slots = 0;
	bool fits = false;

	skb_queue_walk(&sk->sk_write_queue, skb) {
		if (skb_cloned(skb) || skb_shinfo(skb)->destructor_arg ||
		    tcp_skb_unlinear(sk, skb, &pf))
			break;
		slots += skb_shinfo(skb)->nr_frags;
		fits = len <= skb->len && slots <= MAX_SKB_FRAGS;
		if (fits || slots > MAX_SKB_FRAGS || TCP_SKB_CB(skb)->eor)
			break;
		len -= skb->len;
	}
	if (pf.page)
		put_page(pf.page);
	return fits;
}

/* Take the first `len` waiting bytes into probe, which is empty and in front of the queue. */
static void tcp_mtu_probe_fill(struct sock *sk, struct sk_buff *probe, u32 len, u32 mss_now)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(probe);

	while (len) {
		struct sk_buff *skb = probe->next;
		u32 part = min(skb->len, len);

		BUG_ON(!skb_shift(probe, skb, (int)part));
		len -= part;
		if (!skb->len) {
			cb->tcp_flags |= TCP_SKB_CB(skb)->tcp_flags;
			cb->eor = TCP_SKB_CB(skb)->eor;
			__skb_unlink(skb, &sk->sk_write_queue);
			tcp_wmem_free_skb(sk, skb);
			continue;
		}
		cb->tcp_flags |= TCP_SKB_CB(skb)->tcp_flags & (u8) ~(TCPHDR_FIN | TCPHDR_PSH);
		TCP_SKB_CB(skb)->seq += part;
		tcp_set_skb_tso_segs(skb, mss_now);
	}
}

/* The probe of probe_size payload bytes in front of the write queue; NULL when it cannot be made.
 */
static struct sk_buff *tcp_mtu_probe_build(struct sock *sk, u32 probe_size, u32 mss_now)
{
	struct sk_buff *probe, *head = tcp_send_head(sk);

	if (!tcp_mtu_probe_fits(sk, probe_size))
		return NULL;
	probe = tcp_stream_alloc_skb(sk, 0, GFP_ATOMIC, false);
	if (!probe)
		return NULL;
	sk_wmem_queued_add(sk, (int)probe->truesize);
	sk_mem_charge(sk, (int)probe->truesize);
	TCP_SKB_CB(probe)->seq = TCP_SKB_CB(head)->seq;
	TCP_SKB_CB(probe)->end_seq = TCP_SKB_CB(head)->seq + probe_size;
	TCP_SKB_CB(probe)->tcp_flags = TCPHDR_ACK;
	__skb_queue_head(&sk->sk_write_queue, probe);
	tcp_mtu_probe_fill(sk, probe, probe_size, mss_now);
	tcp_set_skb_tso_segs(probe, probe_size);
	return probe;
}

/* Payload of the next probe, 0 when none is due. */
static u32 tcp_mtu_probe_size(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	/* What our own device refuses need not be tried: it would come back at once, for ever. */
	int low = icsk->icsk_mtup.search_low;
	int high = min(icsk->icsk_mtup.search_high, (int)icsk->icsk_pmtu_cookie);
	int size = tcp_mtu_to_mss(sk, (high + low) >> 1);

	if (size > tcp_mtu_to_mss(sk, high) ||
	    high - low < sock_net(sk)->ipv4.sysctl_tcp_probe_threshold) {
		tcp_mtu_check_reprobe(sk);
		return 0;
	}
	return (u32)size;
}

/* Enough data, window and congestion window for a probe and what must follow it? As tcp_mtu_probe.
 */
static int tcp_mtu_probe_room(const struct sock *sk, u32 probe_size)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 needed = probe_size + (tp->reordering + 1) * tp->mss_cache;
	u32 in_flight = tcp_packets_in_flight(tp);

	if (tp->write_seq - tp->snd_nxt < needed || tp->snd_wnd < needed)
		return -1;
	if (after(tp->snd_nxt + needed, tcp_wnd_end(tp)))
		return 0;
	/* The probe counts for two. */
	if (in_flight + 2 > tp->snd_cwnd)
		return in_flight ? 0 : -1;
	return 1;
}

int tcp_mtu_probe(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 probe_size, mss_now;
	struct sk_buff *probe;
	int room;

	/* Not while something else is judged, and not beside SACK blocks, which vary our headers.
	 */
	if (icsk->icsk_mtup.probe_size || icsk->icsk_ca_state != TCP_CA_Open ||
	    tp->snd_cwnd < 11 || tp->rx_opt.num_sacks || tp->rx_opt.dsack)
		return -1;
	mss_now = tcp_current_mss(sk);
	probe_size = tcp_mtu_probe_size(sk);
	if (!probe_size)
		return -1;
	room = tcp_mtu_probe_room(sk, probe_size);
	if (room <= 0)
		return room;
	probe = tcp_mtu_probe_build(sk, probe_size, mss_now);
	/* If it cannot be sent it stays, and is cut up like any other. */
	if (!probe || tcp_transmit_skb(sk, probe, 1, GFP_ATOMIC))
		return -1;
	tcp_snd_cwnd_set(tp, tp->snd_cwnd - 1);
	tcp_event_new_data_sent(sk, probe);
	icsk->icsk_mtup.probe_size = (u32)tcp_mss_to_mtu(sk, (int)probe->len) & 0x7fffffff;
	tp->mtu_probe_start = TCP_SKB_CB(probe)->seq;
	tp->mtu_probe_end = TCP_SKB_CB(probe)->end_seq;
	return 1;
}

/* So large a packet passes. The same number of bytes in flight is now fewer segments. */
void tcp_mtup_probe_success(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u64 cwnd = (u64)tp->snd_cwnd * (u32)tcp_mss_to_mtu(sk, (int)tp->mss_cache);

	tp->prior_ssthresh = tcp_current_ssthresh(sk);
	tcp_snd_cwnd_set(tp, max_t(u32, 1, (u32)(cwnd / icsk->icsk_mtup.probe_size)));
	tp->snd_cwnd_cnt = 0;
	tp->snd_cwnd_stamp = tcp_jiffies32;
	tcp_cwnd_keep(sk);
	icsk->icsk_mtup.search_low = (int)icsk->icsk_mtup.probe_size;
	icsk->icsk_mtup.probe_size = 0;
	tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPMTUPSUCCESS);
}

/* It was too large; the window that it cost comes back. */
void tcp_mtup_probe_failed(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	icsk->icsk_mtup.search_high = (int)icsk->icsk_mtup.probe_size - 1;
	icsk->icsk_mtup.probe_size = 0;
	tcp_snd_cwnd_set(tp, tp->snd_cwnd + 1);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPMTUPFAIL);
}

/* First start over from tcp_base_mss, then halve, down to tcp_mtu_probe_floor. */
void tcp_mtu_probing(struct sock *sk)
{
	const struct netns_ipv4 *v4 = &sock_net(sk)->ipv4;
	struct inet_connection_sock *icsk = inet_csk(sk);
	int mss;

	if (!v4->sysctl_tcp_mtu_probing)
		return;
	if (!icsk->icsk_mtup.enabled) {
		icsk->icsk_mtup.enabled = 1;
		icsk->icsk_mtup.probe_timestamp = tcp_jiffies32;
	} else {
		mss = tcp_mtu_to_mss(sk, icsk->icsk_mtup.search_low) >> 1;
		mss = min(v4->sysctl_tcp_base_mss, mss);
		mss = max(mss, v4->sysctl_tcp_mtu_probe_floor);
		mss = max(mss, v4->sysctl_tcp_min_snd_mss);
		icsk->icsk_mtup.search_low = tcp_mss_to_mtu(sk, mss);
	}
	tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
}
