/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_GOODPUT_PATH_H
#define BW_TESTS_HOSTED_GOODPUT_PATH_H

/*
 * A path from host a (10.0.0.1) to host b (10.0.0.2) for measuring: a bottleneck of a fixed rate
 * with a drop-tail queue, random loss behind it, a fixed delay. The way back has the same rate and
 * delay and loses nothing. Frames cost Ethernet's 38 bytes beside the packet, as on a wire.
 */
#include <tests/hosted/net/net_test.h>

struct path_faults {
	u32 rate_kbps;
	u32 rtt_us;	 /* both ways together, without queueing */
	u32 loss_ppm;	 /* of the data frames */
	u32 queue_bytes; /* before the bottleneck */
	u32 police_kbps; /* 0 = no policer: token bucket of bucket_bytes before the queue */
	u32 bucket_bytes;
	u32 mark_bytes; /* 0 = never: CE on ECT frames that find more than this queued */
};

struct path {
	struct net *net[2];
	struct net_device *dev[2];
	struct path_faults f;
	u64 rng;
	u64 busy_until_ns[2];
	u32 queued, sent, lost, overflowed, marked; /* a to b, frames; queued: bytes */
	u32 max_queued;
	u32 policed;
	u64 tokens_ns; /* when the bucket is full: later means emptier */
};

void path_make(struct path *p, u64 seed, const struct path_faults *f);
void path_destroy(struct path *p);

#endif /* BW_TESTS_HOSTED_GOODPUT_PATH_H */
