// SPDX-License-Identifier: BSD-2-Clause
/*
 * The socket calls (POSIX <sys/socket.h>, Linux's accept4, sendmmsg, recvmmsg).
 *
 * Each hands its arguments to the kernel's function of the same name and turns -errno into -1 and
 * errno. Thread context; they sleep as the socket's mode says. All checking is the kernel's.
 * Left out: SIGPIPE. Nothing raises signals here, so MSG_NOSIGNAL is always in force.
 * No call here touches the address or message structures itself.
 */
#include <sys/socket.h>
#include <kernel/sys.h>
#include <libc/unix/syscall.h>

int socket(int domain, int type, int protocol)
{
	return (int)__ret(sys_socket(domain, type, protocol));
}

int socketpair(int domain, int type, int protocol, int sv[2])
{
	return (int)__ret(sys_socketpair(domain, type, protocol, sv));
}

int bind(int fd, const struct sockaddr *addr, socklen_t len)
{
	return (int)__ret(sys_bind(fd, addr, (int)len));
}

int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	return (int)__ret(sys_connect(fd, addr, (int)len));
}

int listen(int fd, int backlog)
{
	return (int)__ret(sys_listen(fd, backlog));
}

int accept(int fd, struct sockaddr *addr, socklen_t *len)
{
	return (int)__ret(sys_accept4(fd, addr, (int *)len, 0));
}

int accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags)
{
	return (int)__ret(sys_accept4(fd, addr, (int *)len, flags));
}

int getsockname(int fd, struct sockaddr *addr, socklen_t *len)
{
	return (int)__ret(sys_getsockname(fd, addr, (int *)len));
}

int getpeername(int fd, struct sockaddr *addr, socklen_t *len)
{
	return (int)__ret(sys_getpeername(fd, addr, (int *)len));
}

ssize_t send(int fd, const void *buf, size_t len, int flags)
{
	return __ret(sys_sendto(fd, buf, len, (unsigned int)flags, NULL, 0));
}

ssize_t recv(int fd, void *buf, size_t len, int flags)
{
	return __ret(sys_recvfrom(fd, buf, len, (unsigned int)flags, NULL, NULL));
}

ssize_t sendto(int fd, const void *buf, size_t len, int flags, const struct sockaddr *addr,
	       socklen_t addrlen)
{
	return __ret(sys_sendto(fd, buf, len, (unsigned int)flags, addr, (int)addrlen));
}

ssize_t recvfrom(int fd, void *buf, size_t len, int flags, struct sockaddr *addr,
		 socklen_t *addrlen)
{
	return __ret(sys_recvfrom(fd, buf, len, (unsigned int)flags, addr, (int *)addrlen));
}

/* The kernel's headers call the program's msghdr by another name; its layout is the same. */
ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	return __ret(sys_sendmsg(fd, (const void *)msg, (unsigned int)flags));
}

ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	return __ret(sys_recvmsg(fd, (void *)msg, (unsigned int)flags));
}

int sendmmsg(int fd, struct mmsghdr *vec, unsigned int n, int flags)
{
	return (int)__ret(sys_sendmmsg(fd, vec, n, (unsigned int)flags));
}

int recvmmsg(int fd, struct mmsghdr *vec, unsigned int n, int flags, struct timespec *timeout)
{
	return (int)__ret(sys_recvmmsg(fd, vec, n, (unsigned int)flags, timeout));
}

int getsockopt(int fd, int level, int name, void *val, socklen_t *len)
{
	return (int)__ret(sys_getsockopt(fd, level, name, val, (int *)len));
}

int setsockopt(int fd, int level, int name, const void *val, socklen_t len)
{
	return (int)__ret(sys_setsockopt(fd, level, name, val, (int)len));
}

int shutdown(int fd, int how)
{
	return (int)__ret(sys_shutdown(fd, how));
}
