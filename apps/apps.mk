# SPDX-License-Identifier: BSD-2-Clause
# The linked-in programs. Each is a plain C program with a main(); its objects are joined, main is
# renamed to NAME_main and every other name is made local, so programs cannot collide; what one uses
# of apps/lib is linked into it, so they share no state either. The table of programs is made from the list below.
#
#   make APP_SRC="path/to/prog.c [more.c]"   an own program, under the name of its first file; the default
#   make linux-apps                          all programs for Linux, static, in build/linux/
#   make hosted-apps                         the same with ASan and UBSan, in build/hosted/apps/

APPS := httpd services echo discard chargen fetch sh dial hold

# A program NAME is apps/NAME.c or all of apps/NAME/*.c.
app_sources = $(wildcard apps/$(1).c apps/$(1)/*.c)

# libc's <net/route.h> goes before the stack's.
APP_CPPFLAGS := -nostdinc -Ilibc/include -I. -isystem $(shell $(CC) -print-file-name=include) -D__BAREWIRE__
APP_LIB_SRC  := $(sort $(wildcard apps/lib/*.c))
APP_LIB_OBJS := $(APP_LIB_SRC:%=$(BUILD)/obj/%.o)
APP_OBJS     := $(APPS:%=$(BUILD)/apps/%.o) $(BUILD)/apps/app_table.o $(BUILD)/obj/apps/start.c.o
APP_DEFAULT  := httpd

$(BUILD)/obj/apps/%.c.o: apps/%.c
	@mkdir -p $(@D)
	$(CC) $(APP_CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/apps/lib.a: $(APP_LIB_OBJS)
	@mkdir -p $(@D)
	@rm -f $@
	$(CROSS_COMPILE)ar rcsD $@ $^

# Objects of one program -> one object with the single global NAME_main.
define join_program
@mkdir -p $(@D)
$(LD) -r -o $@.all $(filter %.o,$^) $(filter %.a,$^)
$(OBJCOPY) --redefine-sym main=$(APP_C_NAME)_main $@.all
$(OBJCOPY) --keep-global-symbol=$(APP_C_NAME)_main $@.all $@
@rm -f $@.all
endef

define program_rule
$(BUILD)/apps/$(1).o: APP_C_NAME := $(1)
$(BUILD)/apps/$(1).o: $(patsubst %,$(BUILD)/obj/%.o,$(call app_sources,$(1))) $(BUILD)/apps/lib.a
	$$(join_program)
endef
$(foreach app,$(APPS),$(eval $(call program_rule,$(app))))

ifneq ($(APP_SRC),)
USER_APP     := $(basename $(notdir $(firstword $(APP_SRC))))
USER_C_NAME  := user_$(shell echo '$(USER_APP)' | tr -c 'A-Za-z0-9\n' _)
USER_OBJS    := $(foreach f,$(APP_SRC),$(BUILD)/user/$(basename $(notdir $(f))).o)
APP_OBJS     += $(BUILD)/apps/user.o
APP_DEFAULT  := $(USER_APP)

# Own programs see no kernel headers and choose their own warnings.
define user_rule
$(BUILD)/user/$(basename $(notdir $(1))).o: $(1) FORCE
	@mkdir -p $$(@D)
	$$(CC) -nostdinc -I$(dir $(1)) -Ilibc/include -isystem $$(shell $$(CC) -print-file-name=include) \
		$$(filter-out -Werror -Wextra -Wshadow -Wsign-compare,$$(CFLAGS)) -c -o $$@ $$<
endef
$(foreach f,$(APP_SRC),$(eval $(call user_rule,$(f))))
$(BUILD)/apps/user.o: APP_C_NAME := $(USER_C_NAME)
$(BUILD)/apps/user.o: $(USER_OBJS)
	$(join_program)
endif

# The table: name, main, and the "Usage:" line of each program's source. Two makes may be at it at once.
$(BUILD)/apps/app_table.c: apps/apps.mk apps/mktable $(foreach app,$(APPS),$(call app_sources,$(app))) FORCE
	@mkdir -p $(@D)
	@new=$@.$$$$; apps/mktable $(APP_DEFAULT) $(if $(USER_APP),$(USER_APP):$(USER_C_NAME)) $(APPS) > $$new && \
		{ cmp -s $$new $@ && rm $$new || mv $$new $@; }
$(BUILD)/apps/app_table.o: $(BUILD)/apps/app_table.c
	$(CC) $(APP_CPPFLAGS) $(CFLAGS) -c -o $@ $<

# The same sources on Linux.
LINUX_CC ?= gcc
LINUX_APPS := $(APPS:%=build/linux/%)
linux-apps: $(LINUX_APPS)
hosted-apps: $(APPS:%=build/hosted/apps/%)
define linux_rule
build/linux/$(1): $(call app_sources,$(1)) $(APP_LIB_SRC) $(wildcard apps/*/*.h)
	@mkdir -p $$(@D)
	$(LINUX_CC) -std=gnu11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Wno-unused-parameter -static -idirafter . \
		-o $$@ $$(filter %.c,$$^)
build/hosted/apps/$(1): $(call app_sources,$(1)) $(APP_LIB_SRC) $(wildcard apps/*/*.h)
	@mkdir -p $$(@D)
	$(LINUX_CC) -std=gnu11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Wno-unused-parameter -Werror \
		-fsanitize=address,undefined -fno-sanitize-recover=all -idirafter . -o $$@ $$(filter %.c,$$^)
endef
$(foreach app,$(APPS),$(eval $(call linux_rule,$(app))))

.PHONY: FORCE linux-apps hosted-apps
-include $(wildcard $(BUILD)/obj/apps/*.d $(BUILD)/obj/apps/*/*.d)
