# SPDX-License-Identifier: BSD-2-Clause
# Targets that start QEMU for a person: run, debug, bench.
#
#   make run    PORT=8080 NET=user|tap:NAME|none MACHINE=pc|q35|microvm MEM=128 APP=httpd
#               ARGS='...' CMDLINE='kernel words' INITRD=file PCAP=file
#   make run    PROGRAM="redis-server --save ''" FILES='/etc/nginx site=/srv' PORT=6379 HOSTFWD='tcp::8443-:443'
#               packs a program of this machine (tools/mkrootfs) and runs it
#   make debug  the same, built with -Og, stopped at the reset vector with gdb attached
#   make compare-linux  the same segments and calls to a Debian Linux guest and to Barewire, traces compared;
#               COMPARE='--only closing --verbose'
#   make bench  this kernel beside a Debian Linux guest; BENCH=--quick for a short look

MEM ?= 128
NET ?= user
MACHINE ?= pc

RUN_OPTIONS = --mem $(MEM) --net $(NET) --machine $(MACHINE) $(if $(PORT),--port $(PORT)) \
	$(if $(APP),--app '$(APP)') $(if $(ARGS),--args '$(ARGS)') \
	$(if $(CMDLINE),--append '$(CMDLINE)') $(if $(INITRD),--initrd '$(INITRD)') \
	$(if $(PCAP),--pcap '$(PCAP)') $(if $(PROGRAM),--program "$$PROGRAM") \
	$(foreach f,$(FILES),--file '$f') $(foreach f,$(HOSTFWD),--hostfwd '$f')
# The program's own quotes and dollar signs: by the environment, so that neither a shell nor make
# takes them off.
override export PROGRAM := $(value PROGRAM)

.PHONY: run debug bench answers compare-linux

# tools/setup comes first, and what it installs is needed to build: hence the second make.
run:
	@tools/setup run
	@echo 'building build/barewire.elf'
	@$(MAKE) --no-print-directory -s -j$$(nproc) all
	@tools/run-qemu $(RUN_OPTIONS) $(if $(QEMU_ARGS),-- $(QEMU_ARGS))

debug:
	@tools/setup run
	@echo 'building build/debug/barewire.elf'
	@$(MAKE) --no-print-directory -s -j$$(nproc) DEBUG=1 all
	@tools/debug $(RUN_OPTIONS) $(if $(QEMU_ARGS),-- $(QEMU_ARGS))

bench:
	@tools/setup bench
	@$(MAKE) --no-print-directory all
	@tools/bench/bench $(BENCH)

# The answers to nine thousand calls, on Linux anew and then on this kernel.
answers: all
	@tools/setup bench
	@tests/guest/linux/answers/compare.py --record
	@$(PYTEST) tests/guest/test_answers.py -k answers

compare-linux:
	@tools/setup bench
	@tests/compare/compare $(COMPARE)

# docs/linux-abi.md from the tables of system calls.
.PHONY: docs-abi
docs-abi:
	@tools/linux_abi.py
