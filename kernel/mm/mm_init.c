// SPDX-License-Identifier: BSD-2-Clause
/*
 * Memory's start: the loader's map becomes ranges, the ranges carry the page tables and the
 * struct pages, the rest goes to the buddy allocator, the slab caches grow on that. At the end
 * the boot code and the boot page tables become ordinary memory. Called once by kernel_main().
 */
#include <boot/bootinfo.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/memblock.h>
#include <kernel/mm/mm.h>
#include <kernel/mm/paging.h>
#include <kernel/mm/slab.h>

static u64 end_of_ram(void)
{
	u64 end = 0;

	for (u32 i = 0; i < boot_info.nregions; i++) {
		if (boot_info.regions[i].type == BOOT_MEM_USABLE)
			end = max(end, boot_info.regions[i].end);
	}
	return end;
}

void mm_init(void)
{
	memblock_init();
	paging_init();
	page_alloc_init(end_of_ram());
	slab_init();
	vmalloc_init();
	page_alloc_add((u64)__boot_start, (u64)__boot_end);
	page_alloc_add(virt_to_phys(__boot_bss_start), virt_to_phys(_end));
	pr_info("mm: %lu MiB reported, %lu KiB free, kernel image %lu KiB\n", memblock_total() >> 20,
		totalram_pages() * (PAGE_SIZE >> 10),
		(virt_to_phys(_end) - (u64)__boot_start) >> 10);
}
