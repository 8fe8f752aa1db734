/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_TIME_CYCLES_H
#define BW_KERNEL_TIME_CYCLES_H

/*
 * The cycle counter of the hosted tests: virtual nanoseconds, so runs are reproducible.
 */
#include <kernel/lib/types.h>

u64 get_cycles(void);

#endif /* BW_KERNEL_TIME_CYCLES_H */
