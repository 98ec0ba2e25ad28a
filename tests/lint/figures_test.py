# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""What scripts/figures prints of a run, and what it records, from made-up results."""
import importlib.machinery
import importlib.util
import json
import os
import unittest
from unittest import mock

import made_up

LOADER = importlib.machinery.SourceFileLoader("figures", os.path.join(made_up.ROOT, "scripts/figures"))
figures = importlib.util.module_from_spec(importlib.util.spec_from_loader("figures", LOADER))
LOADER.exec_module(figures)


def results(code=100, stack=50, instructions=14.5, seconds=10.0004, other=3.0):
    size = {"flash": {"one image, Cortex-M0+": code}, "ports": {"pi_pico, RAM": 4156}, "board": {"stack": 1672},
            "sizeof_loader": {"as it comes": 1404}, "stack": {"one image": stack}, "instructions_per_byte": {"small": 70.5}}
    case = {"link": "USB", "loader": "ROM", "image": "firmware", "flash": "used", "seconds": seconds}
    cases = [case, {**case, "image": "random", "seconds": other}]
    return {"build/size/size.json": json.dumps(size), "build/bench/cpu.json": json.dumps({"instructions_per_byte": instructions}),
            "build/bench/results.json": json.dumps({"cases": cases})}


class Figures(unittest.TestCase):
    def run_on(self, files, *words, record=""):
        def start():
            with mock.patch.object(figures, "ROOT", os.getcwd()):
                figures.main(["build", *words])
        _, output, after = made_up.run(start, {figures.RECORD: record, **files})
        return output, after[figures.RECORD]

    def test_what_is_recorded_does_not_differ(self):
        output, record = self.run_on(results(), "--record")
        self.assertIn("SPDX-License-Identifier", record)
        for name in ("code: one image, Cortex-M0\\+", "port: pi_pico, RAM", "16 KiB of RAM: stack", "stack: one image", "instructions per byte: small", "instructions per byte", "USB, ROM: firmware, used"):
            self.assertRegex(output, r"%s +\S+ +(bytes|s)? +=" % name)
        self.assertNotIn("random", output)

    def test_each_figure_that_moves_is_printed_with_its_difference(self):
        _, record = self.run_on(results(), "--record")
        output, same = self.run_on(results(code=110, stack=40, instructions=14.6, seconds=11.0, other=2.9), record=record)
        self.assertEqual(same, record)
        for line in (r"code: one image, Cortex-M0\+ +110 bytes \+10 \(\+10\.0 %\)", r"stack: one image +40 bytes -10 \(-20\.0 %\)",
                     r"instructions per byte +14\.6 +\+0\.1 \(\+0\.7 %\)", r"USB, ROM: firmware, used +11\.0 s +\+1 \(\+10\.0 %\)",
                     r"USB, ROM: random, used +2\.9 s +-0\.1 \(-3\.3 %\)"):
            self.assertRegex(output, line)

    def test_only_the_stages_that_ran_count(self):
        output, _ = self.run_on({"build/size/size.json": results()["build/size/size.json"]}, "size")
        self.assertIn("code: one image", output)
        self.assertIn("new", output)
        with self.assertRaises(FileNotFoundError):
            self.run_on({}, "bench")


if __name__ == "__main__":
    unittest.main()
