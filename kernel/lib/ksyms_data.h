/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_KSYMS_DATA_H
#define BW_KERNEL_LIB_KSYMS_DATA_H

/*
 * The table that kernel/lib/ksyms.awk writes: ascending text addresses relative to KERNEL_BASE, and
 * for each the offset of its name in ksyms_text.
 */
#include <kernel/lib/types.h>

extern const u32 ksyms_count, ksyms_addr[], ksyms_name[];
extern const char ksyms_text[];

#endif /* BW_KERNEL_LIB_KSYMS_DATA_H */
