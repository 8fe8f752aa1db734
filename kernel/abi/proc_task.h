/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_PROC_TASK_H
#define BW_KERNEL_ABI_PROC_TASK_H

/* Once at boot: what /proc/self says of the program and of its threads. */
void proc_task_init(void);
void proc_program_init(void); /* a part of it */

#endif /* BW_KERNEL_ABI_PROC_TASK_H */
