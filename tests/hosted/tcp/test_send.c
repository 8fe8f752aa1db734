// SPDX-License-Identifier: BSD-2-Clause
/* Sending: initial window, slow start, Nagle, cork, window, probes, push, segment sizes. */
#include <tests/hosted/tcp/tcp_test.h>

static void initial_window_is_ten(void **state)
{
	struct tcp_env *e = *state;
	u32 i;

	passive_open(e, &plain);
	assert_int_equal(prog_send(e, 20000, 0), 20000);
	for (i = 0; i < 10; i++)
		expect(e, ACK, 1 + i * 1000, 1, 1000);
	expect_none(e);
	/* Slow start: each acknowledged segment lets out two. */
	inject(e, ACK, 1, 2001, 0);
	for (; i < 14; i++)
		expect(e, ACK, 1 + i * 1000, 1, 1000);
	expect_none(e);
	assert_int_equal(tp_of(e)->snd_cwnd, 12);
}

static void last_segment_has_push(void **state)
{
	struct tcp_env *e = *state;
	struct seg *s;

	passive_open(e, &plain);
	prog_send(e, 2500, 0);
	s = expect(e, ACK, 1, 1, 1000);
	assert_false(s->flags & PSH);
	expect(e, ACK, 1001, 1, 1000);
	s = expect(e, ACK, 2001, 1, 500);
	assert_true(s->flags & PSH);
}

/* RFC 896 with Minshall: a second small segment waits for the first. */
static void nagle_holds_small_segments(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	prog_send(e, 10, 0);
	expect(e, ACK, 1, 1, 10);
	prog_send(e, 10, 0);
	prog_send(e, 10, 0);
	expect_none(e);
	inject(e, ACK, 1, 11, 0);
	expect(e, ACK, 11, 1, 20);
	/* A full segment does not wait, and its tail waits for nobody small. */
	inject(e, ACK, 1, 31, 0);
	prog_send(e, 1500, 0);
	expect(e, ACK, 31, 1, 1000);
	expect(e, ACK, 1031, 1, 500);
}

static void nodelay_turns_nagle_off(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	assert_int_equal(set_opt(e, SOL_TCP, TCP_NODELAY, 1), 0);
	assert_int_equal(get_opt(e, SOL_TCP, TCP_NODELAY), 1);
	prog_send(e, 10, 0);
	prog_send(e, 10, 0);
	expect(e, ACK, 1, 1, 10);
	expect(e, ACK, 11, 1, 10);
}

static void cork_gathers_full_segments(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	set_opt(e, SOL_TCP, TCP_CORK, 1);
	prog_send(e, 300, 0);
	prog_send(e, 300, 0);
	expect_none(e);
	prog_send(e, 700, 0);
	expect(e, ACK, 1, 1, 1000);
	expect_none(e);
	set_opt(e, SOL_TCP, TCP_CORK, 0);
	expect(e, ACK, 1001, 1, 300);
	prog_send(e, 100, MSG_MORE);
	expect_none(e);
	inject(e, ACK, 1, 1301, 0); /* MSG_MORE holds until the next event only, as in Linux */
	expect(e, ACK, 1301, 1, 100);
	inject(e, ACK, 1, 1401, 0);
	prog_send(e, 100, MSG_MORE);
	prog_send(e, 100, 0);
	expect(e, ACK, 1401, 1, 200);
}

static void peer_window_limits(void **state)
{
	struct tcp_env *e = *state;
	struct handshake h = {.sack = true, .mss = 1000, .win = 2500};

	passive_open(e, &h);
	prog_send(e, 6000, 0);
	expect(e, ACK, 1, 1, 1000);
	expect(e, ACK, 1001, 1, 1000);
	expect_none(e); /* 500 bytes of room are not used: silly window */
	inject(e, ACK, 1, 2001, 0);
	expect(e, ACK, 2001, 1, 1000);
	expect(e, ACK, 3001, 1, 1000);
	expect_none(e);
}

/* RFC 9293 section 3.8.6.1: one byte below the window after an RTO, then with backoff. */
static void zero_window_is_probed(void **state)
{
	struct tcp_env *e = *state;
	u32 wait;
	int i;

	passive_open(e, &plain);
	prog_send(e, 1000, 0);
	expect(e, ACK, 1, 1, 1000);
	e->win = 0;
	inject(e, ACK, 1, 1001, 0);
	prog_send(e, 500, 0);
	expect_none(e);
	wait = inet_csk(e->sock->sk)->icsk_rto;
	for (i = 0; i < 4; i++, wait *= 2) {
		wait_seg(e, wait - 5, wait + 20);
		expect(e, ACK, 1000, 1, 0);
		inject(e, ACK, 1, 1001, 0);
		assert_int_equal(inet_csk(e->sock->sk)->icsk_probes_out, 0);
	}
	assert_int_equal(mib(e, LINUX_MIB_TCPWINPROBE), 4);
	e->win = 65535;
	inject(e, ACK, 1, 1001, 0);
	expect(e, ACK, 1001, 1, 500);
}

static void unanswered_probes_end_the_connection(void **state)
{
	struct tcp_env *e = *state;

	e->net->ipv4.sysctl_tcp_retries2 = 4;
	passive_open(e, &plain);
	prog_send(e, 1000, 0);
	expect(e, ACK, 1, 1, 1000);
	e->win = 0;
	inject(e, ACK, 1, 1001, 0);
	prog_send(e, 500, 0);
	hosted_advance(60000);
	assert_int_equal(drop_seen(e), 4);
	assert_int_equal(e->sock->sk->sk_state, TCP_CLOSE);
	assert_int_equal(prog_send(e, 1, 0), -ETIMEDOUT);
}

static void data_waiting_rides_with_window_update(void **state)
{
	struct tcp_env *e = *state;
	struct handshake h = {.sack = true, .mss = 1000, .win = 1000};

	passive_open(e, &h);
	prog_send(e, 3000, 0);
	expect(e, ACK, 1, 1, 500); /* half the largest window ever seen */
	expect(e, ACK, 501, 1, 500);
	expect_none(e);
	e->win = 4000;
	inject(e, ACK, 1, 1001, 0); /* what was cut stays cut */
	expect(e, ACK, 1001, 1, 500);
	expect(e, ACK, 1501, 1, 500);
	expect(e, ACK, 2001, 1, 500);
	expect_none(e); /* the last is a small one now: Nagle */
	inject(e, ACK, 1, 2501, 0);
	expect(e, ACK, 2501, 1, 500);
	assert_int_equal(tp_of(e)->mss_cache, 1000);
}

static void unscaled_and_scaled_windows(void **state)
{
	struct tcp_env *e = *state;
	struct handshake h = {.sack = true, .ws = true, .wscale = 7, .mss = 1000, .win = 5000};

	passive_open(e, &h);
	assert_int_equal(tp_of(e)->snd_wnd, 5000 << 7);
	assert_int_equal(tp_of(e)->rx_opt.rcv_wscale, 7);
	inject(e, ACK | PSH, 1, 1, 1);
	assert_int_equal(next_seg(e)->win, 64240 >> 7 > 0 ? tp_of(e)->rcv_wnd >> 7 : 0);
}

static void timestamps_are_echoed(void **state)
{
	struct tcp_env *e = *state;
	struct seg *s;

	passive_open(e, &plain_ts);
	hosted_advance(50);
	inject(e, ACK | PSH, 1, 1, 10);
	s = expect(e, ACK, 1, 11, 0);
	assert_int_equal(s->raw_len, 12);
	assert_memory_equal(s->raw_opts, "\x01\x01\x08\x0a", 4);
	assert_int_equal(s->o.tsecr, e->tsval + (u32)script_ms());
}

static void sndbuf_full_returns_eagain(void **state)
{
	struct tcp_env *e = *state;
	int total = 0, n;

	passive_open(e, &plain);
	set_opt(e, SOL_SOCKET, SO_SNDBUF, 20000);
	while ((n = prog_send(e, 10000, 0)) > 0)
		total += n;
	assert_int_equal(n, -EAGAIN);
	assert_true(total >= 20000 && total < 200000);
	drop_seen(e);
	inject(e, ACK, 1, 10001, 0);
	drop_seen(e);
	inject(e, ACK, 1, 20001, 0);
	assert_true(prog_send(e, 100, 0) > 0);
}

static void urgent_data_goes_out(void **state)
{
	struct tcp_env *e = *state;
	struct seg *s;

	passive_open(e, &plain);
	assert_int_equal(prog_send(e, 5, MSG_OOB), 5);
	s = expect(e, ACK | URG, 1, 1, 5);
	assert_int_equal(s->urg, 5);
}

static void closed_connection_gives_epipe(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	assert_int_equal(e->sock->ops->shutdown(e->sock, SHUT_WR), 0);
	expect(e, FIN | ACK, 1, 1, 0);
	assert_int_equal(prog_send(e, 1, 0), -EPIPE);
}

static void maxseg_and_info(void **state)
{
	struct tcp_env *e = *state;
	struct tcp_info info;

	passive_open(e, &plain_ts);
	assert_int_equal(get_opt(e, SOL_TCP, TCP_MAXSEG), 1000);
	prog_send(e, 2000, 0);
	drop_seen(e);
	tcp_get_info(e->sock->sk, &info);
	assert_int_equal(info.tcpi_state, TCP_ESTABLISHED);
	assert_int_equal(info.tcpi_unacked, 2);
	assert_int_equal(info.tcpi_bytes_sent, 2000);
	assert_int_equal(info.tcpi_snd_cwnd, 10);
	assert_int_equal(info.tcpi_options, TCPI_OPT_TIMESTAMPS | TCPI_OPT_SACK);
	assert_int_equal(info.tcpi_data_segs_out, 2);
}

/* What sends fill is the thread's: a connection at rest holds no page (it was 32 KiB once). */
static void an_idle_sock_keeps_no_page(void **state)
{
	struct tcp_env *e = *state;
	unsigned long live;

	passive_open(e, &plain);
	page_frag_release(&current->task_frag);
	live = hosted_live_objects();
	prog_send(e, 3000, 0);
	drop_seen(e);
	inject(e, ACK, 1, 3001, 0);
	page_frag_release(&current->task_frag);
	assert_int_equal(hosted_live_objects(), live);
}

static u64 pacing_limit(struct tcp_env *e, int size)
{
	u64 rate = 0;
	int len = size;

	assert_int_equal(sock_getsockopt(e->sock, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, &len), 0);
	assert_int_equal(len, size);
	return rate;
}

/* 64 bits where the program gives 8 bytes; 32 otherwise, in which ~0 means no limit, too. */
static void pacing_limit_in_32_and_64_bits(void **state)
{
	struct tcp_env *e = *state;
	u64 rate = 5000000000ull;
	u32 none = ~0u;

	passive_open(e, &plain);
	assert_true(pacing_limit(e, 8) == ~0ull && pacing_limit(e, 4) == ~0u);
	assert_int_equal(tp_of(e)->inet_conn.icsk_inet.sk.sk_pacing_status, SK_PACING_NONE);
	/* No limit is no wish to be paced. */
	assert_int_equal(kernel_setsockopt(e->sock, SOL_SOCKET, SO_MAX_PACING_RATE, &none, 4), 0);
	assert_int_equal(tp_of(e)->inet_conn.icsk_inet.sk.sk_pacing_status, SK_PACING_NONE);
	assert_int_equal(kernel_setsockopt(e->sock, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, 8), 0);
	assert_int_equal(tp_of(e)->inet_conn.icsk_inet.sk.sk_pacing_status, SK_PACING_NEEDED);
	assert_true(pacing_limit(e, 8) == rate && pacing_limit(e, 4) == ~0u);
	rate = 70000;
	assert_int_equal(kernel_setsockopt(e->sock, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, 4), 0);
	assert_true(pacing_limit(e, 8) == 70000 && pacing_limit(e, 4) == 70000);
	rate = ~0ull;
	assert_int_equal(kernel_setsockopt(e->sock, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, 8), 0);
	assert_true(pacing_limit(e, 8) == ~0ull);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(initial_window_is_ten, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(last_segment_has_push, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(nagle_holds_small_segments, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(nodelay_turns_nagle_off, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(cork_gathers_full_segments, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(peer_window_limits, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(zero_window_is_probed, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(unanswered_probes_end_the_connection, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(data_waiting_rides_with_window_update, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(unscaled_and_scaled_windows, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(timestamps_are_echoed, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(sndbuf_full_returns_eagain, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(urgent_data_goes_out, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(closed_connection_gives_epipe, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(maxseg_and_info, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(an_idle_sock_keeps_no_page, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(pacing_limit_in_32_and_64_bits, tcp_env_up, tcp_env_down),
	};

	return RUN_TESTS(tests);
}
