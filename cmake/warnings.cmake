# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# el_warnings: what every C file of the project is compiled with.

add_library(el_warnings INTERFACE)
target_compile_options(el_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wvla -Wmissing-prototypes -Wcast-qual -Werror)
