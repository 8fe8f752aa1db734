# SPDX-License-Identifier: BSD-2-Clause
# Barewire. `make help` lists the targets; DEBUG=1 builds with -Og and checked memory in build/debug/.

all:
CROSS_COMPILE ?= x86_64-linux-gnu-
CC      := $(CROSS_COMPILE)gcc
LD      := $(CROSS_COMPILE)ld
NM      := $(CROSS_COMPILE)nm
OBJCOPY := $(CROSS_COMPILE)objcopy
AWK     := LC_ALL=C awk
PYTHON  := /usr/bin/python3

ifeq ($(DEBUG),1)
BUILD    := build/debug
OPTIMIZE := -Og -Wno-maybe-uninitialized -DCONFIG_SLAB_CHECK=1
else
BUILD    := build
OPTIMIZE := -O2
endif

# The compiler's own headers (stdarg.h, stdbool.h ...) and ours; nothing of the host.
CPPFLAGS := -nostdinc -I. -Ilibc/include -isystem $(shell $(CC) -print-file-name=include) -D__BAREWIRE__
CFLAGS   := -std=gnu11 -ffreestanding -mcmodel=kernel -mno-red-zone -mgeneral-regs-only -fno-pic \
            -fno-stack-protector -fcf-protection=none -fno-omit-frame-pointer -fno-strict-aliasing \
            -mmemcpy-strategy=unrolled_loop:256:noalign,libcall:-1:noalign \
            -mmemset-strategy=unrolled_loop:256:noalign,libcall:-1:noalign \
            -fno-common -fno-asynchronous-unwind-tables -fno-delete-null-pointer-checks \
            -Wall -Wextra -Wshadow -Wsign-compare -Wno-unused-parameter -Werror \
            $(OPTIMIZE) -g -ffile-prefix-map=$(CURDIR)=.
LDFLAGS  := -nostdlib -static -z max-page-size=4096 -z noexecstack --no-warn-rwx-segments \
            --build-id=none --orphan-handling=error

# One floor a line, lowest first.
SRCS := $(sort $(wildcard boot/*.c boot/*.S))
SRCS += $(sort $(wildcard kernel/*.c kernel/*/*.c kernel/*/*.S))
SRCS += $(sort $(wildcard drivers/*.c drivers/*/*.c))
SRCS += $(sort $(wildcard net/*.c net/*/*.c))
SRCS += $(sort $(wildcard libc/*.c libc/*/*.c libc/*.S))

# Fragments may append to SRCS, set CFLAGS_path/file.c, and give APP_OBJS (linked-in programs).
-include libc/libc.mk
-include apps/apps.mk

# Everything but the C library and the programs sees the kernel's side of shared structures.
CPPFLAGS_OF = $(CPPFLAGS) $(if $(filter libc/% apps/%,$1),,-D__KERNEL__)

OBJS := $(patsubst %,$(BUILD)/obj/%.o,$(SRCS)) $(APP_OBJS)
ELF  := $(BUILD)/barewire.elf

all: $(ELF)
objs: $(OBJS)

# Changed flags rebuild everything, so that an image is what its sources and this file say.
$(BUILD)/obj/%.c.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(call CPPFLAGS_OF,$<) $(CFLAGS) $(CFLAGS_$<) -MMD -MP -c -o $@ $<
$(BUILD)/obj/%.S.o: %.S Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -D__ASSEMBLY__ -fno-dollars-in-identifiers -MMD -MP -c -o $@ $<

# Link twice: first to learn where the functions are, then with the table of their names. The table
# lies behind the text, so the functions do not move.
LINK = $(LD) $(LDFLAGS) -T linker.ld -o $@ $(filter %.o,$^)
$(BUILD)/ksyms0.S: kernel/lib/ksyms.awk
	@mkdir -p $(@D)
	$(AWK) -f $< </dev/null >$@
$(BUILD)/ksyms.S: $(BUILD)/pass1.elf kernel/lib/ksyms.awk
	$(NM) -n $< | $(AWK) -f kernel/lib/ksyms.awk >$@
$(BUILD)/ksyms%.o: $(BUILD)/ksyms%.S
	$(CC) $(CPPFLAGS) -c -o $@ $<
$(BUILD)/ksyms.o: $(BUILD)/ksyms.S
	$(CC) $(CPPFLAGS) -c -o $@ $<
$(BUILD)/pass1.elf: $(OBJS) $(BUILD)/ksyms0.o linker.ld
	$(LINK)
$(ELF): $(OBJS) $(BUILD)/ksyms.o linker.ld
	$(LINK)
	@$(NM) -n $@ | $(AWK) -f kernel/lib/ksyms.awk | cmp - $(BUILD)/ksyms.S || { rm $@; exit 1; }

# The same image for loaders that must take the PVH road: its Multiboot 1 magic is cleared.
pvh: $(BUILD)/barewire-pvh.elf
$(BUILD)/barewire-pvh.elf: $(ELF) tools/mkpvh.py
	$(PYTHON) tools/mkpvh.py $< $@

-include kernel/abi/vdso/vdso.mk

# A CD with GRUB: menu entries for multiboot and multiboot2.
iso: $(BUILD)/barewire.iso
$(BUILD)/barewire.iso: $(ELF) boot/grub.cfg
	@mkdir -p $(BUILD)/iso/boot/grub
	cp $(ELF) $(BUILD)/iso/boot/barewire.elf
	cp boot/grub.cfg $(BUILD)/iso/boot/grub/grub.cfg
	grub-mkrescue -o $@ $(BUILD)/iso

# run, debug, bench; test, check.
-include tools/tools.mk
-include tests/tests.mk

clean:
	rm -rf build

help:
	@echo 'make             build/barewire.elf (CROSS_COMPILE=$(CROSS_COMPILE), DEBUG=1 for -Og and checks)'
	@echo 'make run         boot it in QEMU with user networking (APP=name ARGS=... NET=tap:NAME)'
	@echo 'make debug       QEMU stopped at the reset vector with gdb attached'
	@echo 'make test        everything; make check: the hosted level alone'
	@echo 'make script      packet scripts (SCRIPTS=folder or file); make sim: seeded simulation (SEEDS=N SEED=first)'
	@echo 'make iso         build/barewire.iso with GRUB; make pvh: an image that boots by PVH'
	@echo 'make programs    programs of Debian packages as machines, a minute of load each'
	@echo 'make bench       measure beside a Linux guest'
	@echo 'make compare-linux   the same packets to a Linux guest and to this kernel, traces compared'
	@echo 'make APP_SRC=path/to/program.c   link in an own program'
	@echo 'make objs clean'

-include $(wildcard $(patsubst %.o,%.d,$(OBJS)))
.PHONY: all objs pvh iso clean help run debug test check bench
.DELETE_ON_ERROR:
