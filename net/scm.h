/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_SCM_H
#define BW_NET_SCM_H

/*
 * Socket level control messages: open files (SCM_RIGHTS) and credentials (SCM_CREDENTIALS) that go
 * with a message. unix(7), cmsg(3). net/core/scm.c. Thread context.
 */
#include <net/net.h>

#define SCM_MAX_FD 253 /* files of one message, as Linux */

/* Files of a message; a reference on each. */
struct scm_fp_list {
	struct list_head list; /* while they are let go: thread.scm_work */
	u16 count, max;
	struct file *fp[];
};

/* What goes with one message, on its way between the program and the packet. */
struct scm_cookie {
	struct scm_fp_list *fp; /* NULL: no files */
	struct ucred creds;	/* pid 0: none were given */
};

#define SCM_NO_CREDS ((struct ucred){.pid = 0, .uid = (uid_t)-1, .gid = (gid_t)-1})

/* Parse the control messages of a send (msg_control is a kernel copy). 0 or -errno with nothing
 * held. */
int __scm_send(struct socket *sock, struct msghdr *msg, struct scm_cookie *scm);
static inline int scm_send(struct socket *sock, struct msghdr *msg, struct scm_cookie *scm)
{
	*scm = (struct scm_cookie){.creds = SCM_NO_CREDS};
	return msg->msg_controllen ? __scm_send(sock, msg, scm) : 0;
}
/* Tell the receiving program; files that do not fit are closed and MSG_CTRUNC says so. */
void scm_recv(struct socket *sock, struct msghdr *msg, struct scm_cookie *scm);
/* Install the cookie's files as descriptors and write the SCM_RIGHTS message. */
void scm_detach_fds(struct msghdr *msg, struct scm_cookie *scm);
/* A second list on the same files, each referenced once more; NULL when out of memory. */
struct scm_fp_list *scm_fp_dup(const struct scm_fp_list *fpl);
/* Let the files go; may sleep. */
void __scm_destroy(struct scm_cookie *scm);
static inline void scm_destroy(struct scm_cookie *scm)
{
	if (scm->fp)
		__scm_destroy(scm);
}
/* The calling program's. */
struct ucred scm_current_creds(void);

#endif /* BW_NET_SCM_H */
