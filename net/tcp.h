/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_TCP_H
#define BW_NET_TCP_H

/*
 * TCP's own structures: tcp_sock (the transmission control block of RFC 9293 section 3.3.1),
 * tcp_request_sock, tcp_timewait_sock, tcp_skb_cb, tcp_options_received.
 * Constants: <net/tcp_const.h>; functions: <net/tcp_ops.h>. All members of tcp_sock: sock lock [s].
 */
#include <kernel/lib/win_minmax.h>
#include <kernel/time/hrtimer.h>
#include <net/inet_connection_sock.h>
#include <net/inet_timewait_sock.h>
#include <net/tcp_const.h>
#include <netinet/tcp.h>

/* Sequence space comparisons, modulo 2^32 (RFC 9293 section 3.4). Nothing else compares them. */
static inline bool before(u32 a, u32 b)
{
	return (s32)(a - b) < 0;
}
#define after(a, b) before(b, a)
/* seq2 <= seq1 <= seq3 */
static inline bool between(u32 seq1, u32 seq2, u32 seq3)
{
	return seq3 - seq2 >= seq1 - seq2;
}

struct tcp_sack_block {
	u32 start_seq, end_seq;
};

struct tcp_options_received {
	int ts_recent_stamp; /* s: when ts_recent was stored; 0 = none */
	u32 ts_recent;	     /* TS.Recent */
	u32 rcv_tsval, rcv_tsecr;
	u16 saw_tstamp : 1, tstamp_ok : 1, dsack : 1, wscale_ok : 1, sack_ok : 3, snd_wscale : 4,
		rcv_wscale : 4;
	u8 num_sacks;
	u8 saw_unknown : 1, saw_fastopen : 1;
	u16 user_mss; /* TCP_MAXSEG */
	u16 mss_clamp;
};

/* In skb->cb while TCP owns the segment. Host order; the wire is not read again. */
struct tcp_skb_cb {
	u32 seq;     /* SEG.SEQ */
	u32 end_seq; /* SEG.SEQ + SEG.LEN (SYN and FIN count) */
	union {
		struct {
			u16 tcp_gso_segs, tcp_gso_size; /* sending */
		};
		u32 tcp_tw_isn; /* SYN that reopens a TIME-WAIT */
	};
	u8 tcp_flags; /* TCPHDR_* */
	u8 sacked;    /* TCPCB_* */
	u8 ip_dsfield;
	u8 txstamp_ack : 1, eor : 1, has_rxtstamp : 1, unused : 5;
	u32 ack_seq; /* SEG.ACK */
	union {
		struct { /* sending: delivery rate sample (tcp_rate.c) */
			u32 is_app_limited : 1, delivered_ce : 20, rate_unused : 11;
			u32 delivered;
			u64 first_tx_mstamp, delivered_mstamp;
		} tx;
		struct {	    /* receiving: parsed once by tcp_v4_fill_cb */
			u16 window; /* unscaled */
			u16 doff;   /* bytes */
			u16 urg_ptr;
			u16 opt_len;
		} rx;
	};
};
static_assert(sizeof(struct tcp_skb_cb) <= 48, "skb->cb");
#define TCP_SKB_CB(skb)	     ((struct tcp_skb_cb *)&((skb)->cb[0]))
#define TCPCB_SACKED_ACKED   0x01
#define TCPCB_SACKED_RETRANS 0x02
#define TCPCB_LOST	     0x04
#define TCPCB_TAGBITS	     0x07
#define TCPCB_REPAIRED	     0x10
#define TCPCB_EVER_RETRANS   0x80
#define TCPCB_RETRANS	     (TCPCB_SACKED_RETRANS | TCPCB_EVER_RETRANS)

struct tcp_sock {
	struct inet_connection_sock inet_conn; /* first */

	/* receive fast path */
	u16 tcp_header_len; /* bytes with the options every segment has */
	u16 gso_segs_max;
	be32 pred_flags; /* header prediction: doff, ACK, window as on the wire; 0 = off */
	u32 rcv_nxt;	 /* RCV.NXT */
	u32 copied_seq;	 /* next byte the program reads */
	u32 rcv_wup;	 /* rcv_nxt when the window was last sent */
	u32 rcv_wnd;	 /* RCV.WND, bytes */
	u32 window_clamp, rcv_ssthresh;
	u32 max_window; /* largest window the peer ever offered */

	/* send */
	u32 snd_una;   /* SND.UNA */
	u32 snd_nxt;   /* SND.NXT */
	u32 snd_sml;   /* last byte of the last small segment (Minshall) */
	u32 snd_wl1;   /* SND.WL1 */
	u32 snd_wnd;   /* SND.WND, bytes */
	u32 snd_up;    /* SND.UP */
	u32 write_seq; /* end of what the program wrote */
	u32 pushed_seq;
	u32 mss_cache;					    /* payload bytes of a full segment */
	u16 advmss;					    /* what we told the peer */
	u32 packets_out, retrans_out, lost_out, sacked_out; /* segments */
	u32 max_packets_out, cwnd_usage_seq;
	bool is_cwnd_limited;

	/* congestion: written only by tcp_cong.c, the congestion modules and tcp_recovery.c's PRR
	 */
	u32 snd_cwnd, snd_ssthresh, snd_cwnd_cnt, snd_cwnd_clamp, snd_cwnd_used, snd_cwnd_stamp;
	u32 prior_cwnd, prior_ssthresh, prr_delivered, prr_out;
	u32 high_seq; /* snd_nxt when recovery began */
	u32 undo_marker, undo_retrans_pos;
	int undo_retrans;
	u32 retrans_stamp, total_retrans;
	u32 reordering, reord_seen;
	u8 frto : 1, is_sack_reneg : 1, syn_data : 1, repair : 1, nonagle : 4;
	u8 thin_lto : 1, recvmsg_inq : 1, rate_app_limited : 1, tlp_retrans : 1,
		fastopen_no_cookie : 1, syn_fastopen : 1,
		fin_unsent : 1; /* no memory for the FIN yet: the probe timer tries again */
	u8 save_syn : 2, syn_fastopen_exp : 1, syn_fastopen_ch : 1, syn_data_acked : 1,
		fastopen_connect : 1, fastopen_client_fail : 2; /* <net/tcp_fastopen.h> */
	u8 ecn_flags; /* TCP_ECN_* */
	u8 keepalive_probes;
	u32 tlp_high_seq;

	struct tcp_fastopen_request *fastopen_req; /* client: open in progress */
	struct request_sock *fastopen_rsk;	   /* server: handshake not over */
	struct saved_syn *saved_syn;		   /* TCP_SAVED_SYN */

	/* delivery rate (tcp_rate.c) */
	u32 delivered, delivered_ce, lost, app_limited, rate_delivered, rate_interval_us;
	u64 first_tx_mstamp, delivered_mstamp;

	/* round trip, RFC 6298 (tcp_rtt.c) */
	u64 tcp_mstamp; /* us: time of the event being worked on */
	u64 tcp_wstamp_ns, tcp_clock_cache;
	u32 srtt_us; /* 8 x smoothed RTT */
	u32 mdev_us, mdev_max_us, rttvar_us, rtt_seq;
	struct {
		u32 rtt_us, seq;
		u64 time;
	} rcv_rtt_est;
	struct {
		u32 space, seq;
		u64 time;
	} rcvq_space;
	struct minmax rtt_min; /* us, over tcp_min_rtt_wlen */
	u32 rcv_rtt_last_tsecr;

	/* RACK, RFC 8985 (tcp_recovery.c) */
	struct {
		u64 mstamp;
		u32 rtt_us, end_seq, last_delivered;
		u8 reo_wnd_steps, reo_wnd_persist : 5, dsack_seen : 1, advanced : 1;
	} rack;
	struct list_head tsorted_sent_queue;

	/* out of order data */
	struct rb_root out_of_order_queue;
	struct sk_buff *ooo_last_skb;
	struct tcp_sack_block duplicate_sack[1], selective_acks[TCP_NUM_SACKS],
		recv_sack_cache[TCP_NUM_SACKS];
	struct sk_buff *highest_sack, *lost_skb_hint, *retransmit_skb_hint;
	u32 lost_cnt_hint;

	/* urgent data, options, limits */
	u32 urg_seq;
	u16 urg_data;
	/* ACKs of out-of-order data that wait to be sent as one (tcp_delack.c) */
	u8 compressed_ack, dup_ack_counter;
	u32 compressed_ack_rcv_nxt;
	struct hrtimer compressed_ack_timer;
	struct tcp_options_received rx_opt;
	u32 tsoffset;	/* added to our timestamps */
	u32 lsndtime;	/* last data sent, ms */
	u32 rcv_tstamp; /* last ACK received, ms */
	u32 last_oow_ack_time;
	u32 tcp_challenge_stamp;
	u32 keepalive_time, keepalive_intvl; /* 0 = sysctl */
	int linger2;
	u32 notsent_lowat;
	u32 mtu_info;		 /* ICMP news while a thread owns the sock */
	u32 mtu_probe_start, mtu_probe_end; /* what the MTU probe carries (RFC 4821) */
	unsigned long tsq_flags; /* TSQ_* and deferred work, TCP_*_DEFERRED */
	struct list_head tsq_node;
	struct hrtimer pacing_timer;
	u32 chrono_start, chrono_stat[3];
	u8 chrono_type;

	/* counters of TCP_INFO */
	u64 bytes_sent, bytes_retrans, bytes_acked, bytes_received;
	u32 segs_in, segs_out, data_segs_in, data_segs_out, dsack_dups, rcv_ooopack, snd_wnd_probes;
};
static inline struct tcp_sock *tcp_sk(const struct sock *sk)
{
	return (struct tcp_sock *)sk;
}
enum { TCP_NAGLE_OFF = 1, TCP_NAGLE_CORK = 2, TCP_NAGLE_PUSH = 4 };
enum { TCP_ECN_OK = 1, TCP_ECN_QUEUE_CWR = 2, TCP_ECN_DEMAND_CWR = 4, TCP_ECN_SEEN = 8 };
enum {
	TSQ_THROTTLED,	  /* data waits for the queues below to shrink */
	TSQ_QUEUED,	  /* they did: on the tasklet's list */
	TCP_TSQ_DEFERRED, /* from here on: work for the owner thread */
	TCP_WRITE_TIMER_DEFERRED,
	TCP_DELACK_TIMER_DEFERRED,
	TCP_MTU_REDUCED_DEFERRED,
	TCP_KEEPALIVE_DEFERRED
};

struct tcp_request_sock {
	struct inet_request_sock req; /* first */
	u64 snt_synack;		      /* us */
	u32 txhash;
	u32 rcv_isn, snt_isn; /* IRS, ISS */
	u32 ts_off;
	u32 last_oow_ack_time;
	u32 rcv_nxt;
	u32 rsk_rcv_wnd, rsk_window_clamp;
	u8 syn_tos;
	bool tfo_listener; /* its child is made already (Fast Open) */
};
static inline struct tcp_request_sock *tcp_rsk(const struct request_sock *req)
{
	return (struct tcp_request_sock *)req;
}

struct tcp_timewait_sock {
	struct inet_timewait_sock tw_sk; /* first */
	u32 tw_rcv_nxt, tw_snd_nxt, tw_rcv_wnd, tw_ts_offset, tw_ts_recent, tw_last_oow_ack_time;
	int tw_ts_recent_stamp;
};
static inline struct tcp_timewait_sock *tcp_twsk(const struct sock *sk)
{
	return (struct tcp_timewait_sock *)sk;
}

#endif /* BW_NET_TCP_H */
