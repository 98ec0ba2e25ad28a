/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Checks of the device: opening and closing, its pins, its rate, and that it may vanish.
 */
#include "conformance_checks.h"

enum { PATIENT_MS = 20000, SHORT_MS = 50, MAX_STATES = 32, MESSAGE_SIZE = 100 };

/* Rates of half a percent beside the wanted one are usual; UARTs tolerate about 2 %. */
static bool is_rate(uint32_t rate, uint32_t wanted)
{
    const uint32_t difference = rate > wanted ? rate - wanted : wanted - rate;
    return difference <= wanted / 50;
}

static conformance_verdict_t echoes(conformance_case_t *test)
{
    uint8_t message[MESSAGE_SIZE];
    uint8_t arrived[MESSAGE_SIZE];
    size_t done = 0;
    size_t written;
    esp_loader_error_t error;
    for (size_t i = 0; i < sizeof(message); i++) {
        message[i] = conformance_byte(i + 1);
    }
    if (conformance_write(test, message, sizeof(message), PATIENT_MS, &written) != ESP_LOADER_SUCCESS) {
        return "a write failed";
    }
    while (done < sizeof(arrived)) {
        const size_t got = test->peer->receive(test->peer->ctx, arrived + done, sizeof(arrived) - done);
        if (got == 0) {
            return "what was written did not arrive";
        }
        done += got;
    }
    for (size_t i = 0; i < sizeof(message); i++) {
        if (arrived[i] != message[i]) {
            return "what was written arrived damaged";
        }
    }
    test->peer->send(test->peer->ctx, message, sizeof(message), 0);
    done = conformance_read_all(test, arrived, sizeof(arrived), &error);
    for (size_t i = 0; i < sizeof(message); i++) {
        if (i >= done || arrived[i] != message[i]) {
            return "what was sent was not read";
        }
    }
    return NULL;
}

static conformance_verdict_t opens_again(conformance_case_t *test)
{
    if (test->port->ops->init == NULL || test->port->ops->deinit == NULL) {
        return CONFORMANCE_UNAVAILABLE_PORT;
    }
    if (test->peer->send == NULL || test->peer->receive == NULL) {
        return CONFORMANCE_UNAVAILABLE_PEER;
    }
    if (test->port->ops->init(test->port) != ESP_LOADER_SUCCESS) {
        return "init failed without deinit";
    }
    test->port->ops->deinit(test->port);
    test->port->ops->deinit(test->port);
    if (test->port->ops->init(test->port) != ESP_LOADER_SUCCESS) {
        return "init failed after deinit";
    }
    return echoes(test);
}

static conformance_verdict_t old_bytes_are_dropped(conformance_case_t *test)
{
    uint8_t byte = 0x55;
    size_t got;
    if (test->peer->send == NULL || test->port->ops->delay_ms == NULL || test->port->ops->init == NULL) {
        return CONFORMANCE_UNAVAILABLE_PEER;
    }
    test->peer->send(test->peer->ctx, &byte, 1, 0);
    test->port->ops->delay_ms(test->port, SHORT_MS);
    if (test->port->ops->init(test->port) != ESP_LOADER_SUCCESS) {
        return "init failed";
    }
    return conformance_read(test, &byte, 1, 0, &got) == ESP_LOADER_ERROR_TIMEOUT
               ? NULL
               : "a byte from before init was read";
}

static conformance_verdict_t closed_is_disconnected(conformance_case_t *test)
{
    uint8_t byte = 0;
    size_t count;
    if (test->port->ops->deinit == NULL) {
        return CONFORMANCE_UNAVAILABLE_PORT;
    }
    test->port->ops->deinit(test->port);
    if (conformance_read(test, &byte, 1, SHORT_MS, &count) != ESP_LOADER_ERROR_DISCONNECTED || count != 0) {
        return "a read did not return DISCONNECTED";
    }
    if (conformance_write(test, &byte, 1, SHORT_MS, &count) != ESP_LOADER_ERROR_DISCONNECTED || count != 0) {
        return "a write did not return DISCONNECTED";
    }
    return NULL;
}

static conformance_verdict_t vanishing_is_disconnected(conformance_case_t *test)
{
    static const uint8_t message[] = "last words";
    uint8_t buf[sizeof(message)];
    size_t count;
    esp_loader_error_t error = ESP_LOADER_SUCCESS;
    if (test->peer->unplug == NULL || test->peer->send == NULL) {
        return CONFORMANCE_UNAVAILABLE_PEER;
    }
    test->peer->send(test->peer->ctx, message, sizeof(message), 0);
    if (test->port->ops->delay_ms != NULL) {
        test->port->ops->delay_ms(test->port, SHORT_MS);
    }
    test->peer->unplug(test->peer->ctx);
    if (conformance_read_all(test, buf, sizeof(buf), &error) != sizeof(buf)) {
        return "what had arrived was not read";
    }
    if (conformance_read(test, buf, 1, PATIENT_MS, &count) != ESP_LOADER_ERROR_DISCONNECTED || count != 0) {
        return "a read did not return DISCONNECTED";
    }
    for (size_t i = 0; i < 2 && error != ESP_LOADER_ERROR_DISCONNECTED; i++) {
        error = conformance_write(test, buf, 1, SHORT_MS, &count);
    }
    return error == ESP_LOADER_ERROR_DISCONNECTED ? NULL : "a write did not return DISCONNECTED";
}

/* ---- pins ---- */

static bool has_reset(const conformance_case_t *test)
{
    return test->port->ops->enter_bootloader_checked != NULL && test->port->ops->reset_checked != NULL;
}

static conformance_verdict_t init_leaves_pins(conformance_case_t *test)
{
    conformance_pins_t states[MAX_STATES];
    if (!has_reset(test)) {
        return CONFORMANCE_UNAVAILABLE_PORT;
    }
    if (test->peer->pins == NULL) {
        return CONFORMANCE_UNAVAILABLE_PEER;
    }
    const size_t count = test->peer->pins(test->peer->ctx, states, MAX_STATES); /* since restart: init */
    for (size_t i = 0; i < count; i++) {
        if (!states[i].en || !states[i].boot) {
            return "a pin was low for a moment";
        }
    }
    return NULL;
}

/* One reset with the wanted level of BOOT when EN rises. */
static conformance_verdict_t is_reset(const conformance_pins_t *states, size_t count, bool boot)
{
    size_t rises = 0;
    if (count < 2) {
        return "the pins did not move";
    }
    for (size_t i = 1; i < count; i++) {
        if (states[i].en && !states[i - 1].en) {
            rises++;
            if (states[i].boot != boot || states[i - 1].boot != boot) {
                return "the strapping pin had the wrong level when reset ended";
            }
            if (states[i].at_ms - states[i - 1].at_ms < 1) {
                return "reset was too short";
            }
        }
    }
    if (rises != 1) {
        return "not one reset";
    }
    return states[count - 1].en && states[count - 1].boot ? NULL : "a pin stays low";
}

static conformance_verdict_t check_reset(conformance_case_t *test, bool boot)
{
    conformance_pins_t states[MAX_STATES];
    if (!has_reset(test)) {
        return CONFORMANCE_UNAVAILABLE_PORT;
    }
    if (test->peer->pins == NULL) {
        return CONFORMANCE_UNAVAILABLE_PEER;
    }
    (void)test->peer->pins(test->peer->ctx, states, MAX_STATES);
    const esp_loader_error_t error = boot ? test->port->ops->reset_checked(test->port)
                                          : test->port->ops->enter_bootloader_checked(test->port);
    if (error != ESP_LOADER_SUCCESS) {
        return "it failed";
    }
    return is_reset(states, test->peer->pins(test->peer->ctx, states, MAX_STATES), boot);
}

static conformance_verdict_t enters_bootloader(conformance_case_t *test)
{
    return check_reset(test, false);
}

static conformance_verdict_t resets(conformance_case_t *test)
{
    return check_reset(test, true);
}

/* ---- rate ---- */

static conformance_verdict_t rate_changes(conformance_case_t *test)
{
    static const uint32_t rates[] = {921600, 115200, 460800};
    uint8_t message[MESSAGE_SIZE] = {0};
    size_t written;
    if (test->port->ops->set_rate == NULL) {
        return CONFORMANCE_UNAVAILABLE_PORT;
    }
    if (test->peer->rate == NULL || test->peer->send == NULL || test->peer->receive == NULL) {
        return CONFORMANCE_UNAVAILABLE_PEER;
    }
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        size_t done = 0;
        if (conformance_write(test, message, sizeof(message), PATIENT_MS, &written) != ESP_LOADER_SUCCESS) {
            return "a write failed";
        }
        if (test->port->ops->set_rate(test->port, rates[i]) != ESP_LOADER_SUCCESS) {
            return "it failed";
        }
        if (!is_rate(test->peer->rate(test->peer->ctx), rates[i])) {
            return "the rate is another";
        }
        while (done < sizeof(message)) {
            const size_t got = test->peer->receive(test->peer->ctx, message, sizeof(message) - done);
            if (got == 0) {
                return "bytes written before it were lost";
            }
            for (size_t k = 0; k < got; k++) {
                if (message[k] != 0) {
                    return "bytes written before it were damaged";
                }
            }
            done += got;
        }
        const conformance_verdict_t verdict = echoes(test);
        if (verdict != NULL) {
            return verdict;
        }
        for (size_t k = 0; k < sizeof(message); k++) {
            message[k] = 0;
        }
    }
    return NULL;
}

static conformance_verdict_t impossible_rate(conformance_case_t *test)
{
    if (test->port->ops->set_rate == NULL) {
        return CONFORMANCE_UNAVAILABLE_PORT;
    }
    if (test->peer->send == NULL || test->peer->receive == NULL) {
        return CONFORMANCE_UNAVAILABLE_PEER;
    }
    if (test->port->ops->set_rate(test->port, 0) == ESP_LOADER_SUCCESS) {
        return "a rate of 0 was accepted";
    }
    return echoes(test);
}

const conformance_check_t conformance_device_checks[] = {
    {"init again, and deinit twice, do no harm", opens_again},
    {"init drops what was received before", old_bytes_are_dropped},
    {"a closed port returns DISCONNECTED", closed_is_disconnected},
    {"a device that vanishes: the bytes that arrived, then DISCONNECTED", vanishing_is_disconnected},
    {"init pulls no pin low", init_leaves_pins},
    {"into the loader: the strapping pin is low when reset ends", enters_bootloader},
    {"reset: the strapping pin is high, and both are released", resets},
    {"a change of rate loses nothing and takes effect", rate_changes},
    {"an impossible rate is refused and changes nothing", impossible_rate},
};
const size_t conformance_device_check_count =
    sizeof(conformance_device_checks) / sizeof(conformance_device_checks[0]);
