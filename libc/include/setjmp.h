/* SPDX-License-Identifier: BSD-2-Clause */
/* For the hosted tests only (cmocka): the C library of the host supplies the functions. */
#ifndef _SETJMP_H
#define _SETJMP_H

typedef struct __jmp_buf_tag {
	long __regs[25];
} __attribute__((aligned(16))) jmp_buf[1];

int _setjmp(jmp_buf env) __attribute__((returns_twice));
void longjmp(jmp_buf env, int val) __attribute__((noreturn));
#define setjmp(env) _setjmp(env)

#endif
