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

/* Two hosts on a wire: a is the client, without an address; b the server, 10.0.0.1. */
struct dhcp_net {
	struct net *a, *b;
	struct net_device *dev_a, *dev_b;
	struct socket *server;
	struct dhcp_client *c;
	struct ipconfig cfg;
	int bound; /* how often the client said so */
	/* What the server answers. */
	be32 addr, id, router;
	u32 lease, t1, t2;
	u16 mtu;
	u32 xid_change; /* damage */
	u16 port;
};
extern struct dhcp_net d;

/* cmocka setup and teardown: the client has just begun, d holds the defaults. */
int dhcp_net_up(void **state);
int dhcp_net_down(void **state);
/* Milliseconds. */
u64 now(void);
void until(u64 at);
/* The next message of the client within a time; false when there is none. */
bool hear(struct asked *q, u64 within_ms);
/* It must come and be of this type; nothing may come. */
void expect(struct asked *q, u8 type, u64 within_ms);
void expect_silence(u64 ms);
/* Answer it with what d says, by broadcast or unicast as it wants. */
void answer(const struct asked *q, u8 type);
/* The four messages; the time of the REQUEST, from which on the lease counts. */
u64 lease_once(void);
bool has_addr(be32 addr);
/* The client's gateway for what is far away; 1: no route. */
be32 default_gateway(void);

#endif /* BW_TESTS_HOSTED_DHCP_TEST_H */
