/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_EXAMPLE_H
#define BW_NET_EXAMPLE_H

/* The example family's door for kernel/main.c and the tests; programs use <linux/example.h>. */
void example_family_init(void);
int example_init(void);
void example_exit(void);

#endif /* BW_NET_EXAMPLE_H */
