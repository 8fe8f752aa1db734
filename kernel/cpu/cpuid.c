// SPDX-License-Identifier: BSD-2-Clause
/*
 * Processor features (Intel SDM volume 2, CPUID; AMD APM volume 3 appendix E).
 * cpu_features_init() runs first thing in kernel_main(), before anything asks cpu_has(). Leaves
 * beyond what the processor says it has are not read, since old ones answer with another leaf.
 */
#include <kernel/cpu/cpuid.h>
#include <string.h>

enum cpuid_register { EAX, EBX, ECX, EDX };

static const struct {
	const char *name;
	u32 leaf;
	enum cpuid_register reg;
	u32 bit;
} features[NR_CPU_FEATURES] = {
	[CPU_APIC] = { "apic", 1, EDX, 9 },
	[CPU_X2APIC] = { "x2apic", 1, ECX, 21 },
	[CPU_TSC_DEADLINE] = { "tsc_deadline", 1, ECX, 24 },
	[CPU_INVARIANT_TSC] = { "invariant_tsc", 0x80000007, EDX, 8 },
	[CPU_RDRAND] = { "rdrand", 1, ECX, 30 },
	[CPU_RDSEED] = { "rdseed", 7, EBX, 18 },
	[CPU_NX] = { "nx", 0x80000001, EDX, 20 },
	[CPU_PGE] = { "pge", 1, EDX, 13 },
	[CPU_PDPE1GB] = { "pdpe1gb", 0x80000001, EDX, 26 },
	[CPU_SMEP] = { "smep", 7, EBX, 7 },
	[CPU_SMAP] = { "smap", 7, EBX, 20 },
	[CPU_UMIP] = { "umip", 7, ECX, 2 },
	[CPU_ERMS] = { "erms", 7, EBX, 9 },
	[CPU_FSRM] = { "fsrm", 7, EDX, 4 },
	[CPU_FXSR] = { "fxsr", 1, EDX, 24 },
	[CPU_XSAVE] = { "xsave", 1, ECX, 26 },
	[CPU_FSGSBASE] = { "fsgsbase", 7, EBX, 0 },
	[CPU_HYPERVISOR] = { "hypervisor", 1, ECX, 31 },
};

struct cpu_info cpu_info;

const char *cpu_feature_name(enum cpu_feature f)
{
	return features[f].name;
}

static u32 register_value(const struct cpuid_regs *r, enum cpuid_register reg)
{
	return reg == EAX ? r->eax : reg == EBX ? r->ebx : reg == ECX ? r->ecx : r->edx;
}

static void read_names(void)
{
	struct cpuid_regs r = cpuid(0, 0);

	memcpy(cpu_info.vendor, &r.ebx, 4);
	memcpy(cpu_info.vendor + 4, &r.edx, 4);
	memcpy(cpu_info.vendor + 8, &r.ecx, 4);
	if (cpu_info.max_ext_leaf < 0x80000004)
		return;
	for (u32 i = 0; i < 3; i++) {
		r = cpuid(0x80000002 + i, 0);
		memcpy(cpu_info.model + 16 * i, &r, 16);
	}
}

void cpu_features_init(void)
{
	cpu_info.max_leaf = cpuid(0, 0).eax;
	cpu_info.max_ext_leaf = cpuid(0x80000000, 0).eax;
	read_names();
	for (u32 i = 0; i < NR_CPU_FEATURES; i++) {
		u32 leaf = features[i].leaf;
		u32 max_leaf = leaf >= 0x80000000 ? cpu_info.max_ext_leaf : cpu_info.max_leaf;
		struct cpuid_regs r;

		if (leaf > max_leaf)
			continue;
		r = cpuid(leaf, 0);
		if (register_value(&r, features[i].reg) >> features[i].bit & 1)
			cpu_info.features |= (u32)BIT(i);
	}
}
