/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Three things differ: flasher stubs are built in or not, libusb and libdw are installed or not.
 */
#define _GNU_SOURCE
#include "ports/features.h"

#include <stdio.h>

#include "decode/decoder.h"
#include "linux_usb_port.h"

#ifdef ESP_LOADER_CLI_HAS_STUBS
static const char stubs[] = "included";
#else
static const char stubs[] = "none, the loaders in ROM are used";
#endif

void features_print(void)
{
    unsigned major = 0;
    unsigned minor = 0;
    unsigned micro = 0;
    const char *libdw = decoder_library_version();

    printf("flasher stubs: %s\n", stubs);
    if (linux_usb_library_version(&major, &minor, &micro)) {
        printf("libusb: %u.%u.%u\n", major, minor, micro);
    } else {
        printf("libusb: not installed, usb: ports need it\n");
    }
    printf("libdw: %s\n", libdw != NULL ? libdw : "not installed, addresses are not decoded");
}
