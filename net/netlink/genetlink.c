// SPDX-License-Identifier: BSD-2-Clause
/*
 * NETLINK_GENERIC: families by name. The controller is the only one: programs that ask it for
 * another (nl80211, ethtool, devlink ...) hear -ENOENT and do without, as on a Linux that was built
 * without them.
 *
 * Requests in thread context. Left out: registration of families, policies (CTRL_CMD_GETPOLICY).
 */
#include <errno.h>
#include <kernel/lib/printk.h>
#include <linux/genetlink.h>
#include <net/netlink.h>
#include <net/sock.h>
#include <string.h>

#define CTRL_NAME    "nlctrl"
#define CTRL_VERSION 2

static int ctrl_fill_info(struct sk_buff *skb, const struct nlmsg_to *to)
{
	struct nlmsghdr *nlh = nlmsg_put(skb, to, GENL_HDRLEN);
	struct genlmsghdr *hdr;

	if (!nlh)
		return -EMSGSIZE;
	hdr = nlmsg_data(nlh);
	hdr->cmd = CTRL_CMD_NEWFAMILY;
	hdr->version = CTRL_VERSION;
	if (nla_put_string(skb, CTRL_ATTR_FAMILY_NAME, CTRL_NAME) ||
	    nla_put_u16(skb, CTRL_ATTR_FAMILY_ID, GENL_ID_CTRL) ||
	    nla_put_u32(skb, CTRL_ATTR_VERSION, CTRL_VERSION) ||
	    nla_put_u32(skb, CTRL_ATTR_HDRSIZE, 0) ||
	    nla_put_u32(skb, CTRL_ATTR_MAXATTR, CTRL_ATTR_OP)) {
		nlmsg_trim(skb, nlh);
		return -EMSGSIZE;
	}
	return nlmsg_end(skb, nlh);
}

static int ctrl_dumpfamily(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlmsg_to to = {NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, GENL_ID_CTRL,
			      NLM_F_MULTI};

	if (cb->args[0]++)
		return 0;
	return ctrl_fill_info(skb, &to) ? -EMSGSIZE : (int)skb->len;
}

static int ctrl_getfamily(struct sk_buff *skb, const struct nlmsghdr *nlh,
			  struct netlink_ext_ack *extack)
{
	static const struct nla_policy policy[CTRL_ATTR_OP + 1] = {
		[CTRL_ATTR_FAMILY_ID] = {NLA_U16, 0},
		[CTRL_ATTR_FAMILY_NAME] = {NLA_STRING, GENL_NAMSIZ - 1},
	};
	static const struct nla_schema schema = {policy, CTRL_ATTR_OP, false};
	struct nlmsg_to to = {NETLINK_CB(skb).portid, nlh->nlmsg_seq, GENL_ID_CTRL, 0};
	struct nlattr *tb[CTRL_ATTR_OP + 1];
	char name[GENL_NAMSIZ] = CTRL_NAME;
	struct sk_buff *rep;
	int err = nlmsg_parse(&schema, tb, nlh, GENL_HDRLEN, extack);

	if (err)
		return err;
	if (!tb[CTRL_ATTR_FAMILY_ID] && !tb[CTRL_ATTR_FAMILY_NAME])
		return -EINVAL;
	if (tb[CTRL_ATTR_FAMILY_NAME])
		nla_strscpy(name, tb[CTRL_ATTR_FAMILY_NAME], sizeof(name));
	else if (*(u16 *)nla_data(tb[CTRL_ATTR_FAMILY_ID]) != GENL_ID_CTRL)
		return -ENOENT;
	if (strcmp(name, CTRL_NAME))
		return -ENOENT;
	rep = nlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!rep)
		return -ENOBUFS;
	err = ctrl_fill_info(rep, &to);
	if (err) {
		kfree_skb(rep);
		return err;
	}
	netlink_unicast(netlink_kernel_sock(sock_net(NETLINK_CB(skb).sk), NETLINK_GENERIC), rep,
			NETLINK_CB(skb).portid, true);
	return 0;
}

static int genl_rcv_msg(struct sk_buff *skb, struct nlmsghdr *nlh, struct netlink_ext_ack *extack)
{
	static const struct netlink_dump_control dump = {.dump = ctrl_dumpfamily};
	const struct genlmsghdr *hdr = nlmsg_data(nlh);

	if (nlh->nlmsg_type != GENL_ID_CTRL)
		return -ENOENT;
	if (nlmsg_len(nlh) < (int)GENL_HDRLEN)
		return -EINVAL;
	if (hdr->cmd != CTRL_CMD_GETFAMILY)
		return -EOPNOTSUPP;
	if ((nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP)
		return netlink_dump_start(NULL, skb, nlh, &dump);
	return ctrl_getfamily(skb, nlh, extack);
}

static void genl_rcv(struct sk_buff *skb)
{
	netlink_rcv_skb(skb, genl_rcv_msg);
}

static int genl_net_init(struct net *net)
{
	static const struct netlink_kernel_cfg cfg = {.groups = 32, .input = genl_rcv};

	return netlink_kernel_create(net, NETLINK_GENERIC, &cfg) ? 0 : -ENOMEM;
}

static void genl_net_exit(struct net *net)
{
	netlink_kernel_release(net, NETLINK_GENERIC);
}

static struct pernet_operations genl_net_ops = {
	.name = "genetlink",
	.init = genl_net_init,
	.exit = genl_net_exit,
};

void genl_init(void)
{
	if (register_pernet_subsys(&genl_net_ops))
		panic("net: cannot register NETLINK_GENERIC");
}
