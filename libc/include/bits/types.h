/* SPDX-License-Identifier: BSD-2-Clause */
/* Types that several POSIX headers must define alike: time_t, timespec, timeval, iovec ... */
#ifndef _BITS_TYPES_H
#define _BITS_TYPES_H

#include <stddef.h>
#include <stdint.h>

typedef long ssize_t;
typedef long time_t;
typedef long suseconds_t;
typedef unsigned int useconds_t;
typedef long off_t;
typedef int pid_t;
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef unsigned int id_t;
typedef unsigned int mode_t;
typedef unsigned long dev_t;
typedef unsigned long ino_t;
typedef unsigned long nlink_t;
typedef long blksize_t;
typedef long blkcnt_t;
typedef int clockid_t;
typedef void *timer_t;
typedef long clock_t;
typedef unsigned int socklen_t;
typedef unsigned short sa_family_t;
typedef unsigned long pthread_t;

struct timespec {
	time_t tv_sec;
	long tv_nsec;
};

struct timeval {
	time_t tv_sec;
	suseconds_t tv_usec;
};

struct timezone {
	int tz_minuteswest;
	int tz_dsttime;
};

struct iovec {
	void *iov_base;
	size_t iov_len;
};

_Static_assert(sizeof(struct timespec) == 16, "ABI");
_Static_assert(sizeof(struct timeval) == 16, "ABI");
_Static_assert(sizeof(struct iovec) == 16, "ABI");

#endif
