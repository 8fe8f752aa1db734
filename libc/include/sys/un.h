/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses of local sockets. */
#ifndef _SYS_UN_H
#define _SYS_UN_H

#include <sys/socket.h>

struct sockaddr_un {
	sa_family_t sun_family;
	char sun_path[108];
};
_Static_assert(sizeof(struct sockaddr_un) == 110, "ABI");

#endif
