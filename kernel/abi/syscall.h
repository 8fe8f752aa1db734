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
 * One call. args has a letter an argument (strace_args.c), and may end with "=p": the result is an
 * address. d int, u unsigned, l long, x hexadecimal, p pointer, s string, f file descriptor.
 *   b buffer, its length is the next     a sockaddr, its length is the next
 *   B filled by the call, $ a string      A filled, the next points to its length
 *   v iovec, its count is the next       V filled         j msghdr           J filled
 *   n pointer to an int, filled          N to two ints    t timespec         T filled
 *   z signal set                         Z filled         H sigaction        Q filled
 *   R rlimit                             X filled         r its name         q stat, filled
 *   e epoll_ctl's operation              E epoll_event    W array, filled    P pollfds, count next
 *   o flags of open, m mode              O of a descriptor                   D directory descriptor
 *   F family                             k socket type    K protocol         g MSG_ flags
 *   y level                              Y its option     i value, length next  I filled
 *   M protection                         G mapping flags  % advice           L clone flags
 *   S signal                             h how of a mask  U futex operation  C fcntl command
 *   w whence                             c clock          @ AT_ flags        & access mode
 *   > how to shut down                   # arch_prctl     ? getrandom        * strings up to NULL
 *   ! flags of epoll                     : of eventfd     ~ value of fcntl   ^ ioctl
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
