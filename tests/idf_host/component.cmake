# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Reads the component's CMakeLists.txt as ESP-IDF does, with ESP-IDF's functions replaced by ones that remember. They
# resolve what they are given as the real ones do; each names the file in which that was read. Nothing is fetched here: pip
# is told that there is no network. ROOT is the repository, BUILD a folder for what is made.

# tools/cmake/scripts/component_get_requirements.cmake, before anything is configured: REQUIRES and PRIV_REQUIRES are
# remembered, and reading of the list file ends. Later, tools/cmake/component.cmake: sources are relative to the
# component's folder (__component_add_sources), include directories to the list file that calls
# (__component_add_include_dirs).
macro(idf_component_register)
    stand_in_register(${ARGN})
    if(CMAKE_BUILD_EARLY_EXPANSION)
        return()
    endif()
endmacro()
function(stand_in_register)
    cmake_parse_arguments(REG "" "KCONFIG" "SRCS;INCLUDE_DIRS;PRIV_INCLUDE_DIRS;REQUIRES;PRIV_REQUIRES" ${ARGN})
    set(required "${REG_REQUIRES};${REG_PRIV_REQUIRES}" PARENT_SCOPE)
    set(sources "${REG_SRCS}" PARENT_SCOPE)
    if(CMAKE_BUILD_EARLY_EXPANSION)
        return()
    endif()
    foreach(source ${REG_SRCS})
        get_filename_component(source ${source} ABSOLUTE BASE_DIR ${COMPONENT_DIR})
        if(NOT EXISTS ${source})
            message(FATAL_ERROR "no such source: ${source}")
        endif()
    endforeach()
    foreach(dir ${REG_INCLUDE_DIRS} ${REG_PRIV_INCLUDE_DIRS})
        get_filename_component(dir ${dir} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_LIST_DIR})
        if(NOT IS_DIRECTORY ${dir})
            message(FATAL_ERROR "Include directory '${dir}' is not a directory.")
        endif()
    endforeach()
endfunction()
function(target_compile_definitions)
    set(definitions "${definitions};${ARGN}" PARENT_SCOPE)
endfunction()
function(idf_build_get_property out name)
    if(CMAKE_BUILD_EARLY_EXPANSION OR NOT name STREQUAL "PYTHON")
        message(FATAL_ERROR "asked for ${name}, early: '${CMAKE_BUILD_EARLY_EXPANSION}'")
    endif()
    set(${out} python3 PARENT_SCOPE)
endfunction()
function(message mode)
    if(mode STREQUAL "NOTICE")
        set_property(GLOBAL APPEND_STRING PROPERTY said "${ARGN}")
    else()
        _message(${mode} "${ARGN}")
    endif()
endfunction()
function(set_source_files_properties file)
    set(properties "${file};${ARGN}" PARENT_SCOPE)
endfunction()

set(CMAKE_CURRENT_BINARY_DIR ${BUILD})
file(REMOVE_RECURSE ${BUILD})
file(MAKE_DIRECTORY ${BUILD})

# tools/cmake/build.cmake gives both passes ESP_PLATFORM; tools/cmake/component.cmake COMPONENT_DIR.
set(ESP_PLATFORM 1)
set(COMPONENT_DIR ${ROOT})
macro(component)
    set(definitions)
    set(properties)
    set(sources)
    include(${COMPONENT_DIR}/CMakeLists.txt)
endmacro()

# Early: nothing is configured; should ESP-IDF ever know it by then, nothing may be fetched all the same.
set(CMAKE_BUILD_EARLY_EXPANSION 1)
set(CONFIG_SERIAL_FLASHER_STUB y)
component()
set(required_early "${required}")
if(sources MATCHES "usb_cdc_link|esp32_port|spi_port|sdio_port|idf_pin" OR NOT sources MATCHES "v1\\.c")
    message(FATAL_ERROR "wrong sources without the ports: ${sources}")
endif()
unset(CMAKE_BUILD_EARLY_EXPANSION)
unset(CONFIG_SERIAL_FLASHER_STUB)

# ---- versions and targets: the port is built where its driver is, and nowhere else ----

# Reads the component as version and target have it by default.
function(check_port version target expected)
    execute_process(
        COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/idf_config.py config ${version} ${target} ${ROOT}/Kconfig
        OUTPUT_FILE ${BUILD}/config.cmake
        COMMAND_ERROR_IS_FATAL ANY)
    include(${BUILD}/config.cmake)
    execute_process(
        COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/idf_config.py dependencies ${version} ${target} ${ROOT}/idf_component.yml
        OUTPUT_VARIABLE drivers OUTPUT_STRIP_TRAILING_WHITESPACE
        COMMAND_ERROR_IS_FATAL ANY)
    string(REPLACE "\n" ";" drivers "${drivers}")
    # tools/cmake/version.cmake is read in both passes.
    string(REGEX REPLACE "\\..*" "" IDF_VERSION_MAJOR ${version})
    string(REGEX REPLACE ".*\\." "" IDF_VERSION_MINOR ${version})
    set(expected_required "driver;sdmmc;esp_timer")
    if(version VERSION_GREATER_EQUAL 5.3)
        set(expected_required "esp_driver_uart;esp_driver_spi;esp_driver_sdmmc;sdmmc;esp_driver_gpio;esp_timer")
    endif()
    component()
    if(NOT required STREQUAL expected_required)
        message(FATAL_ERROR "ESP-IDF ${version}: requires '${required}', not '${expected_required}'")
    endif()
    if(NOT sources MATCHES "esp32_uart/esp32_port\\.c" OR NOT sources MATCHES "pins/pin_reset\\.c")
        message(FATAL_ERROR "no UART port: ${sources}")
    endif()
    if(sources MATCHES "esp32_spi|esp32_sdio")
        message(FATAL_ERROR "a port that was not chosen: ${sources}")
    endif()
    set(found)
    if(sources MATCHES "usb_cdc_link")
        list(APPEND found port)
    endif()
    if(definitions MATCHES "ESP32_USB_CDC_ACM_VCP=1")
        list(APPEND found converters)
    endif()
    list(TRANSFORM drivers REPLACE "^espressif/usb_host_([a-z0-9_]+).*" "\\1")
    list(FILTER drivers EXCLUDE REGEX "^idf$")
    list(APPEND found ${drivers})
    if(NOT "${found}" STREQUAL "${expected}")
        message(FATAL_ERROR "ESP-IDF ${version} for ${target}: '${found}' instead of '${expected}'")
    endif()
endfunction()

check_port(4.4 esp32s2 "port;cdc_acm")
check_port(4.4 esp32s3 "port;cdc_acm")
foreach(row "5.0;esp32s2" "5.0;esp32s3" "5.3;esp32p4" "6.0;esp32s2" "6.0;esp32s3" "6.0;esp32p4")
    check_port(${row} "port;converters;cdc_acm;cp210x_vcp;ch34x_vcp")
endforeach()
# Two chips with a USB host that the port does not know, and chips without one.
foreach(row "6.0;esp32h4" "6.1;esp32s31" "4.4;esp32c3" "6.0;esp32c3" "6.0;esp32")
    check_port(${row} "")
endforeach()

# ---- ports that are chosen: each with what they share, once ----

foreach(bus UART SPI SDIO)
    set(CONFIG_SERIAL_FLASHER_PORT_${bus} n)
endforeach()
foreach(row "UART;esp32_uart/esp32_port" "SPI;esp32_spi/esp32_spi_port" "SDIO;esp32_sdio/esp32_sdio_port")
    list(GET row 0 bus)
    list(GET row 1 file)
    set(CONFIG_SERIAL_FLASHER_PORT_${bus} y)
    component()
    string(REGEX MATCHALL "/port/esp32_(uart|spi|sdio)/[a-z0-9_]*port\\.c|/port/(esp_idf|pins)/[a-z_]+\\.c" found "${sources}")
    if(NOT "${found}" STREQUAL "/port/${file}.c;/port/esp_idf/idf_pin.c;/port/esp_idf/idf_time.c;/port/pins/pin_reset.c")
        message(FATAL_ERROR "${bus} port: ${found}")
    endif()
    set(CONFIG_SERIAL_FLASHER_PORT_${bus} n)
endforeach()
foreach(bus UART SPI SDIO)
    set(CONFIG_SERIAL_FLASHER_PORT_${bus} y)
endforeach()
component()
string(REGEX MATCHALL "idf_pin\\.c|esp32_port\\.c|spi_port\\.c|sdio_port\\.c" found "${sources}")
if(NOT "${found}" STREQUAL "esp32_port.c;idf_pin.c;spi_port.c;sdio_port.c")
    message(FATAL_ERROR "all ports: ${found}")
endif()
set(CONFIG_SERIAL_FLASHER_PORT_SPI n)
set(CONFIG_SERIAL_FLASHER_PORT_SDIO n)

# ---- SDIO is offered where the chip has the host ----

foreach(row "4.4;esp32;y" "4.4;esp32s3;y" "6.0;esp32p4;y" "6.0;esp32c3;no" "4.4;esp32s2;no")
    list(GET row 0 version)
    list(GET row 1 target)
    list(GET row 2 expected)
    file(WRITE ${BUILD}/sdkconfig.defaults "CONFIG_SERIAL_FLASHER_PORT_SDIO=y\n")
    execute_process(
        COMMAND python3 ${CMAKE_CURRENT_LIST_DIR}/idf_config.py config ${version} ${target} ${ROOT}/Kconfig ${BUILD}/sdkconfig.defaults
        OUTPUT_VARIABLE config
        COMMAND_ERROR_IS_FATAL ANY)
    set(found no)
    if(config MATCHES "CONFIG_SERIAL_FLASHER_PORT_SDIO y")
        set(found y)
    endif()
    if(NOT found STREQUAL expected)
        message(FATAL_ERROR "SDIO port for ${target}: '${found}' instead of '${expected}'")
    endif()
endforeach()

# ---- the component under a fixed name: what its manifest names is what the root's does ----

foreach(folder . cmake/esp-loader)
    file(READ ${ROOT}/${folder}/idf_component.yml text)
    string(REGEX MATCH "\ndependencies:\n([ ][^\n]*\n)+" dependencies_${folder} "${text}")
endforeach()
if(NOT dependencies_. MATCHES "cdc_acm" OR NOT dependencies_. STREQUAL "${dependencies_cmake/esp-loader}")
    message(FATAL_ERROR "the manifests differ: ${dependencies_.} ${dependencies_cmake/esp-loader}")
endif()

set(CONFIG_SERIAL_FLASHER_MD5_ENABLED y)
component()
if(NOT properties MATCHES "v1\\.c;PROPERTIES;COMPILE_DEFINITIONS;MD5_ENABLED=1")
    message(FATAL_ERROR "MD5 is not switched on: ${properties}")
endif()

# ---- stubs ----

file(READ ${ROOT}/Kconfig kconfig)
if(definitions MATCHES "KNOWS_STUBS")
    message(FATAL_ERROR "stubs are known though none was asked for: ${definitions}")
endif()
set(CONFIG_SERIAL_FLASHER_KNOWS_STUBS y)
component()
unset(CONFIG_SERIAL_FLASHER_KNOWS_STUBS)
if(NOT definitions MATCHES ";PRIVATE;ESP_LOADER_KNOWS_STUBS" OR NOT kconfig MATCHES "config SERIAL_FLASHER_KNOWS_STUBS\n")
    message(FATAL_ERROR "no stub of the program's own: ${definitions}")
endif()

# Registers the component; then it has stubs from a folder, or none.
macro(register_with_stubs_from folder)
    set_property(GLOBAL PROPERTY said)
    component()
    get_property(said GLOBAL PROPERTY said)
    if(NOT required STREQUAL required_early)
        message(FATAL_ERROR "requires '${required}' because of stubs")
    endif()
    set(tables "${sources}")
    list(FILTER tables INCLUDE REGEX "/stub_[^/]*$")
    list(FILTER tables EXCLUDE REGEX "/src/session/")
    if("${folder}" STREQUAL "")
        if(tables OR definitions MATCHES "HAS_STUBS")
            message(FATAL_ERROR "stubs from nowhere: ${tables} ${definitions}")
        endif()
    elseif(NOT tables STREQUAL "${folder}/stub_esp32.c;${folder}/stub_table.c" OR NOT definitions MATCHES ";PUBLIC;ESP_LOADER_HAS_STUBS")
        message(FATAL_ERROR "stubs from '${tables}' instead of ${folder}: ${definitions}")
    endif()
endmacro()

register_with_stubs_from("")
if(said)
    message(FATAL_ERROR "stubs were not asked for: ${said}")
endif()

# Asked for, and cannot be fetched: one sentence.
set(CONFIG_SERIAL_FLASHER_STUB y)
set(ENV{PIP_NO_INDEX} 1)
register_with_stubs_from("")
if(NOT said MATCHES "^No flasher stubs in this build\\. fetch-stubs: [^\n]*the library uses the loaders in ROM\\.$")
    message(FATAL_ERROR "not a sentence: '${said}'")
endif()

# As fetch-stubs leaves it: then it does not fetch again.
file(SHA256 ${ROOT}/scripts/fetch-stubs version)
file(WRITE ${BUILD}/stubs/stub_esp32.c "")
file(WRITE ${BUILD}/stubs/stub_table.c "/* Made by fetch-stubs ${version} */\n")
register_with_stubs_from(${BUILD}/stubs)

# A folder that is named is taken whatever is configured.
foreach(config y "")
    set(CONFIG_SERIAL_FLASHER_STUB "${config}")
    set(ESP_LOADER_STUB_DIR ${BUILD}/named)
    file(WRITE ${BUILD}/named/stub_esp32.c "")
    file(WRITE ${BUILD}/named/stub_table.c "/* mine */\n")
    register_with_stubs_from(${BUILD}/named)
endforeach()

# ---- what the example's sdkconfig.stub chooses exists ----

file(READ ${ROOT}/examples/esp32_usb_cdc_acm/main/Kconfig.projbuild example_kconfig)
file(STRINGS ${ROOT}/examples/esp32_usb_cdc_acm/sdkconfig.stub chosen REGEX "^CONFIG_")
foreach(line ${chosen})
    string(REGEX REPLACE "^CONFIG_(.*)=y$" "\\1" name "${line}")
    if(NOT "${kconfig}${example_kconfig}" MATCHES "config ${name}\n")
        message(FATAL_ERROR "sdkconfig.stub chooses ${line}, which is not in Kconfig")
    endif()
endforeach()

# ---- chips: the bits are the numbers of target_chip_t ----

file(READ ${ROOT}/src/target/selection.h header)
string(REGEX MATCHALL "ELI_HAS_ESP[0-9A-Z]+ +\\(ESP_LOADER_CHIPS & 1 << [0-9]+" entries "${header}")
file(READ ${ROOT}/include/esp_loader.h numbers)
string(REGEX MATCHALL "ESP(8266|32[A-Z0-9]*)_CHIP = [0-9]+" numbers "${numbers}")
list(LENGTH entries count)
list(LENGTH numbers number_count)
if(count LESS 11 OR NOT count EQUAL number_count)
    message(FATAL_ERROR "selection.h has other chips than esp_loader.h: ${entries}")
endif()
foreach(entry ${entries})
    string(REGEX REPLACE "ELI_HAS_([0-9A-Z]+).*" "\\1" name ${entry})
    string(REGEX REPLACE ".* << " "" number ${entry})
    if(NOT kconfig MATCHES "config SERIAL_FLASHER_CHIP_${name}\n")
        message(FATAL_ERROR "Kconfig does not offer ${name}")
    endif()
    set(CONFIG_SERIAL_FLASHER_CHIP_${name} y)
    component()
    unset(CONFIG_SERIAL_FLASHER_CHIP_${name})
    math(EXPR bit "1 << ${number}" OUTPUT_FORMAT HEXADECIMAL)
    if(NOT definitions MATCHES ";ESP_LOADER_CHIPS=${bit}(;|$)")
        message(FATAL_ERROR "${name} is not ${bit}: ${definitions}")
    endif()
endforeach()
set(CONFIG_SERIAL_FLASHER_CHIP_ESP32S3 y)
set(CONFIG_SERIAL_FLASHER_CHIP_ESP32C6 y)
component()
if(NOT definitions MATCHES ";ESP_LOADER_CHIPS=0x110(;|$)")
    message(FATAL_ERROR "two chips: ${definitions}")
endif()
