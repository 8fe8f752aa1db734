/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rate limit for log lines: `burst` lines in each window of `interval_ms`. The first line after a
 * window in which some were held back says how many. Any context.
 */
#include <kernel/lib/printk.h>
#include <kernel/time/clock.h>

bool __ratelimit(struct ratelimit_state *rs)
{
	u64 now_ms = ktime_get_ns() / NSEC_PER_MSEC;

	if (!rs->window_start_ms || now_ms - rs->window_start_ms >= rs->interval_ms) {
		unsigned int missed = rs->missed;

		rs->window_start_ms = now_ms ? now_ms : 1;
		rs->printed = 0;
		rs->missed = 0;
		if (missed)
			pr_warn("%u messages suppressed\n", missed);
	}
	if (rs->printed >= rs->burst) {
		rs->missed++;
		return false;
	}
	rs->printed++;
	return true;
}
