/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_INET_CONNECTION_SOCK_H
#define BW_NET_INET_CONNECTION_SOCK_H

/*
 * inet_connection_sock: what every connection-oriented transport over IP needs: accept queue,
 * retransmission and delayed ACK timers, address family operations, congestion control, MTU
 * probing. net/ipv4/inet_connection_sock.c.
 */
#include <net/flow.h>
#include <net/inet_sock.h>
#include <string.h>

struct inet_bind_bucket;
struct tcp_congestion_ops;

/* What TCP asks of the network protocol below. */
struct inet_connection_sock_af_ops {
	int (*queue_xmit)(struct sock *sk, struct sk_buff *skb, struct flowi4 *fl4);
	void (*send_check)(struct sock *sk, struct sk_buff *skb);
	int (*rebuild_header)(struct sock *sk);
	void (*sk_rx_dst_set)(struct sock *sk, const struct sk_buff *skb);
	int (*conn_request)(struct sock *sk, struct sk_buff *skb);
	struct sock *(*syn_recv_sock)(const struct sock *sk, struct sk_buff *skb,
				      struct request_sock *req, struct dst_entry *dst,
				      bool *own_req);
	u16 net_header_len, sockaddr_len;
	int (*setsockopt)(struct sock *sk, int level, int name, const void *optval, int optlen);
	int (*getsockopt)(struct sock *sk, int level, int name, void *optval, int *optlen);
	void (*mtu_reduced)(struct sock *sk);
};

enum {
	ICSK_TIME_NONE = 0,
	ICSK_TIME_RETRANS = 1,
	ICSK_TIME_DACK = 2,
	ICSK_TIME_PROBE0 = 3,
	ICSK_TIME_LOSS_PROBE = 5,
	ICSK_TIME_REO_TIMEOUT = 6
};
enum {
	ICSK_ACK_SCHED = 1,
	ICSK_ACK_TIMER = 2,
	ICSK_ACK_PUSHED = 4,
	ICSK_ACK_PUSHED2 = 8,
	ICSK_ACK_NOW = 16
};
#define ICSK_CA_PRIV_SIZE 104

struct inet_connection_sock {
	struct inet_sock icsk_inet; /* first */
	struct request_sock_queue icsk_accept_queue;
	struct inet_bind_bucket *icsk_bind_hash; /* [h] */
	unsigned long icsk_timeout; /* when icsk_retransmit_timer is really due, jiffies */
	struct timer_list icsk_retransmit_timer, icsk_delack_timer;
	u32 icsk_rto, icsk_rto_min, icsk_delack_max; /* ms */
	u32 icsk_pmtu_cookie;
	const struct tcp_congestion_ops *icsk_ca_ops;
	const struct inet_connection_sock_af_ops *icsk_af_ops;
	u8 icsk_ca_state : 5, icsk_ca_initialized : 1, icsk_ca_setsockopt : 1,
		icsk_ca_dst_locked : 1;
	u8 icsk_retransmits, icsk_pending, icsk_backoff, icsk_syn_retries, icsk_probes_out;
	u16 icsk_ext_hdr_len;
	struct {
		u8 pending, quick, pingpong,
			retry;		    /* ICSK_ACK_*; quick ACKs left; interactive; attempts */
		u32 ato;		    /* delayed ACK timeout, ms */
		unsigned long timeout;	    /* when due */
		u32 lrcvtime;		    /* last data received */
		u16 last_seg_size, rcv_mss; /* MSS estimate for delayed ACKs */
	} icsk_ack;
	struct {
		int search_high, search_low;
		u32 probe_size : 31, enabled : 1;
		u32 probe_timestamp;
	} icsk_mtup;
	u32 icsk_probes_tstamp, icsk_user_timeout;
	u64 icsk_ca_priv[ICSK_CA_PRIV_SIZE / 8];
};
static inline struct inet_connection_sock *inet_csk(const struct sock *sk)
{
	return (struct inet_connection_sock *)sk;
}
static inline void *inet_csk_ca(const struct sock *sk)
{
	return inet_csk(sk)->icsk_ca_priv;
}

void inet_csk_init_xmit_timers(struct sock *sk, void (*retrans)(struct timer_list *),
			       void (*delack)(struct timer_list *),
			       void (*keepalive)(struct timer_list *));
void inet_csk_clear_xmit_timers(struct sock *sk);
/* Arm `what` (ICSK_TIME_*) in `when` ms, at most max_when. Sock locked. */
void inet_csk_reset_xmit_timer(struct sock *sk, int what, unsigned long when,
			       unsigned long max_when);
void inet_csk_clear_xmit_timer(struct sock *sk, int what);
void inet_csk_reset_keepalive_timer(struct sock *sk, unsigned long len);
void inet_csk_delete_keepalive_timer(struct sock *sk);
static inline bool inet_csk_ack_scheduled(const struct sock *sk)
{
	return inet_csk(sk)->icsk_ack.pending & ICSK_ACK_SCHED;
}
static inline void inet_csk_schedule_ack(struct sock *sk)
{
	inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_SCHED;
}
static inline void inet_csk_delack_init(struct sock *sk)
{
	memset(&inet_csk(sk)->icsk_ack, 0, sizeof(inet_csk(sk)->icsk_ack));
}
#define TCP_PINGPONG_THRESH 1
static inline void inet_csk_enter_pingpong_mode(struct sock *sk)
{
	inet_csk(sk)->icsk_ack.pingpong = TCP_PINGPONG_THRESH;
}
static inline void inet_csk_exit_pingpong_mode(struct sock *sk)
{
	inet_csk(sk)->icsk_ack.pingpong = 0;
}
static inline bool inet_csk_in_pingpong_mode(const struct sock *sk)
{
	return inet_csk(sk)->icsk_ack.pingpong >= TCP_PINGPONG_THRESH;
}

int inet_csk_get_port(struct sock *sk, u16 snum);
int inet_csk_listen_start(struct sock *sk);
void inet_csk_listen_stop(struct sock *sk);
struct sock *inet_csk_accept(struct sock *sk, int flags, int *err, bool kern);
struct sock *inet_csk_clone_lock(const struct sock *sk, const struct request_sock *req, gfp_t gfp);
void inet_csk_destroy_sock(struct sock *sk);
/* A child that nobody will accept: give back what sk_clone_lock made. */
void inet_csk_prepare_forced_close(struct sock *sk);
struct dst_entry *inet_csk_route_req(const struct sock *sk, struct flowi4 *fl4,
				     const struct request_sock *req);
struct dst_entry *inet_csk_route_child_sock(const struct sock *sk, struct sock *newsk,
					    const struct request_sock *req);
struct dst_entry *inet_csk_update_pmtu(struct sock *sk, u32 mtu);

/* Half-open connections. Softirqs off. */
struct request_sock *inet_reqsk_alloc(const struct request_sock_ops *ops, struct sock *listener);
void inet_csk_reqsk_queue_hash_add(struct sock *sk, struct request_sock *req,
				   unsigned long timeout);
bool inet_csk_reqsk_queue_drop(struct sock *sk, struct request_sock *req);
void inet_csk_reqsk_queue_drop_and_put(struct sock *sk, struct request_sock *req);
struct sock *inet_csk_reqsk_queue_add(struct sock *sk, struct request_sock *req,
				      struct sock *child);
void inet_child_forget(struct sock *child);
struct sock *inet_csk_complete_hashdance(struct sock *sk, struct sock *child,
					 struct request_sock *req, bool own_req);
static inline int inet_csk_reqsk_queue_len(const struct sock *sk)
{
	return atomic_read(&inet_csk(sk)->icsk_accept_queue.qlen);
}
static inline bool inet_csk_reqsk_queue_is_full(const struct sock *sk)
{
	return inet_csk_reqsk_queue_len(sk) > (int)sk->sk_max_ack_backlog;
}
static inline bool sk_acceptq_is_full(const struct sock *sk)
{
	return sk->sk_ack_backlog > sk->sk_max_ack_backlog;
}
static inline u32 inet_csk_listen_poll(const struct sock *sk)
{
	return reqsk_queue_empty(&inet_csk(sk)->icsk_accept_queue)
		       ? 0
		       : 0x41; /* EPOLLIN | EPOLLRDNORM */
}

#endif /* BW_NET_INET_CONNECTION_SOCK_H */
