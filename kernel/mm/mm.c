// SPDX-License-Identifier: BSD-2-Clause
/*
 * The life of an address space: made empty, given its limits and the place where mappings begin,
 * taken down with everything in it. At its end every count must be back at zero; what is not is
 * said, for it is a page nobody gives back.
 *
 * Addresses are placed by chance (28 bits of pages, as Linux does on x86-64) unless the kernel's
 * command line says `norandmaps`. Called by kernel/abi (exec, exit) in thread context.
 */
#include <errno.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/random.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/vma.h>

#define MMAP_RANDOM_BITS 28
#define STACK_RANDOM_BITS 22
#define MIN_STACK_GAP (128UL << 20)
#define MAX_STACK_GAP (TASK_SIZE / 6 * 5)
#define DEFAULT_STACK_LIMIT (8UL << 20)

struct page *zero_page;

/* Once, with the first program. */
static int mm_start(void)
{
	if (zero_page)
		return 0;
	vma_init();
	if (upt_init())
		return -ENOMEM;
	zero_page = alloc_pages(GFP_KERNEL | __GFP_ZERO, 0);
	return zero_page ? 0 : -ENOMEM;
}

unsigned long mm_random_offset(unsigned int bits)
{
	u64 r;

	if (cmdline_get("norandmaps"))
		return 0;
	get_random_bytes(&r, sizeof(r));
	return (r & (BIT(bits) - 1)) << PAGE_SHIFT;
}

/*
 * Below the stack's utmost end, wherever chance put that. Without chance this gives the address
 * that Linux gives: 128 MiB below the end.
 */
void mm_pick_mmap_base(struct mm_struct *mm, unsigned long stack_limit)
{
	unsigned long gap = stack_limit, pad = STACK_GUARD_GAP;

	if (!cmdline_get("norandmaps"))
		pad += PAGE_SIZE << STACK_RANDOM_BITS;
	gap = gap + pad > gap ? gap + pad : gap;
	gap = clamp_t(unsigned long, gap, MIN_STACK_GAP, MAX_STACK_GAP);
	mm->mmap_base = ALIGN_DOWN(TASK_SIZE - gap - mm_random_offset(MMAP_RANDOM_BITS), PAGE_SIZE);
}

struct mm_struct *mm_create(void)
{
	struct mm_struct *mm;

	if (mm_start())
		return NULL;
	mm = kzalloc(sizeof(*mm), GFP_KERNEL);
	if (!mm)
		return NULL;
	if (upt_create(mm)) {
		kfree(mm);
		return NULL;
	}
	mm->areas = RB_ROOT;
	mm->limit_as = mm->limit_data = ~0UL;
	mm->limit_stack = DEFAULT_STACK_LIMIT;
	mm_pick_mmap_base(mm, mm->limit_stack);
	return mm;
}

void mm_destroy(struct mm_struct *mm)
{
	if (vma_unmap_range(mm, 0, TASK_SIZE))
		BUG(); /* nothing lies across the ends, so nothing is cut */
	upt_destroy(mm);
	if (mm->rss_anon || mm->rss_file || mm->nr_tables || mm->nr_areas || mm->total_vm)
		pr_err("mm: LEAK: %lu anonymous pages, %lu of files, %lu tables, %u areas left\n",
		       mm->rss_anon, mm->rss_file, mm->nr_tables, mm->nr_areas);
	kfree(mm);
}
