// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reading and checking an ELF file (System V ABI, chapters 4 and 5; x86-64 supplement): the header,
 * the program headers, the interpreter's name. Everything in the file is the program's word alone
 * and is checked here, once; elf_map.c relies on the result.
 *
 * Linux's checks in Linux's order and with its errors. Two departures: a file whose segments lie
 * beyond its end is refused (-ENOEXEC; Linux maps it, and the program dies of SIGBUS at the first
 * * by exec.c, thread context, never sleeps. Left out: PT_GNU_PROPERTY (there is no CET), 32-bit
 * programs.
 */
#include <errno.h>
#include <kernel/abi/elf.h>
#include <kernel/fs/ramfs.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/slab.h>
#include <limits.h>
#include <string.h>

bool is_elf(const void *data, size_t len)
{
	return len >= SELFMAG && !memcmp(data, ELFMAG, SELFMAG);
}

static int refuse(struct elf_image *img, int err, const char *why)
{
	img->why = why;
	return err;
}

int elf_read(struct ramfs_inode *inode, u64 pos, void *buf, size_t len)
{
	if (pos > (u64)inode->size || len > (u64)inode->size - pos)
		return -EIO;
	ramfs_read(inode, (long)pos, buf, len);
	return 0;
}

static int check_header(struct elf_image *img, const Elf64_Ehdr *eh)
{
	if (!is_elf(eh, sizeof(*eh)))
		return refuse(img, -ENOEXEC, "it is no ELF file");
	if (eh->e_ident[EI_CLASS] != ELFCLASS64)
		return refuse(img, -ENOEXEC, "it is no 64-bit program");
	if (eh->e_type != ET_EXEC && eh->e_type != ET_DYN)
		return refuse(img, -ENOEXEC, "it is an ELF file, but no program");
	if (eh->e_machine != EM_X86_64 || eh->e_ident[EI_DATA] != ELFDATA2LSB)
		return refuse(img, -ENOEXEC, "it is a program for another machine");
	if (eh->e_phentsize != sizeof(Elf64_Phdr) || !eh->e_phnum || eh->e_phnum > ELF_MAX_PHDRS)
		return refuse(img, -ENOEXEC, "it has no usable program headers");
	img->type = eh->e_type;
	img->entry = eh->e_entry;
	img->phoff = eh->e_phoff;
	img->phnum = eh->e_phnum;
	return 0;
}

static int read_phdrs(struct ramfs_inode *inode, struct elf_image *img)
{
	size_t size = img->phnum * sizeof(Elf64_Phdr);

	img->phdrs = kmalloc(size, GFP_KERNEL);
	if (!img->phdrs)
		return -ENOMEM;
	if (elf_read(inode, img->phoff, img->phdrs, size))
		return refuse(img, -ENOEXEC, "it is cut off: its program headers are missing");
	return 0;
}

static int read_interp(struct ramfs_inode *inode, struct elf_image *img, const Elf64_Phdr *ph)
{
	if (img->interp)
		return 0; /* the first one counts */
	if (ph->p_filesz > PATH_MAX || ph->p_filesz < 2)
		return refuse(img, -ENOEXEC, "its interpreter has no proper name");
	img->interp = kmalloc(ph->p_filesz, GFP_KERNEL);
	if (!img->interp)
		return -ENOMEM;
	if (elf_read(inode, ph->p_offset, img->interp, ph->p_filesz))
		return refuse(img, -EIO, "it is cut off: its interpreter's name is missing");
	if (img->interp[ph->p_filesz - 1])
		return refuse(img, -ENOEXEC, "its interpreter's name has no end");
	return 0;
}

/* One PT_LOAD, in the order of the table. */
static int check_segment(struct ramfs_inode *inode, struct elf_image *img, const Elf64_Phdr *ph)
{
	u64 start = ph->p_vaddr & PAGE_MASK, end = ph->p_vaddr + ph->p_memsz;

	if (ph->p_filesz > ph->p_memsz || ph->p_memsz > TASK_SIZE ||
	    ph->p_vaddr > TASK_SIZE - ph->p_memsz)
		return refuse(img, -EINVAL, "a segment lies outside of the address space");
	if ((ph->p_vaddr ^ ph->p_offset) & ~PAGE_MASK && ph->p_filesz)
		return refuse(img, -EINVAL, "a segment's address and place in the file do not match");
	if (ph->p_offset > (u64)inode->size || ph->p_filesz > (u64)inode->size - ph->p_offset)
		return refuse(img, -ENOEXEC, "it is cut off: a segment lies beyond its end");
	img->low = min(img->low, start);
	img->high = max(img->high, (end + PAGE_SIZE - 1) & PAGE_MASK);
	if (ph->p_align > img->align && !(ph->p_align & (ph->p_align - 1)))
		img->align = ph->p_align;
	if (ph->p_offset <= img->phoff && img->phoff - ph->p_offset < ph->p_filesz)
		img->phdr_vaddr = img->phoff - ph->p_offset + ph->p_vaddr;
	return 0;
}

static int check_phdrs(struct ramfs_inode *inode, struct elf_image *img)
{
	int err = 0;

	img->low = ~0ul;
	img->align = PAGE_SIZE;
	for (unsigned int i = 0; i < img->phnum && !err; i++) {
		const Elf64_Phdr *ph = &img->phdrs[i];

		if (ph->p_type == PT_INTERP)
			err = read_interp(inode, img, ph);
		else if (ph->p_type == PT_LOAD)
			err = check_segment(inode, img, ph);
		else if (ph->p_type == PT_GNU_STACK)
			img->exec_stack = ph->p_flags & PF_X;
	}
	if (!err && img->low == ~0ul)
		return refuse(img, -ENOEXEC, "it has nothing to load");
	if (!err && img->align > TASK_SIZE / 4)
		return refuse(img, -EINVAL, "a segment lies outside of the address space");
	return err;
}

int elf_parse(struct ramfs_inode *inode, struct elf_image *img, bool is_interp)
{
	Elf64_Ehdr eh;
	int err;

	memset(img, 0, sizeof(*img));
	if (elf_read(inode, 0, &eh, sizeof(eh)))
		err = refuse(img, is_interp ? -EIO : -ENOEXEC, "it is too short for a program");
	else
		err = check_header(img, &eh);
	if (!err)
		err = read_phdrs(inode, img);
	if (!err)
		err = check_phdrs(inode, img);
	if (!err)
		return 0;
	elf_release(img);
	return is_interp && err == -ENOEXEC ? -ELIBBAD : err;
}

void elf_release(struct elf_image *img)
{
	kfree(img->phdrs);
	kfree(img->interp);
	img->phdrs = NULL;
	img->interp = NULL;
}
