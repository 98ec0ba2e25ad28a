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

/* Each kind: its name, its space, its forms, and its share of a thousand runs. By the shares twenty thousand runs lose
 * and double every command and every reply; what a kind with fewer points leaves over has two to four faults at
 * once. */
#define FAULT_LIST(KIND)                                                                                     \
    KIND(FAULT_OUT_DROP, "out-drop", SPACE_OUT, 1, 53)                                                       \
    KIND(FAULT_OUT_DOUBLE, "out-double", SPACE_OUT, 1, 26)                                                   \
    KIND(FAULT_OUT_FLIP, "out-flip", SPACE_HEADER, 8, 110)                                                   \
    KIND(FAULT_BEGIN_FLIP, "begin-flip", SPACE_BEGIN, 8, 100)                                                \
    KIND(FAULT_OUT_SET, "out-set", SPACE_OUT, 6, 38)                                                         \
    KIND(FAULT_OUT_INSERT, "out-insert", SPACE_OUT, 6, 26)                                                   \
    KIND(FAULT_OUT_LATE, "out-late", SPACE_OUT, 3, 8)                                                        \
    KIND(FAULT_WRITE_TAIL, "write-tail", SPACE_WRITE, 8, 15)                                                 \
    KIND(FAULT_WRITE_ERROR, "write-error", SPACE_WRITE, 12, 19)                                              \
    KIND(FAULT_IN_DROP, "in-drop", SPACE_IN, 1, 23)                                                          \
    KIND(FAULT_IN_DOUBLE, "in-double", SPACE_IN, 1, 15)                                                      \
    KIND(FAULT_IN_FLIP, "in-flip", SPACE_IN, 8, 45)                                                          \
    KIND(FAULT_IN_SET, "in-set", SPACE_IN, 6, 15)                                                            \
    KIND(FAULT_IN_INSERT, "in-insert", SPACE_IN, 6, 15)                                                      \
    KIND(FAULT_IN_LATE, "in-late", SPACE_IN, 3, 8)                                                           \
    KIND(FAULT_COMMAND_DROP, "command-drop", SPACE_COMMAND, 1, 95)                                           \
    KIND(FAULT_COMMAND_DOUBLE, "command-double", SPACE_COMMAND, 1, 95)                                       \
    KIND(FAULT_COMMAND_RESET, "command-reset", SPACE_COMMAND, 6, 23)                                         \
    KIND(FAULT_COMMAND_STATUS, "command-status", SPACE_COMMAND, 512, 55)                                     \
    KIND(FAULT_REPLY_DROP, "reply-drop", SPACE_REPLY, 1, 115)                                                \
    KIND(FAULT_REPLY_LATE, "reply-late", SPACE_REPLY, 6, 23)                                                 \
    KIND(FAULT_REPLY_DOUBLE, "reply-double", SPACE_REPLY, 1, 115)                                            \
    KIND(FAULT_REPLY_SHAPE, "reply-shape", SPACE_REPLY, 40, 45)                                              \
    KIND(FAULT_REPLY_FOREIGN, "reply-foreign", SPACE_REPLY, 10, 23)                                          \
    KIND(FAULT_REPLY_PREVIOUS, "reply-previous", SPACE_REPLY, 2, 23)                                         \
    KIND(FAULT_READ_ERROR, "read-error", SPACE_READ, 4, 11)                                                  \
    KIND(FAULT_READ_BOTH, "read-both", SPACE_READ, 4, 8)                                                     \
    KIND(FAULT_CLOCK_JUMP, "clock-jump", SPACE_CLOCK, 6, 11)                                                 \
    KIND(FAULT_LATENCY, "latency", SPACE_WHOLE, 5, 4)                                                        \
    KIND(FAULT_ONE_BYTE, "one-byte", SPACE_WHOLE, 1, 1)                                                      \
    KIND(FAULT_FLASH_FLIP, "flash-flip", SPACE_PROGRAM, 64, 11)

#define FAULT_CONSTANT(constant, name, space, forms, share) constant,
typedef enum { FAULT_LIST(FAULT_CONSTANT) FAULT_KINDS } fault_kind_t;

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
    uint32_t share; /**< of a thousand runs */
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
