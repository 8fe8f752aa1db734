/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_VDSO_DATA_H
#define BW_KERNEL_ABI_VDSO_DATA_H

/*
 * The page in front of the vDSO, which the kernel writes and programs read. seq is odd while it is
 * being written, and different when it was written between two looks.
 */
#include <stdint.h>

struct vdso_data {
	uint32_t seq;
	uint32_t tsc_usable; /* 0: ask the kernel */
	uint64_t base_cycles;
	uint64_t mult; /* nanoseconds per cycle << VDSO_SHIFT */
	uint64_t real_offset_ns;
};
/*
 * CLOCK_MONOTONIC_RAW begins where it likes, and here not at 0: ping takes second 0 for "not started"
 * and waits for nothing until a second after boot, which Linux needs for booting and we do not.
 */
#define RAW_AHEAD_NS 1000000000ull

#define VDSO_SHIFT 32

/* As the vDSO's code sees it: one page below the first one of its image (vdso.lds). */
extern const volatile struct vdso_data vdso_data __attribute__((visibility("hidden")));

#endif /* BW_KERNEL_ABI_VDSO_DATA_H */
