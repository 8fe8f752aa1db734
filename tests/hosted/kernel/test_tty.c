// SPDX-License-Identifier: BSD-2-Clause
/* drivers/char/tty_ldisc.c and tty.c: editing, echo, modes of reading, output, ioctls, Ctrl-C. */
#include <tests/hosted/test.h>

#include <drivers/char/tty.h>
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fdtable.h>
#include <kernel/sched/softirq.h>
#include <kernel/sys.h>
#include <kernel/time/clock.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <tests/hosted/services/hosted.h>

static struct tty tty;
static char sent[8192];
static size_t sent_len, sent_max;
static int fd;

static size_t port_write(struct tty *t, const u8 *buf, size_t len)
{
	size_t n = min(len, sent_max - sent_len);

	memcpy(sent + sent_len, buf, n);
	sent_len += n;
	sent[sent_len] = '\0';
	return n;
}

static size_t port_room(struct tty *t)
{
	return sent_max - sent_len;
}

static size_t port_chars(struct tty *t)
{
	return 0;
}

static const struct tty_ops port_ops = {
	.write = port_write,
	.write_room = port_room,
	.chars_in_buffer = port_chars,
};

static int up(void **state)
{
	static bool started;

	if (!started) {
		fs_init();
		tty_init(&tty, "ttyT", &port_ops, NULL);
		assert_int_equal(tty_register(&tty, "ttyT"), 0);
	}
	started = true;
	tty_init(&tty, "ttyT", &port_ops, NULL);
	sent_len = 0;
	sent[0] = '\0';
	sent_max = sizeof(sent) - 1;
	hosted_setup(state);
	current->files = files_alloc();
	fd = (int)sys_open("/dev/ttyT", O_RDWR, 0);
	assert_true(fd >= 0);
	return 0;
}

static int down(void **state)
{
	files_put(current->files);
	current->files = NULL;
	clear_signal_pending();
	return hosted_teardown(state);
}

static void type(const char *s)
{
	local_bh_disable();
	while (*s)
		tty_receive(&tty, (u8)*s++);
	local_bh_enable();
}

static const char *read_some(size_t max)
{
	static char buf[5000];
	long n = sys_read(fd, buf, max);

	assert_true(n >= 0);
	buf[n] = '\0';
	return buf;
}

static void raw_mode(u8 vmin, u8 vtime)
{
	struct termios t;

	assert_int_equal(sys_ioctl(fd, TCGETS, (unsigned long)&t), 0);
	t.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	t.c_iflag &= ~(tcflag_t)ICRNL;
	t.c_cc[VMIN] = vmin;
	t.c_cc[VTIME] = vtime;
	assert_int_equal(sys_ioctl(fd, TCSETS, (unsigned long)&t), 0);
}

static int poll_events(void)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };

	sys_poll(&p, 1, 0);
	return p.revents;
}

static void a_line_is_read_when_it_is_complete(void **state)
{
	type("hello");
	assert_int_equal(poll_events(), POLLOUT);
	type("\r");
	assert_int_equal(poll_events(), POLLIN | POLLOUT);
	type("next\nrest");
	assert_string_equal(read_some(100), "hello\n");
	assert_string_equal(read_some(2), "ne"); /* the rest of the line stays */
	assert_string_equal(read_some(100), "xt\n");
	assert_int_equal(poll_events(), POLLOUT);
	assert_string_equal(sent, "hello\r\nnext\r\nrest");
}

static void editing_the_line(void **state)
{
	type("ab\x7f"
	     "c\bd\x15xyz\x7f\n");
	assert_string_equal(read_some(100), "xy\n");
	assert_non_null(strstr(sent, "ab\b \bc\b \bd\b \b\b \b"));
	type("\x7f\x7f\x15ok\n"); /* nothing left to erase */
	assert_string_equal(read_some(100), "ok\n");
	type("\x01\x7f\xc3\xa4\x7fz\n"); /* ^A is two columns wide, a UTF-8 letter one */
	assert_string_equal(read_some(100), "z\n");
	assert_non_null(strstr(sent, "^A\b \b\b \b\xc3\xa4\b \bz"));
}

static void end_of_file(void **state)
{
	type("part\x04\x04");
	assert_string_equal(read_some(100), "part");
	assert_string_equal(read_some(100), "");
	type("more\n");
	assert_string_equal(read_some(100), "more\n");
}

static void nonblocking_and_interrupted(void **state)
{
	char c;

	sys_fcntl(fd, F_SETFL, O_NONBLOCK);
	assert_int_equal(sys_read(fd, &c, 1), -EAGAIN);
	sys_fcntl(fd, F_SETFL, 0);
	thread_interrupt(current);
	assert_int_equal(sys_read(fd, &c, 1), -ERESTARTSYS);
}

static int late_typist(void *arg)
{
	msleep(30);
	type(arg);
	return 0;
}

static void a_reader_sleeps_until_there_is_a_line(void **state)
{
	struct thread *t = thread_create(late_typist, "late\n", "typist");

	assert_string_equal(read_some(100), "late\n");
	thread_join(t);
}

static void raw_bytes_and_their_timing(void **state)
{
	struct thread *t;
	u64 start;

	raw_mode(1, 0);
	type("a\r\x03\x04");
	assert_string_equal(read_some(100), "a\r\x03\x04");
	assert_string_equal(sent, "");
	raw_mode(0, 0);
	assert_string_equal(read_some(100), "");
	raw_mode(0, 5); /* half a second for the first byte */
	start = hosted_now_ns();
	assert_string_equal(read_some(100), "");
	assert_int_equal((hosted_now_ns() - start) / NSEC_PER_MSEC, 500);
	raw_mode(5, 1); /* five bytes, or a tenth of a second of silence */
	t = thread_create(late_typist, "xyz", "typist");
	start = hosted_now_ns();
	assert_string_equal(read_some(100), "xyz");
	assert_int_equal((hosted_now_ns() - start) / NSEC_PER_MSEC, 130);
	thread_join(t);
	raw_mode(3, 0);
	type("12");
	t = thread_create(late_typist, "3", "typist");
	assert_string_equal(read_some(100), "123");
	thread_join(t);
}

static void changing_modes_keeps_what_was_typed(void **state)
{
	struct termios t;

	type("half a li");
	raw_mode(1, 0);
	assert_string_equal(read_some(4), "half");
	assert_int_equal(sys_ioctl(fd, TCGETS, (unsigned long)&t), 0);
	t.c_lflag |= ICANON;
	assert_int_equal(sys_ioctl(fd, TCSETS, (unsigned long)&t), 0);
	assert_string_equal(read_some(100), " a li");
	type("gone");
	assert_int_equal(sys_ioctl(fd, TCSETSF, (unsigned long)&t), 0);
	type("\n");
	assert_string_equal(read_some(100), "\n");
}

static void output_is_translated_and_waits_for_room(void **state)
{
	assert_int_equal(sys_write(fd, "a\nb\n", 4), 4);
	assert_string_equal(sent, "a\r\nb\r\n");
	sent_max = sent_len + 5;
	sys_fcntl(fd, F_SETFL, O_NONBLOCK);
	assert_int_equal(sys_write(fd, "123\n4", 5), 4);
	assert_int_equal(sys_write(fd, "4", 1), -EAGAIN);
	assert_int_equal(poll_events(), 0);
	assert_string_equal(sent, "a\r\nb\r\n123\r\n");
	sys_fcntl(fd, F_SETFL, 0);
	thread_interrupt(current);
	assert_int_equal(sys_write(fd, "4", 1), -ERESTARTSYS);
}

static void too_much_input_is_dropped_and_counted(void **state)
{
	for (unsigned int i = 0; i < TTY_BUF_SIZE + 100; i++)
		type("x");
	assert_int_equal(tty.rx_dropped, 101);
	type("\n");
	assert_int_equal(strlen(read_some(4999)), TTY_BUF_SIZE);
	type("fine\n");
	assert_string_equal(read_some(100), "fine\n");
}

static int interrupted_pid;

static void interrupt_fn(int pid)
{
	interrupted_pid = pid;
}

static void ctrl_c_goes_to_the_foreground(void **state)
{
	int pgrp = 7, got = 0;

	tty_set_interrupt_handler(interrupt_fn);
	interrupted_pid = -1;
	type("typed");
	assert_int_equal(sys_ioctl(fd, TIOCSPGRP, (unsigned long)&pgrp), 0);
	assert_int_equal(sys_ioctl(fd, TIOCGPGRP, (unsigned long)&got), 0);
	assert_int_equal(got, 7);
	type("\x03\n");
	hosted_run_until_idle();
	assert_int_equal(interrupted_pid, 7);
	assert_string_equal(read_some(100), "\n"); /* what was typed before is gone */
	assert_non_null(strstr(sent, "typed^C"));
}

static void ioctls(void **state)
{
	struct { u16 v[4]; } ws = { { 50, 132, 0, 0 } };
	int n;

	assert_int_equal(sys_ioctl(fd, TIOCSWINSZ, (unsigned long)&ws), 0);
	ws.v[0] = 0;
	assert_int_equal(sys_ioctl(fd, TIOCGWINSZ, (unsigned long)&ws), 0);
	assert_int_equal(ws.v[0], 50);
	type("1234\n");
	assert_int_equal(sys_ioctl(fd, TIOCINQ, (unsigned long)&n), 0);
	assert_int_equal(n, 5);
	assert_int_equal(sys_ioctl(fd, TIOCOUTQ, (unsigned long)&n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(sys_ioctl(fd, TCGETS, 0), -EFAULT);
	assert_int_equal(sys_ioctl(fd, 0x1234, 0), -ENOTTY);
	n = -4;
	assert_int_equal(sys_ioctl(fd, TIOCSPGRP, (unsigned long)&n), -EINVAL);
}

#define T(fn) TEST_UP_DOWN(fn, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_line_is_read_when_it_is_complete),
		T(editing_the_line),
		T(end_of_file),
		T(nonblocking_and_interrupted),
		T(a_reader_sleeps_until_there_is_a_line),
		T(raw_bytes_and_their_timing),
		T(changing_modes_keeps_what_was_typed),
		T(output_is_translated_and_waits_for_room),
		T(too_much_input_is_dropped_and_counted),
		T(ctrl_c_goes_to_the_foreground),
		T(ioctls),
	};

	return RUN_TESTS(tests);
}
