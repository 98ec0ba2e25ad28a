/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stand-in for ESP-IDF: the configuration. Every option is at its default; what a test changes it defines
 * itself.
 */
#ifndef IDF_HOST_SDKCONFIG_H
#define IDF_HOST_SDKCONFIG_H

#endif
