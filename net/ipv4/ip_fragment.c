// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reassembly (RFC 791 page 28, RFC 815, RFC 1122 section 3.3.2). Fragments of one datagram (source,
 * destination, protocol, identification) are kept in a tree by offset until they are complete or
 * ipfrag_time is over; then, if the first one is there, its sender is told (time exceeded, code 1).
 * The whole is the first fragment with the others on its frag_list; nothing is copied.
 *
 * Overlapping fragments throw their datagram away (RFC 5722's reasons hold for IPv4 too), an exact
 * duplicate is ignored. Bounded by ipfrag_high_thresh bytes a namespace; a datagram of which more
 * than ipfrag_max_dist other fragments of the same source came in between starts anew.
 * ip_defrag() is called by ip_local_deliver(), softirq.
 */
#include <errno.h>
#include <kernel/lib/hash.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <kernel/time/timer.h>
#include <net/icmp.h>
#include <net/inetdevice.h>
#include <net/ip.h>
#include <string.h>

#define IPFRAG_BUCKETS 256
#define IPFRAG_PEERS   256

enum { IPQ_FIRST_IN = 1, IPQ_LAST_IN = 2 };

struct ipfrag_key {
	be32 saddr, daddr;
	be16 id;
	u8 protocol;
	int iif; /* of groups and link-local sources only; else 0 */
};

struct ipq {
	struct hlist_node node;
	struct ipfrag_key key;
	struct fqdir *dir;
	struct timer_list timer;
	struct rb_root fragments; /* by frag_cb.offset */
	u32 len, meat;		  /* payload: known length, bytes here */
	u8 flags, ecn;		  /* IPQ_*; bit n: ECN field n was seen */
	u16 max_size;		  /* longest fragment with its header */
	bool df;		  /* some had DF */
	int iif;
	u32 rid;		  /* source's fragment count when the last of ours came */
	long mem;
};

struct fqdir {
	struct net *net;
	struct hlist_head buckets[IPFRAG_BUCKETS];
	u32 peers[IPFRAG_PEERS]; /* fragments seen, by hash of their source */
	long mem;
	int queues;
};

/* skb->cb of a fragment that waits. */
struct frag_cb {
	struct inet_skb_parm h;
	u32 offset, end;
};
#define FRAG_CB(skb) ((struct frag_cb *)((skb)->cb))

static struct kmem_cache *ipq_cache;

static struct hlist_head *ipfrag_bucket(struct fqdir *dir, const struct ipfrag_key *k)
{
	u64 a = (u64)(__force u32)k->saddr << 32 | (__force u32)k->daddr;
	u64 b = (u64)(u32)k->iif << 32 | (u32)(__force u16)k->id << 8 | k->protocol;

	return &dir->buckets[hash_keyed(a, b, dir->net->hash_key.key) % IPFRAG_BUCKETS];
}

static void ipq_charge(struct ipq *q, long bytes)
{
	q->mem += bytes;
	q->dir->mem += bytes;
}

static void ipq_free_fragments(struct ipq *q, enum skb_drop_reason reason)
{
	struct rb_node *node;

	while ((node = rb_first(&q->fragments)) != NULL) {
		struct sk_buff *skb = rb_to_skb(node);

		rb_erase(node, &q->fragments);
		ipq_charge(q, -(long)skb->truesize);
		skb->next = skb->prev = NULL;
		kfree_skb_reason(skb, reason);
	}
}

/* Everything that is left of the datagram goes. */
static void ipq_kill(struct ipq *q, enum skb_drop_reason reason)
{
	struct fqdir *dir = q->dir;

	del_timer(&q->timer);
	hlist_del_init(&q->node);
	ipq_free_fragments(q, reason);
	ipq_charge(q, -(long)sizeof(*q));
	BUG_ON(q->mem != 0);
	dir->queues--;
	kmem_cache_free(ipq_cache, q);
}

/* The first fragment was there: say that the others did not come. */
static void ipq_send_time_exceeded(struct ipq *q)
{
	struct sk_buff *head = rb_to_skb(rb_first(&q->fragments));
	const struct iphdr *iph = ip_hdr(head);

	head->dev = __dev_get_by_index(q->dir->net, q->iif);
	if (!head->dev ||
	    ip_route_input_noref(head, iph->daddr, iph->saddr, iph->tos, head->dev))
		return;
	if (skb_rtable(head)->rt_type == RTN_LOCAL)
		icmp_send(head, ICMP_TIME_EXCEEDED, ICMP_EXC_FRAGTIME, 0);
	skb_dst_drop(head);
}

static void ip_expire(struct timer_list *t)
{
	struct ipq *q = from_timer(q, t, timer);
	struct net *net = q->dir->net;

	IP_INC_STATS(net, IPSTATS_MIB_REASMFAILS);
	IP_INC_STATS(net, IPSTATS_MIB_REASMTIMEOUT);
	if (q->flags & IPQ_FIRST_IN)
		ipq_send_time_exceeded(q);
	ipq_kill(q, SKB_DROP_REASON_FRAG_TIMEOUT);
}

static struct ipq *ip_find(struct fqdir *dir, const struct ipfrag_key *key)
{
	struct hlist_head *bucket = ipfrag_bucket(dir, key);
	struct ipq *q;

	hlist_for_each_entry(q, bucket, node) {
		if (q->key.saddr == key->saddr && q->key.daddr == key->daddr &&
		    q->key.id == key->id && q->key.protocol == key->protocol &&
		    q->key.iif == key->iif)
			return q;
	}
	if (dir->mem + (long)sizeof(*q) > dir->net->ipv4.sysctl_ipfrag_high_thresh)
		return NULL;
	q = kmem_cache_zalloc(ipq_cache, GFP_ATOMIC);
	if (!q)
		return NULL;
	q->key = *key;
	q->dir = dir;
	q->fragments = RB_ROOT;
	q->rid = dir->peers[hash_keyed((__force u32)key->saddr, 1, dir->net->hash_key.key) %
			    IPFRAG_PEERS];
	timer_setup(&q->timer, ip_expire, 0);
	mod_timer(&q->timer, jiffies + msecs_to_jiffies(dir->net->ipv4.sysctl_ipfrag_time_ms));
	hlist_add_head(&q->node, bucket);
	dir->queues++;
	ipq_charge(q, (long)sizeof(*q));
	return q;
}

/* Have too many other fragments of this source come since our last? Then the identification was
 * used again: what waits belongs to another datagram. */
static bool ip_frag_too_far(struct ipq *q)
{
	struct net *net = q->dir->net;
	u32 *rid = &q->dir->peers[hash_keyed((__force u32)q->key.saddr, 1, net->hash_key.key) %
				  IPFRAG_PEERS];
	u32 before = q->rid;

	q->rid = ++*rid;
	return net->ipv4.sysctl_ipfrag_max_dist && !RB_EMPTY_ROOT(&q->fragments) &&
	       q->rid - before > (u32)net->ipv4.sysctl_ipfrag_max_dist;
}

static void ip_frag_reinit(struct ipq *q)
{
	IP_INC_STATS(q->dir->net, IPSTATS_MIB_REASMFAILS);
	ipq_free_fragments(q, SKB_DROP_REASON_FRAG_TOO_FAR);
	q->flags = q->ecn = 0;
	q->len = q->meat = 0;
	q->max_size = 0;
	q->df = false;
	mod_timer(&q->timer,
		  jiffies + msecs_to_jiffies(q->dir->net->ipv4.sysctl_ipfrag_time_ms));
}

/* Into its place: 0, -EEXIST for an exact duplicate, -EINVAL for an overlap. */
static int ipq_insert(struct ipq *q, struct sk_buff *skb)
{
	struct rb_node **link = &q->fragments.rb_node, *parent = NULL;
	u32 offset = FRAG_CB(skb)->offset, end = FRAG_CB(skb)->end;

	while (*link) {
		const struct frag_cb *at = FRAG_CB(rb_to_skb(*link));

		parent = *link;
		if (end <= at->offset)
			link = &parent->rb_left;
		else if (offset >= at->end)
			link = &parent->rb_right;
		else
			return offset == at->offset && end == at->end ? -EEXIST : -EINVAL;
	}
	rb_link_node(&skb->rbnode, parent, link);
	rb_insert_color(&skb->rbnode, &q->fragments);
	return 0;
}

/*
 * Payload bounds of a fragment against what is known of the whole; updates that. False: they
 * contradict each other.
 */
static bool ipq_check_bounds(struct ipq *q, u32 offset, u32 *end, bool more)
{
	if (!more) {
		if (*end < q->len || ((q->flags & IPQ_LAST_IN) && *end != q->len))
			return false;
		q->flags |= IPQ_LAST_IN;
		q->len = *end;
	} else {
		*end &= ~7u; /* a middle fragment ends on a multiple of eight */
		if (*end > q->len) {
			if (q->flags & IPQ_LAST_IN)
				return false;
			q->len = *end;
		}
	}
	return *end != offset;
}

/* RFC 3168 section 5.3: congestion seen by one is seen by all; a mix with not-ECT is refused. */
static bool ipq_ecn(const struct ipq *q, u8 *ecn)
{
	bool not_ect = q->ecn & BIT(IPTOS_ECN_NOT_ECT), ce = q->ecn & BIT(IPTOS_ECN_CE);

	*ecn = 0;
	if (not_ect && q->ecn != BIT(IPTOS_ECN_NOT_ECT))
		return !ce;
	if (ce)
		*ecn = IPTOS_ECN_CE;
	return true;
}

/* All is there: the first fragment becomes the datagram. NULL: it was dropped. */
static struct sk_buff *ip_frag_reasm(struct ipq *q)
{
	struct net *net = q->dir->net;
	struct sk_buff *head = rb_to_skb(rb_first(&q->fragments)), *frag, **tail;
	u32 hlen = ip_hdrlen(head);
	struct iphdr *iph;
	u8 ecn;

	if (q->len + hlen > 0xffff || !ipq_ecn(q, &ecn) || skb_shinfo(head)->frag_list ||
	    (skb_cloned(head) && pskb_expand_head(head, 0, 0, GFP_ATOMIC))) {
		IP_INC_STATS(net, IPSTATS_MIB_REASMFAILS);
		ipq_kill(q, SKB_DROP_REASON_IP_INHDR);
		return NULL;
	}
	rb_erase(&head->rbnode, &q->fragments);
	ipq_charge(q, -(long)head->truesize);
	head->next = head->prev = NULL;
	tail = &skb_shinfo(head)->frag_list;
	while ((frag = skb_rb_first(&q->fragments)) != NULL) {
		rb_erase(&frag->rbnode, &q->fragments);
		ipq_charge(q, -(long)frag->truesize);
		frag->next = frag->prev = NULL;
		*tail = frag;
		tail = &frag->next;
		head->len += frag->len;
		head->data_len += frag->len;
		head->truesize += frag->truesize;
	}
	skb_push(head, hlen);
	memset(IPCB(head), 0, sizeof(struct inet_skb_parm));
	IPCB(head)->frag_max_size = q->max_size;
	IPCB(head)->flags = IPSKB_FRAG_COMPLETE;
	iph = ip_hdr(head);
	iph->tot_len = cpu_to_be16(q->len + hlen);
	iph->frag_off = q->df ? cpu_to_be16(IP_DF) : 0;
	iph->tos |= ecn;
	ip_send_check(iph);
	head->ip_summed = CHECKSUM_NONE;
	head->csum_valid = 0;
	IP_INC_STATS(net, IPSTATS_MIB_REASMOKS);
	ipq_kill(q, SKB_CONSUMED);
	return head;
}

/* One fragment into its datagram. The whole, or NULL: skb waits or was dropped. */
static struct sk_buff *ip_frag_queue(struct ipq *q, struct sk_buff *skb)
{
	struct net *net = q->dir->net;
	const struct iphdr *iph = ip_hdr(skb);
	u16 frag_off = be16_to_cpu(iph->frag_off);
	u32 hlen = ip_hdrlen(skb), offset = (u32)(frag_off & IP_OFFSET) << 3;
	u32 end = offset + skb->len - hlen;
	u16 size = be16_to_cpu(iph->tot_len);
	enum skb_drop_reason reason = SKB_DROP_REASON_IP_INHDR;
	int err, iif = skb->dev->ifindex;
	struct net_device *dev = skb->dev;
	unsigned long refdst = skb->_skb_refdst;
	struct sk_buff *whole;

	if (ip_frag_too_far(q))
		ip_frag_reinit(q);
	if (!ipq_check_bounds(q, offset, &end, frag_off & IP_MF))
		goto kill;
	skb_pull(skb, hlen);
	if (pskb_trim(skb, end - offset))
		goto kill;
	FRAG_CB(skb)->offset = offset;
	FRAG_CB(skb)->end = end;
	err = ipq_insert(q, skb);
	if (err == -EEXIST) {
		kfree_skb_reason(skb, SKB_DROP_REASON_FRAG_OVERLAP);
		return NULL;
	}
	if (err) {
		IP_INC_STATS(net, IPSTATS_MIB_REASMOVERLAPS);
		reason = SKB_DROP_REASON_FRAG_OVERLAP;
		goto kill;
	}
	/* A borrowed route does not outlive this softirq, nor need the device. */
	skb->_skb_refdst = 0;
	skb->dev = NULL;
	q->iif = iif;
	q->meat += end - offset;
	q->ecn |= (u8)BIT(iph->tos & IPTOS_ECN_MASK);
	q->max_size = max(q->max_size, size);
	q->df |= (frag_off & IP_DF) != 0;
	if (offset == 0)
		q->flags |= IPQ_FIRST_IN;
	ipq_charge(q, (long)skb->truesize);
	whole = NULL;
	if (q->flags == (IPQ_FIRST_IN | IPQ_LAST_IN) && q->meat == q->len)
		whole = ip_frag_reasm(q);
	if (whole) {
		whole->_skb_refdst = refdst;
		whole->dev = dev;
		IPCB(whole)->iif = iif;
	} else if (refdst && !(refdst & SKB_DST_NOREF)) {
		dst_release((struct dst_entry *)refdst);
	}
	return whole;
kill:
	IP_INC_STATS(net, IPSTATS_MIB_REASMFAILS);
	ipq_kill(q, reason);
	kfree_skb_reason(skb, reason);
	return NULL;
}

struct sk_buff *ip_defrag(struct net *net, struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct fqdir *dir = net->ipv4.fqdir;
	struct ipfrag_key key = {.saddr = iph->saddr,
				 .daddr = iph->daddr,
				 .id = iph->id,
				 .protocol = iph->protocol};
	struct ipq *q;

	IP_INC_STATS(net, IPSTATS_MIB_REASMREQDS);
	if (ipv4_is_multicast(iph->daddr) || ipv4_is_lbcast(iph->daddr))
		key.iif = skb->dev->ifindex;
	q = ip_find(dir, &key);
	if (q && dir->mem + (long)skb->truesize <= net->ipv4.sysctl_ipfrag_high_thresh)
		return ip_frag_queue(q, skb);
	IP_INC_STATS(net, IPSTATS_MIB_REASMFAILS);
	kfree_skb_reason(skb, SKB_DROP_REASON_FRAG_NOMEM);
	return NULL;
}

void ip_frag_usage(struct net *net, int *queues, long *mem)
{
	*queues = net->ipv4.fqdir->queues;
	*mem = net->ipv4.fqdir->mem;
}

static int ipfrag_net_init(struct net *net)
{
	struct fqdir *dir = kzalloc(sizeof(*dir), GFP_KERNEL);

	if (!dir)
		return -ENOMEM;
	dir->net = net;
	net->ipv4.fqdir = dir;
	return 0;
}

static void ipfrag_net_exit(struct net *net)
{
	struct fqdir *dir = net->ipv4.fqdir;
	struct hlist_node *next;
	struct ipq *q;
	int i;

	local_bh_disable();
	for (i = 0; i < IPFRAG_BUCKETS; i++) {
		hlist_for_each_entry_safe(q, next, &dir->buckets[i], node)
			ipq_kill(q, SKB_DROP_REASON_QUEUE_PURGE);
	}
	local_bh_enable();
	WARN_ON(dir->mem);
	net->ipv4.fqdir = NULL;
	kfree(dir);
}

static struct pernet_operations ipfrag_net_ops = {
	.name = "ipfrag",
	.init = ipfrag_net_init,
	.exit = ipfrag_net_exit,
};

void ipfrag_init(void)
{
	int err;

	ipq_cache = kmem_cache_create("ip4-frags", sizeof(struct ipq), 0, 0);
	BUG_ON(!ipq_cache);
	err = register_pernet_subsys(&ipfrag_net_ops);
	BUG_ON(err);
}
