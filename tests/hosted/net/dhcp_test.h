/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_DHCP_TEST_H
#define BW_TESTS_HOSTED_DHCP_TEST_H

/*
 * For the tests of the DHCP client: messages of a server, byte by byte, and a look into those of
 * the client.
 */
#include <net/dhcp.h>
#include <tests/hosted/net/net_test.h>

/* A message being made; more room than the client takes. */
struct reply {
	size_t len;
	u8 p[2048];
};
/* Start a reply: fixed part, magic cookie, message type. */
void reply_begin(struct reply *r, u8 type, u32 xid, const u8 *chaddr, be32 yiaddr);
void reply_option(struct reply *r, u8 code, const void *value, size_t len);
void reply_u32(struct reply *r, u8 code, u32 value);
void reply_addr(struct reply *r, u8 code, be32 addr);
void reply_end(struct reply *r);

/* A message of the client. */
struct asked {
	size_t len;
	be32 from; /* source of the IP packet */
	struct dhcp_packet head;
	u8 p[2048];
};
/* Value of an option of a client's message; NULL when absent. */
const u8 *asked_option(const struct asked *q, u8 code, size_t *len);
u8 asked_type(const struct asked *q);
be32 asked_addr(const struct asked *q, u8 code); /* 0: absent */

#endif /* BW_TESTS_HOSTED_DHCP_TEST_H */
