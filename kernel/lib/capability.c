// SPDX-License-Identifier: BSD-2-Clause
/*
 * The question that net/ and others ask before they do what not everybody may (capability.h). The
 * answer comes from the floor that runs programs, which registers once at start; before that, and
 * in tests without programs, everything is allowed. Thread context.
 */
#include <kernel/lib/capability.h>

static bool (*capable_fn)(int cap);

bool capable(int cap)
{
	return !capable_fn || capable_fn(cap);
}

void set_capable_fn(bool (*fn)(int cap))
{
	capable_fn = fn;
}
