/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_SOCK_DIAG_H
#define BW_NET_SOCK_DIAG_H

/*
 * NETLINK_SOCK_DIAG (sock_diag(7)): each family registers who lists its socks. Requests in thread
 * context. net/core/sock_diag.c.
 */
#include <linux/sock_diag.h>
#include <net/netlink.h>
#include <net/sock.h>

struct sock_diag_handler {
	int family;
	/* SOCK_DIAG_BY_FAMILY (one, or with NLM_F_DUMP all) and SOCK_DESTROY. 0 or -errno. */
	int (*dump)(struct sk_buff *skb, struct nlmsghdr *nlh);
	int (*destroy)(struct sk_buff *skb, struct nlmsghdr *nlh); /* NULL: no such thing */
};
/* At start. */
void sock_diag_register(const struct sock_diag_handler *h);
void sock_diag_init(void);

static inline struct net *sock_diag_net(const struct sk_buff *skb)
{
	return sock_net(NETLINK_CB(skb).sk);
}
/* An answer to a request; consumes skb. 0 or -errno. */
int sock_diag_unicast(struct sk_buff *skb, const struct sk_buff *in);
/* A number that stays the sock's own; it tells nothing of the kernel's addresses. */
void sock_diag_save_cookie(const struct sock *sk, u32 *cookie);
/* Is it the one that is meant (all ones: any)? 0 or -ESTALE. */
int sock_diag_check_cookie(const struct sock *sk, const u32 *cookie);
/* SK_MEMINFO_*. 0 or -EMSGSIZE. */
int sock_diag_put_meminfo(struct sk_buff *skb, const struct sock *sk, int attr);
/* Number of the file, as fstat() tells it; 0: none. */
u32 sock_i_ino(const struct sock *sk);

#endif /* BW_NET_SOCK_DIAG_H */
