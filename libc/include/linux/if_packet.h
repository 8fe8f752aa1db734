/* SPDX-License-Identifier: BSD-2-Clause */
/* AF_PACKET: addresses, options, control messages. Linux x86-64 values and layouts. */
#ifndef _LINUX_IF_PACKET_H
#define _LINUX_IF_PACKET_H

#include <stdint.h>

struct sockaddr_ll {
	unsigned short sll_family;
	uint16_t sll_protocol; /* ETH_P_*, network order */
	int sll_ifindex;       /* 0: any */
	unsigned short sll_hatype;
	unsigned char sll_pkttype;
	unsigned char sll_halen;
	unsigned char sll_addr[8];
};
_Static_assert(sizeof(struct sockaddr_ll) == 20, "ABI");

/* The kernel's own header has the same as an enum (<net/skbuff.h>). */
#ifndef __KERNEL__
#define PACKET_HOST	 0
#define PACKET_BROADCAST 1
#define PACKET_MULTICAST 2
#define PACKET_OTHERHOST 3
#define PACKET_OUTGOING	 4
#define PACKET_LOOPBACK	 5
#endif

#define PACKET_ADD_MEMBERSHIP  1
#define PACKET_DROP_MEMBERSHIP 2
#define PACKET_RECV_OUTPUT     3
#define PACKET_RX_RING	       5
#define PACKET_STATISTICS      6
#define PACKET_COPY_THRESH     7
#define PACKET_AUXDATA	       8
#define PACKET_ORIGDEV	       9
#define PACKET_VERSION	       10
#define PACKET_HDRLEN	       11
#define PACKET_RESERVE	       12
#define PACKET_TX_RING	       13
#define PACKET_LOSS	       14
#define PACKET_VNET_HDR	       15
#define PACKET_TX_TIMESTAMP    16
#define PACKET_TIMESTAMP       17
#define PACKET_FANOUT	       18
#define PACKET_TX_HAS_OFF      19
#define PACKET_QDISC_BYPASS    20
#define PACKET_ROLLOVER_STATS  21
#define PACKET_FANOUT_DATA     22
#define PACKET_IGNORE_OUTGOING 23

struct packet_mreq {
	int mr_ifindex;
	unsigned short mr_type;
	unsigned short mr_alen;
	unsigned char mr_address[8];
};
#define PACKET_MR_MULTICAST 0
#define PACKET_MR_PROMISC   1
#define PACKET_MR_ALLMULTI  2
#define PACKET_MR_UNICAST   3

/* Reading resets them; dropped packets are counted in both. */
struct tpacket_stats {
	unsigned int tp_packets;
	unsigned int tp_drops;
};

/* Control message SOL_PACKET, PACKET_AUXDATA. */
struct tpacket_auxdata {
	uint32_t tp_status;
	uint32_t tp_len, tp_snaplen; /* on the wire; of which given */
	uint16_t tp_mac, tp_net;     /* offsets of the headers in what is given */
	uint16_t tp_vlan_tci;
	uint16_t tp_vlan_tpid;
};
_Static_assert(sizeof(struct tpacket_auxdata) == 20, "ABI");
#define TP_STATUS_KERNEL       0
#define TP_STATUS_USER	       (1 << 0)
#define TP_STATUS_COPY	       (1 << 1)
#define TP_STATUS_LOSING       (1 << 2)
#define TP_STATUS_CSUMNOTREADY (1 << 3)
#define TP_STATUS_VLAN_VALID   (1 << 4)
#define TP_STATUS_CSUM_VALID   (1 << 7)

/* The ring of PACKET_RX_RING: blocks of frames, each frame a header, an address, the packet. */
enum tpacket_versions { TPACKET_V1, TPACKET_V2, TPACKET_V3 };

struct tpacket_req {
	unsigned int tp_block_size; /* whole pages */
	unsigned int tp_block_nr;
	unsigned int tp_frame_size; /* of TPACKET_ALIGNMENT */
	unsigned int tp_frame_nr;   /* all of them */
};

struct tpacket_hdr {
	unsigned long tp_status; /* TP_STATUS_KERNEL: the kernel may fill it */
	unsigned int tp_len, tp_snaplen;
	unsigned short tp_mac, tp_net;
	unsigned int tp_sec, tp_usec;
};
_Static_assert(sizeof(struct tpacket_hdr) == 32, "ABI");

struct tpacket2_hdr {
	uint32_t tp_status;
	uint32_t tp_len, tp_snaplen;
	uint16_t tp_mac, tp_net;
	uint32_t tp_sec, tp_nsec;
	uint16_t tp_vlan_tci, tp_vlan_tpid;
	uint8_t tp_padding[4];
};
_Static_assert(sizeof(struct tpacket2_hdr) == 32, "ABI");

#define TPACKET_ALIGNMENT 16
#define TPACKET_ALIGN(x)  (((x) + TPACKET_ALIGNMENT - 1) & ~(TPACKET_ALIGNMENT - 1))
#define TPACKET_HDRLEN	  (TPACKET_ALIGN(sizeof(struct tpacket_hdr)) + sizeof(struct sockaddr_ll))
#define TPACKET2_HDRLEN	  (TPACKET_ALIGN(sizeof(struct tpacket2_hdr)) + sizeof(struct sockaddr_ll))

#endif
