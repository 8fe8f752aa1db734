/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_TCP_MTU_PROBE_H
#define BW_NET_TCP_MTU_PROBE_H

/* Packetization layer path MTU discovery (RFC 4821): net/ipv4/tcp_mtu_probe.c. Sock locked. */
#include <net/tcp_data.h>

/* From tcp_write_xmit, probing enabled. 1: probe sent. 0: wait, so that one can be. Negative: go
 * on sending. */
int tcp_mtu_probe(struct sock *sk);
/* From tcp_ack: data was acknowledged, or loss found at the left edge of the window. */
void tcp_mtup_probe_success(struct sock *sk);
void tcp_mtup_probe_failed(struct sock *sk);
/* From the retransmission timer, after tcp_retries1: perhaps large packets vanish silently. */
void tcp_mtu_probing(struct sock *sk);

/* The probe under way was the segment that is now at SND.UNA. */
static inline bool tcp_mtup_probe_lost(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return inet_csk(sk)->icsk_mtup.probe_size && tp->snd_una == tp->mtu_probe_start;
}

#endif /* BW_NET_TCP_MTU_PROBE_H */
