/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_PAGING_H
#define BW_KERNEL_MM_PAGING_H

/*
 * The kernel's address space (4-level paging). Lower half: empty, room for programs.
 *   0xffff888000000000  direct map of all RAM, not executable
 *   0xffffc90000000000  vmalloc and device mappings, with a guard page after each
 *   0xffffea0000000000  struct page array
 *   0xffffffff80000000  the kernel image, physical 0 here
 */
#include <kernel/mm/page_alloc.h>

#define PAGE_OFFSET 0xffff888000000000UL
#define VMALLOC_START 0xffffc90000000000UL
#define VMALLOC_END 0xffffca0000000000UL
#define VMEMMAP_START 0xffffea0000000000UL
#define KERNEL_BASE 0xffffffff80000000UL

static inline void *phys_to_virt(u64 phys)
{
	return (void *)(PAGE_OFFSET + phys);
}
/*
 * Of an address in the direct map or in the kernel image (not of vmalloc memory: see
 * vmalloc_to_phys).
 */
static inline u64 virt_to_phys(const volatile void *addr)
{
	unsigned long a = (unsigned long)addr;

	return a >= KERNEL_BASE ? a - KERNEL_BASE : a - PAGE_OFFSET;
}

#define PROT_KERNEL_R 0x0u /* mapped, read only */
#define PROT_KERNEL_W 0x1u
#define PROT_KERNEL_X 0x2u
#define PROT_KERNEL_UC 0x4u /* device memory: not cached */

/* Map one page; page tables are allocated as needed. 0, -ENOMEM, -EEXIST. Thread context. */
int map_page(unsigned long virt, u64 phys, u32 prot);
/* Take one page out of the address space; its physical address, or (u64)-1 when none was there. */
u64 unmap_page(unsigned long virt);
/* Change a mapped range (4 KiB mapped). 0 or -EFAULT. */
int protect_range(unsigned long virt, size_t size, u32 prot);
/* Physical address behind any kernel address; (u64)-1 when it is not mapped. */
u64 vmalloc_to_phys(const void *addr);

/* Map device registers (any alignment); NULL when out of memory. Page 0 of a bus is fine. */
volatile void *ioremap(u64 phys, size_t size);
/* Map firmware tables for reading; iounmap() takes them away. */
const void *memremap(u64 phys, size_t size);
void iounmap(volatile void *addr);

/* Boot: leave the boot page tables for the final ones (W^X, no identity map). */
void paging_init(void);
/* Boot: count of violations of W^X and of page 0 in the live tables; selftest. */
unsigned int paging_check_wx(void);

#endif /* BW_KERNEL_MM_PAGING_H */
