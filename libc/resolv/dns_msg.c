// SPDX-License-Identifier: BSD-2-Clause
/*
 * DNS messages (RFC 1035 section 4): the query for an address and the judgement of an answer.
 *
 * Pure functions over memory, called by dns_client.c and by the tests with hostile packets. Every
 * read is checked against the message's end. A compression pointer must point before the name it is
 * part of, and each one further back than the last, so a name ends after finitely many of them; an
 * answer counts only if it repeats the question. Alias chains are followed inside the message, as
 * often as there are records. Left out: other types and classes, EDNS, DNSSEC.
 */
#include <string.h>
#include <strings.h>
#include <libc/resolv/dns.h>

#define HEADER	    12
#define MAX_LABEL   63
#define FLAG_QR	    0x8000
#define FLAG_TC	    0x0200
#define FLAG_RD	    0x0100
#define OPCODE_MASK 0x7800
#define RCODE_MASK  0x000f
#define MAX_CHAIN   16 /* aliases followed inside one message */

enum { RCODE_OK = 0, RCODE_NXDOMAIN = 3 };

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static void put16(uint8_t *p, unsigned int v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* A name as length-prefixed labels; bytes written, 0 when it is not a name. */
static size_t put_name(uint8_t *out, const char *name)
{
	size_t at = 0;

	do {
		size_t len = strcspn(name, ".");

		if (!len || len > MAX_LABEL || at + len + 2 > 255)
			return 0;
		out[at++] = (uint8_t)len;
		memcpy(out + at, name, len);
		at += len;
		name += len;
		if (*name)
			name++;
	} while (*name);
	out[at++] = 0;
	return at;
}

size_t __dns_build_query(uint8_t buf[DNS_QUERY_MAX], uint16_t id, const char *name)
{
	size_t len;

	memset(buf, 0, HEADER);
	put16(buf, id);
	put16(buf + 2, FLAG_RD);
	put16(buf + 4, 1);
	len = put_name(buf + HEADER, name);
	if (!len)
		return 0;
	put16(buf + HEADER + len, DNS_TYPE_A);
	put16(buf + HEADER + len + 2, DNS_CLASS_IN);
	return HEADER + len + 4;
}

struct cursor {
	const uint8_t *msg;
	size_t len, at;
};

/*
 * Read a name at the cursor into presentation form and move behind it; false when malformed. Bytes
 * that are no part of host names (dots inside labels, controls) make a name that matches nothing.
 */
static bool get_name(struct cursor *c, char out[DNS_NAME_MAX])
{
	size_t at = c->at, limit = c->at, used = 0, end = 0;

	for (;;) {
		unsigned int n;

		if (at >= c->len)
			return false;
		n = c->msg[at++];
		if ((n & 0xc0) == 0xc0) {
			size_t target;

			if (at >= c->len)
				return false;
			target = (n & 0x3f) << 8 | c->msg[at++];
			if (!end)
				end = at;
			if (target >= limit)
				return false;
			at = limit = target;
			continue;
		}
		if (n & 0xc0 || at + n > c->len)
			return false;
		if (!n)
			break;
		if (used + n + 2 > DNS_NAME_MAX)
			return false;
		if (used)
			out[used++] = '.';
		for (unsigned int i = 0; i < n; i++) {
			uint8_t b = c->msg[at + i];

			out[used++] = b <= ' ' || b == '.' || b >= 127 ? '?' : (char)b;
		}
		at += n;
	}
	out[used] = 0;
	c->at = end ? end : at;
	return true;
}

struct record {
	char name[DNS_NAME_MAX];
	uint16_t type, class, data_len;
	size_t data; /* where in the message */
};

static bool get_record(struct cursor *c, struct record *r)
{
	if (!get_name(c, r->name) || c->len - c->at < 10)
		return false;
	r->type = get16(c->msg + c->at);
	r->class = get16(c->msg + c->at + 2);
	r->data_len = get16(c->msg + c->at + 8);
	r->data = c->at + 10;
	if (c->len - r->data < r->data_len)
		return false;
	c->at = r->data + r->data_len;
	return true;
}

/* A trailing dot does not matter. */
static bool same_name(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	n -= n && a[n - 1] == '.';
	m -= m && b[m - 1] == '.';
	return n == m && !strncasecmp(a, b, n);
}

/* Go through the answer records once for one owner name. 1: an alias was found, 0: not, -1: broken.
 */
static int scan_records(struct cursor c, unsigned int records, struct dns_answer *answer)
{
	struct record r;

	for (unsigned int i = 0; i < records; i++) {
		if (!get_record(&c, &r))
			return -1;
		if (r.class != DNS_CLASS_IN || !same_name(r.name, answer->name))
			continue;
		if (r.type == DNS_TYPE_A) {
			if (r.data_len != 4)
				return -1;
			if (answer->count < DNS_MAX_ADDRS)
				memcpy(&answer->addrs[answer->count++], c.msg + r.data, 4);
		} else if (r.type == DNS_TYPE_CNAME && !answer->count) {
			struct cursor target = {c.msg, c.len, r.data};

			if (!get_name(&target, answer->name) || target.at != c.at)
				return -1;
			return 1;
		}
	}
	return 0;
}

/* Header and question must be ours; moves the cursor behind the question. */
static bool is_ours(struct cursor *c, uint16_t id, const char *name)
{
	char asked[DNS_NAME_MAX];

	if (c->len < HEADER || get16(c->msg) != id || !(get16(c->msg + 2) & FLAG_QR) ||
	    get16(c->msg + 2) & OPCODE_MASK || get16(c->msg + 4) != 1)
		return false;
	c->at = HEADER;
	if (!get_name(c, asked) || !same_name(asked, name) || c->len - c->at < 4 ||
	    get16(c->msg + c->at) != DNS_TYPE_A || get16(c->msg + c->at + 2) != DNS_CLASS_IN)
		return false;
	c->at += 4;
	return true;
}

enum dns_result __dns_parse_answer(const uint8_t *msg, size_t len, uint16_t id, const char *name,
				   struct dns_answer *answer)
{
	struct cursor c = {msg, len, 0};
	unsigned int flags, hops;
	int found = 1;

	memset(answer, 0, sizeof(*answer));
	if (!is_ours(&c, id, name))
		return DNS_NOT_OURS;
	flags = get16(msg + 2);
	if (flags & FLAG_TC)
		return DNS_TRUNCATED;
	if ((flags & RCODE_MASK) == RCODE_NXDOMAIN)
		return DNS_NO_NAME;
	if ((flags & RCODE_MASK) != RCODE_OK)
		return DNS_FAILURE;
	strlcpy(answer->name, name, sizeof(answer->name));
	for (hops = 0; found > 0 && hops <= MAX_CHAIN; hops++)
		found = scan_records(c, get16(msg + 6), answer);
	if (found < 0)
		return DNS_NOT_OURS;
	if (found > 0)
		return DNS_FAILURE; /* aliases in a circle */
	if (answer->count)
		return DNS_OK;
	return hops > 1 ? DNS_ALIAS : DNS_NO_DATA;
}
