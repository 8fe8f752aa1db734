// SPDX-License-Identifier: BSD-2-Clause
/*
 * Sending on AF_PACKET: whole frames (SOCK_RAW) or what goes behind a link header that the device
 * floor writes (SOCK_DGRAM), to the bound device or to the one that the address names. A frame must
 * have its whole link header and fit the MTU, four bytes more if it carries a VLAN tag.
 *
 * packet_sendmsg() is proto_ops.sendmsg, thread context; sleeps for room in the send buffer. The
 * packet goes through dev_queue_xmit() like every other, so the device's queue bounds it. Control
 * messages of level SOL_SOCKET (SO_MARK, SCM_TXTIME) are refused: -EINVAL.
 */
#include <errno.h>
#include <net/cmsg.h>
#include <net/ethernet.h>
#include <net/packet/internal.h>
#include <stddef.h>

#define VLAN_HLEN 4

/* Where a frame goes, and as what. dev is held. */
struct packet_dest {
	struct net_device *dev;
	const u8 *addr; /* NULL: the device's own idea of it */
	be16 proto;
};

static int packet_check_cmsgs(const struct msghdr *msg)
{
	struct cmsghdr *cmsg;

	for_each_cmsghdr(cmsg, msg)
	{
		if (!cmsg_ok(msg, cmsg) || cmsg->cmsg_level == SOL_SOCKET)
			return -EINVAL;
	}
	return 0;
}

static int packet_dest_get(struct packet_sock *po, const struct msghdr *msg, struct packet_dest *d)
{
	const struct sockaddr_ll *sll = msg->msg_name;
	const int head = offsetof(struct sockaddr_ll, sll_addr);

	d->addr = NULL;
	if (!sll) {
		d->dev = po->prot_hook.dev;
		d->proto = po->num;
	} else {
		if (msg->msg_namelen < (int)sizeof(*sll) ||
		    msg->msg_namelen < head + sll->sll_halen)
			return -EINVAL;
		d->proto = sll->sll_protocol;
		d->dev = __dev_get_by_index(sock_net(&po->sk), sll->sll_ifindex);
		if (po->sk.sk_type == SOCK_DGRAM) {
			if (d->dev && msg->msg_namelen < head + d->dev->addr_len)
				return -EINVAL;
			d->addr = sll->sll_addr;
		}
	}
	if (!d->dev)
		return -ENXIO;
	if (!netif_running(d->dev))
		return -ENETDOWN;
	dev_hold(d->dev);
	return 0;
}

static bool is_vlan(const struct sk_buff *skb)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;

	return eth->h_proto == cpu_to_be16(ETH_P_8021Q);
}

/* The program's bytes into skb, link header first; skb->data is at it afterwards. 0 or -errno. */
static int packet_fill(struct sk_buff *skb, struct msghdr *msg, u32 len,
		       const struct packet_dest *d)
{
	struct net_device *dev = d->dev;
	bool raw = skb->sk->sk_type == SOCK_RAW;

	if (raw && len < dev->hard_header_len)
		return -EINVAL;
	if (copy_from_iter(skb_put(skb, len), len, &msg->msg_iter) != len)
		return -EFAULT;
	skb->dev = dev;
	skb->protocol = d->proto;
	if (!raw) {
		skb_reset_network_header(skb);
		return dev->header_ops->create(skb, dev, be16_to_cpu(d->proto), d->addr, NULL) < 0
			       ? -EINVAL
			       : 0;
	}
	skb->network_header = (u16)(skb->data - skb->head + dev->hard_header_len);
	if (!d->proto || d->proto == cpu_to_be16(ETH_P_ALL))
		skb->protocol = ((const struct ethhdr *)skb->data)->h_proto;
	return 0;
}

int packet_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct sock *sk = sock->sk;
	u32 reserve = 0, most;
	struct packet_dest d;
	struct sk_buff *skb;
	int err;

	err = packet_dest_get(pkt_sk(sk), msg, &d);
	if (err)
		return err;
	err = packet_check_cmsgs(msg);
	if (err)
		goto out;
	if (sk->sk_type == SOCK_RAW)
		reserve = d.dev->hard_header_len;
	most = d.dev->mtu + reserve;
	err = -EMSGSIZE;
	if (len > most + VLAN_HLEN)
		goto out;
	skb = sock_alloc_send_skb(sk, MAX_HEADER + (u32)len, msg->msg_flags & MSG_DONTWAIT, &err);
	if (!skb)
		goto out;
	/* The link header ends where room for headers does: IP lies aligned behind it. */
	skb_reserve(skb, MAX_HEADER - reserve);
	err = packet_fill(skb, msg, (u32)len, &d);
	if (!err && len > most && !is_vlan(skb))
		err = -EMSGSIZE;
	if (err) {
		kfree_skb(skb);
		goto out;
	}
	skb->priority = sk->sk_priority;
	skb->mark = sk->sk_mark;
	err = dev_queue_xmit(skb);
out:
	dev_put(d.dev);
	return err ? err : (int)len;
}
