# SPDX-License-Identifier: BSD-2-Clause
"""Runs the gdb commands of the guided tours, so that docs/tour-*.md never go stale.

A tour begins with a comment that says what it needs:

    <!-- tour: append="app=echo" peer=echo -->

peer=echo: as soon as the guest serves, a client connects to port 7 and sends "hello".
peer=http: a web server is at 10.0.2.2, and {url} in append stands for a page of it.
program=tests/guest/linux/x.c: that program, built static, is the boot module; {program} is its path.

Its fenced blocks of language `gdb` are executed in one session, stopped at the reset vector at
first.  A line `# => text` says that the output of the command before it has that text (a line
`# => /regex/` a match).  Lines that start with `(gdb) ` may be written with that prompt.
"""

import glob
import os
import re
import shlex
import subprocess

import harness
import pytest
from test_roads import echo_session, fetch_session

TOURS = sorted(glob.glob(os.path.join(harness.ROOT, "docs/tour-*.md")))


def parse_tour(text):
    """({option: value}, [(command, [expectation, ...]), ...]) of a tour's text."""
    head = re.search(r"<!--\s*tour:\s*(.*?)-->", text, re.S)
    options = dict(word.split("=", 1) for word in shlex.split(head.group(1))) if head else {}
    steps = []
    for block in re.findall(r"^```gdb\n(.*?)^```", text, re.S | re.M):
        for line in block.split("\n"):
            line = re.sub(r"^\(gdb\) ", "", line.rstrip())
            wanted = re.match(r"#\s*=>\s*(.*)", line)
            if wanted:
                assert steps, "an expectation before the first command"
                steps[-1][1].append(wanted.group(1))
            elif line and not line.startswith("#"):
                steps.append((line, []))
    return options, steps


def matches(expectation, output):
    if len(expectation) > 2 and expectation[0] == expectation[-1] == "/":
        return re.search(expectation[1:-1], output) is not None
    return expectation in output


def run_tour(session, steps):
    """Run all commands; complain about the first whose output is not as the tour says."""
    commands = []
    for number, (command, _) in enumerate(steps):
        commands += [f"echo \\n@@{number}@@\\n", command]
    output = session.gdb(commands + ["echo \\n@@end@@\\n"], 280)
    for number, (command, wanted) in enumerate(steps):
        part = output.split(f"@@{number}@@", 1)
        assert len(part) == 2, f"gdb stopped before `{command}`:\n{output[-2000:]}"
        said = part[1].split("\n@@", 1)[0]
        for expectation in wanted:
            assert matches(expectation, said), (
                f"`{command}` does not show {expectation!r} but:\n{said}")
    assert "@@end@@" in output, f"gdb stopped at its last command:\n{output[-2000:]}"


def program_session(debug, options, steps, folder):
    """A session with the tour's program in ring 3; its path goes into the commands."""
    program = os.path.join(folder, "tour")
    subprocess.run(["gcc", "-g", "-w", "-static", "-o", program,
                    os.path.join(harness.ROOT, options["program"])], check=True)
    steps[:] = [(command.replace("{program}", program), wanted) for command, wanted in steps]
    return debug(append=options.get("append", ""), initrd=program, net="none")


@pytest.mark.parametrize("path", TOURS, ids=[os.path.basename(p) for p in TOURS])
def test_tour(debug, path, tmp_path):
    with open(path, encoding="utf-8") as f:
        options, steps = parse_tour(f.read())
    assert steps, "no gdb commands in it"
    server = None
    if options.get("peer") == "echo":
        session = echo_session(debug)
    elif options.get("peer") == "http":
        session, server = fetch_session(debug)
    elif "program" in options:
        session = program_session(debug, options, steps, tmp_path)
    else:
        session = debug(append=options.get("append", ""))
    run_tour(session, steps)
    if server:
        server.shutdown()


def test_there_are_tours():
    names = {os.path.basename(p) for p in TOURS}
    assert {"tour-passive-open.md", "tour-active-open.md", "tour-system-call.md"} <= names


SAMPLE = '''\
# A tour
<!-- tour: append="app=echo x=1" peer=echo -->
```gdb
(gdb) print 6 * 7
# => 42
# only a remark
info line kernel_main
# => /main\\.c:?/
```
text
```sh
ignored
```
```gdb
bt
```
'''


def test_extractor():
    options, steps = parse_tour(SAMPLE)
    assert options == {"append": "app=echo x=1", "peer": "echo"}
    assert steps == [("print 6 * 7", ["42"]), ("info line kernel_main", ["/main\\.c:?/"]), ("bt", [])]
    assert matches("42", "$1 = 42") and not matches("43", "$1 = 42")
    assert matches("/= \\d+/", "$1 = 42") and not matches("/x/", "$1 = 42")
