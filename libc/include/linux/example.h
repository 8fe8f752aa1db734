/* SPDX-License-Identifier: BSD-2-Clause */
/* AF_EXAMPLE, the family that docs/adding-a-protocol-family.md walks through: datagrams between
 * ports, right on top of Ethernet. */
#ifndef _LINUX_EXAMPLE_H
#define _LINUX_EXAMPLE_H

#include <stdint.h>
#include <sys/socket.h>

#define AF_EXAMPLE  46
#define ETH_P_EXAMPLE 0x88B5 /* IEEE 802: local experimental EtherType 1 */

struct sockaddr_example {
	sa_family_t sex_family;	 /* AF_EXAMPLE */
	uint16_t sex_port;	 /* host order; 0 on bind = any free one */
	int32_t sex_ifindex;	 /* 0 = loopback */
	unsigned char sex_mac[6]; /* station; all ones = everybody on the link */
	unsigned char sex_pad[2];
};
_Static_assert(sizeof(struct sockaddr_example) == 16, "ABI");

#endif
