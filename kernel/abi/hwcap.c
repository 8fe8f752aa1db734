// SPDX-License-Identifier: BSD-2-Clause
/*
 * The processor's features as AT_HWCAP, AT_HWCAP2 and AT_MINSIGSTKSZ tell them (Linux's
 * arch/x86/include/asm/elf.h and Documentation/x86/elf_auxvec.rst). Programs look at CPUID itself
 * for everything else. Called when a program starts.
 */
#include <kernel/abi/hwcap.h>
#include <kernel/cpu/cpuid.h>
#include <kernel/cpu/fpu.h>
#include <kernel/cpu/msr.h>

#define CR4_FSGSBASE BIT(16)
#define HWCAP2_FSGSBASE BIT(1)
#define FRAME_BYTES 1024ul /* registers, siginfo, red zone, alignment */

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
	return FRAME_BYTES + ALIGN_UP(fpu_area_size(), 64ul);
}
