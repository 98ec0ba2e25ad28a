/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The target's watchdogs, stopped and used. Source: esptool 5.3, watchdog handling of the target classes; TRM
 * chapters on the RTC and LP watchdogs.
 */
#include "session/chip.h"
#include "session/core.h"

#define WDT_KEY           0x50D83AA1u
#define SWD_RTC_KEY       0x8F1D312Au
#define SWD_RTC_AUTO_FEED (1u << 31)
#define SWD_LP_AUTO_FEED  (1u << 18)
#define ALL_BITS          0xFFFFFFFFu

/* Their registers take a write only while a protection register holds a key. */
static esp_loader_error_t write_unlocked(esp_loader_t *loader, uint32_t protect, uint32_t key,
                                         uint32_t address, uint32_t value, uint32_t mask)
{
    RETURN_ON_ERROR(eli_register_write(loader, protect, key));
    RETURN_ON_ERROR(eli_register_change(loader, address, value, mask));
    return eli_register_write(loader, protect, 0);
}

esp_loader_error_t eli_watchdog_write(esp_loader_t *loader, uint32_t off, uint32_t value)
{
    const eli_target_t *target = eli_target(loader);
    const uint32_t config0 = target->wdt_config0;
    return write_unlocked(loader, config0 + target->wdt_protect_off, WDT_KEY, config0 + off, value, ALL_BITS);
}

/* A reset over USB-Serial/JTAG is a core reset: both watchdogs go on counting and would reset the chip in the
 * middle of a long erase. On an unknown link it may be that peripheral; stopping them does no harm
 * elsewhere. */
esp_loader_error_t eli_stop_watchdogs(esp_loader_t *loader)
{
    const eli_target_t *target = eli_target(loader);
    esp_loader_link_t link = eli_port_link_kind(loader);
    if (!eli_has(target, ELI_SWD_RTC | ELI_SWD_LP) || loader->_is.secure_download ||
        link == ESP_LOADER_LINK_UART || link == ESP_LOADER_LINK_USB_OTG) {
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(eli_watchdog_write(loader, 0, 0));
    uint32_t swd = target->wdt_config0 + target->wdt_protect_off + 4;
    bool is_rtc = eli_has(target, ELI_SWD_RTC);
    uint32_t auto_feed = is_rtc ? SWD_RTC_AUTO_FEED : SWD_LP_AUTO_FEED;
    return write_unlocked(loader, swd + 4, is_rtc ? SWD_RTC_KEY : WDT_KEY, swd, auto_feed, auto_feed);
}
