/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The flash chip of the target: which one it is, its status, and how large it is. The rules and errors of
 * esp_loader.h hold here as well.
 */
#ifndef ESP_LOADER_FLASH_CHIP_H
#define ESP_LOADER_FLASH_CHIP_H

#include "esp_loader.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Reads the flash chip's identification.
 *  @param out_id  JEDEC id as the bus delivers it: bits 7:0 manufacturer, 15:8 type, 23:16 capacity code
 *  @retval ESP_LOADER_ERROR_INVALID_RESPONSE  cause FLASH_ID: invalid id (all zeros or ones),
 *                                             detail.value */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_flash_read_id(esp_loader_t *loader, uint32_t *out_id);

/** Reads the flash chip's factory-programmed unique ID (command RDUID, 0x4B).
 *  @param out_id  @p size bytes in the order the bus delivers them
 *  @param size    8 or 16; only GigaDevice (manufacturer 0xC8) has 16 bytes, with other parts the second
 *                 half is undefined
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     any other size, or no @p out_id
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  the chip does not answer the command (all zeros or ones), cause
 *                                             FLASH_ID; or secure download mode, cause SECURITY
 * Source: data sheets of W25Q64JV and GD25Q64C; ESP-IDF, spi_flash drivers. */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_flash_read_unique_id(esp_loader_t *loader, uint8_t *out_id, size_t size);

/** Block protection bits of the flash chip's status register: BP0 to BP2, TB, SEC. */
#define ESP_LOADER_FLASH_STATUS_PROTECTED 0x7Cu

/** Reads the flash chip's status register 1. A protected flash chip acknowledges writes and ignores them.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  cause SECURITY: secure download mode */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_flash_read_status(esp_loader_t *loader, uint8_t *out_status);

/** Reads the first of the flash chip's status registers together: commands RDSR, RDSR2 and RDSR3 (0x05, 0x35, 0x15). What
 * a part does not have reads as ones or zeros.
 *  @param count       1 to 3
 *  @param out_status  the first register in bits 7:0
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     another @p count
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  cause SECURITY: secure download mode
 * Source: data sheet of W25Q64JV. */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_flash_read_status_registers(esp_loader_t *loader, unsigned count,
                                                          uint32_t *out_status);

/** Writes the first of the flash chip's status registers: each by a command of its own (WRSR, WRSR2 and WRSR3: 0x01,
 * 0x31, 0x11) and, of two, both by WRSR before that, as parts differ in what they know. Waits until the part has done it,
 * at most 2 s. A part ignores what it does not know, or what is protected: read it back.
 *  @param count            1 to 3
 *  @param status           the first register in bits 7:0
 *  @param is_non_volatile  true: it survives a power cycle (after WREN, 0x06); false: it does not (after 0x50)
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     another @p count
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  cause SECURITY: secure download mode
 *  @retval ESP_LOADER_ERROR_TIMEOUT           the part is still busy
 * Source: data sheet of W25Q64JV. */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_flash_write_status_registers(esp_loader_t *loader, unsigned count,
                                                           uint32_t status, bool is_non_volatile);

/** Reads the flash chip's Serial Flash Discoverable Parameters (RDSFDP, 0x5A; JEDEC JESD216). A part without them
 * brings ones.
 *  @param address  of the first byte, below 2^24
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     no @p out, or a range beyond 2^24
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  cause SECURITY: secure download mode */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_flash_read_sfdp(esp_loader_t *loader, uint32_t address, uint8_t *out,
                                              size_t size);

/** Size of the flash chip in bytes, from its identification.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  cause FLASH_SIZE: the id is plausible, but its capacity code
 *                                             is unknown; detail.value is the id
 *  @retval ESP_LOADER_ERROR_INVALID_RESPONSE  as esp_loader_flash_read_id() */
esp_loader_error_t esp_loader_flash_detect_size(esp_loader_t *loader, uint32_t *flash_size);

/** States the size of the flash chip. Until the next connect it overrides the size in the id: ranges are
 * checked against it, the loader on the target receives it, and esp_loader_flash_erase() erases that much.
 * Sends nothing. A smaller flash wraps around: data written beyond its end destroys its start. See
 * esp_loader_flash_measure_size(), which a plan calls if the size was stated.
 *  @param size  bytes, a power of two of at least 4096; 0 = use the id, as after a connect
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  any other size */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_flash_set_size(esp_loader_t *loader, uint32_t size);

/** Pins of a flash chip for esp_loader_flash_set_pins(), numbers of GPIOs. */
#define ESP_LOADER_FLASH_PINS(clk, q, d, hd, cs)                                                             \
    ((uint32_t)(hd) << 24 | (uint32_t)(cs) << 18 | (uint32_t)(d) << 12 | (uint32_t)(q) << 6 | (uint32_t)(clk))
/** Those of the ESP32's second SPI controller. */
#define ESP_LOADER_FLASH_PINS_HSPI 1u

/** States where the flash chip is, if it is not at the chip's usual pins. Valid until the next
 * esp_loader_init_serial(), also for a stub and after another connect. Sends nothing; a size that was
 * read is forgotten, one that was stated is not. Which pins a chip has is not checked. Source: SPI_ATTACH in esptool's serial protocol document.
 *  @param pins  ESP_LOADER_FLASH_PINS(), ESP_LOADER_FLASH_PINS_HSPI (ESP32 only); 0 = the usual ones
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  not on this chip: ESP32, ESP32-S2, ESP32-S3 and ESP32-C3 alone can; nor
 *                                             in a build with ESP_LOADER_SMALL */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_flash_set_pins(esp_loader_t *loader, uint32_t pins);

/** Checks without writing whether the flash is as large as assumed. The addresses of a smaller flash wrap
 * around, so both halves read the same. Compares the MD5 of 64 KiB at the start and in the middle and, if
 * these are equal, of both halves. A flash that really has equal halves is reported as smaller. Blocks as
 * esp_loader_flash_md5() of up to twice the size.
 *  @param out_size  upper bound of the flash size, bytes: the assumed size, unless the flash as far as the
 *                   loader can address it contradicts that; 0 = undecided, because the start is uniform, for
 *                   example erased
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  this loader has no MD5 command */
ESP_LOADER_MUST_CHECK
esp_loader_error_t esp_loader_flash_measure_size(esp_loader_t *loader, uint32_t *out_size);

#ifdef __cplusplus
}
#endif

#endif
