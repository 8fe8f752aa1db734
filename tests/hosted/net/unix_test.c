// SPDX-License-Identifier: BSD-2-Clause
/* Shared by the tests of AF_UNIX; see unix_test.h. */
#include <poll.h>
#include <tests/hosted/net/unix_test.h>

struct uname uname_of(const char *text)
{
	struct uname n = {.sun.sun_family = AF_UNIX};
	size_t len = strlen(text);

	memcpy(n.sun.sun_path, text, len);
	n.len = UNIX_PATH_OFF + (int)len;
	if (text[0] == '@')
		n.sun.sun_path[0] = '\0';
	return n;
}

int usock(int type)
{
	int fd = (int)sys_socket(AF_UNIX, type, 0);

	assert_true(fd >= 0);
	return fd;
}

int ubind(int fd, const char *text)
{
	struct uname n = uname_of(text);

	return (int)sys_bind(fd, (struct sockaddr *)&n.sun, n.len);
}

int uconnect(int fd, const char *text)
{
	struct uname n = uname_of(text);

	return (int)sys_connect(fd, (struct sockaddr *)&n.sun, n.len);
}

int userver(int type, const char *text, int backlog)
{
	int fd = usock(type);

	assert_int_equal(ubind(fd, text), 0);
	if (backlog >= 0)
		assert_int_equal(sys_listen(fd, backlog), 0);
	return fd;
}

void upair(int type, int sv[2])
{
	assert_int_equal(sys_socketpair(AF_UNIX, type, 0, sv), 0);
}

long usend(int fd, const char *text, int flags)
{
	return sys_sendto(fd, text, strlen(text), (unsigned int)flags, NULL, 0);
}

long usendto(int fd, const char *text, const char *to)
{
	struct uname n = uname_of(to);

	return sys_sendto(fd, text, strlen(text), MSG_DONTWAIT, (struct sockaddr *)&n.sun, n.len);
}

void uexpect(int fd, const char *text, size_t size, int flags)
{
	char buf[256] = {0};
	long n = sys_recvfrom(fd, buf, size, (unsigned int)(flags | MSG_DONTWAIT), NULL, NULL);

	assert_int_equal(n, strlen(text));
	assert_memory_equal(buf, text, strlen(text));
}

long urecv(int fd, int flags)
{
	char buf[64];

	return sys_recvfrom(fd, buf, sizeof(buf), (unsigned int)(flags | MSG_DONTWAIT), NULL, NULL);
}

u32 upoll(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN | POLLOUT | POLLRDHUP};

	assert_true(sys_poll(&p, 1, 0) >= 0);
	return (u32)p.revents;
}

long usend_fds(int fd, const int *fds, int nfds, const struct ucred *creds)
{
	char ctl[CMSG_SPACE(256 * sizeof(int)) + CMSG_SPACE(sizeof(*creds))] __aligned(8) = {0};
	struct iovec iov = {.iov_base = "f", .iov_len = 1};
	struct user_msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = ctl};
	struct cmsghdr *c = (struct cmsghdr *)ctl;

	if (nfds) {
		*c = (struct cmsghdr){CMSG_LEN((size_t)nfds * sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
		memcpy(CMSG_DATA(c), fds, (size_t)nfds * sizeof(int));
		m.msg_controllen = CMSG_SPACE((size_t)nfds * sizeof(int));
	}
	if (creds) {
		c = (struct cmsghdr *)(ctl + m.msg_controllen);
		*c = (struct cmsghdr){CMSG_LEN(sizeof(*creds)), SOL_SOCKET, SCM_CREDENTIALS};
		memcpy(CMSG_DATA(c), creds, sizeof(*creds));
		m.msg_controllen += CMSG_SPACE(sizeof(*creds));
	}
	return sys_sendmsg(fd, &m, MSG_DONTWAIT);
}

static void take_cmsg(const struct cmsghdr *c, int *fds, int *nfds, struct ucred *creds)
{
	size_t len = c->cmsg_len - CMSG_LEN(0);

	assert_int_equal(c->cmsg_level, SOL_SOCKET);
	if (c->cmsg_type == SCM_RIGHTS) {
		*nfds = (int)(len / sizeof(int));
		memcpy(fds, CMSG_DATA(c), len);
	} else if (c->cmsg_type == SCM_CREDENTIALS && creds) {
		assert_int_equal(len, sizeof(*creds));
		memcpy(creds, CMSG_DATA(c), len);
	}
}

long urecv_msg(int fd, int *fds, int *nfds, struct ucred *creds, int *flags)
{
	int max = *nfds;
	char ctl[CMSG_SPACE(256 * sizeof(int)) + CMSG_SPACE(sizeof(*creds))] __aligned(8), byte;
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct user_msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = ctl};
	size_t at;
	long n;

	m.msg_controllen = (max ? CMSG_LEN((size_t)max * sizeof(int)) : 0) +
			   (creds ? CMSG_SPACE(sizeof(*creds)) : 0);
	*nfds = 0;
	n = sys_recvmsg(fd, &m, (unsigned int)(*flags | MSG_DONTWAIT));
	*flags = m.msg_flags;
	for (at = 0; n >= 0 && at + sizeof(struct cmsghdr) <= m.msg_controllen;) {
		struct cmsghdr *c = (struct cmsghdr *)(ctl + at);

		take_cmsg(c, fds, nfds, creds);
		at += CMSG_ALIGN(c->cmsg_len);
	}
	return n;
}
