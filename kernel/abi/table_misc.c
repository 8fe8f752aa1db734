// SPDX-License-Identifier: BSD-2-Clause
/*
 * System calls: the machine. The functions are in kernel/sys_misc.c and kernel/abi/.
 * Rows are sorted by number; see kernel/abi/syscall.h for what the columns mean.
 */
#include <kernel/abi/calls.h>
#include <kernel/abi/syscall.h>
#include <kernel/lib/bug.h>
#include <kernel/sys.h>

const struct syscall_desc syscalls_misc[] = {
	{ 63, "uname", SYSCALL_FN(sys_uname), "p", NULL },
	{ 97, "getrlimit", SYSCALL_FN(sys_getrlimit), "rX", NULL },
	{ 98, "getrusage", SYSCALL_FN(sys_getrusage), "dp",
	  "no split of user and system time, no counters" },
	{ 99, "sysinfo", SYSCALL_FN(sys_sysinfo), "p", "no load averages" },
	{ 100, "times", SYSCALL_FN(sys_times), "p", "all is user time" },
	{ 102, "getuid", SYSCALL_FN(sys_getuid), "", NULL },
	{ 103, "syslog", SYSCALL_FN(sys_syslog), "dpd", NULL },
	{ 104, "getgid", SYSCALL_FN(sys_getgid), "", NULL },
	{ 105, "setuid", SYSCALL_FN(sys_setuid), "u", NULL },
	{ 106, "setgid", SYSCALL_FN(sys_setgid), "u", NULL },
	{ 107, "geteuid", SYSCALL_FN(sys_geteuid), "", NULL },
	{ 108, "getegid", SYSCALL_FN(sys_getegid), "", NULL },
	{ 113, "setreuid", SYSCALL_FN(sys_setreuid), "uu", NULL },
	{ 114, "setregid", SYSCALL_FN(sys_setregid), "uu", NULL },
	{ 115, "getgroups", SYSCALL_FN(sys_getgroups), "dp", NULL },
	{ 116, "setgroups", SYSCALL_FN(sys_setgroups), "dp", NULL },
	{ 117, "setresuid", SYSCALL_FN(sys_setresuid), "uuu", NULL },
	{ 118, "getresuid", SYSCALL_FN(sys_getresuid), "ppp", NULL },
	{ 119, "setresgid", SYSCALL_FN(sys_setresgid), "uuu", NULL },
	{ 120, "getresgid", SYSCALL_FN(sys_getresgid), "ppp", NULL },
	{ 122, "setfsuid", SYSCALL_FN(sys_setfsuid), "u", NULL },
	{ 123, "setfsgid", SYSCALL_FN(sys_setfsgid), "u", NULL },
	{ 125, "capget", SYSCALL_FN(sys_capget), "pp", NULL },
	{ 126, "capset", SYSCALL_FN(sys_capset), "pp", NULL },
	{ 135, "personality", SYSCALL_FN(sys_personality), "x", "kept, not obeyed" },
	{ 157, "prctl", SYSCALL_FN(sys_prctl), "dxxxx", "no seccomp, no PR_SET_MM" },
	{ 160, "setrlimit", SYSCALL_FN(sys_setrlimit), "rR", NULL },
	{ 169, "reboot", SYSCALL_FN(sys_reboot), "ddxp", NULL },
	{ 170, "sethostname", SYSCALL_FN(sys_sethostname), "sd", NULL },
	{ 171, "setdomainname", SYSCALL_FN(sys_setdomainname), "sd", NULL },
	{ 302, "prlimit64", SYSCALL_FN(sys_prlimit64), "drRX", NULL },
	{ 318, "getrandom", SYSCALL_FN(sys_getrandom), "Bu?", NULL },
};
const size_t nr_syscalls_misc = ARRAY_SIZE(syscalls_misc);
