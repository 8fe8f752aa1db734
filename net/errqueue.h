/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_ERRQUEUE_H
#define BW_NET_ERRQUEUE_H

/* Reports on a sock's error queue (recvmsg with MSG_ERRQUEUE): ICMP errors, completions. */
#include <linux/errqueue.h>
#include <net/ip.h>

/* skb->cb on sk_error_queue. */
struct sock_exterr_skb {
	struct inet_skb_parm header;
	struct sock_extended_err ee;
	u16 addr_offset; /* of the failed destination, from the network header */
	be16 port;
};
static_assert(sizeof(struct sock_exterr_skb) <= sizeof(((struct sk_buff *)0)->cb), "fits cb");
#define SKB_EXT_ERR(skb) ((struct sock_exterr_skb *)((skb)->cb))

#endif /* BW_NET_ERRQUEUE_H */
