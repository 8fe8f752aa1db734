// SPDX-License-Identifier: BSD-2-Clause
/*
 * AF_NETLINK's own socks, listed: /proc/net/netlink in Linux's format, and sock_diag(7) ("ss -f
 * netlink"). Both show the socks that have a port, the kernel's included.
 *
 * Thread context, softirqs off while the table is walked; a dump goes on at a bucket and a place in
 * it. Left out: requests for a single sock (-EOPNOTSUPP, as in Linux).
 */
#include <errno.h>
#include <kernel/fs/procfs.h>
#include <kernel/sched/softirq.h>
#include <linux/netlink_diag.h>
#include <net/netlink/af_netlink.h>
#include <net/sock_diag.h>

static int netlink_seq_show(struct seq_file *m)
{
	struct sock *sk;
	u32 i;

	seq_puts(m, "sk               Eth Pid        Groups   "
		    "Rmem     Wmem     Dump  Locks    Drops    Inode\n");
	local_bh_disable();
	for (i = 0; i < NETLINK_HASH_SIZE; i++) {
		hlist_for_each_entry(sk, &m->net->netlink->ports[i], sk_node) {
			const struct netlink_sock *nlk = nlk_sk(sk);

			seq_printf(m, "%016lx %-3d %-10u %08x %-8d %-8d %-5d %-8d %-8u %-8lu\n",
				   0ul, sk->sk_protocol, nlk->portid, (u32)nlk->groups,
				   atomic_read(&sk->sk_rmem_alloc),
				   atomic_read(&sk->sk_wmem_alloc) - 1, nlk->cb_running,
				   refcount_read(&sk->sk_refcnt), (u32)atomic_read(&sk->sk_drops),
				   (unsigned long)sock_i_ino(sk));
		}
	}
	local_bh_enable();
	return 0;
}

/* The options as NDIAG_FLAG_*. */
static u32 diag_flags(const struct netlink_sock *nlk)
{
	static const struct {
		u32 flag, diag;
	} map[] = {
		{NETLINK_F_RECV_PKTINFO, NDIAG_FLAG_PKTINFO},
		{NETLINK_F_BROADCAST_ERROR, NDIAG_FLAG_BROADCAST_ERROR},
		{NETLINK_F_NO_ENOBUFS, NDIAG_FLAG_NO_ENOBUFS},
		{NETLINK_F_LISTEN_ALL_NSID, NDIAG_FLAG_LISTEN_ALL_NSID},
		{NETLINK_F_CAP_ACK, NDIAG_FLAG_CAP_ACK},
	};
	u32 flags = nlk->cb_running ? NDIAG_FLAG_CB_RUNNING : 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(map); i++)
		flags |= nlk->flags & map[i].flag ? map[i].diag : 0;
	return flags;
}

static int sk_diag_fill(struct sk_buff *skb, struct netlink_callback *cb, const struct sock *sk,
			u32 show)
{
	const struct netlink_sock *nlk = nlk_sk(sk);
	struct nlmsghdr *nlh =
		nlmsg_put_answer(skb, cb, SOCK_DIAG_BY_FAMILY, sizeof(struct netlink_diag_msg));
	struct netlink_diag_msg *rep;

	if (!nlh)
		return -EMSGSIZE;
	rep = nlmsg_data(nlh);
	*rep = (struct netlink_diag_msg){.ndiag_family = AF_NETLINK,
					 .ndiag_type = (u8)sk->sk_type,
					 .ndiag_protocol = (u8)sk->sk_protocol,
					 .ndiag_state = sk->sk_state,
					 .ndiag_ino = sock_i_ino(sk),
					 .ndiag_portid = nlk->portid,
					 .ndiag_dst_portid = nlk->dst_portid,
					 .ndiag_dst_group = nlk->dst_group};
	sock_diag_save_cookie(sk, rep->ndiag_cookie);
	if ((show & NDIAG_SHOW_GROUPS && nlk->groups &&
	     nla_put(skb, NETLINK_DIAG_GROUPS, sizeof(nlk->groups), &nlk->groups)) ||
	    (show & NDIAG_SHOW_MEMINFO &&
	     sock_diag_put_meminfo(skb, sk, NETLINK_DIAG_MEMINFO)) ||
	    (show & NDIAG_SHOW_FLAGS && nla_put_u32(skb, NETLINK_DIAG_FLAGS, diag_flags(nlk)))) {
		nlmsg_trim(skb, nlh);
		return -EMSGSIZE;
	}
	return nlmsg_end(skb, nlh);
}

/* args[0]: the bucket, args[1]: how many of it are done. */
static int netlink_diag_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct netlink_diag_req *req = nlmsg_data(cb->nlh);
	struct net *net = sock_diag_net(cb->skb);
	struct sock *sk;
	int err = 0;

	local_bh_disable();
	for (; !err && cb->args[0] < (long)NETLINK_HASH_SIZE; cb->args[0]++, cb->args[1] = 0) {
		long n = 0;

		hlist_for_each_entry(sk, &net->netlink->ports[cb->args[0]], sk_node) {
			if (n++ < cb->args[1])
				continue;
			if (req->sdiag_protocol == NDIAG_PROTO_ALL ||
			    req->sdiag_protocol == sk->sk_protocol)
				err = sk_diag_fill(skb, cb, sk, req->ndiag_show);
			if (err)
				break;
			cb->args[1] = n;
		}
		if (err)
			break;
	}
	local_bh_enable();
	if (!err)
		return 0;
	return skb->len ? (int)skb->len : err;
}

static int netlink_diag_handler_dump(struct sk_buff *skb, struct nlmsghdr *nlh)
{
	static const struct netlink_dump_control control = {.dump = netlink_diag_dump};
	const struct netlink_diag_req *req = nlmsg_data(nlh);

	if (nlmsg_len(nlh) < (int)sizeof(*req))
		return -EINVAL;
	if (req->sdiag_protocol != NDIAG_PROTO_ALL && req->sdiag_protocol >= MAX_LINKS)
		return -ENOENT;
	if (!(nlh->nlmsg_flags & NLM_F_DUMP))
		return -EOPNOTSUPP;
	return netlink_dump_start(NULL, skb, nlh, &control);
}

void netlink_diag_init(void)
{
	static const struct proc_ops ops = {.show = netlink_seq_show};
	static const struct sock_diag_handler handler = {.family = AF_NETLINK,
							 .dump = netlink_diag_handler_dump};

	WARN_ON(proc_create("net/netlink", 0444, &ops, NULL));
	sock_diag_register(&handler);
}
