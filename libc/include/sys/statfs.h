/* SPDX-License-Identifier: BSD-2-Clause */
/* Space of a file system; Linux x86-64 layout. */
#ifndef _SYS_STATFS_H
#define _SYS_STATFS_H

#include <bits/types.h>

struct statfs {
	long f_type;
	long f_bsize;
	unsigned long f_blocks;
	unsigned long f_bfree;
	unsigned long f_bavail;
	unsigned long f_files;
	unsigned long f_ffree;
	struct {
		int __val[2];
	} f_fsid;
	long f_namelen;
	long f_frsize;
	long f_flags;
	long f_spare[4];
};
_Static_assert(sizeof(struct statfs) == 120, "ABI");

int statfs(const char *path, struct statfs *buf);

#endif
