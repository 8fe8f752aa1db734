/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_REPORT_H
#define BW_KERNEL_LIB_REPORT_H

/*
 * Output of warnings and panics. A warning goes through printk; from report_begin() on, lines go to
 * the first serial port by polling, past every lock and driver, and there is no way back.
 */
#include <kernel/lib/types.h>

__printf(1, 2) void report(const char *fmt, ...);
/* Interrupts off, console polled, console driver's waiting output first. */
void report_begin(void);
/* The end of a report that began: the last line, then the panic exit. */
__noreturn __printf(1, 2) void panic_exit(const char *fmt, ...);

#endif /* BW_KERNEL_LIB_REPORT_H */
