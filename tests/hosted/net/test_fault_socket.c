// SPDX-License-Identifier: BSD-2-Clause
/*
 * Program memory that is not there, in the socket calls: which of two mistakes is told, what a
 * stream had moved before the byte that faults, connections and files that the program was not told
 * of. Results as Linux 6.1 gives them.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <tests/hosted/net/unix_test.h>

#define BAD ((void *)-4096L) /* where no program has memory */

static char mem[3 * PAGE_SIZE] __aligned(16);
#define EDGE (mem + PAGE_SIZE) /* the first byte that is not there */
#define AT(type, n) ((type *)(EDGE - (n)))

static int edge_up(void **state)
{
	int err = net_up(state);

	hosted_fault_range(EDGE, PAGE_SIZE);
	return err;
}

static int edge_down(void **state)
{
	hosted_no_faults();
	return net_down(state);
}

static void buffers_before_descriptors(void **state)
{
	char c = 0;

	assert_int_equal(sys_sendto(99, BAD, 1, 0, NULL, 0), -EFAULT);
	assert_int_equal(sys_sendto(99, EDGE, 1, 0, NULL, 0), -EBADF);
	assert_int_equal(sys_recvfrom(99, BAD, 1, 0, NULL, NULL), -EFAULT);
	assert_int_equal(sys_recvfrom(99, NULL, 1, 0, NULL, NULL), -EBADF);
	assert_int_equal(sys_read(99, BAD, 1), -EBADF);
	assert_int_equal(sys_sendto(99, &c, (size_t)-1, 0, NULL, 0), -EBADF);
}

static void streams_stop_at_the_fault(void **state)
{
	char buf[16] = "";
	int sv[2];

	upair(SOCK_STREAM, sv);
	memcpy(EDGE - 4, "abcd", 4);
	assert_int_equal(sys_sendto(sv[0], EDGE - 4, 10, MSG_DONTWAIT, NULL, 0), -EFAULT);
	assert_int_equal(urecv(sv[1], 0), -EAGAIN); /* one packet: all or nothing */
	assert_int_equal(usend(sv[0], "hello", 0), 5);
	assert_int_equal(sys_recvfrom(sv[1], EDGE - 2, 5, 0, NULL, NULL), -EFAULT);
	uexpect(sv[1], "hello", sizeof(buf), 0); /* still there */
	assert_int_equal(sys_recvfrom(sv[1], BAD, 5, 0, NULL, NULL), -EFAULT);
}

static void names_fault(void **state)
{
	struct sockaddr_storage ss;
	int sv[2], len = sizeof(ss), neg = -1, l, c;

	upair(SOCK_STREAM, sv);
	assert_int_equal(sys_socketpair(AF_UNIX, SOCK_STREAM, 0, AT(int, 4)), -EFAULT);
	assert_int_equal(sys_socketpair(99, SOCK_STREAM, 0, AT(int, 4)), -EFAULT); /* first */
	assert_int_equal(sys_getsockname(sv[0], (void *)&ss, AT(int, 2)), -EFAULT);
	assert_int_equal(sys_getsockname(sv[0], (void *)&ss, NULL), -EFAULT);
	assert_int_equal(sys_getsockname(sv[0], (void *)&ss, &neg), -EINVAL);
	assert_int_equal(sys_getsockname(sv[0], AT(struct sockaddr, 1), &len), -EFAULT);
	assert_int_equal(len, sizeof(ss));
	len = 0;
	assert_int_equal(sys_getsockname(sv[0], BAD, &len), 0);
	assert_int_equal(len, 2);
	assert_int_equal(sys_bind(sv[0], AT(struct sockaddr, 1), 16), -EFAULT);
	assert_int_equal(sys_bind(sv[0], BAD, -1), -EINVAL);
	assert_int_equal(sys_bind(sv[0], BAD, 129), -EINVAL);
	assert_int_equal(sys_connect(sv[0], BAD, 16), -EFAULT);
	/* The connection is taken, then its name faults: it is closed. */
	l = userver(SOCK_STREAM, "@l", 1);
	c = usock(SOCK_STREAM);
	assert_int_equal(uconnect(c, "@l"), 0);
	len = sizeof(ss);
	assert_int_equal(sys_accept(l, BAD, &len), -EFAULT);
	assert_int_equal(urecv(c, 0), 0);
	assert_int_equal(sys_accept4(l, NULL, NULL, SOCK_NONBLOCK | 1), -EINVAL);
}

static void messages_fault(void **state)
{
	struct iovec iov = {.iov_base = EDGE, .iov_len = 4};
	struct user_msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
	int sv[2];

	upair(SOCK_DGRAM, sv);
	assert_int_equal(sys_sendmsg(sv[0], AT(void, 8), 0), -EFAULT);
	assert_int_equal(sys_sendmsg(sv[0], &m, 0), -EFAULT);
	m.msg_iovlen = 1025;
	assert_int_equal(sys_sendmsg(sv[0], &m, 0), -EMSGSIZE);
	m.msg_name = EDGE;
	m.msg_namelen = 4;
	assert_int_equal(sys_sendmsg(sv[0], &m, 0), -EFAULT); /* the name comes first */
	m.msg_namelen = (u32)-1;
	assert_int_equal(sys_sendmsg(sv[0], &m, 0), -EINVAL);
	m = (struct user_msghdr){.msg_iov = &iov, .msg_control = EDGE, .msg_controllen = 16};
	assert_int_equal(sys_sendmsg(sv[0], &m, 0), -EFAULT);
	m.msg_controllen = 1ul << 31;
	assert_int_equal(sys_sendmsg(sv[0], &m, 0), -ENOBUFS);
	/* A datagram whose reader faults is gone. */
	m = (struct user_msghdr){.msg_iov = &iov, .msg_iovlen = 1};
	assert_int_equal(usend(sv[0], "gone", 0), 4);
	assert_int_equal(sys_recvmsg(sv[1], &m, MSG_DONTWAIT), -EFAULT);
	assert_int_equal(urecv(sv[1], 0), -EAGAIN);
}

static void files_of_a_message_whose_head_faults(void **state)
{
	struct iovec iov = {.iov_base = mem, .iov_len = 4};
	/* The head of the control message lies before the page that is there. */
	struct user_msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
	int sv[2], fd;

	hosted_no_faults();
	hosted_fault_range(mem, 2 * PAGE_SIZE);
	iov.iov_base = mem + 2 * PAGE_SIZE + 64;
	upair(SOCK_DGRAM, sv);
	assert_int_equal(usend_fds(sv[0], &sv[0], 1, NULL), 1);
	m.msg_control = mem + 2 * PAGE_SIZE - 16;
	m.msg_controllen = CMSG_SPACE(sizeof(int));
	assert_int_equal(sys_recvmsg(sv[1], &m, MSG_DONTWAIT), 1);
	assert_int_equal(m.msg_controllen, 0);
	memcpy(&fd, mem + 2 * PAGE_SIZE, sizeof(fd)); /* the descriptor is open all the same */
	assert_int_equal(sys_close(fd), 0);
}

static void many_messages(void **state)
{
	struct iovec iov = {.iov_base = "ab", .iov_len = 2};
	struct user_mmsghdr *v = AT(struct user_mmsghdr, 2 * sizeof(*v));
	int sv[2], err = 0, len = sizeof(err);

	upair(SOCK_DGRAM, sv);
	v[0] = v[1] = (struct user_mmsghdr){.msg_hdr = {.msg_iov = &iov, .msg_iovlen = 1}};
	assert_int_equal(sys_sendmmsg(sv[0], v, 3, 0), 2);
	assert_int_equal(sys_sendmmsg(sv[0], v + 2, 1, 0), -EFAULT);
	assert_int_equal(v[1].msg_len, 2);
	iov.iov_base = mem;
	assert_int_equal(sys_recvmmsg(sv[1], v, 2, MSG_DONTWAIT, BAD), -EFAULT);
	assert_int_equal(sys_sendmmsg(sv[0], v, 2, 0), 2);
	assert_int_equal(sys_recvmmsg(sv[1], v + 1, 3, MSG_DONTWAIT, NULL), 1);
	/* What stopped it waits for the next call. */
	assert_int_equal(sys_getsockopt(sv[1], SOL_SOCKET, SO_ERROR, &err, &len), 0);
	assert_int_equal(err, EFAULT);
	assert_int_equal(urecv(sv[1], 0), 2);
}

static void options_fault(void **state)
{
	static const struct {
		int level, name;
	} opts[] = {{SOL_SOCKET, SO_RCVBUF}, {SOL_SOCKET, SO_LINGER}, {IPPROTO_IP, IP_TTL},
		    {IPPROTO_IP, IP_ADD_MEMBERSHIP}, {IPPROTO_TCP, TCP_NODELAY}};
	int fd = (int)sys_socket(AF_INET, SOCK_STREAM, 0), len, neg = -1, val;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(opts); i++) {
		int level = opts[i].level, name = opts[i].name;

		assert_int_equal(sys_setsockopt(fd, level, name, BAD, -1), -EINVAL);
		assert_int_equal(sys_getsockopt(fd, level, name, &val, NULL), -EFAULT);
		assert_int_equal(sys_getsockopt(fd, level, name, &val, &neg), -EINVAL);
		if (name == IP_ADD_MEMBERSHIP)
			continue;
		assert_int_equal(sys_setsockopt(fd, level, name, EDGE, 8), -EFAULT);
		assert_int_equal(sys_setsockopt(fd, level, name, AT(void, 3), 8), -EFAULT);
		len = 4;
		assert_int_equal(sys_getsockopt(fd, level, name, EDGE, &len), -EFAULT);
	}
	len = sizeof(struct tcp_info);
	assert_int_equal(sys_getsockopt(fd, SOL_TCP, TCP_INFO, AT(void, 100), &len), -EFAULT);
	assert_int_equal(sys_ioctl(fd, FIONREAD, (unsigned long)BAD), -EFAULT);
	assert_int_equal(sys_ioctl(fd, SIOCGIFCONF, (unsigned long)EDGE), -EFAULT);
	assert_int_equal(sys_ioctl(fd, FIONBIO, (unsigned long)EDGE), -EFAULT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(buffers_before_descriptors, edge_up, edge_down),
		TEST_UP_DOWN(streams_stop_at_the_fault, edge_up, edge_down),
		TEST_UP_DOWN(names_fault, edge_up, edge_down),
		TEST_UP_DOWN(messages_fault, edge_up, edge_down),
		TEST_UP_DOWN(files_of_a_message_whose_head_faults, edge_up, edge_down),
		TEST_UP_DOWN(many_messages, edge_up, edge_down),
		TEST_UP_DOWN(options_fault, edge_up, edge_down),
	};

	return RUN_TESTS(tests);
}
