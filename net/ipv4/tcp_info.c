// SPDX-License-Identifier: BSD-2-Clause
/*
 * TCP_INFO: the connection seen from outside, as Linux 6.1 reports it (struct tcp_info in
 * <netinet/tcp.h>). Times in microseconds up to tcpi_ato, RTTs too; "last" times in milliseconds.
 *
 * Called by tcp_sockopt.c and whoever lists connections, with the sock locked. A listener reports
 * its accept queue in unacked and sacked.
 */
#include <net/tcp_data.h>
#include <string.h>

static u64 tcp_info_delivery_rate(const struct tcp_sock *tp)
{
	if (!tp->rate_delivered || !tp->rate_interval_us)
		return 0;
	return (u64)tp->rate_delivered * tp->mss_cache * USEC_PER_SEC / tp->rate_interval_us;
}

/* Busy, limited by the peer's window, limited by the send buffer; us. */
static void tcp_info_chrono(const struct tcp_sock *tp, struct tcp_info *info)
{
	u64 stats[3];
	int i;

	for (i = 0; i < 3; i++) {
		stats[i] = tp->chrono_stat[i];
		if (tp->chrono_type == i + 1)
			stats[i] += tcp_jiffies32 - tp->chrono_start;
		stats[i] *= USEC_PER_MSEC;
	}
	info->tcpi_busy_time = stats[0] + stats[1] + stats[2];
	info->tcpi_rwnd_limited = stats[TCP_CHRONO_RWND_LIMITED - 1];
	info->tcpi_sndbuf_limited = stats[TCP_CHRONO_SNDBUF_LIMITED - 1];
}

static void tcp_info_options(const struct tcp_sock *tp, struct tcp_info *info)
{
	if (tp->rx_opt.tstamp_ok)
		info->tcpi_options |= TCPI_OPT_TIMESTAMPS;
	if (tcp_is_sack(tp))
		info->tcpi_options |= TCPI_OPT_SACK;
	if (tp->rx_opt.wscale_ok) {
		info->tcpi_options |= TCPI_OPT_WSCALE;
		info->tcpi_snd_wscale = tp->rx_opt.snd_wscale;
		info->tcpi_rcv_wscale = tp->rx_opt.rcv_wscale;
	}
	if (tp->ecn_flags & TCP_ECN_OK)
		info->tcpi_options |= TCPI_OPT_ECN;
	if (tp->ecn_flags & TCP_ECN_SEEN)
		info->tcpi_options |= TCPI_OPT_ECN_SEEN;
	if (tp->syn_data_acked)
		info->tcpi_options |= TCPI_OPT_SYN_DATA;
	info->tcpi_fastopen_client_fail = tp->fastopen_client_fail;
}

static void tcp_info_segments(const struct sock *sk, struct tcp_info *info)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);

	info->tcpi_rto = icsk->icsk_rto * (u32)USEC_PER_MSEC;
	info->tcpi_ato = icsk->icsk_ack.ato * (u32)USEC_PER_MSEC;
	info->tcpi_snd_mss = tp->mss_cache;
	info->tcpi_rcv_mss = icsk->icsk_ack.rcv_mss;
	info->tcpi_unacked = tp->packets_out;
	info->tcpi_sacked = tp->sacked_out;
	info->tcpi_lost = tp->lost_out;
	info->tcpi_retrans = tp->retrans_out;
	info->tcpi_pmtu = icsk->icsk_pmtu_cookie;
	info->tcpi_rcv_ssthresh = tp->rcv_ssthresh;
	info->tcpi_rtt = tp->srtt_us >> 3;
	info->tcpi_rttvar = tp->mdev_us >> 2;
	info->tcpi_snd_ssthresh = tp->snd_ssthresh;
	info->tcpi_snd_cwnd = tp->snd_cwnd;
	info->tcpi_advmss = tp->advmss;
	info->tcpi_reordering = tp->reordering;
	info->tcpi_rcv_rtt = tp->rcv_rtt_est.rtt_us >> 3;
	info->tcpi_rcv_space = tp->rcvq_space.space;
}

static void tcp_info_ages(const struct sock *sk, struct tcp_info *info)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 now = tcp_jiffies32;

	info->tcpi_last_data_sent = now - tp->lsndtime;
	info->tcpi_last_data_recv = now - inet_csk(sk)->icsk_ack.lrcvtime;
	info->tcpi_last_ack_recv = now - tp->rcv_tstamp;
}

static void tcp_info_totals(const struct tcp_sock *tp, struct tcp_info *info)
{
	info->tcpi_total_retrans = tp->total_retrans;
	info->tcpi_bytes_acked = tp->bytes_acked;
	info->tcpi_bytes_received = tp->bytes_received;
	info->tcpi_notsent_bytes = (u32)max((s32)(tp->write_seq - tp->snd_nxt), 0);
	info->tcpi_segs_out = tp->segs_out;
	info->tcpi_segs_in = tp->segs_in;
	info->tcpi_min_rtt = tcp_min_rtt(tp);
	info->tcpi_data_segs_in = tp->data_segs_in;
	info->tcpi_data_segs_out = tp->data_segs_out;
	info->tcpi_delivery_rate_app_limited = tp->rate_app_limited;
	info->tcpi_delivery_rate = tcp_info_delivery_rate(tp);
	info->tcpi_delivered = tp->delivered;
	info->tcpi_delivered_ce = tp->delivered_ce;
	info->tcpi_bytes_sent = tp->bytes_sent;
	info->tcpi_bytes_retrans = tp->bytes_retrans;
	info->tcpi_dsack_dups = tp->dsack_dups;
	info->tcpi_reord_seen = tp->reord_seen;
	info->tcpi_rcv_ooopack = tp->rcv_ooopack;
	info->tcpi_snd_wnd = tp->snd_wnd;
}

void tcp_get_info(struct sock *sk, struct tcp_info *info)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	memset(info, 0, sizeof(*info));
	if (sk->sk_type != SOCK_STREAM)
		return;
	info->tcpi_state = sk->sk_state;
	info->tcpi_pacing_rate = sk->sk_pacing_rate;
	info->tcpi_max_pacing_rate = sk->sk_max_pacing_rate;
	info->tcpi_reordering = tcp_sk(sk)->reordering;
	info->tcpi_snd_cwnd = tcp_sk(sk)->snd_cwnd;
	if (sk->sk_state == TCP_LISTEN) {
		info->tcpi_unacked = sk->sk_ack_backlog;
		info->tcpi_sacked = sk->sk_max_ack_backlog;
		return;
	}
	info->tcpi_ca_state = icsk->icsk_ca_state;
	info->tcpi_retransmits = icsk->icsk_retransmits;
	info->tcpi_probes = icsk->icsk_probes_out;
	info->tcpi_backoff = icsk->icsk_backoff;
	tcp_info_options(tcp_sk(sk), info);
	tcp_info_segments(sk, info);
	tcp_info_ages(sk, info);
	tcp_info_totals(tcp_sk(sk), info);
	tcp_info_chrono(tcp_sk(sk), info);
}
