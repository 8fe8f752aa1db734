// SPDX-License-Identifier: BSD-2-Clause
/*
 * The kernel's page tables (Intel SDM volume 3 chapter 4). paging_init() builds the final ones on
 * the boot tables and switches: text read-only, rodata and the direct map's alias of both
 * read-only and not executable, everything else not executable, nothing in the lower half, a hole
 * under the boot stack. Afterwards map_page()/unmap_page()/protect_range() serve vmalloc and
 * ioremap. Thread context; one CPU, so a change needs only invlpg here. Left out: 1 GiB pages, 5
 * levels, freeing of empty tables (the vmalloc area reuses its addresses from the lowest, so they
 * stay few).
 */
#include <boot/bootinfo.h>
#include <errno.h>
#include <kernel/cpu/cpuid.h>
#include <kernel/cpu/msr.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/memblock.h>
#include <kernel/mm/paging.h>
#include <kernel/mm/pgtable.h>

#define LOW_MEMORY_END 0x100000UL
#define LOWER_HALF_END 0x0000800000000000UL
#define UPPER_HALF_START 0xffff800000000000UL
#define PML4_ENTRY_SIZE (1UL << 39)

pte_t *kernel_pml4;
static bool page_alloc_ready;
static pte_t nx_bit;

static pte_t pte_flags(u32 prot)
{
	pte_t f = PTE_P | PTE_G;

	if (prot & PROT_KERNEL_W)
		f |= PTE_W;
	if (!(prot & PROT_KERNEL_X))
		f |= nx_bit;
	if (prot & PROT_KERNEL_UC)
		f |= PTE_PCD | PTE_PWT;
	return f;
}

pte_t paging_nx_bit(void)
{
	return nx_bit;
}

void paging_use_page_alloc(void)
{
	page_alloc_ready = true;
}

static u64 alloc_table(void)
{
	void *page;

	if (!page_alloc_ready)
		return memblock_alloc(PAGE_SIZE);
	page = page_alloc(GFP_KERNEL | __GFP_ZERO, 0);
	return page ? virt_to_phys(page) : 0;
}

/* The entry of `level` for virt, making the tables above it; NULL when out of memory. */
static pte_t *pt_walk_alloc(unsigned long virt, int level)
{
	pte_t *table = kernel_pml4;

	for (int l = 3; l > level; l--) {
		pte_t *e = &table[pt_index(virt, l)];

		if (!(*e & PTE_P)) {
			u64 next = alloc_table();

			if (!next)
				return NULL;
			*e = next | PTE_P | PTE_W;
		}
		BUG_ON(*e & PTE_PS);
		table = phys_to_virt(*e & PTE_ADDR);
	}
	return &table[pt_index(virt, level)];
}

/* Only the vmalloc area grows after boot. */
int paging_make_upper_tables(void)
{
	for (unsigned long v = VMALLOC_START; v < VMALLOC_END; v += PML4_ENTRY_SIZE) {
		if (!pt_walk_alloc(v, 2))
			return -ENOMEM;
	}
	return 0;
}

pte_t *pt_lookup(unsigned long virt, int *level)
{
	pte_t *table = kernel_pml4;

	for (int l = 3;; l--) {
		pte_t *e = &table[pt_index(virt, l)];

		if (!(*e & PTE_P))
			return NULL;
		if (l == 0 || (*e & PTE_PS)) {
			*level = l;
			return e;
		}
		table = phys_to_virt(*e & PTE_ADDR);
	}
}

int map_page(unsigned long virt, u64 phys, u32 prot)
{
	pte_t *e = pt_walk_alloc(virt, 0);

	BUG_ON(!IS_ALIGNED(virt, PAGE_SIZE) || !IS_ALIGNED(phys, PAGE_SIZE));
	if (!e)
		return -ENOMEM;
	if (*e & PTE_P)
		return -EEXIST;
	*e = phys | pte_flags(prot);
	return 0;
}

u64 unmap_page(unsigned long virt)
{
	int level;
	pte_t *e = pt_lookup(virt, &level);
	u64 phys;

	if (!e)
		return (u64)-1;
	BUG_ON(level != 0);
	phys = *e & PTE_ADDR;
	*e = 0;
	invlpg(virt);
	return phys;
}

int protect_range(unsigned long virt, size_t size, u32 prot)
{
	int level;

	for (unsigned long a = virt & PAGE_MASK; a < virt + size; a += PAGE_SIZE) {
		pte_t *e = pt_lookup(a, &level);

		if (!e || level != 0)
			return -EFAULT;
		*e = (*e & PTE_ADDR) | pte_flags(prot);
		invlpg(a);
	}
	return 0;
}

u64 vmalloc_to_phys(const void *addr)
{
	unsigned long a = (unsigned long)addr;
	int level;
	pte_t *e = pt_lookup(a, &level);
	u64 mask = level ? PMD_SIZE - 1 : PAGE_SIZE - 1;

	return e ? (*e & PTE_ADDR & ~mask) | (a & mask) : (u64)-1;
}

/* Boot: 2 MiB pages where both sides allow them. Already mapped pages keep what they have. */
static void map_range(unsigned long virt, u64 phys, u64 end, u32 prot)
{
	while (phys < end) {
		bool big = IS_ALIGNED(virt | phys, PMD_SIZE) && end - phys >= PMD_SIZE;
		pte_t *pmd = pt_walk_alloc(virt, 1);
		u64 step = big ? PMD_SIZE : PAGE_SIZE;

		if (big && !*pmd) {
			*pmd = phys | pte_flags(prot) | PTE_PS;
		} else if (!(*pmd & PTE_PS)) {
			pte_t *e = pt_walk_alloc(virt, 0);

			step = PAGE_SIZE;
			if (!*e)
				*e = phys | pte_flags(prot);
		}
		virt += step;
		phys += step;
	}
}

static void map_direct(u64 start, u64 end, u32 prot)
{
	map_range(PAGE_OFFSET + start, start, end, prot);
}

static void map_image(const char *from, const char *to, u32 prot)
{
	map_range((unsigned long)from, virt_to_phys(from), virt_to_phys(to), prot);
}

static void map_kernel_image(void)
{
	map_image(_text, _etext, PROT_KERNEL_X);
	map_image(__rodata_start, __rodata_end, PROT_KERNEL_R);
	map_image(_data, boot_stack_guard, PROT_KERNEL_W);
	map_image(boot_stack, __boot_bss_start, PROT_KERNEL_W);
	/* The first mapping of a page wins: the read-only alias goes before the rest of RAM. */
	map_direct(virt_to_phys(_text), virt_to_phys(__rodata_end), PROT_KERNEL_R);
}

static void map_ram(void)
{
	map_direct(0, LOW_MEMORY_END, PROT_KERNEL_W);
	for (u32 i = 0; i < boot_info.nregions; i++) {
		const struct boot_region *r = &boot_info.regions[i];

		if (r->type == BOOT_MEM_USABLE || r->type == BOOT_MEM_ACPI ||
		    r->type == BOOT_MEM_NVS)
			map_direct(ALIGN_DOWN(r->start, PAGE_SIZE), ALIGN_UP(r->end, PAGE_SIZE),
				   PROT_KERNEL_W);
	}
}

void paging_map_vmemmap(u64 start, u64 end)
{
	u64 first = ALIGN_DOWN(start, MAX_BLOCK_SIZE) >> PAGE_SHIFT;
	u64 last = ALIGN_UP(end, MAX_BLOCK_SIZE) >> PAGE_SHIFT;
	unsigned long from = VMEMMAP_START + first * sizeof(struct page);
	unsigned long to = VMEMMAP_START + last * sizeof(struct page);

	for (unsigned long v = ALIGN_DOWN(from, PAGE_SIZE); v < to; v += PAGE_SIZE) {
		pte_t *e = pt_walk_alloc(v, 0);

		if (!*e)
			*e = memblock_alloc(PAGE_SIZE) | pte_flags(PROT_KERNEL_W);
	}
}

void paging_init(void)
{
	nx_bit = cpu_has(CPU_NX) ? PTE_NX : 0;
	if (!nx_bit)
		pr_warn("mm: the processor has no NX bit, data is executable\n");
	kernel_pml4 = phys_to_virt(memblock_alloc(PAGE_SIZE));
	map_kernel_image();
	map_ram();
	for (u32 i = 0; i < boot_info.nregions; i++) {
		if (boot_info.regions[i].type == BOOT_MEM_USABLE)
			paging_map_vmemmap(boot_info.regions[i].start, boot_info.regions[i].end);
	}
	write_cr3(virt_to_phys(kernel_pml4));
	write_cr0(read_cr0() | X86_CR0_WP);
	if (cpu_has(CPU_PGE))
		write_cr4(read_cr4() | X86_CR4_PGE);
}

/* The entry that ends the walk for virt, mapped or not, and its level. */
static pte_t pt_probe(unsigned long virt, int *level)
{
	const pte_t *table = kernel_pml4;

	for (int l = 3;; l--) {
		pte_t e = table[pt_index(virt, l)];

		if (l == 0 || !(e & PTE_P) || (e & PTE_PS)) {
			*level = l;
			return e;
		}
		table = phys_to_virt(e & PTE_ADDR);
	}
}

unsigned int paging_check_wx(void)
{
	unsigned long virt = 0;
	unsigned int bad = 0;
	int level;

	do {
		pte_t e = pt_probe(virt, &level);
		unsigned long step = 1UL << (12 + 9 * level);
		bool wx = (e & PTE_P) && (e & PTE_W) && nx_bit && !(e & PTE_NX);

		if (wx || (virt == 0 && (e & PTE_P))) {
			pr_err("mm: 0x%lx is mapped as it must not be (entry 0x%lx)\n", virt, e);
			bad++;
		}
		virt += step;
		if (virt == LOWER_HALF_END)
			virt = UPPER_HALF_START;
	} while (virt);
	return bad;
}
