// SPDX-License-Identifier: BSD-2-Clause
/*
 * Asking name servers (RFC 1035 section 7, RFC 5452 against forged answers, RFC 7766 for TCP).
 *
 * Called by getaddrinfo in thread context; sleeps. Each query has a random id and a random source
 * port, goes out on a socket connected to its server (so that the kernel drops what others send and
 * reports ICMP errors at once), and is answered only by a message that repeats the question. All
 * servers are tried in turn, in rounds with doubled timeouts; a truncated answer is asked for again
 * over TCP. Names without a dot go through the search list first. "localhost" and names below it
 * are the loopback address and "invalid" does not exist, without asking (RFC 6761). Left out: a
 * cache.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <libc/resolv/dns.h>

#define MAX_ALIASES 8	  /* queries for one lookup when servers only give aliases */
#define FILE_MAX    65536 /* of a configuration file */

struct query {
	const char *name;
	uint16_t id;
	uint8_t msg[DNS_QUERY_MAX];
	size_t len;
	struct sockaddr_in server;
	long deadline_ms; /* on the monotonic clock */
	struct dns_answer *answer;
};

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Wait for an event on the socket until the deadline; false when it passed. */
static bool wait_for(int fd, short events, long deadline_ms)
{
	struct pollfd p = {.fd = fd, .events = events};
	long left = deadline_ms - now_ms();

	return left > 0 && poll(&p, 1, (int)left) > 0;
}

/* A UDP socket on a random port, connected to the server. */
static int open_udp(const struct sockaddr_in *server)
{
	struct sockaddr_in local = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	uint16_t port;

	if (fd < 0)
		return -1;
	for (int i = 0; i < 8; i++) {
		if (getrandom(&port, sizeof(port), 0) != sizeof(port))
			break;
		local.sin_port = htons((uint16_t)(port | 1024));
		if (bind(fd, (struct sockaddr *)&local, sizeof(local)) == 0)
			break;
	}
	/* If no bind worked, connect() takes a free port. */
	if (connect(fd, (const struct sockaddr *)server, sizeof(*server)) == 0)
		return fd;
	close(fd);
	return -1;
}

static enum dns_result ask_udp(struct query *q)
{
	enum dns_result result = DNS_TIMED_OUT;
	uint8_t buf[DNS_UDP_MAX];
	int fd = open_udp(&q->server);

	if (fd < 0)
		return DNS_FAILURE;
	if (send(fd, q->msg, q->len, MSG_NOSIGNAL) < 0)
		result = DNS_FAILURE;
	while (result == DNS_TIMED_OUT && wait_for(fd, POLLIN, q->deadline_ms)) {
		ssize_t n = recv(fd, buf, sizeof(buf), 0);

		if (n < 0 && errno != EAGAIN) {
			result = DNS_FAILURE;
		} else if (n >= 0) {
			result = __dns_parse_answer(buf, (size_t)n, q->id, q->name, q->answer);
			/* Somebody else's: go on waiting for ours. */
			if (result == DNS_NOT_OURS)
				result = DNS_TIMED_OUT;
		}
	}
	close(fd);
	return result;
}

/* Exactly @len bytes before the deadline. */
static bool read_all(int fd, uint8_t *buf, size_t len, long deadline_ms)
{
	while (len) {
		ssize_t n;

		if (!wait_for(fd, POLLIN, deadline_ms))
			return false;
		n = recv(fd, buf, len, 0);
		if (n == 0 || (n < 0 && errno != EAGAIN))
			return false;
		if (n > 0) {
			buf += n;
			len -= (size_t)n;
		}
	}
	return true;
}

/* Connect and send the query behind its length (RFC 1035 section 4.2.2). */
static bool send_tcp(int fd, const struct query *q)
{
	uint8_t msg[2 + DNS_QUERY_MAX] = {(uint8_t)(q->len >> 8), (uint8_t)q->len};

	if (connect(fd, (const struct sockaddr *)&q->server, sizeof(q->server)) < 0 &&
	    (errno != EINPROGRESS || !wait_for(fd, POLLOUT, q->deadline_ms)))
		return false;
	memcpy(msg + 2, q->msg, q->len);
	/* A fresh connection takes these few bytes at once. */
	return send(fd, msg, q->len + 2, MSG_NOSIGNAL) == (ssize_t)q->len + 2;
}

static enum dns_result ask_tcp(struct query *q)
{
	enum dns_result result = DNS_FAILURE;
	uint8_t *buf = malloc(DNS_TCP_MAX), prefix[2];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (buf && fd >= 0 && send_tcp(fd, q) && read_all(fd, prefix, 2, q->deadline_ms)) {
		size_t len = (size_t)(prefix[0] << 8 | prefix[1]);

		if (read_all(fd, buf, len, q->deadline_ms))
			result = __dns_parse_answer(buf, len, q->id, q->name, q->answer);
		if (result == DNS_NOT_OURS || result == DNS_TRUNCATED)
			result = DNS_FAILURE;
	}
	if (fd >= 0)
		close(fd);
	free(buf);
	return result;
}

static enum dns_result ask_server(struct query *q, uint32_t server, uint16_t port, long timeout_ms)
{
	enum dns_result result;

	if (getrandom(&q->id, sizeof(q->id), 0) != sizeof(q->id))
		return DNS_FAILURE;
	q->len = __dns_build_query(q->msg, q->id, q->name);
	if (!q->len)
		return DNS_NO_NAME;
	q->server = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = server};
	q->deadline_ms = now_ms() + timeout_ms;
	result = ask_udp(q);
	if (result == DNS_TRUNCATED) {
		q->deadline_ms = now_ms() + timeout_ms;
		result = ask_tcp(q);
	}
	return result;
}

/* One name at all servers, in rounds. */
static enum dns_result ask_once(const struct dns_conf *conf, const char *name,
				struct dns_answer *answer)
{
	enum dns_result last = DNS_NO_SERVER;
	struct query q = {.name = name, .answer = answer};

	for (unsigned int round = 0; round < conf->attempts; round++) {
		for (unsigned int i = 0; i < conf->nr_servers; i++) {
			last = ask_server(&q, conf->servers[i], conf->port,
					  (long)conf->timeout_ms << round);
			if (last != DNS_FAILURE && last != DNS_TIMED_OUT)
				return last;
		}
	}
	return last;
}

enum dns_result __dns_ask(const struct dns_conf *conf, const char *name, struct dns_answer *answer)
{
	char asked[DNS_NAME_MAX];
	enum dns_result result = DNS_FAILURE;

	if (strlcpy(asked, name, sizeof(asked)) >= sizeof(asked))
		return DNS_NO_NAME;
	for (int i = 0; i < MAX_ALIASES; i++) {
		result = ask_once(conf, asked, answer);
		if (result != DNS_ALIAS)
			return result;
		strlcpy(asked, answer->name, sizeof(asked));
	}
	return DNS_FAILURE;
}

char *__dns_read_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text;
	size_t used = 0;
	ssize_t n = 0;

	if (fd < 0)
		return NULL;
	text = malloc(FILE_MAX);
	while (text && used < FILE_MAX - 1 && (n = read(fd, text + used, FILE_MAX - 1 - used)) > 0)
		used += (size_t)n;
	close(fd);
	if (text)
		text[used] = 0;
	return text;
}

static bool ends_in(const char *name, const char *zone)
{
	size_t n = strlen(name), z = strlen(zone);

	n -= n && name[n - 1] == '.';
	return n >= z && !strncasecmp(name + n - z, zone, z) && (n == z || name[n - z - 1] == '.');
}

/* Names that no server is asked for. */
static bool known_name(const char *name, struct dns_answer *answer, enum dns_result *result)
{
	char *hosts = __dns_read_file("/etc/hosts");

	answer->count = hosts ? __dns_hosts_find(hosts, name, answer->addrs) : 0;
	free(hosts);
	strlcpy(answer->name, name, sizeof(answer->name));
	if (!answer->count && ends_in(name, "localhost")) {
		answer->addrs[0] = htonl(INADDR_LOOPBACK);
		answer->count = 1;
	}
	*result = answer->count ? DNS_OK : DNS_NO_NAME;
	return answer->count || ends_in(name, "invalid");
}

static void read_conf(struct dns_conf *conf)
{
	static const char *const files[] = {"/etc/resolv.conf", "/proc/net/pnp"};

	__dns_conf_init(conf);
	for (int i = 0; i < 2; i++) {
		char *text = __dns_read_file(files[i]);

		if (text)
			__dns_conf_parse(conf, text);
		free(text);
	}
}

enum dns_result __dns_lookup(const char *name, struct dns_answer *answer)
{
	struct dns_conf *conf;
	enum dns_result result;
	char longer[DNS_NAME_MAX];

	if (strlen(name) >= DNS_NAME_MAX)
		return DNS_NO_NAME;
	if (known_name(name, answer, &result))
		return result;
	conf = malloc(sizeof(*conf));
	if (!conf)
		return DNS_FAILURE;
	read_conf(conf);
	for (unsigned int i = 0; i < conf->nr_search && !strchr(name, '.'); i++) {
		strlcpy(longer, name, sizeof(longer));
		strlcat(longer, ".", sizeof(longer));
		if (strlcat(longer, conf->search[i], sizeof(longer)) >= sizeof(longer))
			continue;
		result = __dns_ask(conf, longer, answer);
		if (result != DNS_NO_NAME && result != DNS_NO_DATA) {
			free(conf);
			return result;
		}
	}
	result = __dns_ask(conf, name, answer);
	free(conf);
	return result;
}
