// SPDX-License-Identifier: BSD-2-Clause
/* Receiving: delayed ACKs, quick and pingpong mode, order, overlaps, SACK blocks, window, urgent
 * data. */
#include <tests/hosted/tcp/tcp_test.h>

/* Past the quick ACKs that a connection begins with. */
static u32 leave_quick_mode(struct tcp_env *e)
{
	u32 seq = 1;

	while (inet_csk(e->sock->sk)->icsk_ack.quick || seq == 1) {
		inject(e, ACK, seq, 1, 1000);
		seq += 1000;
		prog_recv(e, 1000, 0);
	}
	hosted_advance(100); /* shorter than the RTO, after which quick mode begins anew */
	drop_seen(e);
	inet_csk(e->sock->sk)->icsk_ack.quick = 0;
	return seq;
}

static void first_segments_are_acked_at_once(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	inject(e, ACK, 1, 1, 500);
	expect(e, ACK, 1, 501, 0);
	inject(e, ACK, 501, 1, 500);
	expect(e, ACK, 1, 1001, 0);
}

static void lone_segment_waits_for_delayed_ack(void **state)
{
	struct tcp_env *e = *state;
	u32 seq;

	passive_open(e, &plain);
	seq = leave_quick_mode(e);
	inject(e, ACK, seq, 1, 100); /* too small to let the window grow, which asks for an ACK */
	wait_seg(e, 30, 210);
	expect(e, ACK, 1, seq + 100, 0);
	assert_int_equal(mib(e, LINUX_MIB_DELAYEDACKS) > 0, 1);
}

static void every_second_full_segment_is_acked(void **state)
{
	struct tcp_env *e = *state;
	u32 seq;

	passive_open(e, &plain);
	seq = leave_quick_mode(e);
	assert_int_equal(set_opt(e, SOL_TCP, TCP_QUICKACK, 0), 0);
	inject(e, ACK, seq, 1, 1000);
	expect_none(e);
	inject(e, ACK, seq + 1000, 1, 1000);
	prog_recv(e, 5000, 0);
	expect(e, ACK, 1, seq + 2000, 0);
}

/* The answer carries the ACK; a program that answers has its ACKs delayed (pingpong). */
static void ack_rides_on_the_answer(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	inject(e, ACK | PSH, 1, 1, 10);
	expect(e, ACK, 1, 11, 0);
	prog_recv(e, 100, 0);
	prog_send(e, 10, 0);
	expect(e, ACK, 1, 11, 10);
	inject(e, ACK | PSH, 11, 11, 10);
	prog_recv(e, 100, 0);
	expect_none(e);
	prog_send(e, 10, 0);
	expect(e, ACK, 11, 21, 10);
	expect_silence(e, 100);
}

static void hole_is_reported_by_sack(void **state)
{
	struct tcp_env *e = *state;
	struct seg *s;

	passive_open(e, &plain);
	inject(e, ACK, 1001, 1, 1000);
	s = expect(e, ACK, 1, 1, 0);
	assert_int_equal(s->o.nsack, 1);
	assert_int_equal(s->o.sack[0][0], 1001);
	assert_int_equal(s->o.sack[0][1], 2001);
	inject(e, ACK, 3001, 1, 1000);
	s = expect(e, ACK, 1, 1, 0);
	assert_int_equal(s->o.nsack, 2);
	assert_int_equal(s->o.sack[0][0], 3001); /* the latest first (RFC 2018) */
	assert_int_equal(s->o.sack[1][0], 1001);
	assert_int_equal(prog_recv(e, 5000, 0), -EAGAIN);
	inject(e, ACK, 1, 1, 1000); /* fills the first hole */
	s = expect(e, ACK, 1, 2001, 0);
	assert_int_equal(s->o.nsack, 1);
	inject(e, ACK, 2001, 1, 1000);
	s = expect(e, ACK, 1, 4001, 0);
	assert_int_equal(s->o.nsack, 0);
	assert_int_equal(prog_recv(e, 5000, 0), 4000);
}

static void duplicates_are_reported_by_dsack(void **state)
{
	struct tcp_env *e = *state;
	struct seg *s;

	passive_open(e, &plain);
	inject(e, ACK, 1, 1, 1000);
	expect(e, ACK, 1, 1001, 0);
	inject(e, ACK, 1, 1, 1000);
	s = expect(e, ACK, 1, 1001, 0);
	assert_int_equal(s->o.nsack, 1);
	assert_int_equal(s->o.sack[0][0], 1);
	assert_int_equal(s->o.sack[0][1], 1001);
	assert_int_equal(mib(e, LINUX_MIB_TCPDSACKOLDSENT), 1);
	/* Out of order and twice: D-SACK first, then the block it lies in. */
	inject(e, ACK, 2001, 1, 1000);
	expect(e, ACK, 1, 1001, 0);
	inject(e, ACK, 2001, 1, 1000);
	s = expect(e, ACK, 1, 1001, 0);
	assert_int_equal(s->o.nsack, 2);
	assert_int_equal(s->o.sack[0][0], 2001);
	assert_int_equal(s->o.sack[1][0], 2001);
	assert_int_equal(mib(e, LINUX_MIB_TCPDSACKOFOSENT), 1);
}

/* Each case: pieces in order of arrival; the stream must come out right. */
static void overlaps_give_one_stream(void **state)
{
	struct tcp_env *e = *state;
	static const u32 pieces[][2] = {{501, 1001},  {301, 701},  {1501, 2001},
					{1401, 2101}, {901, 1601}, {2001, 2601},
					{2301, 2401}, {101, 2301}, {1, 201}};
	size_t i;

	passive_open(e, &plain);
	for (i = 0; i < ARRAY_SIZE(pieces); i++)
		inject(e, ACK, pieces[i][0], 1, min(pieces[i][1] - pieces[i][0], 1400u));
	for (i = 0; i < ARRAY_SIZE(pieces); i++) /* what was too long for one segment */
		inject(e, ACK, 1501, 1, 1100);
	drop_seen(e);
	assert_int_equal(prog_recv(e, 5000, 0), 2600);
	assert_true(RB_EMPTY_ROOT(&tp_of(e)->out_of_order_queue));
}

static void partly_old_segment_is_taken(void **state)
{
	struct tcp_env *e = *state;
	struct seg *s;

	passive_open(e, &plain);
	inject(e, ACK, 1, 1, 1000);
	expect(e, ACK, 1, 1001, 0);
	inject(e, ACK, 501, 1, 1000);
	s = expect(e, ACK, 1, 1501, 0);
	assert_int_equal(s->o.sack[0][0], 501);
	assert_int_equal(s->o.sack[0][1], 1001);
	assert_int_equal(prog_recv(e, 5000, 0), 1500);
}

static void window_closes_and_reopens(void **state)
{
	struct tcp_env *e = *state;
	struct seg *s = NULL;
	u32 seq = 1;
	int i;

	e->net->ipv4.sysctl_tcp_rmem[1] = e->net->ipv4.sysctl_tcp_rmem[2] = 16384;
	e->listener->sk->sk_rcvbuf = 16384;
	passive_open(e, &plain);
	for (i = 0; i < 40; i++) {
		u32 room = tcp_receive_window(tp_of(e));

		if (!room)
			break;
		room = min(room, 1000u);
		inject(e, ACK, seq, 1, room);
		seq += room;
	}
	hosted_advance(300);
	while (e->head != e->tail)
		s = next_seg(e);
	assert_int_equal(s->win, 0);
	/* A probe is answered, its byte not taken. */
	inject(e, ACK, seq, 1, 1);
	s = expect(e, ACK, 1, seq, 0);
	assert_int_equal(s->win, 0);
	assert_int_equal(mib(e, LINUX_MIB_TCPZEROWINDOWDROP), 1);
	/* Silly window avoidance: a little room is not announced, much is. */
	prog_recv(e, 10, 0);
	expect_none(e);
	prog_recv(e, 60000, 0);
	s = next_seg(e);
	assert_true(s->win > 1000);
	assert_int_equal(s->ack, seq);
}

static void beyond_the_window_is_dropped(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	hosted_advance(1000);
	inject(e, ACK, 200001, 1, 100);
	expect(e, ACK, 1, 1, 0);
	inject(e, ACK, 60001, 1, 100);
	expect(e, ACK, 1, 1, 0);
}

static void peek_trunc_waitall(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	inject(e, ACK | PSH, 1, 1, 100);
	assert_int_equal(prog_recv(e, 50, MSG_PEEK), 50);
	assert_int_equal(prog_recv(e, 200, MSG_PEEK), 100);
	assert_int_equal(prog_recv(e, 30, 0), 30);
	assert_int_equal(prog_recv(e, 20, MSG_TRUNC), 20);
	assert_int_equal(prog_recv(e, 500, MSG_WAITALL), 50); /* does not wait: MSG_DONTWAIT */
	assert_int_equal(prog_recv(e, 1, 0), -EAGAIN);
}

static void urgent_byte_is_out_of_line(void **state)
{
	struct tcp_env *e = *state;
	struct seg s = {.flags = ACK | URG, .seq = 1, .ack = 1, .len = 10, .win = 65535, .urg = 5};
	struct msghdr msg = {.msg_flags = 0};
	u8 buf[20];

	passive_open(e, &plain);
	inject_seg(e, &s);
	drop_seen(e);
	assert_int_equal(kernel_recvmsg(e->sock, &msg, buf, 20, MSG_DONTWAIT), 4); /* to the mark */
	assert_int_equal(kernel_recvmsg(e->sock, &msg, buf, 1, MSG_OOB | MSG_DONTWAIT), 1);
	assert_int_equal(buf[0], pattern(5));
	assert_int_equal(kernel_recvmsg(e->sock, &msg, buf, 1, MSG_OOB | MSG_DONTWAIT), -EINVAL);
	assert_int_equal(kernel_recvmsg(e->sock, &msg, buf, 20, MSG_DONTWAIT), 5);
	assert_int_equal(buf[0], pattern(6));
}

static void old_timestamp_is_rejected(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain_ts);
	hosted_advance(600);
	inject(e, ACK, 1, 1, 10);
	expect(e, ACK, 1, 11, 0);
	e->tsval -= 500;
	hosted_advance(600);
	e->tsval -= 2000;
	inject(e, ACK, 11, 1, 10);
	expect(e, ACK, 1, 11, 0); /* dropped, answered */
	assert_int_equal(mib(e, LINUX_MIB_PAWSESTAB), 1);
	e->tsval += 4000;
	inject(e, ACK, 11, 1, 10);
	expect(e, ACK, 1, 21, 0);
}

static void stream_passes_4_gib(void **state)
{
	struct tcp_env *e = *state;
	u32 seq = 1, i;

	e->peer_isn = 0xffffffffu - 500000;
	passive_open(e, &plain);
	for (i = 0; i < 1000; i++, seq += 1400) {
		inject(e, ACK, seq, 1, 1400);
		assert_int_equal(prog_recv(e, 1400, 0), 1400);
		drop_seen(e);
	}
	assert_true(tp_of(e)->rcv_nxt < 1000000);
}

static void tiny_segments_are_collapsed(void **state)
{
	struct tcp_env *e = *state;
	u32 seq = 2, i;

	e->listener->sk->sk_rcvbuf = 8192;
	e->net->ipv4.sysctl_tcp_rmem[2] = 8192;
	passive_open(e, &plain);
	for (i = 0; i < 100; i++, seq += 2) /* every second byte */
		inject(e, ACK, seq, 1, 1);
	drop_seen(e);
	assert_true(atomic_read(&e->sock->sk->sk_rmem_alloc) <= 2 * 8192 + 4096);
	assert_true(mib(e, LINUX_MIB_PRUNECALLED) > 0);
	/* The peer sends again what was thrown away; everything arrives in the end. */
	for (i = 1; i < 202; i += 50)
		inject(e, ACK, i, 1, 50);
	for (i = 0; i < 202;) {
		int n = prog_recv(e, 1000, 0);

		assert_true(n > 0);
		i += (u32)n;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(first_segments_are_acked_at_once, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(lone_segment_waits_for_delayed_ack, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(every_second_full_segment_is_acked, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(ack_rides_on_the_answer, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(hole_is_reported_by_sack, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(duplicates_are_reported_by_dsack, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(overlaps_give_one_stream, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(partly_old_segment_is_taken, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(window_closes_and_reopens, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(beyond_the_window_is_dropped, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(peek_trunc_waitall, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(urgent_byte_is_out_of_line, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(old_timestamp_is_rejected, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(stream_passes_4_gib, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(tiny_segments_are_collapsed, tcp_env_up, tcp_env_down),
	};

	return RUN_TESTS(tests);
}
