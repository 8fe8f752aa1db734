// SPDX-License-Identifier: BSD-2-Clause
/*
 * The C side of entering and leaving ring 3: do_syscall_64() for system calls (called by
 * entry_64.S), exit_to_user_mode() on the way out of everything that came from ring 3 (called by
 * kernel/cpu/entry.S through cpu_entry), enter_user_mode() for a thread's first way there.
 *
 * A system call's fast road has no work: no flag of the thread, nobody else runnable, no softirq
 * left, and its FPU state and FS base still in the registers. With more processors `cpu_entry` and
 * `sched_cpu` are the CPU's own, everything else is as it is.
 */
#include <kernel/abi/dispatch.h>
#include <kernel/abi/entry.h>
#include <kernel/abi/signal.h>
#include <kernel/abi/strace.h>
#include <kernel/abi/syscall.h>
#include <kernel/abi/user_state.h>
#include <kernel/cpu/desc.h>
#include <kernel/cpu/fpu.h>
#include <kernel/cpu/msr.h>
#include <kernel/cpu/user_entry.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/mm_types.h>
#include <kernel/sched/irqflags.h>
#include <kernel/sched/sched.h>
#include <kernel/sched/softirq.h>

#define NO_SYSCALL ((u64)-1)

void entry_SYSCALL_64(void);
void entry_SYSCALL_compat(void);
bool do_syscall_64(struct pt_regs *regs);

/* What the flags ask for. Interrupts on, sleeps. */
static void do_task_work(struct user_task *u, struct pt_regs *regs)
{
	if (u->flags & TIF_EXIT)
		do_exit_thread(u->process->exit_code);
	do_signal(regs);
}

/* Before ring 3 goes on. Interrupts off on both ends. */
static void exit_to_user_mode(struct pt_regs *regs)
{
	struct user_task *u = current_user;

	BUG_ON(!u || !user_mode(regs));
	if (unlikely(softirq_cpu.pending)) { /* raised with interrupts off, or left to ksoftirqd */
		local_irq_enable();
		do_softirq();
		local_irq_disable();
	}
	for (;;) {
		if (unlikely(u->flags)) {
			local_irq_enable();
			do_task_work(u, regs);
			local_irq_disable();
		} else if (sched_slice_over()) {
			local_irq_enable();
			schedule();
			rseq_interrupted(u, regs);
			local_irq_disable();
		} else {
			break;
		}
	}
	if (cpu_entry.owner != u)
		user_state_load(u);
}

static bool wants_restart(long ret)
{
	return ret <= -ERESTARTSYS && ret >= -ERESTART_RESTARTBLOCK;
}

static void finish_syscall(struct user_task *u, struct pt_regs *regs)
{
	if (wants_restart((long)regs->rax)) {
		local_irq_enable();
		do_signal(regs);
		local_irq_disable();
	}
	exit_to_user_mode(regs);
}

/* Whether SYSRET would load exactly these registers, and cannot fault. */
static bool sysret_will_do(const struct pt_regs *regs)
{
	return regs->rcx == regs->rip && regs->r11 == regs->rflags && regs->rip < TASK_SIZE &&
	       !(regs->rflags & (X86_EFLAGS_RF | X86_EFLAGS_TF));
}

/*
 * A system call; regs are at the top of the stack. True: go back by SYSRET. Interrupts off on both
 * ends.
 */
bool do_syscall_64(struct pt_regs *regs)
{
	struct user_task *u = current_user;

	u->orig_rax = (u64)(int)regs->rax; /* as Linux: the number is an int */
	local_irq_enable();
	regs->rax = (u64)syscall_dispatch(regs, u->orig_rax);
	local_irq_disable();
	if (unlikely(u->flags || sched_cpu.nr_running || softirq_cpu.pending ||
		     cpu_entry.owner != u || wants_restart((long)regs->rax)))
		finish_syscall(u, regs);
	u->orig_rax = NO_SYSCALL;
	return sysret_will_do(regs);
}

void enter_user_mode(void)
{
	struct user_task *u = current_user;

	BUG_ON(!u || u->thread != current);
	user_mode_return_from(u->regs);
}

struct user_task *user_task_create(struct process *p, struct thread *t)
{
	struct user_task *u = user_task_alloc();

	BUG_ON(t->user);
	if (!u)
		return NULL;
	u->thread = t;
	u->process = p;
	u->tid = ++p->last_tid;
	u->orig_rax = NO_SYSCALL;
	u->regs = (struct pt_regs *)thread_stack_top(t) - 1;
	*u->regs = (struct pt_regs){ .cs = USER_CS | RPL_USER,
				     .ss = USER_DS | RPL_USER,
				     .rflags = X86_EFLAGS_IF | X86_EFLAGS_FIXED };
	INIT_LIST_HEAD(&u->sig_queue);
	list_add_tail(&u->node, &p->tasks);
	p->nr_tasks++;
	t->user = u;
	t->mm = p->mm;
	return u;
}

void user_task_free(struct user_task *u)
{
	BUG_ON(u->process->nr_tasks == 0);
	list_del(&u->node);
	u->process->nr_tasks--;
	u->thread->user = NULL;
	u->thread->mm = NULL;
	user_task_release(u);
}

void task_set_flag(struct user_task *u, u32 flag)
{
	__atomic_fetch_or(&u->flags, flag, __ATOMIC_RELAXED);
	thread_interrupt(u->thread);
}

void user_entry_init(void)
{
	signal_hooks_init();
	fpu_init();
	user_state_init();
	syscall_table_init();
	strace_init();
	cpu_entry.exit = exit_to_user_mode;
	cpu_entry.exception = user_exception;
	syscall_msrs_init(entry_SYSCALL_64, entry_SYSCALL_compat);
}
