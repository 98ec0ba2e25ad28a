/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Commands on an array. What they do is as little as the plan can tell apart.
 */
#include "fake_session.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "plan/plan.h"
#include "session/core.h"
#include "session/flash.h"
#include "session/limits.h"
#include "session/security.h"

static fake_t *self(esp_loader_t *loader)
{
    return (fake_t *)loader;
}

static const eli_link_ops_t serial = {.carries_stubs = true};

void fake_is(fake_t *fake, target_chip_t chip)
{
    static const eli_target_t s3 = {.image_chip_id = 9, .features = ELI_ROM_MD5};
    static const eli_target_t c3 = {.image_chip_id = 5,
                                    .features = ELI_LEGACY_REVISION_IS_MINOR | ELI_ROM_MD5};
    static const eli_target_t p4 = {.image_chip_id = 18, .features = ELI_ROM_MD5 | ELI_BOOTLOADER_AT_2000};

    static const eli_target_t esp8266 = {.image_chip_id = ELI_NO_CHIP_ID,
                                         .features = ELI_ROM_ERASES_HEAD_TWICE};

    fake->loader._chip = chip;
    fake->loader._target = chip == ESP8266_CHIP   ? &esp8266
                           : chip == ESP32C3_CHIP ? &c3
                           : chip == ESP32P4_CHIP ? &p4
                                                  : &s3;
}

void fake_begin(fake_t *fake)
{
    memset(fake, 0, sizeof(*fake));
    memset(fake->flash, 0xFF, sizeof(fake->flash));
    fake->loader._ops = &serial;
    fake->loader._is.connected = true;
    fake_is(fake, ESP32S3_CHIP);
    fake->loader._flash_size = FAKE_FLASH_SIZE;
    fake->has_md5 = true;
    fake->revision = 102;
    fake->link = ESP_LOADER_LINK_USB_SERIAL_JTAG;
}

static esp_loader_error_t fail_as_told(fake_t *fake, esp_loader_stage_t stage)
{
    fake->loader._detail.target_status = fake->target_status;
    fake->loader._detail.target_reason = fake->target_reason;
    return eli_fail(&fake->loader, fake->error, fake->cause, stage, 0, 0);
}

/* ---- the session layer's own functions ---- */

void eli_forget_failure(esp_loader_t *loader, esp_loader_stage_t stage)
{
    loader->_detail = (esp_loader_error_detail_t){.stage = stage, .image = -1};
}

esp_loader_error_t eli_enter(esp_loader_t *loader, esp_loader_stage_t stage)
{
    eli_forget_failure(loader, stage);
    return loader->_is.connected ? ESP_LOADER_SUCCESS
                                 : eli_fail(loader, ESP_LOADER_ERROR_INVALID_PARAM,
                                            ESP_LOADER_ERROR_NOT_CONNECTED, stage, 0, 0);
}

esp_loader_error_t eli_fail_unsupported(esp_loader_t *loader, uint32_t address)
{
    return eli_fail_here(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, address, 0);
}

esp_loader_error_t eli_fail_for(esp_loader_t *loader, esp_loader_error_t error, esp_loader_error_t cause,
                                uint32_t address, uint32_t value)
{
    assert_int_equal(loader->_detail.error,
                     ESP_LOADER_SUCCESS); /* else the first failure would hide this one */
    loader->_detail.error = error;
    loader->_detail.cause = cause;
    loader->_detail.address = address;
    loader->_detail.value = value;
    return error;
}

esp_loader_error_t eli_fail(esp_loader_t *loader, esp_loader_error_t error, esp_loader_error_t cause,
                            esp_loader_stage_t stage, uint32_t address, uint32_t value)
{
    loader->_detail.stage = stage;
    return eli_fail_for(loader, error, cause, address, value);
}

esp_loader_error_t eli_flash_attach(esp_loader_t *loader)
{
    fake_t *fake = self(loader);

    return fake->attach_result == ESP_LOADER_SUCCESS
               ? ESP_LOADER_SUCCESS
               : eli_fail(loader, fake->attach_result, fake->attach_result, ESP_LOADER_STAGE_ATTACH, 0, 0);
}

esp_loader_error_t eli_flash_open_range(esp_loader_t *loader, uint32_t offset, uint32_t size)
{
    return eli_flash_check_range(loader, offset, size);
}

esp_loader_error_t eli_flash_set_end(esp_loader_t *loader, uint32_t end)
{
    (void)loader;
    (void)end;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_fail_here(esp_loader_t *loader, esp_loader_error_t error, uint32_t address,
                                 uint32_t value)
{
    return eli_fail(loader, error, error, loader->_detail.stage, address, value);
}

esp_loader_link_t eli_port_link_kind(const esp_loader_t *loader)
{
    return ((const fake_t *)loader)->link;
}

uint32_t eli_now_ms(const esp_loader_t *loader)
{
    return ((const fake_t *)loader)->now_ms;
}

/* ---- public operations ---- */

const esp_loader_error_detail_t *esp_loader_error_detail(const esp_loader_t *loader)
{
    return &loader->_detail;
}

esp_loader_error_t eli_protection_read(esp_loader_t *loader, eli_protection_t *out)
{
    fake_t *fake = self(loader);

    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_REGISTER));
    if (fake->security_result != ESP_LOADER_SUCCESS) {
        return eli_fail(loader, fake->security_result, fake->security_result, ESP_LOADER_STAGE_REGISTER, 0,
                        0);
    }
    *out = (eli_protection_t){.is_secure_boot = fake->security.secure_boot_enabled,
                              .is_flash_encrypted = fake->security.flash_encryption_enabled,
                              .guarded_end = fake->guarded_end};
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

esp_loader_error_t esp_loader_flash_read(esp_loader_t *loader, uint8_t *buf, uint32_t address,
                                         uint32_t length)
{
    fake_t *fake = self(loader);

    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_READ));
    fake->reads++;
    if (fake->read_result != ESP_LOADER_SUCCESS) {
        return eli_fail(loader, fake->read_result, fake->read_result, ESP_LOADER_STAGE_READ, address, 0);
    }
    assert_true(address <= FAKE_FLASH_SIZE && length <= FAKE_FLASH_SIZE - address);
    memcpy(buf, fake->flash + address, length);
    return ESP_LOADER_SUCCESS;
}

/* ---- commands ---- */

static esp_loader_error_t erase(fake_t *fake, uint32_t offset, uint32_t size)
{
    uint32_t sectors = (size + 4095) / 4096;

    assert_int_equal(offset % 4096, 0);
    assert_true(offset <= FAKE_FLASH_SIZE && sectors * 4096 <= FAKE_FLASH_SIZE - offset);
    memset(fake->flash + offset, 0xFF, sectors * 4096);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t begin(fake_t *fake, const eli_command_t *command)
{
    fake->last_block_size = command->words[2];
    fake->write_at = command->words[3];
    fake->now_ms += 100;
    fake->starts++;
    if (fake->starts == fake->hit_start) {
        fake->flash[fake->hit_at] ^= 0x55;
    }
    if (fake->hits_always) {
        fake->flash[command->words[3] != fake->hit_at ? fake->hit_at : fake->hit_at_else] ^=
            (uint8_t)fake->starts;
    }
    if (fake->starts == fake->spoiled_start) {
        *fake->spoiled ^= 1;
    }
    if (fake->starts == fake->fail_start) {
        return fail_as_told(fake, ESP_LOADER_STAGE_ERASE);
    }
    return erase(fake, command->words[3], command->words[0]);
}

static esp_loader_error_t data(fake_t *fake, const eli_command_t *command)
{
    fake->now_ms += 10;
    fake->writes++;
    if (fake->writes == fake->fail_write || fake->writes == fake->fail_write_again) {
        return fail_as_told(fake, ESP_LOADER_STAGE_WRITE);
    }
    memcpy(fake->flash + fake->write_at, command->payload, command->payload_size);
    if (fake->is_flash_bad) {
        fake->flash[fake->write_at] ^= 1;
    }
    fake->write_at += (uint32_t)command->payload_size;
    return ESP_LOADER_SUCCESS;
}

/* A ROM sends text. */
static esp_loader_error_t md5_of_range(fake_t *fake, const eli_command_t *command, eli_reply_t *out)
{
    static uint8_t reply[2 * ESP_LOADER_MD5_SIZE + 1];
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;

    assert_int_not_equal(command->words[1], 0); /* of nothing nobody need ask */
    if (++fake->md5s == fake->fail_md5) {
        return fail_as_told(fake, ESP_LOADER_STAGE_VERIFY);
    }
    if (!fake->has_md5) {
        return eli_fail(&fake->loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, ESP_LOADER_ERROR_UNSUPPORTED_FUNC,
                        ESP_LOADER_STAGE_VERIFY, command->words[0], 0);
    }
    fake->md5_bytes += command->words[1];
    out->is_echo = fake->md5s == fake->echo_md5;
    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, fake->flash + command->words[0], command->words[1]);
    esp_loader_md5_finish(&md5, digest);
    for (size_t i = 0; i < sizeof(digest); i++) {
        snprintf((char *)reply + 2 * i, 3, "%02x", digest[i]);
    }
    out->payload = eli_is_stub(&fake->loader) ? memcpy(reply, digest, sizeof(digest)) : reply;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_transact_send(esp_loader_t *loader, const eli_command_t *command)
{
    fake_t *fake = self(loader);

    (void)command;
    assert_true(!fake->is_on_the_way || loader->_is.needs_resync); /* two would be one too many */
    if (loader->_is.needs_resync) {
        fake->barriers++;
        fake->md5s_at_barrier = fake->md5s;
    }
    loader->_is.needs_resync = false;
    fake->is_on_the_way = true;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_transact_await(esp_loader_t *loader, const eli_command_t *command, eli_reply_t *out)
{
    fake_t *fake = self(loader);
    eli_reply_t unused;

    out = out != NULL ? out : &unused;
    *out = (eli_reply_t){.next_number = command->has_checksum ? command->words[ELI_BLOCK_NUMBER] + 1 : 0};
    assert_true(fake->is_on_the_way);
    fake->is_on_the_way = false;
    switch (command->shape.opcode) {
    case ELI_FLASH_BEGIN:
        return begin(fake, command);
    case ELI_FLASH_DATA:
        return data(fake, command);
    case ELI_ERASE_REGION:
        if (++fake->erases == fake->fail_erase) {
            return fail_as_told(fake, ESP_LOADER_STAGE_ERASE);
        }
        return erase(fake, command->words[0], command->words[1]);
    case ELI_SPI_FLASH_MD5:
        return md5_of_range(fake, command, out);
    case ELI_FLASH_END:
        return ESP_LOADER_SUCCESS;
    default:
        fail_msg("command 0x%02x", (unsigned)command->shape.opcode);
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
}

void eli_transact_abandon(esp_loader_t *loader)
{
    eli_request_barrier(loader);
}

/* ---- the rate: it has none (plan/rate.c is tested against the simulator) ---- */

void eli_plan_begin_rate(eli_plan_t *plan)
{
    (void)plan;
}

esp_loader_error_t eli_plan_raise_rate(eli_plan_t *plan, uint32_t sectors)
{
    (void)plan;
    (void)sectors;
    return ESP_LOADER_SUCCESS;
}

bool eli_plan_is_link_open(const eli_plan_t *plan)
{
    (void)plan;
    return false;
}

void eli_plan_measure_link(eli_plan_t *plan, uint32_t size, uint32_t sent_ms)
{
    (void)plan;
    (void)size;
    (void)sent_ms;
}

bool eli_plan_lower_rate(eli_plan_t *plan)
{
    (void)plan;
    return false;
}

esp_loader_error_t eli_plan_judge_rate(eli_plan_t *plan)
{
    (void)plan;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_plan_end_rate(eli_plan_t *plan, esp_loader_error_t err)
{
    (void)plan;
    return err;
}
