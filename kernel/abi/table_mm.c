// SPDX-License-Identifier: BSD-2-Clause
/*
 * System calls: memory. The functions are in kernel/mm/ and kernel/abi/. Rows are sorted by
 * number; see kernel/abi/syscall.h for what the columns mean.
 */
#include <kernel/abi/mmap.h>
#include <kernel/abi/syscall.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/mm_calls.h>
#include <kernel/sys.h>

const struct syscall_desc syscalls_mm[] = {
	{ 9, "mmap", SYSCALL_FN(sys_mmap), "puMGfx=p", "MAP_HUGETLB, MAP_SYNC" },
	{ 10, "mprotect", SYSCALL_FN(sys_mprotect), "puM", NULL },
	{ 11, "munmap", SYSCALL_FN(sys_munmap), "pu", NULL },
	{ 12, "brk", SYSCALL_FN(sys_brk), "p=p", NULL },
	{ 25, "mremap", SYSCALL_FN(sys_mremap), "puuxp=p", NULL },
	{ 26, "msync", SYSCALL_FN(sys_msync), "pud", NULL },
	{ 27, "mincore", SYSCALL_FN(sys_mincore), "pup", NULL },
	{ 28, "madvise", SYSCALL_FN(sys_madvise), "pu%",
	  "MADV_COLLAPSE, MADV_HWPOISON" },
	{ 149, "mlock", SYSCALL_FN(sys_mlock), "pu", NULL },
	{ 150, "munlock", SYSCALL_FN(sys_munlock), "pu", NULL },
	{ 151, "mlockall", SYSCALL_FN(sys_mlockall), "x", NULL },
	{ 152, "munlockall", SYSCALL_FN(sys_munlockall), "", NULL },
	{ 324, "membarrier", SYSCALL_FN(sys_membarrier), "dxd", "the RSEQ commands" },
	{ 325, "mlock2", SYSCALL_FN(sys_mlock2), "pux", NULL },
	{ 329, "pkey_mprotect", SYSCALL_FN(sys_pkey_mprotect), "puMd",
	  "there are no keys, as on a processor without them" },
	{ 330, "pkey_alloc", SYSCALL_FN(sys_pkey_alloc), "xx",
	  "always ENOSPC, as on a processor without keys" },
	{ 331, "pkey_free", SYSCALL_FN(sys_pkey_free), "d", "there are no keys" },
};
const size_t nr_syscalls_mm = ARRAY_SIZE(syscalls_mm);
