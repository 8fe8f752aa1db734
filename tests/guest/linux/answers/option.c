// SPDX-License-Identifier: BSD-2-Clause
/* getsockopt and setsockopt: every option of SOL_SOCKET, IP, TCP and UDP, lengths and values. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include <tests/guest/linux/answers/answers.h>

enum { SHOW = 0, HIDE = 1, SKIP = 2 };

/* Options whose values cannot be compared: they follow from memory, clocks, chance ... */
static const short hidden[][2] = {
	{1, 7},	 {1, 8},  {1, 32}, {1, 33}, {1, 49}, {1, 55}, {1, 56}, {1, 57},
	{1, 28}, {6, 10}, {6, 11}, {6, 33}, {6, 15}, {6, 24}, {6, 26}, {6, 27},
};
/* ... and those that are other subsystems' business: BPF programs, MD5, ULP, repair, routing. */
static const short skipped[][2] = {
	{1, 26}, {1, 27}, {1, 31}, {1, 46}, {1, 50}, {1, 51}, {1, 52}, {1, 54},
	{1, 59}, {1, 60}, {1, 61}, {1, 68}, {1, 69}, {1, 70}, {1, 71}, {1, 72},
	{1, 73}, {1, 75}, {1, 76}, {6, 14}, {6, 19}, {6, 20}, {6, 21}, {6, 22},
	{6, 29}, {6, 30}, {6, 31}, {6, 35}, {6, 38}, {0, 14}, {0, 16}, {0, 17},
};

/* How far the value of an option can be compared. */
static int quirk(int level, int name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(skipped); i++)
		if (skipped[i][0] == level && skipped[i][1] == name)
			return SKIP;
	for (i = 0; i < ARRAY_SIZE(hidden); i++)
		if (hidden[i][0] == level && hidden[i][1] == name)
			return HIDE;
	return SHOW;
}

static void get(int fd, int level, int name, int len, int hide)
{
	int *l = (int *)(good + 2048);
	long r;

	memset(good, 0xaa, 512);
	*l = len;
	r = SYS(SYS_getsockopt, fd, level, name, good, l);
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
	say_result(SYS(SYS_getsockopt, fd, level, name, good, 0));
	*(int *)(good + 2048) = 4;
	say_result(SYS(SYS_getsockopt, fd, level, name, pointers[P_KERNEL].p, good + 2048));
	end();
	say("opt %s %d %d set:", kinds[k].name, level, name);
	say_result(SYS(SYS_setsockopt, fd, level, name, good, -1));
	say_result(SYS(SYS_setsockopt, fd, level, name, 0, 4));
	say_result(SYS(SYS_setsockopt, fd, level, name, pointers[P_KERNEL].p, 4));
	for (i = 0; i < ARRAY_SIZE(sets); i++) {
		memset(good, 0, 64);
		*(int *)good = sets[i].value;
		say_result(SYS(SYS_setsockopt, fd, level, name, good, sets[i].len));
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
			say_result(
				SYS(SYS_getsockopt, kinds[k].fd, numbers[i], 9999, good, good + 8));
			say_result(SYS(SYS_setsockopt, kinds[k].fd, numbers[i], 9999, good, 4));
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
