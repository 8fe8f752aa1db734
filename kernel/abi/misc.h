/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_MISC_H
#define BW_KERNEL_ABI_MISC_H

/*
 * What a program has besides memory, files and signals: limits (setrlimit) and who it is (user,
 * groups, capabilities), and finding its threads. Both are of the whole program: Linux keeps the
 * latter for each thread, but its C libraries give every thread the same. Thread context, nothing
 * sleeps.
 */
#include <kernel/lib/capability.h>
#include <sys/resource.h>

struct mm_struct;
struct process;
struct user_task;

struct rlimits {
	struct rlimit lim[RLIMIT_NLIMITS];
};

#define CAP_FULL (BIT(CAP_LAST_CAP + 1) - 1)
#define NGROUPS_MAX 65536

/* Masks of capabilities by number: BIT(CAP_...). */
struct credentials {
	u32 uid, euid, suid, fsuid;
	u32 gid, egid, sgid, fsgid;
	u64 cap_permitted, cap_effective, cap_inheritable, cap_bset, cap_ambient;
	u32 securebits;
	bool keepcaps, no_new_privs;
	u32 ngroups;
	u32 *groups; /* ascending, kmalloc'ed; NULL: none */
	int pgid, sid;
};

/*
 * A new program (pid is set): the first limits, run by root. 0 or -ENOMEM. And its end, when its
 * threads are gone.
 */
int process_misc_init(struct process *p);
void process_misc_free(struct process *p);

/* The current limit of the program (RLIM_INFINITY: none); also without a program. */
unsigned long rlimit(int resource);
/* Those of memory, for a new address space. */
void rlimits_apply(struct mm_struct *mm);

/* The thread of the program with this number, 0 meaning the caller; NULL: none. */
struct user_task *find_user_task(int tid);
/* Step over numbers in use: the next thread's is p->last_tid + 1. */
void process_next_tid(struct process *p);
/* kernel.threads-max: threads that the program may have. */
extern unsigned int threads_max;
/* Sysctls of threads and limits; called once at start. */
void abi_misc_init(void);

#endif /* BW_KERNEL_ABI_MISC_H */
