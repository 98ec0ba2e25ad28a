/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A command line in esptool's words as one in ours. It may contain options of ours, too.
 */
#ifndef CLI_ESPTOOL_WORDS_H
#define CLI_ESPTOOL_WORDS_H

typedef enum {
    ESPTOOL_FOREIGN,    /**< it has no command of esptool's */
    ESPTOOL_TRANSLATED, /**< there are words of ours */
    ESPTOOL_REFUSED,    /**< what is wrong has been reported */
    ESPTOOL_NO_MEMORY,
} esptool_result_t;

/** Translates the words after argv[0].
 *  @param out_words  after TRANSLATED: *out_count words, the first being argv[0]; free() the array, not the words
 */
esptool_result_t esptool_translate(int argc, const char *const *argv, const char ***out_words,
                                   int *out_count);

#endif
