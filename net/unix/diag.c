// SPDX-License-Identifier: BSD-2-Clause
/*
 * AF_UNIX in sock_diag(7) ("ss -x"): every sock of the namespace, or the one with a number and
 * cookie, with name, peer, connections that wait, queues, memory.
 *
 * Thread context; nothing here sleeps, so that the table is of one moment within a piece of a dump.
 * Left out: UNIX_DIAG_VFS of names that are paths (the inode behind them).
 */
#include <errno.h>
#include <linux/unix_diag.h>
#include <net/af_unix.h>
#include <net/sock_diag.h>
#include <netinet/tcp.h>

#define UNIX_DIAG_MSG_SIZE 4096
#define UNIX_DIAG_MAX_ICONS 512 /* connections that a message tells of */

static int put_name(struct sk_buff *skb, const struct sock *sk)
{
	const struct unix_address *addr = unix_sk(sk)->addr;

	if (!addr)
		return 0;
	return nla_put(skb, UNIX_DIAG_NAME, addr->len - UNIX_PATH_OFF,
		       addr->name + UNIX_PATH_OFF);
}

static int put_peer(struct sk_buff *skb, const struct sock *sk)
{
	const struct sock *peer = unix_peer(sk);

	return peer ? nla_put_u32(skb, UNIX_DIAG_PEER, sock_i_ino(peer)) : 0;
}

/* The other ends of what waits to be accepted. */
static int put_icons(struct sk_buff *skb, const struct sock *sk)
{
	const struct sk_buff *conn;
	struct nlattr *nla;
	u32 n = 0, ino;

	if (sk->sk_state != TCP_LISTEN)
		return 0;
	nla = nla_nest_start(skb, UNIX_DIAG_ICONS);
	if (!nla)
		return -EMSGSIZE;
	for (conn = skb_peek(&sk->sk_receive_queue); conn && n < UNIX_DIAG_MAX_ICONS; n++) {
		const struct sock *peer = conn->sk ? unix_peer(conn->sk) : NULL;

		if (skb_tailroom(skb) < sizeof(ino))
			return -EMSGSIZE;
		ino = peer ? sock_i_ino(peer) : 0;
		*(u32 *)skb_put(skb, sizeof(ino)) = ino;
		conn = conn->next == (struct sk_buff *)&sk->sk_receive_queue ? NULL : conn->next;
	}
	nla_nest_end(skb, nla);
	return 0;
}

static int put_rqlen(struct sk_buff *skb, const struct sock *sk)
{
	struct unix_diag_rqlen rql = {0};
	const struct sk_buff *msg;

	if (sk->sk_state == TCP_LISTEN) {
		rql.udiag_rqueue = sk->sk_receive_queue.qlen;
		rql.udiag_wqueue = sk->sk_max_ack_backlog;
	} else {
		for (msg = sk->sk_receive_queue.next;
		     msg != (const struct sk_buff *)&sk->sk_receive_queue; msg = msg->next) {
			rql.udiag_rqueue += unix_skb_len(msg);
			if (sk->sk_type != SOCK_STREAM)
				break;
		}
		rql.udiag_wqueue = (u32)(atomic_read(&sk->sk_wmem_alloc) - 1);
	}
	return nla_put(skb, UNIX_DIAG_RQLEN, sizeof(rql), &rql);
}

static int unix_put_attrs(struct sk_buff *skb, const struct sock *sk, u32 show)
{
	if ((show & UDIAG_SHOW_NAME && put_name(skb, sk)) ||
	    (show & UDIAG_SHOW_PEER && put_peer(skb, sk)) ||
	    (show & UDIAG_SHOW_ICONS && put_icons(skb, sk)) ||
	    (show & UDIAG_SHOW_RQLEN && put_rqlen(skb, sk)) ||
	    (show & UDIAG_SHOW_MEMINFO && sock_diag_put_meminfo(skb, sk, UNIX_DIAG_MEMINFO)) ||
	    nla_put_u8(skb, UNIX_DIAG_SHUTDOWN, sk->sk_shutdown) ||
	    (show & UDIAG_SHOW_UID && nla_put_u32(skb, UNIX_DIAG_UID, 0)))
		return -EMSGSIZE;
	return 0;
}

static int unix_diag_fill(struct sk_buff *skb, const struct nlmsg_to *to, const struct sock *sk,
			  u32 show)
{
	struct nlmsghdr *nlh = nlmsg_put(skb, to, sizeof(struct unix_diag_msg));
	struct unix_diag_msg *rep;

	if (!nlh)
		return -EMSGSIZE;
	rep = nlmsg_data(nlh);
	*rep = (struct unix_diag_msg){.udiag_family = AF_UNIX,
				      .udiag_type = (u8)sk->sk_type,
				      .udiag_state = sk->sk_state,
				      .udiag_ino = sock_i_ino(sk)};
	sock_diag_save_cookie(sk, rep->udiag_cookie);
	if (unix_put_attrs(skb, sk, show)) {
		nlmsg_trim(skb, nlh);
		return -EMSGSIZE;
	}
	return nlmsg_end(skb, nlh);
}

/* args[0]: the bucket, args[1]: how many of it are done. */
static int unix_diag_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlmsg_to to = {NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, SOCK_DIAG_BY_FAMILY,
			      NLM_F_MULTI};
	const struct unix_diag_req *req = nlmsg_data(cb->nlh);
	struct unix_table *t = sock_diag_net(cb->skb)->unx.table;
	struct sock *sk;

	for (; cb->args[0] < (long)UNIX_SOCK_BUCKETS; cb->args[0]++, cb->args[1] = 0) {
		long n = 0;

		hlist_for_each_entry(sk, &t->socks[cb->args[0]], sk_node) {
			if (n++ < cb->args[1])
				continue;
			if (req->udiag_states >> sk->sk_state & 1 &&
			    unix_diag_fill(skb, &to, sk, req->udiag_show))
				return skb->len ? (int)skb->len : -EMSGSIZE;
			cb->args[1] = n;
		}
	}
	return 0;
}

static struct sock *unix_lookup_by_ino(struct net *net, u32 ino)
{
	struct sock *sk;
	u32 i;

	for (i = 0; i < UNIX_SOCK_BUCKETS; i++) {
		hlist_for_each_entry(sk, &net->unx.table->socks[i], sk_node) {
			if (sock_i_ino(sk) == ino)
				return sk;
		}
	}
	return NULL;
}

static int unix_diag_get_exact(struct sk_buff *skb, const struct nlmsghdr *nlh)
{
	struct nlmsg_to to = {NETLINK_CB(skb).portid, nlh->nlmsg_seq, SOCK_DIAG_BY_FAMILY, 0};
	const struct unix_diag_req *req = nlmsg_data(nlh);
	struct sk_buff *rep;
	struct sock *sk;
	int err;

	if (!req->udiag_ino)
		return -EINVAL;
	sk = unix_lookup_by_ino(sock_diag_net(skb), req->udiag_ino);
	if (!sk)
		return -ENOENT;
	err = sock_diag_check_cookie(sk, req->udiag_cookie);
	if (err)
		return err;
	rep = nlmsg_new(UNIX_DIAG_MSG_SIZE, GFP_KERNEL);
	if (!rep)
		return -ENOMEM;
	err = unix_diag_fill(rep, &to, sk, req->udiag_show);
	if (!err)
		return sock_diag_unicast(rep, skb);
	kfree_skb(rep);
	return err;
}

static int unix_diag_handler_dump(struct sk_buff *skb, struct nlmsghdr *nlh)
{
	static const struct netlink_dump_control control = {.dump = unix_diag_dump};

	if (nlmsg_len(nlh) < (int)sizeof(struct unix_diag_req))
		return -EINVAL;
	if (nlh->nlmsg_flags & NLM_F_DUMP)
		return netlink_dump_start(NULL, skb, nlh, &control);
	return unix_diag_get_exact(skb, nlh);
}

void unix_diag_init(void)
{
	static const struct sock_diag_handler handler = {.family = AF_UNIX,
							 .dump = unix_diag_handler_dump};

	sock_diag_register(&handler);
}
