/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_ABI_ABI_TEST_H
#define BW_TESTS_HOSTED_ABI_ABI_TEST_H

/*
 * A program of ring 3 without ring 3: the_process with threads that are threads of the hosted
 * scheduler, so that system calls can be made as from there.
 */
#include <kernel/abi/misc.h>
#include <kernel/abi/task.h>

/* For cmocka's setup and teardown: the calling thread is thread 1 of a new program. */
int program_up(void **state);
int program_down(void **state);
/* One more thread that runs fn(arg) and then leaves the program; its number. */
int program_thread(int (*fn)(void *), void *arg);
struct user_task *program_task(int tid);

#endif /* BW_TESTS_HOSTED_ABI_ABI_TEST_H */
