// SPDX-License-Identifier: BSD-2-Clause
/*
 * /proc/net/tcp_info: TCP_INFO of every TCP sock of the namespace in words, one line a sock, as
 * "ss -i" on Linux prints it (there by sock_diag). A line begins with the two endpoints as in
 * /proc/net/tcp, and what is zero is left out, as there. RTTs are in milliseconds, rates in bits a
 * second.
 *
 * Reader's thread context; the tables are walked with softirqs off.
 */
#include <kernel/fs/procfs.h>
#include <net/proc_ipv4.h>
#include <net/tcp_inline.h>
#include <string.h>

static void put(struct seq_file *m, const char *name, u64 value)
{
	if (value)
		seq_printf(m, " %s:%lu", name, (unsigned long)value);
}

/* Microseconds as milliseconds with three decimals. */
static void put_us(struct seq_file *m, const char *name, u32 us)
{
	if (us)
		seq_printf(m, " %s:%u.%03u", name, us / 1000, us % 1000);
}

static void put_ms_share(struct seq_file *m, const char *name, u64 us, u64 whole)
{
	if (us)
		seq_printf(m, " %s:%lums(%lu.%lu%%)", name, (unsigned long)(us / 1000),
			   (unsigned long)(us * 100 / whole),
			   (unsigned long)(us * 1000 / whole % 10));
}

static void put_rate(struct seq_file *m, const char *name, u64 bytes_per_second)
{
	if (bytes_per_second && bytes_per_second != ~0UL)
		seq_printf(m, " %s %lubps", name, (unsigned long)(bytes_per_second * 8));
}

static void show_options(struct seq_file *m, const struct tcp_info *i)
{
	static const struct {
		u8 bit;
		const char *word;
	} options[] = {
		{TCPI_OPT_TIMESTAMPS, " ts"}, {TCPI_OPT_SACK, " sack"},
		{TCPI_OPT_ECN, " ecn"},	      {TCPI_OPT_ECN_SEEN, " ecnseen"},
		{TCPI_OPT_SYN_DATA, " fastopen"},
	};
	size_t n;

	for (n = 0; n < ARRAY_SIZE(options); n++) {
		if (i->tcpi_options & options[n].bit)
			seq_puts(m, options[n].word);
	}
}

static void show_path(struct seq_file *m, const struct tcp_info *i)
{
	if (i->tcpi_options & TCPI_OPT_WSCALE)
		seq_printf(m, " wscale:%u,%u", i->tcpi_snd_wscale, i->tcpi_rcv_wscale);
	put_us(m, "rto", i->tcpi_rto);
	put(m, "backoff", i->tcpi_backoff);
	if (i->tcpi_rtt)
		seq_printf(m, " rtt:%u.%03u/%u.%03u", i->tcpi_rtt / 1000, i->tcpi_rtt % 1000,
			   i->tcpi_rttvar / 1000, i->tcpi_rttvar % 1000);
	put_us(m, "ato", i->tcpi_ato);
	put(m, "mss", i->tcpi_snd_mss);
	put(m, "pmtu", i->tcpi_pmtu);
	put(m, "rcvmss", i->tcpi_rcv_mss);
	put(m, "advmss", i->tcpi_advmss);
	put(m, "cwnd", i->tcpi_snd_cwnd);
	if (i->tcpi_snd_ssthresh < TCP_INFINITE_SSTHRESH)
		put(m, "ssthresh", i->tcpi_snd_ssthresh);
}

static void show_totals(struct seq_file *m, const struct tcp_info *i)
{
	put(m, "bytes_sent", i->tcpi_bytes_sent);
	put(m, "bytes_retrans", i->tcpi_bytes_retrans);
	put(m, "bytes_acked", i->tcpi_bytes_acked);
	put(m, "bytes_received", i->tcpi_bytes_received);
	put(m, "segs_out", i->tcpi_segs_out);
	put(m, "segs_in", i->tcpi_segs_in);
	put(m, "data_segs_out", i->tcpi_data_segs_out);
	put(m, "data_segs_in", i->tcpi_data_segs_in);
}

static void show_rates(struct seq_file *m, const struct tcp_info *i)
{
	if (i->tcpi_rtt)
		put_rate(m, "send",
			 (u64)i->tcpi_snd_cwnd * i->tcpi_snd_mss * USEC_PER_SEC / i->tcpi_rtt);
	put(m, "lastsnd", i->tcpi_last_data_sent);
	put(m, "lastrcv", i->tcpi_last_data_recv);
	put(m, "lastack", i->tcpi_last_ack_recv);
	put_rate(m, "pacing_rate", i->tcpi_pacing_rate);
	put_rate(m, "max_pacing_rate", i->tcpi_max_pacing_rate);
	put_rate(m, "delivery_rate", i->tcpi_delivery_rate);
	put(m, "delivered", i->tcpi_delivered);
	put(m, "delivered_ce", i->tcpi_delivered_ce);
	if (i->tcpi_delivery_rate_app_limited)
		seq_puts(m, " app_limited");
	put(m, "busy_ms", i->tcpi_busy_time / 1000);
	put_ms_share(m, "rwnd_limited", i->tcpi_rwnd_limited, i->tcpi_busy_time);
	put_ms_share(m, "sndbuf_limited", i->tcpi_sndbuf_limited, i->tcpi_busy_time);
}

static void show_recovery(struct seq_file *m, const struct tcp_info *i)
{
	put(m, "unacked", i->tcpi_unacked);
	if (i->tcpi_retrans || i->tcpi_total_retrans)
		seq_printf(m, " retrans:%u/%u", i->tcpi_retrans, i->tcpi_total_retrans);
	put(m, "lost", i->tcpi_lost);
	put(m, "sacked", i->tcpi_sacked);
	put(m, "dsack_dups", i->tcpi_dsack_dups);
	if (i->tcpi_reordering != 3)
		put(m, "reordering", i->tcpi_reordering);
	put(m, "reord_seen", i->tcpi_reord_seen);
}

static void show_buffers(struct seq_file *m, const struct tcp_info *i)
{
	put_us(m, "rcv_rtt", i->tcpi_rcv_rtt);
	put(m, "rcv_space", i->tcpi_rcv_space);
	put(m, "rcv_ssthresh", i->tcpi_rcv_ssthresh);
	put(m, "notsent", i->tcpi_notsent_bytes);
	put_us(m, "minrtt", i->tcpi_min_rtt == ~0U ? 0 : i->tcpi_min_rtt);
	put(m, "rcv_ooopack", i->tcpi_rcv_ooopack);
	put(m, "snd_wnd", i->tcpi_snd_wnd);
}

/* "ss -m": what the buffers hold and may hold, bytes. */
static void show_memory(struct seq_file *m, struct sock *sk)
{
	seq_printf(m, " skmem:(r%d,rb%d,t%d,tb%d,f%d,w%d,bl%d,d%d)",
		   atomic_read(&sk->sk_rmem_alloc), sk->sk_rcvbuf,
		   atomic_read(&sk->sk_wmem_alloc) - 1, sk->sk_sndbuf, sk->sk_forward_alloc,
		   sk->sk_wmem_queued, sk->sk_backlog.len, atomic_read(&sk->sk_drops));
}

static void tcp_info_line(struct sock *sk, void *arg)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct seq_file *m = arg;
	struct tcp_info i;

	if (sk->sk_state == TCP_TIME_WAIT || sk->sk_state == TCP_NEW_SYN_RECV)
		return;
	tcp_get_info(sk, &i);
	seq_printf(m, "%08X:%04X %08X:%04X", inet->inet_rcv_saddr, be16_to_cpu(inet->inet_sport),
		   inet->inet_daddr, be16_to_cpu(inet->inet_dport));
	show_options(m, &i);
	seq_printf(m, " %s", inet_csk(sk)->icsk_ca_ops->name);
	if (sk->sk_state == TCP_LISTEN) {
		put(m, "cwnd", i.tcpi_snd_cwnd);
	} else {
		show_path(m, &i);
		show_totals(m, &i);
		show_rates(m, &i);
		show_recovery(m, &i);
		show_buffers(m, &i);
	}
	show_memory(m, sk);
	seq_putc(m, '\n');
}

int tcp_info_show(struct seq_file *m)
{
	inet_hash_for_each(m->net, tcp_info_line, m);
	return 0;
}
