/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_BOOT_BOOTINFO_H
#define BW_BOOT_BOOTINFO_H

/*
 * What the boot loader said, in one form for Multiboot 1, Multiboot 2 and PVH. Filled once before
 * the page allocator runs; strings are copies. [I]
 */
#include <kernel/lib/types.h>

#define BOOT_MAX_REGIONS 128
#define BOOT_MAX_MODULES 16
#define BOOT_CMDLINE_SIZE 2048
#define BOOT_STRINGS_SIZE 4096 /* of all modules */

enum boot_mem_type {
	BOOT_MEM_USABLE = 1,
	BOOT_MEM_RESERVED,
	BOOT_MEM_ACPI,
	BOOT_MEM_NVS,
	BOOT_MEM_BAD
};

struct boot_region {
	u64 start, end; /* physical, end exclusive */
	enum boot_mem_type type;
};
struct boot_module {
	u64 start, end;
	char *string; /* in boot_info.strings */
};
struct boot_info {
	const char *protocol; /* "multiboot", "multiboot2", "pvh" */
	char loader[64];
	char cmdline[BOOT_CMDLINE_SIZE];
	struct boot_region regions[BOOT_MAX_REGIONS]; /* sorted by start */
	u32 nregions;
	struct boot_module modules[BOOT_MAX_MODULES];
	u32 nmodules;
	char strings[BOOT_STRINGS_SIZE];
	u32 strings_used;
	u32 dropped_regions, dropped_modules; /* did not fit the arrays */
	bool cmdline_truncated, strings_truncated;
	u64 rsdp; /* physical, 0: not told */
	u8 rsdp_copy[36]; /* Multiboot 2 hands the structure itself over */
	u32 rsdp_copy_len;
};
extern struct boot_info boot_info;

/* magic: the value that tells the protocol; info: physical address of its structure. */
void bootinfo_init(u32 magic, u32 info);
/* One line per fact on the log. */
void bootinfo_print(void);

#endif /* BW_BOOT_BOOTINFO_H */
