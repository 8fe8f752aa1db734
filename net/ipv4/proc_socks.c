// SPDX-License-Identifier: BSD-2-Clause
/*
 * /proc/net/{tcp,udp,raw,icmp}: one line a sock in Linux's format (addresses as the hexadecimal of
 * the 32-bit word in host order, ports in host order), and /proc/net/sock_destroy, sock_diag's
 * SOCK_DESTROY for the shell: writing "LOCAL:PORT REMOTE:PORT" aborts a
 * connection.
 *
 * Readers' thread context; the tables are walked with softirqs off, so the text is one moment's.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <kernel/fs/procfs.h>
#include <net/inet_common.h>
#include <net/inet_diag.h>
#include <net/inet_timewait_sock.h>
#include <net/proc_ipv4.h>
#include <net/tcp_inline.h>
#include <stdlib.h>
#include <string.h>

struct sock_walk {
	struct seq_file *m;
	int line;
};

/* Until a timer runs out, in hundredths of a second as Linux's USER_HZ. */
static unsigned long timer_left(unsigned long expires)
{
	long left = (long)(expires - get_jiffies());

	return left > 0 ? (unsigned long)left / 10 : 0;
}

static void tcp_timer_state(const struct sock *sk, int *active, unsigned long *left)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	*active = 0;
	*left = 0;
	if (icsk->icsk_pending == ICSK_TIME_RETRANS ||
	    icsk->icsk_pending == ICSK_TIME_REO_TIMEOUT ||
	    icsk->icsk_pending == ICSK_TIME_LOSS_PROBE) {
		*active = 1;
		*left = timer_left(icsk->icsk_timeout);
	} else if (icsk->icsk_pending == ICSK_TIME_PROBE0) {
		*active = 4;
		*left = timer_left(icsk->icsk_timeout);
	} else if (timer_pending(&sk->sk_timer)) {
		*active = 2;
		*left = timer_left(sk->sk_timer.expires);
	}
}

static void show_tcp_sock(struct sock_walk *w, struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct inet_sock *inet = inet_sk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	bool listen = sk->sk_state == TCP_LISTEN;
	int timer, rx = listen ? (int)sk->sk_ack_backlog : (int)(tp->rcv_nxt - tp->copied_seq);
	unsigned long left;

	tcp_timer_state(sk, &timer, &left);
	seq_printf(w->m,
		   "%4d: %08X:%04X %08X:%04X %02X %08X:%08X %02X:%08lX %08X %5d %8d %lu %d %p %lu "
		   "%lu %u %u %d",
		   w->line++, inet->inet_rcv_saddr, be16_to_cpu(inet->inet_sport), inet->inet_daddr,
		   be16_to_cpu(inet->inet_dport), sk->sk_state,
		   listen ? sk->sk_max_ack_backlog : tp->write_seq - tp->snd_una, max(rx, 0), timer,
		   left, icsk->icsk_retransmits, 0, icsk->icsk_probes_out,
		   (unsigned long)sock_i_ino(sk),
		   refcount_read(&sk->sk_refcnt), (void *)sk, (unsigned long)icsk->icsk_rto / 10,
		   (unsigned long)icsk->icsk_ack.ato / 10,
		   (u32)(icsk->icsk_ack.quick << 1) | inet_csk_in_pingpong_mode(sk), tp->snd_cwnd,
		   tcp_in_initial_slowstart(tp) ? -1 : (int)tp->snd_ssthresh);
}

static void show_timewait_sock(struct sock_walk *w, const struct inet_timewait_sock *tw)
{
	seq_printf(w->m, "%4d: %08X:%04X %08X:%04X %02X %08X:%08X %02X:%08lX %08X %5d %8d %d %d %p",
		   w->line++, tw->tw_rcv_saddr, be16_to_cpu(tw->tw_sport), tw->tw_daddr,
		   be16_to_cpu(tw->tw_dport), tw->tw_substate, 0, 0, 3,
		   timer_left(tw->tw_timer.expires), 0, 0, 0, 0, refcount_read(&tw->tw_refcnt),
		   (const void *)tw);
}

static void show_request_sock(struct sock_walk *w, const struct request_sock *req)
{
	const struct inet_request_sock *ireq = inet_rsk(req);

	seq_printf(w->m, "%4d: %08X:%04X %08X:%04X %02X %08X:%08X %02X:%08lX %08X %5u %8d %u %d %p",
		   w->line++, ireq->ir_loc_addr, ireq->ir_num, ireq->ir_rmt_addr,
		   be16_to_cpu(ireq->ir_rmt_port), TCP_SYN_RECV, 0, 0, 1,
		   timer_left(req->rsk_timer.expires), req->num_timeout, 0, 0, 0, 0,
		   (const void *)req);
}

static void tcp_line(struct sock *sk, void *arg)
{
	struct sock_walk *w = arg;

	if (sk->sk_state == TCP_TIME_WAIT)
		show_timewait_sock(w, inet_twsk(sk));
	else if (sk->sk_state == TCP_NEW_SYN_RECV)
		show_request_sock(w, inet_reqsk(sk));
	else
		show_tcp_sock(w, sk);
	seq_putc(w->m, '\n');
}

static int tcp_show(struct seq_file *m)
{
	struct sock_walk w = {.m = m};

	seq_puts(m, "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   "
		    "uid  timeout inode\n");
	inet_hash_for_each(m->net, tcp_line, &w);
	return 0;
}

static void dgram_line(struct sock *sk, void *arg)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct sock_walk *w = arg;

	seq_printf(w->m,
		   "%5d: %08X:%04X %08X:%04X %02X %08X:%08X %02X:%08lX %08X %5u %8d %lu %d %p %u\n",
		   w->line++, inet->inet_rcv_saddr, sk->sk_num, inet->inet_daddr,
		   be16_to_cpu(inet->inet_dport), sk->sk_state, atomic_read(&sk->sk_wmem_alloc) - 1,
		   atomic_read(&sk->sk_rmem_alloc), 0, 0UL, 0, 0, 0, (unsigned long)sock_i_ino(sk),
		   refcount_read(&sk->sk_refcnt), (void *)sk, (u32)atomic_read(&sk->sk_drops));
}

#define DGRAM_HEADER                                                                           \
	"   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  " \
	"timeout "                                                                             \
	"inode ref pointer drops\n"

static int udp_show(struct seq_file *m)
{
	struct sock_walk w = {.m = m};

	seq_puts(m, DGRAM_HEADER);
	udp_for_each(m->net, dgram_line, &w);
	return 0;
}

static int raw_show(struct seq_file *m)
{
	struct sock_walk w = {.m = m};

	seq_puts(m, DGRAM_HEADER);
	raw_for_each(m->net, dgram_line, &w);
	return 0;
}

static int icmp_show(struct seq_file *m)
{
	struct sock_walk w = {.m = m};

	seq_puts(m, DGRAM_HEADER);
	ping_for_each(m->net, dgram_line, &w);
	return 0;
}

/* "10.0.0.1:80" to address and port; the end of what was read, or NULL. */
static char *parse_endpoint(char *s, be32 *addr, u16 *port)
{
	struct in_addr in;
	unsigned long p;
	char *colon, *end;

	s += strspn(s, " \t");
	colon = strchr(s, ':');
	if (!colon)
		return NULL;
	*colon = '\0';
	p = strtoul(colon + 1, &end, 10);
	if (inet_pton(AF_INET, s, &in) != 1 || end == colon + 1 || p > 65535)
		return NULL;
	*addr = in.s_addr;
	*port = (u16)p;
	return end;
}

static ssize_t destroy_write(struct seq_file *m, char *text, size_t len)
{
	struct inet_tuple t = {0};
	char *rest = parse_endpoint(text, &t.daddr, &t.hnum);
	struct sock *sk;
	u16 sport;

	if (!rest || !parse_endpoint(rest, &t.saddr, &sport))
		return -EINVAL;
	t.sport = cpu_to_be16(sport);
	local_bh_disable();
	sk = __inet_lookup_established(m->net, &t);
	local_bh_enable();
	if (!sk)
		return -ENOENT;
	tcp_diag_destroy(sk);
	return (ssize_t)len;
}

static const struct {
	const char *path;
	u32 mode;
	struct proc_ops ops;
} files[] = {
	{"net/tcp", 0444, {.show = tcp_show}},
	{"net/tcp_info", 0444, {.show = tcp_info_show}},
	{"net/udp", 0444, {.show = udp_show}},
	{"net/raw", 0444, {.show = raw_show}},
	{"net/icmp", 0444, {.show = icmp_show}},
	{"net/sock_destroy", 0200, {.write = destroy_write}},
};

int ip_sock_proc_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		int err = proc_create(files[i].path, files[i].mode, &files[i].ops, NULL);

		if (err)
			return err;
	}
	return 0;
}
