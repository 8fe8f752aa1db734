/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_TCP_SACK_H
#define BW_NET_TCP_SACK_H

/* Between the two halves of the SACK scoreboard: tcp_sack.c (tags), tcp_sack_shift.c (joining). */
#include <net/tcp_data.h>

/* A piece of the retransmission queue that a SACK block covers: a segment or a part of one. */
struct tcp_sack_piece {
	u32 seq, end_seq, segs;
	u8 sacked; /* TCPCB_*: its tags until now */
	u64 sent_us;
};
u8 tcp_sacktag_one(struct sock *sk, struct tcp_sacktag_state *state,
		   const struct tcp_sack_piece *p, bool dup_sack);
/*
 * Give to the SACKed segment in front what block sp covers of skb. Returns the segment that is done
 * with (the one in front, or skb itself when sp covers none of it); NULL when it cannot be joined
 * and must be tagged by itself.
 */
struct sk_buff *tcp_shift_skb_data(struct sock *sk, struct sk_buff *skb,
				   struct tcp_sacktag_state *state,
				   const struct tcp_sack_block *sp, bool dup_sack);

#endif /* BW_NET_TCP_SACK_H */
