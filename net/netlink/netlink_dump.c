// SPDX-License-Identifier: BSD-2-Clause
/*
 * AF_NETLINK, the answers: netlink_rcv_skb() walks the requests of a buffer and acknowledges them;
 * a long answer (NLM_F_DUMP) is made piece by piece, the first while the request is handled, each
 * further one when the program has read what was there (netlink_recvmsg), and ends with NLMSG_DONE.
 * A dump remembers its place in netlink_callback.args and the generation of what it shows: a change
 * between two pieces is told by NLM_F_DUMP_INTR.
 *
 * Every length in a request is checked here, or by nla_parse(), before it is believed. Thread
 * context, no function sleeps. Left out: NLMSGERR_ATTR_COOKIE and _POLICY.
 */
#include <errno.h>
#include <net/netlink/af_netlink.h>
#include <string.h>

/* ---- acknowledgements ---- */

static int put_ext_ack(struct sk_buff *skb, const struct nlmsghdr *in,
		       const struct netlink_ext_ack *extack)
{
	int err = 0;

	if (extack->msg)
		err = nla_put_string(skb, NLMSGERR_ATTR_MSG, extack->msg);
	if (!err && in && extack->bad_attr)
		err = nla_put_u32(skb, NLMSGERR_ATTR_OFFS,
				  (u32)((const char *)extack->bad_attr - (const char *)in));
	return err;
}

static size_t ext_ack_size(const struct netlink_ext_ack *extack)
{
	return extack->msg ? 2 * 8 + strlen(extack->msg) + 1 + 4 : 8;
}

/* The asker is told, by its sock's error, that an answer was lost. */
static void netlink_ack_lost(struct sock *sk)
{
	sk->sk_err = ENOBUFS;
	sk_error_report(sk);
}

void netlink_ack(struct sk_buff *in_skb, struct nlmsghdr *nlh, int err,
		 const struct netlink_ext_ack *extack)
{
	struct sock *sk = NETLINK_CB(in_skb).sk;
	bool capped = !err || nlk_sk(sk)->flags & NETLINK_F_CAP_ACK;
	bool tlvs = nlk_sk(sk)->flags & NETLINK_F_EXT_ACK && extack &&
		    (extack->msg || (err && extack->bad_attr));
	struct nlmsg_to to = {NETLINK_CB(in_skb).portid, nlh->nlmsg_seq, NLMSG_ERROR, 0};
	u32 len = (u32)sizeof(struct nlmsgerr) + (capped ? 0 : (u32)nlmsg_len(nlh));
	struct nlmsghdr *rep;
	struct nlmsgerr *e;
	struct sk_buff *skb;

	skb = nlmsg_new(len + 8 + (tlvs ? ext_ack_size(extack) : 0), GFP_KERNEL);
	if (!skb) {
		netlink_ack_lost(sk);
		return;
	}
	if (nlk_sk(sk)->flags & NETLINK_F_CAP_ACK)
		to.flags |= NLM_F_CAPPED;
	if (tlvs)
		to.flags |= NLM_F_ACK_TLVS;
	rep = nlmsg_put(skb, &to, len);
	e = nlmsg_data(rep);
	e->error = err;
	memcpy(&e->msg, nlh, capped ? sizeof(*nlh) : nlh->nlmsg_len);
	if (tlvs && put_ext_ack(skb, err ? nlh : NULL, extack))
		nlmsg_trim(skb, (char *)rep + NLMSG_LENGTH(len));
	nlmsg_end(skb, rep);
	netlink_unicast(netlink_kernel_sock(sock_net(sk), sk->sk_protocol), skb,
			NETLINK_CB(in_skb).portid, true);
}

void netlink_rcv_skb(struct sk_buff *skb, int (*cb)(struct sk_buff *skb, struct nlmsghdr *nlh,
						    struct netlink_ext_ack *extack))
{
	while (skb->len >= (u32)NLMSG_HDRLEN) {
		struct netlink_ext_ack extack = {0};
		struct nlmsghdr *nlh = nlmsg_hdr(skb);
		int err = 0;

		if (nlh->nlmsg_len < (u32)NLMSG_HDRLEN || skb->len < nlh->nlmsg_len)
			return;
		if (nlh->nlmsg_flags & NLM_F_REQUEST && nlh->nlmsg_type >= NLMSG_MIN_TYPE)
			err = cb(skb, nlh, &extack);
		if (err != -EINTR && (err || nlh->nlmsg_flags & NLM_F_ACK))
			netlink_ack(skb, nlh, err, &extack);
		skb_pull(skb, min(NLMSG_ALIGN(nlh->nlmsg_len), skb->len));
	}
}

/* ---- dumps ---- */

void netlink_dump_stop(struct netlink_sock *nlk)
{
	if (!nlk->cb_running)
		return;
	if (nlk->cb.ops.done)
		nlk->cb.ops.done(&nlk->cb);
	nlk->cb_running = false;
	consume_skb(nlk->cb.skb);
	nlk->cb.skb = NULL;
}

/* As much as the program takes at once, or a page. */
static struct sk_buff *netlink_alloc_dump_skb(const struct netlink_sock *nlk)
{
	struct sk_buff *skb = NULL;

	if (nlk->max_recvmsg_len > NLMSG_DEFAULT_SIZE)
		skb = alloc_skb((u32)nlk->max_recvmsg_len, GFP_KERNEL | __GFP_NOWARN);
	return skb ? skb : alloc_skb(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
}

/* The last message; NULL when it needs a buffer of its own. */
static struct nlmsghdr *netlink_put_done(struct netlink_sock *nlk, struct sk_buff *skb,
					 const struct netlink_ext_ack *extack)
{
	struct netlink_callback *cb = &nlk->cb;
	struct nlmsghdr *nlh =
		nlmsg_put_answer(skb, cb, NLMSG_DONE, sizeof(nlk->dump_done_errno));

	if (!nlh)
		return NULL;
	nlh->nlmsg_flags |= cb->answer_flags;
	nl_dump_check_consistent(cb, nlh);
	memcpy(nlmsg_data(nlh), &nlk->dump_done_errno, sizeof(nlk->dump_done_errno));
	if (extack->msg && nlk->flags & NETLINK_F_EXT_ACK &&
	    !nla_put_string(skb, NLMSGERR_ATTR_MSG, extack->msg))
		nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
	nlmsg_end(skb, nlh);
	return nlh;
}

int netlink_dump(struct sock *sk)
{
	struct netlink_sock *nlk = nlk_sk(sk);
	struct netlink_ext_ack extack = {0};
	struct netlink_callback *cb = &nlk->cb;
	struct sk_buff *skb;

	if (!nlk->cb_running)
		return -EINVAL;
	if (atomic_read(&sk->sk_rmem_alloc) >= sk->sk_rcvbuf)
		return -ENOBUFS;
	skb = netlink_alloc_dump_skb(nlk);
	if (!skb)
		return -ENOBUFS;
	NETLINK_CB(skb) = (struct netlink_skb_parms){0};
	if (nlk->dump_done_errno > 0) {
		cb->extack = &extack;
		nlk->dump_done_errno = cb->ops.dump(skb, cb);
		cb->extack = NULL;
	}
	if (nlk->dump_done_errno > 0) {
		__netlink_sendskb(sk, skb);
		return 0;
	}
	if (netlink_put_done(nlk, skb, &extack))
		netlink_dump_stop(nlk);
	else if (WARN_ON(!skb->len)) /* DONE is small */
		netlink_dump_stop(nlk);
	__netlink_sendskb(sk, skb);
	return 0;
}

int netlink_dump_start(struct sock *ssk, struct sk_buff *skb, const struct nlmsghdr *nlh,
		       const struct netlink_dump_control *control)
{
	struct sock *sk = NETLINK_CB(skb).sk;
	struct netlink_sock *nlk = nlk_sk(sk);
	struct sk_buff *request;
	int err;

	(void)ssk;
	if (nlk->cb_running)
		return -EBUSY;
	/* The caller goes on through its buffer: the dump keeps this request alone. */
	request = alloc_skb(nlh->nlmsg_len, GFP_KERNEL);
	if (!request)
		return -ENOBUFS;
	memcpy(skb_put(request, nlh->nlmsg_len), nlh, nlh->nlmsg_len);
	NETLINK_CB(request) = NETLINK_CB(skb);
	nlk->cb = (struct netlink_callback){
		.skb = request,
		.nlh = nlmsg_hdr(request),
		.ops = *control,
		.strict_check = nlk->flags & NETLINK_F_STRICT_CHK,
	};
	if (control->start) {
		struct netlink_ext_ack extack = {0};

		nlk->cb.extack = &extack;
		err = control->start(&nlk->cb);
		if (err) {
			consume_skb(request);
			return err;
		}
	}
	nlk->cb_running = true;
	nlk->dump_done_errno = 1;
	err = netlink_dump(sk);
	return err ? err : -EINTR;
}
