/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_IPV4_IP_MC_H
#define BW_NET_IPV4_IP_MC_H

/*
 * Multicast membership, between the options (ip_sockopt.c), the sockets' memberships and their
 * filters (ip_mc.c) and the protocol (igmp.c).
 */
#include <net/ip.h>

/* Which sources a group is wanted from (RFC 3376 section 3): INCLUDE a list, EXCLUDE a list. */
struct mc_filter {
	u8 mode; /* MCAST_INCLUDE, MCAST_EXCLUDE */
	u16 n;
	be32 src[]; /* in order */
};

/* One socket's membership. */
struct ip_mc_socklist {
	struct ip_mc_socklist *next; /* of the socket [s] */
	struct ip_mreqn multi;
	struct ip_mc_list *im;	    /* NULL: the device has gone */
	struct list_head im_link;   /* im->members */
	struct mc_filter *filter;   /* NULL: EXCLUDE nobody */
};

/* One group on a device. Softirqs off. */
struct ip_mc_list {
	struct ip_mc_list *next;
	struct in_device *in_dev;
	be32 multiaddr;
	int users;		     /* 0: only its last reports are still to be sent */
	struct list_head members;    /* socklists; the stack itself counts as user only */
	struct mc_filter *filter;    /* of all members together, NULL: EXCLUDE nobody */
	struct mc_filter *reported;  /* what routers were told before this change; NULL likewise */
	bool reported_valid;	     /* reported differs from filter: state changes to send */
	u8 crcount;		     /* state change reports still to send */
	bool reporter, tm_running;   /* the last report of the group was ours; timer armed */
	u8 unsolicit_count;
	struct timer_list timer;
};

/* A program's ip_mreqn, ip_mreq or (addr_only) in_addr. 0, -EINVAL, -EFAULT. */
int ip_mc_get_mreqn(struct ip_mreqn *mreq, const void *optval, int optlen, bool addr_only);
/* Memberships by IP_ADD_MEMBERSHIP .. MCAST_LEAVE_SOURCE_GROUP, IP_MSFILTER; -ENOPROTOOPT. */
int ip_mc_setsockopt(struct sock *sk, int name, const void *optval, int optlen);
int ip_mc_msfget(struct sock *sk, void *optval, int *optlen, int len);

/*
 * ip_mc.c, for the options; sock locked, softirqs off. imr names group and device (ip_mc_resolve
 * fills in the index). Linux's errnos.
 */
int ip_mc_resolve(struct sock *sk, struct ip_mreqn *imr);
int ip_mc_source_join(struct sock *sk, struct ip_mreqn *imr);
int ip_mc_source_add(struct sock *sk, const struct ip_mreqn *imr, be32 src, u8 mode);
int ip_mc_source_del(struct sock *sk, const struct ip_mreqn *imr, be32 src, u8 mode);
int ip_mc_msfilter_set(struct sock *sk, const struct ip_mreqn *imr, u8 mode, const be32 *src,
		       u16 n);
const struct mc_filter *ip_mc_msfilter_get(struct sock *sk, const struct ip_mreqn *imr, int *err);

/* igmp.c: the filter of a group changed from `old` (the callee owns it) to im->filter. */
void igmp_group_changed(struct ip_mc_list *im, struct mc_filter *old, bool was_member);
/* The first member came, the last one went: nothing more to do for the latter than to report. */
void igmp_group_added(struct ip_mc_list *im);
void igmp_group_dropped(struct ip_mc_list *im);
void igmp_timer_setup(struct ip_mc_list *im);
/* A device goes down: no reports any more. */
void igmp_stop(struct in_device *in_dev);
void ip_mc_list_free(struct ip_mc_list *im);
struct ip_mc_list *ip_mc_find(struct in_device *in_dev, be32 group);
static inline u8 mc_filter_mode(const struct mc_filter *f)
{
	return f ? f->mode : MCAST_EXCLUDE;
}

#endif /* BW_NET_IPV4_IP_MC_H */
