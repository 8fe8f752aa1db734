// SPDX-License-Identifier: BSD-2-Clause
/* The path of the goodput measurements; see path.h. */
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <net/skb_ops.h>
#include <net/sock_ops.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/goodput/path.h>

#define WIRE_OVERHEAD 38 /* header 14, FCS 4, preamble 8, gap 12 */

struct frame {
	struct hosted_event event; /* first */
	struct path *path;
	struct sk_buff *skb;
	u64 arrives_ns;
	u32 wire_bytes;
	int to;
	bool lost;
};
struct path_priv {
	struct path *path;
	int side;
};

static u32 path_random(struct path *p, u32 ceil)
{
	u64 x = p->rng;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	p->rng = x;
	return (u32)((x * 0x2545f4914f6cdd1dull) >> 33) % ceil;
}

static void frame_arrives(struct hosted_event *ev)
{
	struct frame *f = (struct frame *)ev;
	struct sk_buff *skb = f->skb;

	skb->dev = f->path->dev[f->to];
	skb->protocol = cpu_to_be16(ETH_P_IP);
	skb->pkt_type = PACKET_HOST;
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	netif_rx(skb);
	free(f);
}

/* The last bit has left the bottleneck. */
static void frame_leaves(struct hosted_event *ev)
{
	struct frame *f = (struct frame *)ev;

	if (f->to == 1)
		f->path->queued -= f->wire_bytes;
	if (f->lost) {
		kfree_skb(f->skb);
		free(f);
		return;
	}
	hosted_event_init(&f->event, frame_arrives);
	hosted_event_at(&f->event, f->arrives_ns);
}

/* RFC 3168: a queue that is too long marks what can be marked. */
static void path_mark(struct path *p, struct sk_buff *skb)
{
	u8 *ip = skb->data;
	u32 sum;

	if (!p->f.mark_bytes || p->queued <= p->f.mark_bytes || !(ip[1] & 3) || (ip[1] & 3) == 3)
		return;
	/* RFC 1624: the header grows by 3 - ECT, its checksum shrinks by that. */
	sum = (u32)get_be16(ip + 10) + 0xffffu - (u32)(3 - (ip[1] & 3));
	sum = (sum & 0xffff) + (sum >> 16);
	put_be16(ip + 10, (u16)sum);
	ip[1] |= 3;
	p->marked++;
}

/* A token bucket: does the frame conform? The bucket as the time at which it is full again. */
static bool path_conforms(struct path *p, u32 bytes)
{
	u64 now = hosted_now_ns(), full = max(p->tokens_ns, now);
	u64 cost = (u64)bytes * 8 * 1000000 / max(p->f.police_kbps, 1u);
	u64 depth = (u64)p->f.bucket_bytes * 8 * 1000000 / max(p->f.police_kbps, 1u);

	if (!p->f.police_kbps)
		return true;
	if (full + cost > now + depth) {
		p->policed++;
		return false;
	}
	p->tokens_ns = full + cost;
	return true;
}

static netdev_tx_t path_xmit(struct sk_buff *skb, struct net_device *dev, bool more)
{
	struct path_priv *priv = netdev_priv(dev);
	struct path *p = priv->path;
	int to = !priv->side;
	struct frame *f;
	u32 bytes = skb->len + WIRE_OVERHEAD;
	u64 now = hosted_now_ns(), leaves;

	(void)more;
	if (to == 1) {
		p->sent++;
		if (p->queued + bytes > p->f.queue_bytes || !path_conforms(p, bytes)) {
			p->overflowed++;
			kfree_skb(skb);
			return NETDEV_TX_OK;
		}
	}
	f = calloc(1, sizeof(*f));
	f->skb = skb_copy(skb, GFP_ATOMIC);
	consume_skb(skb);
	assert_non_null(f->skb);
	skb_dst_drop(f->skb);
	f->path = p;
	f->to = to;
	f->wire_bytes = bytes;
	if (to == 1) {
		path_mark(p, f->skb);
		p->queued += bytes;
		p->max_queued = max(p->max_queued, p->queued);
		f->lost = p->f.loss_ppm && path_random(p, 1000000) < p->f.loss_ppm;
		p->lost += f->lost;
	}
	leaves = max(p->busy_until_ns[to], now) + (u64)bytes * 8 * 1000000 / p->f.rate_kbps;
	p->busy_until_ns[to] = leaves;
	f->arrives_ns = leaves + (u64)p->f.rtt_us * NSEC_PER_USEC / 2;
	hosted_event_init(&f->event, frame_leaves);
	hosted_event_at(&f->event, leaves);
	return NETDEV_TX_OK;
}

static const struct net_device_ops path_ops = {.ndo_start_xmit = path_xmit};

static void path_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->header_ops = NULL;
	dev->hard_header_len = 0;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP;
	dev->mtu = 1500;
	dev->netdev_ops = &path_ops;
}

void path_make(struct path *p, u64 seed, const struct path_faults *f)
{
	int i;

	memset(p, 0, sizeof(*p));
	p->f = *f;
	p->rng = seed * 0x9e3779b97f4a7c15ull + 1;
	for (i = 0; i < 2; i++) {
		struct path_priv *priv;

		p->net[i] = net_create(i ? "b" : "a");
		assert_false(IS_ERR(p->net[i]));
		p->dev[i] = alloc_netdev(sizeof(*priv), "path0", path_setup);
		priv = netdev_priv(p->dev[i]);
		priv->path = p;
		priv->side = i;
		p->dev[i]->nd_net = p->net[i];
		assert_int_equal(register_netdev(p->dev[i]), 0);
		assert_int_equal(dev_open(p->dev[i]), 0);
		assert_int_equal(inet_addr_add(p->dev[i], ip4(10, 0, 0, (u8)(i + 1)), 24, 0), 0);
	}
}

void path_destroy(struct path *p)
{
	int i;

	p->f.loss_ppm = 0;
	hosted_drain(3000 * 1000);
	for (i = 0; i < 2; i++) {
		assert_int_equal(p->net[i]->ipv4.tcp_sockets_allocated, 0);
		assert_int_equal(p->net[i]->ipv4.tcp_memory_allocated, 0);
		unregister_netdev(p->dev[i]);
		put_net(p->net[i]);
	}
	hosted_drain(300 * 1000);
}
