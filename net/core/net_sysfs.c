// SPDX-License-Identifier: BSD-2-Clause
/*
 * /sys/class/net: a directory for each device of the reader's namespace, with what scripts and
 * libraries read of it (Linux's Documentation/ABI/testing/sysfs-class-net): address, mtu, flags,
 * operstate, statistics.
 *
 * Directories and files are made up as they are looked at; a device that goes while a file is open
 * leaves it unreadable. On Linux the entries are links into /sys/devices, which nothing here
 * follows.
 *
 * Called by procfs in thread context.
 */
#include <dirent.h>
#include <errno.h>
#include <kernel/fs/dirent.h>
#include <kernel/fs/procfs.h>
#include <net/core/dev.h>
#include <net/if.h>
#include <net/net_namespace.h>
#include <net/netdevice.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* A device and one of its files in the pointer that procfs keeps for us. */
#define FILE_BITS 8
#define FILE_MASK ((1ul << FILE_BITS) - 1)
#define STATISTICS FILE_MASK /* the directory */

static struct net_device *device_of(const void *private)
{
	return __dev_get_by_index(fs_net(), (int)((unsigned long)private >> FILE_BITS));
}

static void *file_of(const struct net_device *dev, unsigned long file)
{
	return (void *)((unsigned long)dev->ifindex << FILE_BITS | file);
}

/* --- files ----------------------------------------------------------------------------------- */

static void show_bytes(struct seq_file *m, const u8 *addr, u32 len)
{
	for (u32 i = 0; i < len; i++)
		seq_printf(m, "%s%02x", i ? ":" : "", addr[i]);
	seq_putc(m, '\n');
}

static void show_address(struct seq_file *m, const struct net_device *dev)
{
	show_bytes(m, dev->dev_addr, dev->addr_len);
}

static void show_broadcast(struct seq_file *m, const struct net_device *dev)
{
	show_bytes(m, dev->broadcast, dev->addr_len);
}

static void show_operstate(struct seq_file *m, const struct net_device *dev)
{
	const char *state = "down";

	if (netif_running(dev) && netif_carrier_ok(dev))
		state = dev->flags & IFF_LOOPBACK ? "unknown" : "up";
	seq_printf(m, "%s\n", state);
}

static void show_carrier(struct seq_file *m, const struct net_device *dev)
{
	seq_printf(m, "%d\n", netif_running(dev) && netif_carrier_ok(dev));
}

static void show_flags(struct seq_file *m, const struct net_device *dev)
{
	seq_printf(m, "0x%x\n", dev->flags & 0xffffu);
}

static void show_ifindex(struct seq_file *m, const struct net_device *dev)
{
	seq_printf(m, "%d\n", dev->ifindex);
}

static void show_mtu(struct seq_file *m, const struct net_device *dev)
{
	seq_printf(m, "%u\n", dev->mtu);
}

static void show_type(struct seq_file *m, const struct net_device *dev)
{
	seq_printf(m, "%u\n", dev->type);
}

static void show_addr_len(struct seq_file *m, const struct net_device *dev)
{
	seq_printf(m, "%u\n", dev->addr_len);
}

static void show_tx_queue_len(struct seq_file *m, const struct net_device *dev)
{
	seq_printf(m, "%u\n", dev->tx_queue_len);
}

static const struct {
	const char *name;
	void (*show)(struct seq_file *m, const struct net_device *dev);
} files[] = {
	{ "address", show_address },	 { "broadcast", show_broadcast },
	{ "operstate", show_operstate }, { "carrier", show_carrier },
	{ "flags", show_flags },	 { "ifindex", show_ifindex },
	{ "iflink", show_ifindex },	 { "mtu", show_mtu },
	{ "type", show_type },		 { "addr_len", show_addr_len },
	{ "tx_queue_len", show_tx_queue_len },
};

#define STAT(name) { #name, offsetof(struct net_device_stats, name) }
static const struct {
	const char *name;
	size_t offset;
} counters[] = {
	STAT(rx_packets),     STAT(tx_packets),	    STAT(rx_bytes),	   STAT(tx_bytes),
	STAT(rx_errors),      STAT(tx_errors),	    STAT(rx_dropped),	   STAT(tx_dropped),
	STAT(multicast),      STAT(collisions),	    STAT(rx_fifo_errors),  STAT(tx_fifo_errors),
	STAT(rx_frame_errors), STAT(tx_carrier_errors),
};

static int file_show(struct seq_file *m)
{
	const struct net_device *dev = device_of(m->private);

	if (!dev)
		return -ENODEV;
	files[(unsigned long)m->private & FILE_MASK].show(m, dev);
	return 0;
}

static int counter_show(struct seq_file *m)
{
	const struct net_device *dev = device_of(m->private);
	const u8 *stats;

	if (!dev)
		return -ENODEV;
	stats = (const u8 *)&dev->stats + counters[(unsigned long)m->private & FILE_MASK].offset;
	seq_printf(m, "%lu\n", (unsigned long)*(const u64 *)stats);
	return 0;
}

static const struct proc_ops file_ops = { .show = file_show };
static const struct proc_ops counter_ops = { .show = counter_show };

/* --- directories ----------------------------------------------------------------------------- */

static void statistics_iterate(struct dir_context *ctx, void *private)
{
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++)
		if (!dir_emit(ctx, counters[i].name, i + 2, DT_REG))
			return;
}

static int statistics_lookup(const char *name, void *private, struct proc_found *found)
{
	const struct net_device *dev = device_of(private);

	for (size_t i = 0; dev && i < ARRAY_SIZE(counters); i++) {
		if (strcmp(counters[i].name, name))
			continue;
		found->mode = S_IFREG | 0444;
		found->ops = &counter_ops;
		found->private = file_of(dev, i);
		return 0;
	}
	return -ENOENT;
}

static const struct proc_dir_ops statistics_ops = {
	.iterate = statistics_iterate, .lookup = statistics_lookup,
};

static void device_iterate(struct dir_context *ctx, void *private)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (!dir_emit(ctx, files[i].name, i + 2, DT_REG))
			return;
	dir_emit(ctx, "statistics", ARRAY_SIZE(files) + 2, DT_DIR);
}

static int device_lookup(const char *name, void *private, struct proc_found *found)
{
	const struct net_device *dev = device_of(private);

	if (!dev)
		return -ENOENT;
	if (!strcmp(name, "statistics")) {
		found->mode = S_IFDIR | 0755;
		found->dir = &statistics_ops;
		found->private = file_of(dev, STATISTICS);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (strcmp(files[i].name, name))
			continue;
		found->mode = S_IFREG | 0444;
		found->ops = &file_ops;
		found->private = file_of(dev, i);
		return 0;
	}
	return -ENOENT;
}

static const struct proc_dir_ops device_ops = {
	.iterate = device_iterate, .lookup = device_lookup,
};

static void class_iterate(struct dir_context *ctx, void *private)
{
	const struct net_device *dev;

	for_each_netdev(fs_net(), dev)
		if (!dir_emit(ctx, dev->name, (unsigned long)dev->ifindex, DT_DIR))
			return;
}

static int class_lookup(const char *name, void *private, struct proc_found *found)
{
	const struct net_device *dev = __dev_get_by_name(fs_net(), name);

	if (!dev)
		return -ENOENT;
	found->mode = S_IFDIR | 0755;
	found->dir = &device_ops;
	found->private = file_of(dev, 0);
	return 0;
}

static const struct proc_dir_ops class_ops = { .iterate = class_iterate, .lookup = class_lookup };

void net_sysfs_init(void)
{
	WARN_ON(sysfs_create_dir("class/net", &class_ops));
}
