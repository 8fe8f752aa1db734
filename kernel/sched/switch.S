/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The context switch. Threads are cooperative, so a switch is a function call to the compiler: only the
 * callee-saved registers of the System V ABI live across it, and the kernel uses no FPU registers. The
 * interrupt flag is off here and each side restores its own in C.
 */

/*
 * void thread_switch(void **save_sp, void *next_sp)
 * The frame it leaves on a sleeping thread's stack, from the saved stack pointer upwards:
 * r15 r14 r13 r12 rbx rbp return-address.
 */
	.cfi_sections .debug_frame
	.text
	.globl thread_switch
	.type thread_switch, @function
	.balign 16
thread_switch:
	.cfi_startproc
	pushq	%rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbp, 0
	pushq	%rbx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbx, 0
	pushq	%r12
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r12, 0
	pushq	%r13
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r13, 0
	pushq	%r14
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r14, 0
	pushq	%r15
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r15, 0
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	/* The other thread's frame has the same shape: the unwind rules hold for it too. */
	popq	%r15
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r15
	popq	%r14
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r14
	popq	%r13
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r13
	popq	%r12
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r12
	popq	%rbx
	.cfi_adjust_cfa_offset -8
	.cfi_restore %rbx
	popq	%rbp
	.cfi_adjust_cfa_offset -8
	.cfi_restore %rbp
	ret
	.cfi_endproc
	.size thread_switch, . - thread_switch

/*
 * Where a new thread's first switch returns to. Nothing called it: the return address is declared
 * undefined and rbp is 0, so debuggers and the frame-pointer backtrace stop here.
 */
	.globl thread_trampoline
	.type thread_trampoline, @function
	.balign 16
thread_trampoline:
	.cfi_startproc
	.cfi_undefined %rip
	xorl	%ebp, %ebp
	call	thread_start
	ud2
	.cfi_endproc
	.size thread_trampoline, . - thread_trampoline

	.section .note.GNU-stack, "", @progbits
