// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the DHCP client does with a lease: is it one that a host can live with, when is it to be
 * renewed (RFC 2131 section 4.4.5), what does it set up, and how is that taken back.
 *
 * Called by dhcp.c in the client's thread. What the command line's ip= says goes before what the
 * server says, as in Linux.
 */
#include <errno.h>
#include <kernel/lib/printk.h>
#include <net/dhcp.h>
#include <net/inet_fmt.h>
#include <net/inetdevice.h>
#include <stdio.h>
#include <string.h>

/* The server's mask if it is one. */
static be32 lease_mask(const struct dhcp_msg *m)
{
	return inet_mask_len(m->mask) > 0 ? m->mask : ipconfig_class_mask(m->yiaddr);
}

bool dhcp_lease_good(const struct dhcp_msg *m)
{
	/* Table 3 of RFC 2131: server identifier and lease time are a MUST. */
	return ipconfig_host_addr(m->yiaddr) && ipconfig_host_addr(m->server_id) &&
	       m->yiaddr != m->server_id && m->lease_s >= DHCP_MIN_LEASE_S &&
	       ipconfig_addr_in_subnet(m->yiaddr, lease_mask(m));
}

/* T1 < T2 < the end, whatever the server says. */
static void lease_times(struct dhcp_client *c)
{
	u64 lease_ms = (u64)c->lease.lease_s * 1000, t1 = (u64)c->lease.t1_s * 1000,
	    t2 = (u64)c->lease.t2_s * 1000;

	if (c->lease.lease_s == DHCP_INFINITE) {
		c->t1_ms = c->t2_ms = c->expire_ms = DHCP_NEVER;
		return;
	}
	if (!t2 || t2 >= lease_ms)
		t2 = lease_ms / 8 * 7;
	if (!t1 || t1 >= t2)
		t1 = lease_ms / 2 < t2 ? lease_ms / 2 : t2 / 2;
	c->t1_ms = c->asked_ms + t1;
	c->t2_ms = c->asked_ms + t2;
	c->expire_ms = c->asked_ms + lease_ms;
}

/* First those of a, then those of b, without repetitions. */
static u8 merge_addrs(be32 *to, u8 room, u8 n, const be32 *from, u8 count)
{
	for (u8 i = 0; i < count && n < room; i++) {
		bool known = !from[i];

		for (u8 k = 0; k < n; k++)
			known |= to[k] == from[i];
		if (!known)
			to[n++] = from[i];
	}
	return n;
}

static void setup_routes(const struct dhcp_client *c, struct ipconfig_setup *s)
{
	const struct dhcp_msg *m = &c->lease;

	if (ipconfig_host_addr(c->cfg->gw))
		s->routes[s->nr_routes++] = (struct ipconfig_route){.gw = c->cfg->gw};
	for (u8 i = 0; i < m->nr_routes && s->nr_routes < IC_MAX_ROUTES; i++) {
		const struct ipconfig_route *r = &m->routes[i];

		/* Not by way of ourselves; one default route is enough. */
		if (r->gw != s->addr && (r->prefixlen || !ipconfig_setup_gateway(s)))
			s->routes[s->nr_routes++] = *r;
	}
}

static void make_setup(const struct dhcp_client *c, struct ipconfig_setup *s)
{
	const struct dhcp_msg *m = &c->lease;
	const struct ipconfig *cfg = c->cfg;

	*s = (struct ipconfig_setup){.dhcp = true,
				     .addr = m->yiaddr,
				     .prefixlen = (u8)inet_mask_len(lease_mask(m)),
				     .server = cfg->server ? cfg->server : m->siaddr};
	/* A broadcast address outside of the subnet would only make a host deaf. */
	if (!((m->broadcast ^ m->yiaddr) & lease_mask(m)) && m->broadcast != m->yiaddr)
		s->broadcast = m->broadcast;
	setup_routes(c, s);
	s->nr_dns = merge_addrs(s->dns, IC_MAX_DNS, 0, cfg->dns, ARRAY_SIZE(cfg->dns));
	s->nr_dns = merge_addrs(s->dns, IC_MAX_DNS, s->nr_dns, m->dns, m->nr_dns);
	s->nr_ntp = merge_addrs(s->ntp, IC_MAX_NTP, 0, &cfg->ntp, 1);
	s->nr_ntp = merge_addrs(s->ntp, IC_MAX_NTP, s->nr_ntp, m->ntp, m->nr_ntp);
	strlcpy(s->domain, cfg->domain[0] ? cfg->domain : m->domain, sizeof(s->domain));
	if (m->too_many_routes)
		pr_warn("%s: the DHCP server gives more than %d routes, the rest is ignored\n",
			c->dev->name, IC_MAX_ROUTES);
}

static void restore_mtu(struct dhcp_client *c)
{
	if (c->old_mtu)
		dev_set_mtu(c->dev, (int)c->old_mtu);
	c->old_mtu = 0;
}

static void lease_set_mtu(struct dhcp_client *c)
{
	u32 mtu = c->lease.mtu, old = c->old_mtu ? c->old_mtu : c->dev->mtu;

	if (!mtu) {
		restore_mtu(c);
		return;
	}
	if (mtu < IC_MIN_MTU || dev_set_mtu(c->dev, (int)mtu))
		pr_warn("%s: MTU %u of the DHCP server is not possible, ignored\n", c->dev->name,
			mtu);
	else
		c->old_mtu = old;
}

int dhcp_lease_apply(struct dhcp_client *c)
{
	struct ipconfig_setup old = c->setup;
	int err;

	c->lease = c->msg;
	lease_times(c);
	make_setup(c, &c->setup);
	lease_set_mtu(c);
	if (c->leased) {
		if (old.addr == c->setup.addr && old.prefixlen == c->setup.prefixlen)
			ipconfig_setup_del_routes(c->dev, &old, &c->setup);
		else
			ipconfig_setup_remove(c->dev, &old);
	}
	err = ipconfig_setup_apply(c->dev, &c->setup);
	c->leased = !err;
	c->hint = !err;
	return err;
}

void dhcp_lease_restore(struct dhcp_client *c)
{
	if (c->leased && ipconfig_setup_apply(c->dev, &c->setup))
		pr_err("%s: cannot put the address back\n", c->dev->name);
}

void dhcp_lease_drop(struct dhcp_client *c)
{
	if (c->leased)
		ipconfig_setup_remove(c->dev, &c->setup);
	c->leased = false;
	restore_mtu(c);
}

void dhcp_lease_report(const struct dhcp_client *c)
{
	be32 gw = ipconfig_setup_gateway(&c->setup);
	char by[32] = "", lease[24] = "without end";

	if (gw)
		snprintf(by, sizeof(by), " gateway " IPV4_FMT, IPV4_ARG(gw));
	if (c->lease.lease_s != DHCP_INFINITE)
		snprintf(lease, sizeof(lease), "%u s", c->lease.lease_s);
	pr_notice("%s: " IPV4_FMT "/%u%s by DHCP from " IPV4_FMT ", lease %s\n", c->dev->name,
		  IPV4_ARG(c->setup.addr), c->setup.prefixlen, by, IPV4_ARG(c->lease.server_id),
		  lease);
}
