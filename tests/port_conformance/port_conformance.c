/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Runs the checks and prints what came out.
 */
#include "port_conformance.h"

#include "conformance_checks.h"

enum { READ_TIMEOUT_MS = 200 };

esp_loader_error_t conformance_read(conformance_case_t *test, void *buf, size_t capacity, uint32_t timeout_ms,
                                    size_t *out_read)
{
    *out_read = (size_t)-1; /* set on every return */
    return test->port->ops->read_some(test->port, buf, capacity, timeout_ms, out_read);
}

esp_loader_error_t conformance_write(conformance_case_t *test, const void *data, size_t size,
                                     uint32_t timeout_ms, size_t *out_written)
{
    *out_written = (size_t)-1;
    return test->port->ops->write_all(test->port, data, size, timeout_ms, out_written);
}

uint32_t conformance_now(conformance_case_t *test)
{
    return test->port->ops->now_ms(test->port);
}

size_t conformance_read_all(conformance_case_t *test, uint8_t *buf, size_t size,
                            esp_loader_error_t *out_error)
{
    size_t done = 0;
    *out_error = ESP_LOADER_SUCCESS;
    while (done < size && *out_error == ESP_LOADER_SUCCESS) {
        size_t got;
        *out_error = conformance_read(test, buf + done, size - done, READ_TIMEOUT_MS, &got);
        if (got > size - done) {
            *out_error = ESP_LOADER_ERROR_FAIL;
            break;
        }
        done += got;
    }
    return done;
}

bool conformance_took(conformance_case_t *test, uint32_t elapsed_ms, uint32_t wanted_ms)
{
    return elapsed_ms >= wanted_ms && elapsed_ms - wanted_ms <= test->peer->slack_ms;
}

uint8_t conformance_byte(size_t index)
{
    return (uint8_t)(index * 7 + index / 256 * 13);
}

/* ---- running ---- */

static bool is(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static conformance_row_t run(const conformance_check_t *check, conformance_case_t *test)
{
    conformance_row_t row = {.check = check->name, .outcome = CONFORMANCE_FAILED, .why = "init failed"};
    if (test->peer->restart != NULL) {
        test->peer->restart(test->peer->ctx);
    }
    if (test->port->ops->init != NULL && test->port->ops->init(test->port) != ESP_LOADER_SUCCESS) {
        return row;
    }
    const conformance_verdict_t verdict = check->check(test);
    row.why = verdict == NULL ? "" : verdict;
    if (verdict == NULL) {
        row.outcome = CONFORMANCE_PASSED;
    } else if (is(verdict, CONFORMANCE_UNAVAILABLE_PORT) || is(verdict, CONFORMANCE_UNAVAILABLE_PEER)) {
        row.outcome = CONFORMANCE_NOT_CHECKED;
    }
    if (test->port->ops->deinit != NULL) {
        test->port->ops->deinit(test->port);
    }
    return row;
}

size_t port_conformance_run(esp_loader_port_t *port, const conformance_peer_t *peer,
                            conformance_row_t *out_rows)
{
    conformance_case_t test = {.port = port, .peer = peer};
    size_t count = 0;
    for (size_t i = 0; i < conformance_transfer_check_count; i++) {
        out_rows[count++] = run(&conformance_transfer_checks[i], &test);
    }
    for (size_t i = 0; i < conformance_device_check_count; i++) {
        out_rows[count++] = run(&conformance_device_checks[i], &test);
    }
    return count;
}

size_t port_conformance_count(const conformance_row_t *rows, size_t count, conformance_outcome_t outcome)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += rows[i].outcome == outcome ? 1u : 0u;
    }
    return found;
}

void port_conformance_print(const conformance_row_t *rows, size_t count, void (*print)(const char *text))
{
    static const char *const words[] = {"passed     ", "FAILED     ", "not checked"};
    for (size_t i = 0; i < count; i++) {
        print(words[rows[i].outcome]);
        print("  ");
        print(rows[i].check);
        if (rows[i].why[0] != '\0') {
            print(": ");
            print(rows[i].why);
        }
        print("\n");
    }
}
