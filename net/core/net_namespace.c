// SPDX-License-Identifier: BSD-2-Clause
/*
 * Network namespaces. init_net is made at boot by net_ns_init(); net_create() makes more. Each
 * floor registers a pernet_operations whose init() makes its tables in a new namespace and whose
 * exit() takes them away, in reverse order, when the last reference goes.
 *
 * The list of namespaces and the list of operations are the only globals here; both change only in
 * thread context, under net_mutex.
 */
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/random.h>
#include <kernel/sched/lock.h>
#include <net/net_namespace.h>
#include <kernel/mm/slab.h>
#include <string.h>

struct net init_net;
LIST_HEAD(net_namespace_list);

static LIST_HEAD(pernet_list);
static struct mutex net_mutex;
static u32 next_ns_id;

static void cleanup_net(struct work_struct *work);

static void setup_net_fields(struct net *net, const char *name)
{
	refcount_set(&net->count, 1);
	strlcpy(net->name, name, sizeof(net->name));
	net->ns_id = next_ns_id++;
	INIT_LIST_HEAD(&net->dev_base_head);
	net->next_ifindex = 1;
	INIT_WORK(&net->cleanup_work, cleanup_net);
	get_random_bytes(&net->hash_key, sizeof(net->hash_key));
	get_random_bytes(&net->isn_key, sizeof(net->isn_key));
	get_random_bytes(&net->ts_key, sizeof(net->ts_key));
	get_random_bytes(&net->syncookie_key, sizeof(net->syncookie_key));
}

/* Undo every init before `stop` (NULL: all), last first. */
static void pernet_exit(struct net *net, struct pernet_operations *stop)
{
	struct list_head *pos = stop ? stop->list.prev : pernet_list.prev;

	for (; pos != &pernet_list; pos = pos->prev) {
		struct pernet_operations *ops = list_entry(pos, struct pernet_operations, list);

		if (ops->exit)
			ops->exit(net);
	}
}

static int pernet_init(struct net *net)
{
	struct pernet_operations *ops;
	int err;

	list_for_each_entry(ops, &pernet_list, list) {
		err = ops->init ? ops->init(net) : 0;
		if (err) {
			pr_err("net: %s: %s failed with %d\n", net->name, ops->name, err);
			pernet_exit(net, ops);
			return err;
		}
	}
	return 0;
}

int register_pernet_subsys(struct pernet_operations *ops)
{
	struct net *net;
	int err = 0;

	mutex_lock(&net_mutex);
	list_add_tail(&ops->list, &pernet_list);
	for_each_net(net)
	{
		err = ops->init ? ops->init(net) : 0;
		if (err)
			break;
	}
	if (err) {
		struct net *done;

		for_each_net(done)
		{
			if (done == net)
				break;
			if (ops->exit)
				ops->exit(done);
		}
		list_del(&ops->list);
	}
	mutex_unlock(&net_mutex);
	return err;
}

void unregister_pernet_subsys(struct pernet_operations *ops)
{
	struct net *net;

	mutex_lock(&net_mutex);
	for_each_net(net)
	{
		if (ops->exit)
			ops->exit(net);
	}
	list_del(&ops->list);
	mutex_unlock(&net_mutex);
}

struct net *net_create(const char *name)
{
	struct net *net = kzalloc(sizeof(*net), GFP_KERNEL);
	int err;

	if (!net)
		return ERR_PTR(-ENOMEM);
	setup_net_fields(net, name);
	mutex_lock(&net_mutex);
	err = pernet_init(net);
	if (!err)
		list_add_tail(&net->list, &net_namespace_list);
	mutex_unlock(&net_mutex);
	if (!err)
		return net;
	kfree(net);
	return ERR_PTR(err);
}

static void cleanup_net(struct work_struct *work)
{
	struct net *net = container_of(work, struct net, cleanup_work);

	mutex_lock(&net_mutex);
	list_del(&net->list);
	pernet_exit(net, NULL);
	mutex_unlock(&net_mutex);
	WARN_ON(net->sock_inuse != 0);
	kfree(net);
}

void put_net(struct net *net)
{
	if (!refcount_dec_and_test(&net->count))
		return;
	BUG_ON(net == &init_net);
	net->dead = true;
	if (in_atomic())
		schedule_work(&net->cleanup_work);
	else
		cleanup_net(&net->cleanup_work);
}

void net_ns_init(void)
{
	BUG_ON(next_ns_id != 0);
	mutex_init(&net_mutex);
	setup_net_fields(&init_net, "init_net");
	init_net.named = true;
	list_add_tail(&init_net.list, &net_namespace_list);
}
