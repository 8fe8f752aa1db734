# SPDX-License-Identifier: BSD-2-Clause
# The vDSO: a shared object of its own, put into the image whole by kernel/abi/vdso_image.S.

VDSO := $(BUILD)/vdso.so
VDSO_CFLAGS := -std=gnu11 -O2 -fPIC -ffreestanding -fno-stack-protector -fcf-protection=none \
	-fasynchronous-unwind-tables -mno-red-zone -fvisibility=default -Wall -Wextra -Werror

$(VDSO): kernel/abi/vdso/vgettimeofday.c kernel/abi/vdso/vdso_data.h kernel/abi/vdso/vdso.lds \
		kernel/abi/vdso/vdso.mk
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(VDSO_CFLAGS) -shared -nostdlib -Wl,-soname=linux-vdso.so.1 \
		-Wl,--hash-style=both -Wl,--eh-frame-hdr -Wl,--build-id=none -Wl,-z,noexecstack \
		-Wl,-z,max-page-size=4096 -Wl,-T,kernel/abi/vdso/vdso.lds -Wl,-Bsymbolic -o $@ $<

$(BUILD)/obj/kernel/abi/vdso_image.S.o: CPPFLAGS += -Wa,-I$(BUILD)
$(BUILD)/obj/kernel/abi/vdso_image.S.o: $(VDSO)
