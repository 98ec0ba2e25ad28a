/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader spi-flash: status registers and parameters of the flash chip itself.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "commands/command.h"
#include "esp_loader_flash_chip.h"
#include "report/report.h"
#include "session/json_report.h"
#include "text/number.h"

enum { DEFAULT_COUNT = 2, SFDP_MAX_SIZE = 256 };

typedef struct {
    session_options_t session;
    uint32_t count;       /**< of status registers; 0 = two */
    bool is_non_volatile; /**< what is written survives a power cycle */
    bool is_write;
    bool is_sfdp;
    uint32_t value;   /**< to be written */
    uint32_t address; /**< of the parameters */
    uint32_t size;
    bool has_status;
    uint32_t status;
    bool has_sfdp;
    uint8_t sfdp[SFDP_MAX_SIZE];
} spi_flash_t;

static bool take_option(void *state, const option_value_t *value, char error[OPTION_ERROR_SIZE])
{
    spi_flash_t *chip = state;

    switch (value->option->id) {
    case OPTION_BYTES:
        chip->count = value->number;
        return true;
    case OPTION_NON_VOLATILE:
        chip->is_non_volatile = true;
        return true;
    default:
        return session_options_take(&chip->session, value, error);
    }
}

/** NULL, or what is wrong with the operands. */
static const char *parse_operands(spi_flash_t *chip, const char *const *words, size_t count)
{
    chip->count = chip->count != 0 ? chip->count : DEFAULT_COUNT;
    chip->is_sfdp = strcmp(words[0], "sfdp") == 0;
    if (!chip->is_sfdp && strcmp(words[0], "status") != 0) {
        return "expected status or sfdp";
    }
    if (chip->is_sfdp) {
        if (count != 3 || !number_parse(words[1], &chip->address) || !number_parse(words[2], &chip->size) ||
            chip->size == 0 || chip->size > SFDP_MAX_SIZE) {
            return "give ADDRESS and SIZE, up to 256";
        }
        return NULL;
    }
    chip->is_write = count == 2;
    if (count > 2 ||
        (chip->is_write && (!number_parse(words[1], &chip->value) || chip->value >> 8 * chip->count != 0))) {
        return "VALUE is a number of as many bytes as --bytes says";
    }
    return NULL;
}

static bool is_shown(const session_t *session)
{
    return !session->options->is_json;
}

static cli_exit_t read_status(session_t *session, spi_flash_t *chip, const char *title)
{
    if (esp_loader_flash_read_status_registers(&session->loader, chip->count, &chip->status) !=
        ESP_LOADER_SUCCESS) {
        return session_failure(session);
    }
    chip->has_status = true;
    if (is_shown(session)) {
        printf("%s0x%0*x\n", title, (int)(2 * chip->count), (unsigned)chip->status);
    }
    return CLI_OK;
}

/** A part ignores what it does not have or what is protected, so the result is checked. */
static cli_exit_t write_status(session_t *session, spi_flash_t *chip)
{
    cli_exit_t code = read_status(session, chip, "Status before: ");

    if (code != CLI_OK) {
        return code;
    }
    if (esp_loader_flash_write_status_registers(&session->loader, chip->count, chip->value,
                                                chip->is_non_volatile) != ESP_LOADER_SUCCESS) {
        return session_failure(session);
    }
    code = read_status(session, chip, "Status after:  ");
    if (code == CLI_OK && chip->status != chip->value) {
        report_line("the flash chip has not taken all of it: its status is 0x%0*x, not 0x%0*x",
                    (int)(2 * chip->count), (unsigned)chip->status, (int)(2 * chip->count),
                    (unsigned)chip->value);
        code = CLI_VERIFY;
    }
    return code;
}

static cli_exit_t read_sfdp(session_t *session, spi_flash_t *chip)
{
    if (esp_loader_flash_read_sfdp(&session->loader, chip->address, chip->sfdp, chip->size) !=
        ESP_LOADER_SUCCESS) {
        return session_failure(session);
    }
    chip->has_sfdp = true;
    for (uint32_t i = 0; is_shown(session) && i < chip->size; i++) {
        printf("%s%02x", i == 0 ? "SFDP: " : i % 16 == 0 ? "\n      " : " ", (unsigned)chip->sfdp[i]);
    }
    if (is_shown(session)) {
        putchar('\n');
    }
    return CLI_OK;
}

static cli_exit_t work(session_t *session, void *ctx)
{
    spi_flash_t *chip = ctx;

    if (chip->is_sfdp) {
        return read_sfdp(session, chip);
    }
    return chip->is_write ? write_status(session, chip) : read_status(session, chip, "Status: ");
}

static json_t *members(const session_t *session, const void *ctx)
{
    const spi_flash_t *chip = ctx;

    (void)session;
    return json_pack("{s:o*, s:o*}", "status", json_report_number(chip->status, chip->has_status), "sfdp",
                     chip->has_sfdp ? json_report_hex(chip->sfdp, chip->size) : NULL);
}

static cli_exit_t run_spi_flash(void *state, operands_t operands)
{
    spi_flash_t *chip = state;

    const char *mistake = parse_operands(chip, operands.words, operands.count);
    if (mistake != NULL) {
        return command_mistake(COMMAND_SPI_FLASH, mistake);
    }
    chip->session.is_stub_off = true; /* not worth loading one for this */
    return json_report_run(&chip->session, work, members, chip);
}

const command_t spi_flash_command = {.state_size = sizeof(spi_flash_t),
                                     .session_offset = offsetof(spi_flash_t, session),
                                     .take = take_option,
                                     .run = run_spi_flash};
