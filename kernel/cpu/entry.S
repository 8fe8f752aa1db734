/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entry from interrupts and exceptions (Intel SDM volume 3 section 6.14). Every vector has a 16-byte
 * stub that completes struct pt_regs (kernel/cpu/ptrace.h). Interrupts then change to the interrupt
 * stack, unless they come while it is in use; exceptions stay where they are (double fault, NMI and
 * machine check arrive on stacks of their own by the TSS).
 *
 * Both put a frame {interrupted rbp, interrupted rip} under rbp, so that a walk along the frame
 * pointers goes straight on into the interrupted context; for gdb the CFI says the same.
 *
 * From ring 3 they come on the thread's kernel stack (TSS.rsp0), at whose top pt_regs then lies, and
 * leave through user_mode_return, which looks for work first (cpu_entry.exit). An iretq that ring 3's
 * registers make fault (an address that is none) is an exception of the program: bad_iret.
 * System calls: kernel/abi/entry_64.S.
 */
#include <kernel/cpu/calling.h>

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
	cld
	CLAC			/* interrupts leave AC as it was, and ring 3 may set it */
	PUSH_REGS
	LINK_FRAME
	incl irq_stack_depth(%rip)
	cmovzq irq_stack_top(%rip), %rsp
	leaq 16(%rbp), %rdi
	call do_irq
	decl irq_stack_depth(%rip)
	UNLINK_FRAME
	testb $3, REGS_CS(%rsp)
	jnz user_mode_return
	POP_REGS
	iretq
	.cfi_endproc
	.size interrupt_entry, . - interrupt_entry

	.globl exception_entry
	.type exception_entry, @function
exception_entry:
	CFI_START 56
	cld
	CLAC
	PUSH_REGS
	LINK_FRAME
	leaq 16(%rbp), %rdi
	call exception_handler
	UNLINK_FRAME
	testb $3, REGS_CS(%rsp)
	jnz user_mode_return
	POP_REGS
	iretq
	.cfi_endproc
	.size exception_entry, . - exception_entry

	.globl user_mode_return
	.type user_mode_return, @function
user_mode_return:
	CFI_START REGS_SIZE
	LINK_FRAME
	leaq 16(%rbp), %rdi
	call *cpu_entry + CPU_ENTRY_EXIT(%rip)
	UNLINK_FRAME
	.globl user_restore
user_restore:
	POP_REGS
user_iretq:
	iretq
	EX_TABLE user_iretq, bad_iret
	.cfi_endproc
	.size user_mode_return, . - user_mode_return

/* rsp is where it was before the iretq, all other registers are the program's. */
	.type bad_iret, @function
bad_iret:
	CFI_START 40
	pushq $0
	.cfi_adjust_cfa_offset 8
	pushq $VECTOR_GP
	.cfi_adjust_cfa_offset 8
	jmp exception_entry
	.cfi_endproc
	.size bad_iret, . - bad_iret

	.globl user_mode_return_from
	.type user_mode_return_from, @function
user_mode_return_from:
	.cfi_startproc
	.cfi_undefined rip
	cli
	movq %rdi, %rsp
	jmp user_mode_return
	.cfi_endproc
	.size user_mode_return_from, . - user_mode_return_from
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
