// SPDX-License-Identifier: BSD-2-Clause
/*
 * Address to function name, by binary search in the table of ksyms_data.h, which the second link
 * step fills. Called by the reports of warnings, panics and leaks. Needs no memory and no lock, so
 * that any context, a panic among them, can use it.
 */
#include <kernel/lib/ksyms.h>
#include <kernel/lib/ksyms_data.h>
#include <kernel/mm/memblock.h>
#include <kernel/mm/paging.h>
#include <stdio.h>

bool is_kernel_text(unsigned long addr)
{
	return addr >= (unsigned long)_text && addr < (unsigned long)_etext;
}

bool ksym_lookup(unsigned long addr, struct ksym *sym)
{
	u32 off = (u32)(addr - KERNEL_BASE);
	u32 lo = 0, hi = ksyms_count;
	u32 end;

	if (!is_kernel_text(addr) || !ksyms_count || off < ksyms_addr[0])
		return false;
	while (hi - lo > 1) {
		u32 mid = lo + (hi - lo) / 2;

		if (ksyms_addr[mid] <= off)
			lo = mid;
		else
			hi = mid;
	}
	end = hi < ksyms_count ? ksyms_addr[hi] : (u32)((unsigned long)_etext - KERNEL_BASE);
	sym->name = ksyms_text + ksyms_name[lo];
	sym->offset = off - ksyms_addr[lo];
	sym->size = end - ksyms_addr[lo];
	return true;
}

const char *ksym_format(char buf[KSYM_TEXT_SIZE], unsigned long addr)
{
	struct ksym sym;

	if (ksym_lookup(addr, &sym))
		snprintf(buf, KSYM_TEXT_SIZE, "%s+0x%lx/0x%lx", sym.name, sym.offset, sym.size);
	else
		snprintf(buf, KSYM_TEXT_SIZE, "0x%lx", addr);
	return buf;
}
