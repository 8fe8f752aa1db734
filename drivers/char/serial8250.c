/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The 16550 at COM1 (IRQ 4) and COM2 (IRQ 3), PC16550D data sheet. Output goes into a ring; whoever
 * puts something there starts the transmitter by filling its FIFO, and each interrupt "transmitter
 * empty" fills it again, until the ring is empty. Input goes from the FIFO to a second ring in the
 * interrupt, and from there through the line discipline in a tasklet. Both rings are bounded:
 * input that finds its ring full is dropped and counted, output waits.
 *
 * The kernel log shares the output ring with the program, so the order on the line is that of the
 * calls. Log lines are not dropped: when the ring is full they push it out by polling. Until
 * interrupts are set up (serial8250_init), and on a port whose line cannot be had, everything is
 * polled.
 *
 * Called by printk (any context, interrupts off), tty.c and the interrupt. Left out: modem lines,
 * flow control, speeds other than 115200.
 */
#include <drivers/char/serial8250.h>
#include <drivers/char/tty.h>
#include <kernel/cpu/io.h>
#include <kernel/cpu/irq.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/sched/softirq.h>
#include <string.h>

#define UART_DATA 0
#define UART_DLL 0
#define UART_DLM 1
#define UART_IER 1
#define UART_IIR 2
#define UART_FCR 2
#define UART_LCR 3
#define UART_MCR 4
#define UART_LSR 5
#define UART_MSR 6
#define UART_SCR 7

#define IER_RX 0x01
#define IER_TX 0x02
#define IER_LINE 0x04
#define IIR_NONE 0x01
#define FCR_ENABLE_CLEAR 0x07
#define FCR_TRIGGER_8 0x80
#define LCR_8N1 0x03
#define LCR_DLAB 0x80
#define MCR_DTR_RTS_OUT2 0x0b
#define LSR_DATA 0x01
#define LSR_OVERRUN 0x02
#define LSR_THRE 0x20
#define LSR_ABSENT 0xff

#define FIFO_SIZE 16
#define TX_RING 8192u
#define TX_WAKE_ROOM (TX_RING / 2)
#define RX_RING 1024u
#define IRQ_LOOPS 64
#define TX_POLLS 100000 /* reads of LSR before a port that hangs is given up on */

/* Letters: [I] fixed at start, [i] interrupts off. Rings by running numbers. */
struct uart_port {
	u16 io;		   /* [I] */
	u8 irq;		   /* [I] */
	bool present;	   /* [I] */
	bool irq_driven;   /* [I] after serial8250_init() */
	u8 ier;		   /* [i] what IER holds */
	u32 tx_head, tx_tail; /* [i] */
	u32 rx_head, rx_tail; /* [i] */
	u64 rx_overflow;   /* [i] ring or FIFO full */
	struct console console;
	struct tasklet_struct tasklet;
	struct tty tty;
	u8 tx[TX_RING];
	u8 rx[RX_RING];
};

static struct uart_port ports[2] = {
	{ .io = 0x3f8, .irq = 4, .console.name = "ttyS0" },
	{ .io = 0x2f8, .irq = 3, .console.name = "ttyS1" },
};

static inline u8 uart_in(const struct uart_port *p, u16 reg)
{
	return inb(p->io + reg);
}

static inline void uart_out(const struct uart_port *p, u16 reg, u8 v)
{
	outb(v, p->io + reg);
}

static void set_ier(struct uart_port *p, u8 ier)
{
	if (p->ier == ier)
		return;
	p->ier = ier;
	uart_out(p, UART_IER, ier);
}

static inline u32 tx_used(const struct uart_port *p)
{
	return p->tx_head - p->tx_tail;
}

/* The transmitter is empty: give it as much as its FIFO takes. [i] */
static void fill_fifo(struct uart_port *p)
{
	for (int i = 0; i < FIFO_SIZE && tx_used(p); i++)
		uart_out(p, UART_DATA, p->tx[p->tx_tail++ % TX_RING]);
	if (p->irq_driven)
		set_ier(p, tx_used(p) ? p->ier | IER_TX : p->ier & ~IER_TX);
}

/* Wait for the transmitter and feed it once. [i] */
static void push_by_polling(struct uart_port *p)
{
	for (int polls = 0; polls < TX_POLLS; polls++) {
		if (uart_in(p, UART_LSR) & LSR_THRE) {
			fill_fifo(p);
			return;
		}
	}
	p->tx_tail = p->tx_head; /* it hangs */
}

/* Queue up to len bytes and see that they move. [i] */
static size_t uart_queue(struct uart_port *p, const u8 *s, size_t len)
{
	size_t n = min_t(size_t, len, TX_RING - tx_used(p));

	for (size_t i = 0; i < n; i++)
		p->tx[p->tx_head++ % TX_RING] = s[i];
	if (!p->irq_driven) {
		while (tx_used(p))
			push_by_polling(p);
	} else if (n && !(p->ier & IER_TX)) {
		if (uart_in(p, UART_LSR) & LSR_THRE)
			fill_fifo(p);
		else
			set_ier(p, p->ier | IER_TX);
	}
	return n;
}

static size_t uart_tty_write(struct tty *tty, const u8 *buf, size_t len)
{
	unsigned long flags = local_irq_save();
	size_t n = uart_queue(tty->port, buf, len);

	local_irq_restore(flags);
	return n;
}

static size_t uart_tty_room(struct tty *tty)
{
	return TX_RING - tx_used(tty->port);
}

static size_t uart_tty_chars(struct tty *tty)
{
	return tx_used(tty->port);
}

static const struct tty_ops uart_tty_ops = {
	.write = uart_tty_write,
	.write_room = uart_tty_room,
	.chars_in_buffer = uart_tty_chars,
};

static void queue_all(struct uart_port *p, const u8 *s, size_t len)
{
	size_t n;

	while (len) {
		n = uart_queue(p, s, len);
		s += n;
		len -= n;
		if (len)
			push_by_polling(p);
	}
}

static void uart_console_write(struct console *c, const char *text, size_t len)
{
	struct uart_port *p = container_of(c, struct uart_port, console);

	while (len) {
		const char *nl = memchr(text, '\n', len);
		size_t run = nl ? (size_t)(nl - text) : len;

		queue_all(p, (const u8 *)text, run);
		if (nl) {
			queue_all(p, (const u8 *)"\r\n", 2);
			run++;
		}
		text += run;
		len -= run;
	}
}

static void uart_console_flush(struct console *c)
{
	struct uart_port *p = container_of(c, struct uart_port, console);

	while (tx_used(p))
		push_by_polling(p);
	/* The last bytes leave the FIFO before somebody resets it. */
	for (int i = 0; i < TX_POLLS && !(uart_in(p, UART_LSR) & LSR_THRE); i++)
		;
}

static void receive_fifo(struct uart_port *p)
{
	u8 lsr;

	for (int i = 0; i < (int)RX_RING && ((lsr = uart_in(p, UART_LSR)) & LSR_DATA); i++) {
		u8 c = uart_in(p, UART_DATA);

		if (lsr & LSR_OVERRUN)
			p->rx_overflow++;
		if (p->rx_head - p->rx_tail == RX_RING)
			p->rx_overflow++;
		else
			p->rx[p->rx_head++ % RX_RING] = c;
	}
}

static void uart_interrupt(void *arg)
{
	struct uart_port *p = arg;

	for (int i = 0; i < IRQ_LOOPS && !(uart_in(p, UART_IIR) & IIR_NONE); i++) {
		receive_fifo(p);
		if ((p->ier & IER_TX) && (uart_in(p, UART_LSR) & LSR_THRE))
			fill_fifo(p);
		uart_in(p, UART_MSR);
	}
	if (p->rx_head != p->rx_tail ||
	    (TX_RING - tx_used(p) >= TX_WAKE_ROOM && waitqueue_active(&p->tty.write_wait)))
		tasklet_schedule(&p->tasklet);
}

/* The half of the interrupt's work that wakes threads. */
static void uart_tasklet(struct tasklet_struct *t)
{
	struct uart_port *p = container_of(t, struct uart_port, tasklet);

	while (p->rx_tail != READ_ONCE(p->rx_head)) {
		u8 c = p->rx[p->rx_tail % RX_RING];

		p->rx_tail++;
		tty_receive(&p->tty, c);
	}
	if (TX_RING - tx_used(p) >= TX_WAKE_ROOM)
		tty_write_wakeup(&p->tty);
}

static bool probe(struct uart_port *p)
{
	if (uart_in(p, UART_LSR) == LSR_ABSENT)
		return false;
	uart_out(p, UART_SCR, 0x5a);
	if (uart_in(p, UART_SCR) != 0x5a)
		return false;
	uart_out(p, UART_IER, 0);
	uart_out(p, UART_LCR, LCR_8N1 | LCR_DLAB);
	uart_out(p, UART_DLL, 1); /* 115200 */
	uart_out(p, UART_DLM, 0);
	uart_out(p, UART_LCR, LCR_8N1);
	uart_out(p, UART_FCR, FCR_ENABLE_CLEAR | FCR_TRIGGER_8);
	uart_out(p, UART_MCR, MCR_DTR_RTS_OUT2);
	return true;
}

/* The port named by a console= word, which may go on with ",115200n8"; NULL for any other device. */
static struct uart_port *port_by_word(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		size_t len = strlen(ports[i].console.name);

		if (!strncmp(word, ports[i].console.name, len) &&
		    (word[len] == '\0' || word[len] == ','))
			return &ports[i];
	}
	return NULL;
}

static struct uart_port *main_console = &ports[0]; /* /dev/console: the last console= word */

static void choose_console(const char *word, void *arg)
{
	struct uart_port *p = port_by_word(word);
	bool *chosen = arg;

	*chosen = true;
	if (!p || !p->present || p->console.write)
		return;
	p->console.write = uart_console_write;
	p->console.flush = uart_console_flush;
	register_console(&p->console);
	main_console = p;
}

void serial8250_console_init(void)
{
	bool chosen = false;

	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		struct uart_port *p = &ports[i];

		tty_init(&p->tty, p->console.name, &uart_tty_ops, p);
		p->present = probe(p);
	}
	cmdline_each("console=", choose_console, &chosen);
	if (!chosen)
		choose_console("ttyS0", &chosen);
	/*
	 * Where no console is, nobody types: the port is a wire for the program's bytes. Linux
	 * begins with a terminal's settings there, too, which makes CR LF of each LF of a capture.
	 */
	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		if (!ports[i].console.write)
			tty_set_raw(&ports[i].tty);
	}
}

void serial8250_init(void)
{
	unsigned long flags;

	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		struct uart_port *p = &ports[i];
		int err;

		if (!p->present)
			continue;
		tasklet_setup(&p->tasklet, uart_tasklet);
		err = request_isa_irq(p->irq, uart_interrupt, p, p->console.name);
		if (err)
			pr_err("%s: no interrupt (%d): output only\n", p->console.name, err);
		flags = local_irq_save();
		p->irq_driven = !err;
		if (!err)
			set_ier(p, IER_RX | IER_LINE);
		local_irq_restore(flags);
		err = tty_register(&p->tty, p->console.name);
		WARN_ON(err);
		pr_info("%s at I/O %#x, irq %d\n", p->console.name, p->io, p->irq);
	}
	if (main_console->present) {
		WARN_ON(tty_register(&main_console->tty, "console"));
		WARN_ON(tty_register(&main_console->tty, "tty")); /* everybody's own terminal */
	}
}
