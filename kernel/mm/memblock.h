/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_MEMBLOCK_H
#define BW_KERNEL_MM_MEMBLOCK_H

/*
 * Memory before the page allocator: the usable ranges of the boot loader's map minus what is taken.
 * Boot only, one thread.
 */
#include <kernel/lib/types.h>

/* From boot_info: usable RAM without the kernel image, the modules and page 0. */
void memblock_init(void);
/*
 * Physical address of zeroed page-aligned memory below 4 GiB; ends the machine when there is
 * none.
 */
u64 memblock_alloc(size_t size);
/* Every range that is still free, ascending. */
void memblock_for_each_free(void (*fn)(u64 start, u64 end));
/* Usable bytes that the loader reported. */
u64 memblock_total(void);
/* Say that the memory does not suffice, and end with failure. */
void __noreturn memblock_not_enough(void);

/* Borders of the image, from linker.ld. The _phys ones are physical addresses. */
extern char __boot_start[], __boot_end[], _text[], _etext[], __rodata_start[], __rodata_end[];
extern char _data[], _edata[], __bss_start[], __boot_bss_start[], _end[];
extern char boot_stack_guard[], boot_stack[], boot_stack_top[];

#endif /* BW_KERNEL_MM_MEMBLOCK_H */
