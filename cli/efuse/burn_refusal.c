/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "efuse/burn_refusal.h"

const char *burn_refusal_text(esp_loader_efuse_refusal_t refusal)
{
    switch (refusal) {
    case ESP_LOADER_EFUSE_ALLOWED:
        break;
    case ESP_LOADER_EFUSE_WOULD_CLEAR:
        return "a bit is burnt that would have to become 0";
    case ESP_LOADER_EFUSE_WRITE_PROTECTED:
        return "it is write-protected";
    case ESP_LOADER_EFUSE_BLOCK_HAS_DATA:
        return "the block holds other data and can be written once only";
    case ESP_LOADER_EFUSE_BLOCK_UNREADABLE:
        return "the block is read-protected: what it holds cannot be compared";
    case ESP_LOADER_EFUSE_KEY_SLOT_IN_USE:
        return "the key block holds data, has a purpose, is protected, or is given twice";
    case ESP_LOADER_EFUSE_DIGEST_UNREADABLE:
        return "secure boot could not read its digest any more: nothing would boot";
    case ESP_LOADER_EFUSE_USB_LOST:
        return "with USB JTAG and USB-Serial/JTAG both off the ROM does not start";
    case ESP_LOADER_EFUSE_CODING_WITH_DATA:
        return "burn the coding scheme first, data after it";
    case ESP_LOADER_EFUSE_BEYOND_CODING:
        return "under its coding scheme the block has 24 bytes only";
    case ESP_LOADER_EFUSE_CODING_UNSUPPORTED:
        return "blocks with the coding scheme Repeat cannot be burnt by this tool";
    }
    return "it cannot be burnt";
}
