// SPDX-License-Identifier: BSD-2-Clause
/*
 * AF_UNIX: creating, names, connections, shutdown, readiness, what /proc/net/unix says. Every errno
 * is Linux's (unix(7), bind(2), connect(2), and what Linux 6.1 answers).
 */
#include <kernel/fs/fs_calls.h>
#include <kernel/fs/ramfs.h>
#include <stdio.h>
#include <sys/stat.h>
#include <tests/hosted/net/unix_test.h>

static void creating(void **state)
{
	int type = 0, len = sizeof(type), fd;

	assert_int_equal(sys_socket(AF_UNIX, SOCK_STREAM, 2), -EPROTONOSUPPORT);
	assert_int_equal(sys_socket(AF_UNIX, SOCK_RDM, 0), -ESOCKTNOSUPPORT);
	assert_true(sys_socket(AF_UNIX, SOCK_STREAM, PF_UNIX) >= 0);
	fd = usock(SOCK_RAW); /* becomes a datagram socket */
	assert_int_equal(sys_getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len), 0);
	assert_int_equal(type, SOCK_DGRAM);
	assert_int_equal(sys_setsockopt(fd, 6, 1, &type, 4), -EOPNOTSUPP);
}

static void check_name(int fd, const char *want, int want_len, bool peer)
{
	struct sockaddr_storage ss = {0};
	int len = sizeof(ss);
	long err = peer ? sys_getpeername(fd, (struct sockaddr *)&ss, &len) :
			  sys_getsockname(fd, (struct sockaddr *)&ss, &len);

	assert_int_equal(err, 0);
	assert_int_equal(len, want_len);
	assert_int_equal(ss.ss_family, AF_UNIX);
	assert_memory_equal((char *)&ss + UNIX_PATH_OFF, want, (size_t)(want_len - UNIX_PATH_OFF));
}

static void lengths_of_names(void **state)
{
	struct uname n = uname_of("@abc");
	int a = usock(SOCK_STREAM), b = usock(SOCK_STREAM), c = usock(SOCK_DGRAM), i, len = 128;
	struct sockaddr_storage ss;
	char longest[109];

	check_name(a, "", 2, false);
	assert_int_equal(sys_getpeername(a, (struct sockaddr *)&ss, &len), -ENOTCONN);
	assert_int_equal(ubind(a, "@abc"), 0);
	check_name(a, n.sun.sun_path, 6, false);
	assert_int_equal(sys_mkdirat(AT_FDCWD, "/tmp", 0755), 0);
	assert_int_equal(ubind(b, "/tmp/x"), 0);
	check_name(b, "/tmp/x", 2 + 7, false); /* with its NUL */
	memset(longest, 'p', 108);
	longest[0] = '/';
	longest[108] = '\0';
	assert_int_equal(ubind(c, longest), 0);
	check_name(c, longest, 2 + 109, false); /* one more than sun_path has */
	a = usock(SOCK_STREAM);
	n.sun.sun_family = AF_UNIX;
	assert_int_equal(sys_bind(a, (struct sockaddr *)&n.sun, 2), 0); /* autobind */
	len = sizeof(ss);
	assert_int_equal(sys_getsockname(a, (struct sockaddr *)&ss, &len), 0);
	assert_int_equal(len, 2 + 6);
	for (i = 1; i < 6; i++)
		assert_non_null(strchr("0123456789abcdef", ((struct sockaddr_un *)&ss)->sun_path[i]));
	assert_int_equal(sys_bind(a, (struct sockaddr *)&n.sun, 2), 0); /* again: as it is */
}

/* A connection shares its listener's name, and must not be found by it in the listener's stead. */
static void many_connections_of_one_name(void **state)
{
	int i, client;

	userver(SOCK_STREAM, "@busy", 4000);
	for (i = 0; i < 2000; i++) {
		client = usock(SOCK_STREAM);
		assert_int_equal(uconnect(client, "@busy"), 0);
		assert_int_equal(sys_close(client), 0); /* its connection waits in the queue */
	}
}

static long stat_of(const char *path, struct stat *st)
{
	struct stat none;

	return sys_newfstatat(AT_FDCWD, path, st ? st : &none, AT_SYMLINK_NOFOLLOW);
}

static void errors_of_bind(void **state)
{
	struct uname n = uname_of("@one");
	int a = userver(SOCK_STREAM, "@one", -1), b = usock(SOCK_STREAM), c = usock(SOCK_DGRAM);
	struct sockaddr *sa = (struct sockaddr *)&n.sun;

	assert_int_equal(sys_bind(b, sa, 1), -EINVAL);
	assert_int_equal(sys_bind(b, sa, sizeof(n.sun) + 1), -EINVAL);
	n.sun.sun_family = AF_INET;
	assert_int_equal(sys_bind(b, sa, n.len), -EINVAL);
	assert_int_equal(ubind(b, "@one"), -EADDRINUSE);
	assert_int_equal(ubind(c, "@one"), 0); /* of another type: another name */
	assert_int_equal(ubind(a, "@two"), -EINVAL);
	assert_int_equal(ubind(b, "/"), -EADDRINUSE);
	assert_int_equal(ubind(b, "/name/"), -ENOENT);
	assert_int_equal(ubind(b, "/run/sock"), -ENOENT);
	assert_int_equal(sys_mkdirat(AT_FDCWD, "/run", 0755), 0);
	assert_int_equal(ubind(b, "/run//./sock"), 0);
	assert_int_equal(ubind(b, "/run/sock"), -EADDRINUSE); /* the path's error comes first */
	assert_int_equal(ubind(b, "/other"), -EINVAL);
	assert_int_equal(stat_of("/other", NULL), -ENOENT); /* nothing is left of it */
	c = usock(SOCK_DGRAM);
	assert_int_equal(ubind(c, "run/x/../sock"), -ENOENT);
	assert_int_equal(ubind(c, "run/../run/sock"), -EADDRINUSE);
	assert_int_equal(ubind(c, "/run/sock/x"), -ENOTDIR);
	assert_int_equal(ubind(c, "/proc"), -EADDRINUSE);
	assert_int_equal(ubind(c, "/proc/net/unix"), -EADDRINUSE);
	assert_int_equal(ubind(c, "/proc/mine"), -EPERM);
	assert_int_equal(ubind(c, "/../../run/sock2"), 0);
	sys_close(a);
	a = usock(SOCK_STREAM);
	assert_int_equal(ubind(a, "@one"), 0); /* free again */
}

static void a_path_outlives_its_socket(void **state)
{
	int a = userver(SOCK_STREAM, "/s", 1), c = usock(SOCK_STREAM);

	assert_int_equal(uconnect(usock(SOCK_DGRAM), "/s"), -EPROTOTYPE);
	assert_int_equal(uconnect(usock(SOCK_SEQPACKET), "/s"), -EPROTOTYPE);
	assert_int_equal(uconnect(c, "/t"), -ENOENT);
	sys_close(a);
	assert_int_equal(uconnect(c, "/s"), -ECONNREFUSED);
	assert_int_equal(ubind(c, "/s"), -EADDRINUSE);
	assert_int_equal(sys_unlink("//s"), 0);
	assert_int_equal(sys_unlink("//s"), -ENOENT);
	assert_int_equal(uconnect(c, "/s"), -ENOENT);
	a = userver(SOCK_STREAM, "/s", 1);
	assert_int_equal(sys_unlink("/s"), 0); /* while bound */
	assert_int_equal(uconnect(c, "/s"), -ENOENT);
	check_name(a, "/s", 2 + 3, false);
	assert_int_equal(sys_close(a), 0);
}

static void paths_are_nodes(void **state)
{
	int s, c = usock(SOCK_STREAM);
	struct stat st;
	long mask = sys_umask(022);

	s = userver(SOCK_STREAM, "/s", 5);
	assert_int_equal(stat_of("/s", &st), 0);
	assert_int_equal(st.st_mode, S_IFSOCK | 0755);
	assert_int_equal(st.st_nlink, 1);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(sys_chmod("/s", 0600), 0);
	assert_int_equal(sys_chown("/s", 3, 4), 0);
	assert_int_equal(stat_of("/s", &st), 0);
	assert_int_equal(st.st_mode, S_IFSOCK | 0600);
	assert_true(st.st_uid == 3 && st.st_gid == 4);
	assert_int_equal(sys_open("/s", O_RDWR, 0), -ENXIO);
	assert_int_equal(sys_open("/s", O_RDWR | O_CREAT | O_TRUNC, 0), -ENXIO);
	assert_int_equal(uconnect(c, "/s/"), -ENOTDIR);
	assert_int_equal(uconnect(c, "/s"), 0);
	assert_int_equal(sys_fstat(s, &st), 0);
	assert_int_equal(st.st_mode, S_IFSOCK | 0777); /* the socket is not its node */
	sys_close(s);
	assert_int_equal(stat_of("/s", &st), 0);
	sys_umask((u32)mask);
}

static void what_else_stands_at_a_path(void **state)
{
	int a = usock(SOCK_STREAM), fd = (int)sys_open("/file", O_CREAT | O_RDWR, 0600);

	assert_true(fd >= 0);
	assert_int_equal(sys_mkdirat(AT_FDCWD, "/dir", 0755), 0);
	assert_int_equal(sys_symlink("nowhere", "/dangling"), 0);
	assert_int_equal(sys_mknod("/node", S_IFSOCK | 0600, 0), 0);
	assert_int_equal(ubind(a, "/file"), -EADDRINUSE);
	assert_int_equal(ubind(a, "/file/x"), -ENOTDIR);
	assert_int_equal(ubind(a, "/dir"), -EADDRINUSE);
	assert_int_equal(ubind(a, "/dangling"), -EADDRINUSE);
	assert_int_equal(ubind(a, "/node"), -EADDRINUSE);
	assert_int_equal(uconnect(a, "/file"), -ECONNREFUSED);
	assert_int_equal(uconnect(a, "/dir"), -ECONNREFUSED);
	assert_int_equal(uconnect(a, "/"), -ECONNREFUSED);
	assert_int_equal(uconnect(a, "/node"), -ECONNREFUSED);
	assert_int_equal(uconnect(a, "/dangling"), -ENOENT);
	assert_int_equal(uconnect(a, "/proc/net/unix"), -ECONNREFUSED);
	assert_int_equal(uconnect(a, "/proc/mine"), -ENOENT);
	assert_int_equal(uconnect(usock(SOCK_DGRAM), "/file"), -ECONNREFUSED);
	assert_int_equal(usendto(usock(SOCK_DGRAM), "x", "/node"), -ECONNREFUSED);
}

static int uconnect_new(const char *path)
{
	int fd = usock(SOCK_STREAM), err = uconnect(fd, path);

	sys_close(fd);
	return err;
}

static void nodes_move_and_have_many_names(void **state)
{
	int s = userver(SOCK_STREAM, "/s", 20), again;

	assert_int_equal(sys_mkdirat(AT_FDCWD, "/dir", 0755), 0);
	assert_int_equal(sys_rename("/s", "/dir/moved"), 0);
	assert_int_equal(uconnect_new("/s"), -ENOENT);
	assert_int_equal(uconnect_new("/dir/moved"), 0);
	check_name(s, "/s", 2 + 3, false); /* as it was bound */
	again = userver(SOCK_STREAM, "/s", 20); /* the old name is free */
	assert_int_equal(sys_link("/dir/moved", "/hard"), 0);
	assert_int_equal(sys_symlink("dir", "/soft"), 0);
	assert_int_equal(sys_symlink("/soft/moved", "/softer"), 0);
	assert_int_equal(uconnect_new("/hard"), 0);
	assert_int_equal(uconnect_new("/softer"), 0);
	assert_int_equal(sys_unlink("/dir/moved"), 0);
	assert_int_equal(uconnect_new("/softer"), -ENOENT);
	assert_int_equal(uconnect_new("/hard"), 0);
	sys_close(again);
	assert_int_equal(sys_rename("/hard", "/s"), 0); /* in the place of a dead one */
	assert_int_equal(uconnect_new("/s"), 0);
	sys_close(s);
	assert_int_equal(uconnect_new("/s"), -ECONNREFUSED);
}

static void paths_from_the_working_directory(void **state)
{
	int s, d = usock(SOCK_DGRAM);

	assert_int_equal(sys_mkdirat(AT_FDCWD, "/dir", 0755), 0);
	assert_int_equal(sys_chdir("/dir"), 0);
	s = userver(SOCK_DGRAM, "here", -1);
	check_name(s, "here", 2 + 5, false);
	assert_int_equal(usendto(d, "one", "/dir/here"), 3);
	assert_int_equal(usendto(d, "two", "../dir/./here"), 3);
	assert_int_equal(sys_chdir("/"), 0);
	assert_int_equal(usendto(d, "x", "here"), -ENOENT);
	assert_int_equal(sys_unlink("/dir/here"), 0);
	assert_int_equal(usendto(d, "x", "dir/here"), -ENOENT);
	uexpect(s, "one", 8, 0);
	uexpect(s, "two", 8, 0);
}

static void errors_of_connecting(void **state)
{
	int s = usock(SOCK_STREAM), c = usock(SOCK_STREAM), d = usock(SOCK_DGRAM);

	assert_int_equal(sys_listen(s, 1), -EINVAL); /* no name */
	assert_int_equal(sys_listen(d, 1), -EOPNOTSUPP);
	assert_int_equal(sys_accept(d, NULL, NULL), -EOPNOTSUPP);
	assert_int_equal(sys_accept(s, NULL, NULL), -EINVAL);
	assert_int_equal(uconnect(c, "@srv"), -ECONNREFUSED);
	assert_int_equal(ubind(s, "@srv"), 0);
	assert_int_equal(uconnect(c, "@srv"), -ECONNREFUSED); /* does not listen */
	assert_int_equal(sys_listen(s, 5), 0);
	assert_int_equal(uconnect(usock(SOCK_SEQPACKET), "@srv"), -ECONNREFUSED);
	assert_int_equal(uconnect(s, "@srv"), -EINVAL); /* itself listens */
	assert_int_equal(uconnect(c, "@srv"), 0);
	assert_int_equal(uconnect(c, "@srv"), -EISCONN);
	assert_int_equal(sys_listen(c, 1), -EINVAL);
	assert_int_equal(urecv(s, 0), -EINVAL);
	assert_int_equal(urecv(usock(SOCK_STREAM), 0), -EINVAL);
	assert_int_equal(urecv(usock(SOCK_SEQPACKET), 0), -ENOTCONN);
	assert_int_equal(usend(usock(SOCK_STREAM), "x", 0), -ENOTCONN);
	assert_int_equal(usend(usock(SOCK_SEQPACKET), "x", 0), -ENOTCONN);
	assert_int_equal(usend(d, "x", 0), -ENOTCONN);
	assert_int_equal(usendto(c, "x", "@srv"), -EISCONN);
	assert_int_equal(usendto(usock(SOCK_STREAM), "x", "@srv"), -EOPNOTSUPP);
	assert_int_equal(usend(c, "x", MSG_OOB), -EOPNOTSUPP);
	assert_int_equal(sys_shutdown(c, 3), -EINVAL);
	assert_int_equal(sys_shutdown(s, SHUT_RD), 0);
	assert_int_equal(uconnect(usock(SOCK_STREAM), "@srv"), -ECONNREFUSED);
}

static void accepting(void **state)
{
	struct sockaddr_storage ss;
	int s = userver(SOCK_STREAM, "@srv", 1), c[4], a, i, len = sizeof(ss);

	for (i = 0; i < 4; i++)
		c[i] = usock(SOCK_STREAM | SOCK_NONBLOCK);
	assert_int_equal(upoll(s), 0);
	assert_int_equal(uconnect(c[0], "@srv"), 0);
	assert_int_equal(upoll(s), EPOLLIN);
	assert_int_equal(usend(c[0], "early", 0), 5); /* before anybody accepts */
	assert_int_equal(uconnect(c[1], "@srv"), 0);
	assert_int_equal(uconnect(c[2], "@srv"), -EAGAIN); /* backlog 1: two wait */
	check_name(c[0], "\0srv", 6, true);
	a = (int)sys_accept4(s, (struct sockaddr *)&ss, &len, SOCK_NONBLOCK);
	assert_true(a >= 0);
	assert_int_equal(len, 2); /* the client has no name */
	check_name(a, "\0srv", 6, false);
	uexpect(a, "early", 16, 0);
	assert_int_equal(uconnect(c[2], "@srv"), 0);
	sys_close(s); /* those that nobody accepted are reset */
	assert_int_equal(urecv(c[1], 0), -ECONNRESET);
	assert_int_equal(urecv(c[1], 0), 0);
	assert_int_equal(usend(c[2], "x", 0), -EPIPE);
	assert_int_equal(usend(a, "still", 0), 5);
	uexpect(c[0], "still", 16, 0);
}

static int accept_later(void *arg)
{
	msleep(50);
	return (int)sys_accept(*(int *)arg, NULL, NULL);
}

static void connect_and_accept_sleep(void **state)
{
	struct timeval tv = {.tv_usec = 20000};
	int s = userver(SOCK_STREAM, "@srv", 0), a = usock(SOCK_STREAM), b = usock(SOCK_STREAM);
	struct thread *t;
	u64 start;

	assert_int_equal(sys_setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	start = hosted_now_ns();
	assert_int_equal(sys_accept(s, NULL, NULL), -EAGAIN);
	assert_in_range(hosted_now_ns() - start, 20000000, 22000000);
	assert_int_equal(uconnect(a, "@srv"), 0);
	assert_int_equal(sys_setsockopt(b, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)), 0);
	start = hosted_now_ns();
	assert_int_equal(uconnect(b, "@srv"), -EAGAIN);
	assert_in_range(hosted_now_ns() - start, 20000000, 22000000);
	b = usock(SOCK_STREAM);
	t = thread_create(accept_later, &s, "accept");
	start = hosted_now_ns();
	assert_int_equal(uconnect(b, "@srv"), 0);
	assert_in_range(hosted_now_ns() - start, 49000000, 52000000);
	assert_true(thread_join(t) >= 0);
}

static void ends_of_a_stream(void **state)
{
	int sv[2], err = 0, len = sizeof(err);

	upair(SOCK_STREAM, sv);
	assert_int_equal(upoll(sv[0]), EPOLLOUT);
	assert_int_equal(sys_shutdown(sv[0], SHUT_WR), 0);
	assert_int_equal(usend(sv[0], "x", 0), -EPIPE);
	assert_int_equal(upoll(sv[1]), EPOLLIN | EPOLLRDHUP | EPOLLOUT);
	assert_int_equal(urecv(sv[1], 0), 0);
	assert_int_equal(usend(sv[1], "back", 0), 4);
	uexpect(sv[0], "back", 9, 0);
	assert_int_equal(usend(sv[1], "unread", 0), 6);
	sys_close(sv[0]);
	assert_int_equal(upoll(sv[1]), EPOLLIN | EPOLLRDHUP | EPOLLOUT | EPOLLHUP | EPOLLERR);
	assert_int_equal(sys_getsockopt(sv[1], SOL_SOCKET, SO_ERROR, &err, &len), 0);
	assert_int_equal(err, ECONNRESET);
	assert_int_equal(urecv(sv[1], 0), 0);
	assert_int_equal(usend(sv[1], "x", 0), -EPIPE);
	upair(SOCK_SEQPACKET, sv);
	assert_int_equal(urecv(sv[0], 0), -EAGAIN);
	assert_int_equal(usend(sv[0], "last", 0), 4);
	sys_close(sv[0]);
	uexpect(sv[1], "last", 9, 0);
	assert_int_equal(urecv(sv[1], 0), 0);
	assert_int_equal(usend(sv[1], "x", 0), -EPIPE);
}

static void edges(void **state)
{
	struct epoll_event ev = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET}, got;
	int sv[2], ep = (int)sys_epoll_create1(0);

	upair(SOCK_STREAM, sv);
	assert_int_equal(sys_epoll_ctl(ep, EPOLL_CTL_ADD, sv[0], &ev), 0);
	assert_int_equal(sys_epoll_wait(ep, &got, 1, 0), 1);
	assert_int_equal(got.events, EPOLLOUT);
	assert_int_equal(sys_epoll_wait(ep, &got, 1, 0), 0);
	usend(sv[1], "a", 0);
	assert_int_equal(sys_epoll_wait(ep, &got, 1, 0), 1);
	assert_int_equal(sys_epoll_wait(ep, &got, 1, 0), 0); /* not read, but no new edge */
	usend(sv[1], "b", 0);
	assert_int_equal(sys_epoll_wait(ep, &got, 1, 0), 1);
	while (sys_sendto(sv[0], &got, sizeof(got), MSG_DONTWAIT, NULL, 0) > 0)
		;
	while (urecv(sv[1], 0) > 0)
		;
	assert_int_equal(sys_epoll_wait(ep, &got, 1, 0), 1); /* room again */
	assert_int_equal(got.events, EPOLLIN | EPOLLOUT);
	sys_close(sv[1]);
	assert_int_equal(sys_epoll_wait(ep, &got, 1, 0), 1);
	assert_int_equal(got.events, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP);
}

static int count_lines(const char *text, const char *with)
{
	int n = 0;

	for (; (text = strstr(text, with)); text++)
		n++;
	return n;
}

static void proc_net_unix(void **state)
{
	static char text[4096];
	int s = userver(SOCK_STREAM, "@l", 4), fd, c = usock(SOCK_STREAM);
	long n;

	userver(SOCK_DGRAM, "/p", -1);
	assert_int_equal(uconnect(c, "@l"), 0);
	fd = (int)sys_open("/proc/net/unix", O_RDONLY, 0);
	n = sys_read(fd, text, sizeof(text) - 1);
	assert_true(n > 0);
	text[n] = '\0';
	assert_int_equal(strncmp(text, "Num       RefCount Protocol Flags    Type St Inode Path\n", 55),
			 0);
	assert_int_equal(count_lines(text, "\n"), 5);
	assert_int_equal(count_lines(text, " 00010000 0001 01 "), 1); /* listens */
	assert_int_equal(count_lines(text, " 0001 02     0 @l\n"), 1); /* waits to be accepted */
	assert_int_equal(count_lines(text, " 0001 03 "), 1);	      /* connected */
	assert_int_equal(count_lines(text, " 0002 01 "), 1);
	assert_int_equal(count_lines(text, " /p\n"), 1);
	sys_close(s);
}

/* Of abstract names; paths are the file system's. */
static void namespaces_have_names_of_their_own(void **state)
{
	struct net *net = net_create("other");
	struct uname n = uname_of("@srv"), p = uname_of("/srv");
	struct socket *s;
	int c = usock(SOCK_STREAM);

	assert_false(IS_ERR(net));
	s = test_socket(net, AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(kernel_bind(s, (struct sockaddr *)&n.sun, n.len), 0);
	assert_int_equal(kernel_listen(s, 1), 0);
	assert_int_equal(uconnect(c, "@srv"), -ECONNREFUSED);
	sock_release(s);
	s = test_socket(net, AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(kernel_bind(s, (struct sockaddr *)&p.sun, p.len), 0);
	assert_int_equal(kernel_listen(s, 1), 0);
	assert_int_equal(uconnect(c, "/srv"), 0);
	sys_close(c);
	sock_release(s);
	assert_int_equal(uconnect(usock(SOCK_STREAM), "/srv"), -ECONNREFUSED);
	put_net(net);
}

/* Names that outlive their sockets would outlive the test. */
static int unix_down(void **state)
{
	files_put(current->files);
	current->files = NULL;
	ramfs_clear();
	return hosted_teardown(state);
}
#define UNIX_TEST(fn) TEST_UP_DOWN(fn, net_up, unix_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIX_TEST(creating),
		UNIX_TEST(lengths_of_names),
		UNIX_TEST(many_connections_of_one_name),
		UNIX_TEST(errors_of_bind),
		UNIX_TEST(a_path_outlives_its_socket),
		UNIX_TEST(paths_are_nodes),
		UNIX_TEST(what_else_stands_at_a_path),
		UNIX_TEST(nodes_move_and_have_many_names),
		UNIX_TEST(paths_from_the_working_directory),
		UNIX_TEST(errors_of_connecting),
		UNIX_TEST(accepting),
		UNIX_TEST(connect_and_accept_sleep),
		UNIX_TEST(ends_of_a_stream),
		UNIX_TEST(edges),
		UNIX_TEST(proc_net_unix),
		UNIX_TEST(namespaces_have_names_of_their_own),
	};

	return RUN_TESTS(tests);
}
