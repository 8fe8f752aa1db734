/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_HWCAP_H
#define BW_KERNEL_ABI_HWCAP_H

/*
 * What the auxiliary vector says of the processor.
 */
#include <kernel/lib/types.h>

u64 elf_hwcap(void);  /* CPUID leaf 1, edx */
u64 elf_hwcap2(void); /* what the kernel lets ring 3 use */
/* The least stack that a signal handler needs. */
u64 elf_minsigstksz(void);

#endif /* BW_KERNEL_ABI_HWCAP_H */
