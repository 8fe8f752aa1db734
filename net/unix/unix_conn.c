// SPDX-License-Identifier: BSD-2-Clause
/*
 * Connections of AF_UNIX stream and seqpacket sockets: listen, connect, accept, socketpair (also of
 * datagrams), shutdown.
 *
 * connect() makes the whole connection itself: a new sock, the peer of the caller's, whose one
 * packet lies in the listener's receive queue until accept() takes it. The caller is connected at
 * once and may send; a full queue makes it wait on the listener's peer_wait.
 *
 * Called through proto_ops, thread context; connect and accept sleep.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/af_unix.h>
#include <netinet/tcp.h>

int unix_listen(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;
	struct unix_sock *u = unix_sk(sk);
	int err = -EINVAL;

	if (!u->addr)
		return -EINVAL;
	unix_state_lock(sk);
	if (sk->sk_state == TCP_CLOSE || sk->sk_state == TCP_LISTEN) {
		if ((u32)backlog > sk->sk_max_ack_backlog)
			wake_up_interruptible_all(&u->peer_wait);
		sk->sk_max_ack_backlog = (u32)backlog;
		sk->sk_state = TCP_LISTEN;
		u->peer_cred = scm_current_creds(); /* what those who connect are told */
		err = 0;
	}
	unix_state_unlock(sk);
	return err;
}

long unix_wait_for_peer(struct sock *other, long timeo)
{
	struct unix_sock *u = unix_sk(other);
	bool sleep;
	DEFINE_WAIT(wait);

	prepare_to_wait_exclusive(&u->peer_wait, &wait, TASK_INTERRUPTIBLE);
	sleep = !sock_flag(other, SOCK_DEAD) && !(other->sk_shutdown & RCV_SHUTDOWN) &&
		unix_recvq_full(other);
	unix_state_unlock(other);
	if (sleep)
		timeo = schedule_timeout(timeo);
	finish_wait(&u->peer_wait, &wait);
	return timeo;
}

/* --- connect ---------------------------------------------------------------------------------- */

/* The packet by which a new connection lies in its listener's queue, charged to newsk; or NULL. */
static struct sk_buff *unix_embryo_skb(struct sock *newsk)
{
	struct sk_buff *skb = alloc_skb(1, GFP_KERNEL);

	if (skb)
		skb_set_owner_w(skb, newsk);
	return skb;
}

/* Both ends know each other; other (the listener) and sk are locked. */
static void unix_join(struct socket *sock, struct sock *newsk, struct sock *other)
{
	struct unix_sock *newu = unix_sk(newsk), *otheru = unix_sk(other);
	struct sock *sk = sock->sk;

	sock_hold(sk);
	unix_peer(newsk) = sk;
	newsk->sk_state = TCP_ESTABLISHED;
	newu->peer_cred = scm_current_creds();
	refcount_inc(&otheru->addr->refcnt);
	newu->addr = otheru->addr;
	unix_sk(sk)->peer_cred = otheru->peer_cred;
	sock->state = SS_CONNECTED;
	sk->sk_state = TCP_ESTABLISHED;
	sock_hold(newsk);
	unix_peer(sk) = newsk;
}

/*
 * Try once with other, which is held: 0 connected, -EAGAIN with *timeo used up or a reason to stop,
 * 1 look for it again. The new connection's packet is in the queue then.
 */
static int unix_try_connect(struct socket *sock, struct sock *other, struct sk_buff *skb,
			    long *timeo)
{
	struct sock *sk = sock->sk;
	int err = 1;

	unix_state_lock(other);
	if (sock_flag(other, SOCK_DEAD))
		goto out;
	err = -ECONNREFUSED;
	if (other->sk_state != TCP_LISTEN || other->sk_shutdown & RCV_SHUTDOWN)
		goto out;
	if (unix_recvq_full(other)) {
		err = -EAGAIN;
		if (!*timeo)
			goto out;
		*timeo = unix_wait_for_peer(other, *timeo); /* unlocks */
		return signal_pending(current) ? sock_intr_errno(*timeo) : 1;
	}
	err = sk->sk_state == TCP_ESTABLISHED ? -EISCONN : -EINVAL;
	if (sk->sk_state != TCP_CLOSE)
		goto out;
	unix_state_lock(sk);
	unix_join(sock, skb->sk, other);
	unix_state_unlock(sk);
	__skb_queue_tail(&other->sk_receive_queue, skb);
	unix_state_unlock(other);
	other->sk_data_ready(other);
	return 0;
out:
	unix_state_unlock(other);
	return err;
}

int unix_stream_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags)
{
	const struct sockaddr_un *sunaddr = (const struct sockaddr_un *)uaddr;
	struct sock *sk = sock->sk, *newsk, *other;
	long timeo = sock_sndtimeo(sk, flags & O_NONBLOCK);
	struct sk_buff *skb;
	int err = unix_validate_addr(sunaddr, addr_len);

	if (!err && sock->flags & SOCK_FLAG_PASSCRED)
		err = unix_autobind(sk);
	if (err)
		return err;
	newsk = unix_create1(sock_net(sk), NULL, false, sock->type);
	if (!newsk)
		return -ENOMEM;
	skb = unix_embryo_skb(newsk);
	err = skb ? 1 : -ENOMEM;
	while (err > 0) {
		other = unix_find_other(sock_net(sk), sunaddr, addr_len, sock->type);
		if (IS_ERR(other)) {
			err = (int)PTR_ERR(other);
			break;
		}
		err = unix_try_connect(sock, other, skb, &timeo);
		sock_put(other);
	}
	if (err) {
		consume_skb(skb);
		unix_release_sock(newsk, false);
	}
	return err;
}

int unix_socketpair(struct socket *a, struct socket *b)
{
	struct sock *ska = a->sk, *skb = b->sk;

	sock_hold(ska);
	sock_hold(skb);
	unix_peer(ska) = skb;
	unix_peer(skb) = ska;
	unix_sk(ska)->peer_cred = unix_sk(skb)->peer_cred = scm_current_creds();
	ska->sk_state = skb->sk_state = TCP_ESTABLISHED;
	a->state = b->state = SS_CONNECTED;
	return 0;
}

/* --- accept ----------------------------------------------------------------------------------- */

int unix_accept(struct socket *sock, struct socket *newsock, int flags, bool kern)
{
	struct sock *sk = sock->sk, *tsk;
	struct sk_buff *skb;
	int err = -EINVAL;

	(void)kern; /* a connection belongs to the one who made it */
	if (sk->sk_state != TCP_LISTEN)
		return -EINVAL;
	skb = skb_recv_datagram(sk, flags & O_NONBLOCK ? MSG_DONTWAIT : 0, &err);
	if (!skb)
		return err ? err : -EINVAL; /* shut down */
	tsk = skb->sk;
	skb_free_datagram(sk, skb);
	wake_up_interruptible(&unix_sk(sk)->peer_wait);
	unix_state_lock(tsk);
	newsock->state = SS_CONNECTED;
	newsock->flags |= sock->flags & SOCK_FLAG_PASSCRED;
	sock_graft(tsk, newsock);
	unix_state_unlock(tsk);
	return 0;
}

/* --- shutdown --------------------------------------------------------------------------------- */

static void unix_shut(struct sock *sk, u8 mode)
{
	unix_state_lock(sk);
	sk->sk_shutdown |= mode;
	unix_state_unlock(sk);
	sk->sk_state_change(sk);
}

int unix_shutdown(struct socket *sock, int mode)
{
	struct sock *sk = sock->sk, *other;
	u8 mine, its = 0;

	if (mode < SHUT_RD || mode > SHUT_RDWR)
		return -EINVAL;
	mine = (u8)(mode + 1); /* RCV_SHUTDOWN, SEND_SHUTDOWN */
	unix_shut(sk, mine);
	if (!unix_is_connected_type(sk))
		return 0;
	other = unix_peer_get(sk);
	if (!other)
		return 0;
	if (mine & RCV_SHUTDOWN)
		its |= SEND_SHUTDOWN;
	if (mine & SEND_SHUTDOWN)
		its |= RCV_SHUTDOWN;
	unix_shut(other, its);
	sock_put(other);
	return 0;
}
