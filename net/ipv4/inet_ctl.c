// SPDX-License-Identifier: BSD-2-Clause
/*
 * The smaller services of AF_INET: ioctls sorted to their owners, control socks (outside the hash
 * tables, for replies that belong to no socket), disconnecting a datagram sock, finding a new route
 * for a connected one, and the local port range.
 *
 * Thread context unless said otherwise. Called by the proto_ops of AF_INET (net/socket.c above it),
 * by TCP when a cached route has gone, and by ICMP for its control sock.
 */
#include <kernel/mm/uaccess.h>
#include <net/arp.h>
#include <net/if_arp.h>
#include <net/inet_common.h>
#include <net/inet_sock.h>
#include <net/inetdevice.h>
#include <net/route.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <stdlib.h>

static int inet_timestamp_ioctl(struct sock *sk, unsigned int cmd, void *arg)
{
	u64 ns = sk->sk_stamp;
	u64 tv[2] = {ns / NSEC_PER_SEC, ns % NSEC_PER_SEC};

	if (!ns)
		return -ENOENT;
	if (cmd == SIOCGSTAMP)
		tv[1] /= NSEC_PER_USEC;
	return copy_to_user(arg, tv, sizeof(tv));
}

int inet_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	struct net *net = sock_net(sock->sk);
	void *p = (void *)arg;

	switch (cmd) {
	case SIOCGSTAMP:
	case SIOCGSTAMPNS:
		return inet_timestamp_ioctl(sock->sk, cmd, p);
	case SIOCADDRT:
	case SIOCDELRT:
		return p ? ip_rt_ioctl(net, cmd, p) : -EFAULT;
	case SIOCGARP:
	case SIOCSARP:
	case SIOCDARP:
		return p ? arp_ioctl(net, cmd, p) : -EFAULT;
	case SIOCGIFCONF:
		return p ? inet_gifconf(net, p) : -EFAULT;
	case SIOCGIFADDR:
	case SIOCSIFADDR:
	case SIOCGIFBRDADDR:
	case SIOCSIFBRDADDR:
	case SIOCGIFNETMASK:
	case SIOCSIFNETMASK:
	case SIOCGIFDSTADDR:
	case SIOCSIFDSTADDR:
	case SIOCSIFFLAGS:
		return p ? devinet_ioctl(net, cmd, p) : -EFAULT;
	default:
		break;
	}
	/* Two of the range are the protocol's. */
	if (cmd >= 0x8900 && cmd <= 0x89ff && cmd != SIOCATMARK && cmd != SIOCOUTQNSD)
		return p ? dev_ioctl(net, cmd, p) : -EFAULT;
	return sock->sk->sk_prot->ioctl ? sock->sk->sk_prot->ioctl(sock->sk, (int)cmd, arg)
					: -ENOTTY;
}

int inet_ctl_sock_create(struct sock **sk, unsigned short type, unsigned char protocol,
			 struct net *net)
{
	struct socket *sock;
	int err = sock_create_kern(net, AF_INET, type, protocol, &sock);

	if (err)
		return err;
	*sk = sock->sk;
	(*sk)->sk_user_data = sock;
	(*sk)->sk_prot->unhash(*sk);
	return 0;
}

void inet_ctl_sock_destroy(struct sock *sk)
{
	if (sk)
		sock_release(sk->sk_user_data);
}

/* connect(AF_UNSPEC) of a datagram sock: no peer any more; an automatic port is given back. */
int inet_dgram_disconnect(struct sock *sk, int flags)
{
	struct inet_sock *inet = inet_sk(sk);

	(void)flags;
	lock_sock(sk);
	sk->sk_state = TCP_CLOSE;
	inet->inet_daddr = 0;
	inet->inet_dport = 0;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK))
		inet->inet_saddr = inet->inet_rcv_saddr = 0;
	if (sk->sk_prot->get_port && !(sk->sk_userlocks & SOCK_BINDPORT_LOCK)) {
		sk->sk_prot->unhash(sk);
		inet->inet_sport = 0;
		inet->inet_num = 0;
	}
	sk_dst_reset(sk);
	release_sock(sk);
	return 0;
}

/* A connected sock whose route is gone finds another one from the same source. Sock locked. */
int inet_sk_rebuild_header(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	struct rtable *rt = (struct rtable *)__sk_dst_check(sk, 0);
	struct flowi4 fl4 = {.flowi4_oif = sk->sk_bound_dev_if,
			     .flowi4_mark = sk->sk_mark,
			     .flowi4_tos = inet->tos,
			     .flowi4_proto = (u8)sk->sk_protocol,
			     .saddr = inet->inet_saddr,
			     .daddr = inet->inet_daddr,
			     .fl4_sport = inet->inet_sport,
			     .fl4_dport = inet->inet_dport};

	if (rt)
		return 0;
	if (inet->inet_opt && inet->inet_opt->srr)
		fl4.daddr = inet->inet_opt->faddr;
	rt = ip_route_output_flow(sock_net(sk), &fl4, sk);
	if (IS_ERR(rt)) {
		sk->sk_route_caps = 0;
		sk->sk_err_soft = (int)-PTR_ERR(rt);
		return (int)PTR_ERR(rt);
	}
	sk_setup_caps(sk, &rt->dst);
	return 0;
}

void inet_get_local_port_range(struct net *net, int *low, int *high)
{
	*low = net->ipv4.sysctl_local_ports[0];
	*high = net->ipv4.sysctl_local_ports[1];
}

/* ip_local_reserved_ports is kept as its text: "8080,9000-9010". Any context. */
bool inet_is_local_reserved_port(struct net *net, u16 port)
{
	const char *s = net->ipv4.sysctl_local_reserved_ports;
	char *end;

	while (*s) {
		unsigned long lo = strtoul(s, &end, 10), hi = lo;

		if (end == s)
			return false;
		if (*end == '-')
			hi = strtoul(end + 1, &end, 10);
		if (port >= lo && port <= hi)
			return true;
		s = *end == ',' ? end + 1 : end;
	}
	return false;
}
