/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef FUZZ_H
#define FUZZ_H

/*
 * Random system calls: fuzz.c runs them, calls.c says which and with what kind of arguments,
 * values.c makes the arguments.
 */
#include <stddef.h>
#include <stdint.h>

/* Kinds of arguments, a letter each. */
struct call {
	int nr;
	const char *name;
	/*
	 * f descriptor, F one that may be made over, i small number, I any number, l length, o
	 * flags, p pointer for results, P path, S sockaddr, v iovec, m msghdr, M mmsghdr, t
	 * timespec, T timeout in ms, e epoll_event, d pollfd, c ioctl command, V address of the
	 * victim area, L its length, s option level and name (two), 0 zero, w whence or how, g
	 * signal
	 */
	const char *args;
	int weight;
	int makes_fd; /* the result is a descriptor: 1, two in arg 0's memory: 2, in arg 3's: 3 */
};
extern const struct call calls[];
extern const size_t nr_calls;

struct rng {
	uint64_t s;
};
uint64_t next(struct rng *r);
static inline uint64_t below(struct rng *r, uint64_t n)
{
	return next(r) % n;
}

/* A thread's own memory for arguments. */
#define ARENA 65536
struct maker {
	struct rng rng;
	char *arena; /* ARENA bytes; what follows is not there */
	size_t used;
	int tid;
};
void values_init(void);
/* Fill six arguments for a call. */
void make_args(struct maker *m, const struct call *c, long args[6]);

#define FIRST_FD 3
#define MAX_FD	 120

#endif
