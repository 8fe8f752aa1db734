/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_GUEST_FILE_CALLS_H
#define BW_TESTS_GUEST_FILE_CALLS_H

/*
 * What file_calls.c needs: the C library's headers of file calls, and how a result is printed.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

#define BAD ((void *)8)
/* One call, its text, its result or the error's name. */
#define T(call)                                                                                    \
	do {                                                                                       \
		errno = 0;                                                                         \
		long r_ = (long)(call);                                                            \
		if (r_ == -1)                                                                      \
			printf("%d %s = %s\n", __LINE__, #call, strerrorname_np(errno));           \
		else                                                                               \
			printf("%d %s = %ld\n", __LINE__, #call, r_);                              \
	} while (0)
/* The same where a success is a descriptor, whose number says nothing. */
#define O(fd, call)                                                                                \
	do {                                                                                       \
		errno = 0;                                                                         \
		fd = (call);                                                                       \
		printf("%d %s = %s\n", __LINE__, #call, fd < 0 ? strerrorname_np(errno) : "ok");   \
	} while (0)

#endif /* BW_TESTS_GUEST_FILE_CALLS_H */
