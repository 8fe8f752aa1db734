// SPDX-License-Identifier: BSD-2-Clause
/*
 * Polled output on COM1 (16550 data sheet: LCR, LSR, divisor latch). Used from the first line of
 * kernel_main() until drivers/char takes the port over, and again by panic(). Waits for the
 * transmitter at most a bounded number of reads, so a port that hangs cannot hang the kernel.
 */
#include <boot/earlycon.h>
#include <kernel/cpu/io.h>

#define COM1 0x3f8
#define UART_TX (COM1 + 0)
#define UART_DLL (COM1 + 0)
#define UART_IER (COM1 + 1)
#define UART_DLM (COM1 + 1)
#define UART_FCR (COM1 + 2)
#define UART_LCR (COM1 + 3)
#define UART_MCR (COM1 + 4)
#define UART_LSR (COM1 + 5)
#define UART_LSR_THRE 0x20
#define UART_LCR_8N1 0x03
#define UART_LCR_DLAB 0x80
#define UART_DIVISOR_115200 1
#define TX_POLLS 100000

static bool present;

void earlycon_init(void)
{
	present = inb(UART_LSR) != 0xff;
	if (!present)
		return;
	outb(0, UART_IER);
	outb(UART_LCR_8N1 | UART_LCR_DLAB, UART_LCR);
	outb(UART_DIVISOR_115200, UART_DLL);
	outb(0, UART_DLM);
	outb(UART_LCR_8N1, UART_LCR);
	outb(0x07, UART_FCR); /* FIFOs on and empty */
	outb(0x0b, UART_MCR); /* DTR, RTS, OUT2 (interrupt line) */
}

static void uart_tx(char c)
{
	unsigned int polls = TX_POLLS;

	while (!(inb(UART_LSR) & UART_LSR_THRE) && --polls)
		;
	outb((u8)c, UART_TX);
}

void earlycon_putc(char c)
{
	if (!present)
		return;
	if (c == '\n')
		uart_tx('\r');
	uart_tx(c);
}

void earlycon_write(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		earlycon_putc(s[i]);
}

void earlycon_puts(const char *s)
{
	while (*s)
		earlycon_putc(*s++);
}
