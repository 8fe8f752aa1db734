/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_SIM_RANGES_H
#define BW_TESTS_HOSTED_SIM_RANGES_H

/* A set of sequence numbers that count from a connection's beginning: sorted, disjoint ranges. */
#include <kernel/lib/types.h>

struct range {
	u32 start, end;
};
struct ranges {
	struct range *r;
	u32 n, room;
};
void ranges_add(struct ranges *s, u32 start, u32 end);
bool ranges_hold(const struct ranges *s, u32 start, u32 end);
/* End of the range that begins at 0. */
u32 ranges_front(const struct ranges *s);
void ranges_clear(struct ranges *s);

#endif /* BW_TESTS_HOSTED_SIM_RANGES_H */
