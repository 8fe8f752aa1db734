// SPDX-License-Identifier: BSD-2-Clause
/*
 * TCP's socket calls that move no data: initialisation of a sock, state changes and their counters,
 * poll, ioctl, shutdown. Sending: tcp_sendmsg.c; receiving: tcp_recvmsg.c; closing: tcp_close.c;
 * options: tcp_sockopt.c. RFC 9293 section 3.9.1 (user interface).
 *
 * Thread context with the sock locked unless said otherwise. Called through tcp_prot and
 * inet_stream_ops.
 */
#include <errno.h>
#include <kernel/lib/shutdown.h>
#include <kernel/mm/uaccess.h>
#include <net/inet_common.h>
#include <net/inet_hashtables.h>
#include <net/tcp_metrics.h>
#include <net/tcp_pacing.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

/* A fresh sock: RFC 6298's initial RTO, RFC 6928's initial window, the namespace's buffers. */
int tcp_init_sock(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;

	tp->out_of_order_queue = RB_ROOT;
	sk->tcp_rtx_queue = RB_ROOT;
	tcp_init_xmit_timers(sk);
	INIT_LIST_HEAD(&tp->tsorted_sent_queue);
	icsk->icsk_rto = TCP_TIMEOUT_INIT;
	icsk->icsk_rto_min = TCP_RTO_MIN;
	icsk->icsk_delack_max = TCP_DELACK_MAX;
	tp->mdev_us = USEC_PER_SEC;
	minmax_reset(&tp->rtt_min, tcp_jiffies32, ~0U);
	tp->app_limited = ~0U;
	tp->rate_app_limited = 1;
	tp->mss_cache = TCP_MSS_DEFAULT;
	tp->reordering = (u32)ipv4->sysctl_tcp_reordering;
	tcp_assign_congestion_control(sk);
	tcp_cwnd_init_sock(sk);
	tp->rack.reo_wnd_steps = 1;
	sk->sk_state = TCP_CLOSE;
	sk->sk_destruct = tcp_sock_destruct;
	sk->sk_write_space = sk_stream_write_space;
	sock_set_flag(sk, SOCK_USE_WRITE_QUEUE);
	sk->sk_sndbuf = ipv4->sysctl_tcp_wmem[1];
	sk->sk_rcvbuf = ipv4->sysctl_tcp_rmem[1];
	sock_net(sk)->ipv4.tcp_sockets_allocated++;
	return 0;
}

/* ESTABLISHED is reached: metrics, congestion control, buffers. Owner or softirq. */
void tcp_init_transfer(struct sock *sk, struct sk_buff *skb)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	(void)skb;
	tcp_mtup_init(sk);
	icsk->icsk_af_ops->rebuild_header(sk);
	tcp_init_metrics(sk);
	tcp_cwnd_init_transfer(sk);
	if (!icsk->icsk_ca_initialized)
		tcp_init_congestion_control(sk);
	tcp_init_buffer_space(sk);
}

/* Every change of state goes through here: RFC 4022's counters, and leaving the tables on CLOSE. */
void tcp_set_state(struct sock *sk, int state)
{
	struct net *net = sock_net(sk);
	int old = sk->sk_state;

	switch (state) {
	case TCP_ESTABLISHED:
		if (old != TCP_ESTABLISHED)
			TCP_INC_STATS(net, TCP_MIB_CURRESTAB);
		break;
	case TCP_CLOSE:
		if (old == TCP_CLOSE_WAIT || old == TCP_ESTABLISHED)
			TCP_INC_STATS(net, TCP_MIB_ESTABRESETS);
		sk->sk_prot->unhash(sk);
		if (inet_csk(sk)->icsk_bind_hash && !(sk->sk_userlocks & SOCK_BINDPORT_LOCK))
			inet_put_port(sk);
		__attribute__((fallthrough));
	default:
		if (old == TCP_ESTABLISHED)
			TCP_DEC_STATS(net, TCP_MIB_CURRESTAB);
		break;
	}
	sk->sk_state = (u8)state;
}

u32 tcp_poll(struct file *file, struct socket *sock, struct poll_table *wait)
{
	struct sock *sk = sock->sk;
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 mask = 0;

	poll_wait(file, &sock->wq.wait, wait);
	if (sk->sk_state == TCP_LISTEN)
		return inet_csk_listen_poll(sk);
	if (sk->sk_shutdown == SHUTDOWN_MASK || sk->sk_state == TCP_CLOSE)
		mask |= EPOLLHUP;
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		mask |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	/* A Fast Open child can be read and written before its handshake is over. */
	if (sk->sk_state != TCP_SYN_SENT && (sk->sk_state != TCP_SYN_RECV || tp->fastopen_rsk)) {
		int target = sock_rcvlowat(sk, 0, 0x7fffffff);

		/* The urgent byte out of line cannot be read by recv(). */
		if (unlikely(tp->urg_data) && tp->urg_seq == tp->copied_seq &&
		    !sock_flag(sk, SOCK_URGINLINE))
			target++;
		if (tcp_epollin_ready(sk, target))
			mask |= EPOLLIN | EPOLLRDNORM;
		if (sk->sk_shutdown & SEND_SHUTDOWN) {
			mask |= EPOLLOUT | EPOLLWRNORM;
		} else if (__sk_stream_is_writeable(sk, 1)) {
			mask |= EPOLLOUT | EPOLLWRNORM;
		} else {
			sock->flags |= SOCK_FLAG_NOSPACE;
			/* Room may have come between the test and the flag. */
			if (__sk_stream_is_writeable(sk, 1))
				mask |= EPOLLOUT | EPOLLWRNORM;
		}
		if (tp->urg_data & TCP_URG_VALID)
			mask |= EPOLLPRI;
	} else if (sk->sk_state == TCP_SYN_SENT && inet_sk(sk)->defer_connect) {
		mask |= EPOLLOUT | EPOLLWRNORM; /* the first write sends the SYN */
	}
	if (sk->sk_err || !skb_queue_empty(&sk->sk_error_queue))
		mask |= EPOLLERR;
	return mask;
}

/* Bytes that can be read now, up to urgent data. */
static int tcp_inq(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int answ;

	if (1u << sk->sk_state & (TCPF(TCP_SYN_SENT) | TCPF(TCP_SYN_RECV)))
		return 0;
	answ = (int)(tp->rcv_nxt - tp->copied_seq);
	if (!sock_flag(sk, SOCK_URGINLINE) && tp->urg_data &&
	    !before(tp->urg_seq, tp->copied_seq) && before(tp->urg_seq, tp->rcv_nxt))
		return (int)(tp->urg_seq - tp->copied_seq);
	if (answ && sock_flag(sk, SOCK_DONE))
		answ--; /* the FIN */
	return answ;
}

int tcp_ioctl(struct sock *sk, int cmd, unsigned long arg)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int answ;

	if (cmd != SIOCINQ && cmd != SIOCATMARK && cmd != SIOCOUTQ && cmd != SIOCOUTQNSD)
		return -ENOTTY;
	if (sk->sk_state == TCP_LISTEN && cmd != SIOCATMARK)
		return -EINVAL;
	lock_sock(sk);
	switch (cmd) {
	case SIOCINQ:
		answ = tcp_inq(sk);
		break;
	case SIOCATMARK:
		answ = tp->urg_data && tp->urg_seq == tp->copied_seq;
		break;
	case SIOCOUTQ:
		answ = 1u << sk->sk_state & (TCPF(TCP_SYN_SENT) | TCPF(TCP_SYN_RECV))
			       ? 0
			       : (int)(tp->write_seq - tp->snd_una);
		break;
	default:
		answ = 1u << sk->sk_state & (TCPF(TCP_SYN_SENT) | TCPF(TCP_SYN_RECV))
			       ? 0
			       : (int)(tp->write_seq - tp->snd_nxt);
		break;
	}
	release_sock(sk);
	return copy_to_user((void *)arg, &answ, sizeof(answ));
}

bool tcp_stream_memory_free(const struct sock *sk, int wake)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 lowat = tp->notsent_lowat ? tp->notsent_lowat
				      : (u32)sock_net(sk)->ipv4.sysctl_tcp_notsent_lowat;

	return ((tp->write_seq - tp->snd_nxt) << wake) < lowat;
}

/* The namespace's TCP uses more than tcp_mem[1], or the machine has no memory. */
void tcp_enter_memory_pressure(struct sock *sk)
{
	struct net *net = sock_net(sk);

	if (net->ipv4.tcp_memory_pressure)
		return;
	net->ipv4.tcp_memory_pressure = jiffies ? jiffies : 1;
	NET_INC_STATS(net, LINUX_MIB_TCPMEMORYPRESSURES);
}

/* Below tcp_mem[0] again. The time under pressure is counted in ms. */
void tcp_leave_memory_pressure(struct sock *sk)
{
	struct net *net = sock_net(sk);

	if (likely(!net->ipv4.tcp_memory_pressure))
		return;
	NET_ADD_STATS(net, LINUX_MIB_TCPMEMORYPRESSURESCHRONO,
		      jiffies - net->ipv4.tcp_memory_pressure);
	net->ipv4.tcp_memory_pressure = 0;
}

static void tcp_reclaim_sock(struct sock *sk, void *arg)
{
	(void)arg;
	/* A thread that owns it may be reckoning with it. */
	if (sk->sk_state != TCP_TIME_WAIT && sk->sk_state != TCP_NEW_SYN_RECV &&
	    !sock_owned_by_user(sk) && !sk->sk_lock.slock.locked)
		sk_mem_reclaim(sk);
}

/*
 * Socks keep up to 64 pages that they took and do not use, which spares them the accounting of each
 * segment. Above tcp_mem[0] they are collected, at most ten times a second. Linux counts per
 * segment and has nothing to collect.
 */
void tcp_reclaim_idle(struct net *net)
{
	if (jiffies - net->ipv4.tcp_reclaimed < HZ / 10)
		return;
	net->ipv4.tcp_reclaimed = jiffies;
	local_bh_disable();
	inet_hash_for_each(net, tcp_reclaim_sock, NULL);
	local_bh_enable();
}

void tcp_set_keepalive(struct sock *sk, int val)
{
	if (1u << sk->sk_state & (TCPF(TCP_CLOSE) | TCPF(TCP_LISTEN)))
		return;
	if (val && !sock_flag(sk, SOCK_KEEPOPEN))
		inet_csk_reset_keepalive_timer(sk, (unsigned long)keepalive_time_when(tcp_sk(sk)));
	else if (!val)
		inet_csk_delete_keepalive_timer(sk);
}

static int tcp_net_init(struct net *net)
{
	return inet_hashinfo_init(net);
}

static void tcp_net_exit(struct net *net)
{
	inet_twsk_purge(net);
	kfree(net->ipv4.tcp_fastopen_ctx);
	WARN_ON(net->ipv4.tw_count != 0);
	inet_hashinfo_free(net);
}

static struct pernet_operations tcp_net_ops = {
	.name = "tcp",
	.init = tcp_net_init,
	.exit = tcp_net_exit,
};

/* At the program's end: closed connections that still have data or a FIN to deliver. */
static bool tcp_shutdown_busy(void)
{
	return init_net.ipv4.tcp_orphan_count > 0;
}

void tcp_init(void)
{
	tcp_cong_init();
	tcp_tsq_init();
	tcp_metrics_init();
	if (shutdown_register(tcp_shutdown_busy))
		panic("tcp: too many shutdown checks");
	if (register_pernet_subsys(&tcp_net_ops))
		panic("tcp: no memory for the connection tables");
}
