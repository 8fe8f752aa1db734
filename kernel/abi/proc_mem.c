// SPDX-License-Identifier: BSD-2-Clause
/*
 * A program's memory in /proc: self/maps, self/smaps, self/smaps_rollup, self/statm, the Vm lines
 * of self/status, in Linux's formats; the vm sysctls that programs read before they choose how to
 * allocate; and the end of a program that the kernel cannot give a page while it copies.
 *
 * Called by procfs and kernel/mm in thread context. Left out: of smaps what only swap, several
 * processes and memory groups give a value.
 */
#include <errno.h>
#include <kernel/abi/proc_mem.h>
#include <kernel/abi/signal.h>
#include <kernel/fs/file.h>
#include <kernel/fs/procfs.h>
#include <kernel/fs/sysctl.h>
#include <kernel/fs/vfs.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/thread.h>
#include <limits.h>
#include <sys/stat.h>

#define KIB(pages) ((pages) * (PAGE_SIZE >> 10))
#define NAME_COLUMN 73

const char *vma_name(const struct vm_area_struct *vma, char *buf, size_t size)
{
	const struct mm_struct *mm = vma->mm;
	const char *name = vma->path;

	if (!name && vma->ops && vma->ops->name)
		name = vma->ops->name(vma);
	if (!name && vma->file)
		name = file_text(vma->file, buf, size);
	if (name)
		return IS_ERR(name) ? "" : name;
	if (vma->start < mm->brk && vma->end > mm->start_brk)
		return "[heap]";
	if (vma->start <= mm->start_stack && vma->end > mm->start_stack)
		return "[stack]";
	return "";
}

/* One line of maps; buf is room for the name. */
static void show_area(struct seq_file *m, const struct vm_area_struct *vma, char *buf)
{
	struct stat st = { 0 };
	const char *name = vma_name(vma, buf, PATH_MAX);
	size_t before = m->count;

	if (vma->file && vma->file->f_op->fstat)
		vma->file->f_op->fstat(vma->file, &st);
	seq_printf(m, "%08lx-%08lx %c%c%c%c %08lx %02x:%02x %lu ", vma->start, vma->end,
		   vma->flags & VM_READ ? 'r' : '-', vma->flags & VM_WRITE ? 'w' : '-',
		   vma->flags & VM_EXEC ? 'x' : '-', vma->flags & VM_MAYSHARE ? 's' : 'p',
		   vma->file ? vma->pgoff << PAGE_SHIFT : 0, (unsigned int)(st.st_dev >> 8 & 0xfff),
		   (unsigned int)(st.st_dev & 0xff), (unsigned long)st.st_ino);
	if (*name) {
		while (m->count - before < NAME_COLUMN && !m->overflow)
			seq_putc(m, ' ');
		seq_puts(m, name);
	}
	seq_putc(m, '\n');
}

static void show_sizes(struct seq_file *m, const struct mm_usage *u)
{
	unsigned long shared_file = u->file - u->file_written;

	seq_printf(m,
		   "Rss:            %8lu kB\nPss:            %8lu kB\n"
		   "Pss_Dirty:      %8lu kB\n"
		   "Shared_Clean:   %8u kB\nShared_Dirty:   %8u kB\n"
		   "Private_Clean:  %8lu kB\nPrivate_Dirty:  %8lu kB\n",
		   KIB(u->anon + u->file), KIB(u->anon + u->file), KIB(u->anon + u->file_written),
		   0, 0, KIB(shared_file), KIB(u->anon + u->file_written));
	seq_printf(m,
		   "Referenced:     %8lu kB\nAnonymous:      %8lu kB\n"
		   "KSM:            %8u kB\n"
		   "LazyFree:       %8u kB\nAnonHugePages:  %8lu kB\n"
		   "ShmemPmdMapped: %8u kB\nFilePmdMapped:  %8u kB\n"
		   "Shared_Hugetlb: %8u kB\nPrivate_Hugetlb: %7u kB\n"
		   "Swap:           %8u kB\nSwapPss:        %8u kB\nLocked:         %8u kB\n",
		   KIB(u->anon + u->file), KIB(u->anon), 0, 0, KIB(u->huge), 0, 0, 0, 0, 0, 0, 0);
}

static void show_flags(struct seq_file *m, u32 flags)
{
	static const struct {
		u32 flag;
		const char *text;
	} names[] = {
		{ VM_READ, "rd" },	{ VM_WRITE, "wr" },	 { VM_EXEC, "ex" },
		{ VM_SHARED, "sh" },	{ VM_MAYREAD, "mr" },	 { VM_MAYWRITE, "mw" },
		{ VM_MAYEXEC, "me" },	{ VM_MAYSHARE, "ms" },	 { VM_GROWSDOWN, "gd" },
		{ VM_LOCKED, "lo" },	{ VM_SEQ_READ, "sr" },	 { VM_RAND_READ, "rr" },
		{ VM_DONTCOPY, "dc" },	{ VM_NORESERVE, "nr" },	 { VM_WIPEONFORK, "wf" },
		{ VM_DONTDUMP, "dd" },	{ VM_HUGEPAGE, "hg" },	 { VM_NOHUGEPAGE, "nh" },
	};

	seq_puts(m, "VmFlags: ");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (flags & names[i].flag)
			seq_printf(m, "%s ", names[i].text);
	}
	seq_putc(m, '\n');
}

/* private: whether each area comes with its sizes. */
static int maps_show(struct seq_file *m)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma = mm ? mm_next_area(mm, NULL) : NULL;
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL);
	struct mm_usage usage;

	if (!buf)
		return -ENOMEM;
	for (; vma; vma = mm_next_area(mm, vma)) {
		show_area(m, vma, buf);
		if (!m->private)
			continue;
		mm_area_usage(vma, &usage);
		seq_printf(m,
			   "Size:           %8lu kB\nKernelPageSize: %8lu kB\n"
			   "MMUPageSize:    %8lu kB\n",
			   (vma->end - vma->start) >> 10, KIB(1UL), KIB(1UL));
		show_sizes(m, &usage);
		seq_printf(m, "THPeligible:    %8u\n", !!(vma->flags & VM_HUGEPAGE));
		show_flags(m, vma->flags);
	}
	kfree(buf);
	return 0;
}

static int rollup_show(struct seq_file *m)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma = mm ? mm_next_area(mm, NULL) : NULL;
	struct mm_usage sum = { 0 }, one;
	unsigned long end = 0;

	if (!vma)
		return 0;
	seq_printf(m, "%08lx-", vma->start);
	for (; vma; vma = mm_next_area(mm, vma)) {
		mm_area_usage(vma, &one);
		sum.anon += one.anon;
		sum.file += one.file;
		sum.file_written += one.file_written;
		sum.huge += one.huge;
		end = vma->end;
	}
	seq_printf(m, "%08lx ---p 00000000 00:00 0                          [rollup]\n", end);
	show_sizes(m, &sum);
	return 0;
}

static unsigned long text_pages(const struct mm_struct *mm)
{
	return (ALIGN_UP(mm->end_code, PAGE_SIZE) - (mm->start_code & PAGE_MASK)) >> PAGE_SHIFT;
}

static int statm_show(struct seq_file *m)
{
	const struct mm_struct *mm = current->mm;

	if (!mm) {
		seq_puts(m, "0 0 0 0 0 0 0\n");
		return 0;
	}
	seq_printf(m, "%lu %lu %lu %lu 0 %lu 0\n", mm->total_vm, mm->rss_anon + mm->rss_file,
		   mm->rss_file, text_pages(mm), mm->data_vm + mm->stack_vm);
	return 0;
}

void proc_mem_status(struct seq_file *m, const struct mm_struct *mm)
{
	unsigned long text = text_pages(mm);

	seq_printf(m,
		   "VmPeak:\t%8lu kB\nVmSize:\t%8lu kB\nVmLck:\t%8lu kB\nVmPin:\t%8u kB\n"
		   "VmHWM:\t%8lu kB\nVmRSS:\t%8lu kB\n",
		   KIB(mm->hiwater_vm), KIB(mm->total_vm), KIB(mm->locked_vm), 0,
		   KIB(mm->hiwater_rss), KIB(mm->rss_anon + mm->rss_file));
	seq_printf(m,
		   "RssAnon:\t%8lu kB\nRssFile:\t%8lu kB\nRssShmem:\t%8u kB\nVmData:\t%8lu kB\n"
		   "VmStk:\t%8lu kB\nVmExe:\t%8lu kB\nVmLib:\t%8lu kB\nVmPTE:\t%8lu kB\n"
		   "VmSwap:\t%8u kB\n",
		   KIB(mm->rss_anon), KIB(mm->rss_file), 0, KIB(mm->data_vm), KIB(mm->stack_vm),
		   KIB(text), KIB(mm->exec_vm > text ? mm->exec_vm - text : 0), KIB(mm->nr_tables),
		   0);
}

static const struct proc_ops maps_ops = { .show = maps_show };
static const struct proc_ops rollup_ops = { .show = rollup_show };
static const struct proc_ops statm_ops = { .show = statm_show };

static int thp_show(struct seq_file *m)
{
	seq_puts(m, "always [madvise] never\n");
	return 0;
}
static const struct proc_ops thp_ops = { .show = thp_show };

/* --- settings -------------------------------------------------------------------------------- */

/* The others say what is so, whatever is written. */
static int overcommit_ratio = 50, max_map_count = MAX_MAP_COUNT, mmap_min_addr = MMAP_MIN_ADDR,
	   swappiness, randomize_va_space = 2;

static const struct ctl_table vm_sysctls[] = {
	{ .procname = "overcommit_memory", .data = &sysctl_overcommit_memory, .maxlen = sizeof(int),
	  .mode = 0644, .handler = proc_dointvec_minmax, .extra1 = 0, .extra2 = 2 },
	{ .procname = "overcommit_ratio", .data = &overcommit_ratio, .maxlen = sizeof(int),
	  .mode = 0644, .handler = proc_dointvec },
	{ .procname = "max_map_count", .data = &max_map_count, .maxlen = sizeof(int),
	  .mode = 0444, .handler = proc_dointvec },
	{ .procname = "mmap_min_addr", .data = &mmap_min_addr, .maxlen = sizeof(int),
	  .mode = 0444, .handler = proc_dointvec },
	{ .procname = "swappiness", .data = &swappiness, .maxlen = sizeof(int),
	  .mode = 0444, .handler = proc_dointvec },
};
static const struct ctl_table va_sysctls[] = {
	{ .procname = "randomize_va_space", .data = &randomize_va_space, .maxlen = sizeof(int),
	  .mode = 0444, .handler = proc_dointvec },
};

/*
 * A page could not be had while the kernel copied for the program: the call fails, and its thread
 * ends with the program on the way back.
 */
static void out_of_memory(unsigned long addr)
{
	if (!current_user || current_user->process->exiting ||
	    signals_waiting(current_user) & sigmask(SIGKILL))
		return;
	pr_err("out of memory: killed %s, at a system call's access to 0x%lx\n",
	       current_user->comm, addr);
	send_signal(current_user->process, NULL, SIGKILL, NULL);
}

void abi_memory_init(void)
{
	if (cmdline_get("norandmaps"))
		randomize_va_space = 0;
	mm_out_of_memory = out_of_memory;
	if (proc_create("self/maps", 0444, &maps_ops, NULL) ||
	    proc_create("self/smaps", 0444, &maps_ops, (void *)1) ||
	    proc_create("self/smaps_rollup", 0444, &rollup_ops, NULL) ||
	    proc_create("self/statm", 0444, &statm_ops, NULL) ||
	    sysfs_create("kernel/mm/transparent_hugepage/enabled", 0444, &thp_ops, NULL) ||
	    register_sysctl("vm", vm_sysctls, ARRAY_SIZE(vm_sysctls)) ||
	    register_sysctl("kernel", va_sysctls, ARRAY_SIZE(va_sysctls)))
		panic("no memory for a program's memory in /proc");
}
