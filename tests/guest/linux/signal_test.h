/* SPDX-License-Identifier: BSD-2-Clause */
/* What the signal test programs share. */
#ifndef SIGNAL_TEST_H
#define SIGNAL_TEST_H

#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Run a call and print it with its result and errno's name. */
#define SHOW(call)                                                                                 \
	do {                                                                                       \
		errno = 0;                                                                         \
		long _r = (long)(call);                                                            \
		printf("%s = %ld %s\n", #call, _r, _r < 0 ? strerrorname_np(errno) : "");          \
	} while (0)

#endif
