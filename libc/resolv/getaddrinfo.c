// SPDX-License-Identifier: BSD-2-Clause
/*
 * getaddrinfo, getnameinfo and their older relatives (RFC 3493 section 6, POSIX <netdb.h>).
 *
 * Called by programs in thread context; names sleep in the resolver (dns_client.c), numbers do not.
 * A list of results is one allocation for each entry. Left out: IPv6 results, for the stack has no
 * IPv6 yet; getnameinfo knows only numbers and /etc/hosts, it does not ask servers for PTR records.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libc/resolv/dns.h>

static const struct {
	const char *name;
	uint16_t port;
} services[] = {
	{"echo", 7},	  {"discard", 9},     {"daytime", 13}, {"chargen", 19}, {"ftp", 21},
	{"ssh", 22},	  {"telnet", 23},     {"smtp", 25},    {"domain", 53},	{"tftp", 69},
	{"http", 80},	  {"ntp", 123},	      {"snmp", 161},   {"https", 443},	{"syslog", 514},
	{"iperf3", 5201}, {"http-alt", 8080},
};

struct entry {
	struct addrinfo ai;
	struct sockaddr_in addr;
	char name[]; /* canonical name, when asked for */
};

/* Port of a service name or number; -1 when there is none. */
static int find_port(const char *service, bool numeric_only)
{
	char *end;
	unsigned long port;

	if (*service >= '0' && *service <= '9') {
		port = strtoul(service, &end, 10);
		return *end || port > 65535 ? -1 : (int)port;
	}
	for (size_t i = 0; !numeric_only && i < sizeof(services) / sizeof(services[0]); i++) {
		if (!strcmp(services[i].name, service))
			return services[i].port;
	}
	return -1;
}

static int error_of(enum dns_result result)
{
	switch (result) {
	case DNS_OK:
		return 0;
	case DNS_NO_NAME:
	case DNS_NO_DATA:
		return EAI_NONAME;
	case DNS_TIMED_OUT:
	case DNS_NO_SERVER:
		return EAI_AGAIN;
	default:
		return EAI_FAIL;
	}
}

/* The addresses of a node: none given, a number, or a name. */
static int find_addrs(const char *node, int flags, struct dns_answer *answer)
{
	struct in_addr addr;

	memset(answer, 0, sizeof(*answer));
	answer->count = 1;
	if (!node) {
		answer->addrs[0] = htonl(flags & AI_PASSIVE ? INADDR_ANY : INADDR_LOOPBACK);
		return 0;
	}
	if (inet_aton(node, &addr)) {
		answer->addrs[0] = addr.s_addr;
		strlcpy(answer->name, node, sizeof(answer->name));
		return 0;
	}
	return flags & AI_NUMERICHOST ? EAI_NONAME : error_of(__dns_lookup(node, answer));
}

static struct addrinfo *make_entry(uint32_t addr, int port, int type, int protocol,
				   const char *name)
{
	struct entry *e = calloc(1, sizeof(*e) + (name ? strlen(name) + 1 : 0));

	if (!e)
		return NULL;
	e->addr.sin_family = AF_INET;
	e->addr.sin_port = htons((uint16_t)port);
	e->addr.sin_addr.s_addr = addr;
	e->ai.ai_family = AF_INET;
	e->ai.ai_socktype = type;
	e->ai.ai_protocol = protocol;
	e->ai.ai_addrlen = sizeof(e->addr);
	e->ai.ai_addr = (struct sockaddr *)&e->addr;
	if (name) {
		strcpy(e->name, name);
		e->ai.ai_canonname = e->name;
	}
	return &e->ai;
}

/* Which of the three kinds of sockets the hints ask for. */
static bool type_wanted(const struct addrinfo *hints, int type, int protocol)
{
	if (!hints)
		return true;
	return (!hints->ai_socktype || hints->ai_socktype == type) &&
	       (!hints->ai_protocol || !protocol || hints->ai_protocol == protocol);
}

static int make_list(const struct dns_answer *answer, int port, const struct addrinfo *hints,
		     struct addrinfo **res)
{
	static const struct {
		int type, protocol;
	} kinds[] = {{SOCK_STREAM, IPPROTO_TCP}, {SOCK_DGRAM, IPPROTO_UDP}, {SOCK_RAW, 0}};
	bool canonical = hints && hints->ai_flags & AI_CANONNAME;
	struct addrinfo **tail = res;

	*res = NULL;
	for (unsigned int i = 0; i < answer->count; i++) {
		for (int k = 0; k < 3; k++) {
			if (!type_wanted(hints, kinds[k].type, kinds[k].protocol))
				continue;
			*tail = make_entry(answer->addrs[i], port, kinds[k].type, kinds[k].protocol,
					   canonical && tail == res ? answer->name : NULL);
			if (!*tail) {
				freeaddrinfo(*res);
				*res = NULL;
				return EAI_MEMORY;
			}
			if (!(*tail)->ai_protocol && hints)
				(*tail)->ai_protocol = hints->ai_protocol;
			tail = &(*tail)->ai_next;
		}
	}
	return *res ? 0 : EAI_SOCKTYPE;
}

int getaddrinfo(const char *restrict node, const char *restrict service,
		const struct addrinfo *restrict hints, struct addrinfo **restrict res)
{
	int flags = hints ? hints->ai_flags : 0, port = 0, ret;
	struct dns_answer *answer;

	if (!node && !service)
		return EAI_NONAME;
	if (flags & AI_CANONNAME && !node)
		return EAI_BADFLAGS;
	if (hints && hints->ai_family != AF_UNSPEC && hints->ai_family != AF_INET)
		return EAI_FAMILY;
	if (service)
		port = find_port(service, flags & AI_NUMERICSERV);
	if (port < 0)
		return flags & AI_NUMERICSERV ? EAI_NONAME : EAI_SERVICE;
	answer = malloc(sizeof(*answer));
	if (!answer)
		return EAI_MEMORY;
	ret = find_addrs(node, flags, answer);
	if (!ret)
		ret = make_list(answer, port, hints, res);
	free(answer);
	return ret;
}

void freeaddrinfo(struct addrinfo *res)
{
	while (res) {
		struct addrinfo *next = res->ai_next;

		free(res);
		res = next;
	}
}

const char *gai_strerror(int err)
{
	switch (err) {
	case 0:
		return "Success";
	case EAI_BADFLAGS:
		return "Bad value for ai_flags";
	case EAI_NONAME:
		return "Name or service not known";
	case EAI_AGAIN:
		return "Temporary failure in name resolution";
	case EAI_FAIL:
		return "Non-recoverable failure in name resolution";
	case EAI_FAMILY:
		return "ai_family not supported";
	case EAI_SOCKTYPE:
		return "ai_socktype not supported";
	case EAI_SERVICE:
		return "Servname not supported for ai_socktype";
	case EAI_MEMORY:
		return "Memory allocation failure";
	case EAI_OVERFLOW:
		return "Argument buffer overflow";
	default:
		return "Unknown error";
	}
}

static bool service_name(uint16_t port, char *out, size_t size)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		if (services[i].port == port)
			return strlcpy(out, services[i].name, size) < size;
	}
	return false;
}

static bool host_name(uint32_t addr, char *out, size_t size)
{
	char *hosts = __dns_read_file("/etc/hosts");
	bool found = hosts && __dns_hosts_name(hosts, addr, out, size);

	free(hosts);
	return found;
}

int getnameinfo(const struct sockaddr *restrict addr, socklen_t addrlen, char *restrict host,
		socklen_t hostlen, char *restrict serv, socklen_t servlen, int flags)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)addr;

	if (addrlen < sizeof(*in) || in->sin_family != AF_INET)
		return EAI_FAMILY;
	if (host && hostlen &&
	    (flags & NI_NUMERICHOST || !host_name(in->sin_addr.s_addr, host, hostlen))) {
		if (flags & NI_NAMEREQD)
			return EAI_NONAME;
		if (!inet_ntop(AF_INET, &in->sin_addr, host, hostlen))
			return EAI_OVERFLOW;
	}
	if (serv && servlen &&
	    (flags & NI_NUMERICSERV || !service_name(ntohs(in->sin_port), serv, servlen)) &&
	    snprintf(serv, servlen, "%u", ntohs(in->sin_port)) >= (int)servlen)
		return EAI_OVERFLOW;
	return 0;
}

int *__h_errno_location(void)
{
	static int value;

	return &value;
}

struct hostent *gethostbyname(const char *name)
{
	static struct dns_answer answer;
	static char *addrs[DNS_MAX_ADDRS + 1], *no_aliases[1];
	static struct hostent host;
	int err = find_addrs(name, 0, &answer);

	if (err) {
		h_errno = err == EAI_NONAME  ? HOST_NOT_FOUND
			  : err == EAI_AGAIN ? TRY_AGAIN
					     : NO_RECOVERY;
		return NULL;
	}
	for (unsigned int i = 0; i < answer.count; i++)
		addrs[i] = (char *)&answer.addrs[i];
	addrs[answer.count] = NULL;
	host = (struct hostent){.h_name = answer.name,
				.h_aliases = no_aliases,
				.h_addrtype = AF_INET,
				.h_length = 4,
				.h_addr_list = addrs};
	return &host;
}

struct servent *getservbyname(const char *name, const char *proto)
{
	static char *no_aliases[1];
	static struct servent entry;
	int port = find_port(name, false);

	if (port < 0 || (*name >= '0' && *name <= '9'))
		return NULL;
	entry = (struct servent){.s_name = (char *)name,
				 .s_aliases = no_aliases,
				 .s_port = htons((uint16_t)port),
				 .s_proto = (char *)(proto ? proto : "tcp")};
	return &entry;
}
