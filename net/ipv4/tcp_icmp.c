// SPDX-License-Identifier: BSD-2-Clause
/*
 * ICMP errors about segments that we sent (RFC 1122 section 4.2.3.9, RFC 5927's checks): the sock
 * is found by the embedded header, and the embedded sequence number must lie between SND.UNA and
 * SND.NXT, so that a blind attacker has to guess it. Fragmentation-needed lowers the segment size
 * (RFC 1191); a hard error ends only a connection that is being opened.
 *
 * Called by icmp.c through inet_protos[]->err_handler; softirq; skb is kept.
 */
#include <net/icmp.h>
#include <net/inet_common.h>
#include <net/inet_hashtables.h>
#include <net/tcp_data.h>

/* A path takes only tp->mtu_info bytes. Sock locked. */
void tcp_v4_mtu_reduced(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct dst_entry *dst;
	u32 mtu = tp->mtu_info;

	if (1u << sk->sk_state & (TCPF(TCP_LISTEN) | TCPF(TCP_CLOSE)))
		return;
	if (tcp_mtu_to_mss(sk, (int)mtu) >= (int)tp->mss_cache)
		return;
	dst = inet_csk_update_pmtu(sk, mtu);
	if (!dst)
		return;
	if (mtu < dst_mtu(dst) && ip_dont_fragment(sk, dst))
		sk->sk_err_soft = EMSGSIZE;
	mtu = dst_mtu(dst);
	if (inet_sk(sk)->pmtudisc != IP_PMTUDISC_DONT && inet_csk(sk)->icsk_pmtu_cookie > mtu) {
		tcp_sync_mss(sk, mtu);
		/* RFC 1191: what was too big is sent again at once. */
		tcp_simple_retransmit(sk);
	}
}

/*
 * An error for a half-open connection: dropped, if the sequence number is that of our SYN-ACK and
 * the error says that nobody can be reached (a closed port would have sent a reset).
 */
static void tcp_req_err(struct request_sock *req, u32 seq, const struct icmphdr *icmph)
{
	bool abort = icmph->type == ICMP_PARAMETERPROB || icmph->type == ICMP_TIME_EXCEEDED ||
		     (icmph->type == ICMP_DEST_UNREACH &&
		      (icmph->code == ICMP_NET_UNREACH || icmph->code == ICMP_HOST_UNREACH));
	struct sock *listener = req->rsk_listener;

	if (seq != tcp_rsk(req)->snt_isn) {
		NET_INC_STATS(sock_net(listener), LINUX_MIB_OUTOFWINDOWICMPS);
	} else if (abort) {
		inet_csk_reqsk_queue_drop(listener, req);
		NET_INC_STATS(sock_net(listener), LINUX_MIB_LISTENDROPS);
	}
	reqsk_put(req);
}

/* What the error means; false when it changes nothing. */
static bool tcp_icmp_classify(int type, int code, int *err)
{
	switch (type) {
	case ICMP_PARAMETERPROB:
		*err = EPROTO;
		return true;
	case ICMP_DEST_UNREACH:
		if (code > NR_ICMP_UNREACH)
			return false;
		*err = icmp_err_convert[code].error;
		return true;
	case ICMP_TIME_EXCEEDED:
		*err = EHOSTUNREACH;
		return true;
	default: /* source quench is obsolete (RFC 6633); redirects are the route's business */
		return false;
	}
}

/*
 * TCP-LD (RFC 6069): a router answered our retransmission, so it was a break of the path, not
 * congestion, that lost the one before. Take back one doubling of the timeout.
 */
static void tcp_ld_RTO_revert(struct sock *sk, u32 seq)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u64 due_us;

	if (sock_owned_by_user(sk) || tp->fastopen_rsk || seq != tp->snd_una ||
	    !icsk->icsk_retransmits || !icsk->icsk_backoff || !tp->packets_out)
		return;
	icsk->icsk_backoff--;
	if (tp->srtt_us)
		tcp_set_rto(sk);
	else
		icsk->icsk_rto = TCP_TIMEOUT_INIT;
	icsk->icsk_rto = (u32)min_t(u64, (u64)icsk->icsk_rto << icsk->icsk_backoff, TCP_RTO_MAX);
	tcp_mstamp_refresh(tp);
	due_us = tcp_skb_timestamp_us(tcp_rtx_queue_head(sk)) + icsk->icsk_rto * USEC_PER_MSEC;
	if (due_us > tp->tcp_mstamp)
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS,
					  usecs_to_ms(due_us - tp->tcp_mstamp), TCP_RTO_MAX);
	else
		tcp_retransmit_timer(sk);
}

/* IP_RECVERR: while the connection is being opened the error itself is queued (traceroute -T reads
 * it there); later it only becomes the sock's error, where without IP_RECVERR it would be noted. */
static void tcp_sock_err(struct sock *sk, struct sk_buff *skb, int err, u32 info)
{
	const struct request_sock *fastopen = tcp_sk(sk)->fastopen_rsk;

	switch (sk->sk_state) {
	case TCP_SYN_SENT:
	case TCP_SYN_RECV:
		/* A Fast Open child that the program has accepted is a connection already. */
		if (fastopen && !fastopen->sk)
			break;
		if (inet_sk(sk)->recverr)
			ip_icmp_error(sk, skb, err, info,
				      skb->data + ((struct iphdr *)skb->data)->ihl * 4);
		if (!sock_owned_by_user(sk)) {
			sk->sk_err = err;
			sk_error_report(sk);
			tcp_done(sk);
		} else {
			sk->sk_err_soft = err;
		}
		return;
	default:
		break;
	}
	if (!sock_owned_by_user(sk) && inet_sk(sk)->recverr) {
		sk->sk_err = err;
		sk_error_report(sk);
	} else {
		sk->sk_err_soft = err;
	}
}

static void tcp_frag_needed(struct sock *sk, u32 info)
{
	if (sk->sk_state == TCP_LISTEN)
		return;
	tcp_sk(sk)->mtu_info = info;
	if (!sock_owned_by_user(sk)) {
		tcp_v4_mtu_reduced(sk);
	} else if (!(tcp_sk(sk)->tsq_flags & BIT(TCP_MTU_REDUCED_DEFERRED))) {
		tcp_sk(sk)->tsq_flags |= BIT(TCP_MTU_REDUCED_DEFERRED);
		sock_hold(sk);
	}
}

/* The oldest number that is not acknowledged: of a Fast Open child the SYN-ACK's. */
static u32 tcp_icmp_una(const struct sock *sk)
{
	const struct request_sock *fastopen = tcp_sk(sk)->fastopen_rsk;

	return fastopen ? tcp_rsk(fastopen)->snt_isn : tcp_sk(sk)->snd_una;
}

int tcp_v4_err(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct tcphdr *th = (const struct tcphdr *)(skb->data + iph->ihl * 4);
	const struct icmphdr *icmph = skb_transport_header(skb);
	struct net *net = dev_net(skb->dev);
	u32 seq = be32_to_cpu(th->seq);
	struct inet_tuple t = { .saddr = iph->daddr,
				.daddr = iph->saddr,
				.sport = th->dest,
				.hnum = be16_to_cpu(th->source),
				.dif = skb->dev->ifindex };
	struct sock *sk;
	int err = 0;

	sk = __inet_lookup_established(net, &t);
	if (!sk) {
		ICMP_INC_STATS(net, ICMP_MIB_INERRORS);
		return -ENOENT;
	}
	if (sk->sk_state == TCP_TIME_WAIT) {
		inet_twsk_put(inet_twsk(sk));
		return 0;
	}
	if (sk->sk_state == TCP_NEW_SYN_RECV) {
		tcp_req_err(inet_reqsk(sk), seq, icmph);
		return 0;
	}
	bh_lock_sock(sk);
	if (sock_owned_by_user(sk) &&
	    !(icmph->type == ICMP_DEST_UNREACH && icmph->code == ICMP_FRAG_NEEDED))
		NET_INC_STATS(net, LINUX_MIB_LOCKDROPPEDICMPS);
	if (sk->sk_state == TCP_CLOSE)
		goto out;
	if (sk->sk_state != TCP_LISTEN && !between(seq, tcp_icmp_una(sk), tcp_sk(sk)->snd_nxt)) {
		NET_INC_STATS(net, LINUX_MIB_OUTOFWINDOWICMPS);
		goto out;
	}
	if (!tcp_icmp_classify(icmph->type, icmph->code, &err))
		goto out;
	if (icmph->type == ICMP_DEST_UNREACH && icmph->code == ICMP_FRAG_NEEDED) {
		tcp_frag_needed(sk, info);
		goto out;
	}
	if (icmph->type == ICMP_DEST_UNREACH &&
	    (icmph->code == ICMP_NET_UNREACH || icmph->code == ICMP_HOST_UNREACH))
		tcp_ld_RTO_revert(sk, seq);
	tcp_sock_err(sk, skb, err, info);
out:
	bh_unlock_sock(sk);
	sock_put(sk);
	return 0;
}
