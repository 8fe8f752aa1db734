/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_CHACHA_H
#define BW_KERNEL_LIB_CHACHA_H

/*
 * The ChaCha20 block function (RFC 8439 section 2.3), for the CSPRNG.
 */
#include <kernel/lib/types.h>

#define CHACHA_KEY_WORDS 8
#define CHACHA_BLOCK_SIZE 64

/* One 64-byte block for this key, block counter and 96-bit nonce, in little-endian order. */
void chacha20_block(const u32 key[CHACHA_KEY_WORDS], u32 counter, const u32 nonce[3],
		    u8 out[CHACHA_BLOCK_SIZE]);

#endif /* BW_KERNEL_LIB_CHACHA_H */
