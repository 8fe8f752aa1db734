// SPDX-License-Identifier: BSD-2-Clause
/*
 * The resolver: what it makes of good, foreign, broken and hostile messages, of configuration
 * files, and of servers that are late, silent, truncating, lying, or not there. A server of the
 * test's own answers on loopback.
 */
#include <tests/hosted/libc/bw.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <libc/resolv/dns.h>

size_t bw___dns_build_query(uint8_t buf[DNS_QUERY_MAX], uint16_t id, const char *name);
enum dns_result bw___dns_parse_answer(const uint8_t *msg, size_t len, uint16_t id, const char *name,
				      struct dns_answer *answer);
void bw___dns_conf_init(struct dns_conf *conf);
void bw___dns_conf_parse(struct dns_conf *conf, const char *text);
unsigned int bw___dns_hosts_find(const char *text, const char *name, uint32_t *addrs);
bool bw___dns_hosts_name(const char *text, uint32_t addr, char *name, size_t size);
enum dns_result bw___dns_ask(const struct dns_conf *conf, const char *name, struct dns_answer *a);

/* A message under construction. */
static uint8_t m[2000];
static size_t n;

static void b16(unsigned int v)
{
	m[n++] = (uint8_t)(v >> 8);
	m[n++] = (uint8_t)v;
}

static void name(const char *s)
{
	while (*s) {
		size_t len = strcspn(s, ".");

		m[n++] = (uint8_t)len;
		memcpy(m + n, s, len);
		n += len;
		s += len + (s[len] == '.');
	}
	m[n++] = 0;
}

static void header(unsigned int id, unsigned int flags, unsigned int answers, const char *question)
{
	n = 0;
	b16(id);
	b16(flags);
	b16(1);
	b16(answers);
	b16(0);
	b16(0);
	name(question);
	b16(1);
	b16(1);
}

static void pointer(unsigned int to)
{
	b16(0xc000 | to);
}

static void record(unsigned int type, unsigned int len)
{
	b16(type);
	b16(1);
	b16(0);
	b16(60);
	b16(len);
}

static void address(uint32_t host_order)
{
	record(1, 4);
	b16(host_order >> 16);
	b16(host_order);
}

static enum dns_result parse(const char *asked, struct dns_answer *a)
{
	/* A copy of exact size, so that ASan sees one byte too many. */
	uint8_t *copy = malloc(n ? n : 1);
	enum dns_result r;

	memcpy(copy, m, n);
	r = bw___dns_parse_answer(copy, n, 0x1234, asked, a);
	free(copy);
	return r;
}

static void queries(void **state)
{
	uint8_t q[DNS_QUERY_MAX];
	char long_name[300];

	assert_int_equal(bw___dns_build_query(q, 0x1234, "www.example.com"), 12 + 17 + 4);
	assert_memory_equal(q, "\x12\x34\x01\x00\0\1\0\0\0\0\0\0\3www\7example\3com\0\0\1\0\1", 33);
	assert_int_equal(bw___dns_build_query(q, 1, "a.b."), 12 + 5 + 4);
	assert_int_equal(bw___dns_build_query(q, 1, ""), 0);
	assert_int_equal(bw___dns_build_query(q, 1, "."), 0);
	assert_int_equal(bw___dns_build_query(q, 1, "a..b"), 0);
	assert_int_equal(bw___dns_build_query(q, 1, ".a"), 0);
	memset(long_name, 'a', 64);
	long_name[64] = 0;
	assert_int_equal(bw___dns_build_query(q, 1, long_name), 0);
	long_name[63] = 0;
	assert_int_equal(bw___dns_build_query(q, 1, long_name), 12 + 65 + 4);
	for (size_t i = 0; i < sizeof(long_name); i++)
		long_name[i] = i % 2 ? '.' : 'a';
	long_name[253] = 0;
	assert_int_equal(bw___dns_build_query(q, 1, long_name), 12 + 255 + 4);
	long_name[253] = '.';
	long_name[255] = 0;
	assert_int_equal(bw___dns_build_query(q, 1, long_name), 0);
}

static void good_answers(void **state)
{
	struct dns_answer a;

	header(0x1234, 0x8180, 2, "Host.Test");
	pointer(12);
	address(0x0a000001);
	name("host.test");
	address(0x0a000002);
	assert_int_equal(parse("host.test", &a), DNS_OK);
	assert_int_equal(a.count, 2);
	assert_int_equal(ntohl(a.addrs[0]), 0x0a000001);
	assert_int_equal(ntohl(a.addrs[1]), 0x0a000002);
	assert_int_equal(parse("host.test.", &a), DNS_OK);
	/* host -> alias -> last, records in the wrong order, others between. */
	header(0x1234, 0x8180, 5, "host.test");
	name("last.test");
	address(0x0a000003);
	name("alias.test");
	record(5, 11);
	name("last.test");
	name("other.test");
	address(0x0a000009);
	pointer(12);
	record(16, 3);
	n += 3;
	pointer(12);
	record(5, 12);
	name("alias.test");
	assert_int_equal(parse("host.test", &a), DNS_OK);
	assert_int_equal(a.count, 1);
	assert_int_equal(ntohl(a.addrs[0]), 0x0a000003);
	assert_string_equal(a.name, "last.test");
}

static void poor_answers(void **state)
{
	struct dns_answer a;

	header(0x1234, 0x8180, 0, "host.test");
	assert_int_equal(parse("host.test", &a), DNS_NO_DATA);
	header(0x1234, 0x8183, 0, "host.test");
	assert_int_equal(parse("host.test", &a), DNS_NO_NAME);
	header(0x1234, 0x8182, 0, "host.test");
	assert_int_equal(parse("host.test", &a), DNS_FAILURE);
	header(0x1234, 0x8185, 0, "host.test");
	assert_int_equal(parse("host.test", &a), DNS_FAILURE);
	header(0x1234, 0x8380, 0, "host.test");
	assert_int_equal(parse("host.test", &a), DNS_TRUNCATED);
	header(0x1234, 0x8180, 1, "host.test");
	pointer(12);
	record(5, 12);
	name("alias.test");
	assert_int_equal(parse("host.test", &a), DNS_ALIAS);
	assert_string_equal(a.name, "alias.test");
	/* a -> b -> a */
	header(0x1234, 0x8180, 2, "a.test");
	pointer(12);
	record(5, 8);
	name("b.test");
	name("b.test");
	record(5, 2);
	pointer(12);
	assert_int_equal(parse("a.test", &a), DNS_FAILURE);
	/* More addresses than anybody wants. */
	header(0x1234, 0x8180, 40, "host.test");
	for (int i = 0; i < 40; i++) {
		pointer(12);
		address(0x0a000000 + (uint32_t)i);
	}
	assert_int_equal(parse("host.test", &a), DNS_OK);
	assert_int_equal(a.count, DNS_MAX_ADDRS);
}

static void foreign_answers(void **state)
{
	struct dns_answer a;

	header(0x1235, 0x8180, 0, "host.test");
	assert_int_equal(parse("host.test", &a), DNS_NOT_OURS);
	header(0x1234, 0x0180, 0, "host.test");
	assert_int_equal(parse("host.test", &a), DNS_NOT_OURS);
	header(0x1234, 0x8980, 0, "host.test");
	assert_int_equal(parse("host.test", &a), DNS_NOT_OURS);
	header(0x1234, 0x8180, 0, "most.test");
	assert_int_equal(parse("host.test", &a), DNS_NOT_OURS);
	header(0x1234, 0x8180, 0, "host.test.evil");
	assert_int_equal(parse("host.test", &a), DNS_NOT_OURS);
	header(0x1234, 0x8180, 0, "host.test");
	m[n - 3] = 28; /* another type */
	assert_int_equal(parse("host.test", &a), DNS_NOT_OURS);
	header(0x1234, 0x8180, 0, "host.test");
	m[n - 1] = 3; /* another class */
	assert_int_equal(parse("host.test", &a), DNS_NOT_OURS);
	header(0x1234, 0x8180, 0, "host.test");
	m[5] = 0; /* no question */
	assert_int_equal(parse("host.test", &a), DNS_NOT_OURS);
	/* A label with a dot inside is not two labels. */
	header(0x1234, 0x8180, 0, "hostxtest");
	m[13 + 4] = '.';
	assert_int_equal(parse("host.test", &a), DNS_NOT_OURS);
	/* An address of another owner is no answer. */
	header(0x1234, 0x8180, 1, "host.test");
	name("evil.test");
	address(0x0a000009);
	assert_int_equal(parse("host.test", &a), DNS_NO_DATA);
}

static void broken_names(void **state)
{
	struct dns_answer a;

	/* A pointer at itself, forward, behind the end, in a circle; reserved label kinds. */
	static const uint16_t targets[] = {27, 28, 60, 0x3fff};

	for (size_t i = 0; i < 4; i++) {
		header(0x1234, 0x8180, 1, "host.test");
		assert_int_equal(n, 27);
		pointer(targets[i]);
		address(0x0a000001);
		assert_int_equal(parse("host.test", &a), DNS_NOT_OURS);
	}
	header(0x1234, 0x8180, 2, "host.test");
	m[n++] = 1;
	m[n++] = 'a';
	pointer(27); /* a.a.a... */
	address(0x0a000001);
	assert_int_equal(parse("host.test", &a), DNS_NOT_OURS);
	for (int kind = 0x40; kind <= 0x80; kind += 0x40) {
		header(0x1234, 0x8180, 1, "host.test");
		m[n++] = (uint8_t)kind;
		m[n++] = 0;
		address(0x0a000001);
		assert_int_equal(parse("host.test", &a), DNS_NOT_OURS);
	}
	/* A question that is a pointer at itself. */
	header(0x1234, 0x8180, 0, "host.test");
	m[12] = 0xc0;
	m[13] = 12;
	assert_int_equal(parse("host.test", &a), DNS_NOT_OURS);
	/* A name that grows beyond 255 bytes through pointers. */
	header(0x1234, 0x8180, 12, "host.test");
	for (int i = 0; i < 12; i++) {
		size_t at = n;

		m[n++] = 40;
		memset(m + n, 'x', 40);
		n += 40;
		if (i)
			pointer((unsigned int)(at - 41 - 14 - 2 * (i > 1)));
		else
			m[n++] = 0;
		address(1);
	}
	parse("host.test", &a);
}

static void broken_records(void **state)
{
	struct dns_answer a;

	/* Cut after every byte. */
	header(0x1234, 0x8180, 2, "host.test");
	pointer(12);
	record(5, 12);
	name("alias.test");
	name("alias.test");
	address(0x0a000003);
	for (size_t full = n; n > 0; n--) {
		enum dns_result r = parse("host.test", &a);

		assert_int_equal(r, n == full ? DNS_OK : DNS_NOT_OURS);
	}
	/* Data lengths that lie. */
	for (int len = 0; len < 20; len++) {
		header(0x1234, 0x8180, 1, "host.test");
		pointer(12);
		record(1, (unsigned int)len);
		n += 4;
		assert_int_equal(parse("host.test", &a), len == 4 ? DNS_OK : DNS_NOT_OURS);
		header(0x1234, 0x8180, 1, "host.test");
		pointer(12);
		record(5, (unsigned int)len);
		name("alias.test");
		assert_int_equal(parse("host.test", &a), len == 12 ? DNS_ALIAS : DNS_NOT_OURS);
	}
	header(0x1234, 0x8180, 65535, "host.test");
	pointer(12);
	address(0x0a000003);
	assert_int_equal(parse("host.test", &a), DNS_NOT_OURS);
}

/* Bytes changed at random: never a crash, whatever comes out. */
static void mutations(void **state)
{
	uint8_t original[sizeof(m)];
	struct dns_answer a;
	size_t full;

	header(0x1234, 0x8180, 3, "host.test");
	pointer(12);
	record(5, 8);
	name("a.test");
	name("a.test");
	record(5, 4);
	m[n++] = 1;
	m[n++] = 'b';
	pointer(17);
	name("b.test");
	address(0x0a000003);
	full = n;
	memcpy(original, m, sizeof(m));
	assert_int_equal(parse("host.test", &a), DNS_OK);
	srand(3);
	for (int i = 0; i < 300000; i++) {
		memcpy(m, original, full);
		n = full - (size_t)(rand() % 3 ? 0 : rand() % (int)full);
		for (int k = rand() % 4; k >= 0; k--)
			m[rand() % (int)full] =
				(uint8_t)(rand() % 2 ? rand() : 0xc0 | (rand() & 3));
		parse("host.test", &a);
		assert_true(a.count <= DNS_MAX_ADDRS);
		assert_non_null(memchr(a.name, 0, sizeof(a.name)));
	}
}

static void configuration(void **state)
{
	struct dns_conf c;
	uint32_t addrs[DNS_MAX_ADDRS];
	char host[32];
	const char *hosts =
		"# comment\n127.0.0.1 localhost\n 10.0.0.5\tfiles files.test # other\n::1 ip6\n"
		"10.0.0.6 files\n10.0.0.7\nnonsense files\n10.0.0.8 last";

	bw___dns_conf_init(&c);
	bw___dns_conf_parse(&c, "");
	assert_int_equal(c.nr_servers, 0);
	bw___dns_conf_parse(
		&c, "#PROTO: DHCP\ndomain a.test\nnameserver 10.0.2.3\nbootserver 1.2.3.4\n");
	assert_int_equal(c.nr_servers, 1);
	assert_int_equal(c.servers[0], inet_addr("10.0.2.3"));
	assert_int_equal(c.nr_search, 1);
	assert_string_equal(c.search[0], "a.test");
	bw___dns_conf_parse(
		&c, "nameserver 10.0.2.3\nnameserver 0.0.0.0\n; x\n  nameserver\t10.0.2.4 # x\r\n"
		    "nameserver bad\nnameserver ::1\nnameserver 1.1.1.1\nnameserver 2.2.2.2\n"
		    "search b.test c.test\noptions timeout:2 attempts:9 rotate\nnameserver");
	assert_int_equal(c.nr_servers, 3);
	assert_int_equal(c.servers[1], inet_addr("10.0.2.4"));
	assert_int_equal(c.servers[2], inet_addr("1.1.1.1"));
	assert_int_equal(c.nr_search, 2);
	assert_string_equal(c.search[1], "c.test");
	assert_int_equal(c.timeout_ms, 2000);
	assert_int_equal(c.attempts, 5);

	assert_int_equal(bw___dns_hosts_find(hosts, "FILES", addrs), 2);
	assert_int_equal(addrs[0], inet_addr("10.0.0.5"));
	assert_int_equal(addrs[1], inet_addr("10.0.0.6"));
	assert_int_equal(bw___dns_hosts_find(hosts, "other", addrs), 0);
	assert_int_equal(bw___dns_hosts_find(hosts, "last", addrs), 1);
	assert_true(bw___dns_hosts_name(hosts, inet_addr("10.0.0.5"), host, sizeof(host)));
	assert_string_equal(host, "files");
	assert_false(bw___dns_hosts_name(hosts, inet_addr("10.0.0.7"), host, sizeof(host)));
}

/* The test's name server: what it does is chosen by the name it is asked for. */
static struct {
	int udp, tcp;
	uint16_t port;
	int queries;
	pthread_t thread;
} server;

static size_t answer_to(const uint8_t *q, size_t len, bool tcp)
{
	const char *what = (const char *)q + 13;
	unsigned int id = (unsigned int)(q[0] << 8 | q[1]);
	bool is_host = !memcmp(what, "good", 4);

	(void)len;
	if (!memcmp(what, "none", 4)) {
		header(id, 0x8183, 0, "none.test");
	} else if (!memcmp(what, "big0", 4)) {
		header(id, tcp ? 0x8180 : 0x8380, tcp, "big0.test");
		if (tcp) {
			pointer(12);
			address(0x0a000055);
		}
	} else if (!memcmp(what, "alia", 4)) {
		header(id, 0x8180, 1, "alia.test");
		pointer(12);
		record(5, 11);
		name("good.test");
	} else if (!memcmp(what, "loop", 4)) {
		header(id, 0x8180, 1, "loop.test");
		pointer(12);
		record(5, 11);
		name("loop.test");
	} else if (!memcmp(what, "fail", 4)) {
		header(id, 0x8182, 0, "fail.test");
	} else if (is_host || (!memcmp(what, "late", 4) && server.queries > 1)) {
		header(id, 0x8180, 1, is_host ? "good.test" : "late.test");
		pointer(12);
		address(0x0a000077);
	} else {
		return 0;
	}
	return n;
}

static void serve_udp(void)
{
	struct sockaddr_in from;
	socklen_t fromlen = sizeof(from);
	uint8_t q[600];
	ssize_t len = recvfrom(server.udp, q, sizeof(q), 0, (struct sockaddr *)&from, &fromlen);
	size_t reply;

	server.queries++;
	reply = len > 17 ? answer_to(q, (size_t)len, false) : 0;
	if (!reply)
		return;
	/* First a forged one with another id, then garbage, then the real one. */
	m[0] ^= 1;
	sendto(server.udp, m, reply, 0, (struct sockaddr *)&from, fromlen);
	m[0] ^= 1;
	sendto(server.udp, "garbage", 7, 0, (struct sockaddr *)&from, fromlen);
	sendto(server.udp, m, reply, 0, (struct sockaddr *)&from, fromlen);
}

static void serve_tcp(void)
{
	int fd = accept(server.tcp, NULL, NULL);
	uint8_t q[600], prefix[2];
	ssize_t len = recv(fd, q, sizeof(q), 0);
	size_t reply = len > 19 ? answer_to(q + 2, (size_t)len - 2, true) : 0;

	prefix[0] = (uint8_t)(reply >> 8);
	prefix[1] = (uint8_t)reply;
	/* In three pieces. */
	send(fd, prefix, 2, 0);
	usleep(10000);
	send(fd, m, reply / 2, 0);
	usleep(10000);
	send(fd, m + reply / 2, reply - reply / 2, 0);
	close(fd);
}

static void *serve(void *arg)
{
	for (;;) {
		struct pollfd p[2] = {{server.udp, POLLIN, 0}, {server.tcp, POLLIN, 0}};

		if (poll(p, 2, -1) < 0)
			continue;
		if (p[0].revents)
			serve_udp();
		if (p[1].revents)
			serve_tcp();
	}
	return arg;
}

static int start_server(void **state)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};
	socklen_t len = sizeof(addr);

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server.udp = socket(AF_INET, SOCK_DGRAM, 0);
	server.tcp = socket(AF_INET, SOCK_STREAM, 0);
	bind(server.udp, (struct sockaddr *)&addr, len);
	getsockname(server.udp, (struct sockaddr *)&addr, &len);
	if (bind(server.tcp, (struct sockaddr *)&addr, len) < 0 || listen(server.tcp, 5) < 0)
		return -1;
	server.port = ntohs(addr.sin_port);
	return pthread_create(&server.thread, NULL, serve, NULL);
}

static void asking(void **state)
{
	struct dns_conf c;
	struct dns_answer a;

	bw___dns_conf_init(&c);
	assert_int_equal(bw___dns_ask(&c, "good.test", &a), DNS_NO_SERVER);
	bw___dns_conf_parse(&c, "nameserver 127.0.0.1\n");
	c.port = server.port;
	c.timeout_ms = 200;
	assert_int_equal(bw___dns_ask(&c, "good.test", &a), DNS_OK);
	assert_int_equal(ntohl(a.addrs[0]), 0x0a000077);
	assert_int_equal(bw___dns_ask(&c, "none.test", &a), DNS_NO_NAME);
	assert_int_equal(bw___dns_ask(&c, "alia.test", &a), DNS_OK);
	assert_int_equal(ntohl(a.addrs[0]), 0x0a000077);
	assert_int_equal(bw___dns_ask(&c, "loop.test", &a), DNS_FAILURE);
	assert_int_equal(bw___dns_ask(&c, "fail.test", &a), DNS_FAILURE);
	assert_int_equal(bw___dns_ask(&c, "big0.test", &a), DNS_OK);
	assert_int_equal(ntohl(a.addrs[0]), 0x0a000055);
	server.queries = 0;
	assert_int_equal(bw___dns_ask(&c, "mute.test", &a), DNS_TIMED_OUT);
	assert_int_equal(server.queries, 2);
	server.queries = 0;
	assert_int_equal(bw___dns_ask(&c, "late.test", &a), DNS_OK);
	assert_int_equal(bw___dns_ask(&c, "not..a.name", &a), DNS_NO_NAME);
	/* The first server refuses; the second answers. */
	bw___dns_conf_init(&c);
	bw___dns_conf_parse(&c, "nameserver 127.0.0.9\nnameserver 127.0.0.1\n");
	c.port = server.port;
	assert_int_equal(bw___dns_ask(&c, "good.test", &a), DNS_OK);
}

static void address_info(void **state)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST}, *res;
	struct sockaddr_in *in;
	char host[40], port[10];

	assert_int_equal(bw_getaddrinfo("10.1.2.3", "8080", &hints, &res), 0);
	in = (struct sockaddr_in *)res->ai_addr;
	assert_int_equal(in->sin_addr.s_addr, inet_addr("10.1.2.3"));
	assert_int_equal(in->sin_port, htons(8080));
	assert_int_equal(res->ai_protocol, IPPROTO_TCP);
	assert_null(res->ai_next);
	assert_int_equal(bw_getnameinfo(res->ai_addr, res->ai_addrlen, host, sizeof(host), port,
					sizeof(port), NI_NUMERICHOST),
			 0);
	assert_string_equal(host, "10.1.2.3");
	assert_string_equal(port, "http-alt");
	bw_freeaddrinfo(res);
	assert_int_equal(bw_getaddrinfo("host.test", "80", &hints, &res), EAI_NONAME);
	assert_int_equal(bw_getaddrinfo("10.1.2.3", "nosuch", &hints, &res), EAI_SERVICE);
	assert_int_equal(bw_getaddrinfo("10.1.2.3", "99999", &hints, &res), EAI_SERVICE);
	assert_int_equal(bw_getaddrinfo(NULL, NULL, &hints, &res), EAI_NONAME);
	hints.ai_flags = AI_PASSIVE;
	assert_int_equal(bw_getaddrinfo(NULL, "http", &hints, &res), 0);
	in = (struct sockaddr_in *)res->ai_addr;
	assert_int_equal(in->sin_addr.s_addr, INADDR_ANY);
	assert_int_equal(in->sin_port, htons(80));
	bw_freeaddrinfo(res);
	assert_int_equal(bw_getaddrinfo("sub.localhost", NULL, NULL, &res), 0);
	in = (struct sockaddr_in *)res->ai_addr;
	assert_int_equal(in->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
	assert_non_null(res->ai_next->ai_next);
	bw_freeaddrinfo(res);
	assert_int_equal(bw_getaddrinfo("nosuch.invalid", NULL, NULL, &res), EAI_NONAME);
}

static const char *const texts[] = {
	"1.2.3.4",
	"255.255.255.255",
	"0.0.0.0",
	"256.1.1.1",
	"1.2.3",
	"1.2.3.4.5",
	"01.2.3.4",
	"1.2.3.4 ",
	"1..2.3",
	"",
	"1.2.3.",
	".1.2.3",
	"a.b.c.d",
	"1.2.3.0x4",
	"::",
	"::1",
	"1::",
	"1:2:3:4:5:6:7:8",
	"1:2:3:4:5:6:7::",
	"::2:3:4:5:6:7:8",
	"1::2::3",
	":1",
	"1:",
	"1:2:3",
	"12345::",
	"::ffff:1.2.3.4",
	"1:2:3:4:5:6:1.2.3.4",
	"1:2:3:4:5:6:7:1.2.3.4",
	"::1.2.3",
	"g::",
	"1:2:3:4:5:6:7:8:9",
	":::",
	"2001:DB8::a:0:0:b",
	"1:0:0:2:0:0:0:3",
	"0:0:0:0:0:0:13.1.68.3",
	"1:2:3:4:5:6:7:",
	"::1:",
};
static const char *const atons[] = {"1",	  "1.2",      "1.2.3",	   "1.2.3.4", "0x7f.1",
				    "017.1",	  "256",      "1.2.65536", "1.256.1", "4294967295",
				    "4294967296", "1.2.3.4x", "1.2.3.4 x", "",	      "x",
				    "1.16777216", "1.2.3.256"};

static void address_text(void **state)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (int f = 0; f < 2; f++) {
			int family = f ? AF_INET6 : AF_INET;
			uint8_t got[16] = {0}, want[16] = {0};
			char a[64], b[64];
			int r = inet_pton(family, texts[i], want);

			assert_int_equal(bw_inet_pton(family, texts[i], got), r);
			if (r != 1)
				continue;
			assert_memory_equal(got, want, 16);
			assert_non_null(bw_inet_ntop(family, got, a, sizeof(a)));
			inet_ntop(family, want, b, sizeof(b));
			/* glibc still writes ::1.2.3.4 for the deprecated compatible form. */
			if (!(family == AF_INET6 && !memcmp(want, "\0\0\0\0\0\0\0\0\0\0\0\0", 12)))
				assert_string_equal(a, b);
		}
	}
	for (size_t i = 0; i < sizeof(atons) / sizeof(atons[0]); i++) {
		struct in_addr got = {0}, want = {0};

		assert_int_equal(bw_inet_aton(atons[i], &got), inet_aton(atons[i], &want));
		assert_int_equal(got.s_addr, want.s_addr);
	}
	bw_errno = 0;
	assert_null(bw_inet_ntop(AF_INET, "\1\2\3\4", (char[4]){0}, 4));
	assert_int_equal(bw_errno, ENOSPC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queries),	cmocka_unit_test(good_answers),
		cmocka_unit_test(poor_answers), cmocka_unit_test(foreign_answers),
		cmocka_unit_test(broken_names), cmocka_unit_test(broken_records),
		cmocka_unit_test(mutations),	cmocka_unit_test(configuration),
		cmocka_unit_test(asking),	cmocka_unit_test(address_info),
		cmocka_unit_test(address_text),
	};

	return cmocka_run_group_tests(tests, start_server, NULL);
}
