# SPDX-License-Identifier: BSD-2-Clause
# Tests of libc and of the parts of the programs that can stand alone, on the host under ASan and
# UBSan. libc is compiled as for the machine (its own headers) and every name it defines gets the
# prefix bw_, so that a test program, compiled against the host's headers and C library, can hold the
# two side by side. sys_*() are the host's system calls (fake_sys.c).
#
#   tests/hosted/libc/test_*.c    one cmocka program each, linked to libbw.a and the app parts
#   make hosted-libc              build and run them alone
#   make abi                      compare the ABI values of libc/include with the host's headers

L := build/hosted/libc

LIBC_TEST_SOURCES := $(sort $(wildcard libc/*/*.c))
APP_TEST_SOURCES  := $(wildcard apps/lib/*.c)
LIBC_TESTS        := $(wildcard tests/hosted/libc/test_*.c)
LIBC_TEST_HELPERS := $(filter-out $(LIBC_TESTS),$(wildcard tests/hosted/libc/*.c))
LIBC_BINARIES     := $(LIBC_TESTS:tests/hosted/%.c=$(H)/test/%)
HOSTED_BINARIES   += $(LIBC_BINARIES)

LIBC_TEST_FLAGS := -std=gnu11 -g -O1 -fno-omit-frame-pointer -fno-common $(HOSTED_WARN) $(HOSTED_SANITIZE) -Wno-unused-parameter
LIBC_OURS       := -ffreestanding -fno-builtin -nostdinc -isystem $(shell $(HOST_CC) -print-file-name=include) \
	-I. -Ilibc/include
LIBC_OBJECTS    := $(LIBC_TEST_SOURCES:%.c=$(L)/raw/%.o)

$(L)/raw/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(LIBC_TEST_FLAGS) $(LIBC_OURS) -MMD -MP -c -o $@ $<

$(L)/names: $(LIBC_OBJECTS)
	@nm -g --defined-only $^ | awk 'NF == 3 { print $$3, "bw_" $$3 }' | sort -u > $@

$(L)/bw/%.o: $(L)/raw/%.o $(L)/names
	@mkdir -p $(@D)
	$(Q)objcopy --redefine-syms=$(L)/names $< $@

$(L)/libbw.a: $(LIBC_OBJECTS:$(L)/raw/%=$(L)/bw/%)
	@rm -f $@
	$(Q)ar rcsD $@ $^

$(L)/host/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(LIBC_TEST_FLAGS) -fno-builtin -Wno-format -Wno-sign-compare -D_GNU_SOURCE -I. -MMD -MP -c -o $@ $<

$(L)/libapps.a: $(APP_TEST_SOURCES:%.c=$(L)/host/%.o)
	@rm -f $@
	$(Q)ar rcsD $@ $^

$(H)/test/libc/test_%: $(L)/host/tests/hosted/libc/test_%.o $(LIBC_TEST_HELPERS:%.c=$(L)/host/%.o) \
		$(L)/libapps.a $(L)/libbw.a
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOSTED_SANITIZE) -g -o $@ $^ -lcmocka

.PHONY: abi hosted-libc
hosted-libc: $(LIBC_BINARIES)
	@tests/hosted/run $^
.SECONDARY: $(LIBC_OBJECTS) $(LIBC_TESTS:%.c=$(L)/host/%.o)
abi:
	@/usr/bin/python3 tests/hosted/libc/abi_check.py

-include $(LIBC_OBJECTS:.o=.d) $(LIBC_TESTS:%.c=$(L)/host/%.d)
