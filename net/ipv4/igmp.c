// SPDX-License-Identifier: BSD-2-Clause
/*
 * IGMP, the host's part: version 3 (RFC 3376) with records of source filters, and version 2 and 1
 * (RFC 2236, RFC 1112 appendix I) for as long as an older querier is on the link. A change of
 * membership is reported at once and again at random within the unsolicited report interval, as
 * often as the robustness variable says; queries are answered after a random delay.
 *
 * igmp_rcv is inet_protos[IPPROTO_IGMP]->handler, softirq; changes come from ip_mc.c with softirqs
 * off. Answers to group-and-source queries give the group's whole state. Nothing is reported for
 * 224.0.0.1. Memory shortage delays a report to its next repetition.
 */
#include <errno.h>
#include <kernel/fs/procfs.h>
#include <kernel/lib/random.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <net/checksum.h>
#include <net/inetdevice.h>
#include <net/ipv4/ip_mc.h>
#include <netinet/igmp.h>
#include <string.h>

#define IGMP_QUERY_INTERVAL	  (125 * HZ)
#define IGMP_QUERY_RESPONSE	  (10 * HZ)
#define IGMP_V2_UNSOLICITED	  (10 * HZ)
#define IGMP_V3_UNSOLICITED	  (1 * HZ)
#define IGMP_ALL_V3_ROUTERS	  0xe0000016u /* 224.0.0.22 */
#define IGMP_RECORD_MAX		  (8 + 4 * 64)

static bool igmp_v1_seen(const struct in_device *in_dev)
{
	return in_dev->cnf.force_igmp_version == 1 ||
	       (in_dev->mr_v1_seen && time_before(jiffies, in_dev->mr_v1_seen));
}

/* Version 2 or older must be spoken. */
static bool igmp_v2_seen(const struct in_device *in_dev)
{
	return in_dev->cnf.force_igmp_version == 2 || igmp_v1_seen(in_dev) ||
	       (in_dev->mr_v2_seen && time_before(jiffies, in_dev->mr_v2_seen));
}

static u8 igmp_robustness(const struct in_device *in_dev)
{
	return in_dev->mr_qrv ? in_dev->mr_qrv
			      : (u8)dev_net(in_dev->dev)->ipv4.sysctl_igmp_qrv;
}

static bool igmp_is_silent(const struct ip_mc_list *im)
{
	return im->multiaddr == cpu_to_be32(INADDR_ALLHOSTS_GROUP) ||
	       (im->in_dev->dev->flags & IFF_LOOPBACK);
}

/* Room for one IGMP message of `len` bytes; skb->data is where it begins. */
static struct sk_buff *igmp_alloc(u32 len)
{
	struct sk_buff *skb = alloc_skb(MAX_HEADER + sizeof(struct iphdr) + 4 + len, GFP_ATOMIC);

	if (skb) {
		skb_reserve(skb, MAX_HEADER + sizeof(struct iphdr) + 4);
		skb_reset_transport_header(skb);
	}
	return skb;
}

/* The message in skb to dst, with checksum, router alert and TTL 1 (RFC 3376 section 4). */
static void igmp_send(struct net_device *dev, struct sk_buff *skb, be32 dst)
{
	static const u8 router_alert[4] = {IPOPT_RA, 4, 0, 0};
	struct net *net = dev_net(dev);
	struct flowi4 fl4 = {.flowi4_oif = dev->ifindex, .flowi4_proto = IPPROTO_IGMP,
			     .daddr = dst};
	struct igmphdr *ih = (struct igmphdr *)skb->data;
	struct rtable *rt = ip_route_output_key(net, &fl4);
	struct iphdr *iph;

	if (IS_ERR(rt)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_OUTNOROUTES);
		return;
	}
	ih->csum = 0;
	ih->csum = csum_fold(csum_partial(ih, skb->len, 0));
	skb_dst_set(skb, &rt->dst);
	iph = skb_push(skb, sizeof(*iph) + sizeof(router_alert));
	skb_reset_network_header(skb);
	*iph = (struct iphdr){.version = 4,
			      .ihl = 6,
			      .tos = IPTOS_PREC_INTERNETCONTROL,
			      .frag_off = cpu_to_be16(IP_DF),
			      .ttl = 1,
			      .protocol = IPPROTO_IGMP,
			      .saddr = fl4.saddr,
			      .daddr = dst};
	memcpy(iph + 1, router_alert, sizeof(router_alert));
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	ip_select_ident(net, iph, NULL, 1);
	ip_local_out(net, NULL, skb);
}

/* A version 1 or 2 message about one group. */
static void igmp_send_old(struct ip_mc_list *im, u8 type)
{
	struct sk_buff *skb = igmp_alloc(sizeof(struct igmphdr));
	struct igmphdr *ih;

	if (!skb)
		return;
	ih = skb_put(skb, sizeof(*ih));
	*ih = (struct igmphdr){.type = type, .group = im->multiaddr};
	igmp_send(im->in_dev->dev, skb,
		  type == IGMP_HOST_LEAVE_MESSAGE ? cpu_to_be32(INADDR_ALLRTRS_GROUP)
						  : im->multiaddr);
}

/* A version 3 report that is being filled. */
struct igmp_report {
	struct net_device *dev;
	struct sk_buff *skb;
	u16 records;
};

static void igmpv3_report_send(struct igmp_report *r)
{
	if (!r->skb)
		return;
	((struct igmpv3_report *)r->skb->data)->ngrec = cpu_to_be16(r->records);
	igmp_send(r->dev, r->skb, cpu_to_be32(IGMP_ALL_V3_ROUTERS));
	r->skb = NULL;
	r->records = 0;
}

/* Append one record; `n` sources of `src` that are not in `but` (NULL: all). */
static void igmpv3_add_record(struct igmp_report *r, const struct ip_mc_list *im, u8 type,
			      const struct mc_filter *src, const struct mc_filter *but)
{
	struct igmpv3_grec *rec;
	u16 i, j, n = 0;

	if (r->skb && skb_tailroom(r->skb) < IGMP_RECORD_MAX)
		igmpv3_report_send(r);
	if (!r->skb) {
		u32 size = clamp_t(u32, r->dev->mtu, 576, 1500) - 24;

		r->skb = igmp_alloc(size);
		if (!r->skb)
			return;
		*(struct igmpv3_report *)skb_put(r->skb, sizeof(struct igmpv3_report)) =
			(struct igmpv3_report){.type = IGMPV3_HOST_MEMBERSHIP_REPORT};
	}
	rec = skb_put(r->skb, sizeof(*rec));
	*rec = (struct igmpv3_grec){.grec_type = type, .grec_mca = im->multiaddr};
	for (i = 0; src && i < src->n; i++) {
		for (j = 0; but && j < but->n && but->src[j] != src->src[i]; j++)
			;
		if (but && j < but->n)
			continue;
		memcpy(skb_put(r->skb, 4), &src->src[i], 4);
		n++;
	}
	rec->grec_nsrcs = cpu_to_be16(n);
	r->records++;
}

static bool mc_has_others(const struct mc_filter *a, const struct mc_filter *b)
{
	u16 i, j;

	for (i = 0; a && i < a->n; i++) {
		for (j = 0; b && j < b->n && b->src[j] != a->src[i]; j++)
			;
		if (!b || j == b->n)
			return true;
	}
	return false;
}

/* What became different since the routers were told last (RFC 3376 section 5.1). */
static void igmpv3_add_change(struct igmp_report *r, const struct ip_mc_list *im)
{
	static const struct mc_filter nobody = {.mode = MCAST_INCLUDE};
	const struct mc_filter *now = im->users ? im->filter : &nobody, *old = im->reported;
	u8 mode = mc_filter_mode(now);

	if (mode != mc_filter_mode(old)) {
		igmpv3_add_record(r, im,
				  mode == MCAST_EXCLUDE ? IGMPV3_CHANGE_TO_EXCLUDE
							: IGMPV3_CHANGE_TO_INCLUDE,
				  now, NULL);
		return;
	}
	if (mode == MCAST_EXCLUDE)
		swap(now, old); /* what is excluded no more is allowed */
	if (mc_has_others(now, old))
		igmpv3_add_record(r, im, IGMPV3_ALLOW_NEW_SOURCES, now, old);
	if (mc_has_others(old, now))
		igmpv3_add_record(r, im, IGMPV3_BLOCK_OLD_SOURCES, old, now);
}

static void igmpv3_add_state(struct igmp_report *r, const struct ip_mc_list *im)
{
	bool exclude = mc_filter_mode(im->filter) == MCAST_EXCLUDE;

	if (im->users && !igmp_is_silent(im))
		igmpv3_add_record(r, im,
				  exclude ? IGMPV3_MODE_IS_EXCLUDE : IGMPV3_MODE_IS_INCLUDE,
				  im->filter, NULL);
}

/* Answer to a general query. */
static void igmp_gq_timer_expire(struct timer_list *t)
{
	struct in_device *in_dev = from_timer(in_dev, t, mr_gq_timer);
	struct igmp_report r = {.dev = in_dev->dev};
	const struct ip_mc_list *im;

	in_dev->mr_gq_running = 0;
	for (im = in_dev->mc_list; im; im = im->next)
		igmpv3_add_state(&r, im);
	igmpv3_report_send(&r);
}

static void igmp_forget_change(struct ip_mc_list *im)
{
	kfree(im->reported);
	im->reported = NULL;
	im->reported_valid = false;
	im->crcount = 0;
}

/* State changes of all groups that have some, again until each was told often enough. */
static void igmp_ifc_timer_expire(struct timer_list *t)
{
	struct in_device *in_dev = from_timer(in_dev, t, mr_ifc_timer);
	struct igmp_report r = {.dev = in_dev->dev};
	struct ip_mc_list *im, *next;
	bool again = false;

	for (im = in_dev->mc_list; im; im = next) {
		next = im->next;
		if (!im->crcount)
			continue;
		igmpv3_add_change(&r, im);
		if (--im->crcount) {
			again = true;
			continue;
		}
		igmp_forget_change(im);
		if (!im->users)
			ip_mc_list_free(im);
	}
	igmpv3_report_send(&r);
	if (again)
		mod_timer(&in_dev->mr_ifc_timer,
			  jiffies + 1 + get_random_u32_below(IGMP_V3_UNSOLICITED));
}

static void igmp_start_timer(struct ip_mc_list *im, unsigned long max_delay)
{
	im->tm_running = true;
	mod_timer(&im->timer, jiffies + 1 + get_random_u32_below((u32)max(max_delay, 1ul)));
}

static void igmp_group_timer_expire(struct timer_list *t)
{
	struct ip_mc_list *im = from_timer(im, t, timer);
	struct in_device *in_dev = im->in_dev;

	im->tm_running = false;
	if (!im->users)
		return;
	im->reporter = true;
	if (!igmp_v2_seen(in_dev)) {
		struct igmp_report r = {.dev = in_dev->dev};

		igmpv3_add_state(&r, im);
		igmpv3_report_send(&r);
		return;
	}
	igmp_send_old(im, igmp_v1_seen(in_dev) ? IGMP_HOST_MEMBERSHIP_REPORT
					       : IGMPV2_HOST_MEMBERSHIP_REPORT);
	if (im->unsolicit_count && --im->unsolicit_count)
		igmp_start_timer(im, IGMP_V2_UNSOLICITED);
}

void igmp_timer_setup(struct ip_mc_list *im)
{
	timer_setup(&im->timer, igmp_group_timer_expire, 0);
}

/* Remember what the routers know and tell them the difference, soon. Takes over `old`. */
static void igmp_change(struct ip_mc_list *im, struct mc_filter *old)
{
	struct in_device *in_dev = im->in_dev;

	if (im->reported_valid) {
		kfree(old);
	} else {
		im->reported = old;
		im->reported_valid = true;
	}
	im->crcount = igmp_robustness(in_dev);
	mod_timer(&in_dev->mr_ifc_timer, jiffies + 1);
}

void igmp_group_changed(struct ip_mc_list *im, struct mc_filter *old, bool was_member)
{
	(void)was_member;
	if (igmp_is_silent(im) || !netif_running(im->in_dev->dev) || igmp_v2_seen(im->in_dev))
		kfree(old); /* older versions know no sources */
	else
		igmp_change(im, old);
}

void igmp_group_added(struct ip_mc_list *im)
{
	struct mc_filter *nobody;

	if (igmp_is_silent(im) || !netif_running(im->in_dev->dev))
		return;
	if (igmp_v2_seen(im->in_dev)) {
		im->unsolicit_count = igmp_robustness(im->in_dev);
		igmp_start_timer(im, 1);
		return;
	}
	nobody = kzalloc(sizeof(*nobody), GFP_ATOMIC);
	if (!nobody)
		return;
	nobody->mode = MCAST_INCLUDE;
	igmp_change(im, nobody);
}

void igmp_group_dropped(struct ip_mc_list *im)
{
	struct in_device *in_dev = im->in_dev;
	struct mc_filter *old = im->filter;

	im->filter = NULL;
	del_timer(&im->timer);
	im->tm_running = false;
	if (igmp_is_silent(im) || !netif_running(in_dev->dev) || igmp_v2_seen(in_dev)) {
		/* RFC 2236 section 3: who reported last says goodbye. */
		if (!igmp_is_silent(im) && netif_running(in_dev->dev) && im->reporter &&
		    !igmp_v1_seen(in_dev))
			igmp_send_old(im, IGMP_HOST_LEAVE_MESSAGE);
		kfree(old);
		ip_mc_list_free(im);
		return;
	}
	igmp_change(im, old);
}

/* Another host reported the group: one report is enough (versions 1 and 2). */
static void igmp_heard_report(struct in_device *in_dev, be32 group)
{
	struct ip_mc_list *im = ip_mc_find(in_dev, group);

	if (!im || igmp_is_silent(im) || !igmp_v2_seen(in_dev))
		return;
	del_timer(&im->timer);
	im->tm_running = false;
	im->reporter = false;
	im->unsolicit_count = 0;
}

/* RFC 3376 section 4.1.1: tenths of a second, large ones as a small float. */
static unsigned long igmpv3_max_resp(u8 code)
{
	u32 v = code < 0x80 ? code : ((code & 15u) | 16) << ((code >> 4 & 7) + 3);

	return max_t(unsigned long, v * (HZ / 10), 1);
}

/* An older querier is here: speak its version until it is silent for long (section 7.2.1). */
static unsigned long igmp_old_query(struct in_device *in_dev, u8 code)
{
	unsigned long until = jiffies + igmp_robustness(in_dev) * IGMP_QUERY_INTERVAL +
			      IGMP_QUERY_RESPONSE;
	struct ip_mc_list *im, *next;

	if (!code)
		in_dev->mr_v1_seen = until;
	else
		in_dev->mr_v2_seen = until;
	/* Pending state changes are version 3's. */
	del_timer(&in_dev->mr_ifc_timer);
	for (im = in_dev->mc_list; im; im = next) {
		next = im->next;
		if (im->users)
			igmp_forget_change(im);
		else
			ip_mc_list_free(im);
	}
	return code ? code * (HZ / 10) : IGMP_QUERY_RESPONSE;
}

/* False: malformed. */
static bool igmp_heard_query(struct in_device *in_dev, struct sk_buff *skb)
{
	const struct igmpv3_query *q = (const struct igmpv3_query *)skb->data;
	be32 group = q->group;
	struct ip_mc_list *im;
	unsigned long delay;

	if (skb->len == sizeof(struct igmphdr)) {
		delay = igmp_old_query(in_dev, q->code);
		if (!q->code)
			group = 0;
	} else if (skb->len < sizeof(*q)) {
		return false;
	} else if (igmp_v2_seen(in_dev)) {
		delay = max_t(unsigned long, q->code * (HZ / 10), 1);
	} else {
		if (!pskb_may_pull(skb, sizeof(*q)))
			return false;
		q = (const struct igmpv3_query *)skb->data;
		if (!pskb_may_pull(skb, sizeof(*q) + be16_to_cpu(q->nsrcs) * 4u))
			return false;
		q = (const struct igmpv3_query *)skb->data;
		delay = igmpv3_max_resp(q->code);
		in_dev->mr_qrv = q->qrv;
		if (!group) {
			if (q->nsrcs || in_dev->mr_gq_running)
				return !q->nsrcs;
			in_dev->mr_gq_running = 1;
			mod_timer(&in_dev->mr_gq_timer,
				  jiffies + 1 + get_random_u32_below((u32)delay));
			return true;
		}
	}
	for (im = in_dev->mc_list; im; im = im->next) {
		if ((group && group != im->multiaddr) || igmp_is_silent(im) || !im->users)
			continue;
		if (!im->tm_running || time_after(im->timer.expires, jiffies + delay))
			igmp_start_timer(im, delay);
	}
	return true;
}

int igmp_rcv(struct sk_buff *skb)
{
	struct in_device *in_dev = __in_dev_get(skb->dev);
	const struct igmphdr *ih;
	bool ok = true;

	if (!in_dev || !pskb_may_pull(skb, sizeof(*ih)) || !skb_checksum_complete(skb, 0)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_IGMP_INVALID);
		return NET_RX_DROP;
	}
	ih = (const struct igmphdr *)skb->data;
	switch (ih->type) {
	case IGMP_HOST_MEMBERSHIP_QUERY:
		ok = igmp_heard_query(in_dev, skb);
		break;
	case IGMP_HOST_MEMBERSHIP_REPORT:
	case IGMPV2_HOST_MEMBERSHIP_REPORT:
		/* Not our own, come back over the loop. */
		if (skb->pkt_type == PACKET_MULTICAST || skb->pkt_type == PACKET_BROADCAST)
			igmp_heard_report(in_dev, ih->group);
		break;
	default: /* version 3 reports are for routers; the rest is not for hosts */
		break;
	}
	if (ok)
		consume_skb(skb);
	else
		kfree_skb_reason(skb, SKB_DROP_REASON_IGMP_INVALID);
	return ok ? NET_RX_SUCCESS : NET_RX_DROP;
}

void ip_mc_init_dev(struct in_device *in_dev)
{
	timer_setup(&in_dev->mr_gq_timer, igmp_gq_timer_expire, 0);
	timer_setup(&in_dev->mr_ifc_timer, igmp_ifc_timer_expire, 0);
}

void igmp_stop(struct in_device *in_dev)
{
	struct ip_mc_list *im;

	del_timer(&in_dev->mr_gq_timer);
	del_timer(&in_dev->mr_ifc_timer);
	in_dev->mr_gq_running = 0;
	for (im = in_dev->mc_list; im; im = im->next) {
		del_timer(&im->timer);
		im->tm_running = false;
		igmp_forget_change(im);
	}
}

static int igmp_seq_show(struct seq_file *m)
{
	struct net_device *dev;

	seq_puts(m, "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n");
	local_bh_disable();
	for_each_netdev(m->net, dev) {
		const struct in_device *in_dev = __in_dev_get(dev);
		const struct ip_mc_list *im;
		int count = 0;

		if (!in_dev)
			continue;
		for (im = in_dev->mc_list; im; im = im->next)
			count += im->users > 0;
		seq_printf(m, "%d\t%-10s: %5d %7s\n", dev->ifindex, dev->name, count,
			   igmp_v1_seen(in_dev)   ? "V1"
			   : igmp_v2_seen(in_dev) ? "V2"
						  : "V3");
		for (im = in_dev->mc_list; im; im = im->next) {
			long left = im->tm_running ? (long)(im->timer.expires - jiffies) : 0;

			if (im->users)
				seq_printf(m, "\t\t\t\t%08X %5d %d:%08lX\t\t%d\n",
					   im->multiaddr, im->users, im->tm_running,
					   (unsigned long)max(left, 0l) / 10, im->reporter);
		}
	}
	local_bh_enable();
	return 0;
}

void igmp_init(void)
{
	static const struct proc_ops ops = {.show = igmp_seq_show};

	WARN_ON(proc_create("net/igmp", 0444, &ops, NULL));
}
