/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A target that answers with what stands in the input: right answers, wrong ones, noise, silence. It also
 * checks that whatever it answers, what the library sends stays well-formed. Time is virtual and goes on with
 * every byte that is read, as on a wire.
 */
#ifndef FUZZ_HOSTILE_H
#define FUZZ_HOSTILE_H

#include "esp_loader.h"
#include "fuzz.h"
#include "test_port.h"

typedef struct {
    test_port_t base;
    fuzz_input_t input;
    uint32_t chip_id; /* what a right answer to GET_SECURITY_INFO says; NO_SECURITY_INFO = it is not known */
    uint32_t magic;   /* what a right answer to READ_REG says where that is not known */
    uint32_t sync_value; /* 0 = a stub runs */
    uint8_t chunk;       /* bytes per read at most, 0 = no limit */

    unsigned bytes_of_ms; /* read since the clock went on */
    unsigned requests;    /* complete ones since it was last cleared */

    uint8_t request[32768]; /* being received */
    size_t request_size;
    bool is_escaped;

    uint8_t output[65536]; /* waiting to be read: output[output_next .. output_size) */
    size_t output_size, output_next;
    uint8_t noise[8]; /* repeated without end once nothing waits */
    size_t noise_size, noise_next;

    uint32_t stream_left; /* of a READ_FLASH */
    bool is_streaming;
    esp_loader_md5_t stream_md5;
} hostile_t;

#define NO_SECURITY_INFO 0xFFFFFFFFu

enum { HOSTILE_BYTES_PER_MS = 12 }; /* 115200 baud */

/* What the target does with a request is the lower half of a byte of the input. */
typedef enum {
    ANSWER_RIGHT = 0, /* with a payload from the input; also when the input is used up */
    ANSWER_REFUSAL,   /* status 1, a reason from the input */
    ANSWER_OF_INPUT,  /* the right opcode; the rest from the input */
    ANSWER_RAW,       /* any bytes */
    ANSWER_NOISE,     /* some bytes, over and over, until the next request */
    ANSWER_SILENCE,   /* nothing */
    ANSWER_GREETING,  /* that of a stub */
    ANSWER_TWICE,     /* right, and once more */
    ANSWER_LATER,     /* right, behind some bytes */
    ANSWER_KINDS
} hostile_answer_t;

void hostile_init(hostile_t *target, bool is_first_generation, bool has_lines);

#endif
