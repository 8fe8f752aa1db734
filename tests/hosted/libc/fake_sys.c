// SPDX-License-Identifier: BSD-2-Clause
/*
 * The kernel under libc when it runs in a test: each sys_*() is the host's system call of the same
 * number of arguments, and there is one thread, which never has to wait for another.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What glibc's syscall() reports as -1 and errno, as the kernel's -errno again. */
#define CALL(number, ...)                                 \
	({                                                \
		long _r = syscall(number, ##__VA_ARGS__); \
		_r < 0 ? -errno : _r;                     \
	})

#define PASS1(name, nr)             \
	long name(long a);          \
	long name(long a)           \
	{                           \
		return CALL(nr, a); \
	}
#define PASS2(name, nr)                \
	long name(long a, long b);     \
	long name(long a, long b)      \
	{                              \
		return CALL(nr, a, b); \
	}
#define PASS3(name, nr)                    \
	long name(long a, long b, long c); \
	long name(long a, long b, long c)  \
	{                                  \
		return CALL(nr, a, b, c);  \
	}
#define PASS4(name, nr)                            \
	long name(long a, long b, long c, long d); \
	long name(long a, long b, long c, long d)  \
	{                                          \
		return CALL(nr, a, b, c, d);       \
	}
#define PASS6(name, nr)                                            \
	long name(long a, long b, long c, long d, long e, long f); \
	long name(long a, long b, long c, long d, long e, long f)  \
	{                                                          \
		return CALL(nr, a, b, c, d, e, f);                 \
	}

PASS3(sys_socket, SYS_socket)
PASS4(sys_socketpair, SYS_socketpair)
PASS3(sys_bind, SYS_bind)
PASS2(sys_listen, SYS_listen)
PASS4(sys_accept4, SYS_accept4)
PASS3(sys_connect, SYS_connect)
PASS3(sys_getsockname, SYS_getsockname)
PASS3(sys_getpeername, SYS_getpeername)
PASS6(sys_sendto, SYS_sendto)
PASS6(sys_recvfrom, SYS_recvfrom)
PASS3(sys_sendmsg, SYS_sendmsg)
PASS3(sys_recvmsg, SYS_recvmsg)
PASS4(sys_sendmmsg, SYS_sendmmsg)
PASS6(sys_recvmmsg, SYS_recvmmsg)
PASS6(sys_setsockopt, SYS_setsockopt)
PASS6(sys_getsockopt, SYS_getsockopt)
PASS2(sys_shutdown, SYS_shutdown)
PASS3(sys_open, SYS_open)
PASS1(sys_close, SYS_close)
PASS3(sys_read, SYS_read)
PASS3(sys_write, SYS_write)
PASS3(sys_readv, SYS_readv)
PASS3(sys_writev, SYS_writev)
PASS3(sys_lseek, SYS_lseek)
PASS3(sys_ioctl, SYS_ioctl)
PASS3(sys_fcntl, SYS_fcntl)
PASS1(sys_dup, SYS_dup)
PASS2(sys_dup2, SYS_dup2)
PASS3(sys_dup3, SYS_dup3)
PASS2(sys_fstat, SYS_fstat)
PASS2(sys_stat, SYS_stat)
PASS2(sys_lstat, SYS_lstat)
PASS4(sys_newfstatat, SYS_newfstatat)
PASS2(sys_statfs, SYS_statfs)
PASS4(sys_faccessat2, SYS_faccessat2)
PASS4(sys_openat, SYS_openat)
PASS4(sys_pread64, SYS_pread64)
PASS4(sys_pwrite64, SYS_pwrite64)
PASS4(sys_readlinkat, SYS_readlinkat)
PASS3(sys_mkdirat, SYS_mkdirat)
PASS3(sys_unlinkat, SYS_unlinkat)
PASS6(sys_linkat, SYS_linkat)
PASS3(sys_symlinkat, SYS_symlinkat)
PASS6(sys_renameat2, SYS_renameat2)
PASS2(sys_truncate, SYS_truncate)
PASS2(sys_ftruncate, SYS_ftruncate)
PASS3(sys_fchmodat, SYS_fchmodat)
PASS2(sys_fchmod, SYS_fchmod)
PASS6(sys_fchownat, SYS_fchownat)
PASS3(sys_fchown, SYS_fchown)
PASS4(sys_utimensat, SYS_utimensat)
PASS1(sys_umask, SYS_umask)
PASS1(sys_chdir, SYS_chdir)
PASS1(sys_fchdir, SYS_fchdir)
PASS2(sys_getcwd, SYS_getcwd)
PASS3(sys_getdents64, SYS_getdents64)
PASS3(sys_poll, SYS_poll)
PASS6(sys_select, SYS_select)
PASS1(sys_epoll_create1, SYS_epoll_create1)
PASS4(sys_epoll_ctl, SYS_epoll_ctl)
PASS4(sys_epoll_wait, SYS_epoll_wait)
PASS2(sys_eventfd2, SYS_eventfd2)
PASS2(sys_pipe2, SYS_pipe2)
PASS2(sys_clock_gettime, SYS_clock_gettime)
PASS2(sys_nanosleep, SYS_nanosleep)
PASS3(sys_getrandom, SYS_getrandom)
PASS6(sys_mmap, SYS_mmap)
PASS2(sys_munmap, SYS_munmap)
PASS3(sys_syslog, SYS_syslog)
PASS1(sys_uname, SYS_uname)
PASS2(sys_sethostname, SYS_sethostname)
PASS4(sys_reboot, SYS_reboot)

int *thread_errno(void);
void bw___die_if_killed(void);
void bw___spawn_exit(int status);
void sys_exit_group(int status);
long sys_getpid(void);

int *thread_errno(void)
{
	static __thread int value;

	return &value;
}

/* Layout of the kernel's: the running thread comes first. */
static long this_thread[64];
void *sched_cpu[32] = {this_thread};

void bw___die_if_killed(void)
{
}

void bw___spawn_exit(int status)
{
}

void sys_exit_group(int status)
{
	_exit(status);
}

long sys_getpid(void)
{
	return getpid();
}

/* One thread never waits for a lock or wakes another. */
#define NEVER(name)      \
	void name(void); \
	void name(void)  \
	{                \
		abort(); \
	}
NEVER(prepare_to_wait)
NEVER(finish_wait)
NEVER(schedule)
NEVER(schedule_timeout)
NEVER(schedule_until)
NEVER(autoremove_wake_function)
NEVER(__wake_up)
NEVER(thread_yield)
