/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_CMSG_H
#define BW_NET_CMSG_H

/*
 * Control messages of a send, which socket_msg.c has copied into the kernel. RFC 3542 section 20.
 * (What a receive tells the program goes out by put_cmsg(), <net/net.h>.)
 */
#include <net/net.h>

/* Whether a message's own length lies within what is left of the buffer. */
static inline bool cmsg_ok(const struct msghdr *msg, const struct cmsghdr *cmsg)
{
	size_t off = (size_t)((const char *)cmsg - (const char *)msg->msg_control);

	return cmsg->cmsg_len >= sizeof(*cmsg) && cmsg->cmsg_len <= msg->msg_controllen - off;
}
static inline struct cmsghdr *cmsg_first(const struct msghdr *msg)
{
	return msg->msg_controllen >= sizeof(struct cmsghdr) ? msg->msg_control : NULL;
}
/* The one after cmsg (which is cmsg_ok), or NULL. */
static inline struct cmsghdr *cmsg_next(const struct msghdr *msg, struct cmsghdr *cmsg)
{
	size_t off = (size_t)((char *)cmsg - (char *)msg->msg_control);
	size_t next = off + CMSG_ALIGN(cmsg->cmsg_len);

	if (next > msg->msg_controllen || msg->msg_controllen - next < sizeof(*cmsg))
		return NULL;
	return (struct cmsghdr *)((char *)msg->msg_control + next);
}
/* The body must leave with -EINVAL for one that is not cmsg_ok(). */
#define for_each_cmsghdr(cmsg, msg) for (cmsg = cmsg_first(msg); cmsg; cmsg = cmsg_next(msg, cmsg))
/* Bytes of data of a message that is cmsg_ok. */
static inline size_t cmsg_data_len(const struct cmsghdr *cmsg)
{
	return cmsg->cmsg_len - sizeof(*cmsg);
}

/* Level SOL_SOCKET (net/core/sock_cmsg.c): one message that is cmsg_ok, or all. 0 or -EINVAL. */
int __sock_cmsg_send(const struct cmsghdr *cmsg, u32 *mark);
int sock_cmsg_send(const struct msghdr *msg, u32 *mark);

#endif /* BW_NET_CMSG_H */
