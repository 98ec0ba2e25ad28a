# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Stand-in for tools/cmake/scripts/component_get_requirements.cmake of ESP-IDF: reads the list file of COMPONENT_DIR up to
# its registration, and prints what that says. KCONFIG is relative to the folder of the script's caller there, so only an
# absolute one is right.

macro(idf_component_register)
    cmake_parse_arguments(REG "" "KCONFIG" "SRCS;INCLUDE_DIRS;PRIV_INCLUDE_DIRS;REQUIRES;PRIV_REQUIRES" ${ARGN})
    foreach(kind REQUIRES PRIV_REQUIRES KCONFIG)
        message("${kind}=${REG_${kind}}")
    endforeach()
    return()
endmacro()

set(CMAKE_BUILD_EARLY_EXPANSION 1)
include(${COMPONENT_DIR}/CMakeLists.txt)
