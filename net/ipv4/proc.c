// SPDX-License-Identifier: BSD-2-Clause
/*
 * /proc/net for IPv4: snmp, netstat and sockstat in Linux's formats, for netstat -s, nstat and
 * whoever parses them. The socks themselves (tcp, udp, raw, icmp): proc_socks.c; device files:
 * net-procfs.c.
 *
 * Readers' thread context; counters are read without locks.
 */
#include <errno.h>
#include <kernel/fs/procfs.h>
#include <net/inet_common.h>
#include <net/ip.h>
#include <net/proc_ipv4.h>
#include <net/tcp_ops.h>
#include <netinet/ip_icmp.h>

/* Two lines: "Tag: name name", "Tag: value value". */
static void snmp_pair(struct seq_file *m, const char *tag, const char *const *names, int n,
		      const unsigned long *values)
{
	int i;

	seq_printf(m, "%s:", tag);
	for (i = 0; i < n; i++)
		seq_printf(m, " %s", names[i]);
	seq_printf(m, "\n%s:", tag);
	for (i = 0; i < n; i++)
		seq_printf(m, " %lu", values[i]);
	seq_putc(m, '\n');
}

/* Of IP only RFC 2011's part stands in snmp; the octet counters are IpExt in netstat. */
static void snmp_ip(struct seq_file *m)
{
	static const int rows[] = {
		IPSTATS_MIB_INRECEIVES,	      IPSTATS_MIB_INHDRERRORS,	   IPSTATS_MIB_INADDRERRORS,
		IPSTATS_MIB_OUTFORWDATAGRAMS, IPSTATS_MIB_INUNKNOWNPROTOS, IPSTATS_MIB_INDISCARDS,
		IPSTATS_MIB_INDELIVERS,	      IPSTATS_MIB_OUTREQUESTS,	   IPSTATS_MIB_OUTDISCARDS,
		IPSTATS_MIB_OUTNOROUTES,      IPSTATS_MIB_REASMTIMEOUT,	   IPSTATS_MIB_REASMREQDS,
		IPSTATS_MIB_REASMOKS,	      IPSTATS_MIB_REASMFAILS,	   IPSTATS_MIB_FRAGOKS,
		IPSTATS_MIB_FRAGFAILS,	      IPSTATS_MIB_FRAGCREATES,
	};
	static const char *const names[] = {
		"InReceives",	"InHdrErrors", "InAddrErrors", "ForwDatagrams", "InUnknownProtos",
		"InDiscards",	"InDelivers",  "OutRequests",  "OutDiscards",	"OutNoRoutes",
		"ReasmTimeout", "ReasmReqds",  "ReasmOKs",     "ReasmFails",	"FragOKs",
		"FragFails",	"FragCreates",
	};
	size_t i;

	seq_puts(m, "Ip: Forwarding DefaultTTL");
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		seq_printf(m, " %s", names[i]);
	seq_printf(m, "\nIp: %d %d", m->net->ipv4.sysctl_ip_forward ? 1 : 2,
		   m->net->ipv4.sysctl_ip_default_ttl);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		seq_printf(m, " %lu", m->net->mib.ip_statistics[rows[i]]);
	seq_putc(m, '\n');
}

/* Types seen only, as Linux prints them. */
static void snmp_icmpmsg(struct seq_file *m)
{
	const unsigned long *v = m->net->mib.icmpmsg_statistics;
	int i, n = 0;

	for (i = 0; i < ICMPMSG_MIB_MAX; i++) {
		if (v[i])
			seq_printf(m, "%s%sType%d", n++ ? "" : "IcmpMsg:", i < 256 ? " In" : " Out",
				   i & 255);
	}
	if (!n)
		return;
	seq_puts(m, "\nIcmpMsg:");
	for (i = 0; i < ICMPMSG_MIB_MAX; i++) {
		if (v[i])
			seq_printf(m, " %lu", v[i]);
	}
	seq_putc(m, '\n');
}

static int snmp_show(struct seq_file *m)
{
	const struct net_mib *mib = &m->net->mib;
	unsigned long tcp[__TCP_MIB_MAX];
	int i;

	snmp_ip(m);
	snmp_pair(m, "Icmp", snmp_icmp_names, __ICMP_MIB_MAX, mib->icmp_statistics);
	snmp_icmpmsg(m);
	for (i = 0; i < __TCP_MIB_MAX; i++)
		tcp[i] = mib->tcp_statistics[i];
	tcp[TCP_MIB_RTOALGORITHM] = 1; /* RFC 4022: other */
	tcp[TCP_MIB_RTOMIN] = TCP_RTO_MIN;
	tcp[TCP_MIB_RTOMAX] = TCP_RTO_MAX;
	tcp[TCP_MIB_MAXCONN] = (unsigned long)-1L;
	seq_puts(m, "Tcp:");
	for (i = 0; i < __TCP_MIB_MAX; i++)
		seq_printf(m, " %s", snmp_tcp_names[i]);
	seq_puts(m, "\nTcp:");
	for (i = 0; i < __TCP_MIB_MAX; i++)
		seq_printf(m, i == TCP_MIB_MAXCONN ? " %ld" : " %lu", tcp[i]);
	seq_putc(m, '\n');
	snmp_pair(m, "Udp", snmp_udp_names, __UDP_MIB_MAX, mib->udp_statistics);
	return 0;
}

static int netstat_show(struct seq_file *m)
{
	static const int rows[] = {
		IPSTATS_MIB_INNOROUTES,	    IPSTATS_MIB_INTRUNCATEDPKTS, IPSTATS_MIB_INMCASTPKTS,
		IPSTATS_MIB_OUTMCASTPKTS,   IPSTATS_MIB_INBCASTPKTS,	 IPSTATS_MIB_OUTBCASTPKTS,
		IPSTATS_MIB_INOCTETS,	    IPSTATS_MIB_OUTOCTETS,	 IPSTATS_MIB_INMCASTOCTETS,
		IPSTATS_MIB_OUTMCASTOCTETS, IPSTATS_MIB_INBCASTOCTETS,	 IPSTATS_MIB_OUTBCASTOCTETS,
		IPSTATS_MIB_INCSUMERRORS,   IPSTATS_MIB_INNOECTPKTS,	 IPSTATS_MIB_INECT1PKTS,
		IPSTATS_MIB_INECT0PKTS,	    IPSTATS_MIB_INCEPKTS,	 IPSTATS_MIB_REASMOVERLAPS,
	};
	size_t i;

	snmp_pair(m, "TcpExt", snmp_net_names, __LINUX_MIB_MAX, m->net->mib.net_statistics);
	seq_puts(m, "IpExt:");
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		seq_printf(m, " %s", snmp_ip_names[rows[i]]);
	seq_puts(m, "\nIpExt:");
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		seq_printf(m, " %lu", m->net->mib.ip_statistics[rows[i]]);
	seq_putc(m, '\n');
	return 0;
}

static void count_sock(struct sock *sk, void *arg)
{
	int *n = arg;

	(void)sk;
	++*n;
}

/* As Linux counts them: requests and TIME-WAIT lie in the same table, and are none in use. */
static void count_tcp_sock(struct sock *sk, void *arg)
{
	if (sk->sk_state != TCP_NEW_SYN_RECV && sk->sk_state != TCP_TIME_WAIT)
		count_sock(sk, arg);
}

static int sockstat_show(struct seq_file *m)
{
	const struct netns_ipv4 *v4 = &m->net->ipv4;
	int tcp = 0, udp = 0, raw = 0, frag_queues = 0;
	long frag_mem = 0;

	inet_hash_for_each(m->net, count_tcp_sock, &tcp);
	udp_for_each(m->net, count_sock, &udp);
	raw_for_each(m->net, count_sock, &raw);
	ip_frag_usage(m->net, &frag_queues, &frag_mem);
	seq_printf(m, "sockets: used %d\n", m->net->sock_inuse);
	seq_printf(m, "TCP: inuse %d orphan %d tw %d alloc %d mem %ld\n", tcp, v4->tcp_orphan_count,
		   v4->tw_count, v4->tcp_sockets_allocated, v4->tcp_memory_allocated);
	seq_printf(m, "UDP: inuse %d mem %ld\n", udp, v4->udp_memory_allocated);
	seq_puts(m, "UDPLITE: inuse 0\n");
	seq_printf(m, "RAW: inuse %d\n", raw);
	seq_printf(m, "FRAG: inuse %d memory %ld\n", frag_queues, frag_mem);
	return 0;
}

static const struct proc_ops snmp_ops = {.show = snmp_show};
static const struct proc_ops netstat_ops = {.show = netstat_show};
static const struct proc_ops sockstat_ops = {.show = sockstat_show};

/* The files of this floor. 0 or -errno. */
int ip_misc_proc_init(void)
{
	int err = proc_create("net/snmp", 0444, &snmp_ops, NULL);

	if (!err)
		err = proc_create("net/netstat", 0444, &netstat_ops, NULL);
	if (!err)
		err = proc_create("net/sockstat", 0444, &sockstat_ops, NULL);
	if (!err)
		err = tcp_metrics_proc_init();
	return err ? err : ip_sock_proc_init();
}
