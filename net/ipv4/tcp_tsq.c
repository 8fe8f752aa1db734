// SPDX-License-Identifier: BSD-2-Clause
/*
 * TCP small queues: a connection keeps about a millisecond's worth of data (tcp_limit_output_bytes
 * at most) in the queues below, so that RTT samples stay honest and a retransmission does not stand
 * behind a window of new data. What it may not send now it sends when the device has sent something
 * of it: tcp_wfree(), the destructor of every data segment, queues the sock for a tasklet.
 *
 * Autocorking rests on the same event: a small write that would be a small packet waits while an
 * earlier packet of the connection is still below us, for more data may come until then.
 *
 * Our drivers take sent packets back at leisure, without an interrupt for each. So whoever waits
 * tells the device: netdev_tx_complete() takes back what is sent and asks for word of the rest.
 * Devices without that function keep no packet of ours, which is to say they free or orphan it.
 *
 * Sock locked; the destructor in any context, the tasklet in softirq. RFC 9293 is silent about it.
 */
#include <kernel/sched/softirq.h>
#include <net/dst.h>
#include <net/netdevice.h>
#include <net/tcp_data.h>
#include <net/tcp_pacing.h>

#define TCP_TSQ_STATES                                                          \
	(TCPF(TCP_ESTABLISHED) | TCPF(TCP_FIN_WAIT1) | TCPF(TCP_CLOSING) | \
	 TCPF(TCP_CLOSE_WAIT) | TCPF(TCP_LAST_ACK))

/* Socks that may send on, each held by one byte of its sk_wmem_alloc. [b]; per CPU. */
static struct {
	struct list_head head;
	struct tasklet_struct tasklet;
} tsq;

/* Send what may go; sock locked. */
void tcp_tsq_write(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!(TCPF(sk->sk_state) & TCP_TSQ_STATES))
		return;
	if (tp->lost_out > tp->retrans_out && tp->snd_cwnd > tcp_packets_in_flight(tp)) {
		tcp_mstamp_refresh(tp);
		tcp_xmit_retransmit_queue(sk);
	}
	tcp_write_xmit(sk, tcp_current_mss(sk), tp->nonagle, 0, GFP_ATOMIC);
}

void tcp_tsq_handler(struct sock *sk)
{
	bh_lock_sock(sk);
	if (!sock_owned_by_user(sk))
		tcp_tsq_write(sk);
	else
		tcp_defer(sk, TCP_TSQ_DEFERRED);
	bh_unlock_sock(sk);
}

static void tcp_tsq_tasklet(struct tasklet_struct *t)
{
	struct tcp_sock *tp, *next;
	LIST_HEAD(list);

	(void)t;
	list_splice_tail_init(&tsq.head, &list);
	list_for_each_entry_safe(tp, next, &list, tsq_node) {
		struct sock *sk = (struct sock *)tp;

		list_del(&tp->tsq_node);
		tp->tsq_flags &= ~BIT(TSQ_QUEUED);
		tcp_tsq_handler(sk);
		sk_free(sk);
	}
}

void tcp_wfree(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;
	struct tcp_sock *tp = tcp_sk(sk);

	if (likely((tp->tsq_flags & (BIT(TSQ_THROTTLED) | BIT(TSQ_QUEUED))) !=
		   BIT(TSQ_THROTTLED))) {
		sock_wfree(skb);
		return;
	}
	atomic_sub((int)skb->truesize - 1, &sk->sk_wmem_alloc);
	tp->tsq_flags = (tp->tsq_flags & ~BIT(TSQ_THROTTLED)) | BIT(TSQ_QUEUED);
	local_bh_disable();
	list_add_tail(&tp->tsq_node, &tsq.head);
	tasklet_schedule(&tsq.tasklet);
	local_bh_enable();
}

/* From now on the next completion wakes the sock; the device takes back what it has sent. */
static void tcp_throttle(struct sock *sk)
{
	const struct dst_entry *dst = __sk_dst_get(sk);

	tcp_sk(sk)->tsq_flags |= BIT(TSQ_THROTTLED);
	if (dst)
		netdev_tx_complete(dst->dev);
}

bool __tcp_small_queue_check(struct sock *sk, const struct sk_buff *skb, unsigned int factor)
{
	unsigned long limit = sk->sk_pacing_rate >> sk->sk_pacing_shift;

	limit = max_t(unsigned long, 2 * skb->truesize, limit);
	if (sk->sk_pacing_status == SK_PACING_NONE)
		limit = min_t(unsigned long, limit,
			      (unsigned long)sock_net(sk)->ipv4.sysctl_tcp_limit_output_bytes);
	limit <<= factor;
	if (likely((unsigned long)atomic_read(&sk->sk_wmem_alloc) <= limit))
		return false;
	tcp_throttle(sk);
	return (unsigned long)atomic_read(&sk->sk_wmem_alloc) > limit;
}

/* What we are about to send again has not even left this machine. */
bool tcp_skb_still_in_host_queue(struct sock *sk, const struct sk_buff *skb)
{
	if (likely(!skb_fclone_busy(sk, skb)))
		return false;
	tcp_throttle(sk);
	if (!skb_fclone_busy(sk, skb))
		return false;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSPURIOUSRTXHOSTQUEUES);
	return true;
}

bool __tcp_autocork_wait(struct sock *sk, const struct sk_buff *skb)
{
	bool throttled = tcp_sk(sk)->tsq_flags & BIT(TSQ_THROTTLED);

	if (!sock_net(sk)->ipv4.sysctl_tcp_autocorking || TCP_SKB_CB(skb)->eor ||
	    atomic_read(&sk->sk_wmem_alloc) <= (int)skb->truesize)
		return false;
	tcp_throttle(sk);
	if (atomic_read(&sk->sk_wmem_alloc) <= (int)skb->truesize)
		return false;
	if (!throttled)
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPAUTOCORKING);
	return true;
}

void tcp_tsq_init(void)
{
	INIT_LIST_HEAD(&tsq.head);
	tasklet_setup(&tsq.tasklet, tcp_tsq_tasklet);
}
