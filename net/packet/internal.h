/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_PACKET_INTERNAL_H
#define BW_NET_PACKET_INTERNAL_H

/* What the files of AF_PACKET share; the kernel's init table uses <net/packet/packet.h>. */
#include <linux/if_packet.h>
#include <net/net.h>
#include <net/netdevice.h>
#include <net/sock_ops.h>

/* A wish about a device that lasts as long as the sock: promiscuous, a multicast address ... */
struct packet_mclist {
	struct packet_mclist *next;
	int ifindex, count;
	u16 type, alen;
	u8 addr[MAX_ADDR_LEN];
};

/* Locks: [s] sock lock, [b] changes with softirqs off. */
struct packet_sock {
	struct sock sk;		      /* first */
	struct packet_type prot_hook; /* its dev is bound and held; NULL: any [b] */
	struct packet_mclist *mclist; /* [b] */
	u32 tp_packets, tp_drops;     /* since PACKET_STATISTICS was read [b] */
	int ifindex;		      /* of the bound device; 0 any; -1: it has gone [b] */
	be16 num;		      /* ETH_P_*, 0: nothing [s] */
	bool running;		      /* the hook is in place [b] */
	bool auxdata, origdev;	      /* [s] */
};
static inline struct packet_sock *pkt_sk(const struct sock *sk)
{
	return (struct packet_sock *)sk;
}

/* packet_send.c */
int packet_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);

/* packet_sockopt.c */
int packet_setsockopt(struct socket *sock, int level, int name, const void *optval, int optlen);
int packet_getsockopt(struct socket *sock, int level, int name, void *optval, int *optlen);
/* The sock goes: take its wishes back. A device goes: the same, of that device. Softirqs off. */
void packet_flush_mclist(struct packet_sock *po);
void packet_dev_mclist_delete(struct packet_sock *po, struct net_device *dev);

#endif /* BW_NET_PACKET_INTERNAL_H */
