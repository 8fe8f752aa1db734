// SPDX-License-Identifier: BSD-2-Clause
/* AF_UNIX: bytes and messages in order, waiting for room and for data, flags of the calls. */
#include <tests/hosted/net/unix_test.h>

static u8 pattern(size_t i)
{
	return (u8)(i * 7 + (i >> 8));
}

static void streams_join_messages_do_not(void **state)
{
	int sv[2], n = 0;
	char buf[8];

	upair(SOCK_STREAM, sv);
	usend(sv[0], "one", 0);
	usend(sv[0], "two", 0);
	assert_int_equal(sys_ioctl(sv[1], SIOCINQ, (unsigned long)&n), 0);
	assert_int_equal(n, 6);
	assert_int_equal(sys_ioctl(sv[0], SIOCOUTQ, (unsigned long)&n), 0);
	assert_true(n > 6);
	uexpect(sv[1], "onetw", 5, MSG_PEEK);
	uexpect(sv[1], "onet", 4, 0);
	uexpect(sv[1], "wo", 9, 0);
	assert_int_equal(sys_ioctl(sv[0], SIOCOUTQ, (unsigned long)&n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(sys_ioctl(sv[0], 0x5401, (unsigned long)&n), -ENOTTY);
	upair(SOCK_SEQPACKET, sv);
	usend(sv[0], "one", 0);
	usend(sv[0], "", 0);
	usend(sv[0], "three", 0);
	uexpect(sv[1], "one", 9, MSG_PEEK);
	uexpect(sv[1], "one", 9, 0);
	assert_int_equal(urecv(sv[1], 0), 0); /* an empty message */
	assert_int_equal(sys_recvfrom(sv[1], buf, 2, MSG_PEEK | MSG_TRUNC, NULL, NULL), 5);
	assert_int_equal(sys_recvfrom(sv[1], buf, 2, 0, NULL, NULL), 2);
	assert_int_equal(urecv(sv[1], 0), -EAGAIN);
}

static int read_all(void *arg)
{
	static u8 buf[5000];
	size_t got = 0;
	long n;

	while ((n = sys_read(*(int *)arg, buf, 1 + got % sizeof(buf))) > 0) {
		for (long i = 0; i < n; i++)
			assert_int_equal(buf[i], pattern(got + (size_t)i));
		got += (size_t)n;
		if (got % 3 == 0)
			msleep(1);
	}
	return n < 0 ? (int)n : (int)got;
}

static void a_megabyte_through_a_small_buffer(void **state)
{
	static u8 block[1 << 20];
	int sv[2], small = 8000;
	struct thread *t;

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = pattern(i);
	upair(SOCK_STREAM, sv);
	assert_int_equal(sys_setsockopt(sv[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)), 0);
	t = thread_create(read_all, &sv[1], "reader");
	assert_int_equal(sys_write(sv[0], block, sizeof(block)), sizeof(block));
	sys_shutdown(sv[0], SHUT_WR);
	assert_int_equal(thread_join(t), sizeof(block));
}

static void a_full_stream_takes_part(void **state)
{
	static u8 block[1 << 20];
	struct timeval tv = {.tv_usec = 30000};
	int sv[2];
	long n;

	upair(SOCK_STREAM, sv);
	n = sys_sendto(sv[0], block, sizeof(block), MSG_DONTWAIT, NULL, 0);
	assert_in_range(n, 150000, 300000); /* about SO_SNDBUF */
	assert_int_equal(usend(sv[0], "x", MSG_DONTWAIT), -EAGAIN);
	assert_int_equal(upoll(sv[0]), 0);
	assert_int_equal(sys_setsockopt(sv[0], SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)), 0);
	assert_int_equal(usend(sv[0], "x", 0), -EAGAIN);
	sys_close(sv[1]);
	assert_int_equal(usend(sv[0], "x", 0), -EPIPE);
	assert_int_equal(urecv(sv[0], 0), -ECONNRESET); /* unread bytes were lost */
	assert_int_equal(urecv(sv[0], 0), 0);
}

static int send_slowly(void *arg)
{
	int fd = *(int *)arg;

	for (int i = 0; i < 4; i++) {
		msleep(10);
		usend(fd, "abc", 0);
	}
	return 0;
}

static void waitall_and_timeouts(void **state)
{
	struct timeval tv = {.tv_usec = 25000};
	struct thread *t;
	char buf[16];
	int sv[2];

	upair(SOCK_STREAM, sv);
	t = thread_create(send_slowly, &sv[0], "sender");
	assert_int_equal(sys_recvfrom(sv[1], buf, 8, MSG_WAITALL, NULL, NULL), 8);
	assert_memory_equal(buf, "abcabcab", 8);
	assert_int_equal(sys_recvfrom(sv[1], buf, 16, 0, NULL, NULL), 1);
	assert_int_equal(sys_recvfrom(sv[1], buf, 16, 0, NULL, NULL), 3); /* sleeps for the last */
	thread_join(t);
	assert_int_equal(sys_setsockopt(sv[1], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	assert_int_equal(sys_recvfrom(sv[1], buf, 16, 0, NULL, NULL), -EAGAIN);
	usend(sv[0], "ab", 0);
	assert_int_equal(sys_recvfrom(sv[1], buf, 16, MSG_WAITALL, NULL, NULL), 2);
}

static void datagrams_and_their_senders(void **state)
{
	struct sockaddr_storage ss;
	int s = userver(SOCK_DGRAM, "@s", -1), a = userver(SOCK_DGRAM, "@a", -1);
	int b = usock(SOCK_DGRAM), len = sizeof(ss), i;
	char buf[8];

	assert_int_equal(usendto(a, "from a", "@s"), 6);
	assert_int_equal(usendto(b, "from b", "@s"), 6);
	assert_int_equal(sys_recvfrom(s, buf, 6, 0, (struct sockaddr *)&ss, &len), 6);
	assert_int_equal(len, 4);
	assert_memory_equal((char *)&ss + 2, "\0a", 2);
	len = sizeof(ss);
	assert_int_equal(sys_recvfrom(s, buf, 6, 0, (struct sockaddr *)&ss, &len), 6);
	assert_int_equal(len, 0); /* no name, no address */
	assert_int_equal(usendto(b, "x", "@nobody"), -ECONNREFUSED);
	assert_int_equal(usendto(b, "x", "/nobody"), -ENOENT);
	assert_int_equal(uconnect(s, "@a"), 0);
	assert_int_equal(usendto(b, "x", "@s"), -EPERM); /* s listens to a only */
	assert_int_equal(uconnect(b, "@s"), -EPERM);
	assert_int_equal(uconnect(a, "@s"), 0);
	for (i = 0; i < 30; i++) /* connected to each other: no limit but SO_SNDBUF */
		assert_int_equal(usend(a, "x", MSG_DONTWAIT), 1);
	sys_shutdown(s, SHUT_RD);
	assert_int_equal(usend(a, "x", MSG_DONTWAIT), -EPIPE);
	ss.ss_family = AF_UNSPEC;
	assert_int_equal(sys_connect(s, (struct sockaddr *)&ss, 1), -EINVAL);
	assert_int_equal(sys_connect(s, (struct sockaddr *)&ss, 2), 0);
	assert_int_equal(usend(s, "x", 0), -ENOTCONN);
	assert_int_equal(usend(a, "x", 0), -ECONNRESET); /* what s did not read is lost */
	sys_close(s);
	assert_int_equal(usend(a, "x", 0), -ECONNREFUSED);
	assert_int_equal(usend(a, "x", 0), -ENOTCONN); /* that broke it */
}

static int drain_later(void *arg)
{
	msleep(40);
	return (int)urecv(*(int *)arg, 0);
}

static void a_queue_of_datagrams_is_bounded(void **state)
{
	struct epoll_event ev = {.events = EPOLLOUT | EPOLLET}, got;
	int s = userver(SOCK_DGRAM, "@s", -1), a = usock(SOCK_DGRAM), i;
	int ep = (int)sys_epoll_create1(0);
	static char big[300000];
	struct thread *t;

	for (i = 0; i < 11; i++)
		assert_int_equal(usendto(a, "x", "@s"), 1);
	assert_int_equal(usendto(a, "x", "@s"), -EAGAIN);
	assert_int_equal(upoll(a), EPOLLOUT); /* not connected: nobody knows where to */
	assert_int_equal(uconnect(a, "@s"), 0);
	assert_int_equal(upoll(a), 0);
	assert_int_equal(sys_epoll_ctl(ep, EPOLL_CTL_ADD, a, &ev), 0);
	assert_int_equal(sys_epoll_wait(ep, &got, 1, 0), 0);
	urecv(s, 0);
	assert_int_equal(sys_epoll_wait(ep, &got, 1, 0), 1); /* the peer's room woke us */
	assert_int_equal(usend(a, "x", MSG_DONTWAIT), 1);
	t = thread_create(drain_later, &s, "drain");
	assert_int_equal(usend(a, "x", 0), 1); /* slept */
	assert_int_equal(thread_join(t), 1);
	assert_int_equal(sys_sendto(a, big, sizeof(big), 0, NULL, 0), -EMSGSIZE);
	assert_int_equal(sysctl_write(&init_net, "net.unix.max_dgram_qlen", "2"), 0);
	s = userver(SOCK_DGRAM, "@short", -1);
	for (i = 0; i < 3; i++)
		assert_int_equal(usendto(usock(SOCK_DGRAM), "x", "@short"), 1);
	assert_int_equal(usendto(usock(SOCK_DGRAM), "x", "@short"), -EAGAIN);
	assert_int_equal(sysctl_write(&init_net, "net.unix.max_dgram_qlen", "10"), 0);
}

static void large_datagrams(void **state)
{
	static u8 out[200000], in[200000];
	int sv[2];

	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = pattern(i);
	upair(SOCK_DGRAM, sv);
	for (size_t n = 16000; n <= sizeof(out); n += 23000) {
		assert_int_equal(sys_sendto(sv[0], out, n, MSG_DONTWAIT, NULL, 0), n);
		assert_int_equal(sys_recvfrom(sv[1], in, sizeof(in), 0, NULL, NULL), n);
		assert_memory_equal(in, out, n);
	}
	sys_close(sv[0]);
	assert_int_equal(usend(sv[1], "x", 0), -ECONNREFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(streams_join_messages_do_not, net_up, net_down),
		TEST_UP_DOWN(a_megabyte_through_a_small_buffer, net_up, net_down),
		TEST_UP_DOWN(a_full_stream_takes_part, net_up, net_down),
		TEST_UP_DOWN(waitall_and_timeouts, net_up, net_down),
		TEST_UP_DOWN(datagrams_and_their_senders, net_up, net_down),
		TEST_UP_DOWN(a_queue_of_datagrams_is_bounded, net_up, net_down),
		TEST_UP_DOWN(large_datagrams, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
