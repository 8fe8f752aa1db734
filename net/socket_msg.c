// SPDX-License-Identifier: BSD-2-Clause
/*
 * The socket system calls that carry data: sendto, recvfrom, sendmsg, recvmsg, sendmmsg, recvmmsg.
 *
 * Each turns the program's arguments into one struct msghdr and calls sock_sendmsg() or
 * sock_recvmsg(), which is all that lies between a program and its protocol. sendto and recvfrom
 * are the fast path: no allocation, and an address is copied only if there is one. The program's
 * struct user_msghdr is copied once and never read again. Control messages of a send are copied
 * into the kernel, bounded by net.core.optmem_max; those of a receive are appended to the program's
 * buffer by put_cmsg() as the family produces them (RFC 3542 section 20, recvmsg(2)).
 *
 * Called by libc and the system call table, thread context; sleeps as the family's operations do.
 */
#include <errno.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sys.h>
#include <kernel/time/clock.h>
#include <limits.h>
#include <net/net.h>
#include <net/sock_ops.h>
#include <net/socket_file.h>
#include <sys/uio.h>

#define CTL_ON_STACK 64 /* bytes of control messages that a send keeps on its stack */

long sys_sendto(int fd, const void *buf, size_t len, unsigned int flags,
		const struct sockaddr *uaddr, int addrlen)
{
	struct sockaddr_storage addr;
	struct socket *sock;
	struct msghdr msg;
	int err;

	if (unlikely(import_ubuf(buf, len, &msg.msg_iter)))
		return -EFAULT;
	sock = sockfd_lookup(fd, &err);
	if (unlikely(!sock))
		return err;
	msg.msg_name = NULL;
	msg.msg_namelen = 0;
	msg.msg_control = NULL;
	msg.msg_controllen = 0;
	msg.msg_flags = flags | (unsigned int)sock_nonblock_flag(sock);
	err = 0;
	if (uaddr) {
		err = move_addr_to_kernel(uaddr, addrlen, &addr);
		msg.msg_name = &addr;
		msg.msg_namelen = addrlen;
	}
	if (likely(!err))
		err = sock_sendmsg(sock, &msg);
	fput(sock->file);
	return err;
}

long sys_recvfrom(int fd, void *buf, size_t len, unsigned int flags, struct sockaddr *uaddr,
		  int *ulen)
{
	struct sockaddr_storage addr;
	struct socket *sock;
	struct msghdr msg;
	int ret, err;

	if (unlikely(import_ubuf(buf, len, &msg.msg_iter)))
		return -EFAULT;
	sock = sockfd_lookup(fd, &ret);
	if (unlikely(!sock))
		return ret;
	msg.msg_name = uaddr ? &addr : NULL;
	msg.msg_namelen = 0;
	msg.msg_control = NULL;
	msg.msg_controllen = 0;
	msg.msg_flags = 0;
	ret = sock_recvmsg(sock, &msg, (int)flags | sock_nonblock_flag(sock));
	if (ret >= 0 && uaddr) {
		err = move_addr_to_user(&addr, msg.msg_namelen, uaddr, ulen);
		ret = err < 0 ? err : ret;
	}
	fput(sock->file);
	return ret;
}

int put_cmsg(struct msghdr *msg, int level, int type, int len, const void *data)
{
	struct cmsghdr hdr = { .cmsg_level = level, .cmsg_type = type };
	size_t want = CMSG_LEN((size_t)len), space = CMSG_SPACE((size_t)len);
	char *to = msg->msg_control;

	if (!to || msg->msg_controllen < sizeof(hdr)) {
		msg->msg_flags |= MSG_CTRUNC;
		return 0;
	}
	if (msg->msg_controllen < want) {
		msg->msg_flags |= MSG_CTRUNC;
		want = msg->msg_controllen;
	}
	hdr.cmsg_len = want;
	if (copy_to_user(to, &hdr, sizeof(hdr)) ||
	    copy_to_user(to + sizeof(hdr), data, want - sizeof(hdr)))
		return -EFAULT;
	space = min(space, msg->msg_controllen);
	msg->msg_control = to + space;
	msg->msg_controllen -= space;
	return 0;
}

/* One sendmsg or recvmsg in progress. */
struct msg_call {
	struct msghdr msg;
	struct user_msghdr u;	       /* the program's, copied */
	struct sockaddr_storage addr;
	struct iovec fast_iov[UIO_FASTIOV];
	struct iovec *iov;	       /* allocated when fast_iov was too small */
	char fast_ctl[CTL_ON_STACK] __aligned(8);
};

/*
 * Copy and check what the program passed, for a send its address, too; the iterator is ready
 * afterwards. 0 or -errno.
 */
static int copy_msghdr(struct msg_call *c, const void *umsg, bool send)
{
	ssize_t bytes;
	int err;

	if (copy_from_user(&c->u, umsg, sizeof(c->u)))
		return -EFAULT;
	c->iov = NULL;
	c->msg.msg_flags = 0;
	c->msg.msg_control = NULL;
	c->msg.msg_controllen = 0;
	c->msg.msg_name = NULL;
	c->msg.msg_namelen = c->u.msg_name ? (int)c->u.msg_namelen : 0;
	if (c->msg.msg_namelen < 0)
		return -EINVAL;
	c->msg.msg_namelen = min(c->msg.msg_namelen, (int)sizeof(c->addr));
	if (send && c->msg.msg_namelen) {
		c->msg.msg_name = &c->addr;
		err = move_addr_to_kernel(c->u.msg_name, c->msg.msg_namelen, &c->addr);
		if (err)
			return err;
	}
	if (c->u.msg_iovlen > UIO_MAXIOV)
		return -EMSGSIZE;
	bytes = import_iovec(c->u.msg_iov, c->u.msg_iovlen, c->fast_iov, &c->iov, &c->msg.msg_iter);
	return bytes < 0 ? (int)bytes : 0;
}

/* --- sending --------------------------------------------------------------------------------- */

/* The control messages into the kernel. 0, -ENOBUFS (too many), -ENOMEM or -EFAULT. */
static int copy_control(struct msg_call *c, const struct socket *sock)
{
	size_t len = c->u.msg_controllen;
	char *ctl = c->fast_ctl;

	if (len > INT_MAX)
		return -ENOBUFS;
	if (!len)
		return 0;
	if (len > sizeof(c->fast_ctl)) {
		if (len > (size_t)sock_net(sock->sk)->core.optmem_max)
			return -ENOBUFS;
		ctl = kmalloc(len, GFP_KERNEL);
		if (!ctl)
			return -ENOMEM;
	}
	c->msg.msg_control = ctl;
	c->msg.msg_controllen = len;
	return copy_from_user(ctl, c->u.msg_control, len);
}

/* *left: bytes that a stream had no room for. */
static int ___sys_sendmsg(struct socket *sock, const void *umsg, unsigned int flags, size_t *left)
{
	struct msg_call c;
	void *ctl;
	int ret = copy_msghdr(&c, umsg, true);

	if (ret < 0)
		return ret;
	ret = copy_control(&c, sock);
	ctl = c.msg.msg_control;
	if (!ret) {
		c.msg.msg_flags = flags | (unsigned int)sock_nonblock_flag(sock);
		ret = sock_sendmsg(sock, &c.msg);
		*left = iov_iter_count(&c.msg.msg_iter);
	}
	if (ctl != c.fast_ctl)
		kfree(ctl);
	kfree(c.iov);
	return ret;
}

long sys_sendmsg(int fd, const void *umsg, unsigned int flags)
{
	size_t left;
	int ret;
	struct socket *sock = sockfd_lookup(fd, &ret);

	if (unlikely(!sock))
		return ret;
	ret = ___sys_sendmsg(sock, umsg, flags, &left);
	fput(sock->file);
	return ret;
}

long sys_sendmmsg(int fd, void *uvec, unsigned int vlen, unsigned int flags)
{
	struct user_mmsghdr *vec = uvec;
	unsigned int n, len;
	size_t left = 0;
	int ret;
	struct socket *sock = sockfd_lookup(fd, &ret);

	if (!sock)
		return ret;
	vlen = min(vlen, (unsigned int)UIO_MAXIOV);
	for (n = 0; n < vlen && !left; n++) { /* nothing after half a message */
		ret = ___sys_sendmsg(sock, &vec[n].msg_hdr,
				     n + 1 < vlen ? flags | MSG_BATCH : flags, &left);
		if (ret < 0)
			break;
		len = (unsigned int)ret;
		ret = copy_to_user(&vec[n].msg_len, &len, sizeof(len));
		if (ret < 0)
			break;
	}
	fput(sock->file);
	return n || !vlen ? (long)n : ret; /* an error after the first message shows next time */
}

/* --- receiving ------------------------------------------------------------------------------- */

/* Address, flags and length of the control messages back to the program. 0 or -errno. */
static int return_msghdr(const struct msg_call *c, struct user_msghdr *umsg)
{
	size_t ctl_used = (size_t)((char *)c->msg.msg_control - (char *)c->u.msg_control);
	int flags = (int)c->msg.msg_flags, err;

	if (c->u.msg_name) {
		err = move_addr_to_user(&c->addr, c->msg.msg_namelen, c->u.msg_name,
					(int *)&umsg->msg_namelen);
		if (err < 0)
			return err;
	}
	if (copy_to_user(&umsg->msg_flags, &flags, sizeof(flags)) ||
	    copy_to_user(&umsg->msg_controllen, &ctl_used, sizeof(ctl_used)))
		return -EFAULT;
	return 0;
}

/* *out_flags: what the family said about the message (MSG_OOB ends a batch). */
static int ___sys_recvmsg(struct socket *sock, struct user_msghdr *umsg, unsigned int flags,
			  unsigned int *out_flags)
{
	struct msg_call c;
	int ret = copy_msghdr(&c, umsg, false), err;

	if (ret < 0)
		return ret;
	if (c.u.msg_name)
		c.msg.msg_name = &c.addr;
	c.msg.msg_namelen = 0;
	c.msg.msg_flags = flags & MSG_CMSG_CLOEXEC;
	c.msg.msg_control = c.u.msg_control;
	c.msg.msg_controllen = c.u.msg_controllen;
	ret = sock_recvmsg(sock, &c.msg, (int)flags | sock_nonblock_flag(sock));
	kfree(c.iov);
	if (ret < 0)
		return ret;
	*out_flags = c.msg.msg_flags;
	err = return_msghdr(&c, umsg);
	return err < 0 ? err : ret;
}

long sys_recvmsg(int fd, void *umsg, unsigned int flags)
{
	unsigned int out_flags;
	int ret;
	struct socket *sock = sockfd_lookup(fd, &ret);

	if (unlikely(!sock))
		return ret;
	ret = ___sys_recvmsg(sock, umsg, flags, &out_flags);
	fput(sock->file);
	return ret;
}

/* Receive up to vlen messages; the deadline is looked at after each, as Linux does. Or -errno. */
static int recv_batch(struct socket *sock, struct user_mmsghdr *vec, unsigned int vlen,
		      unsigned int flags, u64 deadline)
{
	unsigned int len, out_flags = 0;
	int n = 0, ret;

	while ((unsigned int)n < vlen) {
		ret = ___sys_recvmsg(sock, &vec[n].msg_hdr, flags & ~MSG_WAITFORONE, &out_flags);
		if (ret >= 0) {
			len = (unsigned int)ret;
			ret = copy_to_user(&vec[n].msg_len, &len, sizeof(len));
		}
		if (ret < 0) {
			/* With messages in hand, the error waits for the next call. */
			if (!n)
				return ret;
			if (ret != -EAGAIN)
				sock->sk->sk_err = -ret;
			break;
		}
		n++;
		if (flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
		if (ktime_get_ns() >= deadline || (out_flags & MSG_OOB))
			break;
	}
	return n;
}

/* The program's timeout as a deadline. 0, -EFAULT, -EINVAL. */
static int batch_deadline(const struct timespec *utimeout, u64 *deadline)
{
	struct timespec ts;
	u64 ns;

	*deadline = ~0ull;
	if (!utimeout)
		return 0;
	if (copy_from_user(&ts, utimeout, sizeof(ts)))
		return -EFAULT;
	if (ts.tv_sec < 0 || ts.tv_nsec < 0 || (u64)ts.tv_nsec >= NSEC_PER_SEC)
		return -EINVAL;
	if (!__builtin_mul_overflow((u64)ts.tv_sec, NSEC_PER_SEC, &ns) &&
	    !__builtin_add_overflow(ns, (u64)ts.tv_nsec + ktime_get_ns(), &ns))
		*deadline = ns;
	return 0;
}

long sys_recvmmsg(int fd, void *uvec, unsigned int vlen, unsigned int flags,
		  struct timespec *utimeout)
{
	struct timespec left;
	u64 deadline, now;
	int ret;
	struct socket *sock;

	ret = batch_deadline(utimeout, &deadline);
	if (ret < 0)
		return ret;
	sock = sockfd_lookup(fd, &ret);
	if (!sock)
		return ret;
	ret = flags & MSG_ERRQUEUE ? 0 : sock_error(sock->sk);
	if (!ret)
		ret = recv_batch(sock, uvec, vlen, flags, deadline);
	fput(sock->file);
	if (utimeout && ret > 0) {
		now = ktime_get_ns();
		now = now < deadline ? deadline - now : 0;
		left.tv_sec = (time_t)(now / NSEC_PER_SEC);
		left.tv_nsec = (long)(now % NSEC_PER_SEC);
		if (copy_to_user(utimeout, &left, sizeof(left)))
			return -EFAULT;
	}
	return ret;
}
