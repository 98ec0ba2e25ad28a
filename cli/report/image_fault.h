/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is wrong with an image or a partition table, in words, with names and numbers.
 */
#ifndef CLI_IMAGE_FAULT_H
#define CLI_IMAGE_FAULT_H

#include "report/report.h"

/** Writes the rest of a sentence that begins with the file's name. false when the library's text of the cause
 * is all there is to say.
 *  @param image  the image concerned */
bool image_fault_sentence(const report_context_t *context, const esp_loader_error_detail_t *detail,
                          const esp_loader_image_t *image, char out[REPORT_SIZE]);

/** What to do with a file of that format instead of flashing it. */
const char *image_fault_advice(esp_loader_format_t format);

#endif
