// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the tests find: pointers of every bad kind, the loopback device up, /proc and /dev mounted
 * where that is still to do (Linux).
 */
#define _GNU_SOURCE
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <tests/guest/linux/answers/answers.h>
#include <unistd.h>

char *good;
struct pointer pointers[NR_POINTERS];

static void make_pointers(void)
{
	char *area =
		mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(area + 2 * PAGE, PAGE, PROT_NONE);
	mprotect(area + 3 * PAGE, PAGE, PROT_READ);
	good = area + PAGE;
	pointers[P_GOOD] = (struct pointer){"good", good};
	pointers[P_NULL] = (struct pointer){"NULL", NULL};
	pointers[P_GONE] = (struct pointer){"gone", area + 2 * PAGE};
	pointers[P_READONLY] = (struct pointer){"readonly", area + 3 * PAGE};
	pointers[P_KERNEL] = (struct pointer){"kernel", (void *)0xffffffff81000000};
	pointers[P_MINUS1] = (struct pointer){"-1", (void *)-1L};
	pointers[P_WEIRD] = (struct pointer){"noncanonical", (void *)0x8000000000000000};
	pointers[P_TOP] = (struct pointer){"top", (void *)0x7ffffffff000};
}

void prepare_machine(void)
{
	struct ifreq ifr = {.ifr_name = "lo"};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	ioctl(fd, SIOCGIFFLAGS, &ifr);
	ifr.ifr_flags |= IFF_UP;
	ioctl(fd, SIOCSIFFLAGS, &ifr);
	close(fd);
	signal(SIGPIPE, SIG_IGN);
	umask(022);
	mkdir("/tmp", 01777);
	mkdir("/proc", 0555);
	mkdir("/dev", 0755);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	make_pointers();
}
