/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_GUEST_LINUX_CALLS_H
#define BW_TESTS_GUEST_LINUX_CALLS_H

/*
 * Make a system call and print it with its result, as the programs do whose output the guest tests
 * compare with Linux's line by line.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BAD ((void *)0x10)
#define KERNEL ((void *)0xffff800000000000UL)
#define NOBODY 3999999 /* no thread has this number */

static inline void show(const char *what, long ret)
{
	if (ret == -1)
		printf("%s = -1 %s\n", what, strerrorname_np(errno));
	else
		printf("%s = %ld\n", what, ret);
}

#define CALL(...) show(#__VA_ARGS__, syscall(__VA_ARGS__))
/* Only whether it worked: the number differs. */
#define WORKS(...) show("ok: " #__VA_ARGS__, syscall(__VA_ARGS__) >= 0 ? 0 : -1)

#endif /* BW_TESTS_GUEST_LINUX_CALLS_H */
