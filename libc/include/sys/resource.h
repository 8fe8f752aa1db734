/* SPDX-License-Identifier: BSD-2-Clause */
/* Limits; RLIMIT_NOFILE is the one that means something here. */
#ifndef _SYS_RESOURCE_H
#define _SYS_RESOURCE_H

#include <bits/types.h>

#define RLIMIT_CPU	0
#define RLIMIT_STACK	3
#define RLIMIT_CORE	4
#define RLIMIT_NOFILE	7
#define RLIMIT_AS	9
#define RLIM_INFINITY	(~0UL)

typedef unsigned long rlim_t;

struct rlimit {
	rlim_t rlim_cur;
	rlim_t rlim_max;
};
_Static_assert(sizeof(struct rlimit) == 16, "ABI");

int getrlimit(int resource, struct rlimit *lim);
int setrlimit(int resource, const struct rlimit *lim);

#endif
