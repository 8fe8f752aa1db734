/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef APPS_SH_TCPDUMP_H
#define APPS_SH_TCPDUMP_H

/* What the files of the shell's tcpdump share. */
#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DUMP_FILTER_MAX 256

/* tcpdump_filter.c: the words of an expression as a BPF program over Ethernet frames. False with a
 * message on stderr. */
struct dump_filter {
	struct sock_filter insns[DUMP_FILTER_MAX];
	unsigned short len;
};
bool dump_compile(struct dump_filter *f, int argc, char **argv);

/* tcpdump_print.c: an Ethernet frame of len bytes, of which have are here, as one line without its
 * time; hex: and its bytes from behind the link header on. */
void dump_frame(const uint8_t *p, size_t have, size_t len);
void dump_hex(const uint8_t *p, size_t have);

static inline uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}
static inline uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

#endif
