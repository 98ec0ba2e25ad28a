/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A library without burning: programs of the 2.1 API link, and are told so before anything is sent.
 */
#include "bench.h"
#include "efuse/esp32s3/esp_loader_efuse_table.h"
#include "esp_loader_efuse.h"

static const esp_sim_config_t s3 = {.chip = "esp32s3", .timing = ESP_SIM_TIMING_FAST};

TEST_CONNECTED(burning_is_refused_and_nothing_is_sent, (bench_t){.config = s3})
{
    static const uint8_t key[32] = {1};
    esp_loader_t *loader = &b->loader;
    esp_loader_efuse_ctx_t ctx = {0};
    const unsigned writes = (unsigned)b->port.base.writes;
    assert_int_equal(esp_loader_efuse_write_field(loader, &ctx, ESP32S3_EFUSE_USER_DATA, key, 256),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_loader_error_detail(loader)->address, 0);
    assert_int_equal(esp_loader_error_detail(loader)->value, 0);
    assert_int_equal(esp_loader_efuse_write_field_bit(loader, &ctx, ESP32S3_EFUSE_DIS_PAD_JTAG),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_loader_efuse_write_bit(loader, &ctx, 3, 0), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_loader_efuse_write_key(loader, &ctx, ESP_LOADER_EFUSE_KEY0,
                                                ESP_LOADER_KEY_PURPOSE_USER, key, sizeof(key), NULL),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_loader_efuse_write_key_legacy(loader, &ctx, ESP_LOADER_LEGACY_KEY_C2_XTS_AES_128,
                                                       key, sizeof(key), NULL),
                     ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_loader_efuse_commit(loader, &ctx), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(b->port.base.writes, writes);
    for (size_t i = 0; i < COUNT(ctx._buf); i++) {
        assert_int_equal(ctx._buf[i], 0);
    }
}
