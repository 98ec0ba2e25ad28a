# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# el_add_test(<name> SOURCES <files> [LIBRARIES <targets>] [LABEL <label>]): one cmocka program (tests/support/test.h), one
# ctest entry.
# A program that runs no test exits non-zero, so a test cannot be green without having run.

add_library(el_test STATIC ${CMAKE_CURRENT_LIST_DIR}/../tests/support/test_main.c)
target_include_directories(el_test PUBLIC ${CMAKE_CURRENT_LIST_DIR}/../tests/support)
target_link_libraries(el_test PUBLIC cmocka PRIVATE el_warnings)

function(el_add_test name)
    cmake_parse_arguments(ARG "" "LABEL" "SOURCES;LIBRARIES" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} el_warnings el_test)
    add_test(NAME ${name} COMMAND ${name})
    if(ARG_LABEL)
        set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL})
    endif()
endfunction()
