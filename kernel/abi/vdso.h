/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_VDSO_H
#define BW_KERNEL_ABI_VDSO_H

/*
 * The vDSO: kernel/abi/vdso.c maps what kernel/abi/vdso/ builds.
 */
#include <kernel/lib/types.h>

extern const char vdso_image[], vdso_image_end[];

/* Once, when there is a clock and memory. */
void vdso_init(void);
/* Map it into current->mm; its address, or 0 without one. */
u64 vdso_map(void);

#endif /* BW_KERNEL_ABI_VDSO_H */
