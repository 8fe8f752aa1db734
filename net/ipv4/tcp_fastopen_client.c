// SPDX-License-Identifier: BSD-2-Clause
/*
 * TCP Fast Open, client side (RFC 7413 section 4.1): data on the SYN for a peer whose cookie is
 * known, a request for a cookie for others. Cookie and MSS of a peer live in the metrics cache
 * (tcp_metrics.c). MSG_FASTOPEN connects and writes in one call; with TCP_FASTOPEN_CONNECT the
 * connect() of a peer with a known cookie returns at once and the first write sends the SYN.
 *
 * On the retransmission queue SYN and data are two segments, sent as one: a lost SYN is repeated
 * without data or option, and data that the SYN-ACK does not cover is sent again at once.
 *
 * Middleboxes may swallow Fast Open (section 7.1): with tcp_fastopen_blackhole_timeout_sec set,
 * signs of that turn it off for the whole namespace for a while, longer each time. Called by
 * tcp_ipv4.c, tcp_syn.c, tcp_synsent.c, tcp_sendmsg.c, tcp_timer.c. Sock locked.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/iov_iter.h>
#include <net/dst.h>
#include <net/inet_common.h>
#include <net/tcp_data.h>
#include <net/tcp_fastopen.h>
#include <net/tcp_metrics.h>

void tcp_free_fastopen_req(struct tcp_sock *tp)
{
	kfree(tp->fastopen_req);
	tp->fastopen_req = NULL;
}

/* ---- black holes ---- */

void tcp_fastopen_active_disable(struct sock *sk)
{
	struct netns_ipv4 *v4 = &sock_net(sk)->ipv4;

	if (!v4->sysctl_tcp_fastopen_blackhole_timeout)
		return;
	v4->tfo_active_disable_stamp = get_jiffies();
	v4->tfo_active_disable_times++;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENBLACKHOLE);
}

static bool fastopen_active_disabled(struct sock *sk)
{
	const struct netns_ipv4 *v4 = &sock_net(sk)->ipv4;
	int times = v4->tfo_active_disable_times;
	unsigned long pause;

	if (!v4->sysctl_tcp_fastopen_blackhole_timeout || !times)
		return false;
	/* Doubled each time, 64 times at most. */
	pause = (unsigned long)v4->sysctl_tcp_fastopen_blackhole_timeout * HZ << min(times - 1, 6);
	if (time_before(get_jiffies(), v4->tfo_active_disable_stamp + pause))
		return true;
	tcp_sk(sk)->syn_fastopen_ch = 1; /* if this one works, all is forgotten */
	return false;
}

/* At a sock's end: all that ever came was a FIN out of order, so its data was swallowed; or it
 * worked after a pause. */
void tcp_fastopen_active_disable_ofo_check(struct sock *sk)
{
	struct netns_ipv4 *v4 = &sock_net(sk)->ipv4;
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct dst_entry *dst = __sk_dst_get(sk);
	const struct sk_buff *skb;

	if (likely(!tp->syn_fastopen))
		return;
	if (!tp->data_segs_in) {
		skb = skb_rb_first(&tp->out_of_order_queue);
		if (skb && !skb_rb_next(skb) && TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
			tcp_fastopen_active_disable(sk);
	} else if (tp->syn_fastopen_ch && !(dst && dst->dev && dst->dev->flags & IFF_LOOPBACK)) {
		v4->tfo_active_disable_times = 0;
	}
}

/* A timeout; expired: the last one. The third in a row, or giving up before, looks like a black
 * hole. */
void tcp_fastopen_active_detect_blackhole(struct sock *sk, bool expired)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u8 timeouts = inet_csk(sk)->icsk_retransmits;

	if (likely(!tp->syn_fastopen && !tp->syn_data && !tp->syn_data_acked))
		return;
	if (timeouts == 2 || (timeouts < 2 && expired)) {
		tcp_fastopen_active_disable(sk);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENACTIVEFAIL);
	}
}

/* ---- opening ---- */

/* May data go on the SYN? *mss and *cookie come from the cache if they are there. */
static bool fastopen_cookie_check(struct sock *sk, u16 *mss, struct tcp_fastopen_cookie *cookie)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_fastopen_cache_get(sk, mss, cookie);
	if (fastopen_active_disabled(sk)) {
		cookie->len = -1;
		return false;
	}
	if (sock_net(sk)->ipv4.sysctl_tcp_fastopen & TFO_CLIENT_NO_COOKIE ||
	    tp->fastopen_no_cookie) {
		cookie->len = -1;
		return true;
	}
	if (cookie->len > 0)
		return true;
	tp->fastopen_client_fail = TFO_COOKIE_UNAVAILABLE;
	return false;
}

bool tcp_fastopen_defer_connect(struct sock *sk, int *err)
{
	struct tcp_fastopen_cookie cookie = {.len = 0};
	struct tcp_sock *tp = tcp_sk(sk);
	u16 mss;

	if (likely(!tp->fastopen_connect) || tp->fastopen_req)
		return false;
	if (fastopen_cookie_check(sk, &mss, &cookie)) {
		inet_sk(sk)->defer_connect = 1;
		tp->snd_una = tp->snd_nxt = tp->write_seq;
		return true;
	}
	/* The SYN goes now, and asks for a cookie. */
	tp->fastopen_req = kzalloc(sizeof(*tp->fastopen_req), GFP_KERNEL);
	if (tp->fastopen_req)
		tp->fastopen_req->cookie = cookie;
	else
		*err = -ENOBUFS;
	return false;
}

int tcp_sendmsg_fastopen(struct sock *sk, struct msghdr *msg, int *copied, size_t size)
{
	struct sockaddr *addr = msg->msg_name;
	struct inet_sock *inet = inet_sk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int err;

	if (!(sock_net(sk)->ipv4.sysctl_tcp_fastopen & TFO_CLIENT_ENABLE) ||
	    (addr && msg->msg_namelen >= (int)sizeof(addr->sa_family) &&
	     addr->sa_family == AF_UNSPEC))
		return -EOPNOTSUPP;
	if (tp->fastopen_req)
		return -EALREADY; /* another thread waits for its own */
	tp->fastopen_req = kzalloc(sizeof(*tp->fastopen_req), GFP_KERNEL);
	if (!tp->fastopen_req)
		return -ENOBUFS;
	tp->fastopen_req->data = msg;
	tp->fastopen_req->size = size;
	if (inet->defer_connect) {
		err = tcp_connect(sk);
		if (err) {
			tcp_set_state(sk, TCP_CLOSE);
			inet->inet_dport = 0;
			sk->sk_route_caps = 0;
		}
	}
	err = __inet_stream_connect(sk->sk_socket, addr, msg->msg_namelen,
				    msg->msg_flags & MSG_DONTWAIT ? O_NONBLOCK : 0, true);
	/* A connection that failed has freed it. */
	if (tp->fastopen_req) {
		*copied = tp->fastopen_req->copied;
		tcp_free_fastopen_req(tp);
		inet->defer_connect = 0;
	}
	return err;
}

/* ---- the SYN ---- */

/* Bytes that may go on the SYN: the cached MSS and the path, less every option there could be. */
static u32 fastopen_syn_space(struct sock *sk, size_t size)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int mss;

	if (tp->rx_opt.user_mss && tp->rx_opt.user_mss < tp->rx_opt.mss_clamp)
		tp->rx_opt.mss_clamp = tp->rx_opt.user_mss;
	tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
	mss = (int)tp->mss_cache + tp->tcp_header_len - (int)sizeof(struct tcphdr);
	mss = max(mss - MAX_TCP_OPTION_SPACE, 0);
	size = min_t(size_t, size, (size_t)mss);
	return (u32)min_t(size_t, size, PAGE_SIZE - MAX_TCP_HEADER - SKB_SHINFO_SIZE);
}

/* A segment with the SYN's cb and the first bytes of the program's data; NULL: no memory, or a
 * fault. */
static struct sk_buff *fastopen_syn_data(struct sock *sk, const struct sk_buff *syn)
{
	struct tcp_fastopen_request *fo = tcp_sk(sk)->fastopen_req;
	u32 space = fastopen_syn_space(sk, fo->size);
	struct sk_buff *data = tcp_stream_alloc_skb(sk, space, GFP_KERNEL, false);
	u32 copied;

	if (!data)
		return NULL;
	memcpy(data->cb, syn->cb, sizeof(data->cb));
	copied = (u32)copy_from_iter(data->tail, space, &fo->data->msg_iter);
	if (!copied) {
		consume_skb(data);
		return NULL;
	}
	skb_put(data, copied);
	TCP_SKB_CB(data)->end_seq += copied;
	if (copied == fo->size)
		fo->data = NULL; /* nothing left that could carry the ACK of the SYN-ACK */
	fo->copied = (int)copied;
	return data;
}

/* SYN and data as one segment; on the queue the data stands behind the SYN. */
static int fastopen_send(struct sock *sk, struct sk_buff *syn, struct sk_buff *data)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int err;

	sk_wmem_queued_add(sk, (int)data->truesize);
	sk_mem_charge(sk, (int)data->truesize);
	tp->write_seq = TCP_SKB_CB(data)->end_seq;
	tcp_chrono_start(sk, TCP_CHRONO_BUSY);
	err = tcp_transmit_skb(sk, data, 1, GFP_KERNEL);
	syn->tstamp = data->tstamp;
	TCP_SKB_CB(data)->seq++;
	TCP_SKB_CB(data)->tcp_flags = TCPHDR_ACK | TCPHDR_PSH;
	if (err) {
		__skb_queue_tail(&sk->sk_write_queue, data);
		return err;
	}
	tp->packets_out += (u32)tcp_skb_pcount(data);
	tp->syn_data = 1;
	tcp_tx_queue_insert(sk, data);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPORIGDATASENT);
	return 0;
}

/* syn is on the retransmission queue. 0 or -errno. */
int tcp_send_syn_data(struct sock *sk, struct sk_buff *syn)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_fastopen_request *fo = tp->fastopen_req;
	struct sk_buff *data;
	int err = 0;

	tp->rx_opt.mss_clamp = tp->advmss; /* when no MSS is cached */
	if (fastopen_cookie_check(sk, &tp->rx_opt.mss_clamp, &fo->cookie)) {
		if (!fo->size) {
			err = tcp_transmit_skb(sk, syn, 1, GFP_KERNEL);
			fo->data = NULL;
			goto done;
		}
		data = fastopen_syn_data(sk, syn);
		if (data && !fastopen_send(sk, syn, data))
			goto done;
	}
	/* A plain SYN that asks for a cookie. */
	if (fo->cookie.len > 0)
		fo->cookie.len = 0;
	err = tcp_transmit_skb(sk, syn, 1, GFP_KERNEL);
	if (err)
		tp->syn_fastopen = 0;
done:
	fo->cookie.len = -1; /* no option if it must be sent again */
	return err;
}

/* ---- the SYN-ACK ---- */

/* What the SYN-ACK says of the peer goes to the cache. data: what it left unacknowledged. */
static void fastopen_learn(struct sock *sk, struct sk_buff *synack, bool data)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_fastopen_cookie foc = {.len = -1};
	u16 mss = tp->rx_opt.mss_clamp;
	struct tcp_fastopen_news news = {.cookie = &foc};

	tcp_parse_fastopen_option(tcp_hdr(synack), &foc);
	if (mss == tp->rx_opt.user_mss) /* the peer's own, not what the program made of it */
		mss = tcp_parse_mss_option(tcp_hdr(synack), 0);
	news.mss = mss;
	if (!tp->syn_fastopen)
		foc.len = -1; /* not asked for */
	else if (tp->total_retrans)
		/* Only the plain SYN seems to have come through. */
		news.syn_lost = foc.len < 0 && data;
	else if (foc.len < 0 && !tp->syn_data)
		/* Asked in vain: the other kind of option next time, then the first again. */
		news.try_exp = tp->syn_fastopen_exp ? 2 : 1;
	tcp_fastopen_cache_set(sk, &news);
}

bool tcp_rcv_fastopen_synack(struct sock *sk, struct sk_buff *synack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *data = tp->syn_data ? tcp_rtx_queue_head(sk) : NULL;

	fastopen_learn(sk, synack, data != NULL);
	if (data) {
		tp->fastopen_client_fail =
			tp->total_retrans ? TFO_SYN_RETRANSMITTED : TFO_DATA_NOT_ACKED;
		for (; data; data = skb_rb_next(data))
			tcp_mark_skb_lost(sk, data);
		tcp_non_congestion_loss_retransmit(sk);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENACTIVEFAIL);
		return true;
	}
	tp->syn_data_acked = tp->syn_data;
	if (tp->syn_data_acked) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENACTIVE);
		if (tp->delivered > 1) /* SYN and data were one segment */
			tp->delivered--;
	}
	tcp_fastopen_add_skb(sk, synack);
	return false;
}
