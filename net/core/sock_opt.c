// SPDX-License-Identifier: BSD-2-Clause
/*
 * SOL_SOCKET options. Options whose value is one int are rows of int_options[] {name, get, set};
 * those with a structure (linger, timeouts, device name) have functions of their own. Values,
 * bounds and errno are Linux's: buffer sizes are doubled and clamped, an unknown option is
 * -ENOPROTOOPT.
 *
 * Called by net/socket.c in thread context; the sock is locked here around each change.
 */
#include <errno.h>
#include <kernel/lib/capability.h>
#include <kernel/mm/uaccess.h>
#include <net/filter.h>
#include <net/inet_sock.h>
#include <net/netdevice.h>
#include <net/tstamp.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/time.h>

#define PRIORITY_FOR_ALL 6 /* higher ones are for who may administer the network */

struct int_option {
	int name;
	int (*get)(struct sock *sk);
	int (*set)(struct sock *sk, int val); /* sock locked; NULL: read only */
};

static int set_flag(struct sock *sk, enum sock_flags f, int val)
{
	if (val)
		sock_set_flag(sk, f);
	else
		sock_reset_flag(sk, f);
	return 0;
}

static int get_reuse(struct sock *sk)
{
	return sk->sk_reuse;
}
static int set_reuse(struct sock *sk, int val)
{
	sk->sk_reuse = val ? 1 : 0;
	return 0;
}
static int get_reuseport(struct sock *sk)
{
	return sk->sk_reuseport;
}
static int set_reuseport(struct sock *sk, int val)
{
	sk->sk_reuseport = val ? 1 : 0;
	return 0;
}
static int get_type(struct sock *sk)
{
	return sk->sk_type;
}
static int get_error(struct sock *sk)
{
	int err = -sock_error(sk);

	if (!err) {
		err = sk->sk_err_soft;
		sk->sk_err_soft = 0;
	}
	return err;
}
static int get_dontroute(struct sock *sk)
{
	return sock_flag(sk, SOCK_LOCALROUTE);
}
static int set_dontroute(struct sock *sk, int val)
{
	sk_dst_reset(sk);
	return set_flag(sk, SOCK_LOCALROUTE, val);
}
static int get_broadcast(struct sock *sk)
{
	return sock_flag(sk, SOCK_BROADCAST);
}
static int set_broadcast(struct sock *sk, int val)
{
	return set_flag(sk, SOCK_BROADCAST, val);
}

static int get_sndbuf(struct sock *sk)
{
	return sk->sk_sndbuf;
}
static int store_sndbuf(struct sock *sk, int val)
{
	val = min_t(int, val, 0x7fffffff / 2);
	sk->sk_userlocks |= SOCK_SNDBUF_LOCK;
	sk->sk_sndbuf = max_t(int, val * 2, SOCK_MIN_SNDBUF);
	sk->sk_write_space(sk);
	return 0;
}
static int set_sndbuf(struct sock *sk, int val)
{
	return store_sndbuf(sk, (int)min_t(u32, (u32)val, sock_net(sk)->core.wmem_max));
}
static int set_sndbufforce(struct sock *sk, int val)
{
	return capable(CAP_NET_ADMIN) ? store_sndbuf(sk, max_t(int, val, 0)) : -EPERM;
}
static int get_rcvbuf(struct sock *sk)
{
	return sk->sk_rcvbuf;
}
static int store_rcvbuf(struct sock *sk, int val)
{
	val = min_t(int, val, 0x7fffffff / 2);
	sk->sk_userlocks |= SOCK_RCVBUF_LOCK;
	sk->sk_rcvbuf = max_t(int, val * 2, SOCK_MIN_RCVBUF);
	return 0;
}
static int set_rcvbuf(struct sock *sk, int val)
{
	return store_rcvbuf(sk, (int)min_t(u32, (u32)val, sock_net(sk)->core.rmem_max));
}
static int set_rcvbufforce(struct sock *sk, int val)
{
	return capable(CAP_NET_ADMIN) ? store_rcvbuf(sk, max_t(int, val, 0)) : -EPERM;
}

static int get_keepalive(struct sock *sk)
{
	return sock_flag(sk, SOCK_KEEPOPEN);
}
static int set_keepalive(struct sock *sk, int val)
{
	if (sk->sk_prot->keepalive)
		sk->sk_prot->keepalive(sk, val);
	return set_flag(sk, SOCK_KEEPOPEN, val);
}
static int get_oobinline(struct sock *sk)
{
	return sock_flag(sk, SOCK_URGINLINE);
}
static int set_oobinline(struct sock *sk, int val)
{
	return set_flag(sk, SOCK_URGINLINE, val);
}
static int get_no_check(struct sock *sk)
{
	return sk->sk_no_check_tx;
}
static int set_no_check(struct sock *sk, int val)
{
	sk->sk_no_check_tx = val != 0;
	return 0;
}
static int get_priority(struct sock *sk)
{
	return (int)sk->sk_priority;
}
static int set_priority(struct sock *sk, int val)
{
	if ((val < 0 || val > PRIORITY_FOR_ALL) && !capable(CAP_NET_ADMIN) && !capable(CAP_NET_RAW))
		return -EPERM;
	sk->sk_priority = (u32)val;
	return 0;
}
static int get_mark(struct sock *sk)
{
	return (int)sk->sk_mark;
}
static int set_mark(struct sock *sk, int val)
{
	if (!capable(CAP_NET_ADMIN) && !capable(CAP_NET_RAW))
		return -EPERM;
	if (sk->sk_mark != (u32)val) {
		sk->sk_mark = (u32)val;
		sk_dst_reset(sk);
	}
	return 0;
}
static int get_rcvlowat(struct sock *sk)
{
	return sk->sk_rcvlowat;
}
static int set_rcvlowat(struct sock *sk, int val)
{
	if (val < 0)
		val = 0x7fffffff;
	if (sk->sk_prot->set_rcvlowat)
		return sk->sk_prot->set_rcvlowat(sk, val);
	sk->sk_rcvlowat = val ? val : 1;
	return 0;
}
static int get_sndlowat(struct sock *sk)
{
	(void)sk;
	return 1;
}
static int get_timestamp(struct sock *sk)
{
	return sock_flag(sk, SOCK_TIMESTAMP) && !sock_flag(sk, SOCK_TIMESTAMPNS);
}
static int set_timestamp(struct sock *sk, int val)
{
	set_flag(sk, SOCK_TIMESTAMPNS, 0);
	if (val)
		sock_enable_timestamp(sk);
	return set_flag(sk, SOCK_TIMESTAMP, val);
}
static int get_timestampns(struct sock *sk)
{
	return sock_flag(sk, SOCK_TIMESTAMPNS);
}
static int set_timestampns(struct sock *sk, int val)
{
	if (val)
		sock_enable_timestamp(sk);
	set_flag(sk, SOCK_TIMESTAMP, val);
	return set_flag(sk, SOCK_TIMESTAMPNS, val);
}
static int get_timestamping(struct sock *sk)
{
	return (int)sk->sk_tsflags;
}
static int set_timestamping(struct sock *sk, int val)
{
	return sk->sk_prot->set_timestamping ? sk->sk_prot->set_timestamping(sk, val)
					     : -ENOPROTOOPT;
}
static int get_acceptconn(struct sock *sk)
{
	return sk->sk_state == TCP_LISTEN;
}
static int get_protocol(struct sock *sk)
{
	return sk->sk_protocol;
}
static int get_domain(struct sock *sk)
{
	return sk->sk_family;
}
static int get_zerocopy(struct sock *sk)
{
	return sock_flag(sk, SOCK_ZEROCOPY);
}
static int set_zerocopy(struct sock *sk, int val)
{
	if (sk->sk_protocol != IPPROTO_TCP)
		return -EOPNOTSUPP; /* unlike Linux UDP's sends copy always */
	if (val < 0 || val > 1)
		return -EINVAL;
	return set_flag(sk, SOCK_ZEROCOPY, val);
}
static int get_rxq_ovfl(struct sock *sk)
{
	return sock_flag(sk, SOCK_RXQ_OVFL);
}
static int set_rxq_ovfl(struct sock *sk, int val)
{
	return set_flag(sk, SOCK_RXQ_OVFL, val);
}
static int get_ifindex(struct sock *sk)
{
	return sk->sk_bound_dev_if;
}
static int set_ifindex(struct sock *sk, int val)
{
	if (val < 0)
		return -EINVAL;
	sk->sk_bound_dev_if = val; /* the device may come later */
	sk_dst_reset(sk);
	return 0;
}
static int get_txrehash(struct sock *sk)
{
	return sk->sk_txrehash;
}
static int set_txrehash(struct sock *sk, int val)
{
	if (val < -1 || val > 1)
		return -EINVAL;
	sk->sk_txrehash = (u8)(val < 0 ? sock_net(sk)->core.txrehash : val);
	return 0;
}
static int get_incoming_cpu(struct sock *sk)
{
	(void)sk;
	return 0; /* the one processor */
}
static int set_nothing(struct sock *sk, int val)
{
	(void)sk;
	(void)val; /* SO_INCOMING_CPU: accepted, no effect on one processor */
	return 0;
}
static int set_debug(struct sock *sk, int val)
{
	return set_flag(sk, SOCK_DBG, val); /* a flag to be read back */
}
/* Answered with 64: every extension of classic BPF that Linux knows. */
static int get_bpf_extensions(struct sock *sk)
{
	(void)sk;
	return 64;
}
static int get_passcred(struct sock *sk)
{
	return sk->sk_socket->flags & SOCK_FLAG_PASSCRED ? 1 : 0;
}
static int set_passcred(struct sock *sk, int val)
{
	if (val)
		sk->sk_socket->flags |= SOCK_FLAG_PASSCRED;
	else
		sk->sk_socket->flags &= ~(unsigned long)SOCK_FLAG_PASSCRED;
	return 0;
}
static int get_debug(struct sock *sk)
{
	return sock_flag(sk, SOCK_DBG);
}
static int set_detach_filter(struct sock *sk, int val)
{
	(void)val;
	return sk_detach_filter(sk);
}
static int get_lock_filter(struct sock *sk)
{
	return sock_flag(sk, SOCK_FILTER_LOCKED);
}

static const struct int_option int_options[] = {
	{SO_DEBUG, get_debug, set_debug},
	{SO_REUSEADDR, get_reuse, set_reuse},
	{SO_REUSEPORT, get_reuseport, set_reuseport},
	{SO_TYPE, get_type, NULL},
	{SO_ERROR, get_error, NULL},
	{SO_DONTROUTE, get_dontroute, set_dontroute},
	{SO_BROADCAST, get_broadcast, set_broadcast},
	{SO_SNDBUF, get_sndbuf, set_sndbuf},
	{SO_RCVBUF, get_rcvbuf, set_rcvbuf},
	{SO_SNDBUFFORCE, NULL, set_sndbufforce},
	{SO_RCVBUFFORCE, NULL, set_rcvbufforce},
	{SO_KEEPALIVE, get_keepalive, set_keepalive},
	{SO_OOBINLINE, get_oobinline, set_oobinline},
	{SO_NO_CHECK, get_no_check, set_no_check},
	{SO_PRIORITY, get_priority, set_priority},
	{SO_RCVLOWAT, get_rcvlowat, set_rcvlowat},
	{SO_SNDLOWAT, get_sndlowat, NULL},
	{SO_TIMESTAMP, get_timestamp, set_timestamp},
	{SO_TIMESTAMPNS, get_timestampns, set_timestampns},
	{SO_TIMESTAMPING, get_timestamping, set_timestamping},
	{SO_ACCEPTCONN, get_acceptconn, NULL},
	{SO_PROTOCOL, get_protocol, NULL},
	{SO_DOMAIN, get_domain, NULL},
	{SO_MARK, get_mark, set_mark},
	{SO_RXQ_OVFL, get_rxq_ovfl, set_rxq_ovfl},
	{SO_ZEROCOPY, get_zerocopy, set_zerocopy},
	{SO_BINDTOIFINDEX, get_ifindex, set_ifindex},
	{SO_INCOMING_CPU, get_incoming_cpu, set_nothing},
	{SO_DETACH_FILTER, NULL, set_detach_filter},
	{SO_LOCK_FILTER, get_lock_filter, sk_lock_filter},
	{SO_TXREHASH, get_txrehash, set_txrehash},
	{SO_PASSCRED, get_passcred, set_passcred},
	{SO_BPF_EXTENSIONS, get_bpf_extensions, NULL},
};

static const struct int_option *find_int_option(int name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(int_options); i++) {
		if (int_options[i].name == name)
			return &int_options[i];
	}
	return NULL;
}

static int set_bindtodevice(struct sock *sk, const void *optval, int optlen)
{
	char name[IFNAMSIZ];
	struct net_device *dev;
	int len = min_t(int, optlen, IFNAMSIZ - 1);

	if (optlen < 0)
		return -EINVAL;
	memset(name, 0, sizeof(name));
	if (copy_from_user(name, optval, (size_t)len))
		return -EFAULT;
	if (!name[0])
		return set_ifindex(sk, 0);
	dev = __dev_get_by_name(sock_net(sk), name);
	return dev ? set_ifindex(sk, dev->ifindex) : -ENODEV;
}

/* Linux reads an int before it knows the option: a fault comes before a length that is short. */
static int copy_option(void *v, size_t size, const void *optval, int optlen)
{
	if (optlen < (int)sizeof(int))
		return -EINVAL;
	if (copy_from_user(v, optval, sizeof(int)))
		return -EFAULT;
	if (optlen < (int)size)
		return -EINVAL;
	return copy_from_user(v, optval, size);
}

static int set_linger(struct sock *sk, const void *optval, int optlen)
{
	struct linger ling;
	int err = copy_option(&ling, sizeof(ling), optval, optlen);

	if (err)
		return err;
	if (!ling.l_onoff)
		return set_flag(sk, SOCK_LINGER, 0);
	sk->sk_lingertime = (unsigned long)(u32)ling.l_linger * HZ;
	return set_flag(sk, SOCK_LINGER, 1);
}

static int set_timeo(long *timeo, const void *optval, int optlen)
{
	struct timeval tv;
	int err = copy_option(&tv, sizeof(tv), optval, optlen);

	if (err)
		return err;
	if (tv.tv_usec < 0 || tv.tv_usec >= (long)USEC_PER_SEC)
		return -EDOM;
	if (tv.tv_sec < 0)
		*timeo = 0;
	else if (!tv.tv_sec && !tv.tv_usec)
		*timeo = MAX_SCHEDULE_TIMEOUT;
	else if (tv.tv_sec >= (long)(MAX_SCHEDULE_TIMEOUT / HZ - 1))
		*timeo = MAX_SCHEDULE_TIMEOUT;
	else
		*timeo = tv.tv_sec * (long)HZ +
			 (long)DIV_ROUND_UP((unsigned long)tv.tv_usec, USEC_PER_MSEC);
	return 0;
}

static int set_pacing_rate(struct sock *sk, const void *optval, int optlen)
{
	unsigned long rate = 0;
	size_t size = optlen < (int)sizeof(rate) ? sizeof(u32) : sizeof(rate);

	if (optlen < (int)sizeof(u32))
		return -EINVAL;
	if (copy_from_user(&rate, optval, size))
		return -EFAULT;
	if (size == sizeof(u32) && rate == ~0u)
		rate = ~0UL;
	if (rate != ~0UL && sk->sk_pacing_status == SK_PACING_NONE)
		sk->sk_pacing_status = SK_PACING_NEEDED;
	sk->sk_max_pacing_rate = rate;
	sk->sk_pacing_rate = min(sk->sk_pacing_rate, rate);
	return 0;
}

static int sock_set_int(struct sock *sk, int name, const void *optval, int optlen)
{
	const struct int_option *o = find_int_option(name);
	int val;

	if (optlen < (int)sizeof(int))
		return -EINVAL;
	if (copy_from_user(&val, optval, sizeof(val)))
		return -EFAULT;
	return o && o->set ? o->set(sk, val) : -ENOPROTOOPT;
}

int sock_setsockopt(struct socket *sock, int level, int name, const void *optval, int optlen)
{
	struct sock *sk = sock->sk;
	int err;

	(void)level;
	lock_sock(sk);
	switch (name) {
	case SO_BINDTODEVICE:
		err = set_bindtodevice(sk, optval, optlen);
		break;
	case SO_LINGER:
		err = set_linger(sk, optval, optlen);
		break;
	case SO_RCVTIMEO:
		err = set_timeo(&sk->sk_rcvtimeo, optval, optlen);
		break;
	case SO_SNDTIMEO:
		err = set_timeo(&sk->sk_sndtimeo, optval, optlen);
		break;
	case SO_MAX_PACING_RATE:
		err = set_pacing_rate(sk, optval, optlen);
		break;
	case SO_ATTACH_FILTER:
		err = sk_attach_filter(sk, optval, optlen);
		break;
	default:
		err = sock_set_int(sk, name, optval, optlen);
		break;
	}
	release_sock(sk);
	return err;
}

static size_t get_timeo(struct timeval *tv, long timeo)
{
	tv->tv_sec = timeo == (long)MAX_SCHEDULE_TIMEOUT ? 0 : timeo / (long)HZ;
	tv->tv_usec = timeo == (long)MAX_SCHEDULE_TIMEOUT ? 0 : timeo % (long)HZ * 1000;
	return sizeof(*tv);
}

static size_t get_bindtodevice(struct sock *sk, char *name)
{
	struct net_device *dev = __dev_get_by_index(sock_net(sk), sk->sk_bound_dev_if);

	if (!dev)
		return 0;
	strlcpy(name, dev->name, IFNAMSIZ);
	return strlen(name) + 1;
}

/* Bytes per second; a program that gives 32 bits gets as much as fits. */
static size_t get_pacing_rate(const struct sock *sk, int len, void *v)
{
	if (len >= (int)sizeof(u64)) {
		*(u64 *)v = sk->sk_max_pacing_rate;
		return sizeof(u64);
	}
	*(u32 *)v = (u32)min(sk->sk_max_pacing_rate, (unsigned long)~0u);
	return sizeof(u32);
}

/* The value of a structured option into v; its size, or 0 when the option is not one. */
static size_t sock_get_struct(struct sock *sk, int name, int len, void *v)
{
	struct linger *ling = v;

	switch (name) {
	case SO_LINGER:
		ling->l_onoff = sock_flag(sk, SOCK_LINGER);
		ling->l_linger = (int)(sk->sk_lingertime / HZ);
		return sizeof(*ling);
	case SO_RCVTIMEO:
		return get_timeo(v, sk->sk_rcvtimeo);
	case SO_SNDTIMEO:
		return get_timeo(v, sk->sk_sndtimeo);
	case SO_MAX_PACING_RATE:
		return get_pacing_rate(sk, len, v);
	case SO_PEERCRED:
		*(struct ucred *)v = sk->sk_prot->peer_cred ?
					     sk->sk_prot->peer_cred(sk) :
					     (struct ucred){.uid = (uid_t)-1, .gid = (gid_t)-1};
		return sizeof(struct ucred);
	case SO_COOKIE:
		*(u64 *)v = (u64)(unsigned long)sk >> 3;
		return sizeof(u64);
	default:
		return 0;
	}
}

/* SO_PEERNAME: like getpeername(), but a length that asks for more than there is is wrong. */
static int get_peername(struct socket *sock, void *optval, int *optlen, int len)
{
	struct sockaddr_storage ss;
	int size = sock->ops->getname(sock, (struct sockaddr *)&ss, 2);

	if (size < 0)
		return -ENOTCONN;
	if (size < len)
		return -EINVAL;
	if (copy_to_user(optval, &ss, (size_t)len) || copy_to_user(optlen, &len, sizeof(len)))
		return -EFAULT;
	return 0;
}

int sock_getsockopt(struct socket *sock, int level, int name, void *optval, int *optlen)
{
	const struct int_option *o = find_int_option(name);
	struct sock *sk = sock->sk;
	u64 v[4] = {0};
	size_t size;
	int len;

	(void)level;
	if (copy_from_user(&len, optlen, sizeof(len)))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	if (name == SO_PEERNAME)
		return get_peername(sock, optval, optlen, len);
	if (name == SO_GET_FILTER) { /* counts instructions, not bytes */
		lock_sock(sk);
		len = sk_get_filter(sk, optval, len);
		release_sock(sk);
		return len < 0 ? len : copy_to_user(optlen, &len, sizeof(len));
	}
	if (o && o->get) {
		*(int *)v = o->get(sk);
		size = sizeof(int);
	} else if (name == SO_COOKIE && len < (int)sizeof(u64)) {
		return -EINVAL;
	} else if (name == SO_BINDTODEVICE) {
		size = get_bindtodevice(sk, (char *)v);
		if (size && len < IFNAMSIZ)
			return -EINVAL;
	} else {
		size = sock_get_struct(sk, name, len, v);
		if (!size)
			return -ENOPROTOOPT;
	}
	len = min_t(int, len, (int)size);
	if (copy_to_user(optval, v, (size_t)len) || copy_to_user(optlen, &len, sizeof(len)))
		return -EFAULT;
	return 0;
}

/* proto_ops that hand the call to the protocol. */
int sock_common_setsockopt(struct socket *sock, int level, int name, const void *optval, int optlen)
{
	return sock->sk->sk_prot->setsockopt(sock->sk, level, name, optval, optlen);
}

int sock_common_getsockopt(struct socket *sock, int level, int name, void *optval, int *optlen)
{
	return sock->sk->sk_prot->getsockopt(sock->sk, level, name, optval, optlen);
}

int sock_common_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	int addr_len = 0, err;

	err = sock->sk->sk_prot->recvmsg(sock->sk, msg, size, flags, &addr_len);
	if (err >= 0)
		msg->msg_namelen = addr_len;
	return err;
}

/* SO_TIMESTAMP(NS) and SO_RXQ_OVFL of a received datagram. */
void sock_recv_cmsgs(struct msghdr *msg, struct sock *sk, struct sk_buff *skb)
{
	u64 ns = skb->tstamp ? skb->tstamp : ktime_get_real_ns();

	sk->sk_stamp = ns;
	sock_recv_timestamp(msg, sk, ns);
	if (sock_flag(sk, SOCK_RXQ_OVFL)) {
		u32 drops = (u32)atomic_read(&sk->sk_drops);

		put_cmsg(msg, SOL_SOCKET, SO_RXQ_OVFL, sizeof(drops), &drops);
	}
}
