/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_CPUID_H
#define BW_KERNEL_CPU_CPUID_H

/*
 * What the processor can do. cpu_features_init() reads CPUID once; cpu_has() is a bit test.
 */
#include <kernel/lib/types.h>

struct cpuid_regs {
	u32 eax, ebx, ecx, edx;
};
static inline struct cpuid_regs cpuid(u32 leaf, u32 subleaf)
{
	struct cpuid_regs r;

	__asm__ volatile("cpuid"
			 : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf), "c"(subleaf));
	return r;
}

enum cpu_feature {
	CPU_APIC,
	CPU_X2APIC,
	CPU_TSC_DEADLINE,
	CPU_INVARIANT_TSC,
	CPU_RDRAND,
	CPU_RDSEED,
	CPU_NX,
	CPU_PGE,
	CPU_PDPE1GB,
	CPU_SMEP,
	CPU_SMAP,
	CPU_UMIP,
	CPU_ERMS,
	CPU_FSRM,
	CPU_FXSR,
	CPU_XSAVE,
	CPU_FSGSBASE,
	CPU_HYPERVISOR,
	NR_CPU_FEATURES
};
static_assert(NR_CPU_FEATURES <= 32, "features fit one word");

struct cpu_info {
	u32 features;	  /* BIT(enum cpu_feature) */
	u32 max_leaf;	  /* highest basic leaf */
	u32 max_ext_leaf; /* highest 0x8000xxxx leaf */
	char vendor[13];
	char model[49];
};
extern struct cpu_info cpu_info;

void cpu_features_init(void);
static inline bool cpu_has(enum cpu_feature f)
{
	return cpu_info.features >> f & 1;
}
/* Name of a feature for the boot log. */
const char *cpu_feature_name(enum cpu_feature f);

#endif /* BW_KERNEL_CPU_CPUID_H */
