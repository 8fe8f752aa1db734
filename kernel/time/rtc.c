/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CMOS clock (MC146818A data sheet), read once at boot for the wall time. It is taken to run
 * in UTC, QEMU's default. The registers are read twice, around the update, until both readings
 * agree; binary or BCD, 12 or 24 hours as register B says. A machine without one (microvm with
 * rtc=off) reads all ones.
 *
 * Boot only. The alarm and the periodic interrupt are not used.
 */
#include <kernel/cpu/io.h>
#include <kernel/lib/types.h>
#include <kernel/time/calibrate.h>
#include <string.h>

#define CMOS_INDEX 0x70
#define CMOS_DATA 0x71
#define NMI_DISABLE 0x80

#define RTC_A_UPDATE 0x80
#define RTC_B_BINARY 0x04
#define RTC_B_24H 0x02
#define RTC_PM 0x80
#define UPDATE_POLLS 100000 /* an update takes 2 ms at most */

enum { RTC_SEC = 0, RTC_MIN = 2, RTC_HOUR = 4, RTC_DAY = 7, RTC_MONTH = 8, RTC_YEAR = 9,
       RTC_A = 10, RTC_B = 11, RTC_CENTURY = 0x32 };

static const u8 fields[] = {RTC_SEC, RTC_MIN, RTC_HOUR, RTC_DAY, RTC_MONTH, RTC_YEAR, RTC_CENTURY};

static u8 cmos_read(u8 reg)
{
	outb(reg | NMI_DISABLE, CMOS_INDEX);
	return inb(CMOS_DATA);
}

static unsigned int from_bcd(u8 v)
{
	return (v >> 4) * 10u + (v & 15);
}

/* Days from 1970-01-01 to a date of the Gregorian calendar; months counted from March, so that the
 * leap day is the last of the year.
 */
static u64 days_since_1970(u64 year, unsigned int month, unsigned int day)
{
	u64 y = month > 2 ? year : year - 1;
	u64 m = month > 2 ? month - 3 : month + 9;
	u64 days = y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1;

	return days - 719468; /* 0000-03-01 to 1970-01-01 */
}

static void read_fields(u8 v[ARRAY_SIZE(fields)])
{
	for (int i = 0; i < UPDATE_POLLS && (cmos_read(RTC_A) & RTC_A_UPDATE); i++)
		;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		v[i] = cmos_read(fields[i]);
}

u64 rtc_read_ns(void)
{
	u8 v[ARRAY_SIZE(fields)], again[ARRAY_SIZE(fields)], b, hour;
	unsigned int f[ARRAY_SIZE(fields)];
	u64 year, seconds;
	bool pm;

	if (cmos_read(RTC_A) == 0xff && cmos_read(RTC_B) == 0xff)
		return 0;
	read_fields(again);
	do {
		memcpy(v, again, sizeof(v));
		read_fields(again);
	} while (memcmp(v, again, sizeof(v)));

	b = cmos_read(RTC_B);
	hour = v[2];
	pm = !(b & RTC_B_24H) && (hour & RTC_PM);
	v[2] = b & RTC_B_24H ? hour : hour & ~RTC_PM;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		f[i] = b & RTC_B_BINARY ? v[i] : from_bcd(v[i]);
	if (!(b & RTC_B_24H))
		f[2] = f[2] % 12 + (pm ? 12 : 0);
	/*
	 * Register 32H is the PC's custom for the century; without it years below 70 are of this
	 * one.
	 */
	year = f[5] + (f[6] == 19 || f[6] == 20 || f[6] == 21 ? f[6] * 100
		       : f[5] < 70			      ? 2000
							      : 1900);
	if (f[0] > 59 || f[1] > 59 || f[2] > 23 || f[3] < 1 || f[3] > 31 || f[4] < 1 || f[4] > 12)
		return 0;
	seconds = ((days_since_1970(year, f[4], f[3]) * 24 + f[2]) * 60 + f[1]) * 60 + f[0];
	return seconds * NSEC_PER_SEC;
}
