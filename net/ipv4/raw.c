// SPDX-License-Identifier: BSD-2-Clause
/*
 * RAW sockets: a program's own IP protocol. Received datagrams with a matching protocol number are
 * copied to every raw sock that fits, IP header included; sent ones get an IP header unless the
 * program writes it itself (IP_HDRINCL, always for IPPROTO_RAW). ICMP socks can filter by type.
 *
 * Delivery in softirq from ip_local_deliver_finish(), before the protocol's own handler; calls in
 * thread context. RFC 1122 section 3.3.1 has no word on raw access; the behaviour is Linux's
 * raw(7).
 */
#include <errno.h>
#include <kernel/mm/uaccess.h>
#include <net/filter.h>
#include <net/icmp.h>
#include <net/inet_common.h>
#include <net/inetdevice.h>
#include <net/udp.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>

#define RAW_HTABLE_SIZE 256u

struct raw_sock {
	struct inet_sock inet; /* first */
	u32 icmp_filter;       /* bit per ICMP type to keep out */
};
struct raw_hashinfo {
	struct hlist_head ht[RAW_HTABLE_SIZE]; /* by protocol number [h] */
};

static inline struct raw_sock *raw_sk(const struct sock *sk)
{
	return (struct raw_sock *)sk;
}

static int raw_hash_sk(struct sock *sk)
{
	struct raw_hashinfo *h = sock_net(sk)->ipv4.raw_table;

	local_bh_disable();
	if (sk_unhashed(sk)) {
		sock_net(sk)->ipv4.raw_socks++;
		hlist_add_head(&sk->sk_node, &h->ht[inet_sk(sk)->inet_num & (RAW_HTABLE_SIZE - 1)]);
	}
	local_bh_enable();
	return 0;
}

static void raw_unhash_sk(struct sock *sk)
{
	local_bh_disable();
	if (!sk_unhashed(sk))
		sock_net(sk)->ipv4.raw_socks--;
	hlist_del_init(&sk->sk_node);
	local_bh_enable();
}

static bool raw_v4_match(const struct sock *sk, int protocol, const struct iphdr *iph, int dif)
{
	return inet_sk(sk)->inet_num == protocol && (!sk->sk_daddr || sk->sk_daddr == iph->saddr) &&
	       (!sk->sk_rcv_saddr || sk->sk_rcv_saddr == iph->daddr) &&
	       (!sk->sk_bound_dev_if || sk->sk_bound_dev_if == dif);
}

/* True: ICMP_FILTER keeps this type out. skb->data at the ICMP header. */
static bool raw_icmp_filtered(const struct sock *sk, const struct sk_buff *skb)
{
	u8 buf;
	const u8 *type = skb_header_pointer(skb, 0, 1, &buf);

	return !type || (*type < 32 && raw_sk(sk)->icmp_filter >> *type & 1);
}

/* Takes the copy: with the IP header in front, as raw socks read it. */
static void raw_rcv(struct sock *sk, struct sk_buff *skb)
{
	skb_push(skb, (u32)(skb->data - (u8 *)skb_network_header(skb)));
	if (unlikely(sk_filter_trim_cap(sk, skb, 1)))
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_FILTER);
	else if (sock_queue_rcv_skb(sk, skb))
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_RCVBUFF);
}

bool raw_local_deliver(struct sk_buff *skb, int protocol)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct net *net = dev_net(skb->dev);
	struct hlist_node *next;
	bool delivered = false;
	struct sock *sk;

	hlist_for_each_entry_safe(sk, next, &net->ipv4.raw_table->ht[protocol & 255], sk_node) {
		struct sk_buff *copy;

		if (!raw_v4_match(sk, protocol, iph, skb->dev->ifindex))
			continue;
		delivered = true;
		if (protocol == IPPROTO_ICMP && raw_icmp_filtered(sk, skb))
			continue;
		if (ipv4_is_multicast(iph->daddr) &&
		    !ip_mc_sf_allow(sk, iph->daddr, iph->saddr, skb->dev->ifindex))
			continue;
		copy = skb_clone(skb, GFP_ATOMIC);
		if (copy)
			raw_rcv(sk, copy);
		else
			atomic_inc(&sk->sk_drops);
	}
	return delivered;
}

/* skb->data: the embedded IP header. */
void raw_icmp_error(struct sk_buff *skb, int protocol, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct icmphdr *icmph = skb_transport_header(skb);
	struct net *net = dev_net(skb->dev);
	struct sock *sk;

	hlist_for_each_entry(sk, &net->ipv4.raw_table->ht[protocol & 255], sk_node) {
		struct iphdr sent = *iph;
		bool hard = false;
		int err = EHOSTUNREACH;

		swap(sent.saddr, sent.daddr); /* seen as if it came from where it went */
		if (!raw_v4_match(sk, protocol, &sent, skb->dev->ifindex))
			continue;
		if (icmph->type == ICMP_DEST_UNREACH && icmph->code <= NR_ICMP_UNREACH) {
			err = icmp_err_convert[icmph->code].error;
			hard = icmp_err_convert[icmph->code].fatal;
			if (icmph->code == ICMP_FRAG_NEEDED) {
				err = EMSGSIZE;
				hard = inet_sk(sk)->pmtudisc != IP_PMTUDISC_DONT;
			}
		} else if (icmph->type == ICMP_PARAMETERPROB) {
			err = EPROTO;
			hard = true;
		}
		if (inet_sk(sk)->recverr)
			ip_icmp_error(sk, skb, err, info, skb->data + iph->ihl * 4);
		if (inet_sk(sk)->recverr || (hard && sk->sk_state == TCP_ESTABLISHED)) {
			sk->sk_err = err;
			sk_error_report(sk);
		}
	}
}

/* The program wrote the IP header: fill what it may leave open (raw(7)), check the rest, send. */
static int raw_send_hdrinc(struct sock *sk, const struct flowi4 *fl4, struct sk_buff *skb,
			   struct rtable *rt)
{
	struct net *net = sock_net(sk);
	struct iphdr *iph;
	u32 len = skb->len;

	if (len > rt->dst.dev->mtu) {
		kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_BIG);
		ip_local_error(sk, EMSGSIZE, fl4->daddr, 0, rt->dst.dev->mtu);
		return -EMSGSIZE;
	}
	if (!pskb_may_pull(skb, sizeof(*iph)) ||
	    !pskb_may_pull(skb, ((struct iphdr *)skb->data)->ihl * 4u) ||
	    ((struct iphdr *)skb->data)->ihl < 5) {
		kfree_skb_reason(skb, SKB_DROP_REASON_RAW_HDRINCL);
		return -EINVAL;
	}
	skb_reset_network_header(skb);
	iph = ip_hdr(skb);
	skb_set_transport_header(skb, iph->ihl * 4);
	if (!iph->saddr)
		iph->saddr = fl4->saddr;
	if (!iph->id)
		ip_select_ident(net, iph, NULL, 1);
	iph->tot_len = cpu_to_be16(len);
	ip_send_check(iph);
	skb->protocol = cpu_to_be16(0x0800);
	skb->ip_summed = CHECKSUM_NONE;
	skb_dst_set(skb, dst_hold(&rt->dst));
	return ip_local_out(net, sk, skb);
}

static int raw_sendmsg(struct sock *sk, struct msghdr *msg, size_t len)
{
	struct inet_sock *inet = inet_sk(sk);
	struct sockaddr_in dst = {0};
	struct ipcm_cookie ipc;
	struct sk_buff *skb;
	struct flowi4 fl4;
	struct rtable *rt;
	int err;

	if (len > 0xffff)
		return -EMSGSIZE;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	err = ip4_datagram_dest(sk, msg, &dst, &ipc);
	if (err)
		return err;
	dst.sin_port = inet->inet_dport; /* a raw sock's peer has no port */
	rt = ip4_datagram_route(sk, &dst, &ipc, msg->msg_flags, &fl4);
	if (IS_ERR(rt))
		return (int)PTR_ERR(rt);
	skb = ip_make_skb(sk, &fl4, msg, 0, rt);
	if (IS_ERR(skb)) {
		err = (int)PTR_ERR(skb);
	} else if (inet->hdrincl) {
		err = raw_send_hdrinc(sk, &fl4, skb, rt);
	} else {
		skb_reset_transport_header(skb);
		err = ip_send_skb(sk, &fl4, skb, &ipc, rt);
	}
	if (err == -ENOBUFS && !inet->recverr)
		err = 0;
	dst_release(&rt->dst);
	return err ? err : (int)len;
}

static int raw_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags, int *addr_len)
{
	struct ip4_recv r = {.size = len, .flags = flags, .addr_len = addr_len};
	struct sk_buff *skb;
	int err;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (flags & MSG_ERRQUEUE)
		return ip_recv_error(sk, msg, (int)len, addr_len);
	skb = skb_recv_datagram(sk, (unsigned int)flags, &err);
	return skb ? ip4_datagram_recv(sk, msg, skb, 0, &r) : err;
}

/* bind() fixes the local address; there is no port to take. */
static int raw_bind(struct sock *sk, struct sockaddr *uaddr, int len)
{
	const struct sockaddr_in *addr = (struct sockaddr_in *)uaddr;
	struct inet_sock *inet = inet_sk(sk);
	unsigned int type;
	int err = -EINVAL;

	if (len < (int)sizeof(*addr))
		return -EINVAL;
	lock_sock(sk);
	if (sk->sk_state == TCP_CLOSE) {
		type = inet_addr_type(sock_net(sk), addr->sin_addr.s_addr);
		err = -EADDRNOTAVAIL;
		if (inet_addr_valid_or_nonlocal(sock_net(sk), inet, addr->sin_addr.s_addr, type)) {
			inet->inet_rcv_saddr = inet->inet_saddr = addr->sin_addr.s_addr;
			if (type == RTN_MULTICAST || type == RTN_BROADCAST)
				inet->inet_saddr = 0;
			sk_dst_reset(sk);
			err = 0;
		}
	}
	release_sock(sk);
	return err;
}

static int raw_setsockopt(struct sock *sk, int level, int name, const void *optval, int optlen)
{
	if (level != SOL_RAW)
		return ip_setsockopt(sk, level, name, optval, optlen);
	if (name != ICMP_FILTER)
		return -ENOPROTOOPT;
	if (inet_sk(sk)->inet_num != IPPROTO_ICMP)
		return -EOPNOTSUPP;
	if (optlen < 0)
		return -EINVAL;
	return copy_from_user(&raw_sk(sk)->icmp_filter, optval, min_t(size_t, (size_t)optlen, 4));
}

static int raw_getsockopt(struct sock *sk, int level, int name, void *optval, int *optlen)
{
	int len;

	if (level != SOL_RAW)
		return ip_getsockopt(sk, level, name, optval, optlen);
	if (name != ICMP_FILTER)
		return -ENOPROTOOPT;
	if (inet_sk(sk)->inet_num != IPPROTO_ICMP)
		return -EOPNOTSUPP;
	if (copy_from_user(&len, optlen, sizeof(len)))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	len = min_t(int, len, 4);
	if (copy_to_user(optlen, &len, sizeof(len)))
		return -EFAULT;
	return copy_to_user(optval, &raw_sk(sk)->icmp_filter, (size_t)len);
}

static int raw_ioctl(struct sock *sk, int cmd, unsigned long arg)
{
	const struct sk_buff *skb;
	int amount = 0;

	if (cmd != SIOCOUTQ && cmd != SIOCINQ)
		return -ENOTTY;
	local_bh_disable();
	skb = skb_peek(&sk->sk_receive_queue);
	if (cmd == SIOCOUTQ)
		amount = atomic_read(&sk->sk_wmem_alloc) - 1;
	else if (skb)
		amount = (int)skb->len;
	local_bh_enable();
	return copy_to_user((void *)arg, &amount, sizeof(amount));
}

static void raw_close(struct sock *sk, long timeout)
{
	(void)timeout;
	sk_common_release(sk);
}

void raw_for_each(struct net *net, void (*fn)(struct sock *sk, void *arg), void *arg)
{
	struct sock *sk;
	u32 i;

	local_bh_disable();
	for (i = 0; i < RAW_HTABLE_SIZE; i++) {
		hlist_for_each_entry(sk, &net->ipv4.raw_table->ht[i], sk_node)
			fn(sk, arg);
	}
	local_bh_enable();
}

struct proto raw_prot = {
	.name = "RAW",
	.filters = true,
	.obj_size = sizeof(struct raw_sock),
	.no_autobind = true,
	.close = raw_close,
	.connect = ip4_datagram_connect,
	.disconnect = inet_dgram_disconnect,
	.ioctl = raw_ioctl,
	.setsockopt = raw_setsockopt,
	.getsockopt = raw_getsockopt,
	.sendmsg = raw_sendmsg,
	.recvmsg = raw_recvmsg,
	.bind = raw_bind,
	.hash = raw_hash_sk,
	.unhash = raw_unhash_sk,
};

static int raw_net_init(struct net *net)
{
	net->ipv4.raw_table = kzalloc(sizeof(*net->ipv4.raw_table), GFP_KERNEL);
	return net->ipv4.raw_table ? 0 : -ENOMEM;
}

static void raw_net_exit(struct net *net)
{
	kfree(net->ipv4.raw_table);
	net->ipv4.raw_table = NULL;
}

static struct pernet_operations raw_net_ops = {
	.name = "raw",
	.init = raw_net_init,
	.exit = raw_net_exit,
};

void raw_init(void)
{
	if (register_pernet_subsys(&raw_net_ops))
		panic("raw: no memory for the table");
}
