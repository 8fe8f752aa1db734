/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading directories; struct dirent is the kernel's linux_dirent64. */
#ifndef _DIRENT_H
#define _DIRENT_H

#include <bits/types.h>

struct dirent {
	ino_t d_ino;
	off_t d_off;
	unsigned short d_reclen;
	unsigned char d_type;
	char d_name[256];
};
_Static_assert(sizeof(struct dirent) == 280, "ABI");

#define DT_UNKNOWN	0
#define DT_FIFO		1
#define DT_CHR		2
#define DT_DIR		4
#define DT_BLK		6
#define DT_REG		8
#define DT_LNK		10
#define DT_SOCK		12

typedef struct __dirstream DIR;

DIR *opendir(const char *path);
DIR *fdopendir(int fd);
int dirfd(DIR *dir);
struct dirent *readdir(DIR *dir);
int closedir(DIR *dir);
void rewinddir(DIR *dir);

#endif
