// SPDX-License-Identifier: BSD-2-Clause
/*
 * /dev: the registry of character devices and the tree that shows it.
 *
 * A driver calls dev_register("ttyS1", &fops, its state); open("/dev/ttyS1") makes a struct file
 * with these operations. Two names may lead to the same driver (console and ttyS0).
 *
 * Thread context and boot; the list changes only when drivers come and go. Device numbers are given
 * out in order, nobody opens by number. Left out: block devices, subdirectories, mknod.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/devfs.h>
#include <kernel/fs/dirent.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/slab.h>
#include <string.h>
#include <sys/stat.h>

#define DEV_MAJOR 10u /* Linux's number for miscellaneous character devices */

struct device_entry {
	struct list_head node;
	const char *name;
	const struct file_operations *fops;
	void *priv;
	unsigned int minor;
};

static LIST_HEAD(devices);

static struct device_entry *dev_find(const char *name)
{
	struct device_entry *d;

	list_for_each_entry(d, &devices, node)
		if (!strcmp(d->name, name))
			return d;
	return NULL;
}

int dev_register(const char *name, const struct file_operations *fops, void *priv)
{
	static unsigned int next_minor;
	struct device_entry *d;

	BUG_ON(strchr(name, '/') || !fops);
	if (dev_find(name))
		return -EEXIST;
	d = kzalloc(sizeof(*d), GFP_KERNEL);
	if (!d)
		return -ENOMEM;
	d->name = name;
	d->fops = fops;
	d->priv = priv;
	d->minor = next_minor++;
	list_add_tail(&d->node, &devices);
	return 0;
}

int dev_unregister(const char *name)
{
	struct device_entry *d = dev_find(name);

	if (!d)
		return -ENOENT;
	list_del(&d->node);
	kfree(d);
	return 0;
}

/* The device for a path below /dev; ERR_PTR(-ENOENT), or -ENOTDIR for one below a device. */
static struct device_entry *dev_lookup(const char *path)
{
	size_t len = strcspn(path, "/");
	struct device_entry *d;

	list_for_each_entry(d, &devices, node)
		if (!strncmp(d->name, path, len) && !d->name[len])
			return path[len] ? ERR_PTR(-ENOTDIR) : d;
	return ERR_PTR(-ENOENT);
}

static int devfs_getdents(struct file *f, long *pos, void *dirbuf, size_t size)
{
	struct dir_context ctx = DIR_CONTEXT_INIT(dirbuf, size, pos);
	struct device_entry *d;

	(void)f;
	if (!dir_emit_dots(&ctx))
		return dir_result(&ctx);
	list_for_each_entry(d, &devices, node)
		if (!dir_emit(&ctx, d->name, d->minor + 2ul, DT_CHR))
			break;
	return dir_result(&ctx);
}

static long devfs_llseek(struct file *f, long offset, int whence)
{
	return generic_llseek(f, offset, whence, 0);
}

static const struct file_operations devfs_dir_fops = {
	.name = "/dev",
	.llseek = devfs_llseek,
	.getdents = devfs_getdents,
};

static struct file *devfs_open(const char *path, int flags, u32 mode)
{
	struct device_entry *d;
	struct file *f;
	int err;

	(void)mode;
	if (!path[0])
		return file_alloc(&devfs_dir_fops, NULL, (u32)flags);
	d = dev_lookup(path);
	if (IS_ERR(d))
		return PTR_ERR(d) == -ENOENT && (flags & O_CREAT) ? ERR_PTR(-EROFS) : (void *)d;
	f = file_alloc(d->fops, d->priv, (u32)flags & ~(u32)(O_CREAT | O_TRUNC | O_NOCTTY));
	if (IS_ERR(f) || !d->fops->open)
		return f;
	err = d->fops->open(f);
	if (err) {
		f->f_op = &devfs_dir_fops; /* what was never opened is not released */
		fput(f);
		return ERR_PTR(err);
	}
	return f;
}

static int devfs_stat(const char *path, struct stat *st)
{
	struct device_entry *d;

	if (!path[0]) {
		stat_directory(st, 1);
		return 0;
	}
	d = dev_lookup(path);
	if (IS_ERR(d))
		return (int)PTR_ERR(d);
	st->st_mode = d->fops->mode ? d->fops->mode : S_IFCHR | 0666;
	st->st_nlink = 1;
	st->st_ino = d->minor + 2ul;
	st->st_rdev = DEV_MAJOR << 8 | d->minor;
	st->st_blksize = PAGE_SIZE;
	return 0;
}

static int devfs_dir_path(const struct file *f, char *buf, size_t size)
{
	if (f->f_op != &devfs_dir_fops || !size)
		return -ENOTDIR;
	*buf = '\0';
	return 0;
}

static const struct vfs_ops devfs_ops = {
	.open = devfs_open,
	.stat = devfs_stat,
	.dir_path = devfs_dir_path,
	.magic = 0x1373, /* Linux's DEVFS_SUPER_MAGIC */
};
static struct vfs_mount devfs_mount = { .prefix = "dev", .ops = &devfs_ops };

void devfs_init(void)
{
	vfs_register_mount(&devfs_mount);
}
