/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_SIM_LINK_H
#define BW_TESTS_HOSTED_SIM_LINK_H

/*
 * A link between two namespaces that loses, delays, reorders, duplicates and corrupts, by a seed. A
 * frame is a virtual-time event from one device to the other.
 */
#include <tests/hosted/net/net_test.h>

struct sim_faults {
	u32 loss, dup, reorder, corrupt; /* per mille */
	u32 delay_us, jitter_us;
	u32 rate_kbps; /* 0 = infinite; queue of 100 frames */
	u32 features;  /* of the devices */
};

struct sim_link {
	struct net *net[2];
	struct net_device *dev[2];
	struct sim_faults f;
	u64 rng;
	u64 busy_until_ns[2];
	u32 in_flight, sent, lost, duplicated, corrupted;
	/* Called after each frame that was delivered. */
	void (*after)(void *arg);
	void *arg;
};

void sim_link_make(struct sim_link *l, u64 seed, const struct sim_faults *f);
/* Waits until nothing is left that could hold a namespace. */
void sim_link_destroy(struct sim_link *l);
u32 sim_random(u64 *rng, u32 ceil);

#endif /* BW_TESTS_HOSTED_SIM_LINK_H */
