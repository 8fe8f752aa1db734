# SPDX-License-Identifier: BSD-2-Clause
# The levels of testing, from seconds to minutes:
#
#   make check      style, layers, the tools' own tests, and the hosted level (no QEMU)
#   make sim SEEDS=1000   TCP in a bad world, by seeds (tests/hosted/sim/README.md)
#   make guest      pytest against the image in QEMU;  TESTS='tests/guest/test_boot.py -k q35'
#   make programs   programs of Debian packages, each under load for a minute (BW_LOAD_SECONDS=60)
#   make debugger   gdb follows the boot and the roads through the stack
#   make test       all of them

PYTEST := /usr/bin/python3 -m pytest -q -p no:cacheprovider --timeout 300
GUEST_JOBS ?= 2

include tests/hosted/hosted.mk

.PHONY: check style layers tools-test apps-test sim guest programs debugger test

style:
	@tools/check_style.py

layers:
	@tools/check_layers.py

tools-test:
	@$(PYTEST) tests/tools

# The linked-in programs, on this machine under ASan.
apps-test: hosted-apps
	@$(PYTEST) tests/apps

check: style layers tools-test hosted abi apps-test

# SEEDS of them from SEED on, in JOBS processes; says how to play one again that failed.
sim: $(H)/test/sim/test_tcp_sim
	@tests/hosted/sim/explore --seeds $(or $(SEEDS),300) --first $(or $(SEED),1) --jobs $(or $(JOBS),2) $<

guest: all
	@$(PYTEST) -n $(GUEST_JOBS) --dist loadgroup $(or $(TESTS),tests/guest)

programs: all
	@BW_LOAD_SECONDS=$${BW_LOAD_SECONDS:-60} $(PYTEST) --timeout 900 tests/guest/debian

debugger: all
	@$(PYTEST) -n $(GUEST_JOBS) $(or $(TESTS),tests/debugger)

test:
	@tools/setup test
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory all iso
	@$(PYTEST) -n $(GUEST_JOBS) --dist loadgroup tests/guest tests/debugger
