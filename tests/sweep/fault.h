/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Faults as values: a kind, where it strikes, and which of the kind's forms it takes. A kind strikes at an
 * index of its space: the n-th byte, frame, command, call. It strikes once.
 */
#ifndef SWEEP_FAULT_H
#define SWEEP_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    SPACE_OUT = 0, /**< bytes to the target */
    SPACE_HEADER,  /**< of them those of request headers; a fault here is given its index in SPACE_OUT */
    SPACE_BEGIN,   /**< and those of the words that say what is to be erased, likewise */
    SPACE_WRITE,   /**< write calls of the port */
    SPACE_IN,      /**< bytes from the target */
    SPACE_COMMAND, /**< requests that the target takes */
    SPACE_PROGRAM, /**< of them those with data for the flash */
    SPACE_REPLY,   /**< replies */
    SPACE_READ,    /**< read calls of the port */
    SPACE_CLOCK,   /**< looks at the port's clock */
    SPACE_WHOLE,   /**< the whole run */
    SPACE_COUNT
} space_t;

typedef enum {
    FAULT_OUT_DROP = 0,
    FAULT_OUT_DOUBLE,
    FAULT_OUT_FLIP,
    FAULT_BEGIN_FLIP,
    FAULT_OUT_SET,
    FAULT_OUT_INSERT,
    FAULT_OUT_LATE,
    FAULT_WRITE_TAIL,
    FAULT_WRITE_ERROR,
    FAULT_IN_DROP,
    FAULT_IN_DOUBLE,
    FAULT_IN_FLIP,
    FAULT_IN_SET,
    FAULT_IN_INSERT,
    FAULT_IN_LATE,
    FAULT_COMMAND_DROP,
    FAULT_COMMAND_DOUBLE,
    FAULT_COMMAND_RESET,
    FAULT_COMMAND_STATUS,
    FAULT_REPLY_DROP,
    FAULT_REPLY_LATE,
    FAULT_REPLY_DOUBLE,
    FAULT_REPLY_SHAPE,
    FAULT_REPLY_FOREIGN,
    FAULT_REPLY_PREVIOUS,
    FAULT_READ_ERROR,
    FAULT_READ_BOTH,
    FAULT_CLOCK_JUMP,
    FAULT_LATENCY,
    FAULT_ONE_BYTE,
    FAULT_FLASH_FLIP,
    FAULT_KINDS
} fault_kind_t;

typedef struct {
    fault_kind_t kind;
    uint32_t at;
    uint32_t form;
} fault_t;

enum { FAULTS_MAX = 4 };

/** A kind. */
typedef struct {
    const char *name;
    space_t space;
    uint32_t forms;
} fault_row_t;
extern const fault_row_t fault_rows[FAULT_KINDS];

/** Writes "kind@index:form" of each, with commas between. */
void fault_print(const fault_t *faults, size_t count, char *out, size_t size);

/** The reverse. @return number of faults, or -1 */
int fault_parse(const char *text, fault_t faults[FAULTS_MAX]);

/* What the forms mean, where they are not simply counted. */
extern const uint8_t fault_bytes[6];           /* OUT_SET, OUT_INSERT, IN_SET, IN_INSERT */
extern const uint32_t fault_byte_delay_ms[3];  /* OUT_LATE, IN_LATE */
extern const uint32_t fault_reply_delay_ms[6]; /* REPLY_LATE */
extern const uint32_t fault_latency_ms[5];     /* LATENCY */
extern const uint32_t fault_jump_ms[6];        /* CLOCK_JUMP */

#endif
