/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entry from interrupts and exceptions (Intel SDM volume 3 section 6.14). Every vector has a 16-byte
 * stub that completes struct pt_regs (kernel/cpu/ptrace.h). Interrupts then change to the interrupt
 * stack, unless they come while it is in use; exceptions stay where they are (double fault, NMI and
 * machine check arrive on stacks of their own by the TSS).
 *
 * Both put a frame {interrupted rbp, interrupted rip} under rbp, so that a walk along the frame
 * pointers goes straight on into the interrupted context; for gdb the CFI says the same.
 */
#include <kernel/cpu/desc.h>

#define REGS_BELOW_VECTOR (15 * 8)
#define REGS_RBP (4 * 8)
#define REGS_RIP (17 * 8)
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
	cld
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

.macro POP_REGS_AND_RETURN
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
	iretq
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

	.section .text.entry, "ax"
	.globl entry_text_start, entry_text_end, vector_stubs
entry_text_start:

	.balign 16
	.type vector_stubs, @function
vector_stubs:
	.set vector, 0
	.rept NR_VECTORS
	.balign 16, 0xcc
	.if (vector == 8) || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 \
		|| vector == 29 || vector == 30
	CFI_START 48		/* the processor pushed an error code */
	.else
	CFI_START 40
	pushq $0
	.cfi_adjust_cfa_offset 8
	.endif
	pushq $vector
	.cfi_adjust_cfa_offset 8
	.if vector < FIRST_IRQ_VECTOR
	jmp exception_entry
	.else
	jmp interrupt_entry
	.endif
	.cfi_endproc
	.set vector, vector + 1
	.endr
	.size vector_stubs, . - vector_stubs

	.globl interrupt_entry
	.type interrupt_entry, @function
interrupt_entry:
	CFI_START 56
	PUSH_REGS
	LINK_FRAME
	incl irq_stack_depth(%rip)
	cmovzq irq_stack_top(%rip), %rsp
	leaq 16(%rbp), %rdi
	call do_irq
	decl irq_stack_depth(%rip)
	UNLINK_FRAME
	POP_REGS_AND_RETURN
	.cfi_endproc
	.size interrupt_entry, . - interrupt_entry

	.globl exception_entry
	.type exception_entry, @function
exception_entry:
	CFI_START 56
	PUSH_REGS
	LINK_FRAME
	leaq 16(%rbp), %rdi
	call exception_handler
	UNLINK_FRAME
	POP_REGS_AND_RETURN
	.cfi_endproc
	.size exception_entry, . - exception_entry
entry_text_end:

/*
 * call_on_irq_stack(fn): softirqs that run out of thread context get the interrupt stack, too, so
 * that a thread's stack need not hold a system call and the whole receive path. Interrupts off.
 */
	.globl call_on_irq_stack
	.type call_on_irq_stack, @function
call_on_irq_stack:
	.cfi_startproc
	pushq %rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset rbp, 0
	movq %rsp, %rbp
	.cfi_def_cfa_register rbp
	incl irq_stack_depth(%rip)
	cmovzq irq_stack_top(%rip), %rsp
	call *%rdi
	decl irq_stack_depth(%rip)
	leave
	.cfi_def_cfa rsp, 8
	.cfi_restore rbp
	ret
	.cfi_endproc
	.size call_on_irq_stack, . - call_on_irq_stack

	.data
	.balign 4
irq_stack_depth:		/* -1: the interrupt stack is free */
	.long -1

	.section .note.GNU-stack, "", @progbits
