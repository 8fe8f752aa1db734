// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who the program is: users, groups, capabilities, with right, wrong and hostile arguments, and
 * what it may not do any more once it has given its powers up. Begins as root. Each call prints its
 * result; the guest tests compare the output with Linux's, line by line.
 */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <tests/guest/linux/calls.h>

static void show_ids(void)
{
	uid_t r, e, s;
	gid_t groups[10];
	int n;

	getresuid(&r, &e, &s);
	printf("uid %u %u %u fs %ld\n", r, e, s, syscall(SYS_setfsuid, -1));
	getresgid(&r, &e, &s);
	n = getgroups(10, groups);
	printf("gid %u %u %u fs %ld groups %d", r, e, s, syscall(SYS_setfsgid, -1), n);
	for (int i = 0; i < n; i++)
		printf(" %u", groups[i]);
	printf("\n");
}

static void show_caps(void)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2] = { 0 };
	const unsigned int some = 1 << CAP_SETUID | 1 << CAP_CHOWN;

	CALL(SYS_capget, &h, d);
	printf("caps %x %x %x\n", d[0].effective & some, d[0].permitted & some,
	       d[0].inheritable & some);
}

static void capabilities(void)
{
	struct __user_cap_header_struct h = { 0x12345, 0 };
	struct __user_cap_data_struct d[2] = { 0 };

	CALL(SYS_capget, &h, d);
	show("version", h.version);
	h.version = 0x12345;
	CALL(SYS_capget, &h, NULL);
	CALL(SYS_capget, BAD, d);
	h.pid = -1;
	CALL(SYS_capget, &h, d);
	h.pid = NOBODY;
	CALL(SYS_capget, &h, d);
	CALL(SYS_capset, &h, d);
	h.pid = 0;
	CALL(SYS_capget, &h, BAD);
	CALL(SYS_capset, &h, BAD);
	d[0].effective = 1;
	CALL(SYS_capset, &h, d); /* effective without permitted */
}

/* What now takes powers that are gone. */
static void without_powers(void)
{
	struct sockaddr_in low = { .sin_family = AF_INET, .sin_port = htons(80) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), mark = 1, seven = 7;

	CALL(SYS_socket, AF_INET, SOCK_RAW, IPPROTO_ICMP);
	CALL(SYS_socket, AF_PACKET, SOCK_RAW, 0);
	CALL(SYS_bind, fd, &low, sizeof(low));
	CALL(SYS_setsockopt, fd, SOL_SOCKET, SO_MARK, &mark, 4);
	CALL(SYS_setsockopt, fd, SOL_SOCKET, SO_PRIORITY, &seven, 4);
	CALL(SYS_setsockopt, fd, SOL_SOCKET, SO_PRIORITY, &mark, 4);
	CALL(SYS_setsockopt, fd, SOL_SOCKET, SO_SNDBUFFORCE, &mark, 4);
	CALL(SYS_setsockopt, fd, IPPROTO_IP, IP_TRANSPARENT, &mark, 4);
	low.sin_port = 0;
	CALL(SYS_bind, fd, &low, sizeof(low));
	CALL(SYS_sethostname, "x", 1);
	CALL(SYS_prctl, PR_CAPBSET_READ, 10);
}

static void as_root(void)
{
	gid_t groups[3] = { 30, 10, 20 };

	show_ids();
	CALL(SYS_setgroups, 3, groups);
	CALL(SYS_setgroups, 65537, groups);
	CALL(SYS_setgroups, 1, BAD);
	CALL(SYS_getgroups, 2, groups);
	CALL(SYS_getgroups, -1, groups);
	CALL(SYS_getgroups, 0, NULL);
	CALL(SYS_getgroups, 3, BAD);
	CALL(SYS_setuid, -1);
	CALL(SYS_setresgid, 5, 6, 7);
	CALL(SYS_setregid, -1, 8);
	CALL(SYS_setregid, 9, -1);
	show_ids();
	CALL(SYS_setgid, 4);
	CALL(SYS_setfsgid, 12);
	show_ids();
	show_caps();
	CALL(SYS_setresuid, 0, 1000, 0);
	show_ids();
	show_caps();
	CALL(SYS_setgid, 5);
	CALL(SYS_setfsuid, 77);
	CALL(SYS_setuid, 77);
	CALL(SYS_setreuid, 1000, 0);
	show_ids();
	show_caps();
	CALL(SYS_setreuid, 1001, 1002);
	show_ids();
	show_caps();
	CALL(SYS_setuid, 0);
	CALL(SYS_setuid, 1001);
	CALL(SYS_setresuid, 1002, 1001, -1);
	CALL(SYS_setresuid, 1, -1, -1);
	CALL(SYS_setreuid, -1, 5);
	CALL(SYS_setgroups, 0, NULL);
	CALL(SYS_setresgid, 1, 1, 1);
	CALL(SYS_setpriority, PRIO_PROCESS, 0, -5);
	CALL(SYS_setdomainname, "x", 1);
	CALL(SYS_settimeofday, NULL, NULL);
	CALL(SYS_prctl, PR_CAPBSET_DROP, 1);
	show_ids();
	show_caps();
	without_powers();
	CALL(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	CALL(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
}

int main(void)
{
	capabilities();
	as_root();
	return 0;
}
