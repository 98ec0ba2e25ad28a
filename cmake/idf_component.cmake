# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# The repository root as an ESP-IDF component: the library and the USB CDC ACM port. Included by the root CMakeLists.txt
# inside an ESP-IDF build. What it requires does not depend on the configuration, which is not known yet when ESP-IDF
# asks for it; the CDC-ACM driver and, from ESP-IDF 5.0 on, the converter drivers come through idf_component.yml.

set(root ${CMAKE_CURRENT_LIST_DIR}/..)
file(GLOB sources ${root}/src/*/*.c)
if(CONFIG_SERIAL_FLASHER_PORT_USB_CDC_ACM)
    file(GLOB port_sources ${root}/port/esp32_usb_cdc_acm/*.c)
endif()

# idf.py -DESP_LOADER_STUB_DIR=<folder>, made by scripts/fetch-stubs; without it the loaders in ROM are used.
if(ESP_LOADER_STUB_DIR)
    list(APPEND sources ${ESP_LOADER_STUB_DIR}/stub_table.c)
endif()

idf_component_register(
    SRCS ${sources} ${port_sources}
    INCLUDE_DIRS include port/esp32_usb_cdc_acm
    PRIV_INCLUDE_DIRS src
    PRIV_REQUIRES esp_timer)

# Must be the same for the library and for everything that includes its headers.
target_compile_definitions(${COMPONENT_LIB} PUBLIC
    SERIAL_FLASHER_LOG_LEVEL=${CONFIG_SERIAL_FLASHER_LOG_LEVEL}
    SERIAL_FLASHER_RESET_HOLD_TIME_MS=${CONFIG_SERIAL_FLASHER_RESET_HOLD_TIME_MS}
    SERIAL_FLASHER_BOOT_HOLD_TIME_MS=${CONFIG_SERIAL_FLASHER_BOOT_HOLD_TIME_MS}
    SERIAL_FLASHER_WRITE_BLOCK_RETRIES=${CONFIG_SERIAL_FLASHER_WRITE_BLOCK_RETRIES})

if(ESP_LOADER_STUB_DIR)
    target_compile_definitions(${COMPONENT_LIB} PRIVATE ESP_LOADER_HAS_STUBS)
endif()

# The 1.x façade only; idf.py -DMD5_ENABLED=1 does the same as the option.
if(MD5_ENABLED OR CONFIG_SERIAL_FLASHER_MD5_ENABLED)
    set_source_files_properties(${root}/src/v1/v1.c PROPERTIES COMPILE_DEFINITIONS MD5_ENABLED=1)
endif()

if(CONFIG_SERIAL_FLASHER_USB_CONVERTERS AND IDF_VERSION_MAJOR GREATER_EQUAL 5)
    target_compile_definitions(${COMPONENT_LIB} PRIVATE ESP32_USB_CDC_ACM_VCP=1)
endif()
