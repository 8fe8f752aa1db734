// SPDX-License-Identifier: BSD-2-Clause
/*
 * Control messages of a send at level SOL_SOCKET, which every protocol takes: SO_MARK for this
 * packet alone, SO_TIMESTAMPING, and those of AF_UNIX, which mean nothing elsewhere but are no
 * mistake. socket(7), Linux's timestamping document.
 *
 * Called by TCP and by ip_cmsg_send() in thread context, with the messages in kernel memory. Left
 * out: SCM_TXTIME, and events for one packet only (the flags are checked, the sock's count).
 */
#include <net/cmsg.h>
#include <net/errqueue.h>
#include <net/tstamp.h>
#include <string.h>

#define TX_RECORD_MASK                                                             \
	(SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_TX_SCHED | \
	 SOF_TIMESTAMPING_TX_ACK)

int __sock_cmsg_send(const struct cmsghdr *cmsg, u32 *mark)
{
	u32 val;

	if (cmsg->cmsg_type == SCM_RIGHTS || cmsg->cmsg_type == SCM_CREDENTIALS)
		return 0;
	if (cmsg->cmsg_type != SO_MARK && cmsg->cmsg_type != SO_TIMESTAMPING)
		return -EINVAL;
	if (cmsg->cmsg_len != CMSG_LEN(sizeof(val)))
		return -EINVAL;
	memcpy(&val, CMSG_DATA(cmsg), sizeof(val));
	if (cmsg->cmsg_type == SO_TIMESTAMPING)
		return val & ~(u32)TX_RECORD_MASK ? -EINVAL : 0;
	*mark = val;
	return 0;
}

int sock_cmsg_send(const struct msghdr *msg, u32 *mark)
{
	struct cmsghdr *cmsg;

	for_each_cmsghdr(cmsg, msg) {
		if (!cmsg_ok(msg, cmsg))
			return -EINVAL;
		if (cmsg->cmsg_level == SOL_SOCKET && __sock_cmsg_send(cmsg, mark))
			return -EINVAL;
	}
	return 0;
}
