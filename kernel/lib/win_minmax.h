/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_WIN_MINMAX_H
#define BW_KERNEL_LIB_WIN_MINMAX_H

/*
 * Minimum or maximum of the samples of a sliding window, in the space of three of them (Kathleen
 * Nichols' filter): the best of the window, the best since its second quarter, the best since its
 * second half. When the best grows too old the next takes its place, so that the answer is at most
 * a window old and never worse than the true one by more than what the last quarter hides.
 *
 * Times are any unit that wraps (jiffies, round trips); samples come in their order.
 */
#include <kernel/lib/types.h>

struct minmax_sample {
	u32 t, v; /* when, what */
};
struct minmax {
	struct minmax_sample s[3];
};

static inline u32 minmax_get(const struct minmax *m)
{
	return m->s[0].v;
}
/* Forget all samples but this one; returns it. */
u32 minmax_reset(struct minmax *m, u32 t, u32 v);
/* Take a sample; returns the extreme of the last `win`. */
u32 minmax_running_max(struct minmax *m, u32 win, u32 t, u32 v);
u32 minmax_running_min(struct minmax *m, u32 win, u32 t, u32 v);

#endif /* BW_KERNEL_LIB_WIN_MINMAX_H */
