// SPDX-License-Identifier: BSD-2-Clause
/*
 * Goodput over a lossy path: one connection sends as fast as it can over 100 Mbit/s, and what
 * arrived in order is counted once the beginning is over. docs/tcp-goodput.md keeps the figures
 * beside the theory; here a few cells of it are measured again and compared. Virtual time is
 * deterministic by seed, so what differs is a change of TCP's behaviour.
 *
 *   GOODPUT=all build/hosted/test/goodput/test_goodput       the whole table (make goodput)
 *   GOODPUT=bbr,10000,100 ...                                one cell: module, ppm, RTT in ms
 */
#include <kernel/fs/sysctl.h>
#include <net/inet_common.h>
#include <net/sock_ops.h>
#include <net/tcp_bbr.h>
#include <net/tcp_data.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/goodput/path.h>

#define RATE_KBPS 100000
#define MSS	  1448 /* with timestamps */
#define SEEDS	  3
#define TABLE	  "docs/tcp-goodput.md"

static const char *const modules[] = {"reno", "cubic", "bbr"};
static const u32 losses_ppm[] = {0, 1000, 10000, 30000}, rtts_ms[] = {1, 10, 100};

struct flow {
	struct path path;
	struct socket *listener, *client, *server;
	struct hosted_event mark;
	u64 from_ns, until_ns;
	u64 bytes_at_start, bytes_at_end;
};

/*
 * How long a cell is measured, s: some hundred losses or round trips. Less where the link is full
 * all the time: there is little chance in that, and a million frames.
 */
static u32 seconds_of(const char *module, u32 loss_ppm, u32 rtt_ms)
{
	if (rtt_ms == 100)
		return !loss_ppm || strcmp(module, "bbr") == 0 ? 30 : 100;
	return rtt_ms == 1 ? 4 : 20;
}

static void take_mark(struct hosted_event *ev)
{
	struct flow *f = container_of(ev, struct flow, mark);
	u64 bytes = tcp_sk(f->server->sk)->bytes_received;

	if (hosted_now_ns() < f->until_ns) {
		f->bytes_at_start = bytes;
		f->path.max_queued = f->path.policed = 0;
		hosted_event_at(ev, f->until_ns);
	} else {
		f->bytes_at_end = bytes;
	}
}

static int read_all(void *arg)
{
	struct flow *f = arg;
	u8 *buf = malloc(256 * 1024);
	int n;

	do {
		struct msghdr msg = {.msg_flags = 0};

		n = kernel_recvmsg(f->server, &msg, buf, 256 * 1024, 0);
	} while (n > 0);
	free(buf);
	return 0;
}

/* Buffers large enough never to be the limit. */
static void tune(struct net *net)
{
	assert_int_equal(sysctl_write(net, "net.ipv4.tcp_rmem", "4096 131072 33554432"), 0);
	assert_int_equal(sysctl_write(net, "net.ipv4.tcp_wmem", "4096 65536 33554432"), 0);
	assert_int_equal(sysctl_write(net, "net.ipv4.tcp_mem", "100000 200000 300000"), 0);
}

static void choose(struct socket *sock, const char *module)
{
	assert_int_equal(
		kernel_setsockopt(sock, SOL_TCP, TCP_CONGESTION, module, (int)strlen(module)), 0);
}

static void flow_connect(struct flow *f, const char *module)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = cpu_to_be16(7)};

	f->listener = test_socket(f->path.net[1], AF_INET, SOCK_STREAM, 0);
	choose(f->listener, module);
	assert_int_equal(kernel_bind(f->listener, (struct sockaddr *)&sin, sizeof(sin)), 0);
	assert_int_equal(kernel_listen(f->listener, 8), 0);
	f->client = test_socket(f->path.net[0], AF_INET, SOCK_STREAM, 0);
	choose(f->client, module);
	sin.sin_addr.s_addr = ip4(10, 0, 0, 2);
	assert_int_equal(kernel_connect(f->client, (struct sockaddr *)&sin, sizeof(sin), 0), 0);
	assert_int_equal(kernel_accept(f->listener, &f->server, 0), 0);
}

static void flow_report(const struct flow *f, const char *module)
{
	const struct tcp_sock *tp = tcp_sk(f->client->sk);
	const unsigned long *mib = f->path.net[0]->mib.net_statistics;

	if (!getenv("GOODPUT_VERBOSE"))
		return;
	print_message(
		"  %s: sent %u lost %u overflowed %u queue <= %u; cwnd %u ssthresh %u srtt %u us "
		"min %u rate %lu; retrans %u timeouts %lu recoveries %lu tlp %lu undo %lu+%lu "
		"spurious %lu lostrexmit %lu reord %u hystart %lu+%lu\n",
		module, f->path.sent, f->path.lost, f->path.overflowed, f->path.max_queued,
		tp->snd_cwnd, tp->snd_ssthresh, tp->srtt_us >> 3, tcp_min_rtt(tp),
		f->client->sk->sk_pacing_rate, tp->total_retrans, mib[LINUX_MIB_TCPTIMEOUTS],
		mib[LINUX_MIB_TCPSACKRECOVERY], mib[LINUX_MIB_TCPLOSSPROBES],
		mib[LINUX_MIB_TCPFULLUNDO] + mib[LINUX_MIB_TCPPARTIALUNDO] +
			mib[LINUX_MIB_TCPDSACKUNDO],
		mib[LINUX_MIB_TCPLOSSUNDO], mib[LINUX_MIB_TCPSPURIOUSRTOS],
		mib[LINUX_MIB_TCPLOSTRETRANSMIT], tp->reordering,
		mib[LINUX_MIB_TCPHYSTARTTRAINDETECT], mib[LINUX_MIB_TCPHYSTARTDELAYDETECT]);
}

struct flow_result {
	u64 rate; /* bit/s */
	u32 max_queued, sent, policed, marked;
	u64 lt_rate; /* bit/s: what BBR last took for a policer's rate */
};

/* What BBR's long-term sampling has found, bit/s; 0 = nothing now. */
static u64 policer_rate(const struct sock *sk)
{
	const struct bbr *bbr = inet_csk_ca(sk);

	if (inet_csk(sk)->icsk_ca_ops != &tcp_bbr || !bbr->lt_use_bw)
		return 0;
	return (u64)bbr->lt_bw * tcp_sk(sk)->mss_cache * 8 * USEC_PER_SEC >> BW_SCALE;
}

/* What the program at b got between a fifth of the time and its end. */
static struct flow_result run_flow(const char *module, const struct path_faults *faults, u32 secs,
				   u64 seed)
{
	const struct linger reset = {.l_onoff = 1};
	struct flow *f = calloc(1, sizeof(*f));
	u8 *buf = calloc(1, 65536);
	struct thread *reader;
	struct flow_result r = {.lt_rate = 0};

	hosted_seed(seed);
	path_make(&f->path, seed, faults);
	tune(f->path.net[0]);
	tune(f->path.net[1]);
	flow_connect(f, module);
	f->from_ns = hosted_now_ns() + secs * NSEC_PER_SEC / 4;
	f->until_ns = f->from_ns + secs * NSEC_PER_SEC;
	hosted_event_init(&f->mark, take_mark);
	hosted_event_at(&f->mark, f->from_ns);
	reader = thread_create(read_all, f, "reader");
	while (hosted_now_ns() < f->until_ns) {
		struct msghdr msg = {.msg_flags = 0};

		assert_true(kernel_sendmsg(f->client, &msg, buf, 65536) > 0);
		r.lt_rate = policer_rate(f->client->sk) ?: r.lt_rate;
	}
	flow_report(f, module);
	r.max_queued = f->path.max_queued;
	r.sent = f->path.sent;
	r.policed = f->path.policed;
	r.marked = f->path.marked;
	assert_int_equal(kernel_setsockopt(f->client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)),
			 0);
	sock_release(f->client);
	thread_join(reader);
	sock_release(f->server);
	sock_release(f->listener);
	r.rate = (f->bytes_at_end - f->bytes_at_start) * 8 / secs;
	path_destroy(&f->path);
	free(buf);
	free(f);
	return r;
}

/* A cell of the table: the mean of a few seeds, in units of 10 kbit/s. */
static u32 run_cell(const char *module, u32 loss_ppm, u32 rtt_ms)
{
	u32 bdp = RATE_KBPS / 8 * rtt_ms, seeds = loss_ppm ? SEEDS : 1;
	struct path_faults faults = {.rate_kbps = RATE_KBPS,
				     .rtt_us = rtt_ms * 1000,
				     .loss_ppm = loss_ppm,
				     .queue_bytes = max(bdp, 100u * 1538)};
	u64 sum = 0, seed;

	for (seed = 1; seed <= seeds; seed++)
		sum += run_flow(module, &faults, seconds_of(module, loss_ppm, rtt_ms), seed).rate;
	return (u32)((sum / seeds + 5000) / 10000);
}

/* ---- the table ---- */

static u32 isqrt(u64 a)
{
	u64 x = 0, bit = 1ull << 62;

	for (; bit; bit >>= 2) {
		if (a >= x + bit) {
			a -= x + bit;
			x = (x >> 1) + bit;
		} else {
			x >>= 1;
		}
	}
	return (u32)x;
}

/* Mathis et al. 1997: MSS/RTT sqrt(3/2)/sqrt(p), 10 kbit/s; at most what the wire carries. */
static u32 mathis(u32 loss_ppm, u32 rtt_ms)
{
	u64 wire = (u64)RATE_KBPS * MSS / (1500 + 38) / 10, rate;

	if (!loss_ppm)
		return (u32)wire;
	/* sqrt(3/2 / p) scaled by 1000: sqrt(1.5e6 * 1e6 / ppm) */
	rate = (u64)MSS * 8 * isqrt(1500000ull * 1000000 / loss_ppm) / rtt_ms / 10000;
	return (u32)min(rate, wire);
}

static void print_table(void)
{
	size_t l, r, m;

	print_message("| loss | RTT | Mathis | Reno | CUBIC | BBR |\n|---|---|---|---|---|---|\n");
	for (l = 0; l < ARRAY_SIZE(losses_ppm); l++) {
		for (r = 0; r < ARRAY_SIZE(rtts_ms); r++) {
			u32 theory = mathis(losses_ppm[l], rtts_ms[r]), v[3];

			for (m = 0; m < 3; m++)
				v[m] = run_cell(modules[m], losses_ppm[l], rtts_ms[r]);
			print_message(
				"| %u.%u %% | %u ms | %u.%02u | %u.%02u | %u.%02u | %u.%02u |\n",
				losses_ppm[l] / 10000, losses_ppm[l] / 1000 % 10, rtts_ms[r],
				theory / 100, theory % 100, v[0] / 100, v[0] % 100, v[1] / 100,
				v[1] % 100, v[2] / 100, v[2] % 100);
		}
	}
}

/* The kept figure of a cell, 10 kbit/s. */
static u32 kept(size_t module, u32 loss_ppm, u32 rtt_ms)
{
	unsigned int loss[2], rtt, v[8];
	FILE *file = fopen(TABLE, "r");
	char line[256];

	if (!file)
		fail_msg("%s: run from the top of the tree", TABLE);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "| %u.%u %% | %u ms | %u.%u | %u.%u | %u.%u | %u.%u |", &loss[0],
			   &loss[1], &rtt, &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6],
			   &v[7]) == 11 &&
		    loss[0] * 10000 + loss[1] * 1000 == loss_ppm && rtt == rtt_ms) {
			fclose(file);
			return v[2 + 2 * module] * 100 + v[3 + 2 * module];
		}
	}
	fail_msg("%s has no row for %u ppm, %u ms", TABLE, loss_ppm, rtt_ms);
	return 0;
}

static void one_cell(char *spec)
{
	char *loss = strchr(spec, ','), *rtt = loss ? strchr(loss + 1, ',') : NULL;
	u32 v;

	assert_non_null(rtt);
	*loss++ = '\0';
	v = run_cell(spec, (u32)strtoul(loss, NULL, 0), (u32)strtoul(rtt + 1, NULL, 0));
	print_message("%s: %u.%02u Mbit/s, Mathis %u\n", spec, v / 100, v % 100,
		      mathis((u32)strtoul(loss, NULL, 0), (u32)strtoul(rtt + 1, NULL, 0)) / 100);
}

/*
 * The cells that take about a second each, within 10 % of the table: any change of TCP's timing
 * draws other losses, which moves a cell by a few per cent.
 */
static void goodput_is_as_kept(void **state)
{
	static const struct {
		size_t module;
		u32 loss_ppm, rtt_ms;
	} cells[] = {
		{0, 10000, 10}, {1, 10000, 10}, {0, 10000, 100}, {1, 10000, 100}, {0, 30000, 1},
		{1, 30000, 1},	{2, 30000, 1},	{2, 0, 1},	 {0, 30000, 10},  {1, 30000, 100},
	};
	char *what = getenv("GOODPUT");
	size_t i;

	(void)state;
	if (what && strcmp(what, "all") == 0) {
		print_table();
		return;
	}
	if (what) {
		one_cell(what);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(cells); i++) {
		u32 want = kept(cells[i].module, cells[i].loss_ppm, cells[i].rtt_ms);
		u32 got = run_cell(modules[cells[i].module], cells[i].loss_ppm, cells[i].rtt_ms);

		if (got * 100 < want * 90 || got * 100 > want * 110)
			fail_msg("%s at %u ppm, %u ms: %u.%02u Mbit/s, the table says %u.%02u",
				 modules[cells[i].module], cells[i].loss_ppm, cells[i].rtt_ms,
				 got / 100, got % 100, want / 100, want % 100);
	}
}

/*
 * RFC 8257: a switch that marks above 20 frames, at 5 ms (a quarter of the product of bandwidth and
 * delay is 10). DCTCP keeps the link full and its queue about there, and loses nothing.
 */
static void dctcp_keeps_the_queue_short(void **state)
{
	struct path_faults faults = {.rate_kbps = RATE_KBPS,
				     .rtt_us = 5000,
				     .queue_bytes = 200 * 1538,
				     .mark_bytes = 20 * 1538};
	struct flow_result r = run_flow("dctcp", &faults, 5, 1);

	(void)state;
	assert_in_range(r.rate / 10000, 9000, 9415);
	assert_in_range(r.max_queued, 20 * 1538, 40 * 1538);
	assert_true(r.marked > 100);
}

/*
 * A token bucket of 10 Mbit/s on the way: BBR's long-term sampling finds its rate, 94 % of that as
 * payload, and keeps to it for 48 round trips instead of probing for 25 % more in vain.
 */
static void bbr_finds_a_policer(void **state)
{
	struct path_faults faults = {.rate_kbps = RATE_KBPS,
				     .rtt_us = 20000,
				     .queue_bytes = 200 * 1538,
				     .police_kbps = 10000,
				     .bucket_bytes = 60000};
	struct flow_result r = run_flow("bbr", &faults, 20, 1);

	(void)state;
	assert_in_range(r.rate / 1000, 8500, 9415);
	assert_in_range(r.policed, 1, r.sent / 10);
	assert_in_range(r.lt_rate / 1000, 8500, 10500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(goodput_is_as_kept, net_up, net_down),
		TEST_UP_DOWN(dctcp_keeps_the_queue_short, net_up, net_down),
		TEST_UP_DOWN(bbr_finds_a_policer, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
