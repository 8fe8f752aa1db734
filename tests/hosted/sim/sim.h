/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_SIM_SIM_H
#define BW_TESTS_HOSTED_SIM_SIM_H

/*
 * One run of the simulation: hosts, wires, programs, and what goes wrong, all from one seed.
 *
 *   scenario.c   rolls the dice: struct sim_plan
 *   topology.c   namespaces, links, routes, sysctls
 *   weather.c    changes the network until it heals
 *   forger.c     segments and ICMP messages that nobody sent
 *   client.c     who connects when; server.c: who accepts; program.c: what both then do
 *   check.c      what must hold after every event, and at the end
 *   run.c        one seed from beginning to end
 */
#include <net/net.h>
#include <tests/hosted/net/net_test.h>
#include <tests/hosted/sim/link.h>
#include <tests/hosted/sim/wire.h>

#define SIM_PORT  7
#define MAX_CONNS 64

/* What one end of a connection does. */
enum sim_style { STYLE_THREADS, STYLE_POLLED, STYLE_PINGPONG, NR_STYLES };
enum sim_close {
	CLOSE_HALF,    /* shutdown(SHUT_WR), read to the end, close */
	CLOSE_BOTH,    /* the same, and shutdown(SHUT_RDWR) before close */
	CLOSE_LINGER,  /* the same with SO_LINGER: close waits */
	CLOSE_EARLY,   /* close once all is written, whatever comes */
	CLOSE_ABORT,   /* SO_LINGER 0 and close, somewhere */
	NR_CLOSES
};
struct sim_script {
	enum sim_style style;
	enum sim_close close;
	u32 send;		  /* bytes */
	u32 write_max, read_max;  /* bytes a call */
	u32 pause_permille, pause_ms;
	u32 abort_after;	  /* bytes written or read */
	u32 rounds, request, reply; /* of a ping-pong */
	u32 more_permille, peek_permille, waitall_permille, oob_permille;
	u32 options;		  /* bits, see program_options() */
	u32 sndbuf, rcvbuf, lowat;
};

struct sim;
struct sim_conn;
struct sim_end {
	struct sim *sim;
	struct sim_conn *conn;
	int side; /* 0 client, 1 server */
	struct socket *sock;
	struct sim_script script;
	struct rng rng;
	struct thread *main, *writer;
	u32 written, received;
	u32 writing; /* bytes of the send that goes on */
	bool open, finished, told_end; /* told_end: a read returned 0 */
	bool aborted;			/* this program gave the peer a reason for a reset */
	int error;			/* the first one it was told */
};
struct sim_conn {
	struct sim *sim;
	u32 id;
	u16 port; /* the client's */
	u32 isn;
	u32 start_ms;
	bool connected, accepted;
	struct sim_end end[2];
};

/* The dice's result. */
struct sim_plan {
	bool router;
	u32 mtu[2]; /* of the links */
	struct nic_kind nic;
	struct sim_cond cond; /* at the beginning, both ways, all links */
	u32 heal_ms;	      /* faults end */
	u32 weather_ms;	      /* mean time between changes; 0: steady */
	u32 forge_ms;	      /* mean time between forged segments; 0: none */
	bool forge_resets;    /* also such as must be believed */
	u32 fail_permille;    /* allocations, in bad times */
	bool patient;	      /* no retry limit is reached: nothing may time out */
	bool whole_segments;  /* no path MTU discovery */
	bool short_memory;    /* small tcp_mem, few orphans */
	u32 conns, backlog, accept_pause_ms;
	u32 ports;	      /* size of the client's port range; 0: default */
	u32 clock_skip_days;  /* the host was up before */
	u32 total_bytes;
};

struct sim {
	u64 seed;
	struct rng rng;
	struct sim_plan plan;
	struct net *client, *server, *router;
	be32 server_addr, client_addr;
	struct sim_link link[2];
	int links;
	struct wire wire;
	struct socket *listener;
	struct sim_conn *conn;
	u32 running; /* clients and servers not yet done */
	bool stop, healed;
	bool cookies; /* the server forgets: what comes out of order before the ACK is reset */
	u64 healed_ns, progress_ns, progress;
	u64 checks;
	struct thread *acceptor, *weather, *forger;
	u32 icmp_forged, failures;
};

#define SIM_FAIL(s, ...)                                                                           \
	do {                                                                                       \
		sim_print(s);                                                                      \
		panic("sim: " __VA_ARGS__);                                                        \
	} while (0)

void scenario_roll(struct sim *s);
void scenario_print(const struct sim *s);
void topology_make(struct sim *s);
void topology_destroy(struct sim *s);
int weather_thread(void *arg);
void weather_heal(struct sim *s);
int forger_thread(void *arg);
void client_start(struct sim *s, u32 i);
int acceptor_thread(void *arg);
/* program.c: the socket is connected; returns when it is closed. */
void program_run(struct sim_end *e);
void program_options(struct sim_end *e);
struct thread *sim_thread(int (*fn)(void *), void *arg, const char *name);
void check_after_event(void);
void check_begin(struct sim *s);
void check_end(struct sim *s);
/* An end was told an error or the end of the stream: was that right? Once both are done. */
void check_conn(struct sim_conn *c);
void sim_print(const struct sim *s);
/* Returns when all is over and given back; panics when something is wrong. */
void sim_run(u64 seed);

/* pattern.c: the streams' content, a function of connection, side and position. */
void pattern_write(const struct sim_end *e, u32 pos, void *buf, u32 len);
/* Where the peer's stream at pos differs from buf; len: nowhere. */
u32 pattern_compare(const struct sim_end *e, u32 pos, const void *buf, u32 len);

#endif /* BW_TESTS_HOSTED_SIM_SIM_H */
