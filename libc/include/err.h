/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that end the program (BSD). */
#ifndef _ERR_H
#define _ERR_H

void err(int status, const char *fmt, ...) __attribute__((noreturn, format(printf, 2, 3)));
void errx(int status, const char *fmt, ...) __attribute__((noreturn, format(printf, 2, 3)));
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void warnx(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
