/* SPDX-License-Identifier: BSD-2-Clause */
/* What recvmsg(MSG_ERRQUEUE) delivers with IP_RECVERR. */
#ifndef _LINUX_ERRQUEUE_H
#define _LINUX_ERRQUEUE_H

#include <stdint.h>
#include <bits/types.h>
#include <time.h>

struct sock_extended_err {
	uint32_t ee_errno;
	uint8_t ee_origin;
	uint8_t ee_type;
	uint8_t ee_code;
	uint8_t ee_pad;
	uint32_t ee_info;
	uint32_t ee_data;
};
_Static_assert(sizeof(struct sock_extended_err) == 16, "ABI");

#define SO_EE_ORIGIN_NONE	0
#define SO_EE_ORIGIN_LOCAL	1
#define SO_EE_ORIGIN_ICMP	2
#define SO_EE_ORIGIN_ICMP6	3
#define SO_EE_ORIGIN_TXSTATUS	4
#define SO_EE_ORIGIN_TIMESTAMPING SO_EE_ORIGIN_TXSTATUS
#define SO_EE_ORIGIN_ZEROCOPY	5
#define SO_EE_ORIGIN_TXTIME	6

/* Address of the host that reported the error, right behind the structure. */
#define SO_EE_OFFENDER(ee)	((struct sockaddr *)((ee) + 1))

#define SO_EE_CODE_ZEROCOPY_COPIED 1

/* SCM_TIMESTAMPING: software, unused, hardware. */
struct scm_timestamping {
	struct timespec ts[3];
};

/* ee_info of SO_EE_ORIGIN_TIMESTAMPING: which event. */
enum { SCM_TSTAMP_SND, SCM_TSTAMP_SCHED, SCM_TSTAMP_ACK };

#endif
