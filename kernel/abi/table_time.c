// SPDX-License-Identifier: BSD-2-Clause
/*
 * System calls: time. The functions are in kernel/sys_misc.c and kernel/abi/. Rows are sorted by
 * number; see kernel/abi/syscall.h for what the columns mean.
 */
#include <kernel/abi/calls.h>
#include <kernel/abi/signal_calls.h>
#include <kernel/abi/syscall.h>
#include <kernel/lib/bug.h>
#include <kernel/sys.h>

#define VIRTUAL "ITIMER_VIRTUAL counts time in the kernel, too"
#define CANCEL "setting the clock cancels nothing"

const struct syscall_desc syscalls_time[] = {
	{ 35, "nanosleep", SYSCALL_FN(sys_nanosleep), "tT", NULL },
	{ 36, "getitimer", SYSCALL_FN(sys_getitimer), "dp", NULL },
	{ 37, "alarm", SYSCALL_FN(sys_alarm), "u", NULL },
	{ 38, "setitimer", SYSCALL_FN(sys_setitimer), "dpp", VIRTUAL },
	{ 96, "gettimeofday", SYSCALL_FN(sys_gettimeofday), "pp", NULL },
	{ 159, "adjtimex", SYSCALL_FN(sys_adjtimex), "p", "reads only" },
	{ 164, "settimeofday", SYSCALL_FN(sys_settimeofday), "pp", "no time zone" },
	{ 201, "time", SYSCALL_FN(sys_time), "p", NULL },
	{ 222, "timer_create", SYSCALL_FN(sys_timer_create), "cpn", "no clocks of threads" },
	{ 223, "timer_settime", SYSCALL_FN(sys_timer_settime), "ddpp", NULL },
	{ 224, "timer_gettime", SYSCALL_FN(sys_timer_gettime), "dp", NULL },
	{ 225, "timer_getoverrun", SYSCALL_FN(sys_timer_getoverrun), "d", NULL },
	{ 226, "timer_delete", SYSCALL_FN(sys_timer_delete), "d", NULL },
	{ 227, "clock_settime", SYSCALL_FN(sys_clock_settime), "ct", NULL },
	{ 228, "clock_gettime", SYSCALL_FN(sys_clock_gettime_all), "cT", NULL },
	{ 229, "clock_getres", SYSCALL_FN(sys_clock_getres), "cT", NULL },
	{ 230, "clock_nanosleep", SYSCALL_FN(sys_clock_nanosleep), "cdtT", "no processor time" },
	{ 283, "timerfd_create", SYSCALL_FN(sys_timerfd_create), "cO", NULL },
	{ 286, "timerfd_settime", SYSCALL_FN(sys_timerfd_settime), "fxpp", CANCEL },
	{ 287, "timerfd_gettime", SYSCALL_FN(sys_timerfd_gettime), "fp", NULL },
	{ 305, "clock_adjtime", SYSCALL_FN(sys_clock_adjtime), "dp", "reads only" },
};
const size_t nr_syscalls_time = ARRAY_SIZE(syscalls_time);
