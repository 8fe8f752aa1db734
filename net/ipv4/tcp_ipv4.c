// SPDX-License-Identifier: BSD-2-Clause
/*
 * TCP over IPv4, receive side: whose segment is it? tcp_v4_rcv checks the header once, fills
 * tcp_skb_cb, finds the sock, the half-open request or the timewait sock, and hands the segment on:
 * to tcp_v4_do_rcv, or to the backlog when a thread owns the sock. The active open (tcp_v4_connect)
 * and the tables ipv4_specific and tcp_prot stand here too.
 *
 * RFC 9293 sections 3.1 (header), 3.10.7 (segment arrives), RFC 6528 (initial sequence numbers).
 * Replies without a sock: tcp_reply.c; ICMP errors: tcp_icmp.c. Softirq, except connect.
 */
#include <errno.h>
#include <kernel/lib/siphash.h>
#include <net/checksum.h>
#include <net/inet_common.h>
#include <net/inet_hashtables.h>
#include <net/tcp_fastopen.h>
#include <net/tcp_inline.h>

const struct inet_connection_sock_af_ops ipv4_specific = {
	.queue_xmit = ip_queue_xmit,
	.send_check = tcp_v4_send_check,
	.rebuild_header = inet_sk_rebuild_header,
	.sk_rx_dst_set = NULL,
	.conn_request = tcp_v4_conn_request,
	.syn_recv_sock = tcp_v4_syn_recv_sock,
	.net_header_len = sizeof(struct iphdr),
	.sockaddr_len = sizeof(struct sockaddr_in),
	.setsockopt = ip_setsockopt,
	.getsockopt = ip_getsockopt,
	.mtu_reduced = tcp_v4_mtu_reduced,
};

/* The four-microsecond clock that RFC 6528 adds to the keyed hash of the tuple. */
u32 tcp_v4_init_seq(const struct net *net, be32 daddr, be32 saddr, be16 dport, be16 sport)
{
	u64 ports = (u64)(__force u16)dport << 16 | (__force u16)sport;
	u64 hash = siphash_3u64((__force u32)daddr, (__force u32)saddr, ports, &net->isn_key);

	return (u32)hash + (u32)(ktime_get_ns() >> 6);
}

u32 tcp_v4_init_ts_off(const struct net *net, be32 daddr, be32 saddr)
{
	if (net->ipv4.sysctl_tcp_timestamps != 1)
		return 0;
	return (u32)siphash_2u64((__force u32)daddr, (__force u32)saddr, &net->ts_key);
}

/* Checksum left to the device: the pseudo header's sum, and where the rest belongs. */
void tcp_v4_send_check(struct sock *sk, struct sk_buff *skb)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct tcphdr *th = tcp_hdr(skb);

	th->check = (sum16)~csum_tcpudp_magic(inet->inet_saddr, inet->inet_daddr, skb->len,
					      IPPROTO_TCP, 0);
	skb->csum_start = (u16)((u8 *)th - skb->head);
	skb->csum_offset = offsetof(struct tcphdr, check);
	skb->ip_summed = CHECKSUM_PARTIAL;
}

int tcp_v4_init_sock(struct sock *sk)
{
	inet_csk(sk)->icsk_af_ops = &ipv4_specific;
	return tcp_init_sock(sk);
}

void tcp_v4_destroy_sock(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_clear_xmit_timers(sk);
	tcp_cleanup_congestion_control(sk);
	tcp_write_queue_purge(sk);
	tcp_fastopen_active_disable_ofo_check(sk);
	tcp_ofo_purge(sk);
	tcp_free_fastopen_req(tp);
	tcp_saved_syn_free(tp);
	BUG_ON(tp->fastopen_rsk);
	if (inet_csk(sk)->icsk_bind_hash)
		inet_put_port(sk);
	BUG_ON(!RB_EMPTY_ROOT(&tp->out_of_order_queue));
	sock_net(sk)->ipv4.tcp_sockets_allocated--;
}

/* Addresses, route and source of the connection that is to be; 0 or -errno. */
static int tcp_v4_connect_route(struct sock *sk, const struct sockaddr_in *usin,
				struct rtable **prt, struct flowi4 *fl4)
{
	struct inet_sock *inet = inet_sk(sk);
	const struct ip_options_rcu *opt = inet->inet_opt;
	be32 nexthop = opt && opt->srr ? opt->faddr : usin->sin_addr.s_addr;
	struct rtable *rt;

	if (opt && opt->srr && !usin->sin_addr.s_addr)
		return -EINVAL;
	*fl4 = (struct flowi4){.flowi4_oif = sk->sk_bound_dev_if,
			       .flowi4_mark = sk->sk_mark,
			       .flowi4_tos = inet->tos,
			       .flowi4_proto = IPPROTO_TCP,
			       .saddr = inet->inet_saddr,
			       .daddr = nexthop,
			       .fl4_sport = inet->inet_sport,
			       .fl4_dport = usin->sin_port};
	rt = ip_route_connect(fl4, sk);
	if (IS_ERR(rt)) {
		if (PTR_ERR(rt) == -ENETUNREACH)
			IP_INC_STATS(sock_net(sk), IPSTATS_MIB_OUTNOROUTES);
		return (int)PTR_ERR(rt);
	}
	if (rt->rt_flags & (RTCF_MULTICAST | RTCF_BROADCAST)) {
		dst_release(&rt->dst);
		return -ENETUNREACH;
	}
	*prt = rt;
	return 0;
}

/* What an earlier connection of this sock left behind. */
static void tcp_v4_connect_reset(struct sock *sk, be32 daddr)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->rx_opt.ts_recent_stamp && inet_sk(sk)->inet_daddr != daddr) {
		tp->rx_opt.ts_recent = 0;
		tp->rx_opt.ts_recent_stamp = 0;
		tp->write_seq = 0;
	}
}

/* The handshake cannot start: unbind what connect bound. */
static int tcp_v4_connect_failed(struct sock *sk, int err)
{
	tcp_set_state(sk, TCP_CLOSE);
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK))
		inet_sk(sk)->inet_saddr = sk->sk_rcv_saddr = 0;
	sk->sk_route_caps = 0;
	inet_sk(sk)->inet_dport = 0;
	sk_dst_reset(sk);
	return err;
}

/* proto->connect: the active open up to the SYN (RFC 9293 section 3.10.1). Thread, sock locked. */
int tcp_v4_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len)
{
	const struct sockaddr_in *usin = (struct sockaddr_in *)uaddr;
	struct inet_sock *inet = inet_sk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct rtable *rt = NULL;
	struct flowi4 fl4;
	int err;

	if (addr_len < (int)sizeof(*usin))
		return -EINVAL;
	if (usin->sin_family != AF_INET)
		return -EAFNOSUPPORT;
	err = tcp_v4_connect_route(sk, usin, &rt, &fl4);
	if (err)
		return err;
	tcp_v4_connect_reset(sk, usin->sin_addr.s_addr);
	if (!inet->inet_saddr)
		inet->inet_saddr = fl4.saddr;
	inet->inet_rcv_saddr = inet->inet_saddr;
	inet->inet_dport = usin->sin_port;
	inet->inet_daddr =
		inet->inet_opt && inet->inet_opt->srr ? usin->sin_addr.s_addr : fl4.daddr;
	inet_csk(sk)->icsk_ext_hdr_len = inet->inet_opt ? inet->inet_opt->optlen : 0;
	tp->rx_opt.mss_clamp = TCP_MSS_DEFAULT;
	tcp_set_state(sk, TCP_SYN_SENT);
	err = inet_hash_connect(sk);
	if (err) {
		dst_release(&rt->dst);
		return tcp_v4_connect_failed(sk, err);
	}
	rt = ip_route_newports(&fl4, rt, inet->inet_sport, inet->inet_dport, sk);
	if (IS_ERR(rt))
		return tcp_v4_connect_failed(sk, (int)PTR_ERR(rt));
	sk_set_txhash(sk);
	sk->sk_gso_type = SKB_GSO_TCPV4;
	sk_setup_caps(sk, &rt->dst);
	if (!tp->write_seq)
		tp->write_seq = tcp_v4_init_seq(sock_net(sk), inet->inet_daddr, inet->inet_saddr,
						inet->inet_dport, inet->inet_sport);
	tp->tsoffset = tcp_v4_init_ts_off(sock_net(sk), inet->inet_daddr, inet->inet_saddr);
	inet->inet_id =
		(u16)tcp_v4_init_seq(sock_net(sk), inet->inet_daddr, 0, 0, inet->inet_sport);
	if (tcp_fastopen_defer_connect(sk, &err))
		return 0; /* the SYN waits for the first write */
	if (!err)
		err = tcp_connect(sk);
	return err ? tcp_v4_connect_failed(sk, err) : 0;
}

int tcp_v4_conn_request(struct sock *sk, struct sk_buff *skb)
{
	/* A connection to a broadcast or multicast address makes no sense (RFC 1122
	 * section 4.2.3.10). */
	if (skb_rtable(skb) && skb_rtable(skb)->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		tcp_listendrop(sk);
		return SKB_DROP_REASON_TCP_INVALID_SYN;
	}
	return tcp_conn_request(&tcp_request_sock_ops, sk, skb);
}

/*
 * A segment for this sock: bh-locked in softirq, or from the backlog with a thread as owner.
 * Consumes skb.
 */
int tcp_v4_do_rcv(struct sock *sk, struct sk_buff *skb)
{
	if (likely(sk->sk_state == TCP_ESTABLISHED)) {
		tcp_rcv_established(sk, skb);
		return 0;
	}
	if (sk->sk_state == TCP_LISTEN) {
		struct sock *nsk = tcp_hdr(skb)->syn ? sk : cookie_v4_check(sk, skb);

		if (!nsk) {
			kfree_skb_reason(skb, SKB_DROP_REASON_TCP_INVALID_ACK_SEQUENCE);
			return 0;
		}
		if (nsk != sk) {
			if (tcp_child_process(sk, nsk, skb))
				goto reset;
			return 0;
		}
	}
	if (!tcp_rcv_state_process(sk, skb))
		return 0;
reset:
	tcp_v4_send_reset(sk, skb);
	kfree_skb_reason(skb, SKB_DROP_REASON_TCP_FLAGS);
	return 0;
}

/* Header fields to host order, once (style: nobody reads the wire again). */
static void tcp_v4_fill_cb(struct sk_buff *skb, const struct iphdr *iph, const struct tcphdr *th)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	u8 tos = iph->tos;

	cb->seq = be32_to_cpu(th->seq);
	cb->end_seq = cb->seq + th->syn + th->fin + skb->len - th->doff * 4u;
	cb->ack_seq = be32_to_cpu(th->ack_seq);
	cb->tcp_flags = ((const u8 *)th)[13];
	cb->tcp_tw_isn = 0;
	cb->ip_dsfield = tos;
	cb->sacked = 0;
	cb->txstamp_ack = cb->eor = cb->unused = 0;
	cb->has_rxtstamp = skb->tstamp != 0;
	cb->rx.window = be16_to_cpu(th->window);
	cb->rx.doff = (u16)(th->doff * 4u);
	cb->rx.urg_ptr = be16_to_cpu(th->urg_ptr);
	cb->rx.opt_len = (u16)(th->doff * 4u - sizeof(*th));
}

/* Lengths and checksum; SKB_NOT_DROPPED_YET when good. */
static enum skb_drop_reason tcp_v4_check_segment(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	const struct tcphdr *th;
	const struct iphdr *iph;
	wsum pseudo;

	if (!pskb_may_pull(skb, sizeof(struct tcphdr)))
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	th = (const struct tcphdr *)skb->data;
	if (th->doff < sizeof(*th) / 4 || !pskb_may_pull(skb, th->doff * 4u)) {
		TCP_INC_STATS(net, TCP_MIB_INERRS);
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	}
	skb_reset_transport_header(skb);
	iph = ip_hdr(skb);
	if (skb->ip_summed == CHECKSUM_NONE) {
		pseudo = csum_tcpudp_nofold(iph->saddr, iph->daddr, skb->len, IPPROTO_TCP, 0);
		if (!skb_checksum_complete(skb, pseudo)) {
			TCP_INC_STATS(net, TCP_MIB_INCSUMERRORS);
			TCP_INC_STATS(net, TCP_MIB_INERRS);
			return SKB_DROP_REASON_TCP_CSUM;
		}
	}
	return SKB_NOT_DROPPED_YET;
}

/* Nobody has this tuple: a reset, unless it is one (RFC 9293 section 3.10.7.1). Consumes skb. */
static int tcp_v4_no_socket(struct sk_buff *skb)
{
	tcp_v4_send_reset(NULL, skb);
	kfree_skb_reason(skb, SKB_DROP_REASON_NO_SOCKET);
	return 0;
}

/* A segment for a timewait sock; returns the listener if it is a SYN that may reopen. Consumes tw's
 * reference. */
static struct sock *tcp_v4_timewait_rcv(struct sk_buff *skb, struct inet_timewait_sock *tw,
					bool *taken)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct tcphdr *th = tcp_hdr(skb);
	struct inet_tuple t = { .saddr = iph->saddr,
				.daddr = iph->daddr,
				.sport = th->source,
				.hnum = be16_to_cpu(th->dest),
				.dif = skb->dev->ifindex };
	struct sock *listener;

	*taken = true;
	switch (tcp_timewait_state_process(tw, skb)) {
	case TCP_TW_SYN:
		listener = __inet_lookup_listener(dev_net(skb->dev), &t);
		if (listener) {
			inet_twsk_deschedule_put(tw);
			*taken = false;
			return listener;
		}
		__attribute__((fallthrough));
	case TCP_TW_ACK:
		tcp_v4_timewait_ack(tw, skb);
		break;
	case TCP_TW_RST:
		tcp_v4_send_reset((struct sock *)tw, skb);
		inet_twsk_deschedule_put(tw);
		kfree_skb_reason(skb, SKB_DROP_REASON_TIMEWAIT);
		return NULL;
	case TCP_TW_SUCCESS:
		break;
	}
	inet_twsk_put(tw);
	kfree_skb_reason(skb, SKB_DROP_REASON_TIMEWAIT);
	return NULL;
}

/* A signature that nobody here can check (tcp_has_md5_option). */
static bool tcp_md5_unexpected(const struct sk_buff *skb)
{
	if (likely(!tcp_has_md5_option(tcp_hdr(skb))))
		return false;
	NET_INC_STATS(dev_net(skb->dev), LINUX_MIB_TCPMD5UNEXPECTED);
	return true;
}

/* Why sk does not look at the segment at all: it comes from too far (IP_MINTTL), or is signed. */
static enum skb_drop_reason tcp_v4_refuse(const struct sock *sk, const struct sk_buff *skb)
{
	if (unlikely(ip_hdr(skb)->ttl < inet_sk(sk)->min_ttl)) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPMINTTLDROP);
		return SKB_DROP_REASON_TCP_MINTTL;
	}
	return tcp_md5_unexpected(skb) ? SKB_DROP_REASON_TCP_MD5UNEXPECTED : SKB_NOT_DROPPED_YET;
}

/* The final ACK (or what claims to be it) of a half-open connection. Consumes skb and req's
 * reference. */
static int tcp_v4_req_rcv(struct sk_buff *skb, struct request_sock *req)
{
	struct sock *sk = req->rsk_listener, *nsk;
	enum skb_drop_reason reason;

	if (unlikely(tcp_md5_unexpected(skb))) {
		reqsk_put(req);
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_MD5UNEXPECTED);
		return 0;
	}
	sock_hold(sk);
	nsk = tcp_check_req(sk, skb, req, false, &reason);
	if (!nsk) {
		reqsk_put(req);
		kfree_skb_reason(skb, reason);
	} else if (nsk == sk) {
		reqsk_put(req);
		tcp_v4_do_rcv(sk, skb);
	} else {
		reqsk_put(req);
		if (tcp_child_process(sk, nsk, skb)) {
			tcp_v4_send_reset(nsk, skb);
			kfree_skb_reason(skb, SKB_DROP_REASON_TCP_FLAGS);
		}
	}
	sock_put(sk);
	return 0;
}

/* Whose segment is it? A request whose listener has closed is nobody; perhaps there is a new
 * listener.
 */
static struct sock *tcp_v4_lookup(struct sk_buff *skb, const struct tcphdr *th, bool *refcounted)
{
	struct sock *sk = __inet_lookup_skb(skb, th->source, th->dest, refcounted);

	if (likely(!sk || sk->sk_state != TCP_NEW_SYN_RECV) ||
	    inet_reqsk(sk)->rsk_listener->sk_state == TCP_LISTEN)
		return sk;
	inet_csk_reqsk_queue_drop_and_put(inet_reqsk(sk)->rsk_listener, inet_reqsk(sk));
	return __inet_lookup_skb(skb, th->source, th->dest, refcounted);
}

static unsigned int tcp_backlog_limit(const struct sock *sk)
{
	return (unsigned int)READ_ONCE(sk->sk_rcvbuf) +
	       (unsigned int)(READ_ONCE(sk->sk_sndbuf) >> 1) + 64 * 1024;
}

/* net_protocol.handler: skb->data at the TCP header. Consumes skb. Softirq. */
int tcp_v4_rcv(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	enum skb_drop_reason reason = SKB_DROP_REASON_OTHERHOST;
	const struct tcphdr *th;
	bool refcounted, taken;
	struct sock *sk;

	if (skb->pkt_type != PACKET_HOST)
		goto drop;
	TCP_INC_STATS(net, TCP_MIB_INSEGS);
	reason = tcp_v4_check_segment(skb);
	if (unlikely(reason != SKB_NOT_DROPPED_YET))
		goto drop;
	th = tcp_hdr(skb);
	sk = tcp_v4_lookup(skb, th, &refcounted);
	tcp_v4_fill_cb(skb, ip_hdr(skb), th);
	if (!sk)
		return tcp_v4_no_socket(skb);
	if (unlikely(sk->sk_state == TCP_NEW_SYN_RECV))
		return tcp_v4_req_rcv(skb, inet_reqsk(sk));
	if (unlikely(sk->sk_state == TCP_TIME_WAIT)) {
		sk = tcp_v4_timewait_rcv(skb, inet_twsk(sk), &taken);
		if (taken)
			return 0;
		refcounted = false;
	}
	reason = tcp_v4_refuse(sk, skb);
	if (unlikely(reason != SKB_NOT_DROPPED_YET))
		goto drop_sk;
	if (sk->sk_state == TCP_LISTEN) {
		/* A listener is not locked: requests have their own table. */
		tcp_v4_do_rcv(sk, skb);
		goto put;
	}
	bh_lock_sock(sk);
	tcp_segs_in(tcp_sk(sk), skb);
	if (likely(!sock_owned_by_user(sk))) {
		tcp_v4_do_rcv(sk, skb);
	} else if (sk_add_backlog(sk, skb, tcp_backlog_limit(sk))) {
		bh_unlock_sock(sk);
		NET_INC_STATS(net, LINUX_MIB_TCPBACKLOGDROP);
		reason = SKB_DROP_REASON_SOCKET_BACKLOG;
		goto drop_sk;
	}
	bh_unlock_sock(sk);
put:
	if (refcounted)
		sock_put(sk);
	return 0;
drop_sk:
	if (refcounted)
		sock_put(sk);
drop:
	kfree_skb_reason(skb, reason);
	return 0;
}

static long *tcp_memory_allocated(struct net *net)
{
	return &net->ipv4.tcp_memory_allocated;
}

static const long *tcp_sysctl_mem(struct net *net)
{
	return net->ipv4.sysctl_tcp_mem;
}

static unsigned long *tcp_memory_pressure(struct net *net)
{
	return &net->ipv4.tcp_memory_pressure;
}

static int tcp_sockets_allocated(const struct net *net)
{
	return net->ipv4.tcp_sockets_allocated;
}

struct proto tcp_prot = {
	.name = "TCP",
	.obj_size = sizeof(struct tcp_sock),
	.close = tcp_close,
	.connect = tcp_v4_connect,
	.disconnect = tcp_disconnect,
	.accept = inet_csk_accept,
	.ioctl = tcp_ioctl,
	.init = tcp_v4_init_sock,
	.destroy = tcp_v4_destroy_sock,
	.shutdown = tcp_shutdown,
	.setsockopt = tcp_setsockopt,
	.getsockopt = tcp_getsockopt,
	.keepalive = tcp_set_keepalive,
	.sendmsg = tcp_sendmsg,
	.recvmsg = tcp_recvmsg,
	.backlog_rcv = tcp_v4_do_rcv,
	.release_cb = tcp_release_cb,
	.hash = inet_hash,
	.unhash = inet_unhash,
	.get_port = inet_csk_get_port,
	.stream_memory_free = tcp_stream_memory_free,
	.enter_memory_pressure = tcp_enter_memory_pressure,
	.leave_memory_pressure = tcp_leave_memory_pressure,
	.memory_pressure = tcp_memory_pressure,
	.set_rcvlowat = tcp_set_rcvlowat,
	.set_timestamping = tcp_set_timestamping,
	.diag_destroy = tcp_abort,
	.no_autobind = true,
	.memory_allocated = tcp_memory_allocated,
	.sysctl_mem = tcp_sysctl_mem,
	.sockets_allocated = tcp_sockets_allocated,
	.reclaim_idle = tcp_reclaim_idle,
	.rsk_prot = &tcp_request_sock_ops,
	.twsk_prot = &tcp_timewait_sock_ops,
};
