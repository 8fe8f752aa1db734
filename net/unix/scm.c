// SPDX-License-Identifier: BSD-2-Clause
/*
 * What goes with AF_UNIX messages, between the cookie of a system call and a queued packet: files
 * are counted as inflight while a packet holds them (garbage.c), credentials are copied.
 *
 * Called by sends and receives and when a packet is freed; thread context.
 */
#include <errno.h>
#include <net/af_unix.h>

/* Packet's files to the cookie; they are on the way no more. */
void unix_detach_fds(struct scm_cookie *scm, struct sk_buff *skb)
{
	u16 i;

	BUG_ON(scm->fp);
	scm->fp = UNIXCB(skb).fp;
	UNIXCB(skb).fp = NULL;
	for (i = 0; i < scm->fp->count; i++)
		unix_notinflight(scm->fp->fp[i]);
}

/* MSG_PEEK: references of its own. Without memory the reader gets none, as on Linux. */
void unix_peek_fds(struct scm_cookie *scm, struct sk_buff *skb)
{
	BUG_ON(scm->fp);
	scm->fp = scm_fp_dup(UNIXCB(skb).fp);
}

/* skb->destructor: the files it still has, then the sender's memory. */
static void unix_destruct_scm(struct sk_buff *skb)
{
	struct scm_cookie scm = {.fp = NULL};

	if (UNIXCB(skb).fp)
		unix_detach_fds(&scm, skb);
	scm_destroy(&scm);
	sock_wfree(skb);
}

static int unix_attach_fds(const struct scm_cookie *scm, struct sk_buff *skb)
{
	struct scm_fp_list *fpl = scm_fp_dup(scm->fp);
	u16 i;

	if (!fpl)
		return -ENOMEM;
	for (i = 0; i < fpl->count; i++)
		unix_inflight(fpl->fp[i]);
	UNIXCB(skb).fp = fpl;
	return 0;
}

/* The packet is charged to its sender (sock_wfree). 0 or -ENOMEM. */
int unix_scm_to_skb(const struct scm_cookie *scm, struct sk_buff *skb, bool send_fds)
{
	BUG_ON(skb->destructor != sock_wfree);
	UNIXCB(skb) = (struct unix_skb_parms){.creds = scm->creds};
	skb->destructor = unix_destruct_scm;
	return scm->fp && send_fds ? unix_attach_fds(scm, skb) : 0;
}

void maybe_add_creds(struct sk_buff *skb, const struct socket *sock, const struct sock *other)
{
	const struct socket *to = other->sk_socket;

	if (UNIXCB(skb).creds.pid)
		return;
	if (sock->flags & SOCK_FLAG_PASSCRED || !to || to->flags & SOCK_FLAG_PASSCRED)
		UNIXCB(skb).creds = scm_current_creds();
}
