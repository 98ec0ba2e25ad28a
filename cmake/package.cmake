# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# `cpack -G DEB` in the build folder: the components tool and simulator as one Debian package. Configure with
# -DCMAKE_INSTALL_PREFIX=/usr and -DCMAKE_BUILD_TYPE=Release.

set(CPACK_PACKAGE_NAME esp-loader)
set(CPACK_PACKAGE_CONTACT "esp-loader contributors <esp-loader@example.org>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_COMPONENTS_ALL tool simulator)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)

set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION electronics)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libusb-1.0-0, libdw1") # loaded when a usb: port is opened, and when an ELF file is decoded
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "flashes Espressif chips, and simulates them
esp-loader writes firmware into the flash of ESP8266 and ESP32 chips, over
serial ports, USB and the network, and verifies it. esp-sim is a virtual chip
to try and test such programs without hardware, el-mkimage makes firmware
images for tests.")
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/debian.cmake)
include(CPack)
