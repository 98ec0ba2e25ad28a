/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the example says, as bench_console() shows it. MD5_ENABLED says whether it verifies,
 * ESP_LOADER_HAS_STUBS whether it uses flasher stubs.
 */
#ifndef CONSOLE_H
#define CONSOLE_H

#include "bench.h"
#include "scenario.h"

#define INSTALLED                                                                                            \
    "I usb_flasher: Installing USB Host\n"                                                                   \
    "I usb_flasher: Installing the USB CDC-ACM driver\n"
#define OPENING "I usb_flasher: Opening CDC ACM device 0x303A:0x1001...\n"
#if MD5_ENABLED
#define VERIFIED "Flash verified\n"
#else
#define VERIFIED ""
#endif
#ifdef ESP_LOADER_HAS_STUBS
#define LOADER "I usb_flasher: Using the flasher stub\n"
#else
#define LOADER ""
#endif

void app_main(void);

/** What the example says in a scenario that is set up by @p setup. */
static inline const char *console_of(void (*setup)(void))
{
    return bench_console(scenario_passes(&(scenario_t){.setup = setup, .main = app_main}));
}

#define LOADED(name)                                                                                         \
    "I usb_flasher: Loading " name "...\n"                                                                   \
    "Erasing flash (this may take a while)...\n"                                                             \
    "Start programming\n"                                                                                    \
    "Progress: 100 %\n"                                                                                      \
    "Finished programming\n" VERIFIED
#define IMAGES_LOADED LOADED("bootloader") LOADED("partition table") LOADED("app")
#define FLASHED       "Connected to target\n" LOADER IMAGES_LOADED "I usb_flasher: Done!\n"

#endif
