// SPDX-License-Identifier: BSD-2-Clause
/*
 * AF_NETLINK (netlink(7)): how programs talk to parts of the kernel that answer by messages. This
 * file has the family: its protocols (each registered by netlink_kernel_create()), socks with their
 * ports and groups, and proto_ops. Messages go and come in netlink_msg.c, long answers in
 * netlink_dump.c, options are in netlink_opt.c.
 *
 * A sock's address is a port number: by default the program's pid, for its other socks a negative
 * number. Thread context. Left out: loading of protocols, security hooks (the program is root),
 * LISTEN_ALL_NSID's effect.
 */
#include <errno.h>
#include <kernel/lib/hash.h>
#include <kernel/lib/printk.h>
#include <kernel/sched/softirq.h>
#include <kernel/sys.h>
#include <net/netlink/af_netlink.h>
#include <string.h>

#define NETLINK_FIRST_ROVER (-4096) /* ports that are found by trying lie below */

/* The registry: what kernel sides there are. */
static struct {
	bool known;
	unsigned int groups;
} nl_table[MAX_LINKS];

bool netlink_protocol_known(int protocol)
{
	return protocol >= 0 && protocol < MAX_LINKS && nl_table[protocol].known;
}

unsigned int netlink_protocol_groups(int protocol)
{
	return nl_table[protocol].groups;
}

/* ---- ports ---- */

static struct hlist_head *port_bucket(struct net *net, int protocol, u32 portid)
{
	u32 h = hash_32(portid ^ (u32)protocol << 24, 32);

	return &net->netlink->ports[h % NETLINK_HASH_SIZE];
}

struct sock *netlink_lookup(struct net *net, int protocol, u32 portid)
{
	struct sock *sk;

	hlist_for_each_entry(sk, port_bucket(net, protocol, portid), sk_node) {
		if (sk->sk_protocol == protocol && nlk_sk(sk)->portid == portid)
			return sk;
	}
	return NULL;
}

static int netlink_insert(struct sock *sk, u32 portid)
{
	struct netlink_sock *nlk = nlk_sk(sk);
	int err = 0;

	local_bh_disable();
	if (nlk->bound) {
		err = nlk->portid == portid ? 0 : -EBUSY;
	} else if (netlink_lookup(sock_net(sk), sk->sk_protocol, portid)) {
		err = -EADDRINUSE;
	} else {
		nlk->portid = portid;
		nlk->bound = true;
		hlist_add_head(&sk->sk_node, port_bucket(sock_net(sk), sk->sk_protocol, portid));
	}
	local_bh_enable();
	return err;
}

/* The pid for the program's first sock; the others get numbers that no pid has. */
int netlink_autobind(struct sock *sk)
{
	s32 portid = (s32)sys_getpid();
	int err = netlink_insert(sk, (u32)portid);

	while (err == -EADDRINUSE) {
		portid = NETLINK_FIRST_ROVER - 1 - (s32)get_random_u32_below(0x7fff0000);
		err = netlink_insert(sk, (u32)portid);
	}
	return err == -EBUSY ? 0 : err;
}

void netlink_update_groups(struct netlink_sock *nlk, u64 groups)
{
	struct hlist_head *members = &sock_net(&nlk->sk)->netlink->members[nlk->sk.sk_protocol];

	local_bh_disable();
	if (!nlk->groups && groups)
		hlist_add_head(&nlk->sk.sk_bind_node, members);
	else if (nlk->groups && !groups)
		hlist_del_init(&nlk->sk.sk_bind_node);
	nlk->groups = groups;
	local_bh_enable();
}

/* ---- struct proto_ops ---- */

static int netlink_bind(struct socket *sock, struct sockaddr *addr, int len)
{
	const struct sockaddr_nl *nl = (struct sockaddr_nl *)addr;
	struct netlink_sock *nlk = nlk_sk(sock->sk);
	u64 all = ~0ull >> (64 - netlink_protocol_groups(sock->sk->sk_protocol));
	int err;

	if (len < (int)sizeof(*nl) || nl->nl_family != AF_NETLINK)
		return -EINVAL;
	if (nlk->bound && nl->nl_pid != nlk->portid)
		return -EINVAL;
	if (!nlk->bound) {
		err = nl->nl_pid ? netlink_insert(sock->sk, nl->nl_pid)
				 : netlink_autobind(sock->sk);
		if (err)
			return err;
	}
	if (nl->nl_groups || (u32)nlk->groups)
		netlink_update_groups(nlk, (nlk->groups & ~0xffffffffull) | (nl->nl_groups & all));
	return 0;
}

static u32 netlink_group_mask(u32 group)
{
	return group && group <= 32 ? 1u << (group - 1) : 0;
}

static int netlink_connect(struct socket *sock, struct sockaddr *addr, int len, int flags)
{
	const struct sockaddr_nl *nl = (struct sockaddr_nl *)addr;
	struct netlink_sock *nlk = nlk_sk(sock->sk);
	int err = 0;

	if (len < (int)sizeof(addr->sa_family))
		return -EINVAL;
	if (addr->sa_family == AF_UNSPEC) {
		sock->sk->sk_state = NETLINK_UNCONNECTED;
		nlk->dst_portid = nlk->dst_group = 0;
		return 0;
	}
	if (addr->sa_family != AF_NETLINK || len < (int)sizeof(*nl))
		return -EINVAL;
	if (!nlk->bound)
		err = netlink_autobind(sock->sk);
	if (err)
		return err;
	sock->sk->sk_state = NETLINK_CONNECTED;
	nlk->dst_portid = nl->nl_pid;
	nlk->dst_group = nl->nl_groups ? (u32)__builtin_ctz(nl->nl_groups) + 1 : 0;
	return 0;
}

static int netlink_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	const struct netlink_sock *nlk = nlk_sk(sock->sk);
	struct sockaddr_nl *nl = (struct sockaddr_nl *)addr;

	*nl = (struct sockaddr_nl){.nl_family = AF_NETLINK};
	nl->nl_pid = peer ? nlk->dst_portid : nlk->portid;
	nl->nl_groups = peer ? netlink_group_mask(nlk->dst_group) : (u32)nlk->groups;
	return sizeof(*nl);
}

static int netlink_release(struct socket *sock)
{
	struct sock *sk = sock->sk;
	struct netlink_sock *nlk = nlk_sk(sk);

	if (!sk)
		return 0;
	netlink_update_groups(nlk, 0);
	local_bh_disable();
	hlist_del_init(&sk->sk_node);
	nlk->bound = false;
	local_bh_enable();
	netlink_dump_stop(nlk);
	sk->sk_shutdown = SHUTDOWN_MASK;
	wake_up_interruptible_all(&nlk->wait);
	sock->sk = NULL;
	sk_common_release(sk);
	return 0;
}

static const struct proto_ops netlink_ops = {
	.family = PF_NETLINK,
	.release = netlink_release,
	.bind = netlink_bind,
	.connect = netlink_connect,
	.socketpair = sock_no_socketpair,
	.accept = sock_no_accept,
	.getname = netlink_getname,
	.poll = datagram_poll,
	.ioctl = sock_no_ioctl,
	.listen = sock_no_listen,
	.shutdown = sock_no_shutdown,
	.setsockopt = netlink_setsockopt,
	.getsockopt = netlink_getsockopt,
	.sendmsg = netlink_sendmsg,
	.recvmsg = netlink_recvmsg,
};

/* ---- the life of a sock ---- */

static void netlink_unhash(struct sock *sk)
{
	BUG_ON(nlk_sk(sk)->bound || nlk_sk(sk)->groups);
}

static struct proto netlink_proto = {
	.name = "NETLINK",
	.obj_size = sizeof(struct netlink_sock),
	.filters = true,
	.unhash = netlink_unhash,
};

static void netlink_sock_destruct(struct sock *sk)
{
	local_bh_disable();
	__skb_queue_purge(&sk->sk_receive_queue, SKB_DROP_REASON_SOCKET_CLOSE);
	local_bh_enable();
	WARN_ON(atomic_read(&sk->sk_rmem_alloc) || nlk_sk(sk)->cb_running);
}

static struct sock *netlink_create_sock(struct net *net, struct socket *sock, int protocol,
					bool kern)
{
	struct sock *sk = sk_alloc(net, PF_NETLINK, GFP_KERNEL, &netlink_proto, kern);

	if (!sk)
		return NULL;
	if (sock)
		sock->ops = &netlink_ops;
	sock_init_data(sock, sk);
	sk->sk_state = NETLINK_UNCONNECTED;
	sk->sk_protocol = (u16)protocol;
	sk->sk_destruct = netlink_sock_destruct;
	init_waitqueue_head(&nlk_sk(sk)->wait);
	return sk;
}

static int netlink_create(struct net *net, struct socket *sock, int protocol, bool kern)
{
	sock->state = SS_UNCONNECTED;
	if (sock->type != SOCK_RAW && sock->type != SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	if (!netlink_protocol_known(protocol))
		return -EPROTONOSUPPORT;
	return netlink_create_sock(net, sock, protocol, kern) ? 0 : -ENOMEM;
}

/* ---- the kernel's side ---- */

struct sock *netlink_kernel_create(struct net *net, int unit, const struct netlink_kernel_cfg *cfg)
{
	struct sock *sk = netlink_create_sock(net, NULL, unit, true);

	BUG_ON(unit < 0 || unit >= MAX_LINKS || cfg->groups > NETLINK_MAX_GROUPS);
	if (!sk)
		return NULL;
	nlk_sk(sk)->input = cfg->input;
	nl_table[unit].known = true;
	nl_table[unit].groups = max(cfg->groups, 32u);
	BUG_ON(net->netlink->kernel[unit]);
	BUG_ON(netlink_insert(sk, 0));
	net->netlink->kernel[unit] = sk;
	return sk;
}

void netlink_kernel_release(struct net *net, int unit)
{
	struct sock *sk = net->netlink->kernel[unit];

	if (!sk)
		return;
	net->netlink->kernel[unit] = NULL;
	local_bh_disable();
	hlist_del_init(&sk->sk_node);
	local_bh_enable();
	nlk_sk(sk)->bound = false;
	sock_put(sk);
}

struct sock *netlink_kernel_sock(struct net *net, int unit)
{
	return net->netlink ? net->netlink->kernel[unit] : NULL;
}

static void netlink_swallow(struct sk_buff *skb)
{
	(void)skb;
}

/* Protocols without a part of the kernel behind them: between programs, and events of devices. */
static int netlink_net_init(struct net *net)
{
	static const struct netlink_kernel_cfg user = {.groups = 32};
	static const struct netlink_kernel_cfg uevent = {.groups = 1, .input = netlink_swallow};

	net->netlink = kzalloc(sizeof(*net->netlink), GFP_KERNEL);
	if (!net->netlink)
		return -ENOMEM;
	if (netlink_kernel_create(net, NETLINK_USERSOCK, &user) &&
	    netlink_kernel_create(net, NETLINK_KOBJECT_UEVENT, &uevent))
		return 0;
	netlink_kernel_release(net, NETLINK_USERSOCK);
	kfree(net->netlink);
	net->netlink = NULL;
	return -ENOMEM;
}

static void netlink_net_exit(struct net *net)
{
	netlink_kernel_release(net, NETLINK_USERSOCK);
	netlink_kernel_release(net, NETLINK_KOBJECT_UEVENT);
	kfree(net->netlink);
	net->netlink = NULL;
}

static struct pernet_operations netlink_net_ops = {
	.name = "netlink",
	.init = netlink_net_init,
	.exit = netlink_net_exit,
};

static const struct net_proto_family netlink_family_ops = {
	.family = PF_NETLINK,
	.create = netlink_create,
};

/* A line of the kernel's init table, behind the families whose messages are answered. */
void netlink_proto_init(void)
{
	int err = proto_register(&netlink_proto, true);

	if (!err)
		err = register_pernet_subsys(&netlink_net_ops);
	if (!err)
		err = sock_register(&netlink_family_ops);
	if (err)
		panic("net: cannot register AF_NETLINK: error %d", err);
	genl_init();
	netlink_diag_init();
}
