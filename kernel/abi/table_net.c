// SPDX-License-Identifier: BSD-2-Clause
/*
 * System calls: sockets. The functions are in net/socket.c. Rows are sorted by
 * number; see kernel/abi/syscall.h for what the columns mean.
 */
#include <kernel/abi/syscall.h>
#include <kernel/lib/bug.h>
#include <kernel/sys.h>

const struct syscall_desc syscalls_net[] = {
	{ 41, "socket", SYSCALL_FN(sys_socket), "Fdd", NULL },
	{ 42, "connect", SYSCALL_FN(sys_connect), "fad", NULL },
	{ 43, "accept", SYSCALL_FN(sys_accept), "fpp", NULL },
	{ 44, "sendto", SYSCALL_FN(sys_sendto), "fbuxad", NULL },
	{ 45, "recvfrom", SYSCALL_FN(sys_recvfrom), "fbuxpp", NULL },
	{ 46, "sendmsg", SYSCALL_FN(sys_sendmsg), "fpx", NULL },
	{ 47, "recvmsg", SYSCALL_FN(sys_recvmsg), "fpx", NULL },
	{ 48, "shutdown", SYSCALL_FN(sys_shutdown), "fd", NULL },
	{ 49, "bind", SYSCALL_FN(sys_bind), "fad", NULL },
	{ 50, "listen", SYSCALL_FN(sys_listen), "fd", NULL },
	{ 51, "getsockname", SYSCALL_FN(sys_getsockname), "fpp", NULL },
	{ 52, "getpeername", SYSCALL_FN(sys_getpeername), "fpp", NULL },
	{ 53, "socketpair", SYSCALL_FN(sys_socketpair), "Fddp", NULL },
	{ 54, "setsockopt", SYSCALL_FN(sys_setsockopt), "fddpd", NULL },
	{ 55, "getsockopt", SYSCALL_FN(sys_getsockopt), "fddpp", NULL },
	{ 288, "accept4", SYSCALL_FN(sys_accept4), "fppd", NULL },
	{ 299, "recvmmsg", SYSCALL_FN(sys_recvmmsg), "fpuxp", NULL },
	{ 307, "sendmmsg", SYSCALL_FN(sys_sendmmsg), "fpux", NULL },
};
const size_t nr_syscalls_net = ARRAY_SIZE(syscalls_net);
