/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the CSPRNG's first seed comes from on the machine: RDSEED and RDRAND (Intel SDM volume 1,
 * section 7.3.17) where CPUID has them, the wall clock, and the jitter of the time stamp counter
 * around work whose duration varies (CPUID leaves the virtual machine, so under an emulator its
 * time depends on the host). virtio-rng adds its bytes later through add_entropy().
 *
 * random_init() runs once at start-up; random_hw_words() in any context.
 */
#include <kernel/cpu/cpuid.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/random.h>
#include <kernel/time/clock.h>
#include <kernel/time/cycles.h>

#define HW_RETRIES 10 /* the SDM's advice for RDRAND */
#define SEED_WORDS 8
#define JITTER_SAMPLES 256

static bool rdrand64(u64 *v)
{
	bool ok;

	__asm__ __volatile__("rdrand %0" : "=r"(*v), "=@ccc"(ok));
	return ok;
}

static bool rdseed64(u64 *v)
{
	bool ok;

	__asm__ __volatile__("rdseed %0" : "=r"(*v), "=@ccc"(ok));
	return ok;
}

static bool hw_word(u64 *v)
{
	if (cpu_has(CPU_RDSEED)) {
		for (int i = 0; i < HW_RETRIES; i++)
			if (rdseed64(v))
				return true;
	}
	if (cpu_has(CPU_RDRAND)) {
		for (int i = 0; i < HW_RETRIES; i++)
			if (rdrand64(v))
				return true;
	}
	return false;
}

size_t random_hw_words(u64 *w, size_t n)
{
	size_t got = 0;

	while (got < n && hw_word(&w[got]))
		got++;
	return got;
}

void random_init(void)
{
	u64 samples[JITTER_SAMPLES], words[SEED_WORDS], now_ns[2];
	size_t n = random_hw_words(words, SEED_WORDS);

	add_entropy(words, n * sizeof(words[0]));
	for (size_t i = 0; i < JITTER_SAMPLES; i++) {
		cpuid(0, 0);
		samples[i] = get_cycles();
	}
	add_entropy(samples, sizeof(samples));
	now_ns[0] = ktime_get_real_ns();
	now_ns[1] = ktime_get_ns();
	add_entropy(now_ns, sizeof(now_ns));
	pr_info("random: seeded from %sthe time stamp counter and the clock\n",
		n ? "the processor's generator, " : "");
}
