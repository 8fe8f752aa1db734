// SPDX-License-Identifier: BSD-2-Clause
/*
 * What every connection-oriented transport over IP shares: listen and accept, the timers of a
 * connection, routes for requests and children, cloning a listener into a child, and the end of a
 * sock. Half-open connections on a listener: inet_reqsk.c; ports: inet_bind_hash.c.
 *
 * Timers are armed lazily: icsk_timeout and icsk_ack.timeout say when something is really due; a
 * timer_list that is already armed for an earlier time is left alone and re-arms itself when it
 * runs too early (tcp_timer.c). That makes pushing a timeout forward two stores.
 *
 * Thread context with the sock locked, or softirq, as said at each function.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/sched/thread.h>
#include <net/inet_hashtables.h>
#include <net/inet_common.h>
#include <net/ip.h>
#include <net/tcp_fastopen.h>
#include <netinet/tcp.h>

void inet_csk_init_xmit_timers(struct sock *sk, void (*retrans)(struct timer_list *),
			       void (*delack)(struct timer_list *),
			       void (*keepalive)(struct timer_list *))
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	timer_setup(&icsk->icsk_retransmit_timer, retrans, 0);
	timer_setup(&icsk->icsk_delack_timer, delack, 0);
	timer_setup(&sk->sk_timer, keepalive, 0);
	icsk->icsk_pending = 0;
	icsk->icsk_ack.pending = 0;
}

void inet_csk_clear_xmit_timers(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_pending = 0;
	icsk->icsk_ack.pending = 0;
	icsk->icsk_ack.retry = 0;
	sk_stop_timer(sk, &icsk->icsk_retransmit_timer);
	sk_stop_timer(sk, &icsk->icsk_delack_timer);
	sk_stop_timer(sk, &sk->sk_timer);
}

/* Make sure that t runs at `expires` or earlier. */
static inline void csk_arm(struct sock *sk, struct timer_list *t, unsigned long expires)
{
	if (timer_pending(t) && time_before_eq(t->expires, expires))
		return;
	sk_reset_timer(sk, t, expires);
}

void inet_csk_reset_xmit_timer(struct sock *sk, int what, unsigned long when,
			       unsigned long max_when)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	unsigned long now = get_jiffies();

	if (when > max_when)
		when = max_when;
	if (what == ICSK_TIME_DACK) {
		icsk->icsk_ack.pending |= ICSK_ACK_TIMER;
		icsk->icsk_ack.timeout = now + when;
		csk_arm(sk, &icsk->icsk_delack_timer, icsk->icsk_ack.timeout);
		return;
	}
	BUG_ON(what != ICSK_TIME_RETRANS && what != ICSK_TIME_PROBE0 &&
	       what != ICSK_TIME_LOSS_PROBE && what != ICSK_TIME_REO_TIMEOUT);
	icsk->icsk_pending = (u8)what;
	icsk->icsk_timeout = now + when;
	csk_arm(sk, &icsk->icsk_retransmit_timer, icsk->icsk_timeout);
}

void inet_csk_clear_xmit_timer(struct sock *sk, int what)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	/* The timer_list runs out by itself and finds nothing pending. */
	if (what == ICSK_TIME_DACK) {
		icsk->icsk_ack.pending = 0;
		icsk->icsk_ack.retry = 0;
	} else {
		icsk->icsk_pending = 0;
	}
}

void inet_csk_reset_keepalive_timer(struct sock *sk, unsigned long len)
{
	sk_reset_timer(sk, &sk->sk_timer, get_jiffies() + len);
}

void inet_csk_delete_keepalive_timer(struct sock *sk)
{
	sk_stop_timer(sk, &sk->sk_timer);
}

/* CLOSE -> LISTEN. The state changes before the port is asked for again, so that of two sharers
 * only one becomes the listener. Thread, sock locked. */
int inet_csk_listen_start(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct inet_sock *inet = inet_sk(sk);
	int err;

	reqsk_queue_alloc(&icsk->icsk_accept_queue);
	sk->sk_ack_backlog = 0;
	inet_csk_delack_init(sk);
	tcp_set_state(sk, TCP_LISTEN);
	err = sk->sk_prot->get_port(sk, inet->inet_num);
	if (!err) {
		inet->inet_sport = cpu_to_be16(inet->inet_num);
		sk_dst_reset(sk);
		err = sk->sk_prot->hash(sk);
		if (!err)
			return 0;
	}
	tcp_set_state(sk, TCP_CLOSE);
	return err;
}

/* Sleep until a child is there; 0, -EINVAL (not listening any more), -EINTR, -EAGAIN. Sock locked.
 */
static int inet_csk_wait_for_connect(struct sock *sk, long timeo)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	DEFINE_WAIT(wait);
	int err;

	for (;;) {
		prepare_to_wait_exclusive(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
		release_sock(sk);
		if (reqsk_queue_empty(&icsk->icsk_accept_queue))
			timeo = schedule_timeout(timeo);
		lock_sock(sk);
		err = 0;
		if (!reqsk_queue_empty(&icsk->icsk_accept_queue))
			break;
		err = -EINVAL;
		if (sk->sk_state != TCP_LISTEN)
			break;
		err = sock_intr_errno(timeo);
		if (signal_pending(current))
			break;
		err = -EAGAIN;
		if (!timeo)
			break;
	}
	finish_wait(sk_sleep(sk), &wait);
	return err;
}

/* proto->accept: the oldest established child, or NULL and *err. Thread; sleeps unless O_NONBLOCK.
 */
struct sock *inet_csk_accept(struct sock *sk, int flags, int *err, bool kern)
{
	struct request_sock_queue *queue = &inet_csk(sk)->icsk_accept_queue;
	struct request_sock *req;
	struct sock *newsk = NULL;

	(void)kern;
	lock_sock(sk);
	*err = -EINVAL;
	if (sk->sk_state != TCP_LISTEN)
		goto out;
	if (reqsk_queue_empty(queue)) {
		long timeo = sock_rcvtimeo(sk, flags & O_NONBLOCK);

		*err = -EAGAIN;
		if (!timeo)
			goto out;
		*err = inet_csk_wait_for_connect(sk, timeo);
		if (*err)
			goto out;
	}
	req = reqsk_queue_remove(queue, sk);
	newsk = req->sk;
	*err = 0;
	local_bh_disable();
	if (tcp_fastopen_accepted(req))
		reqsk_put(req);
	local_bh_enable();
out:
	release_sock(sk);
	return newsk;
}

/* Route of a SYN-ACK, with a reference; NULL when there is none. Softirq. */
struct dst_entry *inet_csk_route_req(const struct sock *sk, struct flowi4 *fl4,
				     const struct request_sock *req)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	const struct ip_options_rcu *opt = ireq->ireq_opt;
	struct net *net = sock_net(sk);
	struct rtable *rt;

	*fl4 = (struct flowi4){.flowi4_oif = ireq->ir_iif ? ireq->ir_iif : sk->sk_bound_dev_if,
			       .flowi4_mark = ireq->ir_mark,
			       .flowi4_tos = inet_sk(sk)->tos,
			       .flowi4_proto = (u8)sk->sk_protocol,
			       .daddr = opt && opt->srr ? opt->faddr : ireq->ir_rmt_addr,
			       .saddr = ireq->ir_loc_addr,
			       .flowi4_flags = inet_sk(sk)->transparent ? FLOWI_FLAG_ANYSRC : 0,
			       .fl4_dport = ireq->ir_rmt_port,
			       .fl4_sport = cpu_to_be16(ireq->ir_num)};
	if (!sk->sk_bound_dev_if)
		fl4->flowi4_oif = 0;
	rt = ip_route_output_flow(net, fl4, sk);
	if (!IS_ERR(rt))
		return &rt->dst;
	IP_INC_STATS(net, IPSTATS_MIB_OUTNOROUTES);
	return NULL;
}

/* Route of a new child. Softirq. */
struct dst_entry *inet_csk_route_child_sock(const struct sock *sk, struct sock *newsk,
					    const struct request_sock *req)
{
	struct flowi4 fl4;

	(void)newsk;
	return inet_csk_route_req(sk, &fl4, req);
}

/* A child for req from its listener: not hashed, locked (bh), state SYN_RECV. Softirq. */
struct sock *inet_csk_clone_lock(const struct sock *sk, const struct request_sock *req, gfp_t gfp)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	struct sock *newsk = sk_clone_lock(sk, gfp);
	struct inet_connection_sock *icsk;
	struct inet_sock *inet;

	if (!newsk)
		return NULL;
	icsk = inet_csk(newsk);
	inet = inet_sk(newsk);
	newsk->sk_state = TCP_SYN_RECV;
	icsk->icsk_bind_hash = NULL;
	inet->inet_dport = ireq->ir_rmt_port;
	inet->inet_num = ireq->ir_num;
	inet->inet_sport = cpu_to_be16(ireq->ir_num);
	newsk->sk_mark = ireq->ir_mark;
	inet->mc_list = NULL;
	inet->inet_opt = NULL;
	memset(&icsk->icsk_accept_queue, 0, sizeof(icsk->icsk_accept_queue));
	memset(&icsk->icsk_ack, 0, sizeof(icsk->icsk_ack));
	memset(icsk->icsk_ca_priv, 0, sizeof(icsk->icsk_ca_priv));
	icsk->icsk_retransmits = icsk->icsk_backoff = icsk->icsk_probes_out = 0;
	icsk->icsk_probes_tstamp = 0;
	return newsk;
}

/* The last step of a connection: orphaned, closed, off the tables. Softirqs off. */
void inet_csk_destroy_sock(struct sock *sk)
{
	WARN_ON(sk->sk_state != TCP_CLOSE);
	WARN_ON(!sock_flag(sk, SOCK_DEAD));
	WARN_ON(!sk_unhashed(sk));
	/* A sock with a number but no bucket: bound, and hashed by a clone of it. */
	WARN_ON(inet_sk(sk)->inet_num && !inet_csk(sk)->icsk_bind_hash);
	sk->sk_prot->destroy(sk);
	sk_stream_kill_queues(sk);
	sock_net(sk)->ipv4.tcp_orphan_count--;
	sock_put(sk);
}

/* A child that never came into the tables: back to the state that tcp_done expects. Bh-locked by
 * us. */
void inet_csk_prepare_forced_close(struct sock *sk)
{
	bh_unlock_sock(sk);
	sock_put(sk);
	sock_set_flag(sk, SOCK_DEAD);
	sk->sk_net->ipv4.tcp_orphan_count++;
	inet_sk(sk)->inet_num = 0;
}

/* ICMP said that the path takes only mtu bytes: the route learns it. New or same dst, borrowed. */
struct dst_entry *inet_csk_update_pmtu(struct sock *sk, u32 mtu)
{
	struct dst_entry *dst = __sk_dst_check(sk, 0);

	if (!dst) {
		if (inet_sk_rebuild_header(sk))
			return NULL;
		dst = __sk_dst_get(sk);
	}
	dst->update_pmtu(dst, sk, NULL, mtu);
	dst = __sk_dst_check(sk, 0);
	if (!dst && !inet_sk_rebuild_header(sk))
		dst = __sk_dst_get(sk);
	return dst;
}
