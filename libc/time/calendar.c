// SPDX-License-Identifier: BSD-2-Clause
/*
 * Calendar time in UTC: gmtime, timegm, strftime (C11 7.27.3, POSIX).
 *
 * Called by programs, in any context, for dates such as HTTP's (RFC 9110 section 5.6.7). Days and
 * dates convert by counting years from March, so that the leap day is the last of its year. Left
 * out: time zones (local time is UTC), week numbers in strftime.
 * The arithmetic is in long, so every time_t whose year fits an int converts.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY_SECONDS  86400
#define DAYS_400Y    146097
#define DAYS_TO_1970 719468 /* from 1 March of year 0 */

static const char day_names[] = "SundayMondayTuesdayWednesdayThursdayFridaySaturday";
static const unsigned char day_starts[] = {0, 6, 12, 19, 28, 36, 42, 50};
static const char month_names[] =
	"JanuaryFebruaryMarchAprilMayJuneJulyAugustSeptemberOctoberNovemberDecember";
static const unsigned char month_starts[] = {0, 7, 15, 20, 25, 28, 32, 36, 42, 51, 58, 66, 74};

/* Days from 1 January 1970 to a date; month 0 to 11, any day number. */
static long days_from_date(long year, int month, long day)
{
	long era, of_era, from_march = (month + 10) % 12;

	if (month < 2)
		year--;
	era = (year >= 0 ? year : year - 399) / 400;
	of_era = year - era * 400;
	return era * DAYS_400Y + of_era * 365 + of_era / 4 - of_era / 100 +
	       (153 * from_march + 2) / 5 + day - 1 - DAYS_TO_1970;
}

struct tm *gmtime_r(const time_t *t, struct tm *tm)
{
	long days = *t / DAY_SECONDS, rest = *t % DAY_SECONDS;
	long era, of_era, year, of_year, month;

	if (rest < 0) {
		rest += DAY_SECONDS;
		days--;
	}
	memset(tm, 0, sizeof(*tm));
	tm->tm_wday = (int)((days % 7 + 11) % 7);
	days += DAYS_TO_1970;
	era = (days >= 0 ? days : days - DAYS_400Y + 1) / DAYS_400Y;
	of_era = days - era * DAYS_400Y;
	year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * year + year / 4 - year / 100);
	month = (5 * of_year + 2) / 153;
	tm->tm_mday = (int)(of_year - (153 * month + 2) / 5 + 1);
	tm->tm_mon = (int)((month + 2) % 12);
	year += era * 400 + (tm->tm_mon < 2);
	if (year - 1900 > INT_MAX || year - 1900 < INT_MIN) {
		errno = EOVERFLOW;
		return NULL;
	}
	tm->tm_year = (int)(year - 1900);
	tm->tm_yday = (int)(days - DAYS_TO_1970 - days_from_date(year, 0, 1));
	tm->tm_hour = (int)(rest / 3600);
	tm->tm_min = (int)(rest / 60 % 60);
	tm->tm_sec = (int)(rest % 60);
	tm->tm_zone = "UTC";
	return tm;
}

struct tm *gmtime(const time_t *t)
{
	static struct tm tm;

	return gmtime_r(t, &tm);
}

struct tm *localtime_r(const time_t *t, struct tm *tm)
{
	return gmtime_r(t, tm);
}

struct tm *localtime(const time_t *t)
{
	return gmtime(t);
}

time_t timegm(struct tm *tm)
{
	long month = tm->tm_mon, year = 1900L + tm->tm_year;
	time_t t;

	year += month / 12;
	month %= 12;
	if (month < 0) {
		month += 12;
		year--;
	}
	t = days_from_date(year, (int)month, tm->tm_mday) * DAY_SECONDS + tm->tm_hour * 3600L +
	    tm->tm_min * 60L + tm->tm_sec;
	gmtime_r(&t, tm);
	return t;
}

time_t mktime(struct tm *tm)
{
	return timegm(tm);
}

/* What a shorthand conversion stands for, or NULL. */
static const char *expand(char c)
{
	switch (c) {
	case 'c':
		return "%a %b %e %H:%M:%S %Y";
	case 'D':
	case 'x':
		return "%m/%d/%y";
	case 'F':
		return "%Y-%m-%d";
	case 'T':
	case 'X':
		return "%H:%M:%S";
	case 'R':
		return "%H:%M";
	case 'r':
		return "%I:%M:%S %p";
	default:
		return NULL;
	}
}

static int slice(char *out, size_t size, const char *names, const unsigned char *starts, int i)
{
	return snprintf(out, size, "%.*s", starts[i + 1] - starts[i], names + starts[i]);
}

/* A conversion that is a number; false for another one. */
static bool convert_number(char *out, size_t size, char c, const struct tm *tm)
{
	struct tm copy = *tm;
	const struct {
		char c;
		const char *fmt;
		long value;
	} numbers[] = {
		{'d', "%02ld", tm->tm_mday},	   {'e', "%2ld", tm->tm_mday},
		{'H', "%02ld", tm->tm_hour},	   {'I', "%02ld", (tm->tm_hour + 11) % 12 + 1},
		{'j', "%03ld", tm->tm_yday + 1},   {'m', "%02ld", tm->tm_mon + 1},
		{'M', "%02ld", tm->tm_min},	   {'s', "%ld", timegm(&copy)},
		{'S', "%02ld", tm->tm_sec},	   {'u', "%ld", (tm->tm_wday + 6) % 7 + 1},
		{'w', "%ld", tm->tm_wday},	   {'y', "%02ld", (tm->tm_year % 100 + 100) % 100},
		{'Y', "%ld", tm->tm_year + 1900L}, {'C', "%02ld", (tm->tm_year + 1900L) / 100},
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (numbers[i].c == c) {
			snprintf(out, size, numbers[i].fmt, numbers[i].value);
			return true;
		}
	}
	return false;
}

/* One simple conversion into @out. */
static void convert(char *out, size_t size, char c, const struct tm *tm)
{
	if (convert_number(out, size, c, tm))
		return;
	switch (c) {
	case 'a':
		snprintf(out, size, "%.3s", day_names + day_starts[tm->tm_wday]);
		break;
	case 'A':
		slice(out, size, day_names, day_starts, tm->tm_wday);
		break;
	case 'b':
	case 'h':
		snprintf(out, size, "%.3s", month_names + month_starts[tm->tm_mon]);
		break;
	case 'B':
		slice(out, size, month_names, month_starts, tm->tm_mon);
		break;
	case 'p':
		snprintf(out, size, "%s", tm->tm_hour < 12 ? "AM" : "PM");
		break;
	case 'z':
		snprintf(out, size, "+0000");
		break;
	case 'Z':
		snprintf(out, size, "UTC");
		break;
	default:
		snprintf(out, size, "%s", c == 'n' ? "\n" : c == 't' ? "\t" : c == '%' ? "%" : "");
	}
}

size_t strftime(char *buf, size_t size, const char *fmt, const struct tm *tm)
{
	size_t used = 0;
	char text[128];

	for (; *fmt; fmt++) {
		const char *longer;

		if (*fmt != '%' || !fmt[1]) {
			text[0] = *fmt;
			text[1] = 0;
		} else {
			longer = expand(*++fmt);
			/* The expansions hold no shorthands, so this goes one level deep. */
			if (longer)
				strftime(text, sizeof(text), longer, tm);
			else
				convert(text, sizeof(text), *fmt, tm);
		}
		used += strlcpy(buf + used, text, size - used);
		if (used >= size)
			return 0;
	}
	if (size && !used)
		buf[0] = 0;
	return used;
}
