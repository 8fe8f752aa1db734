// SPDX-License-Identifier: BSD-2-Clause
/*
 * SEND (RFC 9293 section 3.10.2): the program's bytes into segments on the write queue: the one
 * copy on the way out, into page fragments that go down to the device as they are.
 *
 * An sk_buff is filled up to size_goal, which for a device with TSO is up to 64 KiB; small messages
 * go into its linear part, which saves a fragment. tcp_push() then asks tcp_output.c to send what
 * the windows allow. Sleeps for the connection and for send buffer room; thread context. PSH is set
 * where the program stops writing, or after half the peer's window.
 *
 * MSG_ZEROCOPY: the segments refer to the program's pages instead (skb_zerocopy.c), if the device
 * takes fragments and the pages can be kept; if not, the data is copied and the report says so.
 * sendfile's pages (iov_iter.pages) go the same way, without a report.
 */
#include <kernel/fs/iov_iter.h>
#include <net/cmsg.h>
#include <net/inet_common.h>
#include <net/tcp_data.h>
#include <net/tcp_fastopen.h>
#include <net/tcp_pacing.h>
#include <net/tstamp.h>
#include <net/zerocopy.h>

/* Messages up to this size are copied behind the headers instead of into a page fragment. */
#define TCP_LINEAR_MAX 1280u
/* Segments that one call fills before it looks at the ACKs on the backlog. */
#define TCP_SEND_BACKLOG_SKBS 16

/* One call's state. */
struct tcp_send {
	struct msghdr *msg;
	long timeo;
	int flags, mss_now, size_goal, copied;
	int skbs;		/* made since the backlog was worked off */
	int copied_syn;		/* bytes that went on the SYN (Fast Open) */
	struct ubuf_info *uarg; /* MSG_ZEROCOPY: the report for this call, or NULL */
	bool zc;		/* ... or sendfile, and the device takes fragments */
};

static bool forced_push(const struct tcp_sock *tp)
{
	return after(tp->write_seq, tp->pushed_seq + (tp->max_window >> 1));
}

static void tcp_mark_push(struct tcp_sock *tp, struct sk_buff *skb)
{
	TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
	tp->pushed_seq = tp->write_seq;
}

/* The program has written for now: send what may be sent. nonagle: TCP_NAGLE_*. */
void tcp_push(struct sock *sk, int flags, int mss_now, int nonagle, int size_goal)
{
	struct sk_buff *skb = tcp_write_queue_tail(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (!skb)
		return;
	if (!(flags & MSG_MORE) || forced_push(tp))
		tcp_mark_push(tp, skb);
	if (flags & MSG_OOB)
		tp->snd_up = tp->write_seq;
	if (tcp_autocork_wait(sk, skb, size_goal))
		return;
	__tcp_push_pending_frames(sk, (unsigned int)mss_now,
				  flags & MSG_MORE ? TCP_NAGLE_CORK : nonagle);
}

/* An empty segment at the end of the write queue. */
static void tcp_skb_entail(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);

	cb->seq = cb->end_seq = tp->write_seq;
	cb->tcp_flags = TCPHDR_ACK;
	if (!tp->packets_out && skb_queue_empty(&sk->sk_write_queue))
		tcp_chrono_start(sk, TCP_CHRONO_BUSY);
	__skb_queue_tail(&sk->sk_write_queue, skb);
	sk_wmem_queued_add(sk, (int)skb->truesize);
	sk_mem_charge(sk, (int)skb->truesize);
	tp->nonagle &= ~TCP_NAGLE_PUSH & 15;
	tcp_slow_start_after_idle_check(sk);
}

/* The last segment got no bytes (no memory, or a fault): take it off. */
static void tcp_remove_empty_skb(struct sock *sk)
{
	struct sk_buff *skb = tcp_write_queue_tail(sk);

	if (!skb || TCP_SKB_CB(skb)->seq != TCP_SKB_CB(skb)->end_seq)
		return;
	__skb_unlink(skb, &sk->sk_write_queue);
	if (skb_queue_empty(&sk->sk_write_queue))
		tcp_chrono_stop(sk, TCP_CHRONO_BUSY);
	list_del(&skb->tcp_tsorted_anchor);
	tcp_wmem_free_skb(sk, skb);
}

/* The segment to fill, new if the last one is full or not ours to add to; NULL: wait for room. */
static struct sk_buff *tcp_send_skb(struct sock *sk, struct tcp_send *s)
{
	struct sk_buff *skb = tcp_write_queue_tail(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 left = (u32)min_t(size_t, iov_iter_count(&s->msg->msg_iter), 1u << 30);
	bool first;

	if (skb && (int)skb->len < s->size_goal && !TCP_SKB_CB(skb)->eor) {
		if (skb_shinfo(skb)->nr_frags < MAX_SKB_FRAGS &&
		    likely(!s->zc || !skb_zcopy(skb) || skb_zcopy(skb) == s->uarg))
			return skb;
		tcp_mark_push(tp, skb);
	}
	if (!sk_stream_memory_free(sk, 0))
		return NULL;
	first = !skb && tcp_rtx_queue_empty(sk);
	if (left > TCP_LINEAR_MAX || s->zc)
		left = 0;
	skb = tcp_stream_alloc_skb(sk, left, GFP_KERNEL, first);
	if (skb) {
		s->skbs++;
		tcp_skb_entail(sk, skb);
	}
	return skb;
}

/* Copy up to `copy` bytes into the linear part; bytes or -EFAULT. */
static int tcp_send_linear(struct tcp_send *s, struct sk_buff *skb, u32 copy)
{
	copy = min(copy, skb_tailroom(skb));
	if (copy_from_iter(skb->tail, copy, &s->msg->msg_iter) != copy)
		return -EFAULT;
	skb_put(skb, copy);
	return (int)copy;
}

/* May `copy` bytes more be queued? How many: when memory is short, what tcp_wmem's minimum and the
 * pages taken already allow, so that a sock with nothing queued makes progress. */
static u32 tcp_wmem_schedule(struct sock *sk, u32 copy)
{
	int left;

	if (likely(sk_wmem_schedule(sk, (int)copy)))
		return copy;
	left = sock_net(sk)->ipv4.sysctl_tcp_wmem[0] - sk->sk_wmem_queued;
	if (left > 0)
		sk_forced_mem_schedule(sk, min(left, (int)copy));
	left = max(sk->sk_forward_alloc, 0);
	return min(copy, (u32)left);
}

/* Copy up to `copy` bytes into the sock's page; bytes, 0 = wait for memory, -EFAULT. */
static int tcp_send_frag(struct sock *sk, struct tcp_send *s, struct sk_buff *skb, u32 copy)
{
	struct skb_shared_info *sh = skb_shinfo(skb);
	struct page_frag *pf = sk_page_frag(sk);
	skb_frag_t *last;

	if (!sk_page_frag_refill(sk, pf))
		return 0;
	last = sh->nr_frags ? &sh->frags[sh->nr_frags - 1] : NULL;
	if (last && (last->page != pf->page || last->offset + last->size != pf->offset))
		last = NULL;
	copy = min(copy, pf->size - pf->offset);
	copy = tcp_wmem_schedule(sk, copy);
	if (unlikely(!copy))
		return 0;
	if (copy_from_iter((u8 *)page_address(pf->page) + pf->offset, copy, &s->msg->msg_iter) !=
	    copy)
		return -EFAULT;
	if (last) {
		last->size += copy;
	} else {
		get_page(pf->page);
		skb_fill_page_desc(skb, sh->nr_frags, pf->page, pf->offset, copy);
	}
	pf->offset += copy;
	skb->len += copy;
	skb->data_len += copy;
	skb->truesize += copy;
	sk_wmem_queued_add(sk, (int)copy);
	sk_mem_charge(sk, (int)copy);
	return (int)copy;
}

/* Let the segment refer to up to `copy` bytes of the program's pages; bytes, 0 = wait for memory,
 * -EFAULT. */
static int tcp_send_zerocopy(struct sock *sk, struct tcp_send *s, struct sk_buff *skb, u32 copy)
{
	int n;

	copy = tcp_wmem_schedule(sk, copy);
	if (!copy)
		return 0;
	n = skb_zerocopy_iter_stream(skb, &s->msg->msg_iter, copy, s->uarg);
	if (!n) { /* no page that could be kept */
		if (s->uarg)
			s->uarg->zerocopy = 0;
		return tcp_send_frag(sk, s, skb, copy);
	}
	BUG_ON(n < 0); /* tcp_send_skb chose one that has room and our uarg */
	sk_wmem_queued_add(sk, n);
	sk_mem_charge(sk, n);
	return n;
}

/* Fill the segment at the end of the queue; bytes copied, 0 = wait for room, -EFAULT. */
static int tcp_send_fill(struct sock *sk, struct tcp_send *s)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tcp_send_skb(sk, s);
	u32 copy;
	int n;

	if (!skb)
		return 0;
	copy = (u32)min_t(size_t, (size_t)s->size_goal - skb->len,
			  iov_iter_count(&s->msg->msg_iter));
	if (unlikely(s->zc))
		n = tcp_send_zerocopy(sk, s, skb, copy);
	else if (!skb_is_nonlinear(skb) && skb_tailroom(skb) &&
		 (skb->len || copy <= skb_tailroom(skb)))
		n = tcp_send_linear(s, skb, copy);
	else
		n = tcp_send_frag(sk, s, skb, copy);
	if (n <= 0)
		return n;
	if (!s->copied)
		TCP_SKB_CB(skb)->tcp_flags &= (u8)~TCPHDR_PSH;
	tp->write_seq += (u32)n;
	TCP_SKB_CB(skb)->end_seq += (u32)n;
	tcp_skb_pcount_set(skb, 0); /* count its wire segments anew */
	s->copied += n;
	return n;
}

/* The message goes on and the segment at the end is full: do not let the device wait for it. */
static void tcp_send_full(struct sock *sk, const struct tcp_send *s)
{
	struct sk_buff *skb = tcp_write_queue_tail(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (!skb || (int)skb->len < s->size_goal || s->flags & MSG_OOB)
		return;
	if (forced_push(tp)) {
		tcp_mark_push(tp, skb);
		__tcp_push_pending_frames(sk, (unsigned int)s->mss_now, TCP_NAGLE_PUSH);
	} else if (skb == tcp_send_head(sk)) {
		tcp_push_one(sk, (unsigned int)s->mss_now);
	}
}

/* No room or no memory: send what there is and sleep. 0 or -errno. */
static int tcp_send_wait(struct sock *sk, struct tcp_send *s)
{
	int err;

	if (sk->sk_socket)
		sk->sk_socket->flags |= SOCK_FLAG_NOSPACE;
	tcp_remove_empty_skb(sk);
	if (s->copied)
		tcp_push(sk, s->flags & ~MSG_MORE, s->mss_now, TCP_NAGLE_PUSH, s->size_goal);
	err = sk_stream_wait_memory(sk, &s->timeo);
	if (!err)
		s->mss_now = tcp_send_mss(sk, &s->size_goal, s->flags);
	return err;
}

static int tcp_send_open(const struct sock *sk)
{
	return sk->sk_err || sk->sk_shutdown & SEND_SHUTDOWN ? -EPIPE : 0;
}

/* A long call keeps the ACKs that come meanwhile waiting: look at them now and then. */
static int tcp_send_backlog(struct sock *sk, struct tcp_send *s)
{
	s->skbs = 0;
	if (!sk->sk_backlog.tail)
		return 0;
	sk_flush_backlog(sk);
	s->mss_now = tcp_send_mss(sk, &s->size_goal, s->flags);
	return tcp_send_open(sk);
}

/* 0, or what ends the call early. */
static int tcp_send_all(struct sock *sk, struct tcp_send *s)
{
	if (tcp_send_open(sk))
		return -EPIPE;
	while (iov_iter_count(&s->msg->msg_iter)) {
		int n;

		if (unlikely(s->skbs >= TCP_SEND_BACKLOG_SKBS) && tcp_send_backlog(sk, s))
			return -EPIPE;
		n = tcp_send_fill(sk, s);
		if (n == 0)
			n = tcp_send_wait(sk, s);
		else if (n > 0 && iov_iter_count(&s->msg->msg_iter))
			tcp_send_full(sk, s);
		if (n < 0)
			return n;
	}
	return 0;
}

/* Connected (or waits until it is)? 0 or -errno. */
static int tcp_send_ready(struct sock *sk, struct tcp_send *s)
{
	if (likely(TCPF(sk->sk_state) & (TCPF(TCP_ESTABLISHED) | TCPF(TCP_CLOSE_WAIT))) ||
	    tcp_passive_fastopen(sk))
		return 0;
	return sk_stream_wait_connect(sk, &s->timeo);
}

/* SO_TIMESTAMPING: the events of the last byte written are asked for. */
static void tcp_tx_timestamp(struct sock *sk)
{
	struct sk_buff *skb = tcp_write_queue_tail(sk);
	struct skb_shared_info *sh;

	if (!skb)
		return;
	sh = skb_shinfo(skb);
	if (sk->sk_tsflags & SOF_TIMESTAMPING_TX_SOFTWARE)
		sh->tx_flags |= SKBTX_SW_TSTAMP;
	if (sk->sk_tsflags & SOF_TIMESTAMPING_TX_SCHED)
		sh->tx_flags |= SKBTX_SCHED_TSTAMP;
	if (sk->sk_tsflags & SOF_TIMESTAMPING_TX_ACK)
		TCP_SKB_CB(skb)->txstamp_ack = 1;
	sh->tskey = TCP_SKB_CB(skb)->seq + skb->len - 1;
}

/* MSG_ZEROCOPY: 0 or -ENOBUFS. Without SO_ZEROCOPY the flag means nothing. */
static int tcp_send_zc_begin(struct sock *sk, struct tcp_send *s)
{
	size_t size = iov_iter_count(&s->msg->msg_iter);
	struct sk_buff *tail = tcp_write_queue_tail(sk);

	if (!size || !sock_flag(sk, SOCK_ZEROCOPY))
		return 0;
	s->uarg = msg_zerocopy_realloc(sk, (u32)size, tail ? skb_zcopy(tail) : NULL);
	if (!s->uarg)
		return -ENOBUFS;
	s->zc = sk->sk_route_caps & NETIF_F_SG;
	if (!s->zc)
		s->uarg->zerocopy = 0;
	return 0;
}

/* Sock locked. Bytes or -errno. */
int tcp_sendmsg_locked(struct sock *sk, struct msghdr *msg, size_t size)
{
	struct tcp_send s = {.msg = msg,
			     .flags = (int)msg->msg_flags,
			     .timeo = sock_sndtimeo(sk, msg->msg_flags & MSG_DONTWAIT)};
	u32 mark; /* every packet of a stream has the sock's */
	int err = 0;

	if (unlikely(s.flags & MSG_FASTOPEN || inet_sk(sk)->defer_connect)) {
		err = tcp_sendmsg_fastopen(sk, msg, &s.copied_syn, size);
		if (err == -EINPROGRESS && s.copied_syn)
			return s.copied_syn;
	}
	tcp_rate_check_app_limited(sk);
	if (!err && unlikely(s.flags & MSG_ZEROCOPY))
		err = tcp_send_zc_begin(sk, &s);
	if (msg->msg_iter.pages)
		s.zc = sk->sk_route_caps & NETIF_F_SG;
	if (!err)
		err = tcp_send_ready(sk, &s);
	if (!err && unlikely(msg->msg_controllen))
		err = sock_cmsg_send(msg, &mark);
	if (!err) {
		s.mss_now = tcp_send_mss(sk, &s.size_goal, s.flags);
		err = tcp_send_all(sk, &s);
	}
	tcp_remove_empty_skb(sk);
	if (s.copied) {
		struct sk_buff *tail = tcp_write_queue_tail(sk);

		if (tail && !err && s.flags & MSG_EOR)
			TCP_SKB_CB(tail)->eor = 1;
		if (unlikely(sk->sk_tsflags))
			tcp_tx_timestamp(sk);
		tcp_push(sk, s.flags, s.mss_now, tcp_sk(sk)->nonagle, s.size_goal);
	}
	if (s.copied || s.copied_syn || !err) {
		if (unlikely(s.uarg))
			net_zcopy_put(s.uarg, true);
		return s.copied + s.copied_syn;
	}
	if (unlikely(s.uarg))
		net_zcopy_put_abort(s.uarg);
	err = sk_stream_error(sk, s.flags, err);
	/* Nothing is queued, so nothing will wake an edge-triggered waiter later. */
	if (err == -EAGAIN && tcp_rtx_queue_empty(sk) && skb_queue_empty(&sk->sk_write_queue)) {
		sk->sk_write_space(sk);
		tcp_chrono_stop(sk, TCP_CHRONO_SNDBUF_LIMITED);
	}
	return err;
}

int tcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t size)
{
	int ret;

	lock_sock(sk);
	ret = tcp_sendmsg_locked(sk, msg, size);
	release_sock(sk);
	return ret;
}
