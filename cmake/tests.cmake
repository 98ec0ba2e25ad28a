# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# el_add_test(<name> SOURCES <files> [LIBRARIES <targets>] [LABEL <label>]): one cmocka program, one ctest entry.
# A program that runs no test exits non-zero (cmocka does that), so a test cannot be green without having run.

function(el_add_test name)
    cmake_parse_arguments(ARG "" "LABEL" "SOURCES;LIBRARIES" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} el_warnings cmocka)
    add_test(NAME ${name} COMMAND ${name})
    if(ARG_LABEL)
        set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL})
    endif()
endfunction()
