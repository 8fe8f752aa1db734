// SPDX-License-Identifier: BSD-2-Clause
/*
 * Devices without hardware: /dev/null, /dev/zero, /dev/full, /dev/random and /dev/urandom.
 *
 * The two random ones are the same, as in Linux since 5.6: the generator is seeded before any
 * program runs, so neither ever blocks. What a program writes into them is mixed in.
 *
 * null swallows, zero gives zeros without end, full is a disk without room (-ENOSPC) for programs
 * that want to see how they take it.
 *
 * Called through file_operations, thread context, never sleeps.
 */
#include <errno.h>
#include <kernel/fs/devfs.h>
#include <kernel/fs/iov_iter.h>
#include <kernel/fs/ramfs.h>
#include <kernel/lib/random.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/page_alloc.h>
#include <sys/epoll.h>
#include <sys/stat.h>

static ssize_t null_read(struct file *f, struct iov_iter *to, long *pos)
{
	(void)f;
	(void)to;
	(void)pos;
	return 0;
}

static ssize_t null_write(struct file *f, struct iov_iter *from, long *pos)
{
	size_t n = iov_iter_count(from);

	(void)f;
	(void)pos;
	iov_iter_advance(from, n);
	return (ssize_t)n;
}

/* Bytes moved, or -EFAULT when there was something to move and none could be. */
static ssize_t moved(size_t done, size_t wanted)
{
	return wanted && !done ? -EFAULT : (ssize_t)done;
}

static ssize_t zero_read(struct file *f, struct iov_iter *to, long *pos)
{
	size_t n = iov_iter_count(to);

	(void)f;
	(void)pos;
	return moved(iov_iter_zero(n, to), n);
}

/* As anonymous memory; shared mappings show a file without a name that each mmap() makes. */
static int zero_mmap(struct file *f, struct vm_object *o, bool shared)
{
	(void)f;
	o->file = NULL;
	o->pgoff = 0;
	if (!shared)
		return 0;
	f = ramfs_shmem((long)min(ALIGN_UP(o->len, PAGE_SIZE), TASK_SIZE));
	if (IS_ERR(f))
		return (int)PTR_ERR(f);
	o->file = f;
	o->path = "/dev/zero (deleted)";
	return f->f_op->mmap(f, o, shared);
}

static ssize_t full_write(struct file *f, struct iov_iter *from, long *pos)
{
	(void)f;
	(void)pos;
	return iov_iter_count(from) ? -ENOSPC : 0;
}

static ssize_t random_read(struct file *f, struct iov_iter *to, long *pos)
{
	size_t wanted = iov_iter_count(to), done = 0, part, n;
	u8 block[256];

	(void)f;
	(void)pos;
	do {
		part = min(wanted - done, sizeof(block));
		get_random_bytes(block, part);
		n = copy_to_iter(block, part, to);
		done += n;
	} while (n == part && done < wanted);
	__builtin_memset(block, 0, sizeof(block));
	barrier();
	return moved(done, wanted);
}

static ssize_t random_write(struct file *f, struct iov_iter *from, long *pos)
{
	size_t wanted = iov_iter_count(from), done = 0, part, n;
	u8 block[256];

	(void)f;
	(void)pos;
	do {
		part = min(wanted - done, sizeof(block));
		n = copy_from_iter(block, part, from);
		add_entropy(block, n);
		done += n;
	} while (n == part && done < wanted);
	return moved(done, wanted);
}

/* Always ready, as a plain file; but unlike one it may sit in an epoll set. */
static u32 mem_poll(struct file *f, struct poll_table *pt)
{
	(void)f;
	(void)pt;
	return EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM;
}

static long mem_llseek(struct file *f, long offset, int whence)
{
	(void)offset;
	(void)whence;
	return f->f_pos = 0;
}

#define MEM_DEVICE_MODE (S_IFCHR | 0666)

static const struct file_operations null_fops = {
	.name = "/dev/null", .mode = MEM_DEVICE_MODE, .llseek = mem_llseek,
	.read_iter = null_read, .write_iter = null_write,
};
static const struct file_operations zero_fops = {
	.name = "/dev/zero", .mode = MEM_DEVICE_MODE, .llseek = mem_llseek,
	.read_iter = zero_read, .write_iter = null_write,
	.mmap = zero_mmap,
};
static const struct file_operations full_fops = {
	.name = "/dev/full", .mode = MEM_DEVICE_MODE, .llseek = mem_llseek,
	.read_iter = zero_read, .write_iter = full_write,
};
static const struct file_operations random_fops = {
	.name = "/dev/random", .mode = MEM_DEVICE_MODE, .llseek = mem_llseek,
	.read_iter = random_read, .write_iter = random_write, .poll = mem_poll,
};

void mem_devices_init(void)
{
	if (dev_register("null", &null_fops, NULL) || dev_register("zero", &zero_fops, NULL) ||
	    dev_register("full", &full_fops, NULL) || dev_register("random", &random_fops, NULL) ||
	    dev_register("urandom", &random_fops, NULL))
		panic("VFS: cannot register the memory devices");
}
