// SPDX-License-Identifier: BSD-2-Clause
/*
 * System calls: signals. The functions are in kernel/abi/. Rows are sorted by
 * number; see kernel/abi/syscall.h for what the columns mean.
 */
#include <kernel/abi/syscall.h>
#include <kernel/lib/bug.h>
#include <kernel/sys.h>

const struct syscall_desc syscalls_signal[] = {
	{ 0 }, /* none yet */
};
const size_t nr_syscalls_signal = 0;
