/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_STRACE_FMT_H
#define BW_KERNEL_ABI_STRACE_FMT_H

/*
 * Inside of strace=1: text in strace's notation. A call's arguments are shown by the letters of
 * its row in the table (kernel/abi/syscall.h); nothing here sleeps or knows about threads, so the
 * hosted tests link it. Program memory is read through uaccess; what cannot be read is shown as
 * the pointer, as strace does.
 */
#include <kernel/abi/syscall.h>

#define ST_LINE_SIZE 2048
#define ST_STRING_MAX 32 /* bytes shown of a string or buffer */
#define ST_PATH_MAX 255	 /* of a path */
#define ST_ARRAY_MAX 8	 /* elements shown of an array */

/* A line that grows; what does not fit is left out. */
struct st_buf {
	char text[ST_LINE_SIZE];
	size_t len;
};

/* A value and its name; tables end with name NULL. */
struct st_name {
	u64 value;
	const char *name;
};

/* One call: its row, arguments, and when it has returned its result. */
struct st_call {
	const struct syscall_desc *desc;
	long args[6];
	long ret;
	bool returned;
};

/* strace_fmt.c */
__printf(2, 3) void st_printf(struct st_buf *b, const char *fmt, ...);
void st_puts(struct st_buf *b, const char *s);
void st_pointer(struct st_buf *b, u64 addr);
/* n bytes of the kernel's, in quotes; more: dots follow. */
void st_quote(struct st_buf *b, const char *data, size_t n, bool more);
/* Of the program: a string, n bytes. */
void st_user_string(struct st_buf *b, u64 addr);
void st_user_bytes(struct st_buf *b, u64 addr, size_t n);
/* One name of a table; other: what Linux calls the group, in a comment beside the number. */
void st_name(struct st_buf *b, const struct st_name *table, u64 value, const char *other);
/* Names of the bits joined by |; the rest in hexadecimal; zero: its name or "0". */
void st_flags(struct st_buf *b, const struct st_name *table, u64 value, const char *zero);
/* What follows ") = ". */
void st_result(struct st_buf *b, const struct st_call *c);
const char *st_errno_name(int err);

/*
 * strace_args.c: arguments first.. of the call; the number of the first that was not shown,
 * because it is filled by the call, which has not returned; 6: all.
 */
int st_args(struct st_buf *b, const struct st_call *c, int first);

/* strace_structs.c: structures at a program's address. */
void st_sockaddr(struct st_buf *b, u64 addr, size_t len);
void st_iovec(struct st_buf *b, u64 addr, u64 count, size_t bytes);
void st_timespec(struct st_buf *b, u64 addr);
void st_stat(struct st_buf *b, u64 addr);
void st_epoll_events(struct st_buf *b, u64 addr, long count, bool array);
void st_pollfds(struct st_buf *b, u64 addr, u64 count, bool revents);
void st_sigset(struct st_buf *b, u64 addr);
void st_sigaction(struct st_buf *b, u64 addr);
void st_ints(struct st_buf *b, u64 addr, unsigned int count);
void st_rlimit(struct st_buf *b, u64 addr);
void st_strings(struct st_buf *b, u64 addr);
void st_msghdr(struct st_buf *b, u64 addr, long bytes);

/* strace_names.c */
extern const struct st_name st_open_flags[], st_prot_flags[], st_map_flags[], st_socket_types[],
	st_families[], st_msg_flags[], st_signals[], st_epoll_ops[], st_epoll_bits[],
	st_poll_bits[], st_whence[], st_clocks[], st_mask_how[], st_futex_ops[], st_rlimits[],
	st_at_flags[], st_clone_flags[], st_fcntl_cmds[], st_file_types[], st_sol_levels[],
	st_so_options[], st_tcp_options[], st_shut_how[], st_access_bits[], st_advice[],
	st_sa_flags[], st_arch_ops[], st_ip_protocols[], st_grnd_flags[],
	st_epoll_flags[], st_eventfd_flags[], st_ioctls[];

#endif /* BW_KERNEL_ABI_STRACE_FMT_H */
