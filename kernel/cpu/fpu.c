// SPDX-License-Identifier: BSD-2-Clause
/*
 * Saving and restoring the x87, SSE and AVX registers (Intel SDM volume 1 chapter 13, volume 3
 * chapter 13). fpu_init() turns on XSAVE with every state that the processor has and that needs no
 * setting up of its own: x87, SSE, AVX and AVX-512; not protection keys, AMX or supervisor states.
 * Without XSAVE (QEMU's default processor) FXSAVE carries x87 and SSE. Thread context.
 */
#include <kernel/cpu/cpuid.h>
#include <kernel/cpu/fpu.h>
#include <kernel/cpu/msr.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <string.h>

#define XSTATE_X87 BIT(0)
#define XSTATE_SSE BIT(1)
#define XSTATE_AVX BIT(2)
#define XSTATE_AVX512 (BIT(5) | BIT(6) | BIT(7))
#define CPUID_XSTATE 0xd
#define FCW_INIT 0x37f
#define MXCSR_INIT 0x1f80
#define MXCSR_MASK_DEFAULT 0xffbf /* where FXSAVE says 0 (volume 1 section 11.6.6) */

struct fxsave_area {
	u16 fcw, fsw;
	u8 ftw, reserved;
	u16 fop;
	u64 rip, rdp;
	u32 mxcsr, mxcsr_mask;
	u8 st[8][16], xmm[16][16];
	u8 unused[96];
};
static_assert(sizeof(struct fxsave_area) == FXSAVE_SIZE, "FXSAVE area");

struct xsave_area {
	struct fxsave_area fx;
	u64 xstate_bv, xcomp_bv, reserved[6];
};

static struct {
	size_t size;
	u64 xcr0; /* 0: no XSAVE */
	u32 mxcsr_mask;
} fpu;

static void xsetbv(u64 v)
{
	__asm__ volatile("xsetbv" : : "c"(0), "a"((u32)v), "d"((u32)(v >> 32)));
}

static void init_xsave(void)
{
	struct cpuid_regs r = cpuid(CPUID_XSTATE, 0);
	u64 has = (u64)r.edx << 32 | r.eax, use = XSTATE_X87 | XSTATE_SSE;

	if (has & XSTATE_AVX)
		use |= XSTATE_AVX;
	if ((has & XSTATE_AVX) && (has & XSTATE_AVX512) == XSTATE_AVX512)
		use |= XSTATE_AVX512;
	write_cr4(read_cr4() | X86_CR4_OSXSAVE);
	xsetbv(use);
	fpu.xcr0 = use;
	fpu.size = cpuid(CPUID_XSTATE, 0).ebx; /* of what is on now */
}

static u32 read_mxcsr_mask(void)
{
	static struct fxsave_area area __aligned(16);

	__asm__ volatile("fxsave64 %0" : "=m"(area));
	return area.mxcsr_mask ? area.mxcsr_mask : MXCSR_MASK_DEFAULT;
}

void fpu_init(void)
{
	BUG_ON(!cpu_has(CPU_FXSR)); /* part of x86-64 */
	write_cr4(read_cr4() | X86_CR4_OSFXSR | X86_CR4_OSXMMEXCPT);
	fpu.size = FXSAVE_SIZE;
	if (cpu_has(CPU_XSAVE) && cpu_info.max_leaf >= CPUID_XSTATE)
		init_xsave();
	fpu.mxcsr_mask = read_mxcsr_mask();
	pr_debug("fpu: %s, features 0x%lx, %zu bytes a thread\n",
		 fpu.xcr0 ? "XSAVE" : "FXSAVE", fpu_features(), fpu.size);
}

size_t fpu_area_size(void)
{
	return fpu.size;
}

u64 fpu_features(void)
{
	return fpu.xcr0 ? fpu.xcr0 : XSTATE_X87 | XSTATE_SSE;
}

bool fpu_has_xsave(void)
{
	return fpu.xcr0 != 0;
}

void fpu_init_area(void *area)
{
	struct fxsave_area *fx = area;

	memset(area, 0, fpu.size);
	fx->fcw = FCW_INIT;
	fx->mxcsr = MXCSR_INIT;
	fx->mxcsr_mask = fpu.mxcsr_mask;
}

void fpu_save(void *area)
{
	if (fpu.xcr0)
		__asm__ volatile("xsave64 (%0)"
				 :
				 : "r"(area), "a"((u32)fpu.xcr0), "d"((u32)(fpu.xcr0 >> 32))
				 : "memory");
	else
		__asm__ volatile("fxsave64 (%0)" : : "r"(area) : "memory");
}

void fpu_restore(const void *area)
{
	if (fpu.xcr0)
		__asm__ volatile("xrstor64 (%0)"
				 :
				 : "r"(area), "a"((u32)fpu.xcr0), "d"((u32)(fpu.xcr0 >> 32))
				 : "memory");
	else
		__asm__ volatile("fxrstor64 (%0)" : : "r"(area) : "memory");
}

bool fpu_area_valid(const void *area)
{
	const struct xsave_area *xs = area;
	u64 reserved = 0;

	if (xs->fx.mxcsr & ~fpu.mxcsr_mask)
		return false;
	if (!fpu.xcr0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(xs->reserved); i++)
		reserved |= xs->reserved[i];
	return !(xs->xstate_bv & ~fpu.xcr0) && !xs->xcomp_bv && !reserved;
}
