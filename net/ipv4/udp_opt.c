// SPDX-License-Identifier: BSD-2-Clause
/*
 * UDP_CORK and MSG_MORE: bytes are collected until the cork is drawn, then sent as one datagram to
 * where the first piece was going. And the options at level SOL_UDP.
 *
 * Thread context; the collecting is done under the sock lock. Left out: UDP_SEGMENT, UDP_GRO and
 * encapsulation, which answer -ENOPROTOOPT.
 */
#include <errno.h>
#include <kernel/mm/uaccess.h>
#include <net/udp_impl.h>
#include <string.h>

#define UDP_CORK_MAX (0xffffu - 8 - 20) /* one datagram's payload, RFC 768 over RFC 791 */

/* Append; the first piece fixes the destination. Sock locked. */
static int udp_cork_append(struct sock *sk, struct msghdr *msg, u32 len)
{
	struct udp_sock *up = udp_sk(sk);
	int err;

	if (!up->pending) {
		err = ip4_datagram_dest(sk, msg, &up->cork_dst, &up->cork_ipc);
		if (err)
			return err;
		up->pending = kmalloc(UDP_CORK_MAX, GFP_KERNEL);
		if (!up->pending)
			return -ENOBUFS;
	}
	if (len > UDP_CORK_MAX - up->pending_len)
		return -EMSGSIZE;
	if (copy_from_iter(up->pending + up->pending_len, len, &msg->msg_iter) != len)
		return -EFAULT;
	up->pending_len += len;
	return 0;
}

/* Send what is collected. Sock not locked: sending may sleep. */
static int udp_cork_flush(struct sock *sk, unsigned int flags)
{
	struct udp_sock *up = udp_sk(sk);
	struct msghdr msg = {.msg_flags = flags};
	struct sockaddr_in dst;
	struct ipcm_cookie ipc;
	u32 len;
	u8 *data;
	int err;

	lock_sock(sk);
	data = up->pending;
	len = up->pending_len;
	dst = up->cork_dst;
	ipc = up->cork_ipc;
	up->pending = NULL;
	up->pending_len = 0;
	release_sock(sk);
	if (!data)
		return 0;
	iov_iter_kernel(&msg.msg_iter, data, len);
	err = udp_send_one(sk, &msg, len, &dst, &ipc);
	kfree(data);
	return err < 0 ? err : 0;
}

int udp_cork_sendmsg(struct sock *sk, struct msghdr *msg, u32 len)
{
	int err;

	lock_sock(sk);
	err = udp_cork_append(sk, msg, len);
	release_sock(sk);
	if (!err && !udp_sk(sk)->corkflag && !(msg->msg_flags & MSG_MORE))
		err = udp_cork_flush(sk, msg->msg_flags);
	return err ? err : (int)len;
}

int udp_setsockopt(struct sock *sk, int level, int name, const void *optval, int optlen)
{
	int val;

	if (level != IPPROTO_UDP)
		return ip_setsockopt(sk, level, name, optval, optlen);
	if (optlen < (int)sizeof(int))
		return -EINVAL;
	if (copy_from_user(&val, optval, sizeof(val)))
		return -EFAULT;
	if (name != UDP_CORK)
		return -ENOPROTOOPT;
	udp_sk(sk)->corkflag = val != 0;
	return val ? 0 : udp_cork_flush(sk, 0);
}

int udp_getsockopt(struct sock *sk, int level, int name, void *optval, int *optlen)
{
	int val, len;

	if (level != IPPROTO_UDP)
		return ip_getsockopt(sk, level, name, optval, optlen);
	if (copy_from_user(&len, optlen, sizeof(len)))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	if (name != UDP_CORK)
		return -ENOPROTOOPT;
	val = udp_sk(sk)->corkflag;
	len = min_t(int, len, sizeof(int));
	if (copy_to_user(optlen, &len, sizeof(len)) || copy_to_user(optval, &val, (size_t)len))
		return -EFAULT;
	return 0;
}
