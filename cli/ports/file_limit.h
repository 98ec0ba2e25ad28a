/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_FILE_LIMIT_H
#define CLI_FILE_LIMIT_H

/** Lets this process have as many files and ports open as the system allows it: the usual limit of 1024 is that of
 * programs that use select(). */
void file_limit_raise(void);

#endif
