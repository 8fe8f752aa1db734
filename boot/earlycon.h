/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_BOOT_EARLYCON_H
#define BW_BOOT_EARLYCON_H

/*
 * The first serial port, polled: the console before its driver is there and after a panic. Any
 * context, needs nothing.
 */
#include <kernel/lib/types.h>

/* Set the line to 115200 8N1 and find out whether there is a port at all. */
void earlycon_init(void);
void earlycon_putc(char c);
/* n bytes; a newline gets its carriage return. */
void earlycon_write(const char *s, size_t n);
void earlycon_puts(const char *s);

#endif /* BW_BOOT_EARLYCON_H */
