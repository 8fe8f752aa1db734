// SPDX-License-Identifier: BSD-2-Clause
/*
 * /proc/sys/net/ipv4 without TCP (sysctl_tcp.c) and without conf/ and neigh/ (devinet.c,
 * neighbour.c): names, defaults and ranges of Linux 6.1, one value a namespace. Only what has an
 * effect here stands in the table.
 *
 * The defaults are set by a pernet init that runs before every other floor's, so that tables sized
 * by them find them. Thread context.
 */
#include <errno.h>
#include <kernel/fs/sysctl.h>
#include <kernel/mm/page_alloc.h>
#include <limits.h>
#include <net/inet_common.h>
#include <net/inetdevice.h>
#include <net/net_namespace.h>
#include <net/sysctl_ipv4.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ip_local_port_range: two ports, the first not above the second and not below the unprivileged
 * start. */
static int ipv4_local_port_range(const struct ctl_table *t, void *data, bool write, char *text,
				 size_t size)
{
	int old[2], *range = data, err;

	memcpy(old, range, sizeof(old));
	err = proc_dointvec_minmax(t, data, write, text, size);
	if (!err && write && range[1] < range[0])
		err = -EINVAL;
	if (err && write)
		memcpy(range, old, sizeof(old));
	return err;
}

/* ip_local_reserved_ports: "8080,9000-9010", ports in order of each range. */
static int ipv4_reserved_ports(const struct ctl_table *t, void *data, bool write, char *text,
			       size_t size)
{
	const char *s = text;
	char *end;

	while (write && *s && *s != '\n') {
		unsigned long lo = strtoul(s, &end, 10), hi = lo;

		if (end == s)
			return -EINVAL;
		if (*end == '-') {
			s = end + 1;
			hi = strtoul(s, &end, 10);
			if (end == s)
				return -EINVAL;
		}
		if (hi > 65535 || lo > hi || (*end && *end != ',' && *end != '\n'))
			return -EINVAL;
		s = *end == ',' ? end + 1 : end;
	}
	return proc_dostring(t, data, write, text, size);
}

static void ipv4_forward_changed(struct net *net, const struct ctl_table *t)
{
	(void)t;
	inet_forward_change(net);
}

static const struct ctl_table ipv4_table[] = {
	IPV4_INT("ip_default_ttl", sysctl_ip_default_ttl, 1, 255),
	{.procname = "ip_forward",
	 .data = IPV4_OFFSET(sysctl_ip_forward),
	 .maxlen = sizeof(int),
	 .mode = 0644,
	 .handler = proc_dointvec_minmax,
	 .extra2 = 1,
	 .changed = ipv4_forward_changed},
	IPV4_INT("ip_autobind_reuse", sysctl_ip_autobind_reuse, 0, 1),
	IPV4_INT("ip_nonlocal_bind", sysctl_ip_nonlocal_bind, 0, 1),
	IPV4_INT("ip_no_pmtu_disc", sysctl_ip_no_pmtu_disc, 0, 3),
	IPV4_INT("ip_unprivileged_port_start", sysctl_ip_prot_sock, 0, 65535),
	{.procname = "ip_local_port_range",
	 .data = IPV4_OFFSET(sysctl_local_ports),
	 .maxlen = 2 * sizeof(int),
	 .mode = 0644,
	 .handler = ipv4_local_port_range,
	 .extra1 = 1,
	 .extra2 = 65535},
	{.procname = "ip_local_reserved_ports",
	 .data = IPV4_OFFSET(sysctl_local_reserved_ports),
	 .maxlen = sizeof(((struct netns_ipv4 *)0)->sysctl_local_reserved_ports),
	 .mode = 0644,
	 .handler = ipv4_reserved_ports},
	IPV4_INT("ipfrag_max_dist", sysctl_ipfrag_max_dist, 0, INT_MAX),
	IPV4_LONG("ipfrag_high_thresh", sysctl_ipfrag_high_thresh, 0, LONG_MAX),
	IPV4_SECONDS("ipfrag_time", sysctl_ipfrag_time_ms),
	IPV4_INT("icmp_echo_ignore_all", sysctl_icmp_echo_ignore_all, 0, 1),
	IPV4_INT("icmp_echo_ignore_broadcasts", sysctl_icmp_echo_ignore_broadcasts, 0, 1),
	IPV4_INT("icmp_ignore_bogus_error_responses", sysctl_icmp_ignore_bogus_error_responses, 0,
		 1),
	IPV4_INT("icmp_errors_use_inbound_ifaddr", sysctl_icmp_errors_use_inbound_ifaddr, 0, 1),
	IPV4_INT("icmp_ratelimit", sysctl_icmp_ratelimit, 0, INT_MAX),
	IPV4_INT("icmp_ratemask", sysctl_icmp_ratemask, INT_MIN, INT_MAX),
	IPV4_INT("icmp_msgs_per_sec", sysctl_icmp_msgs_per_sec, 0, INT_MAX),
	IPV4_INT("icmp_msgs_burst", sysctl_icmp_msgs_burst, 0, INT_MAX),
	IPV4_INT("igmp_max_memberships", sysctl_igmp_max_memberships, 0, INT_MAX),
	IPV4_INT("igmp_qrv", sysctl_igmp_qrv, 1, INT_MAX),
	{.procname = "udp_mem",
	 .data = IPV4_OFFSET(sysctl_udp_mem),
	 .maxlen = 3 * sizeof(long),
	 .mode = 0644,
	 .handler = proc_doulongvec_minmax,
	 .extra2 = LONG_MAX},
};

static const struct ctl_table route_table[] = {
	IPV4_SECONDS("mtu_expires", sysctl_mtu_expires_ms),
	IPV4_INT("min_pmtu", sysctl_min_pmtu, 68, INT_MAX),
};

/* Pages by share of memory, as Linux sizes tcp_mem and udp_mem: an eighth in the middle. */
void ipv4_mem_defaults(long mem[3], unsigned long divisor)
{
	unsigned long limit = max_t(unsigned long, totalram_pages() / divisor, 128);

	mem[0] = (long)(limit / 4 * 3);
	mem[1] = (long)limit;
	mem[2] = mem[0] * 2;
}

static int ipv4_sysctl_init(struct net *net)
{
	struct netns_ipv4 *v4 = &net->ipv4;

	v4->sysctl_ip_default_ttl = 64; /* RFC 1700 */
	v4->sysctl_local_ports[0] = 32768;
	v4->sysctl_ip_prot_sock = 1024;
	v4->sysctl_local_ports[1] = 60999;
	v4->sysctl_mtu_expires_ms = 10 * 60 * 1000;
	v4->sysctl_min_pmtu = 552;
	v4->sysctl_ipfrag_high_thresh = 4 * 1024 * 1024;
	v4->sysctl_ipfrag_time_ms = 30 * 1000;
	v4->sysctl_ipfrag_max_dist = 64;
	v4->sysctl_icmp_echo_ignore_broadcasts = 1;
	v4->sysctl_icmp_ignore_bogus_error_responses = 1;
	v4->sysctl_icmp_ratelimit = 1000;
	v4->sysctl_icmp_ratemask = 0x1818;
	v4->sysctl_icmp_msgs_per_sec = 1000;
	v4->sysctl_icmp_msgs_burst = 50;
	v4->sysctl_igmp_max_memberships = 20;
	v4->sysctl_igmp_max_msf = 10;
	v4->sysctl_igmp_qrv = 2;
	ipv4_mem_defaults(v4->sysctl_udp_mem, 8);
	/* No more than a quarter of the memory in fragments of a small machine. */
	v4->sysctl_ipfrag_high_thresh = min_t(long, v4->sysctl_ipfrag_high_thresh,
					      (long)(totalram_pages() * PAGE_SIZE / 4));
	ipv4_tcp_sysctl_defaults(net);
	return 0;
}

static struct pernet_operations ipv4_sysctl_ops = {
	.name = "ipv4_sysctl",
	.init = ipv4_sysctl_init,
};

/* First of inet_init: defaults, then the names. */
void ipv4_sysctl_register(void)
{
	if (register_pernet_subsys(&ipv4_sysctl_ops) ||
	    register_net_sysctl("net/ipv4", ipv4_table, ARRAY_SIZE(ipv4_table)) ||
	    register_net_sysctl("net/ipv4/route", route_table, ARRAY_SIZE(route_table)) ||
	    ipv4_tcp_sysctl_register())
		panic("ipv4: cannot register the sysctls");
}
