#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""sbom_check.py DOCUMENT PROGRAM LICENCES: is DOCUMENT a sound SPDX document about PROGRAM, and is there a text in the folder
LICENCES for everything in it? Source: SPDX specification 2.3; the numbers are its clauses."""
import hashlib
import json
import os
import re
import sys

LICENCES = {"Apache-2.0", "MIT", "Zlib", "GPL-3.0-or-later", "LGPL-2.1-or-later"}  # of the SPDX licence list, that we expect
EXCEPTIONS = {"GCC-exception-3.1"}
RELATIONS = {"DESCRIBES", "STATIC_LINK", "CONTAINS"}  # of 11.1


def is_licence(expression):
    """Annex D, without parentheses."""
    terms = re.split(r" (?:AND|OR) ", expression)
    return all(term in LICENCES or (" WITH " in term and term.split(" WITH ")[0] in LICENCES and
                                    term.split(" WITH ")[1] in EXCEPTIONS) for term in terms)


def problems_of_package(package):
    if not re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", package["SPDXID"]):
        yield "7.2: SPDXID"
    if not package["name"] or not package["versionInfo"]:
        yield "7.1, 7.3: name, version"
    if not re.match(r"(Person|Organization): .", package["supplier"]):
        yield "7.5: supplier"
    if package["downloadLocation"] != "NOASSERTION":
        yield "7.7: downloadLocation"
    if package["filesAnalyzed"] is not False:
        yield "7.8: files are not described"
    if not is_licence(package["licenseConcluded"]) or not is_licence(package["licenseDeclared"]):
        yield "7.13, 7.15: licence"
    if not package["copyrightText"]:
        yield "7.17: copyright text"
    for reference in package.get("externalRefs", []):
        if reference["referenceCategory"] != "PACKAGE-MANAGER" or reference["referenceType"] != "purl" or \
                not re.fullmatch(r"pkg:deb/debian/[a-z0-9.-]+@[A-Za-z0-9.~%-]+", reference["referenceLocator"]):
            yield "7.21: external reference"


def problems(document, program, licences):
    if document["spdxVersion"] != "SPDX-2.3" or document["dataLicense"] != "CC0-1.0" or document["SPDXID"] != "SPDXRef-DOCUMENT":
        yield "6.1 to 6.3: version, licence, SPDXID"
    if not document["name"] or not re.fullmatch(r"https://[^#]+", document["documentNamespace"]):
        yield "6.4, 6.5: name, namespace"
    info = document["creationInfo"]
    if not all(re.match(r"(Person|Organization|Tool): .", creator) for creator in info["creators"]) or not info["creators"]:
        yield "6.8: creators"
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", info["created"]):
        yield "6.9: created"
    ids = [package["SPDXID"] for package in document["packages"]]
    if len(ids) != len(set(ids)):
        yield "an SPDXID is there twice"
    for package in document["packages"]:
        for problem in problems_of_package(package):
            yield "%s: %s" % (package["name"], problem)
    for relation in document["relationships"]:
        if relation["relationshipType"] not in RELATIONS or relation["relatedSpdxElement"] not in ids or \
                relation["spdxElementId"] not in ids + ["SPDXRef-DOCUMENT"]:
            yield "11.1: relationship %s" % relation
    related = {relation["relatedSpdxElement"] for relation in document["relationships"]}
    if related != set(ids):
        yield "a package has no relation to the program"

    # About this program.
    own = document["packages"][0]
    if own["checksums"] != [{"algorithm": "SHA256", "checksumValue": hashlib.sha256(program).hexdigest()}]:
        yield "7.10: checksum of the program"
    names = {package["name"] for package in document["packages"][1:]}
    if not {"jansson", "zlib", "esp-flasher-stub", "glibc"} <= names:
        yield "something is missing: there are %s" % sorted(names)
    texts = {name[:-len(".txt")] for name in licences if name.endswith(".txt")}
    if texts != names or "LICENSE" not in licences:
        yield "licence texts: of %s, for %s" % (sorted(texts), sorted(names))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = json.load(file)
    with open(sys.argv[2], "rb") as file:
        program = file.read()
    found = list(problems(document, program, os.listdir(sys.argv[3])))
    sys.exit("\n".join(found) if found else 0)


if __name__ == "__main__":
    main()
