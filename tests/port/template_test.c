/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The skeleton in port/template: the library accepts it, and every entry does what docs/porting.md promises.
 */
#include "esp_loader.h"
#include "template_port.h"
#include "test.h"

TEST(library_opens_the_skeleton_and_is_told_there_is_no_device)
{
    template_port_t port = {.port.ops = &template_ops};
    esp_loader_t loader;

    assert_int_equal(esp_loader_init_serial(&loader, &port.port), ESP_LOADER_ERROR_PORT_NOT_FOUND);
    assert_int_equal(esp_loader_error_detail(&loader)->stage, ESP_LOADER_STAGE_OPEN);
    esp_loader_deinit(&loader);
}

TEST(transfers_report_how_much_also_when_they_fail)
{
    template_port_t port = {.port.ops = &template_ops};
    uint8_t byte = 0;
    size_t count = 99;

    assert_int_equal(template_ops.write_all(&port.port, &byte, 1, 0, &count), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(count, 0);
    count = 99;
    assert_int_equal(template_ops.read_some(&port.port, &byte, 1, 0, &count), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(count, 0);
}
