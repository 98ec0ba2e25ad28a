/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * libusb, loaded when the first `usb:` port is opened: a program with this port starts on machines that do not
 * have it, and needs it for nothing else.
 */
#ifndef ESP_LOADER_PORT_USB_LIBRARY_H
#define ESP_LOADER_PORT_USB_LIBRARY_H

#include <libusb.h>
#include <stdbool.h>

/** The functions this port calls, without their prefix `libusb_`. */
#define USB_LIBRARY_FUNCTIONS(X)                                                                             \
    X(init)                                                                                                  \
    X(get_version)                                                                                           \
    X(exit)                                                                                                  \
    X(has_capability)                                                                                        \
    X(get_device_list)                                                                                       \
    X(free_device_list)                                                                                      \
    X(ref_device)                                                                                            \
    X(unref_device)                                                                                          \
    X(get_bus_number)                                                                                        \
    X(get_port_numbers)                                                                                      \
    X(get_active_config_descriptor)                                                                          \
    X(free_config_descriptor)                                                                                \
    X(hotplug_register_callback)                                                                             \
    X(hotplug_deregister_callback)                                                                           \
    X(open)                                                                                                  \
    X(close)                                                                                                 \
    X(set_auto_detach_kernel_driver)                                                                         \
    X(claim_interface)                                                                                       \
    X(release_interface)                                                                                     \
    X(clear_halt)                                                                                            \
    X(control_transfer)                                                                                      \
    X(alloc_transfer)                                                                                        \
    X(free_transfer)                                                                                         \
    X(submit_transfer)                                                                                       \
    X(cancel_transfer)                                                                                       \
    X(handle_events_timeout)

/* A member cannot be named in parentheses. NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define USB_LIBRARY_MEMBER(name) __typeof__(libusb_##name) *name;

typedef struct {
    USB_LIBRARY_FUNCTIONS(USB_LIBRARY_MEMBER)
} usb_library_t;

/** Loads libusb 1.0, which then stays loaded.
 *  @return false when this machine does not have it, or one that lacks a function */
bool usb_library_load(usb_library_t *out_library);

#endif
