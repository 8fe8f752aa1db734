// SPDX-License-Identifier: BSD-2-Clause
/*
 * AF_PACKET (packet(7)): a program's sight of frames as devices bring and send them. SOCK_RAW gives
 * and takes whole frames, SOCK_DGRAM what is behind the link header. A sock has one packet_type in
 * the device floor's lists while it is bound to a protocol and its device is up: ETH_P_ALL shows
 * sent frames too (dev_queue_xmit_nit), another type what comes in; protocol 0 is nothing.
 *
 * packet_rcv() runs in softirq: filter, receive buffer, queue. Calls run in thread context. Options
 * are in packet_sockopt.c, the mapped ring in packet_ring.c, sending in packet_send.c. State hangs
 * from struct net (packet_sklist) and the sock. Left out: SOCK_PACKET, fanout, VLAN tags.
 */
#include <errno.h>
#include <kernel/fs/procfs.h>
#include <kernel/lib/capability.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/uaccess.h>
#include <net/ethernet.h>
#include <net/filter.h>
#include <net/inet_common.h>
#include <net/packet/internal.h>
#include <net/packet/packet.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

static_assert(sizeof(struct packet_skb_cb) <= sizeof(((struct sk_buff *)0)->cb), "fits");

/* ---- the hook; softirqs off ---- */

static void register_prot_hook(struct packet_sock *po)
{
	if (po->running)
		return;
	dev_add_pack(&po->prot_hook);
	po->running = true;
}

static void unregister_prot_hook(struct packet_sock *po)
{
	if (!po->running)
		return;
	dev_remove_pack(&po->prot_hook);
	po->running = false;
}

/* The bound device is another one, or none. */
static void packet_set_dev(struct packet_sock *po, struct net_device *dev)
{
	struct net_device *old = po->prot_hook.dev;

	po->prot_hook.dev = dev ? dev_hold(dev) : NULL;
	if (old)
		dev_put(old);
}

/* ---- from the device ---- */

/* Address and kind of the frame. skb->data may be at either header. */
void packet_fill_ll(struct sk_buff *skb, const struct net_device *dev)
{
	struct sockaddr_ll *ll = &PACKET_SKB_CB(skb)->ll;
	const struct ethhdr *eth = skb_mac_header(skb);

	*ll = (struct sockaddr_ll){.sll_family = AF_PACKET,
				   .sll_protocol = skb->protocol,
				   .sll_ifindex = dev->ifindex,
				   .sll_hatype = dev->type,
				   .sll_pkttype = skb->pkt_type};
	if ((u8 *)(eth + 1) <= skb->tail) {
		ll->sll_halen = ETH_ALEN;
		memcpy(ll->sll_addr, eth->h_source, ETH_ALEN);
	}
}

static void packet_drop(struct packet_sock *po, struct sk_buff *skb)
{
	po->tp_drops++;
	kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_RCVBUFF);
}

/* Consumes skb. */
static void packet_rcv_ring(struct packet_sock *po, struct sk_buff *skb,
			    const struct net_device *dev, u32 snaplen)
{
	packet_fill_ll(skb, dev);
	PACKET_SKB_CB(skb)->origlen = skb->len;
	if (!tpacket_rcv(po, skb, snaplen)) {
		atomic_inc(&po->sk.sk_drops);
		packet_drop(po, skb);
		return;
	}
	po->tp_packets++;
	consume_skb(skb);
	po->sk.sk_data_ready(&po->sk);
}

/* Consumes skb. Softirq. */
static int packet_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt)
{
	struct sock *sk = pt->af_packet_priv;
	struct packet_sock *po = pkt_sk(sk);
	u32 snaplen;

	if (skb->pkt_type == PACKET_LOOPBACK || !net_eq(dev_net(dev), sock_net(sk))) {
		consume_skb(skb);
		return 0;
	}
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return 0;
	if (sk->sk_type != SOCK_DGRAM)
		skb_push(skb, (u32)(skb->data - (u8 *)skb_mac_header(skb)));
	else if (skb->pkt_type == PACKET_OUTGOING)
		skb_pull(skb, (u32)skb_network_offset(skb));
	snaplen = skb->len;
	if (sk->sk_filter)
		snaplen = min(snaplen, bpf_prog_run(sk->sk_filter, skb));
	if (!snaplen && sk->sk_filter) {
		consume_skb(skb); /* not asked for: that is no loss */
		return 0;
	}
	if (po->rx_ring.pages) {
		packet_rcv_ring(po, skb, dev, snaplen);
		return 0;
	}
	/* Before the packet is touched: a flood costs a full sock this much. */
	if (atomic_read(&sk->sk_rmem_alloc) >= sk->sk_rcvbuf) {
		atomic_inc(&sk->sk_drops);
		packet_drop(po, skb);
		return 0;
	}
	packet_fill_ll(skb, dev);
	PACKET_SKB_CB(skb)->origlen = skb->len;
	if (pskb_trim(skb, snaplen)) {
		atomic_inc(&sk->sk_drops);
		packet_drop(po, skb);
		return 0;
	}
	skb_dst_drop(skb);
	if (sock_queue_rcv_skb(sk, skb))
		packet_drop(po, skb);
	else
		po->tp_packets++;
	return 0;
}

/* ---- struct proto and the life of a sock ---- */

static void packet_unhash(struct sock *sk)
{
	local_bh_disable();
	hlist_del_init(&sk->sk_node);
	local_bh_enable();
}

static void packet_destruct(struct sock *sk)
{
	local_bh_disable();
	__skb_queue_purge(&sk->sk_receive_queue, SKB_DROP_REASON_SOCKET_CLOSE);
	local_bh_enable();
	sk_mem_reclaim(sk);
	packet_free_ring(pkt_sk(sk));
}

static struct proto packet_proto = {
	.name = "PACKET",
	.obj_size = sizeof(struct packet_sock),
	.filters = true,
	.unhash = packet_unhash,
};

static int packet_release(struct socket *sock)
{
	struct sock *sk = sock->sk;
	struct packet_sock *po = pkt_sk(sk);

	if (!sk)
		return 0;
	local_bh_disable();
	unregister_prot_hook(po);
	packet_flush_mclist(po);
	packet_set_dev(po, NULL);
	local_bh_enable();
	sock->sk = NULL;
	sk_common_release(sk);
	return 0;
}

/* ---- struct proto_ops ---- */

/* From now on frames of this protocol, of this device. sock locked, softirqs off. */
static int packet_do_bind(struct sock *sk, int ifindex, be16 proto)
{
	struct packet_sock *po = pkt_sk(sk);
	struct net_device *dev = NULL;

	if (ifindex) {
		dev = __dev_get_by_index(sock_net(sk), ifindex);
		if (!dev)
			return -ENODEV;
	}
	if (po->num != proto || po->prot_hook.dev != dev || po->ifindex != ifindex) {
		unregister_prot_hook(po);
		po->num = proto;
		po->prot_hook.type = proto;
		packet_set_dev(po, dev);
		po->ifindex = ifindex;
	}
	if (!proto || po->running)
		return 0;
	if (!dev || netif_running(dev)) {
		register_prot_hook(po);
	} else {
		sk->sk_err = ENETDOWN;
		sk_error_report(sk);
	}
	return 0;
}

static int packet_bind(struct socket *sock, struct sockaddr *addr, int len)
{
	const struct sockaddr_ll *sll = (struct sockaddr_ll *)addr;
	struct sock *sk = sock->sk;
	int err;

	if (len < (int)sizeof(*sll) || sll->sll_family != AF_PACKET)
		return -EINVAL;
	lock_sock(sk);
	local_bh_disable();
	err = packet_do_bind(sk, sll->sll_ifindex,
			     sll->sll_protocol ? sll->sll_protocol : pkt_sk(sk)->num);
	local_bh_enable();
	release_sock(sk);
	return err;
}

static int packet_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	const struct packet_sock *po = pkt_sk(sock->sk);
	const struct net_device *dev = po->prot_hook.dev;
	struct sockaddr_ll *sll = (struct sockaddr_ll *)addr;

	if (peer)
		return -EOPNOTSUPP;
	*sll = (struct sockaddr_ll){
		.sll_family = AF_PACKET, .sll_ifindex = po->ifindex, .sll_protocol = po->num};
	if (dev) {
		sll->sll_hatype = dev->type;
		sll->sll_halen = dev->addr_len;
		memcpy(sll->sll_addr, dev->dev_addr, dev->addr_len);
	}
	return (int)offsetof(struct sockaddr_ll, sll_addr) + sll->sll_halen;
}

u32 packet_csum_status(const struct sk_buff *skb)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return TP_STATUS_CSUMNOTREADY;
	if (skb->pkt_type != PACKET_OUTGOING && skb->ip_summed != CHECKSUM_NONE)
		return TP_STATUS_CSUM_VALID;
	return 0;
}

static void packet_put_auxdata(struct msghdr *msg, const struct sk_buff *skb)
{
	struct tpacket_auxdata aux = {.tp_status = TP_STATUS_USER | packet_csum_status(skb),
				      .tp_len = PACKET_SKB_CB(skb)->origlen,
				      .tp_snaplen = skb->len,
				      .tp_net = (u16)skb_network_offset(skb)};

	put_cmsg(msg, SOL_PACKET, PACKET_AUXDATA, sizeof(aux), &aux);
}

static int packet_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	struct sock *sk = sock->sk;
	struct sk_buff *skb;
	u32 copied, len;
	int err;

	if (flags & ~(MSG_PEEK | MSG_DONTWAIT | MSG_TRUNC | MSG_CMSG_CLOEXEC | MSG_ERRQUEUE))
		return -EINVAL;
	if (flags & MSG_ERRQUEUE)
		return -EAGAIN; /* no sending times are kept for packet socks */
	skb = skb_recv_datagram(sk, (unsigned int)flags, &err);
	if (!skb)
		return err;
	len = skb->len;
	copied = (u32)min_t(size_t, size, len);
	if (copied < len)
		msg->msg_flags |= MSG_TRUNC;
	err = skb_copy_datagram_iter(skb, 0, &msg->msg_iter, copied);
	if (!err) {
		sock_recv_cmsgs(msg, sk, skb);
		if (msg->msg_name) {
			memcpy(msg->msg_name, &PACKET_SKB_CB(skb)->ll, sizeof(struct sockaddr_ll));
			msg->msg_namelen = sizeof(struct sockaddr_ll);
		}
		if (pkt_sk(sk)->auxdata)
			packet_put_auxdata(msg, skb);
	}
	skb_free_datagram(sk, skb);
	return err ? err : (int)(flags & MSG_TRUNC ? len : copied);
}

static int packet_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	struct sock *sk = sock->sk;
	const struct sk_buff *skb;
	int amount = 0;

	if (cmd != SIOCOUTQ && cmd != SIOCINQ)
		return inet_ioctl(sock, cmd, arg); /* time stamps, interfaces, routes */
	local_bh_disable();
	skb = skb_peek(&sk->sk_receive_queue);
	if (cmd == SIOCOUTQ)
		amount = atomic_read(&sk->sk_wmem_alloc) - 1;
	else if (skb)
		amount = (int)skb->len;
	local_bh_enable();
	return copy_to_user((void *)arg, &amount, sizeof(amount));
}

static u32 packet_poll(struct file *file, struct socket *sock, struct poll_table *wait)
{
	u32 mask = datagram_poll(file, sock, wait);

	if (packet_ring_readable(pkt_sk(sock->sk)))
		mask |= EPOLLIN | EPOLLRDNORM;
	return mask;
}

static const struct proto_ops packet_ops = {
	.family = AF_PACKET,
	.release = packet_release,
	.bind = packet_bind,
	.connect = sock_no_connect,
	.socketpair = sock_no_socketpair,
	.accept = sock_no_accept,
	.getname = packet_getname,
	.poll = packet_poll,
	.mmap = packet_mmap,
	.ioctl = packet_ioctl,
	.listen = sock_no_listen,
	.shutdown = sock_no_shutdown,
	.setsockopt = packet_setsockopt,
	.getsockopt = packet_getsockopt,
	.sendmsg = packet_sendmsg,
	.recvmsg = packet_recvmsg,
};

/* ---- devices come and go ---- */

static void packet_dev_event(struct packet_sock *po, enum netdev_event ev, struct net_device *dev)
{
	bool bound = po->ifindex == dev->ifindex;

	if (ev == NETDEV_UNREGISTER)
		packet_dev_mclist_delete(po, dev);
	if (!bound)
		return;
	if (ev == NETDEV_UP && po->num) {
		register_prot_hook(po);
		return;
	}
	if ((ev == NETDEV_DOWN || ev == NETDEV_UNREGISTER) && po->running) {
		unregister_prot_hook(po);
		po->sk.sk_err = ENETDOWN;
		sk_error_report(&po->sk);
	}
	if (ev == NETDEV_UNREGISTER) {
		packet_set_dev(po, NULL);
		po->ifindex = -1;
	}
}

static void packet_notifier_call(struct notifier_block *nb, enum netdev_event ev,
				 struct net_device *dev)
{
	struct sock *sk;

	(void)nb;
	if (ev != NETDEV_UP && ev != NETDEV_DOWN && ev != NETDEV_UNREGISTER)
		return;
	local_bh_disable();
	hlist_for_each_entry(sk, &dev_net(dev)->packet_sklist, sk_node)
		packet_dev_event(pkt_sk(sk), ev, dev);
	local_bh_enable();
}

static struct notifier_block packet_notifier = {.call = packet_notifier_call};

/* ---- registration ---- */

static int packet_create(struct net *net, struct socket *sock, int protocol, bool kern)
{
	struct packet_sock *po;
	struct sock *sk;

	if (!capable(CAP_NET_RAW))
		return -EPERM;
	if (sock->type != SOCK_DGRAM && sock->type != SOCK_RAW)
		return -ESOCKTNOSUPPORT;
	sk = sk_alloc(net, AF_PACKET, GFP_KERNEL, &packet_proto, kern);
	if (!sk)
		return -ENOBUFS;
	sock->state = SS_UNCONNECTED;
	sock->ops = &packet_ops;
	sock_init_data(sock, sk);
	sk->sk_destruct = packet_destruct;
	po = pkt_sk(sk);
	po->num = (be16)protocol; /* the program gives it in network order */
	po->prot_hook.func = packet_rcv;
	po->prot_hook.af_packet_priv = sk;
	po->prot_hook.type = po->num;
	local_bh_disable();
	hlist_add_head(&sk->sk_node, &net->packet_sklist);
	if (po->num)
		register_prot_hook(po);
	local_bh_enable();
	return 0;
}

static const struct net_proto_family packet_family_ops = {
	.family = AF_PACKET,
	.create = packet_create,
};

/* Linux prints the sock's (hashed) address first, and numbers of owner and file last. */
static int packet_seq_show(struct seq_file *m)
{
	struct sock *sk;

	seq_puts(m, "sk       RefCnt Type Proto  Iface R Rmem   User   Inode\n");
	local_bh_disable();
	hlist_for_each_entry(sk, &m->net->packet_sklist, sk_node) {
		const struct packet_sock *po = pkt_sk(sk);

		seq_printf(m, "%016lx %-6d %-4d %04x   %-5d %1d %-6u %-6u %-6lu\n", 0ul,
			   refcount_read(&sk->sk_refcnt), sk->sk_type, be16_to_cpu(po->num),
			   po->ifindex, po->running, (u32)atomic_read(&sk->sk_rmem_alloc), 0, 0ul);
	}
	local_bh_enable();
	return 0;
}

static const struct proc_ops packet_seq_ops = {.show = packet_seq_show};

void packet_init(void)
{
	int err = proto_register(&packet_proto, true);

	if (!err)
		err = sock_register(&packet_family_ops);
	if (err)
		panic("AF_PACKET: not registered: error %d", err);
	register_netdevice_notifier(&packet_notifier);
	packet_diag_init();
	WARN_ON(proc_create("net/packet", 0444, &packet_seq_ops, NULL));
}
