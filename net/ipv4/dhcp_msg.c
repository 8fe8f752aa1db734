// SPDX-License-Identifier: BSD-2-Clause
/*
 * DHCP messages as bytes: RFC 2131 section 2 (the fixed part), RFC 2132 (options), RFC 3396 (an
 * option in several pieces is one), RFC 3442 (classless static routes).
 *
 * dhcp_parse() believes nothing: first the fixed part and the framing of all option fields are
 * checked, then each option that is wanted is put together from its pieces and checked for itself.
 * What is wrong with the framing makes the message worthless; what is wrong in an option that
 * one can do without makes that option absent. Pure functions, called by dhcp.c and by tests.
 * Left out: authentication (RFC 3118), which no server in use speaks.
 */
#include <errno.h>
#include <net/dhcp.h>
#include <net/if_arp.h>
#include <net/inetdevice.h>
#include <string.h>

enum {
	OPT_PAD = 0,
	OPT_MASK = 1,
	OPT_ROUTER = 3,
	OPT_DNS = 6,
	OPT_HOSTNAME = 12,
	OPT_DOMAIN = 15,
	OPT_MTU = 26,
	OPT_BROADCAST = 28,
	OPT_NTP = 42,
	OPT_REQUESTED = 50,
	OPT_LEASE = 51,
	OPT_OVERLOAD = 52,
	OPT_TYPE = 53,
	OPT_SERVER_ID = 54,
	OPT_PARAMETERS = 55,
	OPT_MAX_SIZE = 57,
	OPT_T1 = 58,
	OPT_T2 = 59,
	OPT_ROUTES = 121,
	OPT_END = 255
};
enum { OVERLOAD_FILE = 1, OVERLOAD_SNAME = 2 };
enum { BOOTREQUEST = 1, BOOTREPLY = 2 };
#define FLAG_BROADCAST 0x8000

static const u8 magic_cookie[4] = {99, 130, 83, 99};

/* The places where options stand, in the order of RFC 3396 section 5. */
struct opt_fields {
	struct {
		const u8 *p;
		size_t len;
	} field[3];
	unsigned int count;
	u8 value[DHCP_MAX_MSG]; /* the option that opt_get() put together */
};

/*
 * The next option behind *pos in a field: its code and value, or OPT_END. -1 when it is longer than
 * the field.
 */
static int opt_next(const u8 *p, size_t len, size_t *pos, const u8 **value, size_t *vlen)
{
	int code;

	while (*pos < len && p[*pos] == OPT_PAD)
		(*pos)++;
	if (*pos >= len || p[*pos] == OPT_END)
		return OPT_END;
	code = p[(*pos)++];
	if (*pos >= len)
		return -1;
	*vlen = p[(*pos)++];
	if (*vlen > len - *pos)
		return -1;
	*value = p + *pos;
	*pos += *vlen;
	return code;
}

/* Is every option of the field whole? */
static bool opt_field_ok(const u8 *p, size_t len)
{
	const u8 *value;
	size_t pos = 0, vlen;
	int code;

	do {
		code = opt_next(p, len, &pos, &value, &vlen);
	} while (code >= 0 && code != OPT_END);
	return code == OPT_END;
}

/* All pieces of an option, one behind the other, into o->value; their bytes. */
static size_t opt_get(struct opt_fields *o, int wanted)
{
	size_t total = 0;

	for (unsigned int i = 0; i < o->count; i++) {
		size_t pos = 0, vlen;
		const u8 *value;
		int code;

		while ((code = opt_next(o->field[i].p, o->field[i].len, &pos, &value, &vlen)) !=
		       OPT_END) {
			BUG_ON(code < 0); /* opt_field_ok() */
			if (code != wanted)
				continue;
			BUG_ON(total + vlen > sizeof(o->value)); /* no more than the message */
			memcpy(o->value + total, value, vlen);
			total += vlen;
		}
	}
	return total;
}

static void opt_add_field(struct opt_fields *o, const u8 *p, size_t len)
{
	o->field[o->count].p = p;
	o->field[o->count++].len = len;
}

/* Find the fields and check their framing. 0 or -EINVAL. */
static int opt_open(struct opt_fields *o, const u8 *p, size_t len)
{
	const u8 *file = p + offsetof(struct dhcp_packet, file);
	const u8 *sname = p + offsetof(struct dhcp_packet, sname);
	u8 overload = 0;
	size_t n;

	o->count = 0;
	opt_add_field(o, p + sizeof(struct dhcp_packet), len - sizeof(struct dhcp_packet));
	if (!opt_field_ok(o->field[0].p, o->field[0].len))
		return -EINVAL;
	n = opt_get(o, OPT_OVERLOAD);
	if (n > 1 || (n && (!o->value[0] || o->value[0] > (OVERLOAD_FILE | OVERLOAD_SNAME))))
		return -EINVAL;
	if (n)
		overload = o->value[0];
	if (overload & OVERLOAD_FILE)
		opt_add_field(o, file, sizeof(((struct dhcp_packet *)0)->file));
	if (overload & OVERLOAD_SNAME)
		opt_add_field(o, sname, sizeof(((struct dhcp_packet *)0)->sname));
	for (unsigned int i = 1; i < o->count; i++) {
		if (!opt_field_ok(o->field[i].p, o->field[i].len))
			return -EINVAL;
	}
	return 0;
}

/* An option that is one 32-bit value; 0 when it is absent or of another size. */
static u32 opt_u32(struct opt_fields *o, int code)
{
	return opt_get(o, code) == 4 ? get_be32(o->value) : 0;
}

/* Up to max good host addresses of a list; their number. */
static u8 opt_addrs(struct opt_fields *o, int code, be32 *addrs, u8 max)
{
	size_t len = opt_get(o, code);
	u8 n = 0;

	if (len % 4)
		return 0;
	for (size_t i = 0; i < len && n < max; i += 4) {
		be32 addr = cpu_to_be32(get_be32(o->value + i));

		if (ipconfig_host_addr(addr))
			addrs[n++] = addr;
	}
	return n;
}

/* A name; "" when it is too long or holds what no name may (it gets into text files). */
static void opt_name(struct opt_fields *o, int code, char *name, size_t size)
{
	size_t len = opt_get(o, code);

	/* RFC 2132 section 2: some servers put a NUL behind it. */
	while (len && (!o->value[len - 1] || o->value[len - 1] == '.'))
		len--;
	if (len >= size || !ipconfig_name_ok((const char *)o->value, len))
		len = 0;
	memcpy(name, o->value, len);
	name[len] = '\0';
}

/* One route of RFC 3442 at o->value + pos; bytes it takes, 0 when it is damaged. */
static size_t classless_route(const struct opt_fields *o, size_t pos, size_t len,
			      struct ipconfig_route *r)
{
	u8 plen = o->value[pos], dst[4] = {0};
	size_t bytes = (plen + 7u) / 8;

	if (plen > 32 || len - pos < 1 + bytes + 4)
		return 0;
	memcpy(dst, o->value + pos + 1, bytes);
	r->prefixlen = plen;
	/* Bits behind the prefix are to be cleared by the client. */
	r->dst = cpu_to_be32(get_be32(dst)) & inet_make_mask(plen);
	r->gw = cpu_to_be32(get_be32(o->value + pos + 1 + bytes));
	return 1 + bytes + 4;
}

/* Classless routes; they replace the router (RFC 3442), unless they are damaged. */
static bool parse_classless(struct opt_fields *o, struct dhcp_msg *m)
{
	size_t len = opt_get(o, OPT_ROUTES), pos = 0, used;

	for (; pos < len; pos += used) {
		struct ipconfig_route r;

		used = classless_route(o, pos, len, &r);
		if (!used || (r.gw && !ipconfig_host_addr(r.gw))) {
			m->nr_routes = 0;
			return false;
		}
		if (m->nr_routes == IC_MAX_ROUTES)
			m->too_many_routes = true;
		else
			m->routes[m->nr_routes++] = r;
	}
	return m->nr_routes != 0;
}

static void parse_routes(struct opt_fields *o, struct dhcp_msg *m)
{
	be32 router;

	if (parse_classless(o, m))
		return;
	if (opt_addrs(o, OPT_ROUTER, &router, 1))
		m->routes[m->nr_routes++] = (struct ipconfig_route){.gw = router};
}

static void parse_options(struct opt_fields *o, struct dhcp_msg *m)
{
	m->server_id = cpu_to_be32(opt_u32(o, OPT_SERVER_ID));
	m->mask = cpu_to_be32(opt_u32(o, OPT_MASK));
	m->broadcast = cpu_to_be32(opt_u32(o, OPT_BROADCAST));
	m->lease_s = opt_u32(o, OPT_LEASE);
	m->t1_s = opt_u32(o, OPT_T1);
	m->t2_s = opt_u32(o, OPT_T2);
	if (opt_get(o, OPT_MTU) == 2)
		m->mtu = get_be16(o->value);
	m->nr_dns = opt_addrs(o, OPT_DNS, m->dns, IC_MAX_DNS);
	m->nr_ntp = opt_addrs(o, OPT_NTP, m->ntp, IC_MAX_NTP);
	parse_routes(o, m);
	opt_name(o, OPT_DOMAIN, m->domain, sizeof(m->domain));
	opt_name(o, OPT_HOSTNAME, m->hostname, sizeof(m->hostname));
}

int dhcp_parse(const u8 *p, size_t len, struct dhcp_msg *m)
{
	struct dhcp_packet head;
	struct opt_fields o;

	if (len < sizeof(head) || len > DHCP_MAX_MSG)
		return -EINVAL;
	memcpy(&head, p, sizeof(head));
	if (head.op != BOOTREPLY || head.htype != ARPHRD_ETHER || head.hlen != ETH_ALEN ||
	    memcmp(head.cookie, magic_cookie, sizeof(magic_cookie)))
		return -EINVAL;
	if (opt_open(&o, p, len) || opt_get(&o, OPT_TYPE) != 1)
		return -EINVAL;
	*m = (struct dhcp_msg){.type = o.value[0], .xid = be32_to_cpu(head.xid)};
	if (m->type != DHCPOFFER && m->type != DHCPACK && m->type != DHCPNAK)
		return -EINVAL;
	memcpy(m->chaddr, head.chaddr, sizeof(m->chaddr));
	m->yiaddr = head.yiaddr;
	m->siaddr = head.siaddr;
	parse_options(&o, m);
	return 0;
}

static u8 *put_option(u8 *p, u8 code, const void *value, size_t len)
{
	BUG_ON(!len || len > 255);
	*p++ = code;
	*p++ = (u8)len;
	memcpy(p, value, len);
	return p + len;
}

static u8 *put_addr_option(u8 *p, u8 code, be32 addr)
{
	return addr ? put_option(p, code, &addr, sizeof(addr)) : p;
}

size_t dhcp_build(const struct dhcp_request *r, u8 *buf)
{
	/* RFC 3442: 121 before 3. */
	static const u8 wanted[] = {OPT_MASK,	  OPT_ROUTES, OPT_ROUTER, OPT_DNS,
				    OPT_HOSTNAME, OPT_DOMAIN, OPT_MTU,	  OPT_BROADCAST,
				    OPT_NTP,	  OPT_LEASE,  OPT_T1,	  OPT_T2};
	struct dhcp_packet head = {.op = BOOTREQUEST,
				   .htype = ARPHRD_ETHER,
				   .hlen = ETH_ALEN,
				   .xid = cpu_to_be32(r->xid),
				   .secs = cpu_to_be16(r->secs),
				   .flags = cpu_to_be16(r->broadcast ? FLAG_BROADCAST : 0),
				   .ciaddr = r->ciaddr};
	u8 *p = buf + sizeof(head), type = r->type;
	be16 max_size = cpu_to_be16(r->max_size);

	memcpy(head.chaddr, r->chaddr, ETH_ALEN);
	memcpy(head.cookie, magic_cookie, sizeof(magic_cookie));
	memset(buf, 0, DHCP_MAX_MSG);
	memcpy(buf, &head, sizeof(head));
	p = put_option(p, OPT_TYPE, &type, 1);
	p = put_addr_option(p, OPT_REQUESTED, r->requested);
	p = put_addr_option(p, OPT_SERVER_ID, r->server_id);
	/* RFC 2131 table 5: none of these in a DECLINE. */
	if (r->type == DHCPDISCOVER || r->type == DHCPREQUEST) {
		p = put_option(p, OPT_MAX_SIZE, &max_size, sizeof(max_size));
		if (*r->hostname)
			p = put_option(p, OPT_HOSTNAME, r->hostname, strlen(r->hostname));
		p = put_option(p, OPT_PARAMETERS, wanted, sizeof(wanted));
	}
	*p++ = OPT_END;
	return max_t(size_t, (size_t)(p - buf), DHCP_MIN_MSG);
}
