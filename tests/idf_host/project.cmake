# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# The example, and a program that only wants the library, configured and compiled as ESP-IDF projects by the stand-in idf/:
# from checkouts of any name, minimal, taken alone as the component registry delivers it, without binaries, for every
# version and target. ROOT is the repository, BUILD a folder for what is made.

set(here ${CMAKE_CURRENT_LIST_DIR})
set(ENV{IDF_PATH} ${here}/idf)
file(REMOVE_RECURSE ${BUILD})

# A checkout in folder; examples/binaries is as in the repository.
function(check_out folder)
    foreach(part src include port/esp32_usb_cdc_acm port/esp32_uart port/esp32_spi port/esp32_sdio port/esp_idf port/pins cmake examples/esp32_usb_cdc_acm)
        get_filename_component(parent ${folder}/${part} DIRECTORY)
        file(COPY ${ROOT}/${part} DESTINATION ${parent})
    endforeach()
    file(COPY ${ROOT}/CMakeLists.txt ${ROOT}/Kconfig ${ROOT}/idf_component.yml DESTINATION ${folder})
    file(MAKE_DIRECTORY ${folder}/examples/binaries)
endfunction()

function(put_binaries folder)
    foreach(name bootloader partition-table app)
        file(WRITE ${folder}/esp32s3/${name}.bin "some bytes of ${name}")
    endforeach()
endfunction()

# Sets `configured` and `output`.
function(configure project version target)
    file(REMOVE_RECURSE ${project}/build)
    execute_process(
        COMMAND ${CMAKE_COMMAND} -S ${project} -B ${project}/build
                -DIDF_VERSION=${version} -DIDF_TARGET=${target} -DSTAND_IN_INCLUDE=${here}/include
                -DCMAKE_C_COMPILER_FORCED=ON -DCMAKE_OPTIMIZE_DEPENDENCIES=ON ${ARGN}
        OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
    string(REGEX MATCH "Components: ([^\n]*)" matched "${output}")
    set(components ${CMAKE_MATCH_1} PARENT_SCOPE)
    set(configured ${result} PARENT_SCOPE)
    string(REGEX REPLACE "[ \n]+" " " output "${output}")
    set(output "${output}" PARENT_SCOPE)
endfunction()

# Builds the targets; sets `built` and `output`.
function(build project)
    execute_process(
        COMMAND ${CMAKE_COMMAND} --build ${project}/build -j 2 --target ${ARGN}
        OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
    set(built ${result} PARENT_SCOPE)
    string(REGEX REPLACE "[ \n]+" " " output "${output}")
    set(output "${output}" PARENT_SCOPE)
endfunction()

# Configures and builds the component main, which sees what it needs only if everything was found.
function(check_project project version target)
    configure(${project} ${version} ${target} ${ARGN})
    if(NOT configured EQUAL 0)
        message(FATAL_ERROR "${project} does not configure for ${target} and ESP-IDF ${version}: ${output}")
    endif()
    set(configure_output "${output}")
    build(${project} __idf_main)
    if(NOT built EQUAL 0)
        message(FATAL_ERROR "${project} does not build for ${target} and ESP-IDF ${version}: ${output}")
    endif()
    if(NOT EXISTS ${project}/build/esp-idf/main/CMakeFiles/__idf_main.dir/main.c.o)
        message(FATAL_ERROR "${project}: main.c is not part of the build: ${components}")
    endif()
    set(components "${components}" PARENT_SCOPE)
    set(output "${configure_output}" PARENT_SCOPE)
endfunction()

set(example examples/esp32_usb_cdc_acm)

# ---- a checkout, whatever it is called ----

foreach(name esp-loader main some_name)
    check_out(${BUILD}/${name})
    put_binaries(${BUILD}/${name}/examples/binaries)
    check_project(${BUILD}/${name}/${example} 6.0 esp32s3)
endforeach()
set(project ${BUILD}/some_name/${example})

# Everything, and everything the example needs: the whole component compiles, nothing is missing. With the ports that are
# off by default.
file(APPEND ${project}/sdkconfig.defaults "CONFIG_SERIAL_FLASHER_PORT_SPI=y\nCONFIG_SERIAL_FLASHER_PORT_SDIO=y\n")
foreach(row "4.4;esp32s2" "5.0;esp32s3" "5.3;esp32p4" "6.0;esp32p4")
    check_project(${project} ${row})
endforeach()
build(${project} all)
if(NOT built EQUAL 0 OR NOT EXISTS ${project}/build/esp-idf/esp-loader/lib__idf_esp-loader.a)
    message(FATAL_ERROR "the component does not build: ${output}")
endif()

# ---- minimal ----

file(READ ${project}/CMakeLists.txt list_file)
string(REPLACE "project(esp32" "idf_build_set_property(MINIMAL_BUILD ON)\nproject(esp32" minimal "${list_file}")
file(WRITE ${project}/CMakeLists.txt "${minimal}")
foreach(row "5.0;esp32s3" "6.0;esp32p4")
    check_project(${project} ${row})
endforeach()
file(WRITE ${project}/CMakeLists.txt "${list_file}")

# ---- alone, as the component registry delivers it: the component comes from there, the binaries are in the project ----

file(COPY ${ROOT}/${example} DESTINATION ${BUILD}/alone)
set(project ${BUILD}/alone/esp32_usb_cdc_acm)
file(READ ${project}/main/idf_component.yml manifest)
string(REGEX REPLACE "    override_path:[^\n]*\n" "" manifest "${manifest}")
file(WRITE ${project}/main/idf_component.yml "${manifest}")
configure(${project} 6.0 esp32s3 -DSTAND_IN_REGISTRY=${BUILD})
if(NOT configured EQUAL 0 OR NOT output MATCHES "Warning.*${project}/binaries/esp32s3 lacks bootloader.bin")
    message(FATAL_ERROR "alone, without binaries: ${output}")
endif()
put_binaries(${project}/binaries)
check_project(${project} 6.0 esp32s3 -DSTAND_IN_REGISTRY=${BUILD})
if(output MATCHES "lacks")
    message(FATAL_ERROR "the project's own binaries are not found: ${output}")
endif()

# ---- without binaries: a warning, and the build fails with the sentence until they are there ----

set(project ${BUILD}/some_name/${example})
file(REMOVE_RECURSE ${BUILD}/some_name/examples/binaries/esp32s3)
configure(${project} 6.0 esp32s3)
if(NOT configured EQUAL 0 OR NOT output MATCHES "Warning.*Nothing to flash: [^ ]*/examples/binaries/esp32s3 lacks bootloader.bin")
    message(FATAL_ERROR "no warning: ${output}")
endif()
build(${project} __idf_main)
if(built EQUAL 0 OR NOT output MATCHES "Nothing to flash: [^ ]*/examples/binaries/esp32s3 lacks bootloader.bin")
    message(FATAL_ERROR "the build goes on without binaries: ${output}")
endif()
put_binaries(${BUILD}/some_name/examples/binaries)
build(${project} __idf_main)
if(NOT built EQUAL 0)
    message(FATAL_ERROR "the build does not find the binaries: ${output}")
endif()

# ---- a program that wants the library, for chips that the port does not know ----

set(project ${BUILD}/library)
file(WRITE ${project}/CMakeLists.txt "cmake_minimum_required(VERSION 3.16)\n"
    "set(EXTRA_COMPONENT_DIRS ${BUILD}/esp-loader)\n"
    "include(\$ENV{IDF_PATH}/tools/cmake/project.cmake)\nproject(library)\n")
file(WRITE ${project}/sdkconfig.defaults "")
file(WRITE ${project}/main/CMakeLists.txt "idf_component_register(SRCS main.c PRIV_REQUIRES esp-loader)\n")
file(WRITE ${project}/main/main.c "#include \"esp_loader.h\"\nvoid app_main(void);\nvoid app_main(void)\n{\n}\n")
foreach(row "4.4;esp32c3" "6.1;esp32s31" "6.0;esp32h4")
    check_project(${project} ${row})
    if(components MATCHES "usb_host")
        message(FATAL_ERROR "USB drivers for ${row}: ${components}")
    endif()
endforeach()
build(${project} all)
if(NOT built EQUAL 0)
    message(FATAL_ERROR "the library alone does not build: ${output}")
endif()
