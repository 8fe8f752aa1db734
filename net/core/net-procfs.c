// SPDX-License-Identifier: BSD-2-Clause
/*
 * What /proc/net shows of the device layer, in Linux's formats (proc(5)): dev (counters of each
 * device), dev_mcast, softnet_stat, ptype is left out; and two of our own: dev_features, the
 * offloads of each device by name, and drop_reasons, how many packets went for which reason.
 *
 * Registered by net_proc_init(); the show functions run in thread context for the reader's
 * namespace and read counters as they are.
 */
#include <kernel/fs/procfs.h>
#include <net/core/dev.h>
#include <net/drop_reason.h>
#include <net/netdevice.h>
#include <net/skb_ops.h>

static void dev_seq_printf_stats(struct seq_file *m, const struct net_device *dev)
{
	const struct net_device_stats *s = &dev->stats;

	seq_printf(m,
		   "%6s: %7lu %7lu %4lu %4lu %4lu %5lu %10lu %9lu "
		   "%8lu %7lu %4lu %4lu %4lu %5lu %7lu %10lu\n",
		   dev->name, s->rx_bytes, s->rx_packets, s->rx_errors, s->rx_dropped,
		   s->rx_fifo_errors, s->rx_frame_errors, 0ul, s->multicast, s->tx_bytes,
		   s->tx_packets, s->tx_errors, s->tx_dropped, s->tx_fifo_errors, s->collisions,
		   s->tx_carrier_errors, 0ul);
}

static int dev_seq_show(struct seq_file *m)
{
	struct net_device *dev;

	seq_puts(m, "Inter-|   Receive                            "
		    "                    |  Transmit\n"
		    " face |bytes    packets errs drop fifo frame "
		    "compressed multicast|bytes    packets errs "
		    "drop fifo colls carrier compressed\n");
	for_each_netdev(m->net, dev)
		dev_seq_printf_stats(m, dev);
	return 0;
}

static int dev_mc_seq_show(struct seq_file *m)
{
	const struct netdev_hw_addr *ha;
	struct net_device *dev;
	int i;

	for_each_netdev(m->net, dev) {
		list_for_each_entry(ha, &dev->mc, list) {
			seq_printf(m, "%-4d %-15s %-5d %-5d ", dev->ifindex, dev->name, ha->refs,
				   0);
			for (i = 0; i < dev->addr_len; i++)
				seq_printf(m, "%02x", ha->addr[i]);
			seq_putc(m, '\n');
		}
	}
	return 0;
}

static int softnet_seq_show(struct seq_file *m)
{
	struct softnet_stats st;

	dev_softnet_stats(&st);
	seq_printf(m, "%08x %08x %08x %08x %08x %08x %08x %08x %08x %08x %08x %08x %08x\n",
		   st.processed, st.dropped, st.time_squeeze, 0, 0, 0, 0, 0, 0, 0, 0,
		   st.backlog_len, 0);
	return 0;
}

static const struct {
	u32 bit;
	const char *name;
} feature_names[] = {
	{NETIF_F_SG, "sg"},	{NETIF_F_HW_CSUM, "tx-csum"}, {NETIF_F_TSO, "tso4"},
	{NETIF_F_TSO6, "tso6"}, {NETIF_F_TSO_ECN, "tso-ecn"}, {NETIF_F_RXCSUM, "rx-csum"},
	{NETIF_F_GRO, "gro"},	{NETIF_F_GRO_HW, "gro-hw"},   {NETIF_F_LOOPBACK, "loopback"},
};

static int dev_features_show(struct seq_file *m)
{
	struct net_device *dev;
	char text[256];
	size_t i;

	for_each_netdev(m->net, dev) {
		seq_printf(m, "%s:", dev->name);
		for (i = 0; i < ARRAY_SIZE(feature_names); i++) {
			if (dev->features & feature_names[i].bit)
				seq_printf(m, " %s", feature_names[i].name);
		}
		if (dev->netdev_ops->ndo_features) {
			text[0] = '\0';
			dev->netdev_ops->ndo_features(dev, text, sizeof(text));
			seq_printf(m, " | %s", text);
		}
		seq_printf(m, " | interrupts %lu kicks %lu\n", dev->stats.rx_interrupts,
			   dev->stats.tx_kicks);
	}
	return 0;
}

static int drop_reasons_show(struct seq_file *m)
{
	int i;

	for (i = SKB_DROP_REASON_NOT_SPECIFIED; i < SKB_DROP_REASON_MAX; i++)
		seq_printf(m, "%s %lu\n", skb_drop_reason_name(i), skb_drop_count(i));
	return 0;
}

static const struct {
	const char *path;
	struct proc_ops ops;
} net_proc_files[] = {
	{"net/dev", {.show = dev_seq_show}},
	{"net/dev_mcast", {.show = dev_mc_seq_show}},
	{"net/softnet_stat", {.show = softnet_seq_show}},
	{"net/dev_features", {.show = dev_features_show}},
	{"net/drop_reasons", {.show = drop_reasons_show}},
};

void net_proc_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(net_proc_files); i++)
		WARN_ON(proc_create(net_proc_files[i].path, 0444, &net_proc_files[i].ops, NULL));
}
