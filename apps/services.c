// SPDX-License-Identifier: BSD-2-Clause
/*
 * Usage: services [-t|-u] [-e] [-d] [-c] [-o OFFSET]    echo, discard and chargen together
 *
 * The small services of RFC 862, 863 and 864 in one program: all of them, or those chosen by -e
 * (echo), -d (discard) and -c (chargen), over TCP and UDP, or over one of them (-t, -u), on the
 * well-known ports plus OFFSET. What they do is in apps/lib/small_services.c.
 * Left out: IPv6, until the stack has it.
 */
#include <apps/lib/small_services.h>

int main(int argc, char **argv)
{
	return small_services_main(argc, argv, 0);
}
