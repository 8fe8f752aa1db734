/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_DRIVERS_CHAR_SERIAL8250_H
#define BW_DRIVERS_CHAR_SERIAL8250_H

/*
 * The two serial ports of a PC.
 */
#include <kernel/lib/types.h>

/* Find the ports and make them consoles as console= says. Needs nothing but the command line. */
void serial8250_console_init(void);
/* Interrupts, /dev/ttyS0, /dev/ttyS1, /dev/console. After the scheduler, interrupts and devfs. */
void serial8250_init(void);

#endif /* BW_DRIVERS_CHAR_SERIAL8250_H */
