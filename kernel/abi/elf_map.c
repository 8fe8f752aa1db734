// SPDX-License-Identifier: BSD-2-Clause
/*
 * An ELF file's segments into the address space of the calling thread, as Linux's load_elf_binary
 * lays them out: private mappings of the file, zeros for what is longer in memory than in the file,
 * the rest of its last page cleared.
 *
 * Places: ET_EXEC where it says; a position independent program that has an interpreter at two
 * thirds of the address space (plus chance); one without, and interpreters, where mappings go. Room
 * for the whole extent is looked for first, so that the pieces keep their distances. Called by
 * bprm.c with the new memory active, thread context, never sleeps.
 */
#include <errno.h>
#include <kernel/abi/exec.h>
#include <kernel/fs/file.h>
#include <kernel/fs/mmap.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>
#include <sys/mman.h>

#define PIE_BASE (TASK_SIZE / 3 * 2)
#define PIE_RANDOM_BITS 28
#define BRK_RANDOM_BITS 13

static int segment_prot(const Elf64_Phdr *ph)
{
	return (ph->p_flags & PF_R ? PROT_READ : 0) | (ph->p_flags & PF_W ? PROT_WRITE : 0) |
	       (ph->p_flags & PF_X ? PROT_EXEC : 0);
}

/* What is in the file, whole pages. */
static long map_from_file(const Elf64_Phdr *ph, struct file *f, u64 start)
{
	u64 in_page = ph->p_vaddr & ~PAGE_MASK;
	struct file_part part = { .file = f, .off = ph->p_offset - in_page };

	return mm_map_file(start, ph->p_filesz + in_page, segment_prot(ph),
			   MAP_PRIVATE | MAP_FIXED, &part);
}

/* What is only in memory: the rest of the last page, then pages of zeros. */
static long map_zeros(const Elf64_Phdr *ph, u64 bias)
{
	u64 zero = bias + ph->p_vaddr + ph->p_filesz, end = bias + ph->p_vaddr + ph->p_memsz;
	u64 page = ALIGN_UP(zero, PAGE_SIZE);

	if (!ph->p_filesz)
		page = zero & PAGE_MASK;
	else if (page > zero && clear_user((void *)zero, page - zero))
		return -EFAULT;
	if (page >= end)
		return 0;
	return mm_map(page, ALIGN_UP(end, PAGE_SIZE) - page, segment_prot(ph),
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, NULL);
}

static long map_segment(const Elf64_Phdr *ph, struct file *f, u64 bias)
{
	long ret = 0;

	if (ph->p_filesz)
		ret = map_from_file(ph, f, (bias + ph->p_vaddr) & PAGE_MASK);
	if (ret >= 0 && ph->p_memsz > ph->p_filesz)
		ret = map_zeros(ph, bias);
	return ret < 0 ? ret : 0;
}

/* What moves as one: a file that may lie anywhere moves by multiples of its alignment. */
static u64 image_base(const struct elf_image *img)
{
	return img->type == ET_EXEC ? img->low : ALIGN_DOWN(img->low, img->align);
}

/* Where there is room for the whole extent. Nothing stays mapped. */
static long find_place(const struct elf_image *img, bool is_interp, bool has_interp)
{
	u64 size = img->high - image_base(img), at = 0, slack = 0;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
	long addr;

	if (img->type == ET_EXEC) {
		at = img->low;
	} else if (!is_interp && has_interp) {
		at = (PIE_BASE + mm_random_offset(PIE_RANDOM_BITS)) & ~(img->align - 1);
	} else {
		flags &= ~MAP_FIXED_NOREPLACE;
		slack = img->align > PAGE_SIZE ? img->align : 0;
	}
	addr = mm_map(at, size + slack, PROT_NONE, flags, NULL);
	if (addr < 0)
		return addr;
	mm_unmap((u64)addr, size + slack);
	return slack ? (long)ALIGN_UP((u64)addr, img->align) : addr;
}

/*
 * Where brk() begins: behind the program, by up to 32 MiB of chance. A program without interpreter
 * lies among the mappings, so chance moves its heap to where it has room (both as Linux).
 */
static void place_brk(const struct elf_image *img, u64 bias, bool has_interp)
{
	u64 chance = mm_random_offset(BRK_RANDOM_BITS), at = bias + img->high;

	if (chance && img->type == ET_DYN && !has_interp)
		at = ALIGN_UP(PIE_BASE, PAGE_SIZE);
	current->mm->start_brk = current->mm->brk = at + chance;
}

/* For /proc/self/stat. */
static void note_extent(const struct elf_image *img, u64 bias)
{
	struct mm_struct *mm = current->mm;

	mm->start_code = ~0ul;
	for (unsigned int i = 0; i < img->phnum; i++) {
		const Elf64_Phdr *ph = &img->phdrs[i];
		u64 start = bias + ph->p_vaddr, end = start + ph->p_filesz;

		if (ph->p_type != PT_LOAD)
			continue;
		if (ph->p_flags & PF_X) {
			mm->start_code = min(mm->start_code, start);
			mm->end_code = max(mm->end_code, end);
		}
		mm->start_data = max(mm->start_data, start);
		mm->end_data = max(mm->end_data, end);
	}
	if (mm->start_code == ~0ul)
		mm->start_code = bias + img->low;
}

long elf_map(const struct elf_image *img, struct file *f, bool is_interp, bool has_interp)
{
	long start = find_place(img, is_interp, has_interp), err = 0;
	u64 bias = (u64)start - image_base(img);

	if (start < 0)
		return start;
	for (unsigned int i = 0; i < img->phnum && !err; i++) {
		if (img->phdrs[i].p_type == PT_LOAD)
			err = map_segment(&img->phdrs[i], f, bias);
	}
	if (err)
		return err;
	if (is_interp)
		return (long)bias;
	note_extent(img, bias);
	place_brk(img, bias, has_interp);
	return (long)bias;
}
