// SPDX-License-Identifier: BSD-2-Clause
/*
 * Connections that are small objects: half-open requests before, timewait socks after.
 *
 * tcp_check_req: a segment for a half-open request (RFC 9293 section 3.10.7.4 in SYN-RECEIVED): the
 * final ACK makes the child, everything else is answered or dropped in the RFC's order. The child
 * is made by tcp_create_openreq_child and takes the segment in tcp_child_process. TIME-WAIT
 * (section 3.10.7.4, RFC 6191, RFC 1337): tcp_timewait.c.
 *
 * Called by tcp_ipv4.c, syncookies.c. Softirq.
 */
#include <net/inet_hashtables.h>
#include <net/tcp_ecn.h>
#include <net/tcp_fastopen.h>
#include <string.h>

/* Do [seq, end_seq) and the window [s_win, e_win) meet? An empty segment counts at its position. */
bool tcp_in_window(u32 seq, u32 end_seq, u32 s_win, u32 e_win)
{
	if (seq == s_win)
		return true;
	if (after(end_seq, s_win) && before(seq, e_win))
		return true;
	return seq == e_win && seq == end_seq;
}

/* Answers to segments outside the window are limited in rate (tcp_invalid_ratelimit): true = stay
 * silent. */
bool tcp_oow_rate_limited(struct net *net, const struct sk_buff *skb, int mib_idx,
			  u32 *last_oow_ack_time)
{
	u32 now = tcp_jiffies32;

	/* Data must always be answered: the peer may retransmit it for good reason. */
	if (TCP_SKB_CB(skb)->seq != TCP_SKB_CB(skb)->end_seq &&
	    !(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN))
		return false;
	if (*last_oow_ack_time) {
		s32 elapsed = (s32)(now - *last_oow_ack_time);

		if (elapsed >= 0 && elapsed < net->ipv4.sysctl_tcp_invalid_ratelimit) {
			NET_INC_STATS(net, mib_idx);
			return true;
		}
	}
	*last_oow_ack_time = now ? now : 1;
	return false;
}

/* The half of a child that comes from its request; queues, timers and counters start anew. */
static void tcp_child_init_sequence(struct tcp_sock *newtp, const struct tcp_request_sock *treq)
{
	u32 seq = treq->rcv_isn + 1;

	newtp->rcv_nxt = newtp->copied_seq = newtp->rcv_wup = seq;
	newtp->segs_in = 1;
	seq = treq->snt_isn + 1;
	newtp->snd_sml = newtp->snd_una = newtp->snd_nxt = newtp->snd_up = seq;
	newtp->write_seq = newtp->pushed_seq = seq;
	newtp->snd_wl1 = treq->rcv_isn;
	newtp->high_seq = seq;
	newtp->tsoffset = treq->ts_off;
}

static void tcp_child_init_options(struct sock *newsk, const struct request_sock *req,
				   const struct sk_buff *skb)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	const struct tcp_request_sock *treq = tcp_rsk(req);
	struct tcp_sock *newtp = tcp_sk(newsk);

	newtp->rx_opt.tstamp_ok = ireq->tstamp_ok;
	newtp->rx_opt.sack_ok = ireq->sack_ok;
	newtp->window_clamp = treq->rsk_window_clamp;
	newtp->rcv_ssthresh = treq->rsk_rcv_wnd;
	newtp->rcv_wnd = treq->rsk_rcv_wnd;
	newtp->rx_opt.wscale_ok = ireq->wscale_ok;
	newtp->rx_opt.snd_wscale = ireq->wscale_ok ? ireq->snd_wscale : 0;
	newtp->rx_opt.rcv_wscale = ireq->wscale_ok ? ireq->rcv_wscale : 0;
	if (!ireq->wscale_ok)
		newtp->window_clamp = min(newtp->window_clamp, 65535U);
	newtp->snd_wnd = (u32)TCP_SKB_CB(skb)->rx.window << newtp->rx_opt.snd_wscale;
	newtp->max_window = newtp->snd_wnd;
	newtp->tcp_header_len = sizeof(struct tcphdr);
	newtp->rx_opt.ts_recent_stamp = 0;
	if (ireq->tstamp_ok) {
		newtp->rx_opt.ts_recent = req->ts_recent;
		newtp->rx_opt.ts_recent_stamp = tcp_seconds();
		newtp->tcp_header_len += TCPOLEN_TSTAMP_ALIGNED;
	}
	newtp->rx_opt.mss_clamp = req->mss;
	tcp_ecn_openreq_child(newtp, req);
}

/* Bh-locked child in SYN_RECV, not in any table; NULL when out of memory. */
struct sock *tcp_create_openreq_child(const struct sock *sk, struct request_sock *req,
				      struct sk_buff *skb)
{
	struct sock *newsk = inet_csk_clone_lock(sk, req, GFP_ATOMIC);
	const struct tcp_request_sock *treq = tcp_rsk(req);
	struct inet_connection_sock *newicsk;
	struct tcp_sock *newtp;

	if (!newsk)
		return NULL;
	newicsk = inet_csk(newsk);
	newtp = tcp_sk(newsk);
	sock_net(newsk)->ipv4.tcp_sockets_allocated++;
	newtp->pred_flags = 0;
	tcp_child_init_sequence(newtp, treq);
	INIT_LIST_HEAD(&newtp->tsorted_sent_queue);
	tcp_init_wl(newtp, treq->rcv_isn);
	newtp->srtt_us = 0;
	newtp->mdev_us = USEC_PER_SEC; /* TCP_TIMEOUT_INIT */
	newicsk->icsk_rto = TCP_TIMEOUT_INIT;
	newicsk->icsk_ack.lrcvtime = tcp_jiffies32;
	newtp->lsndtime = tcp_jiffies32;
	newtp->total_retrans = req->num_retrans;
	newtp->fastopen_rsk = NULL;
	newtp->saved_syn = NULL;
	newtp->syn_data_acked = 0;
	if (req->num_timeout) { /* spurious, if the ACK echoes the first SYN-ACK */
		newtp->undo_marker = treq->snt_isn;
		newtp->undo_retrans = -1; /* 0 would be: all reported as duplicates */
		newtp->retrans_stamp = (u32)(treq->snt_synack / USEC_PER_MSEC);
	}
	tcp_init_xmit_timers(newsk);
	tcp_child_init_options(newsk, req, skb);
	if (sock_flag(newsk, SOCK_KEEPOPEN))
		tcp_reset_keepalive_timer(newsk, (unsigned long)keepalive_time_when(newtp));
	if (skb->len >= TCP_MSS_DEFAULT + newtp->tcp_header_len)
		newicsk->icsk_ack.last_seg_size = (u16)(skb->len - newtp->tcp_header_len);
	tcp_assign_child_congestion(newsk);
	TCP_INC_STATS(sock_net(sk), TCP_MIB_PASSIVEOPENS);
	return newsk;
}

/* Timestamps of a segment for a request; true when PAWS rejects it. */
static bool tcp_req_paws(struct sock *sk, struct sk_buff *skb, struct request_sock *req,
			 struct tcp_options_received *opt)
{
	const struct tcphdr *th = tcp_hdr(skb);

	opt->saw_tstamp = 0;
	if (th->doff <= sizeof(struct tcphdr) / 4)
		return false;
	tcp_parse_options(sock_net(sk), skb, opt, false);
	if (!opt->saw_tstamp)
		return false;
	opt->ts_recent = req->ts_recent;
	if (opt->rcv_tsecr)
		opt->rcv_tsecr -= tcp_rsk(req)->ts_off;
	/* When the request was made is not kept; it cannot be older than its timer allows. */
	opt->ts_recent_stamp = tcp_seconds() -
			       (int)((TCP_TIMEOUT_INIT / 1000) << req->num_timeout);
	return tcp_paws_reject(opt, th->rst);
}

/* The peer sent its SYN again: so do we, at most as often as out-of-window answers are allowed. */
static void tcp_req_dup_syn(struct sock *sk, struct sk_buff *skb, struct request_sock *req)
{
	unsigned long expires;

	if (tcp_oow_rate_limited(sock_net(sk), skb, LINUX_MIB_TCPACKSKIPPEDSYNRECV,
				 &tcp_rsk(req)->last_oow_ack_time))
		return;
	if (req->rsk_ops->rtx_syn_ack(sk, req))
		return;
	if (tcp_rsk(req)->tfo_listener)
		return; /* the timer is the child's */
	expires = get_jiffies() + min_t(unsigned long,
					(unsigned long)TCP_TIMEOUT_INIT << req->num_timeout,
					TCP_RTO_MAX);
	mod_timer(&req->rsk_timer, expires);
}

/* The accept queue is full: drop the ACK so that the peer tries again, or reset
 * (tcp_abort_on_overflow). */
static struct sock *tcp_req_overflow(struct sock *sk, struct sk_buff *skb, struct request_sock *req)
{
	if (!sock_net(sk)->ipv4.sysctl_tcp_abort_on_overflow) {
		inet_rsk(req)->acked = 1;
		return NULL;
	}
	req->rsk_ops->send_reset(sk, skb);
	inet_csk_reqsk_queue_drop(sk, req);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_EMBRYONICRSTS);
	return NULL;
}

/* RFC 5961 section 3.2: an RST in the window counts at RCV.NXT only; elsewhere in it the peer is
 * asked. */
static struct sock *tcp_req_challenge(struct sock *sk, struct sk_buff *skb,
				      struct request_sock *req)
{
	if (tcp_challenge_allowed(sock_net(sk), &tcp_rsk(req)->last_oow_ack_time))
		req->rsk_ops->send_ack(sk, skb, req);
	return NULL;
}

/* An exact RST, or a SYN in the window, ends the half-open connection. */
static struct sock *tcp_req_embryonic_reset(struct sock *sk, struct sk_buff *skb,
					    struct request_sock *req, bool fastopen)
{
	bool rst = TCP_SKB_CB(skb)->tcp_flags & TCPHDR_RST;

	if (!rst)
		req->rsk_ops->send_reset(sk, skb); /* a SYN in the window: the peer restarted */
	if (fastopen) {
		/* The child may be in use: only a reset ends it, not whoever guesses a SYN. */
		if (rst) {
			reqsk_fastopen_remove(sk, req, true);
			tcp_reset(sk, skb);
		}
		return NULL;
	}
	inet_csk_reqsk_queue_drop(sk, req);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_EMBRYONICRSTS);
	return NULL;
}

/*
 * sk: the listener. Returns the child (bh-locked, to be fed to tcp_child_process), the listener
 * (the segment is for it), or NULL (done or dropped: *reason). Keeps skb and req's reference.
 * fastopen: sk is the child that exists already, and returned when the segment is for the state
 * machine.
 */
struct sock *tcp_check_req(struct sock *sk, struct sk_buff *skb, struct request_sock *req,
			   bool fastopen, enum skb_drop_reason *reason)
{
	struct tcp_request_sock *treq = tcp_rsk(req);
	u32 seq = TCP_SKB_CB(skb)->seq,
	    flags = TCP_SKB_CB(skb)->tcp_flags & (TCPHDR_RST | TCPHDR_SYN | TCPHDR_ACK);
	struct tcp_options_received opt;
	bool paws_reject, own_req = false;
	struct sock *child;

	*reason = flags & TCPHDR_RST ? SKB_DROP_REASON_TCP_RESET : SKB_DROP_REASON_TCP_FLAGS;
	memset(&opt, 0, sizeof(opt));
	paws_reject = tcp_req_paws(sk, skb, req, &opt);
	if (seq == treq->rcv_isn && flags == TCPHDR_SYN && !paws_reject) {
		tcp_req_dup_syn(sk, skb, req);
		return NULL;
	}
	/* An ACK that does not acknowledge our SYN gets a reset from the listener (3.10.7.4,
	 * fifth). The ACK of an RST is not looked at. */
	if (!fastopen && (flags & (TCPHDR_ACK | TCPHDR_RST)) == TCPHDR_ACK &&
	    TCP_SKB_CB(skb)->ack_seq != treq->snt_isn + 1)
		return sk;
	/* First: sequence number, with PAWS. */
	if (paws_reject || !tcp_in_window(seq, TCP_SKB_CB(skb)->end_seq, treq->rcv_nxt,
					  treq->rcv_nxt + treq->rsk_rcv_wnd)) {
		if (!(flags & TCPHDR_RST) &&
		    !tcp_oow_rate_limited(sock_net(sk), skb, LINUX_MIB_TCPACKSKIPPEDSYNRECV,
					  &treq->last_oow_ack_time))
			req->rsk_ops->send_ack(sk, skb, req);
		if (paws_reject)
			NET_INC_STATS(sock_net(sk), LINUX_MIB_PAWSESTAB);
		*reason = SKB_DROP_REASON_TCP_INVALID_SEQUENCE; /* or, rarely, its timestamp */
		return NULL;
	}
	if (opt.saw_tstamp && !after(seq, treq->rcv_nxt))
		req->ts_recent = opt.rcv_tsval;
	if (seq == treq->rcv_isn)
		flags &= ~(u32)TCPHDR_SYN; /* the SYN is left of the window, the rest counts */
	/* Second and fourth: RST, SYN. */
	if (flags & TCPHDR_RST && seq != treq->rcv_nxt)
		return tcp_req_challenge(sk, skb, req);
	if (flags & (TCPHDR_RST | TCPHDR_SYN)) {
		TCP_INC_STATS(sock_net(sk), TCP_MIB_ATTEMPTFAILS);
		return tcp_req_embryonic_reset(sk, skb, req, fastopen);
	}
	if (!(flags & TCPHDR_ACK))
		return NULL;
	if (fastopen)
		return sk;
	/* Deferred accept: a bare ACK does not wake the program. */
	if (req->num_timeout < inet_csk(sk)->icsk_accept_queue.rskq_defer_accept &&
	    TCP_SKB_CB(skb)->end_seq == treq->rcv_isn + 1) {
		inet_rsk(req)->acked = 1;
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPDEFERACCEPTDROP);
		return NULL;
	}
	child = inet_csk(sk)->icsk_af_ops->syn_recv_sock(sk, skb, req, NULL, &own_req);
	*reason = SKB_DROP_REASON_TCP_LISTEN_OVERFLOW;
	if (!child)
		return tcp_req_overflow(sk, skb, req);
	tcp_synack_rtt_meas(child, req);
	return inet_csk_complete_hashdance(sk, child, req, own_req);
}

/* Feed the segment to the new child and wake whoever accepts. Consumes skb unless it returns
 * nonzero. */
int tcp_child_process(struct sock *parent, struct sock *child, struct sk_buff *skb)
{
	int state = child->sk_state, ret = 0;

	tcp_segs_in(tcp_sk(child), skb);
	if (!sock_owned_by_user(child)) {
		ret = tcp_rcv_state_process(child, skb);
		if (state == TCP_SYN_RECV && child->sk_state != state)
			parent->sk_data_ready(parent);
	} else if (sk_add_backlog(child, skb, ~0u)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_BACKLOG);
	}
	bh_unlock_sock(child);
	sock_put(child);
	return ret;
}
