/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Judging a rate: questions that change nothing whatever becomes of them on the way, each asked once, with a
 * short deadline. Words of zeros and of 0x54 and 0x55, SYNCs with their 32 times 0x55 and their eight answers,
 * digests in both directions, and with a stub 8 KiB of flash, acknowledged packet by packet.
 */
#include <string.h>

#include "common/bytes.h"
#include "session/flash.h"
#include "session/rate.h"

#define ANSWER_MS       10u /* beyond three times the fastest answer */
#define UNKNOWN_TRIP_MS 30u /* docs/timing.md, slow set */
#define PATIENCE_MAX_MS 60u /* what was late when connecting may have been the target */

#define ROUNDS            8u /* each: two digests, and of a ROM two more; a SYNC every fourth */
#define ROUNDS_PER_SYNC   4u
#define FEW_ERRORS        1u                         /* noise that has nothing to do with the rate */
#define ANSWER_SIZE_MAX   (2u * ESP_LOADER_MD5_SIZE) /* a ROM sends text */
#define PACKET_SIZE       1024u
#define PACKETS           8u
#define PACKETS_WHEN_SLOW 2u
#define SLOW_BAUD         921600u
#define REGAIN_TRIALS     4u

typedef struct {
    uint32_t address, size;
    bool is_known, is_confirmed;
    uint8_t answer[ANSWER_SIZE_MAX];
} question_t;

uint32_t eli_rate_answer_ms(const esp_loader_t *loader)
{
    uint32_t trip_ms = loader->_round_trip_limit_ms != 0 ? loader->_round_trip_limit_ms : UNKNOWN_TRIP_MS;
    uint32_t patience_ms = eli_patience_ms(loader);
    return ANSWER_MS + 3 * trip_ms + (patience_ms < PATIENCE_MAX_MS ? patience_ms : PATIENCE_MAX_MS);
}

/* Which way a stub's decoder stands is not known: every second time it is turned over. */
esp_loader_error_t eli_rate_greet(esp_loader_t *loader, unsigned trials)
{
    esp_loader_error_t err = ESP_LOADER_ERROR_TIMEOUT;
    for (unsigned trial = 0; trial < trials && err == ESP_LOADER_ERROR_TIMEOUT; trial++) {
        if (trial % 2 != 0 && eli_is_stub(loader)) {
            RETURN_ON_ERROR(eli_toggle_stub_decoder(loader));
        }
        err = eli_sync_once(loader, eli_rate_answer_ms(loader), NULL);
        if (err == ESP_LOADER_ERROR_INVALID_RESPONSE) { /* a stub reports a block that was not written */
            err = ESP_LOADER_SUCCESS;
        } else if (eli_rate_is_trouble(err)) {
            err = ESP_LOADER_ERROR_TIMEOUT;
        }
    }
    return err;
}

/* All answers are to be like the first, unless that one was the damaged one. */
static esp_loader_error_t ask(esp_loader_t *loader, question_t *question)
{
    const uint8_t size = eli_is_stub(loader) ? ESP_LOADER_MD5_SIZE : ANSWER_SIZE_MAX;
    const uint32_t words[] = {question->address, question->size, 0, 0};
    const eli_command_t command = {
        .shape = {ELI_SPI_FLASH_MD5, 4, 1, size, 0}, .words = words, .work_ms = eli_hash_ms(question->size)};
    eli_reply_t reply;
    RETURN_ON_ERROR(eli_try(loader, &command, eli_rate_answer_ms(loader), &reply));
    bool is_like = !question->is_known || memcmp(question->answer, reply.payload, size) == 0;
    question->is_confirmed = question->is_confirmed || (question->is_known && is_like);
    question->is_known = true;
    if (!question->is_confirmed) {
        memcpy(question->answer, reply.payload, size);
    }
    return is_like ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_INVALID_RESPONSE;
}

static esp_loader_error_t receive_exactly(esp_loader_t *loader, uint8_t *buf, size_t size)
{
    size_t received;
    eli_port_set_deadline(loader, eli_rate_answer_ms(loader) + eli_wire_ms(loader, ELI_FRAMES_SIZE + size));
    RETURN_ON_ERROR(eli_link_receive(loader, buf, size, &received));
    return received == size ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_INVALID_RESPONSE;
}

/* The transmit buffer has room for a packet, and is used again only when that has been looked at. */
static esp_loader_error_t read_flash(esp_loader_t *loader)
{
    const uint32_t packets = loader->_rate_baud < SLOW_BAUD ? PACKETS_WHEN_SLOW : PACKETS;
    const uint32_t words[] = {0, packets * PACKET_SIZE, PACKET_SIZE, 1 /* in flight */};
    const eli_command_t command = {.shape = {ELI_READ_FLASH, 4, 1, 0, 0}, .words = words};
    uint8_t digest[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;
    eli_reply_t reply;
    esp_loader_md5_init(&md5);
    RETURN_ON_ERROR(eli_try(loader, &command, eli_rate_answer_ms(loader), &reply));
    for (uint32_t packet = 1; packet <= packets; packet++) {
        uint8_t done[4];
        RETURN_ON_ERROR(receive_exactly(loader, loader->_buffers.tx, PACKET_SIZE));
        esp_loader_md5_update(&md5, loader->_buffers.tx, PACKET_SIZE);
        eli_put_u32(done, packet * PACKET_SIZE);
        eli_link_begin_frame(loader);
        eli_link_put(loader, done, sizeof(done));
        RETURN_ON_ERROR(eli_link_end_frame(loader));
    }
    RETURN_ON_ERROR(receive_exactly(loader, loader->_buffers.tx, ESP_LOADER_MD5_SIZE));
    esp_loader_md5_finish(&md5, digest);
    return memcmp(digest, loader->_buffers.tx, sizeof(digest)) == 0 ? ESP_LOADER_SUCCESS
                                                                    : ESP_LOADER_ERROR_INVALID_RESPONSE;
}

/* Counts an outcome. After trouble the target is greeted, so that one error is counted once; false: it is not
 * worth going on. */
static bool count(esp_loader_t *loader, esp_loader_error_t *err, esp_loader_rate_trial_t *trial)
{
    trial->questions++;
    if (eli_rate_is_trouble(*err)) {
        trial->errors++;
        *err = trial->errors > FEW_ERRORS ? ESP_LOADER_SUCCESS : eli_rate_greet(loader, REGAIN_TRIALS);
        if (*err == ESP_LOADER_ERROR_TIMEOUT) {
            *err = ESP_LOADER_SUCCESS;
            trial->errors = FEW_ERRORS + 1;
        }
    }
    return *err == ESP_LOADER_SUCCESS && trial->errors <= FEW_ERRORS;
}

static esp_loader_error_t ask_all(esp_loader_t *loader, esp_loader_rate_trial_t *trial)
{
    question_t questions[] = {{.address = 0, .size = 0x400}, {.address = 0x5554, .size = 0x0554}};
    const unsigned repeats = eli_is_stub(loader) ? 1 : 2;
    esp_loader_error_t err;
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < 2 * repeats; i++) {
            err = ask(loader, &questions[i % 2]);
            if (!count(loader, &err, trial)) {
                return err;
            }
        }
        if (round % ROUNDS_PER_SYNC == 0) {
            err = eli_rate_greet(loader, 1);
            if (!count(loader, &err, trial)) {
                return err;
            }
        }
    }
    if (eli_is_stub(loader) && sizeof(loader->_buffers.tx) >= PACKET_SIZE) {
        err = read_flash(loader);
        (void)count(loader, &err, trial);
        return err;
    }
    return ESP_LOADER_SUCCESS;
}

esp_loader_error_t eli_rate_probe(esp_loader_t *loader, esp_loader_rate_trial_t *trial)
{
    esp_loader_error_t err = eli_flash_open_range(loader, 0, PACKETS * PACKET_SIZE);
    if (eli_rate_is_trouble(err)) {
        trial->result = ESP_LOADER_RATE_DAMAGED;
        return ESP_LOADER_SUCCESS;
    }
    RETURN_ON_ERROR(err);
    RETURN_ON_ERROR(ask_all(loader, trial));
    if (trial->errors != 0 && trial->errors <= FEW_ERRORS) {
        RETURN_ON_ERROR(ask_all(loader, trial)); /* by chance, or every time so often? */
    }
    trial->result = trial->errors <= FEW_ERRORS ? ESP_LOADER_RATE_GOOD : ESP_LOADER_RATE_DAMAGED;
    return ESP_LOADER_SUCCESS;
}
