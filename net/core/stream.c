// SPDX-License-Identifier: BSD-2-Clause
/*
 * Waiting on stream socks: for data, for the handshake, for room to send, for the end. All in
 * thread context with the sock locked; the lock is released while asleep, which works off the
 * backlog.
 *
 * Called by the stream protocols' sendmsg, recvmsg and close.
 */
#include <kernel/lib/random.h>
#include <kernel/lib/signal_hook.h>
#include <net/sock_ops.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>

/* Wait with the lock released until cond, evaluated with the lock held, or *timeo runs out. */
#define sk_wait_event(sk, timeo, wait, cond)                                       \
	({                                                                         \
		bool _rc;                                                          \
		release_sock(sk);                                                  \
		_rc = (cond);                                                      \
		if (!_rc)                                                          \
			*(timeo) = wait_woken(wait, TASK_INTERRUPTIBLE, *(timeo)); \
		lock_sock(sk);                                                     \
		_rc = (cond);                                                      \
		_rc;                                                               \
	})

/* Until the receive queue has something behind `last`. */
bool sk_wait_data(struct sock *sk, long *timeo, const struct sk_buff *last)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	bool rc;

	add_wait_queue(sk_sleep(sk), &wait);
	rc = sk_wait_event(sk, timeo, &wait, skb_peek_tail(&sk->sk_receive_queue) != last);
	remove_wait_queue(sk_sleep(sk), &wait);
	return rc;
}

/* Until the connection is there; 0, -EPIPE, -EAGAIN, -EINTR or the sock's error. */
int sk_stream_wait_connect(struct sock *sk, long *timeo)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	bool done;

	do {
		int err = sock_error(sk);

		if (err)
			return err;
		if (1u << sk->sk_state & ~(1u << TCP_SYN_SENT | 1u << TCP_SYN_RECV))
			return -EPIPE;
		if (!*timeo)
			return -EAGAIN;
		if (signal_pending(current))
			return sock_intr_errno(*timeo);
		add_wait_queue(sk_sleep(sk), &wait);
		sk->sk_write_pending++;
		done = sk_wait_event(sk, timeo, &wait,
				     sk->sk_err || !(1u << sk->sk_state & ~(1u << TCP_ESTABLISHED |
									    1u << TCP_CLOSE_WAIT)));
		remove_wait_queue(sk_sleep(sk), &wait);
		sk->sk_write_pending--;
	} while (!done);
	return sk->sk_err ? sock_error(sk) : 0;
}

bool sk_stream_memory_free(const struct sock *sk, int wake)
{
	if (sk->sk_wmem_queued >= sk->sk_sndbuf)
		return false;
	return !sk->sk_prot->stream_memory_free || sk->sk_prot->stream_memory_free(sk, wake);
}

/* A wait of `waited` jiffies is over: what is left of the program's timeout. */
static long sk_timeo_left(long timeo, long waited)
{
	if (timeo == (long)MAX_SCHEDULE_TIMEOUT)
		return timeo;
	return max(timeo - waited, 0L);
}

/*
 * Until there is room in the send buffer; 0, -EPIPE, -EAGAIN, -EINTR. If there is room already the
 * machine had no memory: then sleep a little, others will give some back.
 */
int sk_stream_wait_memory(struct sock *sk, long *timeo)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	long vm_wait = 0, current_timeo;
	int err = 0;

	if (sk_stream_memory_free(sk, 0))
		vm_wait = 2 + (long)get_random_u32_below((u32)HZ / 5);
	add_wait_queue(sk_sleep(sk), &wait);
	for (;;) {
		if (sk->sk_err || sk->sk_shutdown & SEND_SHUTDOWN) {
			err = -EPIPE;
			break;
		}
		/* From here on EPOLLOUT must come, whatever ends the wait. */
		if (sk->sk_socket)
			sk->sk_socket->flags |= SOCK_FLAG_NOSPACE;
		if (!*timeo) {
			err = -EAGAIN;
			break;
		}
		if (signal_pending(current)) {
			err = sock_intr_errno(*timeo);
			break;
		}
		if (!vm_wait && sk_stream_memory_free(sk, 0))
			break;
		current_timeo = vm_wait ? vm_wait : *timeo;
		sk->sk_write_pending++;
		sk_wait_event(sk, &current_timeo, &wait,
			      sk->sk_err || sk->sk_shutdown & SEND_SHUTDOWN ||
				      (!vm_wait && sk_stream_memory_free(sk, 0)));
		sk->sk_write_pending--;
		*timeo = vm_wait ? sk_timeo_left(*timeo, vm_wait - current_timeo) : current_timeo;
		vm_wait = 0;
	}
	remove_wait_queue(sk_sleep(sk), &wait);
	return err;
}

/* SO_LINGER: until our FIN is acknowledged. */
void sk_stream_wait_close(struct sock *sk, long timeout)
{
	const u32 closing = 1u << TCP_FIN_WAIT1 | 1u << TCP_CLOSING | 1u << TCP_LAST_ACK;
	DEFINE_WAIT_FUNC(wait, woken_wake_function);

	if (!timeout || !sk_sleep(sk))
		return;
	add_wait_queue(sk_sleep(sk), &wait);
	do {
		if (sk_wait_event(sk, &timeout, &wait, !(1u << sk->sk_state & closing)))
			break;
	} while (!signal_pending(current) && timeout);
	remove_wait_queue(sk_sleep(sk), &wait);
}

/* What a failed send returns: the pending error, else -EPIPE, which comes with SIGPIPE. */
int sk_stream_error(struct sock *sk, int flags, int err)
{
	int pending;

	if (err != -EPIPE)
		return err;
	pending = sock_error(sk);
	if (pending)
		return pending;
	if (!(flags & MSG_NOSIGNAL))
		send_sig_thread(SIGPIPE);
	return -EPIPE;
}

void sk_stream_write_space(struct sock *sk)
{
	struct socket *sock = sk->sk_socket;

	if (!sock || !__sk_stream_is_writeable(sk, 1))
		return;
	if (sock->flags & SOCK_FLAG_NOSPACE && !(sk->sk_shutdown & SEND_SHUTDOWN))
		sk_wake_async(sk, POLL_OUT);
	sock->flags &= ~(unsigned long)SOCK_FLAG_NOSPACE;
	if (sk->sk_wq && waitqueue_active(&sk->sk_wq->wait))
		wake_up_interruptible_poll(&sk->sk_wq->wait, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
}

/* Nothing will be read or sent any more: all queues empty, all memory given back. */
void sk_stream_kill_queues(struct sock *sk)
{
	__skb_queue_purge(&sk->sk_receive_queue, SKB_DROP_REASON_QUEUE_PURGE);
	__skb_queue_purge(&sk->sk_error_queue, SKB_DROP_REASON_QUEUE_PURGE);
	WARN_ON(!skb_queue_empty(&sk->sk_write_queue));
	sk_mem_reclaim(sk);
	WARN_ON(sk->sk_wmem_queued != 0);
}
