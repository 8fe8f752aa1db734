// SPDX-License-Identifier: BSD-2-Clause
/*
 * System calls: sockets. The functions are in net/socket.c. Rows are sorted by
 * number; see kernel/abi/syscall.h for what the columns mean.
 */
#include <kernel/abi/syscall.h>
#include <kernel/lib/bug.h>
#include <kernel/sys.h>

const struct syscall_desc syscalls_net[] = {
	{ 41, "socket", SYSCALL_FN(sys_socket), "FkK", NULL },
	{ 42, "connect", SYSCALL_FN(sys_connect), "fad", NULL },
	{ 43, "accept", SYSCALL_FN(sys_accept), "fAn", NULL },
	{ 44, "sendto", SYSCALL_FN(sys_sendto), "fbugad", NULL },
	{ 45, "recvfrom", SYSCALL_FN(sys_recvfrom), "fBugAn", NULL },
	{ 46, "sendmsg", SYSCALL_FN(sys_sendmsg), "fjg", NULL },
	{ 47, "recvmsg", SYSCALL_FN(sys_recvmsg), "fJg", NULL },
	{ 48, "shutdown", SYSCALL_FN(sys_shutdown), "f>", NULL },
	{ 49, "bind", SYSCALL_FN(sys_bind), "fad", NULL },
	{ 50, "listen", SYSCALL_FN(sys_listen), "fd", NULL },
	{ 51, "getsockname", SYSCALL_FN(sys_getsockname), "fAn", NULL },
	{ 52, "getpeername", SYSCALL_FN(sys_getpeername), "fAn", NULL },
	{ 53, "socketpair", SYSCALL_FN(sys_socketpair), "FkdN", NULL },
	{ 54, "setsockopt", SYSCALL_FN(sys_setsockopt), "fyYiu", NULL },
	{ 55, "getsockopt", SYSCALL_FN(sys_getsockopt), "fyYIn", NULL },
	{ 288, "accept4", SYSCALL_FN(sys_accept4), "fAnk", NULL },
	{ 299, "recvmmsg", SYSCALL_FN(sys_recvmmsg), "fpugt", NULL },
	{ 307, "sendmmsg", SYSCALL_FN(sys_sendmmsg), "fpug", NULL },
};
const size_t nr_syscalls_net = ARRAY_SIZE(syscalls_net);
