/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_NETNS_IPV4_H
#define BW_NET_NETNS_IPV4_H

/*
 * The IPv4 part of a namespace: its tables and every net.ipv4 / net.core sysctl with Linux's name
 * and default (defaults are set in net/ipv4/sysctl_net_ipv4.c and net/core/sysctl_net_core.c).
 */
#include <kernel/lib/list.h>
#include <net/if.h>

struct arp_probe;
struct fib_table;
struct fqdir;
struct inet_hashinfo;
struct ipconfig_state;
struct neigh_table;
struct ping_table;
struct raw_hashinfo;
struct rt_cache;
struct sock;
struct tcp_congestion_ops;
struct tcp_fastopen_context;
struct tcp_metrics_table;
struct udp_table;

struct netns_core {
	int somaxconn;
	u32 rmem_default, wmem_default, rmem_max, wmem_max;
	int netdev_max_backlog, netdev_budget, netdev_budget_usecs, dev_weight;
	int optmem_max, txrehash;
};

/* Defaults of net.ipv4.neigh.default.* and the table's limits (milliseconds). */
struct neigh_sysctl {
	int base_reachable_time_ms, retrans_time_ms, delay_first_probe_time_ms, gc_stale_time_ms;
	int mcast_solicit, ucast_solicit, unres_qlen_bytes, locktime_ms;
	int gc_thresh1, gc_thresh2, gc_thresh3;
};

/*
 * net.ipv4.conf.{all,default,DEV}.*: what a device does differently. A device starts with a copy of
 * `default`; how `all` and the device's own value combine stands in <net/inetdevice.h>.
 */
struct ipv4_devconf {
	int forwarding, accept_redirects, secure_redirects, send_redirects, shared_media;
	int accept_source_route, accept_local, route_localnet, rp_filter, log_martians;
	int arp_ignore, arp_announce, arp_notify, arp_accept, arp_filter, drop_gratuitous_arp;
	int promote_secondaries, force_igmp_version;
};
#define INET_ADDR_HSIZE 64
#define IP_IDENTS	256

struct netns_ipv4 {
	/* tables, made by the pernet init of their owners */
	struct fib_table *fib;
	struct rt_cache *rt_cache;
	struct hlist_head inet_addr_lst[INET_ADDR_HSIZE]; /* in_ifaddr by address */
	struct neigh_table *arp_tbl;
	struct arp_probe *arp_probes; /* those who wait for a conflict */
	struct inet_hashinfo *tcp_hashinfo;
	struct udp_table *udp_table;
	struct raw_hashinfo *raw_table;
	int raw_socks; /* in the table: nobody looks there while it is 0 */
	struct ping_table *ping_table;
	struct fqdir *fqdir;
	void *icmp_state;
	void *igmp_state;
	struct ipconfig_state *ipconfig; /* what /proc/net/pnp tells */
	unsigned long last_redirect; /* jiffies, brake on ICMP redirects */
	u32 addr_genid; /* bumped when an address comes or goes */
	u32 rt_genid; /* bumped when routes or addresses change: cached dsts are looked up again */
	u32 ip_idents[IP_IDENTS]; /* IP identification, shared by the flows of one hash value */
	struct sock *tcp_ctl_sk;  /* sends RST and ACK where there is no sock */
	struct sock *icmp_sk;

	/* memory and object accounting, in pages and objects */
	long tcp_memory_allocated, udp_memory_allocated;
	int tcp_orphan_count, tcp_sockets_allocated, tw_count;
	unsigned long tcp_memory_pressure; /* jiffies when it began, 0 = none */
	unsigned long tcp_reclaimed;	   /* jiffies of the last collection from idle socks */

	/* net.ipv4: IP */
	int sysctl_ip_default_ttl, sysctl_ip_forward, sysctl_ip_nonlocal_bind,
		sysctl_ip_no_pmtu_disc;
	int sysctl_local_ports[2]; /* ip_local_port_range */
	int sysctl_ip_prot_sock;   /* ip_unprivileged_port_start */
	int sysctl_ip_autobind_reuse;
	char sysctl_local_reserved_ports[256];
	int sysctl_mtu_expires_ms, sysctl_min_pmtu;
	long sysctl_ipfrag_high_thresh;
	int sysctl_ipfrag_time_ms, sysctl_ipfrag_max_dist;
	int sysctl_icmp_echo_ignore_all, sysctl_icmp_echo_ignore_broadcasts;
	int sysctl_icmp_ignore_bogus_error_responses, sysctl_icmp_ratelimit, sysctl_icmp_ratemask;
	int sysctl_icmp_errors_use_inbound_ifaddr, sysctl_icmp_msgs_per_sec, sysctl_icmp_msgs_burst;
	int sysctl_igmp_max_memberships, sysctl_igmp_max_msf, sysctl_igmp_qrv;
	long sysctl_udp_mem[3];
	struct neigh_sysctl neigh;
	struct ipv4_devconf devconf_all, devconf_dflt;

	/* net.ipv4: TCP (times in ms) */
	int sysctl_tcp_syn_retries, sysctl_tcp_synack_retries, sysctl_tcp_retries1,
		sysctl_tcp_retries2;
	int sysctl_tcp_syncookies, sysctl_max_syn_backlog, sysctl_tcp_abort_on_overflow;
	int sysctl_tcp_keepalive_time, sysctl_tcp_keepalive_intvl, sysctl_tcp_keepalive_probes;
	int sysctl_tcp_fin_timeout, sysctl_tcp_orphan_retries, sysctl_tcp_max_orphans;
	int sysctl_max_tw_buckets, sysctl_tcp_tw_reuse, sysctl_tcp_rfc1337;
	int sysctl_tcp_timestamps, sysctl_tcp_window_scaling, sysctl_tcp_sack, sysctl_tcp_dsack;
	int sysctl_tcp_ecn, sysctl_tcp_ecn_fallback;
	int sysctl_tcp_reordering, sysctl_tcp_max_reordering, sysctl_tcp_recovery;
	int sysctl_tcp_early_retrans, sysctl_tcp_frto, sysctl_tcp_thin_linear_timeouts;
	int sysctl_tcp_rmem[3], sysctl_tcp_wmem[3];
	long sysctl_tcp_mem[3];
	int sysctl_tcp_moderate_rcvbuf, sysctl_tcp_adv_win_scale, sysctl_tcp_app_win;
	int sysctl_tcp_slow_start_after_idle, sysctl_tcp_stdurg;
	int sysctl_tcp_limit_output_bytes, sysctl_tcp_autocorking;
	int sysctl_tcp_min_tso_segs, sysctl_tcp_tso_win_divisor, sysctl_tcp_tso_rtt_log;
	int sysctl_tcp_notsent_lowat, sysctl_tcp_challenge_ack_limit, sysctl_tcp_invalid_ratelimit;
	int sysctl_tcp_workaround_signed_windows;
	unsigned long sysctl_tcp_comp_sack_delay_ns;
	int sysctl_tcp_comp_sack_nr;
	int sysctl_tcp_base_mss, sysctl_tcp_min_snd_mss, sysctl_tcp_retrans_collapse;
	int sysctl_tcp_mtu_probing, sysctl_tcp_mtu_probe_floor, sysctl_tcp_probe_threshold;
	int sysctl_tcp_probe_interval; /* s */
	int sysctl_tcp_pacing_ss_ratio, sysctl_tcp_pacing_ca_ratio, sysctl_tcp_min_rtt_wlen;
	int sysctl_tcp_fastopen, sysctl_tcp_fastopen_blackhole_timeout; /* s */
	int sysctl_tcp_reflect_tos;
	int sysctl_tcp_nometrics_save, sysctl_tcp_no_ssthresh_metrics_save;
	const struct tcp_congestion_ops *tcp_congestion_control;
	struct tcp_fastopen_context *tcp_fastopen_ctx; /* NULL until somebody wants a key */
	int tfo_active_disable_times;
	unsigned long tfo_active_disable_stamp; /* jiffies */
	struct tcp_metrics_table *tcp_metrics;
	u32 tcp_challenge_timestamp, tcp_challenge_count;
};

#endif /* BW_NET_NETNS_IPV4_H */
