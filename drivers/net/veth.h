/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_DRIVERS_NET_VETH_H
#define BW_DRIVERS_NET_VETH_H

/*
 * veth: two Ethernet interfaces that are each other's wire; see veth.c.
 */
struct net;
struct net_device;

/* Where an end is made. */
struct veth_end {
	struct net *net;
	const char *name; /* may hold "%d" */
};
/*
 * Make a pair, both ends down. `devs`, if not NULL, gets the two devices (no references taken). 0
 * or -errno. Thread context.
 */
int veth_create(const struct veth_end *a, const struct veth_end *b, struct net_device *devs[2]);
/* Take the pair away by either end. Thread context. */
void veth_destroy(struct net_device *dev);
void veth_init(void);

#endif /* BW_DRIVERS_NET_VETH_H */
