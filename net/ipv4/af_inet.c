// SPDX-License-Identifier: BSD-2-Clause
/*
 * The AF_INET protocol family: registration and creation. inet_init() registers everything IPv4
 * has, in the order of one readable list; inet_create() turns (type, protocol) into a proto and a
 * proto_ops by way of inetsw[]. The socket calls themselves: inet_ops.c.
 *
 * Thread context, at boot and from socket(). Left out: AF_INET's SOCK_PACKET compatibility and
 * UDP-Lite. Nothing here knows TCP from UDP: what a type means stands in inetsw_array[].
 */
#include <kernel/lib/capability.h>
#include <kernel/lib/printk.h>
#include <net/arp.h>
#include <net/icmp.h>
#include <net/inet_common.h>
#include <net/inetdevice.h>
#include <net/ip.h>
#include <net/protocol.h>
#include <net/sysctl_ipv4.h>
#include <net/tcp_ops.h>
#include <net/udp.h>
#include <netinet/in.h>
#include <net/ethernet.h>

struct list_head inetsw[SOCK_MAX];

const struct proto_ops inet_stream_ops = {
	.family = PF_INET,
	.release = inet_release,
	.bind = inet_bind,
	.connect = inet_stream_connect,
	.socketpair = sock_no_socketpair,
	.accept = inet_accept,
	.getname = inet_getname,
	.poll = tcp_poll,
	.ioctl = inet_ioctl,
	.listen = inet_listen,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
};

const struct proto_ops inet_dgram_ops = {
	.family = PF_INET,
	.release = inet_release,
	.bind = inet_bind,
	.connect = inet_dgram_connect,
	.socketpair = sock_no_socketpair,
	.accept = sock_no_accept,
	.getname = inet_getname,
	.poll = udp_poll,
	.ioctl = inet_ioctl,
	.listen = sock_no_listen,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
};

const struct proto_ops inet_sockraw_ops = {
	.family = PF_INET,
	.release = inet_release,
	.bind = inet_bind,
	.connect = inet_dgram_connect,
	.socketpair = sock_no_socketpair,
	.accept = sock_no_accept,
	.getname = inet_getname,
	.poll = datagram_poll,
	.ioctl = inet_ioctl,
	.listen = sock_no_listen,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
};

static struct inet_protosw inetsw_array[] = {
	{.type = SOCK_STREAM,
	 .protocol = IPPROTO_TCP,
	 .prot = &tcp_prot,
	 .ops = &inet_stream_ops,
	 .flags = INET_PROTOSW_PERMANENT | INET_PROTOSW_ICSK},
	{.type = SOCK_DGRAM,
	 .protocol = IPPROTO_UDP,
	 .prot = &udp_prot,
	 .ops = &inet_dgram_ops,
	 .flags = INET_PROTOSW_PERMANENT},
	{.type = SOCK_DGRAM,
	 .protocol = IPPROTO_ICMP,
	 .prot = &ping_prot,
	 .ops = &inet_sockraw_ops,
	 .flags = INET_PROTOSW_REUSE},
	{.type = SOCK_RAW,
	 .protocol = IPPROTO_IP /* wild card */,
	 .prot = &raw_prot,
	 .ops = &inet_sockraw_ops,
	 .flags = INET_PROTOSW_REUSE},
};

/* A permanent entry for the same protocol wins over what anybody registers later. */
void inet_register_protosw(struct inet_protosw *p)
{
	struct list_head *last_perm;
	struct inet_protosw *q;

	if (p->type >= SOCK_MAX) {
		pr_err("Ignoring attempt to register invalid socket type %d\n", p->type);
		return;
	}
	last_perm = &inetsw[p->type];
	list_for_each_entry(q, &inetsw[p->type], list) {
		if (!(q->flags & INET_PROTOSW_PERMANENT))
			break;
		if (q->protocol == p->protocol) {
			pr_err("Attempt to override permanent protocol %d\n", p->protocol);
			return;
		}
		last_perm = &q->list;
	}
	list_add(&p->list, last_perm);
}

void inet_unregister_protosw(struct inet_protosw *p)
{
	if (p->flags & INET_PROTOSW_PERMANENT) {
		pr_err("Attempt to unregister permanent protocol %d\n", p->protocol);
		return;
	}
	list_del(&p->list);
}

/* The entry for (type, protocol): an exact match, the type's default for 0, or a wild card. */
static struct inet_protosw *inet_find_protosw(int type, int *protocol, int *err)
{
	struct inet_protosw *answer;

	*err = -ESOCKTNOSUPPORT;
	list_for_each_entry(answer, &inetsw[type], list) {
		*err = 0;
		if (*protocol == answer->protocol) {
			if (*protocol != IPPROTO_IP)
				return answer;
		} else {
			if (*protocol == IPPROTO_IP) {
				*protocol = answer->protocol;
				return answer;
			}
			if (answer->protocol == IPPROTO_IP)
				return answer;
		}
		*err = -EPROTONOSUPPORT;
	}
	return NULL;
}

static void inet_sock_init(struct inet_sock *inet, const struct socket *sock, int protocol)
{
	struct sock *sk = &inet->sk;

	inet->nodefrag = 0;
	if (sock->type == SOCK_RAW) {
		inet->inet_num = (u16)protocol;
		inet->hdrincl = protocol == IPPROTO_RAW;
	}
	inet->pmtudisc =
		sock_net(sk)->ipv4.sysctl_ip_no_pmtu_disc ? IP_PMTUDISC_DONT : IP_PMTUDISC_WANT;
	inet->uc_ttl = -1;
	inet->mc_loop = 1;
	inet->mc_ttl = 1;
	inet->mc_all = 1;
	sk->sk_destruct = inet_sock_destruct;
	sk->sk_protocol = (u16)protocol;
	sk->sk_backlog_rcv = sk->sk_prot->backlog_rcv;
}

/* net_proto_family.create: sock->ops, sock->sk, and the protocol's own init. */
static int inet_create(struct net *net, struct socket *sock, int protocol, bool kern)
{
	struct inet_protosw *answer;
	struct inet_sock *inet;
	struct sock *sk;
	int err;

	if (protocol < 0 || protocol >= IPPROTO_MAX)
		return -EINVAL;
	sock->state = SS_UNCONNECTED;
	answer = inet_find_protosw(sock->type, &protocol, &err);
	if (!answer || err)
		return err ? err : -EPROTONOSUPPORT;
	if (sock->type == SOCK_RAW && !kern && !capable(CAP_NET_RAW))
		return -EPERM;
	sock->ops = answer->ops;
	sk = sk_alloc(net, PF_INET, GFP_KERNEL, answer->prot, kern);
	if (!sk)
		return -ENOBUFS;
	inet = inet_sk(sk);
	inet->is_icsk = !!(answer->flags & INET_PROTOSW_ICSK);
	sock_init_data(sock, sk);
	sk->sk_txrehash = (u8)net->core.txrehash;
	if (answer->flags & INET_PROTOSW_REUSE)
		sk->sk_reuse = 1;
	inet_sock_init(inet, sock, protocol);
	if (inet->inet_num) {
		/* A protocol number chosen at creation acts as the port: into the table now. */
		inet->inet_sport = cpu_to_be16(inet->inet_num);
		err = sk->sk_prot->hash(sk);
	}
	if (!err && sk->sk_prot->init)
		err = sk->sk_prot->init(sk);
	if (err) {
		sk_common_release(sk);
		sock->sk = NULL;
	}
	return err;
}

static const struct net_proto_family inet_family_ops = {
	.family = PF_INET,
	.create = inet_create,
};

static const struct net_protocol tcp_protocol = {
	.handler = tcp_v4_rcv,
	.err_handler = tcp_v4_err,
	.no_policy = true,
	.icmp_strict_tag_validation = true,
};

static const struct net_protocol udp_protocol = {
	.handler = udp_rcv,
	.err_handler = udp_err,
	.no_policy = true,
};

static const struct net_protocol icmp_protocol = {
	.handler = icmp_rcv,
	.err_handler = icmp_err,
	.no_policy = true,
};

static const struct net_protocol igmp_protocol = {
	.handler = igmp_rcv,
};

static struct packet_type ip_packet_type = {
	.type = cpu_to_be16(ETH_P_IP),
	.func = ip_rcv,
};

/* IPv4 into every registry. Once, after net_dev_init and before the first device. */
void inet_init(void)
{
	struct proto *protos[] = {&tcp_prot, &udp_prot, &raw_prot, &ping_prot};
	size_t i;

	ipv4_sysctl_register();
	for (i = 0; i < ARRAY_SIZE(protos); i++) {
		if (proto_register(protos[i], true))
			panic("inet_init: cannot register protocol %s", protos[i]->name);
	}
	if (sock_register(&inet_family_ops))
		panic("inet_init: cannot register the family");
	if (inet_add_protocol(&icmp_protocol, IPPROTO_ICMP) ||
	    inet_add_protocol(&udp_protocol, IPPROTO_UDP) ||
	    inet_add_protocol(&tcp_protocol, IPPROTO_TCP) ||
	    inet_add_protocol(&igmp_protocol, IPPROTO_IGMP))
		panic("inet_init: cannot add the protocols");
	for (i = 0; i < SOCK_MAX; i++)
		INIT_LIST_HEAD(&inetsw[i]);
	for (i = 0; i < ARRAY_SIZE(inetsw_array); i++)
		inet_register_protosw(&inetsw_array[i]);
	arp_init();
	ip_init();
	tcp_init();
	udp_init();
	raw_init();
	ping_init();
	icmp_init();
	igmp_init();
	ipfrag_init();
	if (proto_init() || ip_misc_proc_init())
		panic("inet_init: cannot create /proc/net");
	dev_add_pack(&ip_packet_type);
	inet_diag_init();
}
