// SPDX-License-Identifier: BSD-2-Clause
/* A fake virtio-net device; see virtnet_test.h. */
#include <tests/hosted/test.h>

#include <kernel/fs/file.h>
#include <kernel/mm/paging.h>
#include <net/ethernet.h>
#include <string.h>
#include <tests/hosted/drivers/virtnet_test.h>

static struct net_fake *receiver;

/* Whoever gets the frames that come up. */
static int take_frame(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt)
{
	if (!receiver || dev != receiver->dev) {
		consume_skb(skb);
		return 0;
	}
	receiver->received++;
	consume_skb(receiver->up);
	receiver->up = skb;
	return 0;
}

static struct packet_type test_type = {.type = cpu_to_be16(NET_TEST_TYPE), .func = take_frame};

int virtnet_up(void **state)
{
	static bool started;

	if (!started) {
		fs_init();
		net_ns_init();
		skb_init();
		net_dev_init();
		virtio_net_init();
		dev_add_pack(&test_type);
	}
	started = true;
	return hosted_setup(state);
}

int virtnet_down(void **state)
{
	return hosted_teardown(state);
}

static void record_frame(struct net_fake *nf, const struct fake_chain *c)
{
	static u8 bytes[NET_MAX_FRAME + 12];
	u32 len = fake_read(c, bytes, sizeof(bytes));

	assert_true(len >= nf->hdr_len + ETH_HLEN);
	assert_int_equal(fake_writable(c), 0);
	memset(&nf->last.hdr, 0, sizeof(nf->last.hdr));
	memcpy(&nf->last.hdr, bytes, nf->hdr_len);
	nf->last.len = len - nf->hdr_len;
	memcpy(nf->last.data, bytes + nf->hdr_len, nf->last.len);
	nf->last.descs = c->n;
	nf->last.header_apart = c->d[0].len == nf->hdr_len;
	nf->sent++;
}

static void answer_command(struct net_fake *nf, const struct fake_chain *c)
{
	unsigned int i = nf->commands++ % ARRAY_SIZE(nf->command);

	/* Header, data, answer in separate descriptors, as legacy devices want it. */
	assert_true(c->n >= 3);
	assert_int_equal(c->d[0].len, 2);
	assert_int_equal(fake_writable(c), 1);
	nf->command_len[i] = fake_read(c, nf->command[i], sizeof(nf->command[i]));
	fake_write(c, &nf->ctrl_status, 1);
	fake_push(&nf->fd.q[NET_CTRL], c->head, 1);
}

/* The device's thread: some time after a kick. */
static void device_works(struct hosted_event *e)
{
	struct net_fake *nf = container_of(e, struct net_fake, work);
	struct fake_chain c;

	while (!nf->tx_stalled && fake_pop(&nf->fd.q[NET_TX], &c)) {
		record_frame(nf, &c);
		fake_push(&nf->fd.q[NET_TX], c.head, 0);
	}
	*fake_avail_event(&nf->fd.q[NET_TX]) = nf->fd.q[NET_TX].last_avail;
	while (nf->fd.nqueues > NET_CTRL && !nf->ctrl_mute && fake_pop(&nf->fd.q[NET_CTRL], &c))
		answer_command(nf, &c);
	if (nf->fd.nqueues > NET_CTRL)
		*fake_avail_event(&nf->fd.q[NET_CTRL]) = nf->fd.q[NET_CTRL].last_avail;
}

static void kicked(struct fake_device *fd, unsigned int queue)
{
	struct net_fake *nf = container_of(fd, struct net_fake, fd);

	hosted_event_at(&nf->work, hosted_now_ns() + 10000);
}

void net_fake_start(struct net_fake *nf, u64 features, u16 ring_size)
{
	static const u8 mac[] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56};

	memset(nf, 0, sizeof(*nf));
	nf->fd.offered = features;
	nf->fd.ring_size = ring_size;
	nf->fd.notify = kicked;
	memcpy(nf->fd.config, mac, sizeof(mac));
	nf->fd.config[VIRTIO_NET_CONFIG_STATUS] = VIRTIO_NET_S_LINK_UP;
	hosted_event_init(&nf->work, device_works);
	fake_device_register(&nf->fd, VIRTIO_ID_NET);
	nf->vi = nf->fd.vdev.priv;
	assert_non_null(nf->vi);
	nf->dev = nf->vi->dev;
	nf->hdr_len = nf->vi->hdr_len;
	receiver = nf;
	assert_int_equal(dev_open(nf->dev), 0);
	hosted_advance(10);
}

void net_fake_stop(struct net_fake *nf)
{
	consume_skb(nf->up);
	nf->up = NULL;
	nf->tx_stalled = false;
	receiver = NULL;
	hosted_event_cancel(&nf->work);
	fake_device_unregister(&nf->fd);
}

bool net_fake_deliver(struct net_fake *nf, struct virtio_net_hdr hdr, const void *frame, u32 len)
{
	static u8 bytes[NET_MAX_FRAME + 12];
	struct fake_queue *q = &nf->fd.q[NET_RX];
	u32 id[20], part[20], total = nf->hdr_len + len, done = 0;
	struct fake_chain c[20];
	unsigned int n = 0;

	while (done < total && n < ARRAY_SIZE(c)) {
		if (!fake_pop(q, &c[n])) {
			q->last_avail -= (u16)n;
			return false;
		}
		done += fake_writable(&c[n++]);
		if (!nf->vi->mergeable)
			break;
	}
	assert_true(done >= total);
	hdr.num_buffers = hdr.num_buffers ? hdr.num_buffers : (u16)n;
	memcpy(bytes, &hdr, nf->hdr_len);
	memcpy(bytes + nf->hdr_len, frame, len);
	for (unsigned int i = 0, at = 0; i < n; i++, at += part[i - 1]) {
		id[i] = c[i].head;
		part[i] = fake_write(&c[i], bytes + at, total - at);
	}
	fake_push_many(q, id, part, n);
	return true;
}

u32 net_fake_frame(struct net_fake *nf, u8 *frame, u32 len, u8 seed)
{
	u32 i;

	memcpy(frame, nf->dev->dev_addr, ETH_ALEN);
	memset(frame + ETH_ALEN, 0x02, ETH_ALEN);
	put_be16(frame + 12, NET_TEST_TYPE);
	for (i = ETH_HLEN; i < len; i++)
		frame[i] = (u8)(seed + i);
	return len;
}

u32 net_fake_tcp(struct net_fake *nf, u8 *frame, u32 len, u8 seed)
{
	net_fake_frame(nf, frame, len, seed);
	memset(frame + ETH_HLEN, 0, 40);
	frame[ETH_HLEN] = 0x45;
	frame[ETH_HLEN + 20 + 12] = 5 << 4;
	return len;
}

bool net_fake_holds(struct sk_buff *skb, const u8 *frame, u32 len)
{
	static u8 bytes[NET_MAX_FRAME];

	if (!skb || skb->len != len - ETH_HLEN)
		return false;
	assert_int_equal(skb_copy_bits(skb, 0, bytes, skb->len), 0);
	return !memcmp(bytes, frame + ETH_HLEN, skb->len);
}

struct sk_buff *net_fake_skb(struct net_fake *nf, const u8 *frame, u32 len, u32 linear)
{
	struct sk_buff *skb = alloc_skb(linear + 64, GFP_KERNEL);
	struct page *page;
	u32 part;

	assert_non_null(skb);
	skb_reserve(skb, 64);
	linear = min(linear, len);
	memcpy(skb_put(skb, linear), frame, linear);
	for (; linear < len; linear += part) {
		part = min_t(u32, len - linear, PAGE_SIZE);
		page = alloc_pages(GFP_KERNEL, 0);
		assert_non_null(page);
		memcpy(page_address(page), frame + linear, part);
		skb_fill_page_desc(skb, skb_shinfo(skb)->nr_frags, page, 0, part);
		skb->len += part;
		skb->data_len += part;
		skb->truesize += PAGE_SIZE;
	}
	skb->dev = nf->dev;
	skb->protocol = cpu_to_be16(NET_TEST_TYPE);
	return skb;
}
