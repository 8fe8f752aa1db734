/* SPDX-License-Identifier: BSD-2-Clause */
/* Who the kernel says it is. */
#ifndef _SYS_UTSNAME_H
#define _SYS_UTSNAME_H

#define _UTSNAME_LENGTH	65

struct utsname {
	char sysname[_UTSNAME_LENGTH];
	char nodename[_UTSNAME_LENGTH];
	char release[_UTSNAME_LENGTH];
	char version[_UTSNAME_LENGTH];
	char machine[_UTSNAME_LENGTH];
	char domainname[_UTSNAME_LENGTH];
};
_Static_assert(sizeof(struct utsname) == 390, "ABI");

int uname(struct utsname *u);

#endif
