/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_DRIVERS_CHAR_TTY_H
#define BW_DRIVERS_CHAR_TTY_H

/*
 * Terminals: what lies between a serial port and /dev/ttyS0. The port gives received bytes to
 * tty_receive() and takes output through its tty_ops; the line discipline does editing, echo and
 * Ctrl-C; tty.c makes a file of it.
 */
#include <kernel/fs/file.h>
#include <termios.h>

#define TTY_BUF_SIZE 4096u /* input that nobody has read yet */

struct tty;
struct tty_ops {
	/* Take up to len bytes for sending, all or part; any context. */
	size_t (*write)(struct tty *tty, const u8 *buf, size_t len);
	size_t (*write_room)(struct tty *tty);
	size_t (*chars_in_buffer)(struct tty *tty); /* not sent yet */
};

/* Letters: [I] fixed at creation, [b] thread with softirqs off, or softirq. */
struct tty {
	const char *name;	   /* [I] */
	const struct tty_ops *ops; /* [I] */
	void *port;		   /* [I] of the driver */
	struct termios termios;	   /* [b] */
	u16 rows, cols;		   /* [b] for the program's use only */
	int pgrp;		   /* [b] thread that Ctrl-C is for (TIOCSPGRP), 0: the program */
	/* [b] Input ring by running numbers: tail <= canon <= head; readable up to canon. */
	u32 head, canon, tail;
	u32 lines; /* [b] line ends between tail and canon */
	u8 buf[TTY_BUF_SIZE];
	u8 eol[TTY_BUF_SIZE / 8]; /* bit: this byte ends a line; with EOF_MARK it is no data */
	u64 rx_dropped;		  /* [b] buffer full */
	wait_queue_head_t read_wait, write_wait;
};

void tty_init(struct tty *tty, const char *name, const struct tty_ops *ops, void *port);
/* Bytes pass unchanged from now on, until a program asks for something else. */
void tty_set_raw(struct tty *tty);
/* One received byte. Softirq context. */
void tty_receive(struct tty *tty, u8 c);
/* The port has room again. Softirq context. */
void tty_write_wakeup(struct tty *tty);

/* The line discipline (tty_ldisc.c). All with softirqs off. */
bool tty_input_ready(const struct tty *tty);
/* Bytes for one read(), at most len; a line ends it in canonical mode. *end: a line ended here. */
size_t tty_take_input(struct tty *tty, u8 *buf, size_t len, bool *end);
size_t tty_input_bytes(const struct tty *tty);
void tty_set_termios(struct tty *tty, const struct termios *t);
void tty_flush_input(struct tty *tty);
/* Send with OPOST applied; returns how many bytes of buf were taken. */
size_t tty_put_output(struct tty *tty, const u8 *buf, size_t len);

/*
 * What Ctrl-C does: fn is called in a kernel thread with the foreground thread's number
 * (TIOCSPGRP). libc registers its kill(pid, SIGINT) here. When there is no foreground thread, the
 * program ends as if it had died of the signal. A program in ring 3 gets SIGINT.
 */
void tty_set_interrupt_handler(void (*fn)(int pid));
void tty_interrupt(struct tty *tty);
/* A program in ring 3 leads this session, whose terminal the console is. */
void tty_set_session(int sid);
/* To a program in ring 3; false: there is none, the byte is input. */
bool tty_signal(struct tty *tty, int sig);

/* /dev/NAME for a terminal. 0 or -errno. */
int tty_register(struct tty *tty, const char *name);

#endif /* BW_DRIVERS_CHAR_TTY_H */
