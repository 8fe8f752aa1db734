/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_SIM_LINK_H
#define BW_TESTS_HOSTED_SIM_LINK_H

/*
 * A wire between two devices that loses, delays, reorders, duplicates, corrupts, clogs and breaks,
 * by a seed. What travels are bytes, one IP packet a frame, as a real wire would carry them: the
 * devices (nic.c) segment, checksum and coalesce as their features say.
 *
 * Each frame is a virtual-time event; conditions may change at any time and differ by direction.
 */
#include <net/netdevice.h>
#include <tests/hosted/services/hosted.h>
#include <tests/hosted/sim/rng.h>

struct sim_link;
struct wire;

/* One direction. Chances per mille. */
struct sim_cond {
	u32 loss, dup, reorder, corrupt;
	u32 burst_enter, burst_leave, burst_loss; /* Gilbert and Elliott's bad times */
	bool in_burst;
	u32 delay_us, jitter_us;
	u32 rate_kbps;	  /* 0: infinite */
	u32 queue_frames; /* more than this under way: lost */
	u32 mark;	  /* ECN-capable packets that get a CE mark (RFC 3168) */
	u32 mtu;	  /* longer frames vanish without a word; 0: none do */
	bool cut;	  /* a partition */
	bool no_icmp;	  /* a filter that makes every small MTU a black hole */
	u64 open_at_ns;	  /* clogged until then: frames wait and come all at once */
};

struct sim_frame {
	struct hosted_event event; /* first */
	struct sim_frame *next;
	struct sim_link *link;
	int to;
	u32 len;
	bool damaged, forged;
	u8 bytes[] __aligned(8);
};

/* How a device works; the same for both ends of a link. */
struct nic_kind {
	u32 features;
	u32 ring;	 /* frames until the queue stops; 0: no limit */
	u32 coalesce_us; /* interrupts wait so long for company */
	u8 rx_shape;	 /* NIC_RX_* */
};
enum { NIC_RX_COPY, NIC_RX_PAGE, NIC_RX_FRAG, NIC_RX_SHAPES };

struct sim_nic { /* one end */
	struct sim_link *link;
	int side;
	struct net_device *dev;
	struct napi_struct napi;
	struct sim_frame *rx_head, **rx_tail;
	u32 in_ring;
};

struct sim_link {
	struct nic_kind kind;
	struct sim_nic *nic[2];
	struct sim_cond cond[2]; /* by the sending side */
	u64 busy_until_ns[2];
	u32 in_flight[2];
	u64 sent, lost, duplicated, corrupted, marked;
	struct rng rng, mark_rng;
	struct wire *wire; /* who looks at every frame */
};

/* A link between a device of each namespace, up, without addresses. */
void sim_link_make(struct sim_link *l, struct net *const net[2], u32 mtu);
void sim_link_destroy(struct sim_link *l);
/* link.c: a frame leaves `from`; the bytes are copied. */
void sim_link_send(struct sim_link *l, int from, const void *bytes, u32 len);
/* A frame that nobody sent, which reaches `to` at once. */
void sim_link_forge(struct sim_link *l, int to, const void *bytes, u32 len);
/* One that was sent before, once more. */
void sim_link_replay(struct sim_link *l, int to, const void *bytes, u32 len);
/* No faults from now on; delay and rate stay. */
void sim_link_heal(struct sim_link *l);
/* nic.c: the frame is there. Takes it. */
void sim_nic_arrive(struct sim_nic *n, struct sim_frame *f);

#endif /* BW_TESTS_HOSTED_SIM_LINK_H */
