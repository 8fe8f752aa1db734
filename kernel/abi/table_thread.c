// SPDX-License-Identifier: BSD-2-Clause
/*
 * System calls: threads and processes. The functions are in kernel/abi/. Rows are sorted by
 * number; see kernel/abi/syscall.h for what the columns mean.
 */
#include <kernel/abi/entry.h>
#include <kernel/abi/syscall.h>
#include <kernel/lib/bug.h>
#include <kernel/sys.h>

const struct syscall_desc syscalls_thread[] = {
	{ 24, "sched_yield", SYSCALL_FN(sys_sched_yield), "", NULL },
	{ 39, "getpid", SYSCALL_FN(sys_getpid), "", NULL },
	{ 158, "arch_prctl", SYSCALL_FN(sys_arch_prctl), "xp", NULL },
	{ 231, "exit_group", SYSCALL_FN(sys_exit_group), "d", NULL },
};
const size_t nr_syscalls_thread = ARRAY_SIZE(syscalls_thread);
