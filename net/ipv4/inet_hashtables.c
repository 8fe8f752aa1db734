// SPDX-License-Identifier: BSD-2-Clause
/*
 * The tables by which a segment finds its sock, one set a namespace (struct inet_hashinfo):
 *   ehash   four-tuple -> connected sock, half-open request or timewait sock (they share
 * sock_common); lhash2  local port -> listeners; the best fit wins: bound address, then bound
 * device; equal ones that share the port by SO_REUSEPORT are spread by the tuple's hash. Ports in
 * use (bhash): inet_bind_hash.c. The hash is keyed with a secret, so that a peer cannot aim.
 *
 * Called by tcp_ipv4.c in softirq and by the socket calls with softirqs off.
 */
#include <errno.h>
#include <kernel/lib/hash.h>
#include <kernel/lib/random.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/ip.h>
#include <netinet/tcp.h>

/* Buckets: one per 16 KiB of memory within bounds, so that 16 MiB machines pay 8 KiB. */
static u32 hash_buckets(u32 lo, u32 hi)
{
	u64 n = roundup_pow_of_two(totalram_pages() / 4);

	return (u32)clamp_t(u64, n, lo, hi);
}

int inet_hashinfo_init(struct net *net)
{
	struct inet_hashinfo *h = kzalloc(sizeof(*h), GFP_KERNEL);
	u32 n;

	if (!h)
		return -ENOMEM;
	n = hash_buckets(256, 65536);
	h->ehash = kcalloc(n, sizeof(*h->ehash), GFP_KERNEL);
	h->ehash_mask = n - 1;
	n = hash_buckets(256, 16384);
	h->bhash = kcalloc(n, sizeof(*h->bhash), GFP_KERNEL);
	h->bhash_mask = n - 1;
	h->lhash2 = kcalloc(64, sizeof(*h->lhash2), GFP_KERNEL);
	h->lhash2_mask = 63;
	get_random_bytes(h->ehash_secret, sizeof(h->ehash_secret));
	h->table_perturb = kcalloc(INET_TABLE_PERTURB_SIZE, sizeof(u32), GFP_KERNEL);
	net->ipv4.tcp_hashinfo = h;
	if (h->ehash && h->bhash && h->lhash2 && h->table_perturb) {
		get_random_bytes(h->table_perturb, INET_TABLE_PERTURB_SIZE * sizeof(u32));
		return 0;
	}
	inet_hashinfo_free(net);
	return -ENOMEM;
}

void inet_hashinfo_free(struct net *net)
{
	struct inet_hashinfo *h = net->ipv4.tcp_hashinfo;

	kfree(h->ehash);
	kfree(h->bhash);
	kfree(h->lhash2);
	kfree(h->table_perturb);
	kfree(h);
	net->ipv4.tcp_hashinfo = NULL;
}

u32 inet_ehashfn(const struct net *net, be32 laddr, u16 lport, be32 faddr, be16 fport)
{
	u64 addrs = (u64)(__force u32)laddr << 32 | (__force u32)faddr;
	u64 ports = (u64)lport << 16 | (__force u16)fport;

	return hash_keyed(addrs, ports, net->ipv4.tcp_hashinfo->ehash_secret);
}

static inline struct inet_ehash_bucket *ehash_bucket(const struct inet_hashinfo *h, u32 hash)
{
	return &h->ehash[hash & h->ehash_mask];
}

static inline bool inet_match(const struct sock *sk, const struct inet_tuple *t)
{
	return sk->sk_daddr == t->saddr && sk->sk_rcv_saddr == t->daddr &&
	       sk->sk_dport == t->sport && sk->sk_num == t->hnum &&
	       (!sk->sk_bound_dev_if || sk->sk_bound_dev_if == t->dif);
}

static inline u32 inet_tuple_hash(const struct net *net, const struct inet_tuple *t)
{
	return inet_ehashfn(net, t->daddr, t->hnum, t->saddr, t->sport);
}

struct sock *__inet_lookup_established(struct net *net, const struct inet_tuple *t)
{
	u32 hash = inet_tuple_hash(net, t);
	struct sock *sk;

	hlist_for_each_entry(sk, &ehash_bucket(net->ipv4.tcp_hashinfo, hash)->chain, sk_node) {
		if (sk->sk_hash == hash && inet_match(sk, t)) {
			sock_hold(sk);
			return sk;
		}
	}
	return NULL;
}

/* How well a listener fits; -1 not at all. An address counts for more than a device, as in Linux.
 */
static int listener_score(const struct sock *sk, const struct inet_tuple *t)
{
	int score = 1;

	if (sk->sk_num != t->hnum)
		return -1;
	if (sk->sk_rcv_saddr) {
		if (sk->sk_rcv_saddr != t->daddr)
			return -1;
		score += 4;
	}
	if (sk->sk_bound_dev_if) {
		if (sk->sk_bound_dev_if != t->dif)
			return -1;
		score += 2;
	}
	return score;
}

struct sock *__inet_lookup_listener(struct net *net, const struct inet_tuple *t)
{
	const struct inet_hashinfo *h = net->ipv4.tcp_hashinfo;
	struct sock *sk, *best = NULL;
	int best_score = 0, matches = 0;
	u32 phash = 0;

	hlist_for_each_entry(sk, &h->lhash2[t->hnum & h->lhash2_mask], sk_node) {
		int score = listener_score(sk, t);

		if (score > best_score) {
			best = sk;
			best_score = score;
			matches = 1;
			if (sk->sk_reuseport)
				phash = inet_tuple_hash(net, t);
		} else if (score == best_score && score > 0 && sk->sk_reuseport) {
			matches++;
			if ((u32)(((u64)phash * (u32)matches) >> 32) == 0)
				best = sk;
			phash = phash * 1664525u + 1013904223u;
		}
	}
	return best;
}

struct sock *__inet_lookup_skb(struct sk_buff *skb, be16 sport, be16 dport, bool *refcounted)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct net *net = dev_net(skb->dev);
	struct inet_tuple t = { .saddr = iph->saddr,
				.daddr = iph->daddr,
				.sport = sport,
				.hnum = be16_to_cpu(dport),
				.dif = skb->dev->ifindex };
	struct sock *sk = __inet_lookup_established(net, &t);

	*refcounted = sk != NULL;
	return sk ? sk : __inet_lookup_listener(net, &t);
}

/* Twin of sk in its bucket: an entry for the same tuple. */
static struct sock *ehash_find_twin(const struct sock *sk, struct inet_ehash_bucket *b)
{
	struct inet_tuple t = { .saddr = sk->sk_daddr,
				.daddr = sk->sk_rcv_saddr,
				.sport = sk->sk_dport,
				.hnum = sk->sk_num,
				.dif = sk->sk_bound_dev_if };
	struct sock *s;

	hlist_for_each_entry(s, &b->chain, sk_node) {
		if (s->sk_hash == sk->sk_hash && s != sk && inet_match(s, &t))
			return s;
	}
	return NULL;
}

bool inet_ehash_insert(struct sock *sk, struct sock *osk, struct sock **found_dup)
{
	struct inet_hashinfo *h = sock_net(sk)->ipv4.tcp_hashinfo;
	struct inet_ehash_bucket *b;
	struct sock *twin;

	BUG_ON(!sk_unhashed(sk));
	sk->sk_hash = inet_ehashfn(sock_net(sk), sk->sk_rcv_saddr, sk->sk_num, sk->sk_daddr,
				   sk->sk_dport);
	b = ehash_bucket(h, sk->sk_hash);
	if (osk) {
		/* Take the place of the request this sock grew from; if it is gone, somebody else
		 * did. */
		if (sk_unhashed(osk)) {
			if (found_dup)
				*found_dup = ehash_find_twin(sk, b);
			return false;
		}
		hlist_del_init(&osk->sk_node);
		hlist_add_head(&sk->sk_node, &b->chain);
		reqsk_put(
			inet_reqsk(osk)); /* the table's reference; the caller has one of its own */
		return true;
	}
	twin = found_dup ? ehash_find_twin(sk, b) : NULL;
	if (twin) {
		*found_dup = twin;
		return false;
	}
	hlist_add_head(&sk->sk_node, &b->chain);
	return true;
}

bool inet_ehash_nolisten(struct sock *sk, struct sock *osk, struct sock **found_dup)
{
	bool ok = inet_ehash_insert(sk, osk, found_dup);

	if (!ok) {
		sock_net(sk)->ipv4.tcp_orphan_count++;
		sk->sk_state = TCP_CLOSE;
		sock_set_flag(sk, SOCK_DEAD);
		inet_csk_destroy_sock(sk);
	}
	return ok;
}

int inet_hash(struct sock *sk)
{
	struct inet_hashinfo *h = sock_net(sk)->ipv4.tcp_hashinfo;

	if (sk->sk_state == TCP_CLOSE)
		return 0;
	local_bh_disable();
	if (sk->sk_state == TCP_LISTEN)
		hlist_add_head(&sk->sk_node, &h->lhash2[sk->sk_num & h->lhash2_mask]);
	else
		inet_ehash_insert(sk, NULL, NULL);
	local_bh_enable();
	return 0;
}

void inet_unhash(struct sock *sk)
{
	local_bh_disable();
	hlist_del_init(&sk->sk_node);
	local_bh_enable();
}

void inet_hash_for_each(struct net *net, void (*fn)(struct sock *sk, void *arg), void *arg)
{
	const struct inet_hashinfo *h = net->ipv4.tcp_hashinfo;
	struct sock *sk;
	u32 i;

	local_bh_disable();
	for (i = 0; i <= h->lhash2_mask; i++) {
		hlist_for_each_entry(sk, &h->lhash2[i], sk_node)
			fn(sk, arg);
	}
	for (i = 0; i <= h->ehash_mask; i++) {
		hlist_for_each_entry(sk, &h->ehash[i].chain, sk_node)
			fn(sk, arg);
	}
	local_bh_enable();
}
