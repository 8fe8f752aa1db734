// SPDX-License-Identifier: BSD-2-Clause
/*
 * Which UDP sock gets a datagram: the table by local port, one a namespace; choice of a port for
 * bind (random, RFC 6056 algorithm 1) and of the best-fitting sock for a lookup: the more of (local
 * address, peer address, peer port, device) a sock has fixed, the better it fits. Socks that share
 * a port by SO_REUSEPORT and fit equally are spread by a keyed hash of the four-tuple.
 *
 * Called by udp.c: lookups in softirq, bind and close with softirqs off. Left out: Linux's second
 * table by address; chains here hold the socks of one port.
 */
#include <errno.h>
#include <kernel/lib/hash.h>
#include <kernel/lib/random.h>
#include <net/inet_common.h>
#include <net/inetdevice.h>
#include <net/udp_impl.h>
#include <netinet/tcp.h>

#define UDP_HTABLE_BUCKETS 256u

static inline struct hlist_head *udp_slot(const struct udp_table *t, u16 port)
{
	return &t->hash[port & (UDP_HTABLE_BUCKETS - 1)];
}

int udp_table_init(struct net *net)
{
	struct udp_table *t = kzalloc(sizeof(*t), GFP_KERNEL);

	if (!t)
		return -ENOMEM;
	t->hash = kcalloc(UDP_HTABLE_BUCKETS, sizeof(*t->hash), GFP_KERNEL);
	if (!t->hash) {
		kfree(t);
		return -ENOMEM;
	}
	get_random_bytes(t->secret, sizeof(t->secret));
	net->ipv4.udp_table = t;
	return 0;
}

void udp_table_exit(struct net *net)
{
	kfree(net->ipv4.udp_table->hash);
	kfree(net->ipv4.udp_table);
	net->ipv4.udp_table = NULL;
}

/* May sk and other have the same port? */
static bool udp_bind_conflict(const struct sock *sk, const struct sock *other)
{
	if (sk->sk_reuse && other->sk_reuse)
		return false;
	if (sk->sk_bound_dev_if && other->sk_bound_dev_if &&
	    sk->sk_bound_dev_if != other->sk_bound_dev_if)
		return false;
	if (sk->sk_rcv_saddr && other->sk_rcv_saddr && sk->sk_rcv_saddr != other->sk_rcv_saddr)
		return false;
	return !(sk->sk_reuseport && other->sk_reuseport);
}

static bool udp_port_free(const struct sock *sk, u16 port)
{
	struct sock *other;

	hlist_for_each_entry(other, udp_slot(sock_net(sk)->ipv4.udp_table, port), sk_node) {
		if (other != sk && other->sk_num == port && udp_bind_conflict(sk, other))
			return false;
	}
	return true;
}

static u16 udp_find_port(const struct sock *sk)
{
	struct net *net = sock_net(sk);
	u32 count, offset, i;
	int low, high;

	inet_get_local_port_range(net, &low, &high);
	count = (u32)(high - low + 1);
	offset = get_random_u32_below(count);
	for (i = 0; i < count; i++) {
		u16 port = (u16)((u32)low + (offset + i) % count);

		if (!inet_is_local_reserved_port(net, port) && udp_port_free(sk, port))
			return port;
	}
	return 0;
}

/* proto->get_port: nonzero when there is none. */
int udp_v4_get_port(struct sock *sk, u16 snum)
{
	int err = -EADDRINUSE;

	local_bh_disable();
	if (!snum)
		snum = udp_find_port(sk);
	else if (!udp_port_free(sk, snum))
		snum = 0;
	if (snum) {
		inet_sk(sk)->inet_num = snum;
		if (sk_unhashed(sk))
			hlist_add_head(&sk->sk_node, udp_slot(sock_net(sk)->ipv4.udp_table, snum));
		err = 0;
	}
	local_bh_enable();
	return err;
}

/* proto->hash is never used: get_port puts a sock into the table. */
int udp_lib_hash(struct sock *sk)
{
	(void)sk;
	BUG();
}

void udp_lib_unhash(struct sock *sk)
{
	local_bh_disable();
	hlist_del_init(&sk->sk_node);
	local_bh_enable();
}

/* -1 when sk must not get it. */
static int udp_score(const struct sock *sk, const struct udp_tuple *t)
{
	int score = 1;

	if (sk->sk_num != t->hnum)
		return -1;
	if (sk->sk_rcv_saddr) {
		if (sk->sk_rcv_saddr != t->daddr)
			return -1;
		score += 4;
	}
	if (sk->sk_daddr) {
		if (sk->sk_daddr != t->saddr || sk->sk_dport != t->sport)
			return -1;
		score += 8;
	}
	if (sk->sk_bound_dev_if) {
		if (sk->sk_bound_dev_if != t->dif)
			return -1;
		score += 4;
	}
	return score;
}

/* No reference taken: valid within the softirq. */
struct sock *__udp4_lib_lookup(struct net *net, const struct udp_tuple *t)
{
	const struct udp_table *table = net->ipv4.udp_table;
	struct sock *sk, *best = NULL;
	int best_score = 0;
	u32 hash = 0, matches = 0;

	hlist_for_each_entry(sk, udp_slot(table, t->hnum), sk_node) {
		int score = udp_score(sk, t);

		if (score > best_score) {
			best = sk;
			best_score = score;
			matches = 1;
			if (sk->sk_reuseport)
				hash = hash_keyed((u64)t->saddr << 32 | t->daddr,
						  (u64)t->sport << 16 | t->hnum, table->secret);
		} else if (score == best_score && score > 0 && sk->sk_reuseport) {
			matches++;
			if ((u32)(((u64)hash * matches) >> 32) == 0)
				best = sk;
			hash = hash * 1664525u + 1013904223u;
		}
	}
	return best;
}

/* A copy of a broadcast or multicast datagram to every sock that wants it; their number. Keeps skb.
 */
unsigned int udp_mcast_deliver(struct net *net, struct sk_buff *skb, const struct udp_tuple *t)
{
	bool multicast = ipv4_is_multicast(t->daddr);
	struct hlist_node *next;
	unsigned int n = 0;
	struct sock *sk;

	hlist_for_each_entry_safe(sk, next, udp_slot(net->ipv4.udp_table, t->hnum), sk_node) {
		struct sk_buff *copy;

		if (sk->sk_num != t->hnum ||
		    (sk->sk_rcv_saddr && sk->sk_rcv_saddr != t->daddr &&
		     !(sk->sk_daddr && !multicast)) ||
		    (sk->sk_daddr && (sk->sk_daddr != t->saddr || sk->sk_dport != t->sport)) ||
		    (sk->sk_bound_dev_if && sk->sk_bound_dev_if != t->dif))
			continue;
		if (multicast && !ip_mc_sf_allow(sk, t->daddr, t->saddr, t->dif))
			continue;
		copy = skb_clone(skb, GFP_ATOMIC);
		if (!copy) {
			atomic_inc(&sk->sk_drops);
			UDP_INC_STATS(net, UDP_MIB_RCVBUFERRORS);
			continue;
		}
		n++;
		udp_queue_rcv_skb(sk, copy);
	}
	return n;
}

void udp_for_each(struct net *net, void (*fn)(struct sock *sk, void *arg), void *arg)
{
	struct sock *sk;
	u32 i;

	local_bh_disable();
	for (i = 0; i < UDP_HTABLE_BUCKETS; i++) {
		hlist_for_each_entry(sk, &net->ipv4.udp_table->hash[i], sk_node)
			fn(sk, arg);
	}
	local_bh_enable();
}
