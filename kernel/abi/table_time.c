// SPDX-License-Identifier: BSD-2-Clause
/*
 * System calls: time. The functions are in kernel/sys_misc.c and kernel/abi/. Rows are sorted by
 * number; see kernel/abi/syscall.h for what the columns mean.
 */
#include <kernel/abi/calls.h>
#include <kernel/abi/syscall.h>
#include <kernel/lib/bug.h>
#include <kernel/sys.h>

const struct syscall_desc syscalls_time[] = {
	{ 35, "nanosleep", SYSCALL_FN(sys_nanosleep), "tT", NULL },
	{ 96, "gettimeofday", SYSCALL_FN(sys_gettimeofday), "pp", NULL },
	{ 159, "adjtimex", SYSCALL_FN(sys_adjtimex), "p", "reads only" },
	{ 164, "settimeofday", SYSCALL_FN(sys_settimeofday), "pp", "no time zone" },
	{ 201, "time", SYSCALL_FN(sys_time), "p", NULL },
	{ 227, "clock_settime", SYSCALL_FN(sys_clock_settime), "ct", NULL },
	{ 228, "clock_gettime", SYSCALL_FN(sys_clock_gettime), "cT", NULL },
	{ 229, "clock_getres", SYSCALL_FN(sys_clock_getres), "cT", NULL },
	{ 230, "clock_nanosleep", SYSCALL_FN(sys_clock_nanosleep), "cdtT", "no processor time" },
	{ 305, "clock_adjtime", SYSCALL_FN(sys_clock_adjtime), "dp", "reads only" },
};
const size_t nr_syscalls_time = ARRAY_SIZE(syscalls_time);
