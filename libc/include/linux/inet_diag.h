/* SPDX-License-Identifier: BSD-2-Clause */
/* What TCP_CC_INFO answers: the congestion control module's own figures. */
#ifndef _LINUX_INET_DIAG_H
#define _LINUX_INET_DIAG_H

#include <stdint.h>

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

#endif
