// SPDX-License-Identifier: BSD-2-Clause
/*
 * The end of a connection, seen from our side: shutdown, close with its three kinds (reset because
 * data is unread or SO_LINGER is zero, graceful, lingering), orphans and their limits, disconnect,
 * abort from outside, and tcp_done, which every end comes to. The peer's side (its FIN, its RST):
 * tcp_input.c. RFC 9293 sections 3.6 and 3.10.4, RFC 2525 section 2.17.
 *
 * Thread context with the sock locked for the calls, softirq as well for tcp_done and tcp_reset.
 */
#include <errno.h>
#include <net/inet_common.h>
#include <net/inet_hashtables.h>
#include <net/tcp_fastopen.h>
#include <net/tcp_inline.h>
#include <sys/epoll.h>

/* What CLOSE or SHUTDOWN does to a state: the next one, and whether a FIN goes out. */
static const struct {
	u8 next;
	bool fin;
} close_transition[] = {
	[TCP_ESTABLISHED] = {TCP_FIN_WAIT1, true}, [TCP_SYN_SENT] = {TCP_CLOSE, false},
	[TCP_SYN_RECV] = {TCP_FIN_WAIT1, true},	   [TCP_FIN_WAIT1] = {TCP_FIN_WAIT1, false},
	[TCP_FIN_WAIT2] = {TCP_FIN_WAIT2, false},  [TCP_TIME_WAIT] = {TCP_CLOSE, false},
	[TCP_CLOSE] = {TCP_CLOSE, false},	   [TCP_CLOSE_WAIT] = {TCP_LAST_ACK, true},
	[TCP_LAST_ACK] = {TCP_LAST_ACK, false},	   [TCP_LISTEN] = {TCP_CLOSE, false},
	[TCP_CLOSING] = {TCP_CLOSING, false},	   [TCP_NEW_SYN_RECV] = {TCP_CLOSE, false},
};

static bool tcp_close_state(struct sock *sk)
{
	int state = sk->sk_state;

	tcp_set_state(sk, close_transition[state].next);
	return close_transition[state].fin;
}

void tcp_shutdown(struct sock *sk, int how)
{
	if (!(how & SEND_SHUTDOWN))
		return;
	if (1u << sk->sk_state &
		    (TCPF(TCP_ESTABLISHED) | TCPF(TCP_SYN_SENT) | TCPF(TCP_CLOSE_WAIT)) &&
	    tcp_close_state(sk))
		tcp_send_fin(sk);
}

int tcp_fin_time(const struct sock *sk)
{
	int fin_timeout = tcp_sk(sk)->linger2 ? tcp_sk(sk)->linger2
					      : sock_net(sk)->ipv4.sysctl_tcp_fin_timeout;
	int rto = (int)inet_csk(sk)->icsk_rto;

	return max(fin_timeout, (rto << 2) - (rto >> 1));
}

/* Too many orphans, or too much memory in them: a new one is reset instead of kept. */
bool tcp_check_oom(struct sock *sk, int shift)
{
	const struct net *net = sock_net(sk);
	bool too_many = (net->ipv4.tcp_orphan_count << shift) > net->ipv4.sysctl_tcp_max_orphans;
	bool no_memory = sk->sk_wmem_queued > SOCK_MIN_SNDBUF &&
			 net->ipv4.tcp_memory_allocated > net->ipv4.sysctl_tcp_mem[2];

	return too_many || no_memory;
}

/* Every packet that waits to be sent or acknowledged. */
void tcp_write_queue_purge(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct rb_node *n;
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(&sk->sk_write_queue)))
		tcp_wmem_free_skb(sk, skb);
	while ((n = rb_first(&sk->tcp_rtx_queue))) {
		skb = rb_to_skb(n);
		rb_erase(n, &sk->tcp_rtx_queue);
		tcp_wmem_free_skb(sk, skb);
	}
	INIT_LIST_HEAD(&tp->tsorted_sent_queue);
	sk_mem_reclaim(sk);
	tp->highest_sack = tp->lost_skb_hint = tp->retransmit_skb_hint = NULL;
	tp->packets_out = tp->retrans_out = tp->lost_out = tp->sacked_out = 0;
	inet_csk(sk)->icsk_backoff = 0;
}

/* CLOSE, finally: out of the tables; destroyed if nobody holds the socket. Softirqs off or owner.
 */
void tcp_done(struct sock *sk)
{
	if (sk->sk_state == TCP_SYN_SENT || sk->sk_state == TCP_SYN_RECV)
		TCP_INC_STATS(sock_net(sk), TCP_MIB_ATTEMPTFAILS);
	tcp_set_state(sk, TCP_CLOSE);
	tcp_clear_xmit_timers(sk);
	tcp_fastopen_abandon(sk);
	sk->sk_shutdown = SHUTDOWN_MASK;
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_state_change(sk);
	else
		inet_csk_destroy_sock(sk);
}

/* A valid RST came (RFC 9293 section 3.10.7.4, second). */
void tcp_reset(struct sock *sk, struct sk_buff *skb)
{
	(void)skb;
	switch (sk->sk_state) {
	case TCP_SYN_SENT:
		sk->sk_err = ECONNREFUSED;
		break;
	case TCP_CLOSE_WAIT:
		sk->sk_err = EPIPE;
		break;
	case TCP_CLOSE:
		return;
	default:
		sk->sk_err = ECONNRESET;
		break;
	}
	tcp_write_queue_purge(sk);
	tcp_done(sk);
	if (!sock_flag(sk, SOCK_DEAD))
		sk_error_report(sk);
}

/* States in which an abort owes the peer a reset. */
static bool tcp_need_reset(int state)
{
	return 1u << state & (TCPF(TCP_ESTABLISHED) | TCPF(TCP_CLOSE_WAIT) | TCPF(TCP_FIN_WAIT1) |
			      TCPF(TCP_FIN_WAIT2) | TCPF(TCP_SYN_RECV));
}

/* Throw away what was received; bytes that the program has not seen. */
static u32 tcp_flush_receive_queue(struct sock *sk)
{
	u32 unread = 0;
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(&sk->sk_receive_queue))) {
		u32 len = TCP_SKB_CB(skb)->end_seq - TCP_SKB_CB(skb)->seq;

		if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
			len--;
		unread += len;
		consume_skb(skb);
	}
	return unread;
}

/* An orphan in FIN-WAIT-2 becomes a small object, or ends at once with linger2 < 0. Softirqs off.
 */
static void tcp_close_fin_wait2(struct sock *sk)
{
	int tmo = tcp_fin_time(sk);

	if (tcp_sk(sk)->linger2 < 0) {
		tcp_set_state(sk, TCP_CLOSE);
		tcp_send_active_reset(sk, GFP_ATOMIC);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONLINGER);
	} else if (tmo > (int)TCP_TIMEWAIT_LEN) {
		inet_csk_reset_keepalive_timer(sk, (unsigned long)tmo - TCP_TIMEWAIT_LEN);
	} else {
		tcp_time_wait(sk, TCP_FIN_WAIT2, tmo);
	}
}

/* The program is gone; the connection ends by itself. Softirqs off, bh-locked. */
static void tcp_close_orphan(struct sock *sk, int state)
{
	sock_net(sk)->ipv4.tcp_orphan_count++;
	/* Softirq may have finished it while the backlog was worked off. */
	if (state != TCP_CLOSE && sk->sk_state == TCP_CLOSE)
		return;
	if (sk->sk_state == TCP_FIN_WAIT2) {
		tcp_close_fin_wait2(sk);
		if (sk->sk_state == TCP_CLOSE && sk_unhashed(sk) && tcp_sk(sk)->linger2 >= 0)
			return; /* tcp_time_wait destroyed it */
	}
	if (sk->sk_state != TCP_CLOSE && tcp_check_oom(sk, 0)) {
		tcp_set_state(sk, TCP_CLOSE);
		tcp_send_active_reset(sk, GFP_ATOMIC);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONMEMORY);
	}
	if (sk->sk_state == TCP_CLOSE) {
		tcp_fastopen_abandon(sk); /* closed with unread data in SYN-RECEIVED */
		inet_csk_destroy_sock(sk);
	}
}

/* CLOSE of an endpoint that is not listening: reset, or FIN and maybe wait. */
static void tcp_close_connection(struct sock *sk, long timeout)
{
	u32 unread = tcp_flush_receive_queue(sk);

	if (sk->sk_state == TCP_CLOSE)
		return;
	if (unread) {
		/* RFC 2525 2.17: the peer must learn that its data was not read. */
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONCLOSE);
		tcp_set_state(sk, TCP_CLOSE);
		tcp_send_active_reset(sk, GFP_KERNEL);
	} else if (sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime) {
		sk->sk_prot->disconnect(sk, 0);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONDATA);
	} else if (tcp_close_state(sk)) {
		tcp_send_fin(sk);
	}
	sk_stream_wait_close(sk, timeout);
}

/* Sock locked; the reference of the socket side is dropped in the end. */
void __tcp_close(struct sock *sk, long timeout)
{
	int state;

	sk->sk_shutdown = SHUTDOWN_MASK;
	if (sk->sk_state == TCP_LISTEN) {
		tcp_set_state(sk, TCP_CLOSE);
		inet_csk_listen_stop(sk);
	} else {
		tcp_close_connection(sk, timeout);
	}
	state = sk->sk_state;
	sock_hold(sk);
	sock_orphan(sk);
	local_bh_disable();
	__release_sock(sk); /* the backlog, without giving up the ownership */
	bh_lock_sock(sk);
	tcp_close_orphan(sk, state);
	bh_unlock_sock(sk);
	local_bh_enable();
}

void tcp_close(struct sock *sk, long timeout)
{
	lock_sock(sk);
	__tcp_close(sk, timeout);
	release_sock(sk);
	sock_put(sk);
}

/* Everything back to what connect() may start from. */
static void tcp_disconnect_reset(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	inet_sk(sk)->inet_dport = 0;
	inet_sk(sk)->inet_daddr = 0;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK))
		inet_sk(sk)->inet_saddr = sk->sk_rcv_saddr = 0;
	sk->sk_shutdown = 0;
	sock_reset_flag(sk, SOCK_DONE);
	tp->srtt_us = 0;
	tp->mdev_us = USEC_PER_SEC;
	tp->write_seq += tp->max_window + 2;
	if (!tp->write_seq)
		tp->write_seq = 1;
	icsk->icsk_backoff = icsk->icsk_probes_out = icsk->icsk_retransmits = 0;
	icsk->icsk_probes_tstamp = 0;
	icsk->icsk_rto = TCP_TIMEOUT_INIT;
	tp->snd_nxt = tp->snd_una = tp->snd_sml = tp->snd_up = tp->pushed_seq = tp->write_seq;
	tp->window_clamp = 0;
	tp->delivered = tp->delivered_ce = tp->lost = 0;
	tp->app_limited = ~0U;
	tp->rate_app_limited = 1;
	tp->total_retrans = tp->retrans_stamp = tp->dsack_dups = tp->reord_seen = 0;
	tp->tlp_high_seq = 0;
	memset(&tp->rack, 0, sizeof(tp->rack));
	tp->rack.reo_wnd_steps = 1;
	tcp_clear_retrans(tp);
	icsk->icsk_mtup.probe_size = 0;
	tp->urg_data = 0;
	tp->rcv_wup = tp->rcv_nxt = tp->copied_seq = 0;
	tp->is_sack_reneg = tp->frto = 0;
	tp->syn_data = tp->syn_data_acked = tp->syn_fastopen = 0;
	tp->syn_fastopen_exp = tp->syn_fastopen_ch = tp->fastopen_client_fail = 0;
	inet_csk_delack_init(sk);
	tcp_cleanup_congestion_control(sk);
	memset(icsk->icsk_ca_priv, 0, sizeof(icsk->icsk_ca_priv));
	tcp_cwnd_init_sock(sk);
	tcp_clear_options(&tp->rx_opt);
	sk_dst_reset(sk);
	sk_rx_dst_reset(sk);
	tp->bytes_sent = tp->bytes_acked = tp->bytes_received = tp->bytes_retrans = 0;
	tp->data_segs_in = tp->data_segs_out = tp->segs_in = tp->segs_out = 0;
	tp->rate_delivered = tp->rate_interval_us = 0;
	tp->rx_opt.dsack = tp->rx_opt.num_sacks = 0;
	tp->duplicate_sack[0].start_seq = tp->duplicate_sack[0].end_seq = 0;
}

/* ABORT (RFC 9293 section 3.10.5): also connect(AF_UNSPEC), SO_LINGER 0, and children nobody
 * accepts. */
int tcp_disconnect(struct sock *sk, int flags)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int old_state = sk->sk_state;

	(void)flags;
	sk->sk_disconnects++;
	if (old_state != TCP_CLOSE)
		tcp_set_state(sk, TCP_CLOSE);
	if (old_state == TCP_LISTEN) {
		inet_csk_listen_stop(sk);
	} else if (tcp_need_reset(old_state) ||
		   (tp->snd_nxt != tp->write_seq &&
		    1u << old_state & (TCPF(TCP_CLOSING) | TCPF(TCP_LAST_ACK)))) {
		tcp_send_active_reset(sk, GFP_ATOMIC);
		sk->sk_err = ECONNRESET;
	} else if (old_state == TCP_SYN_SENT) {
		sk->sk_err = ECONNRESET;
	}
	tcp_clear_xmit_timers(sk);
	tcp_free_fastopen_req(tp);
	inet_sk(sk)->defer_connect = 0;
	tcp_saved_syn_free(tp);
	__skb_queue_purge(&sk->sk_receive_queue, SKB_DROP_REASON_QUEUE_PURGE);
	tcp_write_queue_purge(sk);
	tcp_ofo_purge(sk);
	tcp_disconnect_reset(sk);
	WARN_ON(inet_sk(sk)->inet_num && !inet_csk(sk)->icsk_bind_hash);
	sk_error_report(sk);
	return 0;
}

/* Kill from outside (ss -K): err becomes the sock's error, the peer gets a reset. Thread, not
 * locked. */
int tcp_abort(struct sock *sk, int err)
{
	lock_sock(sk);
	if (sk->sk_state == TCP_LISTEN) {
		tcp_set_state(sk, TCP_CLOSE);
		inet_csk_listen_stop(sk);
	}
	local_bh_disable();
	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_err = err;
		sk_error_report(sk);
		if (tcp_need_reset(sk->sk_state))
			tcp_send_active_reset(sk, GFP_ATOMIC);
		tcp_done(sk);
	}
	local_bh_enable();
	tcp_write_queue_purge(sk);
	release_sock(sk);
	return 0;
}
