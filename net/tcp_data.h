/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_TCP_DATA_H
#define BW_NET_TCP_DATA_H

/*
 * What the files of TCP's data half say to each other (net/ipv4/tcp_*.c); nobody else includes it.
 * By file; sock locked everywhere. Times in us are tcp_mstamp's, in ms jiffies.
 */
#include <errno.h>
#include <kernel/lib/printk.h>
#include <net/tcp_inline.h>

/* What one ACK's SACK blocks said. */
struct tcp_sacktag_state {
	u64 first_sackt, last_sackt; /* us: first and last sending among the newly SACKed */
	u32 prior_fack;		     /* end of the highest SACKed data before this ACK */
	u32 reord;		     /* lowest sequence number that arrived late */
	u32 sack_delivered;	     /* segments newly SACKed, duplicates counted too */
	int flag;
	unsigned int mss_now;
	struct rate_sample *rate;
};
enum tcp_rexmit { REXMIT_NONE, REXMIT_LOST, REXMIT_NEW };
#define TCP_SACK_SEEN		 1
#define TCP_DSACK_SEEN		 4
#define TCP_RACK_LOSS_DETECTION	 1
#define TCP_RACK_STATIC_REO_WND	 2
#define TCP_RACK_NO_DUPTHRESH	 4
#define TCP_RACK_RECOVERY_THRESH 16
#define TCP_TIMEOUT_MIN		 2U /* ms */
#define FLAG_ACKED		 (FLAG_DATA_ACKED | FLAG_SYN_ACKED)
#define FLAG_NOT_DUP		 (FLAG_DATA | FLAG_WIN_UPDATE | FLAG_ACKED)
#define FLAG_CA_ALERT		 (FLAG_DATA_SACKED | FLAG_ECE | FLAG_DSACKING_ACK)
#define FLAG_FORWARD_PROGRESS	 (FLAG_ACKED | FLAG_DATA_SACKED)
enum { CA_ACK_SLOWPATH = 1, CA_ACK_WIN_UPDATE = 2, CA_ACK_ECE = 4 };
enum { TCP_CHRONO_UNSPEC, TCP_CHRONO_BUSY, TCP_CHRONO_RWND_LIMITED, TCP_CHRONO_SNDBUF_LIMITED };

/* The options of one outgoing segment (tcp_options.c). */
struct tcp_out_options {
	u8 options; /* OPTION_* */
	u8 ws, num_sack_blocks;
	u16 mss;
	u32 tsval, tsecr;
	const struct tcp_fastopen_cookie *fastopen_cookie;
};
enum {
	OPTION_SACK_ADVERTISE = 1,
	OPTION_TS = 2,
	OPTION_WSCALE = 8,
	OPTION_FAST_OPEN_COOKIE = 64
};
bool tcp_paws_check(const struct tcp_options_received *opt, int slack);
unsigned int tcp_syn_options(struct sock *sk, const struct sk_buff *skb, struct tcp_out_options *o);
unsigned int tcp_synack_options(struct request_sock *req, unsigned int mss,
				const struct tcp_fastopen_cookie *foc, struct tcp_out_options *o);
unsigned int tcp_established_options(struct sock *sk, const struct sk_buff *skb,
				     struct tcp_out_options *o);
/* tp NULL: no SACK blocks to write. */
void tcp_options_write(struct tcphdr *th, struct tcp_sock *tp, const struct tcp_out_options *o);

/* tcp_sack.c, tcp_sackout.c */
int tcp_sacktag_write_queue(struct sock *sk, const struct sk_buff *ack_skb, u32 prior_una,
			    struct tcp_sacktag_state *state);
void tcp_check_sack_reordering(struct sock *sk, u32 low_seq, bool ts);
void tcp_check_reno_reordering(struct sock *sk, int addend);
void tcp_dsack_set(struct sock *sk, u32 seq, u32 end_seq);
void tcp_rcv_spurious_retrans(struct sock *sk, u32 seq);
void tcp_send_dupack(struct sock *sk, const struct sk_buff *skb);
void tcp_sack_new_ofo_skb(struct sock *sk, u32 seq, u32 end_seq);
void tcp_sack_remove(struct tcp_sock *tp);
bool tcp_dsack_extend(struct sock *sk, u32 seq, u32 end_seq);

/* tcp_ack.c */
void tcp_try_undo_spurious_syn(struct sock *sk); /* tcp_synsent.c */
void tcp_replace_ts_recent(struct tcp_sock *tp, u32 seq);
void tcp_count_delivered(struct tcp_sock *tp, u32 delivered, bool ece_ack);
/* tcp_recovery.c, tcp_rack.c, tcp_undo.c, tcp_tlp.c */
void tcp_set_ca_state(struct sock *sk, u8 ca_state);
void tcp_fastretrans_alert(struct sock *sk, u32 prior_una, int num_dupack, int *ack_flag,
			   enum tcp_rexmit *rexmit);
bool tcp_force_fast_retransmit(struct sock *sk);
void tcp_mark_skb_lost(struct sock *sk, struct sk_buff *skb);
void tcp_remove_reno_sacks(struct sock *sk, int acked, bool ece_ack);
void tcp_xmit_recovery(struct sock *sk, enum tcp_rexmit rexmit);
void tcp_enter_recovery(struct sock *sk, bool ece_ack);
bool tcp_rack_mark_lost(struct sock *sk);
void tcp_rack_advance(struct tcp_sock *tp, u8 sacked, u32 end_seq, u64 xmit_time);
void tcp_rack_reo_timeout(struct sock *sk);
void tcp_rack_update_reo_wnd(struct sock *sk, const struct rate_sample *rs);
void tcp_newreno_mark_lost(struct sock *sk, bool snd_una_advanced);
void tcp_rack_requeue(struct sock *sk, struct sk_buff *skb);
void tcp_undo_cwnd_reduction(struct sock *sk, bool unmark_loss);
bool tcp_try_undo_recovery(struct sock *sk);
bool tcp_try_undo_dsack(struct sock *sk);
bool tcp_try_undo_loss(struct sock *sk, bool frto_undo);
bool tcp_try_undo_partial(struct sock *sk, u32 prior_una, bool *do_lost);
void tcp_try_keep_open(struct sock *sk);
bool tcp_any_retrans_done(const struct sock *sk);
void tcp_retrans_stamp_cleanup(struct sock *sk);
void tcp_process_tlp_ack(struct sock *sk, u32 ack, int flag);

/* tcp_cwnd.c: the congestion window */
void tcp_snd_cwnd_set(struct tcp_sock *tp, u32 val);
u32 tcp_init_cwnd(const struct tcp_sock *tp);
void tcp_init_cwnd_reduction(struct sock *sk);
void tcp_cwnd_reduction(struct sock *sk, int acked_sacked, int lost, int flag);
void tcp_end_cwnd_reduction(struct sock *sk);
void tcp_enter_cwr(struct sock *sk);
void tcp_cwnd_enter_loss(struct sock *sk);
void tcp_cwnd_undo(struct sock *sk);
void tcp_cwnd_keep(struct sock *sk);
void tcp_cwnd_validate(struct sock *sk, bool is_cwnd_limited);
bool tcp_is_cwnd_limited(const struct sock *sk);
void tcp_slow_start_after_idle_check(struct sock *sk);
void tcp_cong_control(struct sock *sk, u32 ack, u32 acked_sacked, int flag,
		      const struct rate_sample *rs);
void tcp_update_pacing_rate(struct sock *sk);
static inline void tcp_ca_event(struct sock *sk, enum tcp_ca_event event)
{
	const struct tcp_congestion_ops *ca = inet_csk(sk)->icsk_ca_ops;

	if (ca->cwnd_event)
		ca->cwnd_event(sk, event);
}
static inline bool tcp_in_cwnd_reduction(const struct sock *sk)
{
	return (TCPF_CA_CWR | TCPF_CA_Recovery) & (1u << inet_csk(sk)->icsk_ca_state);
}

/* tcp_rate.c, tcp_rtt.c */
void tcp_rate_skb_sent(struct sock *sk, struct sk_buff *skb);
void tcp_rate_skb_delivered(struct sock *sk, struct sk_buff *skb, struct rate_sample *rs);
void tcp_rate_gen(struct sock *sk, u32 delivered, u32 lost, bool is_sack_reneg,
		  struct rate_sample *rs);
void tcp_rate_check_app_limited(struct sock *sk);
bool tcp_ack_update_rtt(struct sock *sk, int flag, long seq_rtt_us, long sack_rtt_us,
			struct rate_sample *rs);
void tcp_sndbuf_expand(struct sock *sk); /* tcp_pmtu.c */
void tcp_chrono_start(struct sock *sk, int type);
void tcp_chrono_stop(struct sock *sk, int type);

/* tcp_rcvq.c, tcp_collapse.c, tcp_rcvwin.c, tcp_delack.c */
bool tcp_try_rmem_schedule(struct sock *sk, struct sk_buff *skb, unsigned int size);
int tcp_prune_queue(struct sock *sk, const struct sk_buff *in_skb);
bool tcp_prune_ofo_queue(struct sock *sk, const struct sk_buff *in_skb);
void tcp_collapse_queues(struct sock *sk);
void tcp_rcv_nxt_update(struct tcp_sock *tp, u32 seq);
void tcp_measure_rcv_mss(struct sock *sk, const struct sk_buff *skb);
void tcp_rcv_rtt_measure(struct tcp_sock *tp);
void tcp_rcv_rtt_measure_ts(struct sock *sk, const struct sk_buff *skb);
void tcp_grow_window(struct sock *sk, const struct sk_buff *skb, bool adjust);
void tcp_clamp_window(struct sock *sk);
void tcp_adjust_rcv_ssthresh(struct sock *sk);
void tcp_event_data_recv(struct sock *sk, struct sk_buff *skb);
void tcp_enter_quickack_mode(struct sock *sk, unsigned int max_quickacks);
void tcp_dec_quickack_mode(struct sock *sk);
void tcp_sack_compress_send_ack(struct sock *sk);
void tcp_sack_compress_done(struct sock *sk);
void __tcp_ack_snd_check(struct sock *sk);

/* tcp_output.c, tcp_split.c, tcp_xmit.c, tcp_retransmit.c */
bool tcp_snd_wnd_test(const struct tcp_sock *tp, const struct sk_buff *skb, unsigned int mss);
int tcp_init_tso_segs(struct sk_buff *skb, unsigned int mss_now);
void tcp_set_skb_tso_segs(struct sk_buff *skb, unsigned int mss_now);
void tcp_adjust_pcount(struct sock *sk, const struct sk_buff *skb, int decr);
void tcp_event_new_data_sent(struct sock *sk, struct sk_buff *skb);
void tcp_init_nondata_skb(struct sk_buff *skb, u32 seq, u8 flags);
void tcp_queue_skb(struct sock *sk, struct sk_buff *skb);
struct sk_buff *tcp_stream_alloc_skb(struct sock *sk, u32 size, gfp_t gfp, bool force);
int __tcp_transmit_skb(struct sock *sk, struct sk_buff *skb, int clone_it, gfp_t gfp, u32 rcv_nxt);
int __tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs);
int tcp_skb_unlinear(struct sock *sk, struct sk_buff *skb, struct page_frag *pf);
void tcp_tx_queue_insert(struct sock *sk, struct sk_buff *skb);
void tcp_rtx_queue_unlink_and_free(struct sock *sk, struct sk_buff *skb);
void tcp_write_err(struct sock *sk);
void tcp_check_probe_timer(struct sock *sk);
unsigned long tcp_probe0_when(const struct sock *sk, unsigned long max_when);
void tcp_check_space(struct sock *sk);
u32 tcp_clamp_probe0_to_user_timeout(const struct sock *sk, u32 when);

/* Walks every queue and compares it with the counters; panics when they differ. For tests. */
void tcp_check_invariants(const struct sock *sk);

/* When skb was (last) sent, us and in timestamp ticks. */
static inline u64 tcp_skb_timestamp_us(const struct sk_buff *skb)
{
	return skb->tstamp / NSEC_PER_USEC;
}
static inline u32 tcp_skb_timestamp(const struct sk_buff *skb)
{
	return (u32)(skb->tstamp / NSEC_PER_MSEC);
}
static inline u32 tcp_stamp_us_delta(u64 t1, u64 t0)
{
	return t1 > t0 ? (u32)(t1 - t0) : 0;
}
/* jiffies of the event being worked on, without reading the clock again. */
static inline u32 tcp_event_jiffies32(const struct tcp_sock *tp)
{
	return (u32)(INITIAL_JIFFIES + tp->tcp_mstamp / USEC_PER_MSEC);
}
/* tcp_seconds() of that event. */
static inline int tcp_event_seconds(const struct tcp_sock *tp)
{
	return (int)(tp->tcp_mstamp / USEC_PER_SEC) + 1;
}
static inline u32 usecs_to_ms(u64 us)
{
	return (u32)((us + USEC_PER_MSEC - 1) / USEC_PER_MSEC);
}
static inline int tcp_skb_mss(const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->tcp_gso_size;
}
static inline void tcp_skb_pcount_set(struct sk_buff *skb, int segs)
{
	TCP_SKB_CB(skb)->tcp_gso_segs = (u16)segs;
}
static inline bool tcp_is_rack(const struct sock *sk)
{
	return sock_net(sk)->ipv4.sysctl_tcp_recovery & TCP_RACK_LOSS_DETECTION;
}
static inline u32 tcp_current_ssthresh(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_in_cwnd_reduction(sk))
		return tp->snd_ssthresh;
	return max(tp->snd_ssthresh, (tp->snd_cwnd >> 1) + (tp->snd_cwnd >> 2));
}
/* Just behind the highest SACKed byte. */
static inline u32 tcp_highest_sack_seq(const struct tcp_sock *tp)
{
	if (!tp->sacked_out)
		return tp->snd_una;
	return tp->highest_sack ? TCP_SKB_CB(tp->highest_sack)->seq : tp->snd_nxt;
}
static inline void tcp_clear_all_retrans_hints(struct tcp_sock *tp)
{
	tp->lost_skb_hint = NULL;
	tp->retransmit_skb_hint = NULL;
}
static inline int skb_unclone(struct sk_buff *skb, gfp_t gfp)
{
	return skb_cloned(skb) ? pskb_expand_head(skb, 0, 0, gfp) : 0;
}

#endif /* BW_NET_TCP_DATA_H */
