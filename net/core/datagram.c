// SPDX-License-Identifier: BSD-2-Clause
/*
 * Receive queues of datagram socks (UDP, raw, ICMP): queueing with the receive buffer's limit,
 * taking one out with MSG_PEEK and timeouts, and their poll(). The queue is touched by softirq and
 * by threads, so always with softirqs off; the sock lock is not needed.
 *
 * Also the error queue (IP_RECVERR), which is read the same way but never blocks.
 *
 * Called by udp.c, raw.c, ping.c and small families. Left out: MSG_PEEK offsets (SO_PEEK_OFF).
 */
#include <net/sock_ops.h>
#include <sys/epoll.h>

int sock_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	if (atomic_read(&sk->sk_rmem_alloc) >= sk->sk_rcvbuf) {
		atomic_inc(&sk->sk_drops);
		return -ENOMEM;
	}
	if (!sk_rmem_schedule(sk, (int)skb->truesize)) {
		atomic_inc(&sk->sk_drops);
		return -ENOBUFS;
	}
	skb->dev = NULL;
	skb_set_owner_r(skb, sk);
	skb_dst_force(skb);
	__skb_queue_tail(&sk->sk_receive_queue, skb);
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_data_ready(sk);
	return 0;
}

int sock_queue_err_skb(struct sock *sk, struct sk_buff *skb)
{
	if (atomic_read(&sk->sk_rmem_alloc) + (int)skb->truesize >= sk->sk_rcvbuf)
		return -ENOMEM;
	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = sock_rmem_free;
	atomic_add((int)skb->truesize, &sk->sk_rmem_alloc);
	skb_dst_force(skb);
	local_bh_disable();
	__skb_queue_tail(&sk->sk_error_queue, skb);
	local_bh_enable();
	if (!sock_flag(sk, SOCK_DEAD))
		sk_error_report(sk);
	return 0;
}

/* The oldest datagram: taken off, or with MSG_PEEK left there and a reference taken. */
static struct sk_buff *take_datagram(struct sock *sk, unsigned int flags)
{
	struct sk_buff *skb;

	local_bh_disable();
	skb = skb_peek(&sk->sk_receive_queue);
	if (skb) {
		if (flags & MSG_PEEK)
			refcount_inc(&skb->users);
		else
			__skb_unlink(skb, &sk->sk_receive_queue);
	}
	local_bh_enable();
	return skb;
}

int sk_wait_for_datagram(struct sock *sk, long *timeo)
{
	DEFINE_WAIT(wait);
	int err = 0;

	prepare_to_wait_exclusive(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
	if (skb_queue_empty(&sk->sk_receive_queue)) {
		err = sock_error(sk);
		if (!err && sk->sk_shutdown & RCV_SHUTDOWN)
			err = 1;
		else if (!err && signal_pending(current))
			err = sock_intr_errno(*timeo);
		else if (!err)
			*timeo = schedule_timeout(*timeo);
	}
	finish_wait(sk_sleep(sk), &wait);
	return err;
}

/* NULL with *err 0 means end of file (shut down). Sleeps unless MSG_DONTWAIT. */
struct sk_buff *skb_recv_datagram(struct sock *sk, unsigned int flags, int *err)
{
	long timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	struct sk_buff *skb;

	*err = sock_error(sk);
	if (*err)
		return NULL;
	for (;;) {
		skb = take_datagram(sk, flags);
		if (skb)
			return skb;
		if (!timeo) { /* also when shut down: only who would wait is told the end */
			*err = -EAGAIN;
			return NULL;
		}
		*err = sk_wait_for_datagram(sk, &timeo);
		if (*err) {
			if (*err > 0)
				*err = 0;
			return NULL;
		}
	}
}

void skb_free_datagram(struct sock *sk, struct sk_buff *skb)
{
	local_bh_disable();
	consume_skb(skb);
	sk_mem_reclaim(sk);
	local_bh_enable();
}

u32 datagram_poll(struct file *file, struct socket *sock, struct poll_table *wait)
{
	struct sock *sk = sock->sk;
	u32 mask = 0;

	poll_wait(file, &sock->wq.wait, wait);
	if (sk->sk_err || !skb_queue_empty(&sk->sk_error_queue))
		mask |= EPOLLERR;
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		mask |= EPOLLRDHUP | EPOLLIN | EPOLLRDNORM;
	if (sk->sk_shutdown == SHUTDOWN_MASK)
		mask |= EPOLLHUP;
	if (!skb_queue_empty(&sk->sk_receive_queue))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (sock_writeable(sk))
		mask |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	return mask;
}
