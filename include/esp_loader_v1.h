/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The 1.x form: one target, no context argument. Include this header instead of esp_loader.h and call the
 * functions by their 1.x names, which macros at the end turn into esp_loader_v1_*. It is a thin layer over
 * one static context in src/v1/v1.c, costs nothing unless used, and cannot be mixed with the context form in
 * one source file.
 *
 * A port is opened by its own loader_port_..._init(). Semantics are those of the context functions
 * unless stated here; blocking times, errors and limits are documented in esp_loader.h.
 *
 * MD5_ENABLED (0 by default, a setting of the library's build) makes the façade compute the MD5 of what is
 * written, for esp_loader_flash_verify(). Without it flashing is unverified.
 */
#ifndef ESP_LOADER_V1_H
#define ESP_LOADER_V1_H

#include "esp_loader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- for ports ---- */

/** Opens @p port and makes it the façade's port. Errors: esp_loader_init_serial(). */
esp_loader_error_t esp_loader_v1_attach(esp_loader_port_t *port);

/** The same for other links. @p init is esp_loader_init_serial(), _spi() or _sdio(); errors as that one. */
esp_loader_error_t esp_loader_v1_attach_with(esp_loader_port_t *port,
                                             esp_loader_error_t (*init)(esp_loader_t *loader,
                                                                        esp_loader_port_t *port));

/** Closes the port; harmless without one. */
void esp_loader_v1_detach(void);

/** What happened in the last failed call. Never NULL. */
const esp_loader_error_detail_t *esp_loader_v1_error_detail(void);

/* ---- the 1.x functions. Without an attached port all return ESP_LOADER_ERROR_INVALID_PARAM. ---- */

/** @{ The function without `v1_` in esp_loader.h, for the attached port, with its arguments and errors. */
esp_loader_error_t esp_loader_v1_connect(esp_loader_connect_args_t *connect_args);
esp_loader_error_t esp_loader_v1_connect_with_stub(esp_loader_connect_args_t *connect_args);
/** @retval ESP_LOADER_ERROR_INVALID_TARGET  the target is not a @p target_chip */
esp_loader_error_t esp_loader_v1_connect_secure_download_mode(esp_loader_connect_args_t *connect_args,
                                                              uint32_t flash_size, target_chip_t target_chip);
target_chip_t esp_loader_v1_get_target(void);
void esp_loader_v1_reset_target(void);

esp_loader_error_t esp_loader_v1_flash_start(uint32_t offset, uint32_t image_size, uint32_t block_size);
esp_loader_error_t esp_loader_v1_flash_write(const void *payload, uint32_t size);
/** Ends the write without verification; @p reboot then resets the target into its application. */
esp_loader_error_t esp_loader_v1_flash_finish(bool reboot);
/** Compares the MD5 of all that was written since esp_loader_v1_flash_start() with the flash; before or after
 * esp_loader_v1_flash_finish().
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  built without MD5_ENABLED
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM     not everything that was announced has been written */
esp_loader_error_t esp_loader_v1_flash_verify(void);
esp_loader_error_t esp_loader_v1_flash_verify_known_md5(uint32_t address, uint32_t size,
                                                        const uint8_t *expected_md5);

esp_loader_error_t esp_loader_v1_flash_deflate_start(uint32_t offset, uint32_t image_size,
                                                     uint32_t compressed_size, uint32_t block_size);
esp_loader_error_t esp_loader_v1_flash_deflate_write(const void *payload, uint32_t size);
esp_loader_error_t esp_loader_v1_flash_deflate_finish(bool reboot);

esp_loader_error_t esp_loader_v1_flash_detect_size(uint32_t *flash_size);
esp_loader_error_t esp_loader_v1_flash_read(uint8_t *buf, uint32_t address, uint32_t length);
esp_loader_error_t esp_loader_v1_flash_erase(void);
esp_loader_error_t esp_loader_v1_flash_erase_region(uint32_t offset, uint32_t size);

esp_loader_error_t esp_loader_v1_mem_start(uint32_t offset, uint32_t size, uint32_t block_size);
esp_loader_error_t esp_loader_v1_mem_write(const void *payload, uint32_t size);
esp_loader_error_t esp_loader_v1_mem_finish(uint32_t entrypoint);

esp_loader_error_t esp_loader_v1_get_security_info(esp_loader_target_security_info_t *info);
esp_loader_error_t esp_loader_v1_read_mac(uint8_t *mac);
esp_loader_error_t esp_loader_v1_read_register(uint32_t address, uint32_t *value);
esp_loader_error_t esp_loader_v1_write_register(uint32_t address, uint32_t value);
esp_loader_error_t esp_loader_v1_change_transmission_rate(uint32_t rate);
/** @} */
/** As esp_loader_v1_change_transmission_rate(); @p old_rate is not needed, the library knows it. */
esp_loader_error_t esp_loader_v1_change_transmission_rate_stub(uint32_t old_rate, uint32_t rate);

/* ---- their 1.x names ---- */

#ifndef ESP_LOADER_V1_KEEP_NAMES /* for files that use the context form as well: v1.c and ports */
/** @{ The name in 1.x. */
#define esp_loader_connect                       esp_loader_v1_connect
#define esp_loader_connect_with_stub             esp_loader_v1_connect_with_stub
#define esp_loader_connect_secure_download_mode  esp_loader_v1_connect_secure_download_mode
#define esp_loader_get_target                    esp_loader_v1_get_target
#define esp_loader_reset_target                  esp_loader_v1_reset_target
#define esp_loader_flash_start                   esp_loader_v1_flash_start
#define esp_loader_flash_write                   esp_loader_v1_flash_write
#define esp_loader_flash_finish                  esp_loader_v1_flash_finish
#define esp_loader_flash_verify                  esp_loader_v1_flash_verify
#define esp_loader_flash_verify_known_md5        esp_loader_v1_flash_verify_known_md5
#define esp_loader_flash_deflate_start           esp_loader_v1_flash_deflate_start
#define esp_loader_flash_deflate_write           esp_loader_v1_flash_deflate_write
#define esp_loader_flash_deflate_finish          esp_loader_v1_flash_deflate_finish
#define esp_loader_flash_detect_size             esp_loader_v1_flash_detect_size
#define esp_loader_flash_read                    esp_loader_v1_flash_read
#define esp_loader_flash_erase                   esp_loader_v1_flash_erase
#define esp_loader_flash_erase_region            esp_loader_v1_flash_erase_region
#define esp_loader_mem_start                     esp_loader_v1_mem_start
#define esp_loader_mem_write                     esp_loader_v1_mem_write
#define esp_loader_mem_finish                    esp_loader_v1_mem_finish
#define esp_loader_get_security_info             esp_loader_v1_get_security_info
#define esp_loader_read_mac                      esp_loader_v1_read_mac
#define esp_loader_read_register                 esp_loader_v1_read_register
#define esp_loader_write_register                esp_loader_v1_write_register
#define esp_loader_change_transmission_rate      esp_loader_v1_change_transmission_rate
#define esp_loader_change_transmission_rate_stub esp_loader_v1_change_transmission_rate_stub
#define esp_loader_error_detail                  esp_loader_v1_error_detail
/** @} */
#endif

#ifdef __cplusplus
}
#endif

#endif
