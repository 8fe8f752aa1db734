// SPDX-License-Identifier: BSD-2-Clause
/* Loss: retransmission schedule, fast retransmit, SACK recovery, tail loss probe, undo, F-RTO,
 * PMTU. */
#include <kernel/fs/sysctl.h>
#include <tests/hosted/tcp/tcp_test.h>

/* A flight of n full segments, seen and forgotten. */
static void fly(struct tcp_env *e, u32 n)
{
	assert_int_equal(prog_send(e, n * 1000, 0), (int)(n * 1000));
	assert_int_equal(drop_seen(e), (int)n);
}

/* An RTT sample of about 50 ms, so that timers have something to go by. */
static void warm_up(struct tcp_env *e)
{
	fly(e, 1);
	hosted_advance(50);
	inject(e, ACK, 1, 1001, 0);
	expect_none(e);
}

/* RFC 6298: RTO, then doubled, each time the first segment. */
static void timeouts_back_off(void **state)
{
	struct tcp_env *e = *state;
	u32 rto;
	int i;

	passive_open(e, &no_sack);
	warm_up(e);
	rto = inet_csk(e->sock->sk)->icsk_rto;
	assert_in_range(rto, 200, 350);
	fly(e, 3);
	for (i = 0; i < 5; i++, rto *= 2) {
		wait_seg(e, rto - 5, rto + 5);
		expect(e, ACK, 1001, 1, 1000);
		assert_int_equal(tp_of(e)->snd_cwnd, 1);
	}
	assert_int_equal(mib(e, LINUX_MIB_TCPTIMEOUTS), 5);
	/* The ACK of the first lets the others out, in slow start. */
	inject(e, ACK, 1, 2001, 0);
	expect(e, ACK, 2001, 1, 1000);
	expect(e, ACK, 3001, 1, 1000);
	inject(e, ACK, 1, 4001, 0);
	assert_int_equal(inet_csk(e->sock->sk)->icsk_ca_state,
			 TCP_CA_Loss); /* high_seq not passed */
	fly(e, 1);
	inject(e, ACK, 1, 5001, 0);
	assert_int_equal(inet_csk(e->sock->sk)->icsk_ca_state, TCP_CA_Open);
}

static void retries2_ends_the_connection(void **state)
{
	struct tcp_env *e = *state;

	e->net->ipv4.sysctl_tcp_retries2 = 3;
	passive_open(e, &no_sack);
	fly(e, 1);
	hosted_advance(60000);
	assert_int_equal(e->sock->sk->sk_state, TCP_CLOSE);
	assert_int_equal(prog_send(e, 1, 0), -ETIMEDOUT);
	drop_seen(e);
}

static void user_timeout_ends_the_connection(void **state)
{
	struct tcp_env *e = *state;
	u64 start;

	passive_open(e, &no_sack);
	warm_up(e);
	set_opt(e, SOL_TCP, TCP_USER_TIMEOUT, 3000);
	fly(e, 1);
	start = script_ms();
	while (e->sock->sk->sk_state != TCP_CLOSE)
		hosted_advance(10);
	assert_in_range(script_ms() - start, 3000, 3600);
	drop_seen(e);
}

/* RFC 5681 section 3.2, RFC 6582: the third duplicate, and one segment a partial ACK. */
static void newreno_recovers(void **state)
{
	struct tcp_env *e = *state;
	int i;

	assert_int_equal(sysctl_write(e->net, "net.ipv4.tcp_congestion_control", "reno"), 0);
	passive_open(e, &no_sack);
	warm_up(e);
	fly(e, 10);
	for (i = 0; i < 2; i++)
		inject(e, ACK, 1, 1001, 0);
	expect_none(e);
	inject(e, ACK, 1, 1001, 0);
	expect(e, ACK, 1001, 1, 1000);
	assert_int_equal(inet_csk(e->sock->sk)->icsk_ca_state, TCP_CA_Recovery);
	assert_int_equal(tp_of(e)->snd_ssthresh, 5);
	assert_int_equal(mib(e, LINUX_MIB_TCPRENORECOVERY), 1);
	inject(e, ACK, 1, 8001, 0); /* partial: the next hole */
	expect(e, ACK, 8001, 1, 1000);
	inject(e, ACK, 1, 11001, 0);
	fly(e, 1);
	inject(e, ACK, 1, 12001, 0);
	assert_int_equal(inet_csk(e->sock->sk)->icsk_ca_state, TCP_CA_Open);
	assert_in_range(tp_of(e)->snd_cwnd, 5, 6);
}

static void sack_recovers_two_holes(void **state)
{
	struct tcp_env *e = *state;
	static const u32 b1[][2] = {{2001, 3001}}, b2[][2] = {{2001, 4001}},
			 b3[][2] = {{2001, 4001}, {5001, 6001}},
			 b4[][2] = {{2001, 4001}, {5001, 8001}};

	passive_open(e, &plain);
	warm_up(e);
	fly(e, 10);
	inject_sack(e, 1001, 1, b1);
	inject_sack(e, 1001, 1, b2);
	expect_none(e);
	inject_sack(e, 1001, 2, b3);
	expect(e, ACK, 1001, 1, 1000);
	assert_int_equal(inet_csk(e->sock->sk)->icsk_ca_state, TCP_CA_Recovery);
	hosted_advance(30);
	inject_sack(e, 1001, 2, b4);
	expect(e, ACK, 4001, 1, 1000);
	assert_int_equal(tp_of(e)->sacked_out, 5);
	assert_int_equal(mib(e, LINUX_MIB_TCPSACKRECOVERY), 1);
	assert_int_equal(mib(e, LINUX_MIB_TCPFASTRETRANS), 2);
	hosted_advance(50);
	inject(e, ACK, 1, 11001, 0);
	assert_int_equal(inet_csk(e->sock->sk)->icsk_ca_state, TCP_CA_Open);
	assert_int_equal(mib(e, LINUX_MIB_TCPTIMEOUTS), 0);
}

/* RFC 8985 section 7: the last segment is lost; a probe after two RTTs brings the news. */
static void tail_loss_is_probed(void **state)
{
	struct tcp_env *e = *state;
	static const u32 tail[][2] = {{5001, 6001}};

	passive_open(e, &plain);
	warm_up(e);
	fly(e, 5);
	inject(e, ACK, 1, 4001, 0);
	wait_seg(e, 8, 240); /* 2 x SRTT, whose first sample was 0 */
	expect(e, ACK, 5001, 1, 1000);
	assert_int_equal(mib(e, LINUX_MIB_TCPLOSSPROBES), 1);
	hosted_advance(50);
	inject_sack(e, 4001, 1, tail);
	hosted_advance(100);
	expect(e, ACK, 4001, 1, 1000); /* by RACK, not by the timeout */
	assert_int_equal(mib(e, LINUX_MIB_TCPTIMEOUTS), 0);
	inject(e, ACK, 1, 6001, 0);
}

/* The first segment was only late: D-SACK tells, the window comes back. */
static void dsack_undoes_recovery(void **state)
{
	struct tcp_env *e = *state;
	static const u32 b[][2] = {{2001, 5001}}, dsack[][2] = {{1001, 2001}};
	u32 cwnd;

	passive_open(e, &plain);
	warm_up(e);
	cwnd = tp_of(e)->snd_cwnd;
	fly(e, 6);
	inject_sack(e, 1001, 1, b);
	expect(e, ACK, 1001, 1, 1000);
	inject(e, ACK, 1, 7001, 0);
	assert_true(tp_of(e)->snd_cwnd < cwnd);
	inject_sack(e, 7001, 1, dsack);
	assert_true(tp_of(e)->snd_cwnd >= cwnd);
	assert_int_equal(mib(e, LINUX_MIB_TCPDSACKUNDO), 1);
	drop_seen(e);
}

/* RFC 3522: the echoed timestamp is older than the retransmission. */
static void eiffel_undoes_a_timeout(void **state)
{
	struct tcp_env *e = *state;
	u32 cwnd, echo;

	passive_open(e, &plain_ts);
	fly(e, 1);
	hosted_advance(50);
	inject(e, ACK, 1, 1001, 0);
	cwnd = tp_of(e)->snd_cwnd;
	assert_int_equal(prog_send(e, 4000, 0), 4000);
	drop_seen(e);
	echo = e->tsecr;
	hosted_advance(2000);
	assert_true(drop_seen(e) >= 2);
	assert_int_equal(inet_csk(e->sock->sk)->icsk_ca_state, TCP_CA_Loss);
	e->tsecr = echo; /* the original was acknowledged after all */
	inject(e, ACK, 1, 2001, 0);
	assert_int_equal(mib(e, LINUX_MIB_TCPLOSSUNDO), 1);
	assert_true(tp_of(e)->snd_cwnd >= cwnd);
	inject(e, ACK, 1, 5001, 0);
	drop_seen(e);
}

/* RFC 5682: after a timeout new data goes first; SACKs of never retransmitted data clear the
 * timeout. */
static void frto_detects_a_spurious_timeout(void **state)
{
	struct tcp_env *e = *state;
	static const u32 b[][2] = {{3001, 4001}};

	passive_open(e, &plain);
	warm_up(e);
	e->net->ipv4.sysctl_tcp_early_retrans = 0; /* no tail loss probe before */
	assert_int_equal(prog_send(e, 13000, 0), 13000);
	assert_int_equal(drop_seen(e), 10); /* the congestion window */
	wait_seg(e, 190, 400);
	expect(e, ACK, 1001, 1, 1000);
	inject(e, ACK, 1, 2001, 0);
	expect(e, ACK, 11001, 1, 1000); /* new data, no retransmission */
	expect(e, ACK, 12001, 1, 1000);
	inject_sack(e, 2001, 1, b);
	assert_int_equal(mib(e, LINUX_MIB_TCPSPURIOUSRTOS), 1);
	drop_seen(e);
	inject(e, ACK, 1, 14001, 0);
}

static void reneging_is_survived(void **state)
{
	struct tcp_env *e = *state;
	static const u32 b[][2] = {{2001, 4001}};

	passive_open(e, &plain);
	warm_up(e);
	fly(e, 5);
	inject_sack(e, 1001, 1, b);
	drop_seen(e);
	inject(e, ACK, 1, 2001, 0); /* stops short of what it had SACKed */
	hosted_advance(1000);
	assert_true(mib(e, LINUX_MIB_TCPSACKRENEGING) > 0);
	drop_seen(e);
	inject(e, ACK, 1, 6001, 0);
	assert_int_equal(tp_of(e)->packets_out, 0);
}

/* Blocks that lie: beyond SND.NXT, upside down, below SND.UNA. */
static void bad_sack_blocks_are_ignored(void **state)
{
	struct tcp_env *e = *state;
	static const u32 bad[][2] = {{90001, 95001}, {3001, 2001}, {1, 500}};

	passive_open(e, &plain);
	warm_up(e);
	fly(e, 4);
	inject_sack(e, 1001, 3, bad);
	assert_int_equal(tp_of(e)->sacked_out, 0);
	assert_true(mib(e, LINUX_MIB_TCPSACKDISCARD) >= 2);
	expect_none(e);
	inject(e, ACK, 1, 5001, 0);
}

/* The path shrinks in flight: what is too long goes out again in pieces, without a smaller window.
 */
static void smaller_mtu_resends_smaller(void **state)
{
	struct tcp_env *e = *state;
	struct seg *s;
	u32 cwnd;

	passive_open(e, &plain);
	warm_up(e);
	cwnd = tp_of(e)->snd_cwnd;
	fly(e, 2);
	lock_sock(e->sock->sk);
	tcp_mstamp_refresh(tp_of(e));
	tcp_sk(e->sock->sk)->rx_opt.mss_clamp = 600;
	tcp_sync_mss(e->sock->sk, 640);
	e->sock->sk->sk_dst_cache->dev->mtu = 640;
	tcp_simple_retransmit(e->sock->sk);
	release_sock(e->sock->sk);
	s = next_seg(e);
	assert_int_equal(s->seq, 1001);
	assert_int_equal(s->len, 600);
	assert_true(tp_of(e)->snd_cwnd >= cwnd);
	drop_seen(e);
	inject(e, ACK, 1, 3001, 0);
	e->dev->mtu = 1500;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(timeouts_back_off, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(retries2_ends_the_connection, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(user_timeout_ends_the_connection, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(newreno_recovers, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(sack_recovers_two_holes, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(tail_loss_is_probed, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(dsack_undoes_recovery, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(eiffel_undoes_a_timeout, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(frto_detects_a_spurious_timeout, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(reneging_is_survived, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(bad_sack_blocks_are_ignored, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(smaller_mtu_resends_smaller, tcp_env_up, tcp_env_down),
	};

	return RUN_TESTS(tests);
}
