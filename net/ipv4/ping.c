// SPDX-License-Identifier: BSD-2-Clause
/*
 * ICMP datagram sockets (socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP)): a program sends echo requests
 * without raw access. The echo identifier plays the port: it is written into what is sent, and
 * replies and errors with it come back. Only echo requests may be sent (RFC 792).
 *
 * ping_rcv and ping_err in softirq, called by icmp.c; calls in thread context. The group that may
 * open one (ping_group_range) is not checked: linked-in programs have no groups.
 */
#include <errno.h>
#include <kernel/lib/random.h>
#include <net/checksum.h>
#include <net/filter.h>
#include <net/icmp.h>
#include <net/inet_common.h>
#include <net/inetdevice.h>
#include <net/udp.h>
#include <netinet/tcp.h>
#include <string.h>

#define PING_HTABLE_SIZE 64u

struct ping_table {
	struct hlist_head hash[PING_HTABLE_SIZE]; /* by identifier [h] */
};

static struct hlist_head *ping_slot(struct net *net, u16 ident)
{
	return &net->ipv4.ping_table->hash[ident & (PING_HTABLE_SIZE - 1)];
}

static struct sock *ping_lookup(struct net *net, const struct iphdr *iph, u16 ident, int dif)
{
	struct sock *sk;

	hlist_for_each_entry(sk, ping_slot(net, ident), sk_node) {
		if (inet_sk(sk)->inet_num == ident &&
		    (!sk->sk_rcv_saddr || sk->sk_rcv_saddr == iph->daddr) &&
		    (!sk->sk_daddr || sk->sk_daddr == iph->saddr) &&
		    (!sk->sk_bound_dev_if || sk->sk_bound_dev_if == dif))
			return sk;
	}
	return NULL;
}

static bool ping_ident_free(const struct sock *sk, u16 ident)
{
	struct sock *other;

	hlist_for_each_entry(other, ping_slot(sock_net(sk), ident), sk_node) {
		if (other != sk && inet_sk(other)->inet_num == ident)
			return false;
	}
	return true;
}

/* proto->get_port: the identifier. */
static int ping_get_port(struct sock *sk, u16 ident)
{
	int err = -EADDRINUSE, tries;

	local_bh_disable();
	for (tries = 0; !ident && tries < 0xffff; tries++) {
		ident = (u16)get_random_u32();
		if (ident && !ping_ident_free(sk, ident))
			ident = 0;
	}
	if (ident && ping_ident_free(sk, ident)) {
		inet_sk(sk)->inet_num = ident;
		if (sk_unhashed(sk))
			hlist_add_head(&sk->sk_node, ping_slot(sock_net(sk), ident));
		err = 0;
	}
	local_bh_enable();
	return err;
}

static int ping_hash(struct sock *sk)
{
	(void)sk;
	BUG(); /* get_port does it */
}

static void ping_unhash(struct sock *sk)
{
	local_bh_disable();
	hlist_del_init(&sk->sk_node);
	local_bh_enable();
}

/* What the program may send: a whole echo request. Checks without consuming the iterator. */
static int ping_check_header(struct msghdr *msg, size_t len, struct icmphdr *icmph)
{
	if (len < sizeof(*icmph))
		return -EINVAL;
	if (copy_from_iter(icmph, sizeof(*icmph), &msg->msg_iter) != sizeof(*icmph))
		return -EFAULT;
	return icmph->type == ICMP_ECHO && icmph->code == 0 ? 0 : -EINVAL;
}

static int ping_v4_sendmsg(struct sock *sk, struct msghdr *msg, size_t len)
{
	struct inet_sock *inet = inet_sk(sk);
	struct sockaddr_in dst = {0};
	struct ipcm_cookie ipc;
	struct icmphdr *icmph, head;
	struct sk_buff *skb;
	struct flowi4 fl4;
	struct rtable *rt;
	int err;

	if (len > 0xffff)
		return -EMSGSIZE;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	err = ip4_datagram_dest(sk, msg, &dst, &ipc);
	if (!err)
		err = ping_check_header(msg, len, &head);
	if (err)
		return err;
	dst.sin_port = inet->inet_dport;
	rt = ip4_datagram_route(sk, &dst, &ipc, msg->msg_flags, &fl4);
	if (IS_ERR(rt))
		return (int)PTR_ERR(rt);
	skb = ip_make_skb(sk, &fl4, msg, sizeof(head), rt);
	if (IS_ERR(skb)) {
		err = (int)PTR_ERR(skb);
		goto out;
	}
	skb_reset_transport_header(skb);
	icmph = (struct icmphdr *)skb->data;
	head.un.echo.id = inet->inet_sport;
	head.checksum = 0;
	*icmph = head;
	icmph->checksum = csum_fold(skb_checksum(skb, 0, skb->len, 0));
	skb->ip_summed = CHECKSUM_NONE;
	err = ip_send_skb(sk, &fl4, skb, &ipc, rt);
	if (err == -ENOBUFS && !inet->recverr)
		err = 0;
out:
	dst_release(&rt->dst);
	return err ? err : (int)len;
}

static int ping_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags, int *addr_len)
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

/* An echo reply: skb->data at the ICMP header, checked by icmp.c. */
bool ping_rcv(struct sk_buff *skb)
{
	const struct icmphdr *icmph = (const struct icmphdr *)skb->data;
	struct sk_buff *copy;
	struct sock *sk;

	sk = ping_lookup(dev_net(skb->dev), ip_hdr(skb), be16_to_cpu(icmph->un.echo.id),
			 skb->dev->ifindex);
	if (!sk)
		return false;
	copy = skb_clone(skb, GFP_ATOMIC);
	if (copy && unlikely(sk_filter_trim_cap(sk, copy, 1)))
		kfree_skb_reason(copy, SKB_DROP_REASON_SOCKET_FILTER);
	else if (copy && sock_queue_rcv_skb(sk, copy))
		kfree_skb_reason(copy, SKB_DROP_REASON_SOCKET_RCVBUFF);
	return copy != NULL;
}

/* An ICMP error about an echo request; skb->data + offset: the embedded ICMP header. */
void ping_err(struct sk_buff *skb, int offset, u32 info)
{
	struct iphdr sent = *(const struct iphdr *)skb->data;
	const struct icmphdr *embedded = (const struct icmphdr *)(skb->data + offset);
	const struct icmphdr *icmph = skb_transport_header(skb);
	struct sock *sk;
	bool hard = false;
	int err = EHOSTUNREACH;

	swap(sent.saddr, sent.daddr);
	sk = ping_lookup(dev_net(skb->dev), &sent, be16_to_cpu(embedded->un.echo.id),
			 skb->dev->ifindex);
	if (!sk || embedded->type != ICMP_ECHO)
		return;
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
		ip_icmp_error(sk, skb, err, info, (const u8 *)embedded);
	else if (!hard || sk->sk_state != TCP_ESTABLISHED)
		return;
	sk->sk_err = err;
	sk_error_report(sk);
}

static void ping_close(struct sock *sk, long timeout)
{
	(void)timeout;
	sk_common_release(sk);
}

void ping_for_each(struct net *net, void (*fn)(struct sock *sk, void *arg), void *arg)
{
	struct sock *sk;
	u32 i;

	local_bh_disable();
	for (i = 0; i < PING_HTABLE_SIZE; i++) {
		hlist_for_each_entry(sk, &net->ipv4.ping_table->hash[i], sk_node)
			fn(sk, arg);
	}
	local_bh_enable();
}

struct proto ping_prot = {
	.name = "PING",
	.filters = true,
	.obj_size = sizeof(struct inet_sock),
	.close = ping_close,
	.connect = ip4_datagram_connect,
	.disconnect = inet_dgram_disconnect,
	.setsockopt = ip_setsockopt,
	.getsockopt = ip_getsockopt,
	.sendmsg = ping_v4_sendmsg,
	.recvmsg = ping_recvmsg,
	.hash = ping_hash,
	.unhash = ping_unhash,
	.get_port = ping_get_port,
};

static int ping_net_init(struct net *net)
{
	net->ipv4.ping_table = kzalloc(sizeof(*net->ipv4.ping_table), GFP_KERNEL);
	return net->ipv4.ping_table ? 0 : -ENOMEM;
}

static void ping_net_exit(struct net *net)
{
	kfree(net->ipv4.ping_table);
	net->ipv4.ping_table = NULL;
}

static struct pernet_operations ping_net_ops = {
	.name = "ping",
	.init = ping_net_init,
	.exit = ping_net_exit,
};

void ping_init(void)
{
	if (register_pernet_subsys(&ping_net_ops))
		panic("ping: no memory for the table");
}
