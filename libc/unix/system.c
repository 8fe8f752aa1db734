// SPDX-License-Identifier: BSD-2-Clause
/*
 * The machine and the program's identity: memory mapping, random bytes, kernel log, uname, reboot,
 * limits, sysconf (POSIX and Linux).
 *
 * Wrappers over the kernel's calls; what the kernel has no call for is answered from /proc or from
 * what is always true of a unikernel (one program, user 0, host name of uname). Thread context.
 * Left out: changing limits and users; setrlimit succeeds only for what is already so.
 */
#include <errno.h>
#include <string.h>
#include <stdio.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include <kernel/sys.h>
#include <libc/unix/syscall.h>

#define PAGE_BYTES 4096
/* Linux's magic words of reboot(2). */
#define REBOOT_MAGIC1 ((int)0xfee1dead)
#define REBOOT_MAGIC2 672274793
/* Linux's default; what the descriptor table really takes is for the kernel to say. */
#define OPEN_MAX_DEFAULT 65536

void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t off)
{
	return (void *)__ret(sys_mmap(addr, len, prot, flags, fd, off));
}

int munmap(void *addr, size_t len)
{
	return (int)__ret(sys_munmap(addr, len));
}

ssize_t getrandom(void *buf, size_t len, unsigned int flags)
{
	return __ret(sys_getrandom(buf, len, flags));
}

int getentropy(void *buf, size_t len)
{
	if (len > 256) {
		errno = EIO;
		return -1;
	}
	return getrandom(buf, len, 0) == (ssize_t)len ? 0 : -1;
}

int klogctl(int action, char *buf, int len)
{
	return (int)__ret(sys_syslog(action, buf, len));
}

int uname(struct utsname *u)
{
	return (int)__ret(sys_uname(u));
}

int gethostname(char *name, size_t len)
{
	struct utsname u;

	if (uname(&u) < 0)
		return -1;
	if (strlcpy(name, u.nodename, len) >= len) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return 0;
}

int sethostname(const char *name, size_t len)
{
	return (int)__ret(sys_sethostname(name, len));
}

int reboot(int howto)
{
	return (int)__ret(sys_reboot(REBOOT_MAGIC1, REBOOT_MAGIC2, (unsigned int)howto, NULL));
}

pid_t getpid(void)
{
	return (pid_t)sys_getpid();
}

pid_t getppid(void)
{
	return 0;
}

uid_t getuid(void)
{
	return 0;
}

uid_t geteuid(void)
{
	return 0;
}

gid_t getgid(void)
{
	return 0;
}

gid_t getegid(void)
{
	return 0;
}

/* A line "NAME:  123 kB" of /proc/meminfo, in bytes; 0 when it is not there. */
static unsigned long meminfo(const char *name)
{
	unsigned long kib, found = 0;
	char line[128];
	FILE *f = fopen("/proc/meminfo", "r");

	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, name, strlen(name)) &&
		    sscanf(line + strlen(name), ": %lu", &kib) == 1)
			found = kib * 1024;
	}
	fclose(f);
	return found;
}

long sysconf(int name)
{
	switch (name) {
	case _SC_CLK_TCK:
		return 100;
	case _SC_OPEN_MAX:
		return OPEN_MAX_DEFAULT;
	case _SC_PAGESIZE:
		return PAGE_BYTES;
	case _SC_NPROCESSORS_CONF:
	case _SC_NPROCESSORS_ONLN:
		return 1;
	case _SC_IOV_MAX:
		return 1024;
	case _SC_PHYS_PAGES:
		return (long)(meminfo("MemTotal") / PAGE_BYTES);
	case _SC_AVPHYS_PAGES:
		return (long)(meminfo("MemFree") / PAGE_BYTES);
	default:
		errno = EINVAL;
		return -1;
	}
}

int getpagesize(void)
{
	return PAGE_BYTES;
}

int sysinfo(struct sysinfo *info)
{
	struct timespec up;

	memset(info, 0, sizeof(*info));
	if (__ret(sys_clock_gettime(CLOCK_MONOTONIC, &up)) < 0)
		return -1;
	info->uptime = up.tv_sec;
	info->totalram = meminfo("MemTotal");
	info->freeram = meminfo("MemFree");
	info->procs = 1;
	info->mem_unit = 1;
	return 0;
}

int getrlimit(int resource, struct rlimit *lim)
{
	lim->rlim_cur = lim->rlim_max = RLIM_INFINITY;
	if (resource == RLIMIT_NOFILE)
		lim->rlim_cur = lim->rlim_max = OPEN_MAX_DEFAULT;
	return 0;
}

int setrlimit(int resource, const struct rlimit *lim)
{
	struct rlimit now;

	getrlimit(resource, &now);
	if (lim->rlim_cur > now.rlim_max) {
		errno = EPERM;
		return -1;
	}
	return 0;
}
