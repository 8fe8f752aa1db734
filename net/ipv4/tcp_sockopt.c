// SPDX-License-Identifier: BSD-2-Clause
/*
 * Options at level IPPROTO_TCP (tcp(7), Linux 6.1's values, ranges and errno). An option whose
 * value is one int is a row of tcp_options[] {name, get, set}; TCP_INFO and TCP_CONGESTION stand
 * alone. Other levels go down to IP through icsk_af_ops.
 *
 * Thread context; the sock is locked here. Left out, -ENOPROTOOPT: fast open, repair, MD5, ULPs.
 */
#include <errno.h>
#include <kernel/mm/uaccess.h>
#include <net/tcp_data.h>
#include <net/tcp_inline.h>
#include <string.h>

struct tcp_option {
	int name;
	int (*get)(struct sock *sk);
	int (*set)(struct sock *sk, int val); /* sock locked */
};

/* Nagle's bits: turning it off (or drawing the cork) sends what waits. */
static void tcp_nonagle_changed(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (1u << sk->sk_state & (TCPF(TCP_ESTABLISHED) | TCPF(TCP_CLOSE_WAIT)))
		__tcp_push_pending_frames(sk, tcp_current_mss(sk), tp->nonagle | TCP_NAGLE_PUSH);
}
static int get_nodelay(struct sock *sk)
{
	return !!(tcp_sk(sk)->nonagle & TCP_NAGLE_OFF);
}
static int set_nodelay(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!val) {
		tp->nonagle &= ~TCP_NAGLE_OFF & 0xf;
		return 0;
	}
	tp->nonagle |= TCP_NAGLE_OFF | TCP_NAGLE_PUSH;
	tcp_nonagle_changed(sk);
	return 0;
}
static int get_cork(struct sock *sk)
{
	return !!(tcp_sk(sk)->nonagle & TCP_NAGLE_CORK);
}
static int set_cork(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (val) {
		tp->nonagle |= TCP_NAGLE_CORK;
		return 0;
	}
	tp->nonagle &= ~TCP_NAGLE_CORK & 0xf;
	if (tp->nonagle & TCP_NAGLE_OFF)
		tp->nonagle |= TCP_NAGLE_PUSH;
	tcp_nonagle_changed(sk);
	return 0;
}
static int get_maxseg(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (tp->rx_opt.user_mss && 1u << sk->sk_state & (TCPF(TCP_CLOSE) | TCPF(TCP_LISTEN)))
		return tp->rx_opt.user_mss;
	return (int)tp->mss_cache;
}
static int set_maxseg(struct sock *sk, int val)
{
	if (val && (val < (int)TCP_MIN_MSS || val > (int)MAX_TCP_WINDOW))
		return -EINVAL;
	tcp_sk(sk)->rx_opt.user_mss = (u16)val;
	return 0;
}

static int get_keepidle(struct sock *sk)
{
	return keepalive_time_when(tcp_sk(sk)) / 1000;
}
static int set_keepidle(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (val < 1 || val > MAX_TCP_KEEPIDLE)
		return -EINVAL;
	tp->keepalive_time = (u32)val * 1000;
	if (sock_flag(sk, SOCK_KEEPOPEN) &&
	    !(1u << sk->sk_state & (TCPF(TCP_CLOSE) | TCPF(TCP_LISTEN)))) {
		u32 idle = min(tcp_jiffies32 - inet_csk(sk)->icsk_ack.lrcvtime,
			       tcp_jiffies32 - tp->rcv_tstamp);

		tcp_reset_keepalive_timer(sk, tp->keepalive_time > idle ? tp->keepalive_time - idle
									: 0);
	}
	return 0;
}
static int get_keepintvl(struct sock *sk)
{
	return keepalive_intvl_when(tcp_sk(sk)) / 1000;
}
static int set_keepintvl(struct sock *sk, int val)
{
	if (val < 1 || val > MAX_TCP_KEEPINTVL)
		return -EINVAL;
	tcp_sk(sk)->keepalive_intvl = (u32)val * 1000;
	return 0;
}
static int get_keepcnt(struct sock *sk)
{
	return keepalive_probes(tcp_sk(sk));
}
static int set_keepcnt(struct sock *sk, int val)
{
	if (val < 1 || val > MAX_TCP_KEEPCNT)
		return -EINVAL;
	tcp_sk(sk)->keepalive_probes = (u8)val;
	return 0;
}
static int get_syncnt(struct sock *sk)
{
	int own = inet_csk(sk)->icsk_syn_retries;

	return own ? own : sock_net(sk)->ipv4.sysctl_tcp_syn_retries;
}
static int set_syncnt(struct sock *sk, int val)
{
	if (val < 1 || val > MAX_TCP_SYNCNT)
		return -EINVAL;
	inet_csk(sk)->icsk_syn_retries = (u8)val;
	return 0;
}
static int get_linger2(struct sock *sk)
{
	int own = tcp_sk(sk)->linger2;

	if (own >= 0)
		own = (own ? own : sock_net(sk)->ipv4.sysctl_tcp_fin_timeout) / 1000;
	return own;
}
static int set_linger2(struct sock *sk, int val)
{
	if (val < 0)
		tcp_sk(sk)->linger2 = -1;
	else
		tcp_sk(sk)->linger2 =
			val > TCP_FIN_TIMEOUT_MAX / 1000 ? TCP_FIN_TIMEOUT_MAX : val * 1000;
	return 0;
}

/* Seconds to retransmissions of the SYN-ACK and back: 1, 3, 7, ... with a limit of RTO_MAX each. */
static u32 secs_to_retrans(int seconds)
{
	u32 retrans = 0, period = 0, timeout = TCP_TIMEOUT_INIT / 1000;

	while (seconds > 0 && (u32)seconds > period && retrans < 255) {
		period += timeout;
		timeout = min_t(u32, timeout << 1, TCP_RTO_MAX / 1000);
		retrans++;
	}
	return retrans;
}
static int retrans_to_secs(u32 retrans)
{
	u32 period = 0, timeout = TCP_TIMEOUT_INIT / 1000;

	for (; retrans; retrans--) {
		period += timeout;
		timeout = min_t(u32, timeout << 1, TCP_RTO_MAX / 1000);
	}
	return (int)period;
}
static int get_defer_accept(struct sock *sk)
{
	return retrans_to_secs(inet_csk(sk)->icsk_accept_queue.rskq_defer_accept);
}
static int set_defer_accept(struct sock *sk, int val)
{
	inet_csk(sk)->icsk_accept_queue.rskq_defer_accept = secs_to_retrans(val);
	return 0;
}
static int get_window_clamp(struct sock *sk)
{
	return (int)tcp_sk(sk)->window_clamp;
}
static int set_window_clamp(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!val) {
		if (sk->sk_state != TCP_CLOSE)
			return -EINVAL;
		tp->window_clamp = 0;
		return 0;
	}
	tp->window_clamp = max_t(u32, (u32)val, SOCK_MIN_RCVBUF / 2);
	tp->rcv_ssthresh = min(tp->rcv_wnd, tp->window_clamp);
	return 0;
}
static int get_quickack(struct sock *sk)
{
	return !inet_csk_in_pingpong_mode(sk);
}
static int set_quickack(struct sock *sk, int val)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (!val) {
		inet_csk_enter_pingpong_mode(sk);
		return 0;
	}
	inet_csk_exit_pingpong_mode(sk);
	if (1u << sk->sk_state & (TCPF(TCP_ESTABLISHED) | TCPF(TCP_CLOSE_WAIT)) &&
	    inet_csk_ack_scheduled(sk)) {
		icsk->icsk_ack.pending |= ICSK_ACK_PUSHED;
		tcp_cleanup_rbuf(sk, 1);
		if (!(val & 1))
			inet_csk_enter_pingpong_mode(sk);
	}
	return 0;
}
static int get_user_timeout(struct sock *sk)
{
	return (int)inet_csk(sk)->icsk_user_timeout;
}
static int set_user_timeout(struct sock *sk, int val)
{
	if (val < 0)
		return -EINVAL;
	inet_csk(sk)->icsk_user_timeout = (u32)val;
	return 0;
}
static int get_notsent_lowat(struct sock *sk)
{
	return (int)tcp_sk(sk)->notsent_lowat;
}
static int set_notsent_lowat(struct sock *sk, int val)
{
	tcp_sk(sk)->notsent_lowat = (u32)val;
	sk->sk_write_space(sk);
	return 0;
}
static int get_inq(struct sock *sk)
{
	return tcp_sk(sk)->recvmsg_inq;
}
static int set_inq(struct sock *sk, int val)
{
	if (val < 0 || val > 1)
		return -EINVAL;
	tcp_sk(sk)->recvmsg_inq = val & 1;
	return 0;
}
static int get_timestamp(struct sock *sk)
{
	return (int)(tcp_time_stamp_raw() + tcp_sk(sk)->tsoffset);
}

static const struct tcp_option tcp_options[] = {
	{TCP_NODELAY, get_nodelay, set_nodelay},
	{TCP_MAXSEG, get_maxseg, set_maxseg},
	{TCP_CORK, get_cork, set_cork},
	{TCP_KEEPIDLE, get_keepidle, set_keepidle},
	{TCP_KEEPINTVL, get_keepintvl, set_keepintvl},
	{TCP_KEEPCNT, get_keepcnt, set_keepcnt},
	{TCP_SYNCNT, get_syncnt, set_syncnt},
	{TCP_LINGER2, get_linger2, set_linger2},
	{TCP_DEFER_ACCEPT, get_defer_accept, set_defer_accept},
	{TCP_WINDOW_CLAMP, get_window_clamp, set_window_clamp},
	{TCP_QUICKACK, get_quickack, set_quickack},
	{TCP_USER_TIMEOUT, get_user_timeout, set_user_timeout},
	{TCP_NOTSENT_LOWAT, get_notsent_lowat, set_notsent_lowat},
	{TCP_INQ, get_inq, set_inq},
	{TCP_TIMESTAMP, get_timestamp, NULL},
};

static const struct tcp_option *find_option(int name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tcp_options); i++) {
		if (tcp_options[i].name == name)
			return &tcp_options[i];
	}
	return NULL;
}

static int set_congestion(struct sock *sk, const void *optval, int optlen)
{
	char name[TCP_CA_NAME_MAX];
	int err;

	if (optlen < 1)
		return -EINVAL;
	memset(name, 0, sizeof(name));
	if (copy_from_user(name, optval, min_t(size_t, (size_t)optlen, sizeof(name) - 1)))
		return -EFAULT;
	lock_sock(sk);
	err = tcp_set_congestion_control(sk, name);
	release_sock(sk);
	return err;
}

int tcp_setsockopt(struct sock *sk, int level, int name, const void *optval, int optlen)
{
	const struct tcp_option *o = find_option(name);
	int val, err;

	if (level != IPPROTO_TCP)
		return inet_csk(sk)->icsk_af_ops->setsockopt(sk, level, name, optval, optlen);
	if (name == TCP_CONGESTION)
		return set_congestion(sk, optval, optlen);
	if (optlen < (int)sizeof(int))
		return -EINVAL;
	if (copy_from_user(&val, optval, sizeof(val)))
		return -EFAULT;
	if (!o || !o->set)
		return -ENOPROTOOPT;
	lock_sock(sk);
	err = o->set(sk, val);
	release_sock(sk);
	return err;
}

/* Bytes of the option's value in v, or -errno. Sock locked. */
static int tcp_get_value(struct sock *sk, int name, void *v)
{
	const struct tcp_option *o = find_option(name);

	switch (name) {
	case TCP_INFO:
		tcp_get_info(sk, v);
		return sizeof(struct tcp_info);
	case TCP_CONGESTION:
		strlcpy(v, inet_csk(sk)->icsk_ca_ops->name, TCP_CA_NAME_MAX);
		return TCP_CA_NAME_MAX;
	default:
		if (!o)
			return -ENOPROTOOPT;
		*(int *)v = o->get(sk);
		return sizeof(int);
	}
}

int tcp_getsockopt(struct sock *sk, int level, int name, void *optval, int *optlen)
{
	union {
		int val;
		char name[TCP_CA_NAME_MAX];
		struct tcp_info info;
	} v = {0};
	int len, size;

	if (level != IPPROTO_TCP)
		return inet_csk(sk)->icsk_af_ops->getsockopt(sk, level, name, optval, optlen);
	if (copy_from_user(&len, optlen, sizeof(len)))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	lock_sock(sk);
	size = tcp_get_value(sk, name, &v);
	release_sock(sk);
	if (size < 0)
		return size;
	len = min(len, size);
	if (copy_to_user(optlen, &len, sizeof(len)) || copy_to_user(optval, &v, (size_t)len))
		return -EFAULT;
	return 0;
}
