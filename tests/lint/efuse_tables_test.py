# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""The tables of eFuses: what is generated of them is what is committed, and mistakes in them are found."""
import pathlib
import sys
import tempfile
import unittest

import made_up

sys.path.insert(0, made_up.ROOT + "/tools/efuse")
import cli_tables  # noqa: E402
import generate  # noqa: E402
import tables  # noqa: E402


class EfuseTables(unittest.TestCase):
    def setUp(self):
        self.controllers = tables.all_controllers()
        self.table = next(table for table in tables.all_tables() if table.name == "esp32c6")

    def refuses(self, pattern, **changes):
        with self.assertRaisesRegex(tables.Mistake, pattern):
            tables.check(self.table._replace(**changes), self.controllers["esp32c6"])

    def test_the_tool_has_what_is_generated(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "made.c")
            generate.main(["cli", str(path)])
            self.assertEqual(path.read_text(), pathlib.Path(made_up.ROOT, "cli/efuse/efuse_tables.c").read_text(),
                             "run tools/efuse/generate.py cli")

    def test_the_library_has_what_is_generated(self):
        with tempfile.TemporaryDirectory() as folder:
            generate.main(["library", folder])
            made, root = pathlib.Path(folder), pathlib.Path(made_up.ROOT)
            names = {path.relative_to(made) for path in made.rglob("*.[ch]")}
            there = {path.relative_to(root) for path in [*(root / "include/efuse").rglob("*.h"), *(root / "src/efuse").glob("esp*.c")]}
            self.assertEqual(len(names), 2 * len(self.controllers) + 3)
            self.assertLessEqual(there, names)
            for name in sorted(names):
                self.assertTrue((made / name).read_bytes() == (root / name).read_bytes(),
                                f"{name}: run tools/efuse/generate.py library")
            header = (made / "include/efuse/esp32h2/esp_loader_efuse_table.h").read_text()
            self.assertIn("*ESP32H2_EFUSE_USER_DATA_MAC_CUSTOM[];", header)
            self.assertIn("*ESP32H2_V0_0_V1_1_EFUSE_WR_DIS_ECDSA_FORCE_USE_HARDWARE_K[];", header)
            source = (made / "src/efuse/esp32h2.c").read_text()
            self.assertIn("infos_of_ESP32H2_V0_0_V1_1_EFUSE_FIELDS, 90, 0, 101}", source)

    def test_mistakes_are_found(self):
        field = tables.Field("NEW", [(0, 0, 1)], None, None)
        self.refuses("twice: NEW", fields=[field, field])
        self.refuses("outside its block", fields=[field._replace(runs=[(11, 0, 1)])])
        self.refuses("outside its block", fields=[field._replace(runs=[(0, 288, 1)])])
        self.refuses("outside its block", fields=[field._replace(runs=[(0, 0, 0)])])
        self.refuses("outside BLOCK0", fields=[field._replace(wr_dis=192)])
        self.refuses("invalid name", fields=[field._replace(name="new")])
        self.refuses("aliases of unknown fields: GONE", aliases={"GONE": ["X"]})

    def test_a_field_without_a_meaning_is_found(self):
        with self.assertRaisesRegex(tables.Mistake, "nothing says what NEW means"):
            cli_tables.meaning_of(self.table, tables.Field("NEW", [(0, 0, 1)], None, None), cli_tables.all_meanings())

    def test_names_of_the_same_bits_are_one_field(self):
        found = tables.all_tables()
        shown, aliases = cli_tables.shown_fields(next(table for table in found if table.name == "esp32s31"), found)
        self.assertIn("RMA_ENA", [field.name for field in shown])
        self.assertNotIn("SDC_ENA", [field.name for field in shown])
        self.assertEqual(aliases["RMA_ENA"], ["SDC_ENA"])


if __name__ == "__main__":
    unittest.main()
