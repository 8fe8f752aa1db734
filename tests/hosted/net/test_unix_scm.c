// SPDX-License-Identifier: BSD-2-Clause
/*
 * AF_UNIX: files and credentials in messages, sockets that keep each other open, and every
 * allocation of a whole conversation failing in turn. That all memory and all files come back is
 * checked after each test.
 */
#include <kernel/fs/fdtable.h>
#include <tests/hosted/net/unix_test.h>

static int scm_down(void **state)
{
	files_put(current->files);
	current->files = files_alloc();
	assert_int_equal(nr_open_files(), 0);
	assert_int_equal(unix_nr_inflight(), 0);
	return net_down(state);
}

static void files_pass(void **state)
{
	int sv[2], p[2], got[3], n, flags = 0;
	char buf[8];

	upair(SOCK_STREAM, sv);
	assert_int_equal(sys_pipe2(p, 0), 0);
	assert_int_equal(usend_fds(sv[0], p, 2, NULL), 1);
	sys_close(p[0]);
	sys_close(p[1]);
	flags = MSG_PEEK;
	assert_int_equal(urecv_fds(sv[1], got, 2, &n, NULL, &flags), 1); /* a look */
	assert_int_equal(n, 2);
	sys_close(got[0]);
	sys_close(got[1]);
	flags = MSG_CMSG_CLOEXEC;
	assert_int_equal(urecv_fds(sv[1], got, 2, &n, NULL, &flags), 1);
	assert_int_equal(n, 2);
	assert_int_equal(flags, MSG_CMSG_CLOEXEC);
	assert_int_equal(sys_fcntl(got[0], F_GETFD, 0), FD_CLOEXEC);
	assert_int_equal(sys_write(got[1], "through", 7), 7);
	assert_int_equal(sys_read(got[0], buf, sizeof(buf)), 7);
}

static void files_pass_and_work(void **state)
{
	int sv[2], p[2], got[3], n, flags = 0;
	char buf[8];

	upair(SOCK_SEQPACKET, sv);
	assert_int_equal(sys_pipe2(p, 0), 0);
	assert_int_equal(usend_fds(sv[0], p, 2, NULL), 1);
	sys_close(p[0]);
	sys_close(p[1]);
	assert_int_equal(urecv_fds(sv[1], got, 1, &n, NULL, &flags), 1); /* room for one */
	assert_int_equal(n, 1);
	assert_int_equal(flags, MSG_CTRUNC);
	assert_int_equal(sys_read(got[0], buf, 8), 0); /* the writing end was closed */
	assert_int_equal(usend_fds(sv[0], got, 1, NULL), 1);
	flags = 0;
	assert_int_equal(urecv(sv[1], 0), 1); /* no room at all */
	assert_int_equal(usend_fds(sv[0], got, 1, NULL), 1);
	sys_close(sv[1]); /* never received */
	assert_int_equal(sys_close(got[0]), 0);
}

static void reads_stop_at_files(void **state)
{
	int sv[2], got[2], n, flags = 0;

	upair(SOCK_STREAM, sv);
	usend(sv[0], "ab", 0);
	usend_fds(sv[0], sv, 1, NULL);
	usend(sv[0], "cd", 0);
	uexpect(sv[1], "abf", 9, MSG_PEEK);
	uexpect(sv[1], "ab", 2, 0);
	assert_int_equal(urecv_fds(sv[1], got, 2, &n, NULL, &flags), 1);
	assert_int_equal(n, 1);
	uexpect(sv[1], "cd", 9, 0);
}

static void errors_of_sending_files(void **state)
{
	int sv[2], fds[254] = {0}, bad = 77, n, flags = 0, got[253];
	struct ucred other = {.pid = 12345};
	struct ucred short_of = {.pid = (pid_t)sys_getpid(), .uid = (uid_t)-1};
	struct user_msghdr m = {.msg_iovlen = 0};
	struct {
		struct cmsghdr c;
		int fd[2];
	} ctl = {{CMSG_LEN(4), SOL_SOCKET, 77}, {0, 0}};

	upair(SOCK_DGRAM, sv);
	assert_int_equal(usend_fds(sv[0], &bad, 1, NULL), -EBADF);
	bad = -1;
	assert_int_equal(usend_fds(sv[0], &bad, 1, NULL), -EBADF);
	assert_int_equal(usend_fds(sv[0], fds, 254, NULL), -EINVAL);
	assert_int_equal(usend_fds(sv[0], fds, 253, NULL), 1);
	assert_int_equal(urecv_fds(sv[1], got, 253, &n, NULL, &flags), 1);
	assert_int_equal(n, 253);
	assert_int_equal(usend_fds(sv[0], NULL, 0, &other), -ESRCH);
	assert_int_equal(usend_fds(sv[0], NULL, 0, &short_of), -EINVAL);
	m.msg_control = &ctl;
	m.msg_controllen = sizeof(ctl);
	assert_int_equal(sys_sendmsg(sv[0], &m, 0), -EINVAL); /* no such message */
	ctl.c.cmsg_type = SCM_RIGHTS;
	ctl.c.cmsg_len = 5000;
	assert_int_equal(sys_sendmsg(sv[0], &m, 0), -EINVAL); /* longer than the buffer */
	ctl.c.cmsg_len = CMSG_LEN(0);
	assert_int_equal(sys_sendmsg(sv[0], &m, 0), 0); /* no files: a plain message */
	ctl.c.cmsg_level = 99;
	assert_int_equal(sys_sendmsg(sv[0], &m, 0), 0); /* not for us */
	assert_int_equal(usend_fds(usock(SOCK_STREAM), fds, 1, NULL), -ENOTCONN);
}

static void credentials(void **state)
{
	struct ucred c = {0}, mine = {.pid = (pid_t)sys_getpid(), .uid = 5, .gid = 6};
	int sv[2], one = 1, n, flags = 0, len = sizeof(c), s = userver(SOCK_STREAM, "@s", 1), a;

	assert_int_equal(sys_getsockopt(s, SOL_SOCKET, SO_PASSCRED, &n, &len), 0);
	assert_int_equal(n, 0);
	len = sizeof(c);
	a = usock(SOCK_STREAM);
	assert_int_equal(sys_getsockopt(a, SOL_SOCKET, SO_PEERCRED, &c, &len), 0);
	assert_true(c.pid == 0 && c.uid == (uid_t)-1 && c.gid == (gid_t)-1);
	assert_int_equal(sys_setsockopt(s, SOL_SOCKET, SO_PASSCRED, &one, 4), 0);
	assert_int_equal(uconnect(a, "@s"), 0);
	assert_int_equal(sys_getsockopt(a, SOL_SOCKET, SO_PEERCRED, &c, &len), 0);
	assert_true(c.pid == mine.pid && c.uid == 0);
	s = (int)sys_accept(s, NULL, NULL); /* inherits SO_PASSCRED */
	assert_int_equal(usend_fds(a, NULL, 0, NULL), 1);
	assert_int_equal(usend_fds(a, NULL, 0, &mine), 1);
	uexpect(s, "f", 9, MSG_PEEK); /* different senders are not mixed */
	assert_int_equal(urecv_fds(s, NULL, 0, &n, &c, &flags), 1);
	assert_true(c.pid == mine.pid && c.uid == 0 && c.gid == 0);
	flags = 0;
	assert_int_equal(urecv_fds(s, NULL, 0, &n, &c, &flags), 1);
	assert_memory_equal(&c, &mine, sizeof(c));
	upair(SOCK_DGRAM, sv);
	assert_int_equal(usend(sv[0], "x", 0), 1); /* before anybody asked */
	assert_int_equal(sys_setsockopt(sv[1], SOL_SOCKET, SO_PASSCRED, &one, 4), 0);
	flags = 0;
	assert_int_equal(urecv_fds(sv[1], NULL, 0, &n, &c, &flags), 1);
	assert_true(c.pid == 0 && c.uid == 65534 && c.gid == 65534);
	assert_int_equal(usend(sv[1], "x", 0), 1); /* binds it by itself, so that it has a name */
	len = 4;
	assert_int_equal(sys_getsockname(sv[1], (struct sockaddr *)&c, &len), 0);
	assert_int_equal(len, 8);
}

/* --- cycles ----------------------------------------------------------------------------------- */

/* As on Linux garbage is looked for when the next AF_UNIX socket is released. */
static void sweep(void)
{
	sys_close(usock(SOCK_DGRAM));
}

static void a_socket_in_its_own_queue(void **state)
{
	int sv[2];

	upair(SOCK_DGRAM, sv);
	usend_fds(sv[0], sv, 2, NULL);
	usend_fds(sv[1], sv, 2, NULL);
	sys_close(sv[0]);
	assert_int_equal(nr_open_files(), 2);
	sys_close(sv[1]);
	sweep();
	assert_int_equal(nr_open_files(), 0);
}

static void garbage_hangs_on_a_ring(void **state)
{
	int sv[2], ring[8][2], i, p[2], n;

	for (i = 0; i < 8; i++)
		upair(SOCK_STREAM, ring[i]);
	assert_int_equal(sys_pipe2(p, 0), 0);
	for (i = 0; i < 8; i++) /* each one's queue holds the next */
		assert_int_equal(usend_fds(ring[i][0], &ring[(i + 1) % 8][1], 1, NULL), 1);
	usend_fds(ring[3][0], p, 2, NULL);
	upair(SOCK_STREAM, sv);
	usend_fds(sv[0], &ring[5][1], 1, NULL); /* the way from outside */
	for (i = 0; i < 8; i++) {
		sys_close(ring[i][0]);
		sys_close(ring[i][1]);
	}
	sys_close(p[0]);
	sys_close(p[1]);
	assert_int_equal(nr_open_files(), 8 + 2 + 2);
	n = 0;
	assert_int_equal(urecv_fds(sv[1], &p[0], 1, &i, NULL, &n), 1); /* it can still be had */
	n = 0;
	assert_int_equal(urecv_fds(p[0], &p[1], 1, &i, NULL, &n), 1);
	sys_close(p[1]);
	sys_close(p[0]);
	assert_int_equal(nr_open_files(), 2);
	assert_int_equal(unix_nr_inflight(), 0);
}

static void garbage_behind_a_listener(void **state)
{
	int s = userver(SOCK_STREAM, "@s", 4), c = usock(SOCK_STREAM);

	assert_int_equal(uconnect(c, "@s"), 0);
	usend_fds(c, &s, 1, NULL); /* in the queue of a connection that waits in s */
	usend_fds(c, &c, 1, NULL);
	sys_close(c);
	assert_int_equal(nr_open_files(), 2);
	sys_close(s);
	sweep();
	assert_int_equal(nr_open_files(), 0);
}

/* Each socket lies in the next one's queue: closing the last closes all, on a flat stack. */
static void a_long_chain(void **state)
{
	int held, sv[2], i;

	upair(SOCK_STREAM, sv);
	sys_close(sv[0]);
	held = sv[1];
	for (i = 0; i < 3000; i++) {
		upair(SOCK_STREAM, sv);
		assert_int_equal(usend_fds(sv[0], &held, 1, NULL), 1);
		sys_close(sv[0]);
		sys_close(held);
		held = sv[1];
	}
	assert_int_equal(nr_open_files(), 3001);
	sys_close(held);
	assert_int_equal(nr_open_files(), 0);
}

/* --- without memory --------------------------------------------------------------------------- */

static long conversation(void)
{
	static u8 block[60000];
	int s = (int)sys_socket(AF_UNIX, SOCK_STREAM, 0), c = -1, a = -1, n = 0, got[2], flags = 0;
	struct uname name = uname_of("@oom");
	long err = s;

	if (err >= 0)
		err = sys_bind(s, (struct sockaddr *)&name.sun, name.len);
	if (err >= 0)
		err = sys_listen(s, 1);
	if (err >= 0)
		err = c = (int)sys_socket(AF_UNIX, SOCK_STREAM, 0);
	if (err >= 0)
		err = sys_bind(c, (struct sockaddr *)&name.sun, 2);
	if (err >= 0)
		err = uconnect(c, "@oom");
	if (err >= 0)
		err = a = (int)sys_accept4(s, NULL, NULL, SOCK_NONBLOCK);
	if (err >= 0)
		err = usend_fds(c, &s, 1, NULL);
	if (err >= 0)
		err = urecv_fds(a, got, 1, &n, NULL, &flags);
	if (n)
		sys_close(got[0]);
	if (err >= 0)
		err = sys_sendto(c, block, sizeof(block), MSG_DONTWAIT, NULL, 0);
	for (int fd = 0; fd < 8; fd++)
		sys_close(fd);
	return err < 0 ? err : 0;
}

static long datagram_conversation(void)
{
	struct uname name = uname_of("/oom");
	int sv[2] = {-1, -1}, n = 0, got[2], flags = MSG_PEEK;
	long err = sys_socketpair(AF_UNIX, SOCK_DGRAM, 0, sv);

	if (err >= 0)
		err = sys_bind(sv[0], (struct sockaddr *)&name.sun, name.len);
	if (err >= 0)
		err = usend_fds(sv[0], sv, 2, NULL);
	if (err >= 0)
		err = urecv_fds(sv[1], got, 1, &n, NULL, &flags);
	for (int fd = 0; fd < 8; fd++)
		sys_close(fd);
	sys_unlinkat(AT_FDCWD, "/oom", 0);
	return err < 0 ? err : 0;
}

static void each_fails(long (*fn)(void))
{
	unsigned long nth, failed;
	long err = -1;

	assert_int_equal(fn(), 0);
	for (nth = 1; nth < 100; nth++) {
		hosted_fail_nth(nth);
		err = fn();
		failed = hosted_failed();
		hosted_fail_nth(0);
		sweep(); /* a socket was in its own queue */
		sys_unlinkat(AT_FDCWD, "/oom", 0); /* if that was what failed */
		assert_true(err == 0 || err == -ENOMEM || err == -ENOBUFS || err == -ENFILE);
		assert_int_equal(nr_open_files(), 0);
		assert_int_equal(unix_nr_inflight(), 0);
		if (!failed)
			break;
	}
	assert_int_equal(err, 0);
	assert_in_range(nth, 8, 99);
}

static void every_allocation_fails(void **state)
{
	each_fails(conversation);
	each_fails(datagram_conversation);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(files_pass, net_up, scm_down),
		TEST_UP_DOWN(files_pass_and_work, net_up, scm_down),
		TEST_UP_DOWN(reads_stop_at_files, net_up, scm_down),
		TEST_UP_DOWN(errors_of_sending_files, net_up, scm_down),
		TEST_UP_DOWN(credentials, net_up, scm_down),
		TEST_UP_DOWN(a_socket_in_its_own_queue, net_up, scm_down),
		TEST_UP_DOWN(garbage_hangs_on_a_ring, net_up, scm_down),
		TEST_UP_DOWN(garbage_behind_a_listener, net_up, scm_down),
		TEST_UP_DOWN(a_long_chain, net_up, scm_down),
		TEST_UP_DOWN(every_allocation_fails, net_up, scm_down),
	};

	return RUN_TESTS(tests);
}
