// SPDX-License-Identifier: BSD-2-Clause
/* Shared by the tests of kernel/fs; see fs_test.h. */
#include <tests/hosted/fs/fs_test.h>

int fs_up(void **state)
{
	static bool started;

	if (!started)
		fs_init();
	started = true;
	if (hosted_setup(state))
		return -1;
	current->files = files_alloc();
	return current->files ? 0 : -1;
}

int fs_down(void **state)
{
	files_put(current->files);
	current->files = NULL;
	assert_int_equal(nr_open_files(), 0);
	return hosted_teardown(state);
}

static u32 fake_poll(struct file *f, struct poll_table *pt)
{
	struct fake_file *ff = f->private_data;

	ff->polls++;
	poll_wait(f, &ff->wq, pt);
	return ff->mask;
}

static int fake_release(struct file *f)
{
	struct fake_file *ff = f->private_data;

	assert_false(waitqueue_active(&ff->wq));
	ff->released = true;
	return 0;
}

static const struct file_operations fake_fops = {
	.name = "fake:",
	.poll = fake_poll,
	.release = fake_release,
};

int fake_open(struct fake_file *ff)
{
	int fd = get_unused_fd_flags(0);

	assert_true(fd >= 0);
	*ff = (struct fake_file){ .mask = 0 };
	init_waitqueue_head(&ff->wq);
	ff->file = file_alloc(&fake_fops, ff, O_RDWR);
	assert_false(IS_ERR(ff->file));
	fd_install(fd, ff->file);
	return fd;
}

void fake_ready(struct fake_file *ff, u32 mask, u32 wake_events)
{
	ff->mask = mask;
	wake_up_interruptible_poll(&ff->wq, wake_events);
}

u64 now_ms(void)
{
	return ktime_get_ns() / NSEC_PER_MSEC;
}
