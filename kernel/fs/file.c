// SPDX-License-Identifier: BSD-2-Clause
/*
 * struct file: what an open descriptor leads to, counted.
 *
 * A descriptor holds one reference and every running system call another, so that close() under a
 * blocked call frees the file only when that call has left it. The last fput() takes the file out
 * of the epoll instances that watch it, then calls its release.
 *
 * Called by everything that opens: net/socket.c, pipes, eventpoll, /proc, /dev. Thread context;
 * file_alloc() never sleeps, fput() may (release). The number of files is bounded by fs.file-max,
 * by default a tenth of memory at 1 KiB each and at least 8192, as Linux counts it.
 */
#include <errno.h>
#include <kernel/fs/eventpoll.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/flock.h>
#include <kernel/fs/sysctl.h>
#include <kernel/fs/vfs.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>

#define NR_FILE_MIN 8192ul
#define NR_OPEN_LIMIT 65536u

struct files_limits files_limits = { .nr_open = NR_OPEN_LIMIT, .file_max = NR_FILE_MIN };
static struct kmem_cache *filp_cachep;

struct file *file_alloc(const struct file_operations *op, void *private_data, u32 flags)
{
	static unsigned long last_ino; /* only ever grows; thread context */
	struct file *f;

	if (unlikely(files_limits.nr_files >= files_limits.file_max)) {
		pr_warn_ratelimited("VFS: file-max limit %lu reached", files_limits.file_max);
		return ERR_PTR(-ENFILE);
	}
	f = kmem_cache_alloc(filp_cachep, GFP_KERNEL);
	if (unlikely(!f))
		return ERR_PTR(-ENOMEM);
	files_limits.nr_files++;
	refcount_set(&f->f_count, 1);
	f->f_flags = flags;
	f->f_pos = 0;
	f->f_op = op;
	f->private_data = private_data;
	INIT_LIST_HEAD(&f->f_ep);
	f->f_ino = ++last_ino;
	f->f_path = NULL;
	return f;
}

static void __fput(struct file *f)
{
	if (unlikely(!list_empty(&f->f_ep)))
		eventpoll_release(f);
	if (unlikely(nr_flocks))
		flock_release(f);
	if (f->f_op->release)
		f->f_op->release(f);
	if (f->f_path) {
		path_put(f->f_path);
		kfree(f->f_path);
	}
	BUG_ON(!list_empty(&f->f_ep));
	BUG_ON(!files_limits.nr_files);
	files_limits.nr_files--;
	kmem_cache_free(filp_cachep, f);
}

void fput(struct file *f)
{
	if (refcount_dec_and_test(&f->f_count))
		__fput(f);
}

unsigned long nr_open_files(void)
{
	return files_limits.nr_files;
}

/* fs.file-nr: files in use, free ones kept (never any), the limit. */
static int proc_file_nr(const struct ctl_table *t, void *data, bool write, char *text, size_t size)
{
	unsigned long nr[3] = { files_limits.nr_files, 0, files_limits.file_max };

	(void)data;
	return proc_doulongvec_minmax(t, nr, write, text, size);
}

static const struct ctl_table fs_table[] = {
	{ .procname = "file-max", .data = &files_limits.file_max,
	  .maxlen = sizeof(files_limits.file_max), .mode = 0644,
	  .handler = proc_doulongvec_minmax, .extra1 = 1, .extra2 = 1l << 30 },
	{ .procname = "file-nr", .data = &files_limits.nr_files,
	  .maxlen = 3 * sizeof(unsigned long), .mode = 0444, .handler = proc_file_nr },
	{ .procname = "nr_open", .data = &files_limits.nr_open,
	  .maxlen = sizeof(files_limits.nr_open), .mode = 0644,
	  .handler = proc_douintvec_minmax, .extra1 = FD_WORD_BITS, .extra2 = SYSCTL_NR_OPEN_MAX },
};

void files_init(void)
{
	unsigned long kib = totalram_pages() * (PAGE_SIZE / 1024);

	filp_cachep = kmem_cache_create("filp", sizeof(struct file), 0, 0);
	if (!filp_cachep)
		panic("VFS: no memory for the cache of files");
	files_limits.file_max = max(kib / 10, NR_FILE_MIN);
	if (register_sysctl("fs", fs_table, ARRAY_SIZE(fs_table)))
		panic("VFS: cannot register fs.* sysctls");
}
