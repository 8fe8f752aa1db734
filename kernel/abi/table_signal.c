// SPDX-License-Identifier: BSD-2-Clause
/*
 * System calls: signals. The functions are in kernel/abi/signal*.c. Rows are sorted by
 * number; see kernel/abi/syscall.h for what the columns mean.
 */
#include <kernel/abi/signal_calls.h>
#include <kernel/abi/syscall.h>
#include <kernel/lib/bug.h>

#define OTHERS "other programs do not exist: ESRCH"

const struct syscall_desc syscalls_signal[] = {
	{ 13, "rt_sigaction", SYSCALL_FN(sys_rt_sigaction), "SHQu", NULL },
	{ 14, "rt_sigprocmask", SYSCALL_FN(sys_rt_sigprocmask), "hzZu", NULL },
	{ 15, "rt_sigreturn", SYSCALL_FN(sys_rt_sigreturn), "", NULL },
	{ 34, "pause", SYSCALL_FN(sys_pause), "", NULL },
	{ 62, "kill", SYSCALL_FN(sys_kill), "dS", OTHERS },
	{ 127, "rt_sigpending", SYSCALL_FN(sys_rt_sigpending), "Zu", NULL },
	{ 128, "rt_sigtimedwait", SYSCALL_FN(sys_rt_sigtimedwait), "zptu", NULL },
	{ 129, "rt_sigqueueinfo", SYSCALL_FN(sys_rt_sigqueueinfo), "dSp", OTHERS },
	{ 130, "rt_sigsuspend", SYSCALL_FN(sys_rt_sigsuspend), "zu", NULL },
	{ 131, "sigaltstack", SYSCALL_FN(sys_sigaltstack), "pp", NULL },
	{ 200, "tkill", SYSCALL_FN(sys_tkill), "dS", OTHERS },
	{ 219, "restart_syscall", SYSCALL_FN(sys_restart_syscall), "", NULL },
	{ 234, "tgkill", SYSCALL_FN(sys_tgkill), "ddS", OTHERS },
	{ 282, "signalfd", SYSCALL_FN(sys_signalfd), "fzu", NULL },
	{ 289, "signalfd4", SYSCALL_FN(sys_signalfd4), "fzuO", NULL },
	{ 297, "rt_tgsigqueueinfo", SYSCALL_FN(sys_rt_tgsigqueueinfo), "ddSp", OTHERS },
};
const size_t nr_syscalls_signal = ARRAY_SIZE(syscalls_signal);
