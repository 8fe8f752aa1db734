// SPDX-License-Identifier: BSD-2-Clause
/*
 * Messages of AF_UNIX datagram and seqpacket sockets: one send, one packet, one receive. Nothing is
 * lost: a send waits (or is -EAGAIN) while the receiver's queue is longer than its max_dgram_qlen,
 * unless the receiver is connected to the sender.
 *
 * A sock that is connected takes messages only from its peer: others get -EPERM (unix_may_send).
 * When a datagram peer is closed the next send says -ECONNREFUSED and breaks the connection.
 *
 * Called through unix_dgram_ops and unix_seqpacket_ops, thread context; sleeps.
 */
#include <errno.h>
#include <net/af_unix.h>
#include <net/tstamp.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>

#define SKB_MAX_ALLOC 16064u /* bytes of a packet's head in a block of four pages */

static bool unix_may_send(const struct sock *sk, const struct sock *other)
{
	return !unix_peer(other) || unix_peer(other) == sk;
}

/* sk was other's peer, or will be no more: what other sent is thrown away, and it learns it. */
static void unix_dgram_disconnected(struct sock *sk, struct sock *other)
{
	if (!skb_queue_empty(&sk->sk_receive_queue)) {
		__skb_queue_purge(&sk->sk_receive_queue, SKB_DROP_REASON_QUEUE_PURGE);
		wake_up_interruptible_all(&unix_sk(sk)->peer_wait);
		if (!sock_flag(other, SOCK_DEAD) && unix_peer(other) == sk) {
			other->sk_err = ECONNRESET;
			sk_error_report(other);
		}
	}
	other->sk_state = TCP_CLOSE;
}

/* --- connect ---------------------------------------------------------------------------------- */

/* sk's peer becomes other (held for it; NULL: none). Both are locked; unlocks. */
static void unix_dgram_set_peer(struct sock *sk, struct sock *other)
{
	struct sock *old = unix_peer(sk);

	unix_peer(sk) = other;
	if (old) {
		if (!other)
			sk->sk_state = TCP_CLOSE;
		unix_dgram_peer_wake_disconnect_wakeup(sk, old);
	}
	unix_state_double_unlock(sk, other);
	if (!old)
		return;
	if (other != old)
		unix_dgram_disconnected(sk, old);
	sock_put(old);
}

int unix_dgram_connect(struct socket *sock, struct sockaddr *addr, int alen, int flags)
{
	const struct sockaddr_un *sunaddr = (const struct sockaddr_un *)addr;
	struct sock *sk = sock->sk, *other = NULL;
	int err;

	(void)flags;
	if (alen < (int)(offsetof(struct sockaddr, sa_family) + sizeof(addr->sa_family)))
		return -EINVAL;
	if (addr->sa_family == AF_UNSPEC) {
		unix_state_lock(sk);
		unix_dgram_set_peer(sk, NULL);
		sock->state = SS_UNCONNECTED;
		return 0;
	}
	err = unix_validate_addr(sunaddr, alen);
	if (!err && sock->flags & SOCK_FLAG_PASSCRED)
		err = unix_autobind(sk);
	if (err)
		return err;
	other = unix_find_other(sock_net(sk), sunaddr, alen, sock->type);
	if (IS_ERR(other))
		return (int)PTR_ERR(other);
	unix_state_double_lock(sk, other);
	BUG_ON(sock_flag(other, SOCK_DEAD)); /* who is closed is not found */
	if (!unix_may_send(sk, other)) {
		unix_state_double_unlock(sk, other);
		sock_put(other);
		return -EPERM;
	}
	sk->sk_state = other->sk_state = TCP_ESTABLISHED;
	sock->state = SS_CONNECTED;
	unix_dgram_set_peer(sk, other);
	return 0;
}

/* --- sending ---------------------------------------------------------------------------------- */

/* The program's message as a packet with its files. NULL and *err. Sleeps for room. */
static struct sk_buff *unix_dgram_fill(struct sock *sk, struct msghdr *msg, size_t len, int *err)
{
	u32 frags = len > SKB_MAX_ALLOC ? (u32)len - SKB_MAX_ALLOC : 0;
	struct sk_buff *skb;

	if (sk->sk_sndbuf <= 32 || len > (size_t)sk->sk_sndbuf - 32) {
		*err = -EMSGSIZE;
		return NULL;
	}
	skb = sock_alloc_send_pskb(sk, (u32)len - frags, frags, msg->msg_flags & MSG_DONTWAIT, err);
	if (!skb)
		return NULL;
	*err = skb_copy_datagram_from_iter(skb, 0, &msg->msg_iter, (u32)len);
	if (!*err)
		return skb;
	kfree_skb(skb);
	return NULL;
}

/* other was closed; both unlocked. The errno for the program, or 1 when its name may lead on. */
static int unix_dgram_peer_dead(struct sock *sk, struct sock *other)
{
	if (sk->sk_type == SOCK_SEQPACKET)
		return -EPIPE;
	if (unix_peer(sk) != other)
		return 1;
	unix_state_lock(sk);
	unix_peer(sk) = NULL;
	unix_dgram_peer_wake_disconnect_wakeup(sk, other);
	sk->sk_state = TCP_CLOSE;
	unix_state_unlock(sk);
	unix_dgram_disconnected(sk, other);
	sock_put(other);
	return -ECONNREFUSED;
}

/* other's queue is full, and its state locked at entry, not at exit. 1: try again, or -errno. */
static int unix_dgram_wait_room(struct sock *sk, struct sock *other, long *timeo)
{
	bool full;

	if (*timeo) {
		*timeo = unix_wait_for_peer(other, *timeo);
		return signal_pending(current) ? sock_intr_errno(*timeo) : 1;
	}
	unix_state_unlock(other);
	unix_state_double_lock(sk, other);
	/* So that a poller who asks for EPOLLOUT next is woken by the room to come. */
	full = unix_peer(sk) != other || unix_dgram_peer_wake_me(sk, other);
	unix_state_double_unlock(sk, other);
	return full ? -EAGAIN : 1;
}

/* Put skb into other's queue. 0 (skb is gone), 1: look for other again, or -errno. */
static int unix_dgram_deliver(struct socket *sock, struct sock *other, struct sk_buff *skb,
			      long *timeo)
{
	struct sock *sk = sock->sk;
	int err = 0;

	unix_state_lock(other);
	if (!unix_may_send(sk, other))
		err = -EPERM;
	else if (!sock_flag(other, SOCK_DEAD) && other->sk_shutdown & RCV_SHUTDOWN)
		err = -EPIPE;
	if (err) {
		unix_state_unlock(other);
		return err;
	}
	if (sock_flag(other, SOCK_DEAD)) {
		unix_state_unlock(other);
		return unix_dgram_peer_dead(sk, other);
	}
	if (other != sk && unix_peer(other) != sk && unix_recvq_full(other))
		return unix_dgram_wait_room(sk, other, timeo);
	skb->tstamp = sock_flag(other, SOCK_RX_STAMPED) ? ktime_get_real_ns() : 0;
	maybe_add_creds(skb, sock, other);
	__skb_queue_tail(&other->sk_receive_queue, skb);
	unix_state_unlock(other);
	other->sk_data_ready(other);
	return 0;
}

/* Until it is delivered: to the name in msg, or to the peer. Consumes skb. 0 or -errno. */
static int unix_dgram_send(struct socket *sock, const struct msghdr *msg, struct sk_buff *skb)
{
	long timeo = sock_sndtimeo(sock->sk, msg->msg_flags & MSG_DONTWAIT);
	struct sock *sk = sock->sk, *other;
	int err;

	do {
		if (msg->msg_namelen)
			other = unix_find_other(sock_net(sk), msg->msg_name, msg->msg_namelen,
						sk->sk_type);
		else
			other = unix_peer_get(sk);
		if (IS_ERR(other) || !other) {
			err = other ? (int)PTR_ERR(other) : -ECONNRESET;
			break;
		}
		err = unix_dgram_deliver(sock, other, skb, &timeo);
		sock_put(other);
	} while (err > 0);
	if (err)
		kfree_skb(skb);
	return err;
}

/* What can be said before there is a packet; a name is made where the receiver wants to know us. */
static int unix_dgram_may_send(struct socket *sock, const struct msghdr *msg)
{
	int err = 0;

	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (msg->msg_namelen)
		err = unix_validate_addr(msg->msg_name, msg->msg_namelen);
	else if (!unix_peer(sock->sk))
		err = -ENOTCONN;
	if (!err && sock->flags & SOCK_FLAG_PASSCRED)
		err = unix_autobind(sock->sk);
	return err;
}

int unix_dgram_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct scm_cookie scm;
	struct sk_buff *skb;
	int err;

	wait_for_unix_gc();
	err = scm_send(sock, msg, &scm);
	if (err < 0)
		return err;
	err = unix_dgram_may_send(sock, msg);
	if (err)
		goto out;
	skb = unix_dgram_fill(sock->sk, msg, len, &err);
	if (!skb)
		goto out;
	err = unix_scm_to_skb(&scm, skb, true);
	if (err)
		kfree_skb(skb);
	else
		err = unix_dgram_send(sock, msg, skb);
out:
	scm_destroy(&scm);
	return err ? err : (int)len;
}

int unix_seqpacket_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	int err = sock_error(sock->sk);

	if (err)
		return err;
	if (sock->sk->sk_state != TCP_ESTABLISHED)
		return -ENOTCONN;
	msg->msg_namelen = 0; /* a name is ignored */
	return unix_dgram_sendmsg(sock, msg, len);
}

/* --- receiving -------------------------------------------------------------------------------- */

/* The next message: taken off, or with MSG_PEEK left there with a reference. NULL: *err, 0 = end of
 * file. */
static struct sk_buff *unix_recv_packet(struct sock *sk, int flags, int *err)
{
	long timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	struct sk_buff *skb;

	*err = sock_error(sk);
	while (!*err) {
		skb = skb_peek(&sk->sk_receive_queue);
		if (skb) {
			if (flags & MSG_PEEK)
				refcount_inc(&skb->users);
			else
				__skb_unlink(skb, &sk->sk_receive_queue);
			return skb;
		}
		*err = timeo ? sk_wait_for_datagram(sk, &timeo) : -EAGAIN;
	}
	/* The end of a seqpacket connection shows also to those who do not wait. */
	if (sk->sk_type == SOCK_SEQPACKET && *err == -EAGAIN && sk->sk_shutdown & RCV_SHUTDOWN)
		*err = 0;
	*err = min(*err, 0);
	return NULL;
}

int unix_dgram_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	struct scm_cookie scm = {.fp = NULL};
	struct sock *sk = sock->sk;
	struct sk_buff *skb;
	u32 copied;
	int err;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	skb = unix_recv_packet(sk, flags, &err);
	if (!skb)
		return err;
	wake_up_interruptible_sync_poll(&unix_sk(sk)->peer_wait,
					EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
	if (msg->msg_name)
		unix_copy_addr(msg, skb->sk);
	copied = (u32)min_t(size_t, size, skb->len);
	if (copied < skb->len)
		msg->msg_flags |= MSG_TRUNC;
	err = skb_copy_datagram_iter(skb, 0, &msg->msg_iter, copied);
	if (err)
		goto out;
	if (sock_flag(sk, SOCK_RX_STAMPED))
		sock_recv_timestamp(msg, sk, skb->tstamp ? skb->tstamp : ktime_get_real_ns());
	scm.creds = UNIXCB(skb).creds;
	if (UNIXCB(skb).fp && flags & MSG_PEEK)
		unix_peek_fds(&scm, skb);
	else if (UNIXCB(skb).fp)
		unix_detach_fds(&scm, skb);
	err = flags & MSG_TRUNC ? (int)skb->len : (int)copied;
	scm_recv(sock, msg, &scm);
out:
	consume_skb(skb);
	return err;
}

int unix_seqpacket_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	if (sock->sk->sk_state != TCP_ESTABLISHED)
		return -ENOTCONN;
	return unix_dgram_recvmsg(sock, msg, size, flags);
}
