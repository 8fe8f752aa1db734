/* SPDX-License-Identifier: BSD-2-Clause */
/* The C library's name for AF_PACKET's definitions. */
#ifndef _NETPACKET_PACKET_H
#define _NETPACKET_PACKET_H

#include <linux/if_packet.h>

#endif
