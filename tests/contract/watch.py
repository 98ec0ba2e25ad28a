#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Writes the C file that notes what public functions return, and the linker's options that put it between a test and the
library. watch.py ROOT OUTPUT OPTIONS

Each function is wrapped (ld --wrap). With EL_CONTRACT_LOG in the environment a program writes, when it ends, a line
"function code cause" to that file for each combination that it has seen.
"""
import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True
import headers  # noqa: E402

HEAD = """/* Made by tests/contract/watch.py. */
#include <stdio.h>
#include <stdlib.h>

%(includes)s

enum { FUNCTIONS = %(functions)d, CODES = ESP_LOADER_ERROR_COUNT };

static unsigned char seen[FUNCTIONS][CODES][CODES];
static const char *const names[FUNCTIONS] = {
%(names)s};

static void write_seen(void)
{
    FILE *log = fopen(getenv("EL_CONTRACT_LOG"), "w");
    for (int f = 0; log != NULL && f < FUNCTIONS; f++) {
        for (int code = 0; code < CODES; code++) {
            for (int cause = 0; cause < CODES; cause++) {
                if (seen[f][code][cause] != 0) {
                    fprintf(log, "%%s %%d %%d\\n", names[f], code, cause);
                }
            }
        }
    }
    if (log != NULL) {
        fclose(log);
    }
}

static esp_loader_error_t note(int function, esp_loader_error_t code, const esp_loader_t *loader)
{
    static int state;
    if (state == 0) {
        state = getenv("EL_CONTRACT_LOG") != NULL && atexit(write_seen) == 0 ? 1 : 2;
    }
    if (state == 1 && (unsigned)code < CODES) {
        esp_loader_error_t cause = loader != NULL && code != ESP_LOADER_SUCCESS ? esp_loader_error_detail(loader)->cause : code;
        seen[function][code][(unsigned)cause < CODES ? cause : 0] = 1;
    }
    return code;
}
"""
FUNCTION = """
esp_loader_error_t __real_%(name)s(%(parameters)s);
esp_loader_error_t __wrap_%(name)s(%(parameters)s);
esp_loader_error_t __wrap_%(name)s(%(parameters)s)
{
    return note(%(index)d, __real_%(name)s(%(arguments)s), %(loader)s);
}
"""


def argument(parameter):
    return re.search(r"(\w+)(?:\[[^]]*\])?$", parameter)[1]


def main(root, output, options):
    found = list(headers.functions(root).values())
    text = HEAD % {"includes": "\n".join('#include "%s"' % header for header in headers.HEADERS), "functions": len(found),
                   "names": "".join('    "%s",\n' % function.name for function in found)}
    for index, function in enumerate(found):
        text += FUNCTION % {"name": function.name, "parameters": ", ".join(function.parameters), "index": index,
                            "arguments": ", ".join(map(argument, function.parameters)),
                            "loader": argument(function.parameters[0]) if function.has_session else "NULL"}
    Path(output).write_text(text)
    Path(options).write_text("".join("-Wl,--wrap=%s\n" % function.name for function in found))


if __name__ == "__main__":
    main(*sys.argv[1:4])
