/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_BUG_H
#define BW_KERNEL_LIB_BUG_H

/*
 * Asserts that stay on in every build. BUG_ON: our own state is broken, panic. WARN_ON: print
 * "WARNING: file:line function" with a backtrace, count it, go on; tests fail on it.
 * Neither may be reached by what a peer, a device or a program sends.
 */
#include <kernel/lib/types.h>

__cold __noreturn __printf(1, 2) void panic(const char *fmt, ...);
__cold void warn_report(const char *file, int line, const char *func, const char *cond);
__cold __noreturn void bug_report(const char *file, int line, const char *func, const char *cond);

/* Number of WARNs since boot. */
unsigned long warn_count(void);

#define BUG() bug_report(__FILE__, __LINE__, __func__, "BUG")
#define BUG_ON(c)                                                                                  \
	do {                                                                                       \
		if (unlikely(c))                                                                   \
			bug_report(__FILE__, __LINE__, __func__, #c);                              \
	} while (0)
/* The barrier keeps the report a real call, so that the function is in the call chain. */
#define __WARN(cond)                                                                               \
	do {                                                                                       \
		warn_report(__FILE__, __LINE__, __func__, cond);                                   \
		barrier();                                                                         \
	} while (0)
#define WARN_ON(c)                                                                                 \
	({                                                                                         \
		bool _w = !!(c);                                                                   \
		if (unlikely(_w))                                                                  \
			__WARN(#c);                                                                \
		unlikely(_w);                                                                      \
	})
#define WARN_ON_ONCE(c)                                                                            \
	({                                                                                         \
		static bool _once;                                                                 \
		bool _w = !!(c);                                                                   \
		if (unlikely(_w && !_once)) {                                                      \
			_once = true;                                                              \
			__WARN(#c);                                                                \
		}                                                                                  \
		unlikely(_w);                                                                      \
	})

#endif /* BW_KERNEL_LIB_BUG_H */
