// SPDX-License-Identifier: BSD-2-Clause
/* Closing, resets, challenges, keepalive, listen queues and SYN cookies. */
#include <fcntl.h>
#include <tests/hosted/tcp/tcp_test.h>

static u8 state_of(const struct tcp_env *e)
{
	return e->sock->sk->sk_state;
}

static int shut(struct tcp_env *e, int how)
{
	int err = e->sock->ops->shutdown(e->sock, how);

	hosted_run_until_idle();
	return err;
}

static void peer_closes_first(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	inject(e, FIN | ACK, 1, 1, 0);
	hosted_advance(250);
	expect(e, ACK, 1, 2, 0);
	assert_int_equal(state_of(e), TCP_CLOSE_WAIT);
	assert_int_equal(prog_recv(e, 10, 0), 0);
	prog_send(e, 10, 0); /* half closed: we may still send */
	expect(e, ACK, 1, 2, 10);
	inject(e, ACK, 2, 11, 0);
	prog_close(e);
	expect(e, FIN | ACK, 11, 2, 0);
	inject(e, ACK, 2, 12, 0);
	inject(e, ACK, 2, 12, 0);
	expect(e, RST, 12, 0, 0); /* nothing is left */
}

static void we_close_first(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	assert_int_equal(shut(e, SHUT_WR), 0);
	expect(e, FIN | ACK, 1, 1, 0);
	assert_int_equal(state_of(e), TCP_FIN_WAIT1);
	inject(e, ACK, 1, 2, 0);
	assert_int_equal(state_of(e), TCP_FIN_WAIT2);
	inject(e, ACK | PSH, 1, 2, 100); /* the other half is open */
	assert_int_equal(prog_recv(e, 200, 0), 100);
	drop_seen(e);
	inject(e, FIN | ACK, 101, 2, 0);
	expect(e, ACK, 2, 102, 0);
	assert_int_equal(state_of(e), TCP_CLOSE); /* the sock; TIME-WAIT is an object of its own */
	assert_int_equal(e->net->ipv4.tw_count, 1);
	inject(e, FIN | ACK, 101, 2, 0); /* a late copy is answered */
	expect(e, ACK, 2, 102, 0);
	hosted_advance(61000);
	assert_int_equal(e->net->ipv4.tw_count, 0);
}

static void both_close_at_once(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	shut(e, SHUT_WR);
	expect(e, FIN | ACK, 1, 1, 0);
	inject(e, FIN | ACK, 1, 1, 0); /* does not acknowledge ours */
	expect(e, ACK, 2, 2, 0);
	assert_int_equal(state_of(e), TCP_CLOSING);
	inject(e, ACK, 2, 2, 0);
	assert_int_equal(e->net->ipv4.tw_count, 1);
}

static void fin_is_retransmitted(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &no_sack);
	prog_close(e);
	expect(e, FIN | ACK, 1, 1, 0);
	wait_seg(e, 190, 1100);
	expect(e, FIN | ACK, 1, 1, 0);
	inject(e, ACK, 1, 2, 0);
	hosted_advance(1000);
	inject(e, FIN | ACK, 1, 2, 0);
	expect(e, ACK, 2, 2, 0);
}

static void fin_rides_on_data(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	set_opt(e, SOL_TCP, TCP_CORK, 1);
	prog_send(e, 100, 0);
	expect_none(e);
	shut(e, SHUT_WR);
	expect(e, FIN | ACK, 1, 1, 100);
	inject(e, ACK, 1, 102, 0);
	assert_int_equal(state_of(e), TCP_FIN_WAIT2);
}

static void fin_out_of_order_waits(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	inject(e, FIN | ACK, 101, 1, 100);
	expect(e, ACK, 1, 1, 0);
	assert_int_equal(state_of(e), TCP_ESTABLISHED);
	inject(e, ACK, 1, 1, 100);
	hosted_advance(250);
	expect(e, ACK, 1, 202, 0);
	assert_int_equal(state_of(e), TCP_CLOSE_WAIT);
	assert_int_equal(prog_recv(e, 500, 0), 200);
	assert_int_equal(prog_recv(e, 500, 0), 0);
}

/* RFC 2525 section 2.17. */
static void close_with_unread_data_resets(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	inject(e, ACK, 1, 1, 10);
	drop_seen(e);
	prog_close(e);
	expect(e, RST | ACK, 1, 11, 0);
	assert_int_equal(mib(e, LINUX_MIB_TCPABORTONCLOSE), 1);
}

static void data_after_close_is_reset(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	prog_close(e);
	expect(e, FIN | ACK, 1, 1, 0);
	inject(e, ACK, 1, 2, 10);
	expect(e, RST, 2, 0, 0);
}

static void orphan_in_fin_wait2_ends(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	prog_close(e);
	expect(e, FIN | ACK, 1, 1, 0);
	inject(e, ACK, 1, 2, 0);
	assert_int_equal(e->net->ipv4.tw_count, 1);
	hosted_advance(61000);
	assert_int_equal(e->net->ipv4.tw_count, 0);
	inject(e, FIN | ACK, 1, 2, 0);
	expect(e, RST, 2, 0, 0);
}

static void reset_at_rcv_nxt_kills(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	inject(e, RST, 1, 0, 0);
	expect_none(e);
	assert_int_equal(state_of(e), TCP_CLOSE);
	assert_int_equal(prog_recv(e, 1, 0), -ECONNRESET);
	assert_int_equal(prog_recv(e, 1, 0), 0);
}

/* RFC 5961 section 3: elsewhere in the window a challenge, outside nothing. */
static void reset_in_window_is_challenged(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	inject(e, RST, 2, 0, 0);
	expect(e, ACK, 1, 1, 0);
	assert_int_equal(mib(e, LINUX_MIB_TCPCHALLENGEACK), 1);
	inject(e, RST, 3, 0, 0); /* within half a second: silence */
	expect_none(e);
	assert_int_equal(mib(e, LINUX_MIB_TCPACKSKIPPEDCHALLENGE), 1);
	hosted_advance(1000);
	inject(e, RST, 500000, 0, 0);
	expect_none(e);
	assert_int_equal(state_of(e), TCP_ESTABLISHED);
}

static void syn_in_window_is_challenged(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	inject(e, SYN, 10, 0, 0);
	expect(e, ACK, 1, 1, 0);
	assert_int_equal(mib(e, LINUX_MIB_TCPSYNCHALLENGE), 1);
	hosted_advance(1000);
	inject(e, SYN, 900000, 0, 0);
	expect(e, ACK, 1, 1, 0);
	assert_int_equal(state_of(e), TCP_ESTABLISHED);
}

static void ack_too_old_is_challenged(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	prog_send(e, 1000, 0);
	expect(e, ACK, 1, 1, 1000);
	inject(e, ACK, 1, 1001, 0);
	inject(e, ACK, 1, (u32)-200000, 10); /* blind injection */
	expect(e, ACK, 1001, 1, 0);
	assert_int_equal(prog_recv(e, 10, 0), -EAGAIN);
	inject(e, ACK, 1, 5000, 10); /* of data never sent: dropped */
	expect_none(e);
	assert_int_equal(prog_recv(e, 10, 0), -EAGAIN);
}

static void keepalive_probes_and_gives_up(void **state)
{
	struct tcp_env *e = *state;
	int i;

	passive_open(e, &plain);
	assert_int_equal(set_opt(e, SOL_TCP, TCP_KEEPIDLE, 10), 0);
	set_opt(e, SOL_TCP, TCP_KEEPINTVL, 5);
	set_opt(e, SOL_TCP, TCP_KEEPCNT, 3);
	set_opt(e, SOL_SOCKET, SO_KEEPALIVE, 1);
	wait_seg(e, 9900, 10100);
	expect(e, ACK, 0, 1, 0); /* one below SND.UNA */
	inject(e, ACK, 1, 1, 0);
	wait_seg(e, 9900, 10100);
	expect(e, ACK, 0, 1, 0);
	for (i = 0; i < 2; i++) {
		wait_seg(e, 4900, 5100);
		expect(e, ACK, 0, 1, 0);
	}
	wait_seg(e, 4900, 5100);
	expect(e, RST | ACK, 1, 1, 0);
	assert_int_equal(prog_recv(e, 1, 0), -ETIMEDOUT);
	assert_int_equal(mib(e, LINUX_MIB_TCPKEEPALIVE), 4);
}

static void syn_from(struct tcp_env *e, u16 port)
{
	struct seg s = {
		.flags = SYN, .win = 65535, .sport = port, .o = {.mss_on = true, .mss = 1000}};

	inject_seg(e, &s);
}

static void accept_queue_overflow_drops_acks(void **state)
{
	struct tcp_env *e = *state;
	struct seg s = {.flags = ACK, .seq = 1, .ack = 1, .win = 65535};
	int i;

	kernel_listen(e->listener, 1);
	for (i = 0; i < 4; i++) {
		e->isn_known = false;
		syn_from(e, (u16)(50000 + i));
		if (!drop_seen(e))
			continue; /* the queue is full already: SYNs are dropped */
		s.sport = (u16)(50000 + i);
		inject_seg(e, &s);
	}
	assert_int_equal(e->listener->sk->sk_ack_backlog, 2);
	assert_true(mib(e, LINUX_MIB_LISTENOVERFLOWS) > 0);
	drop_seen(e);
	for (i = 0; i < 2; i++) {
		struct socket *sock;

		assert_int_equal(kernel_accept(e->listener, &sock, O_NONBLOCK), 0);
		sock_release(sock);
	}
	drop_seen(e);
}

/* The SYN queue is full: the SYN-ACK is a cookie, and its ACK makes a connection out of nothing. */
static void syn_cookies_when_the_queue_is_full(void **state)
{
	struct tcp_env *e = *state;
	struct seg *r;
	int i;

	kernel_listen(e->listener, 8);
	for (i = 0; i < 12; i++)
		syn_from(e, (u16)(50000 + i));
	drop_seen(e);
	assert_true(mib(e, LINUX_MIB_SYNCOOKIESSENT) > 0);
	e->isn_known = false;
	syn_from(e, PEER_PORT);
	r = next_seg(e);
	assert_int_equal(r->flags, SYN | ACK);
	e->win = 65535;
	inject(e, ACK, 1, 1, 0);
	assert_int_equal(mib(e, LINUX_MIB_SYNCOOKIESRECV), 1);
	assert_int_equal(kernel_accept(e->listener, &e->sock, O_NONBLOCK), 0);
	assert_int_equal(tp_of(e)->rx_opt.mss_clamp, 536); /* of the cookie's table of four */
	inject(e, ACK | PSH, 1, 1, 10);
	drop_seen(e);
}

static void forged_cookie_is_reset(void **state)
{
	struct tcp_env *e = *state;
	int i;

	for (i = 0; i < 40; i++)
		syn_from(e, (u16)(50000 + i));
	drop_seen(e);
	e->isn_known = true;
	e->isn = 12345;
	inject(e, ACK, 1, 1, 0);
	expect(e, RST, 1, 0, 0);
	assert_int_equal(mib(e, LINUX_MIB_SYNCOOKIESFAILED), 1);
}

/* RFC 7323 section 5.4, after a paced sock whose last segment was stamped ahead of the clock. */
static void timestamps_do_not_go_back_in_time_wait(void **state)
{
	struct tcp_env *e = *state;
	u32 last;

	passive_open(e, &plain_ts);
	set_opt(e, SOL_SOCKET, SO_MAX_PACING_RATE, 10000);
	prog_send(e, 10000, 0);
	drop_seen(e);
	inject(e, ACK, 1, 10001, 0);
	hosted_advance(1000);
	prog_send(e, 980, MSG_MORE);
	prog_close(e);
	expect(e, FIN | ACK, 10001, 1, 980);
	inject(e, FIN | ACK, 1, 10982, 0);
	last = expect(e, ACK, 10982, 2, 0)->o.tsval;
	inject(e, FIN | ACK, 1, 10982, 0);
	assert_false(before(expect(e, ACK, 10982, 2, 0)->o.tsval, last));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(peer_closes_first, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(we_close_first, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(both_close_at_once, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(fin_is_retransmitted, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(fin_rides_on_data, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(fin_out_of_order_waits, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(close_with_unread_data_resets, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(data_after_close_is_reset, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(orphan_in_fin_wait2_ends, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(reset_at_rcv_nxt_kills, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(reset_in_window_is_challenged, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(syn_in_window_is_challenged, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(ack_too_old_is_challenged, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(keepalive_probes_and_gives_up, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(accept_queue_overflow_drops_acks, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(syn_cookies_when_the_queue_is_full, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(forged_cookie_is_reset, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(timestamps_do_not_go_back_in_time_wait, tcp_env_up, tcp_env_down),
	};

	return RUN_TESTS(tests);
}
