# SPDX-License-Identifier: BSD-2-Clause
# The hosted level: net/ and the kernel pieces it needs, compiled for this machine under ASan and
# UBSan against the same headers as the bare build, and linked to cmocka programs.
#
#   tests/hosted/services/*.c    stand in for the machine: virtual-time scheduler, clock, pages, slab.
#                                A file here replaces the kernel's file of the same name.
#                                host_*.c are compiled against the host's own headers.
#   tests/hosted/*/test_*.c      one cmocka program each (#include <tests/hosted/test.h>)
#   tests/hosted/*/*.c           anything else: helpers, linked to every program that needs them
#
# make hosted              build and run all;  HOSTED=tcp runs those below tests/hosted/tcp
# make build/hosted/test/tcp/test_ack    build one (run it with a pattern: CMOCKA_TEST_FILTER)

HOST_CC ?= gcc
# make Q= shows the commands.
Q ?= @
H := build/hosted

HOSTED_HOST_SERVICES := $(wildcard tests/hosted/services/host_*.c)
HOSTED_SERVICES := $(filter-out $(HOSTED_HOST_SERVICES),$(wildcard tests/hosted/services/*.c))
# tests/hosted/libc holds tests of libc and the programs, linked in their own way (tests.mk there).
HOSTED_PROGRAMS := $(filter-out tests/hosted/libc/%,$(wildcard tests/hosted/*/test_*.c))
HOSTED_HELPERS := $(filter-out $(HOSTED_PROGRAMS) tests/hosted/services/% tests/hosted/libc/%,$(wildcard tests/hosted/*/*.c))

# Of the machine only what runs anywhere; the C library, console and processor parts are the host's.
HOSTED_KERNEL := $(wildcard kernel/lib/*.c kernel/fs/*.c kernel/sched/*.c) \
	$(addprefix kernel/time/,timer.c hrtimer.c tick.c nanosleep.c clock_timer.c read_pair.c) \
	$(wildcard kernel/abi/futex*.c) \
	$(addprefix kernel/abi/,process.c rlimit.c cred.c capability.c prctl.c sched.c ucopy.c) \
	$(addprefix kernel/abi/,time.c rusage.c) \
	$(addprefix kernel/abi/,signal.c signal_queue.c signal_send.c signal_wait.c signalfd.c) \
	$(addprefix kernel/abi/,signal_poll.c itimer.c posix_timer.c) \
	$(addprefix kernel/mm/,vma.c upt.c fault.c map.c brk.c limit.c mm.c) \
	$(addprefix kernel/mm/,mremap.c madvise.c mlock.c mincore.c) \
	$(addprefix kernel/abi/,elf.c elf_symbol.c elf_stack.c exec_args.c) \
	kernel/sys_misc.c kernel/utsname.c drivers/char/tty.c drivers/char/tty_ldisc.c
HOSTED_KERNEL += $(wildcard kernel/abi/strace_*.c)
HOSTED_NOT := $(patsubst %,\%/%,$(notdir $(HOSTED_SERVICES))) \
	kernel/lib/string.c kernel/lib/memcpy.c kernel/lib/panic.c kernel/lib/backtrace.c \
	kernel/lib/symbols.c kernel/lib/bug.c kernel/lib/random_seed.c kernel/lib/ksyms.c
HOSTED_SOURCES := $(filter-out $(HOSTED_NOT),$(wildcard net/*.c net/*/*.c) $(HOSTED_KERNEL)) \
	$(HOSTED_SERVICES) $(wildcard drivers/net/*.c) \
	$(addprefix drivers/virtio/,virtio.c virtio_ring.c virtio_mmio_probe.c) \
	$(addprefix drivers/pci/,probe.c pci.c msi.c) boot/bootinfo.c \
	$(addprefix kernel/cpu/,acpi.c madt.c)
HOSTED_SOURCES := $(wildcard $(HOSTED_SOURCES))

HOSTED_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
HOSTED_WARN := -Wall -Wextra -Wshadow -Wsign-compare -Wno-unused-parameter -Werror
HOSTED_CFLAGS := -std=gnu11 -g -O1 -fno-omit-frame-pointer -fno-strict-aliasing -fno-common \
	$(HOSTED_WARN) -Wno-format-truncation $(HOSTED_SANITIZE) \
	-nostdinc -isystem $(shell $(HOST_CC) -print-file-name=include) \
	-Itests/hosted/services/include -I. -Itests/hosted/include -Ilibc/include -isystem $(H)/include
HOSTED_HOST_CFLAGS := -std=gnu11 -g -O1 $(HOSTED_WARN) $(HOSTED_SANITIZE) -D_GNU_SOURCE

HOSTED_LIB_OBJECTS := $(HOSTED_SOURCES:%.c=$(H)/obj/%.o) $(HOSTED_HOST_SERVICES:%.c=$(H)/host/%.o) \
	$(HOSTED_HELPERS:%.c=$(H)/obj/%.o)
HOSTED_BINARIES := $(HOSTED_PROGRAMS:tests/hosted/%.c=$(H)/test/%)

include tests/hosted/libc/tests.mk

.PHONY: hosted hosted-build goodput
.SECONDARY: $(HOSTED_PROGRAMS:%.c=$(H)/obj/%.o)

hosted: hosted-build
	@tests/hosted/run $(if $(HOSTED),$(filter $(H)/test/$(HOSTED)%,$(HOSTED_BINARIES)),$(HOSTED_BINARIES))

hosted-build: $(HOSTED_BINARIES)

# The table of docs/tcp-goodput.md, anew: some minutes.
goodput: $(H)/test/goodput/test_goodput
	@GOODPUT=all $<

$(H)/include/cmocka.h:
	@mkdir -p $(@D)
	@test -e /usr/include/cmocka.h || { echo "cmocka is missing: run tools/setup test" >&2; exit 1; }
	@ln -sf /usr/include/cmocka.h $@

$(H)/obj/%.o: %.c | $(H)/include/cmocka.h
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOSTED_CFLAGS) $(if $(filter libc/% apps/% tests/hosted/libc/%,$<),,-D__KERNEL__) -MMD -MP -c -o $@ $<

# Put into the object by the assembler, which gcc -MMD does not see.
$(H)/obj/tests/hosted/matrix/table.o: tests/hosted/matrix/matrix.txt

$(H)/host/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOSTED_HOST_CFLAGS) -MMD -MP -c -o $@ $<

$(H)/libnet.a: $(HOSTED_LIB_OBJECTS)
	@mkdir -p $(@D)
	@rm -f $@
	$(Q)ar rcsD $@ $^

# A folder's own helpers come first, those that the program asks for: two folders may use the same
# names, and a program may bring a function of its own.
own_helpers = $(filter $(foreach d,$(patsubst %/,%,$(dir $1)) $(HELPERS_$(patsubst %/,%,$(dir $1))),\
	$(H)/obj/tests/hosted/$d/%),$(HOSTED_HELPERS:%.c=$(H)/obj/%.o))
# Folders that build on another folder's helpers.
HELPERS_matrix := tcp
HELPERS_mm := fs
$(H)/test/%: $(H)/obj/tests/hosted/%.o $(H)/libnet.a
	@mkdir -p $(@D)
	@rm -f $@.a
	$(Q)ar rcsD $@.a $(call own_helpers,$*)
	$(Q)$(HOST_CC) $(HOSTED_SANITIZE) -g -o $@ $< $@.a $(H)/libnet.a -lcmocka

-include $(HOSTED_LIB_OBJECTS:.o=.d) $(HOSTED_PROGRAMS:%.c=$(H)/obj/%.d)

# Packet scripts: tests/hosted/script runs tests/hosted/scripts/**/*.pkt (all, or those in SCRIPTS=).
.PHONY: script
script: $(H)/test/script/test_scripts
	@tests/hosted/run $<
