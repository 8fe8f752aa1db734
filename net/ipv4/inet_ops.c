// SPDX-License-Identifier: BSD-2-Clause
/*
 * The socket calls of AF_INET: what inet_stream_ops, inet_dgram_ops and inet_sockraw_ops share.
 * Each checks the program's arguments in Linux's order, locks the sock, and hands the work to
 * sk->sk_prot. Stream connect keeps the three-way handshake's state in socket->state (SS_*).
 *
 * Called by net/socket.c in thread context; connect and accept sleep. Options and ioctls of the
 * interfaces: inet_ctl.c and devinet.c.
 */
#include <kernel/lib/capability.h>
#include <kernel/sched/thread.h>
#include <net/inet_common.h>
#include <net/inetdevice.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/tcp_fastopen.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <fcntl.h>

/* sk_destruct: queues are empty by now or emptied here, memory given back. */
void inet_sock_destruct(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);

	local_bh_disable();
	__skb_queue_purge(&sk->sk_receive_queue, SKB_DROP_REASON_SOCKET_CLOSE);
	__skb_queue_purge(&sk->sk_error_queue, SKB_DROP_REASON_SOCKET_CLOSE);
	local_bh_enable();
	sk_mem_reclaim(sk);
	WARN_ON(atomic_read(&sk->sk_rmem_alloc) != 0);
	WARN_ON(sk->sk_wmem_queued != 0);
	kfree(inet->inet_opt);
	inet->inet_opt = NULL;
}

int inet_release(struct socket *sock)
{
	struct sock *sk = sock->sk;
	long timeout = 0;

	if (!sk)
		return 0;
	ip_mc_drop_socket(sk);
	if (sock_flag(sk, SOCK_LINGER))
		timeout = (long)sk->sk_lingertime;
	sock->sk = NULL;
	sk->sk_prot->close(sk, timeout);
	return 0;
}

int inet_autobind(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	int err = 0;

	lock_sock(sk);
	if (!inet->inet_num) {
		err = sk->sk_prot->get_port(sk, 0) ? -EAGAIN : 0;
		inet->inet_sport = cpu_to_be16(inet->inet_num);
	}
	release_sock(sk);
	return err;
}

int inet_send_prepare(struct sock *sk)
{
	if (!inet_sk(sk)->inet_num && !sk->sk_prot->no_autobind)
		return inet_autobind(sk);
	return 0;
}

/* The bound address and port, with the sock locked. */
static int inet_bind_locked(struct sock *sk, be32 addr, unsigned int addr_type, u16 port)
{
	struct inet_sock *inet = inet_sk(sk);

	if (sk->sk_state != TCP_CLOSE || inet->inet_num)
		return -EINVAL;
	inet->inet_rcv_saddr = inet->inet_saddr = addr;
	if (addr_type == RTN_BROADCAST || addr_type == RTN_MULTICAST)
		inet->inet_saddr = 0; /* not a source: the device's own is used */
	if (port || !inet->bind_address_no_port) {
		if (sk->sk_prot->get_port(sk, port)) {
			inet->inet_saddr = inet->inet_rcv_saddr = 0;
			return -EADDRINUSE;
		}
	}
	if (inet->inet_rcv_saddr)
		sk->sk_userlocks |= SOCK_BINDADDR_LOCK;
	if (port)
		sk->sk_userlocks |= SOCK_BINDPORT_LOCK;
	inet->inet_sport = cpu_to_be16(inet->inet_num);
	inet->inet_daddr = 0;
	inet->inet_dport = 0;
	sk_dst_reset(sk);
	return 0;
}

int __inet_bind(struct sock *sk, struct sockaddr *uaddr, int len)
{
	struct sockaddr_in *addr = (struct sockaddr_in *)uaddr;
	int err, port = be16_to_cpu(addr->sin_port);
	unsigned int type;

	(void)len;
	if (addr->sin_family != AF_INET &&
	    (addr->sin_family != AF_UNSPEC || addr->sin_addr.s_addr != INADDR_ANY))
		return -EAFNOSUPPORT;
	type = inet_addr_type(sock_net(sk), addr->sin_addr.s_addr);
	if (!inet_addr_valid_or_nonlocal(sock_net(sk), inet_sk(sk), addr->sin_addr.s_addr, type))
		return -EADDRNOTAVAIL;
	if (port && port < sock_net(sk)->ipv4.sysctl_ip_prot_sock && !capable(CAP_NET_BIND_SERVICE))
		return -EACCES;
	lock_sock(sk);
	err = inet_bind_locked(sk, addr->sin_addr.s_addr, type, (u16)port);
	release_sock(sk);
	return err;
}

int inet_bind(struct socket *sock, struct sockaddr *addr, int len)
{
	struct sock *sk = sock->sk;

	if (sk->sk_prot->bind)
		return sk->sk_prot->bind(sk, addr, len);
	if (len < (int)sizeof(struct sockaddr_in))
		return -EINVAL;
	return __inet_bind(sk, addr, len);
}

int inet_dgram_connect(struct socket *sock, struct sockaddr *addr, int len, int flags)
{
	struct sock *sk = sock->sk;

	(void)flags;
	if (len < (int)sizeof(addr->sa_family))
		return -EINVAL;
	if (addr->sa_family == AF_UNSPEC)
		return sk->sk_prot->disconnect(sk, flags);
	if (!inet_sk(sk)->inet_num && inet_autobind(sk))
		return -EAGAIN;
	return sk->sk_prot->connect(sk, addr, len);
}

/* Until SYN_SENT and SYN_RECV are over; what is left of timeo. writebias 1: data will follow at
 * once. Sock locked, released while asleep. */
static long inet_wait_for_connect(struct sock *sk, long timeo, int writebias)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);

	add_wait_queue(sk_sleep(sk), &wait);
	sk->sk_write_pending += writebias;
	while (1u << sk->sk_state & (1u << TCP_SYN_SENT | 1u << TCP_SYN_RECV)) {
		release_sock(sk);
		timeo = wait_woken(&wait, TASK_INTERRUPTIBLE, timeo);
		lock_sock(sk);
		if (signal_pending(current) || !timeo)
			break;
	}
	remove_wait_queue(sk_sleep(sk), &wait);
	sk->sk_write_pending -= writebias;
	return timeo;
}

/* The handshake failed or was reset: back to where connect() can be called again. */
static int inet_connect_failed(struct socket *sock, struct sock *sk)
{
	int err = sock_error(sk);

	sock->state = SS_UNCONNECTED;
	if (sk->sk_prot->disconnect(sk, O_NONBLOCK))
		sock->state = SS_DISCONNECTING;
	return err ? err : -ECONNABORTED;
}

static int inet_connect_start(struct socket *sock, struct sock *sk, struct sockaddr *addr, int len)
{
	int err;

	if (sk->sk_state != TCP_CLOSE)
		return -EISCONN;
	err = sk->sk_prot->connect(sk, addr, len);
	if (err < 0)
		return err;
	sock->state = SS_CONNECTING;
	return 0;
}

/* Data that the first write could not put on the SYN waits for the handshake. */
static bool inet_write_waits(const struct sock *sk)
{
	return sk->sk_protocol == IPPROTO_TCP && tcp_sk(sk)->fastopen_req &&
	       tcp_sk(sk)->fastopen_req->data;
}

int __inet_stream_connect(struct socket *sock, struct sockaddr *addr, int len, int flags,
			  bool is_sendmsg)
{
	struct sock *sk = sock->sk;
	int err, pending = -EALREADY;
	long timeo;

	if (addr && len < (int)sizeof(addr->sa_family))
		return -EINVAL;
	if (addr && addr->sa_family == AF_UNSPEC) {
		err = sk->sk_prot->disconnect(sk, flags);
		sock->state = err ? SS_DISCONNECTING : SS_UNCONNECTED;
		return err;
	}
	switch (sock->state) {
	case SS_CONNECTED:
		return -EISCONN;
	case SS_CONNECTING:
		if (inet_sk(sk)->defer_connect)
			pending = is_sendmsg ? -EINPROGRESS : -EISCONN;
		break;
	case SS_UNCONNECTED:
		err = inet_connect_start(sock, sk, addr, len);
		if (err || inet_sk(sk)->defer_connect)
			return err;
		pending = -EINPROGRESS;
		break;
	default:
		return -EINVAL;
	}
	timeo = sock_sndtimeo(sk, flags & O_NONBLOCK);
	if (1u << sk->sk_state & (1u << TCP_SYN_SENT | 1u << TCP_SYN_RECV)) {
		if (!timeo)
			return pending;
		timeo = inet_wait_for_connect(sk, timeo, inet_write_waits(sk));
		if (1u << sk->sk_state & (1u << TCP_SYN_SENT | 1u << TCP_SYN_RECV))
			return signal_pending(current) ? sock_intr_errno(timeo) : -EINPROGRESS;
	}
	if (sk->sk_state == TCP_CLOSE)
		return inet_connect_failed(sock, sk);
	sock->state = SS_CONNECTED;
	return 0;
}

int inet_stream_connect(struct socket *sock, struct sockaddr *addr, int len, int flags)
{
	int err;

	lock_sock(sock->sk);
	err = __inet_stream_connect(sock, addr, len, flags, false);
	release_sock(sock->sk);
	return err;
}

int inet_listen(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;
	int err = 0;

	lock_sock(sk);
	if (sock->state != SS_UNCONNECTED || sock->type != SOCK_STREAM ||
	    !(1u << sk->sk_state & (1u << TCP_CLOSE | 1u << TCP_LISTEN))) {
		release_sock(sk);
		return -EINVAL;
	}
	/* A second listen() only changes the backlog. */
	sk->sk_max_ack_backlog = (u32)backlog;
	if (sk->sk_state != TCP_LISTEN) {
		tcp_fastopen_listen(sk, backlog);
		err = inet_csk_listen_start(sk);
	}
	release_sock(sk);
	return err;
}

int inet_accept(struct socket *sock, struct socket *newsock, int flags, bool kern)
{
	int err = -EINVAL;
	struct sock *sk2 = sock->sk->sk_prot->accept(sock->sk, flags, &err, kern);

	if (!sk2)
		return err;
	lock_sock(sk2);
	WARN_ON(!(1u << sk2->sk_state &
		  (1u << TCP_ESTABLISHED | 1u << TCP_SYN_RECV | 1u << TCP_CLOSE_WAIT |
		   1u << TCP_CLOSE | 1u << TCP_LAST_ACK | 1u << TCP_FIN_WAIT1 |
		   1u << TCP_FIN_WAIT2 | 1u << TCP_CLOSING)));
	sock_graft(sk2, newsock);
	newsock->state = SS_CONNECTED;
	release_sock(sk2);
	return 0;
}

int inet_getname(struct socket *sock, struct sockaddr *uaddr, int peer)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)uaddr;
	struct inet_sock *inet = inet_sk(sock->sk);
	struct sock *sk = sock->sk;

	memset(sin, 0, sizeof(*sin));
	sin->sin_family = AF_INET;
	lock_sock(sk);
	if (peer) {
		if (!inet->inet_dport ||
		    (peer == 1 && (1u << sk->sk_state & (1u << TCP_CLOSE | 1u << TCP_SYN_SENT)))) {
			release_sock(sk);
			return -ENOTCONN;
		}
		sin->sin_port = inet->inet_dport;
		sin->sin_addr.s_addr = inet->inet_daddr;
	} else {
		sin->sin_port = inet->inet_sport;
		sin->sin_addr.s_addr =
			inet->inet_rcv_saddr ? inet->inet_rcv_saddr : inet->inet_saddr;
	}
	release_sock(sk);
	return sizeof(*sin);
}

int inet_sendmsg(struct socket *sock, struct msghdr *msg, size_t size)
{
	struct sock *sk = sock->sk;

	if (unlikely(inet_send_prepare(sk)))
		return -EAGAIN;
	return sk->sk_prot->sendmsg(sk, msg, size);
}

int inet_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	struct sock *sk = sock->sk;
	int addr_len = 0, err;

	err = sk->sk_prot->recvmsg(sk, msg, size, flags, &addr_len);
	if (err >= 0)
		msg->msg_namelen = addr_len;
	return err;
}

int inet_shutdown(struct socket *sock, int how)
{
	struct sock *sk = sock->sk;
	int err = 0;

	how++; /* SHUT_RD 0 -> RCV_SHUTDOWN 1, SHUT_WR 1 -> SEND_SHUTDOWN 2, SHUT_RDWR 2 -> both */
	if (how & ~SHUTDOWN_MASK || !how)
		return -EINVAL;
	lock_sock(sk);
	if (sock->state == SS_CONNECTING)
		sock->state = 1u << sk->sk_state & (1u << TCP_SYN_SENT | 1u << TCP_SYN_RECV |
						    1u << TCP_CLOSE)
				      ? SS_DISCONNECTING
				      : SS_CONNECTED;
	switch (sk->sk_state) {
	case TCP_CLOSE:
		err = -ENOTCONN; /* but wake whoever waits, as Linux does for datagram socks */
		__attribute__((fallthrough));
	default:
		sk->sk_shutdown |= (u8)how;
		if (sk->sk_prot->shutdown)
			sk->sk_prot->shutdown(sk, how);
		break;
	case TCP_LISTEN:
		if (!(how & RCV_SHUTDOWN))
			break;
		__attribute__((fallthrough));
	case TCP_SYN_SENT:
		err = sk->sk_prot->disconnect(sk, O_NONBLOCK);
		sock->state = err ? SS_DISCONNECTING : SS_UNCONNECTED;
		break;
	}
	sk->sk_state_change(sk);
	release_sock(sk);
	return err;
}
