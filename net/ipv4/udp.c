// SPDX-License-Identifier: BSD-2-Clause
/*
 * UDP (RFC 768, RFC 1122 section 4.1): sending, receiving, errors. The table of socks: udp_hash.c;
 * connect and routing of a message: datagram.c; options and corking: udp_opt.c.
 *
 * A datagram goes down by one copy from the program into page fragments (ip_make_skb) and comes up
 * by reference into the receive queue. The checksum is left to the device where it can do it,
 * except for datagrams that IP will cut into fragments.
 *
 * Sending in thread context; udp_rcv and udp_err in softirq, through inet_protos[].
 */
#include <errno.h>
#include <net/checksum.h>
#include <net/filter.h>
#include <net/icmp.h>
#include <net/inet_common.h>
#include <net/inetdevice.h>
#include <net/udp_impl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <kernel/mm/uaccess.h>

static inline struct udphdr *udp_hdr(const struct sk_buff *skb)
{
	return skb_transport_header(skb);
}

/* Fill in the header in front of the payload, and the checksum or the wish for one. */
static void udp_set_header(struct sock *sk, struct sk_buff *skb, const struct flowi4 *fl4,
			   const struct rtable *rt)
{
	struct udphdr *uh = (struct udphdr *)skb->data;
	u32 len = skb->len;
	sum16 check;

	skb_reset_transport_header(skb);
	uh->source = fl4->fl4_sport;
	uh->dest = fl4->fl4_dport;
	uh->len = cpu_to_be16(len);
	uh->check = 0;
	if (sk->sk_no_check_tx) {
		skb->ip_summed = CHECKSUM_NONE;
		return;
	}
	if (len + sizeof(struct iphdr) + 40 <= dst_mtu(&rt->dst)) {
		uh->check = (sum16)~csum_tcpudp_magic(fl4->saddr, fl4->daddr, len, IPPROTO_UDP, 0);
		skb->csum_start = skb->transport_header;
		skb->csum_offset = offsetof(struct udphdr, check);
		skb->ip_summed = CHECKSUM_PARTIAL;
		return;
	}
	check = csum_tcpudp_magic(fl4->saddr, fl4->daddr, len, IPPROTO_UDP,
				  skb_checksum(skb, 0, len, 0));
	uh->check = check ? check : (sum16)0xffff;
	skb->ip_summed = CHECKSUM_NONE;
}

/* One datagram from msg_iter to dst. Bytes or -errno. */
int udp_send_one(struct sock *sk, struct msghdr *msg, u32 len, const struct sockaddr_in *dst,
		 const struct ipcm_cookie *ipc)
{
	struct net *net = sock_net(sk);
	struct sk_buff *skb;
	struct flowi4 fl4;
	struct rtable *rt;
	int err;

	if (!dst->sin_port)
		return -EINVAL;
	rt = ip4_datagram_route(sk, dst, ipc, msg->msg_flags, &fl4);
	if (IS_ERR(rt))
		return (int)PTR_ERR(rt);
	skb = ip_make_skb(sk, &fl4, msg, sizeof(struct udphdr), rt);
	if (IS_ERR(skb)) {
		err = (int)PTR_ERR(skb);
		goto out;
	}
	udp_set_header(sk, skb, &fl4, rt);
	err = ip_send_skb(sk, &fl4, skb, ipc, rt);
	/* A full device queue is not an error of the program unless it asked (IP_RECVERR). */
	if (err == -ENOBUFS && !inet_sk(sk)->recverr) {
		UDP_INC_STATS(net, UDP_MIB_SNDBUFERRORS);
		err = 0;
	}
	if (!err)
		UDP_INC_STATS(net, UDP_MIB_OUTDATAGRAMS);
out:
	if (err == -ENOBUFS)
		UDP_INC_STATS(net, UDP_MIB_SNDBUFERRORS);
	dst_release(&rt->dst);
	return err ? err : (int)len;
}

static int udp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len)
{
	struct udp_sock *up = udp_sk(sk);
	struct sockaddr_in dst = {0};
	struct ipcm_cookie ipc;
	int err;

	if (len > 0xffff)
		return -EMSGSIZE;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (up->corkflag || msg->msg_flags & MSG_MORE || up->pending_len)
		return udp_cork_sendmsg(sk, msg, (u32)len);
	err = ip4_datagram_dest(sk, msg, &dst, &ipc);
	if (err)
		return err;
	if (len > 0xffff - sizeof(struct udphdr) - sizeof(struct iphdr))
		return -EMSGSIZE;
	return udp_send_one(sk, msg, (u32)len, &dst, &ipc);
}

static int udp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags, int *addr_len)
{
	struct ip4_recv r = {.size = len, .flags = flags, .addr_len = addr_len};
	struct sk_buff *skb;
	int err;

	if (flags & MSG_ERRQUEUE)
		return ip_recv_error(sk, msg, (int)len, addr_len);
	skb = skb_recv_datagram(sk, (unsigned int)flags, &err);
	if (!skb)
		return err;
	if (!(flags & MSG_PEEK))
		UDP_INC_STATS(sock_net(sk), UDP_MIB_INDATAGRAMS);
	r.sport = udp_hdr(skb)->source;
	return ip4_datagram_recv(sk, msg, skb, sizeof(struct udphdr), &r);
}

int udp_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	struct net *net = sock_net(sk);
	int err;

	if (unlikely(sk_filter_trim_cap(sk, skb, sizeof(struct udphdr)))) {
		UDP_INC_STATS(net, UDP_MIB_INERRORS);
		atomic_inc(&sk->sk_drops);
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_FILTER);
		return -EPERM;
	}
	err = sock_queue_rcv_skb(sk, skb);
	if (likely(!err))
		return 0;
	UDP_INC_STATS(net, err == -ENOMEM ? UDP_MIB_RCVBUFERRORS : UDP_MIB_MEMERRORS);
	UDP_INC_STATS(net, UDP_MIB_INERRORS);
	kfree_skb_reason(skb, err == -ENOMEM ? SKB_DROP_REASON_SOCKET_RCVBUFF
					     : SKB_DROP_REASON_PROTO_MEM);
	return err;
}

/* Length and checksum; SKB_NOT_DROPPED_YET when good. The datagram is cut to its own length. */
static enum skb_drop_reason udp_check_datagram(struct sk_buff *skb)
{
	const struct iphdr *iph;
	const struct udphdr *uh;
	wsum pseudo;
	u32 ulen;

	if (!pskb_may_pull(skb, sizeof(*uh)))
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	skb_reset_transport_header(skb);
	uh = udp_hdr(skb);
	ulen = be16_to_cpu(uh->len);
	if (ulen > skb->len || ulen < sizeof(*uh))
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	if (pskb_trim_rcsum(skb, ulen))
		return SKB_DROP_REASON_NOMEM;
	uh = udp_hdr(skb);
	iph = ip_hdr(skb);
	if (!uh->check || skb->ip_summed != CHECKSUM_NONE)
		return SKB_NOT_DROPPED_YET;
	pseudo = csum_tcpudp_nofold(iph->saddr, iph->daddr, ulen, IPPROTO_UDP, 0);
	return skb_checksum_complete(skb, pseudo) ? SKB_NOT_DROPPED_YET : SKB_DROP_REASON_UDP_CSUM;
}

/* Nobody is there: an ICMP error, unless it was sent to many (RFC 1122 section 4.1.3.1). */
static void udp_no_port(struct net *net, struct sk_buff *skb)
{
	UDP_INC_STATS(net, UDP_MIB_NOPORTS);
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
	kfree_skb_reason(skb, SKB_DROP_REASON_NO_SOCKET);
}

int udp_rcv(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	enum skb_drop_reason reason = udp_check_datagram(skb);
	const struct rtable *rt = skb_rtable(skb);
	struct udp_tuple t;
	struct sock *sk;

	if (unlikely(reason != SKB_NOT_DROPPED_YET)) {
		if (reason == SKB_DROP_REASON_UDP_CSUM)
			UDP_INC_STATS(net, UDP_MIB_INCSUMERRORS);
		UDP_INC_STATS(net, UDP_MIB_INERRORS);
		kfree_skb_reason(skb, reason);
		return 0;
	}
	t = (struct udp_tuple){.saddr = ip_hdr(skb)->saddr,
			       .daddr = ip_hdr(skb)->daddr,
			       .sport = udp_hdr(skb)->source,
			       .hnum = be16_to_cpu(udp_hdr(skb)->dest),
			       .dif = skb->dev->ifindex};
	if (rt && rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		if (udp_mcast_deliver(net, skb, &t))
			consume_skb(skb);
		else
			kfree_skb_reason(skb, SKB_DROP_REASON_NO_SOCKET);
		return 0;
	}
	sk = __udp4_lib_lookup(net, &t);
	if (unlikely(!sk)) {
		udp_no_port(net, skb);
		return 0;
	}
	udp_queue_rcv_skb(sk, skb);
	return 0;
}

/* An ICMP error about a datagram that we sent. skb->data: the embedded IP header. Keeps skb. */
int udp_err(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct udphdr *uh = (const struct udphdr *)(skb->data + iph->ihl * 4);
	const struct icmphdr *icmph = skb_transport_header(skb);
	struct net *net = dev_net(skb->dev);
	struct udp_tuple t = {.saddr = iph->daddr,
			      .daddr = iph->saddr,
			      .sport = uh->dest,
			      .hnum = be16_to_cpu(uh->source),
			      .dif = skb->dev->ifindex};
	struct sock *sk = __udp4_lib_lookup(net, &t);
	bool hard = false;
	int err = EHOSTUNREACH;

	if (!sk) {
		ICMP_INC_STATS(net, ICMP_MIB_INERRORS);
		return -ENOENT;
	}
	if (icmph->type == ICMP_PARAMETERPROB) {
		err = EPROTO;
		hard = true;
	} else if (icmph->type == ICMP_DEST_UNREACH) {
		if (icmph->code > NR_ICMP_UNREACH)
			return 0;
		err = icmp_err_convert[icmph->code].error;
		hard = icmp_err_convert[icmph->code].fatal;
		if (icmph->code == ICMP_FRAG_NEEDED) {
			if (inet_sk(sk)->pmtudisc == IP_PMTUDISC_DONT)
				return 0;
			err = EMSGSIZE;
			hard = true;
		}
	} else if (icmph->type != ICMP_TIME_EXCEEDED) {
		return 0;
	}
	/* RFC 1122 4.1.3.3: hard errors reach a connected sock; all reach one that asked for them.
	 */
	if (!inet_sk(sk)->recverr) {
		if (!hard || sk->sk_state != TCP_ESTABLISHED)
			return 0;
	} else {
		ip_icmp_error(sk, skb, err, info, (const u8 *)uh);
	}
	sk->sk_err = err;
	sk_error_report(sk);
	return 0;
}

static int udp_ioctl(struct sock *sk, int cmd, unsigned long arg)
{
	const struct sk_buff *skb;
	int amount = 0;

	if (cmd == SIOCOUTQ) {
		amount = atomic_read(&sk->sk_wmem_alloc) - 1;
	} else if (cmd == SIOCINQ) {
		local_bh_disable();
		skb = skb_peek(&sk->sk_receive_queue);
		if (skb)
			amount = (int)(skb->len - sizeof(struct udphdr));
		local_bh_enable();
	} else {
		return -ENOTTY;
	}
	return copy_to_user((void *)arg, &amount, sizeof(amount));
}

u32 udp_poll(struct file *file, struct socket *sock, struct poll_table *wait)
{
	return datagram_poll(file, sock, wait);
}

static void udp_destroy_sock(struct sock *sk)
{
	kfree(udp_sk(sk)->pending);
	udp_sk(sk)->pending = NULL;
	udp_sk(sk)->pending_len = 0;
}

static void udp_close(struct sock *sk, long timeout)
{
	(void)timeout;
	sk_common_release(sk);
}

static void udp_shutdown(struct sock *sk, int how)
{
	(void)how; /* a reader that waits sees sk_shutdown when sk_state_change wakes it */
	sk->sk_state_change(sk);
}

static int udp_abort(struct sock *sk, int err)
{
	lock_sock(sk);
	sk->sk_err = err;
	sk_error_report(sk);
	release_sock(sk);
	return inet_dgram_disconnect(sk, 0);
}

static long *udp_memory_allocated(struct net *net)
{
	return &net->ipv4.udp_memory_allocated;
}

static const long *udp_sysctl_mem(struct net *net)
{
	return net->ipv4.sysctl_udp_mem;
}

struct proto udp_prot = {
	.name = "UDP",
	.filters = true,
	.obj_size = sizeof(struct udp_sock),
	.close = udp_close,
	.connect = ip4_datagram_connect,
	.disconnect = inet_dgram_disconnect,
	.ioctl = udp_ioctl,
	.destroy = udp_destroy_sock,
	.shutdown = udp_shutdown,
	.setsockopt = udp_setsockopt,
	.getsockopt = udp_getsockopt,
	.sendmsg = udp_sendmsg,
	.recvmsg = udp_recvmsg,
	.hash = udp_lib_hash,
	.unhash = udp_lib_unhash,
	.get_port = udp_v4_get_port,
	.diag_destroy = udp_abort,
	.memory_allocated = udp_memory_allocated,
	.sysctl_mem = udp_sysctl_mem,
};

static struct pernet_operations udp_net_ops = {
	.name = "udp",
	.init = udp_table_init,
	.exit = udp_table_exit,
};

void udp_init(void)
{
	if (register_pernet_subsys(&udp_net_ops))
		panic("udp: no memory for the port table");
}
