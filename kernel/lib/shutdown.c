// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who still has something to deliver when the program has ended. TCP registers at start-up;
 * kernel/exit.c asks until nobody is busy or its patience ends. Thread context.
 */
#include <errno.h>
#include <kernel/lib/shutdown.h>

static shutdown_busy_t checks[SHUTDOWN_MAX_CHECKS];
static unsigned int nchecks;

int shutdown_register(shutdown_busy_t busy)
{
	if (nchecks == SHUTDOWN_MAX_CHECKS)
		return -ENOSPC;
	checks[nchecks++] = busy;
	return 0;
}

bool shutdown_busy(void)
{
	for (unsigned int i = 0; i < nchecks; i++) {
		if (checks[i]())
			return true;
	}
	return false;
}
