/* SPDX-License-Identifier: BSD-2-Clause */
/* Starting another program (POSIX); here: a linked-in one, as a thread with its own descriptors. */
#ifndef _SPAWN_H
#define _SPAWN_H

#include <bits/types.h>

/* Neither file actions nor attributes are supported: pass NULL, as on any system. */
typedef struct {
	int unused[20];
} posix_spawn_file_actions_t;
typedef struct {
	int unused[84];
} posix_spawnattr_t;

/*
 * Returns 0 or an error number (not errno); the program gets the caller's descriptors 0, 1 and 2.
 */
int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
		 const posix_spawnattr_t *attr, char *const argv[], char *const envp[]);
int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
		const posix_spawnattr_t *attr, char *const argv[], char *const envp[]);

#endif
