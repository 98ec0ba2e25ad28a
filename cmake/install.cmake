# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What `cmake --install` puts where. Three components: `tool`, what a user of boards needs, `simulator`, and `development`,
# what programs with the library are built with. A project that contains this one installs it when it sets ESP_LOADER_INSTALL.

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
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/efuse DESTINATION ${include_dir} COMPONENT development)
if(TARGET esp_loader_ports_linux)
    # The ports' headers, and what those include in turn.
    set(todo linux_devices.h linux_port.h linux_usb_port.h net_port.h)
    set(headers)
    while(todo)
        list(POP_FRONT todo name)
        file(GLOB header ${PROJECT_SOURCE_DIR}/port/linux_*/${name} ${PROJECT_SOURCE_DIR}/port/net/${name})
        if(header AND NOT header IN_LIST headers)
            list(APPEND headers ${header})
            file(STRINGS ${header} included REGEX "^#include \"")
            string(REGEX REPLACE "#include \"([^\"]*)\"[^;]*" "\\1" included "${included}")
            list(APPEND todo ${included})
        endif()
    endwhile()
    install_library(esp_loader_ports_linux ${headers})
endif()

install(EXPORT esp_loader NAMESPACE esp_loader:: FILE esp_loaderTargets.cmake DESTINATION ${package_dir} COMPONENT development)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/esp_loaderConfig.cmake.in ${PROJECT_BINARY_DIR}/esp_loaderConfig.cmake
    INSTALL_DESTINATION ${package_dir})
# Before 1.0 a minor version may change anything.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/esp_loaderConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/esp_loaderConfig.cmake ${PROJECT_BINARY_DIR}/esp_loaderConfigVersion.cmake
    DESTINATION ${package_dir} COMPONENT development)

# ---- tool, simulator ----

set(man_dir ${CMAKE_INSTALL_MANDIR}/man1)
if(TARGET esp-loader)
    install(TARGETS esp-loader RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tool)
    install(DIRECTORY ${PROJECT_BINARY_DIR}/man/ DESTINATION ${man_dir} COMPONENT tool FILES_MATCHING PATTERN esp-loader*.1)
    set(completions ${PROJECT_BINARY_DIR}/completions) # like the man pages, not made where the maker does not run
    install(FILES ${completions}/esp-loader.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
        RENAME esp-loader COMPONENT tool OPTIONAL)
    install(FILES ${completions}/_esp-loader DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions COMPONENT tool OPTIONAL)
    install(FILES ${completions}/esp-loader.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
        COMPONENT tool OPTIONAL)
    install(FILES packaging/copyright DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/esp-loader COMPONENT tool)
endif()
if(TARGET esp_loader_ports_linux)
    install(FILES port/linux_usb/60-esp-loader.rules DESTINATION lib/udev/rules.d COMPONENT tool)
endif()
if(TARGET esp-sim)
    install(TARGETS esp-sim el-mkimage RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT simulator)
    install(FILES ${PROJECT_BINARY_DIR}/man/esp-sim.1 ${PROJECT_BINARY_DIR}/man/el-mkimage.1 DESTINATION ${man_dir}
        COMPONENT simulator OPTIONAL) # made where there is python3
endif()
