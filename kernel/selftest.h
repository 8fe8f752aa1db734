/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_SELFTEST_H
#define BW_KERNEL_SELFTEST_H

/* Do what selftest=NAME on the command line asks for, after everything is up. */
void selftest_run(void);

#endif /* BW_KERNEL_SELFTEST_H */
