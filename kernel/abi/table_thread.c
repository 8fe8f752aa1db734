// SPDX-License-Identifier: BSD-2-Clause
/*
 * System calls: threads and processes. The functions are in kernel/abi/. Rows are sorted by
 * number; see kernel/abi/syscall.h for what the columns mean.
 */
#include <kernel/abi/calls.h>
#include <kernel/abi/entry.h>
#include <kernel/abi/exec.h>
#include <kernel/abi/futex.h>
#include <kernel/abi/syscall.h>
#include <kernel/lib/bug.h>
#include <kernel/sys.h>

const struct syscall_desc syscalls_thread[] = {
	{ 24, "sched_yield", SYSCALL_FN(sys_sched_yield), "", NULL },
	{ 39, "getpid", SYSCALL_FN(sys_getpid), "", NULL },
	{ 56, "clone", SYSCALL_FN(sys_clone), "Lpppp", "one program a machine; only threads" },
	{ 57, "fork", SYSCALL_FN(sys_fork), "", "one program a machine: always ENOSYS" },
	{ 58, "vfork", SYSCALL_FN(sys_vfork), "", "one program a machine: always ENOSYS" },
	{ 59, "execve", SYSCALL_FN(sys_execve), "s**", "no set-id bits" },
	{ 60, "exit", SYSCALL_FN(sys_exit_thread), "d", NULL },
	{ 61, "wait4", SYSCALL_FN(sys_wait4), "dpxp", "there are no children" },
	{ 109, "setpgid", SYSCALL_FN(sys_setpgid), "dd", NULL },
	{ 110, "getppid", SYSCALL_FN(sys_getppid), "", NULL },
	{ 111, "getpgrp", SYSCALL_FN(sys_getpgrp), "", NULL },
	{ 112, "setsid", SYSCALL_FN(sys_setsid), "", NULL },
	{ 121, "getpgid", SYSCALL_FN(sys_getpgid), "d", NULL },
	{ 124, "getsid", SYSCALL_FN(sys_getsid), "d", NULL },
	{ 140, "getpriority", SYSCALL_FN(sys_getpriority), "dd", NULL },
	{ 141, "setpriority", SYSCALL_FN(sys_setpriority), "ddd", "kept, not obeyed" },
	{ 142, "sched_setparam", SYSCALL_FN(sys_sched_setparam), "dp", "kept, not obeyed" },
	{ 143, "sched_getparam", SYSCALL_FN(sys_sched_getparam), "dp", NULL },
	{ 144, "sched_setscheduler", SYSCALL_FN(sys_sched_setscheduler), "ddp",
	  "kept, not obeyed" },
	{ 145, "sched_getscheduler", SYSCALL_FN(sys_sched_getscheduler), "d", NULL },
	{ 146, "sched_get_priority_max", SYSCALL_FN(sys_sched_get_priority_max), "d", NULL },
	{ 147, "sched_get_priority_min", SYSCALL_FN(sys_sched_get_priority_min), "d", NULL },
	{ 148, "sched_rr_get_interval", SYSCALL_FN(sys_sched_rr_get_interval), "dp", NULL },
	{ 158, "arch_prctl", SYSCALL_FN(sys_arch_prctl), "#p", NULL },
	{ 186, "gettid", SYSCALL_FN(sys_gettid), "", NULL },
	{ 202, "futex", SYSCALL_FN(sys_futex), "pUutpx", "no requeue with priority inheritance" },
	{ 203, "sched_setaffinity", SYSCALL_FN(sys_sched_setaffinity), "dup", NULL },
	{ 204, "sched_getaffinity", SYSCALL_FN(sys_sched_getaffinity), "dup", NULL },
	{ 218, "set_tid_address", SYSCALL_FN(sys_set_tid_address), "p", NULL },
	{ 231, "exit_group", SYSCALL_FN(sys_exit_program), "d", NULL },
	{ 247, "waitid", SYSCALL_FN(sys_waitid), "ddpxp", "there are no children" },
	{ 251, "ioprio_set", SYSCALL_FN(sys_ioprio_set), "ddx", "kept, not obeyed" },
	{ 252, "ioprio_get", SYSCALL_FN(sys_ioprio_get), "dd", NULL },
	{ 272, "unshare", SYSCALL_FN(sys_unshare), "x", "no namespaces" },
	{ 273, "set_robust_list", SYSCALL_FN(sys_set_robust_list), "pu", NULL },
	{ 274, "get_robust_list", SYSCALL_FN(sys_get_robust_list), "dpp", NULL },
	{ 309, "getcpu", SYSCALL_FN(sys_getcpu), "ppp", NULL },
	{ 314, "sched_setattr", SYSCALL_FN(sys_sched_setattr), "dpx", "kept, not obeyed" },
	{ 315, "sched_getattr", SYSCALL_FN(sys_sched_getattr), "dpux", NULL },
	{ 322, "execveat", SYSCALL_FN(sys_execveat), "Ds**@", "no set-id bits" },
	{ 334, "rseq", SYSCALL_FN(sys_rseq), "puxx", NULL },
	{ 435, "clone3", SYSCALL_FN(sys_clone3), "pu", "one program a machine; only threads" },
	{ 449, "futex_waitv", SYSCALL_FN(sys_futex_waitv), "puxpd", NULL },
};
const size_t nr_syscalls_thread = ARRAY_SIZE(syscalls_thread);
