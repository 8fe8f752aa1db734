// SPDX-License-Identifier: BSD-2-Clause
/*
 * Local ports: which are in use (bhash: one inet_bind_bucket a port, with its owners), who may
 * share one (SO_REUSEADDR, SO_REUSEPORT, as Linux decides), and the choice of an ephemeral port:
 * for bind(0) at random, for connect by RFC 6056 algorithm 4, the double hash; each begins with the
 * parity that the other leaves for last.
 *
 * Called by the socket calls with the sock locked, and by accept's child making in softirq; the
 * table is changed with softirqs off.
 */
#include <errno.h>
#include <kernel/lib/hash.h>
#include <kernel/lib/random.h>
#include <net/inet_common.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/tcp_ops.h>
#include <netinet/tcp.h>

static inline struct hlist_head *bhash_bucket(struct inet_hashinfo *h, u16 port)
{
	return &h->bhash[hash_32(port, 16) & h->bhash_mask];
}

static struct inet_bind_bucket *bind_bucket_find(struct inet_hashinfo *h, u16 port)
{
	struct inet_bind_bucket *tb;

	hlist_for_each_entry(tb, bhash_bucket(h, port), node) {
		if (tb->port == port)
			return tb;
	}
	return NULL;
}

static struct inet_bind_bucket *bind_bucket_get(struct inet_hashinfo *h, u16 port)
{
	struct inet_bind_bucket *tb = bind_bucket_find(h, port);

	if (tb)
		return tb;
	tb = kzalloc(sizeof(*tb), GFP_ATOMIC);
	if (!tb)
		return NULL;
	tb->port = port;
	tb->fastreuse = -1; /* made by connect: bind() must look at each owner */
	hlist_add_head(&tb->node, bhash_bucket(h, port));
	return tb;
}

static void bind_bucket_put(struct inet_bind_bucket *tb)
{
	if (!hlist_empty(&tb->owners))
		return;
	hlist_del_init(&tb->node);
	kfree(tb);
}

static void bind_owner_add(struct inet_bind_bucket *tb, struct sock *sk)
{
	hlist_add_head(&sk->sk_bind_node, &tb->owners);
	inet_csk(sk)->icsk_bind_hash = tb;
	inet_sk(sk)->inet_num = tb->port;
}

void inet_put_port(struct sock *sk)
{
	struct inet_bind_bucket *tb = inet_csk(sk)->icsk_bind_hash;

	if (!tb)
		return;
	local_bh_disable();
	hlist_del_init(&sk->sk_bind_node);
	inet_csk(sk)->icsk_bind_hash = NULL;
	inet_sk(sk)->inet_num = 0;
	bind_bucket_put(tb);
	local_bh_enable();
}

/* A timewait sock takes the port over and gives it back at its end. */
void inet_twsk_bind(struct inet_timewait_sock *tw, struct inet_bind_bucket *tb)
{
	tw->tw_tb = tb;
	hlist_add_head(&tw->__tw_common.skc_bind_node, &tb->owners);
}

void inet_twsk_bind_unhash(struct inet_timewait_sock *tw)
{
	struct inet_bind_bucket *tb = tw->tw_tb;

	if (!tb)
		return;
	hlist_del_init(&tw->__tw_common.skc_bind_node);
	tw->tw_tb = NULL;
	bind_bucket_put(tb);
}

static bool bind_same_device(const struct sock *a, const struct sock *b)
{
	return !a->sk_bound_dev_if || !b->sk_bound_dev_if ||
	       a->sk_bound_dev_if == b->sk_bound_dev_if;
}

static bool bind_same_addr(const struct sock *a, const struct sock *b)
{
	return !a->sk_rcv_saddr || !b->sk_rcv_saddr || a->sk_rcv_saddr == b->sk_rcv_saddr;
}

/* Linux's rule for two owners of one port on overlapping addresses. There is one user here, so that
 * sharers by SO_REUSEPORT are always of the same. */
static bool bind_conflict_one(const struct sock *sk, const struct sock *other)
{
	bool may_reuse = sk->sk_reuse && other->sk_reuse && other->sk_state != TCP_LISTEN;
	bool may_share = sk->sk_reuseport && other->sk_reuseport;

	if (sk == other || !bind_same_device(sk, other) || may_reuse || may_share)
		return false;
	return bind_same_addr(sk, other);
}

static bool bind_conflict(const struct sock *sk, const struct inet_bind_bucket *tb)
{
	struct sock *other;

	hlist_for_each_entry(other, &tb->owners, sk_bind_node) {
		if (bind_conflict_one(sk, other))
			return true;
	}
	return false;
}

/* Does anybody own the port on an overlapping address and device? Stricter than bind_conflict(). */
static bool bind_overlap(const struct sock *sk, const struct inet_bind_bucket *tb)
{
	const struct sock *other;

	hlist_for_each_entry(other, &tb->owners, sk_bind_node) {
		if (sk != other && bind_same_device(sk, other) && bind_same_addr(sk, other))
			return true;
	}
	return false;
}

/* One pass of bind(0) over [low, high): a port nobody has, or with relax one that sk may share. 0
 * when none. */
static u16 find_open_port_in(struct sock *sk, int low, int high, bool relax)
{
	struct net *net = sock_net(sk);
	struct inet_hashinfo *h = net->ipv4.tcp_hashinfo;
	int parity, i, remaining = high - low, offset;

	if (remaining > 1)
		remaining &= ~1;
	/* connect() begins with ports of the parity of `low`; we with the others. */
	offset = (int)get_random_u32_below((u32)remaining) | 1;
	for (parity = 0; parity < 2; parity++, offset--) {
		for (i = 0; i < remaining; i += 2) {
			u16 port = (u16)(low + (offset + i) % max(remaining, 2));
			struct inet_bind_bucket *tb;

			if (port >= high || inet_is_local_reserved_port(net, port))
				continue;
			tb = bind_bucket_find(h, port);
			if (!tb || !(relax ? bind_conflict(sk, tb) : bind_overlap(sk, tb)))
				return port;
		}
	}
	return 0;
}

/*
 * A port of the local range for bind(0). With SO_REUSEADDR the lower half first, so that those who
 * share ports keep together; shared ports only when ip_autobind_reuse allows it and nothing else is
 * left. 0 when none.
 */
static u16 find_open_port(struct sock *sk)
{
	struct net *net = sock_net(sk);
	int low, high, half, relax;
	u16 port = 0;

	inet_get_local_port_range(net, &low, &high);
	high++;
	half = sk->sk_reuse && high - low >= 4 ? low + (((high - low) >> 2) << 1) : high;
	for (relax = 0; !port && relax <= !!net->ipv4.sysctl_ip_autobind_reuse; relax++) {
		port = find_open_port_in(sk, low, half, relax);
		if (!port && half < high)
			port = find_open_port_in(sk, half, high, relax);
	}
	return port;
}

/* A bound port is no port for connect() to choose, until its last owner is gone. */
static void bind_bucket_mark_bound(struct inet_bind_bucket *tb, const struct sock *sk)
{
	bool reuse = sk->sk_reuse && sk->sk_state != TCP_LISTEN;

	if (hlist_empty(&tb->owners))
		tb->fastreuse = reuse;
	else if (!reuse)
		tb->fastreuse = 0;
}

int inet_csk_get_port(struct sock *sk, u16 snum)
{
	struct inet_hashinfo *h = sock_net(sk)->ipv4.tcp_hashinfo;
	struct inet_bind_bucket *tb;
	int err = -EADDRINUSE;

	local_bh_disable();
	if (!snum) {
		snum = find_open_port(sk);
		if (!snum)
			goto out;
	}
	tb = bind_bucket_get(h, snum);
	if (!tb) {
		err = -ENOMEM;
		goto out;
	}
	if (bind_conflict(sk, tb)) {
		bind_bucket_put(tb);
		goto out;
	}
	bind_bucket_mark_bound(tb, sk);
	if (!inet_csk(sk)->icsk_bind_hash)
		bind_owner_add(tb, sk);
	BUG_ON(inet_csk(sk)->icsk_bind_hash != tb);
	err = 0;
out:
	local_bh_enable();
	return err;
}

/* An accepted child shares its listener's port. */
int __inet_inherit_port(const struct sock *sk, struct sock *child)
{
	struct inet_bind_bucket *tb = inet_csk(sk)->icsk_bind_hash;

	if (!tb)
		return -ENOENT;
	if (tb->port != inet_sk(child)->inet_num) /* redirected by a proxy: a port of its own */
		tb = bind_bucket_get(sock_net(sk)->ipv4.tcp_hashinfo, inet_sk(child)->inet_num);
	if (!tb)
		return -ENOMEM;
	bind_owner_add(tb, child);
	return 0;
}

/*
 * Is the tuple free for a new connection from sk? A timewait sock in the way gives up its place if
 * it may (tcp_twsk_unique); the connection then continues above its sequence numbers. bound: the
 * program asked for this very port.
 */
static bool connect_tuple_free(struct sock *sk, u16 port, bool bound)
{
	struct inet_tuple t = { .saddr = sk->sk_daddr,
				.daddr = sk->sk_rcv_saddr,
				.sport = sk->sk_dport,
				.hnum = port,
				.dif = sk->sk_bound_dev_if };
	struct sock *other = __inet_lookup_established(sock_net(sk), &t);
	bool is_free;

	if (!other)
		return true;
	is_free = other->sk_state == TCP_TIME_WAIT && tcp_twsk_unique(sk, other, bound);
	if (is_free) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TWRECYCLED);
		inet_twsk_deschedule_put(inet_twsk(other)); /* drops the lookup's reference */
	} else if (other->sk_state == TCP_TIME_WAIT) {
		inet_twsk_put(inet_twsk(other));
	} else if (other->sk_state == TCP_NEW_SYN_RECV) {
		reqsk_put(inet_reqsk(other));
	} else {
		sock_put(other);
	}
	return is_free;
}

static bool connect_try_port(struct sock *sk, u16 port)
{
	struct inet_hashinfo *h = sock_net(sk)->ipv4.tcp_hashinfo;
	struct inet_bind_bucket *tb = bind_bucket_find(h, port);

	if (tb) {
		/* Only connects share ports freely; what bind() gave out is not ours to take. */
		if (tb->fastreuse >= 0 || !connect_tuple_free(sk, port, false))
			return false;
		tb = bind_bucket_find(h, port); /* a timewait sock may have been its last owner */
	}
	if (!tb)
		tb = bind_bucket_get(h, port);
	if (!tb)
		return false;
	bind_owner_add(tb, sk);
	inet_sk(sk)->inet_sport = cpu_to_be16(port);
	return inet_ehash_insert(sk, NULL, NULL);
}

/*
 * RFC 6056 section 3.3.4: one counter for many destinations, chosen by a hash that the peer does
 * not know, and a keyed offset of the destination's own. Ports of low's parity first.
 */
static bool connect_find_port(struct sock *sk)
{
	struct net *net = sock_net(sk);
	struct inet_hashinfo *h = net->ipv4.tcp_hashinfo;
	u64 hash = siphash_3u64(sk->sk_daddr, sk->sk_rcv_saddr, sk->sk_dport, &net->hash_key);
	u32 *perturb = &h->table_perturb[hash & (INET_TABLE_PERTURB_SIZE - 1)];
	u32 offset, remaining, i, parity;
	int low, high;

	inet_get_local_port_range(net, &low, &high);
	remaining = (u32)(high + 1 - low);
	if (remaining > 1)
		remaining &= ~1u;
	offset = ((u32)(*perturb + (hash >> 32)) % remaining) & ~1u;
	for (parity = 0; parity < min(remaining, 2u); parity++, offset++) {
		for (i = 0; i < remaining; i += 2) {
			u16 port = (u16)((u32)low + (offset + i) % remaining);

			if (inet_is_local_reserved_port(net, port) || !connect_try_port(sk, port))
				continue;
			/* Much noise while ports are plenty, none when they are scarce. */
			*perturb += max(i, get_random_u32_below(8) * 2) + 2;
			return true;
		}
	}
	return false;
}

int inet_hash_connect(struct sock *sk)
{
	bool done;

	local_bh_disable();
	if (inet_sk(sk)->inet_num)
		done = connect_tuple_free(sk, inet_sk(sk)->inet_num, true) &&
		       inet_ehash_insert(sk, NULL, NULL);
	else
		done = connect_find_port(sk);
	local_bh_enable();
	return done ? 0 : -EADDRNOTAVAIL;
}
