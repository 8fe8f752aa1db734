/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System calls of time, randomness and the kernel log: clock_gettime(2), getrandom(2), syslog(2),
 * sched_yield(2) of Linux. The coarse clocks are the fine ones here. nanosleep(2) is in
 * kernel/time/nanosleep.c.
 *
 * Called by libc and by the system call table; thread context. Left out: clocks of other threads,
 * GRND_RANDOM as something different (as in Linux since 5.6).
 */
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/random.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/sched.h>
#include <kernel/sched/wait.h>
#include <kernel/sys.h>
#include <kernel/time/clock.h>
#include <sys/klog.h>
#include <sys/random.h>
#include <string.h>
#include <time.h>

#define COPY_CHUNK 256

static struct timespec ns_to_timespec(u64 ns)
{
	struct timespec ts = {
		.tv_sec = (time_t)(ns / NSEC_PER_SEC),
		.tv_nsec = (long)(ns % NSEC_PER_SEC),
	};

	return ts;
}

static void add_run_ns(struct thread *t, void *arg)
{
	u64 *sum = arg;

	*sum += thread_run_ns(t);
}

long sys_clock_gettime(int clock, struct timespec *ts)
{
	struct timespec now;
	u64 ns = 0;

	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		ns = ktime_get_real_ns();
		break;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		ns = ktime_get_ns();
		break;
	case CLOCK_PROCESS_CPUTIME_ID:
		for_each_thread(add_run_ns, &ns);
		break;
	case CLOCK_THREAD_CPUTIME_ID:
		ns = thread_run_ns(current);
		break;
	default:
		return -EINVAL;
	}
	now = ns_to_timespec(ns);
	return copy_to_user(ts, &now, sizeof(now));
}

long sys_getrandom(void *buf, size_t len, unsigned int flags)
{
	size_t done = 0, n, left = 0;
	u8 chunk[COPY_CHUNK];

	if (flags & ~(unsigned int)(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	if ((flags & (GRND_RANDOM | GRND_INSECURE)) == (GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	len = min_t(size_t, len, 0x7fffffff);
	if (!access_ok(buf, len))
		return -EFAULT;
	while (done < len && !left) {
		n = min(len - done, sizeof(chunk));
		get_random_bytes(chunk, n);
		left = raw_copy_to_user((u8 *)buf + done, chunk, n);
		done += n - left;
		if (done % PAGE_SIZE)
			continue;
		if (signal_pending(current))
			break;
		cond_resched();
	}
	memset(chunk, 0, sizeof(chunk));
	return len && !done ? -EFAULT : (long)done;
}

long sys_sched_yield(void)
{
	thread_yield();
	return 0;
}

/* What READ took so far, and where CLEAR cut off what READ_ALL shows. */
static u64 log_read_pos, log_clear_pos;

static long log_copy(u64 *pos, char *buf, size_t len)
{
	char chunk[COPY_CHUNK];
	size_t done = 0, n;

	while (done < len && (n = printk_read(pos, chunk, min(len - done, sizeof(chunk))))) {
		if (copy_to_user(buf + done, chunk, n))
			return -EFAULT;
		done += n;
	}
	return (long)done;
}

/* The newest lines that fit into len. */
static long log_read_all(char *buf, size_t len, bool clear)
{
	u64 end = printk_end(), pos = log_clear_pos;
	char c;
	long n;

	/* Forward by reading: positions must stay at starts of lines. */
	printk_read(&pos, &c, 0);
	while (end - pos > len) {
		do {
			if (!printk_read(&pos, &c, 1))
				return 0;
		} while (c != '\n');
	}
	n = log_copy(&pos, buf, len);
	if (clear && n >= 0)
		log_clear_pos = end;
	return n;
}

static long log_console(int type, int level)
{
	static int saved_level;

	switch (type) {
	case SYSLOG_ACTION_CONSOLE_OFF:
		if (!saved_level)
			saved_level = printk_console_level();
		printk_set_console_level(1);
		return 0;
	case SYSLOG_ACTION_CONSOLE_ON:
		if (saved_level)
			printk_set_console_level(saved_level);
		saved_level = 0;
		return 0;
	default:
		if (level < 1 || level > 8)
			return -EINVAL;
		printk_set_console_level(level);
		saved_level = 0;
		return 0;
	}
}

long sys_syslog(int type, char *buf, int len)
{
	bool reads = type >= SYSLOG_ACTION_READ && type <= SYSLOG_ACTION_READ_CLEAR;

	if (reads && (!buf || len < 0))
		return -EINVAL;
	if (reads && len == 0)
		return 0;
	if (reads && !access_ok(buf, (size_t)len))
		return -EFAULT;
	switch (type) {
	case SYSLOG_ACTION_CLOSE:
	case SYSLOG_ACTION_OPEN:
		return 0;
	case SYSLOG_ACTION_READ:
		if (wait_event_interruptible(&printk_wait, printk_end() != log_read_pos))
			return -ERESTARTSYS;
		return log_copy(&log_read_pos, buf, (size_t)len);
	case SYSLOG_ACTION_READ_ALL:
	case SYSLOG_ACTION_READ_CLEAR:
		return log_read_all(buf, (size_t)len, type == SYSLOG_ACTION_READ_CLEAR);
	case SYSLOG_ACTION_CLEAR:
		log_clear_pos = printk_end();
		return 0;
	case SYSLOG_ACTION_CONSOLE_OFF:
	case SYSLOG_ACTION_CONSOLE_ON:
	case SYSLOG_ACTION_CONSOLE_LEVEL:
		return log_console(type, len);
	case SYSLOG_ACTION_SIZE_UNREAD:
		return (long)min_t(u64, printk_end() - log_read_pos, PRINTK_RING_SIZE);
	case SYSLOG_ACTION_SIZE_BUFFER:
		return PRINTK_RING_SIZE;
	default:
		return -EINVAL;
	}
}
