// SPDX-License-Identifier: BSD-2-Clause
/*
 * Where a body ends: Content-Length or chunked (RFC 9112 sections 6.3 and 7.1).
 *
 * httpd uses it to skip request bodies, fetch to read answers. A state machine over single bytes
 * for the chunk lines and runs for the data, so input may come in any pieces. Chunk sizes have at
 * most 15 hexadecimal digits, size lines 256 bytes, trailers 8 KiB altogether; line ends are CR LF
 * and nothing else. Left out: chunk extensions and trailers are read over, not kept.
 */
#include <string.h>
#include <apps/lib/http_body.h>

#define MAX_DIGITS   15
#define MAX_LINE     256
#define MAX_TRAILERS 8192

enum {
	SIZE,
	EXTENSION,
	SIZE_LF,
	DATA,
	DATA_CR,
	DATA_LF,
	TRAILER_START,
	TRAILER,
	TRAILER_LF,
	END_LF,
	OVER
};

void http_body_init(struct http_body *b, bool chunked, uint64_t length)
{
	memset(b, 0, sizeof(*b));
	b->chunked = chunked;
	b->left = chunked ? 0 : length;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A byte of the chunk size or what follows it on the line. */
static bool size_byte(struct http_body *b, char c)
{
	int v = hex_value(c);

	if (v >= 0) {
		b->left = b->left * 16 + (unsigned int)v;
		return ++b->digits <= MAX_DIGITS;
	}
	if (!b->digits)
		return false;
	if (c == '\r')
		b->state = SIZE_LF;
	else if (c == ';' || c == ' ' || c == '\t')
		b->state = EXTENSION;
	else
		return false;
	return true;
}

static bool trailer_byte(struct http_body *b, char c)
{
	if (++b->trailers > MAX_TRAILERS)
		return false;
	if (c == '\r')
		b->state = b->state == TRAILER_START ? END_LF : TRAILER_LF;
	else if (c == '\n')
		return false;
	else
		b->state = TRAILER;
	return true;
}

/* One byte of chunk framing; false when it may not be there. */
static bool framing_byte(struct http_body *b, char c)
{
	switch (b->state) {
	case SIZE:
		return ++b->line <= MAX_LINE && size_byte(b, c);
	case EXTENSION:
		if (c == '\r')
			b->state = SIZE_LF;
		return ++b->line <= MAX_LINE && c != '\n';
	case SIZE_LF:
		b->state = b->left ? DATA : TRAILER_START;
		b->line = b->digits = 0;
		return c == '\n';
	case DATA_CR:
		b->state = DATA_LF;
		return c == '\r';
	case DATA_LF:
		b->state = SIZE;
		return c == '\n';
	case TRAILER_START:
	case TRAILER:
		return trailer_byte(b, c);
	case TRAILER_LF:
		b->state = TRAILER_START;
		return c == '\n';
	default: /* END_LF */
		b->state = OVER;
		return c == '\n';
	}
}

static void take_data(struct http_body *b, const char *buf, size_t len, struct http_piece *piece)
{
	piece->data = buf;
	piece->len = b->left < len ? (size_t)b->left : len;
	piece->used += piece->len;
	b->left -= piece->len;
	b->total += piece->len;
}

enum http_body_result http_body_take(struct http_body *b, const char *buf, size_t len,
				     struct http_piece *piece)
{
	memset(piece, 0, sizeof(*piece));
	if (!b->chunked) {
		take_data(b, buf, len, piece);
		return b->left ? HTTP_BODY_MORE : HTTP_BODY_DONE;
	}
	while (piece->used < len && b->state != OVER) {
		if (b->state == DATA) {
			if (piece->data)
				break;
			take_data(b, buf + piece->used, len - piece->used, piece);
			if (!b->left)
				b->state = DATA_CR;
			continue;
		}
		if (!framing_byte(b, buf[piece->used++]))
			return HTTP_BODY_BAD;
	}
	return b->state == OVER ? HTTP_BODY_DONE : HTTP_BODY_MORE;
}
