// SPDX-License-Identifier: BSD-2-Clause
/*
 * SYN and SYN-ACK: the segments that open a connection, with the window, MSS and options that both
 * sides will live with (RFC 9293 section 3.5, RFC 7323 section 2).
 *
 * tcp_connect() is called by tcp_v4_connect in SYN-SENT; tcp_make_synack() by the af_ops'
 * send_synack for a request (no sock yet: everything comes from the request and the listener);
 * tcp_send_synack() in simultaneous open. Retransmission of a SYN is the queue's business, of a
 * SYN-ACK the request timer's. Data on the SYN: tcp_fastopen_client.c.
 */
#include <net/dst.h>
#include <net/ip.h>
#include <net/tcp_data.h>
#include <net/tcp_ecn.h>
#include <net/tcp_fastopen.h>

/* Put a segment behind the others; its sequence numbers are final. */
void tcp_queue_skb(struct sock *sk, struct sk_buff *skb)
{
	tcp_sk(sk)->write_seq = TCP_SKB_CB(skb)->end_seq;
	__skb_queue_tail(&sk->sk_write_queue, skb);
	sk_wmem_queued_add(sk, (int)skb->truesize);
	sk_mem_charge(sk, (int)skb->truesize);
	if (skb_queue_next(&sk->sk_write_queue, skb) == NULL && tcp_rtx_queue_empty(sk))
		tcp_chrono_start(sk, TCP_CHRONO_BUSY);
}

static u16 tcp_advertise_mss(const struct sock *sk, const struct dst_entry *dst)
{
	u32 mss = dst->advmss(dst);
	u16 user = tcp_sk(sk)->rx_opt.user_mss;

	return (u16)(user && user < mss ? user : mss);
}

/* Everything of the sock that the first SYN needs. */
static void tcp_connect_init(struct sock *sk)
{
	const struct dst_entry *dst = __sk_dst_get(sk);
	const struct net *net = sock_net(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_initial_window w;

	tp->tcp_header_len = sizeof(struct tcphdr);
	if (net->ipv4.sysctl_tcp_timestamps)
		tp->tcp_header_len += TCPOLEN_TSTAMP_ALIGNED;
	if (tp->rx_opt.user_mss)
		tp->rx_opt.mss_clamp = tp->rx_opt.user_mss;
	tp->max_window = 0;
	tcp_mtup_init(sk);
	tcp_sync_mss(sk, dst_mtu(dst));
	/* A receive buffer that the program fixed bounds the window. */
	if (sk->sk_userlocks & SOCK_RCVBUF_LOCK &&
	    (!tp->window_clamp || tp->window_clamp > (u32)tcp_full_space(sk)))
		tp->window_clamp = (u32)tcp_full_space(sk);
	tp->advmss = tcp_advertise_mss(sk, dst);
	tcp_initialize_rcv_mss(sk);
	w.window_clamp = tp->window_clamp;
	tcp_select_initial_window(sk, tcp_full_space(sk), tp->advmss,
				  net->ipv4.sysctl_tcp_window_scaling, &w);
	tp->rcv_wnd = w.rcv_wnd;
	tp->window_clamp = w.window_clamp;
	tp->rx_opt.rcv_wscale = w.rcv_wscale & 15;
	tp->rcv_ssthresh = tp->rcv_wnd;
	sk->sk_err = 0;
	sock_reset_flag(sk, SOCK_DONE);
	tp->snd_wnd = 0;
	tcp_init_wl(tp, 0);
	tcp_write_queue_purge(sk);
	tp->snd_una = tp->write_seq;
	tp->snd_sml = tp->write_seq;
	tp->snd_up = tp->write_seq;
	tp->snd_nxt = tp->write_seq;
	tp->rcv_nxt = 0;
	tp->rcv_wup = tp->rcv_nxt;
	tp->copied_seq = tp->rcv_nxt;
	tp->rcv_tstamp = tcp_jiffies32;
	icsk->icsk_rto = TCP_TIMEOUT_INIT;
	icsk->icsk_retransmits = 0;
	tcp_clear_retrans(tp);
}

/* Send the SYN and start its timer; route, ports, ISS (write_seq) are set. 0 or -errno. */
int tcp_connect(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb, *head;
	int err;

	if (inet_csk(sk)->icsk_af_ops->rebuild_header(sk))
		return -EHOSTUNREACH;
	tcp_connect_init(sk);
	skb = tcp_stream_alloc_skb(sk, 0, GFP_KERNEL, true);
	if (unlikely(!skb))
		return -ENOBUFS;
	tcp_init_nondata_skb(skb, tp->write_seq, TCPHDR_SYN);
	tcp_mstamp_refresh(tp);
	tp->retrans_stamp = tcp_time_stamp(tp);
	tcp_ecn_send_syn(sk, skb);
	tp->write_seq = TCP_SKB_CB(skb)->end_seq;
	sk_wmem_queued_add(sk, (int)skb->truesize);
	sk_mem_charge(sk, (int)skb->truesize);
	tcp_tx_queue_insert(sk, skb);
	tp->packets_out += (u32)tcp_skb_pcount(skb);
	err = tp->fastopen_req ? tcp_send_syn_data(sk, skb)
			       : tcp_transmit_skb(sk, skb, 1, GFP_KERNEL);
	/* Not even a SYN gets out: but for a refusal, the timer tries again. */
	if (err == -ECONNREFUSED)
		return err;
	head = tcp_send_head(sk); /* data that could not go with it */
	tp->snd_nxt = unlikely(head) ? TCP_SKB_CB(head)->seq : tp->write_seq;
	tp->pushed_seq = tp->snd_nxt;
	TCP_INC_STATS(sock_net(sk), TCP_MIB_ACTIVEOPENS);
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, inet_csk(sk)->icsk_rto, TCP_RTO_MAX);
	return 0;
}

/* SYNs crossed (RFC 9293 figure 8): send our SYN again, with an ACK. */
int tcp_send_synack(struct sock *sk)
{
	struct sk_buff *skb = tcp_rtx_queue_head(sk);

	if (WARN_ON_ONCE(!skb || !(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN)))
		return -EFAULT;
	TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_ACK;
	tcp_ecn_send_synack(sk, skb);
	return tcp_transmit_skb(sk, skb, 1, GFP_ATOMIC);
}

/* Timestamp of a SYN-ACK; with a cookie its low bits carry the peer's options. */
static u32 tcp_synack_tsval(struct request_sock *req, struct sk_buff *skb)
{
	u64 now_ns = ktime_get_ns();

	if (req->syncookie && inet_rsk(req)->tstamp_ok)
		now_ns = cookie_init_timestamp(req, now_ns);
	skb->tstamp = now_ns;
	if (!tcp_rsk(req)->snt_synack)
		tcp_rsk(req)->snt_synack = now_ns / NSEC_PER_USEC;
	return (u32)(now_ns / NSEC_PER_MSEC) + tcp_rsk(req)->ts_off;
}

/*
 * The SYN-ACK for a request: skb with the TCP header at skb->data, checksum not filled in, route
 * set (its reference goes with it). NULL without memory; then dst is released.
 */
struct sk_buff *tcp_make_synack(const struct sock *sk, struct dst_entry *dst,
				struct request_sock *req, const struct tcp_fastopen_cookie *foc)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	const struct tcp_request_sock *treq = tcp_rsk(req);
	struct tcp_out_options opts;
	unsigned int hdrlen;
	struct tcphdr *th;
	struct sk_buff *skb = alloc_skb(MAX_TCP_HEADER, GFP_ATOMIC);
	u32 tsval;

	if (unlikely(!skb))
		return NULL;
	skb_reserve(skb, MAX_TCP_HEADER);
	skb_dst_set(skb, dst_hold(dst)); /* the caller keeps its own */
	skb->hash = treq->txhash;
	skb->l4_hash = 1;
	tsval = tcp_synack_tsval(req, skb);
	hdrlen = tcp_synack_options(req, tcp_advertise_mss(sk, dst), foc, &opts);
	opts.tsval = tsval;
	hdrlen += (unsigned int)sizeof(*th);
	th = skb_push(skb, hdrlen);
	skb_reset_transport_header(skb);
	memset(th, 0, sizeof(*th));
	th->source = cpu_to_be16(ireq->ir_num);
	th->dest = ireq->ir_rmt_port;
	th->seq = cpu_to_be32(treq->snt_isn);
	th->ack_seq = cpu_to_be32(treq->rcv_nxt);
	th->doff = (u16)(hdrlen / 4) & 15;
	th->syn = 1;
	th->ack = 1;
	tcp_ecn_make_synack(req, th);
	th->window = cpu_to_be16((u16)min(treq->rsk_rcv_wnd, 65535u));
	tcp_options_write(th, NULL, &opts);
	skb->ip_summed = CHECKSUM_PARTIAL;
	TCP_INC_STATS(sock_net(sk), TCP_MIB_OUTSEGS);
	return skb;
}

/* The request's timer ran out, or its SYN came again. 0 or -errno. */
int tcp_rtx_synack(const struct sock *sk, struct request_sock *req)
{
	int err;

	if (sk->sk_txrehash == SOCK_TXREHASH_ENABLED)
		tcp_rsk(req)->txhash = net_tx_rndhash();
	err = tcp_v4_send_synack(sk, NULL, req, NULL);
	if (!err) {
		req->num_retrans++; /* its round trip cannot be measured any more */
		TCP_INC_STATS(sock_net(sk), TCP_MIB_RETRANSSEGS);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSYNRETRANS);
		if (unlikely(tcp_passive_fastopen(sk)))
			tcp_sk(sk)->total_retrans++;
	}
	return err;
}
