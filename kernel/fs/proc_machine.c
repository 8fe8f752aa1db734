// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the machine tells about itself in /proc: version, cmdline, uptime, stat, meminfo, buddyinfo,
 * slabinfo, interrupts.
 *
 * Formats are Linux's (proc(5)) wherever the same fact exists here; programs parse them. Numbers
 * that have no counterpart (swap, page cache, user and kernel time apart) are not printed, except
 * in stat, whose columns have fixed places.
 *
 * Called by procfs in thread context. Left out: per-CPU columns beyond the one CPU there is.
 */
#include <kernel/cpu/irq.h>
#include <kernel/fs/procfs.h>
#include <kernel/fs/ramfs.h>
#include <kernel/lib/cmdline.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/sched.h>
#include <kernel/sys.h>
#include <kernel/time/clock.h>
#include <kernel/time/clockevent.h>
#include <sys/utsname.h>

#define USER_HZ 100 /* what Linux counts CPU time in for programs */

static int version_show(struct seq_file *m)
{
	struct utsname u;

	utsname_for_caller(&u);
	seq_printf(m, "%s version %s %s\n", u.sysname, u.release, u.version);
	return 0;
}

static int cmdline_show(struct seq_file *m)
{
	seq_puts(m, cmdline_line());
	seq_putc(m, '\n');
	return 0;
}

/* Nanoseconds with nothing to run. */
static u64 idle_ns(void)
{
	u64 khz = tsc_khz(), cycles = sched_cpu.idle_cycles;

	if (!khz)
		return 0;
	return cycles / khz * NSEC_PER_MSEC + cycles % khz * NSEC_PER_MSEC / khz;
}

static int uptime_show(struct seq_file *m)
{
	u64 up = ktime_get_ns() / (NSEC_PER_SEC / 100), idle = idle_ns() / (NSEC_PER_SEC / 100);

	seq_printf(m, "%lu.%02lu %lu.%02lu\n", up / 100, up % 100, idle / 100, idle % 100);
	return 0;
}

struct irq_sum {
	u64 total;
};

static void add_irq(const struct irq_stat *st, void *arg)
{
	((struct irq_sum *)arg)->total += st->count;
}

static int stat_show(struct seq_file *m)
{
	u64 tick = NSEC_PER_SEC / USER_HZ, now = ktime_get_ns(), idle = min(idle_ns(), now);
	unsigned long busy_ticks = (unsigned long)((now - idle) / tick);
	unsigned long idle_ticks = (unsigned long)(idle / tick);
	struct irq_sum irqs = { .total = irq_spurious_count() };

	irq_for_each(add_irq, &irqs);
	/* user, nice, system, idle, iowait, irq, softirq: what is not idle runs in the kernel */
	seq_printf(m, "cpu  0 0 %lu %lu 0 0 0 0 0 0\n", busy_ticks, idle_ticks);
	seq_printf(m, "cpu0 0 0 %lu %lu 0 0 0 0 0 0\n", busy_ticks, idle_ticks);
	seq_printf(m, "intr %lu\n", (unsigned long)irqs.total);
	seq_printf(m, "ctxt %lu\n", (unsigned long)sched_cpu.nr_switches);
	seq_printf(m, "btime %lu\n",
		   (unsigned long)((ktime_get_real_ns() - now) / NSEC_PER_SEC));
	seq_printf(m, "processes 1\nprocs_running %u\nprocs_blocked 0\n",
		   sched_cpu.nr_running + 1);
	seq_puts(m, "softirq 0 0 0 0 0 0 0 0 0 0 0\n");
	return 0;
}

static void print_kib(struct seq_file *m, const char *name, unsigned long pages)
{
	seq_printf(m, "%-16s%8lu kB\n", name, pages * (PAGE_SIZE / 1024));
}

static int meminfo_show(struct seq_file *m)
{
	size_t limit, used;
	unsigned long files;
	struct mem_info mi;

	mem_info(&mi);
	ramfs_usage(&limit, &used);
	files = used / PAGE_SIZE;
	print_kib(m, "MemTotal:", mi.total_pages);
	print_kib(m, "MemFree:", mi.free_pages);
	print_kib(m, "MemAvailable:", mm_available_pages());
	print_kib(m, "Buffers:", 0);
	print_kib(m, "Cached:", files);
	print_kib(m, "SwapCached:", 0);
	print_kib(m, "SwapTotal:", 0);
	print_kib(m, "SwapFree:", 0);
	print_kib(m, "Shmem:", files);
	print_kib(m, "Slab:", mi.slab_pages);
	print_kib(m, "SReclaimable:", 0);
	print_kib(m, "SUnreclaim:", mi.slab_pages);
	print_kib(m, "CommitLimit:", mi.total_pages);
	print_kib(m, "Committed_AS:", mi.total_pages - mi.free_pages);
	seq_puts(m, "HugePages_Total:       0\nHugePages_Free:        0\n"
		    "Hugepagesize:       2048 kB\n");
	return 0;
}

static int buddyinfo_show(struct seq_file *m)
{
	struct mem_info mi;
	int order;

	mem_info(&mi);
	seq_puts(m, "Node 0, zone   Normal");
	for (order = 0; order <= MAX_ORDER; order++)
		seq_printf(m, " %6lu", mi.free_blocks[order]);
	seq_putc(m, '\n');
	return 0;
}

static void print_slab(const struct slab_info *c, void *arg)
{
	seq_printf(arg, "%-17s %6lu %6lu %6zu %4u %4u : tunables 0 0 0 : slabdata %6lu %6lu 0\n",
		   c->name, c->used, c->total, c->size, c->objects_per_slab, c->pages_per_slab,
		   c->slabs, c->slabs);
}

static int slabinfo_show(struct seq_file *m)
{
	seq_puts(m, "slabinfo - version: 2.1\n");
	seq_puts(m, "# name            <active_objs> <num_objs> <objsize> <objperslab> "
		    "<pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : slabdata "
		    "<active_slabs> <num_slabs> <sharedavail>\n");
	slab_for_each(print_slab, m);
	return 0;
}

static void print_irq(const struct irq_stat *st, void *arg)
{
	struct seq_file *m = arg;

	if (st->gsi >= 0)
		seq_printf(m, "%3d: %10lu   %s %d   %s\n", st->vector, (unsigned long)st->count,
			   st->chip, st->gsi, st->name);
	else
		seq_printf(m, "%3d: %10lu   %s   %s\n", st->vector, (unsigned long)st->count,
			   st->chip, st->name);
}

static int interrupts_show(struct seq_file *m)
{
	seq_puts(m, "           CPU0\n");
	irq_for_each(print_irq, m);
	seq_printf(m, "ERR: %10lu\n", (unsigned long)irq_spurious_count());
	return 0;
}

static const struct {
	const char *name;
	struct proc_ops ops;
} machine_files[] = {
	{ "version", { .show = version_show } },
	{ "cmdline", { .show = cmdline_show } },
	{ "uptime", { .show = uptime_show } },
	{ "stat", { .show = stat_show } },
	{ "meminfo", { .show = meminfo_show } },
	{ "buddyinfo", { .show = buddyinfo_show } },
	{ "slabinfo", { .show = slabinfo_show } },
	{ "interrupts", { .show = interrupts_show } },
};

void proc_machine_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(machine_files); i++)
		if (proc_create(machine_files[i].name, 0444, &machine_files[i].ops, NULL))
			panic("proc: no memory for %s", machine_files[i].name);
	proc_cpu_init();
	proc_kernel_init();
}
