// SPDX-License-Identifier: BSD-2-Clause
/*
 * net/socket.c, socket_calls.c against a family that writes down what it was asked: registration,
 * creation, order of checks, addresses, waiting, sockets of the kernel, no memory.
 */
#include <tests/hosted/fs/fake_family.h>

#include <kernel/fs/eventpoll.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>

/* --- registry and creation -------------------------------------------------------------------- */

static void families_register_once(void **state)
{
	static const struct net_proto_family bad = { .family = NPROTO }, below = { .family = -1 };

	(void)state;
	assert_int_equal(sock_register(&fake_family), -EEXIST);
	assert_int_equal(sock_register(&bad), -ENOBUFS);
	assert_int_equal(sock_register(&below), -ENOBUFS);
	sock_unregister(AF_FAKE);
	assert_int_equal(sys_socket(AF_FAKE, SOCK_STREAM, 0), -EAFNOSUPPORT);
	assert_int_equal(sock_register(&fake_family), 0);
	assert_true(sys_socket(AF_FAKE, SOCK_STREAM, 0) >= 0);
}

static void socket_checks_in_order(void **state)
{
	struct stat st;
	int fd;

	(void)state;
	assert_int_equal(sys_socket(-1, 0x100, 0), -EINVAL); /* flags before the family */
	assert_int_equal(sys_socket(-1, SOCK_STREAM, 0), -EAFNOSUPPORT);
	assert_int_equal(sys_socket(NPROTO, SOCK_STREAM, 0), -EAFNOSUPPORT);
	assert_int_equal(sys_socket(AF_FAKE, 11, 0), -EINVAL);
	assert_int_equal(sys_socket(43, 11, 0), -EINVAL); /* the type before the family's absence */
	assert_int_equal(sys_socket(43, SOCK_STREAM, 0), -EAFNOSUPPORT);
	assert_int_equal(sys_socket(AF_FAKE, SOCK_STREAM, -1), -EPROTONOSUPPORT);
	assert_int_equal(fake.releases, 0);
	assert_int_equal(nr_open_files(), 0);
	fd = (int)sys_socket(AF_FAKE, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 7);
	assert_int_equal(fd, 0);
	assert_int_equal(fake.protocol, 7);
	assert_false(fake.kern);
	assert_int_equal(sys_fcntl(fd, F_GETFL, 0), O_RDWR | O_NONBLOCK);
	assert_int_equal(sys_fcntl(fd, F_GETFD, 0), FD_CLOEXEC);
	assert_int_equal(sys_fstat(fd, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	assert_int_equal(sys_lseek(fd, 0, SEEK_SET), -ESPIPE);
	assert_int_equal(sys_close(fd), 0);
	assert_int_equal(fake.releases, 1);
}

static void failed_descriptor_releases_the_socket(void **state)
{
	unsigned long file_max = files_limits.file_max;

	(void)state;
	files_limits.file_max = 0;
	assert_int_equal(sys_socket(AF_FAKE, SOCK_STREAM, 0), -ENFILE);
	files_limits.file_max = file_max;
	assert_int_equal(fake.creates, 1);
	assert_int_equal(fake.releases, 1);
	assert_int_equal(fake_socket(0), 0); /* the number came back, too */
}

static void every_call_wants_a_socket(void **state)
{
	int null = (int)sys_open("/dev/null", O_RDWR, 0), len = 8;
	struct sockaddr_storage ss;
	struct sockaddr *sa = (struct sockaddr *)&ss;
	char c = 0;

	(void)state;
	assert_int_equal(null, 0);
	for (int fd = 0; fd <= 9; fd += 9) {
		int want = fd ? -EBADF : -ENOTSOCK;

		assert_int_equal(sys_bind(fd, sa, -1), want);
		assert_int_equal(sys_listen(fd, 1), want);
		assert_int_equal(sys_accept(fd, NULL, NULL), want);
		assert_int_equal(sys_connect(fd, sa, 8), want);
		assert_int_equal(sys_getsockname(fd, sa, &len), want);
		assert_int_equal(sys_getpeername(fd, sa, &len), want);
		assert_int_equal(sys_sendto(fd, &c, 1, 0, NULL, 0), want);
		assert_int_equal(sys_recvfrom(fd, &c, 1, 0, NULL, NULL), want);
		assert_int_equal(sys_sendmsg(fd, NULL, 0), want);
		assert_int_equal(sys_recvmsg(fd, NULL, 0), want);
		assert_int_equal(sys_sendmmsg(fd, NULL, 1, 0), want);
		assert_int_equal(sys_recvmmsg(fd, NULL, 1, 0, NULL), want);
		assert_int_equal(sys_shutdown(fd, 0), want);
		assert_int_equal(sys_setsockopt(fd, 1, 2, NULL, 0), want);
		assert_int_equal(sys_getsockopt(fd, 1, 2, NULL, NULL), want);
	}
	assert_int_equal(sys_accept4(0, NULL, NULL, 1), -EINVAL);   /* before -ENOTSOCK */
	assert_int_equal(sys_connect(0, sa, 129), -EINVAL);	    /* here as well */
	assert_int_equal(sys_setsockopt(9, 1, 2, NULL, -1), -EINVAL); /* and before -EBADF */
}

static void family_without_calls(void **state)
{
	int fd = (int)sys_socket(AF_FAKE, SOCK_RAW, 0), sv[2], len = 8;
	struct sockaddr_storage ss;
	struct sockaddr *sa = (struct sockaddr *)&ss;

	(void)state;
	assert_int_equal(sys_bind(fd, sa, 8), -EOPNOTSUPP);
	assert_int_equal(sys_connect(fd, sa, 8), -EOPNOTSUPP);
	assert_int_equal(sys_listen(fd, 8), -EOPNOTSUPP);
	assert_int_equal(sys_accept(fd, NULL, NULL), -EOPNOTSUPP);
	assert_int_equal(sys_getsockname(fd, sa, &len), -EOPNOTSUPP);
	assert_int_equal(sys_shutdown(fd, 0), -EOPNOTSUPP);
	assert_int_equal(sys_write(fd, "x", 1), -EOPNOTSUPP);
	assert_int_equal(sys_read(fd, &ss, 1), -EOPNOTSUPP);
	assert_int_equal(sys_read(fd, &ss, 0), 0);
	assert_int_equal(sys_ioctl(fd, FIONREAD, (unsigned long)&len), -ENOTTY);
	assert_int_equal(sys_setsockopt(fd, 6, 1, &len, 4), -EOPNOTSUPP);
	assert_int_equal(sys_getsockopt(fd, 6, 1, &len, &len), -EOPNOTSUPP);
	assert_int_equal(sys_socketpair(AF_FAKE, SOCK_RAW, 0, sv), -EOPNOTSUPP);
	assert_int_equal(fake.creates - fake.releases, 1);
}

static void socketpair_makes_two(void **state)
{
	int sv[2] = { -1, -1 };

	(void)state;
	assert_int_equal(sys_socketpair(AF_FAKE, SOCK_STREAM | SOCK_NONBLOCK, 0, sv), 0);
	assert_int_equal(sv[0], 0);
	assert_int_equal(sv[1], 1);
	assert_int_equal(sys_fcntl(1, F_GETFL, 0), O_RDWR | O_NONBLOCK);
	assert_int_equal(sys_socketpair(AF_FAKE, SOCK_STREAM, 0, NULL), -EFAULT);
	assert_int_equal(sys_socketpair(AF_FAKE, 0x200, 0, sv), -EINVAL);
	assert_int_equal(sys_socketpair(43, SOCK_STREAM, 0, sv), -EAFNOSUPPORT);
	assert_int_equal(nr_open_files(), 2);
	assert_int_equal(fake.creates - fake.releases, 2);
}

/* --- addresses -------------------------------------------------------------------------------- */

static void addresses_in_are_checked(void **state)
{
	struct sockaddr_storage ss = { .ss_family = AF_FAKE };
	int fd = fake_socket(SOCK_NONBLOCK);

	(void)state;
	assert_int_equal(sys_bind(fd, (struct sockaddr *)&ss, -1), -EINVAL);
	assert_int_equal(sys_bind(fd, (struct sockaddr *)&ss, sizeof(ss) + 1), -EINVAL);
	assert_int_equal(sys_bind(fd, NULL, 8), -EFAULT);
	assert_int_equal(sys_bind(fd, (struct sockaddr *)&ss, sizeof(ss)), 0);
	assert_int_equal(fake.addrlen, sizeof(ss));
	assert_int_equal(fake.addr.ss_family, AF_FAKE);
	assert_int_equal(sys_connect(fd, (struct sockaddr *)&ss, 16), 0);
	assert_true(fake.flags & O_NONBLOCK);
	fake.ret = -EINPROGRESS;
	assert_int_equal(sys_connect(fd, (struct sockaddr *)&ss, 16), -EINPROGRESS);
	assert_int_equal(sys_sendto(fd, "x", 1, 0, (struct sockaddr *)&ss, 129), -EINVAL);
	assert_int_equal(sys_sendto(fd, "x", 1, 0, (struct sockaddr *)&ss, -1), -EINVAL);
}

static void addresses_out_are_cut(void **state)
{
	struct { sa_family_t family; char data[20]; } a;
	int fd = fake_socket(0), len = sizeof(a);

	(void)state;
	memset(&a, 'z', sizeof(a));
	assert_int_equal(sys_getsockname(fd, (struct sockaddr *)&a, &len), 0);
	assert_int_equal(len, FAKE_ADDR_LEN);
	assert_int_equal(a.family, AF_FAKE);
	assert_memory_equal(a.data, "abcdefz", 7);
	assert_int_equal(fake.peer, 0);
	memset(&a, 'z', sizeof(a));
	len = 4; /* a short buffer gets what fits and the whole length */
	assert_int_equal(sys_getpeername(fd, (struct sockaddr *)&a, &len), 0);
	assert_int_equal(len, FAKE_ADDR_LEN);
	assert_memory_equal(a.data, "abzz", 4);
	assert_int_equal(fake.peer, 1);
	len = -1;
	assert_int_equal(sys_getsockname(fd, (struct sockaddr *)&a, &len), -EINVAL);
	len = 0;
	assert_int_equal(sys_getsockname(fd, NULL, &len), 0);
	len = 8;
	assert_int_equal(sys_getsockname(fd, NULL, &len), -EFAULT);
	assert_int_equal(sys_getsockname(fd, (struct sockaddr *)&a, NULL), -EFAULT);
	fake.ret = -ENOTCONN;
	assert_int_equal(sys_getpeername(fd, (struct sockaddr *)&a, &len), -ENOTCONN);
}

/* --- listening -------------------------------------------------------------------------------- */

static void listen_clamps_to_somaxconn(void **state)
{
	int fd = fake_socket(0);

	(void)state;
	init_net.core.somaxconn = 128;
	assert_int_equal(sys_listen(fd, 5), 0);
	assert_int_equal(fake.backlog, 5);
	assert_int_equal(sys_listen(fd, 1000), 0);
	assert_int_equal(fake.backlog, 128);
	assert_int_equal(sys_listen(fd, -1), 0);
	assert_int_equal(fake.backlog, 128);
}

static void accept_makes_a_file(void **state)
{
	struct sockaddr_storage ss;
	int fd = fake_socket(SOCK_NONBLOCK), len = sizeof(ss), child;

	(void)state;
	child = (int)sys_accept4(fd, (struct sockaddr *)&ss, &len, SOCK_CLOEXEC);
	assert_int_equal(child, 1);
	assert_int_equal(len, FAKE_ADDR_LEN);
	assert_int_equal(fake.peer, 2);
	assert_true(fake.flags & O_NONBLOCK);
	assert_int_equal(sys_fcntl(child, F_GETFL, 0), O_RDWR); /* not inherited */
	assert_int_equal(sys_fcntl(child, F_GETFD, 0), FD_CLOEXEC);
	assert_int_equal(sys_accept(fd, NULL, NULL), 2);
	fake.ret = -EAGAIN;
	assert_int_equal(sys_accept(fd, NULL, NULL), -EAGAIN);
	assert_int_equal(fake.releases, 0); /* what was not accepted is no socket of the family */
	fake.ret = 0;
	assert_int_equal(sys_accept(fd, (struct sockaddr *)&ss, NULL), -EFAULT);
	assert_int_equal(fake.releases, 1);
	assert_int_equal(nr_open_files(), 3);
	assert_int_equal(sys_accept4(fd, NULL, NULL, O_APPEND), -EINVAL);
}

static void options_go_to_the_family(void **state)
{
	int fd = fake_socket(0), v = 0, len = sizeof(v);

	(void)state;
	assert_int_equal(sys_getsockopt(fd, 6, 30, &v, &len), 36);
	assert_int_equal(sys_setsockopt(fd, 6, 30, &v, len), -EOPNOTSUPP);
	assert_int_equal(sys_setsockopt(fd, 6, 30, &v, -1), -EINVAL);
	assert_int_equal(sys_shutdown(fd, 2), 0);
	assert_int_equal(fake.how, 2);
	assert_int_equal(sys_ioctl(fd, FIONREAD, (unsigned long)&v), 0);
	assert_int_equal(v, 17);
	assert_int_equal(sys_ioctl(fd, FIOSETOWN, (unsigned long)&v), 0);
	v = 0;
	assert_int_equal(sys_ioctl(fd, FIOGETOWN, (unsigned long)&v), 0);
	assert_int_equal(v, 17);
}

/* --- waiting ---------------------------------------------------------------------------------- */

static int sock_waker(void *arg)
{
	(void)arg;
	msleep(10);
	fake.poll = EPOLLIN;
	wake_up_interruptible_poll(fake.wq, EPOLLIN);
	return 0;
}

static void sockets_wake_epoll(void **state)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int fd = fake_socket(0), ep = (int)sys_epoll_create1(0);
	struct thread *t = thread_create(sock_waker, NULL, "waker");

	(void)state;
	assert_int_equal(sys_epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev), 0);
	assert_int_equal(sys_epoll_wait(ep, &ev, 1, 1000), 1);
	assert_int_equal(ev.events, EPOLLIN);
	thread_join(t);
	sys_close(fd); /* off the set before the family's release */
	assert_int_equal(fake.releases, 1);
}

static void kernel_sockets_have_no_file(void **state)
{
	struct socket *sock, *child;
	struct msghdr m = { 0 };
	char buf[8];

	(void)state;
	assert_int_equal(sock_create_kern(&init_net, AF_FAKE, SOCK_DGRAM, 3, &sock), 0);
	assert_true(fake.kern);
	assert_null(sock->file);
	assert_int_equal(kernel_bind(sock, (struct sockaddr *)&fake.addr, 8), 0);
	assert_int_equal(kernel_connect(sock, (struct sockaddr *)&fake.addr, 8, O_NONBLOCK), 0);
	assert_int_equal(kernel_listen(sock, 3), 0);
	assert_int_equal(kernel_sendmsg(sock, &m, "data", 4), 4);
	assert_memory_equal(fake.data, "data", 4);
	fake.reply = "reply";
	assert_int_equal(kernel_recvmsg(sock, &m, buf, sizeof(buf), MSG_PEEK), 5);
	assert_int_equal(kernel_setsockopt(sock, 6, 1, buf, 4), -EOPNOTSUPP);
	assert_int_equal(kernel_accept(sock, &child, O_NONBLOCK), 0);
	assert_true(fake.kern);
	sock_release(child);
	fake.ret = -EAGAIN;
	assert_int_equal(kernel_accept(sock, &child, O_NONBLOCK), -EAGAIN);
	sock_release(sock);
	assert_int_equal(fake.releases, 2);
	assert_int_equal(sock_create_kern(&init_net, 43, SOCK_DGRAM, 3, &sock), -EAFNOSUPPORT);
}

/* Everything that allocates, once; 0 or the first error. */
static long all_that_allocates(void)
{
	static char ctl[1000];
	struct iovec iov[UIO_FASTIOV + 1] = { { "a", 1 } };
	struct user_msghdr m = { .msg_iov = iov, .msg_iovlen = UIO_FASTIOV + 1,
				 .msg_control = ctl, .msg_controllen = sizeof(ctl) };
	long fd = sys_socket(AF_FAKE, SOCK_STREAM, 0), ret = fd;
	int sv[2];

	if (ret >= 0)
		ret = sys_sendmsg((int)fd, &m, 0);
	if (ret >= 0)
		ret = sys_recvmsg((int)fd, &m, 0);
	if (ret >= 0)
		ret = sys_accept((int)fd, NULL, NULL);
	if (ret >= 0)
		ret = sys_socketpair(AF_FAKE, SOCK_STREAM, 0, sv);
	return ret < 0 ? ret : 0;
}

static void failures_are_reported_and_undone(void **state)
{
	unsigned int n = 0;
	bool failed;
	long ret;

	(void)state;
	do {
		hosted_fail_nth(++n);
		ret = all_that_allocates();
		failed = hosted_failed();
		hosted_fail_nth(0);
		assert_int_equal(failed, ret == -ENOMEM || ret == -ENFILE);
		for (int fd = 0; fd < 4; fd++)
			sys_close(fd);
		assert_int_equal(nr_open_files(), 0);
	} while (failed);
	assert_int_equal(ret, 0);
	assert_true(n > 11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SOCKET_TEST(families_register_once),
		SOCKET_TEST(socket_checks_in_order),
		SOCKET_TEST(failed_descriptor_releases_the_socket),
		SOCKET_TEST(every_call_wants_a_socket),
		SOCKET_TEST(family_without_calls),
		SOCKET_TEST(socketpair_makes_two),
		SOCKET_TEST(addresses_in_are_checked),
		SOCKET_TEST(addresses_out_are_cut),
		SOCKET_TEST(listen_clamps_to_somaxconn),
		SOCKET_TEST(accept_makes_a_file),
		SOCKET_TEST(options_go_to_the_family),
		SOCKET_TEST(sockets_wake_epoll),
		SOCKET_TEST(kernel_sockets_have_no_file),
		SOCKET_TEST(failures_are_reported_and_undone),
	};

	return RUN_TESTS(tests);
}
