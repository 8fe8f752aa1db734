/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_SELFTEST_H
#define BW_KERNEL_SELFTEST_H

/*
 * Breaking the kernel on purpose.
 */

/* Do what selftest=NAME on the command line asks for, after everything is up. */
void selftest_run(void);
/* kernel/selftest_mm.c; panics when something is wrong. */
void selftest_mm(void);
/* kernel/selftest_sched.c; the same. */
void selftest_sched(void);
void selftest_clock(void);

#endif /* BW_KERNEL_SELFTEST_H */
