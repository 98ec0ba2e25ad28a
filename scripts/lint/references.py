#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Checks that every file or folder of the project that its pages and comments name is there, in back quotes or not.

Run in the repository's root. Looked at are whole pages (.md) and the comments of sources and scripts. A reference is a path
that begins with one of the project's folders, or the name of a source file or page, with or without the end of the path
before it. `*` and `{a,b}` stand for what they stand for in a shell. A function of the library, esp_loader_…() or eli_…(),
on a page or in a C comment, is one that some source has.
"""
import fnmatch
import io
import os
import re
import subprocess
import sys
import tokenize

FOLDERS = "bench cli cmake docs examples include port scripts sim src tests tools".split()
EDGE = r"(?<![\w./:$}<>~*-])"
REFERENCE = re.compile(EDGE + r"(?:(?:%s)/[\w.*{},/-]*|(?!build/)[\w][\w/-]*\.(?:c|h|cpp|py|cmake|md)\b(?![.\w/]))" % "|".join(FOLDERS))
FUNCTION = re.compile(r"\b(?:esp_loader|eli)_\w+(?=\(\))")
# What has such a name and is not of this project, by whose it is.
FOREIGN = {
    "ESP-IDF": """idf.py sdkconfig.cmake soc/soc.h esp_app_format.h esp_app_desc.h esp_bootloader_desc.h esp_flash_partitions.h esp_secure_boot.h
        usb_serial_jtag_reg.h bootloader_start.c bootloader_utility.c bootloader_init.c bootloader_common_loader.c
        esp_flash_spi_init.c components/bootloader_support/src/esp_image_format.c
        components/bootloader_support/src/flash_partitions.c usbh.c tools/cmake/project.cmake tools/cmake/build.cmake tools/cmake/version.cmake
        tools/cmake/component.cmake tools/cmake/kconfig.cmake tools/cmake/scripts/component_get_requirements.cmake
        components/esp_driver_gpio/src/gpio.c components/driver/gpio.c components/driver/spi_master.c components/hal/spi_hal.c
        spi_master.c spi_common.c spi_common.h tasks.c components/sdmmc/sdmmc_io.c components/sdmmc/sdmmc_init.c sdmmc_transaction.c
        components/esp_driver_sdmmc/src/sdmmc_host.c sdmmc_cmd.h sd_protocol_types.h""",
    "ST's HAL": "stm32f4xx_hal.c stm32f4xx_hal_gpio.c stm32f4xx_hal_dma.c stm32f4xx_hal_uart.c stm32l4xx_hal_uart.c",
    "TinyUSB": """tusb_config.h src/tusb.c src/portable/raspberrypi/rp2040/hcd_rp2040.c src/host/usbh.c src/host/usbh.h src/class/cdc/cdc.h src/class/cdc/cdc_host.c
        src/class/cdc/cdc_host.h src/common/tusb_fifo.c""",
    "Arduino's cores": "HardwareSerial.cpp wiring_digital.c",
    "boot loaders of the ESP8266": "eboot.c rboot.c rboot.h",
    "esptool": "bin_image.py",
    "the SDKs of ports": """uart_native_pty.c uart_cmsdk_apb.c uart_stellaris.c uart_stm32.c stm32f4xx_hal_uart.h stm32l4xx_hal_uart.h
        uart.c uart_ll.h""",
    "Linux and the C library": "linux/gpio.h asm-generic/termbits.h asm-generic/termios.h tools/usb/usbip elf.h endian.h",
    "the user": "flash-app.c OUTPUT.c OUTPUT.h",
    "the component manager": "sources/local.py idf_component_tools/sources/local.py",
    "a build folder": "bench/results.json bench/cpu.json bench/compare.json",
}


def project_files():
    """Paths of all files, whether committed yet or not."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], capture_output=True, text=True,
                            check=True)
    return [path for path in listed.stdout.splitlines() if os.path.exists(path)]


def text_of(path, content):
    """(line number, text) of what people read: all of a page, the comments of a source, the descriptions of a script."""
    if path.endswith(".md"):
        return list(enumerate(content.split("\n"), 1))
    if path.endswith((".c", ".h", ".cpp")):
        found = []
        for match in re.finditer(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', content, re.DOTALL):
            if match[0][0] == "/":
                first = content.count("\n", 0, match.start()) + 1
                found += list(enumerate(match[0].split("\n"), first))
        return found
    if path.endswith(".py") or content.startswith("#!/usr/bin/env python3"):
        return [(token.start[0] + extra, line) for token in tokenize.generate_tokens(io.StringIO(content).readline)
                if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and token.string.startswith('"""'))
                for extra, line in enumerate(token.string.split("\n"))]
    return [(number, line[line.index("#"):]) for number, line in enumerate(content.split("\n"), 1) if re.search(r"(^|\s)#", line)]


def alternatives(path):
    """{a,b} taken apart."""
    match = re.search(r"\{([^{}]*)\}", path)
    if not match:
        return [path]
    return [one for choice in match[1].split(",") for one in alternatives(path[:match.start()] + choice + path[match.end():])]


def functions_of(files):
    """The words of the code of all sources that may be functions of the library."""
    words = set()
    for path in files:
        if path.endswith((".c", ".h", ".cpp")):
            with open(path, encoding="utf-8") as file:
                code = re.sub(r"/\*.*?\*/|//[^\n]*", "", file.read(), flags=re.DOTALL)
            words.update(re.findall(r"\b(?:esp_loader|eli)_\w+", code))
    return words


def main():
    files = project_files()
    functions = functions_of(files)
    ends = {path[at + 1:] for path in files for at, letter in enumerate("/" + path, -1) if letter == "/"}
    folders = {path[:at] for path in files for at, letter in enumerate(path) if letter == "/"}
    foreign, met = {name for names in FOREIGN.values() for name in names.split()}, set()

    def exists(reference, path):
        beside = os.path.normpath(os.path.join(os.path.dirname(path), reference))
        return any(one in ends or one in folders or ("*" in one and any(fnmatch.fnmatch(file, one) for file in files))
                   for one in (reference, beside))

    problems, count = [], 0
    for path in files:
        if not path.endswith((".md", ".c", ".h", ".cpp", ".py", ".sh", ".cmake", ".txt")) and not path.startswith("scripts/"):
            continue
        with open(path, encoding="utf-8") as file:
            content = file.read()
        for number, line in text_of(path, content):
            problems += ["%s:%d: there is no function %s()" % (path, number, name)
                         for name in FUNCTION.findall(line) if name not in functions and path.endswith((".md", ".c", ".h"))]
            for match in REFERENCE.finditer(line):
                for reference in alternatives(match[0].rstrip(".,-").rstrip("/")):
                    count += 1
                    if reference in foreign:
                        met.add(reference)
                    elif not exists(reference, path):
                        problems.append("%s:%d: there is no %s" % (path, number, reference))
    problems += ["%s: nothing names %s any more" % (sys.argv[0], name) for name in sorted(foreign - met)]
    print("%d references" % count)
    print("\n".join(problems))
    return 1 if problems or not count else 0


if __name__ == "__main__":
    sys.exit(main())
