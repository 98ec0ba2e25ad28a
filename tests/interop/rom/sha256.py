# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# The one step of SHA-256 that the chip's accelerator does, which hashlib does not offer. Source: FIPS 180-4.
import struct

MASK = 0xFFFFFFFF


def primes(count):
    found = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found


def root(prime, degree):
    """First 32 bits of the fraction of a root, found by bisection in integers."""
    low, high = 0, prime << 32
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle ** degree <= prime << 32 * degree else (low, middle)
    return low & MASK


CONSTANTS = [root(prime, 3) for prime in primes(64)]


def initial_state():
    return [root(prime, 2) for prime in primes(8)]


def rotated(word, *counts):
    result = 0
    for count in counts:
        result ^= (word >> count | word << 32 - count) & MASK
    return result


def compress(state, block):
    """The state after one block of 64 bytes."""
    w = list(struct.unpack(">16I", block))
    for i in range(16, 64):
        w.append((w[i - 16] + w[i - 7] + (rotated(w[i - 15], 7, 18) ^ w[i - 15] >> 3)
                  + (rotated(w[i - 2], 17, 19) ^ w[i - 2] >> 10)) & MASK)
    a, b, c, d, e, f, g, h = state
    for i in range(64):
        one = h + rotated(e, 6, 11, 25) + (e & f ^ ~e & g) + CONSTANTS[i] + w[i]
        two = rotated(a, 2, 13, 22) + (a & b ^ a & c ^ b & c)
        a, b, c, d, e, f, g, h = (one + two) & MASK, a, b, c, (d + one) & MASK, e, f, g
    return [(old + new) & MASK for old, new in zip(state, (a, b, c, d, e, f, g, h))]
