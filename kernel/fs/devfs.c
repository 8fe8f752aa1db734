// SPDX-License-Identifier: BSD-2-Clause
/*
 * /dev: a directory of the root file system, with a node for each device that a driver registers.
 *
 * A driver calls dev_register("ttyS1", &fops, its state); open("/dev/ttyS1") makes a struct file
 * with these operations. Two names may lead to the same driver (console and ttyS0). A node belongs
 * to its device; a name that is linked, renamed or removed changes nothing about that. What else
 * programs expect in /dev is made here, too: fd, stdin, stdout and stderr as links to
 * /proc/self/fd, and shm, the directory of shm_open(3).
 *
 * Thread context and boot. Numbers are Linux's (Documentation/admin-guide/devices.txt) where
 * the device is one of Linux's. Left out: block devices, terminals of programs (ptmx, pts).
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/devfs.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/slab.h>
#include <string.h>
#include <sys/stat.h>

#define MISC_MAJOR 10u /* Linux's number for miscellaneous character devices */
#define MKDEV(major, minor) ((major) << 8 | (minor))

struct device_entry {
	const char *name;
	const struct file_operations *fops; /* NULL: the driver is gone */
	void *priv;
	unsigned int number;
};

static const struct {
	const char *name;
	unsigned int number;
} known_numbers[] = {
	{ "null", MKDEV(1, 3) },    { "zero", MKDEV(1, 5) },	{ "full", MKDEV(1, 7) },
	{ "random", MKDEV(1, 8) },  { "urandom", MKDEV(1, 9) }, { "tty", MKDEV(5, 0) },
	{ "console", MKDEV(5, 1) }, { "ttyS0", MKDEV(4, 64) },	{ "ttyS1", MKDEV(4, 65) },
};

static unsigned int number_of(const char *name)
{
	static unsigned int next_minor;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known_numbers); i++)
		if (!strcmp(known_numbers[i].name, name))
			return known_numbers[i].number;
	return MKDEV(MISC_MAJOR, next_minor++);
}

static struct ramfs_inode *dev_dir(void)
{
	struct ramfs_inode *dir = inode_at(AT_FDCWD, "/dev", true);

	if (IS_ERR(dir))
		panic("VFS: no /dev (%ld)", PTR_ERR(dir));
	return dir;
}

int dev_register(const char *name, const struct file_operations *fops, void *priv)
{
	struct qstr q = { name, strlen(name) };
	struct ramfs_inode *dir = dev_dir(), *inode = ramfs_lookup(dir, &q);
	u32 mode = fops->mode & 07777 ? fops->mode & 07777 : 0666;
	struct device_entry *d;

	BUG_ON(strchr(name, '/') || !fops);
	if (inode) {
		ramfs_put(inode);
		ramfs_put(dir);
		return -EEXIST;
	}
	d = kzalloc(sizeof(*d), GFP_KERNEL);
	inode = d ? ramfs_create(dir, &q, S_IFCHR | mode, NULL) : ERR_PTR(-ENOMEM);
	ramfs_put(dir);
	if (IS_ERR(inode)) {
		kfree(d);
		return (int)PTR_ERR(inode);
	}
	d->name = name;
	d->fops = fops;
	d->priv = priv;
	d->number = number_of(name);
	inode->dev = d;
	ramfs_put(inode);
	return 0;
}

/*
 * The node goes; its entry stays for whoever still has the inode, as a device that nobody drives.
 */
int dev_unregister(const char *name)
{
	struct qstr q = { name, strlen(name) };
	struct ramfs_inode *dir = dev_dir(), *inode = ramfs_lookup(dir, &q);
	int err = inode && S_ISCHR(inode->mode) ? 0 : -ENOENT;

	if (!err) {
		ramfs_unlink(dir, &q);
		if (inode->count == 1) {
			kfree((void *)inode->dev);
			inode->dev = NULL;
		} else {
			((struct device_entry *)inode->dev)->fops = NULL;
		}
	}
	ramfs_put(inode);
	ramfs_put(dir);
	return err;
}

static const struct file_operations no_fops = { .name = "device:", .mode = S_IFCHR };

struct file *chrdev_open(const struct device_entry *d, u32 flags)
{
	struct file *f;
	int err;

	if (!d || !d->fops)
		return ERR_PTR(-ENXIO);
	f = file_alloc(d->fops, d->priv, flags);
	if (IS_ERR(f) || !d->fops->open)
		return f;
	err = d->fops->open(f);
	if (!err)
		return f;
	f->f_op = &no_fops; /* what was never opened is not released */
	fput(f);
	return ERR_PTR(err);
}

unsigned long dev_number(const struct device_entry *d)
{
	return d ? d->number : 0;
}

static const struct {
	const char *name, *text;
} dev_links[] = {
	{ "/dev/fd", "/proc/self/fd" },
	{ "/dev/stdin", "/proc/self/fd/0" },
	{ "/dev/stdout", "/proc/self/fd/1" },
	{ "/dev/stderr", "/proc/self/fd/2" },
};

void devfs_init(void)
{
	struct ramfs_inode *dir;
	size_t i;
	int err = do_mkdirat(AT_FDCWD, "/dev", 0755);

	if (!err)
		err = do_mkdirat(AT_FDCWD, "/dev/shm", 01777);
	for (i = 0; !err && i < ARRAY_SIZE(dev_links); i++)
		err = do_symlinkat(dev_links[i].text, AT_FDCWD, dev_links[i].name);
	if (err)
		panic("VFS: cannot make /dev (%d)", err);
	dir = dev_dir();
	dir->mountpoint = true;
	ramfs_put(dir);
}
