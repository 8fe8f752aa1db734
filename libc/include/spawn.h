/* SPDX-License-Identifier: BSD-2-Clause */
/* Starting another program (POSIX); here: a linked-in one, as a thread with its own descriptors. */
#ifndef _SPAWN_H
#define _SPAWN_H

#include <bits/types.h>

/* File actions are not supported: pass NULL. */
typedef struct {
	int unused[20];
} posix_spawn_file_actions_t;
typedef struct {
	short flags;
	int unused[83];
} posix_spawnattr_t;

/* The one attribute there is; true of every spawned program here. */
#define POSIX_SPAWN_SETPGROUP	0x02

int posix_spawnattr_init(posix_spawnattr_t *attr);
int posix_spawnattr_destroy(posix_spawnattr_t *attr);
int posix_spawnattr_setflags(posix_spawnattr_t *attr, short flags);
int posix_spawnattr_setpgroup(posix_spawnattr_t *attr, pid_t pgroup);

/*
 * Returns 0 or an error number (not errno); the program gets the caller's descriptors 0, 1 and 2.
 */
int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
		 const posix_spawnattr_t *attr, char *const argv[], char *const envp[]);
int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
		const posix_spawnattr_t *attr, char *const argv[], char *const envp[]);

#endif
