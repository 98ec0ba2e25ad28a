/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the loader and the link take.
 */
#include "session/limits.h"

#define ROM_BLOCK_SIZE     1024u
#define USB_OTG_BLOCK_SIZE 0x800u /* source: esptool 5.6, USB-OTG of S2, S3 and P4 */
#define SDIO_BLOCK_SIZE                                                                                      \
    0x3000u /* whole sectors; with its headers it is less than the 16 KiB that the stub's chain has */

/* A ROM's flash commands carry 24 address bits. */
#define ROM_REACH (16u << 20)

/* A processor without a divide instruction takes 266 bytes for one from its library, so nothing that every program
 * has divides. Counting is no slower than what is counted: a block takes milliseconds. */
uint32_t eli_block_count(uint32_t size, uint32_t block_size)
{
    uint32_t count = 1;
    for (; size > block_size; size -= block_size) {
        count++;
    }
    return count;
}

uint32_t eli_divide(uint32_t dividend, uint32_t divisor)
{
    uint32_t quotient = 0;
    uint32_t bit = 1;
    for (; divisor < dividend && divisor < UINT32_C(1) << 31; divisor <<= 1) {
        bit <<= 1;
    }
    for (; bit != 0; bit >>= 1, divisor >>= 1) {
        if (dividend >= divisor) {
            dividend -= divisor;
            quotient |= bit;
        }
    }
    return quotient;
}

uint32_t eli_limit_block_size(const esp_loader_t *loader, uint32_t size)
{
    if (eli_carries_frames(loader) && size > SDIO_BLOCK_SIZE) {
        return SDIO_BLOCK_SIZE;
    }
    return eli_port_link_kind(loader) == ESP_LOADER_LINK_USB_OTG ? USB_OTG_BLOCK_SIZE : size;
}

uint32_t eli_flash_block_size(const esp_loader_t *loader)
{
    if (!eli_is_stub(loader)) {
        return ROM_BLOCK_SIZE;
    }
    return eli_limit_block_size(loader, ELI_MAX_BLOCK_SIZE);
}

uint32_t eli_flash_reach(const esp_loader_t *loader)
{
    bool is_wide = eli_is_stub(loader) && eli_has(eli_target(loader), ELI_STUB_WIDE);
    return !is_wide && loader->_flash_size > ROM_REACH ? ROM_REACH : loader->_flash_size;
}

esp_loader_error_t eli_flash_check_range(esp_loader_t *loader, uint32_t offset, uint32_t size)
{
    uint32_t reach = eli_flash_reach(loader);
    if (size > reach || offset > reach - size) {
        return eli_fail_for(loader, ESP_LOADER_ERROR_IMAGE_SIZE, ESP_LOADER_ERROR_FLASH_RANGE, offset, size);
    }
    return ESP_LOADER_SUCCESS;
}

bool eli_flash_has_md5(const esp_loader_t *loader)
{
    return eli_is_stub(loader) || (!loader->_is.secure_download && eli_has(eli_target(loader), ELI_ROM_MD5));
}
