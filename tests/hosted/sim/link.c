// SPDX-License-Identifier: BSD-2-Clause
/* The link of the simulation; see link.h. */
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <net/skb_ops.h>
#include <net/sock_ops.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/sim/link.h>

#define QUEUE_FRAMES 100

struct frame {
	struct hosted_event event; /* first */
	struct sim_link *link;
	struct sk_buff *skb;
	int to;
};

struct sim_priv {
	struct sim_link *link;
	int side;
};

/* xorshift64*: the same run for the same seed. */
u32 sim_random(u64 *rng, u32 ceil)
{
	u64 x = *rng;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*rng = x;
	return (u32)((x * 0x2545f4914f6cdd1dull) >> 33) % ceil;
}

static bool chance(struct sim_link *l, u32 permille)
{
	return permille && sim_random(&l->rng, 1000) < permille;
}

static void deliver(struct hosted_event *ev)
{
	struct frame *f = (struct frame *)ev;
	struct sim_link *l = f->link;
	struct sk_buff *skb = f->skb;

	l->in_flight--;
	skb->dev = l->dev[f->to];
	skb->protocol = cpu_to_be16(ETH_P_IP);
	skb->pkt_type = PACKET_HOST;
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	netif_rx(skb);
	free(f);
	if (l->after)
		l->after(l->arg);
}

static void send_copy(struct sim_link *l, struct sk_buff *skb, int to)
{
	u64 delay = l->f.delay_us, now = hosted_now_ns();
	struct frame *f = calloc(1, sizeof(*f));

	if (l->f.jitter_us)
		delay += sim_random(&l->rng, l->f.jitter_us);
	if (chance(l, l->f.reorder))
		delay += 2 * l->f.delay_us + 3000;
	if (l->f.rate_kbps) {
		u64 start = max(l->busy_until_ns[to], now);

		l->busy_until_ns[to] = start + (u64)skb->len * 8 * 1000000 / l->f.rate_kbps;
		now = l->busy_until_ns[to];
	}
	f->link = l;
	f->skb = skb;
	f->to = to;
	hosted_event_init(&f->event, deliver);
	hosted_event_at(&f->event, now + delay * NSEC_PER_USEC);
	l->in_flight++;
}

/* Flip a bit somewhere behind the IP addresses; the checksum must catch it. */
static void corrupt(struct sim_link *l, struct sk_buff *skb)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL || skb_is_nonlinear(skb))
		return;
	skb->data[20 + sim_random(&l->rng, skb->len - 20)] ^= (u8)(1u << sim_random(&l->rng, 8));
	l->corrupted++;
}

static netdev_tx_t sim_xmit(struct sk_buff *skb, struct net_device *dev, bool more)
{
	struct sim_priv *p = netdev_priv(dev);
	struct sim_link *l = p->link;
	struct sk_buff *n;

	(void)more;
	l->sent++;
	if (chance(l, l->f.loss) || l->in_flight > QUEUE_FRAMES * 4) {
		l->lost++;
		kfree_skb(skb);
		return NETDEV_TX_OK;
	}
	n = l->f.features ? skb_clone(skb, GFP_ATOMIC) : skb_copy(skb, GFP_ATOMIC);
	consume_skb(skb);
	if (!n)
		return NETDEV_TX_OK;
	skb_dst_drop(n);
	if (chance(l, l->f.corrupt))
		corrupt(l, n);
	if (chance(l, l->f.dup)) {
		struct sk_buff *twin = skb_copy(n, GFP_ATOMIC);

		if (twin)
			send_copy(l, twin, !p->side);
		l->duplicated++;
	}
	send_copy(l, n, !p->side);
	return NETDEV_TX_OK;
}

static const struct net_device_ops sim_ops = {.ndo_start_xmit = sim_xmit};

static void sim_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->header_ops = NULL;
	dev->hard_header_len = 0;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP;
	dev->mtu = 1500;
	dev->netdev_ops = &sim_ops;
}

void sim_link_make(struct sim_link *l, u64 seed, const struct sim_faults *f)
{
	int i;

	memset(l, 0, sizeof(*l));
	l->f = *f;
	l->rng = seed * 0x9e3779b97f4a7c15ull + 1;
	for (i = 0; i < 2; i++) {
		struct sim_priv *p;

		l->net[i] = net_create(i ? "b" : "a");
		assert_false(IS_ERR(l->net[i]));
		l->dev[i] = alloc_netdev(sizeof(*p), "sim0", sim_setup);
		p = netdev_priv(l->dev[i]);
		p->link = l;
		p->side = i;
		l->dev[i]->nd_net = l->net[i];
		l->dev[i]->features = f->features;
		assert_int_equal(register_netdev(l->dev[i]), 0);
		assert_int_equal(dev_open(l->dev[i]), 0);
		assert_int_equal(inet_addr_add(l->dev[i], ip4(10, 0, 0, (u8)(i + 1)), 24, 0), 0);
	}
}

void sim_link_destroy(struct sim_link *l)
{
	int i;

	l->f.loss = l->f.corrupt = 0;
	hosted_drain(3000 * 1000);
	assert_int_equal(l->in_flight, 0);
	for (i = 0; i < 2; i++) {
		assert_int_equal(l->net[i]->ipv4.tcp_orphan_count, 0);
		assert_int_equal(l->net[i]->ipv4.tcp_sockets_allocated, 0);
		assert_int_equal(l->net[i]->ipv4.tcp_memory_allocated, 0);
		unregister_netdev(l->dev[i]);
		put_net(l->net[i]);
	}
	hosted_drain(300 * 1000);
}
