/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_RUNTIME_H
#define BW_TESTS_HOSTED_RUNTIME_H

/* Brings the hosted kernel up; once, by the constructor in stack.c. */
void hosted_start(void);

#endif /* BW_TESTS_HOSTED_RUNTIME_H */
