// SPDX-License-Identifier: BSD-2-Clause
/*
 * SYN cookies (Bernstein 1996, RFC 4987 section 3.6): when the SYN queue is full nothing is kept;
 * the initial sequence number of the SYN-ACK carries, under a secret, the minute it was made in and
 * an index of the peer's MSS, and the final ACK proves it. Window scale, SACK and ECN travel in the
 * low bits of the timestamp, if the peer uses timestamps.
 *
 *   cookie = H1(tuple) + client ISN + (minute << 24) + ((H2(tuple, minute) + mss index) & 0xffffff)
 *
 * A cookie is good for the minute it was made in and the one after. Softirq.
 */
#include <net/inet_common.h>
#include <net/inet_hashtables.h>
#include <net/tcp_inline.h>
#include <string.h>

#define COOKIEBITS		24
#define COOKIEMASK		((1u << COOKIEBITS) - 1)
#define MAX_SYNCOOKIE_AGE	2 /* minutes */
#define TCP_SYNCOOKIE_PERIOD_MS 60000u
/* Low bits of a cookie's timestamp: window scale (15 = none), SACK, ECN. */
#define TSBITS		   6
#define TSMASK		   ((1u << TSBITS) - 1)
#define TS_OPT_WSCALE_MASK 0xfu
#define TS_OPT_SACK	   BIT(4)
#define TS_OPT_ECN	   BIT(5)

/*
 * The place of the MSS's number in a cookie. Below it are zeros: a segment whose sequence number is
 * a little too high, because what came before it was lost, has another cookie then and not another
 * MSS. Linux has the number at bit 0, and loses up to three bytes of such a stream.
 */
#define MSS_SHIFT 22
/* The sizes that are common on the Internet; the largest one not above the peer's is used. */
static const u16 msstab[1u << (COOKIEBITS - MSS_SHIFT)] = {536, 1300, 1440, 1460};

static u32 cookie_hash(const struct net *net, const struct sk_buff *skb, u32 count, int c)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct tcphdr *th = tcp_hdr(skb);
	u64 addrs = (u64)(__force u32)iph->saddr << 32 | (__force u32)iph->daddr;
	u64 ports = (u64)(__force u16)th->source << 16 | (__force u16)th->dest;

	return (u32)siphash_3u64(addrs, ports, count, &net->syncookie_key[c]);
}

static u32 tcp_cookie_time(void)
{
	return (u32)(ktime_get_ns() / NSEC_PER_MSEC / TCP_SYNCOOKIE_PERIOD_MS);
}

/* The sequence number of a SYN-ACK with a cookie; *mssp becomes the size that the cookie can carry.
 */
u32 cookie_v4_init_sequence(const struct sock *sk, const struct sk_buff *skb, u16 *mssp)
{
	struct net *net = sock_net(sk);
	u32 count = tcp_cookie_time(), i;

	tcp_synq_overflow(sk);
	for (i = ARRAY_SIZE(msstab) - 1; i && *mssp < msstab[i]; i--)
		;
	*mssp = msstab[i];
	NET_INC_STATS(net, LINUX_MIB_SYNCOOKIESSENT);
	return cookie_hash(net, skb, 0, 0) + TCP_SKB_CB(skb)->seq + (count << COOKIEBITS) +
	       ((cookie_hash(net, skb, count, 1) + (i << MSS_SHIFT)) & COOKIEMASK);
}

/* The MSS in a cookie, 0 if it is not one of ours or too old. */
static u16 cookie_v4_mss(const struct net *net, const struct sk_buff *skb, u32 cookie)
{
	u32 count = tcp_cookie_time(), seq = TCP_SKB_CB(skb)->seq - 1, diff, i;

	cookie -= cookie_hash(net, skb, 0, 0) + seq;
	diff = (count - (cookie >> COOKIEBITS)) & (~0u >> COOKIEBITS);
	if (diff >= MAX_SYNCOOKIE_AGE)
		return 0;
	i = (cookie - cookie_hash(net, skb, count - diff, 1)) & COOKIEMASK;
	return i & ((1u << MSS_SHIFT) - 1) ? 0 : msstab[i >> MSS_SHIFT];
}

/* The listener saw its queue overflow (or not) within the lifetime of a cookie. */
void tcp_synq_overflow(const struct sock *sk)
{
	((struct tcp_sock *)sk)->rx_opt.ts_recent_stamp = tcp_seconds();
}

bool tcp_synq_no_recent_overflow(const struct sock *sk)
{
	int last = tcp_sk(sk)->rx_opt.ts_recent_stamp,
	    now = tcp_seconds();

	return !last || now - last > (int)(MAX_SYNCOOKIE_AGE * TCP_SYNCOOKIE_PERIOD_MS / 1000);
}

/* Timestamp (ns) of a SYN-ACK whose low bits tell the options; never later than now. */
u64 cookie_init_timestamp(struct request_sock *req, u64 now_ns)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	u32 now = (u32)(now_ns / NSEC_PER_MSEC), ts;
	u32 options = ireq->wscale_ok ? ireq->snd_wscale : TS_OPT_WSCALE_MASK;

	if (ireq->sack_ok)
		options |= TS_OPT_SACK;
	if (ireq->ecn_ok)
		options |= TS_OPT_ECN;
	ts = (now & ~TSMASK) | options;
	if (ts > now)
		ts -= 1u << TSBITS;
	return now_ns - (u64)(now - ts) * NSEC_PER_MSEC;
}

/* The options back out of an echoed timestamp; false when they contradict our sysctls. */
bool cookie_timestamp_decode(const struct net *net, struct tcp_options_received *opt)
{
	u32 options = opt->rcv_tsecr;

	if (!opt->saw_tstamp) {
		tcp_clear_options(opt);
		return true;
	}
	if (!net->ipv4.sysctl_tcp_timestamps)
		return false;
	opt->sack_ok = options & TS_OPT_SACK ? 1 : 0;
	if (opt->sack_ok && !net->ipv4.sysctl_tcp_sack)
		return false;
	if ((options & TS_OPT_WSCALE_MASK) == TS_OPT_WSCALE_MASK)
		return true; /* no window scaling */
	opt->wscale_ok = 1;
	opt->snd_wscale = options & TS_OPT_WSCALE_MASK;
	return net->ipv4.sysctl_tcp_window_scaling != 0;
}

/* The request that would have been kept, made again from the ACK. NULL when out of memory. */
static struct request_sock *cookie_make_req(struct sock *sk, struct sk_buff *skb, u16 mss,
					    const struct tcp_options_received *opt)
{
	struct request_sock *req = inet_reqsk_alloc(&tcp_request_sock_ops, sk);
	struct inet_request_sock *ireq;
	struct tcp_request_sock *treq;

	if (!req)
		return NULL;
	ireq = inet_rsk(req);
	treq = tcp_rsk(req);
	treq->rcv_isn = TCP_SKB_CB(skb)->seq - 1;
	treq->rcv_nxt = treq->rcv_isn + 1;
	treq->snt_isn = TCP_SKB_CB(skb)->ack_seq - 1;
	treq->ts_off = tcp_v4_init_ts_off(sock_net(sk), ip_hdr(skb)->saddr, ip_hdr(skb)->daddr);
	treq->txhash = net_tx_rndhash();
	treq->snt_synack = 0;
	treq->syn_tos = TCP_SKB_CB(skb)->ip_dsfield; /* of the ACK: the SYN is forgotten */
	req->mss = mss;
	req->ts_recent = opt->saw_tstamp ? opt->rcv_tsval : 0;
	req->syncookie = 1;
	ireq->ir_num = be16_to_cpu(tcp_hdr(skb)->dest);
	ireq->ir_rmt_port = tcp_hdr(skb)->source;
	ireq->ir_loc_addr = ip_hdr(skb)->daddr;
	ireq->ir_rmt_addr = ip_hdr(skb)->saddr;
	ireq->ir_mark = sk->sk_mark;
	ireq->ir_iif = sk->sk_bound_dev_if;
	ireq->snd_wscale = opt->snd_wscale;
	ireq->sack_ok = opt->sack_ok & 1;
	ireq->wscale_ok = opt->wscale_ok;
	ireq->tstamp_ok = opt->saw_tstamp;
	ireq->ecn_ok =
		opt->saw_tstamp && opt->rcv_tsecr & TS_OPT_ECN && sock_net(sk)->ipv4.sysctl_tcp_ecn;
	return req;
}

/* Child from a good cookie, bh-locked, on the accept queue; NULL: drop the ACK. */
static struct sock *cookie_make_child(struct sock *sk, struct sk_buff *skb,
				      struct request_sock *req)
{
	struct dst_entry *dst;
	struct sock *child;
	struct flowi4 fl4;
	bool own_req = false;

	dst = inet_csk_route_req(sk, &fl4, req);
	if (!dst)
		return NULL;
	tcp_openreq_init_rwin(req, sk, dst);
	child = inet_csk(sk)->icsk_af_ops->syn_recv_sock(sk, skb, req, dst, &own_req);
	if (!child)
		return NULL;
	if (own_req) {
		refcount_inc(&req->rsk_refcnt); /* the accept queue's */
		if (inet_csk_reqsk_queue_add(sk, req, child))
			return child;
		reqsk_put(req);
		inet_child_forget(child);
	}
	bh_unlock_sock(child);
	sock_put(child);
	return NULL;
}

/*
 * A segment without SYN for a listener. Returns sk itself (no cookie: the state machine answers), a
 * new bh-locked child, or NULL (drop). Keeps skb.
 */
struct sock *cookie_v4_check(struct sock *sk, struct sk_buff *skb)
{
	struct net *net = sock_net(sk);
	struct tcp_options_received opt;
	const struct tcphdr *th = tcp_hdr(skb);
	struct request_sock *req;
	struct sock *child;
	u16 mss;

	if (!net->ipv4.sysctl_tcp_syncookies || !th->ack || th->rst ||
	    tcp_synq_no_recent_overflow(sk))
		return sk;
	mss = cookie_v4_mss(net, skb, TCP_SKB_CB(skb)->ack_seq - 1);
	if (!mss) {
		NET_INC_STATS(net, LINUX_MIB_SYNCOOKIESFAILED);
		return sk;
	}
	NET_INC_STATS(net, LINUX_MIB_SYNCOOKIESRECV);
	memset(&opt, 0, sizeof(opt));
	tcp_parse_options(net, skb, &opt, false);
	if (opt.saw_tstamp && opt.rcv_tsecr)
		opt.rcv_tsecr -= tcp_v4_init_ts_off(net, ip_hdr(skb)->saddr, ip_hdr(skb)->daddr);
	if (!cookie_timestamp_decode(net, &opt))
		return NULL;
	req = cookie_make_req(sk, skb, mss, &opt);
	if (!req)
		return NULL;
	child = cookie_make_child(sk, skb, req);
	reqsk_put(req);
	return child;
}
