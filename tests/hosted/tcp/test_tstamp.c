// SPDX-License-Identifier: BSD-2-Clause
/* Timestamps for programs on TCP: SO_TIMESTAMP(NS), SO_TIMESTAMPING, OPT_ID, OPT_TSONLY. */
#include <kernel/time/clock.h>
#include <net/tstamp.h>
#include <sys/epoll.h>
#include <tests/hosted/tcp/tcp_test.h>

struct control {
	u8 data[256];
	size_t len;
};

static int receive(struct tcp_env *e, u32 len, int flags, struct control *c)
{
	struct msghdr msg = {.msg_control = c->data, .msg_controllen = sizeof(c->data)};
	u8 buf[4096];
	int n = kernel_recvmsg(e->sock, &msg, buf, len, flags | MSG_DONTWAIT);

	c->len = sizeof(c->data) - msg.msg_controllen;
	return n;
}

static const void *find(const struct control *c, int level, int type)
{
	size_t at = 0;

	while (at + sizeof(struct cmsghdr) <= c->len) {
		const struct cmsghdr *h = (const struct cmsghdr *)(c->data + at);

		if (h->cmsg_level == level && h->cmsg_type == type)
			return h + 1;
		at += CMSG_ALIGN(h->cmsg_len);
	}
	return NULL;
}

/* The time of arrival, not of reading; the last packet's when a read takes several. */
static void arrival_is_told(void **state)
{
	struct tcp_env *e = *state;
	struct control c;
	const u64 *t;
	u64 then;

	passive_open(e, &plain);
	assert_int_equal(set_opt(e, SOL_SOCKET, SO_TIMESTAMPNS, 1), 0);
	inject(e, ACK | PSH, 1, 1, 100);
	hosted_advance(50);
	then = ktime_get_real_ns();
	inject(e, ACK | PSH, 101, 1, 100);
	hosted_advance(300);
	drop_seen(e);
	assert_int_equal(receive(e, 1000, 0, &c), 200);
	t = find(&c, SOL_SOCKET, SO_TIMESTAMPNS);
	assert_non_null(t);
	assert_int_equal(t[0] * NSEC_PER_SEC + t[1], then);
	assert_int_equal(set_opt(e, SOL_SOCKET, SO_TIMESTAMP, 1), 0);
	then = ktime_get_real_ns();
	inject(e, ACK | PSH, 201, 1, 100);
	drop_seen(e);
	assert_int_equal(receive(e, 1000, 0, &c), 100);
	assert_null(find(&c, SOL_SOCKET, SO_TIMESTAMPNS));
	t = find(&c, SOL_SOCKET, SO_TIMESTAMP);
	assert_non_null(t);
	assert_int_equal(t[0] * USEC_PER_SEC + t[1], then / NSEC_PER_USEC);
	assert_int_equal(set_opt(e, SOL_SOCKET, SO_TIMESTAMP, 0), 0);
	inject(e, ACK | PSH, 301, 1, 100);
	drop_seen(e);
	assert_int_equal(receive(e, 1000, 0, &c), 100);
	assert_int_equal(c.len, 0);
}

static void option_values(void **state)
{
	struct tcp_env *e = *state;
	int val = SOF_TIMESTAMPING_OPT_ID;

	assert_int_equal(kernel_setsockopt(e->listener, SOL_SOCKET, SO_TIMESTAMPING, &val, 4),
			 -EINVAL);
	passive_open(e, &plain);
	assert_int_equal(set_opt(e, SOL_SOCKET, SO_TIMESTAMPING, 1 << 30), -EINVAL);
	assert_int_equal(set_opt(e, SOL_SOCKET, SO_TIMESTAMPING, val), 0);
	assert_int_equal(get_opt(e, SOL_SOCKET, SO_TIMESTAMPING), val);
}

static void expect_event(struct tcp_env *e, u32 event, u32 id, u64 when, int len)
{
	const struct sock_extended_err *ee;
	const struct scm_timestamping *tss;
	struct control c;

	assert_true(e->sock->ops->poll(NULL, e->sock, NULL) & EPOLLERR);
	assert_int_equal(receive(e, 4096, MSG_ERRQUEUE, &c), len);
	ee = find(&c, IPPROTO_IP, IP_RECVERR);
	assert_non_null(ee);
	assert_int_equal(ee->ee_errno, ENOMSG);
	assert_int_equal(ee->ee_origin, SO_EE_ORIGIN_TIMESTAMPING);
	assert_int_equal(ee->ee_info, event);
	assert_int_equal(ee->ee_data, id);
	tss = find(&c, SOL_SOCKET, SO_TIMESTAMPING);
	assert_non_null(tss);
	assert_int_equal((u64)tss->ts[0].tv_sec * NSEC_PER_SEC + (u64)tss->ts[0].tv_nsec, when);
}

#define TX (SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_TX_SCHED | SOF_TIMESTAMPING_TX_ACK)

/* A write's last byte leaves the stack, is given to the device and acknowledged. */
static void events_of_a_write(void **state)
{
	struct tcp_env *e = *state;
	struct control c;
	u64 sent;

	e->net->ipv4.sysctl_tcp_early_retrans = 0; /* a probe would be an event too */
	passive_open(e, &plain);
	assert_int_equal(set_opt(e, SOL_SOCKET, SO_TIMESTAMPING,
				 TX | SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_ID |
					 SOF_TIMESTAMPING_OPT_TSONLY),
			 0);
	sent = ktime_get_real_ns();
	prog_send(e, 2500, 0);
	expect(e, ACK, 1, 1, 1000);
	expect(e, ACK, 1001, 1, 1000);
	expect(e, ACK, 2001, 1, 500);
	expect_event(e, SCM_TSTAMP_SCHED, 2499, sent, 0);
	expect_event(e, SCM_TSTAMP_SND, 2499, sent, 0);
	hosted_advance(30);
	inject(e, ACK, 1, 2001, 0);
	assert_int_equal(receive(e, 100, MSG_ERRQUEUE, &c), -EAGAIN);
	hosted_advance(10);
	inject(e, ACK, 1, 2501, 0);
	expect_event(e, SCM_TSTAMP_ACK, 2499, sent + 40 * NSEC_PER_MSEC, 0);
	assert_int_equal(receive(e, 100, MSG_ERRQUEUE, &c), -EAGAIN);
}

/* Without OPT_TSONLY the report has the packet; without OPT_ID no number. */
static void report_with_the_packet(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	set_opt(e, SOL_SOCKET, SO_TIMESTAMPING,
		SOF_TIMESTAMPING_TX_ACK | SOF_TIMESTAMPING_SOFTWARE);
	prog_send(e, 100, 0);
	expect(e, ACK, 1, 1, 100);
	inject(e, ACK, 1, 101, 0);
	expect_event(e, SCM_TSTAMP_ACK, 0, ktime_get_real_ns(), 100);
}

/* What waits for the window is cut: the events stay with the last byte. */
static void events_follow_their_byte(void **state)
{
	struct tcp_env *e = *state;
	const struct handshake small = {.sack = true, .mss = 1000, .win = 1500};
	struct control c;

	passive_open(e, &small);
	set_opt(e, SOL_SOCKET, SO_TIMESTAMPING,
		SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_ID |
			SOF_TIMESTAMPING_OPT_TSONLY);
	prog_send(e, 2000, 0);
	drop_seen(e);
	assert_int_equal(receive(e, 100, MSG_ERRQUEUE, &c), -EAGAIN);
	while (tp_of(e)->snd_nxt != tp_of(e)->write_seq) {
		inject(e, ACK, 1, tp_of(e)->snd_nxt - e->isn, 0);
		drop_seen(e);
	}
	expect_event(e, SCM_TSTAMP_SND, 1999, ktime_get_real_ns(), 0);
	inject(e, ACK, 1, 2001, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(arrival_is_told, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(option_values, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(events_of_a_write, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(report_with_the_packet, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(events_follow_their_byte, tcp_env_up, tcp_env_down),
	};

	return RUN_TESTS(tests);
}
