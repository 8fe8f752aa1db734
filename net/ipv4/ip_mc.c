// SPDX-License-Identifier: BSD-2-Clause
/*
 * Multicast membership of sockets (RFC 1112, source filters by RFC 3376 section 3): who joined
 * which group on which device, with which sources, and what that makes of the device's own filter
 * (section 3.2: EXCLUDE if any member excludes, of what all of them exclude and none includes; else
 * INCLUDE of what any includes).
 *
 * ip_mc_sf_allow() is asked for each received group packet and socket, softirq. Changes in thread
 * context with the sock locked and softirqs off; igmp.c tells the routers. At most
 * igmp_max_memberships groups a socket and igmp_max_msf sources a group.
 */
#include <errno.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/softirq.h>
#include <net/ethernet.h>
#include <net/inetdevice.h>
#include <net/ipv4/ip_mc.h>
#include <string.h>

#define MC_MAX_SOURCES 64 /* in a device's filter; with more the group is wanted from all */

static struct mc_filter *mc_filter_alloc(u8 mode, u16 room)
{
	struct mc_filter *f = kzalloc(sizeof(*f) + room * sizeof(be32), GFP_ATOMIC);

	if (f)
		f->mode = mode;
	return f;
}

static int mc_filter_index(const struct mc_filter *f, be32 src)
{
	int i;

	for (i = 0; f && i < f->n; i++) {
		if (f->src[i] == src)
			return i;
	}
	return -1;
}

static bool mc_filter_equal(const struct mc_filter *a, const struct mc_filter *b)
{
	u16 an = a ? a->n : 0, bn = b ? b->n : 0;
	int i;

	if (mc_filter_mode(a) != mc_filter_mode(b) || an != bn)
		return false;
	for (i = 0; i < an; i++) {
		if (mc_filter_index(b, a->src[i]) < 0)
			return false;
	}
	return true;
}

struct ip_mc_list *ip_mc_find(struct in_device *in_dev, be32 group)
{
	struct ip_mc_list *im;

	for (im = in_dev->mc_list; im; im = im->next) {
		if (im->multiaddr == group)
			return im;
	}
	return NULL;
}

bool ip_check_mc(struct in_device *in_dev, be32 group)
{
	const struct ip_mc_list *im = in_dev ? ip_mc_find(in_dev, group) : NULL;

	return im && im->users > 0;
}

/* Is src excluded by every member that excludes, and included by none? */
static bool mc_all_exclude(const struct ip_mc_list *im, be32 src)
{
	const struct ip_mc_socklist *s;

	list_for_each_entry(s, &im->members, im_link) {
		bool listed = mc_filter_index(s->filter, src) >= 0;

		if (listed != (mc_filter_mode(s->filter) == MCAST_EXCLUDE))
			return false;
	}
	return true;
}

/* The members' filters together; NULL: from everybody (also when memory is short). */
static struct mc_filter *mc_combine(const struct ip_mc_list *im)
{
	const struct ip_mc_socklist *s, *excluder = NULL;
	struct mc_filter *f;
	int i;

	if (list_empty(&im->members))
		return NULL;
	list_for_each_entry(s, &im->members, im_link) {
		if (mc_filter_mode(s->filter) != MCAST_EXCLUDE)
			continue;
		if (!s->filter || !s->filter->n)
			return NULL;
		excluder = s;
	}
	f = mc_filter_alloc(excluder ? MCAST_EXCLUDE : MCAST_INCLUDE, MC_MAX_SOURCES);
	if (!f)
		return NULL;
	list_for_each_entry(s, &im->members, im_link) {
		if (excluder && s != excluder)
			continue;
		for (i = 0; i < s->filter->n; i++) {
			be32 src = s->filter->src[i];

			if (mc_filter_index(f, src) >= 0 ||
			    (excluder && !mc_all_exclude(im, src)))
				continue;
			if (f->n == MC_MAX_SOURCES) {
				kfree(f);
				return NULL;
			}
			f->src[f->n++] = src;
		}
	}
	if (f->mode == MCAST_EXCLUDE && !f->n) {
		kfree(f);
		f = NULL;
	}
	return f;
}

/* A member's filter changed: the device's follows. */
static void mc_recompute(struct ip_mc_list *im)
{
	struct mc_filter *f = mc_combine(im), *old = im->filter;

	if (mc_filter_equal(f, old)) {
		kfree(f);
		return;
	}
	im->filter = f;
	igmp_group_changed(im, old, true);
}

static void mc_hw_addr(be32 group, u8 *ha)
{
	u32 a = be32_to_cpu(group);

	ha[0] = 0x01;
	ha[1] = 0x00;
	ha[2] = 0x5e;
	ha[3] = (u8)(a >> 16 & 0x7f);
	ha[4] = (u8)(a >> 8);
	ha[5] = (u8)a;
}

static void mc_hw_update(struct ip_mc_list *im, bool add)
{
	struct net_device *dev = im->in_dev->dev;
	u8 ha[MAX_ADDR_LEN] = {0};

	if (dev->addr_len != ETH_ALEN || !(dev->flags & IFF_MULTICAST))
		return;
	mc_hw_addr(im->multiaddr, ha);
	if (add)
		dev_mc_add(dev, ha);
	else
		dev_mc_del(dev, ha);
}

/* One more user of a group on a device, the entry made when missing. NULL: out of memory. */
static struct ip_mc_list *ip_mc_inc_group(struct in_device *in_dev, be32 group)
{
	struct ip_mc_list *im = ip_mc_find(in_dev, group);

	if (!im) {
		im = kzalloc(sizeof(*im), GFP_ATOMIC);
		if (!im)
			return NULL;
		im->in_dev = in_dev;
		im->multiaddr = group;
		INIT_LIST_HEAD(&im->members);
		igmp_timer_setup(im);
		im->next = in_dev->mc_list;
		in_dev->mc_list = im;
	}
	if (im->users++ == 0) {
		mc_hw_update(im, true);
		rt_genid_bump(dev_net(in_dev->dev));
	}
	return im;
}

static void ip_mc_dec_group(struct ip_mc_list *im)
{
	BUG_ON(im->users <= 0);
	if (--im->users)
		return;
	mc_hw_update(im, false);
	rt_genid_bump(dev_net(im->in_dev->dev));
	igmp_group_dropped(im); /* frees it once its last reports are sent */
}

void ip_mc_list_free(struct ip_mc_list *im)
{
	struct ip_mc_list **pos = &im->in_dev->mc_list;

	while (*pos != im)
		pos = &(*pos)->next;
	*pos = im->next;
	del_timer(&im->timer);
	kfree(im->filter);
	kfree(im->reported);
	kfree(im);
}

static struct in_device *ip_mc_find_dev(struct net *net, const struct ip_mreqn *imr)
{
	struct flowi4 fl4 = {.daddr = imr->imr_multiaddr.s_addr};
	struct net_device *dev = NULL;
	struct rtable *rt;

	if (imr->imr_ifindex) {
		dev = __dev_get_by_index(net, imr->imr_ifindex);
		return dev ? __in_dev_get(dev) : NULL;
	}
	if (imr->imr_address.s_addr)
		dev = ip_dev_find(net, imr->imr_address.s_addr);
	if (!dev) {
		rt = ip_route_output_key(net, &fl4);
		if (IS_ERR(rt))
			return NULL;
		dev = rt->dst.dev;
		dst_release(&rt->dst);
	}
	return __in_dev_get(dev);
}

/* The membership that imr means, or where the list ends. */
static struct ip_mc_socklist **mc_sock_find(struct sock *sk, be32 group, int ifindex)
{
	struct ip_mc_socklist **pos = &inet_sk(sk)->mc_list;

	while (*pos && ((*pos)->multi.imr_multiaddr.s_addr != group ||
			(*pos)->multi.imr_ifindex != ifindex))
		pos = &(*pos)->next;
	return pos;
}

static int mc_join(struct sock *sk, const struct ip_mreqn *imr, u8 mode)
{
	struct net *net = sock_net(sk);
	struct ip_mc_socklist *s, **pos;
	struct in_device *in_dev;
	int count = 0;
	bool added;

	if (!ipv4_is_multicast(imr->imr_multiaddr.s_addr))
		return -EINVAL;
	in_dev = ip_mc_find_dev(net, imr);
	if (!in_dev)
		return -ENODEV;
	pos = mc_sock_find(sk, imr->imr_multiaddr.s_addr, in_dev->dev->ifindex);
	if (*pos)
		return -EADDRINUSE;
	for (s = inet_sk(sk)->mc_list; s; s = s->next)
		count++;
	if (count >= net->ipv4.sysctl_igmp_max_memberships)
		return -ENOBUFS;
	s = kzalloc(sizeof(*s), GFP_ATOMIC);
	if (!s)
		return -ENOBUFS;
	if (mode == MCAST_INCLUDE) {
		s->filter = mc_filter_alloc(mode, 0);
		if (!s->filter) {
			kfree(s);
			return -ENOBUFS;
		}
	}
	s->im = ip_mc_inc_group(in_dev, imr->imr_multiaddr.s_addr);
	if (!s->im) {
		kfree(s->filter);
		kfree(s);
		return -ENOMEM;
	}
	s->multi = *imr;
	s->multi.imr_ifindex = in_dev->dev->ifindex;
	added = s->im->users == 1;
	list_add(&s->im_link, &s->im->members);
	*pos = s;
	if (added) {
		s->im->filter = mc_combine(s->im);
		igmp_group_added(s->im);
	} else {
		mc_recompute(s->im);
	}
	return 0;
}

static void mc_leave(struct ip_mc_socklist **pos)
{
	struct ip_mc_socklist *s = *pos;

	*pos = s->next;
	if (s->im) {
		list_del(&s->im_link);
		if (s->im->users > 1)
			mc_recompute(s->im);
		ip_mc_dec_group(s->im);
	}
	kfree(s->filter);
	kfree(s);
}

int ip_mc_join_group(struct sock *sk, const struct ip_mreqn *imr)
{
	int err;

	local_bh_disable();
	err = mc_join(sk, imr, MCAST_EXCLUDE);
	local_bh_enable();
	return err;
}

/* By group, and by device as far as imr names one. */
int ip_mc_leave_group(struct sock *sk, const struct ip_mreqn *imr)
{
	struct ip_mc_socklist **pos = &inet_sk(sk)->mc_list, *s;
	struct in_device *in_dev;
	int err = -EADDRNOTAVAIL;

	local_bh_disable();
	in_dev = ip_mc_find_dev(sock_net(sk), imr);
	if (!in_dev && !imr->imr_ifindex && !imr->imr_address.s_addr) {
		err = -ENODEV;
		goto out;
	}
	for (; (s = *pos) != NULL; pos = &s->next) {
		if (s->multi.imr_multiaddr.s_addr != imr->imr_multiaddr.s_addr)
			continue;
		if (imr->imr_ifindex) {
			if (s->multi.imr_ifindex != imr->imr_ifindex)
				continue;
		} else if (imr->imr_address.s_addr &&
			   imr->imr_address.s_addr != s->multi.imr_address.s_addr) {
			continue;
		}
		mc_leave(pos);
		err = 0;
		break;
	}
out:
	local_bh_enable();
	return err;
}

void ip_mc_drop_socket(struct sock *sk)
{
	local_bh_disable();
	while (inet_sk(sk)->mc_list)
		mc_leave(&inet_sk(sk)->mc_list);
	local_bh_enable();
}

bool ip_mc_sf_allow(const struct sock *sk, be32 group, be32 src, int dif)
{
	const struct ip_mc_socklist *s;

	if (!ipv4_is_multicast(group))
		return true;
	for (s = inet_sk(sk)->mc_list; s; s = s->next) {
		if (s->multi.imr_multiaddr.s_addr == group && s->multi.imr_ifindex == dif)
			return (mc_filter_index(s->filter, src) >= 0) ==
			       (mc_filter_mode(s->filter) == MCAST_INCLUDE);
	}
	return inet_sk(sk)->mc_all;
}

/* Put f in the place of the membership's filter. */
static void mc_set_filter(struct ip_mc_socklist *s, struct mc_filter *f)
{
	kfree(s->filter);
	s->filter = f;
	if (s->im)
		mc_recompute(s->im);
}

int ip_mc_source_add(struct sock *sk, const struct ip_mreqn *imr, be32 src, u8 mode)
{
	struct ip_mc_socklist *s;
	struct mc_filter *f;
	u16 n;

	s = *mc_sock_find(sk, imr->imr_multiaddr.s_addr, imr->imr_ifindex);
	if (!s)
		return -EINVAL;
	n = s->filter ? s->filter->n : 0;
	/* An empty filter may change its mode, one with sources not. */
	if (n && s->filter->mode != mode)
		return -EINVAL;
	if (mc_filter_index(s->filter, src) >= 0)
		return -EADDRNOTAVAIL;
	if (n >= sock_net(sk)->ipv4.sysctl_igmp_max_msf)
		return -ENOBUFS;
	f = mc_filter_alloc(mode, (u16)(n + 1));
	if (!f)
		return -ENOBUFS;
	if (n)
		memcpy(f->src, s->filter->src, n * sizeof(be32));
	f->src[n] = src;
	f->n = (u16)(n + 1);
	mc_set_filter(s, f);
	return 0;
}

int ip_mc_source_del(struct sock *sk, const struct ip_mreqn *imr, be32 src, u8 mode)
{
	struct ip_mc_socklist **pos =
		mc_sock_find(sk, imr->imr_multiaddr.s_addr, imr->imr_ifindex);
	struct ip_mc_socklist *s = *pos;
	struct mc_filter *f;
	int at;

	if (!s)
		return -EINVAL;
	if (mc_filter_mode(s->filter) != mode)
		return s->filter && s->filter->n ? -EINVAL : -EADDRNOTAVAIL;
	at = mc_filter_index(s->filter, src);
	if (at < 0)
		return -EADDRNOTAVAIL;
	if (s->filter->n == 1 && mode == MCAST_INCLUDE) {
		mc_leave(pos); /* from nobody any more */
		return 0;
	}
	f = mc_filter_alloc(mode, s->filter->n);
	if (!f)
		return -ENOBUFS;
	memcpy(f->src, s->filter->src, s->filter->n * sizeof(be32));
	f->n = (u16)(s->filter->n - 1);
	f->src[at] = f->src[f->n];
	mc_set_filter(s, f);
	return 0;
}

int ip_mc_source_join(struct sock *sk, struct ip_mreqn *imr)
{
	int err = mc_join(sk, imr, MCAST_INCLUDE);
	struct in_device *in_dev = ip_mc_find_dev(sock_net(sk), imr);

	if (in_dev)
		imr->imr_ifindex = in_dev->dev->ifindex;
	return err == -EADDRINUSE ? 0 : err;
}

int ip_mc_resolve(struct sock *sk, struct ip_mreqn *imr)
{
	struct in_device *in_dev = ip_mc_find_dev(sock_net(sk), imr);

	if (!ipv4_is_multicast(imr->imr_multiaddr.s_addr))
		return -EINVAL;
	if (!in_dev)
		return -ENODEV;
	imr->imr_ifindex = in_dev->dev->ifindex;
	return 0;
}

int ip_mc_msfilter_set(struct sock *sk, const struct ip_mreqn *imr, u8 mode, const be32 *src, u16 n)
{
	struct ip_mc_socklist **pos =
		mc_sock_find(sk, imr->imr_multiaddr.s_addr, imr->imr_ifindex);
	struct mc_filter *f;

	if (!*pos)
		return -EINVAL;
	if (mode == MCAST_INCLUDE && !n) {
		mc_leave(pos);
		return 0;
	}
	f = mc_filter_alloc(mode, n);
	if (!f)
		return -ENOBUFS;
	memcpy(f->src, src, n * sizeof(be32));
	f->n = n;
	mc_set_filter(*pos, f);
	return 0;
}

const struct mc_filter *ip_mc_msfilter_get(struct sock *sk, const struct ip_mreqn *imr, int *err)
{
	const struct ip_mc_socklist *s =
		*mc_sock_find(sk, imr->imr_multiaddr.s_addr, imr->imr_ifindex);

	*err = s ? 0 : -EADDRNOTAVAIL;
	return s ? s->filter : NULL;
}

/* The group that every host is in (RFC 1112 section 4). */
void ip_mc_up(struct in_device *in_dev)
{
	const be32 all_hosts = cpu_to_be32(INADDR_ALLHOSTS_GROUP);
	struct ip_mc_list *im = ip_mc_find(in_dev, all_hosts);

	if (!im || !im->users)
		ip_mc_inc_group(in_dev, all_hosts);
	for (im = in_dev->mc_list; im; im = im->next) {
		if (im->users)
			igmp_group_added(im);
	}
}

void ip_mc_down(struct in_device *in_dev)
{
	struct ip_mc_list *im, *next;

	igmp_stop(in_dev);
	for (im = in_dev->mc_list; im; im = next) {
		next = im->next;
		if (!im->users)
			ip_mc_list_free(im);
	}
}

/* Memberships that are left see that their device has gone. */
void ip_mc_destroy_dev(struct in_device *in_dev)
{
	struct ip_mc_socklist *s, *next;
	struct ip_mc_list *im;

	igmp_stop(in_dev);
	while ((im = in_dev->mc_list) != NULL) {
		list_for_each_entry_safe(s, next, &im->members, im_link) {
			list_del(&s->im_link);
			s->im = NULL;
		}
		if (im->users)
			mc_hw_update(im, false);
		ip_mc_list_free(im);
	}
}
