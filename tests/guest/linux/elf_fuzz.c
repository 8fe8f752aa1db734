// SPDX-License-Identifier: BSD-2-Clause
/*
 * Executes copies of itself whose headers have random bytes changed, from the seed in its first
 * argument on, until one of them can be loaded; that one runs or dies as it may. A copy that comes
 * as far as main() goes on with the next seed, 300 in all.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEADERS 800 /* the ELF header and the program headers */
#define MOST (1 << 20)
#define ROUNDS 300

static unsigned char program[MOST];
static unsigned long state;

static unsigned int rnd(unsigned int below)
{
	state = state * 6364136223846793005ul + 1442695040888963407ul;
	return (unsigned int)(state >> 33) % below;
}

static void change(ssize_t len)
{
	for (unsigned int i = 1 + rnd(4); i; i--) {
		unsigned int at = rnd(4) ? 64 + rnd(HEADERS - 64) : 16 + rnd(48);

		if (at < (unsigned int)len)
			program[at] = rnd(2) ? (unsigned char)rnd(256) :
					       program[at] ^ (unsigned char)(1u << rnd(8));
	}
}

int main(int argc, char **argv)
{
	unsigned long first = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	unsigned long left = argc > 2 ? strtoul(argv[2], NULL, 10) : ROUNDS;
	char next[24], rest[24];
	char *const args[] = { "fuzzed", next, rest, NULL };
	unsigned int refused = 0;

	for (unsigned long seed = first; left; seed++, left--) {
		int in = open("/elf_fuzz", O_RDONLY), out;
		ssize_t len = read(in, program, MOST);

		state = seed;
		change(len);
		close(in);
		out = open("/tmp/x", O_WRONLY | O_CREAT | O_TRUNC, 0755);
		if (len <= 0 || out < 0 || write(out, program, (size_t)len) != len)
			return 3;
		close(out);
		snprintf(next, sizeof(next), "%lu", seed + 1);
		snprintf(rest, sizeof(rest), "%lu", left - 1);
		execve("/tmp/x", args, (char *[]){ NULL });
		refused++;
	}
	printf("refused %u at last\n", refused);
	return 0;
}
