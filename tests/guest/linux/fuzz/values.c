// SPDX-License-Identifier: BSD-2-Clause
/* Arguments: good ones half of the time, so that calls get far, and every sort of bad ones. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

#include <tests/guest/linux/fuzz/fuzz.h>

#define VICTIM (64ul << 20)
static char *victim;

void values_init(void)
{
	victim = mmap(NULL, VICTIM, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

uint64_t next(struct rng *r)
{
	uint64_t x = r->s += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static const long odd[] = {0,
			   1,
			   -1,
			   2,
			   7,
			   8,
			   127,
			   128,
			   255,
			   256,
			   4095,
			   4096,
			   65535,
			   65536,
			   1l << 31,
			   (1l << 31) - 1,
			   -(1l << 31),
			   1l << 32,
			   0x7fffffffffffffff,
			   -0x7fffffffffffffff - 1,
			   0x7fffffffe000};
static const long bad[] = {
	0,     -1, 1, -4096, 0xffffffff81000000, 0x8000000000000000, 0x7ffffffff000, 0x7fffffffeff8,
	0x1000};

#define PICK(m, a) ((a)[below(&(m)->rng, sizeof(a) / sizeof((a)[0]))])

/* Memory of the arena; now and then so near its end that part of it is not there. */
static char *room(struct maker *m, size_t n)
{
	char *p;

	if (!below(&m->rng, 16))
		return m->arena + ARENA - below(&m->rng, n + 1);
	if (m->used + n > ARENA)
		m->used = 0;
	p = m->arena + m->used;
	m->used += (n + 15) & ~15ul;
	return p;
}

static void put(struct maker *m, char *to, const void *from, size_t n)
{
	char *end = m->arena + ARENA;

	if (to < end)
		memcpy(to, from, n < (size_t)(end - to) ? n : (size_t)(end - to));
}

static long pointer(struct maker *m)
{
	static const size_t sizes[] = {4, 8, 16, 64, 256, 4096};
	char *p;
	size_t i, n = PICK(m, sizes);
	uint64_t v;

	if (!below(&m->rng, 8))
		return PICK(m, bad);
	p = room(m, n);
	for (i = 0; i + 8 <= n && i < 64; i += 8) {
		v = below(&m->rng, 3) ? below(&m->rng, 64) : next(&m->rng);
		put(m, p + i, &v, 8);
	}
	return (long)p;
}

static long length(struct maker *m)
{
	switch (below(&m->rng, 8)) {
	case 0:
		return PICK(m, odd);
	case 1:
		return (long)below(&m->rng, 100000);
	case 2:
		return 16;
	default:
		return (long)below(&m->rng, 300);
	}
}

static long fd_of(struct maker *m)
{
	if (!below(&m->rng, 32))
		return (long)PICK(m, odd) | 0x40; /* never 0, 1 or 2 */
	return FIRST_FD + (long)below(&m->rng, below(&m->rng, 4) ? 40 : MAX_FD);
}

static long path(struct maker *m)
{
	static const char *const names[] = {
		"/tmp/a",
		"/tmp/b",
		"/tmp/d",
		"/tmp/d/x",
		"/tmp/d/y",
		"/tmp/l",
		"/tmp/d/..",
		"a",
		"d/x",
		"",
		".",
		"/",
		"/dev/null",
		"/dev/zero",
		"/dev/full",
		"/dev/urandom",
		"/proc/self/maps",
		"/proc/self/fd",
		"/proc/net/tcp",
		"/proc/meminfo",
		"/proc/stat",
		"/proc/self/fd/5",
		"/dev",
		"/proc",
		"/sys",
		"/tmp/d/d/d",
		"/proc/net",
		"/proc/self/status",
		"/tmp/fifo",
		"/dev/ptmx",
	};
	const char *name = PICK(m, names);
	char *p;

	if (!below(&m->rng, 16))
		return pointer(m);
	p = room(m, 64);
	put(m, p, name, strlen(name) + 1);
	return (long)p;
}

static long address(struct maker *m)
{
	struct sockaddr_in sin = {.sin_family = AF_INET};
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	char *p = room(m, 128);

	switch (below(&m->rng, 6)) {
	case 0:
		return below(&m->rng, 2) ? 0 : pointer(m);
	case 1:
	case 2:
		snprintf(sun.sun_path + 1, 20, "n%d", (int)below(&m->rng, 6));
		if (!below(&m->rng, 3))
			snprintf(sun.sun_path, 20, "/tmp/s%d", (int)below(&m->rng, 4));
		put(m, p, &sun, sizeof(sun));
		return (long)p;
	default:
		sin.sin_port = htons((uint16_t)(8000 + below(&m->rng, 6)));
		sin.sin_addr.s_addr =
			htonl(below(&m->rng, 4) ? INADDR_LOOPBACK : (uint32_t)next(&m->rng));
		if (!below(&m->rng, 8))
			sin.sin_addr.s_addr = 0, sin.sin_family = (sa_family_t)below(&m->rng, 40);
		put(m, p, &sin, sizeof(sin));
		return (long)p;
	}
}

static struct iovec vec(struct maker *m)
{
	return (struct iovec){(void *)pointer(m), (size_t)length(m)};
}

static long iovec(struct maker *m)
{
	char *p = room(m, 8 * sizeof(struct iovec));
	int i;

	for (i = 0; i < 8; i++) {
		struct iovec v = vec(m);
		char *at = p + i * (long)sizeof(v);

		if (at < m->arena + ARENA)
			put(m, at, &v, sizeof(v));
	}
	return (long)p;
}

static long control(struct maker *m, size_t *len)
{
	static const int levels[] = {SOL_SOCKET, SOL_SOCKET, IPPROTO_IP, IPPROTO_TCP, 270};
	char *p = room(m, 64);
	struct {
		struct cmsghdr h;
		int data[4];
	} c = {.h = {.cmsg_len = 16 + below(&m->rng, 24),
		     .cmsg_level = PICK(m, levels),
		     .cmsg_type = (int)below(&m->rng, 12)}};
	int i;

	for (i = 0; i < 4; i++)
		c.data[i] = (int)fd_of(m);
	put(m, p, &c, sizeof(c));
	*len = below(&m->rng, 8) ? sizeof(c) : (size_t)length(m);
	return (long)p;
}

static struct msghdr message(struct maker *m)
{
	struct msghdr h = {.msg_iov = (struct iovec *)iovec(m), .msg_iovlen = below(&m->rng, 6)};

	if (below(&m->rng, 2)) {
		h.msg_name = (void *)address(m);
		h.msg_namelen = (socklen_t)(below(&m->rng, 4) ? 16 : length(m));
	}
	if (below(&m->rng, 2))
		h.msg_control = (void *)control(m, &h.msg_controllen);
	if (!below(&m->rng, 32))
		h.msg_iovlen = (size_t)PICK(m, odd);
	return h;
}

static long messages(struct maker *m, int n)
{
	size_t one = n > 1 ? sizeof(struct mmsghdr) : sizeof(struct msghdr);
	char *p = room(m, one * (size_t)n);
	int i;

	if (!below(&m->rng, 32))
		return PICK(m, bad);
	for (i = 0; i < n; i++) {
		struct mmsghdr h = {.msg_hdr = message(m)};
		char *at = p + (size_t)i * one;

		if (at < m->arena + ARENA)
			put(m, at, &h, one);
	}
	return (long)p;
}

static long time_spec(struct maker *m)
{
	struct timespec ts[2] = {{0, (long)below(&m->rng, 2000000)},
				 {0, (long)below(&m->rng, 2000000)}};
	char *p = room(m, sizeof(ts));

	if (!below(&m->rng, 16))
		ts[0].tv_nsec = PICK(m, odd);
	if (!below(&m->rng, 32))
		return below(&m->rng, 2) ? 0 : PICK(m, bad);
	put(m, p, ts, sizeof(ts));
	return (long)p;
}

static long pollfds(struct maker *m)
{
	char *p = room(m, 8 * sizeof(struct pollfd));
	int i;

	for (i = 0; i < 8; i++) {
		struct pollfd f = {(int)fd_of(m), (short)next(&m->rng), 0};
		char *at = p + i * (long)sizeof(f);

		if (at < m->arena + ARENA)
			put(m, at, &f, sizeof(f));
	}
	return (long)p;
}

static long event(struct maker *m)
{
	struct epoll_event ev = {.events = (uint32_t)next(&m->rng)};
	char *p = room(m, sizeof(ev));

	if (below(&m->rng, 2))
		ev.events &= EPOLLIN | EPOLLOUT | EPOLLET | EPOLLONESHOT;
	put(m, p, &ev, sizeof(ev));
	return (long)p;
}

static long flags(struct maker *m)
{
	static const int useful[] = {0,
				     0,
				     0,
				     O_NONBLOCK,
				     O_CLOEXEC,
				     O_NONBLOCK | O_CLOEXEC,
				     O_RDWR,
				     O_RDWR | O_CREAT,
				     O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK,
				     O_RDWR | O_APPEND | O_NONBLOCK,
				     O_PATH,
				     O_TMPFILE | O_RDWR,
				     O_DIRECTORY,
				     MSG_DONTWAIT,
				     MSG_DONTWAIT | MSG_PEEK,
				     MSG_DONTWAIT | MSG_NOSIGNAL,
				     MSG_WAITALL,
				     MSG_OOB,
				     MSG_TRUNC,
				     MSG_ERRQUEUE | MSG_DONTWAIT,
				     MSG_MORE,
				     MSG_ZEROCOPY,
				     0x20000000};

	return below(&m->rng, 12) ? PICK(m, useful) : (long)(uint32_t)next(&m->rng);
}

static long number(struct maker *m)
{
	switch (below(&m->rng, 4)) {
	case 0:
		return PICK(m, odd);
	case 1:
		return (long)next(&m->rng);
	default:
		return (long)below(&m->rng, 5000);
	}
}

static long command(struct maker *m)
{
	static const unsigned int known[] = {
		FIONREAD,    FIONBIO,	   FIOASYNC,	TIOCOUTQ,      SIOCATMARK,
		FIOCLEX,     FIONCLEX,	   SIOCGIFCONF, SIOCGIFNAME,   SIOCGIFFLAGS,
		SIOCGIFADDR, SIOCGIFINDEX, SIOCGIFMTU,	SIOCGIFHWADDR, SIOCADDRT,
		SIOCDELRT,   SIOCGARP,	   SIOCSARP,	SIOCDARP,      0x8906,
		0x8907,	     TCGETS,	   0x8946,	FIONREAD,      FIONBIO};

	return below(&m->rng, 16) ? (long)PICK(m, known) : (long)(0x8900 + below(&m->rng, 0x100));
}

static long one(struct maker *m, char kind)
{
	static const long levels[] = {SOL_SOCKET,  SOL_SOCKET, IPPROTO_IP, IPPROTO_TCP,
				      IPPROTO_UDP, 263,	       270};

	switch (kind) {
	case 'f':
		return fd_of(m);
	case 'F':
		return FIRST_FD + (long)below(&m->rng, MAX_FD);
	case 'i':
		return below(&m->rng, 16) ? (long)below(&m->rng, 12) : (long)(int)PICK(m, odd);
	case 'I':
		return number(m);
	case 'l':
		return length(m);
	case 'o':
		return flags(m);
	case 'p':
		return pointer(m);
	case 'P':
		return path(m);
	case 'S':
		return address(m);
	case 'v':
		return iovec(m);
	case 'm':
		return messages(m, 1);
	case 'M':
		return messages(m, 4);
	case 't':
		return time_spec(m);
	case 'T':
		return (long)below(&m->rng, 4);
	case 'e':
		return event(m);
	case 'd':
		return pollfds(m);
	case 'c':
		return command(m);
	case 'V':
		return (long)(victim + (below(&m->rng, VICTIM / 4096) << 12)) +
		       (below(&m->rng, 16) ? 0 : (long)below(&m->rng, 4096));
	case 'L':
		return (long)below(&m->rng, 64) << 12;
	case 's':
		return PICK(m, levels);
	case 'w':
		return (long)below(&m->rng, 6) - 1;
	case 'g':
		return (long)below(&m->rng, 2) * SIGUSR2;
	default:
		return 0;
	}
}

/* Nothing of a mapping may reach beyond the victim area. */
static void tame_memory(const struct call *c, long args[6])
{
	long end = (long)(victim + VICTIM);
	const char *a;

	for (a = c->args; *a; a++)
		if (*a == 'V' && args[a - c->args] + (64l << 12) > end)
			args[a - c->args] = (long)victim;
}

void make_args(struct maker *m, const struct call *c, long args[6])
{
	const char *a;
	int n = 0;

	memset(args, 0, 6 * sizeof(args[0]));
	for (a = c->args; *a && n < 6; a++) {
		args[n++] = one(m, *a);
		if (*a == 's')
			args[n++] = (long)below(&m->rng, 80);
	}
	tame_memory(c, args);
	if (!strcmp(c->name, "mmap") || !strcmp(c->name, "mremap"))
		args[3] |= !strcmp(c->name, "mmap") ? MAP_FIXED : MREMAP_MAYMOVE | MREMAP_FIXED;
	if (!strcmp(c->name, "socket") || !strcmp(c->name, "socketpair")) {
		static const int families[] = {AF_INET, AF_INET,    AF_INET,   AF_UNIX,
					       AF_UNIX, AF_NETLINK, AF_PACKET, 46};

		args[0] = PICK(m, families);
		args[1] = (long)below(&m->rng, 6) | (below(&m->rng, 3) ? O_NONBLOCK : 0);
		args[2] = below(&m->rng, 3) ? 0 : (long)below(&m->rng, 256);
	}
	if (!strcmp(c->name, "syslog") && args[0] == 2)
		args[0] = 3; /* reading would take the log away */
	if (!strcmp(c->name, "prctl") && args[0] == 1)
		args[0] = 3;
}
