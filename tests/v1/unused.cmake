# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Fails when PROGRAM, which uses the context form, contains anything of the façade; also when it contains no library.

execute_process(COMMAND ${NM} ${PROGRAM} OUTPUT_VARIABLE symbols RESULT_VARIABLE result)
if(NOT result EQUAL 0 OR NOT symbols MATCHES "esp_loader_connect")
    message(FATAL_ERROR "cannot read the symbols of ${PROGRAM}")
endif()
if(symbols MATCHES "esp_loader_v1[a-z_]*")
    message(FATAL_ERROR "${PROGRAM} does not use the 1.x form but contains ${CMAKE_MATCH_0}")
endif()
