// SPDX-License-Identifier: BSD-2-Clause
/*
 * struct sock: birth, ownership, wake-ups, death. What every protocol shares, whatever its family.
 *
 * Ownership follows two contexts: a thread owns a sock between lock_sock() and release_sock();
 * meanwhile softirq queues what arrives on the backlog (sk_add_backlog), and release_sock() works
 * it off. Without an owner, softirq works on the sock directly under bh_lock_sock().
 *
 * Two counts keep a sock alive: sk_refcnt (tables, timers, sockets) and sk_wmem_alloc (packets on
 * their way that are charged to it, plus one for the sk_refcnt side). Memory accounting:
 * sock_mem.c; SOL_SOCKET options: sock_opt.c; the registry of protocols: proto.c.
 */
#include <fcntl.h>
#include <kernel/lib/printk.h>
#include <net/filter.h>
#include <net/net_namespace.h>
#include <net/netdevice.h>
#include <net/sock_ops.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>

struct sock *sk_alloc(struct net *net, int family, gfp_t gfp, struct proto *prot, bool kern)
{
	struct sock *sk;

	if (WARN_ON(!prot->slab))
		return NULL;
	sk = kmem_cache_zalloc(prot->slab, gfp);
	if (!sk)
		return NULL;
	sk->sk_family = (u16)family;
	sk->sk_prot = prot;
	sk->sk_kern_sock = kern;
	sk->__sk_common.skc_net_refcnt = !kern;
	sk->sk_net = kern ? net : get_net(net);
	net->sock_inuse += !kern;
	prot->inuse++;
	atomic_set(&sk->sk_wmem_alloc, 1);
	refcount_set(&sk->sk_refcnt, 1);
	return sk;
}

static void sk_init_queues(struct sock *sk)
{
	skb_queue_head_init(&sk->sk_receive_queue);
	skb_queue_head_init(&sk->sk_write_queue);
	skb_queue_head_init(&sk->sk_error_queue);
	sk->tcp_rtx_queue = RB_ROOT;
	spin_lock_init(&sk->sk_lock.slock);
	sk->sk_lock.owned = false;
	init_waitqueue_head(&sk->sk_lock.wq);
}

void sock_init_data(struct socket *sock, struct sock *sk)
{
	const struct netns_core *core = &sock_net(sk)->core;

	sk_init_queues(sk);
	timer_setup(&sk->sk_timer, NULL, 0);
	sk->sk_rcvbuf = (int)core->rmem_default;
	sk->sk_sndbuf = (int)core->wmem_default;
	sk->sk_state = 7; /* TCP_CLOSE */
	sk->sk_socket = sock;
	sk->sk_rcvlowat = 1;
	sk->sk_rcvtimeo = sk->sk_sndtimeo = MAX_SCHEDULE_TIMEOUT;
	sk->sk_pacing_rate = sk->sk_max_pacing_rate = ~0UL;
	sk->sk_pacing_shift = 10;
	sk->sk_state_change = sock_def_wakeup;
	sk->sk_data_ready = sock_def_readable;
	sk->sk_write_space = sock_def_write_space;
	sk->sk_error_report = sock_def_error_report;
	sk->sk_backlog_rcv = sk->sk_prot->backlog_rcv;
	sock_set_flag(sk, SOCK_ZAPPED);
	if (sock) {
		sk->sk_type = (u16)sock->type;
		sk->sk_wq = &sock->wq;
		sock->sk = sk;
	}
}

/* The copied sock forgets what belonged to its parent. */
static void sk_clone_reset(struct sock *n, const struct sock *sk)
{
	sk_init_queues(n);
	memset(&n->sk_backlog, 0, sizeof(n->sk_backlog));
	timer_setup(&n->sk_timer, NULL, 0);
	INIT_HLIST_NODE(&n->sk_node);
	INIT_HLIST_NODE(&n->sk_bind_node);
	atomic_set(&n->sk_wmem_alloc, 1);
	atomic_set(&n->sk_drops, 0);
	n->sk_dst_cache = n->sk_rx_dst = NULL;
	n->sk_wmem_queued = n->sk_forward_alloc = 0;
	n->sk_send_head = NULL;
	n->sk_userlocks = sk->sk_userlocks & (u8) ~(SOCK_BINDADDR_LOCK | SOCK_BINDPORT_LOCK);
	n->sk_flags &= ~BIT(SOCK_DONE);
	n->sk_err = n->sk_err_soft = 0;
	n->sk_zckey = 0;
	if (sock_flag(n, SOCK_RX_STAMPED))
		net_enable_timestamp();
	atomic_set(&n->sk_omem_alloc, 0);
	n->sk_socket = NULL;
	n->sk_wq = NULL;
	n->sk_ack_backlog = 0;
	n->sk_write_pending = 0;
}

struct sock *sk_clone_lock(const struct sock *sk, gfp_t gfp)
{
	struct sock *n = kmem_cache_alloc(sk->sk_prot->slab, gfp);

	if (!n)
		return NULL;
	memcpy(n, sk, sk->sk_prot->obj_size);
	sk_clone_reset(n, sk);
	n->__sk_common.skc_net_refcnt = 1;
	n->sk_kern_sock = 0;
	get_net(sock_net(n))->sock_inuse++;
	n->sk_prot->inuse++;
	refcount_set(&n->sk_refcnt, 2); /* the socket side's and the caller's */
	bh_lock_sock(n);
	return n;
}

static void __sk_free(struct sock *sk)
{
	struct net *net = sock_net(sk);
	bool held = sk->__sk_common.skc_net_refcnt;

	BUG_ON(!sk_unhashed(sk));
	if (sk->sk_destruct)
		sk->sk_destruct(sk);
	if (unlikely(sk->sk_filter))
		sk_filter_free(sk);
	dst_release(sk->sk_dst_cache);
	dst_release(sk->sk_rx_dst);
	WARN_ON(sk->sk_forward_alloc != 0);
	if (unlikely(sock_flag(sk, SOCK_RX_STAMPED)))
		net_disable_timestamp();
	sk->sk_prot->inuse--;
	kmem_cache_free(sk->sk_prot->slab, sk);
	if (held) {
		net->sock_inuse--;
		put_net(net);
	}
}

/* The last sk_refcnt is gone; the memory goes when no packet is charged to it any more. */
void sk_free(struct sock *sk)
{
	if (atomic_dec_and_test(&sk->sk_wmem_alloc))
		__sk_free(sk);
}

void sock_wfree(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;
	int len = (int)skb->truesize;

	if (!sock_flag(sk, SOCK_USE_WRITE_QUEUE)) {
		/* Keep the sock alive by one byte while its callback runs. */
		atomic_sub(len - 1, &sk->sk_wmem_alloc);
		sk->sk_write_space(sk);
		len = 1;
	}
	if (atomic_sub_return(len, &sk->sk_wmem_alloc) == 0)
		__sk_free(sk);
}

void sock_efree(struct sk_buff *skb)
{
	sock_put(skb->sk);
}

void sock_orphan(struct sock *sk)
{
	local_bh_disable();
	sock_set_flag(sk, SOCK_DEAD);
	sk->sk_socket = NULL;
	sk->sk_wq = NULL;
	local_bh_enable();
}

void sock_graft(struct sock *sk, struct socket *parent)
{
	local_bh_disable();
	BUG_ON(parent->sk != NULL);
	sk->sk_wq = &parent->wq;
	parent->sk = sk;
	sk->sk_socket = parent;
	local_bh_enable();
}

/* Close of a sock without a connection: out of the tables, off the socket, gone. Thread context. */
void sk_common_release(struct sock *sk)
{
	if (sk->sk_prot->destroy)
		sk->sk_prot->destroy(sk);
	sk->sk_prot->unhash(sk);
	sock_orphan(sk);
	sock_put(sk);
}

void lock_sock(struct sock *sk)
{
	local_bh_disable();
	if (unlikely(sk->sk_lock.owned)) {
		DEFINE_WAIT(wait);

		while (sk->sk_lock.owned) {
			prepare_to_wait_exclusive(&sk->sk_lock.wq, &wait, TASK_UNINTERRUPTIBLE);
			local_bh_enable();
			schedule();
			local_bh_disable();
		}
		finish_wait(&sk->sk_lock.wq, &wait);
	}
	sk->sk_lock.owned = true;
	local_bh_enable();
}

/* Work off the backlog, softirqs off at entry and exit, on in between. */
void __release_sock(struct sock *sk)
{
	struct sk_buff *skb, *next;

	while ((skb = sk->sk_backlog.head)) {
		sk->sk_backlog.head = sk->sk_backlog.tail = NULL;
		local_bh_enable();
		for (; skb; skb = next) {
			next = skb->next;
			skb->next = NULL;
			sk->sk_backlog_rcv(sk, skb);
		}
		local_bh_disable();
	}
	/* Only now: a sender that never stops cannot grow the backlog without bound meanwhile. */
	sk->sk_backlog.len = 0;
}

void release_sock(struct sock *sk)
{
	local_bh_disable();
	BUG_ON(!sk->sk_lock.owned);
	if (unlikely(sk->sk_backlog.tail))
		__release_sock(sk);
	if (sk->sk_prot->release_cb)
		sk->sk_prot->release_cb(sk);
	sk->sk_lock.owned = false;
	if (unlikely(waitqueue_active(&sk->sk_lock.wq)))
		wake_up(&sk->sk_lock.wq);
	local_bh_enable();
}

void sk_flush_backlog(struct sock *sk)
{
	if (!sk->sk_backlog.tail)
		return;
	local_bh_disable();
	__release_sock(sk);
	local_bh_enable();
}

int sk_add_backlog(struct sock *sk, struct sk_buff *skb, unsigned int limit)
{
	unsigned int queued = (unsigned int)(sk->sk_backlog.len + atomic_read(&sk->sk_rmem_alloc));

	if (queued > limit)
		return -ENOBUFS;
	skb_dst_force(skb);
	skb->next = NULL;
	if (sk->sk_backlog.tail)
		sk->sk_backlog.tail->next = skb;
	else
		sk->sk_backlog.head = skb;
	sk->sk_backlog.tail = skb;
	sk->sk_backlog.len += (int)skb->truesize;
	return 0;
}

void sock_def_wakeup(struct sock *sk)
{
	if (sk->sk_wq)
		wake_up_interruptible_all(&sk->sk_wq->wait);
}

void __sk_wake_async(const struct sock *sk, int code)
{
	const struct socket *sock = sk->sk_socket;

	if (sock && sock->file && sock->file->f_flags & O_ASYNC) /* the sock may be a copy */
		send_sigio(&sock->file->f_owner, code);
}

void sk_send_sigurg(const struct sock *sk)
{
	const struct socket *sock = sk->sk_socket;

	if (!sock || !sock->file || !sock->file->f_owner.pid)
		return;
	send_sigurg(&sock->file->f_owner);
	sk_wake_async(sk, POLL_PRI);
}

void sock_def_readable(struct sock *sk)
{
	if (sk->sk_wq && waitqueue_active(&sk->sk_wq->wait))
		wake_up_interruptible_sync_poll(&sk->sk_wq->wait,
						EPOLLIN | EPOLLPRI | EPOLLRDNORM | EPOLLRDBAND);
	sk_wake_async(sk, POLL_IN);
}

void sock_def_error_report(struct sock *sk)
{
	if (sk->sk_wq && waitqueue_active(&sk->sk_wq->wait))
		wake_up_interruptible_poll(&sk->sk_wq->wait, EPOLLERR);
	sk_wake_async(sk, POLL_ERR);
}

/* Datagram senders wait until half of the buffer is free. */
void sock_def_write_space(struct sock *sk)
{
	if (sk->sk_wq && sock_writeable(sk) && waitqueue_active(&sk->sk_wq->wait))
		wake_up_interruptible_sync_poll(&sk->sk_wq->wait,
						EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
}

void sk_error_report(struct sock *sk)
{
	sk->sk_error_report(sk);
}

void sk_reset_timer(struct sock *sk, struct timer_list *t, unsigned long expires)
{
	if (!mod_timer(t, expires))
		sock_hold(sk);
}

void sk_stop_timer(struct sock *sk, struct timer_list *t)
{
	if (del_timer(t))
		sock_put(sk);
}
