/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_TCP_TEST_H
#define BW_TESTS_HOSTED_TCP_TEST_H

/*
 * Scripted TCP: one host (10.0.0.1) with a point-to-point device, and the test as its peer
 * (10.0.0.2): it injects segments made by hand and looks at what the host sends, in virtual time.
 *
 * Sequence numbers in the script count from the connection's beginning: 0 is the SYN, 1 the first
 * byte, in both directions. The device has no offloads, so that the test sees what a wire would.
 * After every step the connection's invariants are checked.
 */
#include <net/net.h>
#include <net/tcp_data.h>
#include <tests/hosted/net/net_test.h>

#define HOST_PORT 8080
#define PEER_PORT 40000
#define SEG_MAX	  1600
#define FIN	  TCPHDR_FIN
#define SYN	  TCPHDR_SYN
#define RST	  TCPHDR_RST
#define PSH	  TCPHDR_PSH
#define ACK	  TCPHDR_ACK
#define URG	  TCPHDR_URG

struct opts {
	bool mss_on, ws_on, sackok, ts;
	u16 mss;
	u8 ws;
	u32 tsval, tsecr;
	int nsack;
	u32 sack[4][2]; /* relative */
};

/* A segment, as injected or as seen. */
struct seg {
	u8 flags;
	u32 seq, ack; /* relative */
	u32 len;      /* payload */
	u16 win, urg; /* as on the wire; injected: 0 = the connection's default window */
	struct opts o;
	const void *data; /* injected: NULL = the pattern */
	u16 sport, dport;
	u8 payload[SEG_MAX];
	u8 raw_opts[40];
	u8 raw_len;
	u64 at_ms; /* seen: when */
};

#define MAX_SEEN 4096
struct tcp_env {
	struct net *net;
	struct net_device *dev;
	struct socket *listener, *sock;
	u32 isn, peer_isn; /* the host's, the peer's */
	bool isn_known;
	u16 win;	  /* the peer's window field */
	bool ts;	  /* timestamps are in use */
	u32 tsval, tsecr; /* what injected segments carry */
	struct seg *seen;
	int head, tail;
	u16 mtu;
};

/* cmocka: host up with a listener on HOST_PORT; and down, with everything given back. */
int tcp_env_up(void **state);
int tcp_env_down(void **state);

/* ---- the peer ---- */
void inject_seg(struct tcp_env *e, const struct seg *s);
/* Flags, relative numbers, `len` bytes of the pattern. */
void inject(struct tcp_env *e, u8 flags, u32 seq, u32 ack, u32 len);
/* With SACK blocks: start, end pairs. */
void inject_sack(struct tcp_env *e, u32 ack, int n, const u32 (*blocks)[2]);
/* The byte at relative position seq of the peer's stream, and of the host's. */
u8 pattern(u32 seq);

/* ---- what the host sent ---- */
/* The next segment, which must have these flags (PSH is not compared), numbers and length. */
struct seg *expect(struct tcp_env *e, u8 flags, u32 seq, u32 ack, u32 len);
/* Let time pass until the host has sent something; it must do so after min to max ms. */
void wait_seg(struct tcp_env *e, u32 min_ms, u32 max_ms);
/* Any next segment. */
struct seg *next_seg(struct tcp_env *e);
void expect_none(struct tcp_env *e);
/* Nothing for so long. */
void expect_silence(struct tcp_env *e, u32 ms);
/* Forget what was seen; returns how many. */
int drop_seen(struct tcp_env *e);
u64 script_ms(void);
unsigned long mib(const struct tcp_env *e, int idx);

/* ---- connections ---- */
struct handshake {
	bool ts, sack, ws;
	u16 mss, win;
	u8 wscale;
};
/* The peer connects: SYN, SYN-ACK, ACK; e->sock is the accepted socket. */
void passive_open(struct tcp_env *e, const struct handshake *h);
/* The host connects to the peer. */
void active_open(struct tcp_env *e, const struct handshake *h);
/* MSS 1000, SACK, window 65535; nothing else. */
extern const struct handshake plain, plain_ts, no_sack;
struct tcp_sock *tp_of(const struct tcp_env *e);
void check(const struct tcp_env *e);

/* ---- the program ---- */
/* Non-blocking; write `len` bytes of the pattern that continues the stream; bytes or -errno. */
int prog_send(struct tcp_env *e, u32 len, int flags);
/* Read up to len bytes and compare with the pattern; bytes or -errno. */
int prog_recv(struct tcp_env *e, u32 len, int flags);
void prog_close(struct tcp_env *e);
int set_opt(struct tcp_env *e, int level, int name, int val);
int get_opt(struct tcp_env *e, int level, int name);

#endif /* BW_TESTS_HOSTED_TCP_TEST_H */
