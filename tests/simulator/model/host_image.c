/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The test host's small valid images and partition tables.
 */
#include "host.h"

#include <openssl/evp.h>
#include <stdio.h>

static uint32_t image_end(const uint8_t *image)
{
    uint32_t size = image[28] | (uint32_t)image[29] << 8 | (uint32_t)image[30] << 16;
    return (24 + 8 + size + 16) & ~15u;
}

void host_seal_image(uint8_t *image)
{
    uint32_t end = image_end(image);
    uint32_t size = image[28] | (uint32_t)image[29] << 8 | (uint32_t)image[30] << 16;
    uint8_t checksum = 0xEF;
    for (uint32_t i = 0; i < size; i++) {
        checksum ^= image[32 + i];
    }
    image[end - 1] = checksum;
    host_sha256(image, end, image + end);
}

void host_sha256(const uint8_t *data, size_t size, uint8_t out[32])
{
    unsigned digest_size = 32;
    EVP_Digest(data, size, out, &digest_size, EVP_sha256(), NULL);
}

size_t host_make_image(uint8_t *out, uint16_t chip_id, uint32_t load_addr, const uint8_t *segment,
                       uint32_t size)
{
    memset(out, 0, 32 + size + 16);
    out[0] = 0xE9;
    out[1] = 1;
    out[2] = 2;
    out[3] = 0x3F;
    put32(out + 4, 0x40375000);
    out[8] = 0xEE;
    out[12] = (uint8_t)chip_id;
    out[13] = (uint8_t)(chip_id >> 8);
    out[17] = 99; /* up to v0.99 */
    out[23] = 1;
    put32(out + 24, load_addr);
    put32(out + 28, size);
    memcpy(out + 32, segment, size);
    host_seal_image(out);
    return image_end(out) + 32;
}

void host_make_table(uint8_t *out, const host_partition_t *entries, size_t count)
{
    memset(out, 0xFF, 0xC00);
    for (size_t i = 0; i < count; i++) {
        uint8_t *entry = out + 32 * i;
        memset(entry, 0, 32);
        entry[0] = 0xAA;
        entry[1] = 0x50;
        entry[2] = entries[i].type;
        entry[3] = entries[i].subtype;
        put32(entry + 4, entries[i].offset);
        put32(entry + 8, entries[i].size);
        memcpy(entry + 12, entries[i].label, strlen(entries[i].label));
    }
    uint8_t *md5 = out + 32 * count;
    unsigned digest_size = 16;
    md5[0] = md5[1] = 0xEB;
    EVP_Digest(out, 32 * count, md5 + 16, &digest_size, EVP_md5(), NULL);
}

void host_make_bootable(esp_sim_t *sim)
{
    uint8_t segment[512];
    memset(segment, 0xA5, sizeof(segment));
    uint8_t *flash = esp_sim_flash(sim);
    host_make_image(flash, 9, 0x3FCE2820, segment, 256);
    const host_partition_t entries[] = {{1, 2, 0x9000, 0x6000, "nvs"}, {0, 0, 0x10000, 0x100000, "factory"}};
    host_make_table(flash + 0x8000, entries, 2);
    memset(segment, 0, 256);
    put32(segment, 0xABCD5432);
    snprintf((char *)segment + 16, 32, "1.0");
    snprintf((char *)segment + 48, 32, "demo");
    host_make_image(flash + 0x10000, 9, 0x3C000020, segment, sizeof(segment));
}
