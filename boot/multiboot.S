/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the boot loader to kernel_main(): Multiboot 1 header (with address fields, because QEMU's
 * loader takes a 64-bit ELF only by them), Multiboot 2 header, PVH note, and the 32-bit entry that
 * switches to long mode.
 *
 * On entry (all three protocols): 32-bit protected mode, flat segments, paging and interrupts off.
 * Multiboot: eax = magic, ebx = information structure. PVH: ebx = hvm_start_info.
 *
 * Specifications: Multiboot 0.6.96, Multiboot2 2.0, Xen docs/misc/pvh.pandoc, Intel SDM volume 3
 * section 9.8.5 (entering IA-32e mode).
 *
 * This file runs at its physical address. The boot page tables map the first 4 GiB three times: at
 * 0 (for this code), at PAGE_OFFSET and, 1 GiB of it, at KERNEL_BASE. paging_init() replaces them.
 */
#define KERNEL_BASE 0xffffffff80000000
#define PHYS(sym) ((sym) - KERNEL_BASE)

#define MB1_MAGIC 0x1badb002
#define MB1_FLAGS 0x00010003 /* page-aligned modules, memory map, address fields */
#define MB2_MAGIC 0xe85250d6
#define PVH_MAGIC 0x336ec578
#define XEN_ELFNOTE_PHYS32_ENTRY 18

#define CR0_PE_WP_PG 0x80010001
#define CR4_PAE 0x20
#define MSR_EFER 0xc0000080
#define EFER_LME 0x100
#define EFER_NXE 0x800
#define PTE_P_W 0x3
#define PDE_2M_P_W 0x83
#define COM1 0x3f8
#define BOOT_STACK_SIZE 65536 /* becomes the stack of the program */
#define PT_REGS_SIZE (22 * 8) /* kernel/cpu/ptrace.h; as on every thread's stack */
#define MEMORY_PROBE 0x5aa5c33c
#define EXIT_CODE_FAILURE 0x11 /* kernel/cpu/power.h */
#define DEBUG_EXIT_PORT 0xf4
#define DWARF_RSP 7
#define DWARF_RIP 16

	.cfi_sections .debug_frame

/*
 * In .code32 the assembler would describe i386 registers to a debugger that sees x86-64 ones, so they
 * are given by number. A 32-bit callee's return address is 4 bytes, which takes an expression
 * (DWARF 5, 6.4.2).
 */
.macro CFI_ENTRY32
	.cfi_startproc simple
	.cfi_return_column DWARF_RIP
	.cfi_def_cfa DWARF_RSP, 0
	.cfi_undefined DWARF_RIP
.endm
.macro CFI_CALLEE32
	.cfi_startproc simple
	.cfi_return_column DWARF_RIP
	.cfi_def_cfa DWARF_RSP, 4
	.cfi_escape 0x16, DWARF_RIP, 4, 0x34, 0x1c, 0x94, 4 /* *(u32 *)(CFA - 4) */
	.cfi_val_offset DWARF_RSP, 0
.endm

	.section .boot.header, "a"
	.balign 8
mb1_header:
	.long MB1_MAGIC, MB1_FLAGS, -(MB1_MAGIC + MB1_FLAGS)
	.long mb1_header	/* header_addr */
	.long __boot_start	/* load_addr */
	.long __edata_phys	/* load_end_addr */
	.long __end_phys	/* bss_end_addr */
	.long multiboot_entry

	.balign 8
mb2_header:
	.long MB2_MAGIC, 0, mb2_header_end - mb2_header
	.long -(MB2_MAGIC + 0 + (mb2_header_end - mb2_header))
	.short 2, 0		/* addresses: header, load, load end, bss end */
	.long 24, mb2_header, __boot_start, __edata_phys, __end_phys
	.short 3, 0		/* entry */
	.long 12, multiboot_entry
	.balign 8
	.short 6, 1		/* modules on page borders */
	.long 8
	.short 0, 0
	.long 8
mb2_header_end:

	.section .note.pvh, "a", @note
	.balign 4
	.long 4, 4, XEN_ELFNOTE_PHYS32_ENTRY
	.asciz "Xen"
	.long pvh_entry

	.section .boot.text, "ax"
	.code32
	.globl pvh_entry
	.type pvh_entry, @function
pvh_entry:
	CFI_ENTRY32
	movl $PVH_MAGIC, %eax
	jmp multiboot_entry
	.cfi_endproc
	.size pvh_entry, . - pvh_entry

	.globl multiboot_entry
	.type multiboot_entry, @function
multiboot_entry:
	CFI_ENTRY32
	cli
	cld
	/* Is there memory where the image ends? Nothing may use the stack before. */
	movl $MEMORY_PROBE, PHYS(_end) - 4
	cmpl $MEMORY_PROBE, PHYS(_end) - 4
	jne no_memory
	movl $0, PHYS(_end) - 4
	movl $PHYS(boot_stack_top), %esp
	movl %eax, %edi		/* kernel_main's first argument: which protocol */
	movl %ebx, %esi		/* and second: its information structure */
	call check_long_mode
	call fill_boot_tables

	/* Intel SDM 9.8.5: PAE, page tables, LME, then paging. */
	movl %cr4, %eax
	orl $CR4_PAE, %eax
	movl %eax, %cr4
	movl $PHYS(boot_pml4), %eax
	movl %eax, %cr3
	movl $MSR_EFER, %ecx
	rdmsr
	orl $EFER_LME, %eax
	orl %ebp, %eax		/* EFER_NXE if the processor has it */
	wrmsr
	movl %cr0, %eax
	orl $CR0_PE_WP_PG, %eax
	movl %eax, %cr0
	lgdt boot_gdt_pointer
	ljmp $0x08, $start64
	.cfi_endproc
	.size multiboot_entry, . - multiboot_entry

/* Leaves EFER_NXE or 0 in ebp. Says so on the serial port and stops without a 64-bit processor. */
	.type check_long_mode, @function
check_long_mode:
	CFI_CALLEE32
	xorl %ebp, %ebp
	movl $0x80000000, %eax
	cpuid
	cmpl $0x80000001, %eax
	jb no_long_mode
	movl $0x80000001, %eax
	cpuid
	btl $29, %edx
	jnc no_long_mode
	btl $20, %edx
	jnc 1f
	movl $EFER_NXE, %ebp
1:	ret
	.cfi_endproc
	.size check_long_mode, . - check_long_mode

/* Say why on the first serial port, then end: QEMU's debug exit, or wait for ever. */
	.type no_long_mode, @function
no_long_mode:
	CFI_ENTRY32
	movl $no_long_mode_text, %esi
	jmp 1f
no_memory:
	movl $no_memory_text, %esi
1:	movw $COM1 + 5, %dx	/* wait for room in the transmitter */
2:	inb %dx, %al
	testb $0x20, %al
	jz 2b
	lodsb
	testb %al, %al
	jz 3f
	movw $COM1, %dx
	outb %al, %dx
	jmp 1b
3:	movb $EXIT_CODE_FAILURE, %al
	outb %al, $DEBUG_EXIT_PORT
4:	hlt
	jmp 4b
	.cfi_endproc
	.size no_long_mode, . - no_long_mode

/* 2048 entries of 2 MiB in four page directories, and the levels above them. */
	.type fill_boot_tables, @function
fill_boot_tables:
	CFI_CALLEE32
	pushl %edi
	.cfi_adjust_cfa_offset 4
	movl $PHYS(boot_pd), %edi
	movl $PDE_2M_P_W, %eax
	xorl %edx, %edx
	movl $2048, %ecx
1:	movl %eax, (%edi)
	movl %edx, 4(%edi)
	addl $0x200000, %eax
	addl $8, %edi
	loop 1b

	movl $PHYS(boot_pd) + PTE_P_W, %eax
	movl %eax, PHYS(boot_pdpt_low)
	movl %eax, PHYS(boot_pdpt_high) + 510 * 8
	addl $4096, %eax
	movl %eax, PHYS(boot_pdpt_low) + 8
	addl $4096, %eax
	movl %eax, PHYS(boot_pdpt_low) + 16
	addl $4096, %eax
	movl %eax, PHYS(boot_pdpt_low) + 24
	movl $PHYS(boot_pdpt_low) + PTE_P_W, %eax
	movl %eax, PHYS(boot_pml4)
	movl %eax, PHYS(boot_pml4) + 273 * 8 /* PAGE_OFFSET */
	movl $PHYS(boot_pdpt_high) + PTE_P_W, %eax
	movl %eax, PHYS(boot_pml4) + 511 * 8
	popl %edi
	.cfi_adjust_cfa_offset -4
	ret
	.cfi_endproc
	.size fill_boot_tables, . - fill_boot_tables

	.code64
	.type start64, @function
start64:
	.cfi_startproc
	.cfi_undefined rip
	movw $0x10, %ax
	movw %ax, %ds
	movw %ax, %es
	movw %ax, %ss
	xorl %eax, %eax
	movw %ax, %fs
	movw %ax, %gs
	movl %edi, %edi		/* the upper halves are undefined after the switch */
	movl %esi, %esi
	movabsq $start64_high, %rax
	jmp *%rax
	.cfi_endproc
	.size start64, . - start64

	.section .boot.rodata, "a"
	.balign 8
boot_gdt:
	.quad 0
	.quad 0x00af9b000000ffff /* 0x08: 64-bit code */
	.quad 0x00cf93000000ffff /* 0x10: data */
boot_gdt_pointer:
	.short . - boot_gdt - 1
	.long boot_gdt
no_memory_text:
	.asciz "\r\nnot enough memory: the kernel image does not fit\r\n"
no_long_mode_text:
	.asciz "\r\nBarewire needs a 64-bit (x86-64) processor.\r\n"

/* Linked high: the last step, onto the kernel's own addresses. */
	.section .text.entry, "ax"
	.type start64_high, @function
start64_high:
	.cfi_startproc
	.cfi_undefined rip
	movq $boot_stack_top - PT_REGS_SIZE, %rsp
	xorl %ebp, %ebp		/* the call chain ends here */
	call kernel_main
	ud2
	.cfi_endproc
	.size start64_high, . - start64_high

	.section .bss
	.balign 4096
	.globl boot_stack_guard, boot_stack, boot_stack_top
boot_stack_guard:		/* unmapped by paging_init() */
	.skip 4096
boot_stack:
	.skip BOOT_STACK_SIZE
boot_stack_top:

	.section .boot.bss, "aw", @nobits
	.balign 4096
boot_pml4:
	.skip 4096
boot_pdpt_low:
	.skip 4096
boot_pdpt_high:
	.skip 4096
boot_pd:
	.skip 4 * 4096
	.section .note.GNU-stack, "", @progbits
