/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_PRINTK_H
#define BW_KERNEL_LIB_PRINTK_H

/*
 * Kernel log: levels, a ring buffer that dmesg reads, the console. Usable in any context.
 */
#include <kernel/lib/types.h>

enum log_level { LOGLEVEL_EMERG, LOGLEVEL_ALERT, LOGLEVEL_CRIT, LOGLEVEL_ERR, LOGLEVEL_WARNING,
		 LOGLEVEL_NOTICE, LOGLEVEL_INFO, LOGLEVEL_DEBUG };

/* Log one line at a level; a missing newline is added. */
__printf(2, 3) void printk(int level, const char *fmt, ...);

#define pr_emerg(...) printk(LOGLEVEL_EMERG, __VA_ARGS__)
#define pr_err(...) printk(LOGLEVEL_ERR, __VA_ARGS__)
#define pr_warn(...) printk(LOGLEVEL_WARNING, __VA_ARGS__)
#define pr_notice(...) printk(LOGLEVEL_NOTICE, __VA_ARGS__)
#define pr_info(...) printk(LOGLEVEL_INFO, __VA_ARGS__)
#define pr_debug(...) printk(LOGLEVEL_DEBUG, __VA_ARGS__)

/*
 * Returns true at most `burst` times per `interval_ms`; state is the caller's static. Any
 * context.
 */
struct ratelimit_state {
	u64 window_start_ms;
	unsigned int interval_ms, burst, printed, missed;
};
#define RATELIMIT_INIT { .interval_ms = 5000, .burst = 10 }
bool __ratelimit(struct ratelimit_state *rs);
#define pr_warn_ratelimited(...)                                                                   \
	do {                                                                                       \
		static struct ratelimit_state _rs = RATELIMIT_INIT;                                \
		if (__ratelimit(&_rs))                                                             \
			pr_warn(__VA_ARGS__);                                                      \
	} while (0)

/*
 * dmesg: copy the ring's text from *pos (a running byte number, 0 to begin with) to buf; moves
 * *pos over what was taken or lost; returns bytes, 0 at the end. A "<level>" stands before each
 * line, as in Linux's.
 */
size_t printk_read(u64 *pos, char *buf, size_t size);
/* Running byte number behind the newest text. */
u64 printk_end(void);
/* Woken when a line was logged. */
extern struct wait_queue_head printk_wait;
#define PRINTK_RING_SIZE (64 * 1024u)

/* printk at a lower level than this reaches the console (loglevel=, quiet, debug). */
void printk_set_console_level(int level);
int printk_console_level(void);
/* Read those words. Once the command line is there. */
void printk_init(void);

/* Where lines go. write() gets text with newlines; any context, interrupts off. */
struct console {
	const char *name; /* "ttyS0": chosen by console= */
	void (*write)(struct console *c, const char *text, size_t len);
	void (*flush)(struct console *c); /* wait by polling until all is out */
	struct console *next;
};
/* Gets what was logged so far and is not yet shown anywhere, then what comes. */
void register_console(struct console *c);
void unregister_console(struct console *c);
/* Text with newlines to all consoles, past the log and its level (strace=1). Any context. */
void console_write(const char *text, size_t len);
/* Everything written so far is out afterwards: before a panic takes the port over, at the end. */
void console_flush(void);

#endif /* BW_KERNEL_LIB_PRINTK_H */
