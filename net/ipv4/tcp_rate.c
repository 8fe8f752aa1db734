// SPDX-License-Identifier: BSD-2-Clause
/*
 * Delivery rate: how fast the network takes our data, one sample an ACK, and what held us back.
 *
 * draft-cheng-iccrg-delivery-rate-estimation: each segment remembers, when it is sent, how much had
 * been delivered and when; when it is delivered, the difference over the longer of the send and the
 * ACK interval is the rate. A sample is marked application-limited while the program, not the
 * network, was the limit. Congestion modules (BBR) and TCP_INFO read it.
 *
 * Chronographs: how long the connection was busy, limited by the peer's window or by the send
 * buffer (TCP_INFO). All called with the sock locked, from tcp_xmit.c, tcp_ack.c, tcp_sack.c,
 * tcp_output.c.
 */
#include <net/tcp_data.h>

/* Memory that the smallest packet holds. */
#define TCP_SMALLEST_SKB (1 + (int)SKB_DATA_ALIGN(sizeof(struct sk_buff)) + (int)SKB_SHINFO_SIZE)

/* Snapshot into a segment that is about to be sent; skb->tstamp is set. */
void tcp_rate_skb_sent(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	/* Nothing in flight: time spent waiting for the program is not part of the interval. */
	if (!tp->packets_out) {
		u64 sent_us = tcp_skb_timestamp_us(skb);

		tp->first_tx_mstamp = sent_us;
		tp->delivered_mstamp = sent_us;
	}
	cb->tx.first_tx_mstamp = tp->first_tx_mstamp;
	cb->tx.delivered_mstamp = tp->delivered_mstamp;
	cb->tx.delivered = tp->delivered;
	cb->tx.delivered_ce = tp->delivered_ce & 0xfffff;
	cb->tx.is_app_limited = tp->app_limited ? 1 : 0;
}

static bool sent_after(u64 t1, u64 t2, u32 seq1, u32 seq2)
{
	return t1 > t2 || (t1 == t2 && after(seq1, seq2));
}

/* A segment was (S)ACKed: the sample is that of the one sent last. */
void tcp_rate_skb_delivered(struct sock *sk, struct sk_buff *skb, struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	u64 sent_us;

	if (!cb->tx.delivered_mstamp)
		return;
	sent_us = tcp_skb_timestamp_us(skb);
	if (!rs->prior_delivered ||
	    sent_after(sent_us, tp->first_tx_mstamp, cb->end_seq, rs->last_end_seq)) {
		rs->prior_delivered_ce = cb->tx.delivered_ce;
		rs->prior_delivered = cb->tx.delivered;
		rs->prior_mstamp = cb->tx.delivered_mstamp;
		rs->is_app_limited = cb->tx.is_app_limited;
		rs->is_retrans = cb->sacked & TCPCB_RETRANS;
		rs->last_end_seq = cb->end_seq;
		tp->first_tx_mstamp = sent_us;
		rs->interval_us = tcp_stamp_us_delta(sent_us, cb->tx.first_tx_mstamp);
	}
	/* SACKed now and ACKed later: count it once. */
	if (cb->sacked & TCPCB_SACKED_ACKED)
		cb->tx.delivered_mstamp = 0;
}

/* Finish the sample of one ACK: delivered and lost are segments, newly so by this ACK. */
void tcp_rate_gen(struct sock *sk, u32 delivered, u32 lost, bool is_sack_reneg,
		  struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 snd_us, ack_us;

	if (tp->app_limited && after(tp->delivered, tp->app_limited))
		tp->app_limited = 0;
	if (delivered)
		tp->delivered_mstamp = tp->tcp_mstamp;
	rs->acked_sacked = delivered;
	rs->losses = (int)lost;
	/* After reneging the segments' snapshots say nothing. */
	if (!rs->prior_mstamp || is_sack_reneg) {
		rs->delivered = -1;
		rs->interval_us = -1;
		return;
	}
	rs->delivered = (s32)(tp->delivered - rs->prior_delivered);
	rs->delivered_ce = (s32)((tp->delivered_ce - rs->prior_delivered_ce) & 0xfffff);
	snd_us = (u32)rs->interval_us;
	ack_us = tcp_stamp_us_delta(tp->tcp_mstamp, rs->prior_mstamp);
	rs->interval_us = max(snd_us, ack_us);
	rs->snd_interval_us = snd_us;
	rs->rcv_interval_us = ack_us;
	/* Faster than any round trip: an artefact of stretched ACKs or spurious retransmission. */
	if (rs->interval_us < (long)tcp_min_rtt(tp)) {
		rs->interval_us = -1;
		return;
	}
	if (!rs->is_app_limited || (u64)(u32)rs->delivered * tp->rate_interval_us >=
					   (u64)tp->rate_delivered * (u64)rs->interval_us) {
		tp->rate_delivered = (u32)rs->delivered;
		tp->rate_interval_us = (u32)rs->interval_us;
		tp->rate_app_limited = rs->is_app_limited;
	}
}

/* Before the program's data is queued: is it the program that leaves the pipe empty? */
void tcp_rate_check_app_limited(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->write_seq - tp->snd_nxt < tp->mss_cache && /* less than a segment to send */
	    atomic_read(&sk->sk_wmem_alloc) - 1 < TCP_SMALLEST_SKB && /* nothing below us */
	    tcp_packets_in_flight(tp) < tp->snd_cwnd &&	   /* room in the window */
	    tp->lost_out <= tp->retrans_out)		   /* nothing to retransmit */
		tp->app_limited = max(tp->delivered + tcp_packets_in_flight(tp), 1u);
}

static void tcp_chrono_set(struct tcp_sock *tp, u8 type)
{
	u32 now = tcp_jiffies32;

	if (tp->chrono_type > TCP_CHRONO_UNSPEC)
		tp->chrono_stat[tp->chrono_type - 1] += now - tp->chrono_start;
	tp->chrono_start = now;
	tp->chrono_type = type;
}

/* Later types are more specific: the one that runs is the most specific that was started. */
void tcp_chrono_start(struct sock *sk, int type)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (type > tp->chrono_type)
		tcp_chrono_set(tp, (u8)type);
}

void tcp_chrono_stop(struct sock *sk, int type)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_rtx_queue_empty(sk) && skb_queue_empty(&sk->sk_write_queue))
		tcp_chrono_set(tp, TCP_CHRONO_UNSPEC);
	else if (type == tp->chrono_type)
		tcp_chrono_set(tp, TCP_CHRONO_BUSY);
}
