// SPDX-License-Identifier: BSD-2-Clause
/* Sets of sequence numbers; see ranges.h. */
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/sim/ranges.h>

/* The first range that ends at or behind pos. */
static u32 find(const struct ranges *s, u32 pos)
{
	u32 low = 0, high = s->n;

	while (low < high) {
		u32 mid = (low + high) / 2;

		if (s->r[mid].end < pos)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void ranges_add(struct ranges *s, u32 start, u32 end)
{
	u32 first = find(s, start), last = first;

	if (end <= start)
		return;
	for (; last < s->n && s->r[last].start <= end; last++) {
		start = s->r[last].start < start ? s->r[last].start : start;
		end = s->r[last].end > end ? s->r[last].end : end;
	}
	if (first == last && s->n == s->room) {
		s->room = s->room ? 2 * s->room : 8;
		s->r = realloc(s->r, s->room * sizeof(*s->r));
	}
	memmove(s->r + first + 1, s->r + last, (s->n - last) * sizeof(*s->r));
	s->n += first + 1 - last;
	s->r[first] = (struct range){start, end};
}

bool ranges_hold(const struct ranges *s, u32 start, u32 end)
{
	u32 i = find(s, end);

	return i < s->n && s->r[i].start <= start && end <= s->r[i].end;
}

u32 ranges_front(const struct ranges *s)
{
	return s->n && !s->r[0].start ? s->r[0].end : 0;
}

void ranges_clear(struct ranges *s)
{
	free(s->r);
	*s = (struct ranges){0};
}
