/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_NETLINK_AF_NETLINK_H
#define BW_NET_NETLINK_AF_NETLINK_H

/*
 * What the files of AF_NETLINK share; families that answer include <net/netlink.h>. Socks change in
 * thread context without sleeping in between, their tables with softirqs off, because news are
 * handed out in softirqs too.
 */
#include <net/netlink.h>
#include <net/sock_ops.h>

#define NETLINK_HASH_SIZE 64u
#define NETLINK_MAX_GROUPS 64

/* netlink_sock.flags: the options that programs set. */
enum {
	NETLINK_F_RECV_PKTINFO = 1 << 0,
	NETLINK_F_BROADCAST_ERROR = 1 << 1,
	NETLINK_F_NO_ENOBUFS = 1 << 2,
	NETLINK_F_LISTEN_ALL_NSID = 1 << 3,
	NETLINK_F_CAP_ACK = 1 << 4,
	NETLINK_F_EXT_ACK = 1 << 5,
	NETLINK_F_STRICT_CHK = 1 << 6,
};

/* Letters: [b] softirqs off, [t] threads in one step. */
struct netlink_sock {
	struct sock sk; /* first; sk_node: in the table by port, sk_bind_node: members of groups */
	u32 portid, dst_portid, dst_group; /* [b] */
	u32 flags;		     /* [t] NETLINK_F_* */
	u64 groups;		     /* [b] bit n-1: member of group n */
	bool bound;		     /* [b] has a port and is in the table */
	bool congested;		     /* [b] it lost news: no more until it has read what there is */
	size_t max_recvmsg_len;	     /* [t] the largest buffer it came with */
	wait_queue_head_t wait;	     /* who waits to send to it */
	void (*input)(struct sk_buff *skb); /* a kernel sock's */
	bool cb_running;	     /* [t] a dump is on its way: cb */
	int dump_done_errno;	     /* [t] > 0: there is more */
	struct netlink_callback cb;  /* [t] */
};
static inline struct netlink_sock *nlk_sk(const struct sock *sk)
{
	return (struct netlink_sock *)sk;
}

/* A namespace's. */
struct netns_netlink {
	struct sock *kernel[MAX_LINKS];
	struct hlist_head ports[NETLINK_HASH_SIZE]; /* bound socks by protocol and port */
	struct hlist_head members[MAX_LINKS];	    /* socks that are in some group */
};

/* af_netlink.c: has the kernel a side of this protocol? How many groups has it? */
bool netlink_protocol_known(int protocol);
unsigned int netlink_protocol_groups(int protocol);
/* Who has the port, not held; NULL: nobody. Softirqs off. */
struct sock *netlink_lookup(struct net *net, int protocol, u32 portid);
int netlink_autobind(struct sock *sk);
/* Join and leave groups. */
void netlink_update_groups(struct netlink_sock *nlk, u64 groups);

/* netlink_msg.c: sendmsg and recvmsg. */
int netlink_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);
int netlink_recvmsg(struct socket *sock, struct msghdr *msg, size_t len, int flags);
/* Into the queue, whatever is there. Consumes skb. Softirqs off or on. */
void __netlink_sendskb(struct sock *sk, struct sk_buff *skb);
void netlink_overrun(struct sock *sk);

/* netlink_dump.c */
int netlink_dump(struct sock *sk); /* one more piece; 0 or -errno */
void netlink_dump_stop(struct netlink_sock *nlk);

/* netlink_opt.c */
int netlink_setsockopt(struct socket *sock, int level, int name, const void *optval, int optlen);
int netlink_getsockopt(struct socket *sock, int level, int name, void *optval, int *optlen);

/* netlink_diag.c: also /proc/net/netlink. */
void netlink_diag_init(void);

#endif /* BW_NET_NETLINK_AF_NETLINK_H */
