/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_UNIX_TEST_H
#define BW_TESTS_HOSTED_UNIX_TEST_H

/*
 * For the tests of AF_UNIX: system calls with less to write, names, messages with files.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/sysctl.h>
#include <kernel/sys.h>
#include <net/af_unix.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <tests/hosted/net/net_test.h>

/* A name as bind() takes it; "@x" is abstract. */
struct uname {
	struct sockaddr_un sun;
	int len;
};
struct uname uname_of(const char *text);

int usock(int type);
int ubind(int fd, const char *text);
int uconnect(int fd, const char *text);
/* A new socket of the type, bound; listening if backlog >= 0. */
int userver(int type, const char *text, int backlog);
void upair(int type, int sv[2]);
long usend(int fd, const char *text, int flags);
long usendto(int fd, const char *text, const char *to);
/* One receive of up to `size`, which must give this text. */
void uexpect(int fd, const char *text, size_t size, int flags);
/* recv with MSG_DONTWAIT into nothing much: the result. */
long urecv(int fd, int flags);
u32 upoll(int fd);

/* One byte with files (nfds 0: none) and, if creds is set, credentials. */
long usend_fds(int fd, const int *fds, int nfds, const struct ucred *creds);
/* One message; descriptors into fds (*nfds: room, then their number), creds may be NULL. */
long urecv_msg(int fd, int *fds, int *nfds, struct ucred *creds, int *flags);
#define urecv_fds(fd, fds, max, nfds, creds, flags) \
	(*(nfds) = (max), urecv_msg(fd, fds, nfds, creds, flags))

#endif
