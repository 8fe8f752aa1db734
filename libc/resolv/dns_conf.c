// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the resolver is told: /etc/resolv.conf, /proc/net/pnp (the kernel's `ip=` and DHCP results
 * in the same words, Linux's Documentation/admin-guide/nfs/nfsroot) and /etc/hosts.
 *
 * Pure functions over text, called by dns_client.c, and by tests. Lines and words that mean nothing
 * here are passed over; more servers or search domains than fit are ignored, as the C library of
 * Linux does. Left out: sortlist, options other than timeout, attempts; IPv6 servers and hosts.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <libc/resolv/dns.h>

#define DEFAULT_TIMEOUT_MS 5000
#define DEFAULT_ATTEMPTS   2

void __dns_conf_init(struct dns_conf *conf)
{
	memset(conf, 0, sizeof(*conf));
	conf->timeout_ms = DEFAULT_TIMEOUT_MS;
	conf->attempts = DEFAULT_ATTEMPTS;
	conf->port = DNS_PORT;
}

/* A word of a line: cut at @*p, which moves behind it. False at the end of the line. */
static bool next_word(const char **p, const char *end, char *word, size_t size)
{
	size_t n = 0;

	while (*p < end && (**p == ' ' || **p == '\t' || **p == '\r'))
		(*p)++;
	while (*p + n < end && !strchr(" \t\r#;", (*p)[n]))
		n++;
	if (!n)
		return false;
	if (n >= size) {
		/* Longer than any name: skipped like a word without meaning. */
		*p += n;
		n = 0;
	}
	memcpy(word, *p, n);
	word[n] = 0;
	*p += n;
	return true;
}

static void add_server(struct dns_conf *conf, const char *word)
{
	struct in_addr addr;

	if (conf->nr_servers == DNS_MAX_SERVERS || inet_pton(AF_INET, word, &addr) != 1 ||
	    !addr.s_addr)
		return;
	for (unsigned int i = 0; i < conf->nr_servers; i++) {
		if (conf->servers[i] == addr.s_addr)
			return;
	}
	conf->servers[conf->nr_servers++] = addr.s_addr;
}

static void set_option(struct dns_conf *conf, const char *word)
{
	if (!strncmp(word, "timeout:", 8)) {
		unsigned long s = strtoul(word + 8, NULL, 10);

		conf->timeout_ms = s < 1 ? 1000 : s > 30 ? 30000 : (unsigned int)s * 1000;
	} else if (!strncmp(word, "attempts:", 9)) {
		unsigned long n = strtoul(word + 9, NULL, 10);

		conf->attempts = n < 1 ? 1 : n > 5 ? 5 : (unsigned int)n;
	}
}

static void conf_line(struct dns_conf *conf, const char *line, const char *end)
{
	char word[DNS_NAME_MAX], value[DNS_NAME_MAX];

	if (!next_word(&line, end, word, sizeof(word)))
		return;
	if (!strcmp(word, "search") || !strcmp(word, "domain"))
		conf->nr_search = 0;
	while (next_word(&line, end, value, sizeof(value))) {
		if (!strcmp(word, "nameserver"))
			add_server(conf, value);
		else if (!strcmp(word, "options"))
			set_option(conf, value);
		else if ((!strcmp(word, "search") || !strcmp(word, "domain")) && *value &&
			 conf->nr_search < DNS_MAX_SEARCH)
			strlcpy(conf->search[conf->nr_search++], value, DNS_NAME_MAX);
	}
}

static const char *line_end(const char *text)
{
	return strchrnul(text, '\n');
}

void __dns_conf_parse(struct dns_conf *conf, const char *text)
{
	while (*text) {
		const char *end = line_end(text);

		conf_line(conf, text, end);
		text = *end ? end + 1 : end;
	}
}

unsigned int __dns_hosts_find(const char *text, const char *name, uint32_t addrs[DNS_MAX_ADDRS])
{
	char word[DNS_NAME_MAX];
	struct in_addr addr;
	unsigned int n = 0;

	while (*text) {
		const char *end = line_end(text), *p = text;

		text = *end ? end + 1 : end;
		if (!next_word(&p, end, word, sizeof(word)) || inet_pton(AF_INET, word, &addr) != 1)
			continue;
		while (n < DNS_MAX_ADDRS && next_word(&p, end, word, sizeof(word))) {
			if (!strcasecmp(word, name)) {
				addrs[n++] = addr.s_addr;
				break;
			}
		}
	}
	return n;
}

bool __dns_hosts_name(const char *text, uint32_t addr, char *name, size_t size)
{
	char word[DNS_NAME_MAX];
	struct in_addr have;

	while (*text) {
		const char *end = line_end(text), *p = text;

		text = *end ? end + 1 : end;
		if (next_word(&p, end, word, sizeof(word)) &&
		    inet_pton(AF_INET, word, &have) == 1 && have.s_addr == addr &&
		    next_word(&p, end, word, sizeof(word)) && *word)
			return strlcpy(name, word, size) < size;
	}
	return false;
}
