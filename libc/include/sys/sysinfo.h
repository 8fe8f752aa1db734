/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory and uptime in one call; Linux layout. */
#ifndef _SYS_SYSINFO_H
#define _SYS_SYSINFO_H

struct sysinfo {
	long uptime; /* seconds */
	unsigned long loads[3];
	unsigned long totalram;
	unsigned long freeram;
	unsigned long sharedram;
	unsigned long bufferram;
	unsigned long totalswap;
	unsigned long freeswap;
	unsigned short procs;
	unsigned short pad;
	unsigned long totalhigh;
	unsigned long freehigh;
	unsigned int mem_unit;
};
_Static_assert(sizeof(struct sysinfo) == 112, "ABI");

int sysinfo(struct sysinfo *info);

#endif
