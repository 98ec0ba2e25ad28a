# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""The check for what nobody uses, on made-up sources."""
import unittest

import made_up
import unused

FILES = {
    "include/public.h": "int public_do(void);\n#define PUBLIC_LIMIT 1\n",
    "src/do.h": "#ifndef DO_H\n#define DO_H\n#define DO_STEP 2\nint do_step(void);\n#endif\n",
    "src/do.c": '#include "do.h"\n#include "public.h"\nint do_step(void)\n{\n    return DO_STEP;\n}\nint public_do(void)\n{\n    return 1;\n}\n',
    "tests/do_test.c": '#include "do.h"\nint main(void)\n{\n    return do_step();\n}\n',
}


class Unused(unittest.TestCase):
    def check(self, files):
        status, output, _ = made_up.run(unused.main, files)
        return status, output

    def test_what_is_public_or_has_a_user_passes(self):
        status, output = self.check(FILES)
        self.assertEqual(status, 0, output)

    def test_a_function_and_an_object_that_no_other_file_uses_fail(self):
        status, output = self.check({**FILES, "tests/do_test.c": "/* do_step() */\n"})
        self.assertEqual(status, 1)
        self.assertIn("no other file uses function do_step", output)
        status, output = self.check({**FILES, "src/table.c": "const int table[] = {1};\nstatic const int own[] = {2};\n"})
        self.assertEqual(status, 1)
        self.assertIn("no other file uses object table", output)
        self.assertNotIn("own", output)

    def test_a_macro_that_nothing_uses_fails(self):
        for path, text in (("src/do.h", "#define DO_NOT 3\n"), ("src/do.c", "#define DO_NOT 3 /* DO_NOT */\n")):
            status, output = self.check({**FILES, path: FILES[path] + text})
            self.assertEqual(status, 1, path)
            self.assertIn("nothing uses macro DO_NOT", output)

    def test_what_is_declared_and_defined_nowhere_fails(self):
        status, output = self.check({**FILES, "src/do.h": FILES["src/do.h"] + "int do_gone(void);\n"})
        self.assertEqual(status, 1)
        self.assertIn("do_gone is defined nowhere", output)


if __name__ == "__main__":
    unittest.main()
