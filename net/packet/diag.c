// SPDX-License-Identifier: BSD-2-Clause
/*
 * AF_PACKET in sock_diag(7) ("ss -0"): every packet sock of the namespace with its device, its
 * protocol, memberships, memory and filter.
 *
 * Thread context, softirqs off while the list is walked; a dump goes on by the number of socks
 * done. Left out: rings and fanout (there are none).
 */
#include <errno.h>
#include <kernel/sched/softirq.h>
#include <linux/packet_diag.h>
#include <net/packet/internal.h>
#include <net/packet/packet.h>
#include <net/sock_diag.h>
#include <string.h>

/* One membership, as PACKET_DIAG_MCLIST has them. */
struct diag_mclist {
	u32 ifindex, count;
	u16 type, alen;
	u8 addr[32];
};

static int put_info(struct sk_buff *skb, const struct packet_sock *po)
{
	struct packet_diag_info info = {.pdi_index = (u32)po->ifindex};

	info.pdi_flags = (po->running ? PDI_RUNNING : 0) | (po->auxdata ? PDI_AUXDATA : 0) |
			 (po->origdev ? PDI_ORIGDEV : 0);
	return nla_put(skb, PACKET_DIAG_INFO, sizeof(info), &info);
}

static int put_mclist(struct sk_buff *skb, const struct packet_sock *po)
{
	struct nlattr *nest = nla_nest_start(skb, PACKET_DIAG_MCLIST);
	const struct packet_mclist *ml;

	if (!nest)
		return -EMSGSIZE;
	for (ml = po->mclist; ml; ml = ml->next) {
		struct diag_mclist out = {.ifindex = (u32)ml->ifindex, .count = (u32)ml->count,
					  .type = ml->type, .alen = ml->alen};

		if (skb_tailroom(skb) < sizeof(out))
			return -EMSGSIZE;
		memcpy(out.addr, ml->addr, min_t(size_t, ml->alen, sizeof(ml->addr)));
		memcpy(skb_put(skb, sizeof(out)), &out, sizeof(out));
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int packet_diag_fill(struct sk_buff *skb, struct netlink_callback *cb,
			    const struct packet_sock *po)
{
	const struct packet_diag_req *req = nlmsg_data(cb->nlh);
	struct nlmsghdr *nlh =
		nlmsg_put_answer(skb, cb, SOCK_DIAG_BY_FAMILY, sizeof(struct packet_diag_msg));
	struct packet_diag_msg *rep;

	if (!nlh)
		return -EMSGSIZE;
	rep = nlmsg_data(nlh);
	*rep = (struct packet_diag_msg){.pdiag_family = AF_PACKET,
					.pdiag_type = (u8)po->sk.sk_type,
					.pdiag_num = be16_to_cpu(po->num),
					.pdiag_ino = sock_i_ino(&po->sk)};
	sock_diag_save_cookie(&po->sk, rep->pdiag_cookie);
	if ((req->pdiag_show & PACKET_SHOW_INFO &&
	     (put_info(skb, po) || nla_put_u32(skb, PACKET_DIAG_UID, 0))) ||
	    (req->pdiag_show & PACKET_SHOW_MCLIST && put_mclist(skb, po)) ||
	    (req->pdiag_show & PACKET_SHOW_MEMINFO &&
	     sock_diag_put_meminfo(skb, &po->sk, PACKET_DIAG_MEMINFO))) {
		nlmsg_trim(skb, nlh);
		return -EMSGSIZE;
	}
	return nlmsg_end(skb, nlh);
}

/* args[0]: how many are done. */
static int packet_diag_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct sock *sk;
	int err = 0;
	long n = 0;

	local_bh_disable();
	hlist_for_each_entry(sk, &sock_diag_net(cb->skb)->packet_sklist, sk_node) {
		if (n++ < cb->args[0])
			continue;
		err = packet_diag_fill(skb, cb, pkt_sk(sk));
		if (err)
			break;
		cb->args[0] = n;
	}
	local_bh_enable();
	if (!err)
		return 0;
	return skb->len ? (int)skb->len : err;
}

static int packet_diag_handler_dump(struct sk_buff *skb, struct nlmsghdr *nlh)
{
	static const struct netlink_dump_control control = {.dump = packet_diag_dump};
	const struct packet_diag_req *req = nlmsg_data(nlh);

	if (nlmsg_len(nlh) < (int)sizeof(*req) || req->sdiag_protocol)
		return -EINVAL;
	if (!(nlh->nlmsg_flags & NLM_F_DUMP))
		return -EOPNOTSUPP;
	return netlink_dump_start(NULL, skb, nlh, &control);
}

void packet_diag_init(void)
{
	static const struct sock_diag_handler handler = {.family = AF_PACKET,
							 .dump = packet_diag_handler_dump};

	sock_diag_register(&handler);
}
