/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_CORE_NEIGH_H
#define BW_NET_CORE_NEIGH_H

/* Between neighbour.c (states) and neigh_table.c (the table); others use <net/neighbour.h>. */
#include <net/neighbour.h>
#include <net/rtnetlink.h> /* neigh_notify() */
#include <net/skb_ops.h>

unsigned long neigh_rand_reach_time(unsigned long base);
/* nud_state, ha or the device's address changed. */
void neigh_set_output(struct neighbour *n);
void neigh_timer_handler(struct timer_list *t);
void neigh_del_timer(struct neighbour *n);
void neigh_drop_queue(struct neighbour *n, enum skb_drop_reason reason);

#endif /* BW_NET_CORE_NEIGH_H */
