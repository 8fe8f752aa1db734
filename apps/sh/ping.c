// SPDX-License-Identifier: BSD-2-Clause
/*
 * ping: ICMP echo (RFC 792) over a datagram ICMP socket, as Linux's ping without privileges.
 *
 * The kernel fills in the identifier and hands over only our replies; where such sockets are not
 * allowed a raw one is used and the identifier checked here. The sending time travels in the
 * payload. Errors that come back by ICMP are read from the socket's error queue (IP_RECVERR). Runs
 * until COUNT requests are answered or given up, or Ctrl-C. Left out: record route, broadcasts,
 * floods, IPv6.
 */
#include <errno.h>
#include <time.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <apps/sh/sh.h>

#define MAX_SIZE 65507

struct ping {
	int fd;
	bool is_raw;
	uint32_t addr;
	unsigned long count, size, ttl; /* count 0: without end */
	unsigned int interval_ms, wait_ms;
	unsigned long sent, received, errors;
	uint64_t min_us, max_us, sum_us;
	uint16_t seq, last_answered;
	uint64_t start, sent_at;
};

static uint8_t packet[sizeof(struct iphdr) + 40 + sizeof(struct icmphdr) + MAX_SIZE];

/* RFC 1071, for raw sockets; the kernel does it for the others. */
static uint16_t checksum(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)(p[i] << 8) + (i + 1 < len ? p[i + 1] : 0);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static bool open_socket(struct ping *p)
{
	int one = 1, ttl = (int)p->ttl;

	p->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMP);
	if (p->fd < 0) {
		p->is_raw = true;
		p->fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMP);
	}
	if (p->fd < 0)
		return false;
	setsockopt(p->fd, IPPROTO_IP, IP_RECVERR, &one, sizeof(one));
	setsockopt(p->fd, IPPROTO_IP, IP_RECVTTL, &one, sizeof(one));
	if (ttl)
		setsockopt(p->fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	return true;
}

static bool send_one(struct ping *p)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = p->addr};
	struct icmphdr *icmp = (struct icmphdr *)packet;
	uint64_t now = now_us();
	size_t len = sizeof(*icmp) + p->size;

	memset(icmp, 0, sizeof(*icmp));
	icmp->type = ICMP_ECHO;
	icmp->un.echo.id = htons((uint16_t)getpid());
	icmp->un.echo.sequence = htons(++p->seq);
	for (size_t i = 0; i < p->size; i++)
		packet[sizeof(*icmp) + i] = (uint8_t)i;
	if (p->size >= sizeof(now))
		memcpy(icmp + 1, &now, sizeof(now));
	icmp->checksum = checksum(packet, len);
	p->sent++;
	p->sent_at = now;
	if (sendto(p->fd, packet, len, 0, (struct sockaddr *)&to, sizeof(to)) >= 0)
		return true;
	/* An error of an earlier packet may be reported here; the queue tells of it. */
	if (errno == EAGAIN || errno == ENOBUFS || errno == EHOSTUNREACH || errno == ECONNREFUSED)
		return true;
	fprintf(stderr, "ping: %s\n", strerror(errno));
	p->errors++;
	return errno != EMSGSIZE && errno != EACCES && errno != ENETUNREACH;
}

static int ttl_of(struct msghdr *msg)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL)
			return *(int *)CMSG_DATA(c);
	}
	return 0;
}

static void print_reply(struct ping *p, const struct icmphdr *icmp, size_t len, uint32_t from,
			int ttl)
{
	uint64_t then = p->sent_at, now = now_us(), us;

	if (p->size >= sizeof(then))
		memcpy(&then, icmp + 1, sizeof(then));
	/* Some gateways answer in a host's name, with neither our number nor our payload. */
	if (then < p->start || then > now ||
	    (uint16_t)(p->seq - ntohs(icmp->un.echo.sequence)) >= p->sent) {
		printf("From %s: an echo reply that answers none of our requests\n", addr_text(from));
		return;
	}
	us = now - then;
	p->last_answered = ntohs(icmp->un.echo.sequence);
	p->received++;
	p->sum_us += us;
	if (p->received == 1 || us < p->min_us)
		p->min_us = us;
	if (us > p->max_us)
		p->max_us = us;
	printf("%zu bytes from %s: icmp_seq=%u ttl=%d time=%llu.%03llu ms\n", len, addr_text(from),
	       p->last_answered, ttl, (unsigned long long)(us / 1000),
	       (unsigned long long)(us % 1000));
}

static void receive(struct ping *p)
{
	struct sockaddr_in from;
	_Alignas(8) char control[128];
	struct iovec iov = {packet, sizeof(packet)};
	struct msghdr msg = {.msg_name = &from,
			     .msg_namelen = sizeof(from),
			     .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(p->fd, &msg, 0);
	size_t skip = 0, len;
	struct icmphdr *icmp;
	int ttl;

	if (n <= 0)
		return;
	ttl = ttl_of(&msg);
	if (p->is_raw) {
		skip = (packet[0] & 15) * 4U;
		ttl = packet[8];
	}
	if ((size_t)n < skip + sizeof(*icmp))
		return;
	len = (size_t)n - skip;
	icmp = (struct icmphdr *)(packet + skip);
	if (icmp->type != ICMP_ECHOREPLY || len < sizeof(*icmp) + p->size ||
	    (p->is_raw && icmp->un.echo.id != htons((uint16_t)getpid())))
		return;
	print_reply(p, icmp, len, from.sin_addr.s_addr, ttl);
}

static const char *error_text(const struct sock_extended_err *e)
{
	static const char *const unreachable[] = {"Network Unreachable",    "Host Unreachable",
						  "Protocol Unreachable",   "Port Unreachable",
						  "Frag needed and DF set", "Source Route Failed"};

	if (e->ee_origin == SO_EE_ORIGIN_ICMP && e->ee_type == ICMP_TIME_EXCEEDED)
		return "Time to live exceeded";
	if (e->ee_origin == SO_EE_ORIGIN_ICMP && e->ee_type == ICMP_DEST_UNREACH && e->ee_code < 6)
		return unreachable[e->ee_code];
	return strerror((int)e->ee_errno);
}

/* Tell of one entry of the error queue; false when it is empty. */
static bool receive_error(struct ping *p)
{
	_Alignas(8) char control[256];
	struct msghdr msg = {.msg_control = control, .msg_controllen = sizeof(control)};
	struct iovec iov = {packet, sizeof(packet)};
	struct sockaddr_in offender = {.sin_addr.s_addr = p->addr};
	const struct icmphdr *ours = (struct icmphdr *)packet;
	struct sock_extended_err e = {0};
	ssize_t n;

	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	n = recvmsg(p->fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT);
	if (n < 0)
		return false;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
		if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_RECVERR)
			continue;
		memcpy(&e, CMSG_DATA(c), sizeof(e));
		if (c->cmsg_len >= CMSG_LEN(sizeof(e) + sizeof(offender)) &&
		    e.ee_origin == SO_EE_ORIGIN_ICMP)
			memcpy(&offender, CMSG_DATA(c) + sizeof(e), sizeof(offender));
	}
	p->errors++;
	if (n >= (ssize_t)sizeof(*ours))
		p->last_answered = ntohs(ours->un.echo.sequence);
	printf("From %s icmp_seq=%u %s\n", addr_text(offender.sin_addr.s_addr),
	       n >= (ssize_t)sizeof(*ours) ? ntohs(ours->un.echo.sequence) : p->seq,
	       error_text(&e));
	return true;
}

/* Receive until a moment, or until the last packet is answered. True: Ctrl-C. */
static bool listen_until(struct ping *p, uint64_t until_us, bool last)
{
	struct pollfd fds[2] = {{.fd = p->fd, .events = POLLIN}};

	while (!(last && p->last_answered == p->seq)) {
		uint64_t now = now_us();

		if (now >= until_us)
			return false;
		if (term_poll(fds, 1, (int)((until_us - now + 999) / 1000)))
			return true;
		if (fds[0].revents & POLLIN)
			receive(p);
		while (fds[0].revents & POLLERR && receive_error(p))
			;
		fflush(stdout);
	}
	return false;
}

static void summary(const struct ping *p, const char *name)
{
	unsigned long lost = p->sent > p->received ? p->sent - p->received : 0;

	printf("\n--- %s ping statistics ---\n%lu packets transmitted, %lu received, ", name,
	       p->sent, p->received);
	if (p->errors)
		printf("%lu errors, ", p->errors);
	printf("%lu%% packet loss, time %llu ms\n", p->sent ? lost * 100 / p->sent : 0,
	       (unsigned long long)((now_us() - p->start) / 1000));
	if (p->received) {
		unsigned long long avg = p->sum_us / p->received;

		printf("rtt min/avg/max = %llu.%03llu/%llu.%03llu/%llu.%03llu ms\n",
		       (unsigned long long)p->min_us / 1000, (unsigned long long)p->min_us % 1000,
		       avg / 1000, avg % 1000, (unsigned long long)p->max_us / 1000,
		       (unsigned long long)p->max_us % 1000);
	}
}

static bool parse_options(int argc, char **argv, struct ping *p)
{
	int c;

	optind = 0;
	while ((c = getopt(argc, argv, "c:s:i:W:t:n")) != -1) {
		if (c == 'c' && parse_number(optarg, 1000000000, &p->count) && p->count)
			continue;
		if (c == 's' && parse_number(optarg, MAX_SIZE, &p->size))
			continue;
		if (c == 't' && parse_number(optarg, 255, &p->ttl) && p->ttl)
			continue;
		if (c == 'i' && parse_seconds(optarg, &p->interval_ms))
			continue;
		if (c == 'W' && parse_seconds(optarg, &p->wait_ms))
			continue;
		if (c != 'n')
			return false;
	}
	return optind + 1 == argc;
}

int cmd_ping(int argc, char **argv)
{
	struct ping p = {.size = 56, .interval_ms = 1000, .wait_ms = 5000};
	uint64_t next;
	const char *name;
	bool stop = false;

	if (!parse_options(argc, argv, &p))
		return command_usage("ping");
	name = argv[optind];
	if (!resolve(name, &p.addr))
		return 2;
	if (!open_socket(&p))
		return complain("ping");
	printf("PING %s (%s) %lu bytes of data.\n", name, addr_text(p.addr), p.size);
	fflush(stdout);
	p.start = next = now_us();
	while (!stop && send_one(&p)) {
		bool last = p.count && p.sent >= p.count;

		next += (last ? p.wait_ms : p.interval_ms) * 1000ULL;
		stop = listen_until(&p, next, last) || last;
	}
	close(p.fd);
	summary(&p, name);
	return p.received ? 0 : 1;
}
