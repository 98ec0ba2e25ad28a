/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Source: ESP-IDF 6.1, the tables TYPES and SUBTYPES of gen_esp32part.
 */
#include "text/partition_name.h"

#include <stddef.h>
#include <stdio.h>

#include "esp_loader_image.h"

enum { OTA_0 = 0x10, TEE_0 = 0x30, SLOTS = 16, TEE_SLOTS = 2 };

static const struct {
    uint8_t type, subtype;
    const char *name;
} names[] = {
    {ESP_LOADER_PARTITION_TYPE_APP, 0x00, "factory"},
    {ESP_LOADER_PARTITION_TYPE_APP, 0x20, "test"},
    {ESP_LOADER_PARTITION_TYPE_DATA, 0x00, "ota"},
    {ESP_LOADER_PARTITION_TYPE_DATA, 0x01, "phy"},
    {ESP_LOADER_PARTITION_TYPE_DATA, 0x02, "nvs"},
    {ESP_LOADER_PARTITION_TYPE_DATA, 0x03, "coredump"},
    {ESP_LOADER_PARTITION_TYPE_DATA, 0x04, "nvs_keys"},
    {ESP_LOADER_PARTITION_TYPE_DATA, 0x05, "efuse"},
    {ESP_LOADER_PARTITION_TYPE_DATA, 0x06, "undefined"},
    {ESP_LOADER_PARTITION_TYPE_DATA, 0x80, "esphttpd"},
    {ESP_LOADER_PARTITION_TYPE_DATA, 0x81, "fat"},
    {ESP_LOADER_PARTITION_TYPE_DATA, 0x82, "spiffs"},
    {ESP_LOADER_PARTITION_TYPE_DATA, 0x83, "littlefs"},
    {ESP_LOADER_PARTITION_TYPE_DATA, 0x90, "tee_ota"},
    {ESP_LOADER_PARTITION_TYPE_BOOTLOADER, 0x00, "primary"},
    {ESP_LOADER_PARTITION_TYPE_BOOTLOADER, 0x01, "ota"},
    {ESP_LOADER_PARTITION_TYPE_BOOTLOADER, 0x02, "recovery"},
    {ESP_LOADER_PARTITION_TYPE_TABLE, 0x00, "primary"},
    {ESP_LOADER_PARTITION_TYPE_TABLE, 0x01, "ota"},
};

const char *partition_type_name(uint8_t type)
{
    switch (type) {
    case ESP_LOADER_PARTITION_TYPE_APP:
        return "app";
    case ESP_LOADER_PARTITION_TYPE_DATA:
        return "data";
    case ESP_LOADER_PARTITION_TYPE_BOOTLOADER:
        return "bootloader";
    case ESP_LOADER_PARTITION_TYPE_TABLE:
        return "table";
    default:
        return "custom";
    }
}

const char *partition_subtype_name(uint8_t type, uint8_t subtype, char room[PARTITION_NAME_SIZE])
{
    const bool is_app = type == ESP_LOADER_PARTITION_TYPE_APP;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].type == type && names[i].subtype == subtype) {
            return names[i].name;
        }
    }
    if (is_app && subtype >= OTA_0 && subtype < OTA_0 + SLOTS) {
        snprintf(room, PARTITION_NAME_SIZE, "ota_%u", (unsigned)(subtype - OTA_0));
    } else if (is_app && subtype >= TEE_0 && subtype < TEE_0 + TEE_SLOTS) {
        snprintf(room, PARTITION_NAME_SIZE, "tee_%u", (unsigned)(subtype - TEE_0));
    } else {
        snprintf(room, PARTITION_NAME_SIZE, "0x%02x", (unsigned)subtype);
    }
    return room;
}
