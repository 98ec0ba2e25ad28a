# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""The check for circles of files, on made-up sources. `python3 -m unittest discover tests/lint -p '*_test.py'` runs it."""
import unittest

import made_up
import circles

UPPER = '#include "rooms.h"\nint upper(void)\n{\n    return lower() + 1;\n}\n'
LOWER = '#include "rooms.h"\nint lower(void)\n{\n    return upper() - 1;\n}\n'
LEAF = '#include "rooms.h"\nint lower(void)\n{\n    return 1;\n}\n'
ROOMS = "int upper(void);\nint lower(void);\nint third(void);\n"


class Circles(unittest.TestCase):
    def check(self, files, table=""):
        """Status and output of the check of a project that has these files."""
        status, output, _ = made_up.run(circles.main, {**files, "table.txt": table}, ["--table", "table.txt"])
        return status, output

    def test_a_straight_line_passes(self):
        self.assertEqual(self.check({"sim/rooms.h": ROOMS, "sim/upper.c": UPPER, "sim/lower.c": LEAF})[0], 0)

    def test_a_circle_fails_and_each_edge_is_named(self):
        status, output = self.check({"sim/rooms.h": ROOMS, "sim/upper.c": UPPER, "sim/lower.c": LOWER})
        self.assertEqual(status, 1)
        self.assertIn("sim/upper.c -> sim/lower.c: lower", output)
        self.assertIn("sim/lower.c -> sim/upper.c: upper", output)

    def test_a_circle_through_an_object_fails(self):
        status, output = self.check({
            "sim/rooms.h": ROOMS + "extern int (*const hooks[])(void);\n",
            "sim/upper.c": '#include "rooms.h"\nint (*const hooks[])(void) = {lower};\n',
            "sim/lower.c": '#include "rooms.h"\nint lower(void)\n{\n    return hooks[0]();\n}\n'})
        self.assertEqual(status, 1)
        self.assertIn("sim/lower.c -> sim/upper.c: hooks", output)

    def test_a_circle_of_headers_through_types_fails(self):
        status, output = self.check({
            "sim/a.h": '#ifndef A_H\n#define A_H\n#include "b.h"\ntypedef struct {\n    b_t *b;\n} a_t;\n#endif\n',
            "sim/b.h": '#ifndef B_H\n#define B_H\n#include "a.h"\ntypedef struct {\n    a_t *a;\n} b_t;\n#endif\n'})
        self.assertEqual(status, 1)
        self.assertIn("sim/a.h -> sim/b.h: b_t", output)

    def test_a_call_in_a_macro_or_an_inline_function_is_an_edge(self):
        inline = 'int lower(void);\n#define UP() upper()\nstatic inline int down(void)\n{\n    return lower();\n}\n'
        status, output = self.check({
            "sim/rooms.h": "int upper(void);\n", "sim/down.h": '#include "rooms.h"\n' + inline.replace("int lower(void);\n", ""),
            "sim/upper.c": '#include "down.h"\nint upper(void)\n{\n    return down();\n}\n'})
        self.assertEqual(status, 1)
        self.assertIn("sim/down.h -> sim/upper.c: upper", output)

    def test_every_form_of_a_declaration_counts(self):
        for declaration in ("__attribute__((unused)) int lower(void);\n", "typedef int room(void);\nroom upper, lower;\n",
                            'extern "C" {\nint lower(void);\n}\n'):
            status, output = self.check({"sim/rooms.h": "int upper(void);\n" + declaration, "sim/upper.c": UPPER, "sim/lower.c": LOWER})
            self.assertEqual(status, 1, declaration)
            self.assertIn("sim/upper.c -> sim/lower.c: lower", output)

    def test_a_header_and_the_file_that_it_describes_are_no_circle(self):
        header = "int upper(void);\ntypedef int room_t;\nstatic inline room_t twice(void)\n{\n    return 2 * upper();\n}\n"
        self.assertEqual(self.check({"sim/upper.h": header, "sim/upper.c": '#include "upper.h"\nroom_t upper(void)\n{\n    return 1;\n}\n'})[0], 0)

    def test_a_name_of_its_own_a_member_a_comment_and_a_string_are_no_edges(self):
        quiet = ('#include "rooms.h"\n/* upper() */\nstatic int third(void)\n{\n    return 0;\n}\n'
                 'int lower(void)\n{\n    struct pair *p = 0, s = {.upper = 1}; // upper()\n'
                 '    return p->upper + s.upper + third() + (int)sizeof("upper()");\n}\n')
        third = '#include "rooms.h"\nint third(void)\n{\n    return lower();\n}\n'
        status, output = self.check({"sim/rooms.h": ROOMS, "sim/upper.c": UPPER, "sim/lower.c": quiet, "sim/third.c": third})
        self.assertEqual(status, 0, output)

    def test_a_call_through_a_pointer_is_no_edge(self):
        called = '#include "rooms.h"\nint lower(void)\n{\n    extern int (*hook)(void);\n    return hook();\n}\n'
        self.assertEqual(self.check({"sim/rooms.h": ROOMS, "sim/upper.c": UPPER, "sim/lower.c": called})[0], 0)

    def test_a_family_may_be_a_circle_but_not_with_others(self):
        files = {"sim/rooms.h": ROOMS, "sim/upper.c": UPPER, "sim/lower.c": LOWER}
        self.assertEqual(self.check(files, "family rooms: sim/upper.c sim/low*.c\n")[0], 0)
        self.assertEqual(self.check(files, "family rooms: sim/up*.c\n")[0], 1)

    def test_a_family_without_a_circle_leaves_the_table(self):
        status, output = self.check({"sim/rooms.h": ROOMS, "sim/upper.c": UPPER, "sim/lower.c": LEAF}, "family rooms: sim/*.c\n")
        self.assertEqual(status, 1)
        self.assertIn("'rooms' has no circle", output)

    def test_a_known_circle_passes_and_may_only_shrink(self):
        two = {"sim/rooms.h": ROOMS, "sim/upper.c": UPPER, "sim/lower.c": LOWER}
        third = '#include "rooms.h"\nint third(void)\n{\n    return lower();\n}\n'
        three = {**two, "sim/third.c": third, "sim/upper.c": UPPER.replace("lower() +", "third() +")}
        known = "known: sim/upper.c sim/lower.c"
        self.assertEqual(self.check(two, known)[0], 0)
        status, output = self.check(three, known)
        self.assertEqual(status, 1)
        self.assertIn("sim/third.c -> sim/lower.c: lower", output)
        self.assertEqual(self.check(three, known + " sim/third.c")[0], 0)
        status, output = self.check(two, known + " sim/third.c")
        self.assertEqual(status, 1)
        self.assertIn("known: sim/lower.c sim/upper.c\n", output)
        status, output = self.check({**two, "sim/lower.c": LEAF}, known)
        self.assertEqual(status, 1)
        self.assertIn("this circle is gone", output)

    def test_two_known_circles_that_grow_together_fail(self):
        files = {"sim/rooms.h": ROOMS + "int fourth(void);\n",
                 "sim/upper.c": UPPER, "sim/lower.c": LOWER.replace("upper() -", "upper() + third() -"),
                 "sim/third.c": '#include "rooms.h"\nint third(void)\n{\n    return fourth();\n}\n',
                 "sim/fourth.c": '#include "rooms.h"\nint fourth(void)\n{\n    return third() + upper();\n}\n'}
        status, output = self.check(files, "known: sim/upper.c sim/lower.c\nknown: sim/third.c sim/fourth.c\n")
        self.assertEqual(status, 1)
        self.assertIn("larger than the table allows", output)
        self.assertIn("sim/lower.c -> sim/third.c: third", output)

    def test_nothing_to_look_at_and_a_table_that_cannot_be_read_fail(self):
        self.assertEqual(self.check({})[0], 1)
        with self.assertRaises(SystemExit):
            self.check({"sim/upper.c": "int upper;\n"}, "circle: sim/upper.c\n")


if __name__ == "__main__":
    unittest.main()
