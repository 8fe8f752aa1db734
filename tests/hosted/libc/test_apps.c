// SPDX-License-Identifier: BSD-2-Clause
/*
 * The parts of the programs that stand alone: SHA-256 against the vectors of FIPS 180-4 and
 * coreutils, URLs, HTTP request heads, response heads and chunked bodies in every cut.
 */
#include <tests/hosted/libc/bw.h>
#include <apps/lib/http_body.h>
#include <apps/lib/http_parse.h>
#include <apps/lib/http_response.h>
#include <apps/lib/sha256.h>
#include <apps/lib/url.h>

static void hash(const void *data, size_t len, size_t step, char hex[65])
{
	uint8_t digest[SHA256_BYTES];
	struct sha256 s;

	sha256_init(&s);
	for (size_t at = 0; at < len; at += step)
		sha256_update(&s, (const char *)data + at, len - at < step ? len - at : step);
	sha256_final(&s, digest);
	sha256_hex(digest, hex);
}

static void sha_vectors(void **state)
{
	static const struct {
		const char *text, *hex;
	} v[] = {
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
		{"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqk"
		 "lmnopqr"
		 "lmnopqrsmnopqrstnopqrstu",
		 "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
	};
	char hex[65], *million = malloc(1000000);

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		hash(v[i].text, strlen(v[i].text), 1000, hex);
		assert_string_equal(hex, v[i].hex);
	}
	memset(million, 'a', 1000000);
	hash(million, 1000000, 1000000, hex);
	assert_string_equal(hex,
			    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	hash(million, 1000000, 7, hex);
	assert_string_equal(hex,
			    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(million);
}

/* Every length around the block size, in every cut, agrees with the whole. */
static void sha_cuts(void **state)
{
	char data[200], whole[65], cut[65];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (char)(i * 7);
	for (size_t len = 0; len <= sizeof(data); len++) {
		hash(data, len, 1000, whole);
		for (size_t step = 1; step < 70; step += 3) {
			hash(data, len, step, cut);
			assert_string_equal(whole, cut);
		}
	}
}

static void urls(void **state)
{
	static const char *const bad[] = {"",
					  "x",
					  "ftp://a/",
					  "https://a/",
					  "http://",
					  "http:///x",
					  "http://a:b/",
					  "http://a:0/",
					  "http://a:65536/",
					  "http://a:123456/",
					  "http://u@a/",
					  "http://[::1]/",
					  "http://a b/",
					  "http://a/b c",
					  "http://a/\r\nX: y",
					  "http://a/\x80"};
	static const struct {
		const char *text, *host, *port, *path;
	} good[] = {
		{"http://a", "a", "80", "/"},		{"HTTP://a.b:8080", "a.b", "8080", "/"},
		{"http://a:/x?y#z", "a", "80", "/x?y"}, {"http://a?q", "a", "80", "/?q"},
		{"http://a#f", "a", "80", "/"},
	};
	static const struct {
		const char *reference, *host, *path;
	} follow[] = {
		{"/new", "base", "/new"},     {"file", "base", "/dir/file"},
		{"?q", "base", "/dir/old?q"}, {"http://other/x", "other", "/x"},
		{"//other/y", "other", "/y"}, {"//other", "other", "/"},
		{"", "base", "/dir/old?a"},   {"a/b:c", "base", "/dir/a/b:c"},
	};
	struct url u, base;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_non_null(url_parse(&u, bad[i]));
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_null(url_parse(&u, good[i].text));
		assert_string_equal(u.host, good[i].host);
		assert_string_equal(u.port, good[i].port);
		assert_string_equal(u.path, good[i].path);
	}
	assert_null(url_parse(&base, "http://base:81/dir/old?a"));
	for (size_t i = 0; i < sizeof(follow) / sizeof(follow[0]); i++) {
		assert_null(url_resolve(&u, &base, follow[i].reference));
		assert_string_equal(u.host, follow[i].host);
		assert_string_equal(u.path, follow[i].path);
		assert_string_equal(u.port, strcmp(u.host, "base") ? "80" : "81");
	}
	assert_non_null(url_resolve(&u, &base, "https://x/"));
	assert_non_null(url_resolve(&u, &base, "mailto:x"));
}

/* A parse of an exact copy, so that ASan sees one byte too many. */
static int parse(const char *text, size_t len, struct http_request *req)
{
	char *copy = malloc(len ? len : 1);
	int n;

	memcpy(copy, text, len);
	n = http_parse_head(copy, len, req);
	if (n <= 0 || (req->path >= copy && req->path < copy + len))
		req->path = NULL;
	free(copy);
	return n;
}

static void request_cuts(void **state)
{
	const char *text = "GET /a?b HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: \xe4 y\r\n\r\n";
	struct http_request req;
	size_t len = strlen(text);

	for (size_t n = 0; n < len; n++)
		assert_int_equal(parse(text, n, &req), 0);
	assert_int_equal(parse(text, len, &req), len);
	assert_int_equal(req.status, 200);
	assert_int_equal(req.path_len, 2);
	assert_false(req.keep_alive);
}

/* Bytes changed at random: never a crash, and what is accepted has sane parts. */
static void request_mutations(void **state)
{
	const char *text = "POST http://h:80/p?q HTTP/1.1\r\nHost: a.b:80\r\nContent-Length: 12\r\n"
			   "Connection: keep-alive, x\r\nExpect: "
			   "100-continue\r\nTransfer-Encoding: chunked\r\n\r\nrest";
	size_t len = strlen(text);
	struct http_request req;
	char buf[300];

	srand(5);
	for (int i = 0; i < 400000; i++) {
		size_t n = rand() % 4 ? len : (size_t)rand() % len;
		int r;

		memcpy(buf, text, len);
		for (int k = rand() % 4; k > 0; k--)
			buf[rand() % (int)len] =
				(char)(rand() % 3 ? rand() : "\r\n :,/"[rand() % 6]);
		r = parse(buf, n, &req);
		assert_true(r <= (int)n && r > -600);
		if (r > 0)
			assert_false(req.chunked && req.content_length);
	}
}

/* A chunked body cut into pieces of every size gives the same content and end. */
static void chunk_cuts(void **state)
{
	const char *text = "5\r\nhello\r\n1;x=y\r\n,\r\nA \r\n worldly!!\r\n0\r\nT: v\r\n\r\nNEXT";
	size_t len = strlen(text) - 4;

	for (size_t step = 1; step <= len; step++) {
		enum http_body_result r = HTTP_BODY_MORE;
		struct http_piece piece;
		struct http_body b;
		char out[64];
		size_t at = 0, n = 0;

		http_body_init(&b, true, 0);
		while (r == HTTP_BODY_MORE) {
			size_t end = at + step < len + 4 ? at + step : len + 4;

			assert_true(at < len);
			r = http_body_take(&b, text + at, end - at, &piece);
			assert_true(piece.used > 0);
			memcpy(out + n, piece.data ? piece.data : "", piece.len);
			n += piece.len;
			at += piece.used;
		}
		assert_int_equal(r, HTTP_BODY_DONE);
		assert_int_equal(at, len);
		assert_int_equal(n, 16);
		assert_memory_equal(out, "hello, worldly!!", 16);
		assert_int_equal(b.total, 16);
	}
}

static void bad_chunks(void **state)
{
	static const char *const texts[] = {"g\r\n",	     "\r\n",
					    "5\n",	     "5\rx",
					    "-5\r\n",	     "0x5\r\n",
					    " 5\r\n",	     "5\r\nhelloX",
					    "5\r\nhello\rX", "0\r\n\n",
					    "0\r\nA\n",	     "0\r\n\rX",
					    "5;a\nb\r\n",    "1234567890abcdef0\r\n"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		enum http_body_result r = HTTP_BODY_MORE;
		struct http_piece piece;
		struct http_body b;
		size_t at = 0, len = strlen(texts[i]);

		http_body_init(&b, true, 0);
		while (r == HTTP_BODY_MORE && at < len) {
			r = http_body_take(&b, texts[i] + at, len - at, &piece);
			at += piece.used;
		}
		assert_int_equal(r, HTTP_BODY_BAD);
	}
}

static int response(const char *text, struct http_response *r)
{
	size_t len = strlen(text);
	char *copy = malloc(len ? len : 1);
	int n;

	memcpy(copy, text, len);
	n = http_parse_response(copy, len, r);
	free(copy);
	return n;
}

static void responses(void **state)
{
	static const char *const bad[] = {
		"x\r\n\r\n",
		"HTTP/2.0 200 OK\r\n\r\n",
		"HTTP/1.1 20 OK\r\n\r\n",
		"HTTP/1.1 099 X\r\n\r\n",
		"HTTP/1.1 2000\r\n\r\n",
		"HTTP/1.1 200 OK\r\nnothing\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"};
	struct http_response r;

	assert_int_equal(
		response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nLOCATION:  /x \r\n\r\n", &r), 54);
	assert_int_equal(r.status, 200);
	assert_string_equal(r.reason, "OK");
	assert_string_equal(r.location, "/x");
	assert_true(r.has_length && r.length == 5 && !r.chunked);
	assert_true(response("HTTP/1.0 404\nTransfer-Encoding: Chunked\n\n", &r) > 0);
	assert_int_equal(r.status, 404);
	assert_true(r.chunked);
	assert_int_equal(response("HTTP/1.1 200 OK\r\nA: b\r\n", &r), 0);
	assert_int_equal(response("", &r), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(response(bad[i], &r), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha_vectors),
		cmocka_unit_test(sha_cuts),
		cmocka_unit_test(urls),
		cmocka_unit_test(request_cuts),
		cmocka_unit_test(request_mutations),
		cmocka_unit_test(chunk_cuts),
		cmocka_unit_test(bad_chunks),
		cmocka_unit_test(responses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
