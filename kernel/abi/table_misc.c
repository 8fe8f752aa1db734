// SPDX-License-Identifier: BSD-2-Clause
/*
 * System calls: the machine. The functions are in kernel/sys_misc.c and kernel/abi/.
 * Rows are sorted by number; see kernel/abi/syscall.h for what the columns mean.
 */
#include <kernel/abi/syscall.h>
#include <kernel/lib/bug.h>
#include <kernel/sys.h>

const struct syscall_desc syscalls_misc[] = {
	{ 63, "uname", SYSCALL_FN(sys_uname), "p", NULL },
	{ 103, "syslog", SYSCALL_FN(sys_syslog), "dpd", NULL },
	{ 169, "reboot", SYSCALL_FN(sys_reboot), "ddxp", NULL },
	{ 170, "sethostname", SYSCALL_FN(sys_sethostname), "sd", NULL },
	{ 318, "getrandom", SYSCALL_FN(sys_getrandom), "pux", NULL },
};
const size_t nr_syscalls_misc = ARRAY_SIZE(syscalls_misc);
