/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CSPRNG: ChaCha20 (RFC 8439) with fast key erasure (D. J. Bernstein, "Fast-key-erasure
 * random-number generators", 2017). A refill runs the cipher under the key over four blocks; the
 * first 32 bytes replace the key, the rest is handed out and wiped as it goes. So whoever reads the
 * state learns nothing of what was handed out before.
 *
 * New input is absorbed 32 bytes at a time: exclusive-or into the key, then one block under it
 * makes the next key. Whoever does not know the key learns and decides nothing by choosing the
 * input, and input that he does not know hides the next key from one who knew the last. Every
 * refill absorbs the time stamp counter, every 256th words of RDRAND where it exists.
 *
 * Any context. Seeding at start-up is in random_seed.c.
 */
#include <kernel/lib/bug.h>
#include <kernel/lib/chacha.h>
#include <kernel/lib/random.h>
#include <kernel/sched/irqflags.h>
#include <kernel/time/cycles.h>
#include <string.h>

#define KEY_BYTES (CHACHA_KEY_WORDS * 4)
#define POOL_BLOCKS 4
#define POOL_BYTES (POOL_BLOCKS * CHACHA_BLOCK_SIZE)
#define HW_EVERY 256 /* refills */

/* [i] interrupts off. Per CPU when there are more. */
static struct {
	u32 key[CHACHA_KEY_WORDS];
	u8 pool[POOL_BYTES];
	size_t used; /* bytes of pool that are gone; the key's share included */
	u64 refills;
} rng = { .used = POOL_BYTES };

/* Keeps the compiler from dropping stores to memory that is not read again. */
static void wipe(void *p, size_t len)
{
	memset(p, 0, len);
	__asm__ __volatile__("" : : "r"(p) : "memory");
}

/* One absorbed block of input, at most KEY_BYTES. `domain` keeps it apart from output blocks. */
static void absorb(const void *data, size_t len)
{
	static const u32 domain[3] = { 0x61627362, 0, 0 };
	u8 *key = (u8 *)rng.key, block[CHACHA_BLOCK_SIZE];

	BUG_ON(len > KEY_BYTES);
	for (size_t i = 0; i < len; i++)
		key[i] ^= ((const u8 *)data)[i];
	chacha20_block(rng.key, (u32)len, domain, block);
	memcpy(rng.key, block, KEY_BYTES);
	wipe(block, sizeof(block));
}

static void refill(void)
{
	static const u32 nonce[3];
	u64 hw[4], now = get_cycles();

	absorb(&now, sizeof(now));
	if (rng.refills++ % HW_EVERY == 0) {
		size_t n = random_hw_words(hw, ARRAY_SIZE(hw));

		absorb(hw, n * sizeof(hw[0]));
		wipe(hw, sizeof(hw));
	}
	for (u32 i = 0; i < POOL_BLOCKS; i++)
		chacha20_block(rng.key, i, nonce, rng.pool + i * CHACHA_BLOCK_SIZE);
	memcpy(rng.key, rng.pool, KEY_BYTES);
	wipe(rng.pool, KEY_BYTES);
	rng.used = KEY_BYTES;
}

void get_random_bytes(void *buf, size_t len)
{
	u8 *out = buf;

	while (len) {
		unsigned long flags = local_irq_save();
		size_t n;

		if (rng.used == POOL_BYTES)
			refill();
		n = min(len, POOL_BYTES - rng.used);
		memcpy(out, rng.pool + rng.used, n);
		wipe(rng.pool + rng.used, n);
		rng.used += n;
		local_irq_restore(flags);
		out += n;
		len -= n;
	}
}

u32 get_random_u32(void)
{
	u32 v;

	get_random_bytes(&v, sizeof(v));
	return v;
}

u64 get_random_u64(void)
{
	u64 v;

	get_random_bytes(&v, sizeof(v));
	return v;
}

/*
 * Lemire, "Fast random integer generation in an interval" (2019): the high word of a product, with the
 * few low words rejected that would make some results likelier.
 */
u32 get_random_u32_below(u32 ceil)
{
	u64 m;
	u32 least;

	BUG_ON(ceil == 0);
	m = (u64)get_random_u32() * ceil;
	if ((u32)m < ceil) {
		least = -ceil % ceil;
		while ((u32)m < least)
			m = (u64)get_random_u32() * ceil;
	}
	return (u32)(m >> 32);
}

void add_entropy(const void *buf, size_t len)
{
	const u8 *in = buf;
	unsigned long flags;
	size_t n;

	for (; len; in += n, len -= n) {
		n = min_t(size_t, len, KEY_BYTES);
		flags = local_irq_save();
		absorb(in, n);
		/* What lies in the pool came from before. */
		wipe(rng.pool, POOL_BYTES);
		rng.used = POOL_BYTES;
		local_irq_restore(flags);
	}
}

void random_set_key(const u32 key[8])
{
	unsigned long flags = local_irq_save();

	memcpy(rng.key, key, sizeof(rng.key));
	wipe(rng.pool, POOL_BYTES);
	rng.used = POOL_BYTES;
	rng.refills = 0;
	local_irq_restore(flags);
}
