/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entry of system calls (Intel SDM volume 3 section 5.8.8). SYSCALL leaves the return address in
 * rcx, the flags in r11 and the stack as it was, interrupts off by FMASK; the arguments are in rdi,
 * rsi, rdx, r10, r8, r9, the number in rax. The registers go to the top of the thread's kernel
 * stack as struct pt_regs, where every thread of ring 3 has them, so that a handler, execve() or a
 * new thread may change them.
 *
 * The way back is SYSRET if do_syscall_64() finds that nothing was changed which only IRETQ can
 * load; SYSRET to an address that is none would fault in ring 0 on the program's stack.
 *
 * For the call chain this is the beginning: rbp is 0 and the return address is undefined.
 */
#include <kernel/cpu/calling.h>

#define ENOSYS 38

	.section .text.entry, "ax"
	.globl entry_SYSCALL_64
	.type entry_SYSCALL_64, @function
	.balign 16
entry_SYSCALL_64:
	.cfi_startproc
	.cfi_def_cfa rsp, 0
	.cfi_undefined rip
	movq %rsp, cpu_entry + CPU_ENTRY_USER_SP(%rip)
	movq cpu_entry + CPU_ENTRY_KERNEL_SP(%rip), %rsp
	pushq $(USER_DS | RPL_USER)
	pushq cpu_entry + CPU_ENTRY_USER_SP(%rip)
	pushq %r11
	pushq $(USER_CS | RPL_USER)
	pushq %rcx
	pushq $0
	pushq $VECTOR_SYSCALL
	.cfi_adjust_cfa_offset 56
	PUSH_REGS
	xorl %ebp, %ebp
	movq %rsp, %rdi
	call do_syscall_64
	testb %al, %al
	jz 1f
	POP r15
	POP r14
	POP r13
	POP r12
	POP rbp
	POP rbx
	popq %r11
	POP r10
	POP r9
	POP r8
	POP rax
	popq %rcx
	POP rdx
	POP rsi
	POP rdi
	movq REGS_RSP - REGS_VECTOR(%rsp), %rsp
	sysretq
1:	jmp user_restore
	.cfi_endproc
	.size entry_SYSCALL_64, . - entry_SYSCALL_64

/*
 * SYSCALL of 32-bit code, into which a program may jump; there are no 32-bit calls. Intel's
 * processors do not have it, AMD's come here.
 */
	.globl entry_SYSCALL_compat
	.type entry_SYSCALL_compat, @function
	.balign 16
entry_SYSCALL_compat:
	.cfi_startproc
	.cfi_undefined rip
	movl $-ENOSYS, %eax
	sysretl
	.cfi_endproc
	.size entry_SYSCALL_compat, . - entry_SYSCALL_compat

	.section .note.GNU-stack, "", @progbits
