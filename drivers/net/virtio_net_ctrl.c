// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio-net, the control queue (virtio 1.2, section 5.1.6.5): which frames the device filters, and
 * the station address.
 *
 * A command is three descriptors, header, data and the device's answer, and is waited for. Devices
 * answer while they are notified, so the wait is a short spin first, then a sleep. One that does
 * not answer within a second gets no further commands, since it still holds their memory.
 *
 * Thread context; virtnet_set_rx_mode() may come from anywhere and leaves the work to a work item.
 * Left out: VLAN filters, announcing, queue pairs, hash reports.
 */
#include <drivers/net/virtio_net.h>
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/thread.h>
#include <net/if.h>
#include <string.h>

#define CTRL_SPINS	100
#define CTRL_TIMEOUT_MS 1000

/* Wait for the answer to the command that was just queued. 0 or -ETIMEDOUT. */
static int wait_for_answer(struct virtnet_info *vi)
{
	unsigned int tries;
	u32 len;

	for (tries = 0; tries < CTRL_SPINS + CTRL_TIMEOUT_MS; tries++) {
		if (virtqueue_get_buf(vi->cvq, &len))
			return 0;
		if (vi->vdev->broken)
			break;
		if (tries >= CTRL_SPINS)
			msleep(1);
	}
	vi->ctrl_dead = true;
	return -ETIMEDOUT;
}

/*
 * Send one command, whose data are n pieces of vi->ctrl, and take the answer. Holds ctrl_lock. 0,
 * -EIO when the device says no, -EOPNOTSUPP without the queue, -ETIMEDOUT.
 */
static int virtnet_send_command(struct virtnet_info *vi, u8 class, u8 cmd,
				const struct scatterlist *data, unsigned int n)
{
	struct virtio_net_ctrl *ctrl = vi->ctrl;
	struct scatterlist sg[4];
	unsigned int i;
	int err;

	if (!vi->has_ctrl || vi->ctrl_dead)
		return -EOPNOTSUPP;
	BUG_ON(n + 2 > ARRAY_SIZE(sg));
	ctrl->hdr.class = class;
	ctrl->hdr.cmd = cmd;
	ctrl->status = (u8)~VIRTIO_NET_OK;
	sg_set_buf(&sg[0], &ctrl->hdr, sizeof(ctrl->hdr));
	for (i = 0; i < n; i++)
		sg[1 + i] = data[i];
	sg_set_buf(&sg[1 + n], &ctrl->status, sizeof(ctrl->status));
	err = virtqueue_add_sgs(vi->cvq, sg, 1 + n, 1, ctrl);
	if (err)
		return err;
	virtqueue_kick(vi->cvq);
	err = wait_for_answer(vi);
	if (err)
		pr_err("%s: no answer to control command %u/%u\n", vi->dev->name, class, cmd);
	else if (ctrl->status != VIRTIO_NET_OK)
		err = -EIO;
	return err;
}

int virtnet_set_mac_address(struct net_device *dev, const u8 *addr)
{
	struct virtnet_info *vi = netdev_priv(dev);
	struct scatterlist sg;
	int err = 0;

	mutex_lock(&vi->ctrl_lock);
	if (vi->has_ctrl_mac) {
		memcpy(vi->ctrl->mac, addr, ETH_ALEN);
		sg_set_buf(&sg, vi->ctrl->mac, ETH_ALEN);
		err = virtnet_send_command(vi, VIRTIO_NET_CTRL_MAC, VIRTIO_NET_CTRL_MAC_ADDR_SET,
					   &sg, 1);
	} else if (virtio_has_feature(vi->vdev, VIRTIO_NET_F_MAC) &&
		   !virtio_has_feature(vi->vdev, VIRTIO_F_VERSION_1)) {
		/* The address in the configuration may be written on legacy devices (5.1.4.1). */
		virtio_cwrite_bytes(vi->vdev, VIRTIO_NET_CONFIG_MAC, addr, ETH_ALEN);
	} else if (virtio_has_feature(vi->vdev, VIRTIO_NET_F_MAC)) {
		err = -EOPNOTSUPP;
	}
	mutex_unlock(&vi->ctrl_lock);
	return err;
}

static int rx_switch(struct virtnet_info *vi, u8 cmd, bool on)
{
	struct scatterlist sg;

	vi->ctrl->on = on;
	sg_set_buf(&sg, &vi->ctrl->on, sizeof(vi->ctrl->on));
	return virtnet_send_command(vi, VIRTIO_NET_CTRL_RX, cmd, &sg, 1);
}

/* Copy the device's multicast list into the command. False: too long, take all of them. */
static bool fill_mac_table(struct virtnet_info *vi)
{
	struct virtio_net_ctrl *ctrl = vi->ctrl;
	struct netdev_hw_addr *ha;
	u32 n = 0;

	ctrl->uc_entries = 0;
	local_bh_disable();
	list_for_each_entry(ha, &vi->dev->mc, list) {
		if (n < VIRTNET_MAC_TABLE_MAX)
			memcpy(ctrl->mc.macs[n], ha->addr, ETH_ALEN);
		n++;
	}
	local_bh_enable();
	ctrl->mc.entries = min_t(u32, n, VIRTNET_MAC_TABLE_MAX);
	return n <= VIRTNET_MAC_TABLE_MAX;
}

void virtnet_rx_mode_work(struct work_struct *w)
{
	struct virtnet_info *vi = container_of(w, struct virtnet_info, rx_mode_work);
	bool allmulti = vi->dev->flags & IFF_ALLMULTI;
	struct scatterlist sg[2];
	int err;

	mutex_lock(&vi->ctrl_lock);
	if (!fill_mac_table(vi))
		allmulti = true;
	err = rx_switch(vi, VIRTIO_NET_CTRL_RX_PROMISC, vi->dev->flags & IFF_PROMISC);
	if (!err)
		err = rx_switch(vi, VIRTIO_NET_CTRL_RX_ALLMULTI, allmulti);
	sg_set_buf(&sg[0], &vi->ctrl->uc_entries, sizeof(vi->ctrl->uc_entries));
	sg_set_buf(&sg[1], &vi->ctrl->mc,
		   (u32)sizeof(vi->ctrl->mc.entries) + vi->ctrl->mc.entries * ETH_ALEN);
	if (!err)
		err = virtnet_send_command(vi, VIRTIO_NET_CTRL_MAC, VIRTIO_NET_CTRL_MAC_TABLE_SET,
					   sg, 2);
	mutex_unlock(&vi->ctrl_lock);
	/* Not fatal: a device that does not filter hands up more, which the stack sorts out. */
	if (err && !vi->vdev->broken)
		pr_warn("%s: cannot set the receive filter, error %d\n", vi->dev->name, err);
}

void virtnet_set_rx_mode(struct net_device *dev)
{
	struct virtnet_info *vi = netdev_priv(dev);

	if (vi->has_ctrl_rx)
		schedule_work(&vi->rx_mode_work);
}
