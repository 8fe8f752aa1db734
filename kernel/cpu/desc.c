// SPDX-License-Identifier: BSD-2-Clause
/*
 * GDT, TSS and IDT of the one CPU, and the stacks that interrupts and the exceptions beyond
 * repair run on. A double fault has its own stack, because its usual cause is a stack that ran
 * into its guard page. The stacks come from vmalloc, so each has a guard page itself. Called by
 * kernel_main() twice: at the start on a small static stack, and again when memory is there.
 */
#include <kernel/cpu/cpuid.h>
#include <kernel/cpu/desc.h>
#include <kernel/cpu/irqflags.h>
#include <kernel/cpu/msr.h>
#include <kernel/cpu/smap.h>
#include <kernel/cpu/user_entry.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/vmalloc.h>
#include <string.h>

#define IST_DOUBLE_FAULT 1
#define IST_NMI 2
#define IST_MACHINE_CHECK 3
#define NR_IST 3
#define EXCEPTION_STACK_SIZE (2 * PAGE_SIZE)
#define IRQ_STACK_SIZE (4 * PAGE_SIZE)
#define GATE_INTERRUPT 0x8e00u /* present, ring 0, interrupts off */
#define GATE_USER 0xee00u      /* the same, and ring 3 may call it with INT */
#define DESC_TSS_PRESENT 0x89ULL

struct tss {
	u32 reserved0;
	u64 rsp[3];
	u64 reserved1;
	u64 ist[7];
	u64 reserved2;
	u16 reserved3, io_map;
} __packed;
static_assert(sizeof(struct tss) == 104, "64-bit TSS");

struct idt_entry {
	u16 offset_low, selector;
	u16 ist_and_type;
	u16 offset_mid;
	u32 offset_high, reserved;
};
static_assert(sizeof(struct idt_entry) == 16, "64-bit gate");

struct table_pointer {
	u16 limit;
	u64 base;
} __packed;

static struct tss tss = { .io_map = sizeof(struct tss) };
static u64 gdt[] = {
	0,
	0x00af9b000000ffff, /* KERNEL_CS */
	0x00cf93000000ffff, /* KERNEL_DS */
	0,
	0x00cffb000000ffff, /* USER_CS32 */
	0x00cff3000000ffff, /* USER_DS */
	0x00affb000000ffff, /* USER_CS */
	0, 0,		    /* TSS_SELECTOR, 16 bytes */
};
static struct idt_entry idt[NR_VECTORS];
static u8 early_stack[4096] __aligned(16);
static struct {
	const char *name;
	unsigned long base;
} stacks[NR_IST + 1];

struct cpu_entry cpu_entry;
void *irq_stack_top = early_stack + sizeof(early_stack);

static void load_gdt(void)
{
	struct table_pointer p = { sizeof(gdt) - 1, (u64)gdt };
	u64 base = (u64)&tss;

	gdt[TSS_SELECTOR / 8] = (sizeof(tss) - 1) | (base & 0xffffff) << 16 |
				DESC_TSS_PRESENT << 40 | (base >> 24 & 0xff) << 56;
	gdt[TSS_SELECTOR / 8 + 1] = base >> 32;
	__asm__ volatile("lgdt %0\n\t"
			 "pushq %1\n\t"
			 "leaq 1f(%%rip), %%rax\n\t"
			 "pushq %%rax\n\t"
			 "lretq\n"
			 "1:\n\t"
			 "movl %2, %%ds\n\t"
			 "movl %2, %%es\n\t"
			 "movl %2, %%ss\n\t"
			 "ltr %w3"
			 :
			 : "m"(p), "i"(KERNEL_CS), "r"(KERNEL_DS), "r"(TSS_SELECTOR)
			 : "rax", "memory");
}

static void set_gate(unsigned int vector, unsigned int ist, u32 type)
{
	u64 addr = (u64)vector_stubs + 16UL * vector;

	idt[vector] = (struct idt_entry){ .offset_low = (u16)addr,
					  .selector = KERNEL_CS,
					  .ist_and_type = (u16)(type | ist),
					  .offset_mid = (u16)(addr >> 16),
					  .offset_high = (u32)(addr >> 32) };
}

static void load_idt(void)
{
	struct table_pointer p = { sizeof(idt) - 1, (u64)idt };

	for (unsigned int v = 0; v < NR_VECTORS; v++)
		set_gate(v, 0, GATE_INTERRUPT);
	set_gate(VECTOR_BP, 0, GATE_USER);
	set_gate(VECTOR_OF, 0, GATE_USER);
	set_gate(VECTOR_DF, IST_DOUBLE_FAULT, GATE_INTERRUPT);
	set_gate(VECTOR_NMI, IST_NMI, GATE_INTERRUPT);
	set_gate(VECTOR_MC, IST_MACHINE_CHECK, GATE_INTERRUPT);
	__asm__ volatile("lidt %0" : : "m"(p) : "memory");
}

void desc_init(void)
{
	for (unsigned int i = 0; i < NR_IST; i++)
		tss.ist[i] = (u64)early_stack + sizeof(early_stack);
	load_gdt();
	load_idt();
}

static u64 guarded_stack(unsigned int i, const char *name, size_t size)
{
	void *stack = vmalloc(size);

	if (!stack)
		panic("no memory for the %s stack", name);
	stacks[i].name = name;
	stacks[i].base = (unsigned long)stack;
	return (u64)stack + size;
}

void desc_init_stacks(void)
{
	tss.ist[0] = guarded_stack(0, "double fault", EXCEPTION_STACK_SIZE);
	tss.ist[1] = guarded_stack(1, "NMI", EXCEPTION_STACK_SIZE);
	tss.ist[2] = guarded_stack(2, "machine check", EXCEPTION_STACK_SIZE);
	irq_stack_top = (void *)guarded_stack(NR_IST, "interrupt", IRQ_STACK_SIZE);
}

const char *desc_guard_hit(unsigned long addr)
{
	for (unsigned int i = 0; i <= NR_IST; i++) {
		if (stacks[i].base && addr < stacks[i].base && addr >= stacks[i].base - PAGE_SIZE)
			return stacks[i].name;
	}
	return NULL;
}

void cpu_set_kernel_stack(void *top)
{
	cpu_entry.kernel_sp = (u64)top;
	tss.rsp[0] = (u64)top;
}

void syscall_msrs_init(void (*entry)(void), void (*compat)(void))
{
	wrmsr(MSR_STAR, (u64)KERNEL_CS << 32 | (u64)(USER_CS32 | RPL_USER) << 48);
	wrmsr(MSR_LSTAR, (u64)entry);
	wrmsr(MSR_CSTAR, (u64)compat);
	wrmsr(MSR_SYSENTER_CS, 0);
	wrmsr(MSR_FMASK, SYSCALL_FLAGS_OFF);
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SCE);
}

/* The text is read-only: for this moment the kernel may write what it may read. */
static void smap_patch(void)
{
	unsigned long flags = local_irq_save();
	u64 cr0 = read_cr0();

	write_cr0(cr0 & ~X86_CR0_WP);
	for (const struct smap_site *s = __start_smap_sites; s < __stop_smap_sites; s++)
		memcpy((void *)s->addr, &s->opcode, 3);
	write_cr0(cr0);
	local_irq_restore(flags);
}

void cpu_protection_init(void)
{
	u64 cr4 = read_cr4();

	if (cpu_has(CPU_SMEP))
		cr4 |= X86_CR4_SMEP;
	if (cpu_has(CPU_SMAP)) {
		smap_patch();
		cr4 |= X86_CR4_SMAP;
	}
	if (cpu_has(CPU_UMIP))
		cr4 |= X86_CR4_UMIP;
	write_cr4(cr4);
	write_cr0((read_cr0() | X86_CR0_NE | X86_CR0_MP | X86_CR0_AM) & ~X86_CR0_EM);
}
