// SPDX-License-Identifier: BSD-2-Clause
/*
 * Socket level control messages (cmsg(3), unix(7)): SCM_RIGHTS hands open files to the receiver,
 * SCM_CREDENTIALS says who sends.
 *
 * A send's messages are parsed into a struct scm_cookie (__scm_send), the family moves it to the
 * packet and back, and a receive turns it into descriptors and control messages (scm_recv).
 *
 * Letting a file go may close a socket whose queue holds messages with further files, and so on
 * without end; so the files of a message are let go by the outermost call of a thread, one list
 * after the other (thread.scm_work), and the stack stays flat.
 *
 * Called by net/unix, thread context; letting files go may sleep. Left out: users and process
 * namespaces (there is one user, root, and one process), SCM_SECURITY.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/file.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sys.h>
#include <net/cmsg.h>
#include <net/scm.h>
#include <string.h>

#define OVERFLOW_ID 65534u /* what an unknown user or group is shown as */

struct ucred scm_current_creds(void)
{
	return (struct ucred){.pid = (pid_t)sys_getpid()};
}

/* --- letting go ------------------------------------------------------------------------------- */

void __scm_destroy(struct scm_cookie *scm)
{
	struct scm_fp_list *fpl = scm->fp;
	LIST_HEAD(work);
	u16 i;

	scm->fp = NULL;
	if (current->scm_work) {
		list_add_tail(&fpl->list, current->scm_work);
		return;
	}
	list_add(&fpl->list, &work);
	current->scm_work = &work;
	while (!list_empty(&work)) {
		fpl = list_first_entry(&work, struct scm_fp_list, list);
		list_del(&fpl->list);
		for (i = 0; i < fpl->count; i++)
			fput(fpl->fp[i]);
		kfree(fpl);
	}
	current->scm_work = NULL;
}

/* --- sending ---------------------------------------------------------------------------------- */

static struct scm_fp_list *scm_fp_alloc(u16 max)
{
	struct scm_fp_list *fpl = kmalloc(sizeof(*fpl) + max * sizeof(fpl->fp[0]), GFP_KERNEL);

	if (fpl) {
		fpl->count = 0;
		fpl->max = max;
	}
	return fpl;
}

struct scm_fp_list *scm_fp_dup(const struct scm_fp_list *fpl)
{
	struct scm_fp_list *dup = scm_fp_alloc(fpl->count);

	if (!dup)
		return NULL;
	for (; dup->count < fpl->count; dup->count++)
		dup->fp[dup->count] = get_file(fpl->fp[dup->count]);
	return dup;
}

/* The files behind one SCM_RIGHTS message's descriptors, added to the cookie. 0 or -errno. */
static int scm_fp_copy(const struct cmsghdr *cmsg, struct scm_cookie *scm)
{
	size_t n = cmsg_data_len(cmsg) / sizeof(int), i;
	const int *fds = (const int *)CMSG_DATA(cmsg);
	struct scm_fp_list *fpl = scm->fp;

	if (!n)
		return 0;
	if (n > SCM_MAX_FD)
		return -EINVAL;
	if (!fpl) {
		fpl = scm->fp = scm_fp_alloc(SCM_MAX_FD);
		if (!fpl)
			return -ENOMEM;
	}
	if (fpl->count + n > fpl->max)
		return -EINVAL;
	for (i = 0; i < n; i++) {
		struct file *f = fds[i] < 0 ? NULL : fget(fds[i]);

		if (!f)
			return -EBADF;
		fpl->fp[fpl->count++] = f;
	}
	return 0;
}

/* The program is root: it may name any user, but only a process that there is. */
static int scm_creds_copy(const struct cmsghdr *cmsg, struct scm_cookie *scm)
{
	struct ucred creds;

	if (cmsg->cmsg_len != CMSG_LEN(sizeof(creds)))
		return -EINVAL;
	memcpy(&creds, CMSG_DATA(cmsg), sizeof(creds));
	if (creds.pid != (pid_t)sys_getpid())
		return -ESRCH;
	if (creds.uid == (uid_t)-1 || creds.gid == (gid_t)-1)
		return -EINVAL;
	scm->creds = creds;
	return 0;
}

static int scm_send_one(struct socket *sock, const struct cmsghdr *cmsg, struct scm_cookie *scm)
{
	switch (cmsg->cmsg_type) {
	case SCM_RIGHTS:
		return sock->ops->family == PF_UNIX ? scm_fp_copy(cmsg, scm) : -EINVAL;
	case SCM_CREDENTIALS:
		return scm_creds_copy(cmsg, scm);
	default:
		return -EINVAL;
	}
}

int __scm_send(struct socket *sock, struct msghdr *msg, struct scm_cookie *scm)
{
	struct cmsghdr *cmsg;
	int err;

	for_each_cmsghdr(cmsg, msg) {
		err = -EINVAL;
		if (cmsg_ok(msg, cmsg)) {
			if (cmsg->cmsg_level != SOL_SOCKET)
				continue;
			err = scm_send_one(sock, cmsg, scm);
		}
		if (err) {
			scm_destroy(scm);
			return err;
		}
	}
	return 0;
}

/* --- receiving -------------------------------------------------------------------------------- */

/* One file as a descriptor whose number goes to the program's memory. 0 or -errno. */
static int receive_fd_user(struct file *f, int *ufd, u32 o_flags)
{
	int fd = get_unused_fd_flags(o_flags), err;

	if (fd < 0)
		return fd;
	err = copy_to_user(ufd, &fd, sizeof(fd));
	if (err) {
		put_unused_fd(fd);
		return err;
	}
	fd_install(fd, get_file(f));
	return 0;
}

void scm_detach_fds(struct msghdr *msg, struct scm_cookie *scm)
{
	u32 o_flags = msg->msg_flags & MSG_CMSG_CLOEXEC ? O_CLOEXEC : 0;
	struct cmsghdr hdr = {.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
	size_t room = 0, n = 0, space;
	char *to = msg->msg_control;
	int *fds = (int *)(to + sizeof(hdr));

	if (msg->msg_controllen > sizeof(hdr))
		room = (msg->msg_controllen - sizeof(hdr)) / sizeof(int);
	while (n < room && n < scm->fp->count && !receive_fd_user(scm->fp->fp[n], fds + n, o_flags))
		n++;
	if (n) {
		hdr.cmsg_len = CMSG_LEN(n * sizeof(int));
		space = min(CMSG_SPACE(n * sizeof(int)), msg->msg_controllen);
		/* A head on a page that is not there: untold, as on Linux; the files stay. */
		if (!copy_to_user(to, &hdr, sizeof(hdr))) {
			msg->msg_control = to + space;
			msg->msg_controllen -= space;
		}
	}
	if (n < scm->fp->count)
		msg->msg_flags |= MSG_CTRUNC;
	__scm_destroy(scm);
}

void scm_recv(struct socket *sock, struct msghdr *msg, struct scm_cookie *scm)
{
	bool passcred = sock->flags & SOCK_FLAG_PASSCRED;
	struct ucred creds = scm->creds;

	if (!msg->msg_control) {
		if (passcred || scm->fp)
			msg->msg_flags |= MSG_CTRUNC;
		scm_destroy(scm);
		return;
	}
	if (creds.uid == (uid_t)-1)
		creds.uid = OVERFLOW_ID;
	if (creds.gid == (gid_t)-1)
		creds.gid = OVERFLOW_ID;
	if (passcred)
		put_cmsg(msg, SOL_SOCKET, SCM_CREDENTIALS, sizeof(creds), &creds);
	if (scm->fp)
		scm_detach_fds(msg, scm);
}
