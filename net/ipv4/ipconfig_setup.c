// SPDX-License-Identifier: BSD-2-Clause
/*
 * What ip= or DHCP found out becomes true here: the address and the routes of a device, and the
 * files that tell programs the rest, in Linux's formats (nfsroot.rst): /proc/net/pnp with the
 * domain and the name servers, in the words of resolv.conf, and /proc/net/ipconfig/ntp_servers.
 *
 * Called by ipconfig.c and dhcp_lease.c, thread context. A namespace remembers the setup that came
 * last; a second configured device would replace what the files say, as it does in Linux.
 */
#include <errno.h>
#include <kernel/fs/procfs.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>
#include <net/inet_fmt.h>
#include <net/inetdevice.h>
#include <net/ipconfig.h>
#include <net/route.h>

struct ipconfig_state {
	int ifindex; /* of the device it is about; 0: none */
	struct ipconfig_setup setup;
};

static bool route_same(const struct ipconfig_route *a, const struct ipconfig_route *b)
{
	return a->dst == b->dst && a->gw == b->gw && a->prefixlen == b->prefixlen;
}

static bool setup_has_route(const struct ipconfig_setup *s, const struct ipconfig_route *r)
{
	for (u8 i = 0; i < s->nr_routes; i++) {
		if (route_same(&s->routes[i], r))
			return true;
	}
	return false;
}

static struct fib_config setup_route(struct net_device *dev, const struct ipconfig_setup *s,
				     const struct ipconfig_route *r)
{
	return (struct fib_config){.dst = r->dst,
				   .prefixlen = r->prefixlen,
				   .gw = r->gw,
				   .prefsrc = s->addr,
				   .type = RTN_UNICAST,
				   .scope = r->gw ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK,
				   .protocol = s->dhcp ? RTPROT_DHCP : RTPROT_BOOT,
				   .dev = dev};
}

/*
 * A gateway outside of the subnet (an address with a prefix of 32, as clouds give) is believed to
 * be on the link; the table wants to hear that first.
 */
static bool gateway_needs_route(const struct ipconfig_setup *s, const struct ipconfig_route *r)
{
	const struct ipconfig_route host = {.dst = r->gw, .prefixlen = 32};

	return r->gw && (r->gw ^ s->addr) & inet_make_mask(s->prefixlen) &&
	       !setup_has_route(s, &host);
}

static int setup_add_route(struct net_device *dev, const struct ipconfig_setup *s,
			   const struct ipconfig_route *r)
{
	struct fib_config cfg = setup_route(dev, s, r);

	if (gateway_needs_route(s, r)) {
		const struct ipconfig_route host = {.dst = r->gw, .prefixlen = 32};
		struct fib_config link = setup_route(dev, s, &host);
		int err = fib_add_route(dev_net(dev), &link);

		if (err && err != -EEXIST)
			return err;
	}
	return fib_add_route(dev_net(dev), &cfg);
}

/* Those without a gateway first: they may be the way to others' gateways. */
static void setup_add_routes(struct net_device *dev, const struct ipconfig_setup *s, bool gateways)
{
	for (u8 i = 0; i < s->nr_routes; i++) {
		const struct ipconfig_route *r = &s->routes[i];
		int err;

		if ((r->gw != 0) != gateways)
			continue;
		err = setup_add_route(dev, s, r);
		if (err && err != -EEXIST)
			pr_warn("%s: no route to " IPV4_FMT "/%u by " IPV4_FMT ": error %d\n",
				dev->name, IPV4_ARG(r->dst), r->prefixlen, IPV4_ARG(r->gw), -err);
	}
}

be32 ipconfig_setup_gateway(const struct ipconfig_setup *s)
{
	for (u8 i = 0; i < s->nr_routes; i++) {
		if (!s->routes[i].prefixlen)
			return s->routes[i].gw;
	}
	return 0;
}

int ipconfig_setup_apply(struct net_device *dev, const struct ipconfig_setup *s)
{
	struct ipconfig_state *state = dev_net(dev)->ipv4.ipconfig;
	be32 broadcast = s->broadcast;
	int err;

	if (!broadcast && s->prefixlen < 31)
		broadcast = s->addr | ~inet_make_mask(s->prefixlen);
	err = inet_addr_add(dev, s->addr, s->prefixlen, broadcast);
	if (err && err != -EEXIST)
		return err;
	setup_add_routes(dev, s, false);
	setup_add_routes(dev, s, true);
	if (state) {
		state->ifindex = dev->ifindex;
		state->setup = *s;
	}
	return 0;
}

void ipconfig_setup_del_routes(struct net_device *dev, const struct ipconfig_setup *s,
			       const struct ipconfig_setup *keep)
{
	for (u8 i = 0; i < s->nr_routes; i++) {
		struct fib_config cfg = setup_route(dev, s, &s->routes[i]);

		if (!keep || keep->addr != s->addr || !setup_has_route(keep, &s->routes[i]))
			fib_del_route(dev_net(dev), &cfg); /* may be gone with the link */
	}
}

void ipconfig_setup_remove(struct net_device *dev, const struct ipconfig_setup *s)
{
	struct ipconfig_state *state = dev_net(dev)->ipv4.ipconfig;

	ipconfig_setup_del_routes(dev, s, NULL);
	/* With the address go all other routes that prefer it as a source. */
	inet_addr_del(dev, s->addr, s->prefixlen);
	if (state && state->ifindex == dev->ifindex)
		*state = (struct ipconfig_state){0};
}

static int pnp_show(struct seq_file *m)
{
	const struct ipconfig_state *state = m->net->ipv4.ipconfig;
	const struct ipconfig_setup *s = &state->setup;

	if (!state->ifindex)
		return 0;
	seq_puts(m, s->dhcp ? "#PROTO: DHCP\n" : "#MANUAL\n");
	if (s->domain[0])
		seq_printf(m, "domain %s\n", s->domain);
	for (u8 i = 0; i < s->nr_dns; i++)
		seq_printf(m, "nameserver " IPV4_FMT "\n", IPV4_ARG(s->dns[i]));
	if (s->server)
		seq_printf(m, "bootserver " IPV4_FMT "\n", IPV4_ARG(s->server));
	return 0;
}

static int ntp_servers_show(struct seq_file *m)
{
	const struct ipconfig_setup *s = &m->net->ipv4.ipconfig->setup;

	for (u8 i = 0; i < s->nr_ntp; i++)
		seq_printf(m, IPV4_FMT "\n", IPV4_ARG(s->ntp[i]));
	return 0;
}

static int ipconfig_net_init(struct net *net)
{
	net->ipv4.ipconfig = kzalloc(sizeof(*net->ipv4.ipconfig), GFP_KERNEL);
	return net->ipv4.ipconfig ? 0 : -ENOMEM;
}

static void ipconfig_net_exit(struct net *net)
{
	kfree(net->ipv4.ipconfig);
	net->ipv4.ipconfig = NULL;
}

void ipconfig_init(void)
{
	static struct pernet_operations ops = {
		.name = "ipconfig",
		.init = ipconfig_net_init,
		.exit = ipconfig_net_exit,
	};
	static const struct proc_ops pnp_ops = {.show = pnp_show};
	static const struct proc_ops ntp_ops = {.show = ntp_servers_show};

	BUG_ON(register_pernet_subsys(&ops) != 0);
	WARN_ON(proc_create("net/pnp", 0444, &pnp_ops, NULL));
	WARN_ON(proc_create("net/ipconfig/ntp_servers", 0444, &ntp_ops, NULL));
}
