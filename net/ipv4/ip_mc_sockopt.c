// SPDX-License-Identifier: BSD-2-Clause
/*
 * The membership options of setsockopt(): by IPv4 structures (IP_ADD_MEMBERSHIP ... IP_MSFILTER,
 * ip(7)) and by the protocol-independent ones of RFC 3678 (MCAST_JOIN_GROUP ...). Both end in the
 * same few functions of ip_mc.c.
 *
 * Called by ip_setsockopt() in thread context with the program's pointers; takes the sock lock.
 * MCAST_MSFILTER is left out (-ENOPROTOOPT), its IPv4 form IP_MSFILTER is there.
 */
#include <errno.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/softirq.h>
#include <net/inetdevice.h>
#include <net/ipv4/ip_mc.h>
#include <string.h>

int ip_mc_get_mreqn(struct ip_mreqn *mreq, const void *optval, int optlen, bool addr_only)
{
	if (optlen < (int)(addr_only ? sizeof(struct in_addr) : sizeof(struct ip_mreq)))
		return -EINVAL;
	if (optlen >= (int)sizeof(*mreq))
		return copy_from_user(mreq, optval, sizeof(*mreq));
	if (optlen >= (int)sizeof(struct ip_mreq)) /* the first part of it */
		return copy_from_user(mreq, optval, sizeof(struct ip_mreq));
	return copy_from_user(&mreq->imr_address, optval, sizeof(mreq->imr_address));
}

/* A source's request in either dress, as group and source. */
static int get_source_req(const void *optval, int optlen, bool rfc3678, struct ip_mreqn *imr,
			  be32 *src)
{
	struct group_source_req gsr;
	struct ip_mreq_source mreqs;
	struct sockaddr_in sin;

	if (!rfc3678) {
		if (optlen != (int)sizeof(mreqs))
			return -EINVAL;
		if (copy_from_user(&mreqs, optval, sizeof(mreqs)))
			return -EFAULT;
		imr->imr_multiaddr = mreqs.imr_multiaddr;
		imr->imr_address = mreqs.imr_interface;
		*src = mreqs.imr_sourceaddr.s_addr;
		return 0;
	}
	if (optlen < (int)sizeof(gsr))
		return -EINVAL;
	if (copy_from_user(&gsr, optval, sizeof(gsr)))
		return -EFAULT;
	if (gsr.gsr_group.ss_family != AF_INET || gsr.gsr_source.ss_family != AF_INET)
		return -EADDRNOTAVAIL;
	memcpy(&sin, &gsr.gsr_group, sizeof(sin));
	imr->imr_multiaddr = sin.sin_addr;
	imr->imr_ifindex = (int)gsr.gsr_interface;
	memcpy(&sin, &gsr.gsr_source, sizeof(sin));
	*src = sin.sin_addr.s_addr;
	return 0;
}

static int mc_source_request(struct sock *sk, int name, const void *optval, int optlen)
{
	bool rfc3678 = name >= MCAST_JOIN_GROUP;
	struct ip_mreqn imr = {0};
	be32 src;
	int err = get_source_req(optval, optlen, rfc3678, &imr, &src);

	if (err)
		return err;
	lock_sock(sk);
	local_bh_disable();
	switch (name) {
	case IP_ADD_SOURCE_MEMBERSHIP:
	case MCAST_JOIN_SOURCE_GROUP:
		err = ip_mc_source_join(sk, &imr);
		if (!err)
			err = ip_mc_source_add(sk, &imr, src, MCAST_INCLUDE);
		break;
	case IP_DROP_SOURCE_MEMBERSHIP:
	case MCAST_LEAVE_SOURCE_GROUP:
		err = ip_mc_resolve(sk, &imr);
		if (!err)
			err = ip_mc_source_del(sk, &imr, src, MCAST_INCLUDE);
		break;
	case IP_BLOCK_SOURCE:
	case MCAST_BLOCK_SOURCE:
		err = ip_mc_resolve(sk, &imr);
		if (!err)
			err = ip_mc_source_add(sk, &imr, src, MCAST_EXCLUDE);
		break;
	default: /* UNBLOCK */
		err = ip_mc_resolve(sk, &imr);
		if (!err)
			err = ip_mc_source_del(sk, &imr, src, MCAST_EXCLUDE);
		break;
	}
	local_bh_enable();
	release_sock(sk);
	return err;
}

static int mc_group_request(struct sock *sk, int name, const void *optval, int optlen)
{
	struct ip_mreqn imr = {0};
	struct sockaddr_in sin;
	struct group_req gr;
	int err;

	if (name == IP_ADD_MEMBERSHIP || name == IP_DROP_MEMBERSHIP) {
		err = ip_mc_get_mreqn(&imr, optval, optlen, false);
		if (err)
			return err;
	} else {
		if (optlen < (int)sizeof(gr))
			return -EINVAL;
		if (copy_from_user(&gr, optval, sizeof(gr)))
			return -EFAULT;
		if (gr.gr_group.ss_family != AF_INET)
			return -EINVAL;
		memcpy(&sin, &gr.gr_group, sizeof(sin));
		imr.imr_multiaddr = sin.sin_addr;
		imr.imr_ifindex = (int)gr.gr_interface;
	}
	lock_sock(sk);
	if (name == IP_ADD_MEMBERSHIP || name == MCAST_JOIN_GROUP)
		err = ip_mc_join_group(sk, &imr);
	else
		err = ip_mc_leave_group(sk, &imr);
	release_sock(sk);
	return err;
}

static int mc_msfilter_request(struct sock *sk, const void *optval, int optlen)
{
	u32 max = (u32)max(sock_net(sk)->ipv4.sysctl_igmp_max_msf, 0);
	struct ip_mreqn imr = {0};
	struct ip_msfilter *msf;
	int err;

	if (optlen < (int)IP_MSFILTER_SIZE(0))
		return -EINVAL;
	if (optlen > sock_net(sk)->core.optmem_max)
		return -ENOBUFS;
	msf = kmalloc((size_t)optlen, GFP_KERNEL);
	if (!msf)
		return -ENOBUFS;
	err = copy_from_user(msf, optval, (size_t)optlen);
	if (!err && msf->imsf_numsrc > max)
		err = -ENOBUFS;
	if (!err && (IP_MSFILTER_SIZE(msf->imsf_numsrc) > (size_t)optlen ||
		     (msf->imsf_fmode != MCAST_INCLUDE && msf->imsf_fmode != MCAST_EXCLUDE)))
		err = -EINVAL;
	if (err)
		goto out;
	imr.imr_multiaddr = msf->imsf_multiaddr;
	imr.imr_address = msf->imsf_interface;
	lock_sock(sk);
	local_bh_disable();
	err = ip_mc_resolve(sk, &imr);
	if (!err)
		err = ip_mc_msfilter_set(sk, &imr, (u8)msf->imsf_fmode,
					 &msf->imsf_slist[0].s_addr, (u16)msf->imsf_numsrc);
	local_bh_enable();
	release_sock(sk);
out:
	kfree(msf);
	return err;
}

int ip_mc_msfget(struct sock *sk, void *optval, int *optlen, int len)
{
	struct ip_mreqn imr = {0};
	const struct mc_filter *f;
	struct ip_msfilter msf;
	u32 n, copy;
	int err;

	if (len < (int)IP_MSFILTER_SIZE(0))
		return -EINVAL;
	if (copy_from_user(&msf, optval, IP_MSFILTER_SIZE(0)))
		return -EFAULT;
	imr.imr_multiaddr = msf.imsf_multiaddr;
	imr.imr_address = msf.imsf_interface;
	lock_sock(sk);
	local_bh_disable();
	err = ip_mc_resolve(sk, &imr);
	f = err ? NULL : ip_mc_msfilter_get(sk, &imr, &err);
	n = f ? f->n : 0;
	copy = min(n, msf.imsf_numsrc);
	msf.imsf_fmode = mc_filter_mode(f);
	msf.imsf_numsrc = n;
	if (!err && copy)
		err = copy_to_user((u8 *)optval + IP_MSFILTER_SIZE(0), f->src, copy * sizeof(be32));
	local_bh_enable();
	release_sock(sk);
	if (err)
		return err;
	len = (int)IP_MSFILTER_SIZE(copy);
	if (copy_to_user(optlen, &len, sizeof(len)))
		return -EFAULT;
	return copy_to_user(optval, &msf, IP_MSFILTER_SIZE(0));
}

int ip_mc_setsockopt(struct sock *sk, int name, const void *optval, int optlen)
{
	switch (name) {
	case IP_ADD_MEMBERSHIP:
	case IP_DROP_MEMBERSHIP:
		if (sk->sk_type == SOCK_STREAM)
			return -EPROTO;
		return mc_group_request(sk, name, optval, optlen);
	case MCAST_JOIN_GROUP:
	case MCAST_LEAVE_GROUP:
		return mc_group_request(sk, name, optval, optlen);
	case IP_ADD_SOURCE_MEMBERSHIP:
	case IP_DROP_SOURCE_MEMBERSHIP:
	case IP_BLOCK_SOURCE:
	case IP_UNBLOCK_SOURCE:
	case MCAST_JOIN_SOURCE_GROUP:
	case MCAST_LEAVE_SOURCE_GROUP:
	case MCAST_BLOCK_SOURCE:
	case MCAST_UNBLOCK_SOURCE:
		return mc_source_request(sk, name, optval, optlen);
	case IP_MSFILTER:
		return mc_msfilter_request(sk, optval, optlen);
	}
	return -ENOPROTOOPT;
}
