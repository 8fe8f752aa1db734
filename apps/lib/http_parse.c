// SPDX-License-Identifier: BSD-2-Clause
/*
 * Request heads of HTTP/1.0 and 1.1 (RFC 9112 sections 2, 3, 5 and 6.3).
 *
 * Called by httpd with whatever bytes of the head it has, and by the tests and the fuzzer with
 * anything. Strict wherever two parsers could differ on where a request ends: CR LF only, no blank
 * before a colon, no folded lines, one Host, one Content-Length, never Content-Length together with
 * Transfer-Encoding, and of transfer codings only a single "chunked". Loops run over bytes that are
 * there; nothing is copied or allocated. Left out: trailers' meaning, Upgrade, content negotiation.
 */
#include <string.h>
#include <strings.h>
#include <apps/lib/http_parse.h>

/* Classes of bytes, by table: RFC 9110 section 5.6.2 tokens, RFC 3986 characters of a target. */
enum { TOKEN = 1, TARGET = 2, HOST = 4, DIGIT = 8 };

static const unsigned char classes[256] = {
	['!'] = TOKEN | TARGET | HOST,
	['"'] = 0,
	['#'] = TOKEN,
	['$'] = TOKEN | TARGET | HOST,
	['%'] = TOKEN | TARGET | HOST,
	['&'] = TOKEN | TARGET | HOST,
	['\''] = TOKEN | TARGET | HOST,
	['('] = TARGET | HOST,
	[')'] = TARGET | HOST,
	['*'] = TOKEN | TARGET | HOST,
	['+'] = TOKEN | TARGET | HOST,
	[','] = TARGET | HOST,
	['-'] = TOKEN | TARGET | HOST,
	['.'] = TOKEN | TARGET | HOST,
	['/'] = TARGET,
	['0' ... '9'] = TOKEN | TARGET | HOST | DIGIT,
	[':'] = TARGET | HOST,
	[';'] = TARGET | HOST,
	['='] = TARGET | HOST,
	['?'] = TARGET,
	['@'] = TARGET,
	['A' ... 'Z'] = TOKEN | TARGET | HOST,
	['['] = TARGET | HOST,
	[']'] = TARGET | HOST,
	['^'] = TOKEN,
	['_'] = TOKEN | TARGET | HOST,
	['`'] = TOKEN,
	['a' ... 'z'] = TOKEN | TARGET | HOST,
	['|'] = TOKEN,
	['~'] = TOKEN | TARGET | HOST,
};

static size_t span(const char *s, size_t len, int class)
{
	size_t n = 0;

	while (n < len && classes[(unsigned char)s[n]] & class)
		n++;
	return n;
}

static bool is(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && !strncasecmp(s, word, len);
}

bool http_list_has(const char *list, size_t len, const char *token)
{
	const char *end = list + len;

	while (list < end) {
		size_t n;

		while (list < end && (*list == ' ' || *list == '\t' || *list == ','))
			list++;
		n = span(list, (size_t)(end - list), TOKEN);
		if (is(list, n, token))
			return true;
		list += n;
		/* Parameters and anything else up to the next comma. */
		while (list < end && *list != ',')
			list++;
	}
	return false;
}

bool http_parse_length(const char *s, size_t len, uint64_t *value)
{
	uint64_t v = 0;
	bool over = false;

	if (!len || span(s, len, DIGIT) != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		over |= __builtin_mul_overflow(v, 10, &v);
		over |= __builtin_add_overflow(v, (uint64_t)(s[i] - '0'), &v);
	}
	*value = over ? UINT64_MAX : v;
	return true;
}

struct header {
	const char *name, *value;
	size_t name_len, len;
};

/* What the headers seen so far say. */
struct seen {
	bool host, length, encoding, close, keep_alive, bad_coding;
	int count;
};

static bool parse_encoding(const struct header *h, struct http_request *req, struct seen *seen)
{
	if (seen->encoding)
		return false;
	seen->encoding = true;
	if (is(h->value, h->len, "chunked"))
		req->chunked = true;
	else
		seen->bad_coding = true;
	return true;
}

/* One header that matters; false when it makes the request malformed. */
static bool interpret(const struct header *h, struct http_request *req, struct seen *seen)
{
	switch (h->name_len) {
	case 4:
		if (!is(h->name, 4, "Host"))
			return true;
		if (seen->host || span(h->value, h->len, HOST) != h->len)
			return false;
		seen->host = true;
		return true;
	case 6:
		if (is(h->name, 6, "Expect")) {
			if (is(h->value, h->len, "100-continue"))
				req->expects_continue = true;
			else
				req->status = 417;
		}
		return true;
	case 10:
		if (is(h->name, 10, "Connection")) {
			seen->close |= http_list_has(h->value, h->len, "close");
			seen->keep_alive |= http_list_has(h->value, h->len, "keep-alive");
		}
		return true;
	case 14:
		if (!is(h->name, 14, "Content-Length"))
			return true;
		if (seen->length)
			return false;
		seen->length = true;
		return http_parse_length(h->value, h->len, &req->content_length);
	case 17:
		if (is(h->name, 17, "Transfer-Encoding"))
			return parse_encoding(h, req, seen);
		return true;
	default:
		return true;
	}
}

/* Field values: visible characters, blanks, tabs and bytes above 127 (RFC 9110 section 5.5). */
static bool valid_value(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if ((c < ' ' && c != '\t') || c == 127)
			return false;
	}
	return true;
}

static bool parse_header(const char *line, size_t len, struct http_request *req, struct seen *seen)
{
	struct header h = {.name = line, .name_len = span(line, len, TOKEN)};

	if (!h.name_len || h.name_len == len || line[h.name_len] != ':')
		return false;
	h.value = line + h.name_len + 1;
	h.len = len - h.name_len - 1;
	while (h.len && (*h.value == ' ' || *h.value == '\t')) {
		h.value++;
		h.len--;
	}
	while (h.len && (h.value[h.len - 1] == ' ' || h.value[h.len - 1] == '\t'))
		h.len--;
	return valid_value(h.value, h.len) && interpret(&h, req, seen);
}

/* The path of a request target in origin or absolute form; false for any other. */
static bool parse_target(const char *s, size_t len, struct http_request *req)
{
	const char *end;

	if (span(s, len, TARGET) != len)
		return false;
	if (len > 7 && !strncasecmp(s, "http://", 7)) {
		const char *slash = memchr(s + 7, '/', len - 7);

		/* "http://host" means its root. */
		req->path = slash ? slash : "/";
		req->path_len = slash ? len - (size_t)(slash - s) : 1;
	} else if (len && *s == '/') {
		req->path = s;
		req->path_len = len;
	} else {
		return false;
	}
	end = memchr(req->path, '?', req->path_len);
	if (end)
		req->path_len = (size_t)(end - req->path);
	return true;
}

static int parse_method(const char *s, size_t len, struct http_request *req)
{
	static const char *const known[] = {"POST",    "PUT",	"DELETE", "OPTIONS",
					    "CONNECT", "TRACE", "PATCH"};

	if (len == 3 && !memcmp(s, "GET", 3)) {
		req->method = HTTP_GET;
		return 200;
	}
	if (len == 4 && !memcmp(s, "HEAD", 4)) {
		req->method = HTTP_HEAD;
		return 200;
	}
	req->method = HTTP_OTHER;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strlen(known[i]) == len && !memcmp(s, known[i], len))
			return 405;
	}
	return 501;
}

/* "METHOD SP target SP HTTP/d.d"; returns 200 or the status to answer. */
static int parse_request_line(const char *s, size_t len, struct http_request *req)
{
	size_t method_len = span(s, len, TOKEN), target_len;
	const char *target = s + method_len + 1, *version;

	if (!method_len || method_len == len || s[method_len] != ' ')
		return 400;
	version = memrchr(s, ' ', len);
	if (version < target)
		return 400;
	target_len = (size_t)(version - target);
	version++;
	if ((size_t)(s + len - version) != 8 || memcmp(version, "HTTP/", 5) || version[6] != '.' ||
	    !(classes[(unsigned char)version[5]] & DIGIT) ||
	    !(classes[(unsigned char)version[7]] & DIGIT))
		return 400;
	if (version[5] != '1')
		return 505;
	req->http10 = version[7] == '0';
	req->status = parse_method(s, method_len, req);
	/* The forms that only OPTIONS and CONNECT have need no path: they are refused anyway. */
	if (req->method == HTTP_OTHER) {
		req->path = "/";
		req->path_len = 1;
		return span(target, target_len, TARGET) == target_len && target_len ? 200 : 400;
	}
	return parse_target(target, target_len, req) ? 200 : 400;
}

/* After the last header: do they fit together (RFC 9112 sections 3.2, 6.1, 6.3)? */
static int check_together(const char *buf, struct http_request *req, const struct seen *seen)
{
	if (!seen->host && !req->http10)
		return 400;
	if (seen->encoding && (seen->length || req->http10))
		return 400;
	if (seen->bad_coding)
		return 501;
	if (req->content_length > HTTP_MAX_BODY)
		return 413;
	/* Methods that come with a body must say how long it is. */
	if (req->status == 405 && buf[0] == 'P' && !seen->length && !seen->encoding)
		req->status = 411;
	req->keep_alive = !seen->close && (!req->http10 || seen->keep_alive);
	return 200;
}

/*
 * The next line of the head, without its end. Returns the bytes it takes; 0 when it is not whole;
 * -400 for a line end that is not CR LF.
 */
static int next_line(const char *s, size_t len, size_t *line_len)
{
	const char *lf = memchr(s, '\n', len);

	if (!lf)
		return 0;
	if (lf == s || lf[-1] != '\r')
		return -400;
	*line_len = (size_t)(lf - s) - 1;
	return (int)(lf - s) + 1;
}

static int too_long(size_t have, size_t limit, int status)
{
	return have > limit ? -status : 0;
}

int http_parse_head(const char *buf, size_t len, struct http_request *req)
{
	size_t at = 0, line_len;
	struct seen seen = {0};
	int n, status;

	memset(req, 0, sizeof(*req));
	/* Empty lines in front are skipped (RFC 9112 section 2.2); two are enough for any client.
	 */
	while (at < 4 && len - at >= 2 && buf[at] == '\r' && buf[at + 1] == '\n')
		at += 2;
	n = next_line(buf + at, len - at, &line_len);
	if (n < 0)
		return n;
	/* What cannot become a method, such as a TLS hello, is told at once. */
	if (n == 0 && at < len && buf[at] != '\r' && !(classes[(unsigned char)buf[at]] & TOKEN))
		return -400;
	if (n == 0)
		return too_long(len - at, HTTP_MAX_LINE, 414);
	if (line_len > HTTP_MAX_LINE)
		return -414;
	status = parse_request_line(buf + at, line_len, req);
	if (status != 200)
		return -status;
	buf += at;
	len -= at;
	for (size_t pos = (size_t)n;; pos += (size_t)n) {
		n = next_line(buf + pos, len - pos, &line_len);
		if (n < 0)
			return n;
		if (n == 0)
			return too_long(len, HTTP_MAX_HEAD, 431);
		if (pos + (size_t)n > HTTP_MAX_HEAD || seen.count > HTTP_MAX_HEADERS)
			return -431;
		if (!line_len) {
			status = check_together(buf, req, &seen);
			return status == 200 ? (int)(at + pos) + n : -status;
		}
		if (!parse_header(buf + pos, line_len, req, &seen))
			return -400;
		seen.count++;
	}
}

const char *http_reason(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 301:
		return "Moved Permanently";
	case 400:
		return "Bad Request";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 408:
		return "Request Timeout";
	case 411:
		return "Length Required";
	case 413:
		return "Content Too Large";
	case 414:
		return "URI Too Long";
	case 417:
		return "Expectation Failed";
	case 431:
		return "Request Header Fields Too Large";
	case 501:
		return "Not Implemented";
	case 503:
		return "Service Unavailable";
	case 505:
		return "HTTP Version Not Supported";
	default:
		return "Error";
	}
}
