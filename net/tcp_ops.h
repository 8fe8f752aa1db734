/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_TCP_OPS_H
#define BW_NET_TCP_OPS_H

/*
 * TCP's functions, by the file that holds them (what each file answers: shared style notes and the
 * file heads). Unless said otherwise: sock locked, softirqs may run. RFC 9293 section 3.10.
 */
#include <net/ip.h>
#include <net/tcp.h>
#include <net/tcp_cong.h>

struct tcp_fastopen_cookie;

/* ---- opening and closing ---- */
/* tcp_ipv4.c: whose segment; replies without a sock; ICMP errors. */
extern const struct inet_connection_sock_af_ops ipv4_specific;
extern struct request_sock_ops tcp_request_sock_ops;
extern struct timewait_sock_ops tcp_timewait_sock_ops;
int tcp_v4_rcv(struct sk_buff *skb);			 /* consumes skb; softirq */
int tcp_v4_do_rcv(struct sock *sk, struct sk_buff *skb); /* consumes skb */
int tcp_v4_err(struct sk_buff *skb, u32 info);		 /* keeps skb; softirq */
int tcp_v4_connect(struct sock *sk, struct sockaddr *addr, int len);
int tcp_v4_conn_request(struct sock *sk, struct sk_buff *skb);
struct sock *tcp_v4_syn_recv_sock(const struct sock *sk, struct sk_buff *skb,
				  struct request_sock *req, struct dst_entry *dst, bool *own_req);
/* foc: Fast Open's option, NULL: none. */
int tcp_v4_send_synack(const struct sock *sk, struct dst_entry *dst, struct request_sock *req,
		       const struct tcp_fastopen_cookie *foc);
/* sk may be NULL. */
void tcp_v4_send_reset(const struct sock *sk, struct sk_buff *skb);
/* tcp_reply.c: answers for a request or a timewait sock. */
void tcp_v4_timewait_ack(struct inet_timewait_sock *tw, struct sk_buff *skb);
void tcp_v4_reqsk_send_ack(const struct sock *sk, struct sk_buff *skb, struct request_sock *req);
void tcp_v4_send_check(struct sock *sk, struct sk_buff *skb);
int tcp_v4_init_sock(struct sock *sk);
void tcp_v4_destroy_sock(struct sock *sk);
void tcp_v4_mtu_reduced(struct sock *sk);
u32 tcp_v4_init_seq(const struct net *net, be32 daddr, be32 saddr, be16 dport,
		    be16 sport); /* RFC 6528 */
u32 tcp_v4_init_ts_off(const struct net *net, be32 daddr, be32 saddr);
/* tcp_conn_request.c */
int tcp_conn_request(const struct request_sock_ops *ops, struct sock *sk, struct sk_buff *skb);
/* tcp_minisocks.c */
struct sock *tcp_check_req(struct sock *sk, struct sk_buff *skb, struct request_sock *req,
			   bool fastopen, enum skb_drop_reason *reason);
struct sock *tcp_create_openreq_child(const struct sock *sk, struct request_sock *req,
				      struct sk_buff *skb);
int tcp_child_process(struct sock *parent, struct sock *child,
		      struct sk_buff *skb); /* consumes skb */
enum tcp_tw_status { TCP_TW_SUCCESS, TCP_TW_RST, TCP_TW_ACK, TCP_TW_SYN };
enum tcp_tw_status tcp_timewait_state_process(struct inet_timewait_sock *tw, struct sk_buff *skb);
void tcp_time_wait(struct sock *sk, int state, int timeo); /* ms; sk is done afterwards */
void tcp_openreq_init_rwin(struct request_sock *req, const struct sock *sk,
			   const struct dst_entry *dst);
/* May a new connection from sk take the tuple of this timewait sock (tcp_tw_reuse, RFC 6191)? */
bool tcp_twsk_unique(struct sock *sk, struct sock *sktw, bool bound);
bool tcp_in_window(u32 seq, u32 end_seq, u32 s_win, u32 e_win);
bool tcp_oow_rate_limited(struct net *net, const struct sk_buff *skb, int mib_idx,
			  u32 *last_oow_ack_time);
/* syncookies.c */
u32 cookie_v4_init_sequence(const struct sock *sk, const struct sk_buff *skb, u16 *mssp);
struct sock *cookie_v4_check(struct sock *sk, struct sk_buff *skb);
bool tcp_synq_no_recent_overflow(const struct sock *sk);
void tcp_synq_overflow(const struct sock *sk);
u64 cookie_init_timestamp(struct request_sock *req, u64 now_ns);
bool cookie_timestamp_decode(const struct net *net, struct tcp_options_received *opt);
/* tcp_synsent.c: 0 skb consumed; 1 reset the sender, skb not consumed; -1 established: go on with
 * urgent data, skb not consumed. */
int tcp_rcv_synsent_state_process(struct sock *sk, struct sk_buff *skb);
void tcp_finish_connect(struct sock *sk, struct sk_buff *skb);
/* tcp.c: socket calls (not data) */
int tcp_init_sock(struct sock *sk);
void tcp_init_transfer(struct sock *sk, struct sk_buff *skb);
void tcp_set_state(struct sock *sk, int state);
void tcp_close(struct sock *sk, long timeout);
void __tcp_close(struct sock *sk, long timeout);
void tcp_shutdown(struct sock *sk, int how);
int tcp_disconnect(struct sock *sk, int flags);
int tcp_abort(struct sock *sk, int err);
void tcp_done(struct sock *sk);
void tcp_reset(struct sock *sk, struct sk_buff *skb); /* a valid RST came */
int tcp_ioctl(struct sock *sk, int cmd, unsigned long arg);
void tcp_set_keepalive(struct sock *sk, int val);
void tcp_write_queue_purge(struct sock *sk);
bool tcp_check_oom(struct sock *sk, int shift);
bool tcp_stream_memory_free(const struct sock *sk, int wake);
void tcp_enter_memory_pressure(struct sock *sk);
void tcp_leave_memory_pressure(struct sock *sk);
void tcp_reclaim_idle(struct net *net);
int tcp_fin_time(const struct sock *sk);
void tcp_init(void);
/* tcp_sockopt.c, tcp_info.c */
int tcp_setsockopt(struct sock *sk, int level, int name, const void *optval, int optlen);
int tcp_getsockopt(struct sock *sk, int level, int name, void *optval, int *optlen);
void tcp_get_info(struct sock *sk, struct tcp_info *info);

/* ---- data ---- */
/* tcp_sendmsg.c, tcp_recvmsg.c */
int tcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t size);
int tcp_sendmsg_locked(struct sock *sk, struct msghdr *msg, size_t size);
int tcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags, int *addr_len);
void tcp_cleanup_rbuf(struct sock *sk, int copied);
void tcp_push(struct sock *sk, int flags, int mss_now, int nonagle, int size_goal);
int tcp_send_mss(struct sock *sk, int *size_goal, int flags);
/* tcp_input.c: both consume skb. rcv_state_process: nonzero = answer with a reset, skb not
 * consumed. */
void tcp_rcv_established(struct sock *sk, struct sk_buff *skb);
int tcp_rcv_state_process(struct sock *sk, struct sk_buff *skb);
bool tcp_validate_incoming(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th,
			   bool syn_inerr);
void tcp_send_challenge_ack(struct sock *sk); /* RFC 5961, rate limited */
bool tcp_challenge_allowed(struct net *net, u32 *last);
void tcp_fin(struct sock *sk);
void tcp_urg(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th);
/* tcp_options.c */
bool tcp_has_md5_option(const struct tcphdr *th);
void tcp_parse_options(const struct net *net, const struct sk_buff *skb,
		       struct tcp_options_received *opt, bool estab);
void tcp_clear_options(struct tcp_options_received *opt);
u16 tcp_parse_mss_option(const struct tcphdr *th, u16 user_mss);
bool tcp_fast_parse_options(const struct net *net, const struct sk_buff *skb,
			    const struct tcphdr *th, struct tcp_sock *tp);
bool tcp_paws_reject(const struct tcp_options_received *opt, int rst);
/* tcp_ack.c */
enum {
	FLAG_DATA = 0x01,
	FLAG_WIN_UPDATE = 0x02,
	FLAG_DATA_ACKED = 0x04,
	FLAG_RETRANS_DATA_ACKED = 0x08,
	FLAG_SYN_ACKED = 0x10,
	FLAG_DATA_SACKED = 0x20,
	FLAG_ECE = 0x40,
	FLAG_LOST_RETRANS = 0x80,
	FLAG_SLOWPATH = 0x100,
	FLAG_ORIG_SACK_ACKED = 0x200,
	FLAG_SND_UNA_ADVANCED = 0x400,
	FLAG_DSACKING_ACK = 0x800,
	FLAG_SET_XMIT_TIMER = 0x1000,
	FLAG_SACK_RENEGING = 0x2000,
	FLAG_UPDATE_TS_RECENT = 0x4000,
	FLAG_NO_CHALLENGE_ACK = 0x8000,
	FLAG_ACK_MAYBE_DELAYED = 0x10000,
	FLAG_DSACK_TLP = 0x20000
};
/* 1 accepted, 0 old or invalid, negative: drop and maybe challenge. */
int tcp_ack(struct sock *sk, const struct sk_buff *skb, int flag);
void tcp_enter_loss(struct sock *sk);
void tcp_simple_retransmit(struct sock *sk);
void tcp_non_congestion_loss_retransmit(struct sock *sk);
/* tcp_rcvq.c, tcp_rcvwin.c */
void tcp_data_queue(struct sock *sk, struct sk_buff *skb); /* consumes skb */
int tcp_queue_rcv(struct sock *sk, struct sk_buff *skb, bool *fragstolen);
void tcp_data_ready(struct sock *sk);
bool tcp_epollin_ready(const struct sock *sk, int target);
int tcp_set_rcvlowat(struct sock *sk, int val);
int tcp_set_timestamping(struct sock *sk, int val);
void tcp_ofo_purge(struct sock *sk);
void tcp_init_buffer_space(struct sock *sk);
void tcp_rcv_space_adjust(struct sock *sk);
void tcp_initialize_rcv_mss(struct sock *sk);
struct tcp_initial_window {
	u32 rcv_wnd, window_clamp;
	u8 rcv_wscale;
};
void tcp_select_initial_window(const struct sock *sk, int space, u32 mss, bool wscale_ok,
			       struct tcp_initial_window *w);
u32 __tcp_select_window(struct sock *sk);
u16 tcp_select_window(struct sock *sk);
int tcp_win_from_space(const struct sock *sk, int space);
int tcp_space(const struct sock *sk);
int tcp_full_space(const struct sock *sk);
u32 tcp_receive_window(const struct tcp_sock *tp); /* what the peer may still send */
/* tcp_output.c, tcp_xmit.c, tcp_retransmit.c */
int tcp_connect(struct sock *sk);
struct sk_buff *tcp_make_synack(const struct sock *sk, struct dst_entry *dst,
				struct request_sock *req, const struct tcp_fastopen_cookie *foc);
int tcp_rtx_synack(const struct sock *sk, struct request_sock *req);
int tcp_send_synack(struct sock *sk);
void tcp_send_ack(struct sock *sk);
void __tcp_send_ack(struct sock *sk, u32 rcv_nxt);
void tcp_send_delayed_ack(struct sock *sk);
void tcp_send_fin(struct sock *sk);
void tcp_send_active_reset(struct sock *sk, gfp_t gfp);
int tcp_write_wakeup(struct sock *sk, int mib);
void tcp_send_probe0(struct sock *sk);
void __tcp_push_pending_frames(struct sock *sk, unsigned int cur_mss, int nonagle);
void tcp_push_one(struct sock *sk, unsigned int mss_now);
bool tcp_write_xmit(struct sock *sk, unsigned int mss_now, int nonagle, int push_one, gfp_t gfp);
int tcp_transmit_skb(struct sock *sk, struct sk_buff *skb, int clone_it, gfp_t gfp);
int tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs);
void tcp_xmit_retransmit_queue(struct sock *sk);
int tcp_fragment(struct sock *sk, struct sk_buff *skb, u32 len, unsigned int mss_now, gfp_t gfp);
int tcp_trim_head(struct sock *sk, struct sk_buff *skb, u32 len);
unsigned int tcp_current_mss(struct sock *sk);
u32 tcp_tso_segs(const struct sock *sk, unsigned int mss); /* wire segments for one sk_buff */
unsigned int tcp_sync_mss(struct sock *sk, u32 pmtu);
int tcp_mtu_to_mss(struct sock *sk, int pmtu);
int tcp_mss_to_mtu(struct sock *sk, int mss);
void tcp_mtup_init(struct sock *sk);
void tcp_release_cb(struct sock *sk);
void tcp_cwnd_restart(struct sock *sk, s32 delta);
/* tcp_timer.c, tcp_rtt.c, tcp_rate.c, tcp_recovery.c */
void tcp_init_xmit_timers(struct sock *sk);
void tcp_clear_xmit_timers(struct sock *sk);
void tcp_write_timer_handler(struct sock *sk);
void tcp_delack_timer_handler(struct sock *sk);
void tcp_sack_compress_init(struct sock *sk); /* tcp_delack.c */
void tcp_sack_compress_cancel(struct sock *sk);
void tcp_retransmit_timer(struct sock *sk);
void tcp_syn_ack_timeout(const struct request_sock *req);
void tcp_rearm_rto(struct sock *sk);
void tcp_reset_keepalive_timer(struct sock *sk, unsigned long len);
void tcp_set_rto(struct sock *sk);
void tcp_rtt_estimator(struct sock *sk, long mrtt_us);
void tcp_synack_rtt_meas(struct sock *sk, struct request_sock *req);
u32 tcp_min_rtt(const struct tcp_sock *tp);
void tcp_mstamp_refresh(struct tcp_sock *tp);
void tcp_init_undo(struct tcp_sock *tp);
void tcp_clear_retrans(struct tcp_sock *tp);
bool tcp_schedule_loss_probe(struct sock *sk, bool advancing_rto);
void tcp_send_loss_probe(struct sock *sk);

#endif /* BW_NET_TCP_OPS_H */
