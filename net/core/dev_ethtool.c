// SPDX-License-Identifier: BSD-2-Clause
/*
 * SIOCETHTOOL (ethtool(8)), as far as programs ask a virtual machine: the driver's name and whether
 * there is a link. Everything else is -EOPNOTSUPP, as of a driver that does not have it.
 *
 * Called by dev_ioctl() in thread context; data is the program's memory, its first word the
 * request.
 */
#include <errno.h>
#include <kernel/mm/uaccess.h>
#include <linux/ethtool.h>
#include <net/core/dev.h>
#include <net/rtnetlink.h>
#include <string.h>

static int ethtool_get_drvinfo(const struct net_device *dev, void *data)
{
	struct ethtool_drvinfo info = {.cmd = ETHTOOL_GDRVINFO};
	const char *driver = dev->netdev_ops->driver;

	if (dev->rtnl_link_ops)
		driver = dev->rtnl_link_ops->kind;
	if (!driver)
		return -EOPNOTSUPP;
	strlcpy(info.driver, driver, sizeof(info.driver));
	strlcpy(info.version, "1.0.0", sizeof(info.version));
	return copy_to_user(data, &info, sizeof(info));
}

int dev_ethtool(const struct net_device *dev, void *data)
{
	struct ethtool_value v = {.cmd = ETHTOOL_GLINK};
	u32 cmd;

	if (copy_from_user(&cmd, data, sizeof(cmd)))
		return -EFAULT;
	switch (cmd) {
	case ETHTOOL_GDRVINFO:
		return ethtool_get_drvinfo(dev, data);
	case ETHTOOL_GLINK:
		v.data = netif_running(dev) && netif_carrier_ok(dev);
		return copy_to_user(data, &v, sizeof(v));
	}
	return -EOPNOTSUPP;
}
