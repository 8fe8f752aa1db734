// SPDX-License-Identifier: BSD-2-Clause
/*
 * The neighbour cache, part one: what a packet meets. The states are those of RFC 4861 section
 * 7.3.2 as Linux uses them for ARP: INCOMPLETE (asked, packets wait), REACHABLE (confirmed within
 * the random reachable time), STALE (known, in doubt), DELAY (used while in doubt, a confirmation
 * from above may still come), PROBE (asked again by unicast), FAILED.
 *
 * neigh_output() is called by ip_finish_output2() for each packet: while the entry is connected it
 * copies the ready header and is done; else n->output leads to neigh_resolve_output(), which asks
 * (neigh_event_send) and lets the packet wait. neigh_update() brings news. Softirqs off throughout;
 * the table itself (create, collect, device changes) is neigh_table.c.
 */
#include <errno.h>
#include <kernel/lib/random.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <net/core/neigh.h>
#include <net/dst.h>
#include <net/if_arp.h>
#include <net/ethernet.h>
#include <string.h>

/* RFC 4861 section 6.3.4: uniform between half and one and a half of the base. */
unsigned long neigh_rand_reach_time(unsigned long base)
{
	return base ? get_random_u32_below((u32)base) + (base >> 1) : 0;
}

/* The header as it will be sent, two bytes into hh_data so that it ends on a multiple of eight. */
static void neigh_update_hh(struct neighbour *n)
{
	struct ethhdr *eth = (struct ethhdr *)(n->hh_data + sizeof(n->hh_data) - ETH_HLEN);

	n->hh_valid = false;
	/* DELAY and PROBE watch by timer alone: a packet has nothing to do but to go. */
	if (!(n->nud_state & (NUD_CONNECTED | NUD_DELAY | NUD_PROBE)) || n->dead ||
	    !n->dev->header_ops || n->dev->hard_header_len != ETH_HLEN)
		return;
	memcpy(eth->h_dest, n->ha, ETH_ALEN);
	memcpy(eth->h_source, n->dev->dev_addr, ETH_ALEN);
	eth->h_proto = cpu_to_be16(n->tbl->protocol);
	n->hh_valid = true;
}

/* Output follows the state: without any doubt, or through the question first. */
void neigh_set_output(struct neighbour *n)
{
	neigh_update_hh(n);
	n->output = n->nud_state & NUD_CONNECTED ? neigh_connected_output : neigh_resolve_output;
}

static int neigh_max_probes(const struct neighbour *n)
{
	const struct neigh_sysctl *s = &n->parms->s;

	return s->ucast_solicit + (n->nud_state & NUD_PROBE ? 0 : s->mcast_solicit);
}

static unsigned long retrans_time(const struct neighbour *n)
{
	return max_t(unsigned long, msecs_to_jiffies(n->parms->s.retrans_time_ms), HZ / 100);
}

void neigh_drop_queue(struct neighbour *n, enum skb_drop_reason reason)
{
	__skb_queue_purge(&n->arp_queue, reason);
	n->arp_queue_len_bytes = 0;
}

/* It does not answer: each waiting packet's sender hears of it. */
static void neigh_invalidate(struct neighbour *n)
{
	struct sk_buff *skb;

	n->tbl->stats.res_failed++;
	n->updated = jiffies;
	/* error_report may send packets that come back here: the state is FAILED already. */
	while (n->nud_state == NUD_FAILED && (skb = __skb_dequeue(&n->arp_queue)) != NULL)
		n->tbl->error_report(n, skb);
	neigh_drop_queue(n, SKB_DROP_REASON_NEIGH_FAILED);
}

static void neigh_probe(struct neighbour *n)
{
	/* The last one waiting chooses the source of the question. */
	n->tbl->solicit(n, skb_peek_tail(&n->arp_queue));
	n->probes++;
}

/* REACHABLE or DELAY ran out, or a question stayed without an answer. Returns when to look again.
 */
static unsigned long neigh_timer_step(struct neighbour *n, unsigned long now)
{
	const struct neigh_parms *p = n->parms;
	unsigned long delay = msecs_to_jiffies(p->s.delay_first_probe_time_ms);
	u8 old = n->nud_state;

	switch (old) {
	case NUD_REACHABLE:
		if (time_before_eq(now, n->confirmed + p->reachable_time))
			return n->confirmed + p->reachable_time;
		n->nud_state = time_before_eq(now, n->used + delay) ? NUD_DELAY : NUD_STALE;
		n->updated = now;
		break;
	case NUD_DELAY:
		if (time_before_eq(now, n->confirmed + delay)) {
			n->nud_state = NUD_REACHABLE;
		} else {
			n->nud_state = NUD_PROBE;
			n->probes = 0;
		}
		n->updated = now;
		break;
	default: /* PROBE, INCOMPLETE */
		return now + retrans_time(n);
	}
	neigh_set_output(n);
	switch (n->nud_state) {
	case NUD_REACHABLE:
		return n->confirmed + p->reachable_time;
	case NUD_DELAY:
		return now + delay;
	}
	return now + retrans_time(n);
}

/* An armed timer holds a reference of its entry. */
static void neigh_add_timer(struct neighbour *n, unsigned long when)
{
	neigh_hold(n);
	if (mod_timer(&n->timer, when))
		neigh_release(n);
}

/* Softirq. */
void neigh_timer_handler(struct timer_list *t)
{
	struct neighbour *n = from_timer(n, t, timer);
	unsigned long now = jiffies, next;
	u8 old;

	if (n->dead || !(n->nud_state & NUD_IN_TIMER))
		goto out;
	old = n->nud_state;
	next = neigh_timer_step(n, now);
	if (n->nud_state != old)
		neigh_notify(RTM_NEWNEIGH, n);
	if ((n->nud_state & (NUD_INCOMPLETE | NUD_PROBE)) && n->probes >= neigh_max_probes(n)) {
		n->nud_state = NUD_FAILED;
		neigh_set_output(n);
		neigh_notify(RTM_NEWNEIGH, n);
		neigh_invalidate(n);
		goto out;
	}
	if (n->nud_state & NUD_IN_TIMER)
		neigh_add_timer(n, time_before(next, now + HZ / 100) ? now + HZ / 100 : next);
	if (n->nud_state & (NUD_INCOMPLETE | NUD_PROBE))
		neigh_probe(n);
out:
	neigh_release(n);
}

void neigh_del_timer(struct neighbour *n)
{
	if (del_timer(&n->timer))
		neigh_release(n);
}

/* Wait for the address; the oldest waiting packets make room for the newest. */
static void neigh_queue(struct neighbour *n, struct sk_buff *skb)
{
	u32 limit = (u32)max(n->parms->s.unres_qlen_bytes, 0);

	while (n->arp_queue_len_bytes + skb->truesize > limit) {
		struct sk_buff *old = __skb_dequeue(&n->arp_queue);

		if (!old)
			break;
		n->arp_queue_len_bytes -= old->truesize;
		n->tbl->stats.unres_discards++;
		kfree_skb_reason(old, SKB_DROP_REASON_NEIGH_QUEUEFULL);
	}
	skb_dst_force(skb);
	__skb_queue_tail(&n->arp_queue, skb);
	n->arp_queue_len_bytes += skb->truesize;
}

/* Somebody wants to send there: ask if need be. True: skb was taken (it waits, or was dropped). */
static bool neigh_event_send(struct neighbour *n, struct sk_buff *skb)
{
	unsigned long now = jiffies;
	bool ask = false;

	n->used = now;
	if (n->nud_state & (NUD_CONNECTED | NUD_DELAY | NUD_PROBE))
		return false;
	if (n->dead) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_DEAD);
		return true;
	}
	if (n->nud_state == NUD_STALE) {
		n->nud_state = NUD_DELAY;
		n->updated = now;
		neigh_set_output(n);
		neigh_add_timer(n, now + msecs_to_jiffies(n->parms->s.delay_first_probe_time_ms));
		return false;
	}
	if (n->nud_state != NUD_INCOMPLETE) { /* NONE, FAILED */
		if (n->parms->s.mcast_solicit + n->parms->s.ucast_solicit <= 0) {
			n->nud_state = NUD_FAILED;
			kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_FAILED);
			return true;
		}
		/* Unicast questions make no sense yet; they count as asked. */
		n->probes = (u8)n->parms->s.ucast_solicit;
		n->nud_state = NUD_INCOMPLETE;
		n->updated = now;
		neigh_add_timer(n, now + retrans_time(n));
		ask = true;
	}
	neigh_queue(n, skb);
	if (ask)
		neigh_probe(n);
	return true;
}

int neigh_connected_output(struct neighbour *n, struct sk_buff *skb)
{
	struct net_device *dev = n->dev;

	if (unlikely(skb_headroom(skb) < dev->hard_header_len) &&
	    skb_cow_head(skb, dev->hard_header_len)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return -ENOMEM;
	}
	skb->dev = dev;
	if (dev->header_ops &&
	    dev->header_ops->create(skb, dev, be16_to_cpu(skb->protocol), n->ha, NULL) < 0) {
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_HDR);
		return -EINVAL;
	}
	return dev_queue_xmit(skb);
}

int neigh_resolve_output(struct neighbour *n, struct sk_buff *skb)
{
	if (neigh_event_send(n, skb))
		return 0;
	return neigh_connected_output(n, skb);
}

int neigh_output(struct neighbour *n, struct sk_buff *skb)
{
	if (likely(n->hh_valid) && likely(skb_headroom(skb) >= sizeof(n->hh_data))) {
		memcpy(skb->data - sizeof(n->hh_data), n->hh_data, sizeof(n->hh_data));
		skb_push(skb, ETH_HLEN);
		return dev_queue_xmit(skb);
	}
	return n->output(n, skb);
}

/* The address is known now: what waited goes. Sending may change the state again. */
static void neigh_send_queue(struct neighbour *n)
{
	struct sk_buff *skb;

	while ((n->nud_state & NUD_VALID) && (skb = __skb_dequeue(&n->arp_queue)) != NULL) {
		n->arp_queue_len_bytes -= skb->truesize;
		neigh_output(n, skb);
	}
}

/* neigh_update() to a state without an address: INCOMPLETE, FAILED, NONE. */
static void neigh_update_invalid(struct neighbour *n, u8 new_state)
{
	u8 old = n->nud_state;

	neigh_del_timer(n);
	n->nud_state = new_state;
	neigh_set_output(n);
	if (new_state != old)
		neigh_notify(RTM_NEWNEIGH, n);
	if ((old & (NUD_INCOMPLETE | NUD_PROBE)) && new_state == NUD_FAILED)
		neigh_invalidate(n);
}

static void neigh_enter_state(struct neighbour *n, u8 new_state, unsigned long now)
{
	neigh_del_timer(n);
	n->nud_state = new_state;
	if (new_state & NUD_IN_TIMER)
		neigh_add_timer(n,
				now + (new_state & NUD_REACHABLE ? n->parms->reachable_time : 0));
}

int neigh_update(struct neighbour *n, const u8 *lladdr, u8 new_state, u32 flags)
{
	u8 old = n->nud_state, addr_len = n->dev->addr_len;
	unsigned long now = jiffies;
	bool differs;

	if (n->dead)
		return -EINVAL;
	if (!(flags & NEIGH_UPDATE_F_ADMIN) && (old & (NUD_NOARP | NUD_PERMANENT)))
		return -EPERM;
	if (!(new_state & NUD_VALID)) {
		neigh_update_invalid(n, new_state);
		return 0;
	}
	if (!lladdr && !(old & NUD_VALID) && addr_len)
		return -EINVAL;
	differs = lladdr && memcmp(lladdr, n->ha, addr_len);
	if (new_state & NUD_CONNECTED)
		n->confirmed = now;
	if ((old & NUD_VALID) && differs && !(flags & NEIGH_UPDATE_F_OVERRIDE))
		return 0;
	/* News that only says what is known leaves a better state alone. */
	if ((old & NUD_VALID) && !differs && new_state == NUD_STALE &&
	    !(flags & NEIGH_UPDATE_F_ADMIN))
		new_state = old;
	if (new_state != old || differs)
		n->updated = now;
	if (new_state != old)
		neigh_enter_state(n, new_state, now);
	if (differs || !(old & NUD_VALID)) {
		if (lladdr)
			memcpy(n->ha, lladdr, addr_len);
		if (!(new_state & NUD_CONNECTED))
			n->confirmed =
				now - 2 * msecs_to_jiffies(n->parms->s.base_reachable_time_ms);
	}
	neigh_set_output(n);
	if (new_state != old || differs)
		neigh_notify(RTM_NEWNEIGH, n);
	if (!(old & NUD_VALID))
		neigh_send_queue(n);
	return 0;
}
