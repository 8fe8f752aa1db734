// SPDX-License-Identifier: BSD-2-Clause
/*
 * Usage: discard [-t|-u] [-o OFFSET]    throws away what it receives
 *
 * The discard service (RFC 863) alone, on its well-known port plus OFFSET, over TCP and UDP, or
 * over one of them. A program of its own because that is what people start by name; all it does is
 * in apps/lib/small_services.c. Runs until the machine is powered off.
 * Left out: IPv6, until the stack has it.
 */
#include <apps/lib/small_services.h>

int main(int argc, char **argv)
{
	return small_services_main(argc, argv, SERVICE_DISCARD);
}
