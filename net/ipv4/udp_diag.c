// SPDX-License-Identifier: BSD-2-Clause
/*
 * UDP and raw socks in sock_diag(7): the lists of their hash tables in order, so that a dump can go
 * on where it stopped (counted over the whole table), and the one sock that four numbers name.
 *
 * Called by inet_diag.c in thread context with softirqs off. Left out: SOCK_DESTROY.
 */
#include <net/inet_common.h>
#include <net/inet_diag.h>
#include <net/udp.h>

/* A walk through all socks of a protocol. */
struct dgram_walk {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	const struct inet_diag_req *q;
	long idx;
	bool full;
};

/* args[0]: how many are done. */
static void dump_one(struct sock *sk, void *arg)
{
	struct dgram_walk *w = arg;

	if (w->full || w->idx++ < w->cb->args[0])
		return;
	if (inet_diag_wants(w->q, sk) && inet_diag_fill(w->skb, w->q, sk))
		w->full = true;
	else
		w->cb->args[0] = w->idx;
}

static int udp_diag_dump(struct sk_buff *skb, struct netlink_callback *cb,
			 const struct inet_diag_req *q)
{
	struct dgram_walk w = {.skb = skb, .cb = cb, .q = q};

	udp_for_each(sock_diag_net(cb->skb), dump_one, &w);
	return w.full ? -EMSGSIZE : 0;
}

static int raw_diag_dump(struct sk_buff *skb, struct netlink_callback *cb,
			 const struct inet_diag_req *q)
{
	struct dgram_walk w = {.skb = skb, .cb = cb, .q = q};

	raw_for_each(sock_diag_net(cb->skb), dump_one, &w);
	return w.full ? -EMSGSIZE : 0;
}

/* Looking for one: by address and port, 0 meaning none. */
struct dgram_find {
	const struct inet_diag_sockid *id;
	struct sock *found;
};

static void find_udp_one(struct sock *sk, void *arg)
{
	struct dgram_find *f = arg;

	if (!f->found && f->id->idiag_sport == cpu_to_be16(sk->sk_num) &&
	    f->id->idiag_dport == sk->sk_dport && f->id->idiag_dst[0] == sk->sk_daddr &&
	    f->id->idiag_src[0] == sk->sk_rcv_saddr)
		f->found = sk;
}

static void find_raw_one(struct sock *sk, void *arg)
{
	struct dgram_find *f = arg;

	if (!f->found && f->id->idiag_dst[0] == sk->sk_daddr &&
	    f->id->idiag_src[0] == sk->sk_rcv_saddr)
		f->found = sk;
}

static struct sock *udp_diag_find(struct net *net, const struct inet_diag_req_v2 *r)
{
	struct dgram_find f = {.id = &r->id};

	udp_for_each(net, find_udp_one, &f);
	if (f.found)
		sock_hold(f.found);
	return f.found;
}

static struct sock *raw_diag_find(struct net *net, const struct inet_diag_req_v2 *r)
{
	struct dgram_find f = {.id = &r->id};

	raw_for_each(net, find_raw_one, &f);
	if (f.found)
		sock_hold(f.found);
	return f.found;
}

static void dgram_get_info(struct sock *sk, struct inet_diag_msg *m,
			   struct tcp_info *info)
{
	m->idiag_rqueue = (u32)atomic_read(&sk->sk_rmem_alloc);
	m->idiag_wqueue = (u32)(atomic_read(&sk->sk_wmem_alloc) - 1);
}

void udp_diag_init(void)
{
	static struct inet_diag_handler udp = {
		.protocol = IPPROTO_UDP,
		.dump = udp_diag_dump,
		.find = udp_diag_find,
		.put = sock_put,
		.get_info = dgram_get_info,
	};
	static struct inet_diag_handler raw = {
		.protocol = IPPROTO_RAW,
		.dump = raw_diag_dump,
		.find = raw_diag_find,
		.put = sock_put,
		.get_info = dgram_get_info,
	};

	inet_diag_register(&udp);
	inet_diag_register(&raw);
}
