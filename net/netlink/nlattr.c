// SPDX-License-Identifier: BSD-2-Clause
/*
 * Netlink messages and attributes: written into sk_buffs for answers, taken apart and checked in
 * requests. Both lie in multiples of four bytes (netlink(7)); padding is zeroed, so that nothing of
 * the kernel's memory leaks through it. A parsed attribute has been checked to lie within its
 * message and to be as long as its policy says; who has no policy for a type checks by himself.
 *
 * Called by whoever answers or tells by netlink; any context.
 */
#include <errno.h>
#include <net/netlink.h>
#include <string.h>

struct nlmsghdr *nlmsg_put(struct sk_buff *skb, const struct nlmsg_to *to, u32 len)
{
	u32 size = NLMSG_SPACE(len);
	struct nlmsghdr *nlh;

	if (skb_tailroom(skb) < size)
		return NULL;
	nlh = skb_put(skb, size);
	memset(nlh, 0, size);
	nlh->nlmsg_len = NLMSG_LENGTH(len);
	nlh->nlmsg_type = to->type;
	nlh->nlmsg_flags = to->flags;
	nlh->nlmsg_seq = to->seq;
	nlh->nlmsg_pid = to->portid;
	return nlh;
}

struct nlmsghdr *nlmsg_put_answer(struct sk_buff *skb, struct netlink_callback *cb, u16 type,
				  u32 len)
{
	struct nlmsg_to to = {NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, type, NLM_F_MULTI};

	return nlmsg_put(skb, &to, len);
}

void nlmsg_trim(struct sk_buff *skb, const void *mark)
{
	u32 gone = (u32)(skb->tail - (const u8 *)mark);

	BUG_ON(gone > skb->len);
	skb->tail -= gone;
	skb->len -= gone;
}

static struct nlattr *nla_reserve(struct sk_buff *skb, int type, int len)
{
	u32 size = (u32)NLA_ALIGN(NLA_HDRLEN + len);
	struct nlattr *nla;

	if (len < 0 || len > 0xffff - NLA_HDRLEN || skb_tailroom(skb) < size)
		return NULL;
	nla = skb_put(skb, size);
	nla->nla_type = (u16)type;
	nla->nla_len = (u16)(NLA_HDRLEN + len);
	memset((char *)nla + nla->nla_len, 0, size - nla->nla_len);
	return nla;
}

int nla_put(struct sk_buff *skb, int type, int len, const void *data)
{
	struct nlattr *nla = nla_reserve(skb, type, len);

	if (!nla)
		return -EMSGSIZE;
	if (len)
		memcpy(nla_data(nla), data, (size_t)len);
	return 0;
}

int nla_put_string(struct sk_buff *skb, int type, const char *text)
{
	return nla_put(skb, type, (int)strlen(text) + 1, text);
}

struct nlattr *nla_nest_start(struct sk_buff *skb, int type)
{
	return nla_reserve(skb, type, 0);
}

/* Is it what its policy says? 0, -ERANGE (length), -EINVAL. */
static int nla_validate(const struct nla_policy *p, const struct nlattr *nla)
{
	static const u8 min_len[] = {[NLA_U8] = 1, [NLA_U16] = 2, [NLA_U32] = 4};
	int len = nla_len(nla), text = len;

	switch (p->kind) {
	case NLA_U8:
	case NLA_U16:
	case NLA_U32:
		return len < min_len[p->kind] ? -ERANGE : 0;
	case NLA_MIN_LEN:
		return len < p->len ? -ERANGE : 0;
	case NLA_BINARY:
		return p->len && len > p->len ? -ERANGE : 0;
	case NLA_STRING:
		if (len < 1)
			return -ERANGE;
		if (((const char *)nla_data(nla))[len - 1] == '\0')
			text--;
		return p->len && text > p->len ? -ERANGE : 0;
	case NLA_NESTED:
		return len && len < NLA_HDRLEN ? -ERANGE : 0;
	}
	return 0;
}

static int nla_refuse(struct netlink_ext_ack *extack, const struct nlattr *nla, int err,
		      const char *why)
{
	if (extack) {
		extack->bad_attr = nla;
		extack->msg = why;
	}
	return err;
}

int nla_parse(const struct nla_schema *s, struct nlattr **tb, const struct nlattr *head, int len,
	      struct netlink_ext_ack *extack)
{
	const struct nlattr *nla;
	int rem, type, err;

	memset(tb, 0, sizeof(*tb) * (size_t)(s->max + 1));
	nla_for_each(nla, head, len, rem) {
		type = nla_type(nla);
		if (type == 0 || type > s->max) {
			if (s->strict)
				return nla_refuse(extack, nla, -EINVAL, "Unknown attribute type");
			continue;
		}
		err = s->policy ? nla_validate(&s->policy[type], nla) : 0;
		if (err)
			return nla_refuse(extack, nla, err, "Attribute failed policy validation");
		tb[type] = (struct nlattr *)nla;
	}
	if (rem > 0 && s->strict)
		return nla_refuse(extack, NULL, -EINVAL,
				  "bytes leftover after parsing attributes");
	return 0;
}

int nlmsg_parse(const struct nla_schema *s, struct nlattr **tb, const struct nlmsghdr *nlh,
		int hdrlen, struct netlink_ext_ack *extack)
{
	int len = nlmsg_len(nlh), at = (int)NLMSG_ALIGN((u32)hdrlen);

	if (len < hdrlen) {
		NL_SET_ERR_MSG(extack, "Invalid header length");
		return -EINVAL;
	}
	return nla_parse(s, tb, (struct nlattr *)((char *)nlmsg_data(nlh) + at), len - at, extack);
}

size_t nla_strscpy(char *dst, const struct nlattr *nla, size_t size)
{
	size_t len = strnlen(nla_data(nla), (size_t)nla_len(nla));

	len = min(len, size - 1);
	memcpy(dst, nla_data(nla), len);
	dst[len] = '\0';
	return len;
}
