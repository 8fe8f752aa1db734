// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the datagram protocols of IPv4 (UDP, ICMP, raw) share: connect() that fixes the peer and
 * caches the route, working out where one message goes, and the tail of a receive.
 *
 * Called by udp.c, raw.c and ping.c in thread context. RFC 1122 section 4.1.4. Left out: the source
 * routed first hop of IP_OPTIONS on connected datagram socks other than by ip_cmsg_send().
 */
#include <errno.h>
#include <net/inet_common.h>
#include <net/inetdevice.h>
#include <net/udp.h>
#include <netinet/tcp.h>

int ip4_datagram_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len)
{
	const struct sockaddr_in *usin = (struct sockaddr_in *)uaddr;
	struct inet_sock *inet = inet_sk(sk);
	struct flowi4 fl4;
	struct rtable *rt;
	int err = 0;

	if (addr_len < (int)sizeof(*usin))
		return -EINVAL;
	if (usin->sin_family != AF_INET)
		return -EAFNOSUPPORT;
	lock_sock(sk);
	sk_dst_reset(sk);
	fl4 = (struct flowi4){.flowi4_oif = sk->sk_bound_dev_if,
			      .flowi4_mark = sk->sk_mark,
			      .flowi4_tos = inet->tos,
			      .flowi4_proto = (u8)sk->sk_protocol,
			      .saddr = inet->inet_saddr,
			      .daddr = usin->sin_addr.s_addr,
			      .fl4_sport = inet->inet_sport,
			      .fl4_dport = usin->sin_port};
	if (ipv4_is_multicast(fl4.daddr)) {
		if (!fl4.flowi4_oif)
			fl4.flowi4_oif = inet->mc_index;
		if (!fl4.saddr)
			fl4.saddr = inet->mc_addr;
	}
	rt = ip_route_connect(&fl4, sk);
	if (IS_ERR(rt)) {
		err = (int)PTR_ERR(rt);
		goto out;
	}
	if (rt->rt_flags & RTCF_BROADCAST && !sock_flag(sk, SOCK_BROADCAST)) {
		dst_release(&rt->dst);
		err = -EACCES;
		goto out;
	}
	if (!inet->inet_saddr)
		inet->inet_saddr = fl4.saddr;
	if (!inet->inet_rcv_saddr)
		inet->inet_rcv_saddr = fl4.saddr;
	inet->inet_daddr = fl4.daddr;
	inet->inet_dport = usin->sin_port;
	sk->sk_state = TCP_ESTABLISHED;
	sk_dst_set(sk, &rt->dst);
out:
	release_sock(sk);
	return err;
}

/* The destination of one message into dst (address and port) and the control messages into ipc. */
int ip4_datagram_dest(struct sock *sk, struct msghdr *msg, struct sockaddr_in *dst,
		      struct ipcm_cookie *ipc)
{
	const struct sockaddr_in *usin = msg->msg_name;
	struct inet_sock *inet = inet_sk(sk);

	if (usin) {
		if (msg->msg_namelen < (int)sizeof(*usin))
			return -EINVAL;
		if (usin->sin_family != AF_INET && usin->sin_family != AF_UNSPEC)
			return -EAFNOSUPPORT;
		*dst = *usin;
	} else {
		if (sk->sk_state != TCP_ESTABLISHED)
			return -EDESTADDRREQ;
		dst->sin_addr.s_addr = inet->inet_daddr;
		dst->sin_port = inet->inet_dport;
	}
	ipcm_init_sk(ipc, inet);
	ipc->final_dst = dst->sin_addr.s_addr;
	if (msg->msg_controllen) {
		int err = ip_cmsg_send(sk, msg, ipc);

		if (err)
			return err;
	}
	if (ipv4_is_multicast(dst->sin_addr.s_addr)) {
		if (!ipc->oif)
			ipc->oif = inet->mc_index;
		if (!ipc->saddr)
			ipc->saddr = inet->mc_addr;
	} else if (!ipc->oif) {
		ipc->oif = inet->uc_index;
	}
	return 0;
}

/*
 * Route of one message, with a reference: the cached one of a connected sock when nothing about
 * this message differs. Fills fl4. ERR_PTR; -EACCES for a broadcast without SO_BROADCAST.
 */
struct rtable *ip4_datagram_route(struct sock *sk, const struct sockaddr_in *dst,
				  const struct ipcm_cookie *ipc, u32 flags, struct flowi4 *fl4)
{
	struct inet_sock *inet = inet_sk(sk);
	bool connected = sk->sk_state == TCP_ESTABLISHED &&
			 dst->sin_addr.s_addr == inet->inet_daddr &&
			 dst->sin_port == inet->inet_dport && ipc->saddr == inet->inet_saddr &&
			 ipc->oif == sk->sk_bound_dev_if && ipc->tos < 0 && !ipc->opt.optlen;
	struct rtable *rt;

	*fl4 = (struct flowi4){
		.flowi4_oif = ipc->oif,
		.flowi4_mark = ipc->mark,
		.flowi4_tos = ipc->tos >= 0 ? (u8)ipc->tos : inet->tos,
		.flowi4_scope = flags & MSG_DONTROUTE || sock_flag(sk, SOCK_LOCALROUTE)
					? RT_SCOPE_LINK
					: RT_SCOPE_UNIVERSE,
		.flowi4_proto = (u8)sk->sk_protocol,
		.flowi4_flags = inet_can_nonlocal_bind(sock_net(sk), inet) ? FLOWI_FLAG_ANYSRC : 0,
		.saddr = ipc->saddr,
		.daddr = ipc->addr ? ipc->addr : dst->sin_addr.s_addr,
		.fl4_sport = inet->inet_sport,
		.fl4_dport = dst->sin_port};
	if (connected) {
		struct dst_entry *cached;

		local_bh_disable();
		cached = sk_dst_get(sk);
		local_bh_enable();
		if (cached)
			return (struct rtable *)cached;
	}
	rt = ip_route_output_flow(sock_net(sk), fl4, sk);
	if (IS_ERR(rt)) {
		if (PTR_ERR(rt) == -ENETUNREACH)
			IP_INC_STATS(sock_net(sk), IPSTATS_MIB_OUTNOROUTES);
		return rt;
	}
	if (rt->rt_flags & RTCF_BROADCAST && !sock_flag(sk, SOCK_BROADCAST)) {
		dst_release(&rt->dst);
		return ERR_PTR(-EACCES);
	}
	if (connected) {
		local_bh_disable();
		sk_dst_set(sk, dst_hold(&rt->dst));
		local_bh_enable();
	}
	return rt;
}

/*
 * The tail of a receive: payload from `offset` on to the program, sender's address, control
 * messages. Frees skb (or drops the peeked reference). Bytes copied, or with MSG_TRUNC the length.
 */
int ip4_datagram_recv(struct sock *sk, struct msghdr *msg, struct sk_buff *skb, u32 offset,
		      const struct ip4_recv *r)
{
	u32 len = skb->len - offset, copied = (u32)min_t(size_t, r->size, len);
	struct sockaddr_in *sin = msg->msg_name;
	int err;

	if (copied < len)
		msg->msg_flags |= MSG_TRUNC;
	err = skb_copy_datagram_iter(skb, offset, &msg->msg_iter, copied);
	if (!err) {
		sock_recv_cmsgs(msg, sk, skb);
		if (sin) {
			*sin = (struct sockaddr_in){.sin_family = AF_INET,
						    .sin_port = r->sport,
						    .sin_addr.s_addr = ip_hdr(skb)->saddr};
			*r->addr_len = sizeof(*sin);
		}
		if (inet_sk(sk)->cmsg_flags)
			ip_cmsg_recv(msg, skb);
		err = (int)(r->flags & MSG_TRUNC ? len : copied);
	}
	skb_free_datagram(sk, skb);
	return err;
}
