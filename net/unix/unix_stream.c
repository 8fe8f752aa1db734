// SPDX-License-Identifier: BSD-2-Clause
/*
 * Data of AF_UNIX streams. A send cuts its bytes into packets and puts them into the peer's receive
 * queue; a receive takes bytes from the front of its own, leaving a rest in place
 * (UNIXCB.consumed).
 *
 * Files go with the first packet of a send, and a receive stops behind a packet that had some, so
 * that two sends with files are never one receive. With SO_PASSCRED bytes of different senders are
 * not mixed either (unix(7)).
 *
 * Called through unix_stream_ops, thread context; sleeps for room and for data.
 */
#include <errno.h>
#include <kernel/lib/signal_hook.h>
#include <net/af_unix.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>

#define UNIX_SKB_HEAD  3776u  /* bytes that fit beside an skb_shared_info in one page */
#define UNIX_SKB_FRAGS 32768u /* and as many more in page fragments */

/* --- sending ---------------------------------------------------------------------------------- */

/* One packet's bytes from the program. NULL and *err. Sleeps for room. */
static struct sk_buff *unix_stream_fill(struct sock *sk, struct msghdr *msg, size_t left, int *err)
{
	size_t size = min_t(size_t, left, (size_t)(sk->sk_sndbuf >> 1) - 64);
	struct sk_buff *skb;
	u32 frags;

	size = min_t(size_t, size, UNIX_SKB_HEAD + UNIX_SKB_FRAGS);
	frags = size > UNIX_SKB_HEAD ? (u32)size - UNIX_SKB_HEAD : 0;
	skb = sock_alloc_send_pskb(sk, (u32)size - frags, frags, msg->msg_flags & MSG_DONTWAIT,
				   err);
	if (!skb)
		return NULL;
	*err = skb_copy_datagram_from_iter(skb, 0, &msg->msg_iter, (u32)size);
	if (!*err)
		return skb;
	kfree_skb(skb);
	return NULL;
}

/* Into other's queue, or -EPIPE; consumes skb. */
static int unix_stream_queue(struct socket *sock, struct sock *other, struct sk_buff *skb)
{
	unix_state_lock(other);
	if (sock_flag(other, SOCK_DEAD) || other->sk_shutdown & RCV_SHUTDOWN) {
		unix_state_unlock(other);
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_CLOSE);
		return -EPIPE;
	}
	maybe_add_creds(skb, sock, other);
	__skb_queue_tail(&other->sk_receive_queue, skb);
	unix_state_unlock(other);
	other->sk_data_ready(other);
	return 0;
}

/* May sk send at all? Without a look at the peer's state. */
static int unix_stream_may_send(const struct sock *sk, const struct msghdr *msg)
{
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (msg->msg_namelen)
		return sk->sk_state == TCP_ESTABLISHED ? -EISCONN : -EOPNOTSUPP;
	if (!unix_peer(sk))
		return -ENOTCONN;
	return sk->sk_shutdown & SEND_SHUTDOWN ? -EPIPE : 0;
}

int unix_stream_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct sock *sk = sock->sk;
	struct scm_cookie scm;
	struct sk_buff *skb;
	size_t sent = 0;
	int err;

	wait_for_unix_gc();
	err = scm_send(sock, msg, &scm);
	if (err < 0)
		return err;
	err = unix_stream_may_send(sk, msg);
	while (!err && sent < len) {
		u32 size;

		skb = unix_stream_fill(sk, msg, len - sent, &err);
		if (!skb)
			break;
		size = skb->len;
		err = unix_scm_to_skb(&scm, skb, !sent);
		if (err) {
			kfree_skb(skb);
			break;
		}
		err = unix_stream_queue(sock, unix_peer(sk), skb);
		if (!err)
			sent += size;
	}
	scm_destroy(&scm);
	if (sent)
		return (int)sent;
	if (err == -EPIPE && !(msg->msg_flags & MSG_NOSIGNAL))
		send_sig_thread(SIGPIPE);
	return err;
}

/* --- receiving -------------------------------------------------------------------------------- */

/* One receive in progress. */
struct unix_read {
	struct socket *sock;
	struct msghdr *msg;
	struct scm_cookie scm;
	size_t left, copied, target; /* bytes */
	int flags;
	long timeo;
	bool check_creds; /* scm.creds are those of the bytes so far */
};

/* Sleep until something comes behind last, of which last_len bytes were there. */
static long unix_stream_data_wait(struct sock *sk, long timeo, const struct sk_buff *last,
				  u32 last_len)
{
	const struct sk_buff *tail;
	DEFINE_WAIT(wait);

	for (;;) {
		prepare_to_wait(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
		tail = skb_peek_tail(&sk->sk_receive_queue);
		if (tail != last || (tail && tail->len != last_len) || sk->sk_err ||
		    sk->sk_shutdown & RCV_SHUTDOWN || signal_pending(current) || !timeo)
			break;
		timeo = schedule_timeout(timeo);
	}
	finish_wait(sk_sleep(sk), &wait);
	return timeo;
}

/* Nothing to take. 1: look again, 0: what there is is all, or -errno. iolock is let go meanwhile.
 */
static int unix_stream_nothing(struct unix_read *r, struct sk_buff *last)
{
	struct sock *sk = r->sock->sk;
	int err;

	if (r->copied >= r->target)
		return 0;
	err = sock_error(sk); /* POSIX wants this order */
	if (err || sk->sk_shutdown & RCV_SHUTDOWN)
		return err;
	if (!r->timeo)
		return -EAGAIN;
	mutex_unlock(&unix_sk(sk)->iolock);
	r->timeo = unix_stream_data_wait(sk, r->timeo, last, last ? last->len : 0);
	err = signal_pending(current) ? sock_intr_errno(r->timeo) : 1;
	mutex_lock(&unix_sk(sk)->iolock);
	return err;
}

static bool unix_skb_scm_eq(const struct sk_buff *skb, const struct scm_cookie *scm)
{
	return !memcmp(&UNIXCB(skb).creds, &scm->creds, sizeof(scm->creds));
}

/* The read bytes leave the queue, and the packet when it is empty. true: go on with the next. */
static bool unix_stream_consume(struct unix_read *r, struct sk_buff *skb, u32 chunk)
{
	UNIXCB(skb).consumed += chunk;
	if (UNIXCB(skb).fp)
		unix_detach_fds(&r->scm, skb);
	if (unix_skb_len(skb))
		return false;
	__skb_unlink(skb, &r->sock->sk->sk_receive_queue);
	consume_skb(skb);
	return !r->scm.fp;
}

/*
 * Copy from one packet. 1: go on with the next one, 0: stop, -EFAULT. A packet that gives its files
 * ends the receive, and so does one of another sender.
 */
static int unix_stream_take(struct unix_read *r, struct sk_buff *skb)
{
	u32 chunk = (u32)min_t(size_t, unix_skb_len(skb), r->left);

	if (r->check_creds) {
		if (!unix_skb_scm_eq(skb, &r->scm))
			return 0;
	} else if (r->sock->flags & SOCK_FLAG_PASSCRED) {
		r->scm.creds = UNIXCB(skb).creds;
		r->check_creds = true;
	}
	if (r->msg->msg_name && !r->msg->msg_namelen)
		unix_copy_addr(r->msg, skb->sk);
	if (skb_copy_datagram_iter(skb, UNIXCB(skb).consumed, &r->msg->msg_iter, chunk))
		return -EFAULT;
	r->copied += chunk;
	r->left -= chunk;
	if (!(r->flags & MSG_PEEK))
		return unix_stream_consume(r, skb, chunk);
	if (!UNIXCB(skb).fp)
		return 1;
	unix_peek_fds(&r->scm, skb);
	return 0;
}

/* 0 or the reason why there is less than asked for. */
static int unix_stream_read(struct unix_read *r)
{
	struct sk_buff_head *q = &r->sock->sk->sk_receive_queue;
	struct sk_buff *skb, *last = NULL; /* last: MSG_PEEK has seen all up to it */
	int ret;

	do {
		skb = last ? skb_queue_next(q, last) : skb_peek(q);
		if (!skb) {
			/* Peeking: what was seen is all, however much is wanted. */
			ret = last ? 0 : unix_stream_nothing(r, NULL);
			continue;
		}
		if (r->flags & MSG_PEEK)
			last = skb;
		ret = unix_stream_take(r, skb);
	} while (ret > 0 && r->left);
	return min(ret, 0);
}

int unix_stream_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	struct sock *sk = sock->sk;
	struct unix_read r = {.sock = sock, .msg = msg, .left = size, .flags = flags};
	int err;

	if (sk->sk_state != TCP_ESTABLISHED)
		return -EINVAL;
	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	r.scm.creds = SCM_NO_CREDS;
	r.target = (size_t)sock_rcvlowat(sk, flags & MSG_WAITALL, (int)size);
	r.timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	mutex_lock(&unix_sk(sk)->iolock);
	err = unix_stream_read(&r);
	mutex_unlock(&unix_sk(sk)->iolock);
	scm_recv(sock, msg, &r.scm);
	return r.copied ? (int)r.copied : err;
}
