/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Going from rate to rate until one carries. From a rate that hardly carries the target is told again and again
 * to go to the next; one that hears nothing any more, because the port makes another rate than it says, is reset,
 * and finds its way back with the SYNC.
 */
#include "common/count_of.h"
#include "session/chip.h"
#include "session/flash.h"
#include "session/limits.h"
#include "session/rate.h"

#define UNKNOWN_PORT_BAUD 921600u /* all bridges in use can do it */
#define UNRESETTABLE_BAUD 460800u
#define TELL_TRIALS       5u
#define GREETINGS         3u /* of a target that has said that it will be there */
#define HOPEFUL_GREETINGS 2u
#define SILENT_MAX        2u
#define SCALE_ONE         (1u << 20)

static const uint32_t usual_rates[] = {3000000, 2000000, 1500000, 921600, 460800, 230400};

typedef struct {
    esp_loader_t *loader;
    const esp_loader_rate_options_t *options;
    const uint32_t *rates;
    size_t count;
    uint32_t at_baud;    /* where the target was heard, or told to go */
    uint32_t floor_baud; /* where it stays when no other carries */
    uint32_t limit_baud;
    uint32_t first_baud; /* tried before all others, 0 = none */
    bool was_stub;
    bool is_good;   /* what is sent at at_baud arrives */
    uint8_t silent; /* rates of which the target heard nothing, though it was told at a good one */
} search_t;

static uint32_t lower_of(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

uint32_t eli_rate_limit(const esp_loader_t *loader, const esp_loader_rate_options_t *options)
{
    uint32_t port_baud = eli_port_max_rate(loader);
    uint32_t asked_baud = options != NULL ? options->highest_baud : 0;
    if (port_baud != 0 && asked_baud != 0) {
        return lower_of(port_baud, asked_baud);
    }
    if (port_baud != 0 || asked_baud != 0) {
        return port_baud | asked_baud;
    }
    return eli_port_can_reset(loader) ? UNKNOWN_PORT_BAUD : UNRESETTABLE_BAUD;
}

static search_t begin(esp_loader_t *loader, const esp_loader_rate_options_t *options)
{
    static const esp_loader_rate_options_t defaults = {0};
    options = options != NULL ? options : &defaults;
    bool is_usual = options->rates_baud == NULL;
    return (search_t){.loader = loader,
                      .options = options,
                      .rates = is_usual ? usual_rates : options->rates_baud,
                      .count = is_usual ? ELI_COUNT_OF(usual_rates) : options->rate_count,
                      .at_baud = esp_loader_get_rate(loader),
                      .floor_baud = esp_loader_get_rate(loader),
                      .limit_baud = eli_rate_limit(loader, options),
                      .first_baud = options->first_baud,
                      .was_stub = eli_is_stub(loader)};
}

/* ---- one step ---- */

static esp_loader_error_t tell(search_t *search, uint32_t baud, unsigned trial, bool *out_is_told)
{
    esp_loader_t *loader = search->loader;
    uint32_t rom_baud = (uint32_t)(((uint64_t)baud * loader->_rom_rate_scale) >> 20);
    uint32_t words[2];
    const eli_command_t command = {.shape = ELI_RATE_SHAPE, .words = words};
    eli_reply_t reply;
    RETURN_ON_ERROR(eli_port_set_rate(loader, search->at_baud));
    loader->_rate_baud = search->at_baud;
    if (trial % 2 != 0 && eli_is_stub(loader)) {
        RETURN_ON_ERROR(eli_toggle_stub_decoder(loader));
    }
    eli_rate_words(loader, search->at_baud, baud, rom_baud, words);
    esp_loader_error_t err = eli_try(loader, &command, eli_rate_answer_ms(loader), &reply);
    *out_is_told = err == ESP_LOADER_SUCCESS;
    return eli_rate_is_trouble(err) ? ESP_LOADER_SUCCESS : err;
}

/* Takes both ends to a rate, and waits for the target's answer there.
 *  @retval ESP_LOADER_ERROR_TIMEOUT  there is none */
static esp_loader_error_t go(search_t *search, uint32_t baud)
{
    esp_loader_error_t err = ESP_LOADER_ERROR_TIMEOUT;
    bool is_told = false;
    for (unsigned trial = 0; trial < TELL_TRIALS && !is_told && err == ESP_LOADER_ERROR_TIMEOUT; trial++) {
        RETURN_ON_ERROR(tell(search, baud, trial, &is_told));
        RETURN_ON_ERROR(eli_rate_follow(search->loader, baud));
        err = eli_rate_greet(search->loader, is_told ? GREETINGS : HOPEFUL_GREETINGS);
    }
    search->at_baud = baud;
    return err;
}

/* The last way to a target: a reset, after which it listens for a rate. What the session knows of it stays. */
static esp_loader_error_t reset(search_t *search)
{
    esp_loader_t *loader = search->loader;
    const uint32_t flash_size = loader->_flash_size;
    const bool is_stated = loader->_is.flash_size_stated;
    const bool was_attached = loader->_is.flash_attached;
    const uint32_t patience_ms = loader->_patience_ms;
    loader->_rate_baud = ELI_DEFAULT_RATE_BAUD;
    RETURN_ON_ERROR(eli_port_set_rate(loader, ELI_DEFAULT_RATE_BAUD));
    esp_loader_error_t err =
        search->was_stub ? esp_loader_connect_with_stub(loader, NULL) : esp_loader_connect(loader, NULL);
    loader->_patience_ms = patience_ms; /* a second attempt after a reset says nothing about the way */
    if (err == ESP_LOADER_ERROR_TIMEOUT) {
        eli_forget_failure(loader, ESP_LOADER_STAGE_RATE);
        return eli_fail(loader, err, ESP_LOADER_ERROR_RATE, ESP_LOADER_STAGE_RATE, 0, search->at_baud);
    }
    RETURN_ON_ERROR(err);
    loader->_is.flash_size_stated = is_stated;
    if (is_stated) {
        loader->_flash_size = flash_size;
    }
    if (was_attached) {
        RETURN_ON_ERROR(eli_flash_attach(loader));
    }
    search->at_baud = ELI_DEFAULT_RATE_BAUD;
    search->is_good = true;
    eli_forget_failure(loader, ESP_LOADER_STAGE_RATE);
    return ESP_LOADER_SUCCESS;
}

static bool is_refusal(esp_loader_error_t err)
{
    return err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC || err == ESP_LOADER_ERROR_INVALID_PARAM;
}

static esp_loader_error_t judge(search_t *search, esp_loader_rate_trial_t *trial)
{
    esp_loader_t *loader = search->loader;
    esp_loader_error_t err = eli_port_set_rate(loader, trial->rate_baud);
    if (is_refusal(err)) {
        trial->result = ESP_LOADER_RATE_REFUSED;
        return eli_port_set_rate(loader, search->at_baud);
    }
    RETURN_ON_ERROR(err);
    err = go(search, trial->rate_baud);
    if (err == ESP_LOADER_ERROR_TIMEOUT &&
        !search->is_good) { /* what it was told last may have been damaged */
        trial->result = ESP_LOADER_RATE_SILENT;
        trial->was_reset = true;
        RETURN_ON_ERROR(reset(search));
        err = go(search, trial->rate_baud);
    }
    if (err == ESP_LOADER_ERROR_TIMEOUT) {
        trial->result = ESP_LOADER_RATE_SILENT;
        trial->was_reset = true;
        search->silent++;
        return reset(search);
    }
    RETURN_ON_ERROR(err);
    search->is_good = false; /* unless it is the last that is tried */
    return eli_rate_probe(loader, trial);
}

static esp_loader_error_t attempt(search_t *search, uint32_t baud, esp_loader_rate_result_t *out_result)
{
    esp_loader_rate_trial_t trial = {.rate_baud = baud};
    uint32_t started_ms = eli_now_ms(search->loader);
    esp_loader_error_t err = judge(search, &trial);
    trial.time_ms = eli_now_ms(search->loader) - started_ms;
    *out_result = trial.result;
    if (search->options->on_trial != NULL && (err == ESP_LOADER_SUCCESS || trial.was_reset)) {
        search->options->on_trial(search->options->ctx, &trial);
    }
    return err;
}

/* ---- all of them ---- */

/* Where a port makes another rate than it says, those next to it are as doubtful. */
static uint32_t next_below(esp_loader_rate_result_t result, uint32_t baud)
{
    bool is_fast = baud > UNKNOWN_PORT_BAUD;
    return result == ESP_LOADER_RATE_SILENT && is_fast ? UNKNOWN_PORT_BAUD + 1 : baud;
}

/* Tries what is below @p below_baud and above the floor, and stays at the floor if nothing carries. */
static esp_loader_error_t find(search_t *search, uint32_t below_baud)
{
    esp_loader_rate_result_t result = ESP_LOADER_RATE_REFUSED;
    uint32_t first_baud = search->first_baud;
    if (first_baud > search->floor_baud && first_baud <= search->limit_baud && first_baud < below_baud) {
        RETURN_ON_ERROR(attempt(search, first_baud, &result));
        below_baud = next_below(result, first_baud);
    }
    for (size_t i = 0; i < search->count && result != ESP_LOADER_RATE_GOOD && search->silent < SILENT_MAX;
         i++) {
        uint32_t baud = search->rates[i];
        if (baud < below_baud && baud > search->floor_baud && baud <= search->limit_baud) {
            RETURN_ON_ERROR(attempt(search, baud, &result));
            below_baud = next_below(result, baud);
        }
    }
    if (result != ESP_LOADER_RATE_GOOD && search->at_baud != search->floor_baud) {
        esp_loader_error_t err = go(search, search->floor_baud);
        return err == ESP_LOADER_ERROR_TIMEOUT ? reset(search) : err;
    }
    return ESP_LOADER_SUCCESS;
}

/* Answers that are late are skipped before the next command. */
static esp_loader_error_t finish(search_t *search, esp_loader_error_t err, uint32_t *out_baud)
{
    esp_loader_t *loader = search->loader;
    eli_request_barrier(loader);
    if (out_baud != NULL) {
        *out_baud = esp_loader_get_rate(loader);
    }
    if (err != ESP_LOADER_SUCCESS) {
        return eli_fail_here(loader, err, 0, search->at_baud);
    }
    eli_forget_failure(loader, ESP_LOADER_STAGE_RATE);
    return ESP_LOADER_SUCCESS;
}

uint32_t esp_loader_get_rate(const esp_loader_t *loader)
{
    return loader->_rate_baud != 0 ? loader->_rate_baud : ELI_DEFAULT_RATE_BAUD;
}

esp_loader_error_t esp_loader_raise_rate(esp_loader_t *loader, const esp_loader_rate_options_t *options,
                                         uint32_t *out_baud)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_RATE));
    search_t search = begin(loader, options);
    esp_loader_error_t err = ESP_LOADER_SUCCESS;
    if (eli_rate_can_change(loader) && eli_flash_has_md5(loader) && search.limit_baud > search.floor_baud &&
        eli_flash_attach(loader) == ESP_LOADER_SUCCESS) {
        loader->_rom_rate_scale = SCALE_ONE;
        if (!search.was_stub) {
            err = eli_rom_rate(loader, search.floor_baud, SCALE_ONE, &loader->_rom_rate_scale);
        }
        loader->_detail.stage = ESP_LOADER_STAGE_RATE;
        if (err == ESP_LOADER_SUCCESS) {
            search.is_good = true;
            err = find(&search, UINT32_MAX);
        }
    }
    return finish(&search, err, out_baud);
}

esp_loader_error_t esp_loader_lower_rate(esp_loader_t *loader, const esp_loader_rate_options_t *options,
                                         uint32_t *out_baud)
{
    RETURN_ON_ERROR(eli_enter(loader, ESP_LOADER_STAGE_RATE));
    search_t search = begin(loader, options);
    search.first_baud = 0;
    search.floor_baud = ELI_DEFAULT_RATE_BAUD;
    if (!eli_rate_can_change(loader) || search.at_baud <= search.floor_baud) {
        return eli_fail(loader, ESP_LOADER_ERROR_UNSUPPORTED_FUNC, ESP_LOADER_ERROR_RATE,
                        ESP_LOADER_STAGE_RATE, 0, search.at_baud);
    }
    loader->_block_opcode = 0;
    if (loader->_rom_rate_scale == 0) { /* to find it out, the ROM would have to be heard */
        loader->_rom_rate_scale = SCALE_ONE;
    }
    return finish(&search, find(&search, search.at_baud), out_baud);
}
