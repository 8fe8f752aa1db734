/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_PAGING_H
#define BW_KERNEL_MM_PAGING_H

/*
 * The hosted stand-in of the kernel's address space: physical memory is one array of the test, so
 * that AddressSanitizer sees who reads beyond it. Device registers are whatever the test's ioremap
 * gives.
 */
#include <kernel/mm/page_alloc.h>

#define HOSTED_PHYSICAL_BYTES 0x100000UL
/* Defined by the tests that use it; in the others a physical address is the host's address. */
extern char hosted_physical[] __attribute__((weak));

static inline void *phys_to_virt(u64 phys)
{
	return (void *)((uintptr_t)hosted_physical + phys);
}
static inline u64 virt_to_phys(const volatile void *addr)
{
	return (uintptr_t)addr - (uintptr_t)hosted_physical;
}
volatile void *ioremap(u64 phys, size_t size);
const void *memremap(u64 phys, size_t size);
void iounmap(volatile void *addr);

#endif /* BW_KERNEL_MM_PAGING_H */
