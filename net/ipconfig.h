/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_IPCONFIG_H
#define BW_NET_IPCONFIG_H

/*
 * How a host gets its address at start: the command line's ip= (ipconfig_parse.c), what is then set
 * up on a device (ipconfig_setup.c), and the start-up step itself (ipconfig.c). Thread context.
 */
#include <kernel/lib/byteorder.h>
#include <net/if.h>

struct net_device;

#define IC_HOSTNAME_SIZE 65  /* Linux's __NEW_UTS_LEN and the NUL */
#define IC_DOMAIN_SIZE	 254 /* RFC 1035 section 2.3.4: 253 characters as text */
#define IC_MAX_DNS	 3   /* as many as resolvers look at */
#define IC_MAX_NTP	 3
#define IC_MAX_ROUTES	 16
#define IC_MIN_MTU	 576 /* below it no DHCP message would fit (RFC 2131 section 2) */

enum ipconfig_mode { IPCONFIG_OFF, IPCONFIG_STATIC, IPCONFIG_DHCP };

/* The words of ip=; 0 and "" where nothing was said. */
struct ipconfig {
	enum ipconfig_mode mode;
	be32 addr, server, gw, mask;
	be32 dns[2], ntp;
	char hostname[IC_HOSTNAME_SIZE], domain[IC_DOMAIN_SIZE];
	char device[IFNAMSIZ];
};
/*
 * Parse ip='s value. NULL when it is good, else what is wrong with it; *cfg then asks for DHCP, on
 * the device that was named if that word was good.
 */
const char *ipconfig_parse(const char *text, struct ipconfig *cfg);
/* Dotted quad, all of text. */
bool ipconfig_parse_addr(const char *text, be32 *addr);
/* Can it be a host's own address? */
bool ipconfig_host_addr(be32 addr);
/* Can it be a host's address in a subnet with this mask: not the subnet's, not its broadcast? */
bool ipconfig_addr_in_subnet(be32 addr, be32 mask);
/* The mask of the address's class (RFC 791 section 3.2), for those who say none. */
be32 ipconfig_class_mask(be32 addr);
/* Letters, digits, dots, hyphens, underscores: what may stand in /proc/net/pnp and uname. */
bool ipconfig_name_ok(const char *name, size_t len);

struct ipconfig_route {
	be32 dst, gw; /* gw 0: on the link */
	u8 prefixlen;
};

/* What is set up on one device. */
struct ipconfig_setup {
	bool dhcp;
	be32 addr, broadcast; /* broadcast 0: the subnet's */
	u8 prefixlen;
	u8 nr_routes, nr_dns, nr_ntp;
	be32 server; /* where to boot from; 0: not said */
	struct ipconfig_route routes[IC_MAX_ROUTES];
	be32 dns[IC_MAX_DNS], ntp[IC_MAX_NTP];
	char domain[IC_DOMAIN_SIZE];
};
/*
 * Add address and routes and tell /proc/net/pnp. May be called again with the same address to put
 * back what is missing. 0, or -errno when the address could not be added; a route that the table
 * refuses is reported and passed over.
 */
int ipconfig_setup_apply(struct net_device *dev, const struct ipconfig_setup *s);
/* Take the routes away, of which `keep` (or NULL) does not have the same. */
void ipconfig_setup_del_routes(struct net_device *dev, const struct ipconfig_setup *s,
			       const struct ipconfig_setup *keep);
/* Take everything away, and what pnp says of it. */
void ipconfig_setup_remove(struct net_device *dev, const struct ipconfig_setup *s);
/* The gateway of the default route, 0 when there is none. */
be32 ipconfig_setup_gateway(const struct ipconfig_setup *s);
/* /proc/net/pnp and /proc/net/ipconfig/ntp_servers, in every namespace. Once. */
void ipconfig_init(void);

/*
 * Configure init_net as the command line says; waits up to five seconds for an answer, then goes
 * on in the background. A line of init_steps[]; sleeps.
 */
void ip_auto_config(void);

#endif /* BW_NET_IPCONFIG_H */
