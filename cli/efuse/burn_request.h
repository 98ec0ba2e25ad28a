/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the user wants burnt, and staging it. Files with keys are read once; what was read is wiped.
 */
#ifndef CLI_BURN_REQUEST_H
#define CLI_BURN_REQUEST_H

#include "efuse/efuse_contents.h"
#include "esp_loader_efuse_plan.h"
#include "report/exit_code.h"

typedef enum {
    BURN_FIELD,
    BURN_BIT,
    BURN_KEY,
    BURN_DIGEST, /**< of a public key: a key, too */
    BURN_MAC,
    BURN_DATA,
    BURN_VOLTAGE, /**< of the flash */
    BURN_PROTECT, /**< `protect write NAME ...`, `protect read NAME ...` */
    BURN_WRITE_PROTECT,
    BURN_READ_PROTECT,
    BURN_KINDS
} burn_kind_t;

enum { BURN_KEYS_MAX = 6, BURN_KEY_SIZE = 4096 /* a PEM file */, BURN_SENTENCE_SIZE = 768 };

/** What a digest for secure boot is of, if that is known. */
typedef enum { BURN_OF_BYTES, BURN_OF_RSA, BURN_OF_ECDSA } burn_key_kind_t;

/** A key of the command line, and what its file holds. */
typedef struct {
    const char *block, *path, *purpose; /**< purpose NULL: an ESP32's key, whose place says it */
    uint8_t bytes[BURN_KEY_SIZE];
    size_t size;
    burn_key_kind_t kind;
} burn_key_t;

typedef struct {
    burn_kind_t kind;
    const char *const *words; /**< after the name of the command */
    size_t count;
    bool no_write_protect, no_read_protect; /**< of keys */
    burn_key_t keys[BURN_KEYS_MAX];         /**< of BURN_KEY, BURN_DIGEST and, one of them, BURN_DATA */
    size_t key_count;
} burn_request_t;

/** What is asked for, by the name of the command or one that espefuse has for it; false: it is none of these. */
bool burn_find(const char *word, burn_kind_t *out_kind);
const char *burn_name(burn_kind_t kind);

/** Takes the words after the name. NULL, or what is wrong with them. */
const char *burn_parse(burn_request_t *request, burn_kind_t kind, const char *const *words, size_t count);

/** Reads the files. CLI_OK, or a failure that has been reported. */
cli_exit_t burn_read_files(burn_request_t *request, const char *label);

/** Stages it for a target. CLI_OK, or a code and a sentence.
 *  @param contents  what is burnt, for names */
cli_exit_t burn_stage(const burn_request_t *request, const efuse_contents_t *contents,
                      const esp_loader_efuse_state_t *state, esp_loader_efuse_ctx_t *ctx,
                      char sentence[BURN_SENTENCE_SIZE]);

#endif
