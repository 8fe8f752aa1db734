// SPDX-License-Identifier: BSD-2-Clause
/*
 * RECEIVE (RFC 9293 section 3.10.3): from the receive queue to the program, the one copy on the way
 * in; and the window update that reading may owe the peer (silly window avoidance,
 * section 3.8.6.2.2).
 *
 * A read stops at urgent data (RFC 6093), waits for SO_RCVLOWAT or with MSG_WAITALL for everything,
 * looks only with MSG_PEEK, throws away with MSG_TRUNC. At the end of the peer's data it returns 0.
 * Thread context; sleeps with the sock unlocked.
 */
#include <kernel/fs/iov_iter.h>
#include <net/inet_common.h>
#include <net/tcp_data.h>
#include <net/tstamp.h>

/* One call's state. */
struct tcp_recv {
	struct msghdr *msg;
	u32 *seq; /* next byte: copied_seq, or peek_seq with MSG_PEEK */
	u32 peek_seq;
	u32 urg_hole; /* urgent bytes skipped */
	size_t len;   /* still wanted */
	long timeo;
	int flags, target, copied;
	u64 tstamp; /* arrival of the last packet read, 0 = not known */
};

/* ---- after reading ---- */

/* Did reading open the window so far that the peer should know? */
static bool tcp_window_opened(struct sock *sk)
{
	u32 now = tcp_receive_window(tcp_sk(sk)), win;

	/* Choosing a window is not cheap: look first whether it could have doubled. */
	if (2 * now > tcp_sk(sk)->window_clamp)
		return false;
	win = __tcp_select_window(sk);
	return win && win >= 2 * now;
}

/* The program has taken `copied` bytes: send the ACK that this makes due. */
void tcp_cleanup_rbuf(struct sock *sk, int copied)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u8 pending = icsk->icsk_ack.pending;
	bool ack = false;

	if (pending & ICSK_ACK_SCHED) {
		/* Two segments came, or a small one that the program has emptied the buffer of and
		 * will hardly answer. */
		ack = tp->rcv_nxt - tp->rcv_wup > icsk->icsk_ack.rcv_mss ||
		      (copied > 0 && !atomic_read(&sk->sk_rmem_alloc) &&
		       (pending & ICSK_ACK_PUSHED2 ||
			(pending & ICSK_ACK_PUSHED && !inet_csk_in_pingpong_mode(sk))));
	}
	if (copied > 0 && !ack && !(sk->sk_shutdown & RCV_SHUTDOWN))
		ack = tcp_window_opened(sk);
	if (ack) {
		tcp_mstamp_refresh(tp);
		tcp_send_ack(sk);
	}
}

static void tcp_eat_recv_skb(struct sock *sk, struct sk_buff *skb)
{
	__skb_unlink(skb, &sk->sk_receive_queue);
	consume_skb(skb);
}

/* ---- urgent data out of line ---- */

static int tcp_recv_urg(struct sock *sk, struct msghdr *msg, size_t len, int flags)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (sock_flag(sk, SOCK_URGINLINE) || !tp->urg_data || tp->urg_data == TCP_URG_READ)
		return -EINVAL;
	if (sk->sk_state == TCP_CLOSE && !sock_flag(sk, SOCK_DONE))
		return -ENOTCONN;
	if (tp->urg_data & TCP_URG_VALID) {
		u8 c = (u8)tp->urg_data;

		if (!(flags & MSG_PEEK))
			tp->urg_data = TCP_URG_READ;
		msg->msg_flags |= MSG_OOB;
		if (!len) {
			msg->msg_flags |= MSG_TRUNC;
			return 0;
		}
		if (!(flags & MSG_TRUNC) && copy_to_iter(&c, 1, &msg->msg_iter) != 1)
			return -EFAULT;
		return 1;
	}
	if (sk->sk_state == TCP_CLOSE || sk->sk_shutdown & RCV_SHUTDOWN)
		return 0;
	/* The pointer has come, the byte has not: do not wait, as BSD. */
	return -EAGAIN;
}

/* ---- the queue ---- */

/* The segment with the next byte (*offset: where in it), or with the FIN; NULL: there is none. */
static struct sk_buff *tcp_recv_find(struct sock *sk, const struct tcp_recv *r, u32 *offset)
{
	struct sk_buff *skb;

	skb_queue_walk(&sk->sk_receive_queue, skb) {
		u32 off = *r->seq - TCP_SKB_CB(skb)->seq;

		BUG_ON(before(*r->seq, TCP_SKB_CB(skb)->seq));
		if (off < skb->len || TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN) {
			*offset = off;
			return skb;
		}
		WARN_ON_ONCE(!(r->flags & MSG_PEEK));
	}
	return NULL;
}

/* Copy out of skb from offset. 1: go on, 0: stop here, -EFAULT. */
static int tcp_recv_copy(struct sock *sk, struct tcp_recv *r, struct sk_buff *skb, u32 offset)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 used = (u32)min_t(size_t, skb->len - offset, r->len);

	if (unlikely(tp->urg_data)) {
		u32 urg_offset = tp->urg_seq - *r->seq;

		if (urg_offset < used) {
			if (urg_offset) {
				used = urg_offset;
			} else if (!sock_flag(sk, SOCK_URGINLINE)) {
				++*r->seq;
				r->urg_hole++;
				offset++;
				used--;
			}
		}
	}
	if (used) {
		if (!(r->flags & MSG_TRUNC) &&
		    skb_copy_datagram_iter(skb, offset, &r->msg->msg_iter, used))
			return -EFAULT;
		*r->seq += used;
		r->copied += (int)used;
		r->len -= used;
		tcp_rcv_space_adjust(sk);
	}
	if (unlikely(tp->urg_data) && after(tp->copied_seq, tp->urg_seq)) {
		tp->urg_data = 0;
		tcp_fast_path_check(sk);
	}
	if (unlikely(TCP_SKB_CB(skb)->has_rxtstamp))
		r->tstamp = skb->tstamp;
	if (used + offset < skb->len)
		return 1;
	if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN) {
		++*r->seq;
		if (!(r->flags & MSG_PEEK))
			tcp_eat_recv_skb(sk, skb);
		return 0;
	}
	if (!(r->flags & MSG_PEEK))
		tcp_eat_recv_skb(sk, skb);
	return 1;
}

/* There is nothing to copy now: must the call end? *ret: with what, if nothing was copied. */
static bool tcp_recv_ends(struct sock *sk, struct tcp_recv *r, int *ret)
{
	if (r->copied)
		return !r->timeo || sk->sk_err || sk->sk_state == TCP_CLOSE ||
		       sk->sk_shutdown & RCV_SHUTDOWN || signal_pending(current);
	*ret = 0;
	if (sock_flag(sk, SOCK_DONE))
		return true;
	if (sk->sk_err)
		*ret = sock_error(sk);
	else if (sk->sk_shutdown & RCV_SHUTDOWN)
		return true;
	else if (sk->sk_state == TCP_CLOSE)
		*ret = -ENOTCONN;
	else if (!r->timeo)
		*ret = -EAGAIN;
	else if (signal_pending(current))
		*ret = sock_intr_errno(r->timeo);
	return *ret != 0;
}

/* Standing at urgent data: a read must not run across the mark. True: stop. */
static bool tcp_recv_at_mark(const struct sock *sk, const struct tcp_recv *r, int *ret)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (likely(!tp->urg_data) || tp->urg_seq != *r->seq)
		return false;
	if (r->copied)
		return true;
	if (!signal_pending(current))
		return false;
	*ret = r->timeo ? sock_intr_errno(r->timeo) : -EAGAIN;
	return true;
}

/* Sock locked. Bytes or -errno. */
static int tcp_recvmsg_locked(struct sock *sk, struct tcp_recv *r)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;
	int ret = 0, step;
	u32 offset = 0;

	do {
		if (tcp_recv_at_mark(sk, r, &ret))
			break;
		skb = tcp_recv_find(sk, r, &offset);
		if (skb) {
			step = tcp_recv_copy(sk, r, skb, offset);
			if (step < 0)
				ret = step;
			if (step <= 0)
				break;
			continue;
		}
		if (r->copied >= r->target && !sk->sk_backlog.tail)
			break;
		if (tcp_recv_ends(sk, r, &ret))
			break;
		if (r->copied >= r->target) {
			/* Enough, but segments wait on the backlog: take them without sleeping. */
			release_sock(sk);
			lock_sock(sk);
		} else {
			tcp_cleanup_rbuf(sk, r->copied);
			sk_wait_data(sk, &r->timeo, skb_peek_tail(&sk->sk_receive_queue));
		}
		/* While we slept somebody else may have read what we were peeking at. */
		if (r->flags & MSG_PEEK &&
		    r->peek_seq - (u32)r->copied - r->urg_hole != tp->copied_seq)
			r->peek_seq = tp->copied_seq;
	} while (r->len > 0);
	tcp_cleanup_rbuf(sk, r->copied);
	return r->copied ? r->copied : ret;
}

/* Bytes that can be read now, for TCP_INQ. */
static int tcp_inq_hint(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int inq = (int)(tp->rcv_nxt - tp->copied_seq);

	/* At the end there is the FIN: something to read, of length 0. */
	if (inq == 0 && sock_flag(sk, SOCK_DONE))
		return 1;
	return inq;
}

int tcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags, int *addr_len)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_recv r = {.msg = msg, .len = len, .flags = flags};
	int ret, inq;

	if (unlikely(flags & MSG_ERRQUEUE))
		return ip_recv_error(sk, msg, (int)len, addr_len);
	lock_sock(sk);
	if (unlikely(sk->sk_state == TCP_LISTEN)) {
		ret = -ENOTCONN;
	} else if (unlikely(flags & MSG_OOB)) {
		ret = tcp_recv_urg(sk, msg, len, flags);
	} else {
		r.timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
		r.peek_seq = tp->copied_seq;
		r.seq = flags & MSG_PEEK ? &r.peek_seq : &tp->copied_seq;
		r.target =
			sock_rcvlowat(sk, flags & MSG_WAITALL, (int)min_t(size_t, len, INT32_MAX));
		ret = tcp_recvmsg_locked(sk, &r);
	}
	release_sock(sk);
	if (unlikely(r.tstamp) && ret >= 0)
		sock_recv_timestamp(msg, sk, r.tstamp);
	if (unlikely(tp->recvmsg_inq) && ret >= 0) {
		inq = tcp_inq_hint(sk);
		put_cmsg(msg, SOL_TCP, TCP_CM_INQ, sizeof(inq), &inq);
	}
	return ret;
}
