// SPDX-License-Identifier: BSD-2-Clause
/*
 * AF_EXAMPLE: a whole protocol family in one file, to copy from. Datagram sockets whose packets are
 * an Ethernet frame of type 0x88B5 with a header of three words: destination port, source port,
 * length. No reliability, no fragmentation; a datagram that does not fit the device's MTU is
 * -EMSGSIZE.
 *
 * Who calls in: net/socket.c through example_family_ops.create and example_dgram_ops (thread
 * context); net/core/dev.c through example_packet_type (softirq). State hangs from struct net
 * (gen[]), so each namespace has its own ports. docs/adding-a-protocol-family.md walks through it
 * step by step.
 */
#include <errno.h>
#include <kernel/lib/printk.h>
#include <linux/example.h>
#include <net/example/example.h>
#include <net/net.h>
#include <net/netdevice.h>
#include <net/skb_ops.h>
#include <net/sock_ops.h>
#include <netinet/tcp.h>
#include <string.h>

struct example_hdr {
	be16 dport, sport, len; /* len: payload bytes; Ethernet pads short frames */
} __packed;
static_assert(sizeof(struct example_hdr) == 6, "wire");

struct example_sock {
	struct sock sk;		      /* first */
	u16 port;		      /* 0 = not bound */
	struct sockaddr_example peer; /* connect(); family 0 = none */
};
static inline struct example_sock *example_sk(const struct sock *sk)
{
	return (struct example_sock *)sk;
}

/* The namespace's bound socks. */
static struct hlist_head *example_ports(struct net *net)
{
	return net->gen[NET_GEN_EXAMPLE];
}

static struct sock *example_lookup(struct net *net, u16 port)
{
	struct sock *sk;

	hlist_for_each_entry(sk, example_ports(net), sk_node) {
		if (example_sk(sk)->port == port)
			return sk;
	}
	return NULL;
}

/* ---- struct proto: the sock's side ---- */

static int example_get_port(struct sock *sk, u16 port)
{
	int err = -EADDRINUSE;
	u32 p = port ? port : 1024;

	local_bh_disable();
	while (!port && p < 65535 && example_lookup(sock_net(sk), (u16)p))
		p++;
	if (!example_lookup(sock_net(sk), (u16)p)) {
		example_sk(sk)->port = (u16)p;
		hlist_add_head(&sk->sk_node, example_ports(sock_net(sk)));
		err = 0;
	}
	local_bh_enable();
	return err;
}

static void example_unhash(struct sock *sk)
{
	local_bh_disable();
	hlist_del_init(&sk->sk_node);
	local_bh_enable();
}

static void example_destruct(struct sock *sk)
{
	local_bh_disable();
	__skb_queue_purge(&sk->sk_receive_queue, SKB_DROP_REASON_SOCKET_CLOSE);
	local_bh_enable();
	sk_mem_reclaim(sk);
}

static struct proto example_prot = {
	.name = "EXAMPLE",
	.obj_size = sizeof(struct example_sock),
	.unhash = example_unhash,
	.get_port = example_get_port,
};

/* ---- struct proto_ops: the socket's side ---- */

static int example_release(struct socket *sock)
{
	struct sock *sk = sock->sk;

	if (sk) {
		sock->sk = NULL;
		sk_common_release(sk);
	}
	return 0;
}

static int example_bind(struct socket *sock, struct sockaddr *addr, int len)
{
	const struct sockaddr_example *sex = (struct sockaddr_example *)addr;
	struct sock *sk = sock->sk;
	int err = -EINVAL;

	if (len < (int)sizeof(*sex))
		return -EINVAL;
	if (sex->sex_family != AF_EXAMPLE)
		return -EAFNOSUPPORT;
	lock_sock(sk);
	if (!example_sk(sk)->port)
		err = sk->sk_prot->get_port(sk, sex->sex_port);
	if (!err)
		sk->sk_bound_dev_if = sex->sex_ifindex;
	release_sock(sk);
	return err;
}

static int example_connect(struct socket *sock, struct sockaddr *addr, int len, int flags)
{
	struct example_sock *es = example_sk(sock->sk);

	(void)flags;
	if (len < (int)sizeof(es->peer))
		return -EINVAL;
	if (addr->sa_family != AF_EXAMPLE && addr->sa_family != AF_UNSPEC)
		return -EAFNOSUPPORT;
	lock_sock(&es->sk);
	memcpy(&es->peer, addr, sizeof(es->peer)); /* AF_UNSPEC is 0: no peer any more */
	sock->state = addr->sa_family == AF_EXAMPLE ? SS_CONNECTED : SS_UNCONNECTED;
	release_sock(&es->sk);
	return 0;
}

static int example_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	const struct example_sock *es = example_sk(sock->sk);
	struct sockaddr_example *sex = (struct sockaddr_example *)addr;

	if (peer && es->peer.sex_family != AF_EXAMPLE)
		return -ENOTCONN;
	if (peer)
		*sex = es->peer;
	else
		*sex = (struct sockaddr_example){.sex_family = AF_EXAMPLE,
						 .sex_port = es->port,
						 .sex_ifindex = es->sk.sk_bound_dev_if};
	return sizeof(*sex);
}

/* Where a message goes: its own address, or connect()'s. */
static int example_dest(struct example_sock *es, const struct msghdr *msg,
			struct sockaddr_example *dst)
{
	if (!msg->msg_name) {
		*dst = es->peer;
		return dst->sex_family == AF_EXAMPLE ? 0 : -EDESTADDRREQ;
	}
	if (msg->msg_namelen < (int)sizeof(*dst))
		return -EINVAL;
	memcpy(dst, msg->msg_name, sizeof(*dst));
	return dst->sex_family == AF_EXAMPLE ? 0 : -EAFNOSUPPORT;
}

static int example_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct example_sock *es = example_sk(sock->sk);
	struct net *net = sock_net(&es->sk);
	struct sockaddr_example dst;
	struct net_device *dev;
	struct example_hdr *hdr;
	struct sk_buff *skb;
	int err = example_dest(es, msg, &dst);

	if (!err && !es->port) {
		lock_sock(&es->sk);
		err = es->port ? 0 : es->sk.sk_prot->get_port(&es->sk, 0);
		release_sock(&es->sk);
	}
	if (err)
		return err;
	dev = dst.sex_ifindex ? __dev_get_by_index(net, dst.sex_ifindex) : net->loopback_dev;
	if (!dev)
		return -ENODEV;
	if (len > dev->mtu - sizeof(*hdr) || len > 0xffff)
		return -EMSGSIZE;
	dev_hold(dev); /* the next line may sleep */
	skb = sock_alloc_send_skb(&es->sk, MAX_HEADER + sizeof(*hdr) + (u32)len,
				  msg->msg_flags & MSG_DONTWAIT, &err);
	if (!skb)
		goto out;
	skb_reserve(skb, MAX_HEADER);
	hdr = skb_put(skb, sizeof(*hdr));
	*hdr = (struct example_hdr){cpu_to_be16(dst.sex_port), cpu_to_be16(es->port),
				    cpu_to_be16(len)};
	err = -EFAULT;
	if (copy_from_iter(skb_put(skb, (u32)len), len, &msg->msg_iter) != len)
		goto drop;
	skb->dev = dev;
	skb->protocol = cpu_to_be16(ETH_P_EXAMPLE);
	skb_reset_network_header(skb);
	err = -EINVAL;
	if (dev->header_ops->create(skb, dev, ETH_P_EXAMPLE, dst.sex_mac, NULL) < 0)
		goto drop;
	err = dev_queue_xmit(skb);
	goto out;
drop:
	kfree_skb(skb);
out:
	dev_put(dev);
	return err ? err : (int)len;
}

static int example_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	struct sockaddr_example *sex = msg->msg_name;
	const struct example_hdr *hdr;
	struct sk_buff *skb;
	u32 len, copied;
	int err;

	skb = skb_recv_datagram(sock->sk, (unsigned int)flags, &err);
	if (!skb)
		return err;
	hdr = skb_network_header(skb);
	len = skb->len - (u32)sizeof(*hdr);
	copied = (u32)min_t(size_t, size, len);
	if (copied < len)
		msg->msg_flags |= MSG_TRUNC;
	err = skb_copy_datagram_iter(skb, sizeof(*hdr), &msg->msg_iter, copied);
	if (!err && sex) {
		*sex = (struct sockaddr_example){.sex_family = AF_EXAMPLE,
						 .sex_port = be16_to_cpu(hdr->sport),
						 .sex_ifindex = (int)skb->mark};
		memcpy(sex->sex_mac, (u8 *)skb_mac_header(skb) + ETH_ALEN, ETH_ALEN);
		msg->msg_namelen = sizeof(*sex);
	}
	skb_free_datagram(sock->sk, skb);
	return err ? err : (int)(flags & MSG_TRUNC ? len : copied);
}

static const struct proto_ops example_dgram_ops = {
	.family = AF_EXAMPLE,
	.release = example_release,
	.bind = example_bind,
	.connect = example_connect,
	.socketpair = sock_no_socketpair,
	.accept = sock_no_accept,
	.getname = example_getname,
	.poll = datagram_poll,
	.ioctl = sock_no_ioctl,
	.listen = sock_no_listen,
	.shutdown = sock_no_shutdown,
	.sendmsg = example_sendmsg,
	.recvmsg = example_recvmsg,
};

/* ---- from the wire ---- */

static int example_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_OTHERHOST;
	const struct example_hdr *hdr;
	struct sock *sk;

	(void)pt;
	if (skb->pkt_type == PACKET_OTHERHOST)
		goto drop;
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return 0;
	reason = SKB_DROP_REASON_PKT_TOO_SMALL;
	if (!pskb_may_pull(skb, sizeof(*hdr)))
		goto drop;
	skb_reset_network_header(skb);
	hdr = skb_network_header(skb);
	if (be16_to_cpu(hdr->len) > skb->len - sizeof(*hdr) ||
	    pskb_trim(skb, (u32)sizeof(*hdr) + be16_to_cpu(hdr->len)))
		goto drop;
	reason = SKB_DROP_REASON_NO_SOCKET;
	sk = example_lookup(dev_net(dev), be16_to_cpu(hdr->dport));
	if (!sk || (sk->sk_bound_dev_if && sk->sk_bound_dev_if != dev->ifindex))
		goto drop;
	skb->mark = (u32)dev->ifindex; /* skb->dev is not kept while queued */
	reason = SKB_DROP_REASON_SOCKET_RCVBUFF;
	if (!sock_queue_rcv_skb(sk, skb))
		return 0;
drop:
	kfree_skb_reason(skb, reason);
	return 0;
}

static struct packet_type example_packet_type = {
	.type = cpu_to_be16(ETH_P_EXAMPLE),
	.func = example_rcv,
};

/* ---- registration ---- */

static int example_create(struct net *net, struct socket *sock, int protocol, bool kern)
{
	struct sock *sk;

	if (sock->type != SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	if (protocol)
		return -EPROTONOSUPPORT;
	sk = sk_alloc(net, AF_EXAMPLE, GFP_KERNEL, &example_prot, kern);
	if (!sk)
		return -ENOBUFS;
	sock->state = SS_UNCONNECTED;
	sock->ops = &example_dgram_ops;
	sock_init_data(sock, sk);
	sk->sk_destruct = example_destruct;
	return 0;
}

static const struct net_proto_family example_family_ops = {
	.family = AF_EXAMPLE,
	.create = example_create,
};

static int example_net_init(struct net *net)
{
	net->gen[NET_GEN_EXAMPLE] = kzalloc(sizeof(struct hlist_head), GFP_KERNEL);
	return net->gen[NET_GEN_EXAMPLE] ? 0 : -ENOMEM;
}

static void example_net_exit(struct net *net)
{
	kfree(net->gen[NET_GEN_EXAMPLE]);
}

static struct pernet_operations example_net_ops = {
	.name = "example",
	.init = example_net_init,
	.exit = example_net_exit,
};

/* 0 or -errno; undoes what it did on failure. */
int example_init(void)
{
	int err = proto_register(&example_prot, true);

	if (err)
		return err;
	err = register_pernet_subsys(&example_net_ops);
	if (err)
		goto out_proto;
	err = sock_register(&example_family_ops);
	if (err)
		goto out_pernet;
	dev_add_pack(&example_packet_type);
	return 0;
out_pernet:
	unregister_pernet_subsys(&example_net_ops);
out_proto:
	proto_unregister(&example_prot);
	return err;
}

/* Everything back out, in reverse; no socks may be left. */
void example_exit(void)
{
	dev_remove_pack(&example_packet_type);
	sock_unregister(AF_EXAMPLE);
	unregister_pernet_subsys(&example_net_ops);
	proto_unregister(&example_prot);
}

/* A line of the kernel's init table. */
void example_family_init(void)
{
	int err = example_init();

	if (err)
		pr_err("AF_EXAMPLE: not registered: error %d\n", err);
}
