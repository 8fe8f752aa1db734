/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The instructions that touch a ring 3 program's memory on the kernel's side. Each stands in the
 * exception table: where the memory is not there and handle_mm_fault() cannot give it, the
 * exception entry goes on at the fixup. The bulk moves 32 bytes a turn; when one of these moves
 * faults, the byte loop tries again from the turn's start and stops at the very byte.
 *
 * Called by uaccess.c, which has checked that the range lies below TASK_SIZE. EFLAGS.AC is set
 * here alone.
 */
#include <kernel/cpu/smap.h>

	.cfi_sections .debug_frame
	.text

/* A move that may fault, to go on at `fixup`. */
.macro USER fixup, insn:vararg
9001:	\insn
	EX_TABLE 9001b, \fixup
.endm

/*
 * size_t user_copy(void *to, const void *from, size_t n)
 * Returns how many bytes at the end were not copied.
 */
	.globl user_copy
	.type user_copy, @function
	.balign 16
user_copy:
	.cfi_startproc
	STAC
	movq %rdx, %rcx
	shrq $5, %rcx
	jz 2f
1:	USER .Lcopy_bytes, movq (%rsi), %r8
	USER .Lcopy_bytes, movq 8(%rsi), %r9
	USER .Lcopy_bytes, movq 16(%rsi), %r10
	USER .Lcopy_bytes, movq 24(%rsi), %r11
	USER .Lcopy_bytes, movq %r8, (%rdi)
	USER .Lcopy_bytes, movq %r9, 8(%rdi)
	USER .Lcopy_bytes, movq %r10, 16(%rdi)
	USER .Lcopy_bytes, movq %r11, 24(%rdi)
	leaq 32(%rsi), %rsi
	leaq 32(%rdi), %rdi
	subq $32, %rdx
	decq %rcx
	jnz 1b
2:	cmpq $8, %rdx
	jb .Lcopy_bytes
	USER .Lcopy_bytes, movq (%rsi), %r8
	USER .Lcopy_bytes, movq %r8, (%rdi)
	addq $8, %rsi
	addq $8, %rdi
	subq $8, %rdx
	jmp 2b
.Lcopy_bytes:
	testq %rdx, %rdx
	jz .Lcopy_done
3:	USER .Lcopy_done, movb (%rsi), %r8b
	USER .Lcopy_done, movb %r8b, (%rdi)
	incq %rsi
	incq %rdi
	decq %rdx
	jnz 3b
.Lcopy_done:
	CLAC
	movq %rdx, %rax
	ret
	.cfi_endproc
	.size user_copy, . - user_copy

/*
 * size_t user_clear(void *to, size_t n)
 * Returns how many bytes at the end were not cleared.
 */
	.globl user_clear
	.type user_clear, @function
	.balign 16
user_clear:
	.cfi_startproc
	STAC
	xorl %eax, %eax
	movq %rsi, %rcx
	shrq $5, %rcx
	jz 2f
1:	USER .Lclear_bytes, movq %rax, (%rdi)
	USER .Lclear_bytes, movq %rax, 8(%rdi)
	USER .Lclear_bytes, movq %rax, 16(%rdi)
	USER .Lclear_bytes, movq %rax, 24(%rdi)
	leaq 32(%rdi), %rdi
	subq $32, %rsi
	decq %rcx
	jnz 1b
2:
.Lclear_bytes:
	testq %rsi, %rsi
	jz .Lclear_done
3:	USER .Lclear_done, movb %al, (%rdi)
	incq %rdi
	decq %rsi
	jnz 3b
.Lclear_done:
	CLAC
	movq %rsi, %rax
	ret
	.cfi_endproc
	.size user_clear, . - user_clear

/*
 * long user_string(char *to, const char *from, size_t n)
 * Copies up to and with a NUL; its length, n without one, -1 at a fault. to NULL: only counts.
 */
	.globl user_string
	.type user_string, @function
	.balign 16
user_string:
	.cfi_startproc
	STAC
	xorl %eax, %eax
1:	cmpq %rdx, %rax
	je 3f
	USER 4f, movb (%rsi, %rax), %cl
	testq %rdi, %rdi
	jz 2f
	movb %cl, (%rdi, %rax)
2:	testb %cl, %cl
	jz 3f
	incq %rax
	jmp 1b
4:	movq $-1, %rax
3:	CLAC
	ret
	.cfi_endproc
	.size user_string, . - user_string

	.section .note.GNU-stack, "", @progbits
