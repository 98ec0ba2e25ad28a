/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port's contract beyond the known hazards: closing from anywhere, opening twice, failing pipes, data
 * toggles, and the errors of init.
 */
#include <string.h>

#include "usb/cdc_acm_host.h"
#include "usb/usb_host.h"

#include "cdc_driver.h"
#include "esp_loader.h"
#include "hazard.h"

static toy_t *toy;
static esp32_usb_cdc_acm_port_t port;
static SemaphoreHandle_t has_returned;
static esp_loader_error_t returned;

static void in_other_task(TaskFunction_t function)
{
    has_returned = xSemaphoreCreateBinary();
    CHECK(xTaskCreate(function, "other", 4096, NULL, 1, NULL) == pdTRUE);
}

static void end_other_task(esp_loader_error_t error)
{
    WITH_LOCK(returned = error);
    (void)xSemaphoreGive(has_returned);
    vTaskDelete(NULL);
}

static esp_loader_error_t result_of_other_task(void)
{
    CHECK(xSemaphoreTake(has_returned, pdMS_TO_TICKS(LONG_MS)) == pdTRUE);
    esp_loader_error_t error;
    WITH_LOCK(error = returned);
    return error;
}

/* ---- closing ---- */

static void read_for_long(void *arg)
{
    (void)arg;
    uint8_t buf[4];
    size_t n;
    end_other_task(rig_read(&port, buf, sizeof(buf), LONG_MS, &n));
}

TEST_HAZARD(deinit_from_another_task_ends_a_blocked_read)
{
    toy = hazard_open(&port);
    in_other_task(read_for_long);
    rig_sleep(50);
    const uint32_t start_ms = rig_now_ms();
    rig_deinit(&port);
    CHECK(result_of_other_task() == ESP_LOADER_ERROR_DISCONNECTED);
    CHECK(rig_now_ms() - start_ms < AT_ONCE);
    CHECK(cdc_driver_counts().open_now == 0);
    hazard_check_next_device(&port);
}

static void write_while_deaf(void *arg)
{
    (void)arg;
    size_t n;
    end_other_task(rig_write(&port, "x", 1, 500, &n));
}

TEST_HAZARD(deinit_from_another_task_waits_for_a_blocked_write)
{
    toy = hazard_open(&port);
    WITH_LOCK(toy->is_deaf = true);
    in_other_task(write_while_deaf);
    rig_sleep(50);
    rig_deinit(&port); /* waits until the driver has let go of the transfer */
    CHECK(result_of_other_task() == ESP_LOADER_ERROR_DISCONNECTED);
    hazard_check_next_device(&port);
}

static void init_for_long(void *arg)
{
    (void)arg;
    end_other_task(rig_init(&port));
}

TEST_HAZARD(deinit_from_another_task_ends_a_waiting_init)
{
    rig_start();
    port = rig_port();
    port.connection_timeout_ms = LONG_MS;
    in_other_task(init_for_long);
    rig_sleep(50);
    const uint32_t start_ms = rig_now_ms();
    rig_deinit(&port);
    CHECK(result_of_other_task() == ESP_LOADER_ERROR_DISCONNECTED);
    CHECK(rig_now_ms() - start_ms < 2 * AT_ONCE);
    hazard_check_next_device(&port);
}

static SemaphoreHandle_t callback_done;

static void close_in_callback(void)
{
    rig_deinit(&port);
    (void)xSemaphoreGive(callback_done);
}

TEST_HAZARD(deinit_inside_a_callback_neither_blocks_nor_frees)
{
    rig_start();
    callback_done = xSemaphoreCreateBinary();
    toy = rig_plug_toy();
    port = rig_port();
    port.device_disconnected_callback = close_in_callback;
    CHECK(rig_init(&port) == ESP_LOADER_SUCCESS);
    rig_unplug();
    CHECK(xSemaphoreTake(callback_done, pdMS_TO_TICKS(1000)) == pdTRUE);
    hazard_check_every_call(&port, ESP_LOADER_ERROR_DISCONNECTED);
    CHECK(cdc_driver_counts().open_now == 1); /* the driver's task cannot close here */
    hazard_check_next_device(&port);
}

TEST_HAZARD(init_closes_what_the_port_still_holds)
{
    toy = hazard_open(&port);
    for (int i = 0; i < 5; i++) {
        CHECK(rig_init(&port) == ESP_LOADER_SUCCESS);
        CHECK(cdc_driver_counts().open_now == 1);
    }
    hazard_check_next_device(&port);
}

/* ---- errors of init ---- */

static esp32_usb_cdc_acm_port_t waiting[ESP32_USB_CDC_ACM_MAX_OPEN];

static void wait_in_init(void *arg)
{
    esp32_usb_cdc_acm_port_t *mine = arg;
    *mine = rig_port();
    mine->connection_timeout_ms = 3000;
    CHECK(rig_init(mine) == ESP_LOADER_ERROR_PORT_NOT_FOUND);
    vTaskDelete(NULL);
}

TEST_HAZARD(one_port_too_many_is_busy_until_another_is_closed)
{
    rig_start();
    for (unsigned i = 0; i < ESP32_USB_CDC_ACM_MAX_OPEN; i++) {
        CHECK(xTaskCreate(wait_in_init, "waiting", 4096, &waiting[i], 1, NULL) == pdTRUE);
    }
    rig_sleep(50);
    port = rig_port();
    CHECK(rig_init(&port) == ESP_LOADER_ERROR_PORT_BUSY);
    rig_sleep(5000);
    hazard_check_next_device(&port);
}

TEST_HAZARD(init_gives_up_after_its_timeout_and_leaves_foreign_devices_alone)
{
    rig_start();
    port = rig_port();
    for (int is_auto = 0; is_auto <= 1; is_auto++) {
        port.device_vid = is_auto ? USB_VID_PID_AUTO_DETECT : ESPRESSIF_VID;
        port.connection_timeout_ms = 700;
        const uint32_t start_ms = rig_now_ms();
        CHECK(rig_init(&port) == ESP_LOADER_ERROR_PORT_NOT_FOUND);
        CHECK(rig_now_ms() - start_ms >= 700 && rig_now_ms() - start_ms < 900);
    }
    toy = toy_new(0x046D, 0xC077); /* a mouse would do as little */
    toy->gadget.is_vendor_specific = true;
    rig_plug(&toy->gadget);
    CHECK(rig_init(&port) == ESP_LOADER_ERROR_PORT_NOT_FOUND);
    hazard_check_next_device(&port);
}

static void handle_events(void *arg)
{
    (void)arg;
    for (;;) {
        uint32_t flags;
        ESP_ERROR_CHECK(usb_host_lib_handle_events(portMAX_DELAY, &flags));
    }
}

/** First nothing is installed, then everything but the class driver. */
TEST_HAZARD(init_without_the_driver_is_an_error)
{
    port = rig_port();
    CHECK(rig_init(&port) == ESP_LOADER_ERROR_IO);
    ESP_ERROR_CHECK(usb_host_install(&(usb_host_config_t){0}));
    in_other_task(handle_events);
    rig_plug(&toy_new(ESPRESSIF_VID, ESP_SERIAL_JTAG_PID)->gadget);
    CHECK(rig_init(&port) == ESP_LOADER_ERROR_IO);
    hazard_check_every_call(&port, ESP_LOADER_ERROR_DISCONNECTED);
}

/* ---- failing pipes ---- */

TEST_HAZARD(a_failed_out_transfer_fails_every_call_until_the_port_is_opened_again)
{
    toy = hazard_open(&port);
    rig_fail_next(BUS_OUT, BUS_ERROR);
    size_t n;
    CHECK(rig_write(&port, "x", 1, 1000, &n) == ESP_LOADER_ERROR_IO && n == 0);
    const unsigned sends = cdc_driver_counts().sends;
    hazard_check_every_call(&port, ESP_LOADER_ERROR_IO);
    CHECK(cdc_driver_counts().sends == sends);
    hazard_check_next_device(&port);
}

TEST_HAZARD(a_refused_line_change_is_an_error_and_an_unanswered_one_ends_the_link)
{
    toy = hazard_open(&port);
    rig_fail_next(BUS_CONTROL, BUS_ERROR);
    CHECK(port.port.ops->set_lines(&port.port, true, false) == ESP_LOADER_ERROR_IO);
    CHECK(port.port.ops->set_lines(&port.port, true, false) == ESP_LOADER_SUCCESS);
    CHECK(toy->line_changes == 1 && toy->dtr && !toy->rts);
    rig_fail_next(BUS_CONTROL, BUS_STUCK);
    CHECK(port.port.ops->set_lines(&port.port, false, false) == ESP_LOADER_ERROR_IO);
    hazard_check_every_call(&port,
                            ESP_LOADER_ERROR_IO); /* its late answer would be taken for the next one's */
    hazard_check_next_device(&port);
}

TEST_HAZARD(unplugging_in_a_line_change_is_a_disconnect)
{
    toy = hazard_open(&port);
    rig_fail_next(BUS_CONTROL, BUS_UNPLUG);
    const uint32_t start_ms = rig_now_ms();
    CHECK(port.port.ops->set_lines(&port.port, true, false) == ESP_LOADER_ERROR_DISCONNECTED);
    CHECK(rig_now_ms() - start_ms < AT_ONCE);
    hazard_check_next_device(&port);
}

/* ---- data toggles ---- */

/** Opens the same board again and again without re-enumeration, so both toggles are right or wrong by turns.
 */
TEST_HAZARD(connecting_survives_wrong_data_toggles_after_opening_again)
{
    rig_start();
    board_t *board = board_new("esp32s3", 1, ESP_SIM_TIMING_FAST);
    rig_plug(&board->gadget);
    port = rig_port();
    unsigned wrong_toggles = 0;
    for (int i = 0; i < 8; i++) {
        esp_loader_t loader;
        WITH_LOCK(wrong_toggles +=
                  (board->gadget.toggle_in ? 1u : 0u) + (board->gadget.toggle_out ? 1u : 0u));
        CHECK(esp_loader_init_serial(&loader, &port.port) == ESP_LOADER_SUCCESS);
        CHECK(esp_loader_connect(&loader, NULL) == ESP_LOADER_SUCCESS);
        uint32_t value;
        for (int reads = 0; reads <= i; reads++) {
            CHECK(esp_loader_read_register(&loader, 0x60000078, &value) == ESP_LOADER_SUCCESS);
        }
        esp_loader_deinit(&loader);
    }
    CHECK(wrong_toggles > 0);
    hazard_check_next_device(&port);
}

/* ---- the model itself: what the real driver does to careless callers ---- */

static cdc_acm_dev_hdl_t careless_device;

static bool close_in_data_callback(const uint8_t *data, size_t size, void *arg)
{
    (void)data;
    (void)size;
    (void)arg;
    (void)cdc_acm_host_close(careless_device);
    return true;
}

static void open_careless(cdc_acm_data_callback_t data_cb)
{
    rig_start();
    toy = toy_new(0x303A, 0x1001);
    rig_plug(&toy->gadget);
    const cdc_acm_host_device_config_t config = {
        .connection_timeout_ms = 2000, .out_buffer_size = 512, .data_cb = data_cb};
    ESP_ERROR_CHECK(cdc_acm_host_open(0x303A, 0x1001, 0, &config, &careless_device));
}

static void careless_close(void)
{
    open_careless(close_in_data_callback);
    WITH_LOCK(toy_send(toy, "x", 1));
    rig_sleep(100);
}

TEST(closing_in_a_data_callback_panics)
{
    scenario_panics(&(scenario_t){.main = careless_close}, "close inside a callback");
}

static void close_later(void *arg)
{
    (void)arg;
    rig_sleep(20);
    (void)cdc_acm_host_close(careless_device);
    vTaskDelete(NULL);
}

static void careless_send(void)
{
    open_careless(NULL);
    WITH_LOCK(toy->is_deaf = true);
    CHECK(xTaskCreate(close_later, "closer", 4096, NULL, 1, NULL) == pdTRUE);
    (void)cdc_acm_host_data_tx_blocking(careless_device, (const uint8_t *)"x", 1, LONG_MS);
}

TEST(closing_under_a_sender_panics)
{
    scenario_panics(&(scenario_t){.main = careless_send}, "close while an OUT transfer is in flight");
}

static void never_closed(void)
{
    open_careless(NULL);
    rig_unplug();
    rig_sleep(100);
    rig_plug(&toy_new(0x303A, 0x1001)->gadget);
    const cdc_acm_host_device_config_t config = {.connection_timeout_ms = 0, .out_buffer_size = 512};
    ESP_ERROR_CHECK(cdc_acm_host_open(0x303A, 0x1002, 0, &config, &careless_device));
}

static void stop(void *arg)
{
    (void)arg;
    CHECK(bus_device_count() == 1); /* still the dead one */
    kernel_panic("waited for ever");
}

static void arm_stop(void)
{
    bus_after(3600000000u, stop, NULL);
}

TEST(a_dead_device_that_is_not_closed_keeps_the_next_one_out)
{
    scenario_panics(&(scenario_t){.setup = arm_stop, .main = never_closed}, "waited for ever");
}
