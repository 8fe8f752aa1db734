// SPDX-License-Identifier: BSD-2-Clause
/*
 * The socket layer: families register here, struct socket is made here, and its file lives here.
 *
 * sock_register() puts a family into net_families[]; sock_create() finds it there and lets its
 * create() join a struct sock and its proto_ops to the new struct socket. From then on everything
 * goes through sock->ops; this file knows no family. The system calls are in socket_calls.c and
 * socket_msg.c.
 *
 * Thread context; creating, releasing and every operation of a family may sleep. Registration
 * happens at boot and from threads; net_families[] holds the only state here. Left out: security
 * hooks, module loading on demand (all families are linked in), SIGIO.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/file.h>
#include <kernel/fs/procfs.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <net/net.h>
#include <net/netdevice.h>
#include <net/sock_ops.h>
#include <net/socket_file.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#define SOCK_MAX (SOCK_PACKET + 1)

static const struct net_proto_family *net_families[NPROTO];
static struct kmem_cache *sock_cachep;

/* --- registry -------------------------------------------------------------------------------- */

int sock_register(const struct net_proto_family *fam)
{
	if (fam->family < 0 || fam->family >= NPROTO)
		return -ENOBUFS;
	if (net_families[fam->family])
		return -EEXIST;
	net_families[fam->family] = fam;
	return 0;
}

void sock_unregister(int family)
{
	BUG_ON(family < 0 || family >= NPROTO);
	net_families[family] = NULL;
}

/* --- making and releasing -------------------------------------------------------------------- */

struct socket *sock_alloc(void)
{
	struct socket *sock = kmem_cache_alloc(sock_cachep, GFP_KERNEL);

	if (unlikely(!sock))
		return NULL;
	sock->state = SS_UNCONNECTED;
	sock->type = 0;
	sock->flags = 0;
	sock->file = NULL;
	sock->sk = NULL;
	sock->ops = NULL;
	init_waitqueue_head(&sock->wq.wait);
	return sock;
}

void sock_release(struct socket *sock)
{
	if (sock->ops)
		sock->ops->release(sock);
	BUG_ON(waitqueue_active(&sock->wq.wait));
	kmem_cache_free(sock_cachep, sock);
}

/* A family gives every operation (sock_no_* where it has none); only socket options may lack. */
static bool ops_complete(const struct proto_ops *ops)
{
	return ops && ops->release && ops->bind && ops->connect && ops->socketpair && ops->accept &&
	       ops->getname && ops->poll && ops->ioctl && ops->listen && ops->shutdown &&
	       ops->sendmsg && ops->recvmsg;
}

int __sock_create(struct net *net, int family, int type, int protocol, struct socket **res,
		  bool kern)
{
	const struct net_proto_family *pf;
	struct socket *sock;
	int err;

	if (family < 0 || family >= NPROTO)
		return -EAFNOSUPPORT;
	if (type < 0 || type >= SOCK_MAX)
		return -EINVAL;
	if (family == PF_INET && type == SOCK_PACKET) /* as programs of 1995 asked for it */
		family = PF_PACKET;
	pf = net_families[family];
	if (!pf)
		return -EAFNOSUPPORT;
	sock = sock_alloc();
	if (!sock)
		return -ENFILE;
	sock->type = (short)type;
	err = pf->create(net, sock, protocol, kern);
	if (err < 0) {
		sock->ops = NULL; /* what create() made, it has unmade */
		sock_release(sock);
		return err;
	}
	BUG_ON(!ops_complete(sock->ops));
	*res = sock;
	return 0;
}

int sock_create(int family, int type, int protocol, struct socket **res)
{
	return __sock_create(current_net(), family, type, protocol, res, false);
}

int sock_create_kern(struct net *net, int family, int type, int protocol, struct socket **res)
{
	return __sock_create(net, family, type, protocol, res, true);
}

/* --- the file -------------------------------------------------------------------------------- */

int sock_sendmsg(struct socket *sock, struct msghdr *msg)
{
	cond_resched();
	return sock->ops->sendmsg(sock, msg, iov_iter_count(&msg->msg_iter));
}

int sock_recvmsg(struct socket *sock, struct msghdr *msg, int flags)
{
	cond_resched();
	return sock->ops->recvmsg(sock, msg, iov_iter_count(&msg->msg_iter), flags);
}

static ssize_t sock_read_iter(struct file *f, struct iov_iter *to, long *pos)
{
	struct msghdr msg = { .msg_iter = *to };
	int ret;

	(void)pos;
	if (!iov_iter_count(to)) /* as System V: also on a socket that has data */
		return 0;
	ret = sock_recvmsg(f->private_data, &msg, f->f_flags & O_NONBLOCK ? MSG_DONTWAIT : 0);
	*to = msg.msg_iter;
	return ret;
}

static ssize_t sock_write(struct file *f, struct iov_iter *from, unsigned int flags)
{
	struct msghdr msg = { .msg_iter = *from, .msg_flags = flags };
	struct socket *sock = f->private_data;
	int ret;

	if (f->f_flags & O_NONBLOCK)
		msg.msg_flags |= MSG_DONTWAIT;
	if (sock->type == SOCK_SEQPACKET)
		msg.msg_flags |= MSG_EOR;
	ret = sock_sendmsg(sock, &msg);
	*from = msg.msg_iter;
	return ret;
}

static ssize_t sock_write_iter(struct file *f, struct iov_iter *from, long *pos)
{
	(void)pos;
	return sock_write(f, from, 0);
}

/* sendfile and splice: a protocol that can lets its packets refer to the pages. */
static ssize_t sock_write_pages(struct file *f, struct iov_iter *from, bool more)
{
	return sock_write(f, from, more ? MSG_MORE : 0);
}

static u32 sock_poll(struct file *f, struct poll_table *pt)
{
	struct socket *sock = f->private_data;

	return sock->ops->poll(f, sock, pt);
}

/* The hot paths look at the sock's flag (sk_wake_async). */
static void sock_fasync(struct file *f, bool on)
{
	struct socket *sock = f->private_data;

	lock_sock(sock->sk);
	if (on)
		sock_set_flag(sock->sk, SOCK_FASYNC);
	else
		sock_reset_flag(sock->sk, SOCK_FASYNC);
	release_sock(sock->sk);
}

/* Owners of SIGIO are the file's, the rest is the family's. */
static long sock_ioctl(struct file *f, unsigned int cmd, unsigned long arg)
{
	struct socket *sock = f->private_data;
	int pid, err;

	switch (cmd) {
	case FIOSETOWN:
	case SIOCSPGRP:
		if (copy_from_user(&pid, (const void *)arg, sizeof(pid)))
			return -EFAULT;
		return f_setown(f, pid);
	case FIOGETOWN:
	case SIOCGPGRP:
		pid = f_getown(f);
		return copy_to_user((void *)arg, &pid, sizeof(pid));
	}
	err = sock->ops->ioctl(sock, cmd, arg);
	/* What no family knows may be about a device: any sock will do to ask. */
	if (err == -ENOTTY && cmd >= 0x8900 && cmd <= 0x89ff)
		err = dev_ioctl(sock_net(sock->sk), cmd, (void *)arg);
	return err;
}

static int sock_close(struct file *f)
{
	struct socket *sock = f->private_data;

	sock_release(sock);
	return 0;
}

static int sock_mmap(struct file *f, struct vm_object *o, bool shared)
{
	struct socket *sock = f->private_data;

	(void)shared;
	return sock->ops->mmap ? sock->ops->mmap(f, sock, o) : -ENODEV;
}

const struct file_operations socket_file_ops = {
	.name = "socket:",
	.mode = S_IFSOCK | 0777,
	.read_iter = sock_read_iter,
	.write_iter = sock_write_iter,
	.write_pages = sock_write_pages,
	.poll = sock_poll,
	.ioctl = sock_ioctl,
	.mmap = sock_mmap,
	.fasync = sock_fasync,
	.release = sock_close,
};

struct file *sock_alloc_file(struct socket *sock, int flags)
{
	struct file *f = file_alloc(&socket_file_ops, sock, O_RDWR | ((u32)flags & O_NONBLOCK));

	if (IS_ERR(f))
		sock_release(sock);
	else
		sock->file = f;
	return f;
}

int sock_map_fd(struct socket *sock, int flags)
{
	int fd = get_unused_fd_flags((u32)flags & O_CLOEXEC);
	struct file *f;

	if (unlikely(fd < 0)) {
		sock_release(sock);
		return fd;
	}
	f = sock_alloc_file(sock, flags);
	if (IS_ERR(f)) {
		put_unused_fd(fd);
		return (int)PTR_ERR(f);
	}
	fd_install(fd, f);
	return fd;
}

struct socket *sockfd_lookup(int fd, int *err)
{
	struct file *f = fget(fd);

	if (unlikely(!f)) {
		*err = -EBADF;
		return NULL;
	}
	if (likely(f->f_op == &socket_file_ops))
		return f->private_data;
	*err = -ENOTSOCK;
	fput(f);
	return NULL;
}

/* --- for users inside the kernel ------------------------------------------------------------- */

int kernel_bind(struct socket *sock, struct sockaddr *addr, int addrlen)
{
	return sock->ops->bind(sock, addr, addrlen);
}

int kernel_listen(struct socket *sock, int backlog)
{
	return sock->ops->listen(sock, backlog);
}

int kernel_accept(struct socket *sock, struct socket **newsock, int flags)
{
	struct socket *child = sock_alloc();
	int err;

	if (!child)
		return -ENFILE;
	child->type = sock->type;
	child->ops = sock->ops;
	err = sock->ops->accept(sock, child, flags, true);
	if (err < 0) {
		child->ops = NULL; /* nothing was joined to it */
		sock_release(child);
		return err;
	}
	*newsock = child;
	return 0;
}

int kernel_connect(struct socket *sock, struct sockaddr *addr, int addrlen, int flags)
{
	return sock->ops->connect(sock, addr, addrlen, flags);
}

int kernel_sendmsg(struct socket *sock, struct msghdr *msg, const void *buf, size_t len)
{
	iov_iter_kernel(&msg->msg_iter, (void *)buf, len);
	return sock_sendmsg(sock, msg);
}

int kernel_recvmsg(struct socket *sock, struct msghdr *msg, void *buf, size_t len, int flags)
{
	iov_iter_kernel(&msg->msg_iter, buf, len);
	return sock_recvmsg(sock, msg, flags);
}

int kernel_setsockopt(struct socket *sock, int level, int name, const void *optval, int optlen)
{
	if (level == SOL_SOCKET)
		return sock_setsockopt(sock, level, name, optval, optlen);
	if (!sock->ops->setsockopt)
		return -EOPNOTSUPP;
	return sock->ops->setsockopt(sock, level, name, optval, optlen);
}

void sock_init(void)
{
	sock_cachep = kmem_cache_create("sock_inode_cache", sizeof(struct socket), 0, 0);
	if (!sock_cachep)
		panic("net: no memory for the cache of sockets");
	fs_set_init_net(&init_net);
}
