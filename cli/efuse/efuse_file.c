/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is not there was not read: blocks without words hold keys.
 */
#define _GNU_SOURCE
#include "efuse/efuse_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "efuse/efuse_report.h"
#include "files/output_file.h"
#include "report/report.h"
#include "session/json_report_values.h"
#include "text/safe_text.h"

/* ---- writing ---- */

static size_t register_count(const efuse_controller_t *controller)
{
    return (size_t)controller->block0_errors + controller->code_errors +
           (controller->decoding_off != 0 ? 1 : 0);
}

static json_t *make_register(const void *ctx, size_t index)
{
    const efuse_contents_t *contents = ctx;
    const efuse_controller_t *controller = contents->table->controller;
    const bool is_error = index < (size_t)controller->block0_errors + controller->code_errors;

    return json_integer((json_int_t)(is_error ? contents->errors[index] : contents->decoding));
}

json_t *efuse_json_registers(const efuse_contents_t *contents)
{
    return json_report_array(register_count(contents->table->controller), make_register, contents);
}

cli_exit_t efuse_file_write(const char *path, const efuse_contents_t *contents, uint32_t revision)
{
    const bool has_keys = (contents->blocks & ~efuse_all_blocks(contents->table, false)) != 0;
    char text[SAFE_TEXT_SIZE];
    output_file_t output;
    json_t *root =
        json_pack("{s:s, s:I, s:o, s:o}", "chip", contents->table->chip, "revision", (json_int_t)revision,
                  "blocks", efuse_json_blocks(contents), "error_registers", efuse_json_registers(contents));

    bool is_written = root != NULL && output_file_open(&output, path);
    if (is_written) {
        is_written = (!has_keys || fchmod(fileno(output.stream), S_IRUSR | S_IWUSR) == 0) &&
                     json_dumpf(root, output.stream, JSON_INDENT(1)) == 0 &&
                     fputc('\n', output.stream) != EOF;
        if (is_written) {
            is_written = output_file_commit(&output);
        } else {
            output_file_discard(&output);
        }
    }
    json_decref(root);
    if (!is_written) {
        report_line("cannot write '%s': %s", safe_text(path, text), strerror(errno));
    }
    return is_written ? CLI_OK : CLI_OTHER;
}

/* ---- reading ---- */

static bool take_number(const json_t *value, uint32_t *out)
{
    const json_int_t number = json_integer_value(value);

    *out = (uint32_t)number;
    return json_is_integer(value) && number >= 0 && number <= UINT32_MAX;
}

static bool take_words(const json_t *array, uint32_t *words, size_t count)
{
    bool is_right = json_is_array(array) && json_array_size(array) == count;

    for (size_t i = 0; i < count && is_right; i++) {
        is_right = take_number(json_array_get(array, i), &words[i]);
    }
    return is_right;
}

static bool take_block(efuse_contents_t *contents, const json_t *block)
{
    const efuse_controller_t *controller = contents->table->controller;
    const json_t *words = json_object_get(block, "words");
    uint32_t number;

    if (!take_number(json_object_get(block, "block"), &number) || number >= controller->block_count) {
        return false;
    }
    if (words == NULL) {
        return true;
    }
    contents->blocks |= EFUSE_BLOCK(number);
    return take_words(words, contents->words[number], controller->blocks[number].words);
}

static bool take_registers(efuse_contents_t *contents, const json_t *array)
{
    const size_t count = register_count(contents->table->controller);
    uint32_t words[EFUSE_ERROR_WORDS + 1];

    if (array == NULL) {
        return true; /* of a report of an older version */
    }
    if (!take_words(array, words, count)) {
        return false;
    }
    const size_t errors = count - (contents->table->controller->decoding_off != 0 ? 1 : 0);
    memcpy(contents->errors, words, errors * sizeof(words[0]));
    contents->decoding = errors < count ? words[errors] : 0;
    contents->has_errors = true;
    return true;
}

/* NULL, or what is wrong with it. */
static const char *take_root(efuse_contents_t *contents, const json_t *root, uint32_t *out_revision)
{
    const json_t *chip = json_object_get(root, "chip");
    const json_t *blocks = json_object_get(root, "blocks");
    const json_t *block;
    size_t i;

    if (chip == NULL) {
        chip = json_object_get(json_object_get(root, "target"), "chip");
    }
    if (!json_is_string(chip) || !take_number(json_object_get(root, "revision"), out_revision)) {
        return "it does not name chip and revision";
    }
    contents->table = efuse_table_of(json_string_value(chip), *out_revision);
    if (contents->table == NULL) {
        return "the eFuses of this chip are not known";
    }
    json_array_foreach(blocks, i, block)
    {
        if (!take_block(contents, block)) {
            return "a block does not have the words that it has in this chip";
        }
    }
    if ((contents->blocks & EFUSE_BLOCK(0)) == 0) {
        return "block 0 is missing";
    }
    return take_registers(contents, json_object_get(root, "error_registers"))
               ? NULL
               : "the error registers are not those of this chip";
}

cli_exit_t efuse_file_read(const char *path, efuse_contents_t *contents, uint32_t *out_revision)
{
    char text[SAFE_TEXT_SIZE];
    json_error_t error = {0};
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    const char *mistake = NULL;

    if (root == NULL && json_error_code(&error) == json_error_cannot_open_file) {
        report_line("cannot read '%s': %s", safe_text(path, text), strerror(errno));
        return CLI_INPUT;
    }
    mistake = root == NULL ? "it is not JSON" : take_root(contents, root, out_revision);
    json_decref(root);
    if (mistake != NULL) {
        report_line("'%s' is not what efuse dump writes: %s", safe_text(path, text), mistake);
    }
    return mistake == NULL ? CLI_OK : CLI_INPUT;
}
