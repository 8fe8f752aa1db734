// SPDX-License-Identifier: BSD-2-Clause
/*
 * /proc/sys/net/ipv4/tcp_*: names, defaults and ranges of Linux 6.1 (ip-sysctl), one value a
 * namespace; times in milliseconds inside. Buffers, orphans, timewait buckets and the SYN backlog
 * are sized by the memory of the machine, as Linux does. Only what has an effect here stands in the
 * table.
 *
 * Called by sysctl_net_ipv4.c at init and for each new namespace; thread context.
 */
#include <errno.h>
#include <kernel/mm/page_alloc.h>
#include <limits.h>
#include <net/sysctl_ipv4.h>
#include <net/tcp_fastopen.h>
#include <string.h>

static int tcp_congestion_control_handler(const struct ctl_table *t, void *data, bool write,
					  char *text, size_t size)
{
	const struct tcp_congestion_ops **ca = data;

	(void)t;
	if (!write) {
		strlcpy(text, (*ca ? *ca : &tcp_reno)->name, size);
		return 0;
	}
	text[strcspn(text, " \t\n")] = '\0';
	return tcp_set_default_congestion_control(
		container_of(ca, struct net, ipv4.tcp_congestion_control), text);
}

static int tcp_available_congestion_handler(const struct ctl_table *t, void *data, bool write,
					    char *text, size_t size)
{
	(void)t;
	(void)data;
	if (write)
		return -EPERM;
	tcp_get_available_congestion_control(text, size);
	return 0;
}

/* One list for the machine: only the first namespace may change it, all may read it. */
static int tcp_allowed_congestion_handler(const struct ctl_table *t, void *data, bool write,
					  char *text, size_t size)
{
	(void)t;
	if (!write) {
		tcp_get_allowed_congestion_control(text, size);
		return 0;
	}
	if (data != &init_net.ipv4.tcp_congestion_control)
		return -EPERM;
	return tcp_set_allowed_congestion_control(text);
}

/* A new timeout begins with a clean sheet. */
static void tcp_fastopen_blackhole_changed(struct net *net, const struct ctl_table *t)
{
	(void)t;
	net->ipv4.tfo_active_disable_times = 0;
}

static const struct ctl_table tcp_table[] = {
	IPV4_INT("tcp_syn_retries", sysctl_tcp_syn_retries, 1, MAX_TCP_SYNCNT),
	IPV4_INT("tcp_synack_retries", sysctl_tcp_synack_retries, 0, 255),
	IPV4_INT("tcp_retries1", sysctl_tcp_retries1, 0, 255),
	IPV4_INT("tcp_retries2", sysctl_tcp_retries2, 0, 255),
	IPV4_INT("tcp_syncookies", sysctl_tcp_syncookies, 0, 255),
	IPV4_INT("tcp_max_syn_backlog", sysctl_max_syn_backlog, INT_MIN, INT_MAX),
	IPV4_INT("tcp_abort_on_overflow", sysctl_tcp_abort_on_overflow, 0, 255),
	IPV4_SECONDS("tcp_keepalive_time", sysctl_tcp_keepalive_time),
	IPV4_SECONDS("tcp_keepalive_intvl", sysctl_tcp_keepalive_intvl),
	IPV4_INT("tcp_keepalive_probes", sysctl_tcp_keepalive_probes, 0, 255),
	IPV4_SECONDS("tcp_fin_timeout", sysctl_tcp_fin_timeout),
	IPV4_INT("tcp_orphan_retries", sysctl_tcp_orphan_retries, 0, 255),
	IPV4_INT("tcp_max_orphans", sysctl_tcp_max_orphans, INT_MIN, INT_MAX),
	IPV4_INT("tcp_max_tw_buckets", sysctl_max_tw_buckets, INT_MIN, INT_MAX),
	IPV4_INT("tcp_tw_reuse", sysctl_tcp_tw_reuse, 0, 2),
	IPV4_INT("tcp_rfc1337", sysctl_tcp_rfc1337, 0, 255),
	IPV4_INT("tcp_timestamps", sysctl_tcp_timestamps, 0, 255),
	IPV4_INT("tcp_window_scaling", sysctl_tcp_window_scaling, 0, 255),
	IPV4_INT("tcp_sack", sysctl_tcp_sack, 0, 255),
	IPV4_INT("tcp_dsack", sysctl_tcp_dsack, 0, 255),
	IPV4_INT("tcp_ecn", sysctl_tcp_ecn, 0, 2),
	IPV4_INT("tcp_ecn_fallback", sysctl_tcp_ecn_fallback, 0, 1),
	IPV4_INT("tcp_reordering", sysctl_tcp_reordering, INT_MIN, INT_MAX),
	IPV4_INT("tcp_max_reordering", sysctl_tcp_max_reordering, INT_MIN, INT_MAX),
	IPV4_INT("tcp_recovery", sysctl_tcp_recovery, 0, 255),
	IPV4_INT("tcp_early_retrans", sysctl_tcp_early_retrans, 0, 4),
	IPV4_INT("tcp_frto", sysctl_tcp_frto, 0, 255),
	IPV4_INT("tcp_thin_linear_timeouts", sysctl_tcp_thin_linear_timeouts, 0, 255),
	IPV4_INT("tcp_retrans_collapse", sysctl_tcp_retrans_collapse, 0, 255),
	IPV4_INT("tcp_mtu_probing", sysctl_tcp_mtu_probing, 0, 255),
	IPV4_INT("tcp_base_mss", sysctl_tcp_base_mss, INT_MIN, INT_MAX),
	IPV4_INT("tcp_mtu_probe_floor", sysctl_tcp_mtu_probe_floor, TCP_MIN_SND_MSS, 65535),
	IPV4_INT("tcp_probe_threshold", sysctl_tcp_probe_threshold, INT_MIN, INT_MAX),
	IPV4_INT("tcp_probe_interval", sysctl_tcp_probe_interval, 0, INT_MAX / HZ),
	IPV4_INT("tcp_rmem", sysctl_tcp_rmem, 1, INT_MAX),
	IPV4_INT("tcp_wmem", sysctl_tcp_wmem, 1, INT_MAX),
	IPV4_LONG("tcp_mem", sysctl_tcp_mem, 0, LONG_MAX),
	IPV4_INT("tcp_moderate_rcvbuf", sysctl_tcp_moderate_rcvbuf, 0, 255),
	IPV4_INT("tcp_adv_win_scale", sysctl_tcp_adv_win_scale, -31, 31),
	IPV4_INT("tcp_app_win", sysctl_tcp_app_win, 0, 31),
	IPV4_INT("tcp_slow_start_after_idle", sysctl_tcp_slow_start_after_idle, 0, 255),
	IPV4_INT("tcp_stdurg", sysctl_tcp_stdurg, 0, 255),
	IPV4_INT("tcp_limit_output_bytes", sysctl_tcp_limit_output_bytes, INT_MIN, INT_MAX),
	IPV4_INT("tcp_autocorking", sysctl_tcp_autocorking, 0, 255),
	IPV4_INT("tcp_min_tso_segs", sysctl_tcp_min_tso_segs, 1, 255),
	IPV4_INT("tcp_tso_win_divisor", sysctl_tcp_tso_win_divisor, 0, 255),
	IPV4_INT("tcp_tso_rtt_log", sysctl_tcp_tso_rtt_log, 0, 255),
	IPV4_INT("tcp_workaround_signed_windows", sysctl_tcp_workaround_signed_windows, 0, 255),
	IPV4_LONG("tcp_comp_sack_delay_ns", sysctl_tcp_comp_sack_delay_ns, 0, LONG_MAX),
	IPV4_INT("tcp_comp_sack_nr", sysctl_tcp_comp_sack_nr, 0, 255),
	IPV4_UINT("tcp_notsent_lowat", sysctl_tcp_notsent_lowat, 0, UINT_MAX),
	IPV4_INT("tcp_challenge_ack_limit", sysctl_tcp_challenge_ack_limit, INT_MIN, INT_MAX),
	IPV4_INT("tcp_invalid_ratelimit", sysctl_tcp_invalid_ratelimit, 0, INT_MAX),
	IPV4_INT("tcp_min_snd_mss", sysctl_tcp_min_snd_mss, TCP_MIN_SND_MSS, 65535),
	IPV4_INT("tcp_pacing_ss_ratio", sysctl_tcp_pacing_ss_ratio, 0, 1000),
	IPV4_INT("tcp_pacing_ca_ratio", sysctl_tcp_pacing_ca_ratio, 0, 1000),
	IPV4_INT("tcp_min_rtt_wlen", sysctl_tcp_min_rtt_wlen, 0, 86400),
	IPV4_INT("tcp_reflect_tos", sysctl_tcp_reflect_tos, 0, 1),
	IPV4_INT("tcp_no_metrics_save", sysctl_tcp_nometrics_save, 0, 255),
	IPV4_INT("tcp_no_ssthresh_metrics_save", sysctl_tcp_no_ssthresh_metrics_save, 0, 1),
	IPV4_INT("tcp_fastopen", sysctl_tcp_fastopen, INT_MIN, INT_MAX),
	{.procname = "tcp_fastopen_key",
	 .data = IPV4_OFFSET(tcp_fastopen_ctx),
	 .maxlen = 2 * TCP_FASTOPEN_KEY_LENGTH,
	 .mode = 0600,
	 .handler = proc_tcp_fastopen_key},
	{.procname = "tcp_fastopen_blackhole_timeout_sec",
	 .data = IPV4_OFFSET(sysctl_tcp_fastopen_blackhole_timeout),
	 .maxlen = sizeof(int),
	 .mode = 0644,
	 .handler = proc_dointvec_minmax,
	 .extra2 = INT_MAX,
	 .changed = tcp_fastopen_blackhole_changed},
	{.procname = "tcp_congestion_control",
	 .data = IPV4_OFFSET(tcp_congestion_control),
	 .maxlen = TCP_CA_NAME_MAX,
	 .mode = 0644,
	 .handler = tcp_congestion_control_handler},
	{.procname = "tcp_available_congestion_control",
	 .data = IPV4_OFFSET(tcp_congestion_control),
	 .maxlen = 128,
	 .mode = 0444,
	 .handler = tcp_available_congestion_handler},
	{.procname = "tcp_allowed_congestion_control",
	 .data = IPV4_OFFSET(tcp_congestion_control),
	 .maxlen = 128,
	 .mode = 0644,
	 .handler = tcp_allowed_congestion_handler},
};

int ipv4_tcp_sysctl_register(void)
{
	return register_net_sysctl("net/ipv4", tcp_table, ARRAY_SIZE(tcp_table));
}

/* What depends on the machine's memory. */
static void tcp_sized_defaults(struct netns_ipv4 *v4)
{
	unsigned long bytes = totalram_pages() * PAGE_SIZE, limit = bytes >> 7;
	int max_rshare = (int)min_t(unsigned long, 6UL * 1024 * 1024, limit);
	int max_wshare = (int)min_t(unsigned long, 4UL * 1024 * 1024, limit);

	ipv4_mem_defaults(v4->sysctl_tcp_mem, 16);
	v4->sysctl_tcp_wmem[0] = (int)PAGE_SIZE;
	v4->sysctl_tcp_wmem[1] = 16 * 1024;
	v4->sysctl_tcp_wmem[2] = max(64 * 1024, max_wshare);
	v4->sysctl_tcp_rmem[0] = (int)PAGE_SIZE;
	v4->sysctl_tcp_rmem[1] = 131072;
	v4->sysctl_tcp_rmem[2] = max(131072, max_rshare);
	v4->sysctl_tcp_max_orphans = (int)clamp_t(unsigned long, bytes >> 14, 64, 262144);
	v4->sysctl_max_tw_buckets = v4->sysctl_tcp_max_orphans;
	v4->sysctl_max_syn_backlog = (int)clamp_t(unsigned long, bytes >> 17, 128, 4096);
}

void ipv4_tcp_sysctl_defaults(struct net *net)
{
	struct netns_ipv4 *v4 = &net->ipv4;

	v4->sysctl_tcp_syn_retries = 6;
	v4->sysctl_tcp_synack_retries = 5;
	v4->sysctl_tcp_retries1 = 3;
	v4->sysctl_tcp_retries2 = 15;
	v4->sysctl_tcp_syncookies = 1;
	v4->sysctl_tcp_keepalive_time = 7200 * 1000;
	v4->sysctl_tcp_keepalive_intvl = 75 * 1000;
	v4->sysctl_tcp_keepalive_probes = 9;
	v4->sysctl_tcp_fin_timeout = 60 * 1000;
	v4->sysctl_tcp_tw_reuse = 2;
	v4->sysctl_tcp_timestamps = 1;
	v4->sysctl_tcp_window_scaling = 1;
	v4->sysctl_tcp_sack = 1;
	v4->sysctl_tcp_dsack = 1;
	v4->sysctl_tcp_ecn = 2;
	v4->sysctl_tcp_ecn_fallback = 1;
	v4->sysctl_tcp_reordering = 3;
	v4->sysctl_tcp_max_reordering = 300;
	v4->sysctl_tcp_recovery = 1;
	v4->sysctl_tcp_early_retrans = 3;
	v4->sysctl_tcp_frto = 2;
	v4->sysctl_tcp_moderate_rcvbuf = 1;
	v4->sysctl_tcp_adv_win_scale = 1;
	v4->sysctl_tcp_app_win = 31;
	v4->sysctl_tcp_slow_start_after_idle = 1;
	v4->sysctl_tcp_limit_output_bytes = 16 * 65536;
	v4->sysctl_tcp_autocorking = 1;
	v4->sysctl_tcp_min_tso_segs = 2;
	v4->sysctl_tcp_tso_win_divisor = 3;
	v4->sysctl_tcp_tso_rtt_log = 9;
	v4->sysctl_tcp_comp_sack_delay_ns = NSEC_PER_MSEC;
	v4->sysctl_tcp_comp_sack_nr = 44;
	v4->sysctl_tcp_notsent_lowat = -1;
	v4->sysctl_tcp_challenge_ack_limit = INT_MAX;
	v4->sysctl_tcp_invalid_ratelimit = 500;
	v4->sysctl_tcp_retrans_collapse = 1;
	v4->sysctl_tcp_base_mss = TCP_BASE_MSS;
	v4->sysctl_tcp_mtu_probe_floor = TCP_MIN_SND_MSS;
	v4->sysctl_tcp_probe_threshold = 8;
	v4->sysctl_tcp_probe_interval = 600;
	v4->sysctl_tcp_min_snd_mss = TCP_MIN_SND_MSS;
	v4->sysctl_tcp_pacing_ss_ratio = 200;
	v4->sysctl_tcp_pacing_ca_ratio = 120;
	v4->sysctl_tcp_min_rtt_wlen = 300;
	v4->sysctl_tcp_fastopen = TFO_CLIENT_ENABLE;
	v4->sysctl_tcp_no_ssthresh_metrics_save = 1;
	/* The first namespace's default: its own is set when the modules register. */
	v4->tcp_congestion_control = init_net.ipv4.tcp_congestion_control;
	tcp_sized_defaults(v4);
}
