// SPDX-License-Identifier: BSD-2-Clause
/*
 * /proc/net/tcp_metrics: what the reader's namespace remembers of its peers, a line each in the
 * words of `ip tcp_metrics`. Writing "flush" forgets all, writing an address forgets that peer; it
 * stands in for Linux's generic netlink family of the same name.
 *
 * Called through procfs; thread context.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <kernel/fs/procfs.h>
#include <net/inet_fmt.h>
#include <net/proc_ipv4.h>
#include <net/tcp_metrics.h>
#include <string.h>

static void show_fastopen(struct seq_file *m, const struct tcp_metrics_block *tm)
{
	unsigned long ago = get_jiffies() - tm->fo_last_syn_loss;
	int i;

	if (tm->fo_mss)
		seq_printf(m, " fo_mss %u", tm->fo_mss);
	if (tm->fo_syn_loss)
		seq_printf(m, " fo_syn_drops %u/%lu.%03lusec ago", tm->fo_syn_loss, ago / HZ,
			   ago % HZ);
	if (tm->fo_cookie.len <= 0)
		return;
	seq_puts(m, " fo_cookie ");
	for (i = 0; i < tm->fo_cookie.len; i++)
		seq_printf(m, "%02x", tm->fo_cookie.val[i]);
}

static void show_peer(const struct tcp_metrics_block *tm, void *arg)
{
	static const struct {
		const char *format;
		int metric, shift;
	} fields[] = {
		{" ssthresh %u", TCP_METRIC_SSTHRESH, 0},     {" cwnd %u", TCP_METRIC_CWND, 0},
		{" reordering %u", TCP_METRIC_REORDERING, 0}, {" rtt %uus", TCP_METRIC_RTT, 3},
		{" rttvar %uus", TCP_METRIC_RTTVAR, 2},
	};
	unsigned long age = get_jiffies() - tm->stamp;
	struct seq_file *m = arg;
	size_t i;

	seq_printf(m, IPV4_FMT " age %lu.%03lusec", IPV4_ARG(tm->daddr), age / HZ, age % HZ);
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		if (tm->vals[fields[i].metric])
			seq_printf(m, fields[i].format,
				   tm->vals[fields[i].metric] >> fields[i].shift);
	}
	show_fastopen(m, tm);
	seq_printf(m, " source " IPV4_FMT "\n", IPV4_ARG(tm->saddr));
}

static int tcp_metrics_show(struct seq_file *m)
{
	tcp_metrics_for_each(m->net, show_peer, m);
	return 0;
}

static ssize_t tcp_metrics_write(struct seq_file *m, char *text, size_t len)
{
	struct in_addr peer;

	text[strcspn(text, " \t\n")] = '\0';
	if (!strcmp(text, "flush"))
		tcp_metrics_flush(m->net, 0);
	else if (inet_pton(AF_INET, text, &peer) != 1 || !peer.s_addr)
		return -EINVAL;
	else if (!tcp_metrics_flush(m->net, peer.s_addr))
		return -ESRCH;
	return (ssize_t)len;
}

static const struct proc_ops tcp_metrics_ops = {
	.show = tcp_metrics_show,
	.write = tcp_metrics_write,
};

int tcp_metrics_proc_init(void)
{
	return proc_create("net/tcp_metrics", 0644, &tcp_metrics_ops, NULL);
}
