# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Entry points only; the work is done by scripts/ and CMake. Every target sets up what it needs.

BUILD ?= build
export EL_BUILD := $(abspath $(BUILD))

.PHONY: tool demo demo-idf demo-mcu test soak coverage mutants bench lint size interop dist docs figures clean help

help:
	@echo 'make tool    build the command-line tool and the simulator, with the flasher stubs'
	@echo 'make demo    flash three partitions into a virtual ESP32-S3 and watch it boot'
	@echo '             IMAGES="0x0 a.bin 0x8000 b.bin ..." flashes your own files instead'
	@echo '             CHIP=esp32c3 flashes firmware that a real one would run'
	@echo 'make demo-idf  the USB flasher example with its own console output, on virtual boards'
	@echo 'make demo-mcu  firmware of a Cortex-M board, under QEMU, flashes a virtual ESP32-C3 that its pins reset'
	@echo 'make test    all tests, every stage (STAGES="gcc lint ..." picks some)'
	@echo 'make soak    what takes too long for that: a million runs with faults, every build type, big-endian, coverage, mutants'
	@echo 'make bench   seconds, port calls, bytes and instructions per MiB against their bounds; esptool beside it'
	@echo 'make size    code, stack and instructions on microcontrollers, against budgets'
	@echo 'make lint    layout, static analysis, include directions'
	@echo 'make interop esptool, esptool-js and espflash against every virtual chip; packages'
	@echo 'make dist    wheels and tarballs of the tool for others, for x86-64 and 64-bit Arm'
	@echo 'make docs    API reference of the public headers, in build/api/html'
	@echo 'make figures record sizes, seconds and instructions; later runs print what differs'
	@echo 'make clean   remove the build folder'

tool:
	@scripts/setup demo
	@scripts/build '$(EL_BUILD)/tool' -DESP_LOADER_BUILD_TESTS=OFF -DESP_LOADER_BUILD_EXAMPLES=OFF
	@printf '%s\n' '' 'Built:' '  $(EL_BUILD)/tool/cli/esp-loader' '  $(EL_BUILD)/tool/sim/esp-sim' '  $(EL_BUILD)/tool/tools/mkimage/el-mkimage'

demo:
	@scripts/setup $(if $(CHIP),test,demo)
	@CHIP='$(CHIP)' scripts/demo $(IMAGES)

demo-idf:
	@scripts/setup test
	@scripts/demo-idf

demo-mcu:
	@scripts/setup test
	@scripts/demo-mcu

test:
	@scripts/setup test
	@scripts/test $(STAGES)

soak:
	@scripts/setup test
	@scripts/test --place soak

bench:
	@scripts/setup test
	@scripts/test bench bench-compare

size lint interop coverage mutants:
	@scripts/setup test
	@scripts/test $@

dist:
	@scripts/setup test
	@scripts/dist >'$(EL_BUILD)/dist.log' 2>&1 || { tail -n 30 '$(EL_BUILD)/dist.log' >&2; exit 1; }
	@ls -1 '$(EL_BUILD)'/dist/*

docs:
	@scripts/setup test
	@scripts/api-docs '$(EL_BUILD)/api'
	@printf '%s\n' 'API reference: $(EL_BUILD)/api/html/index.html'

figures:
	@scripts/setup test
	@scripts/test size bench && scripts/figures '$(EL_BUILD)' --record

clean:
	@rm -rf '$(EL_BUILD)'
