// SPDX-License-Identifier: BSD-2-Clause
/*
 * TCP options: parsing what a segment carries and laying out what ours carry.
 *
 * RFC 9293 section 3.1 (format, MSS), RFC 7323 (window scale, timestamps), RFC 2018 and 2883
 * (SACK). The layout is Linux's to the byte: on a SYN MSS, SACK-permitted folded into the alignment
 * of the timestamps, window scale; on data NOP NOP timestamps; SACK blocks behind NOP NOP.
 *
 * Parsing is one bounded loop; its results go to tcp_options_received, the place of a SACK option
 * to TCP_SKB_CB(skb)->sacked. Called by tcp_conn_request, tcp_check_req, the TIME-WAIT code and
 * tcp_validate_incoming when reading, by tcp_xmit.c when writing. Left out: AO, and keys for MD5.
 */
#include <net/dst.h>
#include <net/tcp_data.h>
#include <net/tcp_fastopen.h>

/* ---- in ---- */

/* p: an option that is known to have p[1] bytes. */
static bool is_exp_fastopen(const u8 *p)
{
	return p[0] == TCPOPT_EXP && p[1] >= TCPOLEN_EXP_FASTOPEN_BASE &&
	       get_be16(p + 2) == TCPOPT_FASTOPEN_MAGIC;
}

static void parse_wscale(const struct net *net, struct tcp_options_received *opt, u8 shift)
{
	if (!net->ipv4.sysctl_tcp_window_scaling)
		return;
	opt->wscale_ok = 1;
	if (shift > TCP_MAX_WSCALE) {
		pr_warn_ratelimited("tcp: window scale %u from a peer, taken as %u\n", shift,
				    TCP_MAX_WSCALE);
		shift = TCP_MAX_WSCALE;
	}
	opt->snd_wscale = shift & 15;
}

static void parse_mss(struct tcp_options_received *opt, u16 mss)
{
	if (!mss)
		return;
	opt->mss_clamp = opt->user_mss && opt->user_mss < mss ? opt->user_mss : mss;
}

/* One option of kind `kind` with `len` bytes in all at p (its first byte). */
static void parse_option(const struct net *net, const struct sk_buff *skb, const u8 *p,
			 struct tcp_options_received *opt, bool estab)
{
	const struct tcphdr *th = tcp_hdr(skb);
	u8 kind = p[0], len = p[1];

	switch (kind) {
	case TCPOPT_MSS:
		if (len == TCPOLEN_MSS && th->syn && !estab)
			parse_mss(opt, get_be16(p + 2));
		break;
	case TCPOPT_WINDOW:
		if (len == TCPOLEN_WINDOW && th->syn && !estab)
			parse_wscale(net, opt, p[2]);
		break;
	case TCPOPT_TIMESTAMP:
		if (len == TCPOLEN_TIMESTAMP &&
		    ((estab && opt->tstamp_ok) || (!estab && net->ipv4.sysctl_tcp_timestamps))) {
			opt->saw_tstamp = 1;
			opt->rcv_tsval = get_be32(p + 2);
			opt->rcv_tsecr = get_be32(p + 6);
		}
		break;
	case TCPOPT_SACK_PERM:
		if (len == TCPOLEN_SACK_PERM && th->syn && !estab && net->ipv4.sysctl_tcp_sack) {
			opt->sack_ok = TCP_SACK_SEEN;
			opt->num_sacks = 0;
		}
		break;
	case TCPOPT_SACK:
		if (len >= TCPOLEN_SACK_BASE + TCPOLEN_SACK_PERBLOCK &&
		    !((len - TCPOLEN_SACK_BASE) % TCPOLEN_SACK_PERBLOCK) && opt->sack_ok)
			TCP_SKB_CB(skb)->sacked = (u8)(p - (const u8 *)th);
		break;
	case TCPOPT_FASTOPEN:
		opt->saw_fastopen = 1;
		break;
	default:
		if (is_exp_fastopen(p))
			opt->saw_fastopen = 1;
		else
			opt->saw_unknown = 1;
	}
}

/*
 * Is the segment signed (RFC 2385)? Nobody here has a key, so Linux's rule for a signature that is
 * not expected holds: drop it in silence, whoever it is for. th's doff is checked.
 */
bool tcp_has_md5_option(const struct tcphdr *th)
{
	const u8 *p = (const u8 *)(th + 1);
	int left = th->doff * 4 - (int)sizeof(*th);

	while (unlikely(left >= TCPOLEN_MD5SIG)) {
		int len = p[0] == TCPOPT_NOP ? 1 : p[1];

		if (p[0] == TCPOPT_EOL || (p[0] != TCPOPT_NOP && (len < 2 || len > left)))
			return false;
		if (p[0] == TCPOPT_MD5SIG && len == TCPOLEN_MD5SIG)
			return true;
		p += len;
		left -= len;
	}
	return false;
}

/*
 * Read all options of skb (transport header set, its doff checked to lie within the linear part).
 * estab: the connection exists, so SYN-only options are ignored. A malformed list ends the reading
 * and keeps what came before it, as everybody does.
 */
void tcp_parse_options(const struct net *net, const struct sk_buff *skb,
		       struct tcp_options_received *opt, bool estab)
{
	const struct tcphdr *th = tcp_hdr(skb);
	const u8 *p = (const u8 *)(th + 1);
	int left = th->doff * 4 - (int)sizeof(*th);

	opt->saw_tstamp = 0;
	opt->saw_unknown = 0;
	opt->saw_fastopen = 0;
	while (left > 0) {
		int len = 1;

		if (p[0] == TCPOPT_EOL)
			return;
		if (p[0] != TCPOPT_NOP) {
			if (left < 2)
				return;
			len = p[1];
			if (len < 2 || len > left)
				return;
			parse_option(net, skb, p, opt, estab);
		}
		p += len;
		left -= len;
	}
}

void tcp_clear_options(struct tcp_options_received *opt)
{
	opt->tstamp_ok = 0;
	opt->sack_ok = 0;
	opt->wscale_ok = 0;
	opt->snd_wscale = 0;
	opt->saw_tstamp = 0;
	opt->saw_unknown = 0;
	opt->saw_fastopen = 0;
	opt->num_sacks = 0;
	opt->dsack = 0;
}

/*
 * Fast Open's option on a SYN or SYN-ACK (RFC 7413 section 4.1.1), or the experimental one of
 * before the RFC (RFC 6994's kind 254 with a magic number). *foc stays as it is when there is none,
 * or one of odd length; one of a length that no cookie has counts as none.
 */
void tcp_parse_fastopen_option(const struct tcphdr *th, struct tcp_fastopen_cookie *foc)
{
	const u8 *p = (const u8 *)(th + 1);
	int left = th->doff * 4 - (int)sizeof(*th);

	while (left > 0 && p[0] != TCPOPT_EOL) {
		int len = 1, base = TCPOLEN_FASTOPEN_BASE, size;

		if (p[0] != TCPOPT_NOP) {
			if (left < 2 || p[1] < 2 || p[1] > left)
				return;
			len = p[1];
		}
		if (is_exp_fastopen(p))
			base = TCPOLEN_EXP_FASTOPEN_BASE;
		size = len - base;
		if ((p[0] == TCPOPT_FASTOPEN || base == TCPOLEN_EXP_FASTOPEN_BASE) && !(size & 1)) {
			foc->exp = base == TCPOLEN_EXP_FASTOPEN_BASE;
			foc->len = (s8)size;
			if (size > TCP_FASTOPEN_COOKIE_MAX ||
			    (size && size < TCP_FASTOPEN_COOKIE_MIN))
				foc->len = -1;
			if (foc->len > 0)
				memcpy(foc->val, p + base, (size_t)size);
		}
		p += len;
		left -= len;
	}
}

/* The MSS option of a SYN alone (SYN cookies); 0 when there is none. */
u16 tcp_parse_mss_option(const struct tcphdr *th, u16 user_mss)
{
	const u8 *p = (const u8 *)(th + 1);
	int left = th->doff * 4 - (int)sizeof(*th);

	while (left > 0 && p[0] != TCPOPT_EOL) {
		int len = 1;

		if (p[0] != TCPOPT_NOP) {
			if (left < 2 || p[1] < 2 || p[1] > left)
				return 0;
			len = p[1];
			if (p[0] == TCPOPT_MSS && len == TCPOLEN_MSS) {
				u16 mss = get_be16(p + 2);

				return mss && user_mss && user_mss < mss ? user_mss : mss;
			}
		}
		p += len;
		left -= len;
	}
	return 0;
}

/* The layout that nearly all segments have: NOP NOP timestamps, nothing else. */
static bool tcp_parse_aligned_timestamp(struct tcp_sock *tp, const struct tcphdr *th)
{
	const u8 *p = (const u8 *)(th + 1);

	if (get_be32(p) !=
	    (TCPOPT_NOP << 24 | TCPOPT_NOP << 16 | TCPOPT_TIMESTAMP << 8 | TCPOLEN_TIMESTAMP))
		return false;
	tp->rx_opt.saw_tstamp = 1;
	tp->rx_opt.rcv_tsval = get_be32(p + 4);
	tp->rx_opt.rcv_tsecr = get_be32(p + 8);
	if (tp->rx_opt.rcv_tsecr)
		tp->rx_opt.rcv_tsecr -= tp->tsoffset;
	return true;
}

/* Options of a segment on an existing connection; true when there were any. */
bool tcp_fast_parse_options(const struct net *net, const struct sk_buff *skb,
			    const struct tcphdr *th, struct tcp_sock *tp)
{
	if (th->doff == sizeof(*th) / 4) {
		tp->rx_opt.saw_tstamp = 0;
		return false;
	}
	if (tp->rx_opt.tstamp_ok && th->doff == (sizeof(*th) + TCPOLEN_TSTAMP_ALIGNED) / 4 &&
	    tcp_parse_aligned_timestamp(tp, th))
		return true;
	tcp_parse_options(net, skb, &tp->rx_opt, true);
	if (tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr)
		tp->rx_opt.rcv_tsecr -= tp->tsoffset;
	return true;
}

/*
 * PAWS (RFC 7323 section 5.3): is the segment's timestamp acceptable, at most `slack` ticks behind
 * TS.Recent? A TS.Recent older than 24 days is not believed (section 5.5); 0 passes because of
 * peers that send it in their first segments.
 */
bool tcp_paws_check(const struct tcp_options_received *opt, int slack)
{
	if ((s32)(opt->ts_recent - opt->rcv_tsval) <= slack)
		return true;
	return tcp_seconds() - opt->ts_recent_stamp >= TCP_PAWS_24DAYS || !opt->ts_recent;
}

/*
 * For requests and TIME-WAIT. An RST is believed although its timestamp is old once TS.Recent is
 * older than an MSL: hosts that reboot send such ones (Linux's reading of section 5.2).
 */
bool tcp_paws_reject(const struct tcp_options_received *opt, int rst)
{
	if (tcp_paws_check(opt, 0))
		return false;
	return !(rst && tcp_seconds() - opt->ts_recent_stamp >= TCP_PAWS_MSL);
}

/* ---- out ---- */

static u32 ts_now(const struct sk_buff *skb)
{
	return tcp_skb_timestamp(skb);
}

/* Fast Open's option, if it fits; returns its length, NOPs with it. */
static unsigned int fastopen_option(const struct tcp_fastopen_cookie *foc, unsigned int len,
				    struct tcp_out_options *o)
{
	unsigned int need;

	if (likely(!foc || foc->len < 0))
		return 0;
	need = (unsigned int)foc->len +
	       (foc->exp ? TCPOLEN_EXP_FASTOPEN_BASE : TCPOLEN_FASTOPEN_BASE);
	need = ALIGN_UP(need, 4);
	if (len + need > MAX_TCP_OPTION_SPACE)
		return 0;
	o->options |= OPTION_FAST_OPEN_COOKIE;
	o->fastopen_cookie = foc;
	return need;
}

/* Options of our SYN; returns their length. */
unsigned int tcp_syn_options(struct sock *sk, const struct sk_buff *skb, struct tcp_out_options *o)
{
	const struct net *net = sock_net(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int len = TCPOLEN_MSS;

	*o = (struct tcp_out_options){.mss = tp->advmss};
	if (net->ipv4.sysctl_tcp_timestamps) {
		o->options |= OPTION_TS;
		o->tsval = ts_now(skb) + tp->tsoffset;
		o->tsecr = tp->rx_opt.ts_recent;
		len += TCPOLEN_TSTAMP_ALIGNED;
	}
	if (net->ipv4.sysctl_tcp_window_scaling) {
		o->ws = tp->rx_opt.rcv_wscale;
		o->options |= OPTION_WSCALE;
		len += ALIGN_UP(TCPOLEN_WINDOW, 4);
	}
	if (net->ipv4.sysctl_tcp_sack) {
		o->options |= OPTION_SACK_ADVERTISE;
		if (!(o->options & OPTION_TS))
			len += ALIGN_UP(TCPOLEN_SACK_PERM, 4);
	}
	if (unlikely(tp->fastopen_req)) {
		len += fastopen_option(&tp->fastopen_req->cookie, len, o);
		if (o->options & OPTION_FAST_OPEN_COOKIE) {
			tp->syn_fastopen = 1;
			tp->syn_fastopen_exp = tp->fastopen_req->cookie.exp;
		}
	}
	return len;
}

/* Options of the answer to a SYN: only what it offered. */
unsigned int tcp_synack_options(struct request_sock *req, unsigned int mss,
				const struct tcp_fastopen_cookie *foc, struct tcp_out_options *o)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	unsigned int len = TCPOLEN_MSS;

	*o = (struct tcp_out_options){.mss = (u16)mss};
	if (ireq->wscale_ok) {
		o->ws = ireq->rcv_wscale;
		o->options |= OPTION_WSCALE;
		len += ALIGN_UP(TCPOLEN_WINDOW, 4);
	}
	if (ireq->tstamp_ok) {
		o->options |= OPTION_TS;
		o->tsecr = req->ts_recent;
		len += TCPOLEN_TSTAMP_ALIGNED;
	}
	if (ireq->sack_ok) {
		o->options |= OPTION_SACK_ADVERTISE;
		if (!ireq->tstamp_ok)
			len += ALIGN_UP(TCPOLEN_SACK_PERM, 4);
	}
	return len + fastopen_option(foc, len, o);
}

/* Options of any later segment; skb NULL: only their length matters. */
unsigned int tcp_established_options(struct sock *sk, const struct sk_buff *skb,
				     struct tcp_out_options *o)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int len = 0, blocks;

	o->options = 0;
	o->num_sack_blocks = 0;
	if (tp->rx_opt.tstamp_ok) {
		o->options |= OPTION_TS;
		o->tsval = skb ? ts_now(skb) + tp->tsoffset : 0;
		o->tsecr = tp->rx_opt.ts_recent;
		len += TCPOLEN_TSTAMP_ALIGNED;
	}
	blocks = (unsigned int)(tp->rx_opt.num_sacks + tp->rx_opt.dsack);
	if (unlikely(blocks)) {
		unsigned int room = 40 - len;

		o->num_sack_blocks =
			(u8)min_t(unsigned int, blocks,
				  (room - TCPOLEN_SACK_BASE_ALIGNED) / TCPOLEN_SACK_PERBLOCK);
		len += TCPOLEN_SACK_BASE_ALIGNED +
		       (unsigned int)o->num_sack_blocks * TCPOLEN_SACK_PERBLOCK;
	}
	return len;
}

static u8 *put_word(u8 *p, u32 a, u32 b, u32 c, u32 d)
{
	put_be32(p, a << 24 | b << 16 | c << 8 | d);
	return p + 4;
}

static u8 *put_sack_blocks(u8 *p, struct tcp_sock *tp, unsigned int n)
{
	const struct tcp_sack_block *sp = tp->selective_acks;
	unsigned int i = 0;

	p = put_word(p, TCPOPT_NOP, TCPOPT_NOP, TCPOPT_SACK,
		     TCPOLEN_SACK_BASE + n * TCPOLEN_SACK_PERBLOCK);
	/* A duplicate report comes first and is made once (RFC 2883 section 4). */
	if (tp->rx_opt.dsack) {
		put_be32(p, tp->duplicate_sack[0].start_seq);
		put_be32(p + 4, tp->duplicate_sack[0].end_seq);
		p += 8;
		i = 1;
		tp->rx_opt.dsack = 0;
	}
	for (; i < n; i++, sp++, p += 8) {
		put_be32(p, sp->start_seq);
		put_be32(p + 4, sp->end_seq);
	}
	return p;
}

static u8 *put_fastopen(u8 *p, const struct tcp_fastopen_cookie *foc)
{
	u32 len = (u32)foc->len;

	if (foc->exp) {
		p = put_word(p, TCPOPT_EXP, TCPOLEN_EXP_FASTOPEN_BASE + len,
			     TCPOPT_FASTOPEN_MAGIC >> 8, TCPOPT_FASTOPEN_MAGIC & 0xff);
	} else {
		*p++ = TCPOPT_FASTOPEN;
		*p++ = (u8)(TCPOLEN_FASTOPEN_BASE + len);
		len += 2; /* to the next word */
	}
	memcpy(p, foc->val, (size_t)foc->len);
	p += foc->len;
	if (len & 2) {
		*p++ = TCPOPT_NOP;
		*p++ = TCPOPT_NOP;
	}
	return p;
}

void tcp_options_write(struct tcphdr *th, struct tcp_sock *tp, const struct tcp_out_options *o)
{
	u8 options = o->options, *p = (u8 *)(th + 1);

	if (unlikely(o->mss))
		p = put_word(p, TCPOPT_MSS, TCPOLEN_MSS, o->mss >> 8, o->mss & 0xff);
	if (likely(options & OPTION_TS)) {
		bool sack = options & OPTION_SACK_ADVERTISE;

		p = put_word(p, sack ? TCPOPT_SACK_PERM : TCPOPT_NOP,
			     sack ? TCPOLEN_SACK_PERM : TCPOPT_NOP, TCPOPT_TIMESTAMP,
			     TCPOLEN_TIMESTAMP);
		options &= (u8)~OPTION_SACK_ADVERTISE;
		put_be32(p, o->tsval);
		put_be32(p + 4, o->tsecr);
		p += 8;
	}
	if (unlikely(options & OPTION_SACK_ADVERTISE))
		p = put_word(p, TCPOPT_NOP, TCPOPT_NOP, TCPOPT_SACK_PERM, TCPOLEN_SACK_PERM);
	if (unlikely(options & OPTION_WSCALE))
		p = put_word(p, TCPOPT_NOP, TCPOPT_WINDOW, TCPOLEN_WINDOW, o->ws);
	if (unlikely(o->num_sack_blocks))
		p = put_sack_blocks(p, tp, o->num_sack_blocks);
	if (unlikely(options & OPTION_FAST_OPEN_COOKIE))
		put_fastopen(p, o->fastopen_cookie);
}
