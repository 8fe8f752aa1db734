// SPDX-License-Identifier: BSD-2-Clause
/*
 * A SYN comes to a listener (RFC 9293 section 3.10.7.2, RFC 4987 on floods): a request_sock is
 * made, put in the established hash with its SYN-ACK timer, and answered; when the SYN queue is
 * full, a SYN cookie is sent instead and nothing is kept. The final ACK later makes the child:
 * syn_recv_sock.
 *
 * Order as in Linux: into the hash first, then send, so that an answer which comes back at once
 * finds the request. Called by tcp_rcv_state_process in LISTEN through icsk_af_ops; softirq; skb is
 * kept.
 */
#include <kernel/lib/printk.h>
#include <net/inet_common.h>
#include <net/inet_hashtables.h>
#include <net/tcp_ecn.h>
#include <net/tcp_metrics.h>
#include <string.h>

/* Should this SYN be answered with a cookie, now that the SYN queue is full? Warns once a listener.
 */
static bool tcp_syn_flood_action(const struct sock *sk, bool *drop)
{
	struct request_sock_queue *queue = &inet_csk(sk)->icsk_accept_queue;
	struct net *net = sock_net(sk);
	bool cookies = net->ipv4.sysctl_tcp_syncookies != 0;

	NET_INC_STATS(net, cookies ? LINUX_MIB_TCPREQQFULLDOCOOKIES : LINUX_MIB_TCPREQQFULLDROP);
	*drop = !cookies;
	if (!queue->synflood_warned && net->ipv4.sysctl_tcp_syncookies != 2) {
		queue->synflood_warned = 1;
		pr_notice("TCP: request_sock_TCP: Possible SYN flooding on port %u. %s.  "
			  "Check SNMP counters.\n",
			  sk->sk_num, cookies ? "Sending cookies" : "Dropping request");
	}
	return cookies;
}

/* Without cookies the last quarter of the queue is for peers that we know to be alive. */
static bool tcp_synq_reserved(const struct sock *sk, const struct request_sock *req)
{
	const struct net *net = sock_net(sk);
	int backlog = net->ipv4.sysctl_max_syn_backlog;

	return !net->ipv4.sysctl_tcp_syncookies &&
	       backlog - inet_csk_reqsk_queue_len(sk) < backlog >> 2 && !tcp_peer_is_proven(req);
}

static void tcp_openreq_init(struct request_sock *req, const struct tcp_options_received *opt,
			     const struct sk_buff *skb, const struct sock *sk)
{
	struct inet_request_sock *ireq = inet_rsk(req);
	struct tcp_request_sock *treq = tcp_rsk(req);

	treq->rcv_isn = TCP_SKB_CB(skb)->seq;
	treq->rcv_nxt = TCP_SKB_CB(skb)->seq + 1;
	treq->txhash = net_tx_rndhash();
	treq->snt_synack = 0;
	treq->syn_tos = TCP_SKB_CB(skb)->ip_dsfield;
	treq->last_oow_ack_time = 0;
	req->mss = opt->mss_clamp;
	req->ts_recent = opt->saw_tstamp ? opt->rcv_tsval : 0;
	ireq->tstamp_ok = opt->tstamp_ok;
	ireq->sack_ok = opt->sack_ok & 1;
	ireq->snd_wscale = opt->snd_wscale;
	ireq->wscale_ok = opt->wscale_ok;
	ireq->acked = 0;
	ireq->ecn_ok = 0;
	ireq->ir_rmt_port = tcp_hdr(skb)->source;
	ireq->ir_num = be16_to_cpu(tcp_hdr(skb)->dest);
	ireq->ir_mark = sk->sk_mark;
	ireq->ir_loc_addr = ip_hdr(skb)->daddr;
	ireq->ir_rmt_addr = ip_hdr(skb)->saddr;
	ireq->ir_iif = sk->sk_bound_dev_if;
}

/* Initial windows of the connection to be, from the buffers of the listener. */
void tcp_openreq_init_rwin(struct request_sock *req, const struct sock *sk,
			   const struct dst_entry *dst)
{
	struct inet_request_sock *ireq = inet_rsk(req);
	struct tcp_request_sock *treq = tcp_rsk(req);
	u32 mss = dst->advmss(dst);
	struct tcp_initial_window w = {.window_clamp = tcp_sk(sk)->window_clamp};
	u32 full_space = (u32)tcp_full_space(sk);

	if (tcp_sk(sk)->rx_opt.user_mss)
		mss = min_t(u32, mss, tcp_sk(sk)->rx_opt.user_mss);
	/* A receive buffer that the program fixed bounds the window. */
	if (sk->sk_userlocks & SOCK_RCVBUF_LOCK && (!w.window_clamp || w.window_clamp > full_space))
		w.window_clamp = full_space;
	tcp_select_initial_window(sk, (int)full_space,
				  mss - (ireq->tstamp_ok ? TCPOLEN_TSTAMP_ALIGNED : 0),
				  ireq->wscale_ok, &w);
	treq->rsk_rcv_wnd = w.rcv_wnd;
	treq->rsk_window_clamp = w.window_clamp;
	ireq->rcv_wscale = w.rcv_wscale & 0xf;
}

/* May another half-open connection be made? Fills *want_cookie; returns why not. */
static enum skb_drop_reason tcp_may_request(struct sock *sk, u32 isn, bool *want_cookie)
{
	struct net *net = sock_net(sk);
	bool drop = false;

	*want_cookie = false;
	if ((net->ipv4.sysctl_tcp_syncookies == 2 || inet_csk_reqsk_queue_is_full(sk)) && !isn) {
		*want_cookie = tcp_syn_flood_action(sk, &drop);
		if (drop)
			return SKB_DROP_REASON_TCP_REQQ_FULL;
	}
	if (sk_acceptq_is_full(sk)) {
		NET_INC_STATS(net, LINUX_MIB_LISTENOVERFLOWS);
		return SKB_DROP_REASON_TCP_LISTEN_OVERFLOW;
	}
	return SKB_NOT_DROPPED_YET;
}

/* Initial sequence number and timestamp offset; a cookie carries the options in both. */
static void tcp_request_isn(struct sock *sk, struct sk_buff *skb, struct request_sock *req)
{
	struct inet_request_sock *ireq = inet_rsk(req);
	struct tcp_request_sock *treq = tcp_rsk(req);
	u32 isn = TCP_SKB_CB(skb)->tcp_tw_isn;

	if (req->syncookie) {
		isn = cookie_v4_init_sequence(sk, skb, &req->mss);
		req->cookie_ts = ireq->tstamp_ok;
		if (!ireq->tstamp_ok)
			ireq->ecn_ok = 0;
	} else if (!isn) {
		isn = tcp_v4_init_seq(sock_net(sk), ireq->ir_rmt_addr, ireq->ir_loc_addr,
				      ireq->ir_rmt_port, tcp_hdr(skb)->dest);
	}
	treq->snt_isn = isn;
}

/* Fast Open: the SYN-ACK of a child that exists already, and the child to the program. Softirq;
 * takes the child's lock and the caller's reference to it. False: nobody listens any more. */
static bool tcp_fastopen_answer(struct sock *sk, struct sock *child, struct request_sock *req,
				struct dst_entry *dst, const struct tcp_fastopen_cookie *foc)
{
	bool queued;

	tcp_v4_send_synack(child, dst, req, foc);
	queued = inet_csk_reqsk_queue_add(sk, req, child);
	if (queued)
		sk->sk_data_ready(sk);
	else
		inet_child_forget(child);
	bh_unlock_sock(child);
	sock_put(child);
	return queued;
}

/* Options, addresses and windows of the SYN into the new request, or why it is dropped. *dst is
 * held. */
static enum skb_drop_reason tcp_request_fill(struct sock *sk, struct sk_buff *skb,
					     struct request_sock *req, struct dst_entry **dst,
					     struct tcp_fastopen_cookie *foc)
{
	struct tcp_options_received opt;
	struct net *net = sock_net(sk);
	struct flowi4 fl4;

	tcp_clear_options(&opt);
	opt.mss_clamp = TCP_MSS_DEFAULT;
	opt.user_mss = tcp_sk(sk)->rx_opt.user_mss;
	tcp_parse_options(net, skb, &opt, false);
	if (opt.saw_fastopen && !req->syncookie)
		tcp_parse_fastopen_option(tcp_hdr(skb), foc);
	/* A cookie has no room for options unless the peer echoes timestamps. */
	if (req->syncookie && !opt.saw_tstamp)
		tcp_clear_options(&opt);
	opt.tstamp_ok = opt.saw_tstamp;
	tcp_openreq_init(req, &opt, skb, sk);
	*dst = inet_csk_route_req(sk, &fl4, req);
	if (!*dst)
		return SKB_DROP_REASON_IP_OUTNOROUTES;
	if (!req->syncookie && !TCP_SKB_CB(skb)->tcp_tw_isn && tcp_synq_reserved(sk, req))
		return SKB_DROP_REASON_TCP_REQQ_FULL;
	tcp_ecn_create_request(req, skb, sk);
	tcp_rsk(req)->ts_off =
		tcp_v4_init_ts_off(net, inet_rsk(req)->ir_rmt_addr, inet_rsk(req)->ir_loc_addr);
	tcp_request_isn(sk, skb, req);
	tcp_openreq_init_rwin(req, sk, *dst);
	return SKB_NOT_DROPPED_YET;
}

int tcp_conn_request(const struct request_sock_ops *ops, struct sock *sk, struct sk_buff *skb)
{
	struct tcp_fastopen_cookie foc = {.len = -1};
	struct sock *fastopen_sk = NULL;
	struct dst_entry *dst = NULL;
	enum skb_drop_reason reason;
	struct request_sock *req;
	bool want_cookie;

	reason = tcp_may_request(sk, TCP_SKB_CB(skb)->tcp_tw_isn, &want_cookie);
	if (reason)
		goto drop;
	reason = SKB_DROP_REASON_NOMEM;
	req = inet_reqsk_alloc(ops, sk);
	if (!req)
		goto drop;
	req->syncookie = want_cookie;
	reason = tcp_request_fill(sk, skb, req, &dst, &foc);
	if (reason)
		goto drop_and_free;
	if (!want_cookie) {
		tcp_reqsk_record_syn(sk, req, skb);
		fastopen_sk = tcp_try_fastopen(sk, skb, req, &foc);
	}
	if (unlikely(fastopen_sk)) {
		reason = SKB_DROP_REASON_TCP_FASTOPEN;
		if (!tcp_fastopen_answer(sk, fastopen_sk, req, dst, &foc))
			goto drop_and_free;
	} else {
		if (!want_cookie)
			inet_csk_reqsk_queue_hash_add(sk, req, TCP_TIMEOUT_INIT);
		tcp_v4_send_synack(sk, dst, req, &foc);
	}
	dst_release(dst);
	reqsk_put(req); /* a cookie's only reference; else the table and the timer keep it */
	return 0;
drop_and_free:
	dst_release(dst);
	reqsk_put(req);
drop:
	tcp_listendrop(sk);
	return (int)reason;
}

/* Route, segment size and identity of a new child; false when there is no way back to the peer. */
static bool tcp_child_setup(const struct sock *sk, struct sock *newsk, struct request_sock *req,
			    struct dst_entry *dst)
{
	struct inet_request_sock *ireq = inet_rsk(req);
	struct inet_sock *newinet = inet_sk(newsk);
	struct tcp_sock *newtp = tcp_sk(newsk);

	newsk->sk_daddr = ireq->ir_rmt_addr;
	newsk->sk_rcv_saddr = ireq->ir_loc_addr;
	newsk->sk_bound_dev_if = ireq->ir_iif;
	newinet->inet_saddr = ireq->ir_loc_addr;
	newinet->inet_opt = ireq->ireq_opt;
	ireq->ireq_opt = NULL;
	inet_csk(newsk)->icsk_ext_hdr_len = newinet->inet_opt ? newinet->inet_opt->optlen : 0;
	newinet->inet_id = (u16)newtp->write_seq;
	if (sock_net(sk)->ipv4.sysctl_tcp_reflect_tos)
		newinet->tos = tcp_rsk(req)->syn_tos & ~INET_ECN_MASK;
	if (!dst) {
		dst = inet_csk_route_child_sock(sk, newsk, req);
		if (!dst)
			return false;
	}
	newsk->sk_txhash = tcp_rsk(req)->txhash;
	newsk->sk_gso_type = SKB_GSO_TCPV4;
	sk_setup_caps(newsk, dst);
	tcp_sync_mss(newsk, dst_mtu(dst));
	newtp->advmss = (u16)dst->advmss(dst);
	if (newtp->rx_opt.user_mss)
		newtp->advmss = min(newtp->advmss, newtp->rx_opt.user_mss);
	tcp_initialize_rcv_mss(newsk);
	return true;
}

/*
 * The handshake is complete: the child, in the table in place of its request (*own_req) unless
 * somebody was faster. Takes dst's reference. Bh-locked child with two references, or NULL.
 */
struct sock *tcp_v4_syn_recv_sock(const struct sock *sk, struct sk_buff *skb,
				  struct request_sock *req, struct dst_entry *dst, bool *own_req)
{
	struct net *net = sock_net(sk);
	struct sock *newsk, *dup = NULL;
	bool cookie = hlist_unhashed(&req->__req_common.skc_node);

	if (sk_acceptq_is_full(sk)) {
		NET_INC_STATS(net, LINUX_MIB_LISTENOVERFLOWS);
		goto exit;
	}
	newsk = tcp_create_openreq_child(sk, req, skb);
	if (!newsk)
		goto exit;
	if (!tcp_child_setup(sk, newsk, req, dst)) {
		dst = NULL;
		goto put_and_exit;
	}
	dst = NULL;
	if (__inet_inherit_port(sk, newsk))
		goto put_and_exit;
	*own_req = inet_ehash_nolisten(newsk, cookie ? NULL : req_to_sk(req), &dup);
	if (likely(*own_req)) {
		tcp_sk(newsk)->saved_syn = req->saved_syn;
		req->saved_syn = NULL;
	}
	if (!*own_req && cookie && dup) {
		/* Two ACKs of one cookie: the first made the connection. */
		bh_unlock_sock(newsk);
		sock_put(newsk);
		newsk = NULL;
	}
	return newsk;
put_and_exit:
	inet_csk_prepare_forced_close(newsk);
	tcp_done(newsk);
exit:
	tcp_listendrop(sk);
	dst_release(dst);
	return NULL;
}
