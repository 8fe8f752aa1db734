/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The line discipline: POSIX.1-2017 chapter 11 (general terminal interface), as far as a serial
 * console needs it. Canonical mode: a line is edited with erase (DEL or Ctrl-H) and kill (Ctrl-U),
 * echoed, and readable once it is complete; Ctrl-D ends it without a newline, alone it reads as
 * end of file. Raw mode: every byte is readable at once. ICRNL, INLCR, IGNCR on input, OPOST with
 * ONLCR on output, ISIG with VINTR and, for
 * programs in ring 3, VQUIT.
 *
 * The input buffer is bounded; what does not fit is dropped and counted, one place stays free for
 * the newline that lets the reader empty it. Runs with softirqs off, from the port's tasklet and
 * from tty.c. Left out: flow control by characters, job control, parity.
 */
#include <drivers/char/tty.h>
#include <kernel/lib/bug.h>
#include <kernel/sched/softirq.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>

/* In <termios.h> of Linux, and not needed by programs here. */
#define INLCR 0000100
#define IGNCR 0000200
#define ECHOE 0000020
#define ECHOK 0000040
#define ECHOCTL 0001000
#define ECHOKE 0004000
#define CFLAG_115200_8N1 0x1cb2 /* B115200 | CS8 | CREAD | HUPCL | CLOCAL */
#define CTRL(c) ((c) & 0x1f)
#define DEL 0x7f
#define EOF_MARK 0x04

void tty_init(struct tty *tty, const char *name, const struct tty_ops *ops, void *port)
{
	struct termios *t = &tty->termios;

	memset(tty, 0, sizeof(*tty));
	tty->name = name;
	tty->ops = ops;
	tty->port = port;
	tty->rows = 24;
	tty->cols = 80;
	t->c_iflag = ICRNL;
	t->c_oflag = OPOST | ONLCR;
	t->c_cflag = CFLAG_115200_8N1;
	t->c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN;
	t->c_cc[VINTR] = CTRL('C');
	t->c_cc[VQUIT] = CTRL('\\');
	t->c_cc[VERASE] = DEL;
	t->c_cc[VKILL] = CTRL('U');
	t->c_cc[VEOF] = CTRL('D');
	t->c_cc[VMIN] = 1;
	init_waitqueue_head(&tty->read_wait);
	init_waitqueue_head(&tty->write_wait);
}

void tty_set_raw(struct tty *tty)
{
	tty->termios.c_iflag = 0;
	tty->termios.c_oflag = 0;
	tty->termios.c_lflag = 0;
}

static inline bool canonical(const struct tty *tty)
{
	return tty->termios.c_lflag & ICANON;
}

static inline bool get_eol(const struct tty *tty, u32 pos)
{
	pos %= TTY_BUF_SIZE;
	return tty->eol[pos / 8] >> pos % 8 & 1;
}

static inline void set_eol(struct tty *tty, u32 pos, bool eol)
{
	u8 bit = (u8)(1u << pos % 8);

	pos %= TTY_BUF_SIZE;
	if (eol)
		tty->eol[pos / 8] |= bit;
	else
		tty->eol[pos / 8] &= (u8)~bit;
}

size_t tty_put_output(struct tty *tty, const u8 *buf, size_t len)
{
	bool crlf = (tty->termios.c_oflag & (OPOST | ONLCR)) == (OPOST | ONLCR);
	size_t done = 0, run;

	while (done < len) {
		if (crlf && buf[done] == '\n') {
			if (tty->ops->write_room(tty) < 2)
				break;
			tty->ops->write(tty, (const u8 *)"\r\n", 2);
			done++;
			continue;
		}
		for (run = 1; done + run < len && !(crlf && buf[done + run] == '\n'); run++)
			;
		run = tty->ops->write(tty, buf + done, run);
		if (!run)
			break;
		done += run;
	}
	return done;
}

/* Show one byte; control characters as ^X. Echo that finds no room is lost. */
static void echo(struct tty *tty, u8 c)
{
	u8 visible[2] = { '^', (u8)(c ^ 0x40) };

	if (!(tty->termios.c_lflag & ECHO))
		return;
	if (canonical(tty) && (c < ' ' || c == DEL) && c != '\n' && c != '\t')
		tty_put_output(tty, visible, 2);
	else
		tty_put_output(tty, &c, 1);
}

/* Take the newest byte of the line under work back. */
static void erase_one(struct tty *tty)
{
	u8 c = tty->buf[--tty->head % TTY_BUF_SIZE];

	if (!(tty->termios.c_lflag & ECHO))
		return;
	/* The continuation bytes of a UTF-8 character have no width of their own. */
	if ((c & 0xc0) == 0x80)
		return;
	tty_put_output(tty, (const u8 *)"\b \b", 3);
	if (c < ' ' || c == DEL)
		tty_put_output(tty, (const u8 *)"\b \b", 3);
}

static void erase_char(struct tty *tty)
{
	while (tty->head != tty->canon) {
		u8 c = tty->buf[(tty->head - 1) % TTY_BUF_SIZE];

		erase_one(tty);
		if ((c & 0xc0) != 0x80)
			break;
	}
}

/* Append a byte; `ends` completes the line. */
static void store(struct tty *tty, u8 c, bool ends)
{
	u32 room = TTY_BUF_SIZE - (tty->head - tty->tail);

	if (room <= (ends ? 0u : 1u)) {
		tty->rx_dropped++;
		return;
	}
	tty->buf[tty->head % TTY_BUF_SIZE] = c;
	set_eol(tty, tty->head, ends);
	tty->head++;
	if (ends || !canonical(tty)) {
		tty->canon = tty->head;
		tty->lines += ends;
		wake_up_interruptible_poll(&tty->read_wait, EPOLLIN | EPOLLRDNORM);
	}
}

static void receive_canonical(struct tty *tty, u8 c)
{
	const cc_t *cc = tty->termios.c_cc;

	if (c == cc[VERASE] || c == CTRL('H')) {
		erase_char(tty);
	} else if (c == cc[VKILL]) {
		while (tty->head != tty->canon)
			erase_one(tty);
	} else if (c == cc[VEOF]) {
		store(tty, EOF_MARK, true);
	} else {
		echo(tty, c);
		store(tty, c, c == '\n');
	}
}

void tty_receive(struct tty *tty, u8 c)
{
	const struct termios *t = &tty->termios;

	if (c == '\r') {
		if (t->c_iflag & IGNCR)
			return;
		if (t->c_iflag & ICRNL)
			c = '\n';
	} else if (c == '\n' && (t->c_iflag & INLCR)) {
		c = '\r';
	}
	if ((t->c_lflag & ISIG) && c == t->c_cc[VINTR]) {
		echo(tty, c);
		tty_flush_input(tty);
		tty_interrupt(tty);
		return;
	}
	if ((t->c_lflag & ISIG) && c == t->c_cc[VQUIT] && tty_signal(tty, SIGQUIT)) {
		echo(tty, c);
		tty_flush_input(tty);
		return;
	}
	if (canonical(tty)) {
		receive_canonical(tty, c);
	} else {
		echo(tty, c);
		store(tty, c, false);
	}
}

bool tty_input_ready(const struct tty *tty)
{
	return canonical(tty) ? tty->lines != 0 : tty->canon != tty->tail;
}

size_t tty_input_bytes(const struct tty *tty)
{
	return tty->canon - tty->tail;
}

size_t tty_take_input(struct tty *tty, u8 *buf, size_t len, bool *end)
{
	size_t n = 0;

	*end = false;
	while (n < len && tty->tail != tty->canon) {
		u8 c = tty->buf[tty->tail % TTY_BUF_SIZE];
		bool ends = get_eol(tty, tty->tail);

		tty->tail++;
		tty->lines -= ends;
		if (!(ends && c == EOF_MARK))
			buf[n++] = c;
		if (ends && canonical(tty)) {
			*end = true;
			break;
		}
	}
	return n;
}

void tty_flush_input(struct tty *tty)
{
	tty->tail = tty->canon = tty->head;
	tty->lines = 0;
}

void tty_set_termios(struct tty *tty, const struct termios *t)
{
	bool was = canonical(tty);

	tty->termios = *t;
	if (was == canonical(tty))
		return;
	/* What was typed so far becomes readable: as bytes, or as one line. */
	if (tty->head != tty->tail && !was && !get_eol(tty, tty->head - 1)) {
		set_eol(tty, tty->head - 1, true);
		tty->lines++;
	}
	tty->canon = tty->head;
	if (tty_input_ready(tty))
		wake_up_interruptible_poll(&tty->read_wait, EPOLLIN | EPOLLRDNORM);
}
