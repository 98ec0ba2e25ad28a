# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""The check of the stages' budgets, on made-up tables."""
import unittest

import made_up
import budgets

GOOD = "# a comment\n\nlint | 1000 | test | text\ngcc  |  800 | test | all tests\ninterop | 1500 | interop | others\nsoak | 9999 | soak | long\n"


class Budgets(unittest.TestCase):
    def check(self, table, scripts=("lint", "gcc", "interop", "soak")):
        files = {budgets.STAGES: table, **{budgets.FOLDER + "/" + name: "" for name in scripts}}
        status, output, _ = made_up.run(budgets.main, files)
        return status, output

    def test_as_long_as_is_allowed_passes(self):
        self.assertEqual(self.check(GOOD)[0], 0)

    def test_one_second_more_fails(self):
        for long in (GOOD.replace(" 800 ", " 801 "), GOOD.replace(" 1500 ", " 1501 ")):
            status, output = self.check(long)
            self.assertEqual(status, 1)
            self.assertIn("are allowed", output)

    def test_a_line_that_is_not_understood_fails(self):
        for line in ("more | 1 | later | something\n", "more | one | test | something\n", "more | 1 * | something\n", "gcc | 0 | test | again\n"):
            self.assertEqual(self.check(GOOD + line, ("lint", "gcc", "interop", "soak", "more"))[0], 1, line)

    def test_stages_and_scripts_are_the_same(self):
        self.assertIn("no stage soak", self.check(GOOD, ("lint", "gcc", "interop"))[1])
        status, output = self.check(GOOD, ("lint", "gcc", "interop", "soak", "forgotten"))
        self.assertEqual(status, 1)
        self.assertIn("forgotten", output)


if __name__ == "__main__":
    unittest.main()
