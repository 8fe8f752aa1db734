/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_INET_SOCK_H
#define BW_NET_INET_SOCK_H

/*
 * inet_sock: an IPv4 endpoint; inet_request_sock: what IP knows of a half-open connection.
 * Locks as in <net/sock.h>.
 */
#include <net/request_sock.h>
#include <net/sock_ops.h>
#include <netinet/in.h>

struct ip_mc_socklist;

struct ip_options_rcu {
	u8 optlen;
	bool srr;
	bool rr_needaddr, ts_needtime; /* a slot was stepped over and is filled when it is sent */
	be32 faddr;
	u8 data[40];
};

struct inet_sock {
	struct sock sk; /* first */
#define inet_daddr     sk.sk_daddr
#define inet_rcv_saddr sk.sk_rcv_saddr
#define inet_dport     sk.sk_dport
#define inet_num       sk.sk_num
	be32 inet_saddr; /* source of what is sent [s] */
	be16 inet_sport; /* local port, network order [s] */
	u16 inet_id;	 /* IP identification counter [s] */
	short uc_ttl;	 /* -1: default */
	u8 tos, min_ttl, mc_ttl, pmtudisc;
	u8 recverr : 1, is_icsk : 1, freebind : 1, hdrincl : 1, mc_loop : 1, transparent : 1,
		mc_all : 1, nodefrag : 1;
	u8 bind_address_no_port : 1, recverr_rfc4884 : 1, defer_connect : 1;
	u8 rcv_tos, convert_csum_unused;
	u32 cmsg_flags;		/* IP_CMSG_* */
	int uc_index, mc_index; /* IP_UNICAST_IF, IP_MULTICAST_IF */
	be32 mc_addr;
	struct ip_options_rcu *inet_opt; /* kmalloc'ed */
	struct ip_mc_socklist *mc_list;
};
enum {
	IP_CMSG_PKTINFO = 1,
	IP_CMSG_TTL = 2,
	IP_CMSG_TOS = 4,
	IP_CMSG_RECVOPTS = 8,
	IP_CMSG_RETOPTS = 16,
	IP_CMSG_ORIGDSTADDR = 64
};

static inline struct inet_sock *inet_sk(const struct sock *sk)
{
	return (struct inet_sock *)sk;
}

struct inet_request_sock {
	struct request_sock req; /* first */
#define ir_loc_addr req.__req_common.skc_rcv_saddr
#define ir_rmt_addr req.__req_common.skc_daddr
#define ir_num	    req.__req_common.skc_num
#define ir_rmt_port req.__req_common.skc_dport
#define ir_iif	    req.__req_common.skc_bound_dev_if
	u16 snd_wscale : 4, rcv_wscale : 4, tstamp_ok : 1, sack_ok : 1, wscale_ok : 1, ecn_ok : 1,
		acked : 1, no_srccheck : 1;
	u32 ir_mark;
	struct ip_options_rcu *ireq_opt;
};
static inline struct inet_request_sock *inet_rsk(const struct request_sock *req)
{
	return (struct inet_request_sock *)req;
}
static inline bool inet_can_nonlocal_bind(const struct net *net, const struct inet_sock *inet)
{
	return net->ipv4.sysctl_ip_nonlocal_bind || inet->freebind || inet->transparent;
}
static inline bool inet_addr_valid_or_nonlocal(const struct net *net, const struct inet_sock *inet,
					       be32 addr, unsigned int addr_type)
{
	return inet_can_nonlocal_bind(net, inet) || addr == 0 || addr_type == 2 /* RTN_LOCAL */ ||
	       addr_type == 5 /* RTN_MULTICAST */ || addr_type == 3 /* RTN_BROADCAST */;
}
static inline u8 ip_sock_ttl(const struct inet_sock *inet)
{
	return (u8)(inet->uc_ttl < 0 ? inet->sk.sk_net->ipv4.sysctl_ip_default_ttl : inet->uc_ttl);
}

#endif /* BW_NET_INET_SOCK_H */
