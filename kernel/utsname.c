// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who the kernel says it is: uname(2), and the process number of a system with one program.
 * Programs in ring 3 were made for Linux and read the release to learn what there is: they are
 * told the release whose system calls these are. Linked-in programs are told the truth. Any
 * context. The node's name is what sethostname(2) or the command line's ip= made it.
 */
#include <errno.h>
#include <kernel/lib/capability.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>
#include <kernel/sys.h>
#include <kernel/version.h>
#include <string.h>
#include <sys/utsname.h>

static struct utsname name = { .sysname = "Barewire",
			       .nodename = "barewire",
			       .release = BAREWIRE_VERSION,
			       .version = "#1",
			       .machine = "x86_64",
			       .domainname = "(none)" };

const struct utsname *utsname(void)
{
	return &name;
}

/* As uname -srv of a Debian 12 kernel looks. */
static const struct utsname as_linux = { .sysname = "Linux",
					 .release = "6.1.0-barewire",
					 .version = "#1 SMP Barewire " BAREWIRE_VERSION };

void utsname_for_caller(struct utsname *answer)
{
	*answer = name;
	if (current->user) {
		memcpy(answer->sysname, as_linux.sysname, sizeof(answer->sysname));
		memcpy(answer->release, as_linux.release, sizeof(answer->release));
		memcpy(answer->version, as_linux.version, sizeof(answer->version));
	}
}

long sys_uname(struct utsname *u)
{
	struct utsname answer;

	utsname_for_caller(&answer);
	return copy_to_user(u, &answer, sizeof(answer));
}

static long set_name(char *to, const char *text, size_t len)
{
	char copy[_UTSNAME_LENGTH] = { 0 };

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (len >= sizeof(copy))
		return -EINVAL;
	if (copy_from_user(copy, text, len))
		return -EFAULT;
	memcpy(to, copy, sizeof(copy));
	return 0;
}

int kernel_sethostname(const char *text)
{
	if (strlen(text) >= sizeof(name.nodename))
		return -EINVAL;
	memset(name.nodename, 0, sizeof(name.nodename));
	strcpy(name.nodename, text);
	return 0;
}

long sys_sethostname(const char *text, size_t len)
{
	return set_name(name.nodename, text, len);
}

long sys_setdomainname(const char *text, size_t len)
{
	return set_name(name.domainname, text, len);
}

long sys_getpid(void)
{
	return 1;
}
