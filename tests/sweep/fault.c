/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAULT_ROW(constant, name, space, forms, share) {name, space, forms, share},
const fault_row_t fault_rows[FAULT_KINDS] = {FAULT_LIST(FAULT_ROW)};

const uint8_t fault_bytes[6] = {0x00, 0xC0, 0xDB, 0xDC, 0xDD, 0xFF};
const uint32_t fault_byte_delay_ms[3] = {5, 150, 3500};
const uint32_t fault_reply_delay_ms[6] = {90, 150, 700, 3100, 9000, 65000};
const uint32_t fault_latency_ms[5] = {20, 90, 400, 1500, 2900};
const uint32_t fault_jump_ms[6] = {1, 100, 4000, 100000, 0x80000000u, 0xFFFFFFFFu};

void fault_print(const fault_t *faults, size_t count, char *out, size_t size)
{
    size_t used = 0;
    out[0] = 0;
    for (size_t i = 0; i < count && used < size; i++) {
        used += (size_t)snprintf(out + used, size - used, "%s%s@%u:%u", i == 0 ? "" : ",",
                                 fault_rows[faults[i].kind].name, (unsigned)faults[i].at,
                                 (unsigned)faults[i].form);
    }
}

static bool parse_one(const char *text, fault_t *out)
{
    size_t length = strcspn(text, "@,");
    char *end;
    for (unsigned kind = 0; kind < FAULT_KINDS; kind++) {
        if (strlen(fault_rows[kind].name) == length && strncmp(fault_rows[kind].name, text, length) == 0 &&
            text[length] == '@') {
            out->kind = (fault_kind_t)kind;
            out->at = (uint32_t)strtoul(text + length + 1, &end, 10);
            out->form = *end == ':' ? (uint32_t)strtoul(end + 1, &end, 10) : 0;
            return *end == 0 || *end == ',';
        }
    }
    return false;
}

int fault_parse(const char *text, fault_t faults[FAULTS_MAX])
{
    int count = 0;
    while (text != NULL && *text != 0) {
        if (count == FAULTS_MAX || !parse_one(text, &faults[count])) {
            return -1;
        }
        count++;
        text = strchr(text, ',');
        text = text == NULL ? NULL : text + 1;
    }
    return count;
}
