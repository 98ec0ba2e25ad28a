/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What changing the rate and looking for one have in common: rate.c tells a target and confirms it, rate_probe.c
 * judges a rate, rate_search.c goes from one to the next.
 */
#ifndef ELI_RATE_H
#define ELI_RATE_H

#include "esp_loader_rate.h"
#include "session/core.h"

/** Can target and port change their rate? */
bool eli_rate_can_change(const esp_loader_t *loader);

#define ELI_RATE_SHAPE ((eli_shape_t){.opcode = ELI_CHANGE_BAUDRATE, .word_count = 2})

/** Words of the command that takes the target from one rate to another.
 *  @param rom_baud  what a ROM is to be asked for (eli_rom_rate()) */
void eli_rate_words(const esp_loader_t *loader, uint32_t old_baud, uint32_t baud, uint32_t rom_baud,
                    uint32_t words[2]);

/** The host's end follows, and waits until the target is there. */
esp_loader_error_t eli_rate_follow(esp_loader_t *loader, uint32_t baud);

/** No rate above it is tried. @p options may be NULL. */
uint32_t eli_rate_limit(const esp_loader_t *loader, const esp_loader_rate_options_t *options);

/** How long an answer may take beyond the work and the wire, milliseconds. */
uint32_t eli_rate_answer_ms(const esp_loader_t *loader);

/** What says nothing about the port, but about the rate. */
static inline bool eli_rate_is_trouble(esp_loader_error_t err)
{
    return err == ESP_LOADER_ERROR_TIMEOUT || err == ESP_LOADER_ERROR_INVALID_RESPONSE ||
           err == ESP_LOADER_ERROR_FAIL; /* a first-generation port may mean TIMEOUT */
}

/** Waits for the target to answer SYNC, up to @p trials times.
 *  @retval ESP_LOADER_ERROR_TIMEOUT  it does not */
esp_loader_error_t eli_rate_greet(esp_loader_t *loader, unsigned trials);

/** Judges the present rate, at which the target has answered: fills result, questions and errors.
 *  @return errors of the port only */
esp_loader_error_t eli_rate_probe(esp_loader_t *loader, esp_loader_rate_trial_t *trial);

#endif
