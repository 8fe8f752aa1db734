// SPDX-License-Identifier: BSD-2-Clause
/*
 * Half-open connections of a listener, from the SYN to the accept queue. Each request_sock stands
 * in ehash with two references (table and timer); its own timer sends the SYN-ACK again with
 * backoff (RFC 9293 section 3.8.1, Linux: tcp_synack_retries, 1 s doubling) and drops it in the
 * end. When the queue fills, old requests are given fewer retries, as Linux does.
 *
 * Softirq context, except inet_csk_listen_stop (thread, sock locked).
 */
#include <kernel/time/clock.h>
#include <net/inet_common.h>
#include <net/inet_hashtables.h>
#include <net/tcp_fastopen.h>
#include <fcntl.h>
#include <netinet/tcp.h>

struct request_sock *inet_reqsk_alloc(const struct request_sock_ops *ops, struct sock *listener)
{
	struct request_sock *req = reqsk_alloc(ops, listener);

	if (!req)
		return NULL;
	req->__req_common.skc_state = TCP_NEW_SYN_RECV;
	req->__req_common.skc_family = listener->sk_family;
	inet_rsk(req)->ireq_opt = NULL;
	return req;
}

/* Out of the hash; true when this call did it. Drops the table's reference. */
static bool reqsk_unlink(struct request_sock *req)
{
	if (hlist_unhashed(&req->__req_common.skc_node))
		return false;
	hlist_del_init(&req->__req_common.skc_node);
	reqsk_put(req);
	return true;
}

static void reqsk_queue_removed(struct request_sock_queue *q, const struct request_sock *req)
{
	if (req->num_timeout == 0)
		atomic_dec(&q->young);
	atomic_dec(&q->qlen);
}

/* The caller holds a reference of its own. */
bool inet_csk_reqsk_queue_drop(struct sock *sk, struct request_sock *req)
{
	bool unlinked;

	if (del_timer(&req->rsk_timer))
		reqsk_put(req);
	unlinked = reqsk_unlink(req);
	if (unlinked || req->timeout) {
		/* Counted from hash_add on, until here, once: `timeout` is zero otherwise. */
		reqsk_queue_removed(&inet_csk(sk)->icsk_accept_queue, req);
		req->timeout = 0;
	}
	return unlinked;
}

void inet_csk_reqsk_queue_drop_and_put(struct sock *sk, struct request_sock *req)
{
	inet_csk_reqsk_queue_drop(sk, req);
	reqsk_put(req);
}

/* How often a SYN-ACK may be sent again: fewer for old ones when more than half of the queue is
 * old. */
static int reqsk_max_syn_ack_retries(struct sock *listener)
{
	struct inet_connection_sock *icsk = inet_csk(listener);
	struct request_sock_queue *q = &icsk->icsk_accept_queue;
	int max = icsk->icsk_syn_retries ? icsk->icsk_syn_retries
					 : sock_net(listener)->ipv4.sysctl_tcp_synack_retries;
	int qlen = atomic_read(&q->qlen), young;

	if ((qlen << 1) <= max_t(int, 8, (int)listener->sk_max_ack_backlog))
		return max;
	for (young = atomic_read(&q->young) << 1; max > 2 && qlen >= young; max--)
		young <<= 1;
	return max;
}

static void reqsk_timer_handler(struct timer_list *t)
{
	struct request_sock *req = from_timer(req, t, rsk_timer);
	struct sock *listener = req->rsk_listener;
	struct inet_request_sock *ireq = inet_rsk(req);
	struct request_sock_queue *q = &inet_csk(listener)->icsk_accept_queue;
	int max_retries, defer = (int)q->rskq_defer_accept;
	bool expire, resend;

	if (listener->sk_state != TCP_LISTEN)
		goto drop;
	max_retries = reqsk_max_syn_ack_retries(listener);
	if (defer && ireq->acked) {
		/* Deferred accept: wait for data; one last SYN-ACK just before giving up. */
		expire = req->num_timeout >= max_retries && req->num_timeout >= defer;
		resend = req->num_timeout >= defer - 1;
	} else {
		expire = req->num_timeout >= max_retries;
		resend = true;
	}
	req->rsk_ops->syn_ack_timeout(req);
	if (expire || (resend && req->rsk_ops->rtx_syn_ack(listener, req) && !ireq->acked))
		goto drop;
	if (req->num_timeout++ == 0)
		atomic_dec(&q->young);
	mod_timer(&req->rsk_timer,
		  get_jiffies() +
			  min_t(unsigned long, req->timeout << req->num_timeout, TCP_RTO_MAX));
	return;
drop:
	inet_csk_reqsk_queue_drop_and_put(listener, req);
}

void inet_csk_reqsk_queue_hash_add(struct sock *sk, struct request_sock *req, unsigned long timeout)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;
	bool inserted;

	req->num_retrans = req->num_timeout = 0;
	req->sk = NULL;
	req->timeout = timeout;
	timer_setup(&req->rsk_timer, reqsk_timer_handler, 0);
	mod_timer(&req->rsk_timer, get_jiffies() + timeout);
	inserted = inet_ehash_insert(req_to_sk(req), NULL, NULL);
	BUG_ON(!inserted);
	refcount_set(&req->rsk_refcnt, 2 + 1); /* table, timer, and the caller's */
	atomic_inc(&q->young);
	atomic_inc(&q->qlen);
}

/* Established: to the end of the accept queue. NULL when the listener is closing. Takes req's
 * reference. */
struct sock *inet_csk_reqsk_queue_add(struct sock *sk, struct request_sock *req, struct sock *child)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;

	if (sk->sk_state != TCP_LISTEN)
		return NULL;
	req->sk = child;
	req->dl_next = NULL;
	if (q->rskq_accept_tail)
		q->rskq_accept_tail->dl_next = req;
	else
		q->rskq_accept_head = req;
	q->rskq_accept_tail = req;
	sk->sk_ack_backlog++;
	return child;
}

/* Nobody will ever accept this child: reset the peer and close it. Drops the socket side's
 * reference. */
void inet_child_forget(struct sock *child)
{
	child->sk_prot->disconnect(child, O_NONBLOCK);
	sock_orphan(child);
	sock_net(child)->ipv4.tcp_orphan_count++;
	tcp_fastopen_abandon(child);
	inet_csk_destroy_sock(child);
}

struct sock *inet_csk_complete_hashdance(struct sock *sk, struct sock *child,
					 struct request_sock *req, bool own_req)
{
	if (own_req) {
		inet_csk_reqsk_queue_drop(sk, req);
		refcount_inc(&req->rsk_refcnt); /* the accept queue's */
		if (inet_csk_reqsk_queue_add(sk, req, child))
			return child;
		reqsk_put(req);
		inet_child_forget(child);
	}
	/* Lost the race for the tuple, or the listener is gone: the caller drops the packet. */
	bh_unlock_sock(child);
	sock_put(child);
	return NULL;
}

/* LISTEN ends: requests time out by themselves, children that nobody accepted are reset. */
void inet_csk_listen_stop(struct sock *sk)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;
	struct request_sock *req;

	while ((req = reqsk_queue_remove(q, sk))) {
		struct sock *child = req->sk;

		local_bh_disable();
		bh_lock_sock(child);
		WARN_ON(sock_owned_by_user(child));
		sock_hold(child);
		inet_child_forget(child);
		reqsk_put(req);
		bh_unlock_sock(child);
		local_bh_enable();
		sock_put(child);
	}
	tcp_fastopen_listen_stop(sk);
	WARN_ON(sk->sk_ack_backlog != 0);
}
