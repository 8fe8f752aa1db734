// SPDX-License-Identifier: BSD-2-Clause
/*
 * The processor's features as AT_HWCAP, AT_HWCAP2 and AT_MINSIGSTKSZ tell them (Linux's
 * arch/x86/include/asm/elf.h and Documentation/x86/elf_auxvec.rst). Programs look at CPUID itself
 * for everything else. Called when a program starts.
 */
#include <kernel/abi/hwcap.h>
#include <kernel/cpu/cpuid.h>
#include <kernel/cpu/msr.h>

#define CR4_FSGSBASE BIT(16)
#define CR4_OSXSAVE BIT(18)
#define HWCAP2_FSGSBASE BIT(1)
#define LEAF_XSTATE 0xd
#define FXSAVE_BYTES 512u
#define FRAME_BYTES 1024u /* registers, siginfo, red zone, alignment */

u64 elf_hwcap(void)
{
	return cpuid(1, 0).edx;
}

u64 elf_hwcap2(void)
{
	return read_cr4() & CR4_FSGSBASE ? HWCAP2_FSGSBASE : 0;
}

u64 elf_minsigstksz(void)
{
	u32 fpu = FXSAVE_BYTES;

	if (read_cr4() & CR4_OSXSAVE)
		fpu = cpuid(LEAF_XSTATE, 0).ebx;
	return FRAME_BYTES + ALIGN_UP(fpu, 64u);
}
