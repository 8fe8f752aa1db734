/* SPDX-License-Identifier: BSD-2-Clause */
/* struct rtentry and RTF_*, under the name programs use; the kernel includes <linux/route.h>. */
#ifndef _NET_ROUTE_H
#define _NET_ROUTE_H

#include <linux/route.h>

#endif
