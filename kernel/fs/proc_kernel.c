// SPDX-License-Identifier: BSD-2-Clause
/*
 * What else programs read of a Linux kernel: /proc/loadavg, filesystems, devices, swaps, vmstat,
 * and /proc/sys/kernel with its names, limits and random numbers (sysctl documentation of Linux,
 * admin-guide/sysctl/kernel.rst).
 *
 * Called by procfs in thread context. The load is the number of threads that want the processor
 * now, for all three averages: nothing keeps a history.
 */
#include <errno.h>
#include <kernel/fs/procfs.h>
#include <kernel/fs/sysctl.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/random.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/sched/sched.h>
#include <kernel/sys.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#define CAP_LAST 40
#define UUID_TEXT 40

static int loadavg_show(struct seq_file *m)
{
	unsigned int n = sched_cpu.nr_running;

	seq_printf(m, "%u.00 %u.00 %u.00 %u/%u 1\n", n, n, n, n + 1, n + 1);
	return 0;
}

static int vmstat_show(struct seq_file *m)
{
	struct mem_info mi;

	mem_info(&mi);
	seq_printf(m, "nr_free_pages %lu\nnr_slab_unreclaimable %lu\npgpgin 0\npgpgout 0\n"
		   "pswpin 0\npswpout 0\npgfault 0\npgmajfault 0\n",
		   mi.free_pages, mi.slab_pages);
	return 0;
}

/* private: the text. */
static int text_show(struct seq_file *m)
{
	seq_puts(m, m->private);
	return 0;
}

/* --- /proc/sys/kernel ------------------------------------------------------------------------ */

/* data: which one of uname()'s, by its offset. */
static int uname_handler(const struct ctl_table *t, void *data, bool write, char *text, size_t size)
{
	struct utsname u;

	if (write) {
		text[strcspn(text, "\n")] = '\0';
		if (strlen(text) >= sizeof(u.nodename))
			return -EINVAL;
		return kernel_sethostname(text);
	}
	utsname_for_caller(&u);
	snprintf(text, size, "%s", (const char *)&u + (size_t)t->data);
	return 0;
}

static void make_uuid(char *text, size_t size)
{
	u8 b[16];

	get_random_bytes(b, sizeof(b));
	b[6] = (u8)((b[6] & 0x0f) | 0x40);
	b[8] = (u8)((b[8] & 0x3f) | 0x80);
	snprintf(text, size,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
		 b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
		 b[15]);
}

static int uuid_handler(const struct ctl_table *t, void *data, bool write, char *text, size_t size)
{
	make_uuid(text, size);
	return 0;
}

static char boot_id[UUID_TEXT];
static int cap_last_cap = CAP_LAST, ngroups_max = 65536, entropy = 256, zero, one = 1,
	   hung_task_secs = 120, pid_one = 1;

static const struct ctl_table kernel_table[] = {
	{ .procname = "ostype", .data = (void *)offsetof(struct utsname, sysname),
	  .maxlen = 65, .mode = 0444, .handler = uname_handler },
	{ .procname = "osrelease", .data = (void *)offsetof(struct utsname, release),
	  .maxlen = 65, .mode = 0444, .handler = uname_handler },
	{ .procname = "version", .data = (void *)offsetof(struct utsname, version),
	  .maxlen = 65, .mode = 0444, .handler = uname_handler },
	{ .procname = "hostname", .data = (void *)offsetof(struct utsname, nodename),
	  .maxlen = 65, .mode = 0644, .handler = uname_handler },
	{ .procname = "cap_last_cap", .data = &cap_last_cap, .maxlen = sizeof(int),
	  .mode = 0444, .handler = proc_dointvec },
	{ .procname = "ngroups_max", .data = &ngroups_max, .maxlen = sizeof(int),
	  .mode = 0444, .handler = proc_dointvec },
	{ .procname = "sched_child_runs_first", .data = &zero, .maxlen = sizeof(int),
	  .mode = 0444, .handler = proc_dointvec },
	{ .procname = "tainted", .data = &zero, .maxlen = sizeof(int),
	  .mode = 0444, .handler = proc_dointvec },
	{ .procname = "dmesg_restrict", .data = &zero, .maxlen = sizeof(int),
	  .mode = 0444, .handler = proc_dointvec },
	{ .procname = "ns_last_pid", .data = &pid_one, .maxlen = sizeof(int),
	  .mode = 0444, .handler = proc_dointvec },
	{ .procname = "perf_event_paranoid", .data = &one, .maxlen = sizeof(int),
	  .mode = 0444, .handler = proc_dointvec },
	{ .procname = "hung_task_timeout_secs", .data = &hung_task_secs, .maxlen = sizeof(int),
	  .mode = 0444, .handler = proc_dointvec },
};
static const struct ctl_table random_table[] = {
	{ .procname = "boot_id", .data = boot_id, .maxlen = sizeof(boot_id), .mode = 0444,
	  .handler = proc_dostring },
	{ .procname = "uuid", .maxlen = UUID_TEXT, .mode = 0444, .handler = uuid_handler },
	{ .procname = "entropy_avail", .data = &entropy, .maxlen = sizeof(int),
	  .mode = 0444, .handler = proc_dointvec },
	{ .procname = "poolsize", .data = &entropy, .maxlen = sizeof(int),
	  .mode = 0444, .handler = proc_dointvec },
};

static const struct proc_ops loadavg_ops = { .show = loadavg_show };
static const struct proc_ops vmstat_ops = { .show = vmstat_show };
static const struct proc_ops text_ops = { .show = text_show };

static const struct {
	const char *path, *text;
} texts[] = {
	{ "filesystems", "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tsockfs\nnodev\tpipefs\n" },
	{ "swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n" },
	{ "devices", "Character devices:\n  1 mem\n  4 ttyS\n  5 /dev/tty\n  5 /dev/console\n"
		     " 10 misc\n\nBlock devices:\n" },
	{ "partitions", "major minor  #blocks  name\n\n" },
	{ "modules", "" },
};

void proc_kernel_init(void)
{
	int err = proc_create("loadavg", 0444, &loadavg_ops, NULL);

	make_uuid(boot_id, sizeof(boot_id));
	if (!err)
		err = proc_create("vmstat", 0444, &vmstat_ops, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(texts) && !err; i++)
		err = proc_create(texts[i].path, 0444, &text_ops, (void *)texts[i].text);
	if (!err)
		err = register_sysctl("kernel", kernel_table, ARRAY_SIZE(kernel_table));
	if (!err)
		err = register_sysctl("kernel/random", random_table, ARRAY_SIZE(random_table));
	if (err)
		panic("proc: no memory for /proc/sys/kernel (%d)", err);
}
