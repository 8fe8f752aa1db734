/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_MM_LOCK_H
#define BW_KERNEL_MM_MM_LOCK_H

/*
 * Guards the allocators' state on this CPU: softirqs are held off, which costs a handful of
 * instructions. Hard interrupt handlers may not allocate, so nothing else can come in between.
 * Unlike local_bh_enable() the way out may be inside a section with interrupts off.
 */
#include <kernel/sched/softirq.h>

/* Softirqs came up meanwhile: run them unless interrupts are off (then the next exit does). */
void mm_unlock_slow(void);

static inline void mm_lock(void)
{
	softirq_cpu.bh_count++;
	barrier();
}
/* Unlock; true if mm_unlock_slow() is to be called now. */
static inline bool mm_unlock_pending(void)
{
	barrier();
	return --softirq_cpu.bh_count == 0 && unlikely(softirq_cpu.pending);
}
static inline void mm_unlock(void)
{
	if (mm_unlock_pending())
		mm_unlock_slow();
}

#endif /* BW_KERNEL_MM_MM_LOCK_H */
