// SPDX-License-Identifier: BSD-2-Clause
/* Opening: the option layout of SYN and SYN-ACK, negotiation, both sides at once, retransmitted
 * SYNs. */
#include <fcntl.h>
#include <tests/hosted/tcp/tcp_test.h>

static const u8 *raw(const struct seg *s, u32 i)
{
	return &s->raw_opts[i];
}

/* MSS, SACK permitted + timestamps, NOP, window scale: 20 bytes, as Linux lays them out. */
static void syn_has_linux_option_layout(void **state)
{
	struct tcp_env *e = *state;
	struct handshake h = {.win = 0};
	struct seg *s;

	active_open(e, &h);
	s = &e->seen[0];
	assert_int_equal(s->raw_len, 20);
	assert_memory_equal(raw(s, 0), "\x02\x04\x05\xb4", 4); /* 1460 */
	assert_memory_equal(raw(s, 4), "\x04\x02\x08\x0a", 4);
	assert_memory_equal(raw(s, 16), "\x01\x03\x03\x07", 4);
	assert_int_equal(s->win, 64240);
	assert_int_equal(s->ack, 0);
}

static void synack_answers_only_what_was_offered(void **state)
{
	struct tcp_env *e = *state;
	struct seg s = {.flags = SYN, .win = 65535, .o = {.mss_on = true, .mss = 1400}}, *r;

	inject_seg(e, &s);
	r = expect(e, SYN | ACK, 0, 1, 0);
	assert_int_equal(r->raw_len, 4);
	assert_int_equal(r->o.mss, 1460);
	inject(e, RST, 1, 0, 0);
	e->isn_known = false;

	s.o.sackok = s.o.ts = s.o.ws_on = true;
	s.o.ws = 3;
	s.o.tsval = 77;
	inject_seg(e, &s);
	r = expect(e, SYN | ACK, 0, 1, 0);
	assert_int_equal(r->raw_len, 20);
	assert_memory_equal(raw(r, 4), "\x04\x02\x08\x0a", 4);
	assert_int_equal(r->o.tsecr, 77);
	assert_int_equal(r->o.ws, 7);
	inject(e, RST, 1, 0, 0);
	e->isn_known = false;

	s.o.ts = s.o.ws_on = false; /* SACK alone: NOP NOP SACK-permitted */
	inject_seg(e, &s);
	r = expect(e, SYN | ACK, 0, 1, 0);
	assert_int_equal(r->raw_len, 8);
	assert_memory_equal(raw(r, 4), "\x01\x01\x04\x02", 4);
	inject(e, RST, 1, 0, 0);
}

static void active_open_completes(void **state)
{
	struct tcp_env *e = *state;
	struct handshake h = {
		.sack = true, .ts = true, .ws = true, .wscale = 4, .mss = 900, .win = 1000};

	active_open(e, &h);
	assert_int_equal(e->sock->sk->sk_state, TCP_ESTABLISHED);
	assert_int_equal(tp_of(e)->snd_wnd, 1000); /* a SYN's window is not scaled */
	assert_int_equal(tp_of(e)->rx_opt.snd_wscale, 4);
	assert_int_equal(tp_of(e)->mss_cache, 900 - 12 > 500 ? 500 : 888); /* half the window */
	inject(e, ACK, 1, 1, 0);
	assert_int_equal(tp_of(e)->snd_wnd, 16000);
}

static void passive_open_completes(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain_ts);
	assert_int_equal(e->sock->sk->sk_state, TCP_ESTABLISHED);
	assert_int_equal(tp_of(e)->mss_cache, 1000);
	assert_int_equal(tp_of(e)->snd_cwnd, 10);
	inject(e, ACK | PSH, 1, 1, 100);
	expect(e, ACK, 1, 101, 0);
	assert_int_equal(prog_recv(e, 200, 0), 100);
}

/* RFC 6298 section 2.1 and 5.5: 1 s, then twice as long each time. */
static void syn_is_retransmitted_with_backoff(void **state)
{
	struct tcp_env *e = *state;
	struct handshake h = {.win = 0};
	u32 wait = 1000;
	int i;

	e->net->ipv4.sysctl_tcp_syn_retries = 4;
	active_open(e, &h);
	for (i = 0; i < 4; i++, wait *= 2) {
		wait_seg(e, wait - 2, wait + 2);
		expect(e, SYN, 0, 0, 0);
	}
	expect_silence(e, wait - 100);
	hosted_advance(200);
	expect_none(e);
	assert_int_equal(e->sock->sk->sk_state, TCP_CLOSE);
	assert_int_equal(get_opt(e, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
}

static void synack_is_retransmitted(void **state)
{
	struct tcp_env *e = *state;
	struct seg s = {.flags = SYN, .win = 65535};
	u32 wait = 1000;
	int i;

	e->net->ipv4.sysctl_tcp_synack_retries = 3;
	inject_seg(e, &s);
	expect(e, SYN | ACK, 0, 1, 0);
	for (i = 0; i < 3; i++, wait *= 2) {
		wait_seg(e, wait - 2, wait + 2);
		expect(e, SYN | ACK, 0, 1, 0);
	}
	expect_silence(e, 20000);
	/* The request is gone: its ACK now meets a listener. */
	inject(e, ACK, 1, 1, 0);
	expect(e, RST, 1, 0, 0);
}

/* RFC 9293 figure 8. */
static void simultaneous_open(void **state)
{
	struct tcp_env *e = *state;
	struct handshake h = {.win = 0};
	struct seg s = {.flags = SYN, .win = 5000, .o = {.mss_on = true, .mss = 1000}};

	active_open(e, &h);
	inject_seg(e, &s);
	expect(e, SYN | ACK, 0, 1, 0);
	assert_int_equal(e->sock->sk->sk_state, TCP_SYN_RECV);
	s.flags = SYN | ACK;
	s.ack = 1;
	inject_seg(e, &s);
	/* RFC 9293 figure 7: the peer's SYN-ACK opens, though its SYN is an old one. */
	assert_int_equal(e->sock->sk->sk_state, TCP_ESTABLISHED);
	expect(e, ACK, 1, 1, 0);
	e->win = 5000;
	inject(e, ACK, 1, 1, 0);
	assert_int_equal(e->sock->sk->sk_state, TCP_ESTABLISHED);
	assert_int_equal(prog_send(e, 10, 0), 10);
	expect(e, ACK, 1, 1, 10);
}

static void refused_by_reset(void **state)
{
	struct tcp_env *e = *state;
	struct handshake h = {.win = 0};

	active_open(e, &h);
	inject(e, RST, 0, 0, 0); /* without ACK: not for us */
	assert_int_equal(e->sock->sk->sk_state, TCP_SYN_SENT);
	inject(e, RST | ACK, 0, 2, 0); /* acknowledges what was not sent */
	assert_int_equal(e->sock->sk->sk_state, TCP_SYN_SENT);
	inject(e, RST | ACK, 0, 1, 0);
	assert_int_equal(e->sock->sk->sk_state, TCP_CLOSE);
	assert_int_equal(get_opt(e, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
}

static void bad_ack_in_syn_sent_is_reset(void **state)
{
	struct tcp_env *e = *state;
	struct handshake h = {.win = 0};

	active_open(e, &h);
	inject(e, ACK, 500, 77, 0);
	expect(e, RST, 77, 0, 0);
	assert_int_equal(e->sock->sk->sk_state, TCP_SYN_SENT);
	/* and the SYN goes out again at once, for the old connection is gone now */
	wait_seg(e, 0, 10);
	expect(e, SYN, 0, 0, 0);
}

static void isn_near_the_wrap_works(void **state)
{
	struct tcp_env *e = *state;
	u32 got = 0;
	int i;

	e->peer_isn = 0xfffffff0;
	passive_open(e, &plain);
	for (i = 0; i < 20; i++) {
		inject(e, ACK, 1 + 100 * (u32)i, 1, 100);
		got += (u32)prog_recv(e, 100, 0);
	}
	assert_int_equal(got, 2000);
	assert_true(tp_of(e)->rcv_nxt < 4000);
}

static void handshake_ack_with_data(void **state)
{
	struct tcp_env *e = *state;
	struct seg s = {.flags = SYN, .win = 65535, .o = {.mss_on = true, .mss = 1000}};

	inject_seg(e, &s);
	expect(e, SYN | ACK, 0, 1, 0);
	e->win = 65535;
	inject(e, ACK | PSH, 1, 1, 50);
	assert_int_equal(kernel_accept(e->listener, &e->sock, O_NONBLOCK), 0);
	expect(e, ACK, 1, 51, 0);
	assert_int_equal(tp_of(e)->rcv_nxt - tp_of(e)->copied_seq, 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(syn_has_linux_option_layout, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(synack_answers_only_what_was_offered, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(active_open_completes, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(passive_open_completes, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(syn_is_retransmitted_with_backoff, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(synack_is_retransmitted, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(simultaneous_open, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(refused_by_reset, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(bad_ack_in_syn_sent_is_reset, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(isn_near_the_wrap_works, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(handshake_ack_with_data, tcp_env_up, tcp_env_down),
	};

	return RUN_TESTS(tests);
}
