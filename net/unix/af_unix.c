// SPDX-License-Identifier: BSD-2-Clause
/*
 * AF_UNIX: registration, birth and death of its socks. unix(7); POSIX.1-2017 sockets.
 *
 * net/socket.c calls in through unix_family_ops.create and the three proto_ops below, always in
 * thread context. Two socks that are connected hold each other by unix_peer(); a message goes
 * straight into the receiver's sk_receive_queue and is charged to the sender's send buffer until
 * it is read, so there is no receive buffer limit: a stream stops at SO_SNDBUF, a queue of
 * datagrams also at net.unix.max_dgram_qlen.
 *
 * Where what is: names unix_name.c, connections unix_conn.c, data
 * unix_stream.c and unix_dgram.c, readiness unix_poll.c, files in messages scm.c and garbage.c.
 * Left out: MSG_OOB (as Linux without CONFIG_AF_UNIX_OOB), SO_PEEK_OFF, socket filters, sendpage.
 */
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>
#include <net/af_unix.h>
#include <netinet/tcp.h>
#include <string.h>

/* --- locks of pairs --------------------------------------------------------------------------- */

void unix_state_double_lock(struct sock *sk1, struct sock *sk2)
{
	if (!sk2 || sk1 == sk2) {
		unix_state_lock(sk1);
		return;
	}
	unix_state_lock(min(sk1, sk2));
	unix_state_lock(max(sk1, sk2));
}

void unix_state_double_unlock(struct sock *sk1, struct sock *sk2)
{
	unix_state_unlock(sk1);
	if (sk2 && sk2 != sk1)
		unix_state_unlock(sk2);
}

struct sock *unix_peer_get(struct sock *sk)
{
	struct sock *peer;

	unix_state_lock(sk);
	peer = unix_peer(sk);
	if (peer)
		sock_hold(peer);
	unix_state_unlock(sk);
	return peer;
}

/* --- struct proto ----------------------------------------------------------------------------- */

static struct ucred unix_peer_cred(const struct sock *sk)
{
	return unix_sk(sk)->peer_cred;
}

static struct proto unix_dgram_proto = {
	.name = "UNIX",
	.obj_size = sizeof(struct unix_sock),
	.peer_cred = unix_peer_cred,
};

static struct proto unix_stream_proto = {
	.name = "UNIX-STREAM",
	.obj_size = sizeof(struct unix_sock),
	.peer_cred = unix_peer_cred,
};

static void unix_sock_destructor(struct sock *sk)
{
	struct unix_sock *u = unix_sk(sk);

	BUG_ON(!skb_queue_empty(&sk->sk_receive_queue));
	BUG_ON(sk->sk_socket || u->peer || u->path || u->inflight);
	BUG_ON(atomic_read(&sk->sk_wmem_alloc));
	unix_release_addr(u->addr);
}

struct sock *unix_create1(struct net *net, struct socket *sock, bool kern, int type)
{
	struct proto *prot = type == SOCK_STREAM ? &unix_stream_proto : &unix_dgram_proto;
	struct sock *sk = sk_alloc(net, PF_UNIX, GFP_KERNEL, prot, kern);
	struct unix_sock *u = unix_sk(sk);

	if (!sk)
		return NULL;
	sock_init_data(sock, sk);
	sk->sk_type = (u16)type;
	sk->sk_write_space = unix_write_space;
	sk->sk_max_ack_backlog = (u32)net->unx.sysctl_max_dgram_qlen;
	sk->sk_destruct = unix_sock_destructor;
	u->peer_cred = SCM_NO_CREDS;
	spin_lock_init(&u->lock);
	mutex_init(&u->iolock);
	mutex_init(&u->bindlock);
	INIT_LIST_HEAD(&u->link);
	init_waitqueue_head(&u->peer_wait);
	init_waitqueue_func_entry(&u->peer_wake, unix_dgram_peer_wake_relay);
	unix_insert_unbound_socket(sk);
	return sk;
}

static int unix_create(struct net *net, struct socket *sock, int protocol, bool kern)
{
	if (protocol && protocol != PF_UNIX)
		return -EPROTONOSUPPORT;
	sock->state = SS_UNCONNECTED;
	switch (sock->type) {
	case SOCK_STREAM:
		sock->ops = &unix_stream_ops;
		break;
	case SOCK_RAW: /* as BSD had it */
		sock->type = SOCK_DGRAM;
		sock->ops = &unix_dgram_ops;
		break;
	case SOCK_DGRAM:
		sock->ops = &unix_dgram_ops;
		break;
	case SOCK_SEQPACKET:
		sock->ops = &unix_seqpacket_ops;
		break;
	default:
		return -ESOCKTNOSUPPORT;
	}
	return unix_create1(net, sock, kern, sock->type) ? 0 : -ENOMEM;
}

/* --- death ------------------------------------------------------------------------------------ */

/* The peer of a sock that goes learns it: end of file, or an error if it sent what nobody read. */
static void unix_leave_peer(struct sock *sk, struct sock *peer, bool embryo)
{
	if (unix_is_connected_type(sk)) {
		unix_state_lock(peer);
		peer->sk_shutdown = SHUTDOWN_MASK;
		if (!skb_queue_empty(&sk->sk_receive_queue) || embryo)
			peer->sk_err = ECONNRESET;
		unix_state_unlock(peer);
		peer->sk_state_change(peer);
	}
	unix_dgram_peer_wake_disconnect(sk, peer);
	sock_put(peer);
}

/*
 * Off the tables and the socket, the peer told, the queue emptied; drops the caller's reference.
 * embryo: a connection that nobody accepted. Calls itself once, for those of a listener.
 */
void unix_release_sock(struct sock *sk, bool embryo)
{
	struct unix_sock *u = unix_sk(sk);
	struct sk_buff *skb;
	struct sock *peer;
	u8 state;

	BUG_ON(embryo && sk->sk_state == TCP_LISTEN);
	hlist_del_init(&sk->sk_node);
	unix_release_path(sk);
	unix_state_lock(sk);
	sock_orphan(sk);
	sk->sk_shutdown = SHUTDOWN_MASK;
	state = sk->sk_state;
	sk->sk_state = TCP_CLOSE;
	peer = unix_peer(sk);
	unix_peer(sk) = NULL;
	unix_state_unlock(sk);
	wake_up_interruptible_all(&u->peer_wait);
	if (peer)
		unix_leave_peer(sk, peer, embryo);
	while ((skb = __skb_dequeue(&sk->sk_receive_queue))) {
		if (state == TCP_LISTEN)
			unix_release_sock(skb->sk, true);
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_CLOSE);
	}
	sock_put(sk);
}

static int unix_release(struct socket *sock)
{
	struct sock *sk = sock->sk;

	if (!sk)
		return 0;
	sock->sk = NULL;
	unix_release_sock(sk, false);
	if (unix_nr_inflight())
		unix_gc(); /* what was closed may have been the last way to a cycle */
	return 0;
}

/* --- struct proto_ops ------------------------------------------------------------------------- */

const struct proto_ops unix_stream_ops = {
	.family = PF_UNIX,
	.release = unix_release,
	.bind = unix_bind,
	.connect = unix_stream_connect,
	.socketpair = unix_socketpair,
	.accept = unix_accept,
	.getname = unix_getname,
	.poll = unix_poll,
	.ioctl = unix_ioctl,
	.listen = unix_listen,
	.shutdown = unix_shutdown,
	.sendmsg = unix_stream_sendmsg,
	.recvmsg = unix_stream_recvmsg,
};

const struct proto_ops unix_dgram_ops = {
	.family = PF_UNIX,
	.release = unix_release,
	.bind = unix_bind,
	.connect = unix_dgram_connect,
	.socketpair = unix_socketpair,
	.accept = sock_no_accept,
	.getname = unix_getname,
	.poll = unix_dgram_poll,
	.ioctl = unix_ioctl,
	.listen = sock_no_listen,
	.shutdown = unix_shutdown,
	.sendmsg = unix_dgram_sendmsg,
	.recvmsg = unix_dgram_recvmsg,
};

const struct proto_ops unix_seqpacket_ops = {
	.family = PF_UNIX,
	.release = unix_release,
	.bind = unix_bind,
	.connect = unix_stream_connect,
	.socketpair = unix_socketpair,
	.accept = unix_accept,
	.getname = unix_getname,
	.poll = unix_dgram_poll,
	.ioctl = unix_ioctl,
	.listen = unix_listen,
	.shutdown = unix_shutdown,
	.sendmsg = unix_seqpacket_sendmsg,
	.recvmsg = unix_seqpacket_recvmsg,
};

/* --- registration ----------------------------------------------------------------------------- */

static const struct net_proto_family unix_family_ops = {
	.family = PF_UNIX,
	.create = unix_create,
};

static int unix_net_init(struct net *net)
{
	net->unx.sysctl_max_dgram_qlen = 10;
	net->unx.table = kzalloc(sizeof(*net->unx.table), GFP_KERNEL);
	return net->unx.table ? 0 : -ENOMEM;
}

static void unix_net_exit(struct net *net)
{
	kfree(net->unx.table);
}

static struct pernet_operations unix_net_ops = {
	.name = "unix",
	.init = unix_net_init,
	.exit = unix_net_exit,
};

/* A line of the kernel's init table. */
void unix_init(void)
{
	int err = proto_register(&unix_dgram_proto, true);

	if (!err)
		err = proto_register(&unix_stream_proto, true);
	if (!err)
		err = register_pernet_subsys(&unix_net_ops);
	if (!err)
		err = unix_sysctl_register();
	if (!err)
		err = unix_proc_register();
	if (!err)
		err = sock_register(&unix_family_ops);
	if (err)
		panic("net: cannot register AF_UNIX: error %d", err);
	unix_diag_init();
}
