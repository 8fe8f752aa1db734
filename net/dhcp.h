/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_DHCP_H
#define BW_NET_DHCP_H

/*
 * DHCP (RFC 2131, RFC 2132). dhcp_msg.c: messages; dhcp.c: the client's states; dhcp_lease.c: what
 * it does with a lease.
 */
#include <kernel/lib/bug.h>
#include <kernel/time/clock.h>
#include <net/ipconfig.h>
#include <net/netdevice.h>

struct socket;

#define DHCP_SERVER_PORT 67
#define DHCP_CLIENT_PORT 68
#define DHCP_MAX_MSG	 1472	     /* of a UDP payload in Ethernet's MTU */
#define DHCP_MIN_MSG	 300	     /* RFC 951: relays drop what is shorter */
#define DHCP_INFINITE	 0xffffffffu /* a lease that does not end */
#define DHCP_MIN_LEASE_S 5	     /* a shorter one would be spent on asking */

enum dhcp_type {
	DHCPDISCOVER = 1,
	DHCPOFFER,
	DHCPREQUEST,
	DHCPDECLINE,
	DHCPACK,
	DHCPNAK,
	DHCPRELEASE,
	DHCPINFORM
};

/* RFC 2131 figure 1; options follow. */
struct dhcp_packet {
	u8 op, htype, hlen, hops;
	be32 xid;
	be16 secs, flags;
	be32 ciaddr, yiaddr, siaddr, giaddr;
	u8 chaddr[16], sname[64], file[128], cookie[4];
} __attribute__((packed));
static_assert(sizeof(struct dhcp_packet) == 240, "RFC 2131 figure 1");

/* A server's message, checked and in host terms. 0 and "" where nothing was said. */
struct dhcp_msg {
	u8 type; /* DHCPOFFER, DHCPACK or DHCPNAK */
	u32 xid;
	u8 chaddr[ETH_ALEN];
	be32 yiaddr, siaddr, server_id, mask, broadcast;
	u32 lease_s, t1_s, t2_s;
	u16 mtu;
	u8 nr_dns, nr_ntp, nr_routes;
	bool too_many_routes; /* more than there is room for: the rest was passed over */
	be32 dns[IC_MAX_DNS], ntp[IC_MAX_NTP];
	struct ipconfig_route routes[IC_MAX_ROUTES]; /* option 121, or the first good router */
	char domain[IC_DOMAIN_SIZE], hostname[IC_HOSTNAME_SIZE];
};
/* 0; -EINVAL when it is no message of a server that can be believed. p needs no alignment. */
int dhcp_parse(const u8 *p, size_t len, struct dhcp_msg *m);

/* A message of the client. */
struct dhcp_request {
	enum dhcp_type type;
	u32 xid;
	u16 secs, max_size; /* seconds since it began to ask; longest message it takes */
	bool broadcast;	    /* answers must be broadcast: it has no address yet */
	const u8 *chaddr;   /* ETH_ALEN bytes */
	be32 ciaddr, requested, server_id;
	const char *hostname; /* "" for none */
};
/* Into buf of DHCP_MAX_MSG bytes; its length. */
size_t dhcp_build(const struct dhcp_request *r, u8 *buf);

enum dhcp_state {
	DHCP_INIT, /* waits to begin: for the link, or because something went wrong */
	DHCP_SELECTING,
	DHCP_REQUESTING,
	DHCP_REBOOTING,
	DHCP_BOUND,
	DHCP_RENEWING,
	DHCP_REBINDING,
	NR_DHCP_STATES
};

/*
 * The client of one device: a thread, which alone changes it, but for what is marked [e]: set by
 * others, who then interrupt the thread. Times are milliseconds of ktime_get_ns().
 */
struct dhcp_client {
	struct net_device *dev; /* held */
	struct thread *thread;
	struct socket *sock;
	struct notifier_block nb;
	const struct ipconfig *cfg; /* what ip= says goes before what the server says */
	/* In its thread, each time it has got an address. May be NULL. */
	void (*bound)(struct dhcp_client *c);
	void *arg; /* the owner's */

	enum dhcp_state state;
	bool stop;	 /* [e] */
	bool link_event; /* [e] the link came or went */
	bool link_up;	 /* as last seen */
	bool leased;	 /* setup is in place */
	bool hint;	 /* lease.yiaddr may be asked for again */
	u32 xid;
	u16 secs;
	unsigned int tries, naks;	     /* in this state; in a row */
	u64 begin_ms, asked_ms, deadline_ms; /* of this exchange; first try in this state; next */
	u64 t1_ms, t2_ms, expire_ms;	     /* of the lease; DHCP_NEVER */
	struct dhcp_msg offer, lease, msg;   /* chosen; in use; just received */
	struct ipconfig_setup setup;
	u32 old_mtu; /* before the lease's; 0: it set none */
	u8 packet[DHCP_MAX_MSG];
};
#define DHCP_NEVER (~0ull)

static inline u64 dhcp_now_ms(void)
{
	return ktime_get_ns() / NSEC_PER_MSEC;
}

/*
 * Start asking on dev, delay_ms from now. cfg is kept by pointer. ERR_PTR(-ENOMEM, or what the
 * socket calls say). Thread context.
 */
struct dhcp_client *dhcp_start(struct net_device *dev, const struct ipconfig *cfg, u32 delay_ms,
			       void (*bound)(struct dhcp_client *c), void *arg);
/* End it, give the address up without a word to the server, free it. Sleeps. */
void dhcp_stop(struct dhcp_client *c);

/* dhcp_lease.c. Is it an offer, or an acknowledgement, that can be used? */
bool dhcp_lease_good(const struct dhcp_msg *m);
/* c->msg, asked for at c->asked_ms, becomes c->lease: times, address, routes. 0 or -errno. */
int dhcp_lease_apply(struct dhcp_client *c);
/* Put back what went with the link. */
void dhcp_lease_restore(struct dhcp_client *c);
void dhcp_lease_drop(struct dhcp_client *c);
void dhcp_lease_report(const struct dhcp_client *c);

#endif /* BW_NET_DHCP_H */
