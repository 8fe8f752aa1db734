// SPDX-License-Identifier: BSD-2-Clause
/*
 * /proc and /sys: the trees of registered entries.
 *
 * Entries are found by walking names; an entry may belong to one namespace and is invisible to
 * readers of others. An open file keeps its entry alive, but once the entry was removed its show
 * and write are not called any more, since what `private` points at may be gone.
 *
 * Called by the registries of net/ and the kernel (at boot or when devices come and go) and by
 * procfs.c; thread context, never sleeps.
 */
#include <errno.h>
#include <kernel/fs/procfs_internal.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/thread.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

struct proc_entry *proc_root, *sys_root;
int proc_pid = 1;
static struct net *fs_init_net;

struct net *fs_net(void)
{
	struct thread *t = current;

	return t && t->net_ns ? t->net_ns : fs_init_net;
}

void fs_set_init_net(struct net *net)
{
	fs_init_net = net;
}

/* --- the tree -------------------------------------------------------------------------------- */

static struct proc_entry *entry_new(struct proc_entry *parent, const char *name, size_t len,
				    u32 mode)
{
	static unsigned long last_ino = 1;
	struct proc_entry *e = kzalloc(sizeof(*e) + len + 1, GFP_KERNEL);

	if (!e)
		return NULL;
	refcount_set(&e->count, 1);
	memcpy(e->name, name, len);
	e->what.mode = mode;
	e->ino = last_ino++;
	INIT_LIST_HEAD(&e->children);
	e->parent = parent;
	if (parent)
		list_add_tail(&e->sibling, &parent->children);
	return e;
}

void entry_put(struct proc_entry *e)
{
	if (refcount_dec_and_test(&e->count)) {
		BUG_ON(!e->removed || !list_empty(&e->children));
		kfree(e);
	}
}

struct proc_entry *entry_child(const struct proc_entry *dir, const char *name, size_t len,
			       const struct net *net)
{
	struct proc_entry *e, *found = NULL;

	list_for_each_entry(e, &dir->children, sibling) {
		if (strncmp(e->name, name, len) || e->name[len])
			continue;
		if (e->net == net)
			return e;
		if (!e->net)
			found = e;
	}
	return found;
}

struct proc_entry *entry_walk(struct proc_entry *root, const char *path, const struct net *net,
			      const char **rest)
{
	struct proc_entry *e = root, *next;
	size_t len;

	while (*path) {
		len = strcspn(path, "/");
		next = entry_child(e, path, len, net);
		if (!next)
			break;
		e = next;
		path += len;
		path += *path == '/';
	}
	*rest = path;
	return e;
}

/* Unlink an entry and the directories that become empty by it. */
static void entry_remove(struct proc_entry *e)
{
	struct proc_entry *parent;

	while (e->parent && list_empty(&e->children)) {
		parent = e->parent;
		list_del(&e->sibling);
		e->removed = true;
		entry_put(e);
		e = parent;
		if (e->what.dir)
			break;
	}
}

/* Make what is missing of a path; the last component gets this mode. ERR_PTR. */
static struct proc_entry *entry_make(struct proc_entry *root, struct net *net, const char *path,
				     u32 mode)
{
	const char *rest;
	struct proc_entry *e = entry_walk(root, path, net, &rest), *dir = e;
	size_t len;

	/* One that others see does not stand in the way of one that only this namespace sees. */
	if (!*rest && net && !e->net && S_ISREG(e->what.mode)) {
		dir = e->parent;
		rest = path + strlen(path) - strlen(e->name);
	}
	if (!*rest)
		return ERR_PTR(-EEXIST);
	e = dir;
	while (*rest) {
		if (!S_ISDIR(e->what.mode) || e->what.dir) {
			e = ERR_PTR(-ENOTDIR);
			break;
		}
		len = strcspn(rest, "/");
		BUG_ON(!len || len > NAME_MAX);
		dir = e;
		e = entry_new(dir, rest, len, rest[len] ? S_IFDIR | 0555 : mode);
		if (!e) {
			entry_remove(dir); /* the empty directories made so far */
			return ERR_PTR(-ENOMEM);
		}
		rest += len + (rest[len] == '/');
	}
	return e;
}

/* An entry of the tree below root, seen by net alone (NULL: by all). 0 or -errno. */
static int entry_create(struct proc_entry *root, struct net *net, const char *path,
			const struct proc_found *what)
{
	struct proc_entry *e = entry_make(root, net, path, what->mode);

	if (IS_ERR(e))
		return (int)PTR_ERR(e);
	e->net = net;
	e->what = *what;
	return 0;
}

int proc_create_net(struct net *net, const char *path, u32 mode, const struct proc_ops *ops,
		    void *private)
{
	struct proc_found what = { .mode = S_IFREG | mode, .ops = ops, .private = private };

	return entry_create(proc_root, net, path, &what);
}

int proc_create(const char *path, u32 mode, const struct proc_ops *ops, void *private)
{
	return proc_create_net(NULL, path, mode, ops, private);
}

int sysfs_create(const char *path, u32 mode, const struct proc_ops *ops, void *private)
{
	struct proc_found what = { .mode = S_IFREG | mode, .ops = ops, .private = private };

	return entry_create(sys_root, NULL, path, &what);
}

int proc_create_dir(const char *path, const struct proc_dir_ops *ops)
{
	struct proc_found what = { .mode = S_IFDIR | 0555, .dir = ops };

	return entry_create(proc_root, NULL, path, &what);
}

int sysfs_create_dir(const char *path, const struct proc_dir_ops *ops)
{
	struct proc_found what = { .mode = S_IFDIR | 0755, .dir = ops };

	return entry_create(sys_root, NULL, path, &what);
}

static int text_link(void *private, struct vfs_link *to)
{
	to->text = kstrdup(private, GFP_KERNEL);
	return to->text ? 0 : -ENOMEM;
}

int proc_create_link(const char *path, proc_link_fn fn, void *private)
{
	struct proc_found what = { .mode = S_IFLNK | 0777, .get_link = fn, .private = private };

	return entry_create(proc_root, NULL, path, &what);
}

int proc_symlink(const char *path, const char *text)
{
	return proc_create_link(path, text_link, (void *)text);
}

int sysfs_symlink(const char *path, const char *text)
{
	struct proc_found what = { .mode = S_IFLNK | 0777, .get_link = text_link,
				   .private = (void *)text };

	return entry_create(sys_root, NULL, path, &what);
}

void proc_set_pid(int pid)
{
	proc_pid = pid;
}

int proc_remove_net(struct net *net, const char *path)
{
	const char *rest;
	struct proc_entry *e = entry_walk(proc_root, path, net, &rest);

	if (*rest || e->net != net || e == proc_root || !list_empty(&e->children))
		return -ENOENT;
	entry_remove(e);
	return 0;
}

int proc_remove(const char *path)
{
	return proc_remove_net(NULL, path);
}

int proc_lookup(struct net *net, const char *path, const struct proc_ops **ops, void **private)
{
	const char *rest;
	struct proc_entry *e = entry_walk(proc_root, path, net, &rest);

	if (*rest || !e->what.ops)
		return -ENOENT;
	*ops = e->what.ops;
	*private = e->what.private;
	return 0;
}

void proc_tree_init(void)
{
	proc_root = entry_new(NULL, "", 0, S_IFDIR | 0555);
	sys_root = entry_new(NULL, "", 0, S_IFDIR | 0555);
	if (!proc_root || !sys_root)
		panic("proc: no memory for the roots");
}
