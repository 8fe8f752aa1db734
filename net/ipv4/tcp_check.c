// SPDX-License-Identifier: BSD-2-Clause
/*
 * The invariants of a connection, checked by walking everything: queues against counters, sequence
 * numbers against each other, memory against its sums. What RFC 9293 section 3.3.1 draws as
 * pictures of the sequence spaces, and what the scoreboard's counters mean.
 *
 * For tests and for a debugger: tcp_check_invariants() may be called between any two events, the
 * sock locked or nobody working on it; it panics on the first difference. Costs a walk over all
 * segments.
 */
#include <net/tcp_data.h>

/*
 * One packet goes beyond a limit; joined by GRO from segments of 560 bytes with a page each, say,
 * it takes half a MiB. Twice.
 */
#define TCP_CHECK_SLACK (2 * 0x80000)

/* RFC 9293 figure 3: SND.UNA <= SND.NXT <= end of what was written. */
static void check_send_sequence(const struct tcp_sock *tp)
{
	BUG_ON(after(tp->snd_una, tp->snd_nxt));
	BUG_ON(after(tp->snd_nxt, tp->write_seq));
	BUG_ON(after(tp->copied_seq, tp->rcv_nxt));
	BUG_ON(after(tp->rcv_wup, tp->rcv_nxt));
}

/* The retransmission queue holds exactly SND.UNA .. SND.NXT, without holes. Returns its memory. */
static int check_rtx_queue(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 packets = 0, sacked = 0, lost = 0, retrans = 0, seq = tp->snd_una;
	const struct sk_buff *skb;
	int mem = 0;

	for (skb = tcp_rtx_queue_head(sk); skb; skb = skb_rb_next(skb)) {
		const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
		u32 n = (u32)tcp_skb_pcount(skb);

		/* Its front may be acknowledged when it could not be trimmed. */
		BUG_ON(after(cb->seq, seq) || (cb->seq != seq && skb != tcp_rtx_queue_head(sk)));
		BUG_ON(!n || !after(cb->end_seq, seq));
		seq = cb->end_seq;
		packets += n;
		sacked += cb->sacked & TCPCB_SACKED_ACKED ? n : 0;
		lost += cb->sacked & TCPCB_LOST ? n : 0;
		retrans += cb->sacked & TCPCB_SACKED_RETRANS ? n : 0;
		BUG_ON(cb->sacked & TCPCB_SACKED_ACKED && cb->sacked & TCPCB_LOST);
		mem += (int)skb->truesize;
	}
	BUG_ON(seq != tp->snd_nxt);
	BUG_ON(packets != tp->packets_out);
	BUG_ON(tcp_is_sack(tp) && sacked != tp->sacked_out);
	BUG_ON(lost != tp->lost_out);
	BUG_ON(retrans != tp->retrans_out);
	BUG_ON(tcp_left_out(tp) > tp->packets_out);
	return mem;
}

/* The write queue holds SND.NXT .. write_seq. Returns its memory. */
static int check_write_queue(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct sk_buff *skb;
	u32 seq = tp->snd_nxt, n = 0;
	int mem = 0;

	skb_queue_walk(&sk->sk_write_queue, skb) {
		BUG_ON(TCP_SKB_CB(skb)->seq != seq);
		seq = TCP_SKB_CB(skb)->end_seq;
		mem += (int)skb->truesize;
		n++;
	}
	BUG_ON(seq != tp->write_seq);
	BUG_ON(n != sk->sk_write_queue.qlen);
	return mem;
}

/* copied_seq .. rcv_nxt is in the receive queue, in order. Returns its memory. */
static int check_receive_queue(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct sk_buff *skb;
	u32 seq = tp->copied_seq;
	int mem = 0;

	skb_queue_walk(&sk->sk_receive_queue, skb) {
		const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
		u32 fin = cb->tcp_flags & TCPHDR_FIN ? 1 : 0;

		BUG_ON(after(cb->seq, seq) || !after(cb->end_seq, seq));
		BUG_ON(cb->end_seq - cb->seq - fin != skb->len);
		seq = cb->end_seq;
		mem += (int)skb->truesize;
	}
	BUG_ON(!skb_queue_empty(&sk->sk_receive_queue) && seq != tp->rcv_nxt);
	return mem;
}

/* The tree lies beyond rcv_nxt, sorted, none within another. Returns its memory. */
static int check_ofo_queue(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct sk_buff *skb, *last = NULL;
	int mem = 0;

	for (skb = skb_rb_first(&tp->out_of_order_queue); skb; skb = skb_rb_next(skb)) {
		const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

		BUG_ON(!after(cb->seq, tp->rcv_nxt));
		BUG_ON(last && !after(cb->seq, TCP_SKB_CB(last)->seq));
		BUG_ON(last && !after(cb->end_seq, TCP_SKB_CB(last)->end_seq));
		mem += (int)skb->truesize;
		last = skb;
	}
	BUG_ON(last != tp->ooo_last_skb);
	return mem;
}

/* Reports that were queued by sock_queue_err_skb. */
static int check_error_queue(const struct sock *sk)
{
	const struct sk_buff *skb;
	int mem = 0;

	skb_queue_walk(&sk->sk_error_queue, skb) {
		if (skb->destructor == sock_rmem_free)
			mem += (int)skb->truesize;
	}
	return mem;
}

/*
 * Whoever waits must be woken: what is in flight or could not be sent has a timer, or waits for the
 * packets below us; a timer that is wanted is armed; an ACK that is owed has its timer. Only
 * between events, when nobody works on the sock.
 */
static void check_timers(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	bool waits = tp->packets_out || tcp_send_head(sk) || tp->fin_unsent;

	if (sk->sk_lock.owned || tp->tsq_flags || sk->sk_backlog.len)
		return;
	BUG_ON(waits && !icsk->icsk_pending && !hrtimer_active(&tp->pacing_timer));
	BUG_ON(icsk->icsk_pending && !timer_pending(&icsk->icsk_retransmit_timer));
	BUG_ON(icsk->icsk_ack.pending & ICSK_ACK_SCHED &&
	       !timer_pending(&icsk->icsk_delack_timer) &&
	       !hrtimer_active(&tp->compressed_ack_timer));
}

/* Pages are taken whole, and the receive and send queues keep near their limits. */
static void check_memory(const struct sock *sk, int wmem, int rmem)
{
	BUG_ON(wmem != sk->sk_wmem_queued);
	BUG_ON(rmem + check_error_queue(sk) != atomic_read(&sk->sk_rmem_alloc));
	BUG_ON(sk->sk_forward_alloc < 0);
	BUG_ON((sk->sk_forward_alloc + wmem + rmem) % SK_MEM_QUANTUM);
	BUG_ON(rmem > max(sk->sk_rcvbuf, SOCK_MIN_RCVBUF) + TCP_CHECK_SLACK);
	/* Pressure lowers sk_sndbuf below what is queued. */
	BUG_ON(wmem > max(2 * sk->sk_sndbuf, 2 * sock_net(sk)->ipv4.sysctl_tcp_wmem[2]) +
			      TCP_CHECK_SLACK);
}

void tcp_check_invariants(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (sk->sk_state == TCP_LISTEN || sk->sk_state == TCP_CLOSE)
		return;
	check_send_sequence(tp);
	check_memory(sk, check_rtx_queue(sk) + check_write_queue(sk),
		     check_receive_queue(sk) + check_ofo_queue(sk));
	BUG_ON(tp->rx_opt.num_sacks > TCP_NUM_SACKS);
	BUG_ON(!tp->snd_cwnd || tp->snd_ssthresh < 2);
	BUG_ON(inet_csk(sk)->icsk_ca_state == TCP_CA_Open && tp->lost_out);
	check_timers(sk);
}
