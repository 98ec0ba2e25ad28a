/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Several devices behind a hub: each port has one of its own, also when they have the same ids, and answers
 * questions about that one.
 */
#include <string.h>

#include "cdc_driver.h"
#include "hazard.h"

#define CP210X_VID 0x10C4
#define CP210X_PID 0xEA60
#define TEXT_SIZE  8u

static toy_t *toys[2];
static esp32_usb_cdc_acm_port_t ports[3];

static void plug_two(uint16_t vid, uint16_t pid)
{
    rig_start();
    for (unsigned i = 0; i < 2; i++) {
        toys[i] = toy_new(vid, pid);
        toys[i]->gadget.serial[0] = (char)('A' + i);
        WITH_LOCK(bus_plug_into(i + 1u, &toys[i]->gadget));
        ports[i] = rig_port();
        ports[i].device_vid = vid;
        ports[i].device_pid = pid;
    }
    ports[2] = ports[1];
}

static void check_talks_to(esp32_usb_cdc_acm_port_t *port, toy_t *toy)
{
    uint8_t buf[TEXT_SIZE];
    size_t n;
    const size_t before = toy->from_host_size;
    WITH_LOCK(toy_send(toy, &toy->gadget.serial[0], 1));
    CHECK(rig_read(port, buf, sizeof(buf), 1000, &n) == ESP_LOADER_SUCCESS && n == 1);
    CHECK(buf[0] == (uint8_t)toy->gadget.serial[0]);
    CHECK(rig_write(port, "hello", 5, 1000, &n) == ESP_LOADER_SUCCESS && n == 5);
    CHECK(toy->from_host_size == before + 5u);
}

TEST_HAZARD(two_boards_with_the_same_ids_are_open_at_once)
{
    plug_two(ESPRESSIF_VID, ESP_SERIAL_JTAG_PID);
    CHECK(rig_init(&ports[0]) == ESP_LOADER_SUCCESS);
    CHECK(rig_init(&ports[1]) == ESP_LOADER_SUCCESS);
    check_talks_to(&ports[0], toys[0]);
    check_talks_to(&ports[1], toys[1]);
    char serial[8];
    esp32_usb_cdc_acm_read_serial(&ports[0], serial, sizeof(serial));
    CHECK(strcmp(serial, "Aoy") == 0);
    esp32_usb_cdc_acm_read_serial(&ports[1], serial, sizeof(serial));
    CHECK(strcmp(serial, "Boy") == 0);

    /* The first one goes; the other one stays, and the next device in its place is opened. */
    WITH_LOCK(bus_unplug_from(1));
    rig_sleep(20);
    CHECK(!esp32_usb_cdc_acm_is_attached(&ports[0]) && esp32_usb_cdc_acm_is_attached(&ports[1]));
    check_talks_to(&ports[1], toys[1]);
    rig_deinit(&ports[0]);
    toys[0] = toy_new(ESPRESSIF_VID, ESP_SERIAL_JTAG_PID);
    toys[0]->gadget.serial[0] = 'C';
    WITH_LOCK(bus_plug_into(1, &toys[0]->gadget));
    CHECK(rig_init(&ports[0]) == ESP_LOADER_SUCCESS);
    check_talks_to(&ports[0], toys[0]);
    check_talks_to(&ports[1], toys[1]);
    rig_deinit(&ports[0]);
    rig_deinit(&ports[1]);
    CHECK(cdc_driver_counts().open_now == 0);
}

TEST_HAZARD(a_device_that_is_open_is_not_found_again)
{
    plug_two(ESPRESSIF_VID, ESP_SERIAL_JTAG_PID);
    CHECK(rig_init(&ports[0]) == ESP_LOADER_SUCCESS);
    WITH_LOCK(bus_unplug_from(2));
    rig_sleep(20);
    CHECK(rig_init(&ports[1]) == ESP_LOADER_ERROR_PORT_NOT_FOUND);
    check_talks_to(&ports[0], toys[0]);
    rig_deinit(&ports[0]);
}

TEST_HAZARD(a_second_converter_whose_driver_knows_no_addresses_is_refused)
{
    plug_two(CP210X_VID, CP210X_PID);
    CHECK(rig_init(&ports[0]) == ESP_LOADER_SUCCESS);
    CHECK(rig_init(&ports[1]) == ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    check_talks_to(&ports[0], toys[0]);
    rig_deinit(&ports[0]);
    CHECK(cdc_driver_counts().opens == 1);
}

TEST_HAZARD(a_serial_number_is_as_long_as_its_descriptor_says)
{
    static const struct {
        uint8_t length;
        const char *serial;
    } rows[] = {{0, ""}, {1, ""}, {2, ""}, {3, ""}, {4, "t"}, {7, "to"}, {8, "toy"}};
    rig_start();
    char serial[TEXT_SIZE];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        toy_t *toy = toy_new(ESPRESSIF_VID, ESP_SERIAL_JTAG_PID);
        toy->gadget.has_bad_serial = true;
        toy->gadget.serial_length = rows[i].length;
        rig_plug(&toy->gadget);
        ports[0] = rig_port();
        CHECK(rig_init(&ports[0]) == ESP_LOADER_SUCCESS);
        memset(serial, 'x', sizeof(serial));
        esp32_usb_cdc_acm_read_serial(&ports[0], serial, sizeof(serial));
        CHECK(strcmp(serial, rows[i].serial) == 0);
        esp32_usb_cdc_acm_read_serial(&ports[0], serial, 2); /* cut */
        CHECK(strlen(serial) == (rows[i].serial[0] == '\0' ? 0u : 1u));
        rig_unplug();
        rig_deinit(&ports[0]);
        rig_sleep(20);
    }
    esp32_usb_cdc_acm_read_serial(&ports[0], serial, sizeof(serial));
    CHECK(serial[0] == '\0');
}

TEST_HAZARD(a_device_that_left_unannounced_is_missed)
{
    toys[0] = hazard_open(&ports[0]);
    CHECK(esp32_usb_cdc_acm_is_attached(&ports[0]));
    WITH_LOCK(bus_lose_disconnect());
    rig_unplug();
    rig_sleep(20);
    CHECK(rig_counts().disconnects == 0);
    CHECK(!esp32_usb_cdc_acm_is_attached(&ports[0]));
    hazard_check_next_device(&ports[0]);
    CHECK(!esp32_usb_cdc_acm_is_attached(&ports[0])); /* closed */
}
