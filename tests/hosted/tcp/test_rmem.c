// SPDX-License-Identifier: BSD-2-Clause
/*
 * Memory of TCP and its limits (tcp_mem of a namespace, buffers of a sock), what wakes a reader,
 * blocking writers: what needs threads or a look inside, and so is no packet script.
 */
#include <sys/epoll.h>
#include <tests/hosted/tcp/tcp_test.h>

static u32 poll_of(struct tcp_env *e)
{
	return e->sock->ops->poll(NULL, e->sock, NULL);
}

static void set_mem(struct tcp_env *e, long low, long pressure, long high)
{
	e->net->ipv4.sysctl_tcp_mem[0] = low;
	e->net->ipv4.sysctl_tcp_mem[1] = pressure;
	e->net->ipv4.sysctl_tcp_mem[2] = high;
}

/* ip-sysctl, tcp_mem: pressure begins above the middle value and ends below the low one. */
static void pressure_begins_high_and_ends_low(void **state)
{
	struct tcp_env *e = *state;
	u32 seq = 1;

	passive_open(e, &plain);
	set_mem(e, 4, 8, 1000);
	for (; seq < 50001; seq += 1000)
		inject(e, ACK, seq, 1, 1000);
	drop_seen(e);
	assert_true(e->net->ipv4.tcp_memory_allocated > 8);
	assert_int_equal(mib(e, LINUX_MIB_TCPMEMORYPRESSURES), 1); /* entered once */
	assert_true(sk_under_memory_pressure(e->sock->sk));
	/* The window does not grow, it falls back to four segments. */
	assert_true(tp_of(e)->rcv_ssthresh <= 4u * tp_of(e)->advmss);
	hosted_advance(500);
	assert_int_equal(prog_recv(e, 60000, 0), 50000);
	sk_mem_reclaim(e->sock->sk);
	assert_false(sk_under_memory_pressure(e->sock->sk));
	assert_true(mib(e, LINUX_MIB_TCPMEMORYPRESSURESCHRONO) >= 500);
	assert_true(mib(e, LINUX_MIB_TCPMEMORYPRESSURESCHRONO) <= 1100);
}

/* Above the hard limit only what keeps a connection moving is taken: one segment in an empty
 * queue. */
static void hard_limit_drops_but_one(void **state)
{
	struct tcp_env *e = *state;
	unsigned long dropped;

	passive_open(e, &plain);
	set_mem(e, 0, 0, 0);
	inject(e, ACK, 1, 1, 1000);
	drop_seen(e);
	assert_int_equal(tp_of(e)->rcv_nxt - e->peer_isn, 1001);
	for (int i = 0; i < 10; i++)
		inject(e, ACK, 1001 + 1000 * (u32)i, 1, 1000);
	drop_seen(e);
	assert_true(mib(e, LINUX_MIB_TCPRCVQDROP) > 0);
	/* Out of order data has no claim at all. */
	dropped = mib(e, LINUX_MIB_TCPOFODROP);
	inject(e, ACK, 30001, 1, 1000);
	drop_seen(e);
	assert_int_equal(mib(e, LINUX_MIB_TCPOFODROP), dropped + 1);
	assert_true(RB_EMPTY_ROOT(&tp_of(e)->out_of_order_queue));
}

/* What idle socks took and do not use is collected when memory gets short. */
static void idle_socks_give_back(void **state)
{
	struct tcp_env *e = *state;
	u32 seq = 1;

	passive_open(e, &plain);
	for (; seq < 60001; seq += 1000)
		inject(e, ACK, seq, 1, 1000);
	assert_int_equal(prog_recv(e, 60000, 0), 60000);
	drop_seen(e);
	assert_true(e->net->ipv4.tcp_memory_allocated > 4);
	set_mem(e, 1, 2, 1000);
	hosted_advance(1000);
	tcp_reclaim_idle(e->net);
	assert_int_equal(e->net->ipv4.tcp_memory_allocated, 0);
}

/* SO_RCVLOWAT: EPOLLIN from the mark on; the buffer grows to hold twice the mark. */
static void rcvlowat_wakes_at_the_mark(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	assert_int_equal(set_opt(e, SOL_SOCKET, SO_RCVLOWAT, 3000), 0);
	inject(e, ACK, 1, 1, 1000);
	inject(e, ACK, 1001, 1, 1000);
	drop_seen(e);
	assert_false(poll_of(e) & EPOLLIN);
	inject(e, ACK, 2001, 1, 1000);
	drop_seen(e);
	assert_true(poll_of(e) & EPOLLIN);
	assert_int_equal(set_opt(e, SOL_SOCKET, SO_RCVLOWAT, 1000000), 0);
	assert_int_equal(get_opt(e, SOL_SOCKET, SO_RCVLOWAT), 1000000);
	assert_int_equal(get_opt(e, SOL_SOCKET, SO_RCVBUF), 2000000);
	assert_int_equal(tp_of(e)->window_clamp, 1000000);
	/* Never more than half of what the buffer can become. */
	assert_int_equal(set_opt(e, SOL_SOCKET, SO_RCVLOWAT, -1), 0);
	assert_int_equal(get_opt(e, SOL_SOCKET, SO_RCVLOWAT), 6291456 / 2);
	assert_int_equal(set_opt(e, SOL_SOCKET, SO_RCVBUF, 10000), 0);
	assert_int_equal(set_opt(e, SOL_SOCKET, SO_RCVLOWAT, 50000), 0);
	assert_int_equal(get_opt(e, SOL_SOCKET, SO_RCVLOWAT), 10000);
	assert_int_equal(get_opt(e, SOL_SOCKET, SO_RCVBUF), 20000);
}

/* A buffer that is nearly full wakes the reader although the mark is not reached. */
static void full_buffer_beats_rcvlowat(void **state)
{
	struct tcp_env *e = *state;
	u32 seq = 1;

	passive_open(e, &plain);
	assert_int_equal(set_opt(e, SOL_SOCKET, SO_RCVBUF, 20000), 0);
	assert_int_equal(set_opt(e, SOL_SOCKET, SO_RCVLOWAT, 20000), 0);
	while (atomic_read(&e->sock->sk->sk_rmem_alloc) <= 35000) {
		assert_false(poll_of(e) & EPOLLIN);
		inject(e, ACK, seq, 1, 500);
		seq += 500;
	}
	drop_seen(e);
	assert_true(poll_of(e) & EPOLLIN);
}

/* recv() cannot read the urgent byte out of line, so it alone is no EPOLLIN. */
static void urgent_byte_is_no_epollin(void **state)
{
	struct tcp_env *e = *state;
	struct seg s = {.flags = ACK | URG, .seq = 1, .ack = 1, .len = 1, .win = 65535, .urg = 1};

	passive_open(e, &plain);
	inject_seg(e, &s);
	drop_seen(e);
	assert_false(poll_of(e) & EPOLLIN);
	assert_true(poll_of(e) & EPOLLPRI);
	set_opt(e, SOL_SOCKET, SO_OOBINLINE, 1);
	assert_true(poll_of(e) & EPOLLIN);
}

/* The urgent byte lies in a hole: nothing of a later segment's header may stand for it. */
static void urgent_byte_in_a_hole(void **state)
{
	struct tcp_env *e = *state;
	struct seg s = {.flags = ACK | URG, .seq = 11, .ack = 1, .len = 10, .win = 65535};
	struct msghdr msg = {.msg_flags = 0};
	u8 byte;

	passive_open(e, &plain);
	s.seq = 1, s.len = 0, s.urg = 5; /* an announcement without data */
	inject_seg(e, &s);
	assert_int_equal(tp_of(e)->urg_data, TCP_URG_NOTYET);
	inject(e, ACK, 11, 1, 10);
	drop_seen(e);
	assert_int_equal(tp_of(e)->urg_data, TCP_URG_NOTYET);
	assert_int_equal(kernel_recvmsg(e->sock, &msg, &byte, 1, MSG_OOB), -EAGAIN);
	inject(e, ACK, 1, 1, 10);
	drop_seen(e);
	assert_int_equal(kernel_recvmsg(e->sock, &msg, &byte, 1, MSG_OOB), 1);
	assert_int_equal(byte, pattern(5));
}

/* ---- blocking ---- */

struct call {
	struct tcp_env *e;
	u32 len;
	int flags, ret;
	u64 took_ms;
	bool recv;
};

static int do_call(void *arg)
{
	struct call *c = arg;
	struct msghdr msg = {.msg_flags = (unsigned int)c->flags};
	u64 start = script_ms();
	u8 *buf = kmalloc(c->len, GFP_KERNEL);
	u32 i;

	for (i = 0; i < c->len; i++)
		buf[i] = pattern(1 + i);
	c->ret = c->recv ? kernel_recvmsg(c->e->sock, &msg, buf, c->len, c->flags)
			 : kernel_sendmsg(c->e->sock, &msg, buf, c->len);
	c->took_ms = script_ms() - start;
	kfree(buf);
	return 0;
}

static struct thread *start_call(struct call *c)
{
	struct thread *t = thread_create(do_call, c, c->recv ? "reader" : "writer");

	assert_non_null(t);
	hosted_run_until_idle();
	return t;
}

static void set_timeo(struct tcp_env *e, int name, int ms)
{
	struct timeval tv = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

	assert_int_equal(kernel_setsockopt(e->sock, SOL_SOCKET, name, &tv, sizeof(tv)), 0);
}

static void sndtimeo_ends_a_blocked_write(void **state)
{
	struct tcp_env *e = *state;
	struct call c = {.e = e, .len = 200000};
	struct thread *t;

	passive_open(e, &plain);
	set_opt(e, SOL_SOCKET, SO_SNDBUF, 10000);
	set_timeo(e, SO_SNDTIMEO, 150);
	t = start_call(&c);
	hosted_advance(1000);
	thread_join(t);
	assert_true(c.ret >= 10000 && c.ret < 60000); /* what fitted */
	assert_int_equal(c.took_ms, 150);
	t = start_call(&c);
	hosted_advance(1000);
	thread_join(t);
	assert_int_equal(c.ret, -EAGAIN);
	assert_int_equal(c.took_ms, 150);
	drop_seen(e);
}

/* The timeout counts also while the machine, not the sock, is short of memory. */
static void sndtimeo_ends_a_wait_for_memory(void **state)
{
	struct tcp_env *e = *state;
	struct call c = {.e = e, .len = 5000};
	struct thread *t;

	passive_open(e, &plain);
	set_mem(e, 0, 0, 0);
	e->net->ipv4.sysctl_tcp_wmem[0] = 0;
	set_opt(e, SOL_SOCKET, SO_SNDBUF, 100000);
	set_timeo(e, SO_SNDTIMEO, 700);
	prog_send(e, 1000, 0); /* the first segment is always taken */
	drop_seen(e);
	t = start_call(&c);
	hosted_advance(3000);
	thread_join(t);
	assert_in_range(c.ret, 1, 4096); /* what the page taken for the first had room for */
	assert_in_range(c.took_ms, 700, 900); /* waits are random, up to 200 ms */
	t = start_call(&c);
	hosted_advance(3000);
	thread_join(t);
	assert_int_equal(c.ret, -EAGAIN);
	assert_in_range(c.took_ms, 700, 900); /* waits are random, up to 200 ms */
	drop_seen(e);
}

/* Memory comes back while a writer waits: it goes on. */
static void blocked_writer_goes_on(void **state)
{
	struct tcp_env *e = *state;
	struct call c = {.e = e, .len = 60000};
	struct thread *t;
	u32 acked = 1;

	passive_open(e, &plain);
	set_opt(e, SOL_SOCKET, SO_SNDBUF, 10000);
	t = start_call(&c);
	while (!c.ret && acked < 100000) {
		acked = tp_of(e)->snd_nxt - e->isn;
		inject(e, ACK, 1, acked, 0);
		drop_seen(e);
		hosted_advance(1);
	}
	thread_join(t);
	assert_int_equal(c.ret, 60000);
}

static void shutdown_wakes_a_blocked_writer(void **state)
{
	struct tcp_env *e = *state;
	struct call c = {.e = e, .len = 200000};
	struct thread *t;

	passive_open(e, &plain);
	set_opt(e, SOL_SOCKET, SO_SNDBUF, 10000);
	t = start_call(&c);
	hosted_advance(50);
	assert_int_equal(c.ret, 0);
	assert_int_equal(e->sock->ops->shutdown(e->sock, SHUT_WR), 0);
	hosted_run_until_idle();
	thread_join(t);
	assert_true(c.ret > 0 && c.ret < 200000);
	assert_int_equal(c.took_ms, 50);
	c.flags = MSG_DONTWAIT;
	c.len = 1;
	t = start_call(&c);
	thread_join(t);
	assert_int_equal(c.ret, -EPIPE);
	drop_seen(e);
}

static void shutdown_wakes_a_blocked_reader(void **state)
{
	struct tcp_env *e = *state;
	struct call c = {.e = e, .len = 100, .recv = true, .ret = 77};
	struct thread *t;

	passive_open(e, &plain);
	t = start_call(&c);
	hosted_advance(50);
	assert_int_equal(c.ret, 77);
	assert_int_equal(e->sock->ops->shutdown(e->sock, SHUT_RD), 0);
	hosted_run_until_idle();
	thread_join(t);
	assert_int_equal(c.ret, 0);
}

static void reset_wakes_a_blocked_reader(void **state)
{
	struct tcp_env *e = *state;
	struct call c = {.e = e, .len = 100, .recv = true, .ret = 77};
	struct thread *t;

	passive_open(e, &plain);
	t = start_call(&c);
	inject(e, RST, 1, 0, 0);
	thread_join(t);
	assert_int_equal(c.ret, -ECONNRESET);
}

/* MSG_WAITALL waits for everything, the timeout gives what there is. */
static void waitall_and_rcvtimeo(void **state)
{
	struct tcp_env *e = *state;
	struct call c = {.e = e, .len = 300, .recv = true, .flags = MSG_WAITALL};
	struct thread *t;

	passive_open(e, &plain);
	t = start_call(&c);
	inject(e, ACK, 1, 1, 100);
	hosted_advance(10);
	inject(e, ACK, 101, 1, 100);
	hosted_advance(10);
	assert_int_equal(c.ret, 0);
	inject(e, ACK, 201, 1, 200);
	thread_join(t);
	assert_int_equal(c.ret, 300);
	set_timeo(e, SO_RCVTIMEO, 250);
	t = start_call(&c);
	hosted_advance(1000);
	thread_join(t);
	assert_int_equal(c.ret, 100);
	assert_int_equal(c.took_ms, 250);
	t = start_call(&c);
	hosted_advance(1000);
	thread_join(t);
	assert_int_equal(c.ret, -EAGAIN);
	assert_int_equal(c.took_ms, 250);
	drop_seen(e);
}

/* Linux looks for a shutdown before it looks whether there is anything to send. */
static void empty_write_after_shutdown(void **state)
{
	struct tcp_env *e = *state;

	passive_open(e, &plain);
	assert_int_equal(prog_send(e, 0, 0), 0);
	e->sock->ops->shutdown(e->sock, SHUT_WR);
	assert_int_equal(prog_send(e, 0, 0), -EPIPE);
	drop_seen(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(pressure_begins_high_and_ends_low, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(hard_limit_drops_but_one, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(idle_socks_give_back, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(rcvlowat_wakes_at_the_mark, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(full_buffer_beats_rcvlowat, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(urgent_byte_is_no_epollin, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(urgent_byte_in_a_hole, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(sndtimeo_ends_a_blocked_write, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(sndtimeo_ends_a_wait_for_memory, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(blocked_writer_goes_on, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(shutdown_wakes_a_blocked_writer, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(shutdown_wakes_a_blocked_reader, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(reset_wakes_a_blocked_reader, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(waitall_and_rcvtimeo, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(empty_write_after_shutdown, tcp_env_up, tcp_env_down),
	};

	return RUN_TESTS(tests);
}
