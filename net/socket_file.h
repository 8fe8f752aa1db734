/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_SOCKET_FILE_H
#define BW_NET_SOCKET_FILE_H

/*
 * Between socket.c and the files of the socket system calls: a socket's file.
 */
#include <fcntl.h>
#include <net/net.h>

extern const struct file_operations socket_file_ops;

/* A file for the socket (flags: SOCK_NONBLOCK), or ERR_PTR with the socket released. */
struct file *sock_alloc_file(struct socket *sock, int flags);
/* A descriptor for it (flags: SOCK_NONBLOCK, SOCK_CLOEXEC), or -errno with the socket released. */
int sock_map_fd(struct socket *sock, int flags);

static inline struct socket *sock_from_file(struct file *f)
{
	return likely(f->f_op == &socket_file_ops) ? f->private_data : NULL;
}
/* The file's O_NONBLOCK as a flag of one send or receive. */
static inline int sock_nonblock_flag(const struct socket *sock)
{
	return sock->file->f_flags & O_NONBLOCK ? MSG_DONTWAIT : 0;
}

#endif /* BW_NET_SOCKET_FILE_H */
