// SPDX-License-Identifier: BSD-2-Clause
/*
 * NETLINK_SOCK_DIAG (sock_diag(7)): lists of socks, for ss(8) and its kin. Each family registers
 * what answers for it (inet_diag.c, unix_diag.c, packet_diag.c, netlink_diag.c); a family that did
 * not is -ENOENT, at which ss looks into /proc instead.
 *
 * Requests in thread context. Left out: multicast of destroyed socks (SKNLGRP_*), the request of
 * before 2012 (TCPDIAG_GETSOCK).
 */
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/siphash.h>
#include <net/sock_diag.h>
#include <net/sock_ops.h>

static const struct sock_diag_handler *handlers[AF_MAX];

void sock_diag_register(const struct sock_diag_handler *h)
{
	BUG_ON(h->family < 0 || h->family >= AF_MAX || handlers[h->family]);
	handlers[h->family] = h;
}

static int sock_diag_rcv_msg(struct sk_buff *skb, struct nlmsghdr *nlh,
			     struct netlink_ext_ack *extack)
{
	const struct sock_diag_req *req = nlmsg_data(nlh);
	const struct sock_diag_handler *h;

	(void)extack;
	if (nlh->nlmsg_type != SOCK_DIAG_BY_FAMILY && nlh->nlmsg_type != SOCK_DESTROY)
		return nlh->nlmsg_type == 18 || nlh->nlmsg_type == 19 ? -ENOENT : -EINVAL;
	if (nlmsg_len(nlh) < (int)sizeof(*req) || req->sdiag_family >= AF_MAX)
		return -EINVAL;
	h = handlers[req->sdiag_family];
	if (!h)
		return -ENOENT;
	if (nlh->nlmsg_type == SOCK_DIAG_BY_FAMILY)
		return h->dump(skb, nlh);
	return h->destroy ? h->destroy(skb, nlh) : -EOPNOTSUPP;
}

static void sock_diag_rcv(struct sk_buff *skb)
{
	netlink_rcv_skb(skb, sock_diag_rcv_msg);
}

int sock_diag_unicast(struct sk_buff *skb, const struct sk_buff *in)
{
	struct sock *diag = netlink_kernel_sock(sock_diag_net(in), NETLINK_SOCK_DIAG);

	return min(netlink_unicast(diag, skb, NETLINK_CB(in).portid, true), 0);
}

void sock_diag_save_cookie(const struct sock *sk, u32 *cookie)
{
	u64 id = siphash_2u64((u64)(unsigned long)sk, 0, &init_net.hash_key);

	cookie[0] = (u32)id;
	cookie[1] = (u32)(id >> 32);
}

int sock_diag_check_cookie(const struct sock *sk, const u32 *cookie)
{
	u32 own[2];

	if (cookie[0] == ~0u && cookie[1] == ~0u)
		return 0;
	sock_diag_save_cookie(sk, own);
	return own[0] == cookie[0] && own[1] == cookie[1] ? 0 : -ESTALE;
}

int sock_diag_put_meminfo(struct sk_buff *skb, const struct sock *sk, int attr)
{
	u32 mem[SK_MEMINFO_VARS] = {
		[SK_MEMINFO_RMEM_ALLOC] = (u32)atomic_read(&sk->sk_rmem_alloc),
		[SK_MEMINFO_RCVBUF] = (u32)sk->sk_rcvbuf,
		[SK_MEMINFO_WMEM_ALLOC] = (u32)(atomic_read(&sk->sk_wmem_alloc) - 1),
		[SK_MEMINFO_SNDBUF] = (u32)sk->sk_sndbuf,
		[SK_MEMINFO_FWD_ALLOC] = (u32)sk->sk_forward_alloc,
		[SK_MEMINFO_WMEM_QUEUED] = (u32)sk->sk_wmem_queued,
		[SK_MEMINFO_OPTMEM] = (u32)atomic_read(&sk->sk_omem_alloc),
		[SK_MEMINFO_BACKLOG] = (u32)sk->sk_backlog.len,
		[SK_MEMINFO_DROPS] = (u32)atomic_read(&sk->sk_drops),
	};

	return nla_put(skb, attr, sizeof(mem), mem);
}

u32 sock_i_ino(const struct sock *sk)
{
	const struct file *f = sk->sk_socket ? sk->sk_socket->file : NULL;

	return f ? (u32)f->f_ino : 0;
}

static int diag_net_init(struct net *net)
{
	static const struct netlink_kernel_cfg cfg = {.groups = 4, .input = sock_diag_rcv};

	return netlink_kernel_create(net, NETLINK_SOCK_DIAG, &cfg) ? 0 : -ENOMEM;
}

static void diag_net_exit(struct net *net)
{
	netlink_kernel_release(net, NETLINK_SOCK_DIAG);
}

static struct pernet_operations diag_net_ops = {
	.name = "sock_diag",
	.init = diag_net_init,
	.exit = diag_net_exit,
};

void sock_diag_init(void)
{
	if (register_pernet_subsys(&diag_net_ops))
		panic("net: cannot register NETLINK_SOCK_DIAG");
}
