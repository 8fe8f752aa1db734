// SPDX-License-Identifier: BSD-2-Clause
/*
 * The terminal of the shell: raw mode while it edits or runs its own commands, the settings it
 * found while a program runs in the foreground.
 *
 * In raw mode Ctrl-C is a byte; a command that may take long asks term_interrupted() or waits in
 * term_poll(), and what was typed besides is kept for the editor. For a program the terminal makes
 * the signal itself, and the shell names the program's process group as the one in the foreground.
 * When standard input is no terminal all of this does nothing.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <apps/sh/sh.h>

#define CTRL_C 3

static struct termios found, raw;
static bool is_tty;
static bool at_end;
static bool interrupted;
static unsigned char kept[256]; /* typed ahead */
static size_t kept_from, kept_n;

void term_start(void)
{
	is_tty = tcgetattr(0, &found) == 0;
	if (!is_tty)
		return;
	raw = found;
	raw.c_iflag &= ~(tcflag_t)(ICRNL | IXON);
	raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON | IEXTEN | ISIG);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	/* Taking the terminal back from a program must not stop the shell. */
	signal(SIGTTOU, SIG_IGN);
	term_raw();
}

void term_stop(void)
{
	if (is_tty)
		tcsetattr(0, TCSADRAIN, &found);
}

bool term_is_tty(void)
{
	return is_tty;
}

void term_raw(void)
{
	if (!is_tty)
		return;
	tcsetpgrp(0, getpid());
	tcsetattr(0, TCSADRAIN, &raw);
}

void term_cooked(int pid)
{
	if (!is_tty)
		return;
	tcsetattr(0, TCSADRAIN, &found);
	tcsetpgrp(0, pid);
}

unsigned int term_width(void)
{
	struct winsize ws;

	if (ioctl(1, TIOCGWINSZ, &ws) < 0 || ws.ws_col < 20)
		return 80;
	return ws.ws_col;
}

/* Read what is there into the kept bytes; a Ctrl-C is taken out and remembered. */
static void collect(void)
{
	unsigned char buf[64];
	size_t room = sizeof(kept) - kept_n;
	ssize_t n;

	if (!room) {
		/* Too much typed ahead: the oldest goes. */
		kept_from++;
		kept_n--;
		room = 1;
	}
	n = read(0, buf, room < sizeof(buf) ? room : sizeof(buf));
	if (n == 0)
		at_end = true;
	for (ssize_t i = 0; i < n; i++) {
		if (buf[i] == CTRL_C)
			interrupted = true;
		else
			kept[(kept_from + kept_n++) % sizeof(kept)] = buf[i];
	}
}

int term_key(void)
{
	unsigned char c;
	ssize_t n;

	interrupted = false;
	if (kept_n) {
		c = kept[kept_from++ % sizeof(kept)];
		kept_n--;
		return c;
	}
	do
		n = at_end ? 0 : read(0, &c, 1);
	while (n < 0 && errno == EINTR);
	return n == 1 ? c : -1;
}

bool term_has_key(void)
{
	return kept_n || at_end;
}

bool term_interrupted(void)
{
	struct pollfd p = {.fd = 0, .events = POLLIN};
	bool was;

	if (is_tty && poll(&p, 1, 0) > 0)
		collect();
	was = interrupted;
	interrupted = false;
	return was;
}

bool term_poll(struct pollfd *fds, unsigned int n, int timeout_ms)
{
	bool was;

	fds[n] = (struct pollfd){.fd = is_tty && !at_end ? 0 : -1, .events = POLLIN};
	for (unsigned int i = 0; i < n; i++)
		fds[i].revents = 0;
	if (poll(fds, n + 1, interrupted ? 0 : timeout_ms) > 0 && fds[n].revents)
		collect();
	was = interrupted;
	interrupted = false;
	return was;
}
