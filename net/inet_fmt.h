/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_INET_FMT_H
#define BW_NET_INET_FMT_H

/* Printing addresses: printk("... " IPV4_FMT "\n", IPV4_ARG(addr)); addr is an lvalue in wire
 * order. */
#define IPV4_FMT "%u.%u.%u.%u"
#define IPV4_ARG(a) \
	((const u8 *)&(a))[0], ((const u8 *)&(a))[1], ((const u8 *)&(a))[2], ((const u8 *)&(a))[3]
#define MAC_FMT	   "%02x:%02x:%02x:%02x:%02x:%02x"
#define MAC_ARG(m) (m)[0], (m)[1], (m)[2], (m)[3], (m)[4], (m)[5]

#endif /* BW_NET_INET_FMT_H */
