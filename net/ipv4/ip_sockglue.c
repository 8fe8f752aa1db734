// SPDX-License-Identifier: BSD-2-Clause
/*
 * Between IP and sockets: control messages of level IPPROTO_IP in both directions (ip(7):
 * IP_PKTINFO, IP_TTL, IP_TOS, IP_RETOPTS, IP_RECVOPTS, IP_ORIGDSTADDR) and the error queue that
 * IP_RECVERR opens: ICMP errors with what they are about, and errors of our own about a send.
 *
 * Called by the datagram transports' sendmsg and recvmsg (thread) and err_handlers (softirq). The
 * options of setsockopt are ip_sockopt.c. IP_CHECKSUM, IP_PASSSEC and IP_RECVFRAGSIZE are left out.
 */
#include <errno.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/softirq.h>
#include <net/cmsg.h>
#include <net/errqueue.h>
#include <net/inetdevice.h>
#include <net/ip.h>
#include <net/net.h>
#include <net/tstamp.h>
#include <netinet/ip_icmp.h>
#include <string.h>

static void cmsg_recv_pktinfo(struct msghdr *msg, const struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);
	struct in_pktinfo info = {.ipi_ifindex = IPCB(skb)->iif,
				  .ipi_addr.s_addr = ip_hdr(skb)->daddr};

	info.ipi_spec_dst.s_addr = ip_hdr(skb)->daddr;
	if (rt && rt->rt_type != RTN_LOCAL)
		info.ipi_spec_dst.s_addr =
			inet_select_addr(rt->dst.dev, ip_hdr(skb)->saddr, RT_SCOPE_UNIVERSE);
	put_cmsg(msg, IPPROTO_IP, IP_PKTINFO, sizeof(info), &info);
}

static void cmsg_recv_retopts(struct msghdr *msg, struct sk_buff *skb)
{
	struct ip_options_rcu opt;

	if (!IPCB(skb)->opt.optlen)
		return;
	ip_options_echo(sock_net(skb->sk), &opt, skb);
	put_cmsg(msg, IPPROTO_IP, IP_RETOPTS, opt.optlen, opt.data);
}

static void cmsg_recv_dstaddr(struct msghdr *msg, const struct sk_buff *skb)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_addr.s_addr = ip_hdr(skb)->daddr};
	u8 ports[4];

	if (skb_transport_offset(skb) < 0 ||
	    skb_copy_bits(skb, (u32)skb_transport_offset(skb), ports, sizeof(ports)))
		return;
	memcpy(&sin.sin_port, ports + 2, 2);
	put_cmsg(msg, IPPROTO_IP, IP_ORIGDSTADDR, sizeof(sin), &sin);
}

void ip_cmsg_recv(struct msghdr *msg, struct sk_buff *skb)
{
	u32 flags = skb->sk ? inet_sk(skb->sk)->cmsg_flags : 0;
	const struct iphdr *iph = ip_hdr(skb);

	if (flags & IP_CMSG_PKTINFO)
		cmsg_recv_pktinfo(msg, skb);
	if (flags & IP_CMSG_TTL) {
		int ttl = iph->ttl;

		put_cmsg(msg, IPPROTO_IP, IP_TTL, sizeof(ttl), &ttl);
	}
	if (flags & IP_CMSG_TOS)
		put_cmsg(msg, IPPROTO_IP, IP_TOS, 1, &iph->tos);
	if ((flags & IP_CMSG_RECVOPTS) && IPCB(skb)->opt.optlen)
		put_cmsg(msg, IPPROTO_IP, IP_RECVOPTS, IPCB(skb)->opt.optlen, iph + 1);
	if (flags & IP_CMSG_RETOPTS)
		cmsg_recv_retopts(msg, skb);
	if (flags & IP_CMSG_ORIGDSTADDR)
		cmsg_recv_dstaddr(msg, skb);
}

/* One checked message of level IPPROTO_IP, `len` bytes of data. */
static int cmsg_send_one(struct sock *sk, int type, const void *data, size_t len,
			 struct ipcm_cookie *ipc)
{
	struct in_pktinfo info;
	int val = 0;

	switch (type) {
	case IP_RETOPTS:
		if (len > MAX_IPOPTLEN || ip_options_get(sock_net(sk), &ipc->opt, data, (int)len))
			return -EINVAL;
		if (ipc->opt.srr)
			ipc->addr = ipc->opt.faddr;
		return 0;
	case IP_PKTINFO:
		if (len != sizeof(info))
			return -EINVAL;
		memcpy(&info, data, sizeof(info));
		if (info.ipi_ifindex)
			ipc->oif = info.ipi_ifindex;
		ipc->saddr = info.ipi_spec_dst.s_addr;
		return 0;
	case IP_TTL:
		if (len != sizeof(int))
			return -EINVAL;
		memcpy(&val, data, sizeof(val));
		if (val < 1 || val > 255)
			return -EINVAL;
		ipc->ttl = val;
		return 0;
	case IP_TOS:
		if (len == sizeof(int))
			memcpy(&val, data, sizeof(val));
		else if (len == 1)
			val = *(const u8 *)data;
		else
			return -EINVAL;
		if (val < 0 || val > 255)
			return -EINVAL;
		ipc->tos = val;
		return 0;
	}
	return -EINVAL;
}

/* The socket layer has copied the control messages: msg_control is kernel memory. */
int ip_cmsg_send(struct sock *sk, struct msghdr *msg, struct ipcm_cookie *ipc)
{
	const u8 *at = msg->msg_control, *end = at + msg->msg_controllen;
	const size_t head = CMSG_ALIGN(sizeof(struct cmsghdr));

	while (at && (size_t)(end - at) >= sizeof(struct cmsghdr)) {
		struct cmsghdr c;
		int err;

		memcpy(&c, at, sizeof(c));
		if (c.cmsg_len < head || c.cmsg_len > (size_t)(end - at))
			return -EINVAL;
		if (c.cmsg_level == IPPROTO_IP) {
			err = cmsg_send_one(sk, c.cmsg_type, at + head, c.cmsg_len - head, ipc);
			if (err)
				return err;
		} else if (c.cmsg_level == SOL_SOCKET &&
			   __sock_cmsg_send((const struct cmsghdr *)at, &ipc->mark)) {
			return -EINVAL;
		}
		if (CMSG_ALIGN(c.cmsg_len) > (size_t)(end - at))
			break;
		at += CMSG_ALIGN(c.cmsg_len);
	}
	return 0;
}

void ip_icmp_error(struct sock *sk, struct sk_buff *skb, int err, u32 info, const u8 *payload)
{
	const struct icmphdr *ih = skb_transport_header(skb);
	const struct iphdr *inner = (const struct iphdr *)skb->data;
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);
	struct sock_exterr_skb *e;

	if (!copy)
		return;
	e = SKB_EXT_ERR(copy);
	e->ee = (struct sock_extended_err){.ee_errno = (u32)err,
					   .ee_origin = SO_EE_ORIGIN_ICMP,
					   .ee_type = ih->type,
					   .ee_code = ih->code,
					   .ee_info = info};
	e->addr_offset = (u16)((const u8 *)&inner->daddr - (u8 *)skb_network_header(skb));
	e->port = 0;
	if (inner->protocol == IPPROTO_UDP || inner->protocol == IPPROTO_TCP)
		memcpy(&e->port, payload + 2, 2);
	skb_pull(copy, (u32)(payload - copy->data));
	skb_reset_transport_header(copy);
	if (sock_queue_err_skb(sk, copy))
		kfree_skb_reason(copy, SKB_DROP_REASON_SOCKET_RCVBUFF);
}

void ip_local_error(struct sock *sk, int err, be32 daddr, be16 dport, u32 info)
{
	struct sock_exterr_skb *e;
	struct sk_buff *skb;
	struct iphdr *iph;

	if (!inet_sk(sk)->recverr)
		return;
	skb = alloc_skb(sizeof(*iph), GFP_ATOMIC);
	if (!skb)
		return;
	iph = skb_put(skb, sizeof(*iph));
	skb_reset_network_header(skb);
	*iph = (struct iphdr){.version = 4, .ihl = 5, .daddr = daddr};
	memset(skb->cb, 0, sizeof(skb->cb));
	e = SKB_EXT_ERR(skb);
	e->ee = (struct sock_extended_err){
		.ee_errno = (u32)err, .ee_origin = SO_EE_ORIGIN_LOCAL, .ee_info = info};
	e->addr_offset = offsetof(struct iphdr, daddr);
	e->port = dport;
	skb_pull(skb, sizeof(*iph));
	skb_reset_transport_header(skb);
	if (sock_queue_err_skb(sk, skb))
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_RCVBUFF);
}

static bool is_icmp_err_skb(const struct sk_buff *skb)
{
	return skb && SKB_EXT_ERR(skb)->ee.ee_origin == SO_EE_ORIGIN_ICMP;
}

/* The oldest report. When it was an ICMP error, or one follows, sk_err becomes the next one;
 * completions and timestamps leave sk_err alone. */
static struct sk_buff *sock_dequeue_err_skb(struct sock *sk)
{
	struct sk_buff *skb, *next;

	local_bh_disable();
	skb = __skb_dequeue(&sk->sk_error_queue);
	next = skb_peek(&sk->sk_error_queue);
	if (is_icmp_err_skb(next))
		sk->sk_err = (int)SKB_EXT_ERR(next)->ee.ee_errno;
	else if (is_icmp_err_skb(skb))
		sk->sk_err = 0;
	local_bh_enable();
	if (next)
		sk_error_report(sk);
	return skb;
}

int ip_recv_error(struct sock *sk, struct msghdr *msg, int len, int *addr_len)
{
	struct {
		struct sock_extended_err ee;
		struct sockaddr_in offender;
	} errhdr = {0};
	struct sk_buff *skb = sock_dequeue_err_skb(sk);
	const struct sock_exterr_skb *e;
	u32 copied;
	int err;

	if (!skb)
		return -EAGAIN;
	e = SKB_EXT_ERR(skb);
	copied = min_t(u32, skb->len, (u32)len);
	if (copied < skb->len)
		msg->msg_flags |= MSG_TRUNC;
	err = skb_copy_datagram_iter(skb, 0, &msg->msg_iter, copied);
	if (!err) {
		struct sockaddr_in *sin = msg->msg_name;

		/* A report without an address: a send without copying is done. */
		if (sin && (e->port || e->ee.ee_origin == SO_EE_ORIGIN_ICMP ||
			    e->ee.ee_origin == SO_EE_ORIGIN_LOCAL)) {
			*sin = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = e->port};
			memcpy(&sin->sin_addr, (u8 *)skb_network_header(skb) + e->addr_offset, 4);
			*addr_len = sizeof(*sin);
		}
		if (e->ee.ee_origin == SO_EE_ORIGIN_TIMESTAMPING)
			sock_recv_timestamp(msg, sk, skb->tstamp);
		errhdr.ee = e->ee;
		if (e->ee.ee_origin == SO_EE_ORIGIN_ICMP) {
			errhdr.offender.sin_family = AF_INET;
			errhdr.offender.sin_addr.s_addr = ip_hdr(skb)->saddr;
			if (inet_sk(sk)->cmsg_flags)
				ip_cmsg_recv(msg, skb);
		}
		put_cmsg(msg, IPPROTO_IP, IP_RECVERR, sizeof(errhdr), &errhdr);
		msg->msg_flags |= MSG_ERRQUEUE;
		err = (int)copied;
	}
	consume_skb(skb);
	return err;
}
