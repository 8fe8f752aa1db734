// SPDX-License-Identifier: BSD-2-Clause
/*
 * A sorted array of free physical ranges, made from the loader's memory map. The page tables and
 * the struct page array are cut from it; page_alloc_init() takes the rest. Ranges of the map may
 * overlap: what any entry calls unusable is unusable. Called by kernel_main() on the boot page
 * tables.
 */
#include <boot/bootinfo.h>
#include <kernel/cpu/power.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/memblock.h>
#include <kernel/mm/paging.h>
#include <string.h>

#define MAX_RANGES (2 * BOOT_MAX_REGIONS)
#define BOOT_MAPPED_END (4ULL << 30)
/*
 * Beside the image: page tables, struct pages, and room for the stack to serve a few connections.
 */
#define MIN_FREE_BYTES (2UL << 20)

struct range {
	u64 start, end;
};
static struct range ranges[MAX_RANGES];
static u32 nranges;
static u64 total;

static void insert_range(u32 at, u64 start, u64 end)
{
	if (nranges == MAX_RANGES)
		panic("memory map has more than %d pieces", MAX_RANGES);
	memmove(&ranges[at + 1], &ranges[at], (nranges - at) * sizeof(ranges[0]));
	ranges[at] = (struct range){ start, end };
	nranges++;
}

static void delete_range(u32 at)
{
	nranges--;
	memmove(&ranges[at], &ranges[at + 1], (nranges - at) * sizeof(ranges[0]));
}

/* Whole pages inside start..end. */
static void add_range(u64 start, u64 end)
{
	u32 at = 0;

	start = ALIGN_UP(start, PAGE_SIZE);
	end = ALIGN_DOWN(end, PAGE_SIZE);
	while (at < nranges && ranges[at].start < start)
		at++;
	if (at && ranges[at - 1].end > start)
		start = ranges[at - 1].end;
	if (at < nranges && ranges[at].start < end)
		end = ranges[at].start;
	if (start < end)
		insert_range(at, start, end);
}

/* Every page that start..end touches. */
static void remove_range(u64 start, u64 end)
{
	start = ALIGN_DOWN(start, PAGE_SIZE);
	end = ALIGN_UP(end, PAGE_SIZE);
	for (u32 i = 0; i < nranges;) {
		struct range *r = &ranges[i];

		if (r->end <= start || r->start >= end) {
			i++;
		} else if (r->start >= start && r->end <= end) {
			delete_range(i);
		} else if (r->start < start && r->end > end) {
			insert_range(i + 1, end, r->end);
			r->end = start;
			i += 2;
		} else if (r->start < start) {
			r->end = start;
			i++;
		} else {
			r->start = end;
			i++;
		}
	}
}

u64 memblock_total(void)
{
	return total;
}

static u64 needed_bytes(void)
{
	return virt_to_phys(_end) + MIN_FREE_BYTES;
}

void __noreturn memblock_not_enough(void)
{
	pr_emerg("not enough memory: %lu MiB, need %lu MiB\n", total >> 20,
		 ALIGN_UP(needed_bytes(), 1UL << 20) >> 20);
	machine_power_off(EXIT_CODE_FAILURE);
}

void memblock_init(void)
{
	for (u32 i = 0; i < boot_info.nregions; i++) {
		const struct boot_region *r = &boot_info.regions[i];

		if (r->type == BOOT_MEM_USABLE)
			add_range(r->start, r->end);
	}
	for (u32 i = 0; i < boot_info.nregions; i++) {
		const struct boot_region *r = &boot_info.regions[i];

		if (r->type != BOOT_MEM_USABLE)
			remove_range(r->start, r->end);
	}
	for (u32 i = 0; i < nranges; i++)
		total += ranges[i].end - ranges[i].start;
	if (total < needed_bytes() - (1UL << 20)) /* the map leaves out the hole below 1 MiB */
		memblock_not_enough();
	remove_range(0, PAGE_SIZE);
	remove_range((u64)__boot_start, virt_to_phys(_end));
	for (u32 i = 0; i < boot_info.nmodules; i++)
		remove_range(boot_info.modules[i].start, boot_info.modules[i].end);
}

u64 memblock_alloc(size_t size)
{
	size = ALIGN_UP(size, PAGE_SIZE);
	for (u32 i = 0; i < nranges; i++) {
		u64 start = ranges[i].start;

		/* The first megabyte stays free for what needs low memory. */
		if (start < 0x100000 || ranges[i].end - start < size)
			continue;
		if (start + size > BOOT_MAPPED_END)
			break;
		ranges[i].start += size;
		if (ranges[i].start == ranges[i].end)
			delete_range(i);
		memset(phys_to_virt(start), 0, size);
		return start;
	}
	memblock_not_enough();
}

void memblock_for_each_free(void (*fn)(u64 start, u64 end))
{
	for (u32 i = 0; i < nranges; i++)
		fn(ranges[i].start, ranges[i].end);
	nranges = 0;
}
