/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The rig of the USB port: the imitation of libusb fails the test when a transfer is freed too early or not at all.
 */
#define _GNU_SOURCE
#include <string.h>

#include "fake_libusb_bus.h"
#include "follow_rig.h"
#include "linux_usb_rig.h"
#include "test.h"

static void *state;

void rig_make(const fake_usb_t *usb)
{
    assert_int_equal(usb_rig_make(&state), 0);
    fake_sysfs_unplug("1-2");
    fake_sysfs_plug(usb);
    usb_port.bus_path = "1-2";
}

void rig_remove(void)
{
    assert_int_equal(usb_rig_remove(&state), 0);
}

void rig_leave(void)
{
    usb_rig_unplug();
}

void rig_enter(const fake_usb_t *usb, const char *name, bool is_early)
{
    (void)name;
    usb_rig_plug(usb);
    fake_usb.open_result = is_early ? LIBUSB_ERROR_ACCESS : LIBUSB_SUCCESS;
}

void rig_show(void)
{
    fake_usb.open_result = LIBUSB_SUCCESS;
}

void rig_at_next_wait(void (*act)(void))
{
    fake_usb_bus.on_sleep = act;
}

void rig_lose_acknowledgements(bool are_lost)
{
    fake_usb.control_result = are_lost ? LIBUSB_ERROR_NO_DEVICE : LIBUSB_SUCCESS;
}

void rig_pass_ms(uint32_t ms)
{
    fake_usb_skip_us(ms * 1000u);
}

void rig_say(const char *text)
{
    fake_usb_send(text, strlen(text));
}

void rig_assert_heard(const char *text)
{
    assert_int_equal(fake_usb.out_size, strlen(text));
    assert_memory_equal(fake_usb.out, text, fake_usb.out_size);
    fake_usb.out_size = 0;
}

unsigned rig_line_changes(void)
{
    return (unsigned)fake_usb.line_count;
}

unsigned rig_lines(void)
{
    return fake_usb.lines[fake_usb.line_count - 1];
}
