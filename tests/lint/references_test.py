# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""The check of the files that pages and comments name, on made-up ones."""
import subprocess
import unittest
from unittest import mock

import made_up
import references

FILES = {"src/link/link.c": "/* Frames. */\nint x;\n", "docs/one.md": "", "tests/link_test.c": ""}


class References(unittest.TestCase):
    def check(self, files, foreign=""):
        def start():
            subprocess.run(["git", "init", "-q"], check=True)
            return references.main()
        with mock.patch.object(references, "FOREIGN", {"others": foreign}):
            status, output, _ = made_up.run(start, {**FILES, **files})
        return status, output

    def test_what_is_there_passes(self):
        for text in ("see src/link/link.c", "see `src/link/`", "see [a](one.md), `link.c`", "`tests/*_test.c`", "src/link/{link.c}", "link/link.c:1",
                     "https://example.com/docs/none.md", "build/src/none.c"):
            status, output = self.check({"docs/two.md": text + "\nsee docs/one.md\n"})
            self.assertEqual(status, 0, text + output)

    def test_what_is_gone_fails(self):
        for text in ("see src/link/gone.c", "see `src/gone/`", "`gone.c`", "tests/*_gone.c", "src/link/{link,gone}.c", "scripts/gone", "sub/link.c"):
            status, output = self.check({"docs/two.md": "first line\n" + text + "\n"})
            self.assertEqual(status, 1, text)
            self.assertIn("docs/two.md:2: there is no", output)

    def test_comments_count_and_code_does_not(self):
        for path, text in (("src/a.c", "int a;\n/* as in\n * gone.c */\n"), ("src/a.h", "int a; // src/gone.c\n"), ("scripts/a", "x=1\n# see docs/gone.md\n"),
                           ("tests/a.py", "x = 1 # gone.py\n")):
            self.assertEqual(self.check({path: text})[0], 1, path)
        for path, text in (("src/a.c", '#include "gone.h"\nchar a[] = "/* src/gone.c */"; /* link.c */\n'), ("scripts/a", "cat docs/gone.md # docs/one.md\n")):
            status, output = self.check({path: text})
            self.assertEqual(status, 0, output)

    def test_functions_that_are_gone_are_found(self):
        code = {"src/a.c": "void esp_loader_there(void);\n/* eli_gone() is not: */ /* esp_loader_there() */\n"}
        self.assertIn("src/a.c:2: there is no function eli_gone()", self.check(code)[1])
        code["src/a.c"] = code["src/a.c"].replace("gone() is not", "gone is a word")
        for text, status in (("`esp_loader_there()` docs/one.md\n", 0), ("`esp_loader_gone()` docs/one.md\n", 1)):
            self.assertEqual(self.check({**code, "docs/two.md": text})[0], status, text)

    def test_names_of_others_are_listed_as_long_as_they_are_used(self):
        page = {"docs/two.md": "idf.py, docs/one.md\n"}
        self.assertEqual(self.check(page)[0], 1)
        self.assertEqual(self.check(page, "idf.py")[0], 0)
        self.assertEqual(self.check(page, "idf.py other.py")[0], 1)


if __name__ == "__main__":
    unittest.main()
