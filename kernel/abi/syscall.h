/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_SYSCALL_H
#define BW_KERNEL_ABI_SYSCALL_H

/*
 * The table of Linux's system calls for x86-64. It is written as one array for each area
 * (kernel/abi/table_*.c), each row in one place: number, name, function, how strace=1 shows the
 * arguments, and what is missing. docs/linux-abi.md is generated from the same rows. At boot the
 * arrays are put into syscall_table[] by number.
 */
#include <kernel/lib/restart.h>
#include <kernel/lib/types.h>

#define NR_SYSCALLS 512

typedef long (*syscall_fn)(long a, long b, long c, long d, long e, long f);
#define SYSCALL_FN(f) ((syscall_fn)(void *)(f))

/*
 * One call. args has a letter an argument: d int, u unsigned, l long, x hexadecimal, p pointer, s
 * path or string, b buffer whose length is the next argument, a sockaddr whose length is the next,
 * f file descriptor, D directory descriptor, o open flags, m mode, S signal, F address family, v
 * iovec whose count is the next.
 */
struct syscall_desc {
	u16 nr;
	const char *name;
	syscall_fn fn;	      /* NULL: absent */
	const char *args;
	const char *missing;  /* of a partial call; NULL: whole, or absent without a word */
};

extern const struct syscall_desc syscalls_net[], syscalls_fs[], syscalls_poll[], syscalls_mm[],
	syscalls_thread[], syscalls_signal[], syscalls_time[], syscalls_misc[], syscalls_absent[];
extern const size_t nr_syscalls_net, nr_syscalls_fs, nr_syscalls_poll, nr_syscalls_mm,
	nr_syscalls_thread, nr_syscalls_signal, nr_syscalls_time, nr_syscalls_misc,
	nr_syscalls_absent;

#endif /* BW_KERNEL_ABI_SYSCALL_H */
