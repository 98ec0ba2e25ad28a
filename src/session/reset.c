/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Getting a target into download mode and out of it, as sequences of DTR/RTS states. A port with a method of
 * its own (GPIOs, a first-generation port) is asked to use that instead.
 *
 * Sources: esptool 5.3 reset strategies; ESP32-S3 TRM ch. 33 and ESP32-C3 TRM ch. 30 (USB Serial/JTAG, what
 * the line pair does). Both lines asserted or both released do nothing on the two-transistor circuit; on
 * USB-Serial/JTAG the path from "DTR" to "RTS" must lead through both, because releasing both clears the
 * download flag.
 */
#include "session/chip.h"
#include "session/core.h"

#include "common/count_of.h"

/* One state of the lines and how long it is held. */
typedef struct {
    bool dtr;
    bool rts;
    uint16_t hold_ms;
} line_step_t;

typedef struct {
    const line_step_t *steps;
    size_t count;
} sequence_t;

#define SEQUENCE(steps)                                                                                      \
    {                                                                                                        \
        steps, ELI_COUNT_OF(steps)                                                                           \
    }

/* EN with a large capacitor rises so slowly that the strapping pin must be held longer. */
#define LONG_BOOT_HOLD_MS 550

/* Minimum for USB-Serial/JTAG is none; esptool holds the flag before it resets. */
#define USJ_FLAG_HOLD_MS 50

/* How long a reset into the application is held, and how long the chip is left alone afterwards: the longest
 * any supported chip needs (C5). */
#define RUN_HOLD_MS 200

/* Stage 0 resets the system after so many clocks of 90 to 136 kHz. Source: esptool 5.3, watchdog_reset; it
 * waits 2000 clocks, too short for the replies on a slow link. */
#define WDT_RESET_CONFIG  0xD0000102u
#define WDT_RESET_CLOCKS  20000u
#define WDT_RESET_WAIT_MS 500u

/* Bit of the strap register that is 0 when the strapping pin was low. Source: ESP-IDF, soc/boot_mode.h. */
#define STRAP_BOOT_PIN 0x8u

/* Is the target asked what it needs to leave download mode? Not in a build for little memory: that takes 270 bytes of
 * code. */
#ifdef ESP_LOADER_SMALL
#define PREPARES_RESET false
#else
#define PREPARES_RESET true
#endif

/* None begins with both lines released: a server that interprets the lines instead of passing them on takes
 * DTR for "enter download mode", and a release of RTS without DTR before it for "hard reset". */
static const line_step_t bridge_steps[] = {
    {0, 1, SERIAL_FLASHER_RESET_HOLD_TIME_MS}, {1, 0, SERIAL_FLASHER_BOOT_HOLD_TIME_MS}, {0, 0, 0}};
static const line_step_t bridge_long_steps[] = {
    {0, 1, SERIAL_FLASHER_RESET_HOLD_TIME_MS}, {1, 0, LONG_BOOT_HOLD_MS}, {0, 0, 0}};
static const line_step_t usj_steps[] = {
    {1, 0, USJ_FLAG_HOLD_MS}, {1, 1, 0}, {0, 1, SERIAL_FLASHER_RESET_HOLD_TIME_MS}, {0, 0, 0}};

static const sequence_t bridge = SEQUENCE(bridge_steps);
static const sequence_t bridge_long = SEQUENCE(bridge_long_steps);
static const sequence_t usj = SEQUENCE(usj_steps);

static esp_loader_error_t take(esp_loader_t *loader, const line_step_t *step)
{
    RETURN_ON_ERROR(eli_port_set_lines(loader, step->dtr, step->rts));
    eli_port_delay(loader, step->hold_ms);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t play(esp_loader_t *loader, const sequence_t *sequence)
{
    for (size_t i = 0; i < sequence->count; i++) {
        RETURN_ON_ERROR(take(loader, &sequence->steps[i]));
    }
    return ESP_LOADER_SUCCESS;
}

/* Which sequence a link needs; where the link is not known both kinds take turns. */
static const sequence_t *sequence_for(esp_loader_link_t link, unsigned style)
{
    switch (link) {
    case ESP_LOADER_LINK_USB_SERIAL_JTAG:
        return &usj;
    case ESP_LOADER_LINK_UART:
        return style % 2 == 0 ? &bridge : &bridge_long;
    case ESP_LOADER_LINK_UNKNOWN:
        return style % 2 != 0 ? &usj : style % 4 == 0 ? &bridge : &bridge_long;
    case ESP_LOADER_LINK_USB_OTG: /* the ROM's CDC device does not act on the lines */
    default:
        return NULL;
    }
}

esp_loader_error_t eli_reset_into_download(esp_loader_t *loader, unsigned style)
{
    if (eli_port_enters_by_lines(loader)) {
        const sequence_t *sequence = sequence_for(eli_port_link_kind(loader), style);
        return sequence != NULL ? play(loader, sequence) : ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    return eli_port_enter_bootloader(loader);
}

/* On USB-Serial/JTAG a download flag that a program before us may have left is cleared first, as at the end
 * of the way into download mode. */
static esp_loader_error_t reset_by_lines(esp_loader_t *loader)
{
    static const line_step_t hold = {0, 1, RUN_HOLD_MS};
    static const line_step_t release = {0, 0, RUN_HOLD_MS};
    const esp_loader_link_t link = eli_port_link_kind(loader);
    if (!PREPARES_RESET && link == ESP_LOADER_LINK_USB_OTG) {
        return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    }
    if (link == ESP_LOADER_LINK_USB_SERIAL_JTAG) {
        RETURN_ON_ERROR(take(loader, &usj_steps[3]));
    }
    RETURN_ON_ERROR(take(loader, &hold));
    esp_loader_error_t err = take(loader, &release);
    /* A device that is gone by now has left because of its reset. */
    return err == ESP_LOADER_ERROR_DISCONNECTED ? ESP_LOADER_SUCCESS : err;
}

static esp_loader_error_t reset_by_port(esp_loader_t *loader)
{
    return eli_port_resets_by_lines(loader) ? reset_by_lines(loader) : eli_port_reset(loader);
}

/* A set force-download field survives the reset and would bring the chip back into download mode. */
static void clear_force_download(esp_loader_t *loader, const eli_target_t *target)
{
    if (target->force_download_words != 0) {
        uint32_t mask = (eli_has(target, ELI_FORCE_DOWNLOAD_TWO_BITS) ? 3u : 1u)
                        << target->force_download_shift;
        uint32_t address = target->efuse_base + 4 * (uint32_t)target->force_download_words;
        (void)eli_register_change(loader, address, 0, mask);
    }
}

/* Was the strapping pin low when it was last sampled? */
static bool is_boot_pin_latched(esp_loader_t *loader)
{
    const uint32_t address = eli_strap_addr_of(loader->_chip);
    uint32_t strap = STRAP_BOOT_PIN;
    if (address != 0) {
        (void)eli_register_read(loader, address, &strap);
    }
    return (strap & STRAP_BOOT_PIN) == 0;
}

/* The RTC watchdog resets the system, which samples the strapping pin again. CONFIG0 starts it. */
static esp_loader_error_t reset_by_watchdog(esp_loader_t *loader)
{
    RETURN_ON_ERROR(eli_refuse_secure_download(loader, 0));
    RETURN_ON_ERROR(eli_watchdog_write(loader, 4, WDT_RESET_CLOCKS));
    RETURN_ON_ERROR(eli_watchdog_write(loader, 0, WDT_RESET_CONFIG));
    eli_port_delay(loader, WDT_RESET_WAIT_MS);
    return ESP_LOADER_SUCCESS;
}

/* Prepares a reset into the application; is it to be by watchdog, because the lines would not do? The CDC
 * device of a ROM on USB-OTG does not act on them. On USB-Serial/JTAG they make a core reset, which does not
 * sample the strapping pin again. A failure here is no reason not to try the reset. */
static bool prepare(esp_loader_t *loader)
{
    const eli_target_t *target = eli_target(loader);
    esp_loader_link_t link = eli_port_link_kind(loader);
    bool is_otg = link == ESP_LOADER_LINK_USB_OTG;
    if (loader->_is.secure_download) { /* registers can be neither read nor written */
        return is_otg;
    }
    clear_force_download(loader, target);
    return is_otg || (link == ESP_LOADER_LINK_USB_SERIAL_JTAG && is_boot_pin_latched(loader));
}

esp_loader_error_t esp_loader_reset_target_checked(esp_loader_t *loader)
{
    eli_forget_failure(loader, ESP_LOADER_STAGE_RESET);
    bool is_by_watchdog =
        PREPARES_RESET && loader->_is.connected && prepare(loader) && !eli_port_has_own_reset(loader);
    eli_forget_failure(loader, ESP_LOADER_STAGE_RESET);
    esp_loader_error_t err = is_by_watchdog ? reset_by_watchdog(loader) : reset_by_port(loader);
    if (err != ESP_LOADER_ERROR_UNSUPPORTED_FUNC) { /* else the target is where it was */
        loader->_is.connected = false;
    }
    return eli_fail_here(loader, err, 0, 0);
}

void esp_loader_reset_target(esp_loader_t *loader)
{
    esp_loader_error_t err = esp_loader_reset_target_checked(loader);
    (void)err; /* the 2.0 form cannot return it; the detail keeps it */
}
