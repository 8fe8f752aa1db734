/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_SIGNAL_CALLS_H
#define BW_KERNEL_ABI_SIGNAL_CALLS_H

/*
 * System calls of signals, for the table, and what the files of signals share among themselves.
 */
#include <kernel/abi/signal.h>

struct epoll_event;
struct itimerspec;
struct itimerval;
struct pollfd;
struct timespec;

#define SIGNAL_NAME_SIZE 16

/* signal.c */
long sys_rt_sigaction(int sig, const struct k_sigaction *act, struct k_sigaction *old,
		      size_t setsize);
long sys_rt_sigprocmask(int how, const sigset_kernel_t *set, sigset_kernel_t *old, size_t setsize);
long sys_rt_sigpending(sigset_kernel_t *set, size_t setsize);
long sys_sigaltstack(const stack_t *ss, stack_t *old);
/* signal_send.c */
long sys_kill(int pid, int sig);
long sys_tkill(int tid, int sig);
long sys_tgkill(int tgid, int tid, int sig);
long sys_rt_sigqueueinfo(int pid, int sig, const siginfo_t *info);
long sys_rt_tgsigqueueinfo(int tgid, int tid, int sig, const siginfo_t *info);
/* signal_frame.c, signal_deliver.c */
long sys_rt_sigreturn(void);
long sys_restart_syscall(void);
/* signal_wait.c */
long sys_pause(void);
long sys_rt_sigsuspend(const sigset_kernel_t *set, size_t setsize);
long sys_rt_sigtimedwait(const sigset_kernel_t *set, siginfo_t *info, const struct timespec *ts,
			 size_t setsize);
/* signal_poll.c */
long sys_ppoll(struct pollfd *fds, unsigned int nfds, struct timespec *ts, const void *mask,
	       size_t setsize);
long sys_pselect6(int n, void *rfds, void *wfds, void *efds, struct timespec *ts, const void *sig);
long sys_epoll_pwait(int epfd, struct epoll_event *events, int maxevents, int timeout_ms,
		     const void *mask, size_t setsize);
long sys_epoll_pwait2(int epfd, struct epoll_event *events, int maxevents,
		      const struct timespec *ts, const void *mask, size_t setsize);
/* signalfd.c */
long sys_signalfd(int fd, const sigset_kernel_t *mask, size_t setsize);
long sys_signalfd4(int fd, const sigset_kernel_t *mask, size_t setsize, int flags);
/* itimer.c */
long sys_alarm(unsigned int seconds);
long sys_getitimer(int which, struct itimerval *value);
long sys_setitimer(int which, const struct itimerval *value, struct itimerval *old);
/* posix_timer.c */
long sys_timer_create(int clock, const struct sigevent *ev, int *id);
long sys_timer_settime(int id, int flags, const struct itimerspec *value, struct itimerspec *old);
long sys_timer_gettime(int id, struct itimerspec *value);
long sys_timer_getoverrun(int id);
long sys_timer_delete(int id);

/* Forget these signals wherever they wait, of the program and its threads (signal_queue.c). */
void flush_signals(struct process *p, sigset_kernel_t set);
/* The calling thread's saved_mask goes back after this call. */
static inline void task_restores_mask(struct user_task *u)
{
	__atomic_fetch_or(&u->flags, TIF_RESTORE_MASK, __ATOMIC_RELAXED);
}
/* Send a fault's signal (signal_send.c): blocked or ignored, it ends the program. */
void force_sig_info(const siginfo_t *info);
/* A handler's frame could not be built: SIGSEGV, by its handler unless that is what failed. */
void force_sigsegv(int sig);
/* IRETQ faults in ring 0 on an address that is not, so it must not get there. */
static inline bool is_canonical(u64 addr)
{
	return (u64)((s64)(addr << 16) >> 16) == addr;
}
/* The end of all of a program's timers. */
void posix_timers_free(struct process *p);
void itimers_free(struct process *p);

#endif /* BW_KERNEL_ABI_SIGNAL_CALLS_H */
