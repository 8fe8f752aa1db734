/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_SIM_RNG_H
#define BW_TESTS_HOSTED_SIM_RNG_H

/* The dice of the simulation: the same run for the same seed (xorshift64*). */
#include <kernel/lib/types.h>

struct rng {
	u64 state;
};
static inline void rng_seed(struct rng *r, u64 seed, u64 stream)
{
	r->state = 0x5851f42dull ^ (seed * 0x9e3779b97f4a7c15ull) ^
		   (stream * 0xd1342543de82ef95ull);
	r->state += !r->state;
}
static inline u64 rng_next(struct rng *r)
{
	u64 x = r->state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	r->state = x;
	return x * 0x2545f4914f6cdd1dull;
}
/* 0 .. ceil - 1; 0 for ceil 0. */
static inline u32 rng_below(struct rng *r, u32 ceil)
{
	return ceil ? (u32)((rng_next(r) >> 33) % ceil) : 0;
}
static inline u32 rng_between(struct rng *r, u32 low, u32 high)
{
	return low + rng_below(r, high - low + 1);
}
/* True once in n. */
static inline bool rng_one_in(struct rng *r, u32 n)
{
	return rng_below(r, n) == 0;
}
static inline bool rng_permille(struct rng *r, u32 permille)
{
	return permille && rng_below(r, 1000) < permille;
}
/* Small values mostly, large ones seldom: up to `high`. */
static inline u32 rng_skewed(struct rng *r, u32 high)
{
	return rng_below(r, 1 + rng_below(r, 1 + rng_below(r, high + 1)));
}

#endif /* BW_TESTS_HOSTED_SIM_RNG_H */
