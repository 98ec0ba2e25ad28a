# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""The check of who includes whom, on made-up sources and a made-up table."""
import unittest
from unittest import mock

import made_up
import includes

TABLE = {"include": [], "src/link": ["include"], "src/session": ["include", "src/link"], "sim": []}
PURPOSE = {"include": "headers", "src/session": "calls", "src/link": "frames", "sim": "a chip"}
PAGE = "before\n%s%safter\n" % includes.MARKS
SOURCES = {
    "include/public.h": "int session_do(void);\n",
    "src/link/link.h": "int link_send(void);\n",
    "src/link/link.c": '#include "public.h"\n#include "link.h"\nint link_send(void)\n{\n    return 1;\n}\n',
    "src/session/do.c": '#include "public.h"\n#include "link/link.h"\nint session_do(void)\n{\n    return link_send();\n}\n',
    "sim/chip.c": '#include <stdio.h>\n',
}


class Includes(unittest.TestCase):
    def check(self, files, *words, table=TABLE):
        with mock.patch.multiple(includes, ALLOWED=table, PURPOSE=PURPOSE, SEARCH=["include", "src"], SHARED={}):
            return made_up.run(includes.main, {includes.PAGE: PAGE, **files}, words)

    def test_what_the_table_allows_passes(self):
        status, output, files = self.check(SOURCES, "--write")
        self.assertEqual(status, 0, output)
        self.assertEqual(self.check({**SOURCES, includes.PAGE: files[includes.PAGE]})[0], 0)

    def test_an_include_upwards_fails(self):
        status, output, _ = self.check({**SOURCES, "src/session/do.h": "", "src/link/up.c": '#include "session/do.h"\n'}, "--write")
        self.assertEqual(status, 1)
        self.assertIn("src/link/up.c:1: src/link may not include src/session/do.h", output)

    def test_a_use_through_the_header_of_another_part_fails(self):
        sources = {**SOURCES, "src/plan/run.c": '#include "session/do.h"\nint run(void)\n{\n    return link_send();\n}\n',
                   "src/session/do.h": '#include "link/link.h"\ntypedef int do_t;\n'}
        table = {**TABLE, "src/plan": ["src/session"]}
        status, output, _ = self.check(sources, "--write", table=table)
        self.assertEqual(status, 1)
        self.assertIn("src/plan/run.c: src/plan may not use src/link/link.c: link_send", output)
        self.assertEqual(self.check(sources, "--write", table={**TABLE, "src/plan": ["src/session", "src/link"]})[0], 0)

    def test_an_entry_that_nobody_needs_fails(self):
        status, output, _ = self.check(SOURCES, "--write", table={**TABLE, "sim": ["include"]})
        self.assertEqual(status, 1)
        self.assertIn("the table lets sim include include, which it does not do", output)

    def test_a_page_that_says_something_else_fails(self):
        _, _, files = self.check(SOURCES, "--write")
        page = files[includes.PAGE]
        self.assertIn("| `src/session/` | calls | public headers, `src/link/` |", page)
        status, output, _ = self.check({**SOURCES, includes.PAGE: page.replace("| `src/link/` | frames | public headers |", "")})
        self.assertEqual(status, 1)
        self.assertIn("is not the one of", output)
        self.assertEqual(self.check({**SOURCES, includes.PAGE: "no marks\n"})[0], 1)


if __name__ == "__main__":
    unittest.main()
