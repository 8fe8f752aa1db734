// SPDX-License-Identifier: BSD-2-Clause
/*
 * What ring 3 has in the processor besides struct pt_regs: FS and GS base, and the x87, SSE and AVX
 * registers. The kernel uses none of them, so they stay where they are until another thread goes to
 * ring 3: cpu_entry.owner says whose they are. Kernel threads and a program with one thread never
 * pay for a switch. Thread context.
 *
 * Ring 3 may change its bases without a system call (WRFSBASE where CR4.FSGSBASE is on, loading a
 * segment register), so they are read back when the owner changes.
 */
#include <errno.h>
#include <kernel/abi/entry.h>
#include <kernel/abi/user_state.h>
#include <kernel/cpu/cpuid.h>
#include <kernel/cpu/fpu.h>
#include <kernel/cpu/msr.h>
#include <kernel/cpu/user_entry.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/irqflags.h>
#include <kernel/sched/sched.h>

#define ARCH_SET_GS 0x1001
#define ARCH_SET_FS 0x1002
#define ARCH_GET_FS 0x1003
#define ARCH_GET_GS 0x1004

static struct kmem_cache *task_cache, *fpu_cache;
static bool fsgsbase;

void user_state_init(void)
{
	fsgsbase = cpu_has(CPU_FSGSBASE);
	if (fsgsbase)
		write_cr4(read_cr4() | X86_CR4_FSGSBASE);
	task_cache = kmem_cache_create("user_task", sizeof(struct user_task), 0, 0);
	fpu_cache = kmem_cache_create("fpu", fpu_area_size(), FPU_AREA_ALIGN, 0);
	BUG_ON(!task_cache || !fpu_cache);
}

struct user_task *user_task_alloc(void)
{
	struct user_task *u = kmem_cache_zalloc(task_cache, GFP_KERNEL);

	if (!u)
		return NULL;
	u->fpu = kmem_cache_alloc(fpu_cache, GFP_KERNEL);
	if (!u->fpu) {
		kmem_cache_free(task_cache, u);
		return NULL;
	}
	fpu_init_area(u->fpu);
	return u;
}

void user_task_release(struct user_task *u)
{
	unsigned long flags = local_irq_save();

	if (cpu_entry.owner == u)
		cpu_entry.owner = NULL;
	local_irq_restore(flags);
	kmem_cache_free(fpu_cache, u->fpu);
	kmem_cache_free(task_cache, u);
}

static void save_bases(struct user_task *u)
{
	if (fsgsbase) {
		__asm__ volatile("rdfsbase %0" : "=r"(u->fs_base));
		__asm__ volatile("rdgsbase %0" : "=r"(u->gs_base));
	} else {
		u->fs_base = rdmsr(MSR_FS_BASE);
		u->gs_base = rdmsr(MSR_GS_BASE);
	}
}

static void load_bases(const struct user_task *u)
{
	if (fsgsbase) {
		__asm__ volatile("wrfsbase %0" : : "r"(u->fs_base));
		__asm__ volatile("wrgsbase %0" : : "r"(u->gs_base));
	} else {
		wrmsr(MSR_FS_BASE, u->fs_base);
		wrmsr(MSR_GS_BASE, u->gs_base);
	}
}

/* Interrupts off. */
static void save_owner(void)
{
	struct user_task *u = cpu_entry.owner;

	if (!u)
		return;
	save_bases(u);
	fpu_save(u->fpu);
	cpu_entry.owner = NULL;
}

void user_state_load(struct user_task *u)
{
	save_owner();
	cpu_set_kernel_stack(thread_stack_top(u->thread));
	load_bases(u);
	fpu_restore(u->fpu);
	cpu_entry.owner = u;
}

void user_state_sync(struct user_task *u)
{
	unsigned long flags = local_irq_save();

	if (cpu_entry.owner == u)
		save_owner();
	local_irq_restore(flags);
}

void user_state_reset(struct user_task *u)
{
	user_state_sync(u);
	u->fs_base = 0;
	u->gs_base = 0;
	fpu_init_area(u->fpu);
}

long sys_arch_prctl(int op, unsigned long addr)
{
	struct user_task *u = current_user;

	if (!u)
		return -EINVAL;
	switch (op) {
	case ARCH_SET_FS:
	case ARCH_SET_GS:
		if (addr >= TASK_SIZE)
			return -EPERM;
		user_state_sync(u);
		*(op == ARCH_SET_FS ? &u->fs_base : &u->gs_base) = addr;
		return 0;
	case ARCH_GET_FS:
	case ARCH_GET_GS:
		user_state_sync(u);
		return copy_to_user((void *)addr, op == ARCH_GET_FS ? &u->fs_base : &u->gs_base,
				    sizeof(u64));
	}
	return -EINVAL;
}
