// SPDX-License-Identifier: BSD-2-Clause
/*
 * Bytes in and out of sk_buffs: pulling fragments into the head, trimming, splitting, joining, and
 * copies to memory and to programs. A packet's bytes are its linear head, its page fragments, then
 * the packets of its frag_list, in this order; skb_walk() visits them so for all functions here.
 *
 * Any context; never sleeps. Offsets count from skb->data and are checked against skb->len by the
 * caller or here; data of clones is never written (callers check skb_cloned).
 */
#include <errno.h>
#include <kernel/fs/iov_iter.h>
#include <net/checksum.h>
#include <net/skb_ops.h>
#include <string.h>

/* Visit [offset, offset + len) piece by piece; fn returns false to stop. True when all was seen. */
typedef bool (*skb_piece_fn)(void *piece, u32 len, void *arg);

static bool skb_walk(const struct sk_buff *skb, u32 offset, u32 len, skb_piece_fn fn, void *arg)
{
	const struct skb_shared_info *sh = skb_shinfo(skb);
	const struct sk_buff *frag;
	u32 start = skb_headlen(skb), n;
	int i;

	if (offset < start) {
		n = min(start - offset, len);
		if (!fn(skb->data + offset, n, arg))
			return false;
		offset += n;
		len -= n;
	}
	for (i = 0; len && i < sh->nr_frags; i++) {
		u32 end = start + sh->frags[i].size;

		if (offset < end) {
			n = min(end - offset, len);
			if (!fn((u8 *)skb_frag_address(&sh->frags[i]) + (offset - start), n, arg))
				return false;
			offset += n;
			len -= n;
		}
		start = end;
	}
	for (frag = sh->frag_list; len && frag; frag = frag->next) {
		u32 end = start + frag->len;

		BUG_ON(skb_shinfo(frag)->frag_list != NULL);
		if (offset < end) {
			n = min(end - offset, len);
			if (!skb_walk(frag, offset - start, n, fn, arg))
				return false;
			offset += n;
			len -= n;
		}
		start = end;
	}
	return len == 0;
}

static bool piece_to_mem(void *piece, u32 len, void *arg)
{
	u8 **to = arg;

	memcpy(*to, piece, len);
	*to += len;
	return true;
}

int skb_copy_bits(const struct sk_buff *skb, u32 offset, void *to, u32 len)
{
	if (unlikely(offset > skb->len || len > skb->len - offset))
		return -EFAULT;
	if (likely(offset + len <= skb_headlen(skb))) {
		memcpy(to, skb->data + offset, len);
		return 0;
	}
	return skb_walk(skb, offset, len, piece_to_mem, &to) ? 0 : -EFAULT;
}

static bool piece_from_mem(void *piece, u32 len, void *arg)
{
	const u8 **from = arg;

	memcpy(piece, *from, len);
	*from += len;
	return true;
}

int skb_store_bits(struct sk_buff *skb, u32 offset, const void *from, u32 len)
{
	if (offset > skb->len || len > skb->len - offset)
		return -EFAULT;
	return skb_walk(skb, offset, len, piece_from_mem, &from) ? 0 : -EFAULT;
}

static bool piece_to_iter(void *piece, u32 len, void *arg)
{
	return copy_to_iter(piece, len, arg) == len;
}

int skb_copy_datagram_iter(const struct sk_buff *skb, u32 offset, struct iov_iter *to, u32 len)
{
	if (unlikely(offset > skb->len || len > skb->len - offset))
		return -EFAULT;
	if (likely(offset + len <= skb_headlen(skb)))
		return copy_to_iter(skb->data + offset, len, to) == len ? 0 : -EFAULT;
	return skb_walk(skb, offset, len, piece_to_iter, to) ? 0 : -EFAULT;
}

static bool piece_from_iter(void *piece, u32 len, void *arg)
{
	return copy_from_iter(piece, len, arg) == len;
}

int skb_copy_datagram_from_iter(struct sk_buff *skb, u32 offset, struct iov_iter *from, u32 len)
{
	if (unlikely(offset > skb->len || len > skb->len - offset))
		return -EFAULT;
	return skb_walk(skb, offset, len, piece_from_iter, from) ? 0 : -EFAULT;
}

void *skb_header_pointer(const struct sk_buff *skb, u32 offset, u32 len, void *buffer)
{
	if (offset + len <= skb_headlen(skb) && offset + len >= offset)
		return skb->data + offset;
	return skb_copy_bits(skb, offset, buffer, len) ? NULL : buffer;
}

struct csum_walk {
	wsum sum;
	u32 done;
};

static bool piece_csum(void *piece, u32 len, void *arg)
{
	struct csum_walk *w = arg;

	w->sum = csum_block_add(w->sum, csum_partial(piece, len, 0), w->done);
	w->done += len;
	return true;
}

wsum skb_checksum(const struct sk_buff *skb, u32 offset, u32 len, wsum csum)
{
	struct csum_walk w = {csum, 0};
	bool whole = skb_walk(skb, offset, len, piece_csum, &w);

	BUG_ON(!whole);
	return w.sum;
}

/* Forget `len` bytes at the front of the fragments (they were copied or are not wanted). */
static void skb_frags_eat(struct sk_buff *skb, u32 len)
{
	struct skb_shared_info *sh = skb_shinfo(skb);
	int i, keep = 0;

	for (i = 0; i < sh->nr_frags; i++) {
		skb_frag_t f = sh->frags[i];
		u32 n = min(f.size, len);

		len -= n;
		if (n == f.size) {
			put_page(f.page);
			continue;
		}
		f.offset += n;
		f.size -= n;
		sh->frags[keep++] = f;
	}
	sh->nr_frags = (u8)keep;
	while (len) {
		struct sk_buff *list = sh->frag_list;

		BUG_ON(!list);
		if (list->len > len) {
			__skb_pull_any(list, len);
			break;
		}
		len -= list->len;
		sh->frag_list = list->next;
		list->next = NULL;
		consume_skb(list);
	}
}

void *__pskb_pull_tail(struct sk_buff *skb, u32 delta)
{
	u32 room = (u32)(skb->end - skb->tail);

	if (delta > skb->data_len)
		return NULL;
	if (room < delta || skb_cloned(skb)) {
		if (pskb_expand_head(skb, 0, room < delta ? delta - room : 0, GFP_ATOMIC))
			return NULL;
	}
	if (skb_copy_bits(skb, skb_headlen(skb), skb->tail, delta))
		return NULL;
	skb_frags_eat(skb, delta);
	skb->tail += delta;
	skb->data_len -= delta;
	return skb->tail;
}

int skb_linearize(struct sk_buff *skb)
{
	if (!skb_is_nonlinear(skb))
		return 0;
	return __pskb_pull_tail(skb, skb->data_len) ? 0 : -ENOMEM;
}

/* The head must not be shared when fragments are cut; clones get their own first. */
void *__skb_pull_any(struct sk_buff *skb, u32 len)
{
	u32 hlen = skb_headlen(skb);

	BUG_ON(len > skb->len);
	if (len <= hlen)
		return skb_pull(skb, len);
	if (skb_cloned(skb) && pskb_expand_head(skb, 0, 0, GFP_ATOMIC))
		return NULL;
	skb_frags_eat(skb, len - hlen);
	skb->data += hlen;
	skb->len -= len;
	skb->data_len -= len - hlen;
	return skb->data;
}

/* Cut the frag_list of skb so that `len` bytes of it stay. */
static int skb_trim_frag_list(struct skb_shared_info *sh, u32 len)
{
	struct sk_buff **link = &sh->frag_list, *frag, *next;

	while ((frag = *link) && len) {
		if (frag->len > len) {
			if (skb_shared(frag)) /* a shared member is replaced before it is cut */
				return -ENOMEM;
			if (pskb_trim(frag, len))
				return -ENOMEM;
		}
		len -= frag->len;
		link = &frag->next;
	}
	*link = NULL;
	for (; frag; frag = next) {
		next = frag->next;
		frag->next = NULL;
		consume_skb(frag);
	}
	return 0;
}

int pskb_trim(struct sk_buff *skb, u32 len)
{
	struct skb_shared_info *sh;
	u32 pos = skb_headlen(skb);
	int i, nfrags;

	if (len >= skb->len)
		return 0;
	if (!skb_is_nonlinear(skb)) {
		skb->tail = skb->data + len;
		skb->len = len;
		return 0;
	}
	if (skb_cloned(skb) && pskb_expand_head(skb, 0, 0, GFP_ATOMIC))
		return -ENOMEM;
	sh = skb_shinfo(skb);
	nfrags = sh->nr_frags;
	for (i = 0; i < nfrags; i++) {
		skb_frag_t *f = &sh->frags[i];
		u32 end = pos + f->size;

		if (pos >= len) {
			put_page(f->page);
			if (sh->nr_frags > i)
				sh->nr_frags = (u8)i;
		} else if (end > len) {
			f->size = len - pos;
		}
		pos = end;
	}
	if (sh->frag_list && skb_trim_frag_list(sh, len > pos ? len - pos : 0))
		return -ENOMEM;
	if (len < skb_headlen(skb)) {
		skb->tail = skb->data + len;
		skb->data_len = 0;
	} else {
		skb->data_len -= skb->len - len;
	}
	skb->len = len;
	return 0;
}

int pskb_trim_rcsum(struct sk_buff *skb, u32 len)
{
	if (len >= skb->len)
		return 0;
	if (skb->ip_summed == CHECKSUM_COMPLETE) {
		wsum cut = skb_checksum(skb, len, skb->len - len, 0);

		skb->csum = csum_sub(skb->csum, csum_block_add(0, cut, len));
	}
	return pskb_trim(skb, len);
}

void skb_split(struct sk_buff *skb, struct sk_buff *skb1, u32 len)
{
	struct skb_shared_info *sh = skb_shinfo(skb), *sh1 = skb_shinfo(skb1);
	u32 hlen = skb_headlen(skb), pos = hlen, moved = skb->len - len;
	int i, k = 0, nfrags = sh->nr_frags;

	BUG_ON(sh->frag_list != NULL || skb_cloned(skb));
	skb_zerocopy_clone(skb1, skb);
	if (len < hlen) {
		memcpy(skb_put(skb1, hlen - len), skb->data + len, hlen - len);
		skb->tail = skb->data + len;
	}
	sh->nr_frags = 0;
	for (i = 0; i < nfrags; i++) {
		skb_frag_t f = sh->frags[i];
		u32 keep = len > pos ? min(f.size, len - pos) : 0;

		pos += f.size;
		if (keep) {
			sh->frags[sh->nr_frags] = f;
			sh->frags[sh->nr_frags++].size = keep;
		}
		if (keep == f.size)
			continue;
		if (keep)
			get_page(f.page);
		sh1->frags[k++] = (skb_frag_t){f.page, f.offset + keep, f.size - keep};
	}
	sh1->nr_frags = (u8)k;
	skb1->len = moved;
	skb1->data_len = len < hlen ? moved - (hlen - len) : moved;
	skb->len = len;
	skb->data_len = len < hlen ? 0 : len - hlen;
}

static bool skb_frag_continues(const skb_frag_t *last, const skb_frag_t *f)
{
	return last->page == f->page && last->offset + last->size == f->offset;
}

/* Fragment slots that `left` bytes from the front of `from` need at the end of `to`. */
static int skb_shift_slots(const struct skb_shared_info *to, const struct skb_shared_info *from,
			   u32 left)
{
	int i, slots = 0;

	for (i = 0; left; i++) {
		left -= min(from->frags[i].size, left);
		slots++;
	}
	if (slots && to->nr_frags &&
	    skb_frag_continues(&to->frags[to->nr_frags - 1], &from->frags[0]))
		slots--;
	return slots;
}

int skb_shift(struct sk_buff *tgt, struct sk_buff *skb, int shiftlen)
{
	struct skb_shared_info *to = skb_shinfo(tgt), *from = skb_shinfo(skb);
	u32 left = (u32)shiftlen;
	int i;

	if (skb_headlen(skb) || left > skb->len || skb_cloned(tgt) || skb_cloned(skb) ||
	    from->frag_list || to->frag_list || from->destructor_arg || to->destructor_arg)
		return 0;
	if (to->nr_frags + skb_shift_slots(to, from, left) > MAX_SKB_FRAGS)
		return 0;
	for (i = 0; left; i++) {
		skb_frag_t f = from->frags[i];
		skb_frag_t *last = to->nr_frags ? &to->frags[to->nr_frags - 1] : NULL;
		u32 n = min(f.size, left);

		if (last && skb_frag_continues(last, &f)) {
			last->size += n;
		} else {
			get_page(f.page);
			to->frags[to->nr_frags++] = (skb_frag_t){f.page, f.offset, n};
		}
		left -= n;
	}
	skb_frags_eat(skb, (u32)shiftlen);
	skb->len -= (u32)shiftlen;
	skb->data_len -= (u32)shiftlen;
	skb->truesize -= (u32)shiftlen;
	tgt->len += (u32)shiftlen;
	tgt->data_len += (u32)shiftlen;
	tgt->truesize += (u32)shiftlen;
	return shiftlen;
}

bool skb_try_coalesce(struct sk_buff *to, struct sk_buff *from, bool *fragstolen,
		      int *delta_truesize)
{
	struct skb_shared_info *ts = skb_shinfo(to), *fs = skb_shinfo(from);
	u32 hlen = skb_headlen(from), len = from->len;
	int i, delta;

	*fragstolen = false;
	if (skb_cloned(to) || skb_shared(to))
		return false;
	if (len <= skb_tailroom(to)) {
		if (len && skb_copy_bits(from, 0, skb_put(to, len), len))
			return false;
		*delta_truesize = 0;
		return true;
	}
	if (ts->frag_list || fs->frag_list || ts->destructor_arg || fs->destructor_arg ||
	    ts->nr_frags + fs->nr_frags + (hlen ? 1 : 0) > MAX_SKB_FRAGS)
		return false;
	if (hlen && (skb_cloned(from) || !fs->head_is_page))
		return false;
	delta = (int)(from->truesize - SKB_DATA_ALIGN(sizeof(struct sk_buff)));
	if (hlen) {
		struct page *page = virt_to_page(from->head);
		u32 off = (u32)(from->data - (u8 *)page_address(page));

		get_page(page);
		ts->frags[ts->nr_frags++] = (skb_frag_t){page, off, hlen};
	}
	for (i = 0; i < fs->nr_frags; i++) {
		get_page(fs->frags[i].page);
		ts->frags[ts->nr_frags++] = fs->frags[i];
	}
	to->len += len;
	to->data_len += len;
	to->truesize += (u32)delta;
	*delta_truesize = delta;
	*fragstolen = true;
	return true;
}

/* `from` of a successful skb_try_coalesce. Fragments were shared by reference, so freeing is plain.
 */
void kfree_skb_partial(struct sk_buff *skb, bool head_stolen)
{
	(void)head_stolen;
	consume_skb(skb);
}
