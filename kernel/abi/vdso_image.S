/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The finished vDSO (kernel/abi/vdso/) as bytes of the kernel image. vdso.c copies it into pages
 * that programs map.
 */
	.section .rodata
	.balign 16
	.globl vdso_image, vdso_image_end
vdso_image:
	.incbin "vdso.so"
vdso_image_end:
	.section .note.GNU-stack, "", @progbits
