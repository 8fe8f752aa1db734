/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the libc tests include: cmocka, the host's C library, and the functions of our libc under
 * the names they have here (bw_ in front).
 */
#ifndef TESTS_HOSTED_LIBC_BW_H
#define TESTS_HOSTED_LIBC_BW_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <ctype.h>
#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <netdb.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

/* Each has the same type as the host's. */
extern __typeof__(memcpy) bw_memcpy;
extern __typeof__(memmove) bw_memmove;
extern __typeof__(memset) bw_memset;
extern __typeof__(memcmp) bw_memcmp;
extern __typeof__(memchr) bw_memchr;
extern __typeof__(memrchr) bw_memrchr;
extern __typeof__(memmem) bw_memmem;
extern __typeof__(strlen) bw_strlen;
extern __typeof__(strnlen) bw_strnlen;
extern __typeof__(strcmp) bw_strcmp;
extern __typeof__(strncmp) bw_strncmp;
extern __typeof__(strcasecmp) bw_strcasecmp;
extern __typeof__(strncasecmp) bw_strncasecmp;
extern __typeof__(strchr) bw_strchr;
extern __typeof__(strrchr) bw_strrchr;
extern __typeof__(strstr) bw_strstr;
extern __typeof__(strcasestr) bw_strcasestr;
extern __typeof__(strspn) bw_strspn;
extern __typeof__(strcspn) bw_strcspn;
extern __typeof__(strpbrk) bw_strpbrk;
extern __typeof__(strncpy) bw_strncpy;
extern __typeof__(strncat) bw_strncat;
extern __typeof__(strtok_r) bw_strtok_r;
extern __typeof__(strsep) bw_strsep;
extern __typeof__(snprintf) bw_snprintf;
extern __typeof__(vsnprintf) bw_vsnprintf;
extern __typeof__(strtol) bw_strtol;
extern __typeof__(strtoul) bw_strtoul;
extern __typeof__(strtoll) bw_strtoll;
extern __typeof__(strtoull) bw_strtoull;
extern __typeof__(isalnum) bw_isalnum;
extern __typeof__(isalpha) bw_isalpha;
extern __typeof__(isblank) bw_isblank;
extern __typeof__(iscntrl) bw_iscntrl;
extern __typeof__(isdigit) bw_isdigit;
extern __typeof__(isgraph) bw_isgraph;
extern __typeof__(islower) bw_islower;
extern __typeof__(isprint) bw_isprint;
extern __typeof__(ispunct) bw_ispunct;
extern __typeof__(isspace) bw_isspace;
extern __typeof__(isupper) bw_isupper;
extern __typeof__(isxdigit) bw_isxdigit;
extern __typeof__(tolower) bw_tolower;
extern __typeof__(toupper) bw_toupper;
extern __typeof__(malloc) bw_malloc;
extern __typeof__(calloc) bw_calloc;
extern __typeof__(realloc) bw_realloc;
extern __typeof__(reallocarray) bw_reallocarray;
extern __typeof__(free) bw_free;
extern __typeof__(posix_memalign) bw_posix_memalign;
extern __typeof__(malloc_usable_size) bw_malloc_usable_size;
extern __typeof__(qsort) bw_qsort;
extern __typeof__(bsearch) bw_bsearch;
extern __typeof__(dprintf) bw_dprintf;
extern __typeof__(sscanf) bw_sscanf;
extern __typeof__(gmtime_r) bw_gmtime_r;
extern __typeof__(timegm) bw_timegm;
extern __typeof__(strftime) bw_strftime;
extern __typeof__(getenv) bw_getenv;
extern __typeof__(setenv) bw_setenv;
extern __typeof__(unsetenv) bw_unsetenv;
extern __typeof__(asprintf) bw_asprintf;
extern int bw_getopt(int argc, char *const argv[], const char *opts);
extern char *bw_optarg;
extern int bw_optind, bw_opterr, bw_optopt;
extern __typeof__(inet_pton) bw_inet_pton;
extern __typeof__(inet_ntop) bw_inet_ntop;
extern __typeof__(inet_aton) bw_inet_aton;
extern __typeof__(getaddrinfo) bw_getaddrinfo;
extern __typeof__(freeaddrinfo) bw_freeaddrinfo;
extern __typeof__(getnameinfo) bw_getnameinfo;
size_t bw_strlcpy(char *dst, const char *src, size_t size);
size_t bw_strlcat(char *dst, const char *src, size_t size);
int *bw___errno_location(void);
#define bw_errno (*bw___errno_location())

#endif
