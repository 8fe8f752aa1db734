/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_USER_STATE_H
#define BW_KERNEL_ABI_USER_STATE_H

/* Inside of entry and exit: memory of a user_task, and what the processor holds of it. */
#include <kernel/abi/task.h>

void user_state_init(void);
/* Zeroed, with the FPU state of a new program; NULL: out of memory. */
struct user_task *user_task_alloc(void);
/* Free it; its state is forgotten. */
void user_task_release(struct user_task *u);
/* Put u's state into the registers, the last owner's away, and its stack under the entry. */
void user_state_load(struct user_task *u); /* interrupts off */

/* Exceptions of ring 3 (user_fault.c). */
void user_exception(struct pt_regs *regs, unsigned long addr);

#endif /* BW_KERNEL_ABI_USER_STATE_H */
