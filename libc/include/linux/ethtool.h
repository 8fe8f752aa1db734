/* SPDX-License-Identifier: BSD-2-Clause */
/* SIOCETHTOOL: what a device's driver tells of itself. */
#ifndef _LINUX_ETHTOOL_H
#define _LINUX_ETHTOOL_H

#include <stdint.h>

#define ETHTOOL_FWVERS_LEN	32
#define ETHTOOL_BUSINFO_LEN	32
#define ETHTOOL_EROMVERS_LEN	32

#define ETHTOOL_GDRVINFO	0x00000003
#define ETHTOOL_GLINK		0x0000000a

struct ethtool_value {
	uint32_t cmd;
	uint32_t data;
};

struct ethtool_drvinfo {
	uint32_t cmd;
	char driver[32];
	char version[32];
	char fw_version[ETHTOOL_FWVERS_LEN];
	char bus_info[ETHTOOL_BUSINFO_LEN];
	char erom_version[ETHTOOL_EROMVERS_LEN];
	char reserved2[12];
	uint32_t n_priv_flags;
	uint32_t n_stats;
	uint32_t testinfo_len;
	uint32_t eedump_len;
	uint32_t regdump_len;
};

_Static_assert(sizeof(struct ethtool_drvinfo) == 196, "ABI");

#endif
