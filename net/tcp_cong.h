/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_TCP_CONG_H
#define BW_NET_TCP_CONG_H

/*
 * Congestion control modules: a table of functions, chosen per namespace and per socket.
 * tcp_cong.c (registry, Reno: RFC 5681, 6582). Called with the sock locked.
 */
#include <net/tcp.h>

#define TCP_CA_NAME_MAX 16
#define TCP_CA_MAX	8 /* modules, for the lists of names: 128 bytes */
enum tcp_ca_event {
	CA_EVENT_TX_START,
	CA_EVENT_CWND_RESTART,
	CA_EVENT_COMPLETE_CWR,
	CA_EVENT_LOSS,
	CA_EVENT_ECN_NO_CE,
	CA_EVENT_ECN_IS_CE
};

/* What one ACK said (filled by tcp_ack and tcp_rate). */
struct rate_sample {
	u64 prior_mstamp;
	u32 prior_delivered, prior_delivered_ce;
	s32 delivered, delivered_ce;
	long interval_us;
	u32 snd_interval_us, rcv_interval_us;
	long rtt_us;
	int losses;
	u32 acked_sacked, prior_in_flight, last_end_seq;
	bool is_app_limited, is_retrans, is_ack_delayed;
};
struct ack_sample {
	u32 pkts_acked;
	s32 rtt_us;
	u32 in_flight;
};
/* tcp_congestion_ops.flags */
enum {
	TCP_CONG_NON_RESTRICTED = 1, /* programs without CAP_NET_ADMIN may choose it */
	TCP_CONG_NEEDS_ECN = 2	     /* negotiate ECN whatever tcp_ecn says; every segment ECT(0) */
};
struct tcp_congestion_ops {
	u32 (*ssthresh)(struct sock *sk);			 /* required */
	void (*cong_avoid)(struct sock *sk, u32 ack, u32 acked); /* this or cong_control */
	void (*set_state)(struct sock *sk, u8 new_state);
	void (*cwnd_event)(struct sock *sk, enum tcp_ca_event ev);
	void (*in_ack_event)(struct sock *sk, u32 flags);
	void (*pkts_acked)(struct sock *sk, const struct ack_sample *sample);
	u32 (*min_tso_segs)(struct sock *sk);
	void (*cong_control)(struct sock *sk, const struct rate_sample *rs);
	u32 (*undo_cwnd)(struct sock *sk); /* required */
	u32 (*sndbuf_expand)(struct sock *sk);
	size_t (*get_info)(struct sock *sk, u32 ext, int *attr, void *info);
	char name[TCP_CA_NAME_MAX];
	struct list_head list;
	u32 key, flags;
	void (*init)(struct sock *sk);
	void (*release)(struct sock *sk);
};
int tcp_register_congestion_control(struct tcp_congestion_ops *ca); /* 0, -EINVAL, -EEXIST */
void tcp_unregister_congestion_control(struct tcp_congestion_ops *ca);
void tcp_assign_congestion_control(struct sock *sk);
/* A child takes its listener's module, not its state. */
void tcp_assign_child_congestion(struct sock *sk);
/* tcp_cwnd.c: the window of a sock without a connection, and of one that has just become one. */
void tcp_cwnd_init_sock(struct sock *sk);
void tcp_cwnd_init_transfer(struct sock *sk);
void tcp_init_congestion_control(struct sock *sk);
void tcp_cleanup_congestion_control(struct sock *sk);
int tcp_set_congestion_control(struct sock *sk, const char *name);
int tcp_set_default_congestion_control(struct net *net, const char *name);
const struct tcp_congestion_ops *tcp_ca_find(const char *name);
void tcp_get_available_congestion_control(char *buf, size_t len);
void tcp_get_allowed_congestion_control(char *buf, size_t len);
int tcp_set_allowed_congestion_control(char *text); /* cuts it up */
static inline bool tcp_ca_needs_ecn(const struct sock *sk)
{
	return inet_csk(sk)->icsk_ca_ops->flags & TCP_CONG_NEEDS_ECN;
}
extern struct tcp_congestion_ops tcp_reno, tcp_cubic, tcp_bbr, tcp_dctcp;
u32 tcp_slow_start(struct tcp_sock *tp, u32 acked);
void tcp_cong_avoid_ai(struct tcp_sock *tp, u32 w, u32 acked);
u32 tcp_reno_ssthresh(struct sock *sk);
void tcp_reno_cong_avoid(struct sock *sk, u32 ack, u32 acked);
u32 tcp_reno_undo_cwnd(struct sock *sk);
void tcp_cong_init(void);

#endif /* BW_NET_TCP_CONG_H */
