// SPDX-License-Identifier: BSD-2-Clause
/*
 * System calls: files. The functions are in kernel/fs/. Rows are sorted by
 * number; see kernel/abi/syscall.h for what the columns mean.
 */
#include <kernel/abi/syscall.h>
#include <kernel/lib/bug.h>
#include <kernel/sys.h>

const struct syscall_desc syscalls_fs[] = {
	{ 0, "read", SYSCALL_FN(sys_read), "fbu", NULL },
	{ 1, "write", SYSCALL_FN(sys_write), "fbu", NULL },
	{ 2, "open", SYSCALL_FN(sys_open), "som", NULL },
	{ 3, "close", SYSCALL_FN(sys_close), "f", NULL },
	{ 4, "stat", SYSCALL_FN(sys_stat), "sp", NULL },
	{ 5, "fstat", SYSCALL_FN(sys_fstat), "fp", NULL },
	{ 6, "lstat", SYSCALL_FN(sys_lstat), "sp", NULL },
	{ 8, "lseek", SYSCALL_FN(sys_lseek), "fld", NULL },
	{ 16, "ioctl", SYSCALL_FN(sys_ioctl), "fxx", NULL },
	{ 17, "pread64", SYSCALL_FN(sys_pread64), "fbul", NULL },
	{ 18, "pwrite64", SYSCALL_FN(sys_pwrite64), "fbul", NULL },
	{ 19, "readv", SYSCALL_FN(sys_readv), "fvu", NULL },
	{ 20, "writev", SYSCALL_FN(sys_writev), "fvu", NULL },
	{ 32, "dup", SYSCALL_FN(sys_dup), "f", NULL },
	{ 33, "dup2", SYSCALL_FN(sys_dup2), "fd", NULL },
	{ 72, "fcntl", SYSCALL_FN(sys_fcntl), "fdx", NULL },
	{ 76, "truncate", SYSCALL_FN(sys_truncate), "sl", NULL },
	{ 77, "ftruncate", SYSCALL_FN(sys_ftruncate), "fl", NULL },
	{ 79, "getcwd", SYSCALL_FN(sys_getcwd), "pu", NULL },
	{ 80, "chdir", SYSCALL_FN(sys_chdir), "s", NULL },
	{ 81, "fchdir", SYSCALL_FN(sys_fchdir), "f", NULL },
	{ 91, "fchmod", SYSCALL_FN(sys_fchmod), "fm", NULL },
	{ 93, "fchown", SYSCALL_FN(sys_fchown), "fuu", NULL },
	{ 95, "umask", SYSCALL_FN(sys_umask), "m", NULL },
	{ 137, "statfs", SYSCALL_FN(sys_statfs), "sp", NULL },
	{ 217, "getdents64", SYSCALL_FN(sys_getdents64), "fpu", NULL },
	{ 257, "openat", SYSCALL_FN(sys_openat), "Dsom", NULL },
	{ 258, "mkdirat", SYSCALL_FN(sys_mkdirat), "Dsm", NULL },
	{ 260, "fchownat", SYSCALL_FN(sys_fchownat), "Dsuux", NULL },
	{ 262, "newfstatat", SYSCALL_FN(sys_newfstatat), "Dspx", NULL },
	{ 263, "unlinkat", SYSCALL_FN(sys_unlinkat), "Dsx", NULL },
	{ 265, "linkat", SYSCALL_FN(sys_linkat), "DsDsx", NULL },
	{ 266, "symlinkat", SYSCALL_FN(sys_symlinkat), "sDs", NULL },
	{ 267, "readlinkat", SYSCALL_FN(sys_readlinkat), "Dspd", NULL },
	{ 268, "fchmodat", SYSCALL_FN(sys_fchmodat), "Dsm", NULL },
	{ 280, "utimensat", SYSCALL_FN(sys_utimensat), "Dspx", NULL },
	{ 292, "dup3", SYSCALL_FN(sys_dup3), "fdo", NULL },
	{ 293, "pipe2", SYSCALL_FN(sys_pipe2), "po", NULL },
	{ 316, "renameat2", SYSCALL_FN(sys_renameat2), "DsDsx", NULL },
	{ 439, "faccessat2", SYSCALL_FN(sys_faccessat2), "Dsdx", NULL },
};
const size_t nr_syscalls_fs = ARRAY_SIZE(syscalls_fs);
