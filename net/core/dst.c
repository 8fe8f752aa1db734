// SPDX-License-Identifier: BSD-2-Clause
/*
 * The end of a dst_entry: when the last socket, packet or table lets go of a route, it lets go of
 * its neighbour and device and is freed by its owner's destroy(). Making them is the business of
 * net/ipv4/route.c. Also the small cache discipline that sockets use: __sk_dst_check and friends,
 * which compare a route's generation with the namespace's before each use.
 *
 * Any context with softirqs off, or thread context; never sleeps.
 */
#include <net/dst.h>
#include <net/neighbour.h>
#include <net/sock_ops.h>

void __dst_free(struct dst_entry *dst)
{
	if (dst->neighbour)
		neigh_release(dst->neighbour);
	if (dst->dev)
		dev_put(dst->dev);
	dst->neighbour = NULL;
	dst->dev = NULL;
	BUG_ON(!dst->destroy);
	dst->destroy(dst);
}

struct dst_entry *__sk_dst_check(struct sock *sk, u32 cookie)
{
	struct dst_entry *dst = sk->sk_dst_cache;

	if (!dst || dst->check(dst, cookie))
		return dst;
	sk->sk_dst_cache = NULL;
	dst_release(dst);
	return NULL;
}

struct dst_entry *sk_dst_get(struct sock *sk)
{
	struct dst_entry *dst = __sk_dst_check(sk, 0);

	return dst ? dst_hold(dst) : NULL;
}

void sk_dst_set(struct sock *sk, struct dst_entry *dst)
{
	struct dst_entry *old = sk->sk_dst_cache;

	sk->sk_dst_cache = dst;
	dst_release(old);
}

void sk_dst_reset(struct sock *sk)
{
	sk_dst_set(sk, NULL);
}

void sk_rx_dst_reset(struct sock *sk)
{
	struct dst_entry *old = sk->sk_rx_dst;

	sk->sk_rx_dst = NULL;
	dst_release(old);
}

void sk_setup_caps(struct sock *sk, struct dst_entry *dst)
{
	const struct net_device *dev = dst->dev;

	sk_dst_set(sk, dst);
	sk->sk_route_caps = dev->features;
	sk->sk_gso_max_segs = 1;
	sk->sk_gso_max_size = 0;
	/* Software segmentation costs less than a walk of the stack for each segment, too. */
	if (sk->sk_gso_type && (dev->features & NETIF_F_SG)) {
		sk->sk_gso_max_segs = max_t(u16, dev->gso_max_segs, 1);
		sk->sk_gso_max_size = dev->gso_max_size;
	}
}
