/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Programs inside the program: what exit(), the system-call wrappers and program start need to know
 * about threads made by posix_spawn().
 */
#ifndef LIBC_UNIX_SPAWN_H
#define LIBC_UNIX_SPAWN_H

/* If the running thread is a spawned program, end it with this wait status; otherwise return. */
void __spawn_exit(int wait_status);
/* End the running thread if it is a spawned program that was killed. */
void __die_if_killed(void);
/* Make getopt() begin anew, whatever an earlier program left. */
void __getopt_reset(void);

#endif
