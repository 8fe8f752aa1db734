/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_RUSAGE_H
#define BW_KERNEL_ABI_RUSAGE_H

/*
 * Processor time and memory of the program. Thread context, nothing sleeps.
 */
#include <kernel/lib/types.h>

struct rusage;
struct user_task;

/* who: RUSAGE_SELF, RUSAGE_THREAD (the caller), RUSAGE_CHILDREN (nothing, there are none). */
void rusage_fill(struct rusage *r, int who);
/* The calling thread is about to become a new program's first. */
void rusage_program_starts(void);
/* Time of a thread since it was the program's. */
u64 task_run_ns(const struct user_task *u);
/* Time of all threads of the program, living and ended. */
u64 process_run_ns(void);
/* exit.c: its time goes to the program's account. */
void rusage_thread_ends(const struct user_task *u);

#endif /* BW_KERNEL_ABI_RUSAGE_H */
