// SPDX-License-Identifier: BSD-2-Clause
/*
 * Names of functions out of an ELF file: its segments lead from a place in the file to an address,
 * .symtab, or .dynsym of a stripped file, from the address to a function (System V ABI, chapter 4).
 * The program may have made the file: each offset is checked by elf_read(), each loop bounded.
 *
 * Called by user_symbol.c for crash reports; thread context, never sleeps. Left out: files of debug
 * information.
 */
#include <kernel/abi/elf.h>
#include <kernel/abi/user_symbol.h>
#include <kernel/fs/ramfs.h>
#include <kernel/mm/slab.h>

#define SYMBOLS_AT_ONCE (PAGE_SIZE / sizeof(Elf64_Sym))
#define MAX_SYMBOLS (1ul << 21)

bool elf_offset_to_vaddr(struct ramfs_inode *inode, u64 offset, u64 *vaddr)
{
	Elf64_Ehdr eh;
	Elf64_Phdr ph;

	if (elf_read(inode, 0, &eh, sizeof(eh)) || !is_elf(&eh, sizeof(eh)) ||
	    eh.e_phentsize != sizeof(ph) || eh.e_phoff > (u64)inode->size)
		return false;
	for (unsigned int i = 0; i < eh.e_phnum; i++) {
		if (elf_read(inode, eh.e_phoff + i * sizeof(ph), &ph, sizeof(ph)))
			return false;
		if (ph.p_type == PT_LOAD && offset >= (ph.p_offset & PAGE_MASK) &&
		    offset - (ph.p_offset & PAGE_MASK) < ph.p_filesz + (ph.p_offset & ~PAGE_MASK)) {
			*vaddr = ph.p_vaddr + (offset - ph.p_offset);
			return true;
		}
	}
	return false;
}

/* The table of symbols, the better one that is there, and its strings. */
static bool find_tables(struct ramfs_inode *inode, Elf64_Shdr *syms, Elf64_Shdr *strings)
{
	Elf64_Ehdr eh;
	Elf64_Shdr sh;

	syms->sh_type = 0;
	if (elf_read(inode, 0, &eh, sizeof(eh)) || !is_elf(&eh, sizeof(eh)) ||
	    eh.e_shentsize != sizeof(sh) || eh.e_shoff > (u64)inode->size)
		return false;
	for (unsigned int i = 0; i < eh.e_shnum; i++) {
		if (elf_read(inode, eh.e_shoff + i * sizeof(sh), &sh, sizeof(sh)))
			return false;
		if (sh.sh_type == SHT_SYMTAB || (sh.sh_type == SHT_DYNSYM && !syms->sh_type))
			*syms = sh;
	}
	return syms->sh_type && syms->sh_entsize == sizeof(Elf64_Sym) &&
	       syms->sh_link < eh.e_shnum &&
	       !elf_read(inode, eh.e_shoff + syms->sh_link * sizeof(sh), strings, sizeof(*strings));
}

static bool is_function(const Elf64_Sym *s)
{
	int type = ELF64_ST_TYPE(s->st_info);

	return s->st_shndx != SHN_UNDEF &&
	       (type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_NOTYPE);
}

/* The last function that begins at or below the address and does not end before it. */
static bool find_in_table(struct ramfs_inode *inode, const Elf64_Shdr *syms, u64 vaddr,
			  Elf64_Sym *best)
{
	Elf64_Sym *page = page_alloc(GFP_KERNEL | __GFP_NOWARN, 0);
	u64 left = min(syms->sh_size / sizeof(Elf64_Sym), MAX_SYMBOLS), at = syms->sh_offset;
	bool found = false;

	while (page && left) {
		size_t n = min(left, SYMBOLS_AT_ONCE);

		if (elf_read(inode, at, page, n * sizeof(*page)))
			break;
		for (size_t i = 0; i < n; i++) {
			const Elf64_Sym *s = &page[i];

			if (s->st_value > vaddr || !is_function(s) ||
			    (s->st_size && vaddr - s->st_value >= s->st_size))
				continue;
			if (found && (s->st_value < best->st_value ||
				      (s->st_value == best->st_value && !s->st_size)))
				continue;
			*best = *s;
			found = true;
		}
		at += n * sizeof(*page);
		left -= n;
	}
	page_free(page, 0);
	return found;
}

bool elf_find_symbol(struct ramfs_inode *inode, u64 vaddr, struct elf_symbol *sym)
{
	Elf64_Shdr syms = { 0 }, strings = { 0 };
	Elf64_Sym s = { 0 };
	size_t n;

	if (!find_tables(inode, &syms, &strings) || !find_in_table(inode, &syms, vaddr, &s))
		return false;
	if (s.st_name >= strings.sh_size || strings.sh_offset > (u64)inode->size)
		return false;
	n = ramfs_read(inode, (long)(strings.sh_offset + s.st_name), sym->name,
		       sizeof(sym->name) - 1);
	sym->name[n] = '\0';
	for (char *p = sym->name; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	sym->offset = vaddr - s.st_value;
	return *sym->name;
}
