/* SPDX-License-Identifier: BSD-2-Clause */
/* sched_yield() and nothing else: one CPU, cooperative. */
#ifndef _SCHED_H
#define _SCHED_H

int sched_yield(void);

#endif
