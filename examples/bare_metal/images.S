/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The images to flash, as they are in the files.
 */
    .macro image name, file
    .global image_\name
    .global image_\name\()_end
    .balign 4
image_\name :
    .incbin "\file"
image_\name\()_end :
    .endm

    .section .rodata.images, "a"
    image bootloader, BOOTLOADER_FILE
    image table, TABLE_FILE
    image app, APP_FILE
