/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_SYS_H
#define BW_KERNEL_SYS_H

/*
 * The system calls, as C functions: Linux's names, arguments and order of checks; a result or
 * -errno. libc calls them directly; ring 3 programs will reach the same functions by `syscall`.
 * Thread context; every blocking one sleeps. Defined in net/socket.c, kernel/fs/ and kernel/.
 */
#include <kernel/lib/types.h>

struct epoll_event;
struct itimerspec;
struct iovec;
struct pollfd;
struct sockaddr;
struct stat;
struct statfs;
struct timespec;
struct timeval;
struct utsname;

/* net/socket.c */
long sys_socket(int family, int type, int protocol);
long sys_socketpair(int family, int type, int protocol, int *sv);
long sys_bind(int fd, const struct sockaddr *addr, int addrlen);
long sys_listen(int fd, int backlog);
long sys_accept(int fd, struct sockaddr *addr, int *addrlen);
long sys_accept4(int fd, struct sockaddr *addr, int *addrlen, int flags);
long sys_connect(int fd, const struct sockaddr *addr, int addrlen);
long sys_getsockname(int fd, struct sockaddr *addr, int *addrlen);
long sys_getpeername(int fd, struct sockaddr *addr, int *addrlen);
long sys_sendto(int fd, const void *buf, size_t len, unsigned int flags,
		const struct sockaddr *addr, int addrlen);
long sys_recvfrom(int fd, void *buf, size_t len, unsigned int flags, struct sockaddr *addr,
		  int *addrlen);
long sys_sendmsg(int fd, const void *msg, unsigned int flags);
long sys_recvmsg(int fd, void *msg, unsigned int flags);
long sys_sendmmsg(int fd, void *vec, unsigned int vlen, unsigned int flags);
long sys_recvmmsg(int fd, void *vec, unsigned int vlen, unsigned int flags,
		  struct timespec *timeout);
long sys_shutdown(int fd, int how);
long sys_setsockopt(int fd, int level, int optname, const void *optval, int optlen);
long sys_getsockopt(int fd, int level, int optname, void *optval, int *optlen);

/* kernel/fs */
long sys_open(const char *path, int flags, u32 mode);
long sys_openat(int dfd, const char *path, int flags, u32 mode);
long sys_close(int fd);
long sys_read(int fd, void *buf, size_t count);
long sys_write(int fd, const void *buf, size_t count);
long sys_readv(int fd, const struct iovec *vec, unsigned long vlen);
long sys_writev(int fd, const struct iovec *vec, unsigned long vlen);
long sys_pread64(int fd, void *buf, size_t count, long pos);
long sys_pwrite64(int fd, const void *buf, size_t count, long pos);
long sys_lseek(int fd, long offset, int whence);
long sys_ioctl(int fd, unsigned int cmd, unsigned long arg);
long sys_fcntl(int fd, unsigned int cmd, unsigned long arg);
long sys_dup(int fd);
long sys_dup2(int oldfd, int newfd);
long sys_dup3(int oldfd, int newfd, int flags);
long sys_fstat(int fd, struct stat *st);
long sys_stat(const char *path, struct stat *st);
long sys_lstat(const char *path, struct stat *st);
long sys_newfstatat(int dfd, const char *path, struct stat *st, int flags);
long sys_statfs(const char *path, struct statfs *sf);
long sys_faccessat2(int dfd, const char *path, int mode, int flags);
long sys_readlinkat(int dfd, const char *path, char *buf, int size);
long sys_mkdirat(int dfd, const char *path, u32 mode);
long sys_unlinkat(int dfd, const char *path, int flags); /* AT_REMOVEDIR: rmdir */
long sys_linkat(int odfd, const char *opath, int ndfd, const char *npath, int flags);
long sys_symlinkat(const char *text, int dfd, const char *path);
long sys_renameat2(int odfd, const char *opath, int ndfd, const char *npath, unsigned int flags);
long sys_truncate(const char *path, long size);
long sys_ftruncate(int fd, long size);
long sys_fchmodat(int dfd, const char *path, u32 mode);
long sys_fchmod(int fd, u32 mode);
long sys_fchownat(int dfd, const char *path, u32 uid, u32 gid, int flags);
long sys_fchown(int fd, u32 uid, u32 gid);
long sys_utimensat(int dfd, const char *path, const struct timespec *times, int flags);
long sys_umask(u32 mask);
long sys_chdir(const char *path);
long sys_fchdir(int fd);
long sys_getcwd(char *buf, size_t size);
long sys_getdents64(int fd, void *dirbuf, size_t count);
long sys_poll(struct pollfd *fds, unsigned long nfds, int timeout_ms);
long sys_select(int n, void *rfds, void *wfds, void *efds, struct timeval *timeout);
long sys_epoll_create1(int flags);
long sys_epoll_ctl(int epfd, int op, int fd, struct epoll_event *event);
long sys_epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout_ms);
long sys_eventfd2(unsigned int count, int flags);
long sys_timerfd_create(int clock, int flags);
long sys_timerfd_settime(int fd, int flags, const struct itimerspec *value, struct itimerspec *old);
long sys_timerfd_gettime(int fd, struct itimerspec *value);
long sys_pipe2(int *fds, int flags);

/* kernel */
long sys_clock_gettime(int clock, struct timespec *ts);
long sys_nanosleep(const struct timespec *req, struct timespec *rem);
long sys_getrandom(void *buf, size_t len, unsigned int flags);
long sys_mmap(void *addr, size_t len, int prot, int flags, int fd, long off); /* anonymous only */
long sys_munmap(void *addr, size_t len);
long sys_syslog(int type, char *buf, int len);
long sys_uname(struct utsname *u);
void utsname_for_caller(struct utsname *answer); /* the same into kernel memory */
const struct utsname *utsname(void); /* for the kernel's own use */
long sys_sethostname(const char *text, size_t len);
int kernel_sethostname(const char *text);
long sys_setdomainname(const char *text, size_t len);
long sys_reboot(int magic1, int magic2, unsigned int cmd, void *arg);
long sys_getpid(void);
long sys_sched_yield(void);
/*
 * Ends the program: closes its files, reports leaks in checking mode, powers off with the status.
 */
void __noreturn sys_exit_group(int status);
/*
 * The same for a program of ring 3 whose last thread has ended and whose memory is gone; code as
 * wait() tells it.
 */
void __noreturn program_end(int code);
/* The files that are closed at the end, whoever ends the machine. Once, at start. */
struct files_struct;
void exit_set_files(struct files_struct *files);

#endif /* BW_KERNEL_SYS_H */
