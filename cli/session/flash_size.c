/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The size in the flash chip's id, the one that the user has stated, and what the flash itself shows.
 */
#include "session/flash_size.h"

#include "text/short_text.h"

esp_loader_error_t flash_size_find(session_t *session)
{
    const uint32_t stated = session->options->flash_size;
    uint32_t *told = &session->told_flash_size;

    if (session->context.is_secure) {
        return ESP_LOADER_SUCCESS;
    }
    esp_loader_error_t error = esp_loader_flash_detect_size(&session->loader, told);
    if (error != ESP_LOADER_SUCCESS) {
        session->no_size = *esp_loader_error_detail(&session->loader);
        if (session->no_size.cause == ESP_LOADER_ERROR_FLASH_ID) {
            return ESP_LOADER_SUCCESS; /* there is no flash: what needs one reports that */
        }
        if (error != ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
            return error;
        }
    }
    session->context.flash_size = *told;
    if (stated != 0 && (*told == 0 || (stated < *told && !session->options->is_flash_size_of_project))) {
        session->context.flash_size = stated;
        session->is_flash_size_stated = true;
        return esp_loader_flash_set_size(&session->loader, stated);
    }
    return ESP_LOADER_SUCCESS;
}

void flash_size_print(FILE *out, const session_t *session)
{
    const uint32_t size = session->context.flash_size;
    const unsigned id = (unsigned)session->no_size.value;
    char text[SHORT_TEXT_SIZE];
    char other[SHORT_TEXT_SIZE];

    short_text_of_size(size, text);
    if (size == 0 && session->no_size.cause == ESP_LOADER_ERROR_FLASH_ID) {
        fprintf(out, "Flash size: unknown (id 0x%06x: no flash chip answers)\n", id);
    } else if (size == 0 && session->no_size.cause == ESP_LOADER_ERROR_FLASH_SIZE) {
        fprintf(out, "Flash size: unknown (id 0x%06x); use --flash-size\n", id);
    } else if (session->is_flash_size_stated && session->told_flash_size == 0) {
        fprintf(out, "Flash size: %s, as stated (no size in its id, 0x%06x)\n", text, id);
    } else if (session->is_flash_size_stated) {
        fprintf(out, "Flash size: %s, as stated (%s by its id)\n", text,
                short_text_of_size(session->told_flash_size, other));
    } else if (size != 0 && session->options->flash_size > size) {
        fprintf(out, "Flash size: %s by its id, not %s\n", text,
                short_text_of_size(session->options->flash_size, other));
    } else if (size != 0) {
        fprintf(out, "Flash size: %s\n", text);
    }
}

cli_exit_t flash_size_need(session_t *session)
{
    if (session->context.flash_size != 0) {
        return CLI_OK;
    }
    if (session->context.is_secure) {
        session_keep_cause(session, ESP_LOADER_ERROR_SECURITY, ESP_LOADER_STAGE_ATTACH, 0);
        report_labelled_line(session->context.label,
                             "the flash size cannot be read in secure download mode: give --flash-size");
        return CLI_TARGET;
    }
    session_keep(session, &session->no_size);
    return report_failure(&session->context, &session->no_size);
}

cli_exit_t flash_size_check_wrap(session_t *session, uint64_t end, bool is_change)
{
    const uint32_t size = session->context.flash_size;
    char text[SHORT_TEXT_SIZE];
    uint32_t found;

    if (!session->is_flash_size_stated && end <= size / 2) {
        return CLI_OK;
    }
    esp_loader_error_t error = esp_loader_flash_measure_size(&session->loader, &found);
    if (error == ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        return CLI_OK; /* this loader cannot tell */
    }
    if (error != ESP_LOADER_SUCCESS) {
        return session_failure(session);
    }
    if (found == 0 && session->is_flash_size_stated) {
        report_note(session->context.label, "cannot determine whether the flash has %s: its start is blank",
                    short_text_of_size(size, text));
    }
    if (found == 0 || found == size) {
        return CLI_OK;
    }
    const esp_loader_error_detail_t detail = {.error = ESP_LOADER_ERROR_FLASH_WRAPS,
                                              .cause = ESP_LOADER_ERROR_FLASH_WRAPS,
                                              .stage = ESP_LOADER_STAGE_CHECK,
                                              .value = found,
                                              .image = -1};
    if (is_change) {
        session_keep(session, &detail);
        return report_failure(&session->context, &detail);
    }
    char sentence[REPORT_SIZE];
    report_sentence(&session->context, &detail, sentence);
    report_note(session->context.label, "%s", sentence);
    return CLI_OK;
}
