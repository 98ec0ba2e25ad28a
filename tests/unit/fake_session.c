/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The operations of the session layer, on an array. What they do is as little as the plan can tell apart.
 */
#include "fake_session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "session/session.h"

static fake_t *self(esp_loader_t *loader)
{
    return (fake_t *)loader;
}

void fake_begin(fake_t *fake)
{
    memset(fake, 0, sizeof(*fake));
    memset(fake->flash, 0xFF, sizeof(fake->flash));
    fake->loader._is.connected = true;
    fake->loader._chip = ESP32S3_CHIP;
    fake->loader._flash_size = FAKE_FLASH_SIZE;
    fake->has_md5 = true;
    fake->revision = 102;
    fake->block_size = 1024;
}

static esp_loader_error_t fail_as_told(fake_t *fake, esp_loader_stage_t stage)
{
    return eli_fail(&fake->loader, fake->error, fake->cause, stage, 0, 0);
}

/* ---- the session layer's own functions ---- */

esp_loader_error_t eli_enter(esp_loader_t *loader, esp_loader_stage_t stage)
{
    loader->_detail = (esp_loader_error_detail_t){.stage = stage, .image = -1};
    return loader->_is.connected ? ESP_LOADER_SUCCESS
                                 : eli_fail(loader, ESP_LOADER_ERROR_INVALID_PARAM,
                                            ESP_LOADER_ERROR_NOT_CONNECTED, stage, 0, 0);
}

esp_loader_error_t eli_fail(esp_loader_t *loader, esp_loader_error_t error, esp_loader_error_t cause,
                            esp_loader_stage_t stage, uint32_t address, uint32_t value)
{
    assert_int_equal(loader->_detail.error,
                     ESP_LOADER_SUCCESS); /* else the first failure would hide this one */
    loader->_detail.error = error;
    loader->_detail.cause = cause;
    loader->_detail.stage = stage;
    loader->_detail.address = address;
    loader->_detail.value = value;
    return error;
}

esp_loader_error_t eli_flash_attach(esp_loader_t *loader)
{
    fake_t *fake = self(loader);

    return fake->attach_result == ESP_LOADER_SUCCESS
               ? ESP_LOADER_SUCCESS
               : eli_fail(loader, fake->attach_result, fake->attach_result, ESP_LOADER_STAGE_ATTACH, 0, 0);
}

esp_loader_error_t eli_flash_check_range(esp_loader_t *loader, uint32_t offset, uint32_t size)
{
    if (size > loader->_flash_size || offset > loader->_flash_size - size) {
        return eli_fail(loader, ESP_LOADER_ERROR_IMAGE_SIZE, ESP_LOADER_ERROR_FLASH_RANGE,
                        loader->_detail.stage, offset, size);
    }
    return ESP_LOADER_SUCCESS;
}

uint32_t eli_flash_erase_end(const esp_loader_t *loader, uint32_t offset, uint32_t size)
{
    const fake_t *fake = (const fake_t *)loader;

    return (offset + size + 4095) / 4096 * 4096 + fake->erased_more;
}

uint32_t eli_flash_block_size(const esp_loader_t *loader)
{
    return ((const fake_t *)loader)->block_size;
}

uint32_t eli_now_ms(const esp_loader_t *loader)
{
    return ((const fake_t *)loader)->now_ms;
}

const eli_target_t *eli_target_of(target_chip_t chip)
{
    static const eli_target_t s3 = {.bootloader_offset = 0x0, .image_chip_id = 9};
    static const eli_target_t c3 = {
        .bootloader_offset = 0x0, .image_chip_id = 5, .features = ELI_LEGACY_REVISION_IS_MINOR};
    static const eli_target_t p4 = {.bootloader_offset = 0x2000, .image_chip_id = 18};

    return chip == ESP32C3_CHIP ? &c3 : chip == ESP32P4_CHIP ? &p4 : &s3;
}

/* ---- public operations ---- */

const esp_loader_error_detail_t *esp_loader_error_detail(const esp_loader_t *loader)
{
    return &loader->_detail;
}

esp_loader_error_t esp_loader_get_security_info(esp_loader_t *loader, esp_loader_target_security_info_t *info)
{
    fake_t *fake = self(loader);

    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_REGISTER));
    if (fake->security_result != ESP_LOADER_SUCCESS) {
        return eli_fail(loader, fake->security_result, fake->security_result, ESP_LOADER_STAGE_REGISTER, 0,
                        0);
    }
    *info = fake->security;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_read_chip_revision(esp_loader_t *loader, uint32_t *out_revision)
{
    fake_t *fake = self(loader);

    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_REGISTER));
    if (fake->revision_result != ESP_LOADER_SUCCESS) {
        return eli_fail(loader, fake->revision_result, fake->revision_result, ESP_LOADER_STAGE_REGISTER, 0,
                        0);
    }
    *out_revision = fake->revision;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_flash_start(esp_loader_t *loader, esp_loader_flash_cfg_t *cfg)
{
    fake_t *fake = self(loader);
    uint32_t sectors = (cfg->image_size + 4095) / 4096;

    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_ERASE));
    assert_int_equal(cfg->offset % 4096, 0);
    assert_true(cfg->offset <= FAKE_FLASH_SIZE && sectors * 4096 <= FAKE_FLASH_SIZE - cfg->offset);
    cfg->_state._written = 0;
    cfg->_state._failure = ESP_LOADER_SUCCESS;
    fake->last_block_size = cfg->block_size;
    fake->now_ms += 100;
    if (++fake->starts == fake->fail_start) {
        return cfg->_state._failure = fail_as_told(fake, ESP_LOADER_STAGE_ERASE);
    }
    memset(fake->flash + cfg->offset, 0xFF, sectors * 4096);
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_flash_write(esp_loader_t *loader, esp_loader_flash_cfg_t *cfg,
                                          const void *payload, uint32_t size)
{
    fake_t *fake = self(loader);

    RETURN_ON_ERROR(cfg->_state._failure);
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_WRITE));
    assert_true(size == cfg->block_size || cfg->_state._written + size == cfg->image_size);
    fake->now_ms += 10;
    fake->writes++;
    if (fake->writes == fake->fail_write || fake->writes == fake->fail_write_again) {
        return cfg->_state._failure = fail_as_told(fake, ESP_LOADER_STAGE_WRITE);
    }
    memcpy(fake->flash + cfg->offset + cfg->_state._written, payload, size);
    cfg->_state._written += size;
    if (fake->is_flash_bad) {
        fake->flash[cfg->offset] ^= 1;
    }
    return ESP_LOADER_SUCCESS;
}

static void md5_of(const fake_t *fake, uint32_t address, uint32_t size, uint8_t *out)
{
    esp_loader_md5_t md5;

    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, fake->flash + address, size);
    esp_loader_md5_finish(&md5, out);
}

/* The plan does not say what was sent, so a bad flash is known by its flag. */
esp_loader_error_t esp_loader_flash_finish(esp_loader_t *loader, esp_loader_flash_cfg_t *cfg)
{
    fake_t *fake = self(loader);

    RETURN_ON_ERROR(cfg->_state._failure);
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_VERIFY));
    assert_int_equal(cfg->_state._written, cfg->image_size);
    if (++fake->finishes == fake->fail_finish) {
        return fail_as_told(fake, ESP_LOADER_STAGE_VERIFY);
    }
    if (cfg->skip_verify) {
        return ESP_LOADER_SUCCESS;
    }
    esp_loader_error_t err = fake->has_md5 ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    if (fake->has_md5 && fake->is_flash_bad) {
        err = ESP_LOADER_ERROR_INVALID_MD5;
    }
    return err == ESP_LOADER_SUCCESS ? err
                                     : eli_fail(loader, err, err, ESP_LOADER_STAGE_VERIFY, cfg->offset, 0);
}

esp_loader_error_t esp_loader_flash_md5(esp_loader_t *loader, uint32_t address, uint32_t size,
                                        uint8_t out_md5[ESP_LOADER_MD5_SIZE])
{
    fake_t *fake = self(loader);

    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_VERIFY));
    if (++fake->md5s == fake->fail_md5) {
        return fail_as_told(fake, ESP_LOADER_STAGE_VERIFY);
    }
    if (!fake->has_md5) {
        return eli_fail(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, ESP_LOADER_ERROR_UNSUPPORTED_FUNC,
                        ESP_LOADER_STAGE_VERIFY, address, 0);
    }
    md5_of(fake, address, size, out_md5);
    return ESP_LOADER_SUCCESS;
}
