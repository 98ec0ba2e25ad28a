# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# el_add_test(<name> SOURCES <files> [LIBRARIES <targets>] [LABEL <label>]): one cmocka program (tests/support/test.h), one
# ctest entry.
# A program that runs no test exits non-zero, so a test cannot be green without having run. What public functions return in
# those that are linked with the library is noted for the test "contract" (tests/contract).

add_library(el_test STATIC ${CMAKE_CURRENT_LIST_DIR}/../tests/support/test_main.c)
target_include_directories(el_test PUBLIC ${CMAKE_CURRENT_LIST_DIR}/../tests/support)
target_link_libraries(el_test PUBLIC cmocka PRIVATE el_warnings)

# What the ports that tests bring to the library have in common.
add_library(test_port STATIC ${CMAKE_CURRENT_LIST_DIR}/../tests/support/test_port.c)
target_include_directories(test_port PUBLIC ${CMAKE_CURRENT_LIST_DIR}/../tests/support)
target_link_libraries(test_port PUBLIC esp_loader PRIVATE el_warnings)

set(contract_dir ${PROJECT_BINARY_DIR}/tests/contract)
get_filename_component(contract_root ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
set(contract_sources ${contract_root}/tests/contract)
file(REMOVE_RECURSE ${contract_dir}/seen) # of tests that may be gone
file(MAKE_DIRECTORY ${contract_dir}/seen)
find_program(EL_PYTHON python3)
execute_process(COMMAND ${EL_PYTHON} ${contract_sources}/watch.py ${contract_root} ${contract_dir}/watch.c ${contract_dir}/options.txt
    RESULT_VARIABLE failed)
if(failed)
    message(FATAL_ERROR "tests/contract/watch.py: ${failed}")
endif()
file(GLOB headers ${contract_root}/include/*.h ${contract_sources}/*.py)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${headers})
file(STRINGS ${contract_dir}/options.txt contract_options)
add_library(contract_watch STATIC EXCLUDE_FROM_ALL ${contract_dir}/watch.c)
target_link_options(contract_watch INTERFACE ${contract_options})
target_link_libraries(contract_watch PUBLIC esp_loader)

function(el_watch_contract name)
    target_link_libraries(${name} PRIVATE contract_watch)
    set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT EL_CONTRACT_LOG=${contract_dir}/seen/${name}.txt)
    set_property(TEST ${name} APPEND PROPERTY FIXTURES_SETUP contract)
endfunction()

function(el_add_test name)
    cmake_parse_arguments(ARG "" "LABEL" "SOURCES;LIBRARIES" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} el_warnings el_test)
    add_test(NAME ${name} COMMAND ${name})
    if(ARG_LABEL)
        set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL})
    endif()
    if("${ARG_LIBRARIES}" MATCHES "sim_bench|sim_port|scripted_port|unit_builders")
        el_watch_contract(${name})
    endif()
endfunction()
