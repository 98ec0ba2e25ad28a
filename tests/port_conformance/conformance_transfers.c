/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Checks of transfers: bytes, timeouts, the clock.
 */
#include "conformance_checks.h"

enum {
    PATIENT_MS = 20000,
    SHORT_MS = 50,
    LARGE_SIZE = 20000,
    BURST_SIZE = 1024,
    LONGEST_READ = 64,
};

static uint8_t data[LARGE_SIZE]; /* too large for the stack of a microcontroller */

static void fill(size_t size)
{
    for (size_t i = 0; i < size; i++) {
        data[i] = conformance_byte(i);
    }
}

static bool is_filled(size_t from, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != conformance_byte(from + i)) {
            return false;
        }
    }
    return true;
}

/* Everything the peer has received is what was written. */
static conformance_verdict_t arrives(conformance_case_t *test, size_t size)
{
    uint8_t buf[LONGEST_READ];
    size_t done = 0;
    for (;;) {
        const size_t got = test->peer->receive(test->peer->ctx, buf, sizeof(buf));
        if (got == 0) {
            break;
        }
        if (!is_filled(done, buf, got)) {
            return "other bytes arrived";
        }
        done += got;
    }
    return done < size ? "fewer bytes arrived" : done > size ? "more bytes arrived" : NULL;
}

static conformance_verdict_t read_looks(conformance_case_t *test)
{
    uint8_t byte;
    size_t got;
    const uint32_t before = conformance_now(test);
    if (conformance_read(test, &byte, 1, 0, &got) != ESP_LOADER_ERROR_TIMEOUT) {
        return "not TIMEOUT";
    }
    if (got != 0) {
        return "the count is not 0";
    }
    return conformance_took(test, conformance_now(test) - before, 0) ? NULL : "it waited";
}

static conformance_verdict_t silence_times_out(conformance_case_t *test)
{
    uint8_t byte;
    size_t got;
    const uint32_t before = conformance_now(test);
    if (conformance_read(test, &byte, 1, SHORT_MS, &got) != ESP_LOADER_ERROR_TIMEOUT) {
        return "not TIMEOUT";
    }
    if (got != 0) {
        return "the count is not 0";
    }
    return conformance_took(test, conformance_now(test) - before, SHORT_MS) ? NULL
                                                                            : "it waited for another time";
}

static conformance_verdict_t read_is_partial(conformance_case_t *test)
{
    uint8_t buf[10];
    size_t got;
    esp_loader_error_t error;
    if (test->peer->send == NULL) {
        return CONFORMANCE_UNAVAILABLE_PEER;
    }
    fill(sizeof(buf));
    test->peer->send(test->peer->ctx, data, sizeof(buf), 0);
    if (test->port->ops->delay_ms != NULL) {
        test->port->ops->delay_ms(test->port, SHORT_MS); /* all of it is there */
    }
    if (conformance_read(test, buf, 4, PATIENT_MS, &got) != ESP_LOADER_SUCCESS) {
        return "it failed";
    }
    if (got < 1 || got > 4) {
        return "it gave nothing, or more than there is room for";
    }
    if (conformance_read_all(test, buf + got, sizeof(buf) - got, &error) != sizeof(buf) - got) {
        return "the rest did not come";
    }
    return is_filled(0, buf, sizeof(buf)) ? NULL : "other bytes came";
}

static conformance_verdict_t read_does_not_wait_for_more(conformance_case_t *test)
{
    uint8_t buf[LONGEST_READ];
    size_t got;
    if (test->peer->send == NULL) {
        return CONFORMANCE_UNAVAILABLE_PEER;
    }
    fill(1);
    const uint32_t before = conformance_now(test);
    test->peer->send(test->peer->ctx, data, 1, SHORT_MS);
    if (conformance_read(test, buf, sizeof(buf), PATIENT_MS, &got) != ESP_LOADER_SUCCESS || got != 1) {
        return "it did not give the byte";
    }
    return conformance_took(test, conformance_now(test) - before, SHORT_MS)
               ? NULL
               : "not when the first byte came: it waits for more, or sleeps";
}

static conformance_verdict_t every_byte_is_read(conformance_case_t *test)
{
    uint8_t buf[256];
    esp_loader_error_t error;
    if (test->peer->send == NULL) {
        return CONFORMANCE_UNAVAILABLE_PEER;
    }
    fill(sizeof(buf));
    test->peer->send(test->peer->ctx, data, sizeof(buf), 0);
    if (conformance_read_all(test, buf, sizeof(buf), &error) != sizeof(buf)) {
        return "not all came";
    }
    return is_filled(0, buf, sizeof(buf)) ? NULL : "some are changed";
}

static conformance_verdict_t large_write_arrives(conformance_case_t *test)
{
    size_t written;
    if (test->peer->receive == NULL) {
        return CONFORMANCE_UNAVAILABLE_PEER;
    }
    fill(LARGE_SIZE);
    if (conformance_write(test, data, LARGE_SIZE, PATIENT_MS, &written) != ESP_LOADER_SUCCESS) {
        return "it failed";
    }
    return written != LARGE_SIZE ? "the count is another" : arrives(test, LARGE_SIZE);
}

static conformance_verdict_t write_times_out(conformance_case_t *test)
{
    size_t written;
    if (test->peer->hold == NULL) {
        return CONFORMANCE_UNAVAILABLE_PEER;
    }
    test->peer->hold(test->peer->ctx);
    fill(LARGE_SIZE);
    const uint32_t before = conformance_now(test);
    if (conformance_write(test, data, LARGE_SIZE, SHORT_MS, &written) != ESP_LOADER_ERROR_TIMEOUT) {
        return "not TIMEOUT";
    }
    if (written >= LARGE_SIZE) {
        return "the count is not less than what was to be written";
    }
    return conformance_took(test, conformance_now(test) - before, SHORT_MS)
               ? NULL
               : "after another time: the timeout does not cover the call";
}

/* Bytes that come while nobody reads are there later, or the port says that some are not. */
static conformance_verdict_t loss_is_told(conformance_case_t *test, size_t size)
{
    static uint8_t buf[BURST_SIZE];
    esp_loader_error_t error;
    const size_t done = conformance_read_all(test, buf, size, &error);
    if (error == ESP_LOADER_ERROR_IO) {
        return NULL;
    }
    if (done < size) {
        return "bytes are missing, and no read returned IO";
    }
    return is_filled(0, buf, size) ? NULL : "some are lost, and no read returned IO";
}

static conformance_verdict_t unread_burst(conformance_case_t *test)
{
    if (test->peer->send == NULL || test->port->ops->delay_ms == NULL) {
        return CONFORMANCE_UNAVAILABLE_PEER;
    }
    fill(BURST_SIZE);
    test->peer->send(test->peer->ctx, data, BURST_SIZE, 0);
    test->port->ops->delay_ms(test->port, 150); /* longer than a KiB takes at 115200 baud */
    return loss_is_told(test, BURST_SIZE);
}

static conformance_verdict_t overrun_is_told(conformance_case_t *test)
{
    uint8_t buf[LONGEST_READ];
    size_t got;
    esp_loader_error_t error = ESP_LOADER_SUCCESS;
    if (test->peer->overrun == NULL || test->peer->send == NULL) {
        return CONFORMANCE_UNAVAILABLE_PEER;
    }
    test->peer->overrun(test->peer->ctx);
    while (error == ESP_LOADER_SUCCESS) {
        error = conformance_read(test, buf, sizeof(buf), SHORT_MS, &got);
    }
    if (error != ESP_LOADER_ERROR_IO) {
        return "no read returned IO";
    }
    for (size_t i = 0; error != ESP_LOADER_ERROR_TIMEOUT; i++) { /* what is left of it */
        if (i == 1000) {
            return "it does not come to an end";
        }
        error = conformance_read(test, buf, sizeof(buf), SHORT_MS, &got);
    }
    fill(10);
    test->peer->send(test->peer->ctx, data, 10, 0);
    return conformance_read_all(test, buf, 10, &error) == 10 && is_filled(0, buf, 10)
               ? NULL
               : "the port does not receive afterwards";
}

static conformance_verdict_t storm_is_outlived(conformance_case_t *test)
{
    uint8_t buf[LONGEST_READ];
    size_t written;
    size_t got;
    if (test->peer->storm == NULL || test->peer->receive == NULL) {
        return CONFORMANCE_UNAVAILABLE_PEER;
    }
    fill(BURST_SIZE);
    test->peer->storm(test->peer->ctx);
    if (conformance_write(test, data, BURST_SIZE, PATIENT_MS, &written) != ESP_LOADER_SUCCESS) {
        return "a write failed";
    }
    const uint32_t before = conformance_now(test);
    for (size_t i = 0; i < 20; i++) {
        const esp_loader_error_t error = conformance_read(test, buf, sizeof(buf), SHORT_MS, &got);
        if (error != ESP_LOADER_SUCCESS && error != ESP_LOADER_ERROR_IO) {
            return "a read returned neither bytes nor IO";
        }
    }
    if (conformance_now(test) - before > 20u * SHORT_MS + test->peer->slack_ms) {
        return "reads took longer than their timeouts";
    }
    return arrives(test, BURST_SIZE);
}

static conformance_verdict_t delay_is_long_enough(conformance_case_t *test)
{
    static const uint32_t delays_ms[] = {0, 1, SHORT_MS};
    if (test->port->ops->delay_ms == NULL) {
        return CONFORMANCE_UNAVAILABLE_PORT;
    }
    for (size_t i = 0; i < sizeof(delays_ms) / sizeof(delays_ms[0]); i++) {
        const uint32_t before = conformance_now(test);
        test->port->ops->delay_ms(test->port, delays_ms[i]);
        if (!conformance_took(test, conformance_now(test) - before, delays_ms[i])) {
            return "another time passed";
        }
    }
    return NULL;
}

static conformance_verdict_t clock_may_wrap(conformance_case_t *test)
{
    conformance_verdict_t verdict;
    if (test->peer->set_clock == NULL) {
        return CONFORMANCE_UNAVAILABLE_PEER;
    }
    test->peer->set_clock(test->peer->ctx, UINT32_MAX - SHORT_MS / 2);
    verdict = silence_times_out(test);
    if (verdict == NULL) {
        test->peer->set_clock(test->peer->ctx, UINT32_MAX - SHORT_MS / 2);
        verdict = read_does_not_wait_for_more(test);
    }
    if (verdict == NULL) {
        test->peer->set_clock(test->peer->ctx, UINT32_MAX - SHORT_MS / 2);
        verdict = delay_is_long_enough(test);
    }
    if (verdict == NULL && test->peer->hold != NULL) {
        test->peer->set_clock(test->peer->ctx, UINT32_MAX - SHORT_MS / 2);
        verdict = write_times_out(test);
    }
    return verdict;
}

const conformance_check_t conformance_transfer_checks[] = {
    {"a read with timeout 0 looks and returns", read_looks},
    {"a read without data times out, not early and not late", silence_times_out},
    {"a read gives what is there, and the next one the rest", read_is_partial},
    {"a read returns with the first byte and does not wait for more", read_does_not_wait_for_more},
    {"bytes of all values are read unchanged", every_byte_is_read},
    {"a large write arrives whole and unchanged", large_write_arrives},
    {"the timeout of a write covers the call", write_times_out},
    {"1 KiB that nobody reads for 150 ms is kept, or its loss is told", unread_burst},
    {"an overrun is told, and the port receives again", overrun_is_told},
    {"bytes that never stop block neither writes nor reads", storm_is_outlived},
    {"a delay is long enough", delay_is_long_enough},
    {"the clock may wrap", clock_may_wrap},
};
const size_t conformance_transfer_check_count =
    sizeof(conformance_transfer_checks) / sizeof(conformance_transfer_checks[0]);
