/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA-256 (FIPS 180-4).
 */
#ifndef APPS_LIB_SHA256_H
#define APPS_LIB_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32

struct sha256 {
	uint32_t h[8];
	uint64_t bytes;	   /* hashed or in the block */
	uint8_t block[64]; /* the part that does not fill a block yet */
};

void sha256_init(struct sha256 *s);
void sha256_update(struct sha256 *s, const void *data, size_t len);
/* The digest; the state must be initialised again before another use. */
void sha256_final(struct sha256 *s, uint8_t digest[SHA256_BYTES]);
/* As 64 hexadecimal digits and a 0. */
void sha256_hex(const uint8_t digest[SHA256_BYTES], char text[2 * SHA256_BYTES + 1]);

#endif
