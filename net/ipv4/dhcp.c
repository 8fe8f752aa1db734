// SPDX-License-Identifier: BSD-2-Clause
/*
 * The DHCP client (RFC 2131; its figure 5 is the table `states` below): a thread for each device,
 * with a UDP socket of the stack itself on port 68 that is bound to the device. It asks for
 * broadcast answers while it has no address, so the stack needs no side door.
 *
 * Before an address is used it is probed for (RFC 5227). The RFC's schedule of five to seven
 * seconds would be most of this machine's start, so: one probe and a tenth of a second before the
 * address is used, another probe and a second afterwards, and whoever answers either makes us
 * decline the address. It is announced after each.
 *
 * dhcp_start() by ipconfig.c. The rest in its thread; the netdevice notifier, any context, only
 * sets flags and interrupts the thread. Left out: RELEASE at power-off, DHCPINFORM.
 */
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/random.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/softirq.h>
#include <net/arp.h>
#include <net/dhcp.h>
#include <net/inet_fmt.h>
#include <net/net.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/time.h>

#define MAX_BACKOFF	  6 /* doublings of a second: 64 s */
#define REQUEST_TRIES	  4
#define REBOOT_TRIES	  3
#define RENEW_MIN_MS	  60000 /* RFC 2131 section 4.4.5 */
#define DECLINE_WAIT_MS	  10000 /* section 3.1 step 5 */
#define FAILURE_WAIT_MS	  10000 /* no memory, say */
#define PROBE_FIRST_MS	  100
#define PROBE_SECOND_MS	  1000
#define MAX_WAIT_MS	  (24 * 3600 * 1000ull)
#define LIMITED_BROADCAST cpu_to_be32(INADDR_BROADCAST)

/* Until the next try: 1, 2, 4 ... 64 s, and a random second (section 4.1). */
static u64 backoff_ms(unsigned int tries)
{
	u64 base = 1000ull << min(tries, (unsigned int)MAX_BACKOFF);

	if (base < 4000)
		return base + 100 + get_random_u32_below(900);
	return base - 1000 + get_random_u32_below(2001);
}

static void dhcp_enter(struct dhcp_client *c, enum dhcp_state state)
{
	c->state = state;
	c->tries = 0;
}

/* A new exchange of messages. */
static void dhcp_begin(struct dhcp_client *c)
{
	c->xid = get_random_u32();
	c->begin_ms = dhcp_now_ms();
}

/* To INIT, to begin after a while. */
static void dhcp_restart(struct dhcp_client *c, u64 delay_ms)
{
	dhcp_enter(c, DHCP_INIT);
	c->deadline_ms = c->link_up ? dhcp_now_ms() + delay_ms : DHCP_NEVER;
}

/* Table 5 of RFC 2131: which message says what. */
static void dhcp_fill(const struct dhcp_client *c, struct dhcp_request *r)
{
	bool has_addr = c->state == DHCP_RENEWING || c->state == DHCP_REBINDING;

	r->broadcast = !has_addr;
	switch (r->type) {
	case DHCPDISCOVER:
		r->requested = c->hint ? c->lease.yiaddr : 0;
		break;
	case DHCPDECLINE:
		r->requested = c->msg.yiaddr;
		r->server_id = c->msg.server_id;
		r->broadcast = false;
		break;
	default:
		if (has_addr)
			r->ciaddr = c->lease.yiaddr;
		else if (c->state == DHCP_REBOOTING)
			r->requested = c->lease.yiaddr;
		else
			r->requested = c->offer.yiaddr;
		if (c->state == DHCP_REQUESTING)
			r->server_id = c->offer.server_id;
	}
}

static void dhcp_send(struct dhcp_client *c, enum dhcp_type type)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = cpu_to_be16(DHCP_SERVER_PORT),
				 .sin_addr.s_addr = LIMITED_BROADCAST};
	struct msghdr msg = {.msg_name = &to, .msg_namelen = sizeof(to)};
	struct dhcp_request r = {.type = type,
				 .xid = c->xid,
				 .max_size = DHCP_MAX_MSG,
				 .chaddr = c->dev->dev_addr,
				 .hostname = c->cfg->hostname};
	u64 now = dhcp_now_ms();
	int n;

	/* A REQUEST repeats what its DISCOVER said (section 4.4.1). */
	if (c->state != DHCP_REQUESTING)
		c->secs = (u16)min((now - c->begin_ms) / 1000, 0xffffull);
	r.secs = c->secs;
	if (!c->tries)
		c->asked_ms = now;
	dhcp_fill(c, &r);
	if (c->state == DHCP_RENEWING)
		to.sin_addr.s_addr = c->lease.server_id;
	n = kernel_sendmsg(c->sock, &msg, c->packet, dhcp_build(&r, c->packet));
	if (n < 0)
		pr_debug("%s: DHCP: cannot send: error %d\n", c->dev->name, -n);
}

/* Send the state's message (again), and when to do so next. */
static void dhcp_try(struct dhcp_client *c, enum dhcp_type type)
{
	dhcp_send(c, type);
	c->deadline_ms = dhcp_now_ms() + backoff_ms(c->tries++);
}

/* Half of the time that is left until the next state, but not too often (section 4.4.5). */
static void dhcp_try_renewal(struct dhcp_client *c, u64 until)
{
	u64 now = dhcp_now_ms(), wait = max((until - now) / 2, (u64)RENEW_MIN_MS);

	dhcp_send(c, DHCPREQUEST);
	c->tries++;
	c->deadline_ms = min(until, now + wait);
}

static void init_timeout(struct dhcp_client *c)
{
	dhcp_begin(c);
	dhcp_enter(c, DHCP_SELECTING);
	dhcp_try(c, DHCPDISCOVER);
}

static void selecting_timeout(struct dhcp_client *c)
{
	dhcp_try(c, DHCPDISCOVER);
}

static void requesting_timeout(struct dhcp_client *c)
{
	if (c->tries < REQUEST_TRIES)
		dhcp_try(c, DHCPREQUEST);
	else
		dhcp_restart(c, 0);
}

static void dhcp_enter_bound(struct dhcp_client *c)
{
	dhcp_enter(c, DHCP_BOUND);
	c->deadline_ms = c->t1_ms;
}

/* Nobody knows better: the lease holds until it ends (section 3.2 step 4). */
static void rebooting_timeout(struct dhcp_client *c)
{
	if (c->tries < REBOOT_TRIES)
		dhcp_try(c, DHCPREQUEST);
	else
		dhcp_enter_bound(c);
}

static void bound_timeout(struct dhcp_client *c)
{
	dhcp_begin(c);
	dhcp_enter(c, DHCP_RENEWING);
	dhcp_try_renewal(c, c->t2_ms);
}

static void rebinding_timeout(struct dhcp_client *c)
{
	dhcp_try_renewal(c, c->expire_ms);
}

static void renewing_timeout(struct dhcp_client *c)
{
	if (dhcp_now_ms() < c->t2_ms) {
		dhcp_try_renewal(c, c->t2_ms);
		return;
	}
	dhcp_enter(c, DHCP_REBINDING);
	rebinding_timeout(c);
}

static void lease_expired(struct dhcp_client *c)
{
	pr_warn("%s: the lease of " IPV4_FMT " has ended\n", c->dev->name, IPV4_ARG(c->setup.addr));
	dhcp_lease_drop(c);
	dhcp_restart(c, 0);
}

/* Ask whether somebody has the address. Sleeps. */
static bool dhcp_conflict(struct dhcp_client *c, unsigned int wait_ms)
{
	return arp_probe_conflict(c->dev, c->msg.yiaddr, 1, wait_ms);
}

static void dhcp_announce(struct dhcp_client *c)
{
	local_bh_disable();
	arp_announce(c->dev, c->setup.addr);
	local_bh_enable();
}

/* The address of c->msg is taken. */
static void dhcp_decline(struct dhcp_client *c)
{
	pr_warn("%s: " IPV4_FMT " is in use by another host, declined\n", c->dev->name,
		IPV4_ARG(c->msg.yiaddr));
	dhcp_lease_drop(c);
	c->hint = false;
	dhcp_send(c, DHCPDECLINE);
	dhcp_restart(c, DECLINE_WAIT_MS);
}

/* A new address, in use from here on. */
static void dhcp_bound_first(struct dhcp_client *c)
{
	/* inet_addr_add() has announced it, unless arp_notify is off. */
	dhcp_lease_report(c);
	if (c->bound)
		c->bound(c);
	if (dhcp_conflict(c, PROBE_SECOND_MS))
		dhcp_decline(c);
	else if (!c->stop)
		dhcp_announce(c);
}

static void dhcp_ack(struct dhcp_client *c)
{
	bool fresh = c->state == DHCP_REQUESTING;
	int err;

	if (fresh && dhcp_conflict(c, PROBE_FIRST_MS)) {
		dhcp_decline(c);
		return;
	}
	if (c->stop)
		return;
	err = dhcp_lease_apply(c);
	if (err) {
		pr_err("%s: cannot use " IPV4_FMT ": error %d\n", c->dev->name,
		       IPV4_ARG(c->msg.yiaddr), -err);
		dhcp_lease_drop(c);
		dhcp_restart(c, FAILURE_WAIT_MS);
		return;
	}
	c->naks = 0;
	dhcp_enter_bound(c);
	if (fresh)
		dhcp_bound_first(c);
}

/* At once the first time; a server that always says no is asked ever more rarely. */
static void dhcp_nak(struct dhcp_client *c)
{
	if (c->leased)
		pr_warn("%s: the DHCP server takes " IPV4_FMT " back\n", c->dev->name,
			IPV4_ARG(c->setup.addr));
	dhcp_lease_drop(c);
	c->hint = false;
	dhcp_restart(c, c->naks ? backoff_ms(c->naks - 1) : 0);
	c->naks++;
}

static void selecting_reply(struct dhcp_client *c)
{
	if (c->msg.type != DHCPOFFER || !dhcp_lease_good(&c->msg))
		return;
	c->offer = c->msg;
	dhcp_enter(c, DHCP_REQUESTING);
	dhcp_try(c, DHCPREQUEST);
}

static void requesting_reply(struct dhcp_client *c)
{
	if (c->msg.server_id != c->offer.server_id)
		return;
	if (c->msg.type == DHCPNAK)
		dhcp_nak(c);
	else if (c->msg.type == DHCPACK && dhcp_lease_good(&c->msg))
		dhcp_ack(c);
}

/* Any server's word counts: REBOOTING, REBINDING. */
static void renewal_reply(struct dhcp_client *c)
{
	if (c->msg.type == DHCPNAK)
		dhcp_nak(c);
	else if (c->msg.type != DHCPACK || !dhcp_lease_good(&c->msg))
		return;
	else if (c->msg.yiaddr == c->lease.yiaddr)
		dhcp_ack(c);
	else
		dhcp_nak(c); /* not what was asked for: that is gone */
}

static void renewing_reply(struct dhcp_client *c)
{
	if (c->msg.server_id == c->lease.server_id)
		renewal_reply(c);
}

static const struct {
	const char *name;
	void (*timeout)(struct dhcp_client *c);
	void (*reply)(struct dhcp_client *c); /* to c->msg; NULL: nothing was asked */
} states[NR_DHCP_STATES] = {
	[DHCP_INIT] = {"INIT", init_timeout, NULL},
	[DHCP_SELECTING] = {"SELECTING", selecting_timeout, selecting_reply},
	[DHCP_REQUESTING] = {"REQUESTING", requesting_timeout, requesting_reply},
	[DHCP_REBOOTING] = {"REBOOTING", rebooting_timeout, renewal_reply},
	[DHCP_BOUND] = {"BOUND", bound_timeout, NULL},
	[DHCP_RENEWING] = {"RENEWING", renewing_timeout, renewing_reply},
	[DHCP_REBINDING] = {"REBINDING", rebinding_timeout, renewal_reply},
};

/* The next message for us into c->msg, or false after the time, or when interrupted. Sleeps. */
static bool dhcp_receive(struct dhcp_client *c, u64 wait_ms)
{
	struct sockaddr_storage from = {0};
	struct msghdr msg = {.msg_name = &from, .msg_namelen = sizeof(from)};
	struct timeval tv = {.tv_sec = (long)(wait_ms / 1000),
			     .tv_usec = (long)(wait_ms % 1000 * 1000)};
	int n;

	kernel_setsockopt(c->sock, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	n = kernel_recvmsg(c->sock, &msg, c->packet, sizeof(c->packet), 0);
	if (signal_pending(current))
		clear_signal_pending();
	if (n <= 0 || msg.msg_flags & MSG_TRUNC ||
	    ((struct sockaddr_in *)&from)->sin_port != cpu_to_be16(DHCP_SERVER_PORT))
		return false;
	return states[c->state].reply && !dhcp_parse(c->packet, (size_t)n, &c->msg) &&
	       c->msg.xid == c->xid && !memcmp(c->msg.chaddr, c->dev->dev_addr, ETH_ALEN);
}

/* A link that comes back may lead elsewhere: is the lease still good there (section 3.7)? */
static void dhcp_link_event(struct dhcp_client *c)
{
	bool was_up = c->link_up;

	c->link_event = false;
	c->link_up = netif_running(c->dev) && netif_carrier_ok(c->dev);
	if (!c->link_up) {
		if (!c->leased)
			dhcp_restart(c, 0);
		return;
	}
	if (c->leased) {
		dhcp_lease_restore(c);
		dhcp_begin(c);
		dhcp_enter(c, DHCP_REBOOTING);
		dhcp_try(c, DHCPREQUEST);
	} else if (!was_up) {
		dhcp_restart(c, 0);
	}
}

static u64 dhcp_due(const struct dhcp_client *c)
{
	return c->leased ? min(c->deadline_ms, c->expire_ms) : c->deadline_ms;
}

static int dhcp_thread(void *arg)
{
	struct dhcp_client *c = arg;

	while (!c->stop) {
		u64 now = dhcp_now_ms(), due;

		if (c->link_event)
			dhcp_link_event(c);
		due = dhcp_due(c);
		if (c->leased && now >= c->expire_ms)
			lease_expired(c);
		else if (now >= due)
			states[c->state].timeout(c);
		else if (dhcp_receive(c, min(due - now, MAX_WAIT_MS)))
			states[c->state].reply(c);
		cond_resched();
	}
	dhcp_lease_drop(c);
	return 0;
}

static void dhcp_netdev_event(struct notifier_block *nb, enum netdev_event ev,
			      struct net_device *dev)
{
	struct dhcp_client *c = container_of(nb, struct dhcp_client, nb);

	if (dev != c->dev || !c->thread)
		return;
	if (ev == NETDEV_UNREGISTER)
		c->stop = true;
	else if (ev == NETDEV_UP || ev == NETDEV_DOWN || ev == NETDEV_CHANGE ||
		 ev == NETDEV_CHANGEADDR) /* the lease was the old address's */
		c->link_event = true;
	else
		return;
	thread_interrupt(c->thread);
}

static int dhcp_open_socket(struct dhcp_client *c)
{
	struct sockaddr_in addr = {.sin_family = AF_INET,
				   .sin_port = cpu_to_be16(DHCP_CLIENT_PORT)};
	int err, on = 1;

	err = sock_create_kern(dev_net(c->dev), AF_INET, SOCK_DGRAM, IPPROTO_UDP, &c->sock);
	if (err)
		return err;
	err = kernel_setsockopt(c->sock, SOL_SOCKET, SO_BINDTODEVICE, c->dev->name,
				(int)strlen(c->dev->name) + 1);
	if (!err)
		err = kernel_setsockopt(c->sock, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
	if (!err)
		err = kernel_bind(c->sock, (struct sockaddr *)&addr, sizeof(addr));
	return err;
}

static void dhcp_free(struct dhcp_client *c)
{
	if (c->sock)
		sock_release(c->sock);
	dev_put(c->dev);
	kfree(c);
}

struct dhcp_client *dhcp_start(struct net_device *dev, const struct ipconfig *cfg, u32 delay_ms,
			       void (*bound)(struct dhcp_client *c), void *arg)
{
	struct dhcp_client *c = kzalloc(sizeof(*c), GFP_KERNEL);
	int err;

	if (!c)
		return ERR_PTR(-ENOMEM);
	c->dev = dev_hold(dev);
	c->cfg = cfg;
	c->bound = bound;
	c->arg = arg;
	c->nb.call = dhcp_netdev_event;
	c->link_up = netif_running(dev) && netif_carrier_ok(dev);
	dhcp_restart(c, delay_ms);
	err = dhcp_open_socket(c);
	if (!err) {
		register_netdevice_notifier(&c->nb); /* tells what was before: no thread yet */
		c->thread = thread_create(dhcp_thread, c, "dhcp/%s", dev->name);
		if (c->thread)
			return c;
		unregister_netdevice_notifier(&c->nb);
		err = -ENOMEM;
	}
	dhcp_free(c);
	return ERR_PTR(err);
}

void dhcp_stop(struct dhcp_client *c)
{
	c->stop = true;
	unregister_netdevice_notifier(&c->nb);
	thread_interrupt(c->thread);
	thread_join(c->thread);
	dhcp_free(c);
}
