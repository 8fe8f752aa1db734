// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the compiler calls instead of emitting code: bit counts and 128-bit division (the names and
 * meanings of libgcc's manual, "Integer library routines").
 *
 * The compiler's own library is not linked, because it is built with a red zone, which interrupts
 * on the same stack would destroy. Called from compiled code in any context. Left out: everything
 * about floating point, for there are no registers for it.
 */
#include <stdint.h>

typedef unsigned __int128 u128;

int __popcountdi2(uint64_t v);
u128 __udivti3(u128 num, u128 den);
u128 __umodti3(u128 num, u128 den);
__int128 __divti3(__int128 num, __int128 den);
__int128 __modti3(__int128 num, __int128 den);

/* Sums of ones in 2, 4 and 8 bits, then of all bytes by one multiplication. */
int __popcountdi2(uint64_t v)
{
	v -= (v >> 1) & 0x5555555555555555ULL;
	v = (v & 0x3333333333333333ULL) + ((v >> 2) & 0x3333333333333333ULL);
	v = (v + (v >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
	return (int)((v * 0x0101010101010101ULL) >> 56);
}

/* One bit of the quotient a turn. Division by zero gives all ones and the numerator as remainder.
 */
static u128 divide(u128 num, u128 den, u128 *rest)
{
	u128 quotient = 0, r = 0;

	for (int bit = 127; bit >= 0; bit--) {
		r = r << 1 | ((num >> bit) & 1);
		if (r >= den) {
			r -= den;
			quotient |= (u128)1 << bit;
		}
	}
	*rest = r;
	return quotient;
}

u128 __udivti3(u128 num, u128 den)
{
	u128 rest;

	return divide(num, den, &rest);
}

u128 __umodti3(u128 num, u128 den)
{
	u128 rest;

	divide(num, den, &rest);
	return rest;
}

static u128 magnitude(__int128 v)
{
	return v < 0 ? -(u128)v : (u128)v;
}

__int128 __divti3(__int128 num, __int128 den)
{
	u128 rest, q = divide(magnitude(num), magnitude(den), &rest);

	return (__int128)((num < 0) != (den < 0) ? -q : q);
}

__int128 __modti3(__int128 num, __int128 den)
{
	u128 rest;

	divide(magnitude(num), magnitude(den), &rest);
	return (__int128)(num < 0 ? -rest : rest);
}
