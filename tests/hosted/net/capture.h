/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_CAPTURE_H
#define BW_TESTS_HOSTED_CAPTURE_H

/*
 * One host ("h", 10.0.0.1/24 on eth0) and a test that plays the rest of the Ethernet: what the host
 * sends is kept as frames to look at, frames are injected as if the wire had brought them. The peer
 * is 10.0.0.2 with the MAC peer_mac; its ARP entry is permanent unless CAP_NO_PEER is given.
 */
#include <net/ethernet.h>
#include <net/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <tests/hosted/net/net_test.h>

#define CAP_FRAMES  128
#define CAP_NO_PEER 1u
#define CAP_NO_ADDR 2u

struct cap_frame {
	u32 len;
	u8 pad[2]; /* the IP header on a multiple of four */
	u8 data[66002];
};
struct cap {
	struct net *net;
	struct net_device *dev;
	struct cap_frame *frame;
	int n, read;
	bool busy; /* the device refuses packets, as with a full ring */
	u32 sent;
};
extern const u8 peer_mac[6], other_mac[6], bcast_mac[6];
#define HOST_IP ip4(10, 0, 0, 1)
#define PEER_IP ip4(10, 0, 0, 2)

void cap_make(struct cap *c, u32 features, u32 how);
void cap_destroy(struct cap *c);
/* The next frame the host sent, NULL when there is none; what ether type, IP header, IP payload. */
const u8 *cap_next(struct cap *c, u32 *len);
void cap_forget(struct cap *c);
/* A frame of this type from src to dst with the payload. */
struct bytes {
	const void *p;
	u32 len;
};
#define BYTES(p, n) ((struct bytes){(p), (n)})
void cap_inject(struct cap *c, const u8 *dst, const u8 *src, u16 type, struct bytes data);
/* An IPv4 packet to the host with a right header checksum; ih gives what is not zero there. */
void cap_inject_ip(struct cap *c, struct iphdr ih, const void *payload, u32 len);
/* The same with options (a multiple of 4 bytes). */
void cap_inject_ip_opt(struct cap *c, struct iphdr ih, struct bytes opt, struct bytes payload);
/* The next frame if it is IPv4 of this protocol; its header and payload. Asserts its checksum. */
const struct iphdr *cap_next_ip(struct cap *c, u8 protocol, const u8 **payload, u32 *len);
/* A UDP datagram with a right checksum, into buf; its length. */
u32 udp_build(u8 *buf, const struct iphdr *ih, u16 sport, u16 dport, const char *text);
u32 echo_build(u8 *buf, u8 type, u16 id, u16 seq, u32 datalen);
bool csum_ok(const void *p, u32 len, wsum pseudo);

#endif /* BW_TESTS_HOSTED_CAPTURE_H */
