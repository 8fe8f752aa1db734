// SPDX-License-Identifier: BSD-2-Clause
/*
 * AF_NETLINK, the options of level SOL_NETLINK (netlink(7)): membership in groups beyond the 32
 * that bind() can name, and switches. As in Linux, an option whose value is shorter than an int
 * counts as 0 when it is set, and bits of two bytes and more are not kept.
 *
 * Called by setsockopt and getsockopt, thread context, the program's memory.
 */
#include <errno.h>
#include <kernel/mm/uaccess.h>
#include <net/netlink/af_netlink.h>

static const struct {
	int name;
	u32 flag;
} switches[] = {
	{NETLINK_PKTINFO, NETLINK_F_RECV_PKTINFO},
	{NETLINK_BROADCAST_ERROR, NETLINK_F_BROADCAST_ERROR},
	{NETLINK_NO_ENOBUFS, NETLINK_F_NO_ENOBUFS},
	{NETLINK_LISTEN_ALL_NSID, NETLINK_F_LISTEN_ALL_NSID},
	{NETLINK_CAP_ACK, NETLINK_F_CAP_ACK},
	{NETLINK_EXT_ACK, NETLINK_F_EXT_ACK},
	{NETLINK_GET_STRICT_CHK, NETLINK_F_STRICT_CHK},
};

static u32 switch_flag(int name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(switches); i++) {
		if (switches[i].name == name)
			return switches[i].flag;
	}
	return 0;
}

static int netlink_membership(struct netlink_sock *nlk, u32 group, bool join)
{
	u64 bit;

	if (!group || group > netlink_protocol_groups(nlk->sk.sk_protocol))
		return -EINVAL;
	bit = BIT(group - 1);
	netlink_update_groups(nlk, join ? nlk->groups | bit : nlk->groups & ~bit);
	return 0;
}

int netlink_setsockopt(struct socket *sock, int level, int name, const void *optval, int optlen)
{
	struct netlink_sock *nlk = nlk_sk(sock->sk);
	u32 flag = switch_flag(name), val = 0;

	if (level != SOL_NETLINK)
		return -ENOPROTOOPT;
	if (optlen >= (int)sizeof(val) && copy_from_user(&val, optval, sizeof(val)))
		return -EFAULT;
	if (name == NETLINK_ADD_MEMBERSHIP || name == NETLINK_DROP_MEMBERSHIP)
		return netlink_membership(nlk, val, name == NETLINK_ADD_MEMBERSHIP);
	if (!flag)
		return -ENOPROTOOPT;
	nlk->flags = val ? nlk->flags | flag : nlk->flags & ~flag;
	if (flag == NETLINK_F_NO_ENOBUFS && val) {
		nlk->congested = false;
		wake_up_interruptible(&nlk->wait);
	}
	return 0;
}

/* The groups as words of 32, as many as the program has room for. */
static int netlink_list_memberships(const struct netlink_sock *nlk, void *optval, int *optlen,
				    int room)
{
	int need = (int)ALIGN_UP(netlink_protocol_groups(nlk->sk.sk_protocol) / 8, 4), at;

	for (at = 0; at + 4 <= room && at < need; at += 4) {
		u32 word = (u32)(nlk->groups >> (8 * at));

		if (copy_to_user((char *)optval + at, &word, sizeof(word)))
			return -EFAULT;
	}
	return copy_to_user(optlen, &need, sizeof(need));
}

int netlink_getsockopt(struct socket *sock, int level, int name, void *optval, int *optlen)
{
	const struct netlink_sock *nlk = nlk_sk(sock->sk);
	u32 flag = switch_flag(name);
	int len, val;

	if (level != SOL_NETLINK)
		return -ENOPROTOOPT;
	if (copy_from_user(&len, optlen, sizeof(len)))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	if (name == NETLINK_LIST_MEMBERSHIPS)
		return netlink_list_memberships(nlk, optval, optlen, len);
	if (!flag)
		return -ENOPROTOOPT;
	if (len < (int)sizeof(val))
		return -EINVAL;
	len = sizeof(val);
	val = !!(nlk->flags & flag);
	if (copy_to_user(optlen, &len, sizeof(len)) || copy_to_user(optval, &val, sizeof(val)))
		return -EFAULT;
	return 0;
}
