/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_KSYMS_H
#define BW_KERNEL_LIB_KSYMS_H

/*
 * Names of the kernel's functions, from the table that the second link step puts into the image.
 */
#include <kernel/lib/types.h>

struct ksym {
	const char *name;
	unsigned long offset, size; /* size up to the next function */
};
/* False when addr is not in the kernel's text. */
bool ksym_lookup(unsigned long addr, struct ksym *sym);
/* "function+0x12/0x80", or the bare number. Returns buf. */
#define KSYM_TEXT_SIZE 96
const char *ksym_format(char buf[KSYM_TEXT_SIZE], unsigned long addr);
bool is_kernel_text(unsigned long addr);

#endif /* BW_KERNEL_LIB_KSYMS_H */
