/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_INET_HASHTABLES_H
#define BW_NET_INET_HASHTABLES_H

/*
 * How a segment finds its sock: established hash (four-tuple; holds socks, request_socks and
 * timewait socks), listener hash (port and address), bind hash (ports in use). One set a namespace.
 * Softirqs off inside. net/ipv4/inet_hashtables.c.
 */
#include <net/inet_connection_sock.h>

struct inet_ehash_bucket {
	struct hlist_head chain;
};
struct inet_bind_bucket { /* one local port in use */
	struct hlist_node node;
	u16 port;
	signed char fastreuse;
	struct hlist_head owners; /* sk_bind_node */
};
/* Counters of port choice: few enough for small machines, more than an observer can tell hosts
 * apart by (Linux has 65536). */
#define INET_TABLE_PERTURB_SIZE 1024

struct inet_hashinfo {
	struct inet_ehash_bucket *ehash;
	u32 ehash_mask;
	struct hlist_head *bhash;
	u32 bhash_mask;
	struct hlist_head *lhash2;
	u32 lhash2_mask;
	u64 ehash_secret[2];
	u32 *table_perturb; /* RFC 6056 section 3.3.4 */
};
int inet_hashinfo_init(struct net *net);
void inet_hashinfo_free(struct net *net);
u32 inet_ehashfn(const struct net *net, be32 laddr, u16 lport, be32 faddr, be16 fport);

/* The addressing of a received segment: s the peer's side, d ours. */
struct inet_tuple {
	be32 saddr, daddr;
	be16 sport;
	u16 hnum; /* our port, host order */
	int dif;  /* device it came in by, 0 = any */
};

/* Established or half-open or timewait sock for the tuple, with a reference. */
struct sock *__inet_lookup_established(struct net *net, const struct inet_tuple *t);
/* Listener, no reference needed inside the softirq (refcounted false). */
struct sock *__inet_lookup_listener(struct net *net, const struct inet_tuple *t);
struct sock *__inet_lookup_skb(struct sk_buff *skb, be16 sport, be16 dport, bool *refcounted);

int inet_hash(struct sock *sk);	   /* proto->hash: listener */
void inet_unhash(struct sock *sk); /* proto->unhash */
/* Into ehash, in place of osk (a request or timewait sock) if given. False when the tuple is taken.
 */
bool inet_ehash_insert(struct sock *sk, struct sock *osk, struct sock **found_dup);
bool inet_ehash_nolisten(struct sock *sk, struct sock *osk, struct sock **found_dup);
int __inet_hash_nolisten(struct sock *sk);
/* Ephemeral port (RFC 6056 algorithm 4) and place in ehash for a connect. 0 or -EADDRNOTAVAIL. */
int inet_hash_connect(struct sock *sk);
int __inet_inherit_port(const struct sock *sk, struct sock *child);
void inet_put_port(struct sock *sk);
/* Walk every sock of the namespace (listeners first) for /proc/net/tcp; fn must not sleep. */
void inet_hash_for_each(struct net *net, void (*fn)(struct sock *sk, void *arg), void *arg);

#endif /* BW_NET_INET_HASHTABLES_H */
