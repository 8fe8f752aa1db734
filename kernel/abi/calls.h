/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_CALLS_H
#define BW_KERNEL_ABI_CALLS_H

/*
 * System calls that only programs in ring 3 make (the others stand in kernel/sys.h): threads, who
 * the program is, limits, scheduling, time. Linux's arguments; a result or -errno. Thread context.
 */
#include <kernel/lib/types.h>

struct clone_args;
struct process;
struct rlimit;
struct rusage;
struct sched_attr;
struct sched_param;
struct sysinfo;
struct timespec;
struct timeval;
struct timex;
struct timezone;
struct tms;

/* process.c, exit.c, clone.c */
long sys_gettid(void);
long sys_getppid(void);
long sys_getpgid(int pid);
long sys_getpgrp(void);
long sys_getsid(int pid);
long sys_setpgid(int pid, int pgid);
long sys_setsid(void);
long sys_set_tid_address(int *tidptr);
void __noreturn sys_exit_thread(int status);
void __noreturn sys_exit_program(int status);
long sys_wait4(int pid, int *status, int options, struct rusage *usage);
long sys_waitid(int which, int pid, void *info, int options, struct rusage *usage);
long sys_clone(unsigned long flags, unsigned long stack, int *parent_tid, int *child_tid,
	       unsigned long tls);
long sys_clone3(const struct clone_args *args, size_t size);
long sys_fork(void);
long sys_vfork(void);
long sys_unshare(unsigned long flags);
long sys_rseq(void *area, u32 len, int flags, u32 signature);

/* futex.c */
long sys_set_robust_list(void *head, size_t len);
long sys_get_robust_list(int pid, void **head, size_t *len);

/* rlimit.c, cred.c, capability.c, prctl.c */
int rlimits_init(struct process *p);
int credentials_init(struct process *p);
bool program_capable(int cap);
long sys_getrlimit(unsigned int resource, struct rlimit *lim);
long sys_setrlimit(unsigned int resource, const struct rlimit *lim);
long sys_prlimit64(int pid, unsigned int resource, const struct rlimit *new, struct rlimit *old);
long sys_getuid(void);
long sys_geteuid(void);
long sys_getgid(void);
long sys_getegid(void);
long sys_setuid(u32 uid);
long sys_setgid(u32 gid);
long sys_setreuid(u32 ruid, u32 euid);
long sys_setregid(u32 rgid, u32 egid);
long sys_setresuid(u32 ruid, u32 euid, u32 suid);
long sys_setresgid(u32 rgid, u32 egid, u32 sgid);
long sys_getresuid(u32 *ruid, u32 *euid, u32 *suid);
long sys_getresgid(u32 *rgid, u32 *egid, u32 *sgid);
long sys_setfsuid(u32 uid);
long sys_setfsgid(u32 gid);
long sys_getgroups(int size, u32 *list);
long sys_setgroups(int size, const u32 *list);
long sys_capget(void *header, void *data);
long sys_capset(void *header, const void *data);
long sys_prctl(int option, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5);
long sys_personality(unsigned int persona);

/* rusage.c */
long sys_getrusage(int who, struct rusage *usage);
long sys_times(struct tms *t);
long sys_sysinfo(struct sysinfo *info);
long sys_getcpu(unsigned int *cpu, unsigned int *node, void *unused);

/* sched.c */
long sys_sched_setaffinity(int pid, unsigned int len, const unsigned long *mask);
long sys_sched_getaffinity(int pid, unsigned int len, unsigned long *mask);
long sys_sched_setparam(int pid, const struct sched_param *param);
long sys_sched_getparam(int pid, struct sched_param *param);
long sys_sched_setscheduler(int pid, int policy, const struct sched_param *param);
long sys_sched_getscheduler(int pid);
long sys_sched_get_priority_max(int policy);
long sys_sched_get_priority_min(int policy);
long sys_sched_rr_get_interval(int pid, struct timespec *ts);
long sys_sched_setattr(int pid, const struct sched_attr *attr, unsigned int flags);
long sys_sched_getattr(int pid, struct sched_attr *attr, unsigned int size, unsigned int flags);
long sys_getpriority(int which, int who);
long sys_setpriority(int which, int who, int nice);
long sys_ioprio_set(int which, int who, int ioprio);
long sys_ioprio_get(int which, int who);

/* time.c */
long sys_time(time_t *t);
/* clock_gettime(2) with the clocks that only a program in ring 3 has: its processor time. */
long sys_clock_gettime_all(int clock, struct timespec *ts);
long sys_gettimeofday(struct timeval *tv, struct timezone *tz);
long sys_settimeofday(const struct timeval *tv, const struct timezone *tz);
long sys_clock_getres(int clock, struct timespec *ts);
long sys_clock_settime(int clock, const struct timespec *ts);
long sys_clock_nanosleep(int clock, int flags, const struct timespec *req, struct timespec *rem);
long sys_adjtimex(struct timex *tx);
long sys_clock_adjtime(int clock, struct timex *tx);

#endif /* BW_KERNEL_ABI_CALLS_H */
