/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside of httpd: main.c owns the event loop and the listener, conn.c the connections, pages.c
 * what is served, site.c the files of a directory.
 */
#ifndef APPS_HTTPD_HTTPD_H
#define APPS_HTTPD_HTTPD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>
#include <apps/lib/http_body.h>
#include <apps/lib/http_parse.h>

/* A connection is closed when it stays too long in one of these; the lists of struct server. */
enum wait_kind { WAIT_IDLE, WAIT_REQUEST, WAIT_LINGER, NR_WAITS };

struct conn {
	struct conn *prev, *next; /* in the list of its wait kind, oldest first; or free */
	int fd;
	unsigned char wait;	  /* enum wait_kind */
	bool writing;		  /* registered for EPOLLOUT: output is waiting for the peer */
	bool close_after;	  /* close when the output is gone */
	bool failed;		  /* then linger: the peer may still be sending */
	bool lingering;		  /* FIN sent; reading away what still comes */
	bool in_body;		  /* the request's body is being skipped */
	uint64_t deadline_ms;
	char *in;		  /* start of a request whose end has not come yet */
	size_t in_len;
	char *out;		  /* output the socket did not take */
	size_t out_pos, out_len;
	uint64_t fill_left;	  /* bytes of a /bytes/N body still to send behind out */
	int file_fd;		  /* a file whose rest is to be sent behind out, or -1 */
	uint64_t file_pos, file_left;
	size_t lingered;	  /* bytes read away */
	struct http_body body;
};

struct server {
	int epfd;
	int listener;
	int reserve_fd; /* given up for a moment when descriptors run out */
	unsigned int nr_conns;
	uint64_t now_ms; /* monotonic, read once a turn of the loop */
	uint64_t listener_off_until; /* out of memory: do not accept before */
	struct conn *oldest[NR_WAITS], *newest[NR_WAITS];
};

/* Answers of one turn for one connection, sent by one writev(). */
#define OUT_IOVS    32
#define OUT_SCRATCH 16384
struct output {
	struct iovec iov[OUT_IOVS];
	int nr_iov;
	size_t used;  /* of scratch */
	size_t bytes; /* of all iovs */
	uint64_t fill; /* then so many bytes of filler: a /bytes/N body; nothing may follow */
	char *owned;  /* to free when sent */
	int file_fd;  /* then this file's first file_left bytes, and close it; -1: none */
	uint64_t file_left;
	char scratch[OUT_SCRATCH];
};

extern struct server server;

/* conn.c */
void conn_accept(int fd);
void conn_event(struct conn *c, uint32_t events);
/* Close what has waited too long; milliseconds until the next one is due, -1 for never. */
int conn_expire(void);

/* pages.c */
void pages_init(void);
/* Called once a second at most, before answers are made: the Date line. */
void pages_tick(time_t now);
/* Add the answer to a good request. False: no room now, send first and ask again. */
bool pages_answer(struct output *out, const struct http_request *req);
/* Add an error answer; @closing adds "Connection: close". */
bool pages_error(struct output *out, int status, bool head, bool closing);
/* Add the head of an answer; more: further header lines, each with its end. */
void pages_head(struct output *out, int status, const char *type, uint64_t len, const char *more);
/* "Connection: ..." as the request needs it. */
const char *pages_connection(const struct http_request *req);

/* site.c: serve this directory instead of the page about the kernel; false with errno set. */
bool site_open(const char *folder);
bool site_is_open(void);
/* As pages_answer(), which has seen that there is room. */
bool site_answer(struct output *out, const struct http_request *req);
/* Filler of /bytes/N. */
#define FILL_BLOCK 65536
extern char fill_block[FILL_BLOCK];

/* index.c: the page about the kernel, fresh memory for the caller to free; NULL without memory. */
char *index_page(size_t *len);
/* All of a /proc file (or any other), fresh memory for the caller to free, with a 0 behind it. */
char *read_file(const char *path, size_t *len);

#endif
