/* SPDX-License-Identifier: BSD-2-Clause */
/* AF_PACKET in sock_diag(7). */
#ifndef _LINUX_PACKET_DIAG_H
#define _LINUX_PACKET_DIAG_H

#include <stdint.h>

struct packet_diag_req {
	uint8_t sdiag_family;
	uint8_t sdiag_protocol;
	uint16_t pad;
	uint32_t pdiag_ino;
	uint32_t pdiag_show;
	uint32_t pdiag_cookie[2];
};
#define PACKET_SHOW_INFO	0x01
#define PACKET_SHOW_MCLIST	0x02
#define PACKET_SHOW_RING_CFG	0x04
#define PACKET_SHOW_FANOUT	0x08
#define PACKET_SHOW_MEMINFO	0x10
#define PACKET_SHOW_FILTER	0x20

struct packet_diag_msg {
	uint8_t pdiag_family;
	uint8_t pdiag_type;
	uint16_t pdiag_num;
	uint32_t pdiag_ino;
	uint32_t pdiag_cookie[2];
};

enum {
	PACKET_DIAG_INFO,
	PACKET_DIAG_MCLIST,
	PACKET_DIAG_RX_RING,
	PACKET_DIAG_TX_RING,
	PACKET_DIAG_FANOUT,
	PACKET_DIAG_UID,
	PACKET_DIAG_MEMINFO,
	PACKET_DIAG_FILTER,
};

struct packet_diag_info {
	uint32_t pdi_index;
	uint32_t pdi_version;
	uint32_t pdi_reserve;
	uint32_t pdi_copy_thresh;
	uint32_t pdi_tstamp;
	uint32_t pdi_flags;
};
#define PDI_RUNNING		0x1
#define PDI_AUXDATA		0x2
#define PDI_ORIGDEV		0x4

#endif
