// SPDX-License-Identifier: BSD-2-Clause
/* Shared by the tests of the DHCP client; see dhcp_test.h. */
#include <string.h>
#include <tests/hosted/net/dhcp_test.h>

void reply_begin(struct reply *r, u8 type, u32 xid, const u8 *chaddr, be32 yiaddr)
{
	struct dhcp_packet head = {.op = 2,
				   .htype = 1,
				   .hlen = 6,
				   .xid = cpu_to_be32(xid),
				   .yiaddr = yiaddr,
				   .cookie = {99, 130, 83, 99}};

	memcpy(head.chaddr, chaddr, 6);
	memset(r, 0, sizeof(*r));
	memcpy(r->p, &head, sizeof(head));
	r->len = sizeof(head);
	reply_option(r, 53, &type, 1);
}

void reply_option(struct reply *r, u8 code, const void *value, size_t len)
{
	assert_true(r->len + 2 + len <= sizeof(r->p) && len < 256);
	r->p[r->len++] = code;
	r->p[r->len++] = (u8)len;
	memcpy(r->p + r->len, value, len);
	r->len += len;
}

void reply_u32(struct reply *r, u8 code, u32 value)
{
	be32 wire = cpu_to_be32(value);

	reply_option(r, code, &wire, sizeof(wire));
}

void reply_addr(struct reply *r, u8 code, be32 addr)
{
	reply_option(r, code, &addr, sizeof(addr));
}

void reply_end(struct reply *r)
{
	r->p[r->len++] = 255;
}

const u8 *asked_option(const struct asked *q, u8 code, size_t *len)
{
	size_t pos = sizeof(struct dhcp_packet);

	while (pos < q->len && q->p[pos] != 255) {
		if (!q->p[pos]) {
			pos++;
			continue;
		}
		assert_true(pos + 2 <= q->len && pos + 2 + q->p[pos + 1] <= q->len);
		*len = q->p[pos + 1];
		if (q->p[pos] == code)
			return q->p + pos + 2;
		pos += 2u + q->p[pos + 1];
	}
	assert_true(pos < q->len); /* there is an end option */
	return NULL;
}

u8 asked_type(const struct asked *q)
{
	size_t len;
	const u8 *v = asked_option(q, 53, &len);

	assert_non_null(v);
	assert_int_equal(len, 1);
	return *v;
}

be32 asked_addr(const struct asked *q, u8 code)
{
	size_t len;
	const u8 *v = asked_option(q, code, &len);
	be32 addr = 0;

	if (v) {
		assert_int_equal(len, 4);
		memcpy(&addr, v, 4);
	}
	return addr;
}
