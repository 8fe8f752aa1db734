/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_DRIVERS_NET_LOOPBACK_H
#define BW_DRIVERS_NET_LOOPBACK_H

/* Give this and every later namespace its lo. Once, in thread context, after net_dev_init(). */
void loopback_init(void);

#endif /* BW_DRIVERS_NET_LOOPBACK_H */
