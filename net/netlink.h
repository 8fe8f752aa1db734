/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_NETLINK_H
#define BW_NET_NETLINK_H

/*
 * AF_NETLINK for those who answer: a family makes its kernel sock with netlink_kernel_create(),
 * gets each request by netlink_rcv_skb(), builds messages with nlmsg_put() and nla_put(), answers
 * with netlink_unicast() or a dump, tells news with nlmsg_notify(). net/netlink/. Requests and
 * dumps run in thread context; news may come from any context with softirqs off.
 */
#include <linux/netlink.h>
#include <net/net.h>
#include <net/skb_ops.h>

struct netlink_callback;

/* What goes back with an error besides its number. */
struct netlink_ext_ack {
	const char *msg;
	const struct nlattr *bad_attr; /* in the request */
};
#define NL_SET_ERR_MSG(extack, text)         \
	do {                                 \
		if (extack)                  \
			(extack)->msg = (text); \
	} while (0)

/* sk_buff.cb of a netlink message. */
struct netlink_skb_parms {
	struct ucred creds;
	u32 portid;    /* of the sender; 0: the kernel */
	u32 dst_group; /* number of the group it was sent to, 0: to one sock */
	struct sock *sk; /* of a request: who asks */
};
#define NETLINK_CB(skb) (*(struct netlink_skb_parms *)(skb)->cb)
static_assert(sizeof(struct netlink_skb_parms) <= sizeof(((struct sk_buff *)0)->cb), "fits in cb");

struct netlink_kernel_cfg {
	unsigned int groups; /* how many multicast groups there are, up to 64 */
	void (*input)(struct sk_buff *skb); /* a program's message; keeps skb. NULL: refused */
};
/* The kernel's sock of a protocol in a namespace; NULL: out of memory. From a pernet init. */
struct sock *netlink_kernel_create(struct net *net, int unit, const struct netlink_kernel_cfg *cfg);
void netlink_kernel_release(struct net *net, int unit);
/* That sock, NULL before and after. */
struct sock *netlink_kernel_sock(struct net *net, int unit);
/* Each request of the buffer to cb, an acknowledgement for it where one is due. */
void netlink_rcv_skb(struct sk_buff *skb, int (*cb)(struct sk_buff *skb, struct nlmsghdr *nlh,
						    struct netlink_ext_ack *extack));
void netlink_ack(struct sk_buff *in_skb, struct nlmsghdr *nlh, int err,
		 const struct netlink_ext_ack *extack);
/* To one sock of ssk's protocol. Consumes skb. Bytes or -errno; sleeps only without nonblock. */
int netlink_unicast(struct sock *ssk, struct sk_buff *skb, u32 portid, bool nonblock);
/* To all members of a group but the sender. Consumes skb. 0, -ESRCH: nobody, -ENOBUFS. */
int netlink_broadcast(struct sock *ssk, struct sk_buff *skb, u32 portid, u32 group);
bool netlink_has_listeners(struct net *net, int unit, unsigned int group);
/* A message of news to its group; consumes skb, NULL (out of memory): the members learn that they
 * missed some. */
void nlmsg_notify(struct net *net, int unit, struct sk_buff *skb, unsigned int group);

struct netlink_dump_control {
	int (*start)(struct netlink_callback *cb);
	/* Fill skb from where cb->args say; positive (skb->len): call again, 0: done, -errno. */
	int (*dump)(struct sk_buff *skb, struct netlink_callback *cb);
	void (*done)(struct netlink_callback *cb);
	void *data;
};
struct netlink_callback {
	struct sk_buff *skb; /* the request; held */
	const struct nlmsghdr *nlh; /* in it */
	struct netlink_dump_control ops;
	struct netlink_ext_ack *extack;
	u32 prev_seq, seq; /* of what is dumped: a change between pieces is told */
	bool strict_check;
	u16 answer_flags;
	long args[6];
};
/* -EINTR: it runs, send no acknowledgement; -EBUSY: another does. */
int netlink_dump_start(struct sock *ssk, struct sk_buff *skb, const struct nlmsghdr *nlh,
		       const struct netlink_dump_control *control);

/* ---- messages ---- */

static inline void *nlmsg_data(const struct nlmsghdr *nlh)
{
	return (char *)nlh + NLMSG_HDRLEN;
}
static inline int nlmsg_len(const struct nlmsghdr *nlh)
{
	return (int)nlh->nlmsg_len - NLMSG_HDRLEN;
}
static inline struct nlmsghdr *nlmsg_hdr(const struct sk_buff *skb)
{
	return (struct nlmsghdr *)skb->data;
}
static inline struct sk_buff *nlmsg_new(size_t payload, gfp_t gfp)
{
	return alloc_skb(NLMSG_SPACE((u32)payload), gfp);
}
#define NLMSG_DEFAULT_SIZE 3776 /* what fits a page with sk_buff's own data */

/* Who a message is for and what it is. */
struct nlmsg_to {
	u32 portid, seq;
	u16 type, flags;
};
/* Room for a header and len zeroed bytes behind it; NULL: no room. */
struct nlmsghdr *nlmsg_put(struct sk_buff *skb, const struct nlmsg_to *to, u32 len);
/* The answer to a request's piece of a dump. */
struct nlmsghdr *nlmsg_put_answer(struct sk_buff *skb, struct netlink_callback *cb, u16 type,
				  u32 len);
static inline int nlmsg_end(struct sk_buff *skb, struct nlmsghdr *nlh)
{
	nlh->nlmsg_len = (u32)(skb->tail - (u8 *)nlh);
	return 0;
}
/* Take an unfinished message, or whatever comes from `mark` on, off again. */
void nlmsg_trim(struct sk_buff *skb, const void *mark);
/* The dump's pieces are of one state of things, or the message says that they are not. */
static inline void nl_dump_check_consistent(struct netlink_callback *cb, struct nlmsghdr *nlh)
{
	if (cb->prev_seq && cb->seq != cb->prev_seq)
		nlh->nlmsg_flags |= NLM_F_DUMP_INTR;
	cb->prev_seq = cb->seq;
}

/* ---- attributes; put: 0 or -EMSGSIZE ---- */

int nla_put(struct sk_buff *skb, int type, int len, const void *data);
int nla_put_string(struct sk_buff *skb, int type, const char *text);
static inline int nla_put_u8(struct sk_buff *skb, int type, u8 v)
{
	return nla_put(skb, type, sizeof(v), &v);
}
static inline int nla_put_u16(struct sk_buff *skb, int type, u16 v)
{
	return nla_put(skb, type, sizeof(v), &v);
}
static inline int nla_put_u32(struct sk_buff *skb, int type, u32 v)
{
	return nla_put(skb, type, sizeof(v), &v);
}
/* An attribute that holds others; NULL: no room. */
struct nlattr *nla_nest_start(struct sk_buff *skb, int type);
static inline void nla_nest_end(struct sk_buff *skb, struct nlattr *nest)
{
	nest->nla_len = (u16)(skb->tail - (u8 *)nest);
}
static inline void *nla_data(const struct nlattr *nla)
{
	return (char *)nla + NLA_HDRLEN;
}
static inline int nla_len(const struct nlattr *nla)
{
	return nla->nla_len - NLA_HDRLEN;
}
static inline int nla_type(const struct nlattr *nla)
{
	return nla->nla_type & NLA_TYPE_MASK;
}
static inline bool nla_ok(const struct nlattr *nla, int rem)
{
	return rem >= NLA_HDRLEN && nla->nla_len >= NLA_HDRLEN && nla->nla_len <= rem;
}
#define nla_for_each(pos, head, len, rem)              \
	for ((pos) = (head), (rem) = (len); nla_ok(pos, rem); \
	     (rem) -= NLA_ALIGN((pos)->nla_len),       \
	    (pos) = (struct nlattr *)((char *)(pos) + NLA_ALIGN((pos)->nla_len)))
static inline u32 nla_get_u32(const struct nlattr *nla)
{
	return *(const u32 *)nla_data(nla);
}
static inline u8 nla_get_u8(const struct nlattr *nla)
{
	return *(const u8 *)nla_data(nla);
}

/* What an attribute must be like; by type, types beyond or of kind 0 are not looked at. */
enum { NLA_UNSPEC, NLA_U8, NLA_U16, NLA_U32, NLA_STRING, NLA_NESTED, NLA_BINARY, NLA_MIN_LEN };
struct nla_policy {
	u8 kind;
	u16 len; /* NLA_STRING, NLA_BINARY: at most; NLA_MIN_LEN: at least */
};
struct nla_schema {
	const struct nla_policy *policy;
	int max; /* highest type; tb has max + 1 places */
	bool strict; /* nothing unknown, nothing left over */
};
int nla_parse(const struct nla_schema *s, struct nlattr **tb, const struct nlattr *head, int len,
	      struct netlink_ext_ack *extack);
/* Behind a header of hdrlen bytes. 0, -EINVAL, -ERANGE. */
int nlmsg_parse(const struct nla_schema *s, struct nlattr **tb, const struct nlmsghdr *nlh,
		int hdrlen, struct netlink_ext_ack *extack);
/* An attribute's text, cut at its room; its length. */
size_t nla_strscpy(char *dst, const struct nlattr *nla, size_t size);

void netlink_proto_init(void);
void genl_init(void);

#endif /* BW_NET_NETLINK_H */
