// SPDX-License-Identifier: BSD-2-Clause
/*
 * DEFLATE (RFC 1951) and the gzip format around it (RFC 1952).
 *
 * The input lies in memory, the output passes through a window of 32 KiB, which is as far back as a
 * copy may reach; whenever it is full it goes to the caller's function. Codes of up to FAST_BITS
 * bits are decoded by one table look-up, longer ones bit by bit from the canonical counts (RFC 1951
 * section 3.2.2).
 *
 * Every read is bounded by the input's end, every copy by what has come out so far, every code
 * table is checked to be neither over-subscribed nor, with the RFC's exception of a single distance
 * code, incomplete. Called by kernel/fs/initramfs.c at boot; thread context, allocates one state.
 * Left out: zlib's own framing (RFC 1950), preset dictionaries, DEFLATE64.
 */
#include <kernel/lib/bug.h>
#include <kernel/lib/inflate.h>
#include <kernel/mm/slab.h>
#include <string.h>

#define WINDOW	    32768u
#define FAST_BITS   9u
#define MAX_BITS    15u
#define MAX_LITLENS 288u
#define MAX_DISTS   32u
#define END_OF_BLOCK 256

struct huffman {
	u16 fast[1u << FAST_BITS]; /* symbol | length << FAST_BITS; 0: longer, or no code */
	u16 count[MAX_BITS + 1];   /* codes of each length */
	u16 symbol[MAX_LITLENS];   /* by length, then by value */
};

struct inflate {
	const u8 *in, *end;
	u64 bits;
	unsigned int nbits;
	const char *error;
	inflate_out_fn out;
	void *arg;
	size_t pos;   /* in the window */
	u64 total;    /* bytes that came out, all in all */
	u32 crc;
	u32 crc_table[256];
	struct huffman litlen, dist;
	u8 lengths[MAX_LITLENS + MAX_DISTS];
	u8 window[WINDOW];
};

static const u16 length_base[29] = { 3,	 4,  5,	 6,  7,	 8,  9,	 10,  11,  13,
				     15, 17, 19, 23, 27, 31, 35, 43,  51,  59,
				     67, 83, 99, 115, 131, 163, 195, 227, 258 };
static const u8 length_extra[29] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
				     2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
static const u16 dist_base[30] = { 1,	2,   3,	  4,   5,   7,	  9,	13,   17,   25,
				   33,	49,  65,  97,  129, 193,  257,	385,  513,  769,
				   1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577 };
static const u8 dist_extra[30] = { 0, 0, 0, 0, 1, 1, 2, 2,  3,	3,  4,	4,  5,	5,  6,
				   6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13 };

static void crc_init(struct inflate *s)
{
	for (u32 i = 0; i < 256; i++) {
		u32 c = i;

		for (int bit = 0; bit < 8; bit++)
			c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1;
		s->crc_table[i] = c;
	}
}

static u32 crc_update(const struct inflate *s, u32 crc, const u8 *data, size_t len)
{
	crc = ~crc;
	while (len--)
		crc = crc >> 8 ^ s->crc_table[(crc ^ *data++) & 0xff];
	return ~crc;
}

/* The first thing that goes wrong counts. Returns false. */
static bool fail(struct inflate *s, const char *what)
{
	if (!s->error)
		s->error = what;
	return false;
}

/* --- bits in --------------------------------------------------------------------------------- */

static inline void refill(struct inflate *s)
{
	while (s->nbits <= 56 && s->in < s->end) {
		s->bits |= (u64)*s->in++ << s->nbits;
		s->nbits += 8;
	}
}

static inline void drop_bits(struct inflate *s, unsigned int n)
{
	BUG_ON(n > s->nbits);
	s->bits >>= n;
	s->nbits -= n;
}

/* The next n <= 16 bits, least significant first; 0 with the error set when there are no more. */
static u32 get_bits(struct inflate *s, unsigned int n)
{
	u32 v;

	refill(s);
	if (s->nbits < n) {
		fail(s, "it ends too early");
		return 0;
	}
	v = (u32)s->bits & ((1u << n) - 1);
	drop_bits(s, n);
	return v;
}

/* Whole bytes that the bit buffer ran ahead go back. */
static void align_to_byte(struct inflate *s)
{
	drop_bits(s, s->nbits & 7);
	s->in -= s->nbits / 8;
	s->bits = 0;
	s->nbits = 0;
}

/* --- codes ----------------------------------------------------------------------------------- */

/* The code for a symbol goes to every place of the fast table whose low bits are the code. */
static void fast_fill(struct huffman *h, u32 code, unsigned int len, u16 symbol)
{
	u32 reversed = 0;

	for (unsigned int i = 0; i < len; i++)
		reversed |= (code >> i & 1) << (len - 1 - i);
	for (u32 i = reversed; i < 1u << FAST_BITS; i += 1u << len)
		h->fast[i] = (u16)(symbol | len << FAST_BITS);
}

/* Build the canonical code of n lengths; whether they make one. */
static bool build_code(struct huffman *h, const u8 *lengths, unsigned int n, bool may_be_single)
{
	u32 next[MAX_BITS + 2] = { 0 };
	u16 at[MAX_BITS + 2] = { 0 };
	unsigned int max_len = 0;
	int left = 1;

	memset(h, 0, sizeof(*h));
	for (unsigned int i = 0; i < n; i++)
		h->count[lengths[i]]++;
	h->count[0] = 0;
	for (unsigned int len = 1; len <= MAX_BITS; len++) {
		left = left * 2 - h->count[len];
		if (left < 0)
			return false;
		if (h->count[len])
			max_len = len;
		next[len + 1] = (next[len] + h->count[len]) << 1;
		at[len + 1] = (u16)(at[len] + h->count[len]);
	}
	if (left > 0 && (!may_be_single || max_len > 1))
		return false;
	for (unsigned int i = 0; i < n; i++) {
		unsigned int len = lengths[i];

		if (!len)
			continue;
		h->symbol[at[len]++] = (u16)i;
		if (len <= FAST_BITS)
			fast_fill(h, next[len], len, (u16)i);
		next[len]++;
	}
	return true;
}

/* A code longer than FAST_BITS, or the last ones of the input. */
static int decode_slowly(struct inflate *s, const struct huffman *h)
{
	u32 code = 0, first = 0, index = 0;

	for (unsigned int len = 1; len <= MAX_BITS; len++) {
		if (s->nbits < len)
			break;
		code |= (u32)(s->bits >> (len - 1)) & 1;
		if (code < first + h->count[len]) {
			drop_bits(s, len);
			return h->symbol[index + code - first];
		}
		index += h->count[len];
		first = (first + h->count[len]) << 1;
		code <<= 1;
	}
	fail(s, s->nbits < MAX_BITS && s->in == s->end ? "it ends too early"
						       : "a code that does not exist");
	return -1;
}

/* The next symbol, -1 with the error set. */
static inline int decode(struct inflate *s, const struct huffman *h)
{
	u16 entry;

	refill(s);
	entry = h->fast[s->bits & ((1u << FAST_BITS) - 1)];
	if (unlikely(!entry || entry >> FAST_BITS > s->nbits))
		return decode_slowly(s, h);
	drop_bits(s, entry >> FAST_BITS);
	return entry & ((1u << FAST_BITS) - 1);
}

/* --- bytes out ------------------------------------------------------------------------------- */

static bool flush(struct inflate *s)
{
	size_t n = s->pos;

	s->pos = 0;
	if (!n)
		return true;
	s->crc = crc_update(s, s->crc, s->window, n);
	return s->out(s->window, n, s->arg) || fail(s, "its contents cannot be taken");
}

static inline bool put_byte(struct inflate *s, u8 byte)
{
	s->window[s->pos++] = byte;
	s->total++;
	return likely(s->pos < WINDOW) || flush(s);
}

static bool copy_back(struct inflate *s, size_t len, size_t dist)
{
	if (dist > s->total || dist > WINDOW)
		return fail(s, "a distance beyond the beginning");
	while (len--)
		if (!put_byte(s, s->window[(s->pos + WINDOW - dist) % WINDOW]))
			return false;
	return true;
}

/* --- blocks ---------------------------------------------------------------------------------- */

/* RFC 1951 section 3.2.4. */
static bool stored_block(struct inflate *s)
{
	u32 len;

	align_to_byte(s);
	if (s->end - s->in < 4)
		return fail(s, "it ends too early");
	len = s->in[0] | (u32)s->in[1] << 8;
	if ((len ^ 0xffff) != (s->in[2] | (u32)s->in[3] << 8))
		return fail(s, "a stored block with a wrong length");
	s->in += 4;
	while (len--) {
		if (s->in == s->end)
			return fail(s, "it ends too early");
		if (!put_byte(s, *s->in++))
			return false;
	}
	return true;
}

/* RFC 1951 section 3.2.5, after the codes are known. */
static bool coded_block(struct inflate *s)
{
	for (;;) {
		int sym = decode(s, &s->litlen);
		size_t len, dist;

		if (sym < 0)
			return false;
		if (sym < END_OF_BLOCK) {
			if (!put_byte(s, (u8)sym))
				return false;
			continue;
		}
		if (sym == END_OF_BLOCK)
			return true;
		sym -= END_OF_BLOCK + 1;
		if (sym >= (int)ARRAY_SIZE(length_base))
			return fail(s, "a length that does not exist");
		len = length_base[sym] + get_bits(s, length_extra[sym]);
		sym = decode(s, &s->dist);
		if (sym < 0)
			return false;
		if (sym >= (int)ARRAY_SIZE(dist_base))
			return fail(s, "a distance that does not exist");
		dist = dist_base[sym] + get_bits(s, dist_extra[sym]);
		if (s->error || !copy_back(s, len, dist))
			return false;
	}
}

/* RFC 1951 section 3.2.6. */
static bool fixed_codes(struct inflate *s)
{
	memset(s->lengths, 8, 144);
	memset(s->lengths + 144, 9, 112);
	memset(s->lengths + 256, 7, 24);
	memset(s->lengths + 280, 8, 8);
	BUG_ON(!build_code(&s->litlen, s->lengths, MAX_LITLENS, false));
	memset(s->lengths, 5, MAX_DISTS);
	BUG_ON(!build_code(&s->dist, s->lengths, MAX_DISTS, false));
	return true;
}

/* The code lengths of both alphabets, themselves coded, with runs. */
static bool read_lengths(struct inflate *s, unsigned int wanted)
{
	unsigned int n = 0, run;

	while (n < wanted) {
		int sym = decode(s, &s->litlen);
		u8 value = 0;

		if (sym < 0)
			return false;
		if (sym < 16) {
			s->lengths[n++] = (u8)sym;
			continue;
		}
		if (sym == 16) {
			if (!n)
				return fail(s, "a run of lengths without a first one");
			value = s->lengths[n - 1];
			run = 3 + get_bits(s, 2);
		} else {
			run = sym == 17 ? 3 + get_bits(s, 3) : 11 + get_bits(s, 7);
		}
		if (s->error || run > wanted - n)
			return fail(s, "too many code lengths");
		memset(s->lengths + n, value, run);
		n += run;
	}
	return true;
}

/* RFC 1951 section 3.2.7. */
static bool dynamic_codes(struct inflate *s)
{
	static const u8 order[19] = { 16, 17, 18, 0, 8,	 7, 9,	6, 10, 5,
				      11, 4,  12, 3, 13, 2, 14, 1, 15 };
	unsigned int nlit = 257 + get_bits(s, 5), ndist = 1 + get_bits(s, 5);
	unsigned int ncodes = 4 + get_bits(s, 4);

	if (s->error)
		return false;
	if (nlit > 286 || ndist > 30)
		return fail(s, "too many symbols");
	memset(s->lengths, 0, sizeof(s->lengths));
	for (unsigned int i = 0; i < ncodes; i++)
		s->lengths[order[i]] = (u8)get_bits(s, 3);
	if (s->error || !build_code(&s->litlen, s->lengths, 19, false))
		return fail(s, "an impossible code for code lengths");
	if (!read_lengths(s, nlit + ndist))
		return false;
	if (!s->lengths[END_OF_BLOCK])
		return fail(s, "a block without an end");
	if (!build_code(&s->litlen, s->lengths, nlit, true) ||
	    !build_code(&s->dist, s->lengths + nlit, ndist, true))
		return fail(s, "an impossible code");
	return true;
}

static bool inflate_blocks(struct inflate *s)
{
	bool last, good;

	do {
		last = get_bits(s, 1);
		switch (get_bits(s, 2)) {
		case 0:
			good = !s->error && stored_block(s);
			break;
		case 1:
			good = fixed_codes(s) && coded_block(s);
			break;
		case 2:
			good = dynamic_codes(s) && coded_block(s);
			break;
		default:
			return fail(s, "a kind of block that does not exist");
		}
	} while (good && !last);
	align_to_byte(s);
	return good && flush(s);
}

/* --- gzip ------------------------------------------------------------------------------------ */

#define GZIP_HEAD 10
#define FHCRC	  0x02
#define FEXTRA	  0x04
#define FNAME	  0x08
#define FCOMMENT  0x10
#define FRESERVED 0xe0

/* Over a text that ends with a zero byte. */
static bool skip_text(struct inflate *s)
{
	const u8 *zero = memchr(s->in, 0, (size_t)(s->end - s->in));

	if (!zero)
		return fail(s, "it ends too early");
	s->in = zero + 1;
	return true;
}

/* RFC 1952 section 2.3. */
static bool gzip_head(struct inflate *s)
{
	const u8 *head = s->in;
	u8 flags;
	size_t n;

	if (s->end - s->in < GZIP_HEAD)
		return fail(s, "it ends too early");
	if (head[0] != 0x1f || head[1] != 0x8b || head[2] != 8)
		return fail(s, "it is not compressed by DEFLATE");
	flags = head[3];
	if (flags & FRESERVED)
		return fail(s, "unknown flags");
	s->in += GZIP_HEAD;
	if (flags & FEXTRA) {
		if (s->end - s->in < 2)
			return fail(s, "it ends too early");
		n = 2 + (s->in[0] | (size_t)s->in[1] << 8);
		if ((size_t)(s->end - s->in) < n)
			return fail(s, "it ends too early");
		s->in += n;
	}
	if (((flags & FNAME) && !skip_text(s)) || ((flags & FCOMMENT) && !skip_text(s)))
		return false;
	if (flags & FHCRC) {
		if (s->end - s->in < 2)
			return fail(s, "it ends too early");
		n = crc_update(s, 0, head, (size_t)(s->in - head)) & 0xffff;
		if (n != (s->in[0] | (size_t)s->in[1] << 8))
			return fail(s, "the checksum of its head is wrong");
		s->in += 2;
	}
	return true;
}

static u32 get_le32(const u8 *p)
{
	return p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24;
}

static bool gzip_tail(struct inflate *s)
{
	if (s->end - s->in < 8)
		return fail(s, "it ends too early");
	if (get_le32(s->in) != s->crc)
		return fail(s, "its checksum is wrong");
	if (get_le32(s->in + 4) != (u32)s->total)
		return fail(s, "its length is wrong");
	s->in += 8;
	return true;
}

const char *gunzip(const u8 *in, size_t len, size_t *used, inflate_out_fn out, void *arg)
{
	struct inflate *s = kzalloc(sizeof(*s), GFP_KERNEL);
	const char *error;

	if (!s)
		return "no memory for decompressing";
	s->in = in;
	s->end = in + len;
	s->out = out;
	s->arg = arg;
	crc_init(s);
	if (gzip_head(s) && inflate_blocks(s))
		gzip_tail(s);
	*used = (size_t)(s->in - in);
	error = s->error;
	kfree(s);
	return error;
}
