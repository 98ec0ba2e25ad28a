/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How the life of a device and the tasks around it have been seen to go wrong: one test per interleaving of
 * the application's task, the driver's and the cable. Tests hold a task between two instructions of the
 * driver where that is what it takes. What goes wrong with the bytes is hazards_data_test.c.
 */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "cdc_driver.h"
#include "hazard.h"

#define GONE ESP_LOADER_ERROR_DISCONNECTED

void app_main(void);

static toy_t *toy;
static esp32_usb_cdc_acm_port_t port;

TEST_HAZARD(a_blocked_reader_learns_of_unplugging_at_once)
{
    toy = hazard_open(&port);
    uint8_t buf[8];
    size_t n;
    const uint32_t start_ms = rig_now_ms();
    rig_unplug_in(20);
    CHECK(rig_read(&port, buf, sizeof(buf), LONG_MS, &n) == GONE && n == 0);
    CHECK(rig_now_ms() - start_ms < AT_ONCE);
    hazard_check_next_device(&port);
}

static void sleep_a_little(void)
{
    rig_sleep(20);
}

TEST_HAZARD(a_blocked_sender_learns_of_unplugging_and_its_device_is_not_closed_under_it)
{
    toy = hazard_open(&port);
    WITH_LOCK(toy->is_deaf = true);
    cdc_driver_pause_at(CDC_AFTER_TX_WAITS,
                        sleep_a_little); /* the disconnect event has been handled by then */
    uint8_t data[3000] = {0};
    size_t n;
    const uint32_t start_ms = rig_now_ms();
    rig_unplug_in(20);
    CHECK(rig_write(&port, data, sizeof(data), LONG_MS, &n) == GONE && n == 0);
    CHECK(rig_now_ms() - start_ms < AT_ONCE);
    CHECK(cdc_driver_counts().open_now == 1); /* nobody but the owner closes */
    cdc_driver_pause_at(CDC_AFTER_TX_WAITS, NULL);
    hazard_check_next_device(&port);
}

TEST_HAZARD(every_call_after_unplugging_returns_an_error)
{
    toy = hazard_open(&port);
    rig_unplug();
    rig_sleep(100);
    for (int i = 0; i < 3; i++) {
        hazard_check_every_call(&port, GONE);
    }
    rig_deinit(&port);
    hazard_check_every_call(&port, GONE);
    CHECK(port.port.ops->link_kind(&port.port) == ESP_LOADER_LINK_UNKNOWN);
    rig_deinit(&port);
    hazard_check_next_device(&port);
}

TEST_HAZARD(closing_while_data_arrives_is_safe)
{
    rig_start();
    toy = rig_plug_toy();
    cdc_driver_pause_at(CDC_BEFORE_DATA_CALLBACK, sleep_a_little);
    static const uint8_t text[16 * 64] = "boot text";
    for (uint32_t i = 0; i < 12; i++) {
        port = rig_port();
        CHECK(rig_init(&port) == ESP_LOADER_SUCCESS);
        WITH_LOCK(toy_send(toy, text, sizeof(text)));
        rig_sleep(i * 5);
        rig_deinit(&port);
        memset(&port, 0xA5, sizeof(port)); /* nobody may look at it any more */
    }
    cdc_driver_pause_at(CDC_BEFORE_DATA_CALLBACK, NULL);
    port = rig_port();
    hazard_check_next_device(&port);
}

static volatile bool has_closed;

static void wait_for_close(void)
{
    bool is_closed = false;
    while (!is_closed) {
        rig_sleep(5);
        WITH_LOCK(is_closed = has_closed);
    }
}

TEST_HAZARD(a_callback_that_comes_after_closing_touches_nothing)
{
    rig_start();
    esp32_usb_cdc_acm_port_t *on_heap = malloc(sizeof(*on_heap));
    CHECK(on_heap != NULL);
    *on_heap = rig_port();
    toy = rig_plug_toy();
    CHECK(rig_init(on_heap) == ESP_LOADER_SUCCESS);
    cdc_driver_pause_at(CDC_BEFORE_EVENT_CALLBACK, wait_for_close);
    rig_unplug();
    rig_sleep(20); /* the driver has chosen the callback and is about to call it */
    rig_deinit(on_heap);
    free(on_heap);
    WITH_LOCK(has_closed = true);
    rig_sleep(50);
    CHECK(rig_counts().disconnects == 0); /* never after deinit */
    cdc_driver_pause_at(CDC_BEFORE_EVENT_CALLBACK, NULL);
    port = rig_port();
    hazard_check_next_device(&port);
}

static void unplug_now(void)
{
    rig_unplug();
    rig_sleep(100);
}

TEST_HAZARD(a_device_that_leaves_while_it_is_opened_is_closed_and_reported)
{
    rig_start();
    cdc_driver_pause_at(CDC_BEFORE_OPEN_RETURNS, unplug_now);
    toy = rig_plug_toy();
    port = rig_port();
    CHECK(rig_init(&port) == GONE);
    CHECK(cdc_driver_counts().opens == 1 && cdc_driver_counts().closes == 1);
    hazard_check_every_call(&port, GONE);
    cdc_driver_pause_at(CDC_BEFORE_OPEN_RETURNS, NULL);
    hazard_check_next_device(&port);
}

static SemaphoreHandle_t left;

static void slow_disconnect_callback(void)
{
    (void)xSemaphoreGive(left);
    rig_sleep(500); /* the application is far ahead by now */
}

TEST_HAZARD(opening_again_inside_the_disconnect_callback_of_the_last_device_is_safe)
{
    rig_start();
    left = xSemaphoreCreateBinary();
    port = rig_port();
    port.device_disconnected_callback = slow_disconnect_callback;
    for (int i = 0; i < 4; i++) {
        toy = rig_plug_toy();
        CHECK(rig_init(&port) == ESP_LOADER_SUCCESS);
        WITH_LOCK(toy_send(toy, "abc", 3));
        uint8_t buf[8];
        size_t n;
        CHECK(rig_read(&port, buf, sizeof(buf), 1000, &n) == ESP_LOADER_SUCCESS && n == 3);
        rig_unplug();
        CHECK(xSemaphoreTake(left, portMAX_DELAY) == pdTRUE);
    }
    rig_deinit(&port);
    port = rig_port();
    hazard_check_next_device(&port);
}

TEST_HAZARD(callbacks_survive_failed_opens_and_disconnects)
{
    rig_start();
    port = rig_port();
    port.connection_timeout_ms = 300;
    for (unsigned i = 1; i <= 5; i++) {
        CHECK(rig_init(&port) == ESP_LOADER_ERROR_PORT_NOT_FOUND);
        toy = rig_plug_toy();
        rig_sleep(1000);
        CHECK(rig_init(&port) == ESP_LOADER_SUCCESS);
        rig_unplug();
        rig_sleep(100);
        CHECK(rig_counts().disconnects == i);
    }
    hazard_check_next_device(&port);
}

static unsigned boards_opened;
static unsigned semaphores_at_first;

/** In the main task of the example, between the opening of a board and the return to it. */
static void count_and_unplug(void)
{
    boards_opened++;
    const unsigned semaphores = kernel_semaphore_count();
    if (boards_opened == 1) {
        semaphores_at_first = semaphores;
    }
    CHECK(semaphores == semaphores_at_first);
    if (boards_opened == 6) {
        scenario_succeed();
    }
    unplug_now();
    toy = rig_plug_toy();
}

static void plug_first_toy(void *arg)
{
    (void)arg;
    toy = toy_new(ESPRESSIF_VID, ESP_SERIAL_JTAG_PID);
    bus_plug(&toy->gadget);
}

static void setup_vanishing_boards(void)
{
    cdc_driver_pause_at(CDC_BEFORE_OPEN_RETURNS, count_and_unplug);
    bus_after(BENCH_PAUSE_US, plug_first_toy, NULL);
}

TEST(the_example_survives_boards_that_vanish_while_opened_and_makes_its_semaphore_once)
{
    for (unsigned cores = 1; cores <= 2; cores++) {
        (void)scenario_passes(
            &(scenario_t){.cores = cores, .setup = setup_vanishing_boards, .main = app_main});
    }
}
