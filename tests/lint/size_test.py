# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""What bench/size/size.py takes for above a budget, from made-up sizes, stacks and counts."""
import contextlib
import io
import os
import sys
import tempfile
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

    def ports(self, **over):
        """Every port at its budgets; OVER names what of the port zephyr is above it, and by how much."""
        def measured(_build, processor, name):
            port = size.ports.PORTS[name]
            more = over if name == "zephyr" else {}
            return {"flash": port.flash[size.PROCESSORS.index(processor)] + more.get("flash", 0),
                    "RAM": port.ram + more.get("RAM", 0), "stack": port.stack + more.get("stack", 0)}
        def stated(page, name):
            return [*size.ports.PORTS[name].flash, size.ports.PORTS[name].ram, size.ports.PORTS[name].stack]
        with mock.patch.multiple(size.ports, measured=measured, stated=stated):
            return printed(size.port_costs)

    def test_a_row_of_the_page_is_read(self):
        page = "| port | x |\n|---|---|\n| [a_port](../a.md) | 1,256 | 40 |\n| b | 7 |\n"
        self.assertEqual(size.ports.stated(page, "a_port"), [1256, 40])
        self.assertEqual(size.ports.stated(page, "b"), [7])
        self.assertEqual(size.ports.stated(page, "port"), [])

    def test_a_figure_of_the_page_may_be_off_by_a_twentieth(self):
        self.assertTrue(size.ports.is_stated([1000, 40], [1050, 40]))
        self.assertFalse(size.ports.is_stated([1000, 40], [1060, 40]))
        self.assertFalse(size.ports.is_stated([1000], [1000, 40]))

    def test_a_port_that_the_page_does_not_state_fails(self):
        with mock.patch.object(size, "PAGE", os.devnull):
            measured = {"flash": 1, "RAM": 1, "stack": 1}
            with mock.patch.object(size.ports, "measured", lambda *_: measured):
                self.assertTrue(printed(size.port_costs)[2])

    def test_every_port_of_a_microcontroller_has_a_row_and_budgets_on_every_processor(self):
        shared = {folder for port in size.ports.PORTS.values() for folder in port.sdk.shared}
        others = shared | {"linux_devices", "linux_serial", "linux_usb", "net", "posix", "template",
                           "arduino"}  # in C++, for the cores that are measured here by their own ports
        self.assertEqual(set(size.ports.PORTS), {path.name for path in os.scandir(made_up.ROOT + "/port") if path.is_dir()} - others)
        for name, port in size.ports.PORTS.items():
            self.assertEqual(len(port.flash), len(size.PROCESSORS), name)

    def test_at_its_budgets_no_port_is_over(self):
        figures, output, failed = self.ports()
        self.assertFalse(failed)
        self.assertNotIn("OVER", output)
        self.assertEqual(len(figures), len(size.ports.PORTS) * (len(size.PROCESSORS) + 2))

    def test_one_byte_more_of_a_port_fails(self):
        for what in ("flash", "RAM", "stack"):
            _, output, failed = self.ports(**{what: 1})
            self.assertTrue(failed)
            self.assertRegex(output, r"zephyr .*OVER\n")

    def test_a_board_that_needs_more_than_its_budget_or_its_stack_fails(self):
        def ram(**more):
            needed = {"stack kept": 4096, **{name: budget for name, budget in size.BOARD.items()}, **more}
            with mock.patch.object(size.board, "ram", lambda _: needed):
                return printed(size.board_ram)[2]
        self.assertFalse(ram())
        self.assertTrue(ram(variables=size.BOARD["variables"] + 1))
        self.assertTrue(ram(stack=size.BOARD["stack"] + 1))
        self.assertTrue(ram(**{"stack kept": size.BOARD["stack"] - 1}))

    def test_sources_that_come_to_the_same_text_are_compiled_once(self):
        compiled = []
        def gcc(self, *words):
            if "-E" in words:
                return "same" if "-DSAME" in words else "".join(words)
            compiled.append(words)
            for suffix in (".o", ".ci"):
                open(words[-1][:-2] + suffix, "w").close()
            return ""
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(build.Processor, "gcc", gcc):
            first = build.compile_all(build.M0, folder + "/a", ["x.c", "y.c"], ["-DSAME", "-DA"])
            second = build.compile_all(build.M0, folder + "/b", ["x.c", "y.c"], ["-DSAME", "-DB"])
            self.assertEqual((len(compiled), first), (2, second))
            self.assertEqual(len(os.listdir(folder + "/b")), 2)
            self.assertNotEqual(build.compile_all(build.M4, folder + "/c", ["x.c"], ["-DSAME"]), first[:1])
            self.assertNotEqual(build.compile_all(build.M0, folder + "/d", ["x.c"], []), first[:1])

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
