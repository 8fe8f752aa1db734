/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_FS_TEST_H
#define BW_TESTS_HOSTED_FS_TEST_H

/*
 * What the tests of kernel/fs share: a program with an empty descriptor table for each test, files
 * whose readiness the test sets, and threads in virtual time.
 */
#include <tests/hosted/services/hosted.h>
#include <tests/hosted/test.h>

#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/iov_iter.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/thread.h>
#include <kernel/sys.h>
#include <kernel/time/clock.h>
#include <string.h>

/* For TEST_UP_DOWN: a fresh descriptor table; afterwards every file and all memory must be back. */
int fs_up(void **state);
int fs_down(void **state);
#define FS_TEST(fn) TEST_UP_DOWN(fn, fs_up, fs_down)

/* A file that says of itself what the test wants. */
struct fake_file {
	wait_queue_head_t wq;
	u32 mask;	   /* ready events */
	unsigned int polls; /* times it was asked */
	bool released;
	struct file *file;
};
/* Its descriptor. The fake_file must be static: it is released when the test is over. */
int fake_open(struct fake_file *ff);
/* Set what is ready and wake with these events (0: wake without saying which). */
void fake_ready(struct fake_file *ff, u32 mask, u32 wake_events);

/* Virtual milliseconds since start. */
u64 now_ms(void);

#endif /* BW_TESTS_HOSTED_FS_TEST_H */
