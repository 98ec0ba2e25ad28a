# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# Run by cpack on what is installed, before it is packed: what Debian's policy wants otherwise than `cmake --install` does it.

file(GLOB root ${CPACK_TEMPORARY_DIRECTORY}/*/usr/share) # one: all components are in one package
file(GLOB_RECURSE pages ${root}/man/*.1)
if(pages)
    execute_process(COMMAND gzip -9nf ${pages} COMMAND_ERROR_IS_FATAL ANY)
endif()
if(EXISTS ${root}/zsh/site-functions)
    file(RENAME ${root}/zsh/site-functions ${root}/zsh/vendor-completions)
endif()

# The package's own changes, of which there are none.
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC) # of SOURCE_DATE_EPOCH, when that is set
file(WRITE ${root}/doc/esp-loader/changelog "esp-loader (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * Built from source with CPack.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
execute_process(COMMAND gzip -9nf ${root}/doc/esp-loader/changelog COMMAND_ERROR_IS_FATAL ANY)
