/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_PACKET_H
#define BW_NET_PACKET_H

/* AF_PACKET's door for kernel/init.c; programs use <linux/if_packet.h>. */
void packet_init(void);

#endif /* BW_NET_PACKET_H */
