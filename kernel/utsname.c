// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who the kernel says it is: uname(2), and the process number of a system with one program.
 * Programs call it through libc; a linked-in program has no other identity. Any context.
 * Left out: setting the names.
 */
#include <errno.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sys.h>
#include <kernel/version.h>
#include <sys/utsname.h>

long sys_uname(struct utsname *u)
{
	static const struct utsname name = { .sysname = "Barewire",
					     .nodename = "barewire",
					     .release = BAREWIRE_VERSION,
					     .version = "#1",
					     .machine = "x86_64",
					     .domainname = "(none)" };

	return copy_to_user(u, &name, sizeof(name));
}

long sys_getpid(void)
{
	return 1;
}
