// SPDX-License-Identifier: BSD-2-Clause
/*
 * Terminal settings (POSIX <termios.h>) of the serial console.
 *
 * Called by programs in thread context; TCSADRAIN and TCSAFLUSH sleep until the output is sent. The
 * kernel's structure is the first 36 bytes of the one programs see (19 control characters, no
 * separate speeds), so it is read and written in place. Left out: line speeds, breaks, flow
 * control.
 */
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

int tcgetattr(int fd, struct termios *t)
{
	memset(t, 0, sizeof(*t));
	return ioctl(fd, TCGETS, t);
}

int tcsetattr(int fd, int when, const struct termios *t)
{
	static const unsigned int requests[] = {TCSETS, TCSETSW, TCSETSF};

	return ioctl(fd, requests[when == TCSADRAIN || when == TCSAFLUSH ? when : TCSANOW], t);
}

void cfmakeraw(struct termios *t)
{
	t->c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INPCK | ISTRIP | IXON);
	t->c_oflag &= ~(tcflag_t)OPOST;
	t->c_lflag &= ~(tcflag_t)(ECHO | ICANON | IEXTEN | ISIG);
	t->c_cc[VMIN] = 1;
	t->c_cc[VTIME] = 0;
}

int isatty(int fd)
{
	struct termios t;

	return tcgetattr(fd, &t) == 0;
}

pid_t tcgetpgrp(int fd)
{
	pid_t pgrp;

	return ioctl(fd, TIOCGPGRP, &pgrp) < 0 ? -1 : pgrp;
}

int tcsetpgrp(int fd, pid_t pgrp)
{
	return ioctl(fd, TIOCSPGRP, &pgrp);
}
