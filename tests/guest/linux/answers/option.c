// SPDX-License-Identifier: BSD-2-Clause
/* getsockopt and setsockopt: every option of SOL_SOCKET, IP, TCP and UDP, lengths and values. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "answers.h"

enum { SHOW = 0, HIDE = 1, SKIP = 2 };

/* How far the value of an option can be compared. */
static int quirk(int level, int name)
{
	if (level == SOL_SOCKET) {
		switch (name) {
		case 7: case 8: case 32: case 33: /* buffer sizes follow from memory */
		case 49: case 55: case 56: case 57: case 28: /* CPU, memory, NAPI id, cookie, port */
			return HIDE;
		case 26: case 27: case 50: case 51: case 52: case 68: case 69: case 70: case 71: /* programs, BPF */
		case 31: case 59: case 60: case 72: case 75: case 76: case 61: case 46: case 54: case 73:
			return SKIP;
		}
	}
	if (level == IPPROTO_TCP) {
		switch (name) {
		case 11: case 26: case 27: case 10: case 15: case 24: /* TCP_INFO, CC_INFO, clock */
			return HIDE;
		case 14: case 38: case 31: case 35: case 19: case 20: case 21: case 22: case 29: case 30:
			return SKIP; /* MD5, authentication, ULP, repair */
		}
	}
	if (level == IPPROTO_IP && (name == 14 || name == 64 || name == 65 || name == 67 || name == 66 ||
				    name >= 80 || name == 16 || name == 17))
		return SKIP;
	return SHOW;
}

static void get(int fd, int level, int name, int len, int hide)
{
	int *l = (int *)(good + 2048);
	long r;

	memset(good, 0xaa, 512);
	*l = len;
	r = SYS(getsockopt, fd, level, name, good, l);
	if (r) {
		say_result(r);
		return;
	}
	say(" %d", *l);
	if (hide == SHOW && *l > 0)
		say("/%d", *l >= 4 ? *(int *)good : (unsigned char)*good);
}

static void one_option(int k, int level, int name)
{
	static const struct {
		int value, len;
	} sets[] = {{1, 4}, {0, 4}, {-1, 4}, {1, 1}, {1, 0}, {1, 3}, {1000000, 4}, {5, 8}, {2, 16}};
	int hide = quirk(level, name), fd = kinds[k].fd;
	size_t i;

	if (hide == SKIP)
		return;
	say("opt %s %d %d get:", kinds[k].name, level, name);
	get(fd, level, name, 4, hide);
	get(fd, level, name, 0, hide);
	get(fd, level, name, 1, hide);
	get(fd, level, name, 256, hide);
	get(fd, level, name, -1, hide);
	say_result(SYS(getsockopt, fd, level, name, good, 0));
	*(int *)(good + 2048) = 4;
	say_result(SYS(getsockopt, fd, level, name, pointers[P_KERNEL].p, good + 2048));
	end();
	say("opt %s %d %d set:", kinds[k].name, level, name);
	say_result(SYS(setsockopt, fd, level, name, good, -1));
	say_result(SYS(setsockopt, fd, level, name, 0, 4));
	say_result(SYS(setsockopt, fd, level, name, pointers[P_KERNEL].p, 4));
	for (i = 0; i < ARRAY_SIZE(sets); i++) {
		memset(good, 0, 64);
		*(int *)good = sets[i].value;
		say_result(SYS(setsockopt, fd, level, name, good, sets[i].len));
	}
	get(fd, level, name, 4, hide);
	end();
}

static void all(int k, int level, int from, int to)
{
	int name;

	for (name = from; name <= to; name++) {
		open_kinds();
		one_option(k, level, name);
		close_kinds();
	}
}

static void levels(void)
{
	static const int numbers[] = {-1, 0, 1, 2, 3, 6, 17, 41, 58, 136, 255, 263, 270, 280, 999};
	size_t i;
	int k;

	open_kinds();
	for (k = 0; k < NR_KINDS; k++) {
		say("levels %s:", kinds[k].name);
		for (i = 0; i < ARRAY_SIZE(numbers); i++) {
			*(int *)(good + 8) = 4;
			*(int *)good = 1;
			say_result(SYS(getsockopt, kinds[k].fd, numbers[i], 9999, good, good + 8));
			say_result(SYS(setsockopt, kinds[k].fd, numbers[i], 9999, good, 4));
		}
		end();
	}
	close_kinds();
}

void option_answers(void)
{
	static const int sockets[] = {K_TCP, K_CONN, K_LISTEN, K_UDP, K_UNIX, K_UDGRAM};
	size_t i;

	levels();
	for (i = 0; i < ARRAY_SIZE(sockets); i++) {
		int k = sockets[i];

		all(k, SOL_SOCKET, 0, 76);
		if (k == K_UNIX || k == K_UDGRAM)
			continue;
		all(k, IPPROTO_IP, 0, 53);
		if (k == K_UDP)
			all(k, IPPROTO_UDP, 0, 3);
		else
			all(k, IPPROTO_TCP, 0, 40);
	}
}
