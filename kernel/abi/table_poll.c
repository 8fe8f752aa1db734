// SPDX-License-Identifier: BSD-2-Clause
/*
 * System calls: waiting for files. The functions are in kernel/fs/ (select, eventpoll, eventfd).
 * Rows are sorted by number; see kernel/abi/syscall.h for what the columns mean.
 */
#include <kernel/abi/signal_calls.h>
#include <kernel/abi/syscall.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/lib/bug.h>
#include <kernel/sys.h>

const struct syscall_desc syscalls_poll[] = {
	{ 7, "poll", SYSCALL_FN(sys_poll), "Pud", NULL },
	{ 23, "select", SYSCALL_FN(sys_select), "dpppp", NULL },
	{ 213, "epoll_create", SYSCALL_FN(sys_epoll_create), "d", NULL },
	{ 232, "epoll_wait", SYSCALL_FN(sys_epoll_wait), "fWdd", NULL },
	{ 233, "epoll_ctl", SYSCALL_FN(sys_epoll_ctl), "fefE", NULL },
	{ 270, "pselect6", SYSCALL_FN(sys_pselect6), "dppptp", NULL },
	{ 271, "ppoll", SYSCALL_FN(sys_ppoll), "Putzu", NULL },
	{ 281, "epoll_pwait", SYSCALL_FN(sys_epoll_pwait), "fWddzu", NULL },
	{ 284, "eventfd", SYSCALL_FN(sys_eventfd), "u", NULL },
	{ 290, "eventfd2", SYSCALL_FN(sys_eventfd2), "u:", NULL },
	{ 291, "epoll_create1", SYSCALL_FN(sys_epoll_create1), "!", NULL },
	{ 441, "epoll_pwait2", SYSCALL_FN(sys_epoll_pwait2), "fWdtzu", NULL },
};
const size_t nr_syscalls_poll = ARRAY_SIZE(syscalls_poll);
