/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_CALLING_H
#define BW_KERNEL_CPU_CALLING_H

/*
 * Assembly: how struct pt_regs (kernel/cpu/ptrace.h) is built on a stack and taken off again, with
 * what a debugger must know about it. For the entry code in kernel/cpu and kernel/abi.
 */
#include <kernel/cpu/desc.h>
#include <kernel/cpu/smap.h>
#include <kernel/cpu/user_entry.h>

#define REGS_RBP (4 * 8)
#define REGS_VECTOR (15 * 8)
#define REGS_RIP (17 * 8)
#define REGS_CS (18 * 8)
#define REGS_RSP (20 * 8)
#define REGS_SIZE (22 * 8)

	.cfi_sections .debug_frame

/* The CFA is the end of what the processor pushed: ss, rsp, rflags, cs, rip. */
.macro CFI_START pushed
	.cfi_startproc
	.cfi_signal_frame
	.cfi_def_cfa rsp, \pushed
	.cfi_offset rip, -40
	.cfi_offset rsp, -16
.endm

.macro PUSH reg
	pushq %\reg
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset \reg, 0
.endm

.macro POP reg
	popq %\reg
	.cfi_adjust_cfa_offset -8
	.cfi_restore \reg
.endm

.macro PUSH_REGS
	PUSH rdi
	PUSH rsi
	PUSH rdx
	PUSH rcx
	PUSH rax
	PUSH r8
	PUSH r9
	PUSH r10
	PUSH r11
	PUSH rbx
	PUSH rbp
	PUSH r12
	PUSH r13
	PUSH r14
	PUSH r15
.endm

.macro POP_REGS
	POP r15
	POP r14
	POP r13
	POP r12
	POP rbp
	POP rbx
	POP r11
	POP r10
	POP r9
	POP r8
	POP rax
	POP rcx
	POP rdx
	POP rsi
	POP rdi
	addq $16, %rsp		/* vector and error code */
	.cfi_adjust_cfa_offset -16
.endm

/* The frame that links the handler's call chain to the interrupted one. */
.macro LINK_FRAME
	pushq REGS_RIP(%rsp)
	pushq %rbp
	movq %rsp, %rbp
	.cfi_def_cfa rbp, REGS_SIZE + 16
.endm

.macro UNLINK_FRAME
	leaq 16(%rbp), %rsp
	.cfi_def_cfa rsp, REGS_SIZE
.endm

#endif /* BW_KERNEL_CPU_CALLING_H */
