// SPDX-License-Identifier: BSD-2-Clause
/*
 * What TCP_CC_INFO says of the congestion control, by name, for the code of packet scripts:
 * bbr_bw (bytes per second), bbr_min_rtt, bbr_pacing_gain, bbr_cwnd_gain; dctcp_enabled,
 * dctcp_ce_state, dctcp_alpha, dctcp_ab_ecn, dctcp_ab_tot. cc_info_size is the answer's length.
 */
#include <kernel/sys.h>
#include <linux/inet_diag.h>
#include <string.h>
#include <tests/hosted/script/run.h>

/* fd < 0: only whether the name is one. False: it is none. */
bool cc_info_name(int fd, const char *name, u64 *v)
{
	union tcp_cc_info info = {.vegas = {0}};
	int len = sizeof(info);

	if (fd >= 0 && sys_getsockopt(fd, SOL_TCP, TCP_CC_INFO, &info, &len))
		run_fail("TCP_CC_INFO failed");
	if (!strcmp(name, "bbr_bw"))
		*v = (u64)info.bbr.bbr_bw_hi << 32 | info.bbr.bbr_bw_lo;
	else if (!strcmp(name, "bbr_min_rtt"))
		*v = info.bbr.bbr_min_rtt;
	else if (!strcmp(name, "bbr_pacing_gain"))
		*v = info.bbr.bbr_pacing_gain;
	else if (!strcmp(name, "bbr_cwnd_gain"))
		*v = info.bbr.bbr_cwnd_gain;
	else if (!strcmp(name, "dctcp_enabled"))
		*v = info.dctcp.dctcp_enabled;
	else if (!strcmp(name, "dctcp_ce_state"))
		*v = info.dctcp.dctcp_ce_state;
	else if (!strcmp(name, "dctcp_alpha"))
		*v = info.dctcp.dctcp_alpha;
	else if (!strcmp(name, "dctcp_ab_ecn"))
		*v = info.dctcp.dctcp_ab_ecn;
	else if (!strcmp(name, "dctcp_ab_tot"))
		*v = info.dctcp.dctcp_ab_tot;
	else if (!strcmp(name, "cc_info_size"))
		*v = (u64)len;
	else
		return false;
	return true;
}
