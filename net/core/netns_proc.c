// SPDX-License-Identifier: BSD-2-Clause
/*
 * Namespaces by command. Where Linux has a file system of namespaces, /proc/net/netns takes what
 * "ip netns" and "ip link add" of the shell want, one command a write, and shows the namespaces:
 *
 *   add NAME                           a namespace (loopback up)
 *   del NAME                           its name goes, and it with its last socket; -EBUSY while a
 *                                      thread is inside
 *   enter NAME                         the calling thread and those it makes from now on
 *   link KIND NAME NETNS PEER NETNS    a pair of devices ("veth")
 *   unlink NAME                        a device of the caller's namespace that was made this way
 *
 * The first namespace is called "init_net", the caller's own ".". All in thread context. Left out: moving a device from
 * one namespace to another.
 */
#include <errno.h>
#include <kernel/fs/procfs.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/sched/thread.h>
#include <net/netdevice.h>
#include <net/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WORDS 6

/* ---- namespaces ---- */

static struct net *find_named(const char *name)
{
	struct net *net;

	if (!strcmp(name, "."))
		return current_net();
	for_each_net(net)
	{
		if (net->named && !strcmp(net->name, name))
			return net;
	}
	return NULL;
}

struct net *get_net_ns_by_name(const char *name)
{
	struct net *net = find_named(name);

	return net ? get_net(net) : NULL;
}

static int netns_add(struct seq_file *m, char **words)
{
	struct net *net;

	if (strlen(words[1]) >= sizeof(net->name))
		return -ENAMETOOLONG;
	if (find_named(words[1]))
		return -EEXIST;
	net = net_create(words[1]);
	if (IS_ERR(net))
		return (int)PTR_ERR(net);
	net->named = true;
	return 0;
}

static void thread_is_inside(struct thread *t, void *arg)
{
	struct net **net = arg;

	if (t->net_ns == *net)
		*net = NULL;
}

static int netns_del(struct seq_file *m, char **words)
{
	struct net *net = find_named(words[1]), *used = net;

	if (!net)
		return -ENOENT;
	if (net == &init_net)
		return -EBUSY;
	for_each_thread(thread_is_inside, &used);
	if (!used)
		return -EBUSY;
	net->named = false;
	put_net(net);
	return 0;
}

static int netns_enter(struct seq_file *m, char **words)
{
	struct net *net = find_named(words[1]);

	if (!net)
		return -ENOENT;
	current->net_ns = net;
	return 0;
}

/* ---- links ---- */

static int link_add(struct seq_file *m, char **words)
{
	const struct rtnl_link_ops *ops = rtnl_link_ops_get(words[1]);
	struct net *net = find_named(words[3]), *peer_net = find_named(words[5]);
	struct net_device *dev;

	if (!ops)
		return -EOPNOTSUPP;
	if (!net || !peer_net)
		return -ENOENT;
	dev = ops->newlink(net, words[2], peer_net, words[4]);
	return IS_ERR(dev) ? (int)PTR_ERR(dev) : 0;
}

static int link_del(struct seq_file *m, char **words)
{
	struct net_device *dev = __dev_get_by_name(m->net, words[1]);

	if (!dev)
		return -ENODEV;
	if (!dev->rtnl_link_ops)
		return -EOPNOTSUPP;
	dev->rtnl_link_ops->dellink(dev);
	return 0;
}

/* ---- the file ---- */

static const struct {
	const char *verb;
	int words;
	int (*run)(struct seq_file *m, char **words);
} commands[] = {
	{"add", 2, netns_add},	 {"del", 2, netns_del},	    {"enter", 2, netns_enter},
	{"link", 6, link_add},	 {"unlink", 2, link_del},
};

static ssize_t netns_write(struct seq_file *m, char *text, size_t len)
{
	char *words[MAX_WORDS + 1], *save;
	int n = 0, err;
	size_t i;

	for (words[n] = strtok_r(text, " \t\n", &save); words[n] && n < MAX_WORDS;)
		words[++n] = strtok_r(NULL, " \t\n", &save);
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (words[n] || n != commands[i].words || strcmp(words[0], commands[i].verb))
			continue;
		err = commands[i].run(m, words);
		return err ? err : (ssize_t)len;
	}
	return -EINVAL;
}

static int netns_show(struct seq_file *m)
{
	struct net *net;

	seq_puts(m, "name             id sockets devices\n");
	for_each_net(net)
	{
		struct net_device *dev;
		int devices = 0;

		if (!net->named)
			continue;
		list_for_each_entry(dev, &net->dev_base_head, dev_list)
			devices++;
		seq_printf(m, "%-15s %3u %7d %7d\n", net->name, net->ns_id, net->sock_inuse,
			   devices);
	}
	return 0;
}

void netns_proc_init(void)
{
	static const struct proc_ops ops = {.show = netns_show, .write = netns_write};
	int err = proc_create("net/netns", 0644, &ops, NULL);

	if (err)
		pr_err("net: no /proc/net/netns: %d\n", err);
}
