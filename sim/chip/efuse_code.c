/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Errors are found as the books have it: syndromes, Berlekamp and Massey, all places tried, Forney.
 */
#include "chip/efuse_code.h"

#include <stdbool.h>
#include <string.h>

enum { FIELD = 255, POLYNOMIAL = 0x11D, MAX_ERRORS = SIM_RS_CHECK / 2 };

static uint8_t multiply(uint8_t a, uint8_t b)
{
    unsigned product = 0, factor = a;
    for (; b != 0; b = (uint8_t)(b >> 1)) {
        product ^= (b & 1) != 0 ? factor : 0;
        factor <<= 1;
        factor ^= (factor & 0x100) != 0 ? POLYNOMIAL : 0;
    }
    return (uint8_t)product;
}

/* 2 to that power. */
static uint8_t power(unsigned exponent)
{
    uint8_t result = 1;
    for (exponent %= FIELD; exponent > 0; exponent--) {
        result = multiply(result, 2);
    }
    return result;
}

static uint8_t inverse(uint8_t a)
{
    uint8_t result = 1;
    for (unsigned i = 0; i < FIELD - 1; i++) {
        result = multiply(result, a);
    }
    return result;
}

/* The value at @p x of a polynomial whose lowest coefficient comes first. */
static uint8_t value_at(const uint8_t *coefficients, unsigned count, uint8_t x)
{
    uint8_t value = 0;
    while (count > 0) {
        value = multiply(value, x) ^ coefficients[--count];
    }
    return value;
}

void sim_rs_encode(const uint8_t data[SIM_RS_DATA], uint8_t check[SIM_RS_CHECK])
{
    uint8_t generator[SIM_RS_CHECK + 1] = {1}; /* lowest coefficient first */
    for (unsigned root = 0; root < SIM_RS_CHECK; root++) {
        for (unsigned i = root + 1; i > 0; i--) {
            generator[i] = multiply(generator[i], power(root)) ^ generator[i - 1];
        }
        generator[0] = multiply(generator[0], power(root));
    }
    memset(check, 0, SIM_RS_CHECK);
    for (unsigned at = 0; at < SIM_RS_DATA; at++) {
        uint8_t feedback = data[at] ^ check[0];
        memmove(check, check + 1, SIM_RS_CHECK - 1);
        check[SIM_RS_CHECK - 1] = 0;
        for (unsigned i = 0; i < SIM_RS_CHECK; i++) {
            check[i] ^= multiply(feedback, generator[SIM_RS_CHECK - 1 - i]);
        }
    }
}

static bool find_syndromes(const uint8_t code[SIM_RS_SIZE], uint8_t syndromes[SIM_RS_CHECK])
{
    bool is_clean = true;
    for (unsigned root = 0; root < SIM_RS_CHECK; root++) {
        const uint8_t x = power(root);
        syndromes[root] = 0;
        for (unsigned at = 0; at < SIM_RS_SIZE; at++) {
            syndromes[root] = multiply(syndromes[root], x) ^ code[at];
        }
        is_clean = is_clean && syndromes[root] == 0;
    }
    return !is_clean;
}

/* The polynomial whose roots are the inverses of the places; returns how many places there are. */
static unsigned find_locator(const uint8_t syndromes[SIM_RS_CHECK], uint8_t locator[SIM_RS_CHECK + 1])
{
    uint8_t previous[SIM_RS_CHECK + 1] = {1}, before[SIM_RS_CHECK + 1];
    uint8_t last = 1;
    unsigned errors = 0, shift = 1;
    memset(locator, 0, SIM_RS_CHECK + 1);
    locator[0] = 1;
    for (unsigned n = 0; n < SIM_RS_CHECK; n++) {
        uint8_t difference = 0;
        for (unsigned i = 0; i <= errors; i++) {
            difference ^= multiply(locator[i], syndromes[n - i]);
        }
        if (difference == 0) {
            shift++;
            continue;
        }
        memcpy(before, locator, sizeof(before));
        uint8_t factor = multiply(difference, inverse(last));
        for (unsigned i = shift; i <= SIM_RS_CHECK; i++) {
            locator[i] ^= multiply(factor, previous[i - shift]);
        }
        if (2 * errors > n) {
            shift++;
            continue;
        }
        errors = n + 1 - errors;
        memcpy(previous, before, sizeof(before));
        last = difference;
        shift = 1;
    }
    return errors;
}

int sim_rs_correct(uint8_t code[SIM_RS_SIZE])
{
    uint8_t syndromes[SIM_RS_CHECK], locator[SIM_RS_CHECK + 1], evaluator[SIM_RS_CHECK] = {0};
    uint8_t fixed[SIM_RS_SIZE];
    int found = 0;
    if (!find_syndromes(code, syndromes)) {
        return 0;
    }
    unsigned errors = find_locator(syndromes, locator);
    if (errors > MAX_ERRORS) {
        return -1;
    }
    for (unsigned i = 0; i < SIM_RS_CHECK; i++) {
        for (unsigned k = 0; k <= i; k++) {
            evaluator[i] ^= multiply(syndromes[i - k], locator[k]);
        }
    }
    uint8_t derivative[SIM_RS_CHECK] = {0}; /* in this field only odd powers have one */
    for (unsigned i = 1; i <= SIM_RS_CHECK; i += 2) {
        derivative[i - 1] = locator[i];
    }
    memcpy(fixed, code, sizeof(fixed));
    for (unsigned at = 0; at < SIM_RS_SIZE; at++) {
        unsigned place = SIM_RS_SIZE - 1 - at;
        uint8_t x = power(FIELD - place);
        if (value_at(locator, SIM_RS_CHECK + 1, x) == 0) {
            uint8_t size = multiply(value_at(evaluator, SIM_RS_CHECK, x),
                                    inverse(value_at(derivative, SIM_RS_CHECK, x)));
            fixed[at] ^= multiply(size, power(place));
            found++;
        }
    }
    if ((unsigned)found != errors || find_syndromes(fixed, syndromes)) {
        return -1;
    }
    memcpy(code, fixed, sizeof(fixed));
    return found;
}

enum { PIECES = 4, PIECE_DATA = 6, PIECE_SIZE = 8 };

static void check_piece(const uint8_t data[PIECE_DATA], uint8_t check[2])
{
    check[0] = check[1] = 0;
    for (unsigned i = 0; i < PIECE_DATA; i++) {
        check[0] ^= data[i];
        check[1] = (uint8_t)(check[1] + (i + 1) * (unsigned)__builtin_popcount(data[i]));
    }
}

void sim_34_encode(const uint8_t data[SIM_34_DATA], uint8_t code[SIM_34_SIZE])
{
    for (unsigned i = 0; i < PIECES; i++) {
        uint8_t *piece = code + (size_t)i * PIECE_SIZE;
        memcpy(piece, data + (size_t)i * PIECE_DATA, PIECE_DATA);
        check_piece(piece, piece + PIECE_DATA);
    }
}

unsigned sim_34_decode(const uint8_t code[SIM_34_SIZE], uint8_t data[SIM_34_DATA])
{
    unsigned wrong = 0;
    for (unsigned i = 0; i < PIECES; i++) {
        const uint8_t *piece = code + (size_t)i * PIECE_SIZE;
        uint8_t check[2];
        check_piece(piece, check);
        wrong |= memcmp(check, piece + PIECE_DATA, sizeof(check)) != 0 ? 1u << i : 0;
        memcpy(data + (size_t)i * PIECE_DATA, piece, PIECE_DATA);
    }
    return wrong;
}
