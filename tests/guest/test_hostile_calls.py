# SPDX-License-Identifier: BSD-2-Clause
"""Linux programs that are unlucky or mean with system calls: the kernel must outlive them."""

import ring3


def test_timers_of_threads_that_end(vm, tmp_path):
    """The last signal of a thread's timer is not left in a queue that nobody empties any more."""
    program = ring3.build(str(tmp_path), "thread_timers.c", "musl", "-Wextra", "-Werror")
    assert "all threads ended" in ring3.run(vm, program)
