// SPDX-License-Identifier: BSD-2-Clause
/*
 * A call's arguments for strace=1, by the letters of its row (kernel/abi/syscall.h): each letter is
 * a row of letters[], with the function that shows it and whether it can be shown before the call
 * has returned. Called by strace.c in thread context; nothing sleeps.
 */
#include <fcntl.h>
#include <kernel/abi/strace_fmt.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/uaccess.h>
#include <string.h>

#define SOCK_TYPE_MASK 0xfu
#define FUTEX_PRIVATE 128u
#define FUTEX_CLOCK_REALTIME 256u
#define FUTEX_OP_MASK (~(FUTEX_PRIVATE | FUTEX_CLOCK_REALTIME))
#define SOL_SOCKET_LEVEL 1
#define SOL_TCP_LEVEL 6
#define SEALS_COMMAND 1034 /* F_GET_SEALS */
#define PIECE_MAX 4096 /* of a length that a program claims */

struct arg {
	const struct st_call *call;
	int nr;
	u64 v;
};

static u64 next_arg(const struct arg *a)
{
	return a->nr < 5 ? (u64)a->call->args[a->nr + 1] : 0;
}

static void arg_int(struct st_buf *b, const struct arg *a)
{
	st_printf(b, "%d", (int)a->v);
}
static void arg_unsigned(struct st_buf *b, const struct arg *a)
{
	st_printf(b, "%lu", (unsigned long)a->v);
}
static void arg_long(struct st_buf *b, const struct arg *a)
{
	st_printf(b, "%ld", (long)a->v);
}
static void arg_hex(struct st_buf *b, const struct arg *a)
{
	st_printf(b, "%#x", (u32)a->v);
}
static void arg_pointer(struct st_buf *b, const struct arg *a)
{
	st_pointer(b, a->v);
}
static void arg_string(struct st_buf *b, const struct arg *a)
{
	st_user_string(b, a->v);
}
static void arg_buffer(struct st_buf *b, const struct arg *a)
{
	st_user_bytes(b, a->v, next_arg(a));
}
static void arg_buffer_out(struct st_buf *b, const struct arg *a)
{
	st_user_bytes(b, a->v, (size_t)a->call->ret);
}
static void arg_sockaddr(struct st_buf *b, const struct arg *a)
{
	st_sockaddr(b, a->v, (u32)next_arg(a));
}
static void arg_sockaddr_out(struct st_buf *b, const struct arg *a)
{
	u32 len = 0;

	if (!a->v || copy_from_user(&len, (const void *)next_arg(a), sizeof(len)))
		st_pointer(b, a->v);
	else
		st_sockaddr(b, a->v, len);
}
static void arg_dirfd(struct st_buf *b, const struct arg *a)
{
	if ((int)a->v == AT_FDCWD)
		st_puts(b, "AT_FDCWD");
	else
		arg_int(b, a);
}
static void arg_open_flags(struct st_buf *b, const struct arg *a)
{
	static const char *const modes[] = { "O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE" };
	u32 rest = (u32)a->v & ~(u32)O_ACCMODE;

	st_puts(b, modes[a->v & O_ACCMODE]);
	if (rest) {
		st_puts(b, "|");
		st_flags(b, st_open_flags, rest, "");
	}
}
static void arg_mode(struct st_buf *b, const struct arg *a)
{
	st_printf(b, (u32)a->v ? "%#03o" : "000", (u32)a->v);
}
static void arg_signal(struct st_buf *b, const struct arg *a)
{
	if (a->v)
		st_name(b, st_signals, a->v, NULL);
	else
		st_puts(b, "0");
}
static void arg_family(struct st_buf *b, const struct arg *a)
{
	st_name(b, st_families, (u32)a->v, "AF_");
}
static void arg_iovec(struct st_buf *b, const struct arg *a)
{
	st_iovec(b, a->v, next_arg(a), ~0ul);
}
static void arg_iovec_out(struct st_buf *b, const struct arg *a)
{
	st_iovec(b, a->v, next_arg(a), (size_t)a->call->ret);
}
/* Socket type and the flags of socket(), accept4(), pipe2() and their kin. */
static void arg_socket_type(struct st_buf *b, const struct arg *a)
{
	u32 rest = (u32)a->v & ~SOCK_TYPE_MASK;

	if (a->v & SOCK_TYPE_MASK)
		st_name(b, st_socket_types, a->v & SOCK_TYPE_MASK, "SOCK_");
	if (rest & 02000000)
		st_printf(b, "%sSOCK_CLOEXEC", a->v & SOCK_TYPE_MASK ? "|" : "");
	if (rest & 04000)
		st_printf(b, "%sSOCK_NONBLOCK",
			  a->v & (SOCK_TYPE_MASK | 02000000) ? "|" : "");
	if (!a->v)
		st_puts(b, "0");
}
static void arg_fd_flags(struct st_buf *b, const struct arg *a)
{
	st_flags(b, st_open_flags, (u32)a->v, "0");
}
static void arg_protocol(struct st_buf *b, const struct arg *a)
{
	int family = (int)a->call->args[0];

	if (family == 2 || family == 10)
		st_name(b, st_ip_protocols, (u32)a->v, "IPPROTO_");
	else
		arg_int(b, a);
}
static void arg_msg_flags(struct st_buf *b, const struct arg *a)
{
	st_flags(b, st_msg_flags, (u32)a->v, "0");
}
static void arg_msghdr(struct st_buf *b, const struct arg *a)
{
	st_msghdr(b, a->v, PIECE_MAX);
}
static void arg_msghdr_out(struct st_buf *b, const struct arg *a)
{
	st_msghdr(b, a->v, a->call->ret);
}
static void arg_int_out(struct st_buf *b, const struct arg *a)
{
	st_ints(b, a->v, 1);
}
static void arg_int_pair_out(struct st_buf *b, const struct arg *a)
{
	st_ints(b, a->v, 2);
}
static void arg_timespec(struct st_buf *b, const struct arg *a)
{
	st_timespec(b, a->v);
}
static void arg_stat_out(struct st_buf *b, const struct arg *a)
{
	st_stat(b, a->v);
}
static void arg_epoll_op(struct st_buf *b, const struct arg *a)
{
	st_name(b, st_epoll_ops, (u32)a->v, "EPOLL_CTL_");
}
static void arg_epoll_event(struct st_buf *b, const struct arg *a)
{
	st_epoll_events(b, a->v, 1, false);
}
static void arg_epoll_events_out(struct st_buf *b, const struct arg *a)
{
	st_epoll_events(b, a->v, a->call->ret, true);
}
static void arg_pollfds(struct st_buf *b, const struct arg *a)
{
	st_pollfds(b, a->v, next_arg(a), false);
}
static void arg_prot(struct st_buf *b, const struct arg *a)
{
	st_flags(b, st_prot_flags, a->v, "PROT_NONE");
}
static void arg_map_flags(struct st_buf *b, const struct arg *a)
{
	st_flags(b, st_map_flags, (u32)a->v, "0");
}
static void arg_whence(struct st_buf *b, const struct arg *a)
{
	st_name(b, st_whence, (u32)a->v, "SEEK_");
}
static void arg_clock(struct st_buf *b, const struct arg *a)
{
	st_name(b, st_clocks, (u32)a->v, "CLOCK_");
}
static void arg_level(struct st_buf *b, const struct arg *a)
{
	st_name(b, st_sol_levels, (u32)a->v, "SOL_");
}
static void arg_optname(struct st_buf *b, const struct arg *a)
{
	switch ((int)a->call->args[1]) {
	case SOL_SOCKET_LEVEL:
		st_name(b, st_so_options, (u32)a->v, "SO_");
		break;
	case SOL_TCP_LEVEL:
		st_name(b, st_tcp_options, (u32)a->v, "TCP_");
		break;
	default:
		arg_hex(b, a);
	}
}
static void arg_optval(struct st_buf *b, const struct arg *a)
{
	u32 len = (u32)next_arg(a);

	if (len == sizeof(int))
		st_ints(b, a->v, 1);
	else
		st_user_bytes(b, a->v, min_t(u32, len, PIECE_MAX));
}
static void arg_optval_out(struct st_buf *b, const struct arg *a)
{
	u32 len;

	if (copy_from_user(&len, (const void *)next_arg(a), sizeof(len)))
		st_pointer(b, a->v);
	else if (len == sizeof(int))
		st_ints(b, a->v, 1);
	else
		st_user_bytes(b, a->v, min_t(u32, len, PIECE_MAX));
}
static void arg_fcntl(struct st_buf *b, const struct arg *a)
{
	st_name(b, st_fcntl_cmds, (u32)a->v, "F_");
}
/* Of fcntl(), by its command. */
static void arg_fcntl_arg(struct st_buf *b, const struct arg *a)
{
	switch ((int)a->call->args[1]) {
	case F_SETFD:
		st_puts(b, a->v & FD_CLOEXEC ? "FD_CLOEXEC" : "0");
		break;
	case F_SETFL:
		arg_open_flags(b, a);
		break;
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
	case F_SETPIPE_SZ:
		arg_int(b, a);
		break;
	default:
		arg_hex(b, a);
	}
}
static void arg_mask_how(struct st_buf *b, const struct arg *a)
{
	st_name(b, st_mask_how, (u32)a->v, "SIG_");
}
static void arg_sigset(struct st_buf *b, const struct arg *a)
{
	st_sigset(b, a->v);
}
static void arg_sigaction(struct st_buf *b, const struct arg *a)
{
	st_sigaction(b, a->v);
}
static void arg_futex_op(struct st_buf *b, const struct arg *a)
{
	u32 op = (u32)a->v;

	st_name(b, st_futex_ops, op & FUTEX_OP_MASK, "FUTEX_");
	if (op & FUTEX_PRIVATE)
		st_puts(b, "_PRIVATE");
	if (op & FUTEX_CLOCK_REALTIME)
		st_puts(b, "|FUTEX_CLOCK_REALTIME");
}
static void arg_rlimit_name(struct st_buf *b, const struct arg *a)
{
	st_name(b, st_rlimits, (u32)a->v, "RLIMIT_");
}
static void arg_rlimit(struct st_buf *b, const struct arg *a)
{
	st_rlimit(b, a->v);
}
static void arg_access(struct st_buf *b, const struct arg *a)
{
	st_flags(b, st_access_bits, (u32)a->v, "F_OK");
}
static void arg_clone(struct st_buf *b, const struct arg *a)
{
	st_flags(b, st_clone_flags, a->v & ~0xfful, "0");
	if (a->v & 0xff) {
		st_puts(b, "|");
		st_name(b, st_signals, a->v & 0xff, NULL);
	}
}
static void arg_strings(struct st_buf *b, const struct arg *a)
{
	st_strings(b, a->v);
}
static void arg_at_flags(struct st_buf *b, const struct arg *a)
{
	st_flags(b, st_at_flags, (u32)a->v, "0");
}
static void arg_shut(struct st_buf *b, const struct arg *a)
{
	st_name(b, st_shut_how, (u32)a->v, "SHUT_");
}
static void arg_advice(struct st_buf *b, const struct arg *a)
{
	st_name(b, st_advice, (u32)a->v, "MADV_");
}
static void arg_arch_op(struct st_buf *b, const struct arg *a)
{
	st_name(b, st_arch_ops, (u32)a->v, "ARCH_");
}
static void arg_epoll_flags(struct st_buf *b, const struct arg *a)
{
	st_flags(b, st_epoll_flags, (u32)a->v, "0");
}
static void arg_eventfd_flags(struct st_buf *b, const struct arg *a)
{
	st_flags(b, st_eventfd_flags, (u32)a->v, "0");
}
static void arg_ioctl(struct st_buf *b, const struct arg *a)
{
	st_name(b, st_ioctls, (u32)a->v, NULL);
}
static void arg_grnd(struct st_buf *b, const struct arg *a)
{
	st_flags(b, st_grnd_flags, (u32)a->v, "0");
}

/* In the order of kernel/abi/syscall.h. */
static const struct letter {
	char letter;
	bool out; /* filled by the call; where it failed, only the address is shown */
	void (*show)(struct st_buf *b, const struct arg *a);
} letters[] = {
	{ 'd', false, arg_int },	   { 'u', false, arg_unsigned },
	{ 'l', false, arg_long },	   { 'x', false, arg_hex },
	{ 'p', false, arg_pointer },	   { 's', false, arg_string },
	{ 'b', false, arg_buffer },	   { 'B', true, arg_buffer_out },
	{ 'a', false, arg_sockaddr },	   { 'A', true, arg_sockaddr_out },
	{ 'f', false, arg_int },	   { 'D', false, arg_dirfd },
	{ 'o', false, arg_open_flags },	   { 'O', false, arg_fd_flags },
	{ 'm', false, arg_mode },	   { 'S', false, arg_signal },
	{ 'F', false, arg_family },	   { 'k', false, arg_socket_type },
	{ 'K', false, arg_protocol },	   { 'v', false, arg_iovec },
	{ 'V', true, arg_iovec_out },	   { 'g', false, arg_msg_flags },
	{ 'j', false, arg_msghdr },	   { 'J', true, arg_msghdr_out },
	{ 'n', true, arg_int_out },	   { 'N', true, arg_int_pair_out },
	{ 't', false, arg_timespec },	   { 'T', true, arg_timespec },
	{ 'q', true, arg_stat_out },	   { 'e', false, arg_epoll_op },
	{ 'E', false, arg_epoll_event },   { 'W', true, arg_epoll_events_out },
	{ 'P', false, arg_pollfds },	   { 'M', false, arg_prot },
	{ 'G', false, arg_map_flags },	   { 'w', false, arg_whence },
	{ 'c', false, arg_clock },	   { 'y', false, arg_level },
	{ 'Y', false, arg_optname },	   { 'i', false, arg_optval },
	{ 'I', true, arg_optval_out },	   { 'C', false, arg_fcntl },
	{ 'h', false, arg_mask_how },	   { 'z', false, arg_sigset },
	{ 'Z', true, arg_sigset },	   { 'H', false, arg_sigaction },
	{ 'Q', true, arg_sigaction },	   { 'U', false, arg_futex_op },
	{ 'r', false, arg_rlimit_name },   { 'R', false, arg_rlimit },
	{ 'X', true, arg_rlimit },	   { 'L', false, arg_clone },
	{ '*', false, arg_strings },	   { '@', false, arg_at_flags },
	{ '>', false, arg_shut },	   { '%', false, arg_advice },
	{ '#', false, arg_arch_op },	   { '?', false, arg_grnd },
	{ '&', false, arg_access },	   { '$', true, arg_string },
	{ '~', false, arg_fcntl_arg },	   { '!', false, arg_epoll_flags },
	{ ':', false, arg_eventfd_flags }, { '^', false, arg_ioctl },
};

static const struct letter *find_letter(char c)
{
	for (size_t i = 0; i < ARRAY_SIZE(letters); i++) {
		if (letters[i].letter == c)
			return &letters[i];
	}
	return &letters[0];
}

/* Which of futex()'s arguments an operation has (futex(2)). */
static bool futex_uses(u32 op, int nr)
{
	static const char *const uses[] = {
		[0] = "0123", [1] = "012",   [2] = "012",   [3] = "01234",  [4] = "012345",
		[5] = "012345", [6] = "013", [7] = "01",    [8] = "01",	    [9] = "01235",
		[10] = "0125",	[11] = "01234", [12] = "012345", [13] = "013",
	};

	return op >= ARRAY_SIZE(uses) || strchr(uses[op], '0' + nr) != NULL;
}

/* Arguments that are none by what another one says: the mode of open(), of fcntl(). */
static bool is_left_out(const struct st_call *c, const char *spec, int nr)
{
	if (nr == 0)
		return false;
	if (spec[1] == 'U')
		return !futex_uses((u32)c->args[1] & FUTEX_OP_MASK, nr);
	if (spec[nr] == '~')
		return c->args[1] == F_GETFD || c->args[1] == F_GETFL ||
		       c->args[1] == F_GETPIPE_SZ || c->args[1] == SEALS_COMMAND;
	return spec[nr] == 'm' && spec[nr - 1] == 'o' &&
	       !(c->args[nr - 1] & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)));
}

int st_args(struct st_buf *b, const struct st_call *c, int first)
{
	const char *spec = c->desc && c->desc->args ? c->desc->args : "pppppp";
	bool failed = c->ret < 0 && c->ret >= -4095;

	for (int nr = first; nr < 6 && spec[nr] && spec[nr] != '='; nr++) {
		const struct letter *l = find_letter(spec[nr]);
		struct arg a = { c, nr, (u64)c->args[nr] };

		if (is_left_out(c, spec, nr))
			continue;
		st_puts(b, nr != first ? ", " : "");
		if (l->out && !c->returned)
			return nr;
		if (l->out && failed)
			st_pointer(b, a.v);
		else
			l->show(b, &a);
	}
	return 6;
}
