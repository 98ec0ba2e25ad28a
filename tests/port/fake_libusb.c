/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * libusb as far as port/linux_usb uses it: clock, devices and interfaces. Transfers are in
 * fake_libusb_transfers.c. Source of its behaviour: libusb 1.0 API reference.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fake_libusb_bus.h"
#include "test.h"

fake_usb_state_t fake_usb;
fake_usb_bus_t fake_usb_bus;

/* ---- time ---- */

int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left);

static uint64_t now_ns(void)
{
    return fake_usb_bus.skipped_ns + 1000000000u;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    (void)clock;
    now->tv_sec = (time_t)(now_ns() / 1000000000u);
    now->tv_nsec = (long)(now_ns() % 1000000000u);
    return 0;
}

static void skip_until(uint64_t until_ns)
{
    void (*act)(void) = fake_usb_bus.act;

    if (act != NULL && until_ns >= fake_usb_bus.act_at_ns) {
        fake_usb_bus.skipped_ns += fake_usb_bus.act_at_ns > now_ns() ? fake_usb_bus.act_at_ns - now_ns() : 0;
        fake_usb_bus.act = NULL;
        act();
        return;
    }
    fake_usb_bus.skipped_ns += until_ns > now_ns() ? until_ns - now_ns() : 0;
}

int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left)
{
    (void)clock;
    (void)flags;
    (void)left;
    skip_until((uint64_t)until->tv_sec * 1000000000u + (uint64_t)until->tv_nsec);
    if (fake_usb_bus.on_sleep != NULL) {
        void (*act)(void) = fake_usb_bus.on_sleep;

        fake_usb_bus.on_sleep = NULL;
        act();
    }
    return 0;
}

void fake_usb_skip_us(uint64_t us)
{
    skip_until(now_ns() + us * 1000u);
}

/* ---- loading ---- */

void *__wrap_dlopen(const char *name, int flags);
void *__real_dlopen(const char *name, int flags);
void *__wrap_dlsym(void *library, const char *name);
void *__real_dlsym(void *library, const char *name);

void *__wrap_dlopen(const char *name, int flags)
{
    assert_string_equal(name, "libusb-1.0.so.0");
    return fake_usb.is_absent
               ? NULL
               : __real_dlopen(NULL, flags); /* this program, which exports the functions below */
}

void *__wrap_dlsym(void *library, const char *name)
{
    return fake_usb.lacks != NULL && strcmp(name, fake_usb.lacks) == 0 ? NULL : __real_dlsym(library, name);
}

const struct libusb_version *LIBUSB_CALL libusb_get_version(void)
{
    static const struct libusb_version version = {.major = 1, .minor = 2, .micro = 34};

    return &version;
}

/* ---- what the test does ---- */

void fake_usb_unref(struct libusb_device *device)
{
    assert_true(device->references > 0);
    if (--device->references == 0) {
        free(device);
    }
}

void fake_usb_start(void)
{
    memset(&fake_usb, 0, sizeof(fake_usb));
    memset(&fake_usb_bus, 0, sizeof(fake_usb_bus));
    fake_usb.path = "1-2";
    fake_usb.out_room = SIZE_MAX;
    fake_usb.driver_has = 2;
    fake_usb_plug();
}

void fake_usb_plug(void)
{
    fake_usb.is_plugged = true;
    fake_usb_bus.device = calloc(1, sizeof(*fake_usb_bus.device));
    fake_usb_bus.device->references = 1;
}

void fake_usb_unplug(void)
{
    assert_true(fake_usb.is_plugged);
    fake_usb.is_plugged = false;
    fake_usb_bus.leaving = fake_usb_bus.device;
    fake_usb_bus.device = NULL;
    fake_usb_bus.is_handle_stale = true;
    fake_usb_bus.packet_count = 0;
}

void fake_usb_after(uint32_t ms, void (*act)(void))
{
    fake_usb_bus.act_at_ns = now_ns() + (uint64_t)ms * 1000000u;
    fake_usb_bus.act = act;
}

void fake_usb_send(const void *packet, size_t size)
{
    assert_true(fake_usb_bus.packet_count < PACKETS_MAX && size <= PACKET_SIZE);
    memcpy(fake_usb_bus.packets[fake_usb_bus.packet_count].bytes, packet, size);
    fake_usb_bus.packets[fake_usb_bus.packet_count++].size = size;
}

void fake_usb_abandon(void)
{
    static void *volatile kept[2]; /* reachable, so not a leak */

    kept[0] = fake_usb_bus.hotplug_data;
    kept[1] = fake_usb_bus.device;
    assert_non_null(kept[0]);
    memset(&fake_usb, 0, sizeof(fake_usb));
    memset(&fake_usb_bus, 0, sizeof(fake_usb_bus));
}

void fake_usb_check_all_released(void)
{
    assert_int_equal(fake_usb.pending_total, 0);
    assert_int_equal(fake_usb.transfers, 0);
    assert_int_equal(fake_usb.handles, 0);
    assert_int_equal(fake_usb.contexts, 0);
    assert_int_equal(fake_usb.claimed, 0);
    assert_null(fake_usb_bus.hotplug);
    struct libusb_device *devices[] = {fake_usb_bus.device, fake_usb_bus.leaving};
    for (size_t i = 0; i < 2; i++) {
        if (devices[i] != NULL) {
            assert_int_equal(devices[i]->references, 1);
            fake_usb_unref(devices[i]);
        }
    }
}

/* ---- library and devices ---- */

int LIBUSB_CALL libusb_init(libusb_context **context)
{
    fake_usb.contexts++;
    *context = &fake_usb_bus.context;
    return LIBUSB_SUCCESS;
}

void LIBUSB_CALL libusb_exit(libusb_context *context)
{
    assert_ptr_equal(context, &fake_usb_bus.context);
    assert_int_equal(fake_usb.handles, 0);
    fake_usb.contexts--;
}

int LIBUSB_CALL libusb_has_capability(uint32_t capability)
{
    return capability == LIBUSB_CAP_HAS_HOTPLUG && !fake_usb.has_no_hotplug;
}

ssize_t LIBUSB_CALL libusb_get_device_list(libusb_context *context, libusb_device ***list)
{
    assert_ptr_equal(context, &fake_usb_bus.context);
    *list = calloc(2, sizeof(**list));
    if (!fake_usb.is_plugged) {
        return 0;
    }
    (*list)[0] = libusb_ref_device(fake_usb_bus.device);
    return 1;
}

void LIBUSB_CALL libusb_free_device_list(libusb_device **list, int unref_devices)
{
    for (size_t i = 0; unref_devices != 0 && list[i] != NULL; i++) {
        fake_usb_unref(list[i]);
    }
    free(list);
}

libusb_device *LIBUSB_CALL libusb_ref_device(libusb_device *device)
{
    device->references++;
    return device;
}

void LIBUSB_CALL libusb_unref_device(libusb_device *device)
{
    fake_usb_unref(device);
}

uint8_t LIBUSB_CALL libusb_get_bus_number(libusb_device *device)
{
    (void)device;
    return (uint8_t)strtoul(fake_usb.path, NULL, 10);
}

int LIBUSB_CALL libusb_get_port_numbers(libusb_device *device, uint8_t *ports, int capacity)
{
    const char *at = strchr(fake_usb.path, '-');
    int count = 0;

    (void)device;
    while (at != NULL && count < capacity) {
        ports[count++] = (uint8_t)strtoul(at + 1, NULL, 10);
        at = strchr(at + 1, '.');
    }
    return count;
}

int LIBUSB_CALL libusb_open(libusb_device *device, libusb_device_handle **handle)
{
    if (fake_usb.open_result != LIBUSB_SUCCESS) {
        return fake_usb.open_result;
    }
    fake_usb_bus.opened = libusb_ref_device(device);
    fake_usb.handles++;
    fake_usb_bus.is_handle_stale = false;
    *handle = &fake_usb_bus.handle;
    return LIBUSB_SUCCESS;
}

void LIBUSB_CALL libusb_close(libusb_device_handle *handle)
{
    assert_ptr_equal(handle, &fake_usb_bus.handle);
    assert_int_equal(fake_usb.pending_total, 0);
    assert_int_equal(fake_usb.claimed, 0);
    fake_usb.handles--;
    fake_usb_unref(fake_usb_bus.opened);
}

/* Source of the descriptors: ESP32-C3 TRM ch. 30. */
static const struct libusb_endpoint_descriptor endpoints[] = {
    {.bEndpointAddress = 0x82, .bmAttributes = 3, .wMaxPacketSize = 64},
    {.bEndpointAddress = 0x01, .bmAttributes = 2, .wMaxPacketSize = 64},
    {.bEndpointAddress = 0x81, .bmAttributes = 2, .wMaxPacketSize = 64},
    {.bEndpointAddress = 0x02, .bmAttributes = 2, .wMaxPacketSize = 64},
    {.bEndpointAddress = 0x83, .bmAttributes = 2, .wMaxPacketSize = 64},
};
static const struct libusb_interface_descriptor altsettings[] = {
    {.bInterfaceNumber = 0,
     .bNumEndpoints = 1,
     .bInterfaceClass = 2,
     .bInterfaceSubClass = 2,
     .endpoint = &endpoints[0]},
    {.bInterfaceNumber = 1, .bNumEndpoints = 2, .bInterfaceClass = 10, .endpoint = &endpoints[1]},
    {.bInterfaceNumber = 2, .bNumEndpoints = 2, .bInterfaceClass = 255, .endpoint = &endpoints[3]},
};
static const struct libusb_interface interfaces[] = {
    {.altsetting = &altsettings[0], .num_altsetting = 1},
    {.altsetting = &altsettings[1], .num_altsetting = 1},
    {.altsetting = &altsettings[2], .num_altsetting = 1},
};

int LIBUSB_CALL libusb_get_active_config_descriptor(libusb_device *device,
                                                    struct libusb_config_descriptor **config)
{
    (void)device;
    *config = calloc(1, sizeof(**config));
    (*config)->bNumInterfaces = fake_usb.has_no_cdc ? 1 : 3;
    (*config)->interface = fake_usb.has_no_cdc ? &interfaces[2] : interfaces;
    return LIBUSB_SUCCESS;
}

void LIBUSB_CALL libusb_free_config_descriptor(struct libusb_config_descriptor *config)
{
    free(config);
}

int LIBUSB_CALL libusb_set_auto_detach_kernel_driver(libusb_device_handle *handle, int enable)
{
    assert_ptr_equal(handle, &fake_usb_bus.handle);
    fake_usb_bus.is_auto_detach = enable != 0;
    return LIBUSB_SUCCESS;
}

int LIBUSB_CALL libusb_claim_interface(libusb_device_handle *handle, int number)
{
    assert_ptr_equal(handle, &fake_usb_bus.handle);
    assert_true(number == 0 || number == 1); /* JTAG may be somebody else's */
    if (fake_usb.claim_result != LIBUSB_SUCCESS) {
        return fake_usb.claim_result;
    }
    assert_true(fake_usb_bus.is_auto_detach);
    fake_usb.driver_has = 0; /* cdc_acm gives up both */
    fake_usb.claimed |= 1u << number;
    return LIBUSB_SUCCESS;
}

int LIBUSB_CALL libusb_release_interface(libusb_device_handle *handle, int number)
{
    assert_ptr_equal(handle, &fake_usb_bus.handle);
    assert_true((fake_usb.claimed & 1u << number) != 0);
    assert_int_equal(fake_usb.pending_total, 0);
    fake_usb.claimed &= ~(1u << number);
    if (number == 0 && fake_usb.claimed == 0 && !fake_usb_bus.is_handle_stale) {
        fake_usb.driver_has = 2;
    }
    return fake_usb_bus.is_handle_stale ? LIBUSB_ERROR_NO_DEVICE : LIBUSB_SUCCESS;
}

/* ---- hot plug ---- */

int LIBUSB_CALL libusb_hotplug_register_callback(libusb_context *context, int events, int flags, int vid,
                                                 int pid, int device_class,
                                                 libusb_hotplug_callback_fn callback, void *user_data,
                                                 libusb_hotplug_callback_handle *handle)
{
    assert_ptr_equal(context, &fake_usb_bus.context);
    assert_null(fake_usb_bus.hotplug);
    assert_int_equal(events & LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT, LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT);
    (void)flags;
    (void)vid;
    (void)pid;
    (void)device_class;
    fake_usb_bus.hotplug = callback;
    fake_usb_bus.hotplug_data = user_data;
    *handle = 1;
    return LIBUSB_SUCCESS;
}

void LIBUSB_CALL libusb_hotplug_deregister_callback(libusb_context *context,
                                                    libusb_hotplug_callback_handle handle)
{
    assert_ptr_equal(context, &fake_usb_bus.context);
    assert_int_equal(handle, 1);
    fake_usb_bus.hotplug = NULL;
}
