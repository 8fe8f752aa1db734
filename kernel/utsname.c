// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who the kernel says it is: uname(2), and the process number of a system with one program.
 * Programs call it through libc; a linked-in program has no other identity. Any context.
 * The node's name is what sethostname(2) or the command line's ip= made it. Left out: NIS domains.
 */
#include <errno.h>
#include <kernel/mm/uaccess.h>
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

long sys_uname(struct utsname *u)
{
	return copy_to_user(u, &name, sizeof(name));
}

long sys_sethostname(const char *text, size_t len)
{
	char copy[sizeof(name.nodename)] = { 0 };

	if (len >= sizeof(copy))
		return -EINVAL;
	if (copy_from_user(copy, text, len))
		return -EFAULT;
	memcpy(name.nodename, copy, sizeof(copy));
	return 0;
}

long sys_getpid(void)
{
	return 1;
}
