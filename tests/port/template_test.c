/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The skeleton in port/template: the library accepts it, and every entry does what docs/porting.md promises.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "esp_loader.h"
#include "template_port.h"

static void library_opens_the_skeleton_and_is_told_there_is_no_device(void **state)
{
    template_port_t port = {.port.ops = &template_ops};
    esp_loader_t loader;

    (void)state;
    assert_int_equal(esp_loader_init_serial(&loader, &port.port), ESP_LOADER_ERROR_PORT_NOT_FOUND);
    assert_int_equal(esp_loader_error_detail(&loader)->stage, ESP_LOADER_STAGE_OPEN);
    esp_loader_deinit(&loader);
}

static void transfers_report_how_much_also_when_they_fail(void **state)
{
    template_port_t port = {.port.ops = &template_ops};
    uint8_t byte = 0;
    size_t count = 99;

    (void)state;
    assert_int_equal(template_ops.write_all(&port.port, &byte, 1, 0, &count), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(count, 0);
    count = 99;
    assert_int_equal(template_ops.read_some(&port.port, &byte, 1, 0, &count), ESP_LOADER_ERROR_DISCONNECTED);
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(library_opens_the_skeleton_and_is_told_there_is_no_device),
        cmocka_unit_test(transfers_report_how_much_also_when_they_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
