/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_SCRIPT_H
#define BW_TESTS_HOSTED_SCRIPT_H

/*
 * A packet script as the parser leaves it (README.md beside this file describes the language).
 * script_parse.c makes it, script_run.c runs it. Everything is allocated for the life of the
 * process: each script has a process of its own.
 */
#include <kernel/lib/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_OPTS    20
#define MAX_ARGS    8
#define MAX_LIST    8
#define DONT_CARE   (-1)
#define US_PER_MS   1000

/* ---- values in calls ---- */
enum expr_kind { EXPR_INT, EXPR_STRING, EXPR_ELLIPSIS, EXPR_LIST, EXPR_STRUCT };
struct expr {
	enum expr_kind kind;
	s64 value;
	char *string;
	int n; /* of a list's items, of a structure's members */
	struct expr *item[MAX_LIST];
	char *name[MAX_LIST]; /* of the members */
};

struct call {
	char name[32];
	int nargs;
	struct expr *arg[MAX_ARGS];
	bool any_result;
	s64 result; /* -errno when it is to fail */
	bool blocks;
	s64 end_us; /* when it returns, as `when` counts */
};

/* ---- packets ---- */
struct tcp_opt {
	u8 kind; /* TCPOPT_* of the wire */
	bool any_a, any_b;
	u32 a, b; /* MSS; shift; TSval, TSecr */
	int n;	  /* SACK blocks; bytes of a cookie or of an unknown option */
	u32 sack[4][2];
	u8 raw[40];
	bool plain; /* written as kind N: nothing is known of it */
	bool exp; /* Fast Open under the experiment's number, 254 */
};

struct packet {
	bool icmp;
	u8 flags; /* the header's thirteenth byte */
	u32 seq, ack, len, win;
	bool has_win, any_opts, fresh, bad_csum;
	u16 urg;
	int ecn, tos, ttl; /* DONT_CARE; ecn ECN_* */
	u16 lport, pport;  /* 0: the default connection */
	u32 from, to;	   /* 0: the peer, the host */
	int nopts;
	struct tcp_opt opt[MAX_OPTS];
	u8 icmp_type, icmp_code;
	u32 icmp_mtu;
	const u8 *payload; /* of a packet that came */
	s64 at_us;
};
enum { ECN_NOT, ECN_ECT1, ECN_ECT0, ECN_CE, ECN_ECT01 };

/* ---- events ---- */
enum when_kind { WHEN_ABSOLUTE, WHEN_RELATIVE, WHEN_ANY };
struct when {
	enum when_kind kind;
	bool range;
	s64 from_us, to_us;
};
enum event_type { EVENT_IN, EVENT_OUT, EVENT_CALL, EVENT_COMMAND, EVENT_CODE };
struct event {
	struct event *next;
	enum event_type type;
	int line;
	struct when when;
	const char *text; /* its first line, for messages */
	struct packet packet;
	struct call call;
	const char *code; /* command or code */
};

struct script {
	const char *file;
	struct event *events;
	s64 unit_us;	  /* of a bare number */
	s64 tolerance_us;
	int mtu;
	u32 tx_hold_ms; /* the device takes that long to give a sent packet back */
	u32 features; /* NETIF_F_* of the device */
	int ts_tick;  /* 1: our timestamps are the millisecond clock; 0: any value */
	u32 peer_isn;
	u16 local_port, peer_port, connect_port;
	u32 local_ip, peer_ip; /* host order */
	unsigned int prefix;
};

/* Say what is wrong and end this process. line 0: not of one line. */
_Noreturn void script_fail(const struct script *s, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

struct script *script_parse(const char *file, const char *text);
/* Returns when the script passed; otherwise script_fail(). */
void script_run(struct script *s);

/* ---- the scanner (script_scan.c) ---- */
struct scan {
	const struct script *script;
	const char *begin, *p;
	int first_line;
	int depth;
};
void scan_init(struct scan *sc, const struct script *s, const char *text, int first_line);
int scan_line(const struct scan *sc);
_Noreturn void scan_fail(struct scan *sc, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void scan_space(struct scan *sc);
/* The next character after white space and comments. */
char scan_peek(struct scan *sc);
bool scan_end(struct scan *sc);
bool scan_is(struct scan *sc, const char *word); /* a whole word if it is one; not taken */
bool scan_take(struct scan *sc, const char *word);
void scan_expect(struct scan *sc, const char *word);
bool scan_at_number(struct scan *sc);
s64 scan_number(struct scan *sc); /* decimal, 0x, octal; optional minus */
u32 scan_u32(struct scan *sc, u32 most);
/* 1.5 in units of a millionth: 1500000. */
s64 scan_decimal(struct scan *sc);
u32 scan_ip(struct scan *sc); /* host order */
bool scan_at_name(struct scan *sc);
char *scan_name(struct scan *sc);
char *scan_string(struct scan *sc);
/* Up to (not including) the closing text, which is taken. */
char *scan_until(struct scan *sc, const char *close);

/* script_expr.c */
void parse_call(struct scan *sc, struct call *c);
struct expr *parse_expr(struct scan *sc);
const struct expr *expr_member(const struct expr *e, const char *name);
/* script_packet.c */
void parse_packet(struct scan *sc, struct packet *p, bool in);
void packet_text(const struct packet *p, bool in, char *buf, size_t size);
/* script_names.c: symbolic constants; false: unknown. */
bool constant_value(const char *name, s64 *value);
const char *errno_name(int err);

#endif /* BW_TESTS_HOSTED_SCRIPT_H */
