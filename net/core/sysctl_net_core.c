// SPDX-License-Identifier: BSD-2-Clause
/*
 * /proc/sys/net/core: limits that belong to no protocol, with Linux's names, ranges and defaults
 * (Documentation/admin-guide/sysctl/net.rst). One copy a namespace; the receive loop, which serves
 * all namespaces, reads init_net's.
 *
 * Registered by net_dev_init() in thread context. Busy polling, RPS and qdisc names have no effect
 * here and do not appear.
 */
#include <kernel/fs/sysctl.h>
#include <kernel/mm/page_alloc.h>
#include <limits.h>
#include <net/core/dev.h>

#define CORE(member) ((void *)offsetof(struct net, core.member))
#define CORE_ROW(member, handler_fn, lo, hi)                                                    \
	{                                                                                       \
		.procname = #member, .data = CORE(member), .maxlen = sizeof(int), .mode = 0644, \
		.handler = (handler_fn), .extra1 = (lo), .extra2 = (hi)                         \
	}

/* What a buffer of the smallest packets may hold: 256 packets of 256 bytes with their overhead. */
#define SK_MEM_DEFAULT 212992
#define SOCK_MIN_SND   4608
#define SOCK_MIN_RCV   2304

static const struct ctl_table core_table[] = {
	CORE_ROW(somaxconn, proc_dointvec_minmax, 0, 65535),
	CORE_ROW(rmem_default, proc_douintvec_minmax, SOCK_MIN_RCV, INT_MAX),
	CORE_ROW(wmem_default, proc_douintvec_minmax, SOCK_MIN_SND, INT_MAX),
	CORE_ROW(rmem_max, proc_douintvec_minmax, SOCK_MIN_RCV, INT_MAX),
	CORE_ROW(wmem_max, proc_douintvec_minmax, SOCK_MIN_SND, INT_MAX),
	CORE_ROW(netdev_max_backlog, proc_dointvec_minmax, 0, INT_MAX),
	CORE_ROW(netdev_budget, proc_dointvec_minmax, 1, INT_MAX),
	CORE_ROW(netdev_budget_usecs, proc_dointvec_minmax, 0, INT_MAX),
	CORE_ROW(dev_weight, proc_dointvec_minmax, 1, INT_MAX),
	CORE_ROW(optmem_max, proc_dointvec_minmax, 0, INT_MAX),
	CORE_ROW(txrehash, proc_dointvec_minmax, 0, 1),
};

static int core_net_init(struct net *net)
{
	net->core = (struct netns_core){
		.somaxconn = 4096,
		.rmem_default = SK_MEM_DEFAULT,
		.wmem_default = SK_MEM_DEFAULT,
		.rmem_max = SK_MEM_DEFAULT,
		.wmem_max = SK_MEM_DEFAULT,
		.netdev_max_backlog = 1000,
		.netdev_budget = 300,
		.netdev_budget_usecs = 2000,
		.dev_weight = NAPI_POLL_WEIGHT,
		.optmem_max = 20480,
		.txrehash = SOCK_TXREHASH_ENABLED,
	};
	return 0;
}

static struct pernet_operations core_net_ops = {.name = "core", .init = core_net_init};

void net_core_sysctl_init(void)
{
	int err = register_pernet_subsys(&core_net_ops);

	BUG_ON(err);
	err = register_net_sysctl("net/core", core_table, ARRAY_SIZE(core_table));
	WARN_ON(err);
}
