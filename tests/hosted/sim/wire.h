/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_SIM_WIRE_H
#define BW_TESTS_HOSTED_SIM_WIRE_H

/*
 * The observer on the wire: it follows every connection by what is sent and what arrives, and
 * stops the run at the first segment that no correct TCP sends (wire.c lists the rules).
 */
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <tests/hosted/sim/link.h>
#include <tests/hosted/sim/ranges.h>

/* A TCP segment in host order. */
struct wseg {
	be32 saddr, daddr;
	u16 sport, dport;
	u32 seq, ack, len; /* len: payload */
	u32 end_seq;	   /* with SYN and FIN */
	u16 win;
	u8 flags;
	u32 opt_len;
	/* options */
	bool has_mss, has_ws, has_ts, has_sackok;
	u16 mss;
	u8 ws;
	u32 tsval, tsecr;
	int nsack;
	u32 sack[4][2];
};
enum { W_FIN = 1, W_SYN = 2, W_RST = 4, W_PSH = 8, W_ACK = 16, W_URG = 32 };

/* What one host of a connection said. */
struct wdir {
	bool known; /* its SYN was seen */
	u32 isn;
	struct ranges got; /* what of its stream reached the peer, from its SYN = 0 */
	u32 sent_end;	   /* highest end sent, relative */
	bool syn_ws, syn_ts, syn_sack;
	u8 ws;
	u16 mss_arrived; /* largest MSS of its SYNs that reached the peer */
	bool ts_sent;
	u32 ts_last;	/* last timestamp it sent */
	u32 ts_arrived; /* highest of its timestamps that the peer has */
	bool ts_any_arrived;
	u32 edge_offered; /* right edge of the window it offers, of the peer's stream: sent ... */
	u32 edge_arrived; /* ... and arrived at the peer */
};
struct wflow {
	struct wflow *next;
	be32 addr[2];
	u16 port[2];
	struct wdir dir[2]; /* by the sender: addr[i], port[i] */
	u64 arrived_ns[2];  /* when something last arrived at addr[i] */
	bool rst_forged;    /* a reset that must be believed was slipped in */
	bool syn_forged;    /* a SYN was slipped in, or an old one again */
	bool muddled;	    /* the server answered twice, differently: numbers mean nothing */
	u64 last_ns;
};

#define WIRE_KEPT 32
#define WIRE_KEPT_BYTES 1500
/* A frame that passed, for those who replay it. */
struct wire_kept {
	u32 len;
	u8 bytes[WIRE_KEPT_BYTES] __aligned(8);
};

struct wire {
	struct wire_kept kept[WIRE_KEPT];
	u32 nkept;
	struct wflow *flows[256], *last;
	u64 seed;
	u64 segments, resets, retransmitted;
	u64 resets_after_syn_forged;
	bool no_memory; /* a FIN may be taken for sent that was not, for want of memory */
	/* A reset that nothing on the wire explains: did a program or a limit cause it? */
	bool (*reset_excused)(void *arg, const struct wflow *f, int side);
	void *arg;
};

void wire_sent(struct wire *w, const struct sim_nic *n, const u8 *bytes, u32 len);
void wire_arrived(struct wire *w, const struct sim_nic *n, const struct sim_frame *f);
bool wire_checksum_good(const u8 *bytes, u32 len);
/* False: not a whole TCP segment. */
bool wire_parse(const u8 *bytes, u32 len, struct wseg *s);
struct wflow *wire_flow(struct wire *w, const struct wseg *s, int *side);
void wire_free(struct wire *w);

#endif /* BW_TESTS_HOSTED_SIM_WIRE_H */
