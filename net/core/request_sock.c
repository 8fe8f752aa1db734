// SPDX-License-Identifier: BSD-2-Clause
/*
 * Half-open connections: request_sock objects and the accept queue of a listener. A request is made
 * by a SYN (tcp_conn_request), found by the final ACK in the established hash, and after that
 * carries its child through the accept queue (request_sock_queue) until accept() takes it.
 *
 * Softirq context for making; thread context (listener locked, softirqs off) for accepting.
 * Called by tcp_conn_request.c, tcp_minisocks.c, syncookies.c and inet_csk_accept().
 */
#include <net/request_sock.h>
#include <net/sock_ops.h>

struct request_sock *reqsk_alloc(const struct request_sock_ops *ops, struct sock *listener)
{
	struct request_sock *req = kmem_cache_zalloc(ops->slab, GFP_ATOMIC | __GFP_NOWARN);

	if (!req)
		return NULL;
	req->rsk_ops = ops;
	sock_hold(listener);
	req->rsk_listener = listener;
	req->__req_common.skc_net = sock_net(listener);
	req->__req_common.skc_prot = listener->sk_prot;
	INIT_HLIST_NODE(&req->__req_common.skc_node);
	refcount_set(&req->rsk_refcnt, 1);
	return req;
}

void reqsk_free(struct request_sock *req)
{
	BUG_ON(!hlist_unhashed(&req->__req_common.skc_node));
	req->rsk_ops->destructor(req);
	kfree(req->saved_syn);
	if (req->rsk_listener)
		sock_put(req->rsk_listener);
	kmem_cache_free(req->rsk_ops->slab, req);
}

void reqsk_queue_alloc(struct request_sock_queue *q)
{
	atomic_set(&q->qlen, 0);
	atomic_set(&q->young, 0);
	q->rskq_accept_head = q->rskq_accept_tail = NULL;
	q->synflood_warned = 0;
}

struct request_sock *reqsk_queue_remove(struct request_sock_queue *q, struct sock *parent)
{
	struct request_sock *req;

	local_bh_disable();
	req = q->rskq_accept_head;
	if (req) {
		BUG_ON(parent->sk_ack_backlog == 0);
		parent->sk_ack_backlog--;
		q->rskq_accept_head = req->dl_next;
		if (!q->rskq_accept_head)
			q->rskq_accept_tail = NULL;
		req->dl_next = NULL;
	}
	local_bh_enable();
	return req;
}
