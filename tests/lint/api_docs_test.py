# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""The check of the API reference: what has no description is found, and private members need none."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADER = """/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A header.
 */
/** A struct. */
typedef struct {
    int known; /**< described */
    int forgotten;
    const char *_private;
    struct { /* private */
        int also_private;
    } _group;
} made_up_t;

#define MADE_UP 1

/** Described.
 *  @param no_such  nothing of this name */
int made_up(int number);

int made_up_too(void);
"""


class ApiDocs(unittest.TestCase):
    def test_what_is_not_described_fails(self):
        with tempfile.TemporaryDirectory() as folder:
            for file in ("docs/Doxyfile", "docs/api.md", "scripts/api-docs", "scripts/doxygen_filter.py"):
                (pathlib.Path(folder) / file).parent.mkdir(exist_ok=True)
                shutil.copy(ROOT / file, pathlib.Path(folder) / file)
            (pathlib.Path(folder) / "include").mkdir()
            (pathlib.Path(folder) / "include/made_up.h").write_text(HEADER)
            run = subprocess.run([folder + "/scripts/api-docs", folder + "/out"], capture_output=True, text=True, check=False)
        self.assertNotEqual(run.returncode, 0)
        found = run.stdout + run.stderr
        for place in ("made_up.h:9:", "made_up.h:16:", "no_such", "made_up.h:22:"):
            self.assertIn(place, found)
        self.assertEqual(found.count("is not documented"), 3, found)


if __name__ == "__main__":
    unittest.main()
