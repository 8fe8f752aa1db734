/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_TCP_FASTOPEN_H
#define BW_NET_TCP_FASTOPEN_H

/*
 * TCP Fast Open (RFC 7413): cookies, the keys that make them, a listener's queue of Fast Open
 * requests, and the state of a client's open. net/ipv4/tcp_fastopen.c (server),
 * tcp_fastopen_client.c, tcp_fastopen_opt.c (socket options, the key's sysctl).
 */
#include <kernel/lib/siphash.h>
#include <net/tcp_ops.h>

#define TCP_FASTOPEN_COOKIE_MIN	 4
#define TCP_FASTOPEN_COOKIE_MAX	 16
#define TCP_FASTOPEN_COOKIE_SIZE 8 /* of the cookies we make */
#define TCP_FASTOPEN_KEY_LENGTH	 16

/* sysctl tcp_fastopen */
#define TFO_CLIENT_ENABLE	   1
#define TFO_SERVER_ENABLE	   2
#define TFO_CLIENT_NO_COOKIE	   4	 /* data on the SYN even without a cookie */
#define TFO_SERVER_COOKIE_NOT_REQD 0x200 /* accept it without one */
#define TFO_SERVER_WO_SOCKOPT1	   0x400 /* every listener, with its backlog as the limit */

struct tcp_fastopen_cookie {
	u8 val[TCP_FASTOPEN_COOKIE_MAX];
	s8 len;	  /* bytes; 0: the option without a cookie, a request; -1: no option */
	bool exp; /* in the experimental option (kind 254, magic 0xf989) */
};

struct tcp_fastopen_context {
	siphash_key_t key[2]; /* the one that makes cookies, and one that is still believed */
	int num;
};

/* A listener's, behind a pointer that only those have which use Fast Open. Bh-locked or softirq. */
struct fastopen_queue {
	/* requests ended by a reset: they count as pending for a minute (RFC 7413 section 5.1) */
	struct request_sock *rskq_rst_head, *rskq_rst_tail;
	struct tcp_fastopen_context *ctx; /* TCP_FASTOPEN_KEY; NULL: the namespace's keys */
	int qlen;     /* children whose handshake is not over, and those above */
	int max_qlen; /* TCP_FASTOPEN; 0: off */
};

/* A client's open in progress. */
struct tcp_fastopen_request {
	struct tcp_fastopen_cookie cookie;
	struct msghdr *data; /* what the program writes; NULL: nothing waits (any more) */
	size_t size;
	int copied; /* bytes that went on the SYN */
};

/* ---- server ---- */
/* A child with the SYN's data, bh-locked; or NULL, and *foc is what the SYN-ACK shall carry. */
struct sock *tcp_try_fastopen(struct sock *sk, struct sk_buff *skb, struct request_sock *req,
			      struct tcp_fastopen_cookie *foc);
/* Take the data of a SYN or SYN-ACK. */
void tcp_fastopen_add_skb(struct sock *sk, struct sk_buff *skb);
/* The handshake of child sk is over or given up; reset: by a reset of the peer. */
void reqsk_fastopen_remove(struct sock *sk, struct request_sock *req, bool reset);
/* ... if it is a Fast Open child at all. */
void tcp_fastopen_abandon(struct sock *sk);
/* A child was accepted: may its request be freed now? */
bool tcp_fastopen_accepted(struct request_sock *req);
void tcp_fastopen_listen_stop(struct sock *sk);
/* The retransmission timer of a child in SYN-RECEIVED. */
void tcp_fastopen_synack_timer(struct sock *sk, struct request_sock *req);
/* The ACK of a Fast Open child's SYN-ACK has come. */
void tcp_rcv_synrecv_state_fastopen(struct sock *sk);
/* listen(): tcp_fastopen's bit 0x400. */
void tcp_fastopen_listen(struct sock *sk, int backlog);
static inline bool tcp_passive_fastopen(const struct sock *sk)
{
	return sk->sk_state == TCP_SYN_RECV && tcp_sk(sk)->fastopen_rsk;
}

/* ---- client ---- */
/* connect(): true when it is left to the first write; *err < 0: no memory. */
bool tcp_fastopen_defer_connect(struct sock *sk, int *err);
/* MSG_FASTOPEN, or the first write of a deferred connect. */
int tcp_sendmsg_fastopen(struct sock *sk, struct msghdr *msg, int *copied, size_t size);
int tcp_send_syn_data(struct sock *sk, struct sk_buff *syn);
/* The SYN-ACK has come; true: the SYN's data was not taken and has been sent again. */
bool tcp_rcv_fastopen_synack(struct sock *sk, struct sk_buff *synack);
void tcp_free_fastopen_req(struct tcp_sock *tp);
void tcp_fastopen_active_disable(struct sock *sk);
void tcp_fastopen_active_disable_ofo_check(struct sock *sk);
void tcp_fastopen_active_detect_blackhole(struct sock *sk, bool expired);

/* ---- options on the wire (tcp_options.c) ---- */
void tcp_parse_fastopen_option(const struct tcphdr *th, struct tcp_fastopen_cookie *foc);

/* ---- tcp_fastopen_opt.c ---- */
struct ctl_table;
void tcp_sock_destruct(struct sock *sk);
/* The listener's queue, made at need; NULL: no memory. */
struct fastopen_queue *tcp_fastopen_queue(struct sock *sk);
void tcp_fastopen_init_key_once(struct net *net);
int tcp_fastopen_set_key(struct sock *sk, const void *optval, int optlen); /* locks sk */
int tcp_fastopen_get_key(const struct sock *sk, void *key);		   /* bytes */
int proc_tcp_fastopen_key(const struct ctl_table *t, void *data, bool write, char *text,
			  size_t size);
int tcp_set_fastopen(struct sock *sk, int val);
int tcp_get_fastopen(const struct sock *sk);
int tcp_set_fastopen_connect(struct sock *sk, int val);
int tcp_get_fastopen_connect(const struct sock *sk);
int tcp_set_fastopen_no_cookie(struct sock *sk, int val);
int tcp_get_fastopen_no_cookie(const struct sock *sk);
/* TCP_SAVE_SYN: the listener keeps each SYN's headers, TCP_SAVED_SYN gives them to whoever holds
 * the child. */
int tcp_set_save_syn(struct sock *sk, int val);
int tcp_get_save_syn(const struct sock *sk);
void tcp_reqsk_record_syn(const struct sock *sk, struct request_sock *req,
			  const struct sk_buff *skb);
void tcp_saved_syn_free(struct tcp_sock *tp);
int tcp_getsockopt_saved_syn(struct sock *sk, void *optval, int *optlen);

#endif /* BW_NET_TCP_FASTOPEN_H */
