/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_SMAP_H
#define BW_KERNEL_CPU_SMAP_H

/*
 * Supervisor mode access prevention (Intel SDM volume 3 section 4.6.1): kernel code faults on
 * program memory unless EFLAGS.AC is set, which only the copy functions of kernel/mm/uaccess do.
 * STAC and CLAC are instructions of processors with SMAP only, so they are three bytes of nothing
 * in the image; cpu_protection_init() puts them in by the list of places. The exception table has
 * a pair {instruction, where to go on} for each instruction that may fault on program memory.
 */
#define SMAP_CLAC 0xca010f
#define SMAP_STAC 0xcb010f

#ifdef __ASSEMBLY__
.macro SMAP_SITE opcode
7701:	.byte 0x0f, 0x1f, 0x00
	.pushsection .smap_sites, "a"
	.quad 7701b, \opcode
	.popsection
.endm
#define CLAC SMAP_SITE SMAP_CLAC
#define STAC SMAP_SITE SMAP_STAC

.macro EX_TABLE insn, fixup
	.pushsection __ex_table, "a"
	.quad \insn, \fixup
	.popsection
.endm
#else
#include <kernel/lib/types.h>

/* Where STAC and CLAC stand, and the instructions that may fault; linker.ld. */
struct smap_site {
	u64 addr, opcode;
};
struct exception_entry {
	u64 insn, fixup;
};
extern const struct smap_site __start_smap_sites[], __stop_smap_sites[];
extern const struct exception_entry __start_ex_table[], __stop_ex_table[];

#define __SMAP_SITE(opcode)                                                                        \
	"7701: .byte 0x0f, 0x1f, 0x00\n\t"                                                         \
	".pushsection .smap_sites, \"a\"\n\t"                                                      \
	".quad 7701b, " #opcode "\n\t"                                                             \
	".popsection\n\t"
#define _SMAP_SITE(opcode) __SMAP_SITE(opcode)
#define ASM_CLAC _SMAP_SITE(SMAP_CLAC)
#define ASM_STAC _SMAP_SITE(SMAP_STAC)
#define ASM_EX_TABLE(insn, fixup)                                                                  \
	".pushsection __ex_table, \"a\"\n\t"                                                       \
	".quad " insn ", " fixup "\n\t"                                                            \
	".popsection\n\t"

static inline void stac(void)
{
	__asm__ volatile(ASM_STAC ::: "memory", "cc");
}
static inline void clac(void)
{
	__asm__ volatile(ASM_CLAC ::: "memory", "cc");
}
#endif

#endif /* BW_KERNEL_CPU_SMAP_H */
