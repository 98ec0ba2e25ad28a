# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""The check of lists of chips, on made-up ones."""
import subprocess
import unittest

import made_up
import chip_lists

NAMES = ["ESP8266", "ESP32", "ESP32S2", "ESP32C3", "ESP32S3", "ESP32C6", "ESP32C61", "ESP32H2", "ESP32H21"]
HEADER = "typedef enum {\n%s    ESP_MAX_CHIP = 9,\n} target_chip_t;\n" % "".join("    %s_CHIP = %d,\n" % (name, i) for i, name in enumerate(NAMES))
OTHERS = ["esp8266", "esp32s2", "esp32c3", "esp32s3", "esp32c6", "esp32c61", "esp32h2"]


class ChipLists(unittest.TestCase):
    def check(self, text, table="", path="src/table.c"):
        def start():
            subprocess.run(["git", "init", "-q"], check=True)
            return chip_lists.main(["--table", "table.txt"])
        status, output, _ = made_up.run(start, {chip_lists.HEADER: HEADER, path: text, "table.txt": table})
        return status, output

    def test_a_list_of_all_passes_however_they_are_written(self):
        for text in (" ".join(OTHERS) + " esp32h21", " ".join(NAMES), "ESP32-S2 ESP32-C3 ESP32-S3 ESP32-C6 ESP32-C61 ESP32-H2 ESP32-H21 ESP8266"):
            self.assertEqual(self.check(text), (0, ""))

    def test_a_list_without_one_fails_and_names_it(self):
        status, output = self.check(" ".join(OTHERS))
        self.assertEqual(status, 1)
        self.assertIn("src/table.c leaves out esp32h21;", output)

    def test_a_longer_name_is_not_the_shorter_one(self):
        status, output = self.check(" ".join(OTHERS).replace("esp32h2", "esp32h21"))
        self.assertEqual(status, 1)
        self.assertIn("leaves out esp32h2;", output)

    def test_few_of_them_are_no_list_and_pages_are_not_read(self):
        self.assertEqual(self.check(" ".join(OTHERS[:6])), (0, ""))
        self.assertEqual(self.check(" ".join(OTHERS), path="docs/page.md"), (0, ""))

    def test_the_table_says_exactly_what_is_left_out(self):
        self.assertEqual(self.check(" ".join(OTHERS), "src/table.c: esp32h21 # why\n")[0], 0)
        self.assertEqual(self.check(" ".join(OTHERS[1:]), "src/table.c: esp32h21\n")[0], 1)
        self.assertEqual(self.check(" ".join(NAMES), "src/table.c: esp32h21\n")[0], 1)
        self.assertEqual(self.check("", "src/gone.c: esp32h21\n")[0], 1)


if __name__ == "__main__":
    unittest.main()
