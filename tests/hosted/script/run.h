/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_SCRIPT_RUN_H
#define BW_TESTS_HOSTED_SCRIPT_RUN_H

/*
 * A packet script while it runs: one namespace with one point-to-point device "tun0", a program
 * with its descriptors, the connections seen so far. There is one run a process, `run`.
 */
#include <kernel/fs/file.h>
#include <net/net.h>
#include <net/netdevice.h>
#include <net/tcp_data.h>
#include <tests/hosted/script/script.h>

#define MAX_CONNS 64
#define MAX_FDS	  64
#define MAX_STAMPS 64

/*
 * A connection as the script counts: live = script + offset. The host's offsets are learnt from
 * its first SYN and its first timestamp.
 */
struct conn {
	u16 lport, pport;
	bool isn_known, ts_known;
	u32 isn, peer_isn, ts_off;
	u32 last_win;
	struct {
		u32 script, live;
	} stamp[MAX_STAMPS]; /* of --tcp_ts_tick_usecs=0 */
	int nstamps;
};

struct frame {
	struct frame *next;
	s64 at_us;
	u32 len;
	u8 data[];
};

/* A call that runs in a thread of its own. */
struct running_call {
	struct running_call *next;
	const struct event *event;
	struct thread *thread;
	s64 start_us, end_us; /* end: when it is to return */
	bool done;
	s64 result, done_us;
};

struct run {
	struct script *s;
	struct net *net;
	struct net_device *dev;
	struct sk_buff_head held; /* sent packets that the device still has (--tx_hold_msecs) */
	struct hrtimer hold_timer;
	struct napi_struct napi;
	u64 start_ns;
	s64 last_us; /* when the last event was: the base of +times */
	const struct event *event;
	struct conn conn[MAX_CONNS];
	int nconns;
	struct frame *sent, **sent_tail;
	struct thread *sleeper; /* to wake when the host sends something */
	bool deaf; /* the script is over: what the host sends is nobody's */
	struct running_call *calls;
	int fd[MAX_FDS]; /* the script's number to ours, -1: none */
	struct net_mib mib; /* counters at the start */
	unsigned long drops[SKB_DROP_REASON_MAX]; /* same */
};
extern struct run run;

s64 run_now_us(void);
/* script_fail() with the event's line and the trace. */
_Noreturn void run_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A line of the trace that a failure prints. */
void trace(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void trace_print(void);
void trace_start(s64 (*now_us)(void));

/* script_ccinfo.c */
bool cc_info_name(int fd, const char *name, u64 *v);
/* script_dev.c */
void dev_up(void);
void dev_down(void);
void dev_inject(const u8 *ip, u32 len);
/* The oldest packet the host sent and nobody took; NULL: none. Taken away. */
struct frame *dev_take(void);

/* script_conn.c */
struct conn *conn_for_packet(const struct packet *p, bool in);
struct conn *conn_find(u16 lport, u16 pport);
struct conn *conn_add(u16 lport, u16 pport);
struct conn *conn_of_sock(const struct sock *sk);
u32 conn_ts_to_script(const struct conn *c, u32 live);
u32 conn_ts_to_live(const struct conn *c, u32 stamp);

/* script_wire.c */
u8 script_byte(u32 seq); /* the stream's byte at this sequence number, both directions */
u32 wire_build(const struct packet *p, const struct conn *c, u8 *buf);
/* Raw numbers; fails the script when a checksum or length is wrong. */
void wire_parse(const struct frame *f, struct packet *p);

/* script_match.c */
void match_packet(const struct event *e, struct frame *f);
/* A packet as the script would write it. */
void live_text(struct packet *p, struct conn *c, char *buf, size_t size);

/* script_call.c */
void call_check(const struct script *s, int line, const struct call *c);
void call_run(const struct event *e);
/* Those whose time is over must have returned. */
void calls_check(void);
void calls_finish(void);
/* script_sock.c, script_msg.c */
typedef s64 (*call_fn)(const struct call *c);
struct call_def {
	const char *name;
	call_fn fn;
	int min_args, max_args;
};
extern const struct call_def sock_calls[], msg_calls[];
s64 arg_int(const struct call *c, int i);
int arg_fd(const struct call *c, int i);
/* A buffer for a send, filled with what belongs next into the stream. */
u8 *send_buffer(int fd, size_t len);
/* What was received must be what was sent at that place. */
void check_received(int fd, const u8 *buf, s64 len, u32 from, bool skip);
u32 stream_place(int fd); /* copied_seq, live; 0 when there is none */
struct sock *sock_of_fd(int fd); /* NULL unless it is TCP */
int arg_address(const struct call *c, int i, struct sockaddr_in *sin, bool local);
void new_fd(const struct call *c, s64 fd);

/* script_command.c, script_code.c */
void command_check(const struct script *s, int line, const char *text);
void command_run(const struct event *e);
void code_check(const struct script *s, int line, const char *text);
void code_run(const struct event *e);

#endif /* BW_TESTS_HOSTED_SCRIPT_RUN_H */
