/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for ESP-IDF: interrupt flags.
 * Names, types and signatures are those of the real header; what they do is host/.
 */
#ifndef IDF_HOST_ESP_INTR_ALLOC_H
#define IDF_HOST_ESP_INTR_ALLOC_H

#define ESP_INTR_FLAG_LEVEL1 (1 << 1)

#endif
