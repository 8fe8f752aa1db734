/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_ELF_H
#define BW_KERNEL_ABI_ELF_H

/*
 * ELF programs: what a file says of itself (elf.c, pure reading and checking), how that comes into
 * an address space (elf_map.c), and the first page of a program's stack (elf_stack.c).
 */
#include <elf.h>
#include <kernel/lib/types.h>

struct file;
struct ramfs_inode;

#define ELF_MAX_PHDRS 1170 /* 64 KiB of them, as Linux */

/* A checked file: everything in here may be relied on. Freed by elf_release(). */
struct elf_image {
	u16 type;		/* ET_EXEC or ET_DYN */
	u16 phnum;
	u64 entry;
	u64 phoff;
	Elf64_Phdr *phdrs;
	char *interp;		/* PT_INTERP, or NULL */
	u64 low, high;		/* what the segments cover, whole pages */
	u64 align;		/* the largest p_align, a power of two, at least a page */
	u64 phdr_vaddr;		/* where the program headers get mapped, 0: nowhere */
	bool exec_stack;
	const char *why;	/* of an error: for the console */
};

/*
 * Read and check the headers. 0; -ENOEXEC: no program for this machine; -ELIBBAD instead when it
 * is to be an interpreter; -EINVAL: segments out of bounds; -EIO, -ENOMEM. Never sleeps.
 */
int elf_parse(struct ramfs_inode *inode, struct elf_image *img, bool is_interp);
void elf_release(struct elf_image *img);
/* So many bytes of the file, or -EIO. */
int elf_read(struct ramfs_inode *inode, u64 pos, void *buf, size_t len);
/* Whether these bytes begin an ELF file. */
bool is_elf(const void *data, size_t len);

/* Strings of a new program, one behind the other, each with its 0: arguments, environment, path. */
struct exec_args {
	char *data;
	size_t len;		/* of all */
	size_t env, path;	/* where these begin */
	unsigned int argc, envc;
};

/* What the auxiliary vector needs to know of the rest. */
struct elf_aux {
	u64 phdr, phnum, base, entry, vdso, hwcap, hwcap2, minsigstksz;
	u32 uid, euid, gid, egid;
	bool secure;
	u8 random[16];
};

/* The ready first bytes of a stack: data belongs at address sp. */
struct elf_stack {
	u8 *data;		/* kmalloc'ed or vmalloc'ed: elf_stack_free() */
	size_t len;
	u64 sp;
	u64 arg_start, arg_end, env_start, env_end;
	u64 auxv;		/* its address, for /proc/self/auxv */
	size_t auxv_len;
};

/* top: where the stack ends; shift: how far below the strings the tables move (ASLR). -ENOMEM. */
int elf_stack_build(struct elf_stack *st, const struct exec_args *args, const struct elf_aux *aux,
		    u64 top, u64 shift);
void elf_stack_free(struct elf_stack *st);

#endif /* BW_KERNEL_ABI_ELF_H */
