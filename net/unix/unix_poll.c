// SPDX-License-Identifier: BSD-2-Clause
/*
 * Readiness of AF_UNIX sockets: poll, the wake-ups that edges come from, SIOCINQ and SIOCOUTQ.
 *
 * A sock is writable while at most a quarter of its send buffer is in use. A connected datagram
 * sock is so only if its peer's queue has room, too, unless the two are connected to each other;
 * its pollers hear of that room by peer_wake, an entry on the peer's peer_wait that passes the
 * wake-up on.
 *
 * Called through proto_ops in thread context, unix_write_space() by whoever frees a packet. Never
 * sleeps.
 */
#include <errno.h>
#include <kernel/mm/uaccess.h>
#include <net/af_unix.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#define EPOLL_WRITABLE (EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND)

static bool unix_writable(const struct sock *sk)
{
	return sk->sk_state != TCP_LISTEN &&
	       (long)atomic_read(&sk->sk_wmem_alloc) << 2 <= sk->sk_sndbuf;
}

void unix_write_space(struct sock *sk)
{
	if (sk->sk_wq && unix_writable(sk) && waitqueue_active(&sk->sk_wq->wait))
		wake_up_interruptible_sync_poll(&sk->sk_wq->wait, EPOLL_WRITABLE);
}

/* --- the peer's queue ------------------------------------------------------------------------- */

/* The peer's queue has room: off its list, and our pollers look again. */
int unix_dgram_peer_wake_relay(struct wait_queue_entry *q, unsigned int mode, u32 key)
{
	struct unix_sock *u = container_of(q, struct unix_sock, peer_wake);
	wait_queue_head_t *wq = sk_sleep(&u->sk);

	(void)mode;
	unix_dgram_peer_wake_disconnect(&u->sk, q->private);
	if (wq)
		wake_up_interruptible_poll(wq, key);
	return 0;
}

static bool unix_dgram_peer_wake_connect(struct sock *sk, struct sock *other)
{
	struct unix_sock *u = unix_sk(sk);

	if (u->peer_wake.private)
		return false;
	u->peer_wake.private = other;
	add_wait_queue(&unix_sk(other)->peer_wait, &u->peer_wake);
	return true;
}

void unix_dgram_peer_wake_disconnect(struct sock *sk, struct sock *other)
{
	struct unix_sock *u = unix_sk(sk);

	if (u->peer_wake.private != other || !other)
		return;
	remove_wait_queue(&unix_sk(other)->peer_wait, &u->peer_wake);
	u->peer_wake.private = NULL;
}

void unix_dgram_peer_wake_disconnect_wakeup(struct sock *sk, struct sock *other)
{
	unix_dgram_peer_wake_disconnect(sk, other);
	if (sk_sleep(sk))
		wake_up_interruptible_poll(sk_sleep(sk), EPOLL_WRITABLE);
}

bool unix_dgram_peer_wake_me(struct sock *sk, struct sock *other)
{
	bool connected;

	lockdep_assert_held(&unix_sk(sk)->lock);
	connected = unix_dgram_peer_wake_connect(sk, other);
	if (unix_recvq_full(other) && !sock_flag(other, SOCK_DEAD))
		return true;
	if (connected)
		unix_dgram_peer_wake_disconnect(sk, other);
	return false;
}

/* --- poll ------------------------------------------------------------------------------------- */

/* What streams and datagrams have in common. */
static u32 unix_poll_common(const struct sock *sk)
{
	u32 mask = 0;

	if (sk->sk_err)
		mask |= EPOLLERR;
	if (sk->sk_shutdown == SHUTDOWN_MASK)
		mask |= EPOLLHUP;
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		mask |= EPOLLRDHUP | EPOLLIN | EPOLLRDNORM;
	if (!skb_queue_empty(&sk->sk_receive_queue))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (unix_is_connected_type(sk) && sk->sk_state == TCP_CLOSE)
		mask |= EPOLLHUP;
	return mask;
}

u32 unix_poll(struct file *file, struct socket *sock, struct poll_table *wait)
{
	u32 mask;

	poll_wait(file, &sock->wq.wait, wait);
	mask = unix_poll_common(sock->sk);
	if (unix_writable(sock->sk)) /* also when the other side is gone: a write says so */
		mask |= EPOLL_WRITABLE;
	return mask;
}

u32 unix_dgram_poll(struct file *file, struct socket *sock, struct poll_table *wait)
{
	struct sock *sk = sock->sk, *other;
	bool writable;
	u32 mask;

	poll_wait(file, &sock->wq.wait, wait);
	mask = unix_poll_common(sk);
	if (wait && wait->key && !(wait->key & EPOLL_WRITABLE))
		return mask;
	writable = unix_writable(sk);
	if (writable) {
		unix_state_lock(sk);
		other = unix_peer(sk);
		if (other && unix_peer(other) != sk && unix_recvq_full(other) &&
		    unix_dgram_peer_wake_me(sk, other))
			writable = false;
		unix_state_unlock(sk);
	}
	return writable ? mask | EPOLL_WRITABLE : mask;
}

/* --- ioctl ------------------------------------------------------------------------------------ */

/* Bytes that a read may take: of datagrams those of the next one. */
static int unix_inq_len(struct sock *sk)
{
	struct sk_buff *skb = skb_peek(&sk->sk_receive_queue);
	u32 amount = 0;

	if (sk->sk_state == TCP_LISTEN)
		return -EINVAL;
	if (!unix_is_connected_type(sk))
		return skb ? (int)skb->len : 0;
	skb_queue_walk(&sk->sk_receive_queue, skb)
		amount += unix_skb_len(skb);
	return (int)amount;
}

int unix_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	int amount;

	switch (cmd) {
	case SIOCOUTQ:
		amount = atomic_read(&sock->sk->sk_wmem_alloc) - 1; /* one is the sock's own */
		break;
	case SIOCINQ:
		amount = unix_inq_len(sock->sk);
		if (amount < 0)
			return amount;
		break;
	default:
		return -ENOTTY;
	}
	return copy_to_user((void *)arg, &amount, sizeof(amount));
}
