#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""contract.py on a made-up header: what must be understood, and what must be refused."""
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
import contract  # noqa: E402
import headers  # noqa: E402

ERRORS = "typedef enum {\n    ESP_LOADER_SUCCESS = 0, /**< done */\n    ESP_LOADER_ERROR_FAIL,\n    ESP_LOADER_ERROR_TIMEOUT,\n" \
         "    ESP_LOADER_ERROR_RANGE,\n    ESP_LOADER_ERROR_COUNT\n} esp_loader_error_t;\n"
FUNCTIONS = """
/** Begins.
 *  @retval ESP_LOADER_ERROR_RANGE  cause
 *                                  TIMEOUT: too far */
esp_loader_error_t esp_loader_begin(esp_loader_t *loader, uint32_t at);

/** Goes on.
 *  @return after a failure as esp_loader_begin() */
esp_loader_error_t esp_loader_go_on(esp_loader_t *loader);
"""
FAIL, TIMEOUT, RANGE = 1, 2, 3


class Contract(unittest.TestCase):
    def problems(self, *seen):
        with tempfile.TemporaryDirectory() as folder:
            include = Path(folder) / "include"
            include.mkdir()
            for header in headers.HEADERS:
                (include / header).write_text(FUNCTIONS if header == "esp_loader.h" else "")
            (include / "esp_loader_error.h").write_text(ERRORS)
            (Path(folder) / "a_test.txt").write_text("".join("esp_loader_%s %d %d\n" % line for line in seen))
            found, got = headers.functions(folder), contract.read_seen(folder, headers.codes(folder))
            return [problem for function in found.values() for problem in contract.problems_of(function, got.get(function.name, {}))]

    def test_what_is_listed_or_common_and_seen_is_right(self):
        self.assertEqual(self.problems(("begin", 0, 0), ("begin", RANGE, TIMEOUT), ("begin", TIMEOUT, TIMEOUT)), [])

    def test_what_another_function_lists_may_be_returned_and_need_not_be_seen(self):
        self.assertEqual(self.problems(("begin", RANGE, TIMEOUT), ("go_on", RANGE, TIMEOUT)), [])

    def test_a_cause_that_is_not_listed_is_found(self):
        self.assertEqual(self.problems(("begin", RANGE, TIMEOUT), ("begin", RANGE, FAIL)),
                         ["esp_loader_begin: returns RANGE, cause FAIL, which is not listed (a_test)"])

    def test_a_code_that_is_not_listed_is_found(self):
        found = self.problems(("begin", RANGE, TIMEOUT), ("go_on", FAIL, RANGE))
        self.assertEqual(found, ["esp_loader_go_on: returns FAIL, cause RANGE, which is not listed (a_test)"])

    def test_an_entry_that_nothing_has_returned_is_found(self):
        self.assertEqual(self.problems(("begin", 0, 0)),
                         ["esp_loader_begin: lists RANGE, cause TIMEOUT, which no test has seen"])


if __name__ == "__main__":
    unittest.main()
