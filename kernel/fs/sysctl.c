// SPDX-License-Identifier: BSD-2-Clause
/*
 * Sysctls: tables of named values that appear as files under /proc/sys.
 *
 * Each row of a registered table becomes a /proc entry; reading and writing it, sysctl_read() and
 * sysctl_write() by dotted name, and the sysctl.NAME=VALUE words of the command line all come down
 * to the row's handler with the address of its data: the row's own, or for a per-namespace table
 * the copy inside the struct net of whoever asks.
 *
 * Called at boot by whoever has limits to offer, by programs through /proc/sys and by the shell;
 * thread context. Linux's rules on repeated writes at a file offset are left out: every write call
 * is one whole value.
 */
#include <errno.h>
#include <kernel/fs/procfs.h>
#include <kernel/fs/sysctl.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/list.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define SYSCTL_TEXT_MAX PAGE_SIZE
#define SYSCTL_PATH_MAX 256

/* What a /proc entry's private points at. */
struct sysctl_entry {
	const struct ctl_table *t;
	bool per_net; /* t->data is an offset into struct net */
};

struct ctl_table_header {
	struct list_head node;
	const char *path;
	const struct ctl_table *table;
	struct net *net; /* registered for this one only */
	size_t n;
	struct sysctl_entry entries[];
};

static LIST_HEAD(sysctl_headers);

static void *entry_data(const struct sysctl_entry *e, struct net *net)
{
	if (!e->per_net)
		return e->t->data;
	BUG_ON(!net);
	return (char *)net + (size_t)e->t->data;
}

static int entry_write(const struct sysctl_entry *e, struct net *net, char *text, size_t size)
{
	int err;

	if (!(e->t->mode & 0222))
		return -EPERM;
	err = e->t->handler(e->t, entry_data(e, net), true, text, size);
	if (!err && e->t->changed)
		e->t->changed(net, e->t);
	return err;
}

static int sysctl_show(struct seq_file *m)
{
	const struct sysctl_entry *e = m->private;
	char *text = kmalloc(SYSCTL_TEXT_MAX, GFP_KERNEL);
	int err;

	if (!text)
		return -ENOMEM;
	err = e->t->handler(e->t, entry_data(e, m->net), false, text, SYSCTL_TEXT_MAX);
	if (!err) {
		seq_puts(m, text);
		seq_putc(m, '\n');
	}
	kfree(text);
	return err;
}

static ssize_t sysctl_file_write(struct seq_file *m, char *text, size_t len)
{
	int err = entry_write(m->private, m->net, text, len + 1);

	return err ? err : (ssize_t)len;
}

static const struct proc_ops sysctl_rw_ops = { .show = sysctl_show, .write = sysctl_file_write };
static const struct proc_ops sysctl_ro_ops = { .show = sysctl_show };
static const struct proc_ops sysctl_wo_ops = { .write = sysctl_file_write };

static const struct proc_ops *sysctl_ops_for(u32 mode)
{
	if (!(mode & 0222))
		return &sysctl_ro_ops;
	return mode & 0444 ? &sysctl_rw_ops : &sysctl_wo_ops;
}

/* "sys/PATH/NAME" into buf. */
static void entry_path(char *buf, const char *path, const char *name)
{
	int len = snprintf(buf, SYSCTL_PATH_MAX, "sys/%s/%s", path, name);

	BUG_ON(len < 0 || len >= SYSCTL_PATH_MAX);
}

static void remove_entries(struct ctl_table_header *h, size_t n)
{
	char path[SYSCTL_PATH_MAX];

	while (n-- > 0) {
		entry_path(path, h->path, h->table[n].procname);
		proc_remove_net(h->net, path);
	}
}

static int do_register(struct net *net, const char *path, const struct ctl_table *table, size_t n,
		       bool per_net)
{
	struct ctl_table_header *h = kzalloc(sizeof(*h) + n * sizeof(h->entries[0]), GFP_KERNEL);
	char buf[SYSCTL_PATH_MAX];
	int err = 0;
	size_t i;

	if (!h)
		return -ENOMEM;
	h->path = kstrdup(path, GFP_KERNEL);
	h->table = table;
	h->net = net;
	h->n = n;
	if (!h->path)
		err = -ENOMEM;
	for (i = 0; i < n && !err; i++) {
		h->entries[i].t = &table[i];
		h->entries[i].per_net = per_net;
		entry_path(buf, path, table[i].procname);
		err = proc_create_net(net, buf, table[i].mode, sysctl_ops_for(table[i].mode),
				      &h->entries[i]);
	}
	if (err) {
		if (i)
			remove_entries(h, i - 1);
		kfree(h->path);
		kfree(h);
		return err;
	}
	list_add_tail(&h->node, &sysctl_headers);
	return 0;
}

int register_sysctl(const char *path, const struct ctl_table *table, size_t n)
{
	return do_register(NULL, path, table, n, false);
}

int register_net_sysctl(const char *path, const struct ctl_table *table, size_t n)
{
	return do_register(NULL, path, table, n, true);
}

int register_sysctl_in_net(struct net *net, const char *path, const struct ctl_table *table,
			   size_t n)
{
	return do_register(net, path, table, n, false);
}

int unregister_sysctl(const char *path, const struct ctl_table *table)
{
	struct ctl_table_header *h;

	list_for_each_entry(h, &sysctl_headers, node) {
		if (h->table != table || strcmp(h->path, path))
			continue;
		remove_entries(h, h->n);
		list_del(&h->node);
		kfree(h->path);
		kfree(h);
		return 0;
	}
	return -ENOENT;
}

/*
 * As sysctl(8): the first separator tells which kind the name uses, the other one is part of names
 * then ("net.ipv4.conf.eth0/5.forwarding" is the interface eth0.5).
 */
static int name_to_path(const char *name, char *path)
{
	bool dotted = name[strcspn(name, "./")] == '.';
	int len = snprintf(path, SYSCTL_PATH_MAX, "sys/%s", name);
	char *p;

	if (len < 0 || len >= SYSCTL_PATH_MAX)
		return -ENOENT;
	for (p = path + strlen("sys/"); dotted && *p; p++)
		*p = *p == '.' ? '/' : *p == '/' ? '.' : *p;
	return 0;
}

static int find_entry(struct net *net, const char *name, const struct sysctl_entry **e)
{
	const struct proc_ops *ops;
	char path[SYSCTL_PATH_MAX];
	void *private;
	int err = name_to_path(name, path);

	if (!err)
		err = proc_lookup(net, path, &ops, &private);
	if (err || (ops != &sysctl_rw_ops && ops != &sysctl_ro_ops && ops != &sysctl_wo_ops))
		return -ENOENT;
	*e = private;
	return 0;
}

int sysctl_write(struct net *net, const char *name, const char *value)
{
	const struct sysctl_entry *e;
	char *text;
	int err;

	net = net ? net : fs_net();
	err = find_entry(net, name, &e);
	if (err)
		return err;
	text = kstrdup(value, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	err = entry_write(e, net, text, strlen(text) + 1);
	kfree(text);
	return err;
}

int sysctl_read(struct net *net, const char *name, char *text, size_t size)
{
	const struct sysctl_entry *e;
	int err;

	net = net ? net : fs_net();
	err = find_entry(net, name, &e);
	if (err)
		return err;
	if (!(e->t->mode & 0444))
		return -EPERM;
	return e->t->handler(e->t, entry_data(e, net), false, text, size);
}

/* In words, for who mistyped a name or a value. A known name may want a value that is not there. */
static const char *why_not(int err, const char *name)
{
	const struct sysctl_entry *e;

	if (err == -ENOENT)
		return find_entry(fs_net(), name, &e) ? "no such setting" : "no such value";
	if (err == -EINVAL)
		return *name ? "invalid value" : "NAME=VALUE is wanted";
	return err == -EPERM ? "not permitted" : "it cannot be set";
}

/* One word NAME=VALUE. */
static void apply_word(const char *word, void *arg)
{
	char name[SYSCTL_PATH_MAX] = "";
	const char *value = strchr(word, '=');
	size_t len = value ? (size_t)(value - word) : 0;
	int err = -EINVAL;

	if (value && len < sizeof(name)) {
		memcpy(name, word, len);
		name[len] = '\0';
		err = sysctl_write(arg, name, value + 1);
	}
	if (err)
		pr_warn("sysctl.%s: %s, ignored", word, why_not(err, name));
}

void sysctl_apply_cmdline(struct net *net)
{
	cmdline_each("sysctl.", apply_word, net);
}
