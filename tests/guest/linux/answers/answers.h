/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ANSWERS_H
#define ANSWERS_H

/*
 * What the parts of the program share: system calls without a C library between, results as text,
 * pointers of every bad kind, and an open file of every kind.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The system call's result, or -errno. */
long raw(long nr, const long args[6]);
#define SYS6(nr, a, b, c, d, e, f, ...) \
	raw(nr, (const long[6]){(long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f)})
/* The call and its arguments, as many as there are. */
#define SYS(nr, ...) SYS6(nr, __VA_ARGS__, 0, 0, 0, 0, 0, 0)

/* A line of output: what say() got since the last end(). */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void end(void);
/* " NAME", or " N" for a result that is not an error. */
void say_result(long r);
/* One line: the call as written, and its result. */
void tell(const char *what, long r);
#define TELL(call) tell(#call, (long)(call))

/* Memory: good + PAGE is the first byte that is not there. */
#define PAGE 4096
extern char *good;
#define EDGE(n) (good + PAGE - (n))
struct pointer {
	const char *name;
	void *p;
};
enum { P_GOOD, P_NULL, P_GONE, P_READONLY, P_KERNEL, P_MINUS1, P_WEIRD, P_TOP, NR_POINTERS };
extern struct pointer pointers[NR_POINTERS];

/* One open file of every kind, each non-blocking; made anew by open_kinds(). */
enum {
	K_TCP,
	K_LISTEN,
	K_CONN,
	K_SHUT,
	K_UDP,
	K_UDPCONN,
	K_UNIX,
	K_UPAIR,
	K_UDGRAM,
	K_USEQ,
	K_PIPER,
	K_PIPEW,
	K_FILE,
	K_RDONLY,
	K_WRONLY,
	K_DIR,
	K_NULL,
	K_ZERO,
	K_FULL,
	K_EPOLL,
	K_EVENTFD,
	K_TIMERFD,
	K_MEMFD,
	K_PATH,
	K_CLOSED,
	K_MINUS,
	K_HUGE,
	NR_KINDS
};
struct kind {
	const char *name;
	int fd;
	int other; /* the far end of a pair, -1: none */
};
extern struct kind kinds[NR_KINDS];
void open_kinds(void);
void close_kinds(void);

/* 127.0.0.1 and a port, as an address. */
struct sockaddr_in loop_addr(int port);
int port_of(int fd);
/* A listening TCP socket on 127.0.0.1; a connected pair. */
int tcp_listener(int backlog);
void tcp_pair(int sv[2]);

/* Bad pointers, the loopback device, the folders that there must be. */
void prepare_machine(void);

void io_answers(void);
void address_answers(void);
void option_answers(void);
void message_answers(void);
void state_answers(void);
void control_answers(void);
void path_answers(void);
void file_answers(void);
void poll_answers(void);
void race_answers(void);

#endif
