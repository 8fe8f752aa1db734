/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_RANDOM_H
#define BW_KERNEL_LIB_RANDOM_H

/*
 * CSPRNG (ChaCha20, RFC 8439 block function, fast key erasure). Any context.
 */
#include <kernel/lib/siphash.h>

void get_random_bytes(void *buf, size_t len);
u32 get_random_u32(void);
u64 get_random_u64(void);
/* Uniform in [0, ceil); ceil > 0. */
u32 get_random_u32_below(u32 ceil);
/* Mix outside data in (device entropy, timing); never lowers what is there. */
void add_entropy(const void *buf, size_t len);

/*
 * Seed from what the processor offers, once at start-up (random_seed.c; the hosted tests have
 * their own).
 */
void random_init(void);
/* Up to n words from the processor's generator; returns how many there were. */
size_t random_hw_words(u64 *w, size_t n);
/* Start over from a given key: reproducible output, for tests. */
void random_set_key(const u32 key[8]);

#endif /* BW_KERNEL_LIB_RANDOM_H */
