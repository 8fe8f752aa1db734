/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals as files: /dev/ttyS0, /dev/ttyS1 and /dev/console. Reading waits for a line in
 * canonical mode, otherwise as VMIN and VTIME say (POSIX.1-2017 section 11.1.7); writing waits for
 * room in the port's buffer; poll, and the ioctls of tcgetattr() and friends with the layout that
 * Linux's kernel has for x86-64 (36 bytes, without the speeds).
 *
 * Thread context; softirqs are off while the terminal's state is touched. Left out: sessions, job
 * control (the foreground is one number, for Ctrl-C), line speed changes.
 */
#include <drivers/char/tty.h>
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/devfs.h>
#include <kernel/fs/iov_iter.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/signal_hook.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/softirq.h>
#include <kernel/sched/workqueue.h>
#include <kernel/sys.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#define KERNEL_TERMIOS_SIZE 36
#define CHUNK 256
#define JIFFIES_PER_VTIME 100
#define SIGINT_STATUS (128 + SIGINT)

struct winsize_abi {
	u16 rows, cols, xpixel, ypixel;
};

static void (*interrupt_handler)(int pid);
static int interrupted_pid;

static int session; /* [I] of the program that has the console, and its group; 0: linked in */

void tty_set_session(int sid)
{
	session = sid;
}

void tty_set_interrupt_handler(void (*fn)(int pid))
{
	interrupt_handler = fn;
}

static void interrupt_work_fn(struct work_struct *w)
{
	if (interrupted_pid && interrupt_handler) {
		interrupt_handler(interrupted_pid);
	} else {
		pr_notice("interrupted from the console\n");
		sys_exit_group(SIGINT_STATUS);
	}
}

bool tty_signal(struct tty *tty, int sig)
{
	(void)tty;
	return send_sig_program(sig);
}

void tty_interrupt(struct tty *tty)
{
	static struct work_struct work;

	if (tty_signal(tty, SIGINT))
		return;
	if (!work.func)
		INIT_WORK(&work, interrupt_work_fn);
	interrupted_pid = tty->pgrp;
	schedule_work(&work);
}

/* Bytes that let a read in raw mode return. */
static size_t raw_minimum(const struct tty *tty, size_t want)
{
	size_t most = min_t(size_t, want, TTY_BUF_SIZE - 1);

	return min_t(size_t, tty->termios.c_cc[VMIN], most);
}

/* How long the reader may sleep now, in jiffies; 0: it has what it waits for. */
static long read_patience(const struct tty *tty, size_t want)
{
	size_t have = tty_input_bytes(tty), need = raw_minimum(tty, want);
	long vtime = tty->termios.c_cc[VTIME] * JIFFIES_PER_VTIME;

	if (tty->termios.c_lflag & ICANON)
		return tty->lines ? 0 : (long)MAX_SCHEDULE_TIMEOUT;
	if (need == 0) /* one timer over the whole read */
		return have ? 0 : vtime;
	if (have >= need)
		return 0;
	return have && vtime ? vtime : (long)MAX_SCHEDULE_TIMEOUT;
}

/* Sleep until there is input for a read of `want` bytes or its time is over. 0 or -errno. */
static int wait_for_input(struct file *f, struct tty *tty, size_t want)
{
	long patience;
	int err = 0;
	DEFINE_WAIT(wait);

	for (;;) {
		prepare_to_wait(&tty->read_wait, &wait, TASK_INTERRUPTIBLE);
		patience = read_patience(tty, want);
		if (!patience)
			break;
		if (f->f_flags & O_NONBLOCK) {
			err = tty_input_ready(tty) ? 0 : -EAGAIN;
			break;
		}
		if (signal_pending(current)) {
			err = -ERESTARTSYS;
			break;
		}
		if (!schedule_timeout(patience) && patience != (long)MAX_SCHEDULE_TIMEOUT)
			break;
	}
	finish_wait(&tty->read_wait, &wait);
	return err;
}

static ssize_t tty_read(struct file *f, struct iov_iter *to, long *pos)
{
	struct tty *tty = f->private_data;
	u8 chunk[CHUNK];
	size_t done = 0, n;
	bool end = false;
	int err;

	if (!iov_iter_count(to))
		return 0;
	err = wait_for_input(f, tty, iov_iter_count(to));
	if (err)
		return err;
	while (iov_iter_count(to) && !end) {
		local_bh_disable();
		n = tty_take_input(tty, chunk, min_t(size_t, sizeof(chunk), iov_iter_count(to)),
				   &end);
		local_bh_enable();
		if (copy_to_iter(chunk, n, to) != n)
			return done ? (ssize_t)done : -EFAULT;
		done += n;
		if (!n)
			break;
	}
	return (ssize_t)done;
}

static ssize_t tty_write(struct file *f, struct iov_iter *from, long *pos)
{
	struct tty *tty = f->private_data;
	u8 chunk[CHUNK];
	size_t done = 0, n, put;

	while (iov_iter_count(from)) {
		n = copy_from_iter(chunk, min_t(size_t, sizeof(chunk), iov_iter_count(from)), from);
		if (!n)
			return done ? (ssize_t)done : -EFAULT;
		for (put = 0;;) {
			local_bh_disable();
			put += tty_put_output(tty, chunk + put, n - put);
			local_bh_enable();
			if (put == n)
				break;
			if (f->f_flags & O_NONBLOCK) {
				done += put;
				return done ? (ssize_t)done : -EAGAIN;
			}
			/* Two: a newline goes out as CR LF. */
			if (wait_event_interruptible(&tty->write_wait,
						     tty->ops->write_room(tty) >= 2)) {
				done += put;
				return done ? (ssize_t)done : -ERESTARTSYS;
			}
		}
		done += n;
	}
	return (ssize_t)done;
}

static u32 tty_poll(struct file *f, struct poll_table *pt)
{
	struct tty *tty = f->private_data;
	u32 events = 0;

	poll_wait(f, &tty->read_wait, pt);
	poll_wait(f, &tty->write_wait, pt);
	if (tty_input_ready(tty))
		events |= EPOLLIN | EPOLLRDNORM;
	if (tty->ops->write_room(tty) >= 2)
		events |= EPOLLOUT | EPOLLWRNORM;
	return events;
}

void tty_write_wakeup(struct tty *tty)
{
	wake_up_interruptible_poll(&tty->write_wait, EPOLLOUT | EPOLLWRNORM);
}

static long set_termios(struct tty *tty, unsigned int cmd, const void *arg)
{
	struct termios t = tty->termios;

	if (copy_from_user(&t, arg, KERNEL_TERMIOS_SIZE))
		return -EFAULT;
	if (cmd != TCSETS &&
	    wait_event_interruptible(&tty->write_wait, !tty->ops->chars_in_buffer(tty)))
		return -ERESTARTSYS;
	local_bh_disable();
	if (cmd == TCSETSF)
		tty_flush_input(tty);
	tty_set_termios(tty, &t);
	local_bh_enable();
	return 0;
}

static long window_size(struct tty *tty, unsigned int cmd, void *arg)
{
	struct winsize_abi ws = { .rows = tty->rows, .cols = tty->cols };

	if (cmd == TIOCGWINSZ)
		return copy_to_user(arg, &ws, sizeof(ws));
	if (copy_from_user(&ws, arg, sizeof(ws)))
		return -EFAULT;
	tty->rows = ws.rows;
	tty->cols = ws.cols;
	return 0;
}

/* tcflush(3); output that was taken is on its way. */
static long flush_queue(struct tty *tty, unsigned long queue)
{
	if (queue > TCIOFLUSH)
		return -EINVAL;
	if (queue == TCOFLUSH)
		return 0;
	local_bh_disable();
	tty_flush_input(tty);
	local_bh_enable();
	return 0;
}

static long tty_ioctl(struct file *f, unsigned int cmd, unsigned long arg)
{
	struct tty *tty = f->private_data;
	void *p = (void *)arg;
	int n;

	switch (cmd) {
	case TCGETS:
		return copy_to_user(p, &tty->termios, KERNEL_TERMIOS_SIZE);
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return set_termios(tty, cmd, p);
	case TIOCINQ:
		n = tty_input_ready(tty) ? (int)tty_input_bytes(tty) : 0;
		return copy_to_user(p, &n, sizeof(n));
	case TIOCOUTQ:
		n = (int)tty->ops->chars_in_buffer(tty);
		return copy_to_user(p, &n, sizeof(n));
	case TIOCGWINSZ:
	case TIOCSWINSZ:
		return window_size(tty, cmd, p);
	case TIOCGPGRP:
		n = tty->pgrp ? tty->pgrp : session;
		return copy_to_user(p, &n, sizeof(n));
	case TIOCGSID:
		return session ? copy_to_user(p, &session, sizeof(session)) : -ENOTTY;
	case TIOCSPGRP:
		if (copy_from_user(&n, p, sizeof(n)))
			return -EFAULT;
		if (n < 0)
			return -EINVAL;
		tty->pgrp = n;
		return 0;
	case TCFLSH:
		return flush_queue(tty, arg);
	case TCSBRK:
	case TCSBRKP: /* no line to break; tcdrain(3) waits */
		return wait_event_interruptible(&tty->write_wait,
						!tty->ops->chars_in_buffer(tty));
	case TCXONC: /* no flow control: nothing is ever stopped */
		return arg > TCION ? -EINVAL : 0;
	case TIOCNOTTY:
	case TIOCSCTTY:
		return 0;
	default:
		return -ENOTTY;
	}
}

static const struct file_operations tty_fops = {
	.name = "tty",
	.mode = S_IFCHR | 0600,
	.read_iter = tty_read,
	.write_iter = tty_write,
	.poll = tty_poll,
	.ioctl = tty_ioctl,
};

int tty_register(struct tty *tty, const char *name)
{
	return dev_register(name, &tty_fops, tty);
}
