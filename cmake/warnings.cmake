# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# el_warnings: what every C file of the project is compiled with. Warnings are errors for us, not for projects that
# contain this one and may have another compiler.

if(DEFINED is_top_level AND NOT is_top_level)
    set(warnings_are_errors OFF)
else()
    set(warnings_are_errors ON)
endif()
option(ESP_LOADER_WERROR "Treat warnings as errors" ${warnings_are_errors})

add_library(el_warnings INTERFACE)
target_compile_options(el_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wvla $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes> -Wcast-qual
    $<$<BOOL:${ESP_LOADER_WERROR}>:-Werror>)
