/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_SETJMP_H
#define BW_TESTS_HOSTED_SETJMP_H

/*
 * Hosted tests link with the host's C library, so a jmp_buf must have the host's size (200 bytes
 * on x86-64 glibc; libc/include's own is smaller). Only cmocka uses it.
 */
typedef struct {
	long reg[8];
	int mask_was_saved;
	unsigned long mask[16];
} jmp_buf[1];

int _setjmp(jmp_buf env) __attribute__((returns_twice));
void longjmp(jmp_buf env, int value) __attribute__((noreturn));
#define setjmp(env) _setjmp(env)

_Static_assert(sizeof(jmp_buf) == 200, "glibc's jmp_buf");

#endif /* BW_TESTS_HOSTED_SETJMP_H */
