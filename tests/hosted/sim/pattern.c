// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the streams carry: bytes from one block of random ones, whose length is a prime, so that a
 * stream that was shifted, repeated or mixed with another differs soon.
 */
#include <string.h>
#include <tests/hosted/sim/sim.h>

#define PERIOD 65521u

static u8 block[2 * PERIOD];

static const u8 *from(u32 key, u32 pos)
{
	return block + (u32)(((u64)key * 7919 + pos) % PERIOD);
}

static void fill(void)
{
	struct rng r;
	u32 i;

	rng_seed(&r, 1, 1);
	for (i = 0; i < PERIOD; i++)
		block[i] = block[PERIOD + i] = (u8)(rng_next(&r) >> 40);
	block[0] |= 1;
	block[PERIOD] = block[0];
}

static u32 key_of(const struct sim_end *e, int side)
{
	return e->conn->id * 2 + (u32)side;
}

void pattern_write(const struct sim_end *e, u32 pos, void *buf, u32 len)
{
	u8 *p = buf;

	if (!block[0])
		fill();
	while (len) {
		u32 n = min(len, PERIOD);

		memcpy(p, from(key_of(e, e->side), pos), n);
		p += n;
		pos += n;
		len -= n;
	}
}

u32 pattern_compare(const struct sim_end *e, u32 pos, const void *buf, u32 len)
{
	u32 key = key_of(e, !e->side), done = 0, i;

	if (!block[0])
		fill();
	while (done < len) {
		const u8 *want = from(key, pos + done), *have = (const u8 *)buf + done;
		u32 n = min(len - done, PERIOD);

		if (memcmp(want, have, n)) {
			for (i = 0; want[i] == have[i]; i++)
				;
			return done + i;
		}
		done += n;
	}
	return len;
}
