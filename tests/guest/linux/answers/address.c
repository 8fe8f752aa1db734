// SPDX-License-Identifier: BSD-2-Clause
/* Making sockets and giving them addresses: families, types, protocols, names of every length. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include <tests/guest/linux/answers/answers.h>

static void say_fd(long fd)
{
	if (fd < 0) {
		say_result(fd);
	} else {
		say(" ok");
		close((int)fd);
	}
}

static void making(void)
{
	static const int families[] = {AF_UNIX, AF_INET};
	static const int types[] = {0,	1,  2,	  3,	     4,		  5,	  6,
				    10, 11, 0x10, 0x800 | 1, 0x80000 | 2, 0x1001, -1};
	static const int protocols[] = {0, 1, 2, 6, 17, 58, 255, 256, -1};
	size_t f, t, p;
	int i, sv[2];

	for (f = 0; f < ARRAY_SIZE(families); f++) {
		for (t = 0; t < ARRAY_SIZE(types); t++) {
			say("socket %d %#x:", families[f], types[t]);
			for (p = 0; p < ARRAY_SIZE(protocols); p++)
				say_fd(SYS(SYS_socket, families[f], types[t], protocols[p]));
			end();
			say("socketpair %d %#x:", families[f], types[t]);
			for (p = 0; p < 3; p++) {
				long r = SYS(SYS_socketpair, families[f], types[t], protocols[p],
					     sv);

				say_result(r);
				if (!r)
					close(sv[0]), close(sv[1]);
			}
			end();
		}
	}
	for (i = -1; i < 50; i++) {
		if (i == AF_INET || i == AF_UNIX || i == AF_NETLINK || i == AF_PACKET ||
		    i == AF_INET6 || i == 38 || i == 40 || i == 44)
			continue; /* above; or what Debian's kernel has beyond this */
		say("family %d:", i);
		say_fd(SYS(SYS_socket, i, 1, 0));
		say_fd(SYS(SYS_socket, i, 99, 0));
		end();
	}
	for (i = 0; i < NR_POINTERS; i++) {
		say("socketpair to %s:", pointers[i].name);
		say_result(SYS(SYS_socketpair, AF_INET, 1, 0, pointers[i].p));
		say_result(SYS(SYS_socketpair, AF_UNIX, 99, 0, pointers[i].p));
		end();
	}
}

static const int lens[] = {0, 1, 2, 3, 8, 15, 16, 17, 110, 111, 128, 129, -1, 0x7fffffff};

/* bind, connect and sendto with one address of all lengths. */
static void one_address(const char *name, const void *addr, int k)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		open_kinds();
		say("%s %s %d:", kinds[k].name, name, lens[i]);
		memset(good, 0, 256);
		memcpy(good, addr, 16);
		say_result(SYS(SYS_sendto, kinds[k].fd, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL, good,
			       lens[i]));
		say_result(SYS(SYS_bind, kinds[k].fd, good, lens[i]));
		say_result(SYS(SYS_connect, kinds[k].fd, good, lens[i]));
		end();
		close_kinds();
	}
}

static void addresses(void)
{
	static const int of[] = {K_TCP,	 K_LISTEN, K_CONN,   K_UDP,  K_UDPCONN,
				 K_UNIX, K_UPAIR,  K_UDGRAM, K_FILE, K_CLOSED};
	struct sockaddr_in sin = loop_addr(1), any = {.sin_family = AF_INET};
	struct sockaddr_in far = {
		.sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {0x63636363}};
	struct sockaddr unspec = {.sa_family = AF_UNSPEC}, odd = {.sa_family = 77};
	struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "/tmp/sock"};
	struct sockaddr_un abstract = {.sun_family = AF_UNIX, .sun_path = "\0abc"};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(of); i++) {
		one_address("inet", &sin, of[i]);
		one_address("any", &any, of[i]);
		one_address("far", &far, of[i]);
		one_address("unspec", &unspec, of[i]);
		one_address("odd", &odd, of[i]);
		one_address("abstract", &abstract, of[i]);
		SYS(SYS_unlink, "/tmp/sock");
		if (of[i] != K_UNIX && of[i] != K_UPAIR && of[i] != K_UDGRAM)
			one_address("path", &name, of[i]);
	}
}

/* Special addresses of IPv4. */
static void kinds_of_inet(void)
{
	static const char *const ips[] = {"0.0.0.0",	     "127.0.0.1",	"127.1.2.3",
					  "127.255.255.255", "255.255.255.255", "224.0.0.1",
					  "240.0.0.1",	     "99.1.2.3"};
	struct sockaddr_in sin = {.sin_family = AF_INET};
	size_t i;
	int type;

	for (type = 1; type <= 3; type++) {
		for (i = 0; i < ARRAY_SIZE(ips); i++) {
			int fd = (int)SYS(SYS_socket, AF_INET, type | SOCK_NONBLOCK,
					  type == 3 ? 253 : 0);
			int other = (int)SYS(SYS_socket, AF_INET, type | SOCK_NONBLOCK,
					     type == 3 ? 253 : 0);

			inet_pton(AF_INET, ips[i], &sin.sin_addr);
			sin.sin_port = htons(7777);
			say("inet %d %s:", type, ips[i]);
			say_result(SYS(SYS_bind, fd, &sin, sizeof(sin)));
			say_result(SYS(SYS_bind, other, &sin, sizeof(sin)));
			say_result(SYS(SYS_bind, fd, &sin, sizeof(sin)));
			say_result(SYS(SYS_listen, fd, 1));
			say_result(SYS(SYS_connect, fd, &sin, sizeof(sin)));
			say_result(SYS(SYS_connect, other, &sin, sizeof(sin)));
			say_result(SYS(SYS_sendto, other, "x", 1, MSG_DONTWAIT, &sin, sizeof(sin)));
			end();
			close(fd), close(other);
		}
	}
}

static void pointers_of_names(void)
{
	int k, p;
	int *len = (int *)(good + 512);

	open_kinds();
	for (k = 0; k < NR_KINDS; k++) {
		say("names %s:", kinds[k].name);
		for (p = 0; p < NR_POINTERS; p++) {
			*len = 16;
			say_result(SYS(SYS_getsockname, kinds[k].fd, pointers[p].p, len));
			*(int *)good = 16;
			say_result(SYS(SYS_getpeername, kinds[k].fd, good + 1024, pointers[p].p));
			say_result(
				SYS(SYS_bind, kinds[k].fd, pointers[p].p, p == P_GOOD ? 129 : 16));
			say_result(
				SYS(SYS_connect, kinds[k].fd, pointers[p].p, p == P_GOOD ? 1 : 16));
			say_result(SYS(SYS_accept, kinds[k].fd, good + 1024, pointers[p].p));
		}
		end();
		say("accept4 %s:", kinds[k].name);
		say_result(SYS(SYS_accept4, kinds[k].fd, 0, 0, 1));
		say_result(SYS(SYS_accept4, kinds[k].fd, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC));
		*len = -1;
		say_result(SYS(SYS_getsockname, kinds[k].fd, good, len));
		*len = 0;
		say_result(SYS(SYS_getsockname, kinds[k].fd, pointers[P_KERNEL].p, len));
		say_result(*len);
		say_result(SYS(SYS_getsockname, kinds[k].fd, EDGE(1), len));
		say_result(SYS(SYS_listen, kinds[k].fd, -1));
		say_result(SYS(SYS_listen, kinds[k].fd, 0));
		end();
	}
	close_kinds();
}

/* The connection is taken although its name cannot be told. */
static void accept_that_faults(void)
{
	int l, c, p;
	int *len = (int *)good;
	struct sockaddr_in sin;

	for (p = 1; p < NR_POINTERS; p++) {
		l = tcp_listener(3);
		sin = loop_addr(port_of(l));
		c = socket(AF_INET, SOCK_STREAM, 0);
		connect(c, (struct sockaddr *)&sin, sizeof(sin));
		fcntl(l, F_SETFL, O_NONBLOCK);
		*len = 16;
		say("accept to %s:", pointers[p].name);
		say_result(SYS(SYS_accept, l, pointers[p].p, len));
		say_result(SYS(SYS_accept, l, pointers[P_NULL].p, len));
		say_result(SYS(SYS_recvfrom, c, good + 8, 1, MSG_DONTWAIT, 0, 0));
		end();
		close(c), close(l);
	}
}

static void unix_names(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int len, fd, *out = (int *)(good + 512);

	for (len = 0; len <= 111; len += len < 6 ? 1 : 15) {
		fd = socket(AF_UNIX, SOCK_DGRAM, 0);
		memset(a.sun_path, 'u', sizeof(a.sun_path));
		memcpy(a.sun_path, "/tmp/", 5);
		say("unix name %d:", len);
		say_result(SYS(SYS_bind, fd, &a, len));
		*out = 128;
		say_result(SYS(SYS_getsockname, fd, good, out));
		say_result(*out);
		say_result(SYS(SYS_bind, fd, &a, len));
		end();
		close(fd);
		fd = socket(AF_UNIX, SOCK_DGRAM, 0);
		a.sun_path[0] = '\0';
		say("abstract name %d:", len);
		say_result(SYS(SYS_bind, fd, &a, len));
		*out = 128;
		say_result(SYS(SYS_getsockname, fd, good, out));
		say_result(*out);
		end();
		close(fd);
	}
}

void address_answers(void)
{
	making();
	addresses();
	kinds_of_inet();
	pointers_of_names();
	accept_that_faults();
	unix_names();
}
