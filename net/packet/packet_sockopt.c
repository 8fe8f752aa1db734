// SPDX-License-Identifier: BSD-2-Clause
/*
 * Options of level SOL_PACKET (packet(7)): memberships, which turn on promiscuous reception,
 * multicast addresses or all of them for as long as the sock lives; PACKET_STATISTICS, which
 * reading resets; the switches PACKET_AUXDATA, PACKET_ORIGDEV and PACKET_IGNORE_OUTGOING; what
 * the mapped ring is made with (PACKET_VERSION, PACKET_RESERVE; packet_ring.c).
 *
 * Called by net/socket.c in thread context; packet_dev_mclist_delete() by the notifier. Left out
 * and refused with -ENOPROTOOPT: PACKET_TX_RING and what belongs to it, PACKET_FANOUT,
 * PACKET_VNET_HDR, PACKET_TIMESTAMP (hardware clocks), and PACKET_QDISC_BYPASS, as there is no
 * qdisc to bypass.
 */
#include <errno.h>
#include <kernel/mm/uaccess.h>
#include <net/packet/internal.h>
#include <string.h>

/* Ask dev for what the entry says, or (on false) ask no more. No device here filters by several
 * unicast addresses, so one more of them means all frames. */
static int packet_dev_mc(struct net_device *dev, const struct packet_mclist *m, bool on)
{
	switch (m->type) {
	case PACKET_MR_MULTICAST:
		if (m->alen != dev->addr_len)
			return -EINVAL;
		return on ? dev_mc_add(dev, m->addr) : dev_mc_del(dev, m->addr);
	case PACKET_MR_UNICAST:
		if (m->alen != dev->addr_len)
			return -EINVAL;
		dev_set_promiscuity(dev, on ? 1 : -1);
		return 0;
	case PACKET_MR_PROMISC:
		dev_set_promiscuity(dev, on ? 1 : -1);
		return 0;
	case PACKET_MR_ALLMULTI:
		dev_set_allmulti(dev, on ? 1 : -1);
		return 0;
	default:
		return 0;
	}
}

/* The pointer to the entry for a request, or to the end of the list. */
static struct packet_mclist **packet_mc_find(struct packet_sock *po, const struct packet_mreq *mreq)
{
	struct packet_mclist **p = &po->mclist;

	while (*p &&
	       ((*p)->ifindex != mreq->mr_ifindex || (*p)->type != mreq->mr_type ||
		(*p)->alen != mreq->mr_alen || memcmp((*p)->addr, mreq->mr_address, (*p)->alen)))
		p = &(*p)->next;
	return p;
}

static int packet_mc_add(struct packet_sock *po, const struct packet_mreq *mreq)
{
	struct net_device *dev = __dev_get_by_index(sock_net(&po->sk), mreq->mr_ifindex);
	struct packet_mclist *m;
	int err;

	if (!dev)
		return -ENODEV;
	if (mreq->mr_alen > dev->addr_len)
		return -EINVAL;
	m = *packet_mc_find(po, mreq);
	if (m) {
		m->count++;
		return 0;
	}
	m = kzalloc(sizeof(*m), GFP_ATOMIC);
	if (!m)
		return -ENOBUFS;
	*m = (struct packet_mclist){.next = po->mclist,
				    .ifindex = mreq->mr_ifindex,
				    .count = 1,
				    .type = mreq->mr_type,
				    .alen = mreq->mr_alen};
	memcpy(m->addr, mreq->mr_address, m->alen);
	err = packet_dev_mc(dev, m, true);
	if (err)
		kfree(m);
	else
		po->mclist = m;
	return err;
}

/* Unlinks and frees; the device may have gone. */
static void packet_mc_remove(struct packet_sock *po, struct packet_mclist **p)
{
	struct packet_mclist *m = *p;
	struct net_device *dev = __dev_get_by_index(sock_net(&po->sk), m->ifindex);

	*p = m->next;
	if (dev)
		packet_dev_mc(dev, m, false);
	kfree(m);
}

/* Dropping what was never added is no error, as in Linux. */
static int packet_mc_drop(struct packet_sock *po, const struct packet_mreq *mreq)
{
	struct packet_mclist **p = packet_mc_find(po, mreq);

	if (*p && --(*p)->count == 0)
		packet_mc_remove(po, p);
	return 0;
}

void packet_flush_mclist(struct packet_sock *po)
{
	while (po->mclist)
		packet_mc_remove(po, &po->mclist);
}

void packet_dev_mclist_delete(struct packet_sock *po, struct net_device *dev)
{
	struct packet_mclist **p = &po->mclist;

	while (*p) {
		if ((*p)->ifindex == dev->ifindex)
			packet_mc_remove(po, p);
		else
			p = &(*p)->next;
	}
}

static int packet_membership(struct packet_sock *po, int name, const void *optval, int optlen)
{
	struct packet_mreq mreq = {0};
	int err;

	if (optlen < (int)sizeof(mreq))
		return -EINVAL;
	if (copy_from_user(&mreq, optval, sizeof(mreq)))
		return -EFAULT;
	if (mreq.mr_alen > sizeof(mreq.mr_address))
		return -EINVAL;
	local_bh_disable();
	if (name == PACKET_ADD_MEMBERSHIP)
		err = packet_mc_add(po, &mreq);
	else
		err = packet_mc_drop(po, &mreq);
	local_bh_enable();
	return err;
}

static int packet_set_switch(struct packet_sock *po, int name, int val)
{
	switch (name) {
	case PACKET_AUXDATA:
		po->auxdata = val;
		return 0;
	case PACKET_ORIGDEV:
		po->origdev = val;
		return 0;
	case PACKET_IGNORE_OUTGOING:
		if (val < 0 || val > 1)
			return -EINVAL;
		po->prot_hook.ignore_outgoing = val;
		return 0;
	case PACKET_VERSION:
		if (val != TPACKET_V1 && val != TPACKET_V2)
			return -EINVAL;
		if (po->rx_ring.pages)
			return -EBUSY;
		po->tp_version = val;
		return 0;
	case PACKET_RESERVE:
		if (val < 0)
			return -EINVAL;
		if (po->rx_ring.pages)
			return -EBUSY;
		po->tp_reserve = (u32)val;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static bool is_switch(int name)
{
	return name == PACKET_AUXDATA || name == PACKET_ORIGDEV || name == PACKET_IGNORE_OUTGOING ||
	       name == PACKET_VERSION || name == PACKET_RESERVE;
}

int packet_setsockopt(struct socket *sock, int level, int name, const void *optval, int optlen)
{
	struct packet_sock *po = pkt_sk(sock->sk);
	int val, err;

	if (level != SOL_PACKET)
		return -ENOPROTOOPT;
	if (name == PACKET_ADD_MEMBERSHIP || name == PACKET_DROP_MEMBERSHIP) {
		lock_sock(sock->sk);
		err = packet_membership(po, name, optval, optlen);
		release_sock(sock->sk);
		return err;
	}
	if (name == PACKET_RX_RING) {
		lock_sock(sock->sk);
		err = packet_set_ring(po, optval, optlen);
		release_sock(sock->sk);
		return err;
	}
	if (!is_switch(name))
		return -ENOPROTOOPT;
	if (optlen < (int)sizeof(val))
		return -EINVAL;
	if (copy_from_user(&val, optval, sizeof(val)))
		return -EFAULT;
	lock_sock(sock->sk);
	err = packet_set_switch(po, name, val);
	release_sock(sock->sk);
	return err;
}

/* Counted since the last time; those dropped were also seen. */
static struct tpacket_stats packet_take_stats(struct packet_sock *po)
{
	struct tpacket_stats st;

	local_bh_disable();
	st.tp_packets = po->tp_packets + po->tp_drops;
	st.tp_drops = po->tp_drops;
	po->tp_packets = po->tp_drops = 0;
	local_bh_enable();
	return st;
}

/* The size of a frame's header in the version that the program asks about. */
static int packet_header_size(const void *optval, int len)
{
	int version;

	if (len < (int)sizeof(version))
		return -EINVAL;
	if (copy_from_user(&version, optval, sizeof(version)))
		return -EFAULT;
	if (version == TPACKET_V1)
		return sizeof(struct tpacket_hdr);
	return version == TPACKET_V2 ? (int)sizeof(struct tpacket2_hdr) : -EINVAL;
}

int packet_getsockopt(struct socket *sock, int level, int name, void *optval, int *optlen)
{
	struct packet_sock *po = pkt_sk(sock->sk);
	struct tpacket_stats st;
	int len, val = 0, size = sizeof(val);
	const void *data = &val;

	if (level != SOL_PACKET)
		return -ENOPROTOOPT;
	if (copy_from_user(&len, optlen, sizeof(len)))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	switch (name) {
	case PACKET_STATISTICS:
		st = packet_take_stats(po);
		data = &st;
		size = sizeof(st);
		break;
	case PACKET_AUXDATA:
		val = po->auxdata;
		break;
	case PACKET_ORIGDEV:
		val = po->origdev;
		break;
	case PACKET_IGNORE_OUTGOING:
		val = po->prot_hook.ignore_outgoing;
		break;
	case PACKET_VERSION:
		val = po->tp_version;
		break;
	case PACKET_RESERVE:
		val = (int)po->tp_reserve;
		break;
	case PACKET_HDRLEN:
		val = packet_header_size(optval, len);
		if (val < 0)
			return val;
		break;
	default:
		return -ENOPROTOOPT;
	}
	len = min(len, size);
	if (copy_to_user(optlen, &len, sizeof(len)))
		return -EFAULT;
	return copy_to_user(optval, data, (size_t)len);
}
