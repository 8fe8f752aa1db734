/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_FPU_H
#define BW_KERNEL_CPU_FPU_H

/*
 * x87, SSE and AVX registers of ring 3. The kernel itself uses none of them. An area has the layout
 * of XSAVE's standard form (Intel SDM volume 1 section 13.4), or of FXSAVE on a processor without
 * it. Where a thread's state is right now: kernel/abi/user_state.c.
 */
#include <kernel/lib/types.h>

#define FPU_AREA_ALIGN 64
#define FXSAVE_SIZE 512

/* Once, at start: which states there are, CR4 and XCR0. */
void fpu_init(void);
/* Bytes of an area. */
size_t fpu_area_size(void);
/* XCR0; 3 (x87 and SSE) without XSAVE. */
u64 fpu_features(void);
bool fpu_has_xsave(void);
/* The state a program begins with: FCW 0x37f, MXCSR 0x1f80, all registers 0. */
void fpu_init_area(void *area);
void fpu_save(void *area);
/* area was filled by the functions here, or by a program and then checked: bad bits fault. */
void fpu_restore(const void *area);
/* Whether an area that a program wrote (sigreturn) can be restored without a fault. */
bool fpu_area_valid(const void *area);

#endif /* BW_KERNEL_CPU_FPU_H */
