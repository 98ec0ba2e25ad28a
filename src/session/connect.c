/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Connecting: reset, SYNC until something answers, then find out what it is. No waiting where an answer can
 * be awaited: SYNC is sent at once and sent again; text of a booting chip is skipped like any noise.
 */
#include "session/connect.h"

#define DEFAULT_SYNC_TIMEOUT_MS 100u

/* Attempts that follow one reset sequence before the next is tried, source: esptool 5.3; and where each of
 * them waits long. */
#define TRIALS_PER_RESET      5u
#define LONG_TRIALS_PER_RESET 2u

/* An answer that comes with a later attempt than this one is late, or that attempt's. */
#define PROMPT_TRIALS 3

/* How much longer than all attempts together an answer to the first one is listened for. */
#define LISTEN_MORE_MS 200u

/* Errors that the next attempt may cure. A first-generation port may say FAIL where it means TIMEOUT. */
static bool is_spent_try(const esp_loader_t *loader, esp_loader_error_t err)
{
    return err == ESP_LOADER_ERROR_TIMEOUT ||
           (err == ESP_LOADER_ERROR_FAIL && eli_port_is_first_generation(loader));
}

/* A target that cannot be reset may run a stub that an interrupted session has left at work: it loses what
 * arrives meanwhile, and if it loses a delimiter its decoder is out of frame sync. */
static esp_loader_error_t reset(esp_loader_t *loader, unsigned style, bool *out_may_be_turned_over)
{
    loader->_detail.stage = ESP_LOADER_STAGE_RESET;
    esp_loader_error_t err = eli_reset_into_download(loader, style);
    *out_may_be_turned_over = ELI_KNOWS_STUBS && err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
    return err == ESP_LOADER_ERROR_UNSUPPORTED_FUNC ? ESP_LOADER_SUCCESS : err;
}

static esp_loader_error_t try_once(esp_loader_t *loader, uint32_t sync_timeout_ms, bool is_toggled)
{
    loader->_detail.stage = ESP_LOADER_STAGE_SYNC;
    eli_link_discard_input(loader);
    if (is_toggled) {
        RETURN_ON_ERROR(eli_toggle_stub_decoder(loader));
    }

    uint32_t value = 1;
    esp_loader_error_t err = eli_sync_once(loader, sync_timeout_ms, &value);
    if (err == ESP_LOADER_SUCCESS && value == 0) { /* left running by an earlier session */
        loader->_is.stub_running = ELI_STUB_ANY;
        return ELI_KNOWS_STUBS ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_INVALID_TARGET;
    }
    return err;
}

/* ---- answers that are late ----
 * On a network an answer may come when its attempt has been given up and the target has been reset again.
 * It shows that there is a target, and how late its answers are at most; only a command shows whether this
 * target still waits for commands. */

/* From now on everything waits that much longer; and first until no answer to an earlier attempt can come. */
static void be_patient(esp_loader_t *loader, uint32_t late_ms)
{
    ELI_LOG(loader, ESP_LOADER_LOG_INFO, "answers are up to %u ms late", (unsigned)late_ms);
    loader->_patience_ms = late_ms;
    eli_port_delay(loader, late_ms);
}

static uint32_t late_since(const esp_loader_t *loader, uint32_t first_ms)
{
    uint32_t late_ms = eli_now_ms(loader) - first_ms;
    return late_ms < ELI_LATEST_ANSWER_MS ? late_ms : ELI_LATEST_ANSWER_MS;
}

/* Nothing has answered so far: listens for an answer to the first attempt, up to twice as long as all took.
 */
static esp_loader_error_t listen(esp_loader_t *loader, uint32_t first_ms, uint32_t attempts_ms)
{
    uint32_t passed_ms = eli_now_ms(loader) - first_ms;
    uint32_t limit_ms = 2 * attempts_ms + LISTEN_MORE_MS;
    if (!eli_port_has_clock(loader) || passed_ms >= limit_ms) {
        return ESP_LOADER_ERROR_TIMEOUT;
    }
    return eli_sync_once(loader, limit_ms - passed_ms, NULL);
}

/* @p out_late_ms is 0, or how late an answer to an attempt before the last reset would have been. */
static esp_loader_error_t sync(esp_loader_t *loader, const esp_loader_connect_args_t *args,
                               uint32_t *out_late_ms)
{
    uint32_t timeout_ms = args->sync_timeout != 0 ? args->sync_timeout : DEFAULT_SYNC_TIMEOUT_MS;
    if (eli_patience_ms(loader) != 0) {
        timeout_ms = DEFAULT_SYNC_TIMEOUT_MS + eli_patience_ms(loader);
    }
    esp_loader_error_t err = ESP_LOADER_ERROR_INVALID_PARAM;
    unsigned style = 0;
    unsigned left = 0; /* trials before the next reset */
    bool may_be_turned_over = false;
    uint32_t first_ms = 0;
    for (int32_t trial = 0; trial < args->trials; trial++) {
        err = ESP_LOADER_SUCCESS;
        if (left == 0) {
            err = reset(loader, style++, &may_be_turned_over);
            left = eli_patience_ms(loader) > PROMPT_TRIALS * DEFAULT_SYNC_TIMEOUT_MS ? LONG_TRIALS_PER_RESET
                                                                                     : TRIALS_PER_RESET;
            first_ms = ELI_KNOWS_NETWORKS && trial == 0 ? eli_now_ms(loader) : first_ms;
        }
        left--;
        if (err == ESP_LOADER_SUCCESS) {
            /* Lines that are there may lead nowhere: the last attempt before the next reset tries that too.
             */
            bool is_toggled = ELI_KNOWS_STUBS && (may_be_turned_over ? trial % 2 != 0 : left == 0);
            err = try_once(loader, timeout_ms, is_toggled);
        }
        loader->_detail.attempts = (uint16_t)(trial + 1);
        if (err == ESP_LOADER_SUCCESS) {
            if (ELI_KNOWS_NETWORKS && trial > 0) { /* patience costs nothing where answers are prompt */
                uint32_t late_ms = late_since(loader, first_ms);
                loader->_patience_ms = late_ms;
                if (style > 1) {
                    *out_late_ms = late_ms;
                } else if (trial >= PROMPT_TRIALS) {
                    be_patient(loader, late_ms);
                }
            }
            return ESP_LOADER_SUCCESS;
        }
        if (!is_spent_try(loader, err)) {
            break;
        }
    }
    if (ELI_KNOWS_NETWORKS && err == ESP_LOADER_ERROR_TIMEOUT && eli_patience_ms(loader) == 0 &&
        listen(loader, first_ms, timeout_ms * (uint32_t)args->trials) == ESP_LOADER_SUCCESS) {
        *out_late_ms = late_since(loader, first_ms);
    }
    return eli_fail_here(loader, err, 0, 0);
}

static esp_loader_error_t sync_and_detect(esp_loader_t *loader, const esp_loader_connect_args_t *args,
                                          uint32_t *out_late_ms)
{
    eli_connect_begin(loader);
    RETURN_ON_ERROR(sync(loader, args, out_late_ms));

    /* A target that was slow to answer may have lost the end of another SYNC, and would swallow the next
     * command with what it has of it. */
    loader->_is.needs_resync = loader->_detail.attempts > 1;
    if (loader->_is.needs_resync && eli_is_stub(loader)) {
        eli_sync_settle(loader); /* an answer to one of them does not show whether its decoder is in sync */
    }
    loader->_detail.stage = ESP_LOADER_STAGE_DETECT;
    RETURN_ON_ERROR(eli_detect(loader));
    return eli_stop_watchdogs(loader);
}

esp_loader_error_t eli_connect_by_sync(esp_loader_t *loader, const esp_loader_connect_args_t *args)
{
    static const esp_loader_connect_args_t default_args = ESP_LOADER_CONNECT_DEFAULT();
    args = args != NULL ? args : &default_args;
    uint32_t late_ms = 0;
    if (ELI_KNOWS_NETWORKS && args->sync_timeout > DEFAULT_SYNC_TIMEOUT_MS + loader->_patience_ms) {
        loader->_patience_ms = args->sync_timeout - DEFAULT_SYNC_TIMEOUT_MS;
    }
    esp_loader_error_t err = sync_and_detect(loader, args, &late_ms);
    if (ELI_KNOWS_NETWORKS && err == ESP_LOADER_ERROR_TIMEOUT && late_ms != 0) {
        be_patient(loader, late_ms);
        err = sync_and_detect(loader, args, &late_ms);
    }
    return err;
}

esp_loader_error_t esp_loader_connect(esp_loader_t *loader, esp_loader_connect_args_t *connect_args)
{
    RETURN_ON_ERROR(eli_ops(loader)->connect(loader, connect_args));
    RETURN_ON_ERROR(eli_flash_power_up(loader));
    loader->_is.connected = true;
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t esp_loader_connect_secure_download_mode(esp_loader_t *loader,
                                                           esp_loader_connect_args_t *connect_args,
                                                           uint32_t flash_size)
{
    RETURN_ON_ERROR(eli_ops(loader)->connect(loader, connect_args));
    if (!eli_ops(loader)->carries_secure_download || !eli_has(eli_target(loader), ELI_ROM_SECURITY_INFO)) {
        return eli_fail_unsupported(loader, 0);
    }
    loader->_is.secure_download = true;
    loader->_flash_size = flash_size;
    loader->_is.connected = true;
    return ESP_LOADER_SUCCESS;
}
