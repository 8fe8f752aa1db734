/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a program finds in /proc, /sys and /dev of the machine; tests/guest/test_files.py looks at
 * the output.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sysinfo.h>
#include <unistd.h>

static char buf[8192];

static int slurp(const char *path)
{
	int fd = open(path, O_RDONLY), n = fd < 0 ? -1 : (int)read(fd, buf, sizeof(buf) - 1);

	buf[n > 0 ? n : 0] = 0;
	close(fd);
	return n;
}

static void show(const char *label, const char *path)
{
	int n = slurp(path), i;

	for (i = 0; i < n; i++)
		if (!buf[i])
			buf[i] = ' ';
	printf("%s%s%s", label, buf, n > 0 && buf[n - 1] == '\n' ? "" : "\n");
}

static void link_of(const char *label, const char *path)
{
	int n = (int)readlink(path, buf, sizeof(buf));

	printf("%s -> %.*s\n", label, n, buf);
}

static const char *const expected[] = {
	"/proc/self/stat", "/proc/self/statm", "/proc/self/maps", "/proc/self/limits",
	"/proc/self/environ", "/proc/self/auxv", "/proc/self/mounts", "/proc/self/mountinfo",
	"/proc/self/cgroup", "/proc/self/io", "/proc/self/oom_score_adj", "/proc/thread-self/comm",
	"/proc/self/fdinfo/0", "/proc/1/status", "/proc/self/net/dev", "/proc/mounts",
	"/proc/stat", "/proc/uptime", "/proc/loadavg", "/proc/version", "/proc/filesystems",
	"/proc/vmstat", "/proc/swaps", "/proc/sys/kernel/osrelease", "/proc/sys/kernel/hostname",
	"/proc/sys/kernel/pid_max", "/proc/sys/kernel/random/boot_id",
	"/proc/sys/kernel/random/uuid", "/proc/sys/kernel/ngroups_max",
	"/proc/sys/kernel/cap_last_cap", "/proc/sys/kernel/threads-max",
	"/proc/sys/vm/overcommit_memory", "/proc/sys/vm/max_map_count", "/proc/sys/fs/file-max",
	"/proc/sys/net/core/somaxconn", "/sys/kernel/mm/transparent_hugepage/enabled",
	"/sys/class/net/lo/mtu", "/sys/class/net/eth0/statistics/rx_bytes",
};

int main(void)
{
	unsigned int i;
	int fd, missing = 0;

	link_of("exe", "/proc/self/exe");
	link_of("fd/0", "/proc/self/fd/0");
	printf("stdin isatty %d %s\n", isatty(0), ttyname(0));
	show("cmdline: ", "/proc/self/cmdline");
	show("", "/proc/self/status");
	show("", "/proc/cpuinfo");
	show("", "/proc/meminfo");
	show("mac ", "/sys/class/net/eth0/address");
	show("mtu ", "/sys/class/net/eth0/mtu");
	show("online ", "/sys/devices/system/cpu/online");
	printf("cpus %d\n", get_nprocs());
	fd = open("/proc/self/comm", O_WRONLY);
	if (write(fd, "renamed", 7) != 7)
		return 2;
	prctl(PR_GET_NAME, buf);
	printf("comm %s\n", buf);
	link_of("self", "/proc/self");
	DIR *d = opendir("/proc/self/task");
	for (struct dirent *e; (e = readdir(d));)
		if (e->d_name[0] != '.')
			printf("task %s\n", e->d_name);
	fd = shm_open("/shared", O_RDWR | O_CREAT, 0600);
	if (fd < 0 || shm_unlink("/shared"))
		return 3;
	for (i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		if (slurp(expected[i]) <= 0) {
			printf("missing: %s\n", expected[i]);
			missing++;
		}
	printf("%s\n", missing ? "some missing" : "all there");
	return 0;
}
