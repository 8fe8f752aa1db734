// SPDX-License-Identifier: BSD-2-Clause
/*
 * Neighbours in rtnetlink messages: RTM_GETNEIGH (one, or a dump), RTM_NEWNEIGH and RTM_DELNEIGH by
 * command, and news to RTNLGRP_NEIGH when an entry's state changes or it goes.
 *
 * Requests in thread context with softirqs off while the table is looked at; news from wherever
 * neighbour.c is. Left out: proxy entries (none in dumps, -EOPNOTSUPP when one is to be made),
 * tables other than ARP's, RTM_GETNEIGHTBL.
 */
#include <errno.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <net/neighbour.h>
#include <net/rtnetlink.h>
#include <string.h>

#define NEIGH_MSG_SIZE 128
#define USER_HZ	       100u

static u32 jiffies_to_user_hz(unsigned long j)
{
	return (u32)(j * USER_HZ / HZ);
}

static int neigh_fill_info(struct sk_buff *skb, const struct neighbour *n,
			   const struct nlmsg_to *to)
{
	struct nlmsghdr *nlh = nlmsg_put(skb, to, sizeof(struct ndmsg));
	unsigned long now = jiffies;
	struct nda_cacheinfo ci = {
		.ndm_used = jiffies_to_user_hz(now - n->used),
		.ndm_confirmed = jiffies_to_user_hz(now - n->confirmed),
		.ndm_updated = jiffies_to_user_hz(now - n->updated),
		.ndm_refcnt = (u32)refcount_read(&n->refcnt) - 1,
	};

	if (!nlh)
		return -EMSGSIZE;
	*(struct ndmsg *)nlmsg_data(nlh) = (struct ndmsg){.ndm_family = AF_INET,
							  .ndm_ifindex = n->dev->ifindex,
							  .ndm_state = n->nud_state,
							  .ndm_type = n->type};
	if (nla_put(skb, NDA_DST, sizeof(n->primary_key), &n->primary_key) ||
	    (n->nud_state & NUD_VALID && nla_put(skb, NDA_LLADDR, n->dev->addr_len, n->ha)) ||
	    nla_put_u32(skb, NDA_PROBES, n->probes) ||
	    nla_put(skb, NDA_CACHEINFO, sizeof(ci), &ci)) {
		nlmsg_trim(skb, nlh);
		return -EMSGSIZE;
	}
	return nlmsg_end(skb, nlh);
}

void neigh_notify(u16 type, const struct neighbour *n)
{
	struct net *net = dev_net(n->dev);
	struct nlmsg_to to = {.type = type};
	struct sk_buff *skb;

	if (!rtnl_listeners(net, RTNLGRP_NEIGH))
		return;
	skb = nlmsg_new(NEIGH_MSG_SIZE, GFP_ATOMIC);
	if (skb && neigh_fill_info(skb, n, &to)) {
		kfree_skb(skb);
		skb = NULL;
	}
	rtnl_notify(net, skb, RTNLGRP_NEIGH);
}

/* ---- dump ---- */

static const struct nla_policy nda_policy[NDA_MAX + 1] = {
	[NDA_DST] = {NLA_MIN_LEN, 0},	[NDA_LLADDR] = {NLA_BINARY, 32},
	[NDA_IFINDEX] = {NLA_U32, 0},	[NDA_MASTER] = {NLA_U32, 0},
	[NDA_PROTOCOL] = {NLA_U8, 0},
};
static const struct nla_schema nda_schema = {nda_policy, NDA_MAX, false};

struct neigh_dump {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	u32 ifindex;  /* 0: any */
	long idx;     /* of the entry looked at */
	bool full;
};

static void neigh_dump_one(struct neighbour *n, void *arg)
{
	struct neigh_dump *d = arg;
	struct netlink_callback *cb = d->cb;
	struct nlmsg_to to = {NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, RTM_NEWNEIGH,
			      NLM_F_MULTI};
	void *at = d->skb->tail;

	if (d->full || d->idx++ < cb->args[0])
		return;
	if (!d->ifindex || (u32)n->dev->ifindex == d->ifindex) {
		if (neigh_fill_info(d->skb, n, &to)) {
			d->full = true;
			return;
		}
		nl_dump_check_consistent(cb, at);
	}
	cb->args[0] = d->idx;
}

static int neigh_dump_filter(struct netlink_callback *cb, u32 *ifindex, bool *none)
{
	struct nla_schema schema = {nda_policy, NDA_MAX, cb->strict_check};
	const struct ndmsg *ndm = nlmsg_data(cb->nlh);
	struct nlattr *tb[NDA_MAX + 1];
	int err;

	*none = false;
	*ifindex = 0;
	if (nlmsg_len(cb->nlh) < (int)sizeof(*ndm))
		return cb->strict_check ? -EINVAL : 0;
	if (cb->strict_check && (ndm->ndm_pad1 || ndm->ndm_pad2 || ndm->ndm_ifindex ||
				 ndm->ndm_state || ndm->ndm_type)) {
		NL_SET_ERR_MSG(cb->extack, "Invalid values in header for neighbor dump request");
		return -EINVAL;
	}
	err = nlmsg_parse(&schema, tb, cb->nlh, sizeof(*ndm), cb->extack);
	if (err)
		return cb->strict_check ? err : 0;
	if (tb[NDA_IFINDEX])
		*ifindex = nla_get_u32(tb[NDA_IFINDEX]);
	*none = (tb[NDA_MASTER] && nla_get_u32(tb[NDA_MASTER])) ||
		(ndm->ndm_flags & NTF_PROXY);
	return 0;
}

static int neigh_dump_info(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct rtgenmsg *gen = nlmsg_data(cb->nlh);
	struct neigh_table *tbl = rtnl_net(cb->skb)->ipv4.arp_tbl;
	struct neigh_dump d = {.skb = skb, .cb = cb};
	bool none;
	int err = neigh_dump_filter(cb, &d.ifindex, &none);

	if (err)
		return err;
	if (none || !tbl || (gen->rtgen_family != AF_UNSPEC && gen->rtgen_family != AF_INET))
		return 0;
	local_bh_disable();
	cb->seq = tbl->stats.allocs + tbl->stats.destroys + 1;
	neigh_for_each(tbl, neigh_dump_one, &d);
	local_bh_enable();
	if (!d.full)
		return 0;
	return skb->len ? (int)skb->len : -EMSGSIZE;
}

/* ---- one ---- */

/* What a request names. */
struct neigh_request {
	const struct ndmsg *ndm;
	struct net_device *dev;
	struct neigh_table *tbl;
	be32 key;
	struct nlattr *lladdr; /* or NULL */
};

static int neigh_request_parse(struct neigh_request *r, struct sk_buff *skb,
			       const struct nlmsghdr *nlh, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NDA_MAX + 1];
	int err = nlmsg_parse(&nda_schema, tb, nlh, sizeof(*r->ndm), extack);

	if (err)
		return err;
	r->ndm = nlmsg_data(nlh);
	r->lladdr = tb[NDA_LLADDR];
	if (!tb[NDA_DST]) {
		NL_SET_ERR_MSG(extack, "Network address not specified");
		return -EINVAL;
	}
	r->dev = r->ndm->ndm_ifindex ? __dev_get_by_index(rtnl_net(skb), r->ndm->ndm_ifindex)
				     : NULL;
	if (r->ndm->ndm_ifindex && !r->dev)
		return -ENODEV;
	r->tbl = rtnl_net(skb)->ipv4.arp_tbl;
	if (r->ndm->ndm_family != AF_INET || !r->tbl)
		return -EAFNOSUPPORT;
	if (nla_len(tb[NDA_DST]) < (int)sizeof(r->key)) {
		NL_SET_ERR_MSG(extack, "Invalid network address");
		return -EINVAL;
	}
	memcpy(&r->key, nla_data(tb[NDA_DST]), sizeof(r->key));
	if (r->ndm->ndm_flags & NTF_PROXY)
		return -EOPNOTSUPP;
	if (!r->dev) {
		NL_SET_ERR_MSG(extack, "Device not specified");
		return -EINVAL;
	}
	return 0;
}

static int neigh_get(struct sk_buff *skb, struct nlmsghdr *nlh, struct netlink_ext_ack *extack)
{
	struct nlmsg_to to = rtnl_reply_to(skb, nlh, RTM_NEWNEIGH);
	struct neigh_request r;
	struct neighbour *n;
	struct sk_buff *rep;
	int err = neigh_request_parse(&r, skb, nlh, extack);

	if (err)
		return err;
	rep = nlmsg_new(NEIGH_MSG_SIZE, GFP_KERNEL);
	if (!rep)
		return -ENOBUFS;
	local_bh_disable();
	n = neigh_find(r.tbl, r.key, r.dev);
	err = n ? neigh_fill_info(rep, n, &to) : -ENOENT;
	if (n)
		neigh_release(n);
	local_bh_enable();
	if (!err)
		return rtnl_unicast(rep, skb);
	if (!n)
		NL_SET_ERR_MSG(extack, "Neighbour entry not found");
	kfree_skb(rep);
	return err;
}

/* Softirqs off. */
static int neigh_add_locked(const struct neigh_request *r, u16 flags)
{
	u32 update = NEIGH_UPDATE_F_OVERRIDE | NEIGH_UPDATE_F_ADMIN;
	struct neighbour *n = neigh_find(r->tbl, r->key, r->dev);
	int err;

	if (n && flags & NLM_F_EXCL) {
		neigh_release(n);
		return -EEXIST;
	}
	if (n && !(flags & NLM_F_REPLACE))
		update &= ~NEIGH_UPDATE_F_OVERRIDE;
	if (!n) {
		if (!(flags & NLM_F_CREATE))
			return -ENOENT;
		n = neigh_create(r->tbl, r->key, r->dev);
		if (IS_ERR(n))
			return (int)PTR_ERR(n);
	}
	err = neigh_update(n, r->lladdr ? nla_data(r->lladdr) : NULL, (u8)r->ndm->ndm_state,
			   update);
	neigh_release(n);
	return err;
}

static int neigh_add(struct sk_buff *skb, struct nlmsghdr *nlh, struct netlink_ext_ack *extack)
{
	struct neigh_request r;
	int err = neigh_request_parse(&r, skb, nlh, extack);
	u16 state;

	if (err)
		return err;
	if (r.lladdr && nla_len(r.lladdr) < r.dev->addr_len) {
		NL_SET_ERR_MSG(extack, "Invalid link address");
		return -EINVAL;
	}
	state = r.ndm->ndm_state;
	if (state > NUD_PERMANENT || state & (state - 1)) {
		NL_SET_ERR_MSG(extack, "Not one state");
		return -EINVAL;
	}
	local_bh_disable();
	err = neigh_add_locked(&r, nlh->nlmsg_flags);
	local_bh_enable();
	return err;
}

static int neigh_delete(struct sk_buff *skb, struct nlmsghdr *nlh, struct netlink_ext_ack *extack)
{
	struct neigh_request r;
	struct neighbour *n;
	int err = neigh_request_parse(&r, skb, nlh, extack);

	if (err)
		return err;
	local_bh_disable();
	n = neigh_find(r.tbl, r.key, r.dev);
	if (n) {
		neigh_update(n, NULL, NUD_FAILED, NEIGH_UPDATE_F_OVERRIDE | NEIGH_UPDATE_F_ADMIN);
		neigh_remove(n);
		neigh_release(n);
	}
	local_bh_enable();
	return n ? 0 : -ENOENT;
}

void neigh_netlink_init(void)
{
	rtnl_register(AF_UNSPEC, RTM_NEWNEIGH, neigh_add, NULL);
	rtnl_register(AF_UNSPEC, RTM_DELNEIGH, neigh_delete, NULL);
	rtnl_register(AF_UNSPEC, RTM_GETNEIGH, neigh_get, neigh_dump_info);
}
