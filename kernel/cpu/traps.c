// SPDX-License-Identifier: BSD-2-Clause
/*
 * Exceptions (Intel SDM volume 3 chapter 6). Those of ring 3 go to the floor above
 * (cpu_entry.exception). In the kernel, instructions of the exception table (__ex_table: those that
 * touch program memory, and the iretq to ring 3) may fault: a page that is only not there yet is
 * brought in, anything else goes on at the fixup. The kernel expects no others, so each is reported
 * with its meaning, the registers, the code bytes and the call chain, and ends in panic(). A page
 * fault in a guard page is named for what it is, a stack overflow; it arrives as a double fault,
 * because the processor could not push the page fault's frame. Called from entry.S in any context.
 */
#include <kernel/cpu/desc.h>
#include <kernel/cpu/msr.h>
#include <kernel/cpu/ptrace.h>
#include <kernel/cpu/smap.h>
#include <kernel/cpu/user_entry.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/ksyms.h>
#include <kernel/lib/report.h>
#include <kernel/mm/memblock.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/vmalloc.h>
#include <kernel/sched/irqflags.h>
#include <kernel/sched/thread.h>

#define PF_PRESENT 0x1u
#define PF_WRITE 0x2u
#define PF_USER 0x4u
#define PF_RESERVED 0x8u
#define PF_FETCH 0x10u
#define CODE_BYTES_BEFORE 8
#define CODE_BYTES 24
#define STACK_SLACK 256 /* how far from rsp the access that hit the guard may have been */

static const char *const names[FIRST_IRQ_VECTOR] = {
	[0] = "divide error",
	[1] = "debug exception",
	[2] = "non-maskable interrupt",
	[3] = "breakpoint",
	[4] = "overflow",
	[5] = "bound range exceeded",
	[6] = "invalid opcode",
	[7] = "device not available",
	[8] = "double fault",
	[10] = "invalid TSS",
	[11] = "segment not present",
	[12] = "stack segment fault",
	[13] = "general protection fault",
	[14] = "page fault",
	[16] = "floating point error",
	[17] = "alignment check",
	[18] = "machine check",
	[19] = "SIMD floating point error",
	[20] = "virtualization exception",
	[21] = "control protection exception",
};

void show_regs(const struct pt_regs *r)
{
	char at[KSYM_TEXT_SIZE];

	report("rip: %04lx:%016lx %s\n", r->cs, r->rip, ksym_format(at, r->rip));
	report("rsp: %04lx:%016lx rflags: %08lx\n", r->ss, r->rsp, r->rflags);
	report("rax: %016lx rbx: %016lx rcx: %016lx rdx: %016lx\n", r->rax, r->rbx, r->rcx, r->rdx);
	report("rsi: %016lx rdi: %016lx rbp: %016lx r8:  %016lx\n", r->rsi, r->rdi, r->rbp, r->r8);
	report("r9:  %016lx r10: %016lx r11: %016lx r12: %016lx\n", r->r9, r->r10, r->r11, r->r12);
	report("r13: %016lx r14: %016lx r15: %016lx\n", r->r13, r->r14, r->r15);
	report("cr0: %08lx cr2: %016lx cr3: %016lx cr4: %08lx\n", read_cr0(), read_cr2(), read_cr3(),
	       read_cr4());
}

/* The bytes around rip, the one at rip in brackets. Text only: anything else may be a device. */
static void show_code(const struct pt_regs *r)
{
	char line[CODE_BYTES * 5 + 1];
	size_t n = 0;

	if (!is_kernel_text(r->rip - CODE_BYTES_BEFORE) || !is_kernel_text(r->rip + CODE_BYTES))
		return;
	for (unsigned long a = r->rip - CODE_BYTES_BEFORE; n < sizeof(line) - 5; a++) {
		u8 b = *(const u8 *)a;
		const char *hex = "0123456789abcdef";

		if (a == r->rip - CODE_BYTES_BEFORE + CODE_BYTES)
			break;
		line[n++] = a == r->rip ? '<' : ' ';
		line[n++] = hex[b >> 4];
		line[n++] = hex[b & 15];
		if (a == r->rip)
			line[n++] = '>';
	}
	line[n] = '\0';
	report("code:%s\n", line);
}

/* Name of the stack whose guard page addr lies in, or NULL. */
static const char *guard_hit(unsigned long addr)
{
	const char *name = desc_guard_hit(addr);

	if (name)
		return name;
	if (addr >= (unsigned long)boot_stack_guard && addr < (unsigned long)boot_stack)
		return "boot";
	return vmalloc_guard_hit(addr) ? "thread" : NULL;
}

static void report_page_fault(const struct pt_regs *r, unsigned long addr)
{
	u64 e = r->error_code;
	const char *why = e & PF_RESERVED  ? "reserved bit in the page tables" :
			  e & PF_PRESENT   ? "protection" :
			  addr < PAGE_SIZE ? "null pointer" :
					     "not mapped";

	report("Oops: page fault at 0x%016lx: %s by %s in %s mode (error code 0x%lx)\n", addr, why,
	       e & PF_FETCH ? "instruction fetch" :
	       e & PF_WRITE ? "write" :
			      "read",
	       e & PF_USER ? "user" : "kernel", e);
}

static void report_exception(const struct pt_regs *r)
{
	const char *name = r->vector < FIRST_IRQ_VECTOR ? names[r->vector] : NULL;

	report("Oops: %s, vector %lu, error code 0x%lx\n", name ? name : "reserved exception",
	       r->vector, r->error_code);
}

static void __noreturn die(const struct pt_regs *r, unsigned long addr)
{
	const char *stack = NULL;

	report_begin();
	if (r->vector == VECTOR_PF || r->vector == VECTOR_DF)
		stack = guard_hit(addr);
	if (stack && (r->vector == VECTOR_DF || addr - r->rsp + STACK_SLACK < PAGE_SIZE))
		report("Oops: stack overflow: the %s stack ran into its guard page at 0x%016lx\n",
		       stack, addr);
	else if (r->vector == VECTOR_PF)
		report_page_fault(r, addr);
	else
		report_exception(r);
	show_regs(r);
	show_code(r);
	backtrace_regs(r);
	panic_exit("fatal exception: %s",
		   stack		       ? "stack overflow" :
		   r->vector < FIRST_IRQ_VECTOR && names[r->vector] ? names[r->vector] :
								       "reserved");
}

/* The table is in no order: there are few of them. */
static u64 find_fixup(u64 rip)
{
	for (const struct exception_entry *e = __start_ex_table; e < __stop_ex_table; e++) {
		if (e->insn == rip)
			return e->fixup;
	}
	return 0;
}

/* Whether the kernel goes on after a fault of its own. */
static bool kernel_fault(struct pt_regs *r, unsigned long addr)
{
	u64 fixup = find_fixup(r->rip);
	struct mm_struct *mm = current ? current->mm : NULL;
	bool irqs = r->rflags & X86_EFLAGS_IF;
	int err = -1;

	if (!fixup)
		return false;
	if (r->vector == VECTOR_PF && addr < TASK_SIZE && mm) {
		if (irqs)
			local_irq_enable();
		err = handle_mm_fault(mm, addr, r->error_code);
		local_irq_disable();
	}
	if (err)
		r->rip = fixup;
	return true;
}

static bool beyond_repair(u64 vector)
{
	return vector == VECTOR_NMI || vector == VECTOR_DF || vector == VECTOR_MC;
}

void exception_handler(struct pt_regs *r)
{
	unsigned long addr = r->vector == VECTOR_PF || r->vector == VECTOR_DF ? read_cr2() : 0;

	if (user_mode(r) && !beyond_repair(r->vector) && cpu_entry.exception) {
		local_irq_enable();
		cpu_entry.exception(r, addr);
		local_irq_disable();
		return;
	}
	if (!beyond_repair(r->vector) && kernel_fault(r, addr))
		return;
	die(r, addr);
}
