/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AF_INET in sock_diag(7), and what TCP_CC_INFO answers: the congestion control module's own
 * figures.
 */
#ifndef _LINUX_INET_DIAG_H
#define _LINUX_INET_DIAG_H

#include <linux/netlink.h>

#define TCPDIAG_GETSOCK		18
#define DCCPDIAG_GETSOCK	19
#define INET_DIAG_GETSOCK_MAX	24

/* Addresses and ports as on the wire. */
struct inet_diag_sockid {
	uint16_t idiag_sport;
	uint16_t idiag_dport;
	uint32_t idiag_src[4];
	uint32_t idiag_dst[4];
	uint32_t idiag_if;
	uint32_t idiag_cookie[2];
};
#define INET_DIAG_NOCOOKIE	(~0U)

struct inet_diag_req_v2 {
	uint8_t sdiag_family;
	uint8_t sdiag_protocol;
	uint8_t idiag_ext; /* bit n-1: send attribute n */
	uint8_t pad;
	uint32_t idiag_states;
	struct inet_diag_sockid id;
};

enum {
	INET_DIAG_REQ_NONE,
	INET_DIAG_REQ_BYTECODE,
	INET_DIAG_REQ_SK_BPF_STORAGES,
	INET_DIAG_REQ_PROTOCOL,
};

/* One step of a filter; both jumps count bytes from here. */
struct inet_diag_bc_op {
	unsigned char code;
	unsigned char yes;
	unsigned short no;
};
enum {
	INET_DIAG_BC_NOP,
	INET_DIAG_BC_JMP,
	INET_DIAG_BC_S_GE,
	INET_DIAG_BC_S_LE,
	INET_DIAG_BC_D_GE,
	INET_DIAG_BC_D_LE,
	INET_DIAG_BC_AUTO,
	INET_DIAG_BC_S_COND,
	INET_DIAG_BC_D_COND,
	INET_DIAG_BC_DEV_COND,
	INET_DIAG_BC_MARK_COND,
	INET_DIAG_BC_S_EQ,
	INET_DIAG_BC_D_EQ,
	INET_DIAG_BC_CGROUP_COND,
};
struct inet_diag_hostcond {
	uint8_t family;
	uint8_t prefix_len;
	int port; /* -1: any */
	uint32_t addr[0];
};
struct inet_diag_markcond {
	uint32_t mark;
	uint32_t mask;
};

struct inet_diag_msg {
	uint8_t idiag_family;
	uint8_t idiag_state;
	uint8_t idiag_timer;
	uint8_t idiag_retrans;
	struct inet_diag_sockid id;
	uint32_t idiag_expires;
	uint32_t idiag_rqueue;
	uint32_t idiag_wqueue;
	uint32_t idiag_uid;
	uint32_t idiag_inode;
};

struct inet_diag_meminfo {
	uint32_t idiag_rmem;
	uint32_t idiag_wmem;
	uint32_t idiag_fmem;
	uint32_t idiag_tmem;
};

enum {
	INET_DIAG_NONE,
	INET_DIAG_MEMINFO,
	INET_DIAG_INFO,
	INET_DIAG_VEGASINFO,
	INET_DIAG_CONG,
	INET_DIAG_TOS,
	INET_DIAG_TCLASS,
	INET_DIAG_SKMEMINFO,
	INET_DIAG_SHUTDOWN,
	INET_DIAG_DCTCPINFO,
	INET_DIAG_PROTOCOL,
	INET_DIAG_SKV6ONLY,
	INET_DIAG_LOCALS,
	INET_DIAG_PEERS,
	INET_DIAG_PAD,
	INET_DIAG_MARK,
	INET_DIAG_BBRINFO,
	INET_DIAG_CLASS_ID,
	INET_DIAG_MD5SIG,
	INET_DIAG_ULP_INFO,
	INET_DIAG_SK_BPF_STORAGES,
	INET_DIAG_CGROUP_ID,
	INET_DIAG_SOCKOPT,
};

struct tcpvegas_info {
	uint32_t tcpv_enabled;
	uint32_t tcpv_rttcnt;
	uint32_t tcpv_rtt;
	uint32_t tcpv_minrtt;
};

struct tcp_dctcp_info {
	uint16_t dctcp_enabled;
	uint16_t dctcp_ce_state;
	uint32_t dctcp_alpha;
	uint32_t dctcp_ab_ecn;
	uint32_t dctcp_ab_tot;
};

struct tcp_bbr_info {
	uint32_t bbr_bw_lo; /* bytes per second, lower 32 bits */
	uint32_t bbr_bw_hi;
	uint32_t bbr_min_rtt; /* us */
	uint32_t bbr_pacing_gain; /* 1/256 */
	uint32_t bbr_cwnd_gain;
};

union tcp_cc_info {
	struct tcpvegas_info vegas;
	struct tcp_dctcp_info dctcp;
	struct tcp_bbr_info bbr;
};
_Static_assert(sizeof(union tcp_cc_info) == 20, "ABI");
_Static_assert(sizeof(struct inet_diag_req_v2) == 56, "ABI");
_Static_assert(sizeof(struct inet_diag_msg) == 72, "ABI");

#endif
