// SPDX-License-Identifier: BSD-2-Clause
/* GRO: what is joined, what flushes, and that no byte and no order is lost. */
#include <kernel/sched/softirq.h>
#include <net/checksum.h>
#include <net/skb_ops.h>
#include <netinet/tcp.h>
#include <string.h>
#include <tests/hosted/net/capture.h>

static struct {
	u32 len, gso_size, gso_segs, seq;
	bool psh, fin;
	u8 first, last; /* payload bytes */
	bool tot_len_ok, csum_ok;
} got[64];
static int n_got;

/* Looks at every packet that goes up. */
static int watch(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	struct tcphdr th;
	u8 b;

	if (skb->pkt_type == PACKET_OUTGOING) {
		consume_skb(skb);
		return 0;
	}
	assert_int_not_equal(n_got, 64);
	assert_int_equal(skb_copy_bits(skb, 20, &th, sizeof(th)), 0);
	got[n_got].len = skb->len - 20 - th.doff * 4u;
	got[n_got].gso_size = skb_shinfo(skb)->gso_size;
	got[n_got].gso_segs = skb_shinfo(skb)->gso_segs;
	got[n_got].seq = be32_to_cpu(th.seq);
	got[n_got].psh = th.psh;
	got[n_got].fin = th.fin;
	skb_copy_bits(skb, 20 + th.doff * 4u, &b, 1);
	got[n_got].first = b;
	skb_copy_bits(skb, skb->len - 1, &b, 1);
	got[n_got].last = b;
	got[n_got].tot_len_ok = be16_to_cpu(iph->tot_len) == skb->len;
	got[n_got].csum_ok = ip_fast_csum(iph, 5) == 0;
	n_got++;
	consume_skb(skb);
	return 0;
}
static struct packet_type tap = {.type = cpu_to_be16(ETH_P_ALL), .func = watch};

struct seg {
	u32 seq, len;
	u16 sport;
	bool psh, fin, syn, ece, cwr, bad_csum;
	u8 tos;
	u32 ack, ts;
};

static void in(struct cap *c, struct napi_struct *n, struct seg s)
{
	u32 tcp_len = 32 + s.len, i;
	struct sk_buff *skb = netdev_alloc_skb(c->dev, 14 + 20 + tcp_len);
	struct ethhdr *eth = skb_put(skb, 14);
	struct iphdr *iph;
	struct tcphdr *th;
	u8 *opt, *data;

	memcpy(eth->h_dest, c->dev->dev_addr, 6);
	memcpy(eth->h_source, peer_mac, 6);
	eth->h_proto = cpu_to_be16(ETH_P_IP);
	iph = skb_put(skb, 20);
	*iph = (struct iphdr){.version = 4,
			      .ihl = 5,
			      .tos = s.tos,
			      .ttl = 64,
			      .tot_len = cpu_to_be16(20 + tcp_len),
			      .frag_off = cpu_to_be16(IP_DF),
			      .protocol = IPPROTO_TCP,
			      .saddr = PEER_IP,
			      .daddr = HOST_IP};
	iph->check = csum_fold(csum_partial(iph, 20, 0));
	th = skb_put(skb, tcp_len);
	memset(th, 0, 32);
	th->source = cpu_to_be16(s.sport ? s.sport : 1000);
	th->dest = cpu_to_be16(80);
	th->seq = cpu_to_be32(s.seq);
	th->ack_seq = cpu_to_be32(s.ack);
	th->doff = 8;
	th->ack = 1;
	th->psh = s.psh;
	th->fin = s.fin;
	th->ece = s.ece;
	th->cwr = s.cwr;
	th->syn = s.syn;
	opt = (u8 *)(th + 1);
	opt[0] = opt[1] = 1;
	opt[2] = 8;
	opt[3] = 10;
	put_be32(opt + 4, s.ts);
	data = opt + 12;
	for (i = 0; i < s.len; i++)
		data[i] = (u8)(s.seq + i);
	th->check = csum_tcpudp_magic(iph->saddr, iph->daddr, tcp_len, IPPROTO_TCP,
				      csum_partial(th, tcp_len, 0));
	if (s.bad_csum)
		th->check ^= 0x55;
	skb->protocol = eth_type_trans(skb, c->dev);
	napi_gro_receive(n, skb);
}

static int no_poll(struct napi_struct *n, int budget)
{
	return 0;
}

static void start(struct cap *c, struct napi_struct *n)
{
	cap_make(c, 0, 0);
	netif_napi_add(c->dev, n, no_poll);
	dev_add_pack(&tap);
	n_got = 0;
	local_bh_disable();
}

static void end(struct cap *c, struct napi_struct *n)
{
	napi_gro_flush(n);
	assert_int_equal(n->gro_count, 0);
	local_bh_enable();
	dev_remove_pack(&tap);
	netif_napi_del(n);
	cap_destroy(c);
}

static void segments_in_order_become_one(void **state)
{
	struct napi_struct n;
	struct cap c;
	u32 i;

	start(&c, &n);
	for (i = 0; i < 10; i++)
		in(&c, &n, (struct seg){.seq = 0xfffff000u + i * 1000, .len = 1000, .psh = i == 9});
	assert_int_equal(n_got, 1);
	assert_int_equal(got[0].len, 10000);
	assert_int_equal(got[0].gso_size, 1000);
	assert_int_equal(got[0].gso_segs, 10);
	assert_true(got[0].psh && got[0].tot_len_ok && got[0].csum_ok);
	assert_int_equal(got[0].first, 0x00);
	assert_int_equal(got[0].last, (u8)(0xfffff000u + 9999));
	end(&c, &n);
}

static void held_until_the_poll_ends(void **state)
{
	struct napi_struct n;
	struct cap c;

	start(&c, &n);
	in(&c, &n, (struct seg){.seq = 0, .len = 100});
	in(&c, &n, (struct seg){.seq = 100, .len = 100});
	assert_int_equal(n_got, 0);
	napi_gro_flush(&n);
	assert_int_equal(n_got, 1);
	assert_int_equal(got[0].len, 200);
	in(&c, &n, (struct seg){.seq = 200, .len = 100}); /* alone it is left as it came */
	napi_gro_flush(&n);
	assert_int_equal(got[1].gso_size, 0);
	assert_int_equal(got[1].len, 100);
	end(&c, &n);
}

static void what_differs_is_not_joined(void **state)
{
	static const struct seg second[] = {
		{.seq = 101, .len = 100},	    /* a gap */
		{.seq = 50, .len = 100},	    /* overlap */
		{.seq = 100, .len = 101},	    /* longer than the first */
		{.seq = 100, .len = 100, .tos = 2}, /* ECN */
		{.seq = 100, .len = 100, .ack = 5},
		{.seq = 100, .len = 100, .ts = 5},
		{.seq = 100, .len = 100, .sport = 1001},
		{.seq = 100, .len = 100, .ece = true},
		{.seq = 100, .len = 100, .cwr = true},
		{.seq = 100, .len = 100, .syn = true},
		{.seq = 100, .len = 0}, /* pure ACK */
		{.seq = 100, .len = 100, .bad_csum = true},
	};
	struct napi_struct n;
	struct cap c;
	size_t i;

	start(&c, &n);
	for (i = 0; i < ARRAY_SIZE(second); i++) {
		n_got = 0;
		in(&c, &n, (struct seg){.seq = 0, .len = 100});
		in(&c, &n, second[i]);
		napi_gro_flush(&n);
		assert_int_equal(n_got, 2);
		assert_int_equal(got[0].seq, 0); /* order is kept */
		assert_int_equal(got[0].gso_size + got[1].gso_size, 0);
	}
	end(&c, &n);
}

/* A CE mark stays with the segments that had it; an echo that all carry keeps nobody apart. */
static void congestion_marks_are_kept_apart(void **state)
{
	struct napi_struct n;
	struct cap c;
	u32 i;

	start(&c, &n);
	for (i = 0; i < 6; i++)
		in(&c, &n, (struct seg){.seq = i * 100, .len = 100, .tos = i < 3 ? 2 : 3});
	napi_gro_flush(&n);
	assert_int_equal(n_got, 2);
	assert_int_equal(got[0].len, 300);
	assert_int_equal(got[1].len, 300);
	for (i = 0; i < 3; i++)
		in(&c, &n, (struct seg){.seq = i * 100, .len = 100, .ece = true});
	napi_gro_flush(&n);
	assert_int_equal(n_got, 3);
	assert_int_equal(got[2].len, 300);
	end(&c, &n);
}

static void pushed_segments_do_not_wait(void **state)
{
	struct napi_struct n;
	struct cap c;

	start(&c, &n);
	in(&c, &n, (struct seg){.seq = 0, .len = 100, .psh = true});
	assert_int_equal(n_got, 1);
	in(&c, &n, (struct seg){.seq = 100, .len = 100});
	in(&c, &n, (struct seg){.seq = 200, .len = 40}); /* a short one is the last */
	assert_int_equal(n_got, 2);
	assert_int_equal(got[1].len, 140);
	in(&c, &n, (struct seg){.seq = 300, .len = 100});
	in(&c, &n, (struct seg){.seq = 400, .len = 100, .fin = true}); /* and so is a FIN */
	assert_int_equal(n_got, 3);
	assert_int_equal(got[2].len, 200);
	end(&c, &n);
}

/* It is joined, ends what is held, and is not lost. */
static void a_fin_is_the_last(void **state)
{
	struct napi_struct n;
	struct cap c;

	start(&c, &n);
	in(&c, &n, (struct seg){.seq = 0, .len = 100});
	in(&c, &n, (struct seg){.seq = 100, .len = 100, .fin = true});
	assert_int_equal(n_got, 1);
	assert_int_equal(got[0].len, 200);
	assert_true(got[0].fin && got[0].csum_ok);
	in(&c, &n, (struct seg){.seq = 0, .len = 100, .fin = true, .sport = 1001}); /* alone */
	assert_int_equal(n_got, 2);
	assert_true(got[1].fin);
	end(&c, &n);
}

static void size_and_number_are_bounded(void **state)
{
	struct napi_struct n;
	struct cap c;
	u32 i;

	start(&c, &n);
	for (i = 0; i < 60; i++)
		in(&c, &n, (struct seg){.seq = i * 1400, .len = 1400});
	assert_int_equal(n_got, 1);
	assert_true(got[0].len <= 65535);
	assert_int_equal(got[0].len % 1400, 0);
	napi_gro_flush(&n);
	assert_int_equal(got[0].len + got[1].len, 60 * 1400);
	n_got = 0;
	for (i = 0; i < 12; i++) /* more flows than are held: the oldest go */
		in(&c, &n, (struct seg){.seq = 1, .len = 10, .sport = (u16)(2000 + i)});
	assert_int_equal(n_got, 4);
	end(&c, &n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(segments_in_order_become_one, net_up, net_down),
		TEST_UP_DOWN(held_until_the_poll_ends, net_up, net_down),
		TEST_UP_DOWN(what_differs_is_not_joined, net_up, net_down),
		TEST_UP_DOWN(congestion_marks_are_kept_apart, net_up, net_down),
		TEST_UP_DOWN(pushed_segments_do_not_wait, net_up, net_down),
		TEST_UP_DOWN(a_fin_is_the_last, net_up, net_down),
		TEST_UP_DOWN(size_and_number_are_bounded, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
