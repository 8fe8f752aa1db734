// SPDX-License-Identifier: BSD-2-Clause
/*
 * The names that scripts may use for numbers: Linux's, from our own headers, so that a wrong value
 * there would be a wrong value here. constant_value() is asked by the parser of calls and by the
 * assertions.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <net/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <tests/hosted/script/script.h>

#define N(name)                                                                                    \
	{                                                                                          \
		#name, name                                                                        \
	}

struct name {
	const char *name;
	s64 value;
};

static const struct name constants[] = {
	N(AF_INET), N(PF_INET), N(AF_UNSPEC), N(SOCK_STREAM), N(SOCK_DGRAM), N(SOCK_NONBLOCK),
	N(SOCK_CLOEXEC), N(IPPROTO_TCP), N(IPPROTO_UDP), N(IPPROTO_IP), N(INADDR_ANY),
	N(INADDR_LOOPBACK), N(SOL_SOCKET), N(SOL_TCP), N(SOL_IP), N(SHUT_RD), N(SHUT_WR),
	N(SHUT_RDWR), N(O_NONBLOCK), N(O_RDWR), N(O_RDONLY), N(O_WRONLY), N(F_GETFL), N(F_SETFL),
	N(F_GETFD), N(F_SETFD), N(FD_CLOEXEC),
	/* SOL_SOCKET */
	N(SO_REUSEADDR), N(SO_REUSEPORT), N(SO_ERROR), N(SO_SNDBUF), N(SO_RCVBUF), N(SO_KEEPALIVE),
	N(SO_OOBINLINE), N(SO_LINGER), N(SO_RCVLOWAT), N(SO_SNDLOWAT), N(SO_RCVTIMEO),
	N(SO_SNDTIMEO), N(SO_ACCEPTCONN), N(SO_PRIORITY), N(SO_MARK), N(SO_TYPE), N(SO_DOMAIN),
	N(SO_PROTOCOL), N(SO_PEEK_OFF), N(SO_MAX_PACING_RATE), N(SO_ZEROCOPY), N(SO_SNDBUFFORCE),
	N(SO_RCVBUFFORCE), N(SO_TIMESTAMP), N(SO_TIMESTAMPNS), N(SO_TIMESTAMPING),
	N(SO_INCOMING_CPU), N(SO_BINDTODEVICE), N(SO_DONTROUTE), N(SO_BUF_LOCK), N(SO_TXREHASH),
	N(SO_MEMINFO), N(SO_RESERVE_MEM), N(SO_SELECT_ERR_QUEUE), N(SO_NO_CHECK),
	N(SCM_TIMESTAMP), N(SCM_TIMESTAMPNS), N(SCM_TIMESTAMPING),
	/* SOL_TCP */
	N(TCP_NODELAY), N(TCP_MAXSEG), N(TCP_CORK), N(TCP_KEEPIDLE), N(TCP_KEEPINTVL),
	N(TCP_KEEPCNT), N(TCP_SYNCNT), N(TCP_LINGER2), N(TCP_DEFER_ACCEPT), N(TCP_WINDOW_CLAMP),
	N(TCP_INFO), N(TCP_QUICKACK), N(TCP_CONGESTION), N(TCP_THIN_LINEAR_TIMEOUTS),
	N(TCP_THIN_DUPACK), N(TCP_USER_TIMEOUT), N(TCP_REPAIR), N(TCP_REPAIR_QUEUE),
	N(TCP_QUEUE_SEQ), N(TCP_FASTOPEN), N(TCP_TIMESTAMP), N(TCP_NOTSENT_LOWAT), N(TCP_CC_INFO),
	N(TCP_SAVE_SYN), N(TCP_SAVED_SYN), N(TCP_FASTOPEN_CONNECT), N(TCP_FASTOPEN_KEY),
	N(TCP_FASTOPEN_NO_COOKIE), N(TCP_INQ), N(TCP_CM_INQ), N(TCP_TX_DELAY), N(TCP_ULP),
	N(TCP_MD5SIG), N(TCP_ZEROCOPY_RECEIVE),
	/* SOL_IP */
	N(IP_TOS), N(IP_TTL), N(IP_MTU), N(IP_MTU_DISCOVER), N(IP_PMTUDISC_DONT),
	N(IP_PMTUDISC_WANT), N(IP_PMTUDISC_DO), N(IP_PMTUDISC_PROBE), N(IP_RECVERR),
	N(IP_BIND_ADDRESS_NO_PORT), N(IP_TRANSPARENT), N(IP_FREEBIND), N(IP_MINTTL), N(IP_RECVTOS),
	N(IP_RECVTTL),
	/* flags */
	N(MSG_OOB), N(MSG_PEEK), N(MSG_DONTROUTE), N(MSG_CTRUNC), N(MSG_TRUNC), N(MSG_DONTWAIT),
	N(MSG_EOR), N(MSG_WAITALL), N(MSG_ERRQUEUE), N(MSG_NOSIGNAL), N(MSG_MORE), N(MSG_ZEROCOPY),
	N(MSG_FASTOPEN), N(POLLIN), N(POLLPRI), N(POLLOUT), N(POLLERR), N(POLLHUP), N(POLLNVAL),
	N(POLLRDNORM), N(POLLRDBAND), N(POLLWRNORM), N(POLLWRBAND), N(POLLRDHUP), N(SIOCINQ),
	N(FIONREAD), N(SIOCOUTQ), N(SIOCOUTQNSD), N(SIOCATMARK), N(FIONBIO),
	/* the error queue */
	N(SO_EE_ORIGIN_NONE), N(SO_EE_ORIGIN_LOCAL), N(SO_EE_ORIGIN_ICMP),
	N(SO_EE_ORIGIN_ZEROCOPY), N(SO_EE_ORIGIN_TIMESTAMPING), N(SO_EE_CODE_ZEROCOPY_COPIED),
	{"CMSG_LEVEL_IP", SOL_IP}, {"CMSG_TYPE_RECVERR", IP_RECVERR},
	/* of TCP_INFO */
	N(TCP_ESTABLISHED), N(TCP_SYN_SENT), N(TCP_SYN_RECV), N(TCP_FIN_WAIT1), N(TCP_FIN_WAIT2),
	N(TCP_TIME_WAIT), N(TCP_CLOSE), N(TCP_CLOSE_WAIT), N(TCP_LAST_ACK), N(TCP_LISTEN),
	N(TCP_CLOSING), N(TCP_CA_Open), N(TCP_CA_Disorder), N(TCP_CA_CWR), N(TCP_CA_Recovery),
	N(TCP_CA_Loss), N(TCPI_OPT_TIMESTAMPS), N(TCPI_OPT_SACK), N(TCPI_OPT_WSCALE),
	N(TCPI_OPT_ECN), N(TCPI_OPT_ECN_SEEN), N(TCPI_OPT_SYN_DATA), N(TFO_COOKIE_UNAVAILABLE),
	N(TFO_DATA_NOT_ACKED), N(TFO_SYN_RETRANSMITTED), N(TCP_INFINITE_SSTHRESH),
	{"NULL", 0}, {"null", 0},
};

static const struct name errors[] = {
	N(EPERM), N(ENOENT), N(EINTR), N(EIO), N(EBADF), N(EAGAIN), N(ENOMEM), N(EACCES), N(EFAULT),
	N(EBUSY), N(EEXIST), N(ENODEV), N(EINVAL), N(EMFILE), N(ENOTTY), N(EPIPE), N(EDOM),
	N(ERANGE), N(ENOSYS), N(EPROTO), N(ENOTSOCK), N(EDESTADDRREQ), N(EMSGSIZE),
	N(ENOPROTOOPT), N(EPROTONOSUPPORT), N(EOPNOTSUPP), N(ENOTSUP), N(EAFNOSUPPORT),
	N(EADDRINUSE), N(EADDRNOTAVAIL), N(ENETDOWN), N(ENETUNREACH), N(ENETRESET),
	N(ECONNABORTED), N(ECONNRESET), N(ENOBUFS), N(EISCONN), N(ENOTCONN), N(ESHUTDOWN),
	N(ETIMEDOUT), N(ECONNREFUSED), N(EHOSTDOWN), N(EHOSTUNREACH), N(EALREADY), N(EINPROGRESS),
	N(ENONET), N(EWOULDBLOCK), N(EKEYREJECTED),
};

bool constant_value(const char *name, s64 *value)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(constants); i++) {
		if (!strcmp(constants[i].name, name)) {
			*value = constants[i].value;
			return true;
		}
	}
	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		if (!strcmp(errors[i].name, name)) {
			*value = errors[i].value;
			return true;
		}
	}
	return false;
}

const char *errno_name(int err)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		if (errors[i].value == err)
			return errors[i].name;
	}
	return "(an error without a name here)";
}
