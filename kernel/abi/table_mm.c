// SPDX-License-Identifier: BSD-2-Clause
/*
 * System calls: memory. The functions are in kernel/mm/ and kernel/abi/. Rows are sorted by
 * number; see kernel/abi/syscall.h for what the columns mean.
 */
#include <kernel/abi/mmap.h>
#include <kernel/abi/syscall.h>
#include <kernel/lib/bug.h>
#include <kernel/sys.h>

const struct syscall_desc syscalls_mm[] = {
	{ 9, "mmap", SYSCALL_FN(sys_mmap), "puMGfx=p", "MAP_HUGETLB, MAP_SYNC" },
	{ 10, "mprotect", SYSCALL_FN(sys_mprotect), "puM", NULL },
	{ 11, "munmap", SYSCALL_FN(sys_munmap), "pu", NULL },
	{ 12, "brk", SYSCALL_FN(sys_brk), "p=p", NULL },
};
const size_t nr_syscalls_mm = ARRAY_SIZE(syscalls_mm);
