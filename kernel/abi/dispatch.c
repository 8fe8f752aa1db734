// SPDX-License-Identifier: BSD-2-Clause
/*
 * From a system call's number to its function. At start the arrays of table_*.c are put into one
 * table by number; every call is counted there, and every error (/proc/syscalls). A call that is
 * absent answers ENOSYS and is said on the console by name, once.
 *
 * Called by do_syscall_64() (entry.c), thread context.
 */
#include <errno.h>
#include <kernel/abi/dispatch.h>
#include <kernel/abi/entry.h>
#include <kernel/abi/strace.h>
#include <kernel/fs/procfs.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/sched/thread.h>

struct syscall_slot syscall_table[NR_SYSCALLS];
static u64 unknown_calls; /* numbers that are none, x32 calls with them */

static const struct {
	const struct syscall_desc *rows;
	const size_t *nr;
} areas[] = {
	{ syscalls_net, &nr_syscalls_net },	    { syscalls_fs, &nr_syscalls_fs },
	{ syscalls_poll, &nr_syscalls_poll },	    { syscalls_mm, &nr_syscalls_mm },
	{ syscalls_thread, &nr_syscalls_thread },   { syscalls_signal, &nr_syscalls_signal },
	{ syscalls_time, &nr_syscalls_time },	    { syscalls_misc, &nr_syscalls_misc },
	{ syscalls_absent, &nr_syscalls_absent },
};

const char *syscall_name(u64 nr)
{
	return nr < NR_SYSCALLS && syscall_table[nr].desc ? syscall_table[nr].desc->name : NULL;
}

static long sys_absent(void)
{
	u64 nr = current_user->orig_rax;

	if (syscall_table[nr].calls == 1) {
		const char *name = syscall_name(nr);

		if (name)
			pr_notice("syscall: %s is not implemented (ENOSYS)\n", name);
		else
			pr_notice("syscall: number %lu is none of Linux's (ENOSYS)\n", nr);
	}
	return -ENOSYS;
}

static inline bool is_error(long ret)
{
	return (u64)ret > (u64)-4096;
}

static inline long call(const struct pt_regs *regs, u64 nr)
{
	struct syscall_slot *s;
	long ret;

	if (unlikely(nr >= NR_SYSCALLS)) {
		unknown_calls++;
		return -ENOSYS;
	}
	s = &syscall_table[nr];
	s->calls++;
	ret = s->fn((long)regs->rdi, (long)regs->rsi, (long)regs->rdx, (long)regs->r10,
		    (long)regs->r8, (long)regs->r9);
	if (unlikely(is_error(ret)))
		s->errors++;
	return ret;
}

long syscall_dispatch(const struct pt_regs *regs, u64 nr)
{
	long ret;

	if (likely(!strace_on))
		return call(regs, nr);
	strace_enter(regs);
	ret = call(regs, nr);
	strace_exit(regs, ret);
	return ret;
}

static int syscalls_show(struct seq_file *m)
{
	seq_puts(m, "number name calls errors\n");
	for (unsigned int nr = 0; nr < NR_SYSCALLS; nr++) {
		const struct syscall_slot *s = &syscall_table[nr];

		if (s->calls)
			seq_printf(m, "%u %s %llu %llu\n", nr, s->desc ? s->desc->name : "-",
				   (unsigned long long)s->calls, (unsigned long long)s->errors);
	}
	seq_printf(m, "- unknown %llu %llu\n", (unsigned long long)unknown_calls,
		   (unsigned long long)unknown_calls);
	return 0;
}

void syscall_table_init(void)
{
	static const struct proc_ops ops = { .show = syscalls_show };

	for (size_t i = 0; i < NR_SYSCALLS; i++)
		syscall_table[i].fn = (syscall_fn)(void *)sys_absent;
	for (size_t a = 0; a < ARRAY_SIZE(areas); a++) {
		for (size_t i = 0; i < *areas[a].nr; i++) {
			const struct syscall_desc *d = &areas[a].rows[i];
			struct syscall_slot *s = &syscall_table[d->nr];

			BUG_ON(d->nr >= NR_SYSCALLS || s->desc);
			s->desc = d;
			if (d->fn)
				s->fn = d->fn;
		}
	}
	proc_create("syscalls", 0444, &ops, NULL);
}
