// SPDX-License-Identifier: BSD-2-Clause
/*
 * net/socket.c, socket_calls.c, socket_msg.c against a family that writes down what it was asked:
 * registration, creation, order of checks, addresses, control messages, files.
 */
#include <tests/hosted/fs/fs_test.h>

#include <kernel/fs/eventpoll.h>
#include <kernel/mm/uaccess.h>
#include <net/cmsg.h>
#include <net/net.h>
#include <net/sock_ops.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>

#define AF_FAKE 44
#define FAKE_ADDR_LEN 8

/* What the family was called with last, and what it is to answer. */
static struct {
	int creates, releases, protocol, kern;
	int ret;		/* of the next call */
	int addrlen, flags, backlog, how, peer;
	unsigned int msg_flags;
	size_t len, controllen;
	char data[64], control[64];
	struct sockaddr_storage addr;
	const char *reply;	/* what recvmsg gives */
	int cmsg_len;		/* data of a control message it adds, -1: none */
	u32 poll;
	wait_queue_head_t *wq;
} fake;
static struct sock fake_sk;

static int fake_release(struct socket *sock)
{
	(void)sock;
	fake.releases++;
	return 0;
}

static int fake_bind(struct socket *sock, struct sockaddr *addr, int len)
{
	(void)sock;
	memcpy(&fake.addr, addr, (size_t)len);
	fake.addrlen = len;
	return fake.ret;
}

static int fake_connect(struct socket *sock, struct sockaddr *addr, int len, int flags)
{
	fake.flags = flags;
	return fake_bind(sock, addr, len);
}

static int fake_socketpair(struct socket *a, struct socket *b)
{
	assert_ptr_not_equal(a, b);
	return fake.ret;
}

static int fake_accept(struct socket *sock, struct socket *newsock, int flags, bool kern)
{
	assert_ptr_equal(newsock->ops, sock->ops);
	assert_int_equal(newsock->type, sock->type);
	fake.flags = flags;
	fake.kern = kern;
	newsock->sk = &fake_sk;
	return fake.ret;
}

static int fake_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	(void)sock;
	fake.peer = peer;
	addr->sa_family = AF_FAKE;
	memcpy(addr->sa_data, "abcdef", 6);
	return fake.ret ? fake.ret : FAKE_ADDR_LEN;
}

static u32 fake_poll(struct file *f, struct socket *sock, struct poll_table *pt)
{
	fake.wq = &sock->wq.wait;
	poll_wait(f, &sock->wq.wait, pt);
	return fake.poll;
}

static int fake_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	int n = 17;

	(void)sock;
	return cmd == FIONREAD ? copy_to_user((void *)arg, &n, sizeof(n)) : -ENOTTY;
}

static int fake_listen(struct socket *sock, int backlog)
{
	(void)sock;
	fake.backlog = backlog;
	return fake.ret;
}

static int fake_shutdown(struct socket *sock, int how)
{
	(void)sock;
	fake.how = how;
	return fake.ret;
}

static int fake_getsockopt(struct socket *sock, int level, int name, void *optval, int *optlen)
{
	(void)sock;
	(void)optval;
	(void)optlen;
	return level + name;
}

static int fake_sendmsg(struct socket *sock, struct msghdr *m, size_t len)
{
	(void)sock;
	fake.msg_flags = m->msg_flags;
	fake.len = len;
	fake.addrlen = m->msg_namelen;
	if (m->msg_name)
		memcpy(&fake.addr, m->msg_name, (size_t)m->msg_namelen);
	fake.controllen = m->msg_controllen;
	if (m->msg_control)
		memcpy(fake.control, m->msg_control, min(m->msg_controllen, sizeof(fake.control)));
	if (fake.ret)
		return fake.ret;
	return (int)copy_from_iter(fake.data, min(len, sizeof(fake.data)), &m->msg_iter);
}

static int fake_recvmsg(struct socket *sock, struct msghdr *m, size_t len, int flags)
{
	static const char payload[64] = "control message data";
	size_t have = fake.reply ? strlen(fake.reply) : 0;

	fake.flags = flags;
	fake.len = len;
	if (fake.ret)
		return fake.ret;
	if (m->msg_name)
		m->msg_namelen = fake_getname(sock, m->msg_name, 1);
	if (fake.cmsg_len >= 0)
		assert_int_equal(put_cmsg(m, SOL_SOCKET, 99, fake.cmsg_len, payload), 0);
	if (have > len)
		m->msg_flags |= MSG_TRUNC;
	return (int)copy_to_iter(fake.reply, min(have, len), &m->msg_iter);
}

static const struct proto_ops fake_ops = {
	.family = AF_FAKE, .release = fake_release, .bind = fake_bind, .connect = fake_connect,
	.socketpair = fake_socketpair, .accept = fake_accept, .getname = fake_getname,
	.poll = fake_poll, .ioctl = fake_ioctl, .listen = fake_listen, .shutdown = fake_shutdown,
	.getsockopt = fake_getsockopt, .sendmsg = fake_sendmsg, .recvmsg = fake_recvmsg,
};
static const struct proto_ops bare_ops = {
	.family = AF_FAKE, .release = fake_release, .bind = sock_no_bind,
	.connect = sock_no_connect, .socketpair = sock_no_socketpair, .accept = sock_no_accept,
	.getname = sock_no_getname, .poll = fake_poll, .ioctl = sock_no_ioctl,
	.listen = sock_no_listen, .shutdown = sock_no_shutdown, .sendmsg = sock_no_sendmsg,
	.recvmsg = sock_no_recvmsg,
};

/* SOCK_RAW gives a socket that can do nothing; a protocol below 0 is refused. */
static int fake_create(struct net *net, struct socket *sock, int protocol, bool kern)
{
	assert_ptr_equal(net, &init_net);
	fake.protocol = protocol;
	fake.kern = kern;
	if (protocol < 0)
		return -EPROTONOSUPPORT;
	fake.creates++;
	sock->sk = &fake_sk;
	sock->ops = sock->type == SOCK_RAW ? &bare_ops : &fake_ops;
	return 0;
}

static const struct net_proto_family fake_family = { .family = AF_FAKE, .create = fake_create };

static int up(void **state)
{
	static bool started;

	if (fs_up(state))
		return -1;
	if (!started)
		sock_init();
	started = true;
	memset(&fake, 0, sizeof(fake));
	memset(&fake_sk, 0, sizeof(fake_sk));
	fake.cmsg_len = -1;
	fake_sk.sk_net = &init_net;
	init_net.core.somaxconn = 4096;
	init_net.core.optmem_max = 20480;
	return sock_register(&fake_family);
}

static int down(void **state)
{
	int ret = fs_down(state);

	sock_unregister(AF_FAKE);
	return ret;
}

static int fake_socket(int flags)
{
	int fd = (int)sys_socket(AF_FAKE, SOCK_STREAM | flags, 0);

	assert_true(fd >= 0);
	return fd;
}

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

/* --- data ------------------------------------------------------------------------------------- */

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
	assert_int_equal(sys_ioctl(fd, FIOGETOWN, (unsigned long)&v), 0);
	assert_int_equal(v, 0);
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

#define SOCKET_TEST(fn) TEST_UP_DOWN(fn, up, down)

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
		SOCKET_TEST(send_passes_data_flags_and_address),
		SOCKET_TEST(recv_passes_data_flags_and_address),
		SOCKET_TEST(sendmsg_checks_the_header),
		SOCKET_TEST(sendmsg_copies_control_messages),
		SOCKET_TEST(control_messages_are_walked_within_bounds),
		SOCKET_TEST(recvmsg_returns_name_flags_and_control),
		SOCKET_TEST(recvmsg_cuts_control_messages),
		SOCKET_TEST(sendmmsg_counts),
		SOCKET_TEST(recvmmsg_counts_and_keeps_errors),
		SOCKET_TEST(options_go_to_the_family),
		SOCKET_TEST(sockets_wake_epoll),
		SOCKET_TEST(kernel_sockets_have_no_file),
		SOCKET_TEST(failures_are_reported_and_undone),
	};

	return RUN_TESTS(tests);
}
