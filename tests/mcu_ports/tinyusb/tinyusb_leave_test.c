/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The port for TinyUSB's host stack when devices leave and come back, and in a program that runs the stack itself.
 */
#include "esp_loader.h"
#define ESP_LOADER_V1_KEEP_NAMES
#include "esp_loader_v1.h"
#include "tinyusb_case.h"

/* Devices are mounted in that time. */
static void run_for_a_second(void)
{
    for (size_t i = 0; i < 100; i++) {
        tinyusb_rig_sleep_ms(10);
        tuh_task_ext(0, false);
    }
}

/* ---- the program runs the stack ---- */

static unsigned waits;
static uint32_t longest_wait_ms;

static void wait_as_a_task(uint32_t ms)
{
    waits++;
    longest_wait_ms = ms > longest_wait_ms ? ms : longest_wait_ms;
    tuh_task_ext(0, false);
}

TEST_USB(another_task_runs_the_stack)
{
    uint8_t byte;
    waits = 0;
    longest_wait_ms = 0;
    usb.wait = wait_as_a_task;
    open_with(&tinyusb_cp210x);
    assert_true(waits > 0);
    assert_int_equal(longest_wait_ms, 1); /* something may be mounted any time, and nobody says so */
    assert_int_equal(read_byte(SHORT_MS, &byte), ESP_LOADER_ERROR_TIMEOUT);
    assert_in_range(longest_wait_ms, SHORT_MS - 1, SHORT_MS);
}

/* ---- leaving ---- */

/* Also those that are in the stack's FIFO when it removes the device. */
TEST_USB(bytes_that_arrived_are_read)
{
    uint8_t buf[8];
    size_t got;
    open_with(&tinyusb_cp210x);
    wire_peer.send(NULL, (const uint8_t *)"OHAI", 4, 0);
    ops->delay_ms(port, SHORT_MS);
    tinyusb_rig_unplug();
    tuh_task_ext(0, false);
    assert_false(tuh_cdc_mounted(0));
    assert_int_equal(ops->read_some(port, buf, 3, SHORT_MS, &got), ESP_LOADER_SUCCESS);
    assert_int_equal(got, 3);
    assert_int_equal(ops->read_some(port, buf + 3, 5, SHORT_MS, &got), ESP_LOADER_SUCCESS);
    assert_int_equal(got, 1);
    assert_memory_equal(buf, "OHAI", 4);
    assert_int_equal(read_byte(SHORT_MS, buf), ESP_LOADER_ERROR_DISCONNECTED);
}

static void wait_until_it_leaves(uint32_t ms)
{
    wait_as_a_task(ms);
    if (waits == 500) { /* some 10 ms later than the failure */
        tinyusb_rig_unplug();
    }
}

/* The news that the device has left comes after the failure that it is the cause of. */
TEST_USB(request_that_fails_because_the_device_leaves)
{
    open_with(&tinyusb_cp210x);
    waits = 0;
    usb.wait = wait_until_it_leaves;
    tinyusb_rig_set_faults(&(tinyusb_faults_t){.is_control_failing = true});
    assert_int_equal(ops->set_lines(port, true, false), ESP_LOADER_ERROR_DISCONNECTED);
}

TEST_USB(program_that_does_not_pass_on_the_callback)
{
    uint8_t byte;
    open_with(&tinyusb_cp210x);
    tinyusb_rig_set_faults(&(tinyusb_faults_t){.is_callback_lost = true});
    tinyusb_rig_unplug();
    assert_int_equal(read_byte(SHORT_MS, &byte), ESP_LOADER_ERROR_DISCONNECTED);
    tinyusb_rig_plug(&tinyusb_cp210x);
    run_for_a_second();
    assert_true(tuh_cdc_mounted(0));
    assert_int_equal(read_byte(SHORT_MS, &byte), ESP_LOADER_ERROR_DISCONNECTED);
}

TEST_USB(unplugged_while_it_writes)
{
    static uint8_t data[3000];
    size_t written;
    open_with(&tinyusb_cp210x);
    tinyusb_rig_unplug();
    assert_int_equal(ops->write_all(port, data, sizeof(data), SHORT_MS, &written),
                     ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(ops->set_lines(port, true, false), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(ops->set_rate(port, 9600), ESP_LOADER_ERROR_DISCONNECTED);
}

/* The stack never calls back then. */
TEST_USB(unplugged_while_a_request_is_under_way)
{
    open_with(&tinyusb_cp210x);
    tinyusb_rig_set_faults(&(tinyusb_faults_t){.is_control_silent = true});
    tinyusb_rig_unplug();
    const uint32_t begin_ms = tinyusb_rig_now_ms();
    assert_int_equal(ops->set_lines(port, true, false), ESP_LOADER_ERROR_DISCONNECTED);
    assert_in_range(took_ms(begin_ms), 0, 5);
}

/* The device leaves while its rate is being set. */
TEST_USB(unplugged_while_it_is_opened)
{
    tinyusb_rig_plug(&tinyusb_cp210x);
    usb.wait = wait_as_a_task;
    run_for_a_second();
    tinyusb_rig_set_faults(&(tinyusb_faults_t){.is_control_failing = true});
    tinyusb_rig_unplug();
    assert_int_equal(ops->init(port), ESP_LOADER_ERROR_DISCONNECTED);
}

/* Another device at the same place, and with the same address, is not taken for the one that was opened. */
static void assert_stays_gone(void)
{
    uint8_t byte;
    size_t written;
    run_for_a_second();
    assert_true(tuh_cdc_mounted(0));
    wire_peer.send(NULL, (const uint8_t *)"U", 1, 0);
    assert_int_equal(read_byte(SHORT_MS, &byte), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(ops->write_all(port, &byte, 1, SHORT_MS, &written), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(ops->set_lines(port, true, true), ESP_LOADER_ERROR_DISCONNECTED);
}

TEST_USB(what_is_plugged_in_next_is_another_device)
{
    uint8_t byte;
    open_with(&tinyusb_cp210x);
    tinyusb_rig_unplug();
    tuh_task_ext(0, false);
    tinyusb_rig_plug(&tinyusb_cp210x);
    assert_stays_gone();
    assert_int_equal(ops->init(port), ESP_LOADER_SUCCESS);
    wire_peer.send(NULL, (const uint8_t *)"U", 1, 0);
    assert_int_equal(read_byte(SHORT_MS, &byte), ESP_LOADER_SUCCESS);
}

/* A port that was closed, or opened again, does not end another one's device. */
TEST_USB(late_news_of_a_device_is_nobodys)
{
    static tinyusb_host_port_t other;
    uint8_t byte;
    other = usb;
    open_with(&tinyusb_cp210x);
    tinyusb_rig_unplug();
    tuh_task_ext(0, false);
    tinyusb_rig_plug(&tinyusb_cp210x);
    assert_int_equal(ops->init(&other.port), ESP_LOADER_SUCCESS);
    ops->deinit(port);
    assert_int_equal(ops->init(port), ESP_LOADER_ERROR_PORT_BUSY); /* it is still the other one's */
    tinyusb_host_port_unmounted(7);                                /* an index that there is not */
    wire_peer.send(NULL, (const uint8_t *)"U", 1, 0);
    size_t got;
    assert_int_equal(ops->read_some(&other.port, &byte, 1, SHORT_MS, &got), ESP_LOADER_SUCCESS);
    ops->deinit(&other.port);
}

#ifndef ESP_LOADER_SMALL /* which resets by lines and by the port alone */
/* The reset of an ESP32-S3 on USB-OTG takes it off the bus; it comes back, and is opened again. */
TEST_USB(reset_that_takes_the_device_off_the_bus)
{
    static esp_loader_t loader;
    char sentence[200] = "";
    uint8_t byte;
    esp_sim_t *sim = esp_sim_new(
        &(esp_sim_config_t){.chip = "esp32s3", .wiring = ESP_SIM_WIRING_OTG, .start_in_download = true},
        sentence, sizeof(sentence));
    tinyusb_chip_connect(sim);
    tinyusb_rig_plug(&tinyusb_s3_rom);
    assert_int_equal(esp_loader_init_serial(&loader, port), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_connect(&loader, NULL), ESP_LOADER_SUCCESS);
    const uint32_t attachments = esp_sim_attach_count(sim);
    assert_int_equal(esp_loader_reset_target_checked(&loader), ESP_LOADER_SUCCESS);
    esp_loader_error_t error = ESP_LOADER_SUCCESS;
    for (size_t i = 0; i < 200 && error != ESP_LOADER_ERROR_DISCONNECTED; i++) {
        error = read_byte(SHORT_MS, &byte);
    }
    assert_int_equal(error, ESP_LOADER_ERROR_DISCONNECTED);
    esp_sim_reset_button(sim, true);
    assert_int_equal(ops->init(port), ESP_LOADER_SUCCESS);
    assert_true(esp_sim_attach_count(sim) > attachments);
    assert_int_equal(esp_loader_init_serial(&loader, port), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_connect(&loader, NULL), ESP_LOADER_SUCCESS);
    esp_loader_deinit(&loader);
    tinyusb_rig_start();
    esp_sim_free(sim);
}
#endif

TEST_USB(one_port_in_the_form_of_1_x)
{
    uint8_t states[8];
    tinyusb_rig_plug(&tinyusb_cp210x);
    assert_int_equal(loader_port_tinyusb_host_init(NULL), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(loader_port_tinyusb_host_init(&(loader_tinyusb_host_config_t){
                         .now_ms = tinyusb_rig_now_ms, .device_vid = 0x10C4, .device_pid = 0xEA60}),
                     ESP_LOADER_SUCCESS);
    esp_loader_v1_reset_target();
    assert_int_equal(tinyusb_rig_lines(states, sizeof(states)), 2); /* RTS and back */
    loader_port_tinyusb_host_deinit();
}
