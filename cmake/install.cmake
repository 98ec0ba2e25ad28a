# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What `cmake --install` puts where. Two components: `tools`, what a user of boards needs, and `development`, what
# programs with the library are built with. A project that contains this one installs it when it sets ESP_LOADER_INSTALL.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# ---- development ----

set(include_dir ${CMAKE_INSTALL_INCLUDEDIR}/esp_loader)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/esp_loader)
set(pkg_config_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH pkg_config_to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})

# install_library(TARGET HEADERS...): with pkg-config file and CMake target of the same name.
function(install_library target)
    target_include_directories(${target} INTERFACE $<INSTALL_INTERFACE:${include_dir}>)
    install(TARGETS ${target} EXPORT esp_loader ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
    install(FILES ${ARGN} DESTINATION ${include_dir} COMPONENT development)
    configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${target}.pc.in ${PROJECT_BINARY_DIR}/${target}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${target}.pc DESTINATION ${pkg_config_dir} COMPONENT development)
endfunction()

file(GLOB headers ${PROJECT_SOURCE_DIR}/include/*.h)
install_library(esp_loader ${headers})
if(TARGET esp_loader_ports_linux)
    install_library(esp_loader_ports_linux
        port/linux_devices/linux_devices.h
        port/linux_devices/linux_follow.h
        port/linux_devices/linux_followed.h
        port/linux_devices/usb_kind.h
        port/linux_serial/linux_port.h
        port/linux_usb/linux_usb_port.h
        port/net/net_port.h)
endif()

install(EXPORT esp_loader NAMESPACE esp_loader:: FILE esp_loaderTargets.cmake DESTINATION ${package_dir} COMPONENT development)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/esp_loaderConfig.cmake.in ${PROJECT_BINARY_DIR}/esp_loaderConfig.cmake
    INSTALL_DESTINATION ${package_dir})
# Before 1.0 a minor version may change anything.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/esp_loaderConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/esp_loaderConfig.cmake ${PROJECT_BINARY_DIR}/esp_loaderConfigVersion.cmake
    DESTINATION ${package_dir} COMPONENT development)

# ---- tools ----

if(ESP_LOADER_BUILD_TOOLS)
    install(TARGETS esp-loader esp-sim el-mkimage RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tools)
    install(DIRECTORY ${PROJECT_BINARY_DIR}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT tools FILES_MATCHING PATTERN *.1)
    install(FILES packaging/copyright DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/esp-loader COMPONENT tools)
endif()
if(TARGET esp_loader_ports_linux)
    install(FILES port/linux_usb/60-esp-loader.rules DESTINATION lib/udev/rules.d COMPONENT tools)
endif()
