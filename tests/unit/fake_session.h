/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for what is below the operations that a plan calls: a loader that carries out commands on a flash
 * in memory, and a target whose state and failures are fields. Linked in place of the rest of the session
 * layer.
 */
#ifndef UNIT_FAKE_SESSION_H
#define UNIT_FAKE_SESSION_H

#include "esp_loader.h"

#define FAKE_FLASH_SIZE 0x100000u /* what the header of the images states */

typedef struct {
    esp_loader_t loader; /* first: the operations get a pointer to it */
    uint8_t flash[FAKE_FLASH_SIZE];

    /* the target */
    bool has_md5;
    uint32_t revision;
    esp_loader_link_t link;
    esp_loader_target_security_info_t security;
    uint32_t guarded_end;
    esp_loader_error_t attach_result;
    esp_loader_error_t security_result;
    esp_loader_error_t revision_result;
    esp_loader_error_t read_result; /* of reading flash */

    /* failures: the call with this number, counted from 1 over the whole run, 0 = none */
    unsigned fail_start;
    unsigned fail_write;
    unsigned fail_write_again; /* another one */
    unsigned fail_erase;       /* of a range that is to be empty */
    unsigned fail_md5;
    esp_loader_error_t error; /* what it returns */
    esp_loader_error_t cause; /* what the detail says */
    unsigned echo_md5;        /* and the answer that may be an earlier one again */
    uint8_t target_status;    /* and of the target's own words */
    uint8_t target_reason;
    bool is_flash_bad; /* programming leaves a bit wrong */

    /* what the erase with this number, counted as above, does besides */
    unsigned hit_start;
    bool hits_always;     /* every erase does */
    uint32_t hit_at;      /* a byte of flash there is another one afterwards, */
    uint32_t hit_at_else; /* or there, when it erases that place itself */
    unsigned spoiled_start;
    uint8_t *spoiled; /* and this byte of an image */

    /* what happened */
    unsigned starts;
    unsigned writes;
    unsigned md5s;
    unsigned barriers;        /* in front of commands */
    unsigned md5s_at_barrier; /* before the last of them */
    unsigned reads;
    unsigned erases;    /* regions */
    uint32_t md5_bytes; /* hashed */
    bool is_on_the_way; /* a command is sent whose reply was not collected */
    uint32_t last_block_size;
    uint32_t write_at; /* where the next block goes */
    uint32_t now_ms;
} fake_t;

/* A connected, healthy ESP32-S3 with erased flash, revision 1.2 and MD5. */
void fake_begin(fake_t *fake);

/* Makes it another chip, one of those that the fake knows. */
void fake_is(fake_t *fake, target_chip_t chip);

#endif
