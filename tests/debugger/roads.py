# SPDX-License-Identifier: BSD-2-Clause
"""The roads through the stack by the names of their landmarks, in the order of the walk.

"a|b" means either name will do. docs/linux-map.md says which file each stands in.
"""

REGISTERING = [
    "inet_init", "proto_register", "sock_register", "inet_add_protocol", "inet_register_protosw",
    "arp_init", "ip_init", "tcp_init", "icmp_init", "dev_add_pack",
]

SOCKET = [
    "sys_socket", "sock_create", "inet_create", "sk_alloc", "sock_init_data", "tcp_v4_init_sock",
    "tcp_init_sock",
]

LISTENING = [
    "sys_bind", "inet_bind", "inet_csk_get_port", "sys_listen", "inet_listen",
    "inet_csk_listen_start",
]

# From the SYN to accept().
PASSIVE_OPEN = [
    "tcp_v4_rcv", "tcp_v4_do_rcv", "tcp_rcv_state_process", "tcp_v4_conn_request",
    "tcp_conn_request", "tcp_v4_send_synack",
    "tcp_v4_rcv", "tcp_check_req", "tcp_v4_syn_recv_sock", "tcp_create_openreq_child",
    "inet_csk_complete_hashdance", "tcp_child_process",
    "sys_accept|sys_accept4", "inet_accept", "inet_csk_accept",
]

PASSIVE = SOCKET + LISTENING + PASSIVE_OPEN

ACTIVE_SYN = [
    "sys_connect", "inet_stream_connect", "tcp_v4_connect", "ip_route_connect", "inet_hash_connect",
    "tcp_connect", "tcp_transmit_skb", "ip_queue_xmit", "ip_local_out", "ip_output",
    "ip_finish_output", "neigh_output", "dev_queue_xmit", "dev_hard_start_xmit",
    "virtnet_start_xmit", "virtqueue_add_outbuf",
]

ACTIVE_SYNACK = [
    "napi_schedule", "net_rx_action", "virtnet_poll", "napi_gro_receive", "netif_receive_skb",
    "ip_rcv", "ip_local_deliver", "tcp_v4_rcv", "tcp_v4_do_rcv", "tcp_rcv_state_process",
    "tcp_rcv_synsent_state_process", "tcp_finish_connect",
]

ACTIVE = SOCKET + ACTIVE_SYN + ["virtqueue_kick|virtqueue_kick_prepare"] + ACTIVE_SYNACK

DATA_IN = [
    "tcp_v4_rcv", "tcp_v4_do_rcv", "tcp_rcv_established", "tcp_data_queue",
    "sys_recvfrom|sys_read|sys_recvmsg|sys_readv", "sock_recvmsg", "inet_recvmsg", "tcp_recvmsg",
    "tcp_cleanup_rbuf",
]

DATA_OUT = [
    "sys_sendto|sys_write|sys_sendmsg|sys_writev", "sock_sendmsg", "inet_sendmsg", "tcp_sendmsg",
    "tcp_push", "tcp_write_xmit", "tcp_transmit_skb",
]

DATA = DATA_IN + DATA_OUT
