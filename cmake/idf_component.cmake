# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# The repository as an ESP-IDF component: the library, the USB CDC ACM port, and those for UART, SPI and SDIO.
# Included, inside an ESP-IDF
# build, by the CMakeLists.txt of the root and by that of esp-loader/, which is the same under a fixed name. What it
# requires does not depend on the configuration, which is not known yet when ESP-IDF asks for it; the CDC-ACM driver and,
# from ESP-IDF 5.0 on, the converter drivers come through idf_component.yml.

get_filename_component(root ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
file(GLOB sources ${root}/src/*/*.c)
set(port_sources)
if(CONFIG_SERIAL_FLASHER_PORT_USB_CDC_ACM)
    file(GLOB port_sources ${root}/port/esp32_usb_cdc_acm/*.c)
endif()
foreach(bus UART SPI SDIO)
    if(CONFIG_SERIAL_FLASHER_PORT_${bus})
        string(TOLOWER ${bus} folder)
        file(GLOB bus_sources ${root}/port/esp32_${folder}/*.c ${root}/port/esp_idf/*.c ${root}/port/pins/*.c)
        list(APPEND port_sources ${bus_sources})
    endif()
endforeach()
list(REMOVE_DUPLICATES port_sources)
# The headers of these ports include those of the drivers, which were one component before 5.3.
set(bus_drivers driver sdmmc)
if("${IDF_VERSION_MAJOR}.${IDF_VERSION_MINOR}" VERSION_GREATER_EQUAL 5.3)
    set(bus_drivers esp_driver_uart esp_driver_spi esp_driver_sdmmc sdmmc esp_driver_gpio)
endif()

# Flasher stubs come from idf.py -DESP_LOADER_STUB_DIR=<folder>, made by scripts/fetch-stubs, or are fetched when the
# build is configured; without them the loaders in ROM are used.
set(stub_dir)
if(ESP_LOADER_STUB_DIR)
    get_filename_component(stub_dir ${ESP_LOADER_STUB_DIR} ABSOLUTE BASE_DIR ${CMAKE_SOURCE_DIR})
elseif(CONFIG_SERIAL_FLASHER_STUB AND NOT CMAKE_BUILD_EARLY_EXPANSION)
    idf_build_get_property(python PYTHON)
    set(fetched_dir ${CMAKE_CURRENT_BINARY_DIR}/stubs)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${root}/scripts/fetch-stubs)
    execute_process(
        COMMAND ${python} ${root}/scripts/fetch-stubs ${fetched_dir}
        RESULT_VARIABLE result
        ERROR_VARIABLE sentence
        ERROR_STRIP_TRAILING_WHITESPACE)
    if(result EQUAL 0)
        set(stub_dir ${fetched_dir})
    else()
        message(NOTICE "No flasher stubs in this build. ${sentence}")
    endif()
endif()
if(stub_dir)
    file(GLOB stubs ${stub_dir}/stub_*.c)
    list(APPEND sources ${stubs})
endif()

# One bit per chip, in the order of target_chip_t; none is all.
set(chips 0)
set(bit 1)
foreach(chip ESP8266 ESP32 ESP32S2 ESP32C3 ESP32S3 ESP32C2 ESP32C5 ESP32H2 ESP32C6 ESP32P4 ESP32C61 ESP32S31
        ESP32H21 ESP32H4)
    if(CONFIG_SERIAL_FLASHER_CHIP_${chip})
        math(EXPR chips "${chips} | ${bit}" OUTPUT_FORMAT HEXADECIMAL)
    endif()
    math(EXPR bit "2 * ${bit}")
endforeach()

idf_component_register(
    SRCS ${sources} ${port_sources}
    INCLUDE_DIRS ${root}/include ${root}/port/esp32_usb_cdc_acm ${root}/port/esp32_uart ${root}/port/esp32_spi
                 ${root}/port/esp32_sdio
    PRIV_INCLUDE_DIRS ${root}/src ${root}/port/esp_idf ${root}/port/pins
    REQUIRES ${bus_drivers}
    PRIV_REQUIRES esp_timer
    KCONFIG ${root}/Kconfig)

# Must be the same for the library and for everything that includes its headers.
target_compile_definitions(${COMPONENT_LIB} PUBLIC
    SERIAL_FLASHER_LOG_LEVEL=${CONFIG_SERIAL_FLASHER_LOG_LEVEL}
    SERIAL_FLASHER_RESET_HOLD_TIME_MS=${CONFIG_SERIAL_FLASHER_RESET_HOLD_TIME_MS}
    SERIAL_FLASHER_BOOT_HOLD_TIME_MS=${CONFIG_SERIAL_FLASHER_BOOT_HOLD_TIME_MS}
    SERIAL_FLASHER_WRITE_BLOCK_RETRIES=${CONFIG_SERIAL_FLASHER_WRITE_BLOCK_RETRIES})

# Programs that flash through a stub want a larger buffer, so they are told.
if(stub_dir)
    target_compile_definitions(${COMPONENT_LIB} PUBLIC ESP_LOADER_HAS_STUBS)
endif()
if(CONFIG_SERIAL_FLASHER_KNOWS_STUBS)
    target_compile_definitions(${COMPONENT_LIB} PRIVATE ESP_LOADER_KNOWS_STUBS)
endif()
if(CONFIG_SERIAL_FLASHER_EFUSE_BURN)
    target_compile_definitions(${COMPONENT_LIB} PUBLIC ESP_LOADER_EFUSE_BURN)
endif()
if(chips)
    target_compile_definitions(${COMPONENT_LIB} PRIVATE ESP_LOADER_CHIPS=${chips})
endif()

# The 1.x façade only; idf.py -DMD5_ENABLED=1 does the same as the option.
if(MD5_ENABLED OR CONFIG_SERIAL_FLASHER_MD5_ENABLED)
    set_source_files_properties(${root}/src/v1/v1.c PROPERTIES COMPILE_DEFINITIONS MD5_ENABLED=1)
endif()

if(CONFIG_SERIAL_FLASHER_USB_CONVERTERS AND IDF_VERSION_MAJOR GREATER_EQUAL 5)
    target_compile_definitions(${COMPONENT_LIB} PRIVATE ESP32_USB_CDC_ACM_VCP=1)
endif()
