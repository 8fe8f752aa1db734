// SPDX-License-Identifier: BSD-2-Clause
/*
 * setsockopt() and getsockopt() of level IPPROTO_IP (ip(7)). Options that are one number stand in a
 * table, row by row: name, bounds, how to set, how to get. Those with structures of their own
 * (IP_OPTIONS, multicast) have functions.
 *
 * Called by the transports in thread context with the program's pointers; takes the sock lock.
 * A number may be given as an int or as one byte, as Linux takes it. IP_ROUTER_ALERT, IP_CHECKSUM,
 * IP_PASSSEC, IP_RECVFRAGSIZE and the IPsec policies answer -ENOPROTOOPT.
 */
#include <errno.h>
#include <kernel/lib/capability.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/softirq.h>
#include <net/inetdevice.h>
#include <net/ip.h>
#include <net/ipv4/ip_mc.h>
#include <string.h>

struct ip_opt_row {
	u8 name;
	short min, max;
	int (*set)(struct sock *sk, int val); /* NULL: read only */
	int (*get)(const struct sock *sk);
};

static int set_tos(struct sock *sk, int val)
{
	struct inet_sock *inet = inet_sk(sk);

	/* A stream's ECN bits are TCP's. */
	if (sk->sk_type == SOCK_STREAM)
		val = (val & ~IPTOS_ECN_MASK) | (inet->tos & IPTOS_ECN_MASK);
	if (inet->tos != (u8)val) {
		inet->tos = (u8)val;
		sk->sk_priority = (u32)val >> 5;
		sk_dst_reset(sk);
	}
	return 0;
}
static int get_tos(const struct sock *sk)
{
	return inet_sk(sk)->tos;
}
static int set_ttl(struct sock *sk, int val)
{
	if (val == 0)
		return -EINVAL;
	inet_sk(sk)->uc_ttl = (short)val;
	return 0;
}
static int get_ttl(const struct sock *sk)
{
	return ip_sock_ttl(inet_sk(sk));
}
static int set_hdrincl(struct sock *sk, int val)
{
	if (sk->sk_type != SOCK_RAW)
		return -ENOPROTOOPT;
	inet_sk(sk)->hdrincl = val != 0;
	return 0;
}
static int get_hdrincl(const struct sock *sk)
{
	return inet_sk(sk)->hdrincl;
}
static int set_mtu_discover(struct sock *sk, int val)
{
	inet_sk(sk)->pmtudisc = (u8)val;
	return 0;
}
static int get_mtu_discover(const struct sock *sk)
{
	return inet_sk(sk)->pmtudisc;
}
static int set_recverr(struct sock *sk, int val)
{
	inet_sk(sk)->recverr = val != 0;
	if (!val) {
		local_bh_disable();
		__skb_queue_purge(&sk->sk_error_queue, SKB_DROP_REASON_QUEUE_PURGE);
		local_bh_enable();
	}
	return 0;
}
static int get_recverr(const struct sock *sk)
{
	return inet_sk(sk)->recverr;
}
static int set_cmsg(struct sock *sk, u32 flag, int val)
{
	if (val)
		inet_sk(sk)->cmsg_flags |= flag;
	else
		inet_sk(sk)->cmsg_flags &= ~flag;
	return 0;
}
static int set_pktinfo(struct sock *sk, int val)
{
	return set_cmsg(sk, IP_CMSG_PKTINFO, val);
}
static int get_pktinfo(const struct sock *sk)
{
	return !!(inet_sk(sk)->cmsg_flags & IP_CMSG_PKTINFO);
}
static int set_recvttl(struct sock *sk, int val)
{
	return set_cmsg(sk, IP_CMSG_TTL, val);
}
static int get_recvttl(const struct sock *sk)
{
	return !!(inet_sk(sk)->cmsg_flags & IP_CMSG_TTL);
}
static int set_recvtos(struct sock *sk, int val)
{
	return set_cmsg(sk, IP_CMSG_TOS, val);
}
static int get_recvtos(const struct sock *sk)
{
	return !!(inet_sk(sk)->cmsg_flags & IP_CMSG_TOS);
}
static int set_recvopts(struct sock *sk, int val)
{
	return set_cmsg(sk, IP_CMSG_RECVOPTS, val);
}
static int get_recvopts(const struct sock *sk)
{
	return !!(inet_sk(sk)->cmsg_flags & IP_CMSG_RECVOPTS);
}
static int set_retopts(struct sock *sk, int val)
{
	return set_cmsg(sk, IP_CMSG_RETOPTS, val);
}
static int get_retopts(const struct sock *sk)
{
	return !!(inet_sk(sk)->cmsg_flags & IP_CMSG_RETOPTS);
}
static int set_recvorigdst(struct sock *sk, int val)
{
	return set_cmsg(sk, IP_CMSG_ORIGDSTADDR, val);
}
static int get_recvorigdst(const struct sock *sk)
{
	return !!(inet_sk(sk)->cmsg_flags & IP_CMSG_ORIGDSTADDR);
}
static int get_mtu(const struct sock *sk)
{
	struct dst_entry *dst = sk_dst_get((struct sock *)sk);
	int mtu = -ENOTCONN;

	if (dst) {
		mtu = (int)dst_mtu(dst);
		dst_release(dst);
	}
	return mtu;
}
static int set_freebind(struct sock *sk, int val)
{
	inet_sk(sk)->freebind = val != 0;
	return 0;
}
static int get_freebind(const struct sock *sk)
{
	return inet_sk(sk)->freebind;
}
static int set_transparent(struct sock *sk, int val)
{
	if (val && !capable(CAP_NET_ADMIN) && !capable(CAP_NET_RAW))
		return -EPERM;
	inet_sk(sk)->transparent = val != 0;
	return 0;
}
static int get_transparent(const struct sock *sk)
{
	return inet_sk(sk)->transparent;
}
static int set_minttl(struct sock *sk, int val)
{
	inet_sk(sk)->min_ttl = (u8)val;
	return 0;
}
static int get_minttl(const struct sock *sk)
{
	return inet_sk(sk)->min_ttl;
}
static int set_nodefrag(struct sock *sk, int val)
{
	if (sk->sk_type != SOCK_RAW)
		return -ENOPROTOOPT;
	inet_sk(sk)->nodefrag = val != 0;
	return 0;
}
static int get_nodefrag(const struct sock *sk)
{
	return inet_sk(sk)->nodefrag;
}
static int set_bind_no_port(struct sock *sk, int val)
{
	inet_sk(sk)->bind_address_no_port = val != 0;
	return 0;
}
static int get_bind_no_port(const struct sock *sk)
{
	return inet_sk(sk)->bind_address_no_port;
}
static int set_rfc4884(struct sock *sk, int val)
{
	inet_sk(sk)->recverr_rfc4884 = val != 0;
	return 0;
}
static int get_rfc4884(const struct sock *sk)
{
	return inet_sk(sk)->recverr_rfc4884;
}
static int set_mc_ttl(struct sock *sk, int val)
{
	if (sk->sk_type == SOCK_STREAM)
		return -EINVAL;
	inet_sk(sk)->mc_ttl = (u8)(val < 0 ? IP_DEFAULT_MULTICAST_TTL : val);
	return 0;
}
static int get_mc_ttl(const struct sock *sk)
{
	return inet_sk(sk)->mc_ttl;
}
static int set_mc_loop(struct sock *sk, int val)
{
	inet_sk(sk)->mc_loop = val != 0;
	return 0;
}
static int get_mc_loop(const struct sock *sk)
{
	return inet_sk(sk)->mc_loop;
}
static int set_mc_all(struct sock *sk, int val)
{
	inet_sk(sk)->mc_all = val != 0;
	return 0;
}
static int get_mc_all(const struct sock *sk)
{
	return inet_sk(sk)->mc_all;
}

#define ANY_INT (-32768), 32767 /* taken as a truth value */
static const struct ip_opt_row ip_opts[] = {
	{IP_TOS, ANY_INT, set_tos, get_tos},
	{IP_TTL, -1, 255, set_ttl, get_ttl},
	{IP_HDRINCL, ANY_INT, set_hdrincl, get_hdrincl},
	{IP_MTU_DISCOVER, IP_PMTUDISC_DONT, IP_PMTUDISC_OMIT, set_mtu_discover, get_mtu_discover},
	{IP_RECVERR, ANY_INT, set_recverr, get_recverr},
	{IP_PKTINFO, ANY_INT, set_pktinfo, get_pktinfo},
	{IP_RECVTTL, ANY_INT, set_recvttl, get_recvttl},
	{IP_RECVTOS, ANY_INT, set_recvtos, get_recvtos},
	{IP_RECVOPTS, ANY_INT, set_recvopts, get_recvopts},
	{IP_RETOPTS, ANY_INT, set_retopts, get_retopts},
	{IP_RECVORIGDSTADDR, ANY_INT, set_recvorigdst, get_recvorigdst},
	{IP_MTU, ANY_INT, NULL, get_mtu},
	{IP_FREEBIND, ANY_INT, set_freebind, get_freebind},
	{IP_TRANSPARENT, ANY_INT, set_transparent, get_transparent},
	{IP_MINTTL, 0, 255, set_minttl, get_minttl},
	{IP_NODEFRAG, ANY_INT, set_nodefrag, get_nodefrag},
	{IP_BIND_ADDRESS_NO_PORT, ANY_INT, set_bind_no_port, get_bind_no_port},
	{IP_RECVERR_RFC4884, 0, 1, set_rfc4884, get_rfc4884},
	{IP_MULTICAST_TTL, -1, 255, set_mc_ttl, get_mc_ttl},
	{IP_MULTICAST_LOOP, ANY_INT, set_mc_loop, get_mc_loop},
	{IP_MULTICAST_ALL, 0, 1, set_mc_all, get_mc_all},
};

static const struct ip_opt_row *ip_opt_find(int name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ip_opts); i++) {
		if (ip_opts[i].name == name)
			return &ip_opts[i];
	}
	return NULL;
}

static int ip_opt_set_int(struct sock *sk, const struct ip_opt_row *row, const void *optval,
			  int optlen)
{
	int val = 0, err;
	u8 byte;

	if (!row->set)
		return -ENOPROTOOPT;
	if (optlen >= (int)sizeof(int)) {
		if (copy_from_user(&val, optval, sizeof(val)))
			return -EFAULT;
	} else if (optlen >= 1) {
		if (copy_from_user(&byte, optval, 1))
			return -EFAULT;
		val = byte;
	}
	if (row->min != -32768 && (val < row->min || val > row->max))
		return -EINVAL;
	lock_sock(sk);
	err = row->set(sk, val);
	release_sock(sk);
	return err;
}

/* IP_OPTIONS: what every packet of the sock carries (RFC 1122 section 4.1.3.2, 4.2.3.8). */
static int ip_opt_set_options(struct sock *sk, const void *optval, int optlen)
{
	struct inet_sock *inet = inet_sk(sk);
	struct ip_options_rcu *opt = NULL, *old;
	u8 data[MAX_IPOPTLEN];
	int err;

	if (optlen < 0 || optlen > MAX_IPOPTLEN)
		return -EINVAL;
	if (optlen) {
		if (copy_from_user(data, optval, (size_t)optlen))
			return -EFAULT;
		opt = kzalloc(sizeof(*opt), GFP_KERNEL);
		if (!opt)
			return -ENOMEM;
		err = ip_options_get(sock_net(sk), opt, data, optlen);
		if (err) {
			kfree(opt);
			return err;
		}
	}
	lock_sock(sk);
	old = inet->inet_opt;
	inet->inet_opt = opt;
	sk_dst_reset(sk);
	release_sock(sk);
	kfree(old);
	return 0;
}

static int ip_opt_get_options(struct sock *sk, u8 *buf)
{
	const struct ip_options_rcu *opt = inet_sk(sk)->inet_opt;

	if (!opt)
		return 0;
	memcpy(buf, opt->data, opt->optlen);
	return opt->optlen;
}

static int ip_opt_set_unicast_if(struct sock *sk, const void *optval, int optlen)
{
	be32 wire;
	int ifindex;

	if (optlen != (int)sizeof(wire))
		return -EINVAL;
	if (copy_from_user(&wire, optval, sizeof(wire)))
		return -EFAULT;
	ifindex = (int)be32_to_cpu(wire);
	if (ifindex && !__dev_get_by_index(sock_net(sk), ifindex))
		return -EADDRNOTAVAIL;
	if (ifindex && sk->sk_bound_dev_if && ifindex != sk->sk_bound_dev_if)
		return -EINVAL;
	inet_sk(sk)->uc_index = ifindex;
	return 0;
}

/* IP_MULTICAST_IF: by index, by address, or none. Older programs give only the address. */
static int ip_opt_set_multicast_if(struct sock *sk, const void *optval, int optlen)
{
	struct inet_sock *inet = inet_sk(sk);
	struct net *net = sock_net(sk);
	struct ip_mreqn mreq = {0};
	struct net_device *dev;
	int err = ip_mc_get_mreqn(&mreq, optval, optlen, true);

	if (err)
		return err;
	if (sk->sk_type == SOCK_STREAM)
		return -EINVAL;
	if (!mreq.imr_ifindex && !mreq.imr_address.s_addr) {
		inet->mc_index = 0;
		inet->mc_addr = 0;
		return 0;
	}
	dev = mreq.imr_ifindex ? __dev_get_by_index(net, mreq.imr_ifindex)
			       : ip_dev_find(net, mreq.imr_address.s_addr);
	if (!dev)
		return -EADDRNOTAVAIL;
	if (sk->sk_bound_dev_if && dev->ifindex != sk->sk_bound_dev_if)
		return -EINVAL;
	inet->mc_index = dev->ifindex;
	inet->mc_addr = mreq.imr_address.s_addr;
	return 0;
}

int ip_setsockopt(struct sock *sk, int level, int name, const void *optval, int optlen)
{
	const struct ip_opt_row *row;

	if (level != SOL_IP)
		return -ENOPROTOOPT;
	row = ip_opt_find(name);
	if (row)
		return ip_opt_set_int(sk, row, optval, optlen);
	switch (name) {
	case IP_OPTIONS:
		return ip_opt_set_options(sk, optval, optlen);
	case IP_UNICAST_IF:
		return ip_opt_set_unicast_if(sk, optval, optlen);
	case IP_MULTICAST_IF:
		return ip_opt_set_multicast_if(sk, optval, optlen);
	}
	return ip_mc_setsockopt(sk, name, optval, optlen);
}

static int ip_opt_put(const void *data, int size, void *optval, int *optlen, int len)
{
	len = min(len, size);
	if (copy_to_user(optlen, &len, sizeof(len)) || copy_to_user(optval, data, (size_t)len))
		return -EFAULT;
	return 0;
}

static int ip_opt_put_int(int val, void *optval, int *optlen, int len)
{
	u8 byte = (u8)val;

	/* A small number fits a small buffer. */
	if (len > 0 && len < (int)sizeof(int) && val >= 0 && val <= 255)
		return ip_opt_put(&byte, 1, optval, optlen, len);
	return ip_opt_put(&val, sizeof(val), optval, optlen, len);
}

int ip_getsockopt(struct sock *sk, int level, int name, void *optval, int *optlen)
{
	const struct ip_opt_row *row;
	u8 options[MAX_IPOPTLEN];
	struct in_addr addr;
	int len, val;

	if (level != SOL_IP)
		return -EOPNOTSUPP;
	if (copy_from_user(&len, optlen, sizeof(len)))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	row = ip_opt_find(name);
	if (row) {
		lock_sock(sk);
		val = row->get(sk);
		release_sock(sk);
		return val == -ENOTCONN ? val : ip_opt_put_int(val, optval, optlen, len);
	}
	switch (name) {
	case IP_OPTIONS:
		lock_sock(sk);
		val = ip_opt_get_options(sk, options);
		release_sock(sk);
		return ip_opt_put(options, val, optval, optlen, len);
	case IP_UNICAST_IF:
		val = (int)cpu_to_be32((u32)inet_sk(sk)->uc_index);
		return ip_opt_put(&val, sizeof(val), optval, optlen, len);
	case IP_MULTICAST_IF:
		addr.s_addr = inet_sk(sk)->mc_addr;
		return ip_opt_put(&addr, sizeof(addr), optval, optlen, len);
	case IP_MSFILTER:
		return ip_mc_msfget(sk, optval, optlen, len);
	}
	return -ENOPROTOOPT;
}
