// SPDX-License-Identifier: BSD-2-Clause
/*
 * AF_NETLINK, the messages: what a program sends goes to the kernel's sock (port 0), whose input
 * answers before sendmsg returns, or to another program; what is sent to a program waits in its
 * receive queue, bounded by SO_RCVBUF. A member of a group that does not keep up loses news and is
 * told so by -ENOBUFS (netlink(7)), as long as it does not say NETLINK_NO_ENOBUFS.
 *
 * sendmsg and recvmsg run in thread context; netlink_unicast() and netlink_broadcast() in any with
 * softirqs off or on. MSG_PEEK with MSG_TRUNC tells a message's length, as glibc and iproute2 ask.
 */
#include <errno.h>
#include <kernel/sched/softirq.h>
#include <net/filter.h>
#include <net/netlink/af_netlink.h>
#include <net/scm.h>
#include <string.h>

#define NETLINK_MAX_RECV (32768 - (size_t)SKB_SHINFO_SIZE) /* the largest piece of a dump */

/* ---- queues ---- */

static void netlink_skb_set_owner_r(struct sk_buff *skb, struct sock *sk)
{
	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = sock_rmem_free;
	atomic_add((int)skb->truesize, &sk->sk_rmem_alloc);
}

/* What the program's filter leaves of it; false: it does not want it. */
static bool netlink_filter(const struct sock *sk, struct sk_buff *skb)
{
	u32 want;

	if (likely(!sk->sk_filter))
		return true;
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	want = bpf_prog_run(sk->sk_filter, skb);
	return want && (want >= skb->len || !pskb_trim(skb, want));
}

void __netlink_sendskb(struct sock *sk, struct sk_buff *skb)
{
	if (!netlink_filter(sk, skb)) {
		consume_skb(skb);
		return;
	}
	netlink_skb_set_owner_r(skb, sk);
	local_bh_disable();
	__skb_queue_tail(&sk->sk_receive_queue, skb);
	local_bh_enable();
	sk->sk_data_ready(sk);
}

void netlink_overrun(struct sock *sk)
{
	struct netlink_sock *nlk = nlk_sk(sk);

	if (!(nlk->flags & NETLINK_F_NO_ENOBUFS) && !nlk->congested) {
		nlk->congested = true;
		sk->sk_err = ENOBUFS;
		sk_error_report(sk);
	}
	atomic_inc(&sk->sk_drops);
}

static bool netlink_full(const struct sock *sk)
{
	return atomic_read(&sk->sk_rmem_alloc) > sk->sk_rcvbuf || nlk_sk(sk)->congested;
}

/* Sleep until sk, which the caller holds, has room. 0, -EAGAIN, -ECONNREFUSED (closed), -EINTR. */
static int netlink_wait(struct sock *sk, long *timeo)
{
	DEFINE_WAIT(wait);
	int err = 0;

	if (!*timeo)
		return -EAGAIN;
	prepare_to_wait(&nlk_sk(sk)->wait, &wait, TASK_INTERRUPTIBLE);
	if (netlink_full(sk) && !sock_flag(sk, SOCK_DEAD))
		*timeo = schedule_timeout(*timeo);
	finish_wait(&nlk_sk(sk)->wait, &wait);
	if (sock_flag(sk, SOCK_DEAD))
		err = -ECONNREFUSED;
	else if (signal_pending(current))
		err = sock_intr_errno(*timeo);
	return err;
}

/* ---- to one ---- */

static int netlink_unicast_kernel(struct sock *sk, struct sk_buff *skb, struct sock *ssk)
{
	int ret = -ECONNREFUSED;

	if (nlk_sk(sk)->input) {
		ret = (int)skb->len;
		NETLINK_CB(skb).sk = ssk;
		nlk_sk(sk)->input(skb);
	}
	consume_skb(skb);
	return ret;
}

static int netlink_unicast_user(struct sock *ssk, struct sock *sk, struct sk_buff *skb,
				bool nonblock)
{
	long timeo = sock_sndtimeo(ssk, nonblock);
	int err = 0, len = (int)skb->len;

	if (sk->sk_state == NETLINK_CONNECTED && nlk_sk(sk)->dst_portid != nlk_sk(ssk)->portid)
		err = -ECONNREFUSED;
	sock_hold(sk);
	while (!err && netlink_full(sk)) {
		/* The kernel's own answers do not wait: who does not read them, misses them. */
		if (ssk->sk_kern_sock)
			netlink_overrun(sk);
		err = ssk->sk_kern_sock ? -EAGAIN : netlink_wait(sk, &timeo);
	}
	if (err)
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_RCVBUFF);
	else
		__netlink_sendskb(sk, skb);
	sock_put(sk);
	return err ? err : len;
}

int netlink_unicast(struct sock *ssk, struct sk_buff *skb, u32 portid, bool nonblock)
{
	struct sock *sk;

	local_bh_disable();
	sk = netlink_lookup(sock_net(ssk), ssk->sk_protocol, portid);
	local_bh_enable();
	if (!sk) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NO_SOCKET);
		return -ECONNREFUSED;
	}
	if (sk->sk_kern_sock && !portid)
		return netlink_unicast_kernel(sk, skb, ssk);
	return netlink_unicast_user(ssk, sk, skb, nonblock);
}

/* ---- to a group ---- */

static bool netlink_is_member(const struct sock *sk, u32 group)
{
	return group && group <= NETLINK_MAX_GROUPS && (nlk_sk(sk)->groups >> (group - 1) & 1);
}

static struct hlist_head *netlink_members(struct net *net, int unit)
{
	return &net->netlink->members[unit];
}

bool netlink_has_listeners(struct net *net, int unit, unsigned int group)
{
	struct sock *sk;
	bool found = false;

	if (!net->netlink)
		return false;
	local_bh_disable();
	hlist_for_each_entry(sk, netlink_members(net, unit), sk_bind_node)
		found = found || netlink_is_member(sk, group);
	local_bh_enable();
	return found;
}

/* One copy of the news for one member. */
static int netlink_deliver(struct sock *sk, struct sk_buff *skb)
{
	struct sk_buff *copy = netlink_full(sk) ? NULL : skb_clone(skb, GFP_ATOMIC);

	if (!copy) {
		netlink_overrun(sk);
		return nlk_sk(sk)->flags & NETLINK_F_BROADCAST_ERROR ? -ENOBUFS : 0;
	}
	__netlink_sendskb(sk, copy);
	return 0;
}

int netlink_broadcast(struct sock *ssk, struct sk_buff *skb, u32 portid, u32 group)
{
	struct net *net = sock_net(ssk);
	struct sock *sk;
	int err = -ESRCH, one;

	local_bh_disable();
	hlist_for_each_entry(sk, netlink_members(net, ssk->sk_protocol), sk_bind_node) {
		if (sk == ssk || nlk_sk(sk)->portid == portid || !netlink_is_member(sk, group))
			continue;
		one = netlink_deliver(sk, skb);
		if (one || err == -ESRCH)
			err = one;
	}
	local_bh_enable();
	consume_skb(skb);
	return err;
}

/* The members of a group missed something, for lack of memory. */
static void netlink_set_err(struct net *net, int unit, u32 group)
{
	struct sock *sk;

	local_bh_disable();
	hlist_for_each_entry(sk, netlink_members(net, unit), sk_bind_node) {
		if (netlink_is_member(sk, group))
			netlink_overrun(sk);
	}
	local_bh_enable();
}

void nlmsg_notify(struct net *net, int unit, struct sk_buff *skb, unsigned int group)
{
	struct sock *sk = netlink_kernel_sock(net, unit);

	if (!sk) {
		kfree_skb(skb);
		return;
	}
	if (!skb) {
		netlink_set_err(net, unit, group);
		return;
	}
	NETLINK_CB(skb) = (struct netlink_skb_parms){.dst_group = group};
	netlink_broadcast(sk, skb, 0, group);
}

/* ---- sendmsg ---- */

/* Where to: the message's address, or the connected one. */
static int netlink_send_dest(const struct netlink_sock *nlk, const struct msghdr *msg,
			     u32 *portid, u32 *group)
{
	const struct sockaddr_nl *nl = msg->msg_name;

	*portid = nlk->dst_portid;
	*group = nlk->dst_group;
	if (!msg->msg_namelen)
		return 0;
	if (msg->msg_namelen < (int)sizeof(*nl) || nl->nl_family != AF_NETLINK)
		return -EINVAL;
	*portid = nl->nl_pid;
	*group = nl->nl_groups ? (u32)__builtin_ctz(nl->nl_groups) + 1 : 0;
	return 0;
}

/* The bytes and who sends them. ERR_PTR: -EMSGSIZE, -ENOBUFS, -EFAULT. */
static struct sk_buff *netlink_send_skb(struct sock *sk, struct msghdr *msg, size_t len)
{
	struct sk_buff *skb;

	if (len > (size_t)max(sk->sk_sndbuf - 32, 0))
		return ERR_PTR(-EMSGSIZE);
	skb = alloc_skb((u32)len, GFP_KERNEL);
	if (!skb)
		return ERR_PTR(-ENOBUFS);
	if (copy_from_iter(skb_put(skb, (u32)len), len, &msg->msg_iter) != len) {
		kfree_skb(skb);
		return ERR_PTR(-EFAULT);
	}
	return skb;
}

int netlink_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct netlink_sock *nlk = nlk_sk(sock->sk);
	struct scm_cookie scm;
	struct sk_buff *skb;
	u32 portid, group;
	int err;

	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (!len)
		return -ENODATA;
	err = scm_send(sock, msg, &scm);
	if (err)
		return err;
	err = netlink_send_dest(nlk, msg, &portid, &group);
	if (!err && !nlk->bound)
		err = netlink_autobind(sock->sk);
	if (err)
		goto out;
	skb = netlink_send_skb(sock->sk, msg, len);
	if (IS_ERR(skb)) {
		err = (int)PTR_ERR(skb);
		goto out;
	}
	NETLINK_CB(skb) = (struct netlink_skb_parms){
		.portid = nlk->portid,
		.dst_group = group,
		.creds = scm.creds.pid ? scm.creds : scm_current_creds()};
	if (group) {
		refcount_inc(&skb->users);
		netlink_broadcast(sock->sk, skb, portid, group);
	}
	err = netlink_unicast(sock->sk, skb, portid, msg->msg_flags & MSG_DONTWAIT);
out:
	scm_destroy(&scm);
	return err;
}

/* ---- recvmsg ---- */

/* What comes with the bytes: sender, group, credentials. */
static void netlink_recv_about(struct socket *sock, struct msghdr *msg, const struct sk_buff *skb)
{
	const struct netlink_skb_parms *cb = &NETLINK_CB(skb);
	struct nl_pktinfo info = {.group = cb->dst_group};
	struct scm_cookie scm = {.creds = cb->creds};

	if (msg->msg_name) {
		struct sockaddr_nl nl = {
			.nl_family = AF_NETLINK,
			.nl_pid = cb->portid,
			.nl_groups = cb->dst_group && cb->dst_group <= 32
					     ? 1u << (cb->dst_group - 1)
					     : 0};

		memcpy(msg->msg_name, &nl, sizeof(nl));
		msg->msg_namelen = sizeof(nl);
	}
	if (nlk_sk(sock->sk)->flags & NETLINK_F_RECV_PKTINFO)
		put_cmsg(msg, SOL_NETLINK, NETLINK_PKTINFO, sizeof(info), &info);
	scm_recv(sock, msg, &scm);
}

/* Room again: the dump goes on, senders wake, news are welcome once all old ones are read. */
static void netlink_rcv_wake(struct sock *sk)
{
	struct netlink_sock *nlk = nlk_sk(sk);
	int err;

	if (nlk->cb_running && atomic_read(&sk->sk_rmem_alloc) <= sk->sk_rcvbuf / 2) {
		err = netlink_dump(sk);
		if (err) {
			sk->sk_err = -err;
			sk_error_report(sk);
		}
	}
	if (skb_queue_empty(&sk->sk_receive_queue))
		nlk->congested = false;
	if (!nlk->congested)
		wake_up_interruptible(&nlk->wait);
}

int netlink_recvmsg(struct socket *sock, struct msghdr *msg, size_t len, int flags)
{
	struct netlink_sock *nlk = nlk_sk(sock->sk);
	struct sk_buff *skb;
	u32 copied;
	int err, ret;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	skb = skb_recv_datagram(sock->sk, (unsigned int)flags, &err);
	if (!skb)
		return err;
	len = min(len, (size_t)INT32_MAX);
	if (len > nlk->max_recvmsg_len)
		nlk->max_recvmsg_len = min_t(size_t, len, NETLINK_MAX_RECV);
	copied = skb->len;
	if (len < copied) {
		msg->msg_flags |= MSG_TRUNC;
		copied = (u32)len;
	}
	err = skb_copy_datagram_iter(skb, 0, &msg->msg_iter, copied);
	ret = (int)(flags & MSG_TRUNC ? skb->len : copied);
	if (!err)
		netlink_recv_about(sock, msg, skb);
	skb_free_datagram(sock->sk, skb);
	netlink_rcv_wake(sock->sk);
	return err ? err : ret;
}
