// SPDX-License-Identifier: BSD-2-Clause
/*
 * Call chains along the frame pointers: {caller's rbp, return address} at each rbp. entry.S puts
 * such a frame below every interrupted context, so the walk crosses from a handler into what it
 * interrupted, also where the stack changes. Each frame is looked up in the page tables before it
 * is read, so a broken chain ends the walk instead of faulting. Any context.
 */
#include <kernel/cpu/desc.h>
#include <kernel/cpu/ptrace.h>
#include <kernel/lib/ksyms.h>
#include <kernel/lib/report.h>
#include <kernel/mm/paging.h>
#include <kernel/mm/pgtable.h>

#define MAX_FRAMES 64

struct frame {
	unsigned long rbp, rip;
};

static bool readable(unsigned long addr, size_t size)
{
	int level;

	if (!IS_ALIGNED(addr, 8) || addr < PAGE_OFFSET || !kernel_pml4)
		return kernel_pml4 == NULL && addr >= KERNEL_BASE;
	return pt_lookup(addr, &level) && pt_lookup(addr + size - 1, &level);
}

static bool in_entry_text(unsigned long rip)
{
	return rip >= (unsigned long)entry_text_start && rip < (unsigned long)entry_text_end;
}

/*
 * A return address may be the first byte behind a function that does not return: look one before.
 */
static void print_frame(unsigned long rip, bool exact)
{
	char text[KSYM_TEXT_SIZE];
	struct ksym sym;

	if (!exact && ksym_lookup(rip - 1, &sym))
		report(" [<%016lx>] %s+0x%lx/0x%lx\n", rip, sym.name, sym.offset + 1, sym.size);
	else
		report(" [<%016lx>] %s\n", rip, ksym_format(text, rip));
}

/*
 * A leaf function may have no frame of its own: then its caller is what the top of the stack says
 * and is not in the chain. A guess, hence the question mark.
 */
static void print_leaf_caller(const struct pt_regs *regs)
{
	unsigned long top, next = 0;
	char text[KSYM_TEXT_SIZE];

	if (!readable(regs->rsp, sizeof(top)))
		return;
	top = *(const unsigned long *)regs->rsp;
	if (readable(regs->rbp, sizeof(struct frame)))
		next = ((const struct frame *)regs->rbp)->rip;
	if (top != next && is_kernel_text(top))
		report(" [<%016lx>] ? %s\n", top, ksym_format(text, top));
}

/* exact: rip is the instruction itself, not a return address. */
static void walk_frames(unsigned long rip, unsigned long rbp, bool exact)
{
	for (int i = 0; i < MAX_FRAMES && rip; i++) {
		const struct frame *f = (const struct frame *)rbp;

		print_frame(rip, exact);
		exact = in_entry_text(rip);
		if (exact)
			report(" --- interrupted ---\n");
		if (!readable(rbp, sizeof(*f)))
			return;
		rip = f->rip;
		rbp = f->rbp;
	}
}

void backtrace_from(unsigned long rip, unsigned long rbp)
{
	report("Call trace:\n");
	walk_frames(rip, rbp, false);
}

void backtrace_regs(const struct pt_regs *regs)
{
	report("Call trace:\n");
	print_frame(regs->rip, true);
	print_leaf_caller(regs);
	if (readable(regs->rbp, sizeof(struct frame))) {
		const struct frame *f = (const struct frame *)regs->rbp;

		walk_frames(f->rip, f->rbp, in_entry_text(regs->rip));
	}
}
