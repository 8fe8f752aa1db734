/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_IP_H
#define BW_NET_IP_H

/* IPv4 (RFC 791, 1122, 6864). ip_input.c, ip_output.c, ip_options.c, ip_fragment.c, ip_sockglue.c.
 */
#include <net/inet_sock.h>
#include <net/route.h>
#include <netinet/ip.h>

#define IPV4_MIN_MTU 68
#define IP_DF	     0x4000
#define IP_MF	     0x2000
#define IP_OFFSET    0x1fff
#define MAXTTL	     255

struct msghdr;

/* skb->cb while IP owns the packet. */
struct inet_skb_parm {
	int iif;
	struct ip_options_cb {
		u8 optlen, srr, rr, ts, router_alert, rr_needaddr, ts_needaddr, ts_needtime,
			is_changed;
		be32 faddr; /* first hop of a source route */
	} opt;
	u16 flags; /* IPSKB_* */
	u16 frag_max_size;
};
enum { IPSKB_FORWARDED = 1, IPSKB_FRAG_COMPLETE = 2, IPSKB_DOREDIRECT = 4 };
#define IPCB(skb) ((struct inet_skb_parm *)((skb)->cb))
static inline struct iphdr *ip_hdr(const struct sk_buff *skb)
{
	return (struct iphdr *)skb_network_header(skb);
}
static inline unsigned int ip_hdrlen(const struct sk_buff *skb)
{
	return ip_hdr(skb)->ihl * 4u;
}

static inline bool ip_is_fragment(const struct iphdr *iph)
{
	return (iph->frag_off & cpu_to_be16(IP_MF | IP_OFFSET)) != 0;
}

/* What receive functions return; the packet is gone either way. */
enum { NET_RX_SUCCESS = 0, NET_RX_DROP = 1 };
/* Receive: packet_type handler; then deliver. Consume skb. Softirq. */
int ip_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt);
int ip_local_deliver(struct sk_buff *skb);
int ip_forward(struct sk_buff *skb);
/*
 * Parse and check the options of a received, routed packet into IPCB, note our address and the time
 * where they ask for it; 0 or -EINVAL with *pp set to the bad byte.
 */
int ip_options_compile(struct net *net, struct ip_options_cb *opt, struct sk_buff *skb, u8 **pp);
/* ... of a program (IP_OPTIONS, kernel memory) into *opt; optlen 0: none. 0 or -EINVAL. */
int ip_options_get(struct net *net, struct ip_options_rcu *opt, const u8 *data, int optlen);
/* What a reply to skb carries: its source route reversed, its record and timestamp options. */
void ip_options_echo(struct net *net, struct ip_options_rcu *dopt, struct sk_buff *skb);
/* Into the header of a packet that goes out; ihl has room for them. */
void ip_options_build(struct sk_buff *skb, const struct ip_options_rcu *opt, be32 daddr,
		      const struct rtable *rt);
/* Later fragments carry only the options whose copy bit is set. */
void ip_options_fragment(struct sk_buff *skb);
/* A packet that goes on: our outgoing address where asked for. */
void ip_forward_options(struct sk_buff *skb);
/* The next hop of a source route that ends here so far. 0 or -EINVAL. */
int ip_options_rcv_srr(struct sk_buff *skb, struct net_device *dev);
/* Reassemble: the whole datagram, IP header at its data, or NULL when skb waits or was dropped. */
struct sk_buff *ip_defrag(struct net *net, struct sk_buff *skb);
/* Incomplete datagrams and the bytes they hold, for sockstat. */
void ip_frag_usage(struct net *net, int *queues, long *mem);

/* Send on a connected sock (TCP): route, header, out. Consumes skb. `fl` may be NULL. */
int ip_queue_xmit(struct sock *sk, struct sk_buff *skb, struct flowi4 *fl4);
/* Send with explicit addresses and route in skb_dst (SYN-ACK). Consumes skb. */
int ip_build_and_send_pkt(struct sk_buff *skb, const struct sock *sk, be32 saddr, be32 daddr,
			  u8 tos);
int ip_local_out(struct net *net, struct sock *sk, struct sk_buff *skb);
int ip_output(struct net *net, struct sock *sk, struct sk_buff *skb);
int ip_mc_output(struct net *net, struct sock *sk, struct sk_buff *skb);
int ip_finish_output2(struct net *net, struct sock *sk, struct sk_buff *skb);
/* May the path be probed with packets that must not be fragmented (RFC 1191, IP_MTU_DISCOVER)? */
bool ip_dont_fragment(const struct sock *sk, const struct dst_entry *dst);
/* Cut into fragments and send each by `output`. Consumes skb. */
int ip_do_fragment(struct net *net, struct sock *sk, struct sk_buff *skb,
		   int (*output)(struct net *, struct sock *, struct sk_buff *));
/* Set IP identification: 0 with DF and no data to fragment, else per-destination counter (RFC
 * 6864). */
void ip_select_ident(struct net *net, struct iphdr *iph, const struct sock *sk, int segs);
void ip_send_check(struct iphdr *iph);
/* RST or ACK where there is no sock: a reply to skb with a ready transport header of `len` bytes,
 * checksum still to be completed at csum_offset. */
struct ip_reply_arg {
	const void *hdr;
	u32 len, csum_offset; /* bytes */
	wsum csum;	      /* of the pseudo header */
	int bound_dev_if;
	u8 tos, ttl;
	u32 mark;
	u64 txtime;
};
void ip_send_unicast_reply(struct net *net, struct sk_buff *skb, const struct ip_reply_arg *arg,
			   be32 saddr, be32 daddr);

/* Datagram sending (UDP, ICMP, raw): one call makes the packet from the program's bytes, fragments
 * it if needed. `transport_hdr_len` bytes are left for the caller's fill() which runs before the
 * checksum. */
struct ipcm_cookie {
	be32 addr; /* 0 or source route's first hop */
	be32 final_dst; /* the destination itself */
	be32 saddr;
	int oif;
	int ttl; /* -1: sock's or default */
	int tos; /* -1: sock's */
	u32 mark;
	struct ip_options_rcu opt; /* instead of the sock's, if optlen */
};
static inline void ipcm_init_sk(struct ipcm_cookie *ipc, const struct inet_sock *inet)
{
	*ipc = (struct ipcm_cookie){.oif = inet->sk.sk_bound_dev_if,
				    .ttl = -1,
				    .tos = -1,
				    .saddr = inet->inet_saddr,
				    .mark = inet->sk.sk_mark};
	if (inet->inet_opt && inet->inet_opt->srr)
		ipc->addr = inet->inet_opt->faddr;
}
/* IP_PKTINFO, IP_TTL, IP_TOS control messages of a send. 0 or -EINVAL. */
int ip_cmsg_send(struct sock *sk, struct msghdr *msg, struct ipcm_cookie *ipc);
/* What the program asked to be told (IP_PKTINFO, IP_RECVTTL, IP_RECVTOS, ...). */
void ip_cmsg_recv(struct msghdr *msg, struct sk_buff *skb);
/* An skb with room for link and IP headers, `hlen` transport bytes and all of the message's bytes
 * copied in (skb->data at the transport header), charged to sk. Sleeps when the send buffer is
 * full. ERR_PTR. */
struct sk_buff *ip_make_skb(struct sock *sk, struct flowi4 *fl4, struct msghdr *msg, u32 hlen,
			    const struct rtable *rt);
/* Put the IP header on and send. Consumes skb; the caller keeps its reference to rt (ip_make_skb
 * too). */
int ip_send_skb(struct sock *sk, struct flowi4 *fl4, struct sk_buff *skb,
		const struct ipcm_cookie *ipc, struct rtable *rt);

int ip_setsockopt(struct sock *sk, int level, int name, const void *optval, int optlen);
int ip_getsockopt(struct sock *sk, int level, int name, void *optval, int *optlen);
/* Error queue (IP_RECVERR). ip_sockglue.c */
/* payload: the embedded transport header, from which TCP's and UDP's destination port is taken. */
void ip_icmp_error(struct sock *sk, struct sk_buff *skb, int err, u32 info, const u8 *payload);
void ip_local_error(struct sock *sk, int err, be32 daddr, be16 dport, u32 info);
int ip_recv_error(struct sock *sk, struct msghdr *msg, int len, int *addr_len);

/* Multicast membership (igmp.c). */
struct ip_mreqn;
int ip_mc_join_group(struct sock *sk, const struct ip_mreqn *imr);
int ip_mc_leave_group(struct sock *sk, const struct ip_mreqn *imr);
void ip_mc_drop_socket(struct sock *sk);
bool ip_mc_sf_allow(const struct sock *sk, be32 group, be32 src, int dif);
bool ip_check_mc(struct in_device *in_dev, be32 group);
/* A device comes, goes up and down, goes. */
void ip_mc_init_dev(struct in_device *in_dev);
void ip_mc_up(struct in_device *in_dev);
void ip_mc_down(struct in_device *in_dev);
void ip_mc_destroy_dev(struct in_device *in_dev);
int igmp_rcv(struct sk_buff *skb);
void igmp_init(void);
void ip_init(void);
void ipfrag_init(void);
int ip_misc_proc_init(void); /* /proc/net/{snmp,netstat,sockstat,route,arp,dev,...} */

#endif /* BW_NET_IP_H */
