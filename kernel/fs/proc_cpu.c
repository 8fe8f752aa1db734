// SPDX-License-Identifier: BSD-2-Clause
/*
 * /proc/cpuinfo, and the processor in /sys/devices/system/cpu: the one that this machine uses, as
 * CPUID describes it (Intel's SDM, volume 2, CPUID), in Linux's format, which programs and
 * libraries count processors by.
 *
 * Called by procfs in thread context. Left out: caches in /sys, and flags that Linux makes up.
 */
#include <kernel/cpu/cpuid.h>
#include <kernel/fs/procfs.h>
#include <kernel/lib/bug.h>
#include <kernel/time/clockevent.h>
#include <string.h>

/* Names of feature bits as /proc/cpuinfo has them, by register; "" where Linux shows none. */
static const char *const features_1_edx[32] = {
	"fpu",	"vme", "de",   "pse",	"tsc", "msr", "pae", "mce", "cx8",  "apic", "",	   "sep",
	"mtrr", "pge", "mca",  "cmov",	"pat", "pse36", "pn", "clflush", "", "dts", "acpi", "mmx",
	"fxsr", "sse", "sse2", "ss",	"ht",  "tm",  "ia64", "pbe",
};
static const char *const features_1_ecx[32] = {
	"pni",	  "pclmulqdq", "dtes64", "monitor", "ds_cpl", "vmx",	 "smx",	   "est",
	"tm2",	  "ssse3",     "cid",	 "sdbg",    "fma",    "cx16",	 "xtpr",   "pdcm",
	"",	  "pcid",      "dca",	 "sse4_1",  "sse4_2", "x2apic",	 "movbe",  "popcnt",
	"tsc_deadline_timer", "aes", "xsave", "",   "avx",    "f16c",	 "rdrand", "hypervisor",
};
static const char *const features_7_ebx[32] = {
	"fsgsbase", "tsc_adjust", "",	     "bmi1",	"hle",	    "avx2",	"",	   "smep",
	"bmi2",	    "erms",	  "invpcid", "rtm",	"",	    "",		"mpx",	   "rdt_a",
	"avx512f",  "avx512dq",	  "rdseed",  "adx",	"smap",	    "avx512ifma", "",	   "clflushopt",
	"clwb",	    "intel_pt",	  "",	     "",	"avx512cd", "sha_ni",	"avx512bw", "avx512vl",
};
static const char *const features_ext_edx[32] = {
	[11] = "syscall", [20] = "nx", [22] = "mmxext", [25] = "fxsr_opt", [26] = "pdpe1gb",
	[27] = "rdtscp",  [29] = "lm",
};

static void show_features(struct seq_file *m, u32 bits, const char *const *names)
{
	for (int n = 0; n < 32; n++)
		if ((bits & (1u << n)) && names[n] && *names[n])
			seq_printf(m, " %s", names[n]);
}

static void show_flags(struct seq_file *m, u32 max_leaf)
{
	struct cpuid_regs r = cpuid(1, 0);

	seq_puts(m, "flags\t\t:");
	show_features(m, r.edx, features_1_edx);
	show_features(m, cpuid(0x80000001, 0).edx, features_ext_edx);
	show_features(m, r.ecx, features_1_ecx);
	if (max_leaf >= 7)
		show_features(m, cpuid(7, 0).ebx, features_7_ebx);
	seq_putc(m, '\n');
}

static void show_names(struct seq_file *m, const struct cpuid_regs *r)
{
	char vendor[13] = "", brand[49] = "";
	const char *name = brand;
	struct cpuid_regs part;

	memcpy(vendor, &r->ebx, 4);
	memcpy(vendor + 4, &r->edx, 4);
	memcpy(vendor + 8, &r->ecx, 4);
	for (u32 n = 0; n < 3 && cpuid(0x80000000, 0).eax >= 0x80000004; n++) {
		part = cpuid(0x80000002 + n, 0);
		memcpy(brand + 16 * n, &part.eax, 4);
		memcpy(brand + 16 * n + 4, &part.ebx, 4);
		memcpy(brand + 16 * n + 8, &part.ecx, 4);
		memcpy(brand + 16 * n + 12, &part.edx, 4);
	}
	name += strspn(name, " ");
	part = cpuid(1, 0);
	seq_printf(m, "processor\t: 0\nvendor_id\t: %s\ncpu family\t: %u\nmodel\t\t: %u\n", vendor,
		   (part.eax >> 8 & 15) + ((part.eax >> 8 & 15) == 15 ? part.eax >> 20 & 255 : 0),
		   (part.eax >> 4 & 15) + (part.eax >> 12 & 0xf0));
	seq_printf(m, "model name\t: %s\nstepping\t: %u\n", name, part.eax & 15);
}

static int cpuinfo_show(struct seq_file *m)
{
	struct cpuid_regs r = cpuid(0, 0);
	unsigned long khz = tsc_khz();

	show_names(m, &r);
	seq_printf(m, "cpu MHz\t\t: %lu.%03lu\nphysical id\t: 0\nsiblings\t: 1\ncore id\t\t: 0\n"
		   "cpu cores\t: 1\napicid\t\t: 0\ninitial apicid\t: 0\nfpu\t\t: yes\n"
		   "fpu_exception\t: yes\ncpuid level\t: %u\nwp\t\t: yes\n",
		   khz / 1000, khz % 1000, r.eax);
	show_flags(m, r.eax);
	seq_printf(m, "bugs\t\t:\nbogomips\t: %lu.%02lu\nclflush size\t: %u\n"
		   "cache_alignment\t: 64\naddress sizes\t: %u bits physical, %u bits virtual\n"
		   "power management:\n\n",
		   khz / 500, khz / 5 % 100, (cpuid(1, 0).ebx >> 8 & 255) * 8,
		   cpuid(0x80000008, 0).eax & 255, cpuid(0x80000008, 0).eax >> 8 & 255);
	return 0;
}

/* private: the text. */
static int text_show(struct seq_file *m)
{
	seq_puts(m, m->private);
	return 0;
}

static const struct proc_ops cpuinfo_ops = { .show = cpuinfo_show };
static const struct proc_ops text_ops = { .show = text_show };

#define CPU "devices/system/cpu/"
static const struct {
	const char *path, *text;
} cpu_files[] = {
	{ CPU "online", "0\n" },
	{ CPU "possible", "0\n" },
	{ CPU "present", "0\n" },
	{ CPU "offline", "\n" },
	{ CPU "kernel_max", "0\n" },
	{ CPU "cpu0/topology/core_id", "0\n" },
	{ CPU "cpu0/topology/physical_package_id", "0\n" },
	{ CPU "cpu0/topology/core_siblings", "1\n" },
	{ CPU "cpu0/topology/core_siblings_list", "0\n" },
	{ CPU "cpu0/topology/thread_siblings", "1\n" },
	{ CPU "cpu0/topology/thread_siblings_list", "0\n" },
	{ "devices/system/node/online", "0\n" },
	{ "devices/system/node/possible", "0\n" },
	{ "devices/system/node/node0/cpulist", "0\n" },
	{ "devices/system/node/node0/cpumap", "1\n" },
	{ "devices/system/clocksource/clocksource0/current_clocksource", "tsc\n" },
	{ "devices/system/clocksource/clocksource0/available_clocksource", "tsc\n" },
	{ "kernel/mm/transparent_hugepage/shmem_enabled",
	  "always within_size advise [never] deny force\n" },
	{ "kernel/mm/transparent_hugepage/hpage_pmd_size", "2097152\n" },
};

void proc_cpu_init(void)
{
	int err = proc_create("cpuinfo", 0444, &cpuinfo_ops, NULL);

	for (size_t i = 0; i < ARRAY_SIZE(cpu_files) && !err; i++)
		err = sysfs_create(cpu_files[i].path, 0444, &text_ops, (void *)cpu_files[i].text);
	if (err)
		panic("proc: no memory for the processor (%d)", err);
}
