// SPDX-License-Identifier: BSD-2-Clause
/*
 * Timestamps for programs (Linux's timestamping document). Received packets carry the time of
 * arrival while any sock asks for it; SO_TIMESTAMP, SO_TIMESTAMPNS and SO_TIMESTAMPING hand it out
 * as a control message. Of sent TCP data the events "left the stack" (SCHED), "given to the device"
 * (SND) and "acknowledged" (ACK) are reported on the error queue, with OPT_ID by the position of
 * the last byte in the stream.
 *
 * Left out: hardware clocks (no device here has one; the flags are taken and mean nothing),
 * OPT_STATS, events of datagrams.
 */
#include <net/errqueue.h>
#include <net/net.h>
#include <net/netdevice.h>
#include <net/tstamp.h>
#include <string.h>

void sock_enable_timestamp(struct sock *sk)
{
	if (sock_flag(sk, SOCK_RX_STAMPED))
		return;
	sock_set_flag(sk, SOCK_RX_STAMPED);
	net_enable_timestamp();
}

void sock_recv_timestamp(struct msghdr *msg, const struct sock *sk, u64 ns)
{
	u64 t[2] = {ns / NSEC_PER_SEC, ns % NSEC_PER_SEC};

	if (sk->sk_tsflags & SOF_TIMESTAMPING_SOFTWARE) {
		struct scm_timestamping tss = {0};

		tss.ts[0] = (struct timespec){(time_t)t[0], (long)t[1]};
		put_cmsg(msg, SOL_SOCKET, SO_TIMESTAMPING, sizeof(tss), &tss);
	}
	if (!sock_flag(sk, SOCK_TIMESTAMP))
		return;
	if (sock_flag(sk, SOCK_TIMESTAMPNS)) {
		put_cmsg(msg, SOL_SOCKET, SO_TIMESTAMPNS, sizeof(t), t);
	} else {
		t[1] /= NSEC_PER_USEC;
		put_cmsg(msg, SOL_SOCKET, SO_TIMESTAMP, sizeof(t), t);
	}
}

void __skb_tstamp_tx(struct sk_buff *skb, struct sock *sk, int event)
{
	bool only = sk->sk_tsflags & SOF_TIMESTAMPING_OPT_TSONLY;
	struct sk_buff *report = only ? alloc_skb(0, GFP_ATOMIC) : skb_clone(skb, GFP_ATOMIC);
	struct sock_exterr_skb *e;

	if (!report)
		return;
	if (skb_orphan_frags_rx(report, GFP_ATOMIC)) {
		kfree_skb_reason(report, SKB_DROP_REASON_NOMEM);
		return;
	}
	report->tstamp = ktime_get_real_ns();
	memset(report->cb, 0, sizeof(report->cb));
	e = SKB_EXT_ERR(report);
	e->ee = (struct sock_extended_err){.ee_errno = ENOMSG,
					   .ee_origin = SO_EE_ORIGIN_TIMESTAMPING,
					   .ee_info = (u32)event};
	if (sk->sk_tsflags & SOF_TIMESTAMPING_OPT_ID)
		e->ee.ee_data = skb_shinfo(skb)->tskey - sk->sk_tskey;
	if (sock_queue_err_skb(sk, report))
		kfree_skb_reason(report, SKB_DROP_REASON_SOCKET_RCVBUFF);
}
