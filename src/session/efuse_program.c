/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Burning one step of a plan through the controller's registers. Source: espefuse 5.6, ESP-IDF's register headers. What is
 * burnt stays burnt, so what the controller is about to burn is read back before.
 */
#include "esp_loader_efuse_plan.h"

#if defined(ESP_LOADER_EFUSE_BURN)

#include "burn/codes.h"
#include "burn/stage.h"
#include "session/chip.h"

enum {
    CONF_PROGRAM = 0x5A5A,
    CONF_READ = 0x5AA5,
    CMD_READ = 1,
    CMD_PROGRAM = 2,
    BUSY_MASK = 3,
    BUFFER_WORDS = ELI_BUFFER_WORDS,
    IDLE_LIMIT_MS = 250,
    ATTEMPTS = 3,
    READINGS = 5,
    ESP32_SCHEME_WORD = 6,
};

typedef struct {
    esp_loader_t *loader;
    const eli_burn_controller_t *controller;
    const eli_efuse_layout_t *layout;
    const esp_loader_efuse_step_t *step;
    bool is_34;                    /**< ESP32: its blocks are coded */
    uint32_t buffer[BUFFER_WORDS]; /**< what the controller gets */
} burn_t;

static uint32_t address_of(const burn_t *b, uint32_t offset)
{
    return eli_target(b->loader)->efuse_base + offset;
}

/** ESP32: each block has a buffer of its own, and all are burnt at once. */
static bool has_buffers(const burn_t *b)
{
    return b->controller->buffers[0] != 0;
}

static esp_loader_error_t fail(const burn_t *b, uint32_t offset, uint32_t value)
{
    return eli_fail_here(b->loader, ESP_LOADER_ERROR_EFUSE_BURN_FAILED, address_of(b, offset), value);
}

/* Twice in a row: one look may come before it has begun. */
static esp_loader_error_t wait_idle(const burn_t *b)
{
    const uint32_t begun_ms = eli_now_ms(b->loader);
    const uint32_t mask = has_buffers(b) ? UINT32_MAX : BUSY_MASK;
    unsigned idle = 0;
    uint32_t value;
    while (idle < 2) {
        RETURN_ON_ERROR(eli_register_read(b->loader, address_of(b, b->controller->cmd), &value));
        idle = (value & mask) == 0 ? idle + 1 : 0;
        if (idle == 0 && eli_now_ms(b->loader) - begun_ms > IDLE_LIMIT_MS) {
            return fail(b, b->controller->cmd, value);
        }
        if (idle == 0) {
            eli_port_delay(b->loader, 1);
        }
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t command(const burn_t *b, uint32_t opcode, uint32_t value)
{
    RETURN_ON_ERROR(eli_register_write(b->loader, address_of(b, b->controller->conf), opcode));
    RETURN_ON_ERROR(eli_register_write(b->loader, address_of(b, b->controller->cmd), value));
    eli_port_delay(b->loader, 1);
    return wait_idle(b);
}

/* ---- the buffer ---- */

static esp_loader_error_t write_words(const burn_t *b, uint32_t offset, const uint32_t *words, size_t count)
{
    for (size_t i = 0; i < count; i += ELI_REGISTERS_MAX) {
        const size_t rest = count - i;
        RETURN_ON_ERROR(eli_registers_write(b->loader, address_of(b, offset + 4 * (uint32_t)i), &words[i],
                                            rest < ELI_REGISTERS_MAX ? rest : ELI_REGISTERS_MAX));
    }
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t check_words(const burn_t *b, uint32_t offset, const uint32_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t value;
        const uint32_t at = offset + 4 * (uint32_t)i;
        RETURN_ON_ERROR(eli_register_read(b->loader, address_of(b, at), &value));
        if (value != words[i]) {
            return fail(b, at, 0);
        }
    }
    return ESP_LOADER_SUCCESS;
}

typedef esp_loader_error_t (*each_t)(const burn_t *b, uint32_t offset, const uint32_t *words, size_t count);

/* Does something with all buffers. @p is_empty: of zeros. */
static esp_loader_error_t with_buffers(const burn_t *b, each_t each, bool is_empty)
{
    static const uint32_t zeros[BUFFER_WORDS] = {0};
    if (!has_buffers(b)) {
        return each(b, 0, is_empty ? zeros : b->buffer, BUFFER_WORDS);
    }
    for (unsigned i = 0; i < b->layout->block_count; i++) {
        RETURN_ON_ERROR(each(b, b->controller->buffers[i],
                             !is_empty && i == b->step->block ? b->buffer : zeros,
                             b->layout->blocks[i].words));
    }
    return ESP_LOADER_SUCCESS;
}

/* ---- clocks ---- */

static bool is_for(const eli_burn_timing_t *timing, uint32_t crystal_mhz)
{
    return timing->crystal_mhz == 0 || timing->crystal_mhz == crystal_mhz;
}

static esp_loader_error_t set_timing(const burn_t *b)
{
    const eli_burn_controller_t *controller = b->controller;
    uint32_t crystal_hz;
    bool needs_crystal = false;
    bool has_crystal = false;
    RETURN_ON_ERROR(eli_crystal_read(b->loader, &crystal_hz));
    const uint32_t crystal_mhz = crystal_hz / 1000000u;
    for (unsigned i = 0; i < controller->timing_count; i++) {
        needs_crystal = needs_crystal || controller->timing[i].crystal_mhz != 0;
        has_crystal = has_crystal || controller->timing[i].crystal_mhz == crystal_mhz;
    }
    if (needs_crystal && (crystal_mhz == 0 || !has_crystal)) {
        return eli_fail_unsupported(b->loader, 0);
    }
    for (unsigned i = 0; i < controller->timing_count; i++) {
        const eli_burn_timing_t *timing = &controller->timing[i];
        if (is_for(timing, crystal_mhz)) {
            RETURN_ON_ERROR(
                eli_register_change(b->loader, address_of(b, timing->offset), timing->value, timing->mask));
        }
    }
    return ESP_LOADER_SUCCESS;
}

/* ---- after it ---- */

static esp_loader_error_t read_error_bits(const burn_t *b, uint32_t *out_bits)
{
    const eli_burn_controller_t *controller = b->controller;
    const unsigned block = b->step->block;
    uint32_t words[2] = {0};
    *out_bits = 0;
    if (controller->decoding != 0) {
        return b->is_34 && block != 0
                   ? eli_register_read(b->loader, address_of(b, controller->decoding), out_bits)
                   : ESP_LOADER_SUCCESS;
    }
    for (unsigned i = 0; i < controller->block0_errors && block == 0; i++) {
        uint32_t word;
        RETURN_ON_ERROR(eli_register_read(b->loader, address_of(b, controller->errors[i]), &word));
        *out_bits |= word;
    }
    for (unsigned i = 0; i < controller->code_errors && block != 0; i++) {
        RETURN_ON_ERROR(eli_register_read(
            b->loader, address_of(b, controller->errors[controller->block0_errors + i]), &words[i]));
    }
    if (block != 0) {
        const unsigned count = controller->code_count[block - 1];
        const unsigned has_failed = controller->code_fail[block - 1];
        *out_bits = (words[count / 32] >> count % 32 & 7u) |
                    (has_failed != ELI_NO_GUARD && eli_bit(words, has_failed) ? 8u : 0u);
    }
    return ESP_LOADER_SUCCESS;
}

/* The registers take over what is burnt. Errors that a further reading does not show were of the reading. */
static esp_loader_error_t reload(const burn_t *b, uint32_t *out_bits)
{
    *out_bits = 1;
    for (unsigned i = 0; i < READINGS && *out_bits != 0; i++) {
        RETURN_ON_ERROR(command(b, CONF_READ, CMD_READ));
        RETURN_ON_ERROR(read_error_bits(b, out_bits));
    }
    *out_bits &= b->controller->decoding != 0 ? 0xFFFu : UINT32_MAX;
    return ESP_LOADER_SUCCESS;
}

/* Compares what can be read.
 *  @param out_word  first that lacks bits, or the number of words */
static esp_loader_error_t compare(const burn_t *b, unsigned *out_word)
{
    esp_loader_efuse_block_t held;
    RETURN_ON_ERROR(esp_loader_efuse_read_block(b->loader, b->step->block, &held));
    for (*out_word = 0; *out_word < held.word_count; (*out_word)++) {
        if ((b->step->words[*out_word] & ~held.words[*out_word]) != 0 &&
            ((uint32_t)held.read_protected_word_mask >> *out_word & 1u) == 0) {
            break;
        }
    }
    eli_wipe(&held, sizeof(held));
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t program(const burn_t *b)
{
    const uint32_t block = has_buffers(b) ? 0 : b->step->block;
    RETURN_ON_ERROR(set_timing(b));
    RETURN_ON_ERROR(wait_idle(b));
    RETURN_ON_ERROR(with_buffers(b, write_words, false));
    RETURN_ON_ERROR(with_buffers(b, check_words, false));
    RETURN_ON_ERROR(command(b, CONF_PROGRAM, CMD_PROGRAM | block << 2));
    return with_buffers(b, write_words, true);
}

static esp_loader_error_t burn(const burn_t *b)
{
    const eli_efuse_block_t *block = &b->layout->blocks[b->step->block];
    unsigned word = 0;
    uint32_t bits = 0;
    for (unsigned attempt = 0; attempt < ATTEMPTS; attempt++) {
        RETURN_ON_ERROR(program(b));
        if (b->step->is_unverified) {
            return ESP_LOADER_SUCCESS;
        }
        RETURN_ON_ERROR(reload(b, &bits));
        RETURN_ON_ERROR(compare(b, &word));
        if (word == block->words && bits == 0) {
            return ESP_LOADER_SUCCESS;
        }
    }
    return fail(b, block->offset + 4 * (word == block->words ? 0 : word), bits);
}

esp_loader_error_t esp_loader_efuse_burn_step(esp_loader_t *loader, const esp_loader_efuse_step_t *step)
{
    burn_t b = {.loader = loader, .step = step};
    uint32_t scheme = 0;
    RETURN_ON_ERROR(eli_register_enter(loader, 0));
    b.controller = eli_burn_controller_of(loader->_chip);
    b.layout = eli_efuse_layout_of(loader->_chip);
    if (b.controller == NULL || b.layout == NULL) {
        return eli_fail_unsupported(loader, 0);
    }
    if (step == NULL || step->block >= b.layout->block_count) {
        return eli_fail_here(loader, ESP_LOADER_ERROR_INVALID_PARAM, 0, 0);
    }
    if (has_buffers(&b)) {
        RETURN_ON_ERROR(eli_register_read(loader, address_of(&b, 4 * ESP32_SCHEME_WORD), &scheme));
        b.is_34 = (scheme & 3u) == ELI_CODING_34;
    }
    eli_burn_encode(step->words,
                    step->block == 0   ? ELI_CODE_NONE
                    : !has_buffers(&b) ? ELI_CODE_RS
                    : b.is_34          ? ELI_CODE_34
                                       : ELI_CODE_NONE,
                    b.buffer);
    esp_loader_error_t error = burn(&b);
    eli_wipe(b.buffer, sizeof(b.buffer));
    return error;
}

#endif
