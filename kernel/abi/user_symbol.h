/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_USER_SYMBOL_H
#define BW_KERNEL_ABI_USER_SYMBOL_H

/*
 * Addresses of the program as people read them, for crash reports. Thread context, never sleeps.
 */
#include <kernel/lib/types.h>

struct ramfs_inode;

#define USER_SYMBOL_SIZE 192

/* The function of an ELF file that covers this address of its own (not of memory). */
struct elf_symbol {
	char name[96];
	u64 offset; /* of the address in it */
};
bool elf_find_symbol(struct ramfs_inode *inode, u64 vaddr, struct elf_symbol *sym);
/* Where byte `offset` of an ELF file is meant to lie in memory; false: in no segment. */
bool elf_offset_to_vaddr(struct ramfs_inode *inode, u64 offset, u64 *vaddr);

/*
 * "/bin/hello+0x1136 (main+0x4)" for an address of the running program: what addr2line and nm
 * take. Returns buf.
 */
const char *user_symbol(unsigned long addr, char *buf, size_t size);

#endif /* BW_KERNEL_ABI_USER_SYMBOL_H */
