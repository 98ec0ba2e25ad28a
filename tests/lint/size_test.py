# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""What bench/size/size.py takes for above a budget, from made-up sizes, stacks and counts."""
import contextlib
import io
import os
import sys
import unittest
from unittest import mock

import made_up

sys.path.insert(0, os.path.join(made_up.ROOT, "bench/size"))
import build  # noqa: E402
import size  # noqa: E402


def printed(function, *words):
    """What a function returns, what it prints, and whether something was above its budget."""
    report, output = size.Report(), io.StringIO()
    with contextlib.redirect_stdout(output):
        result = function("build", *words, report)
    return result, output.getvalue(), report.failed


class Size(unittest.TestCase):
    def flash(self, **over):
        """Everything at its budget; OVER names a processor and by how much the small program is above it there."""
        def measured(processor, _folder, settings, program):
            name, budgets = next((name, row[2]) for name, row in size.FIGURES.items() if row[:2] == (program, settings))
            more = over.get(processor.prefix.split("-")[0], 0) if name == "one image, small" else 0
            return {"flash": budgets[size.PROCESSORS.index(processor)] + more}
        with mock.patch.object(size, "measured", measured):
            return printed(size.programs)

    def test_every_program_has_a_budget_on_every_processor(self):
        for name, (_, _, budgets) in size.FIGURES.items():
            self.assertEqual(len(budgets), len(size.PROCESSORS), name)

    def test_at_its_budget_nothing_is_over(self):
        figures, output, failed = self.flash()
        self.assertFalse(failed)
        self.assertNotIn("OVER", output)
        self.assertEqual(len(figures), len(size.FIGURES) * len(size.PROCESSORS))

    def test_one_byte_more_on_one_processor_fails(self):
        _, output, failed = self.flash(riscv64=1)
        self.assertTrue(failed)
        self.assertRegex(output, r"one image, small +.*  OVER\n")
        self.assertEqual(output.count("OVER"), 1)

    def test_a_deeper_stack_fails(self):
        budget = size.STACKS["a write"][1]
        def stacks(depth):
            deepest = {"esp_loader_" + call: (1, []) for calls, _ in size.STACKS.values() for call in calls}
            deepest["esp_loader_flash_write"] = (depth, ["esp_loader_flash_write", "below.c:inner"])
            with mock.patch.object(size, "stacks", lambda *_: deepest):
                return printed(size.stack_depths)
        self.assertFalse(stacks(budget)[2])
        depths, output, failed = stacks(budget + 1)
        self.assertTrue(failed)
        self.assertEqual(depths["a write"], budget + 1)
        self.assertIn("esp_loader_flash_write > inner", output)

    def test_more_instructions_fail(self):
        def counted(more):
            budgets = [budget + more for _, budget in size.INSTRUCTIONS.values()]
            counts = iter([{"all": budget * size.cpu.BYTES} for budget in budgets])
            with mock.patch.multiple(size, run=mock.DEFAULT, os=mock.DEFAULT), \
                    mock.patch.object(size.cpu, "count", lambda *_: next(counts)):
                return printed(size.count_instructions)
        self.assertFalse(counted(0)[2])
        self.assertTrue(counted(0.01)[2])

    def test_empty_program_and_images_of_stubs_are_taken_off(self):
        def sums(_, path):
            return {"flash": 100, "ram": 20} if "-empty/" in path else {"flash": 1500, "ram": 70}
        with mock.patch.multiple(build, compile_all=lambda *_: [], totals=sums, run=lambda *_: "20 00000100 r bytes\n"), \
                mock.patch.object(build.Processor, "gcc", lambda *_: ""):
            self.assertEqual(build.measured(build.M0, "folder", [], "one.c"), {"flash": 1400, "ram": 50})
            self.assertEqual(build.measured(build.M0, "folder", build.WITH_STUBS, "all.c"), {"flash": 1400 - 256, "ram": 50})


if __name__ == "__main__":
    unittest.main()
