/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_REQUEST_SOCK_H
#define BW_NET_REQUEST_SOCK_H

/*
 * request_sock: a connection that is not yet one (SYN received, SYN-ACK sent). It lives in the
 * established hash under its four-tuple with its own timer, so that the final ACK finds it, and
 * weighs a tenth of a sock. request_sock_queue: the listener's accept queue.
 * net/core/request_sock.c.
 */
#include <net/sock.h>

struct fastopen_queue;
struct request_sock;
struct saved_syn {
	u32 len;
	u8 data[];
};

struct request_sock_ops {
	int family;
	u32 obj_size;
	struct kmem_cache *slab;
	char slab_name[32];
	int (*rtx_syn_ack)(const struct sock *sk, struct request_sock *req);
	void (*send_ack)(const struct sock *sk, struct sk_buff *skb, struct request_sock *req);
	void (*send_reset)(const struct sock *sk, struct sk_buff *skb);
	void (*destructor)(struct request_sock *req);
	void (*syn_ack_timeout)(const struct request_sock *req);
};

/* What proto_register needs to make a protocol's timewait socks (<net/inet_timewait_sock.h>). */
struct timewait_sock_ops {
	struct kmem_cache *twsk_slab;
	char twsk_slab_name[32];
	u32 twsk_obj_size;
};

struct request_sock {
	struct sock_common __req_common; /* first: it is found in the same hash as socks */
#define rsk_refcnt   __req_common.skc_refcnt
#define rsk_hash     __req_common.skc_hash
#define rsk_listener __req_common.skc_listener
	struct request_sock *dl_next; /* accept queue */
	struct sock *sk;	      /* the child, once there is one */
	const struct request_sock_ops *rsk_ops;
	struct timer_list rsk_timer;
	u16 mss;		     /* the peer's */
	u8 num_retrans, num_timeout; /* SYN-ACKs sent again; timer runs */
	u8 syncookie : 1, cookie_ts : 1;
	unsigned long timeout;
	u32 ts_recent;
	struct saved_syn *saved_syn; /* TCP_SAVE_SYN */
};

struct request_sock_queue {
	int synflood_warned;
	atomic_t qlen, young; /* half-open; of which never retransmitted */
	struct request_sock *rskq_accept_head,
		*rskq_accept_tail; /* established, not accepted [s] */
	u32 rskq_defer_accept;	   /* TCP_DEFER_ACCEPT, retransmissions */
	struct fastopen_queue *fastopenq; /* <net/tcp_fastopen.h>, NULL until it is used */
};

/* Softirqs off. The new request has one reference and holds its listener. */
struct request_sock *reqsk_alloc(const struct request_sock_ops *ops, struct sock *listener);
void reqsk_free(struct request_sock *req);
static inline void reqsk_put(struct request_sock *req)
{
	if (refcount_dec_and_test(&req->rsk_refcnt))
		reqsk_free(req);
}
static inline struct request_sock *inet_reqsk(const struct sock *sk)
{
	return (struct request_sock *)sk;
}
static inline struct sock *req_to_sk(struct request_sock *req)
{
	return (struct sock *)req;
}
static inline bool reqsk_queue_empty(const struct request_sock_queue *q)
{
	return !q->rskq_accept_head;
}
void reqsk_queue_alloc(struct request_sock_queue *q);
/* Take the oldest established child's request off the accept queue. */
struct request_sock *reqsk_queue_remove(struct request_sock_queue *q, struct sock *parent);

#endif /* BW_NET_REQUEST_SOCK_H */
