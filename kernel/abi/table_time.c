// SPDX-License-Identifier: BSD-2-Clause
/*
 * System calls: time. The functions are in kernel/sys_misc.c and kernel/abi/. Rows are sorted by
 * number; see kernel/abi/syscall.h for what the columns mean.
 */
#include <kernel/abi/syscall.h>
#include <kernel/lib/bug.h>
#include <kernel/sys.h>

const struct syscall_desc syscalls_time[] = {
	{ 35, "nanosleep", SYSCALL_FN(sys_nanosleep), "pp", NULL },
	{ 228, "clock_gettime", SYSCALL_FN(sys_clock_gettime), "dp", NULL },
};
const size_t nr_syscalls_time = ARRAY_SIZE(syscalls_time);
