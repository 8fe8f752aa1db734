/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_TCP_CONST_H
#define BW_NET_TCP_CONST_H

/* TCP's constants, with their sources; times in milliseconds. */

/* Header flag bits as in tcp_skb_cb.tcp_flags and byte 13 of the header. */
#define TCPHDR_FIN     0x01
#define TCPHDR_SYN     0x02
#define TCPHDR_RST     0x04
#define TCPHDR_PSH     0x08
#define TCPHDR_ACK     0x10
#define TCPHDR_URG     0x20
#define TCPHDR_ECE     0x40
#define TCPHDR_CWR     0x80
#define TCPHDR_SYN_ECN (TCPHDR_SYN | TCPHDR_ECE | TCPHDR_CWR)
/* States as bits, to test for several at once. */
#define TCPF(state)		    (1u << (state))

#define TCPOPT_NOP		    1
#define TCPOPT_EOL		    0
#define TCPOPT_MSS		    2
#define TCPOPT_WINDOW		    3
#define TCPOPT_SACK_PERM	    4
#define TCPOPT_SACK		    5
#define TCPOPT_TIMESTAMP	    8
#define TCPOPT_MD5SIG		    19 /* RFC 2385 */
#define TCPOPT_FASTOPEN		    34
#define TCPOPT_EXP		    254
#define TCPOLEN_MD5SIG		    18
#define TCPOPT_FASTOPEN_MAGIC	    0xf989 /* in an experimental option */
#define TCPOLEN_FASTOPEN_BASE	    2
#define TCPOLEN_EXP_FASTOPEN_BASE   4
#define MAX_TCP_OPTION_SPACE	    40
#define TCPOLEN_MSS		    4
#define TCPOLEN_WINDOW		    3
#define TCPOLEN_SACK_PERM	    2
#define TCPOLEN_TIMESTAMP	    10
#define TCPOLEN_TSTAMP_ALIGNED	    12
#define TCPOLEN_SACK_BASE	    2
#define TCPOLEN_SACK_BASE_ALIGNED   4
#define TCPOLEN_SACK_PERBLOCK	    8

#define INET_ECN_MASK		    3
#define TCP_MAX_WSCALE		    14U /* RFC 7323 section 2.3 */
#define MAX_TCP_WINDOW		    32767U
#define TCP_MSS_DEFAULT		    536U /* RFC 9293 section 3.7.1 */
#define TCP_MIN_MSS		    88U
#define TCP_MIN_SND_MSS		    48
#define TCP_INIT_CWND		    10 /* RFC 6928 */
#define TCP_INFINITE_SSTHRESH	    0x7fffffff
#define TCP_FASTRETRANS_THRESH	    3	    /* RFC 5681 */
#define TCP_RTO_MAX		    120000U /* ms */
#define TCP_RTO_MIN		    200U
#define TCP_TIMEOUT_INIT	    1000U /* RFC 6298 section 2.1 */
#define TCP_TIMEOUT_FALLBACK	    3000U /* ... and 5.7 */
#define TCP_DELACK_MAX		    200U
#define TCP_DELACK_MIN		    40U
#define TCP_ATO_MIN		    40U
#define TCP_TIMEWAIT_LEN	    60000U
#define TCP_FIN_TIMEOUT_MAX	    120000
#define TCP_RESOURCE_PROBE_INTERVAL 500U
#define TCP_MAX_QUICKACKS	    16U
#define TCP_PAWS_24DAYS		    (60 * 60 * 24 * 24) /* s, RFC 7323 section 5.5 */
#define TCP_PAWS_WINDOW		    1
#define TCP_PAWS_MSL		    60
#define TCP_MIN_GSO_SIZE	    (TCP_MIN_SND_MSS - 40)
#define TCP_BASE_MSS		    1024
#define MAX_TCP_KEEPIDLE	    32767
#define MAX_TCP_KEEPINTVL	    32767
#define MAX_TCP_KEEPCNT		    127
#define MAX_TCP_SYNCNT		    127
#define TCP_NUM_SACKS		    4

/* tcp_sock.urg_data: state bits above the byte itself. */
#define TCP_URG_VALID  0x0100
#define TCP_URG_NOTYET 0x0200
#define TCP_URG_READ   0x0400

#endif /* BW_NET_TCP_CONST_H */
