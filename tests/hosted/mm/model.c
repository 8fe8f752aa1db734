// SPDX-License-Identifier: BSD-2-Clause
/* A processor that walks page tables and remembers what it saw: see model.h. */
#include <tests/hosted/mm/model.h>

#include <errno.h>
#include <kernel/mm/paging.h>
#include <kernel/mm/vma.h>
#include <kernel/sched/thread.h>
#include <string.h>
#include <tests/hosted/services/hosted.h>

#define TLB_ENTRIES 64
#define MAX_TRIES 4

static struct {
	unsigned long page; /* 0: free */
	pte_t entry;
} tlb[TLB_ENTRIES];
static unsigned int next_victim;
static struct mm_struct *mm;

static void tlb_flush(unsigned long addr, bool all)
{
	for (unsigned int i = 0; i < TLB_ENTRIES; i++) {
		if (all || tlb[i].page == (addr & PAGE_MASK))
			tlb[i].page = 0;
	}
}

struct mm_struct *cpu_start(void)
{
	hosted_tlb_flush = tlb_flush;
	mm = mm_create();
	assert_non_null(mm);
	mm_activate(mm);
	return mm;
}

void cpu_stop(void)
{
	cpu_check();
	mm_activate(NULL);
	mm_destroy(mm);
	hosted_tlb_flush = NULL;
	tlb_flush(0, true);
}

/* The entry the processor uses for a page: remembered, or read and remembered; 0: none. */
static pte_t translate(unsigned long page)
{
	int level;
	pte_t *e;

	for (unsigned int i = 0; i < TLB_ENTRIES; i++) {
		if (tlb[i].page == page)
			return tlb[i].entry;
	}
	e = upt_lookup(mm, page, &level);
	if (!e || !(*e & PTE_P))
		return 0;
	assert_int_equal(level, 0);
	assert_true(*e & PTE_U);
	next_victim = (next_victim + 1) % TLB_ENTRIES;
	tlb[next_victim].page = page;
	tlb[next_victim].entry = *e;
	return *e;
}

static int cpu_access(unsigned long addr, bool write, u8 **byte)
{
	unsigned long page = addr & PAGE_MASK;

	for (int tries = 0; tries < MAX_TRIES; tries++) {
		pte_t e = translate(page);
		int err;

		if (e && (!write || e & PTE_W)) {
			*byte = (u8 *)phys_to_virt(e & PTE_ADDR) + (addr & ~PAGE_MASK);
			return 0;
		}
		tlb_flush(page, false); /* a fault forgets what caused it */
		err = handle_mm_fault(mm, addr,
				      PF_USER | (write ? PF_WRITE : 0) | (e ? PF_PRESENT : 0));
		if (err)
			return err;
	}
	fail_msg("the fault at %lx is never mended", addr);
	return -EFAULT;
}

int cpu_write(unsigned long addr, u8 value)
{
	u8 *byte;
	int err = cpu_access(addr, true, &byte);

	if (!err)
		*byte = value;
	return err;
}

int cpu_read(unsigned long addr, u8 *value)
{
	u8 *byte;
	int err = cpu_access(addr, false, &byte);

	if (!err)
		*value = *byte;
	return err;
}

static void check_tlb(void)
{
	const pte_t rights = PTE_ADDR | PTE_P | PTE_U;
	int level;

	for (unsigned int i = 0; i < TLB_ENTRIES; i++) {
		pte_t *e = tlb[i].page ? upt_lookup(mm, tlb[i].page, &level) : NULL;

		if (!tlb[i].page)
			continue;
		assert_non_null(e);
		assert_int_equal(*e & rights, tlb[i].entry & rights);
		assert_false((tlb[i].entry & PTE_W) && !(*e & PTE_W));
		assert_false((*e & PTE_NX) && !(tlb[i].entry & PTE_NX));
	}
}

static void check_counts(void)
{
	unsigned long anon = 0, file = 0, addr = 0;
	int level;
	pte_t *e;

	while ((e = upt_next(mm, &addr, TASK_SIZE, &level))) {
		struct vm_area_struct *vma = mm_find_area(mm, addr);

		assert_true(vma && vma->start <= addr);
		assert_true(vma->flags & VM_ACCESS ? !!(*e & PTE_P) : !(*e & PTE_P));
		assert_false((*e & PTE_W) && !(vma->flags & VM_WRITE));
		if (pte_page(*e) != zero_page)
			*(*e & PTE_ANON ? &anon : &file) += 1;
		addr += PAGE_SIZE;
	}
	assert_int_equal(mm->rss_anon, anon);
	assert_int_equal(mm->rss_file, file);
}

static void check_areas(void)
{
	struct vm_area_struct *vma = mm_next_area(mm, NULL);
	unsigned long pages = 0, end = 0;
	unsigned int n = 0;

	for (; vma; vma = mm_next_area(mm, vma)) {
		assert_true(vma->start >= end && vma->start < vma->end);
		assert_int_equal(vma->prev_end, end);
		end = vma->end;
		pages += vma_pages(vma);
		n++;
	}
	assert_int_equal(mm->nr_areas, n);
	assert_int_equal(mm->total_vm, pages);
}

void cpu_check(void)
{
	check_tlb();
	check_counts();
	check_areas();
}

/* --- an object with pages -------------------------------------------------------------------- */

static void object_open(struct vm_area_struct *vma)
{
	((struct test_object *)vma->object)->maps++;
}

static void object_close(struct vm_area_struct *vma)
{
	((struct test_object *)vma->object)->maps--;
}

static struct page *object_resident(struct vm_area_struct *vma, unsigned long index)
{
	struct test_object *o = vma->object;

	if (index >= o->size || !o->pages[index])
		return NULL;
	get_page(o->pages[index]);
	return o->pages[index];
}

static struct page *object_fault(struct vm_area_struct *vma, unsigned long index, bool write)
{
	struct test_object *o = vma->object;

	if (index >= o->size)
		return ERR_PTR(-EFAULT);
	if (!o->pages[index])
		o->pages[index] = alloc_pages(GFP_KERNEL | __GFP_ZERO, 0);
	return o->pages[index] ? object_resident(vma, index) : ERR_PTR(-ENOMEM);
}

const struct vm_operations_struct test_object_ops = {
	.open = object_open,
	.close = object_close,
	.fault = object_fault,
	.resident = object_resident,
};

void test_object_truncate(struct test_object *o, unsigned long size)
{
	for (unsigned long i = size; i < OBJECT_PAGES; i++) {
		if (o->pages[i])
			put_page(o->pages[i]);
		o->pages[i] = NULL;
	}
	o->size = size;
	mm_zap_object(o, size);
}
