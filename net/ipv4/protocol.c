// SPDX-License-Identifier: BSD-2-Clause
/*
 * inet_protos[]: which transport takes packets of which IP protocol number (IANA protocol-numbers,
 * RFC 791 section 3.1). One entry a number, the same for all namespaces.
 *
 * Written by transports at init (inet_init) or by tests, thread context; read for each packet in
 * softirq by ip_local_deliver_finish() and icmp.c. The other registry of <net/protocol.h>,
 * inetsw[], is in af_inet.c.
 */
#include <errno.h>
#include <kernel/sched/softirq.h>
#include <net/protocol.h>

const struct net_protocol *inet_protos[MAX_INET_PROTOS];

int inet_add_protocol(const struct net_protocol *prot, u8 protocol)
{
	int err = 0;

	BUG_ON(!prot->handler);
	local_bh_disable();
	if (inet_protos[protocol])
		err = -EEXIST;
	else
		inet_protos[protocol] = prot;
	local_bh_enable();
	return err;
}

int inet_del_protocol(const struct net_protocol *prot, u8 protocol)
{
	int err = 0;

	local_bh_disable();
	if (inet_protos[protocol] == prot)
		inet_protos[protocol] = NULL;
	else
		err = -ENOENT;
	local_bh_enable();
	return err;
}
