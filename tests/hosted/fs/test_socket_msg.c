// SPDX-License-Identifier: BSD-2-Clause
/*
 * net/socket_msg.c, cmsg.h: data, flags, addresses and control messages on their way between the
 * program's structures and a family.
 */
#include <tests/hosted/fs/fake_family.h>

#include <net/cmsg.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

static void send_passes_data_flags_and_address(void **state)
{
	struct iovec iov[] = { { "one", 3 }, { "two", 3 } };
	struct sockaddr_storage ss = { .ss_family = AF_FAKE };
	int on = 1, fd = fake_socket(0);

	(void)state;
	assert_int_equal(sys_write(fd, "hello", 5), 5);
	assert_memory_equal(fake.data, "hello", 5);
	assert_int_equal(fake.msg_flags, 0);
	assert_int_equal(fake.addrlen, 0);
	assert_int_equal(sys_writev(fd, iov, 2), 6);
	assert_memory_equal(fake.data, "onetwo", 6);
	assert_int_equal(sys_sendto(fd, "x", 1, MSG_MORE, (struct sockaddr *)&ss, 16), 1);
	assert_int_equal(fake.msg_flags, MSG_MORE);
	assert_int_equal(fake.addrlen, 16);
	assert_int_equal(sys_ioctl(fd, FIONBIO, (unsigned long)&on), 0);
	assert_int_equal(sys_write(fd, "x", 1), 1);
	assert_int_equal(fake.msg_flags, MSG_DONTWAIT);
	assert_int_equal(sys_sendto(fd, "x", 1, MSG_NOSIGNAL, NULL, 0), 1);
	assert_int_equal(fake.msg_flags, MSG_NOSIGNAL | MSG_DONTWAIT);
	fake.ret = -EPIPE;
	assert_int_equal(sys_write(fd, "x", 1), -EPIPE);
}

static void recv_passes_data_flags_and_address(void **state)
{
	struct sockaddr_storage ss;
	char buf[16] = "";
	int fd = fake_socket(0), len = sizeof(ss);

	(void)state;
	fake.reply = "answer";
	assert_int_equal(sys_read(fd, buf, 16), 6);
	assert_string_equal(buf, "answer");
	assert_int_equal(fake.flags, 0);
	assert_int_equal(sys_recvfrom(fd, buf, 3, MSG_PEEK, (struct sockaddr *)&ss, &len), 3);
	assert_int_equal(fake.flags, MSG_PEEK);
	assert_int_equal(len, FAKE_ADDR_LEN);
	assert_int_equal(sys_fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	fake.ret = -EAGAIN;
	assert_int_equal(sys_read(fd, buf, 16), -EAGAIN);
	assert_int_equal(fake.flags, MSG_DONTWAIT);
	assert_int_equal(sys_recvfrom(fd, buf, 3, 0, (struct sockaddr *)&ss, NULL), -EAGAIN);
	fake.ret = 0;
	assert_int_equal(sys_recvfrom(fd, buf, 3, 0, (struct sockaddr *)&ss, NULL), -EFAULT);
}

static void sendmsg_checks_the_header(void **state)
{
	struct sockaddr_storage ss = { .ss_family = AF_FAKE };
	struct iovec iov[2] = { { "ab", 2 }, { "cd", 2 } };
	struct user_msghdr m = { .msg_iov = iov, .msg_iovlen = 2 };
	int fd = fake_socket(0);

	(void)state;
	assert_int_equal(sys_sendmsg(fd, NULL, 0), -EFAULT);
	assert_int_equal(sys_sendmsg(fd, &m, MSG_DONTWAIT), 4);
	assert_memory_equal(fake.data, "abcd", 4);
	assert_int_equal(fake.msg_flags, MSG_DONTWAIT);
	m.msg_name = &ss;
	m.msg_namelen = 500; /* cut, as Linux does */
	assert_int_equal(sys_sendmsg(fd, &m, 0), 4);
	assert_int_equal(fake.addrlen, sizeof(ss));
	m.msg_namelen = (socklen_t)-1;
	assert_int_equal(sys_sendmsg(fd, &m, 0), -EINVAL);
	m.msg_name = NULL; /* a length without a name is no name */
	assert_int_equal(sys_sendmsg(fd, &m, 0), 4);
	assert_int_equal(fake.addrlen, 0);
	m.msg_iovlen = UIO_MAXIOV + 1;
	assert_int_equal(sys_sendmsg(fd, &m, 0), -EMSGSIZE);
	m.msg_iovlen = 2;
	m.msg_iov = NULL;
	assert_int_equal(sys_sendmsg(fd, &m, 0), -EFAULT);
}

static void sendmsg_copies_control_messages(void **state)
{
	static char big[30000];
	struct iovec iov = { "ab", 2 };
	struct user_msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	union { struct cmsghdr h; char space[CMSG_SPACE(4)]; } ctl = {
		.h = { .cmsg_len = CMSG_LEN(4), .cmsg_level = SOL_SOCKET, .cmsg_type = 5 },
	};
	int fd = fake_socket(0);

	(void)state;
	m.msg_control = &ctl;
	m.msg_controllen = sizeof(ctl);
	assert_int_equal(sys_sendmsg(fd, &m, 0), 2);
	assert_int_equal(fake.controllen, sizeof(ctl));
	assert_memory_equal(fake.control, &ctl, sizeof(ctl));
	m.msg_control = big;
	m.msg_controllen = 20480;
	assert_int_equal(sys_sendmsg(fd, &m, 0), 2);
	m.msg_controllen = 20481;
	assert_int_equal(sys_sendmsg(fd, &m, 0), -ENOBUFS);
	m.msg_controllen = 1ul << 40;
	assert_int_equal(sys_sendmsg(fd, &m, 0), -ENOBUFS);
	m.msg_control = NULL;
	m.msg_controllen = 16;
	assert_int_equal(sys_sendmsg(fd, &m, 0), -EFAULT);
}

static void control_messages_are_walked_within_bounds(void **state)
{
	_Alignas(8) char buf[64] = { 0 };
	struct msghdr m = { .msg_control = buf, .msg_controllen = CMSG_SPACE(4) + CMSG_SPACE(1) };
	struct cmsghdr *c, *first = (struct cmsghdr *)buf;
	int seen = 0, broken = 0;

	(void)state;
	first->cmsg_len = CMSG_LEN(4);
	((struct cmsghdr *)(buf + CMSG_SPACE(4)))->cmsg_len = CMSG_LEN(1);
	for_each_cmsghdr(c, &m) {
		assert_true(cmsg_ok(&m, c));
		seen++;
	}
	assert_int_equal(seen, 2);
	first->cmsg_len = 3; /* shorter than its own header */
	assert_false(cmsg_ok(&m, first));
	first->cmsg_len = 1000;
	for_each_cmsghdr(c, &m)
		broken += !cmsg_ok(&m, c);
	assert_int_equal(broken, 1);
	m.msg_controllen = sizeof(struct cmsghdr) - 1;
	assert_null(cmsg_first(&m));
}

static void recvmsg_returns_name_flags_and_control(void **state)
{
	struct sockaddr_storage ss;
	char buf[4], ctl[64];
	struct iovec iov = { buf, 4 };
	struct user_msghdr m = { .msg_name = &ss, .msg_namelen = sizeof(ss), .msg_iov = &iov,
				 .msg_iovlen = 1, .msg_control = ctl,
				 .msg_controllen = sizeof(ctl), .msg_flags = 0x7777 };
	struct cmsghdr *c = (struct cmsghdr *)ctl;
	int fd = fake_socket(0);

	(void)state;
	fake.reply = "too long";
	fake.cmsg_len = 5;
	assert_int_equal(sys_recvmsg(fd, &m, MSG_PEEK), 4);
	assert_int_equal(m.msg_namelen, FAKE_ADDR_LEN);
	assert_int_equal(m.msg_flags, MSG_TRUNC);
	assert_int_equal(m.msg_controllen, CMSG_SPACE(5));
	assert_int_equal(c->cmsg_len, CMSG_LEN(5));
	assert_int_equal(c->cmsg_type, 99);
	assert_memory_equal(CMSG_DATA(c), "contr", 5);
	assert_int_equal(fake.flags, MSG_PEEK);
}

static void recvmsg_cuts_control_messages(void **state)
{
	char buf[4], ctl[64];
	struct iovec iov = { buf, 4 };
	struct user_msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = ctl };
	struct cmsghdr *c = (struct cmsghdr *)ctl;
	int fd = fake_socket(0);

	(void)state;
	fake.reply = "abc";
	fake.cmsg_len = 16;
	m.msg_controllen = sizeof(struct cmsghdr) - 1; /* not even a header */
	assert_int_equal(sys_recvmsg(fd, &m, 0), 3);
	assert_int_equal(m.msg_flags, MSG_CTRUNC);
	assert_int_equal(m.msg_controllen, 0);
	m.msg_controllen = CMSG_LEN(7); /* a part of the data */
	memset(ctl, 'z', sizeof(ctl));
	assert_int_equal(sys_recvmsg(fd, &m, 0), 3);
	assert_int_equal(m.msg_flags, MSG_CTRUNC);
	assert_int_equal(m.msg_controllen, CMSG_LEN(7));
	assert_int_equal(c->cmsg_len, CMSG_LEN(7));
	assert_memory_equal(ctl + CMSG_LEN(7), "zzzz", 4);
	m.msg_control = NULL;
	m.msg_controllen = 64;
	assert_int_equal(sys_recvmsg(fd, &m, 0), 3);
	assert_int_equal(m.msg_flags, MSG_CTRUNC);
	assert_int_equal(m.msg_controllen, 0);
}

static void sendmmsg_counts(void **state)
{
	struct iovec iov[3] = { { "a", 1 }, { "bc", 2 }, { "def", 3 } };
	struct user_mmsghdr v[3];
	int fd = fake_socket(0);

	(void)state;
	memset(v, 0, sizeof(v));
	for (int i = 0; i < 3; i++)
		v[i].msg_hdr = (struct user_msghdr){ .msg_iov = &iov[i], .msg_iovlen = 1 };
	assert_int_equal(sys_sendmmsg(fd, v, 3, 0), 3);
	assert_int_equal(v[2].msg_len, 3);
	assert_false(fake.msg_flags & MSG_BATCH); /* the last of a batch says so */
	v[1].msg_hdr.msg_iov = NULL;
	assert_int_equal(sys_sendmmsg(fd, v, 3, 0), 1);
	assert_true(fake.msg_flags & MSG_BATCH);
	assert_int_equal(sys_sendmmsg(fd, v + 1, 2, 0), -EFAULT);
	assert_int_equal(sys_sendmmsg(fd, v, 0, 0), 0);
}

static void recvmmsg_counts_and_keeps_errors(void **state)
{
	char buf[3][8];
	struct iovec iov[3] = { { buf[0], 8 }, { buf[1], 8 }, { buf[2], 8 } };
	struct timespec ts = { 0, NSEC_PER_SEC };
	struct user_mmsghdr v[3];
	int fd = fake_socket(0);

	(void)state;
	memset(v, 0, sizeof(v));
	for (int i = 0; i < 3; i++)
		v[i].msg_hdr = (struct user_msghdr){ .msg_iov = &iov[i], .msg_iovlen = 1 };
	fake.reply = "four";
	assert_int_equal(sys_recvmmsg(fd, v, 3, MSG_WAITFORONE, NULL), 3);
	assert_int_equal(v[2].msg_len, 4);
	assert_int_equal(fake.flags, MSG_DONTWAIT); /* from the second on */
	v[1].msg_hdr.msg_iov = NULL;
	assert_int_equal(sys_recvmmsg(fd, v, 3, 0, NULL), 1);
	assert_int_equal(fake_sk.sk_err, EFAULT); /* for the next call */
	assert_int_equal(sys_recvmmsg(fd, v, 3, 0, NULL), -EFAULT);
	assert_int_equal(fake_sk.sk_err, 0);
	assert_int_equal(sys_recvmmsg(fd, v, 3, 0, &ts), -EINVAL);
	ts = (struct timespec){ 0, 0 }; /* looked at after the first message */
	assert_int_equal(sys_recvmmsg(fd, v, 1, 0, &ts), 1);
	fake.ret = -EAGAIN;
	assert_int_equal(sys_recvmmsg(fd, v, 1, 0, NULL), -EAGAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SOCKET_TEST(send_passes_data_flags_and_address),
		SOCKET_TEST(recv_passes_data_flags_and_address),
		SOCKET_TEST(sendmsg_checks_the_header),
		SOCKET_TEST(sendmsg_copies_control_messages),
		SOCKET_TEST(control_messages_are_walked_within_bounds),
		SOCKET_TEST(recvmsg_returns_name_flags_and_control),
		SOCKET_TEST(recvmsg_cuts_control_messages),
		SOCKET_TEST(sendmmsg_counts),
		SOCKET_TEST(recvmmsg_counts_and_keeps_errors),
	};

	return RUN_TESTS(tests);
}
