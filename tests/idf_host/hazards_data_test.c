/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How the bytes between host and device, and the limits on them, have been seen to go wrong: one test each.
 * The life of the device is hazards_test.c.
 */
#include <string.h>

#include "cdc_driver.h"
#include "console.h"
#include "esp_loader.h"
#include "hazard.h"

#include "usb/usb_host.h"

#define FED_SIZE 96u

static toy_t *toy;
static esp32_usb_cdc_acm_port_t port;

TEST_HAZARD(lost_bytes_are_reported_at_their_place_in_the_stream)
{
    toy = hazard_open(&port);
    static uint8_t sent[3 * ESP32_USB_CDC_ACM_RX_RING_SIZE];
    static uint8_t got[sizeof(sent)];
    for (size_t i = 0; i < sizeof(sent); i++) {
        sent[i] = (uint8_t)(i * 7u + i / 256u);
    }
    WITH_LOCK(toy_send(toy, sent, sizeof(sent)));
    rig_sleep(1000); /* nobody reads */
    size_t total = 0;
    size_t n = 1;
    esp_loader_error_t error = ESP_LOADER_SUCCESS;
    while (error == ESP_LOADER_SUCCESS) {
        error = rig_read(&port, got + total, sizeof(got) - total, 1000, &n);
        total += n;
    }
    CHECK(error == ESP_LOADER_ERROR_IO && n == 0);
    CHECK(total == ESP32_USB_CDC_ACM_RX_RING_SIZE && memcmp(got, sent, total) == 0);
    CHECK(rig_read(&port, got, sizeof(got), 10, &n) == ESP_LOADER_ERROR_TIMEOUT);
    WITH_LOCK(toy_send(toy, "after", 5));
    CHECK(rig_read(&port, got, sizeof(got), 1000, &n) == ESP_LOADER_SUCCESS);
    CHECK(n == 5 && memcmp(got, "after", 5) == 0);
    hazard_check_next_device(&port);
}

static void feed(void *arg)
{
    static uint8_t next;
    uint8_t piece[FED_SIZE];
    for (size_t i = 0; i < sizeof(piece); i++) {
        piece[i] = next++;
    }
    toy_send(toy, piece, sizeof(piece));
    if (toy->to_host_size + sizeof(piece) <= sizeof(toy->to_host)) {
        bus_after(137, feed, arg);
    }
}

static void read_while_fed(void)
{
    toy = hazard_open(&port);
    WITH_LOCK(bus_after(0, feed, NULL));
    uint8_t expected = 0;
    size_t total = 0;
    while (total < sizeof(toy->to_host) / FED_SIZE * FED_SIZE) {
        uint8_t buf[61];
        size_t n;
        CHECK(rig_read(&port, buf, sizeof(buf), 1000, &n) == ESP_LOADER_SUCCESS);
        for (size_t i = 0; i < n; i++) {
            CHECK(buf[i] == expected++);
        }
        total += n;
    }
    hazard_check_next_device(&port);
}

#define BURST 2048u

static void send_burst(void *arg)
{
    (void)arg;
    static uint8_t next;
    uint8_t burst[BURST];
    for (size_t i = 0; i < sizeof(burst); i++) {
        burst[i] = next++;
    }
    toy_send(toy, burst, sizeof(burst));
}

static void read_while_driver_delivers(void)
{
    toy = hazard_open(&port);
    WITH_LOCK(toy->gadget.is_instant = true);
    uint8_t expected = 0;
    for (int i = 0; i < 7; i++) {
        WITH_LOCK(bus_after(100, send_burst, NULL));
        for (size_t total = 0; total < BURST;) {
            uint8_t buf[16];
            size_t n;
            CHECK(rig_read(&port, buf, sizeof(buf), 1000, &n) == ESP_LOADER_SUCCESS);
            for (size_t at = 0; at < n; at++) {
                CHECK(buf[at] == expected++);
            }
            total += n;
        }
    }
    hazard_check_next_device(&port);
}

TEST(bytes_arrive_complete_and_in_order_while_being_read)
{
    hazard_passes(read_while_fed);
    hazard_passes(read_while_driver_delivers);
}

TEST_HAZARD(a_read_returns_what_is_there_in_one_piece_and_waits_for_no_more)
{
    toy = hazard_open(&port);
    static const uint8_t text[1000];
    uint8_t buf[2000];
    size_t n;
    WITH_LOCK(toy_send(toy, text, 3));
    CHECK(rig_read(&port, buf, sizeof(buf), LONG_MS, &n) == ESP_LOADER_SUCCESS &&
          n == 3); /* does not wait for more */
    WITH_LOCK(toy_send(toy, text, sizeof(text)));
    rig_sleep(100);
    size_t total = 0;
    unsigned calls = 0;
    while (total < sizeof(text)) {
        CHECK(rig_read(&port, buf, sizeof(buf), LONG_MS, &n) == ESP_LOADER_SUCCESS);
        total += n;
        calls++;
    }
    CHECK(total == sizeof(text) && calls <= 2);
    CHECK(rig_read(&port, buf, sizeof(buf), 0, &n) == ESP_LOADER_ERROR_TIMEOUT && n == 0);
    hazard_check_next_device(&port);
}

static void check_transfers(uint32_t out_buffer_size, size_t size, size_t transfers, size_t largest)
{
    static uint8_t data[20000];
    port.out_buffer_size = out_buffer_size;
    CHECK(rig_init(&port) == ESP_LOADER_SUCCESS);
    (void)rig_write(&port, data, 64, 1000,
                    &(size_t){0}); /* the data toggle of the last session may swallow one */
    unsigned before;
    WITH_LOCK(before = bus_transfer_count());
    size_t n;
    CHECK(rig_write(&port, data, size, 10000, &n) == ESP_LOADER_SUCCESS && n == size);
    unsigned after;
    size_t first;
    WITH_LOCK(after = bus_transfer_count());
    WITH_LOCK(first = bus_out_size(after - before - 1u));
    CHECK(after - before == transfers && first == largest);
}

TEST_HAZARD(a_frame_is_one_transfer_up_to_the_limit_and_is_split_by_the_port_above)
{
    toy = hazard_open(&port);
    check_transfers(4096, 1100, 1, 1100);
    check_transfers(4096, 4096, 1, 4096);
    check_transfers(4096, 4097, 2, 4096);
    check_transfers(100000, 20000, 3, 8128);
    check_transfers(0, 5000, 2, 4096);
    check_transfers(1, 100, 2, 64);
    cdc_driver_be_older_than_2_2(); /* which does not split */
    check_transfers(4096, 10000, 3, 4096);
    hazard_check_next_device(&port);
}

TEST_HAZARD(a_frame_cut_by_a_timeout_does_not_spoil_the_next_command)
{
    rig_start();
    WITH_LOCK(bus_plug(&board_new("esp32s3", 1, ESP_SIM_TIMING_FAST)->gadget));
    port = rig_port();
    esp_loader_t loader;
    CHECK(esp_loader_init_serial(&loader, &port.port) == ESP_LOADER_SUCCESS);
    CHECK(esp_loader_connect(&loader, NULL) == ESP_LOADER_SUCCESS);
    uint8_t mac[6];
    CHECK(esp_loader_read_mac(&loader, mac) == ESP_LOADER_SUCCESS);
    rig_fail_next(BUS_OUT, BUS_STUCK);
    uint8_t again[6] = {0};
    CHECK(esp_loader_read_mac(&loader, again) == ESP_LOADER_ERROR_TIMEOUT);
    CHECK(esp_loader_read_mac(&loader, again) == ESP_LOADER_SUCCESS);
    CHECK(memcmp(mac, again, sizeof(mac)) == 0);
    esp_loader_deinit(&loader);
    hazard_check_next_device(&port);
}

static void send_late(void *arg)
{
    (void)arg;
    toy_send(toy, "late", 4);
}

static void short_timeouts(void)
{
    toy = hazard_open(&port);
    uint8_t buf[8];
    size_t n;
    for (uint32_t timeout_ms = 1; timeout_ms < 30; timeout_ms++) {
        rig_sleep(30);
        WITH_LOCK(bus_after((timeout_ms - 1u) * 1000u, send_late, NULL));
        CHECK(rig_read(&port, buf, sizeof(buf), timeout_ms, &n) == ESP_LOADER_SUCCESS && n == 4);
        WITH_LOCK(toy->deaf_until_us = kernel_now_us_locked() + (timeout_ms - 1u) * 1000u + 1u);
        CHECK(rig_write(&port, "x", 1, timeout_ms, &n) == ESP_LOADER_SUCCESS);

        uint32_t start_ms = rig_now_ms();
        CHECK(rig_read(&port, buf, sizeof(buf), timeout_ms, &n) == ESP_LOADER_ERROR_TIMEOUT);
        CHECK(rig_now_ms() - start_ms >= timeout_ms && rig_now_ms() - start_ms <= timeout_ms + 10u);
        start_ms = rig_now_ms();
        port.port.ops->delay_ms(&port.port, timeout_ms);
        CHECK(rig_now_ms() - start_ms >= timeout_ms && rig_now_ms() - start_ms <= timeout_ms + 10u);
    }
    hazard_check_next_device(&port);
}

TEST(timeouts_shorter_than_a_tick_are_neither_skipped_nor_shortened)
{
    (void)scenario_passes(&(scenario_t){.tick_rate_hz = 100, .main = short_timeouts});
    (void)scenario_passes(&(scenario_t){.tick_rate_hz = 1000, .main = short_timeouts});
}

TEST_HAZARD(a_failed_in_transfer_fails_every_call_until_the_port_is_opened_again)
{
    toy = hazard_open(&port);
    uint8_t buf[8];
    size_t n;
    WITH_LOCK(toy_send(toy, "before", 6));
    rig_sleep(20);
    rig_fail_next(BUS_IN, BUS_ERROR);
    WITH_LOCK(toy_send(toy, "lost", 4));
    rig_sleep(20);
    CHECK(rig_counts().errors == 1);
    CHECK(rig_read(&port, buf, sizeof(buf), LONG_MS, &n) == ESP_LOADER_SUCCESS && n == 6);
    const uint32_t start_ms = rig_now_ms();
    const unsigned controls = cdc_driver_counts().controls;
    hazard_check_every_call(&port, ESP_LOADER_ERROR_IO);
    CHECK(rig_now_ms() - start_ms < AT_ONCE);
    CHECK(cdc_driver_counts().controls == controls && cdc_driver_counts().sends == 0); /* dead is dead */
    CHECK(rig_init(&port) == ESP_LOADER_SUCCESS); /* the same device, opened again */
    WITH_LOCK(toy_send(toy, "again", 5));
    (void)rig_read(&port, buf, sizeof(buf), 100, &n); /* the data toggle may swallow it */
    WITH_LOCK(toy_send(toy, "again", 5));
    CHECK(rig_read(&port, buf, sizeof(buf), 100, &n) == ESP_LOADER_SUCCESS && memcmp(buf, "again", 5) == 0);
    hazard_check_next_device(&port);
}

TEST_HAZARD(every_kind_of_device_is_recognised_by_its_ids_and_found_without_waiting)
{
    rig_start();
    static const struct {
        uint16_t vid;
        uint16_t pid;
        bool is_vendor_specific;
        esp_loader_link_t kind;
        uint32_t max_baud; /* that the port states, 0 = none */
    } devices[] = {
        {0x303A, 0x1001, false, ESP_LOADER_LINK_USB_SERIAL_JTAG, 0},
        {0x303A, 0x0002, false, ESP_LOADER_LINK_USB_OTG, 0},
        {0x303A, 0x0009, false, ESP_LOADER_LINK_USB_OTG, 0},
        {0x303A, 0x0012, false, ESP_LOADER_LINK_USB_OTG, 0},
        {0x303A, 0x4001, false, ESP_LOADER_LINK_UNKNOWN, 0},
        {0x303A, 0x1002, false, ESP_LOADER_LINK_UART, 0},
        {0x1A86, 0x55D3, false, ESP_LOADER_LINK_UART, 0},
        {0x10C4, 0xEA60, true, ESP_LOADER_LINK_UART, 921600},
        {0x1A86, 0x7523, true, ESP_LOADER_LINK_UART, 2000000},
    };
    for (unsigned i = 0; i < sizeof(devices) / sizeof(devices[0]) * 2; i++) {
        const unsigned row = i / 2;
        const bool is_auto = i % 2 == 1;
        toy = toy_new(devices[row].vid, devices[row].pid);
        toy->gadget.is_vendor_specific = devices[row].is_vendor_specific;
        rig_plug(&toy->gadget);
        rig_sleep(500);
        port = rig_port();
        port.device_vid = is_auto ? USB_VID_PID_AUTO_DETECT : devices[row].vid;
        port.device_pid = is_auto ? USB_VID_PID_AUTO_DETECT : devices[row].pid;
        const uint32_t start_ms = rig_now_ms();
        CHECK(rig_init(&port) == ESP_LOADER_SUCCESS);
        CHECK(rig_now_ms() - start_ms < AT_ONCE);
        CHECK(port.port.ops->link_kind(&port.port) == devices[row].kind);
        CHECK(port.port.ops->max_rate(&port.port) == devices[row].max_baud);
        CHECK(toy->rate_changes == (devices[row].kind == ESP_LOADER_LINK_UART ? 1u : 0u));
        CHECK(toy->line_changes == 0); /* opening resets nobody */
        rig_unplug();
        rig_deinit(&port);
    }
}

static bool is_open_verdict(unsigned number, const char *text)
{
    (void)number;
    if (strcmp(text, "Loading partition table...") == 0) { /* with a board attached and in use */
        bus_raise_library_flags(USB_HOST_LIB_EVENT_FLAGS_NO_CLIENTS | USB_HOST_LIB_EVENT_FLAGS_ALL_FREE);
    }
    return strcmp(text, "Done!") == 0;
}

static void setup_flags(void)
{
    bench_start(&(bench_t){.board_count = 2, .is_verdict = is_open_verdict});
}

TEST(the_example_goes_on_whatever_flags_the_library_raises)
{
    assert_string_equal(console_of(setup_flags), INSTALLED OPENING FLASHED OPENING FLASHED OPENING);
}

TEST_HAZARD(the_rate_is_set_on_converters_and_never_on_the_chips_own_usb)
{
    toy = hazard_open(&port);
    const unsigned controls = cdc_driver_counts().controls;
    CHECK(port.port.ops->set_rate(&port.port, 921600) == ESP_LOADER_SUCCESS);
    CHECK(cdc_driver_counts().controls == controls && toy->rate_changes == 0);
    rig_unplug();
    toy = toy_new(0x1A86, 0x55D3);
    rig_plug(&toy->gadget);
    port.device_vid = 0x1A86;
    port.device_pid = 0x55D3;
    CHECK(rig_init(&port) == ESP_LOADER_SUCCESS);
    CHECK(toy->rate_baud == 115200);
    CHECK(port.port.ops->set_rate(&port.port, 921600) == ESP_LOADER_SUCCESS);
    CHECK(toy->rate_baud == 921600);
}
