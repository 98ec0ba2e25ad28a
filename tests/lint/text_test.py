# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""The checks of phrases and of the width of pages, on made-up files."""
import subprocess
import unittest

import made_up

PHRASES = "scripts/lint/phrases.txt"


def check(rule, files):
    def start():
        return subprocess.run([made_up.ROOT + "/scripts/lint/text", rule], stdout=subprocess.PIPE, text=True, check=False)
    with open(made_up.ROOT + "/" + PHRASES, encoding="utf-8") as file:
        result, _, _ = made_up.run(start, {**files, PHRASES: file.read()})
    return result.returncode, result.stdout


class Text(unittest.TestCase):
    def test_phrases_are_found_with_what_to_write(self):
        for path, text, better in (("src/a.c", "/* the boot pin */", "strapping pin"), ("README.md", "'x' is no port", "invalid"),
                                   ("cli/a.h", "/* It is sent behind the image. */", "after"), ("docs/a.md", "as ever", "as usual"),
                                   ("sim/a.c", "/* what stands there */", "is"), ("docs/a.md", "The end is said once.", "say who"),
                                   ("port/a.h", "/* the id tells none */", "reports"), ("docs/a.md", "It is looked at twice.", "examined")):
            status, output = check("phrases", {path: "first line\n" + text + "\n"})
            self.assertEqual(status, 1, text)
            self.assertIn(path + ":2:", output)
            self.assertIn("[write: " + better, output)

    def test_other_words_and_other_files_pass(self):
        for path, text in (("src/a.c", "int boot_pin; /* there is no port */"), ("docs/a.md", "what it left behind"),
                           ("docs/a.md", "A loader cannot tell whether it stands for one."), ("docs/a.md", "It looks at the first."),
                           ("docs/glossary.md", "transmission rate"), ("tests/a.c", "/* the boot pin */"), ("docs/a.md", "is not a port")):
            status, output = check("phrases", {path: text + "\n"})
            self.assertEqual(status, 0, output)

    def test_wide_lines_of_text_fail_and_tables_and_code_pass(self):
        wide = "x " * 60 + "y"
        status, output = check("width", {"docs/a.md": "short\n" + wide + "\n"})
        self.assertEqual(status, 1)
        self.assertIn("docs/a.md:2:", output)
        for text in ("| " + wide + " |", "```\n" + wide + "\n```", "\u00e9" * 120, wide[:120]):
            status, output = check("width", {"docs/a.md": text + "\n"})
            self.assertEqual(status, 0, output)


if __name__ == "__main__":
    unittest.main()
