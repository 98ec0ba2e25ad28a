/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * No stub, also in a build that has them: linked into a test this replaces the library's table.
 */
#include "stub/stub.h"

const eli_stub_t eli_stubs[1] = {{0}};
const size_t eli_stub_count = 0;
