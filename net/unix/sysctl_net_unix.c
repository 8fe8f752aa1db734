// SPDX-License-Identifier: BSD-2-Clause
/*
 * net.unix.max_dgram_qlen: how many messages a datagram socket's queue takes from those that it is
 * not connected to (one more, as Linux counts); a new socket begins with the namespace's value.
 *
 * Registered by unix_init().
 */
#include <kernel/fs/sysctl.h>
#include <net/af_unix.h>

static const struct ctl_table unix_table[] = {
	{.procname = "max_dgram_qlen",
	 .data = (void *)offsetof(struct net, unx.sysctl_max_dgram_qlen),
	 .maxlen = sizeof(int),
	 .mode = 0644,
	 .handler = proc_dointvec},
};

int unix_sysctl_register(void)
{
	return register_net_sysctl("net/unix", unix_table, ARRAY_SIZE(unix_table));
}
