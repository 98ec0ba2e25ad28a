/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * No stub is built in. A build with stubs defines ESP_LOADER_HAS_STUBS and compiles a generated table
 * instead.
 */
#include "stub/stub.h"

#ifndef ESP_LOADER_HAS_STUBS
const eli_stub_t eli_stubs[1] = {{0}};
const size_t eli_stub_count = 0;
#else
typedef int eli_stub_none_t; /* C wants something in every file */
#endif
