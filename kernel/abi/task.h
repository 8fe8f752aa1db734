/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_TASK_H
#define BW_KERNEL_ABI_TASK_H

/*
 * A program in ring 3. One program a machine: one struct process, which holds what Linux keeps in
 * signal_struct, sighand_struct and the shared part of task_struct; and a struct user_task for
 * each of its threads, which holds what Linux keeps in the thread's own task_struct. The kernel's
 * side of a thread (stack, scheduling) is struct thread; thread->user leads from there to here and
 * is NULL for kernel threads and linked-in programs.
 *
 * Thread context. Threads change only where they sleep or on their way back to ring 3, so a
 * function that does not sleep needs no lock.
 */
#include <kernel/cpu/ptrace.h>
#include <kernel/lib/list.h>
#include <kernel/lib/types.h>
#include <kernel/sched/wait.h>

struct mm_struct;
struct process;
struct ramfs_inode;
struct thread;

/* Work for the way back to ring 3 (kernel/abi/entry.c), user_task.flags. */
#define TIF_SIGPENDING 0x1u  /* look for a signal to deliver */
#define TIF_EXIT 0x2u	     /* the program or this thread ends: never go back */
#define TIF_RESTORE_MASK 0x4u /* saved_mask goes back after delivery (sigsuspend, ppoll ...) */

/* The kernel's signal set: bit n-1 for signal n. */
typedef u64 sigset_kernel_t;

/* Letters: [t] the thread itself, [p] any thread of the program, [I] fixed at creation. */
struct user_task {
	struct thread *thread;	   /* [I] */
	struct process *process;   /* [I] */
	struct list_head node;	   /* [p] process->tasks */
	/* [I] what gettid() says; the first one's is the program's pid */
	int tid;
	u32 flags;		   /* [p] TIF_* */
	struct pt_regs *regs;	   /* [I] ring 3's registers, at the top of the kernel stack */
	u64 fs_base, gs_base;	   /* [t] */
	/* [t] XSAVE area while another thread's state is in the registers */
	void *fpu;
	u64 orig_rax;		   /* [t] number of the call in progress, -1 outside of one */
	char comm[16];		   /* [t] prctl(PR_SET_NAME) */

	/* Threads (kernel/abi/clone.c, futex.c). */
	int *clear_child_tid;	   /* [t] program memory */
	void *robust_list;	   /* [t] program memory */
	u64 rseq;		   /* [t] program memory: its area of rseq(2), or 0 */
	u32 rseq_signature;
	/* [p] sched_setscheduler, setpriority, ioprio_set: kept and told, not obeyed */
	int policy, rt_priority, nice, ioprio;

	/* Signals (kernel/abi/signal*.c). */
	sigset_kernel_t blocked, saved_mask; /* [t] */
	sigset_kernel_t real_blocked; /* [t] blocked but for the time of rt_sigtimedwait() */
	struct list_head sig_queue; /* [p] struct sigqueue, for this thread alone */
	sigset_kernel_t sig_pending; /* [p] those in it */
	u64 altstack_sp, altstack_size; /* [t] */
	u32 altstack_flags;
	u64 trap_nr, trap_error, trap_addr; /* [t] of its last exception, for handlers to read */
	u64 start_ns;		   /* [I] */
};

struct process {
	struct mm_struct *mm;	   /* [p] replaced by execve */
	struct list_head tasks;	   /* [p] user_task.node */
	unsigned int nr_tasks;
	int pid;
	int last_tid;
	char *exe_path;		   /* [p] kmalloc'ed, absolute: /proc/self/exe */
	bool exiting;		   /* [p] exit_group, or a fatal signal */
	int exit_code;		   /* as wait() tells it: status << 8, or the signal's number */
	wait_queue_head_t exit_wait; /* who waits until all threads are gone */
	struct signal_state *signal; /* [p] actions, queue of the program, timers; signal.h */
	struct rlimits *rlimits;   /* [p] misc.h */
	struct credentials *cred;  /* [p] uid, gid and their kin; misc.h */
};

/* The running thread's side in ring 3; NULL in the kernel's own threads. */
#define current_user (current->user)

/* The one program, or NULL while none runs (linked-in program). */
extern struct process *the_process;

/*
 * Make the calling kernel thread able to run in ring 3 as a thread of p. NULL: out of memory. Its
 * registers are all 0 and its FPU state is that of a new program.
 */
struct user_task *user_task_create(struct process *p, struct thread *t);
void user_task_free(struct user_task *u);
/* Go to ring 3 with current_user->regs. */
void __noreturn enter_user_mode(void);
/* Ask a thread to look at its flags soon: sets them, and interrupts its sleep if it waits. */
void task_set_flag(struct user_task *u, u32 flag);
/* End all threads but the caller, which becomes the first one (execve). Sleeps. */
void process_single_thread(void);
/* End the calling thread alone (exit), or all of them (exit_group); code as process.exit_code. */
void __noreturn do_exit_thread(int code);
void __noreturn do_exit_group(int code);

#endif /* BW_KERNEL_ABI_TASK_H */
