/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_SIGNAL_H
#define BW_KERNEL_ABI_SIGNAL_H

/*
 * Signals of a program in ring 3, with Linux's names. A signal waits in the queue of the program or
 * of one thread until a thread that does not block it comes back to ring 3 (do_signal() in
 * kernel/abi/entry.h). Standard signals wait once, real-time signals as often as they were sent.
 *
 * Queues change with interrupts off, because timers, the console and the power button send from
 * softirqs; everything else is thread context.
 */
#include <kernel/abi/task.h>
#include <kernel/sched/wait.h>
#include <signal.h>

#define SIGNALS_MAX 64 /* of the kernel: 1 to 64 */
#define SIGRT_FIRST 32 /* the first real-time signal; programs see those above the C library's */
#define SA_RESTORER 0x04000000u
#define SS_AUTODISARM (1u << 31)
#define sigmask(sig) (1UL << ((sig) - 1))

#define SIG_KERNEL_ONLY (sigmask(SIGKILL) | sigmask(SIGSTOP))
#define SIG_STOPS (sigmask(SIGSTOP) | sigmask(SIGTSTP) | sigmask(SIGTTIN) | sigmask(SIGTTOU))
#define SIG_DEFAULT_IGNORE                                                                         \
	(sigmask(SIGCONT) | sigmask(SIGCHLD) | sigmask(SIGWINCH) | sigmask(SIGURG))
#define SIG_CORE                                                                                   \
	(sigmask(SIGQUIT) | sigmask(SIGILL) | sigmask(SIGTRAP) | sigmask(SIGABRT) |                \
	 sigmask(SIGFPE) | sigmask(SIGSEGV) | sigmask(SIGBUS) | sigmask(SIGSYS) |                  \
	 sigmask(SIGXCPU) | sigmask(SIGXFSZ))
#define SIG_SYNCHRONOUS                                                                            \
	(sigmask(SIGSEGV) | sigmask(SIGBUS) | sigmask(SIGILL) | sigmask(SIGTRAP) |                 \
	 sigmask(SIGFPE) | sigmask(SIGSYS))

/* As rt_sigaction(2) takes it. */
struct k_sigaction {
	u64 handler;
	u64 flags;
	u64 restorer;
	sigset_kernel_t mask;
};
static_assert(sizeof(struct k_sigaction) == 32, "ABI");

/* A signal that waits. */
struct sigqueue {
	struct list_head node; /* [i] empty: not queued */
	siginfo_t info;
	bool preallocated;     /* belongs to a timer, which frees it */
};

/* A timer of setitimer(2) (itimer.c). */
struct itimers;

/* process->signal. Letters: [i] interrupts off, [p] any thread of the program. */
struct signal_state {
	struct k_sigaction action[SIGNALS_MAX]; /* [p] of signal n at n - 1 */
	struct list_head queue;			/* [i] for the program: struct sigqueue */
	sigset_kernel_t pending;		/* [i] those in it */
	unsigned int nr_queued;			/* [i] of all queues */
	struct itimers *itimers;		/* [p] NULL until the first setitimer() */
	struct list_head timers;		/* [p] struct k_itimer (posix_timer.c) */
	int next_timer_id;			/* [p] */
};

/* A program begins: every action the default one. 0 or -ENOMEM. */
int signal_process_init(struct process *p);
/* And ends; all its threads are gone. */
void signal_process_free(struct process *p);
/* execve: handlers are gone, ignored signals stay ignored, timers of timer_create() end. */
void signal_exec(struct process *p);
/* A new thread: the mask of its creator, no signals. */
void signal_task_init(struct user_task *u, const struct user_task *creator);
/*
 * A thread ends: its signals are forgotten, the program's that it would have taken go to another.
 */
void signal_task_exit(struct user_task *u);

/* --- sending (signal_queue.c, signal_send.c): any context ------------------------------------ */

/* info NULL: the kernel itself. Of a thread, or (u NULL) of the program. 0 or -EAGAIN. */
int send_signal(struct process *p, struct user_task *u, int sig, const siginfo_t *info);
/* Put a timer's own entry in the queue. Whether it is there now; false: the signal is ignored. */
bool send_sigqueue(struct process *p, struct user_task *u, struct sigqueue *q);
/* Its timer is gone: free it, or let whoever takes it free it. */
void sigqueue_release(struct process *p, struct sigqueue *q);
/* As force_sig_fault() (kernel/abi/entry.h), without an address. */
void force_sig(int sig);

/* Receive what the floors below send. Once. */
void signal_hooks_init(void);

/* --- taking ---------------------------------------------------------------------------------- */

/* Readers of signalfds, woken by every signal. It outlives the program's files. */
extern wait_queue_head_t signalfd_wait;
/* The next signal not in mask: its number and *info, or 0. */
int dequeue_signal(struct user_task *u, sigset_kernel_t mask, siginfo_t *info);
/* Those that wait for u, blocked or not. */
sigset_kernel_t signals_waiting(const struct user_task *u);
/* The calling thread's mask; gives signals of the program that it now blocks to others. */
void set_current_blocked(sigset_kernel_t set);
/* Set TIF_SIGPENDING by what waits and is not blocked; clear it for the calling thread. */
void recalc_sigpending(struct user_task *u);
/*
 * A mask for the time of one call (ppoll, sigsuspend ...): 0, -EINVAL, -EFAULT. uset NULL: none.
 */
int set_user_sigmask(const void *uset, size_t size);
/* The end of such a call: the old mask, unless a signal is to be delivered first. */
void restore_saved_sigmask_unless(bool interrupted);

/* A signal that is to run a handler. */
struct ksignal {
	int sig;
	siginfo_t info;
	struct k_sigaction ka;
};
/* signal_frame.c: 0, or -EFAULT: the stack cannot take it. */
int setup_rt_frame(struct ksignal *ks, sigset_kernel_t oldmask, struct pt_regs *regs);
/* sigaltstack(2)'s view: 0, SS_ONSTACK or SS_DISABLE. */
int sas_ss_flags(const struct user_task *u, u64 sp);
bool on_sig_stack(const struct user_task *u, u64 sp);
void save_altstack(stack_t *ss, const struct user_task *u, u64 sp);
int restore_altstack(const stack_t *ss, struct user_task *u, u64 sp);

/* crash.c: what a program that dies of an exception leaves on the console. */
void crash_report(const siginfo_t *info);

/* "SIGTERM", "SIGRT_3". buf at least 16 bytes. */
const char *signal_name(int sig, char *buf);

/* Hooks of the timers: a signal of theirs was taken (interrupts on). */
void posix_timer_taken(struct process *p, siginfo_t *info);
void itimer_taken(struct process *p);

#endif /* BW_KERNEL_ABI_SIGNAL_H */
