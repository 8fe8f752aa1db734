// SPDX-License-Identifier: BSD-2-Clause
/*
 * getopt (POSIX, Utility Syntax Guidelines 3 to 10): short options, bundled or with arguments.
 *
 * Called by programs from main(). posix_spawn() resets the state for the program that it starts;
 * who parses a second argument list in the same program sets optind to 0 first, which also forgets
 * a bundle that was left in the middle. Left out: long options, permutation of operands.
 * Every message goes to stderr unless opterr is 0 or the specification starts with a colon.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <libc/unix/spawn.h>

char *optarg;
int optind = 1, opterr = 1, optopt;
static int place; /* position inside a bundle; 0: at the start of an argument */

void __getopt_reset(void)
{
	optind = 1;
	place = 0;
}

static int complain(char *const argv[], const char *opts, const char *what)
{
	if (opterr && *opts != ':')
		fprintf(stderr, "%s: %s -- '%c'\n", argv[0], what, optopt);
	return '?';
}

int getopt(int argc, char *const argv[], const char *opts)
{
	const char *spec, *arg;

	if (optind == 0)
		__getopt_reset();
	optarg = NULL;
	if (optind >= argc || !argv[optind])
		return -1;
	arg = argv[optind];
	if (!place) {
		if (arg[0] != '-' || !arg[1])
			return -1;
		if (!strcmp(arg, "--")) {
			optind++;
			return -1;
		}
		place = 1;
	}
	optopt = (unsigned char)arg[place++];
	spec = optopt == ':' ? NULL : strchr(opts, optopt);
	if (!arg[place] && (!spec || spec[1] != ':')) {
		place = 0;
		optind++;
	}
	if (!spec)
		return complain(argv, opts, "unknown option");
	if (spec[1] != ':')
		return optopt;
	if (arg[place])
		optarg = (char *)arg + place;
	else
		optarg = argv[++optind];
	optind++;
	place = 0;
	if (optind > argc) {
		optind = argc;
		complain(argv, opts, "option needs an argument");
		return *opts == ':' ? ':' : '?';
	}
	return optopt;
}
