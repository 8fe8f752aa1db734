/* SPDX-License-Identifier: BSD-2-Clause */
/* MIN, MAX and the old limits. */
#ifndef _SYS_PARAM_H
#define _SYS_PARAM_H

#include <limits.h>
#include <endian.h>

#define MIN(a, b)	((a) < (b) ? (a) : (b))
#define MAX(a, b)	((a) > (b) ? (a) : (b))
#define MAXHOSTNAMELEN	HOST_NAME_MAX
#define MAXPATHLEN	PATH_MAX

#endif
