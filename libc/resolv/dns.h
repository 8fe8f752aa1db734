/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside of the resolver: messages (dns_msg.c), configuration (dns_conf.c), asking (dns_client.c).
 * The first two are pure functions over memory.
 */
#ifndef LIBC_RESOLV_DNS_H
#define LIBC_RESOLV_DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DNS_PORT	53
#define DNS_NAME_MAX	256 /* presentation form with its 0; RFC 1035 allows 253 characters */
#define DNS_UDP_MAX	512 /* answers without EDNS */
#define DNS_TCP_MAX	65535
#define DNS_QUERY_MAX	(12 + 255 + 4)
#define DNS_MAX_ADDRS	16
#define DNS_MAX_SERVERS 3 /* as everywhere (MAXNS) */
#define DNS_MAX_SEARCH	6

enum { DNS_TYPE_A = 1, DNS_TYPE_CNAME = 5, DNS_CLASS_IN = 1 };

enum dns_result {
	DNS_OK,		/* addresses in the answer */
	DNS_ALIAS,	/* only aliases: ask again for answer.name */
	DNS_NO_DATA,	/* the name exists, without an address */
	DNS_NO_NAME,	/* the name does not exist */
	DNS_TRUNCATED,	/* ask by TCP */
	DNS_FAILURE,	/* the server cannot or will not say */
	DNS_NOT_OURS,	/* not the answer to this question, or malformed: ignore it */
	DNS_TIMED_OUT,
	DNS_NO_SERVER,
};

struct dns_answer {
	char name[DNS_NAME_MAX]; /* what the question's name is an alias for, itself otherwise */
	unsigned int count;
	uint32_t addrs[DNS_MAX_ADDRS]; /* network order */
};

struct dns_conf {
	unsigned int nr_servers, nr_search;
	uint32_t servers[DNS_MAX_SERVERS]; /* network order */
	char search[DNS_MAX_SEARCH][DNS_NAME_MAX];
	unsigned int timeout_ms; /* for the first try; doubles with each round */
	unsigned int attempts;	 /* rounds over all servers */
	uint16_t port;		 /* 53 except in tests */
};

/* Write a query for the addresses of @name; its length, 0 when the name is not one. */
size_t __dns_build_query(uint8_t buf[DNS_QUERY_MAX], uint16_t id, const char *name);
/* Judge a message as the answer to that query. */
enum dns_result __dns_parse_answer(const uint8_t *msg, size_t len, uint16_t id, const char *name,
				   struct dns_answer *answer);

/* Defaults; then add what a resolv.conf (or /proc/net/pnp) says. */
void __dns_conf_init(struct dns_conf *conf);
void __dns_conf_parse(struct dns_conf *conf, const char *text);
/* Addresses of @name in a hosts file; how many. */
unsigned int __dns_hosts_find(const char *text, const char *name, uint32_t addrs[DNS_MAX_ADDRS]);
/* First name of an address in a hosts file. */
bool __dns_hosts_name(const char *text, uint32_t addr, char *name, size_t size);

/* Ask the servers for the addresses of exactly this name, following aliases. Sleeps. */
enum dns_result __dns_ask(const struct dns_conf *conf, const char *name, struct dns_answer *answer);
/* Everything: numbers, localhost, /etc/hosts, then the servers with the search list. Sleeps. */
enum dns_result __dns_lookup(const char *name, struct dns_answer *answer);
/* All of a file as text to free(), or NULL. */
char *__dns_read_file(const char *path);

#endif
