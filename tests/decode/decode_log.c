/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * decode_log ELF... <LOG: prints each line and what it means.
 */
#include <stdio.h>
#include <string.h>

#include "decode/decoder.h"

int main(int argc, char **argv)
{
    static char line[64 * 1024];
    const char *why = NULL;
    const char *path = NULL;
    decoder_t *decoder = decoder_open((const char *const *)argv + 1, (size_t)argc - 1, &why, &path);

    if (decoder == NULL) {
        fprintf(stderr, "%s: %s\n", path == NULL ? "decode_log" : path, why);
        return 1;
    }
    while (fgets(line, sizeof(line), stdin) != NULL) {
        const size_t length = strcspn(line, "\r\n");

        printf("%.*s\n", (int)length, line);
        if (decoder_line(decoder, line, length)) {
            fputs(decoder_answer(decoder), stdout);
        }
    }
    decoder_close(decoder);
    return 0;
}
