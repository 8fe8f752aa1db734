// SPDX-License-Identifier: BSD-2-Clause
/* sendmsg, recvmsg and their many-message forms: heads, names, vectors, control messages, flags. */
#define _GNU_SOURCE
#include <limits.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <tests/guest/linux/answers/answers.h>

static const int talkers[] = {K_TCP,   K_LISTEN, K_CONN, K_SHUT, K_UDP,	  K_UDPCONN, K_UNIX,
			      K_UPAIR, K_UDGRAM, K_USEQ, K_FILE, K_PIPEW, K_CLOSED};

static void both(const char *what, int k, struct msghdr *m)
{
	say("%s %s:", what, kinds[k].name);
	say_result(SYS(SYS_sendmsg, kinds[k].fd, m, MSG_DONTWAIT | MSG_NOSIGNAL));
	say_result(SYS(SYS_recvmsg, kinds[k].fd, m, MSG_DONTWAIT));
	if (m > (struct msghdr *)good && m < (struct msghdr *)(good + PAGE - sizeof(*m)))
		say(" %d %lu %#x", (int)m->msg_namelen, (unsigned long)m->msg_controllen,
		    m->msg_flags);
	end();
}

static void heads(int k)
{
	struct msghdr *m = (struct msghdr *)(good + 1024);
	struct iovec *v = (struct iovec *)(good + 2048);
	int p;

	for (p = 0; p < NR_POINTERS; p++) {
		open_kinds();
		v[0] = (struct iovec){good, 4};
		*m = (struct msghdr){.msg_iov = v, .msg_iovlen = 1};
		both("head", k, p == P_GOOD ? m : pointers[p].p);
		*m = (struct msghdr){.msg_name = pointers[p].p,
				     .msg_namelen = 16,
				     .msg_iov = v,
				     .msg_iovlen = 1};
		if (p != P_GOOD)
			both("name", k, m);
		*m = (struct msghdr){.msg_iov = pointers[p].p, .msg_iovlen = p == P_GOOD ? 0 : 1};
		both("iov", k, m);
		*m = (struct msghdr){.msg_iov = v,
				     .msg_iovlen = 1,
				     .msg_control = pointers[p].p,
				     .msg_controllen = 64};
		memset(good, 0, 64);
		both("control", k, m);
		v[0].iov_base = pointers[p].p;
		*m = (struct msghdr){.msg_iov = v, .msg_iovlen = 1};
		both("base", k, m);
		close_kinds();
	}
}

static void odd_heads(int k)
{
	struct msghdr *m = (struct msghdr *)(good + 1024);
	struct iovec *v = (struct iovec *)(good + 2048);

	open_kinds();
	v[0] = (struct iovec){good, 4};
	memset(good, 0, 128);
	*m = (struct msghdr){
		.msg_name = good, .msg_namelen = (socklen_t)-1, .msg_iov = v, .msg_iovlen = 1};
	both("name -1", k, m);
	*m = (struct msghdr){.msg_name = good, .msg_namelen = 1000, .msg_iov = v, .msg_iovlen = 1};
	both("name 1000", k, m);
	*m = (struct msghdr){.msg_name = good, .msg_namelen = 0, .msg_iov = v, .msg_iovlen = 1};
	both("name 0", k, m);
	*m = (struct msghdr){.msg_iov = v, .msg_iovlen = 1025};
	both("iov 1025", k, m);
	*m = (struct msghdr){.msg_iov = v, .msg_iovlen = (size_t)-1};
	both("iov -1", k, m);
	*m = (struct msghdr){.msg_iov = v,
			     .msg_iovlen = 1,
			     .msg_control = good,
			     .msg_controllen = (size_t)INT_MAX + 1};
	both("control 2^31", k, m);
	*m = (struct msghdr){
		.msg_iov = v, .msg_iovlen = 1, .msg_control = good, .msg_controllen = 8};
	both("control 8", k, m);
	*m = (struct msghdr){.msg_iov = v, .msg_iovlen = 1, .msg_controllen = 8};
	both("control NULL 8", k, m);
	v[0].iov_len = (size_t)-1;
	*m = (struct msghdr){.msg_iov = v, .msg_iovlen = 1};
	both("length -1", k, m);
	both("edge", k, (struct msghdr *)EDGE(32));
	close_kinds();
}

/* One control message of a level, type and length. */
static void control(int k, int level, int type, size_t len)
{
	struct msghdr *m = (struct msghdr *)(good + 1024);
	struct iovec *v = (struct iovec *)(good + 2048);
	struct cmsghdr *c = (struct cmsghdr *)good;

	memset(good, 0, 256);
	*c = (struct cmsghdr){.cmsg_len = len, .cmsg_level = level, .cmsg_type = type};
	v[0] = (struct iovec){good + 512, 4};
	*m = (struct msghdr){
		.msg_iov = v, .msg_iovlen = 1, .msg_control = good, .msg_controllen = 32};
	say_result(SYS(SYS_sendmsg, kinds[k].fd, m, MSG_DONTWAIT | MSG_NOSIGNAL));
}

static void controls(int k)
{
	static const struct {
		int level, type;
	} what[] = {{SOL_SOCKET, 1}, {SOL_SOCKET, 2}, {SOL_SOCKET, 36}, {SOL_SOCKET, 99},
		    {0, 1},	     {0, 2},	      {0, 8},		{0, 7},
		    {0, 99},	     {6, 1},	      {41, 50},		{999, 1}};
	static const size_t lens[] = {0, 15, 16, 17, 20, 24, 28, 32, 33, (size_t)-1};
	size_t w, l;

	for (w = 0; w < ARRAY_SIZE(what); w++) {
		open_kinds();
		say("cmsg %s %d %d:", kinds[k].name, what[w].level, what[w].type);
		for (l = 0; l < ARRAY_SIZE(lens); l++)
			control(k, what[w].level, what[w].type, lens[l]);
		end();
		close_kinds();
	}
}

/* Every flag alone. */
static void flags(int k)
{
	int bit;

	for (bit = 0; bit < 31; bit++) {
		unsigned int f = 1u << bit;

		if (f == 0x10000000 || f == 0x20000000)
			continue; /* MSG_NO_SHARED_FRAGS ... differ from release to release */
		open_kinds();
		if (kinds[k].other >= 0)
			SYS(SYS_sendto, kinds[k].other, "waiting", 7, MSG_DONTWAIT | MSG_NOSIGNAL,
			    0, 0);
		say("flag %s %#x:", kinds[k].name, f);
		if (f != MSG_ERRQUEUE || k != K_LISTEN)
			say_result(SYS(SYS_recvfrom, kinds[k].fd, good, 4, f | MSG_DONTWAIT, 0, 0));
		say_result(
			SYS(SYS_recvfrom, kinds[k].fd, good, 4, f | MSG_DONTWAIT | MSG_PEEK, 0, 0));
		say_result(SYS(SYS_sendto, kinds[k].fd, "abcd", 4, f | MSG_DONTWAIT | MSG_NOSIGNAL,
			       0, 0));
		say_result(
			SYS(SYS_sendto, kinds[k].fd, "", 0, f | MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0));
		end();
		close_kinds();
	}
}

static void many(int k)
{
	struct mmsghdr *v = (struct mmsghdr *)EDGE(2 * sizeof(*v));
	struct iovec *iov = (struct iovec *)good;
	struct timespec *ts = (struct timespec *)(good + 64);
	int p;

	open_kinds();
	iov[0] = (struct iovec){good + 512, 4};
	v[0] = v[1] = (struct mmsghdr){.msg_hdr = {.msg_iov = iov, .msg_iovlen = 1}};
	say("many %s:", kinds[k].name);
	say_result(SYS(SYS_sendmmsg, kinds[k].fd, v, 0, MSG_DONTWAIT));
	say_result(SYS(SYS_sendmmsg, kinds[k].fd, v, 2, MSG_DONTWAIT | MSG_NOSIGNAL));
	say_result(SYS(SYS_sendmmsg, kinds[k].fd, v, 3, MSG_DONTWAIT | MSG_NOSIGNAL));
	say_result(SYS(SYS_recvmmsg, kinds[k].fd, v, 0, MSG_DONTWAIT, 0));
	say_result(SYS(SYS_recvmmsg, kinds[k].fd, v, 2, MSG_DONTWAIT, 0));
	say_result(SYS(SYS_recvmmsg, kinds[k].other, v + 1, 3, MSG_DONTWAIT, 0));
	say_result(SYS(SYS_recvmmsg, kinds[k].other, v, 2, MSG_DONTWAIT, 0));
	say_result(SYS(SYS_recvmmsg, kinds[k].other, v, 2, MSG_DONTWAIT, 0));
	*ts = (struct timespec){0, 1000000000};
	say_result(SYS(SYS_recvmmsg, kinds[k].fd, v, 1, MSG_DONTWAIT, ts));
	*ts = (struct timespec){-1, 0};
	say_result(SYS(SYS_recvmmsg, kinds[k].fd, v, 1, MSG_DONTWAIT, ts));
	for (p = 1; p < NR_POINTERS; p++) {
		say_result(SYS(SYS_sendmmsg, kinds[k].fd, pointers[p].p, 1, MSG_DONTWAIT));
		say_result(SYS(SYS_recvmmsg, kinds[k].fd, v, 1, MSG_DONTWAIT, pointers[p].p));
	}
	end();
	close_kinds();
}

void message_answers(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(talkers); i++) {
		heads(talkers[i]);
		odd_heads(talkers[i]);
		if (talkers[i] != K_FILE && talkers[i] != K_PIPEW && talkers[i] != K_CLOSED) {
			controls(talkers[i]);
			flags(talkers[i]);
		}
		many(talkers[i]);
	}
}
