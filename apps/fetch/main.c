// SPDX-License-Identifier: BSD-2-Clause
/*
 * Usage: fetch [-o FILE|-] URL    download over HTTP: bytes, time, rate and SHA-256
 *
 * Resolves the name, opens a connection to each of its addresses in turn, asks, follows up to ten
 * redirects, and reads the body by Content-Length, chunks or the end of the connection (RFC 9112
 * section 6.3). -o writes it to a file or the standard output; without it only its figures are
 * shown. Ends with 1 and a reason when anything is not as it should be. Waits at most 30 seconds
 * for a connection or for more data. Left out: https, proxies, authentication, IPv6.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <apps/fetch/fetch.h>

#define MAX_REDIRECTS 10

static int usage(void)
{
	fprintf(stderr, "usage: fetch [-o FILE|-] URL\n");
	return 1;
}

static unsigned long elapsed_ms(const struct timespec *from)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned long)((now.tv_sec - from->tv_sec) * 1000 +
			       (now.tv_nsec - from->tv_nsec) / 1000000);
}

static void report(FILE *to, struct download *d, unsigned long ms)
{
	uint8_t digest[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];
	uint64_t tenths = d->bytes * 10000 / 1048576 / (ms ? ms : 1);

	sha256_final(&d->sha, digest);
	sha256_hex(digest, hex);
	fprintf(to, "%llu bytes in %lu.%03lu s, %llu.%llu MiB/s\nsha256 %s\n",
		(unsigned long long)d->bytes, ms / 1000, ms % 1000,
		(unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10), hex);
}

/* Follow the URL to its end; 0 or 1. */
static int follow(struct download *d, struct url *url)
{
	static struct url next;
	const char *problem;

	for (int i = 0; i <= MAX_REDIRECTS; i++) {
		if (!download_open(d, url))
			return 1;
		if (!download_is_redirect(d))
			return download_body(d) ? 0 : 1;
		download_close(d);
		problem = url_resolve(&next, url, d->response.location);
		if (problem) {
			fprintf(stderr, "fetch: redirected to %s: %s\n", d->response.location,
				problem);
			return 1;
		}
		*url = next;
	}
	fprintf(stderr, "fetch: too many redirects\n");
	return 1;
}

static int open_output(const char *name)
{
	int fd;

	if (!strcmp(name, "-"))
		return 1;
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		fprintf(stderr, "fetch: %s: %s\n", name, strerror(errno));
	return fd;
}

int main(int argc, char **argv)
{
	static struct download d;
	static struct url url;
	struct timespec start;
	const char *problem, *output = NULL;
	int c, ret;

	optind = 0;
	while ((c = getopt(argc, argv, "o:")) != -1) {
		if (c != 'o')
			return usage();
		output = optarg;
	}
	if (optind + 1 != argc)
		return usage();
	problem = url_parse(&url, argv[optind]);
	if (problem) {
		fprintf(stderr, "fetch: %s: %s\n", argv[optind], problem);
		return 1;
	}
	memset(&d, 0, sizeof(d));
	d.fd = -1;
	d.out = output ? open_output(output) : -1;
	if (output && d.out < 0)
		return 1;
	sha256_init(&d.sha);
	clock_gettime(CLOCK_MONOTONIC, &start);
	ret = follow(&d, &url);
	if (!ret)
		report(d.out == 1 ? stderr : stdout, &d, elapsed_ms(&start));
	download_close(&d);
	if (d.out > 1 && close(d.out) < 0) {
		fprintf(stderr, "fetch: %s: %s\n", output, strerror(errno));
		ret = 1;
	}
	return ret;
}
