// SPDX-License-Identifier: BSD-2-Clause
/*
 * Mapping the vDSO: a page of clock data that programs may only read, [vvar], and behind it the
 * shared object built from kernel/abi/vdso/, [vdso]. The same pages for every program; the data
 * follows each setting of the clock. Thread context.
 */
#include <errno.h>
#include <kernel/abi/exec.h>
#include <kernel/abi/vdso.h>
#include <kernel/abi/vdso/vdso_data.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/sched/thread.h>
#include <kernel/time/clock.h>
#include <string.h>
#include <sys/mman.h>

#define MAX_PAGES 3ul /* the data and what the image takes */

static_assert(sizeof(struct vdso_data) <= PAGE_SIZE, "the data is one page");

static struct page *pages[MAX_PAGES]; /* [I] the data, then the image */
static unsigned long nr_pages;

/* One writer; readers are interrupted while it writes and look again (vgettimeofday.c). */
static void update_data(void)
{
	struct vdso_data *d = page_address(pages[0]);
	struct clock_params p;

	clock_get_params(&p);
	WRITE_ONCE(d->seq, d->seq + 1);
	barrier();
	d->base_cycles = p.base_cycles;
	d->mult = p.mult;
	d->real_offset_ns = p.real_offset_ns;
	d->tsc_usable = 1;
	barrier();
	WRITE_ONCE(d->seq, d->seq + 1);
}

void vdso_init(void)
{
	size_t size = (size_t)(vdso_image_end - vdso_image);
	unsigned long n = 1 + DIV_ROUND_UP(size, PAGE_SIZE);

	BUG_ON(n > MAX_PAGES || !is_elf(vdso_image, size));
	for (unsigned long i = 0; i < n; i++) {
		pages[i] = alloc_pages(GFP_KERNEL | __GFP_ZERO, 0);
		if (!pages[i]) {
			pr_err("vdso: no memory, programs go without it\n");
			return;
		}
		if (i)
			memcpy(page_address(pages[i]), vdso_image + (i - 1) * PAGE_SIZE,
			       min(size - (i - 1) * PAGE_SIZE, PAGE_SIZE));
	}
	nr_pages = n;
	update_data();
	clock_change_hook = update_data;
}

static struct page *vdso_fault(struct vm_area_struct *vma, unsigned long index, bool write)
{
	if (index >= nr_pages)
		return ERR_PTR(-EFAULT);
	get_page(pages[index]);
	return pages[index];
}

static const char *vdso_name(const struct vm_area_struct *vma)
{
	return vma->pgoff ? "[vdso]" : "[vvar]";
}

static const struct vm_operations_struct vdso_vm_ops = {
	.fault = vdso_fault,
	.name = vdso_name,
};

u64 vdso_map(void)
{
	struct vm_object o = { .ops = &vdso_vm_ops, .deny = VM_MAYWRITE };
	long at, ret;

	if (!nr_pages)
		return 0;
	/* Room for both, then the data and the code over it. */
	at = mm_map(0, nr_pages * PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, NULL);
	if (at < 0)
		return 0;
	ret = mm_map((u64)at, PAGE_SIZE, PROT_READ, MAP_PRIVATE | MAP_FIXED, &o);
	o.pgoff = 1;
	o.deny = 0;
	if (ret >= 0)
		ret = mm_map((u64)at + PAGE_SIZE, (nr_pages - 1) * PAGE_SIZE, PROT_READ | PROT_EXEC,
			     MAP_PRIVATE | MAP_FIXED, &o);
	if (ret < 0) {
		mm_unmap((u64)at, nr_pages * PAGE_SIZE);
		return 0;
	}
	return (u64)at + PAGE_SIZE;
}
