/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_SIGNAL_HOOK_H
#define BW_KERNEL_LIB_SIGNAL_HOOK_H

/*
 * Signals from below: sockets, pipes, the console and the power button send them without knowing
 * who receives. The floor that runs programs in ring 3 registers here; until it does, and for
 * linked-in programs, nothing is sent.
 */
#include <kernel/lib/types.h>

/* Who wants to hear of a file's events (fcntl's F_SETOWN); pid 0: nobody. */
struct fown_struct {
	int type;   /* F_OWNER_TID, F_OWNER_PID, F_OWNER_PGRP */
	int pid;
	int signum; /* F_SETSIG; 0: SIGIO without siginfo */
	int fd;	    /* of the F_SETFL or FIOASYNC that switched O_ASYNC on */
};

struct signal_receiver {
	/* To the program, as from the kernel; any context. False: there is none. */
	bool (*program)(int sig);
	/* To the calling thread, as if it had killed itself. */
	void (*thread)(int sig);
	/* To the owner of a file: POLL_* of siginfo and poll's events. Any context. */
	void (*owner)(const struct fown_struct *o, int sig, int code, u32 band);
	/* Whether there is such an owner; yes, where nobody could be told. */
	bool (*owner_exists)(int type, int pid);
};

void signal_set_receiver(const struct signal_receiver *r);

bool send_sig_program(int sig);
void send_sig_thread(int sig);
/* o's SIGIO, or the signal it chose; code is POLL_* of siginfo. */
void send_sigio(const struct fown_struct *o, int code);
void send_sigurg(const struct fown_struct *o);
bool signal_owner_exists(int type, int pid);

#endif /* BW_KERNEL_LIB_SIGNAL_HOOK_H */
