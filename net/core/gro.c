// SPDX-License-Identifier: BSD-2-Clause
/*
 * Generic receive offload: where a driver's frames enter the stack. Frames of one TCP flow that
 * arrive in one poll are to be joined here before the stack sees them; until that is written every
 * frame goes up by itself.
 *
 * Called by drivers' poll functions, softirq.
 * Left out for now: the joining.
 */
#include <net/netdevice.h>

void napi_gro_receive(struct napi_struct *n, struct sk_buff *skb)
{
	(void)n;
	netif_receive_skb(skb);
}

void napi_gro_flush(struct napi_struct *n)
{
	(void)n;
}
