# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""What makes the packages stops where it would give something away that it should not, and the check of SBOMs finds what is
wrong with one. The stage package runs it: python3 -m unittest discover tests/package -p '*_test.py'."""
import copy
import json
import os
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "packaging")]
import archives  # noqa: E402
import dist  # noqa: E402
import parts  # noqa: E402
import sbom  # noqa: E402
import sbom_check  # noqa: E402

MAP = """Archive member included to satisfy reference by file (symbol)

libesp_loader.a(crc.c.o)  main.c.o (eli_crc)
/usr/lib/x86_64-linux-gnu/libjansson.a(dump.o)
                              json.c.o (json_dumps)

Discarded input sections

/usr/lib/x86_64-linux-gnu/libunused.a(x.o)

LOAD /usr/lib/x86_64-linux-gnu/Scrt1.o
LOAD main.c.o
LOAD /usr/lib/x86_64-linux-gnu/libjansson.a
LOAD /usr/lib/x86_64-linux-gnu/libz.a
"""
PACKAGES = {"libjansson-dev": "2.14-2", "libc6-dev-arm64-cross": "2.36-8cross1"}


class Parts(unittest.TestCase):
    def test_what_is_linked_in_is_found_and_what_is_not_is_left_out(self):
        found = [(part.name, name, version) for part, name, version in parts.find(MAP, PACKAGES)]
        self.assertEqual(found, [("jansson", "libjansson-dev", "2.14-2"), ("glibc", "libc6-dev-arm64-cross", "2.36-8cross1")])

    def test_nothing_is_linked_in_whose_licence_is_not_known(self):
        with self.assertRaisesRegex(ValueError, "what licence has /usr/lib/libcrypto.a"):
            parts.find(MAP.replace("/usr/lib/x86_64-linux-gnu/libjansson.a(", "/usr/lib/libcrypto.a("), PACKAGES)

    def test_a_part_of_no_known_package_stops(self):
        with self.assertRaisesRegex(ValueError, "of which package is jansson"):
            parts.find(MAP, {})


class Program(unittest.TestCase):
    def test_a_program_that_needs_more_than_the_c_library_stops(self):
        with self.assertRaisesRegex(SystemExit, "needs .*lib"):
            dist.check_program("/bin/ls")  # libselinux


class Archives(unittest.TestCase):
    FILES = {"b": (b"2", True), "a": (b"1", False)}

    def test_an_archive_depends_on_its_content_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            for write in archives.write_tar, archives.write_zip:
                made = []
                for name in "one", "two":
                    path = os.path.join(folder, name)
                    write(path, dict(self.FILES), 1_700_000_000)
                    with open(path, "rb") as file:
                        made.append(file.read())
                self.assertEqual(made[0], made[1])


class Sbom(unittest.TestCase):
    def setUp(self):
        made = [(part, part.packages[0], "1.0") for part in parts.PARTS]
        self.document = json.loads(sbom.make("0.1.0", "x86_64", b"program", made, "5.6.0", 1_700_000_000))
        self.licences = ["LICENSE", "esp-flasher-stub.txt"] + [part.name + ".txt" for part in parts.PARTS]

    def found(self, document):
        return list(sbom_check.problems(document, b"program", self.licences))

    def test_what_is_made_is_sound(self):
        self.assertEqual(self.found(self.document), [])

    def test_every_mistake_is_found(self):
        def change(path, value):
            document = copy.deepcopy(self.document)
            at = document
            for key in path[:-1]:
                at = at[key]
            at[path[-1]] = value
            return document

        for path, value in [
                (["spdxVersion"], "SPDX-2.2"), (["documentNamespace"], "https://x#y"), (["creationInfo", "created"], "today"),
                (["creationInfo", "creators"], []), (["packages", 1, "SPDXID"], "SPDXRef-esp-loader"),
                (["packages", 1, "SPDXID"], "SPDXRef-a_b"), (["packages", 1, "licenseConcluded"], "Expat"),
                (["packages", 1, "supplier"], "Debian"), (["packages", 0, "checksums", 0, "checksumValue"], "0"),
                (["packages", 1, "externalRefs", 0, "referenceLocator"], "jansson"),
                (["relationships", 1, "relationshipType"], "HAS"), (["relationships", 1, "relatedSpdxElement"], "SPDXRef-x"),
                (["packages", 2, "filesAnalyzed"], True)]:
            self.assertNotEqual(self.found(change(path, value)), [], path)

    def test_a_missing_licence_text_is_found(self):
        self.licences.remove("jansson.txt")
        self.assertNotEqual(self.found(self.document), [])


if __name__ == "__main__":
    unittest.main()
