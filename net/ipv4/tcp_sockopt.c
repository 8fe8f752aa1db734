// SPDX-License-Identifier: BSD-2-Clause
/*
 * Options at level IPPROTO_TCP, as rows of a table: name, bounds of the value, what sets it, what
 * gets it. Semantics and errno values are Linux's; times that programs give in seconds are kept in
 * ms.
 *
 * Thread context; takes the sock lock. Other levels go on to the network protocol (ip_setsockopt).
 * Options with values that are no int (TCP_INFO, TCP_CONGESTION, TCP_CC_INFO, TCP_ULP) stand beside
 * the table. Left out: repair (-EPERM, as to anybody without CAP_NET_ADMIN), MD5 signatures, Fast
 * Open, upper layer protocols, zero-copy receive.
 */
#include <kernel/mm/uaccess.h>
#include <net/inet_common.h>
#include <net/tcp_data.h>
#include <net/tstamp.h>
#include <net/tcp_fastopen.h>

#define NO_MIN (-INT32_MAX - 1)

struct tcp_sockopt {
	int name, min, max; /* -EINVAL outside */
	int (*set)(struct sock *sk, int val);
	int (*get)(const struct sock *sk);
};

static void tcp_push_pending_frames(struct sock *sk)
{
	if (tcp_send_head(sk))
		__tcp_push_pending_frames(sk, tcp_current_mss(sk), tcp_sk(sk)->nonagle);
}

/* ---- sending ---- */

static int set_nodelay(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (val) {
		tp->nonagle |= TCP_NAGLE_OFF | TCP_NAGLE_PUSH;
		tcp_push_pending_frames(sk);
	} else {
		tp->nonagle &= ~TCP_NAGLE_OFF & 15;
	}
	return 0;
}

static int get_nodelay(const struct sock *sk)
{
	return !!(tcp_sk(sk)->nonagle & TCP_NAGLE_OFF);
}

static int set_cork(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (val) {
		tp->nonagle |= TCP_NAGLE_CORK;
		return 0;
	}
	tp->nonagle &= ~TCP_NAGLE_CORK & 15;
	if (tp->nonagle & TCP_NAGLE_OFF)
		tp->nonagle |= TCP_NAGLE_PUSH;
	tcp_push_pending_frames(sk);
	return 0;
}

static int get_cork(const struct sock *sk)
{
	return !!(tcp_sk(sk)->nonagle & TCP_NAGLE_CORK);
}

static int set_maxseg(struct sock *sk, int val)
{
	/* 0 takes a wish back. */
	if (val && (val < (int)TCP_MIN_MSS || val > (int)MAX_TCP_WINDOW))
		return -EINVAL;
	tcp_sk(sk)->rx_opt.user_mss = (u16)val;
	return 0;
}

static int get_maxseg(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (tp->rx_opt.user_mss && TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_LISTEN)))
		return tp->rx_opt.user_mss;
	return (int)tp->mss_cache;
}

static int set_notsent_lowat(struct sock *sk, int val)
{
	tcp_sk(sk)->notsent_lowat = (u32)val;
	sk->sk_write_space(sk);
	return 0;
}

static int get_notsent_lowat(const struct sock *sk)
{
	return (int)tcp_sk(sk)->notsent_lowat;
}

static int set_thin_linear(struct sock *sk, int val)
{
	tcp_sk(sk)->thin_lto = val & 1;
	return 0;
}

static int get_thin_linear(const struct sock *sk)
{
	return tcp_sk(sk)->thin_lto;
}

/* Without effect since RACK; kept because programs set it. */
static int set_thin_dupack(struct sock *sk, int val)
{
	(void)sk;
	(void)val;
	return 0;
}

static int get_thin_dupack(const struct sock *sk)
{
	(void)sk;
	return 0;
}

/* ---- keepalive and giving up ---- */

static int set_keepidle(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 now = tcp_jiffies32, idle;

	tp->keepalive_time = (u32)val * (u32)MSEC_PER_SEC;
	if (!sock_flag(sk, SOCK_KEEPOPEN) ||
	    TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_LISTEN)))
		return 0;
	idle = min(now - inet_csk(sk)->icsk_ack.lrcvtime, now - tp->rcv_tstamp);
	inet_csk_reset_keepalive_timer(sk,
				       tp->keepalive_time > idle ? tp->keepalive_time - idle : 0);
	return 0;
}

static int get_keepidle(const struct sock *sk)
{
	return keepalive_time_when(tcp_sk(sk)) / (int)MSEC_PER_SEC;
}

static int set_keepintvl(struct sock *sk, int val)
{
	tcp_sk(sk)->keepalive_intvl = (u32)val * (u32)MSEC_PER_SEC;
	return 0;
}

static int get_keepintvl(const struct sock *sk)
{
	return keepalive_intvl_when(tcp_sk(sk)) / (int)MSEC_PER_SEC;
}

static int set_keepcnt(struct sock *sk, int val)
{
	tcp_sk(sk)->keepalive_probes = (u8)val;
	return 0;
}

static int get_keepcnt(const struct sock *sk)
{
	return keepalive_probes(tcp_sk(sk));
}

static int set_syncnt(struct sock *sk, int val)
{
	inet_csk(sk)->icsk_syn_retries = (u8)val;
	return 0;
}

static int get_syncnt(const struct sock *sk)
{
	int val = inet_csk(sk)->icsk_syn_retries;

	return val ? val : sock_net(sk)->ipv4.sysctl_tcp_syn_retries;
}

static int set_linger2(struct sock *sk, int val)
{
	const int max_s = TCP_FIN_TIMEOUT_MAX / (int)MSEC_PER_SEC;

	if (val < 0)
		tcp_sk(sk)->linger2 = -1;
	else
		tcp_sk(sk)->linger2 = min(val, max_s) * (int)MSEC_PER_SEC;
	return 0;
}

static int get_linger2(const struct sock *sk)
{
	int val = tcp_sk(sk)->linger2;

	if (val < 0)
		return val;
	return (val ? val : sock_net(sk)->ipv4.sysctl_tcp_fin_timeout) / (int)MSEC_PER_SEC;
}

static int set_user_timeout(struct sock *sk, int val)
{
	inet_csk(sk)->icsk_user_timeout = (u32)val;
	return 0;
}

static int get_user_timeout(const struct sock *sk)
{
	return (int)inet_csk(sk)->icsk_user_timeout;
}

/* TCP_DEFER_ACCEPT is given in seconds and kept as a number of SYN-ACK retransmissions. */
static int set_defer_accept(struct sock *sk, int val)
{
	const int rto_max = (int)(TCP_RTO_MAX / MSEC_PER_SEC);
	int timeout = (int)(TCP_TIMEOUT_INIT / MSEC_PER_SEC), period = timeout;
	u32 retrans = 0;

	if (val > 0) {
		retrans = 1;
		while (val > period && retrans < 255) {
			retrans++;
			timeout = min(timeout << 1, rto_max);
			period += timeout;
		}
	}
	inet_csk(sk)->icsk_accept_queue.rskq_defer_accept = retrans;
	return 0;
}

static int get_defer_accept(const struct sock *sk)
{
	const int rto_max = (int)(TCP_RTO_MAX / MSEC_PER_SEC);
	u32 retrans = inet_csk(sk)->icsk_accept_queue.rskq_defer_accept;
	int timeout = (int)(TCP_TIMEOUT_INIT / MSEC_PER_SEC), period = retrans ? timeout : 0;

	for (; retrans > 1; retrans--) {
		timeout = min(timeout << 1, rto_max);
		period += timeout;
	}
	return period;
}

#define SOF_TIMESTAMPING_KNOWN                                                          \
	(SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_TX_SOFTWARE |                  \
	 SOF_TIMESTAMPING_RX_HARDWARE | SOF_TIMESTAMPING_RX_SOFTWARE |                  \
	 SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_SYS_HARDWARE |                    \
	 SOF_TIMESTAMPING_RAW_HARDWARE | SOF_TIMESTAMPING_OPT_ID |                      \
	 SOF_TIMESTAMPING_TX_SCHED | SOF_TIMESTAMPING_TX_ACK | SOF_TIMESTAMPING_OPT_CMSG | \
	 SOF_TIMESTAMPING_OPT_TSONLY)

/* SO_TIMESTAMPING; of the hardware's flags nothing comes. */
int tcp_set_timestamping(struct sock *sk, int val)
{
	if (val & ~SOF_TIMESTAMPING_KNOWN)
		return -EINVAL;
	if (val & SOF_TIMESTAMPING_OPT_ID && !(sk->sk_tsflags & SOF_TIMESTAMPING_OPT_ID)) {
		if (TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_LISTEN)))
			return -EINVAL;
		sk->sk_tskey = tcp_sk(sk)->snd_una;
	}
	sk->sk_tsflags = (u32)val;
	if (val & SOF_TIMESTAMPING_RX_SOFTWARE)
		sock_enable_timestamp(sk);
	return 0;
}

/* ---- receiving ---- */

static int set_window_clamp(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 old = tp->window_clamp, room;

	if (!val) {
		if (sk->sk_state != TCP_CLOSE)
			return -EINVAL;
		tp->window_clamp = 0;
		return 0;
	}
	tp->window_clamp = (u32)max(val, SOCK_MIN_RCVBUF / 2);
	room = min(tp->rcv_wnd, tp->window_clamp);
	/* Not below what is offered, unless the bound itself is lowered. */
	if (tp->window_clamp < old)
		tp->rcv_ssthresh = min(tp->rcv_ssthresh, tp->window_clamp);
	else if (tp->window_clamp > old)
		tp->rcv_ssthresh = max(room, tp->rcv_ssthresh);
	return 0;
}

static int get_window_clamp(const struct sock *sk)
{
	return (int)tcp_sk(sk)->window_clamp;
}

/* 0: delay ACKs; 1: acknowledge at once from now on; other even values: only now. */
static int set_quickack(struct sock *sk, int val)
{
	if (!val) {
		inet_csk_enter_pingpong_mode(sk);
		return 0;
	}
	inet_csk_exit_pingpong_mode(sk);
	if (TCPF(sk->sk_state) & (TCPF(TCP_ESTABLISHED) | TCPF(TCP_CLOSE_WAIT)) &&
	    inet_csk_ack_scheduled(sk)) {
		inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_PUSHED;
		tcp_cleanup_rbuf(sk, 1);
		if (!(val & 1))
			inet_csk_enter_pingpong_mode(sk);
	}
	return 0;
}

static int get_quickack(const struct sock *sk)
{
	return !inet_csk_in_pingpong_mode(sk);
}

static int set_inq(struct sock *sk, int val)
{
	tcp_sk(sk)->recvmsg_inq = val & 1;
	return 0;
}

static int get_inq(const struct sock *sk)
{
	return tcp_sk(sk)->recvmsg_inq;
}

static int get_timestamp(const struct sock *sk)
{
	return (int)(tcp_time_stamp_raw() + tcp_sk(sk)->tsoffset);
}

/* Only a process that may checkpoint others may do this; there is none here. */
static int set_repair(struct sock *sk, int val)
{
	(void)sk;
	(void)val;
	return -EPERM;
}

static int get_repair(const struct sock *sk)
{
	return tcp_sk(sk)->repair;
}

/* ---- the table ---- */

static const struct tcp_sockopt tcp_sockopts[] = {
	{TCP_NODELAY, NO_MIN, INT32_MAX, set_nodelay, get_nodelay},
	{TCP_MAXSEG, NO_MIN, INT32_MAX, set_maxseg, get_maxseg},
	{TCP_CORK, NO_MIN, INT32_MAX, set_cork, get_cork},
	{TCP_KEEPIDLE, 1, MAX_TCP_KEEPIDLE, set_keepidle, get_keepidle},
	{TCP_KEEPINTVL, 1, MAX_TCP_KEEPINTVL, set_keepintvl, get_keepintvl},
	{TCP_KEEPCNT, 1, MAX_TCP_KEEPCNT, set_keepcnt, get_keepcnt},
	{TCP_SYNCNT, 1, MAX_TCP_SYNCNT, set_syncnt, get_syncnt},
	{TCP_LINGER2, NO_MIN, INT32_MAX, set_linger2, get_linger2},
	{TCP_DEFER_ACCEPT, NO_MIN, INT32_MAX, set_defer_accept, get_defer_accept},
	{TCP_WINDOW_CLAMP, NO_MIN, INT32_MAX, set_window_clamp, get_window_clamp},
	{TCP_QUICKACK, NO_MIN, INT32_MAX, set_quickack, get_quickack},
	{TCP_THIN_LINEAR_TIMEOUTS, 0, 1, set_thin_linear, get_thin_linear},
	{TCP_THIN_DUPACK, 0, 1, set_thin_dupack, get_thin_dupack},
	{TCP_USER_TIMEOUT, 0, INT32_MAX, set_user_timeout, get_user_timeout},
	{TCP_NOTSENT_LOWAT, NO_MIN, INT32_MAX, set_notsent_lowat, get_notsent_lowat},
	{TCP_INQ, 0, 1, set_inq, get_inq},
	{TCP_FASTOPEN, 0, INT32_MAX, tcp_set_fastopen, tcp_get_fastopen},
	{TCP_FASTOPEN_CONNECT, 0, 1, tcp_set_fastopen_connect, tcp_get_fastopen_connect},
	{TCP_FASTOPEN_NO_COOKIE, 0, 1, tcp_set_fastopen_no_cookie, tcp_get_fastopen_no_cookie},
	{TCP_SAVE_SYN, 0, 2, tcp_set_save_syn, tcp_get_save_syn},
	{TCP_TIMESTAMP, NO_MIN, INT32_MAX, set_repair, get_timestamp},
	{TCP_REPAIR, NO_MIN, INT32_MAX, set_repair, get_repair},
};

static const struct tcp_sockopt *tcp_sockopt_find(int name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tcp_sockopts); i++) {
		if (tcp_sockopts[i].name == name)
			return &tcp_sockopts[i];
	}
	return NULL;
}

static int tcp_setsockopt_congestion(struct sock *sk, const void *optval, int optlen)
{
	char name[TCP_CA_NAME_MAX] = "";
	int err;

	if (optlen < 1)
		return -EINVAL;
	err = copy_from_user(name, optval, (size_t)min(optlen, TCP_CA_NAME_MAX - 1));
	if (err)
		return err;
	lock_sock(sk);
	err = tcp_set_congestion_control(sk, name);
	release_sock(sk);
	return err;
}

int tcp_setsockopt(struct sock *sk, int level, int name, const void *optval, int optlen)
{
	const struct tcp_sockopt *opt;
	int val, err;

	if (level != SOL_TCP)
		return inet_csk(sk)->icsk_af_ops->setsockopt(sk, level, name, optval, optlen);
	if (name == TCP_CONGESTION)
		return tcp_setsockopt_congestion(sk, optval, optlen);
	if (name == TCP_FASTOPEN_KEY)
		return tcp_fastopen_set_key(sk, optval, optlen);
	if (optlen < (int)sizeof(val))
		return -EINVAL;
	err = copy_from_user(&val, optval, sizeof(val));
	if (err)
		return err;
	opt = tcp_sockopt_find(name);
	if (!opt)
		return -ENOPROTOOPT;
	if (val < opt->min || val > opt->max)
		return -EINVAL;
	lock_sock(sk);
	err = opt->set(sk, val);
	release_sock(sk);
	return err;
}

/* Give the program up to *optlen bytes of an answer. */
static int tcp_put_answer(const void *answer, int size, void *optval, int *optlen)
{
	int len;

	if (copy_from_user(&len, optlen, sizeof(len)))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	len = min(len, size);
	if (copy_to_user(optlen, &len, sizeof(len)))
		return -EFAULT;
	return copy_to_user(optval, answer, (size_t)len);
}

static int tcp_getsockopt_info(struct sock *sk, void *optval, int *optlen)
{
	struct tcp_info info;

	lock_sock(sk);
	tcp_get_info(sk, &info);
	release_sock(sk);
	return tcp_put_answer(&info, sizeof(info), optval, optlen);
}

static int tcp_getsockopt_cc_info(struct sock *sk, void *optval, int *optlen)
{
	const struct tcp_congestion_ops *ca;
	u64 info[8];
	int attr, size = 0;

	lock_sock(sk);
	ca = inet_csk(sk)->icsk_ca_ops;
	if (ca->get_info)
		size = (int)ca->get_info(sk, ~0u, &attr, info);
	release_sock(sk);
	BUG_ON((size_t)size > sizeof(info));
	return tcp_put_answer(info, size, optval, optlen);
}

int tcp_getsockopt(struct sock *sk, int level, int name, void *optval, int *optlen)
{
	u8 key[2 * TCP_FASTOPEN_KEY_LENGTH];
	const struct tcp_sockopt *opt;
	int val;

	if (level != SOL_TCP)
		return inet_csk(sk)->icsk_af_ops->getsockopt(sk, level, name, optval, optlen);
	switch (name) {
	case TCP_INFO:
		return tcp_getsockopt_info(sk, optval, optlen);
	case TCP_CC_INFO:
		return tcp_getsockopt_cc_info(sk, optval, optlen);
	case TCP_CONGESTION:
		return tcp_put_answer(inet_csk(sk)->icsk_ca_ops->name, TCP_CA_NAME_MAX, optval,
				      optlen);
	case TCP_SAVED_SYN:
		return tcp_getsockopt_saved_syn(sk, optval, optlen);
	case TCP_FASTOPEN_KEY:
		return tcp_put_answer(key, tcp_fastopen_get_key(sk, key), optval, optlen);
	case TCP_ULP:
		return tcp_put_answer("", 0, optval, optlen);
	}
	opt = tcp_sockopt_find(name);
	if (!opt)
		return -ENOPROTOOPT;
	lock_sock(sk);
	val = opt->get(sk);
	release_sock(sk);
	return tcp_put_answer(&val, sizeof(val), optval, optlen);
}
