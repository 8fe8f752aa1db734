// SPDX-License-Identifier: BSD-2-Clause
/*
 * The socket system calls that make, name and steer sockets: socket, socketpair, bind, listen,
 * accept, connect, getsockname, getpeername, shutdown, setsockopt, getsockopt.
 *
 * Each finds the socket behind the descriptor, moves addresses between program and kernel with
 * Linux's length checks, and calls the family through sock->ops. Checks come in Linux's order, so
 * that a call with two mistakes in it gives the same errno. SOL_SOCKET options are every family's
 * alike and go to net/core; all others to the family.
 *
 * Called by libc and the system call table, thread context; sleeps as the family's operations do.
 * A descriptor that is closed meanwhile keeps its socket until the call returns.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sys.h>
#include <net/net.h>
#include <net/sock_ops.h>
#include <net/socket_file.h>

#define SOCK_CREATE_FLAGS (SOCK_CLOEXEC | SOCK_NONBLOCK)
static_assert(SOCK_NONBLOCK == O_NONBLOCK && SOCK_CLOEXEC == O_CLOEXEC, "flags pass unchanged");

int move_addr_to_kernel(const void *uaddr, int ulen, struct sockaddr_storage *kaddr)
{
	if (ulen < 0 || ulen > (int)sizeof(*kaddr))
		return -EINVAL;
	return ulen ? copy_from_user(kaddr, uaddr, (size_t)ulen) : 0;
}

int move_addr_to_user(const struct sockaddr_storage *kaddr, int klen, void *uaddr, int *ulen)
{
	int len;

	BUG_ON(klen < 0 || klen > (int)sizeof(*kaddr));
	if (copy_from_user(&len, ulen, sizeof(len)))
		return -EFAULT;
	len = min(len, klen);
	if (len < 0)
		return -EINVAL;
	if (len && copy_to_user(uaddr, kaddr, (size_t)len))
		return -EFAULT;
	/* The whole length, also when the program's buffer was shorter (POSIX). */
	return copy_to_user(ulen, &klen, sizeof(klen));
}

long sys_socket(int family, int type, int protocol)
{
	int flags = type & ~SOCK_TYPE_MASK, err;
	struct socket *sock;

	if (flags & ~SOCK_CREATE_FLAGS)
		return -EINVAL;
	err = sock_create(family, type & SOCK_TYPE_MASK, protocol, &sock);
	return err < 0 ? err : sock_map_fd(sock, flags);
}

/* Two sockets of a family, joined. */
static int create_pair(int family, int type, int protocol, struct socket *pair[2])
{
	int err = sock_create(family, type, protocol, &pair[0]);

	if (err < 0)
		return err;
	err = sock_create(family, type, protocol, &pair[1]);
	if (err < 0) {
		sock_release(pair[0]);
		return err;
	}
	err = pair[0]->ops->socketpair(pair[0], pair[1]);
	if (err < 0) {
		sock_release(pair[1]);
		sock_release(pair[0]);
	}
	return err;
}

/* Their files; the sockets are released on failure. */
static int pair_files(struct socket *pair[2], int flags, struct file *files[2])
{
	files[0] = sock_alloc_file(pair[0], flags);
	files[1] = NULL;
	if (IS_ERR(files[0])) {
		sock_release(pair[1]);
		return (int)PTR_ERR(files[0]);
	}
	files[1] = sock_alloc_file(pair[1], flags);
	if (IS_ERR(files[1])) {
		fput(files[0]);
		return (int)PTR_ERR(files[1]);
	}
	return 0;
}

long sys_socketpair(int family, int type, int protocol, int *sv)
{
	int flags = type & ~SOCK_TYPE_MASK, fds[2], err;
	struct socket *pair[2];
	struct file *files[2] = { NULL, NULL };

	if (flags & ~SOCK_CREATE_FLAGS)
		return -EINVAL;
	fds[0] = get_unused_fd_flags((u32)flags);
	if (fds[0] < 0)
		return fds[0];
	fds[1] = get_unused_fd_flags((u32)flags);
	if (fds[1] < 0) {
		put_unused_fd(fds[0]);
		return fds[1];
	}
	err = copy_to_user(sv, fds, sizeof(fds));
	if (!err)
		err = create_pair(family, type & SOCK_TYPE_MASK, protocol, pair);
	if (err >= 0)
		err = pair_files(pair, flags, files);
	if (err < 0) {
		put_unused_fd(fds[1]);
		put_unused_fd(fds[0]);
		return err;
	}
	fd_install(fds[0], files[0]);
	fd_install(fds[1], files[1]);
	return 0;
}

long sys_bind(int fd, const struct sockaddr *uaddr, int addrlen)
{
	struct sockaddr_storage addr;
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	err = move_addr_to_kernel(uaddr, addrlen, &addr);
	if (!err)
		err = sock->ops->bind(sock, (struct sockaddr *)&addr, addrlen);
	fput(sock->file);
	return err;
}

long sys_listen(int fd, int backlog)
{
	int err, somaxconn;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	somaxconn = sock_net(sock->sk)->core.somaxconn;
	if ((unsigned int)backlog > (unsigned int)somaxconn)
		backlog = somaxconn;
	err = sock->ops->listen(sock, backlog);
	fput(sock->file);
	return err;
}

/* The peer's address of a fresh connection to the program. */
static int accept_peer(struct socket *newsock, struct sockaddr *uaddr, int *ulen)
{
	struct sockaddr_storage addr;
	int len = newsock->ops->getname(newsock, (struct sockaddr *)&addr, 2);

	if (len < 0)
		return -ECONNABORTED;
	return move_addr_to_user(&addr, len, uaddr, ulen);
}

/*
 * The next connection of a listener as a file, or ERR_PTR. The struct file is made once there is a
 * connection, so that a loop that accepts until -EAGAIN does not pay for one that it drops.
 */
static struct file *do_accept(struct socket *sock, int flags, struct sockaddr *uaddr, int *ulen)
{
	struct socket *newsock = sock_alloc();
	struct file *f;
	int err;

	if (unlikely(!newsock))
		return ERR_PTR(-ENFILE);
	newsock->type = sock->type;
	newsock->ops = sock->ops;
	err = sock->ops->accept(sock, newsock, (int)sock->file->f_flags, false);
	if (err < 0) {
		newsock->ops = NULL; /* nothing was joined to it */
		sock_release(newsock);
		return ERR_PTR(err);
	}
	f = sock_alloc_file(newsock, flags);
	if (IS_ERR(f) || !uaddr)
		return f;
	err = accept_peer(newsock, uaddr, ulen);
	if (err < 0) {
		fput(f);
		return ERR_PTR(err);
	}
	return f;
}

long sys_accept4(int fd, struct sockaddr *uaddr, int *ulen, int flags)
{
	struct file *file = fget(fd), *newfile;
	struct socket *sock;
	int newfd;

	cond_resched();
	if (unlikely(!file))
		return -EBADF;
	newfd = flags & ~SOCK_CREATE_FLAGS ? -EINVAL : get_unused_fd_flags((u32)flags);
	if (unlikely(newfd < 0)) {
		fput(file);
		return newfd;
	}
	sock = sock_from_file(file);
	newfile = sock ? do_accept(sock, flags, uaddr, ulen) : ERR_PTR(-ENOTSOCK);
	if (IS_ERR(newfile)) {
		put_unused_fd(newfd);
		newfd = (int)PTR_ERR(newfile);
	} else {
		fd_install(newfd, newfile);
	}
	fput(file);
	return newfd;
}

long sys_accept(int fd, struct sockaddr *addr, int *addrlen)
{
	return sys_accept4(fd, addr, addrlen, 0);
}

long sys_connect(int fd, const struct sockaddr *uaddr, int addrlen)
{
	struct sockaddr_storage addr;
	struct file *file = fget(fd);
	struct socket *sock;
	int err;

	if (!file)
		return -EBADF;
	err = move_addr_to_kernel(uaddr, addrlen, &addr);
	sock = sock_from_file(file);
	if (!err && !sock)
		err = -ENOTSOCK;
	if (!err)
		err = sock->ops->connect(sock, (struct sockaddr *)&addr, addrlen,
					 (int)file->f_flags);
	fput(file);
	return err;
}

/* getsockname (peer 0) and getpeername (peer 1). */
static long do_getname(int fd, struct sockaddr *uaddr, int *ulen, int peer)
{
	struct sockaddr_storage addr;
	int ret;
	struct socket *sock = sockfd_lookup(fd, &ret);

	if (!sock)
		return ret;
	ret = sock->ops->getname(sock, (struct sockaddr *)&addr, peer);
	if (ret >= 0)
		ret = move_addr_to_user(&addr, ret, uaddr, ulen);
	fput(sock->file);
	return ret;
}

long sys_getsockname(int fd, struct sockaddr *addr, int *addrlen)
{
	return do_getname(fd, addr, addrlen, 0);
}

long sys_getpeername(int fd, struct sockaddr *addr, int *addrlen)
{
	return do_getname(fd, addr, addrlen, 1);
}

long sys_shutdown(int fd, int how)
{
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	err = sock->ops->shutdown(sock, how);
	fput(sock->file);
	return err;
}

long sys_setsockopt(int fd, int level, int optname, const void *optval, int optlen)
{
	struct socket *sock;
	int err;

	if (optlen < 0)
		return -EINVAL;
	sock = sockfd_lookup(fd, &err);
	if (!sock)
		return err;
	err = kernel_setsockopt(sock, level, optname, optval, optlen);
	fput(sock->file);
	return err;
}

long sys_getsockopt(int fd, int level, int optname, void *optval, int *optlen)
{
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	if (!sock)
		return err;
	if (level == SOL_SOCKET)
		err = sock_getsockopt(sock, level, optname, optval, optlen);
	else if (!sock->ops->getsockopt)
		err = -EOPNOTSUPP;
	else
		err = sock->ops->getsockopt(sock, level, optname, optval, optlen);
	fput(sock->file);
	return err;
}
