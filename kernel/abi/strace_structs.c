// SPDX-License-Identifier: BSD-2-Clause
/*
 * Structures at a program's address in strace's notation: socket addresses, vectors, times, file
 * status, events, signal sets. Each is copied once; what cannot be read is shown as its address.
 * Called by strace_args.c in thread context, nothing sleeps. Layouts: libc/include.
 */
#include <arpa/inet.h>
#include <kernel/abi/strace_fmt.h>
#include <kernel/lib/byteorder.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/uaccess.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>

#define MAX_SIGNAL 64

/* Copy n bytes of the program's, or show the address instead. */
static bool fetch(struct st_buf *b, void *to, u64 addr, size_t n)
{
	if (addr && !copy_from_user(to, (const void *)addr, n))
		return true;
	st_pointer(b, addr);
	return false;
}

static u16 port_at(const u8 *p)
{
	return (u16)(p[0] << 8 | p[1]);
}

static void unix_name(struct st_buf *b, const char *path, size_t n)
{
	bool abstract = n && !path[0];
	size_t len = abstract ? n - 1 : strnlen(path, n);

	st_puts(b, abstract ? ", sun_path=@" : ", sun_path=");
	st_quote(b, path + abstract, len, false);
}

void st_sockaddr(struct st_buf *b, u64 addr, size_t len)
{
	u8 a[sizeof(struct sockaddr_storage)] = { 0 };
	size_t n = min(len, sizeof(a));
	u16 family;

	if (!fetch(b, a, addr, n))
		return;
	memcpy(&family, a, sizeof(family));
	st_puts(b, "{sa_family=");
	st_name(b, st_families, family, "AF_");
	if (family == AF_UNIX && n > 2)
		unix_name(b, (const char *)a + 2, min_t(size_t, n - 2, sizeof(a) - 2));
	else if (family == AF_INET && n >= 8)
		st_printf(b, ", sin_port=htons(%u), sin_addr=inet_addr(\"%u.%u.%u.%u\")",
			  port_at(a + 2), a[4], a[5], a[6], a[7]);
	else if (family == AF_NETLINK && n >= 12)
		st_printf(b, ", nl_pid=%u, nl_groups=%08x", *(const u32 *)(a + 4),
			  *(const u32 *)(a + 8));
	else if (n > 2) {
		st_puts(b, ", sa_data=");
		st_quote(b, (const char *)a + 2, min_t(size_t, n - 2, 14), n > 16);
	}
	st_puts(b, "}");
}

void st_iovec(struct st_buf *b, u64 addr, u64 count, size_t bytes)
{
	struct iovec v;

	if (!addr) {
		st_puts(b, "NULL");
		return;
	}
	st_puts(b, "[");
	for (u64 i = 0; i < count; i++, addr += sizeof(v)) {
		size_t n;

		st_puts(b, i ? ", " : "");
		if (i == ST_ARRAY_MAX) {
			st_puts(b, "...");
			break;
		}
		if (!fetch(b, &v, addr, sizeof(v)))
			break;
		n = min(v.iov_len, bytes);
		bytes -= n;
		st_puts(b, "{iov_base=");
		st_user_bytes(b, (u64)v.iov_base, n);
		st_printf(b, ", iov_len=%zu}", v.iov_len);
	}
	st_puts(b, "]");
}

void st_timespec(struct st_buf *b, u64 addr)
{
	struct timespec ts;

	if (fetch(b, &ts, addr, sizeof(ts)))
		st_printf(b, "{tv_sec=%ld, tv_nsec=%ld}", (long)ts.tv_sec, (long)ts.tv_nsec);
}

void st_stat(struct st_buf *b, u64 addr)
{
	struct stat st;

	if (!fetch(b, &st, addr, sizeof(st)))
		return;
	st_puts(b, "{st_mode=");
	st_name(b, st_file_types, st.st_mode & S_IFMT, NULL);
	st_printf(b, "|%#04o, ", st.st_mode & ~S_IFMT);
	if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))
		st_printf(b, "st_rdev=makedev(%#lx, %#lx), ...}",
			  (unsigned long)(st.st_rdev >> 8 & 0xfff),
			  (unsigned long)(st.st_rdev & 0xff));
	else
		st_printf(b, "st_size=%ld, ...}", (long)st.st_size);
}

void st_epoll_events(struct st_buf *b, u64 addr, long count, bool array)
{
	struct epoll_event ev;

	if (array && count <= 0 && addr) {
		st_puts(b, "[]");
		return;
	}
	st_puts(b, array ? "[" : "");
	for (long i = 0; i < count; i++, addr += sizeof(ev)) {
		st_puts(b, i ? ", " : "");
		if (i == ST_ARRAY_MAX) {
			st_puts(b, "...");
			break;
		}
		if (!fetch(b, &ev, addr, sizeof(ev)))
			break;
		st_puts(b, "{events=");
		st_flags(b, st_epoll_bits, ev.events, "0");
		st_printf(b, ", data={u32=%u, u64=%lu}}", ev.data.u32, (unsigned long)ev.data.u64);
	}
	st_puts(b, array ? "]" : "");
}

void st_pollfds(struct st_buf *b, u64 addr, u64 count, bool revents)
{
	struct pollfd p;
	const char *sep = "";
	unsigned int shown = 0;

	if (!addr) {
		st_puts(b, "NULL");
		return;
	}
	st_puts(b, "[");
	for (u64 i = 0; i < count && shown <= ST_ARRAY_MAX; i++, addr += sizeof(p)) {
		if (shown == ST_ARRAY_MAX) {
			st_printf(b, "%s...", sep);
			break;
		}
		if (copy_from_user(&p, (const void *)addr, sizeof(p))) {
			st_puts(b, sep);
			st_pointer(b, addr);
			break;
		}
		if (revents && !p.revents) {
			if (i >= 1024)
				break;
			continue;
		}
		st_printf(b, "%s{fd=%d, %s=", sep, p.fd, revents ? "revents" : "events");
		st_flags(b, st_poll_bits, (u16)(revents ? p.revents : p.events), "0");
		st_puts(b, "}");
		sep = ", ";
		shown++;
	}
	st_puts(b, "]");
}

static void put_signals(struct st_buf *b, u64 set)
{
	/* Most of them in it: those that are not, behind a tilde. */
	bool inverted = __builtin_popcountll(set) > MAX_SIGNAL / 2;
	const char *sep = "";

	st_puts(b, inverted ? "~[" : "[");
	for (unsigned int sig = 1; sig <= MAX_SIGNAL; sig++) {
		if ((set >> (sig - 1) & 1) == inverted)
			continue;
		st_puts(b, sep);
		for (const struct st_name *n = st_signals; n->name; n++) {
			if (n->value == sig)
				st_puts(b, n->name + 3);
		}
		sep = " ";
	}
	st_puts(b, "]");
}

void st_sigset(struct st_buf *b, u64 addr)
{
	u64 set;

	if (fetch(b, &set, addr, sizeof(set)))
		put_signals(b, set);
}

void st_sigaction(struct st_buf *b, u64 addr)
{
	struct {
		u64 handler, flags, restorer, mask;
	} sa;

	if (!fetch(b, &sa, addr, sizeof(sa)))
		return;
	st_puts(b, "{sa_handler=");
	if (sa.handler <= 1)
		st_puts(b, sa.handler ? "SIG_IGN" : "SIG_DFL");
	else
		st_pointer(b, sa.handler);
	st_puts(b, ", sa_mask=");
	put_signals(b, sa.mask);
	st_puts(b, ", sa_flags=");
	st_flags(b, st_sa_flags, sa.flags, "0");
	if (sa.flags & 0x4000000)
		st_printf(b, ", sa_restorer=0x%lx", (unsigned long)sa.restorer);
	st_puts(b, "}");
}

void st_ints(struct st_buf *b, u64 addr, unsigned int count)
{
	int v[2];

	if (!fetch(b, v, addr, count * sizeof(int)))
		return;
	if (count == 1)
		st_printf(b, "[%d]", v[0]);
	else
		st_printf(b, "[%d, %d]", v[0], v[1]);
}

static void put_limit(struct st_buf *b, u64 v)
{
	if (v == ~0ull)
		st_puts(b, "RLIM64_INFINITY");
	else if (v && !(v & 1023) && v > 1024)
		st_printf(b, "%lu*1024", (unsigned long)v / 1024);
	else
		st_printf(b, "%lu", (unsigned long)v);
}

void st_rlimit(struct st_buf *b, u64 addr)
{
	u64 r[2];

	if (!fetch(b, r, addr, sizeof(r)))
		return;
	st_puts(b, "{rlim_cur=");
	put_limit(b, r[0]);
	st_puts(b, ", rlim_max=");
	put_limit(b, r[1]);
	st_puts(b, "}");
}

void st_strings(struct st_buf *b, u64 addr)
{
	u64 s;

	if (!addr) {
		st_puts(b, "NULL");
		return;
	}
	st_puts(b, "[");
	for (unsigned int i = 0;; i++, addr += sizeof(s)) {
		if (i == ST_ARRAY_MAX) {
			st_puts(b, ", ...");
			break;
		}
		if (copy_from_user(&s, (const void *)addr, sizeof(s)) || !s)
			break;
		st_puts(b, i ? ", " : "");
		st_user_string(b, s);
	}
	st_puts(b, "]");
}

void st_msghdr(struct st_buf *b, u64 addr, long bytes)
{
	struct user_msghdr m;

	if (!fetch(b, &m, addr, sizeof(m)))
		return;
	st_puts(b, "{msg_name=");
	st_sockaddr(b, (u64)m.msg_name, m.msg_namelen);
	st_printf(b, ", msg_namelen=%u, msg_iov=", (unsigned int)m.msg_namelen);
	st_iovec(b, (u64)m.msg_iov, m.msg_iovlen, bytes < 0 ? 0 : (size_t)bytes);
	st_printf(b, ", msg_iovlen=%zu, msg_controllen=%zu, msg_flags=", m.msg_iovlen,
		  m.msg_controllen);
	st_flags(b, st_msg_flags, (u32)m.msg_flags, "0");
	st_puts(b, "}");
}
