// SPDX-License-Identifier: BSD-2-Clause
/*
 * The answers for calls that a family does not have, as Linux gives them, so that a program learns
 * the same everywhere: -EOPNOTSUPP, and -ENOTTY for an ioctl that nobody knows.
 *
 * A family puts these into its proto_ops where it has nothing of its own, and so no caller in the
 * socket layer asks whether an operation is there.
 *
 * Called through proto_ops, thread context, never sleeps.
 */
#include <errno.h>
#include <net/net.h>

int sock_no_bind(struct socket *sock, struct sockaddr *addr, int len)
{
	(void)sock;
	(void)addr;
	(void)len;
	return -EOPNOTSUPP;
}

int sock_no_connect(struct socket *sock, struct sockaddr *addr, int len, int flags)
{
	(void)sock;
	(void)addr;
	(void)len;
	(void)flags;
	return -EOPNOTSUPP;
}

int sock_no_socketpair(struct socket *a, struct socket *b)
{
	(void)a;
	(void)b;
	return -EOPNOTSUPP;
}

int sock_no_accept(struct socket *sock, struct socket *newsock, int flags, bool kern)
{
	(void)sock;
	(void)newsock;
	(void)flags;
	(void)kern;
	return -EOPNOTSUPP;
}

int sock_no_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	(void)sock;
	(void)addr;
	(void)peer;
	return -EOPNOTSUPP;
}

int sock_no_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	(void)sock;
	(void)cmd;
	(void)arg;
	return -ENOTTY;
}

int sock_no_listen(struct socket *sock, int backlog)
{
	(void)sock;
	(void)backlog;
	return -EOPNOTSUPP;
}

int sock_no_shutdown(struct socket *sock, int how)
{
	(void)sock;
	(void)how;
	return -EOPNOTSUPP;
}

int sock_no_sendmsg(struct socket *sock, struct msghdr *m, size_t len)
{
	(void)sock;
	(void)m;
	(void)len;
	return -EOPNOTSUPP;
}

int sock_no_recvmsg(struct socket *sock, struct msghdr *m, size_t len, int flags)
{
	(void)sock;
	(void)m;
	(void)len;
	(void)flags;
	return -EOPNOTSUPP;
}
