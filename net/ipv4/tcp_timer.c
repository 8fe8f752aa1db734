// SPDX-License-Identifier: BSD-2-Clause
/*
 * The timers of a connection: retransmission (RFC 6298), window probes (RFC 9293 section 3.8.6.1),
 * delayed ACK, keepalive and FIN-WAIT-2 (section 3.8.4), and when to give up (section 3.8.3:
 * tcp_retries1 and 2, TCP_USER_TIMEOUT, orphans).
 *
 * One timer_list serves retransmission, probe, tail loss probe and reordering wait: icsk_pending
 * says which, icsk_timeout when; a timer that finds itself early re-arms, so that moving it is
 * cheap. The callbacks run in softirq context; when a thread owns the sock the work is left to
 * release_sock(), which calls tcp_release_cb(). Each armed timer holds a reference on the sock.
 */
#include <net/dst.h>
#include <net/tcp_fastopen.h>
#include <net/tcp_mtu_probe.h>
#include <net/tcp_pacing.h>

/* ---- how long ---- */

static u32 tcp_clamp_rto_to_user_timeout(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	s32 left;

	if (!icsk->icsk_user_timeout)
		return icsk->icsk_rto;
	left = (s32)(icsk->icsk_user_timeout - (tcp_time_stamp(tp) - tp->retrans_stamp));
	return left <= 0 ? 1 : min(icsk->icsk_rto, (u32)left);
}

u32 tcp_clamp_probe0_to_user_timeout(const struct sock *sk, u32 when)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	s32 elapsed, left;

	if (!icsk->icsk_user_timeout || !icsk->icsk_probes_tstamp)
		return when;
	elapsed = max((s32)(tcp_jiffies32 - icsk->icsk_probes_tstamp), 0);
	left = (s32)icsk->icsk_user_timeout - elapsed;
	return min(when, left < (s32)TCP_TIMEOUT_MIN ? TCP_TIMEOUT_MIN : (u32)left);
}

/* Next window probe, ms from now: the RTO, doubled each time. */
unsigned long tcp_probe0_when(const struct sock *sk, unsigned long max_when)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	int backoff = min(ilog2(TCP_RTO_MAX / TCP_RTO_MIN) + 1, (int)icsk->icsk_backoff);

	unsigned long base = max(icsk->icsk_rto, TCP_RTO_MIN);

	return min(base << backoff, max_when);
}

/* Data waits, nothing is in flight and no timer runs: the peer's window must be probed. */
void tcp_check_probe_timer(struct sock *sk)
{
	if (!tcp_sk(sk)->packets_out && !inet_csk(sk)->icsk_pending)
		tcp_reset_xmit_timer(sk, ICSK_TIME_PROBE0,
				     max(inet_csk(sk)->icsk_rto, TCP_RTO_MIN), TCP_RTO_MAX);
}

/* ---- giving up ---- */

void tcp_write_err(struct sock *sk)
{
	sk->sk_err = sk->sk_err_soft ? sk->sk_err_soft : ETIMEDOUT;
	sk_error_report(sk);
	tcp_write_queue_purge(sk);
	tcp_done(sk);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONTIMEOUT);
}

/*
 * Orphans may not eat up memory. True: this one was killed, with a reset unless its peer has been
 * silent for very long.
 */
static bool tcp_out_of_resources(struct sock *sk, bool do_reset)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 silent = tcp_jiffies32 - tp->lsndtime;
	int shift = 0;

	if ((s32)silent > (s32)(2 * TCP_RTO_MAX) || !do_reset)
		shift++;
	if (sk->sk_err_soft)
		shift++;
	if (!tcp_check_oom(sk, shift))
		return false;
	if ((s32)silent <= (s32)TCP_TIMEWAIT_LEN || (!tp->snd_wnd && !tp->packets_out))
		do_reset = true;
	if (do_reset)
		tcp_send_active_reset(sk, GFP_ATOMIC);
	tcp_done(sk);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONMEMORY);
	return true;
}

static int tcp_orphan_retries(const struct sock *sk, bool alive)
{
	int retries = sock_net(sk)->ipv4.sysctl_tcp_orphan_retries;

	if (sk->sk_err_soft && !alive)
		retries = 0;
	/* 0 means the default, which is about 100 seconds with the smallest RTO. */
	return !retries && alive ? 8 : retries;
}

/* How long `boundary` retransmissions take when the first waits rto_base, ms. */
static u32 tcp_model_timeout(u32 boundary, u32 rto_base)
{
	u32 thresh = (u32)ilog2(TCP_RTO_MAX / rto_base);

	if (boundary <= thresh)
		return ((2u << boundary) - 1) * rto_base;
	return ((2u << thresh) - 1) * rto_base + (boundary - thresh) * TCP_RTO_MAX;
}

/* Retransmitting for longer than timeout ms, or if that is 0, than `boundary` attempts take? */
static bool retransmits_timed_out(const struct sock *sk, u32 boundary, u32 timeout)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 rto_base = TCP_RTO_MIN;

	if (!inet_csk(sk)->icsk_retransmits)
		return false;
	if (!timeout) {
		if (TCPF(sk->sk_state) & (TCPF(TCP_SYN_SENT) | TCPF(TCP_SYN_RECV)))
			rto_base = TCP_TIMEOUT_INIT;
		timeout = tcp_model_timeout(boundary, rto_base);
	}
	return (s32)(tcp_time_stamp(tp) - tp->retrans_stamp - timeout) >= 0;
}

/* Another timeout: is this one too many? True: the connection is gone. */
static bool tcp_write_timeout(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct net *net = sock_net(sk);
	bool expired = false;
	int retry_until;

	if (TCPF(sk->sk_state) & (TCPF(TCP_SYN_SENT) | TCPF(TCP_SYN_RECV))) {
		if (icsk->icsk_retransmits)
			sk_dst_reset(sk);
		retry_until = icsk->icsk_syn_retries ? icsk->icsk_syn_retries
						     : net->ipv4.sysctl_tcp_syn_retries;
		expired = icsk->icsk_retransmits >= retry_until;
	} else {
		if (retransmits_timed_out(sk, (u32)net->ipv4.sysctl_tcp_retries1, 0)) {
			tcp_mtu_probing(sk);
			sk_dst_reset(sk); /* perhaps another way works */
		}
		retry_until = net->ipv4.sysctl_tcp_retries2;
		if (sock_flag(sk, SOCK_DEAD)) {
			bool alive = icsk->icsk_rto < TCP_RTO_MAX;

			retry_until = tcp_orphan_retries(sk, alive);
			if (tcp_out_of_resources(
				    sk, alive || !retransmits_timed_out(sk, (u32)retry_until, 0)))
				return true;
		}
	}
	if (!expired)
		expired = retransmits_timed_out(sk, (u32)retry_until, icsk->icsk_user_timeout);
	tcp_fastopen_active_detect_blackhole(sk, expired);
	if (expired)
		tcp_write_err(sk);
	else if (sk_rethink_txhash(sk))
		NET_INC_STATS(net, LINUX_MIB_TCPTIMEOUTREHASH);
	return expired;
}

/* ---- retransmission ---- */

/* The peer shut its window over data in flight: how long may it stay so? */
static bool tcp_rtx_probe0_timed_out(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 user = inet_csk(sk)->icsk_user_timeout, limit = 2 * TCP_RTO_MAX;
	u32 since = tp->retrans_stamp ? tp->retrans_stamp : tcp_skb_timestamp(skb);

	if (user)
		limit = min(limit, user);
	return tcp_event_jiffies32(tp) - tp->rcv_tstamp > limit &&
	       tcp_time_stamp(tp) - since > limit;
}

static void tcp_count_timeout(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	bool sack = tcp_is_sack(tp);
	int mib;

	switch (inet_csk(sk)->icsk_ca_state) {
	case TCP_CA_Recovery:
		mib = sack ? LINUX_MIB_TCPSACKRECOVERYFAIL : LINUX_MIB_TCPRENORECOVERYFAIL;
		break;
	case TCP_CA_Loss:
		mib = LINUX_MIB_TCPLOSSFAILURES;
		break;
	case TCP_CA_Disorder:
		mib = sack ? LINUX_MIB_TCPSACKFAILURES : LINUX_MIB_TCPRENOFAILURES;
		break;
	default:
		if (!tp->sacked_out)
			return;
		mib = sack ? LINUX_MIB_TCPSACKFAILURES : LINUX_MIB_TCPRENOFAILURES;
	}
	NET_INC_STATS(sock_net(sk), mib);
}

/* Thin streams (few segments in flight) may ask not to back off at first. */
static bool tcp_thin_linear(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return sk->sk_state == TCP_ESTABLISHED &&
	       (tp->thin_lto || sock_net(sk)->ipv4.sysctl_tcp_thin_linear_timeouts) &&
	       tp->packets_out < 4 && !tcp_in_initial_slowstart(tp) && tp->srtt_us &&
	       inet_csk(sk)->icsk_retransmits <= 6;
}

static void tcp_rto_backoff(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (tcp_thin_linear(sk)) {
		icsk->icsk_backoff = 0;
		tcp_set_rto(sk);
	} else {
		icsk->icsk_rto = min(icsk->icsk_rto << 1, TCP_RTO_MAX);
	}
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, tcp_clamp_rto_to_user_timeout(sk),
				  TCP_RTO_MAX);
	if (retransmits_timed_out(sk, (u32)sock_net(sk)->ipv4.sysctl_tcp_retries1 + 1, 0))
		sk_dst_reset(sk);
}

/* RFC 6298 section 5.4 to 5.6: retransmit the earliest segment, double the RTO, start again. */
void tcp_retransmit_timer(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	if (unlikely(tp->fastopen_rsk)) {
		tcp_fastopen_synack_timer(sk, tp->fastopen_rsk);
		return; /* nothing else before the handshake is over */
	}
	if (!tp->packets_out)
		return;
	skb = tcp_rtx_queue_head(sk);
	BUG_ON(!skb);
	if (!tp->snd_wnd && !sock_flag(sk, SOCK_DEAD) &&
	    !(TCPF(sk->sk_state) & (TCPF(TCP_SYN_SENT) | TCPF(TCP_SYN_RECV)))) {
		/* The window was withdrawn: these are probes, not signs of a dead path. */
		if (tcp_rtx_probe0_timed_out(sk, skb)) {
			tcp_write_err(sk);
			return;
		}
		tcp_enter_loss(sk);
		tcp_retransmit_skb(sk, skb, 1);
		sk_dst_reset(sk);
		tcp_rto_backoff(sk);
		return;
	}
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPTIMEOUTS);
	if (tcp_write_timeout(sk))
		return;
	if (!icsk->icsk_retransmits)
		tcp_count_timeout(sk);
	tcp_enter_loss(sk);
	if (icsk->icsk_retransmits < 255)
		icsk->icsk_retransmits++;
	if (tcp_retransmit_skb(sk, tcp_rtx_queue_head(sk), 1) == -ENOBUFS) {
		/* Our own device is full: try soon, no backoff. */
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, TCP_RESOURCE_PROBE_INTERVAL,
					  TCP_RTO_MAX);
		return;
	}
	if (icsk->icsk_backoff < 255)
		icsk->icsk_backoff++;
	tcp_rto_backoff(sk);
}

/* ---- window probes ---- */

static void tcp_probe_timer(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int max_probes = sock_net(sk)->ipv4.sysctl_tcp_retries2;
	bool abort = false;

	if (unlikely(tp->fin_unsent)) {
		tcp_send_fin(sk);
		return;
	}
	if (tp->packets_out || !tcp_send_head(sk)) {
		icsk->icsk_probes_out = 0;
		icsk->icsk_probes_tstamp = 0;
		return;
	}
	/* A peer that answers may keep its window shut for ever (RFC 1122 section 4.2.2.17); each
	 * answer sets icsk_probes_out to 0. */
	if (!icsk->icsk_probes_tstamp)
		icsk->icsk_probes_tstamp = tcp_jiffies32;
	else if (icsk->icsk_user_timeout &&
		 (s32)(tcp_jiffies32 - icsk->icsk_probes_tstamp) >= (s32)icsk->icsk_user_timeout)
		abort = true;
	if (!abort && sock_flag(sk, SOCK_DEAD)) {
		bool alive = tcp_probe0_when(sk, TCP_RTO_MAX) < TCP_RTO_MAX;

		max_probes = tcp_orphan_retries(sk, alive);
		if (!alive && icsk->icsk_backoff >= max_probes)
			abort = true;
		else if (tcp_out_of_resources(sk, true))
			return;
	}
	if (abort || icsk->icsk_probes_out >= max_probes)
		tcp_write_err(sk);
	else
		tcp_send_probe0(sk);
}

/* ---- the shared timer ---- */

/* Due, and the sock is ours. */
void tcp_write_timer_handler(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	int event = icsk->icsk_pending;

	sock_assert_locked(sk);
	if (TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_LISTEN)) || !event)
		return;
	if (time_after(icsk->icsk_timeout, jiffies)) {
		sk_reset_timer(sk, &icsk->icsk_retransmit_timer, icsk->icsk_timeout);
		return;
	}
	tcp_mstamp_refresh(tcp_sk(sk));
	switch (event) {
	case ICSK_TIME_REO_TIMEOUT:
		tcp_rack_reo_timeout(sk);
		break;
	case ICSK_TIME_LOSS_PROBE:
		tcp_send_loss_probe(sk);
		break;
	case ICSK_TIME_RETRANS:
		icsk->icsk_pending = 0;
		tcp_retransmit_timer(sk);
		break;
	case ICSK_TIME_PROBE0:
		icsk->icsk_pending = 0;
		tcp_probe_timer(sk);
		break;
	default:
		BUG();
	}
}

/* Leave work to the thread that owns the sock; it gets a reference for it. */
void tcp_defer(struct sock *sk, int bit)
{
	if (tcp_sk(sk)->tsq_flags & BIT(bit))
		return;
	tcp_sk(sk)->tsq_flags |= BIT(bit);
	sock_hold(sk);
}

static void tcp_write_timer(struct timer_list *t)
{
	struct inet_connection_sock *icsk = from_timer(icsk, t, icsk_retransmit_timer);
	struct sock *sk = &icsk->icsk_inet.sk;

	bh_lock_sock(sk);
	if (!sock_owned_by_user(sk))
		tcp_write_timer_handler(sk);
	else
		tcp_defer(sk, TCP_WRITE_TIMER_DEFERRED);
	bh_unlock_sock(sk);
	sock_put(sk);
}

static void tcp_delack_timer(struct timer_list *t)
{
	struct inet_connection_sock *icsk = from_timer(icsk, t, icsk_delack_timer);
	struct sock *sk = &icsk->icsk_inet.sk;

	bh_lock_sock(sk);
	if (!sock_owned_by_user(sk)) {
		tcp_delack_timer_handler(sk);
	} else {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_DELAYEDACKLOCKED);
		tcp_defer(sk, TCP_DELACK_TIMER_DEFERRED);
	}
	bh_unlock_sock(sk);
	sock_put(sk);
}

/* release_sock(): what softirqs left for the owner. The sock is still owned. */
void tcp_release_cb(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned long flags = tp->tsq_flags & ~(BIT(TSQ_THROTTLED) | BIT(TSQ_QUEUED));

	if (likely(!flags))
		return;
	tp->tsq_flags &= ~flags;
	if (flags & BIT(TCP_TSQ_DEFERRED)) {
		tcp_tsq_write(sk);
		sock_put(sk);
	}
	if (flags & BIT(TCP_WRITE_TIMER_DEFERRED)) {
		tcp_write_timer_handler(sk);
		sock_put(sk);
	}
	if (flags & BIT(TCP_DELACK_TIMER_DEFERRED)) {
		tcp_delack_timer_handler(sk);
		sock_put(sk);
	}
	if (flags & BIT(TCP_MTU_REDUCED_DEFERRED)) {
		inet_csk(sk)->icsk_af_ops->mtu_reduced(sk);
		sock_put(sk);
	}
}

/* ---- keepalive and FIN-WAIT-2 ---- */

void tcp_reset_keepalive_timer(struct sock *sk, unsigned long len)
{
	inet_csk_reset_keepalive_timer(sk, len);
}

/* An orphan in FIN-WAIT-2: nobody will read, the peer has had its time. */
static void tcp_fin_wait2_timeout(struct sock *sk)
{
	if (tcp_sk(sk)->linger2 >= 0) {
		int left = tcp_fin_time(sk) - (int)TCP_TIMEWAIT_LEN;

		if (left > 0) {
			tcp_time_wait(sk, TCP_FIN_WAIT2, left);
			return;
		}
	}
	tcp_send_active_reset(sk, GFP_ATOMIC);
	tcp_done(sk);
}

/* The connection has been idle for `elapsed` ms, long enough; returns when to look again, 0 = dead.
 */
static u32 tcp_keepalive_probe(struct sock *sk, u32 elapsed)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 user = icsk->icsk_user_timeout;
	bool dead;

	if (user)
		dead = elapsed >= user && icsk->icsk_probes_out > 0;
	else
		dead = icsk->icsk_probes_out >= keepalive_probes(tcp_sk(sk));
	if (dead) {
		tcp_send_active_reset(sk, GFP_ATOMIC);
		tcp_write_err(sk);
		return 0;
	}
	if (tcp_write_wakeup(sk, LINUX_MIB_TCPKEEPALIVE) == -ENOBUFS)
		return TCP_RESOURCE_PROBE_INTERVAL;
	icsk->icsk_probes_out++;
	return (u32)keepalive_intvl_when(tcp_sk(sk));
}

static void tcp_keepalive_expired(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 when = (u32)keepalive_time_when(tp), now = tcp_jiffies32, elapsed;

	if (sk->sk_state == TCP_LISTEN) {
		pr_err("tcp: keepalive timer on a listening socket\n");
		return;
	}
	tcp_mstamp_refresh(tp);
	if (sk->sk_state == TCP_FIN_WAIT2 && sock_flag(sk, SOCK_DEAD)) {
		tcp_fin_wait2_timeout(sk);
		return;
	}
	if (!sock_flag(sk, SOCK_KEEPOPEN) ||
	    TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_SYN_SENT)))
		return;
	/* Data on its way is probe enough. */
	if (!tp->packets_out && skb_queue_empty(&sk->sk_write_queue)) {
		elapsed = min(now - inet_csk(sk)->icsk_ack.lrcvtime, now - tp->rcv_tstamp);
		if (elapsed >= when)
			when = tcp_keepalive_probe(sk, elapsed);
		else
			when -= elapsed;
	}
	if (when)
		inet_csk_reset_keepalive_timer(sk, when);
}

static void tcp_keepalive_timer(struct timer_list *t)
{
	struct sock *sk = from_timer(sk, t, sk_timer);

	bh_lock_sock(sk);
	if (sock_owned_by_user(sk))
		inet_csk_reset_keepalive_timer(sk, HZ / 20);
	else
		tcp_keepalive_expired(sk);
	bh_unlock_sock(sk);
	sock_put(sk);
}

/* A SYN-ACK was not answered in time (the request's timer, inet_connection_sock.c). */
void tcp_syn_ack_timeout(const struct request_sock *req)
{
	NET_INC_STATS(sock_net(req->rsk_listener), LINUX_MIB_TCPTIMEOUTS);
}

void tcp_init_xmit_timers(struct sock *sk)
{
	inet_csk_init_xmit_timers(sk, tcp_write_timer, tcp_delack_timer, tcp_keepalive_timer);
	tcp_pacing_init(sk);
	tcp_sack_compress_init(sk);
}

void tcp_clear_xmit_timers(struct sock *sk)
{
	tcp_pacing_cancel(sk);
	inet_csk_clear_xmit_timers(sk);
	tcp_sack_compress_cancel(sk);
}
