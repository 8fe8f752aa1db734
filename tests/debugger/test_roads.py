# SPDX-License-Identifier: BSD-2-Clause
"""Passive and active open and the data path pass through the named functions, in order.

gdb sets one temporary breakpoint after the other and continues; each must be hit.  At some of them
the backtrace is looked at: whole from the interrupt entry, or from the program's main, up.
"""

import http.server
import re
import socket
import subprocess
import threading

import roads


def symbols_of(kernel):
    listing = subprocess.run(["nm", kernel], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1] for line in listing.split("\n") if line}


def walk(session, road, extra=None):
    """Commands that stop at each landmark in turn; extra[name] are commands to run there."""
    have = symbols_of(session.kernel)
    commands = []
    for names in road:
        choices = [n for n in names.split("|") if n in have]
        assert choices, f"{names} is not in the image"
        # Of several names any one will do: whichever comes first.
        commands += [f"tbreak {n}" for n in choices]
        commands += ["continue", 'printf "AT "', "info symbol $pc"]
        if len(choices) > 1:
            commands.append("delete")
        commands += (extra or {}).get(names, [])
    return commands


def check(output, road):
    """Every landmark was stopped at, in order."""
    stops = re.findall(r"^AT (\w+)", output, re.M)
    for i, names in enumerate(road):
        reached = stops[i] if i < len(stops) else "nothing"
        assert reached in names.split("|"), (
            f"after {stops[max(0, i - 1):i]} came {reached}, not {names}:\n{output[-3000:]}")


def backtrace_after(output, name):
    """The frames' function names of the backtrace printed when stopped at name."""
    text = output.split(f"AT {name}", 1)[1].split("\nAT ", 1)[0]
    frames = re.findall(r"^#\d+\s+(?:0x[0-9a-f]+ in )?(\w+|<signal handler called>|\?\?)", text, re.M)
    assert "??" not in frames, text
    assert "Backtrace stopped" not in text, text
    return frames


def talk(guest):
    """A client that opens a connection, says hello and hears the echo."""
    port = int(guest.options.hostfwd[0].split(":")[2].split("-")[0])
    with socket.create_connection(("127.0.0.1", port), 100) as s:
        s.settimeout(100)
        s.sendall(b"hello")
        s.recv(5)


def echo_session(debug):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    session = debug(append="app=echo", hostfwd=[f"tcp:127.0.0.1:{port}-:7"])
    session.when_ready(talk)
    return session


def test_registering(debug):
    session = debug(append="app=echo")
    out = session.gdb(walk(session, ["inet_init"], {"inet_init": ["bt"]}))
    check(out, ["inet_init"])
    assert "kernel_main" in " ".join(backtrace_after(out, "inet_init")) or "init" in out
    # Which of them come in which order is inet_init's business; that each comes is ours.
    session = debug(append="app=echo")
    hits = session.gdb([f"tbreak {name}" for name in roads.REGISTERING[1:]] +
                       ["continue", 'printf "AT "', "info symbol $pc"] * (len(roads.REGISTERING) - 1))
    seen = set(re.findall(r"^AT (\w+)", hits, re.M))
    assert seen >= set(roads.REGISTERING[1:]) - {"proto_register", "sock_register"}, hits[-2000:]


def test_socket_and_listen(debug):
    session = debug(append="app=echo")
    road = roads.SOCKET[:1] + roads.SOCKET[1:4]
    out = session.gdb(walk(session, road, {"sk_alloc": ["bt"]}), 200)
    check(out, road)
    frames = backtrace_after(out, "sk_alloc")
    assert frames[:2] == ["sk_alloc", "inet_create"] and "sys_socket" in frames
    session = debug(append="app=echo")
    out = session.gdb(walk(session, roads.LISTENING, {"inet_csk_listen_start": ["bt"]}), 200)
    check(out, roads.LISTENING)
    frames = backtrace_after(out, "inet_csk_listen_start")
    assert frames[:3] == ["inet_csk_listen_start", "inet_listen", "sys_listen"]
    assert "main" in " ".join(frames)


def test_passive_open(debug):
    session = echo_session(debug)
    out = session.gdb(walk(session, roads.PASSIVE_OPEN, {
        "tcp_conn_request": ["bt"], "tcp_create_openreq_child": ["bt"]}), 280)
    check(out, roads.PASSIVE_OPEN)
    frames = backtrace_after(out, "tcp_conn_request")
    for name in ("tcp_v4_conn_request", "tcp_rcv_state_process", "tcp_v4_do_rcv", "tcp_v4_rcv",
                 "ip_local_deliver", "ip_rcv", "virtnet_poll", "net_rx_action"):
        assert name in frames, f"{name} is not in {frames}"
    assert frames.index("tcp_v4_rcv") < frames.index("ip_rcv") < frames.index("virtnet_poll")


def test_backtrace_from_interrupt_entry(debug):
    """A frame's interrupt lands in the idle thread: the chain goes through the entry to its start."""
    session = echo_session(debug)
    out = session.gdb(walk(session, ["skb_recv_done"], {"skb_recv_done": ["bt"]}), 200)
    frames = backtrace_after(out, "skb_recv_done")
    # gdb calls interrupt_entry's frame so, because it may lie on any instruction.
    entry = frames.index("<signal handler called>")
    assert frames[entry - 1] == "do_irq", frames
    assert len(frames) > entry + 2, "nothing of the interrupted thread"
    assert frames[-1] in ("start64_high", "thread_trampoline"), frames


def fetch_session(debug):
    """A guest that fetches from a server of the host behind QEMU's gateway address."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "6")
            self.end_headers()
            self.wfile.write(b"hello\n")

        def log_message(self, *_):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://10.0.2.2:{server.server_address[1]}/"
    return debug(append=f"app=fetch -- {url}"), server


def test_active_open(debug):
    session, server = fetch_session(debug)
    road = ["tcp_v4_connect"] + roads.ACTIVE_SYN[3:] + roads.ACTIVE_SYNACK
    out = session.gdb(walk(session, road, {
        "virtnet_start_xmit": ["bt"], "tcp_finish_connect": ["bt"]}), 280)
    server.shutdown()
    check(out, road)
    frames = backtrace_after(out, "tcp_finish_connect")
    assert frames[0] == "tcp_finish_connect" and "tcp_rcv_synsent_state_process" in frames[:4]


def test_active_open_from_the_call(debug):
    session, server = fetch_session(debug)
    road = ["tcp_v4_connect"]
    out = session.gdb(walk(session, road, {"tcp_v4_connect": ["bt"]}), 280)
    server.shutdown()
    check(out, road)
    frames = backtrace_after(out, "tcp_v4_connect")
    for name in ("inet_stream_connect", "sys_connect"):
        assert name in frames, frames
    assert "main" in " ".join(frames), frames


def test_data(debug):
    session = echo_session(debug)
    road = ["tcp_rcv_established"] + roads.DATA_IN[3:] + roads.DATA_OUT
    out = session.gdb(walk(session, road, {"tcp_write_xmit": ["bt"]}), 280)
    check(out, road)
    assert "tcp_sendmsg" in backtrace_after(out, "tcp_write_xmit")


def test_variables_are_there(debug):
    """-Og: arguments and locals can be looked at, structures have their members."""
    session = echo_session(debug)
    out = session.gdb(walk(session, ["tcp_v4_conn_request"], {
        "tcp_v4_conn_request": ["info args", "ptype struct sk_buff", "print sizeof(struct sock)"]}), 200)
    assert "optimized out" not in out
    assert re.search(r"skb = \(?.*0x[0-9a-f]+", out)
