/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_ICMP_H
#define BW_NET_ICMP_H

/* ICMP (RFC 792, RFC 1122 section 3.2.2). net/ipv4/icmp.c. Softirqs off. */
#include <net/skbuff.h>
#include <netinet/ip_icmp.h>

struct net;
/* Report an error about skb_in (network header set) to its source, if the RFCs and the rate limits
 * allow. Keeps skb_in. info: host order MTU for FRAG_NEEDED, pointer for PARAMPROB. */
void icmp_send(struct sk_buff *skb_in, int type, int code, u32 info);
int icmp_rcv(struct sk_buff *skb);
int icmp_err(struct sk_buff *skb, u32 info);
/* errno and fatality for a destination-unreachable code. */
struct icmp_err {
	int error;
	bool fatal;
};
extern const struct icmp_err icmp_err_convert[16];
void icmp_init(void);

#endif /* BW_NET_ICMP_H */
