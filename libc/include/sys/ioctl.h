/* SPDX-License-Identifier: BSD-2-Clause */
/* ioctl requests for sockets, interfaces and terminals; Linux x86-64 numbers. */
#ifndef _SYS_IOCTL_H
#define _SYS_IOCTL_H

#define FIONREAD	0x541B
#define TIOCINQ		FIONREAD
#define SIOCINQ		FIONREAD
#define FIONBIO		0x5421
#define FIOASYNC	0x5452
#define TIOCOUTQ	0x5411
#define SIOCOUTQ	TIOCOUTQ
#define SIOCOUTQNSD	0x894B

#define TCGETS		0x5401
#define TCSETS		0x5402
#define TCSETSW		0x5403
#define TCSETSF		0x5404
#define TCSBRK		0x5409
#define TCXONC		0x540A
#define TCFLSH		0x540B
#define TIOCSCTTY	0x540E
#define TIOCGPGRP	0x540F
#define TIOCSPGRP	0x5410
#define TIOCGWINSZ	0x5413
#define TIOCSWINSZ	0x5414
#define TIOCGSID	0x5429
#define TIOCNOTTY	0x5422
#define TCSBRKP		0x5425
#define FIONCLEX	0x5450
#define FIOCLEX		0x5451

#define FIOSETOWN	0x8901
#define SIOCSPGRP	0x8902
#define FIOGETOWN	0x8903
#define SIOCGPGRP	0x8904
#define SIOCATMARK	0x8905
#define SIOCGSTAMP	0x8906
#define SIOCGSTAMPNS	0x8907

#define SIOCADDRT	0x890B
#define SIOCDELRT	0x890C
#define SIOCRTMSG	0x890D
#define SIOCGIFNAME	0x8910
#define SIOCSIFLINK	0x8911
#define SIOCGIFCONF	0x8912
#define SIOCGIFFLAGS	0x8913
#define SIOCSIFFLAGS	0x8914
#define SIOCGIFADDR	0x8915
#define SIOCSIFADDR	0x8916
#define SIOCGIFDSTADDR	0x8917
#define SIOCSIFDSTADDR	0x8918
#define SIOCGIFBRDADDR	0x8919
#define SIOCSIFBRDADDR	0x891A
#define SIOCGIFNETMASK	0x891B
#define SIOCSIFNETMASK	0x891C
#define SIOCGIFMETRIC	0x891D
#define SIOCSIFMETRIC	0x891E
#define SIOCGIFMTU	0x8921
#define SIOCSIFMTU	0x8922
#define SIOCSIFNAME	0x8923
#define SIOCSIFHWADDR	0x8924
#define SIOCGIFHWADDR	0x8927
#define SIOCADDMULTI	0x8931
#define SIOCDELMULTI	0x8932
#define SIOCGIFINDEX	0x8933
#define SIOCSIFPFLAGS	0x8934
#define SIOCGIFPFLAGS	0x8935
#define SIOCDIFADDR	0x8936
#define SIOCSIFHWBROADCAST 0x8937
#define SIOCGIFTXQLEN	0x8942
#define SIOCSIFTXQLEN	0x8943
#define SIOCETHTOOL	0x8946
#define SIOCDARP	0x8953
#define SIOCGARP	0x8954
#define SIOCSARP	0x8955
#define SIOCGIFMAP	0x8970
#define SIOCSIFMAP	0x8971
#define SIOCDEVPRIVATE	0x89F0
#define SIOCPROTOPRIVATE 0x89E0

struct winsize {
	unsigned short ws_row;
	unsigned short ws_col;
	unsigned short ws_xpixel;
	unsigned short ws_ypixel;
};
_Static_assert(sizeof(struct winsize) == 8, "ABI");

int ioctl(int fd, unsigned long request, ...);

#endif
