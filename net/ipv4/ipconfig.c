// SPDX-License-Identifier: BSD-2-Clause
/*
 * The start-up step that gives the machine its address: reads the command line's ip=, brings the
 * Ethernet devices of init_net up, and configures one of them with what was said or by DHCP.
 *
 * As in Linux one device is configured: the named one, or the first that gets an answer; the others
 * are closed again. Unlike Linux the machine starts without an answer too: after five seconds the
 * programs begin, while the DHCP clients go on asking.
 *
 * ip_auto_config() is a line of init_steps[], thread context, sleeps. Files: ipconfig_parse.c,
 * ipconfig_setup.c, dhcp*.c.
 */
#include <kernel/lib/cmdline.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/wait.h>
#include <kernel/sys.h>
#include <kernel/time/clock.h>
#include <net/dhcp.h>
#include <net/if_arp.h>
#include <net/inet_fmt.h>
#include <net/inetdevice.h>
#include <string.h>

#define IC_MAX_DEVICES 16
#define IC_WAIT_MS     5000 /* dnsmasq pings an address for three seconds before it offers it */

/* Of two devices that both get answers, the first is to be the first: 50 ms ahead of the next. */
#define IC_STAGGER_MS 50

/* Stays for good when there are clients: they look things up in cfg. */
struct ic_auto {
	struct ipconfig cfg;
	struct dhcp_client *clients[IC_MAX_DEVICES];
	unsigned int nr_clients;
	struct dhcp_client *winner; /* has got an address: the others stop */
	wait_queue_head_t wait;
};

static bool is_ethernet(const struct net_device *dev)
{
	return dev->type == ARPHRD_ETHER && !(dev->flags & IFF_LOOPBACK);
}

/* The devices that may be configured, held; their number. */
static unsigned int find_devices(const char *name, struct net_device **devs)
{
	struct net_device *dev;
	unsigned int n = 0;

	for_each_netdev(&init_net, dev) {
		if (!is_ethernet(dev) || (*name && strcmp(dev->name, name)))
			continue;
		if (n == IC_MAX_DEVICES) {
			pr_warn("ip=: more than %d network devices, %s and later are not used\n",
				IC_MAX_DEVICES, dev->name);
			break;
		}
		devs[n++] = dev_hold(dev);
	}
	return n;
}

static bool open_device(struct net_device *dev)
{
	int err = netif_running(dev) ? 0 : dev_open(dev);

	if (err)
		pr_err("%s: cannot be opened: error %d\n", dev->name, -err);
	return !err;
}

static void make_static_setup(const struct ipconfig *cfg, struct ipconfig_setup *s)
{
	*s = (struct ipconfig_setup){.addr = cfg->addr,
				     .prefixlen = (u8)inet_mask_len(cfg->mask),
				     .server = cfg->server};
	if (cfg->gw)
		s->routes[s->nr_routes++] = (struct ipconfig_route){.gw = cfg->gw};
	for (size_t i = 0; i < ARRAY_SIZE(cfg->dns); i++) {
		if (cfg->dns[i])
			s->dns[s->nr_dns++] = cfg->dns[i];
	}
	if (cfg->ntp)
		s->ntp[s->nr_ntp++] = cfg->ntp;
	strlcpy(s->domain, cfg->domain, sizeof(s->domain));
}

static void configure_static(struct net_device *dev, const struct ipconfig *cfg)
{
	struct ipconfig_setup s;
	int err;

	make_static_setup(cfg, &s);
	err = ipconfig_setup_apply(dev, &s);
	if (err)
		pr_err("%s: cannot use " IPV4_FMT ": error %d\n", dev->name, IPV4_ARG(s.addr),
		       -err);
	else if (cfg->gw)
		pr_notice("%s: " IPV4_FMT "/%u gateway " IPV4_FMT " configured by ip=\n", dev->name,
			  IPV4_ARG(s.addr), s.prefixlen, IPV4_ARG(cfg->gw));
	else
		pr_notice("%s: " IPV4_FMT "/%u configured by ip=\n", dev->name, IPV4_ARG(s.addr),
			  s.prefixlen);
}

/* Somebody else was faster. */
static void ic_loser(struct dhcp_client *c)
{
	struct net_device *dev = dev_hold(c->dev);

	dhcp_stop(c);
	dev_close(dev);
	dev_put(dev);
}

/* In the thread of a client that has got an address. The first to come ends the others. */
static void ic_bound(struct dhcp_client *c)
{
	struct ic_auto *a = c->arg;

	if (a->winner && a->winner != c)
		return;
	if (!*a->cfg.hostname && *c->lease.hostname)
		sys_sethostname(c->lease.hostname, strlen(c->lease.hostname));
	if (a->winner)
		return;
	a->winner = c;
	for (unsigned int i = 0; i < a->nr_clients; i++) {
		if (a->clients[i] != c)
			ic_loser(a->clients[i]);
	}
	a->clients[0] = c;
	a->nr_clients = 1;
	wake_up_all(&a->wait);
}

/* Until there is an address or the time is over. */
static void wait_for_answer(struct ic_auto *a)
{
	long left = IC_WAIT_MS;
	DEFINE_WAIT(wait);

	while (!a->winner && left > 0) {
		prepare_to_wait(&a->wait, &wait, TASK_UNINTERRUPTIBLE);
		if (!a->winner)
			left = schedule_timeout(left);
		finish_wait(&a->wait, &wait);
	}
	if (!a->winner)
		pr_notice("no answer by DHCP yet, going on without an address\n");
}

static void configure_dhcp(struct ic_auto *a, struct net_device **devs, unsigned int n)
{
	for (unsigned int i = 0; i < n && !a->winner; i++) {
		struct dhcp_client *c;

		if (!open_device(devs[i]))
			continue;
		c = dhcp_start(devs[i], &a->cfg, i * IC_STAGGER_MS, ic_bound, a);
		if (IS_ERR(c))
			pr_err("%s: DHCP cannot be started: error %ld\n", devs[i]->name,
			       -PTR_ERR(c));
		else if (a->winner) /* meanwhile, on another device */
			ic_loser(c);
		else
			a->clients[a->nr_clients++] = c;
	}
	if (a->nr_clients)
		wait_for_answer(a);
}

static void configure(struct ic_auto *a)
{
	struct net_device *devs[IC_MAX_DEVICES];
	unsigned int n = find_devices(a->cfg.device, devs);

	if (!n && *a->cfg.device)
		pr_err("ip=: there is no Ethernet device %s\n", a->cfg.device);
	else if (!n)
		pr_notice("no Ethernet device: only the loopback device is there\n");
	else if (a->cfg.mode == IPCONFIG_DHCP)
		configure_dhcp(a, devs, n);
	else if (open_device(devs[0]))
		configure_static(devs[0], &a->cfg);
	while (n)
		dev_put(devs[--n]);
}

void ip_auto_config(void)
{
	const char *text = cmdline_get("ip"), *wrong;
	struct ic_auto *a = kzalloc(sizeof(*a), GFP_KERNEL);

	if (!a)
		panic("no memory for the network's configuration");
	ipconfig_init();
	init_waitqueue_head(&a->wait);
	text = text ? text : "dhcp";
	wrong = ipconfig_parse(text, &a->cfg);
	if (wrong)
		pr_err("ip=%s: %s is wrong, asking by DHCP instead\n", text, wrong);
	if (*a->cfg.hostname)
		sys_sethostname(a->cfg.hostname, strlen(a->cfg.hostname));
	if (a->cfg.mode == IPCONFIG_OFF)
		pr_notice("ip=%s: no device is configured\n", text);
	else
		configure(a);
	if (!a->nr_clients)
		kfree(a);
}
