// SPDX-License-Identifier: BSD-2-Clause
/* ioctl, fcntl, dup, fstat and what else takes any descriptor, on every kind of file. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <tests/guest/linux/answers/answers.h>

static void ioctls(void)
{
	static const unsigned int requests[] = {
		FIONREAD,     FIONBIO,	   FIOASYNC, FIOCLEX,	 FIONCLEX,    TCGETS,
		TIOCGWINSZ,   SIOCATMARK,  TIOCOUTQ, FIOSETOWN,	 FIOGETOWN,   SIOCSPGRP,
		SIOCGPGRP,    FIOQSIZE,	   0x8906,   0x8907,	 SIOCGIFCONF, SIOCGIFINDEX,
		SIOCGIFFLAGS, SIOCGIFADDR, 0,	     0xffffffff, 0x8954,      0x5421 + 99,
	};
	static const int to[] = {P_GOOD, P_NULL, P_KERNEL, P_READONLY};
	size_t r, p;
	int k;

	for (r = 0; r < ARRAY_SIZE(requests); r++) {
		open_kinds();
		for (k = 0; k < NR_KINDS; k++) {
			say("ioctl %s %#x:", kinds[k].name, requests[r]);
			for (p = 0; p < ARRAY_SIZE(to); p++) {
				memset(good, 0, 64);
				strcpy(good, "lo");
				say_result(SYS(SYS_ioctl, kinds[k].fd, requests[r],
					       pointers[to[p]].p));
			}
			end();
		}
		close_kinds();
	}
}

static void interfaces(void)
{
	static const char *const names[] = {"lo", "nosuch", "", "lo:1", "0123456789abcdefg"};
	struct ifreq *ifr = (struct ifreq *)good;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	size_t i;
	unsigned int r;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		say("interface '%s':", names[i]);
		for (r = 0x8910; r <= 0x8942; r++) {
			if (r == SIOCGIFMAP || r == 0x8922 || r == 0x8914 || r == 0x8916 ||
			    r == 0x891c || r == 0x8912 || r == SIOCGIFTXQLEN || r == 0x8943 ||
			    r == 0x8924)
				continue;
			if (r >= 0x891e && r < 0x8927 && r != 0x8921)
				continue;
			memset(ifr, 0, sizeof(*ifr));
			strncpy(ifr->ifr_name, names[i], IFNAMSIZ);
			say_result(SYS(SYS_ioctl, fd, r, ifr));
		}
		end();
	}
	memset(ifr, 0, sizeof(*ifr));
	strcpy(ifr->ifr_name, "lo");
	TELL(SYS(SYS_ioctl, fd, SIOCGIFFLAGS, ifr));
	TELL(ifr->ifr_flags);
	TELL(SYS(SYS_ioctl, fd, SIOCGIFMTU, ifr));
	TELL(ifr->ifr_mtu);
	TELL(SYS(SYS_ioctl, fd, SIOCGIFINDEX, ifr));
	TELL(ifr->ifr_ifindex);
	TELL(SYS(SYS_ioctl, fd, SIOCGIFCONF, pointers[P_GONE].p));
	close(fd);
}

static void fcntls(void)
{
	static const int commands[] = {F_DUPFD,	     F_GETFD,	  F_SETFD,	   F_GETFL,
				       F_SETFL,	     F_GETOWN,	  F_SETOWN,	   F_GETSIG,
				       F_SETSIG,     F_GETLK,	  F_SETLK,	   F_OFD_GETLK,
				       F_OFD_SETLK,  F_GETLEASE,  F_DUPFD_CLOEXEC, F_GETPIPE_SZ,
				       F_SETPIPE_SZ, F_ADD_SEALS, F_GET_SEALS,	   F_GETOWN_EX,
				       99,	     -1};
	static const long args[] = {0, 1, 40, -1, 0x7fffffff};
	size_t c, a;
	int k;

	for (c = 0; c < ARRAY_SIZE(commands); c++) {
		for (k = 0; k < NR_KINDS; k++) {
			open_kinds();
			say("fcntl %s %d:", kinds[k].name, commands[c]);
			for (a = 0; a < ARRAY_SIZE(args); a++) {
				long r = SYS(SYS_fcntl, kinds[k].fd, commands[c], args[a]);

				say_result(r);
				if ((commands[c] == F_DUPFD || commands[c] == F_DUPFD_CLOEXEC) &&
				    r >= 0)
					close((int)r);
			}
			say_result(SYS(SYS_fcntl, kinds[k].fd, F_GETFL));
			end();
			close_kinds();
		}
	}
}

static void dups(void)
{
	static const int to[] = {-1, 50, 60, 1 << 30};
	int k;
	size_t i;

	open_kinds();
	for (k = 0; k < NR_KINDS; k++) {
		int fd = kinds[k].fd;

		say("dup %s:", kinds[k].name);
		for (i = 0; i < ARRAY_SIZE(to); i++) {
			say_result(SYS(SYS_dup2, fd, to[i]));
			say_result(SYS(SYS_dup3, fd, to[i], O_CLOEXEC));
			say_result(SYS(SYS_dup3, fd, to[i], 1));
			say_result(SYS(SYS_close, to[i]));
			say_result(SYS(SYS_close, to[i]));
		}
		say_result(SYS(SYS_dup2, fd, fd));
		say_result(SYS(SYS_dup3, fd, fd, 0));
		end();
	}
	close_kinds();
}

static void stats(void)
{
	struct stat *st = (struct stat *)good;
	int k;

	open_kinds();
	for (k = 0; k < NR_KINDS; k++) {
		int fd = kinds[k].fd;

		say("stat %s:", kinds[k].name);
		say_result(SYS(SYS_fstat, fd, st));
		if (k < K_CLOSED)
			say(" %#o", st->st_mode);
		say_result(SYS(SYS_fstat, fd, pointers[P_KERNEL].p));
		say_result(SYS(SYS_fstat, fd, EDGE(8)));
		say_result(SYS(SYS_newfstatat, fd, "", st, AT_EMPTY_PATH));
		say_result(SYS(SYS_newfstatat, fd, "file", st, 0));
		say_result(SYS(SYS_newfstatat, fd, "", st, 0));
		say_result(SYS(SYS_fchmod, fd, 0600));
		say_result(SYS(SYS_fchown, fd, -1, -1));
		say_result(SYS(SYS_fsync, fd));
		say_result(SYS(SYS_fdatasync, fd));
		say_result(SYS(SYS_flock, fd, LOCK_SH | LOCK_NB));
		say_result(SYS(SYS_flock, fd, 99));
		say_result(SYS(SYS_getdents64, fd, good, 0));
		say_result(SYS(SYS_getdents64, fd, pointers[P_KERNEL].p, 0x7fffffff) < 0);
		say_result(SYS(SYS_fchdir, fd));
		say_result(SYS(SYS_chdir, "/"));
		say_result(SYS(SYS_openat, fd, "nosuch", O_RDONLY));
		say_result(SYS(SYS_faccessat, fd, "nosuch", 0));
		say_result(SYS(SYS_utimensat, fd, 0, 0, 0));
		say_result(SYS(SYS_fstatfs, fd, pointers[P_NULL].p));
		end();
	}
	close_kinds();
}

static void between(void)
{
	int a, b;

	for (a = 0; a < NR_KINDS; a++) {
		open_kinds();
		for (b = 0; b < NR_KINDS; b++) {
			say("between %s %s:", kinds[a].name, kinds[b].name);
			say_result(
				SYS(SYS_sendfile, kinds[a].fd, kinds[b].fd, pointers[P_NULL].p, 2));
			say_result(SYS(SYS_sendfile, kinds[a].fd, kinds[b].fd, pointers[P_KERNEL].p,
				       2));
			say_result(SYS(SYS_splice, kinds[a].fd, 0, kinds[b].fd, 0, 2, 2));
			say_result(SYS(SYS_tee, kinds[a].fd, kinds[b].fd, 2, 2));
			say_result(SYS(SYS_copy_file_range, kinds[a].fd, 0, kinds[b].fd, 0, 2, 0));
			end();
		}
		close_kinds();
	}
}

static void maps(void)
{
	int k;

	open_kinds();
	for (k = 0; k < NR_KINDS; k++) {
		static const int prots[] = {PROT_READ, PROT_READ | PROT_WRITE, PROT_EXEC};
		static const int kinds_of_map[] = {MAP_PRIVATE, MAP_SHARED, 0, MAP_SHARED_VALIDATE};
		size_t p, m;

		say("mmap %s:", kinds[k].name);
		for (p = 0; p < ARRAY_SIZE(prots); p++) {
			for (m = 0; m < ARRAY_SIZE(kinds_of_map); m++) {
				long r = SYS(SYS_mmap, 0, PAGE, prots[p], kinds_of_map[m],
					     kinds[k].fd, 0);

				if (r < 0 && r > -4096)
					say_result(r);
				else
					say(" ok"), SYS(SYS_munmap, r, PAGE);
			}
		}
		say_result(SYS(SYS_mmap, 0, 0, PROT_READ, MAP_PRIVATE, kinds[k].fd, 0));
		say_result(SYS(SYS_mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, kinds[k].fd, 5));
		end();
	}
	close_kinds();
}

void control_answers(void)
{
	ioctls();
	interfaces();
	fcntls();
	dups();
	stats();
	between();
	maps();
}
