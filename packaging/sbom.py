# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""What a program is made of, as SPDX 2.3 in JSON. Source: SPDX specification 2.3, clauses 6 (document), 7 (packages) and 11
(relationships)."""
import datetime
import hashlib
import json


def package(spdx_id, name, version, supplier, licence, copyright_text="NOASSERTION", **more):
    return {"SPDXID": spdx_id, "name": name, "versionInfo": version, "supplier": supplier, "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False, "licenseConcluded": licence, "licenseDeclared": licence, "copyrightText": copyright_text, **more}


def relation(of, kind, to):
    return {"spdxElementId": of, "relationshipType": kind, "relatedSpdxElement": to}


def make(version, architecture, program, parts, stubs_version, time):
    """The document as bytes. parts: Part, name and version of its package; stubs_version: that of the esptool which carries the stubs."""
    digest = hashlib.sha256(program).hexdigest()
    own = "SPDXRef-esp-loader"
    packages = [package(own, "esp-loader", version, "Organization: esp-loader contributors", "Apache-2.0",
                        "2026 esp-loader contributors", packageFileName="esp-loader",
                        checksums=[{"algorithm": "SHA256", "checksumValue": digest}], primaryPackagePurpose="APPLICATION")]
    relations = [relation("SPDXRef-DOCUMENT", "DESCRIBES", own)]
    for part, name, part_version in parts:
        spdx_id = "SPDXRef-" + part.name
        locator = "pkg:deb/debian/%s@%s" % (name, part_version.replace(":", "%3A").replace("+", "%2B"))
        packages.append(package(spdx_id, part.name, part_version, part.supplier, part.licence, externalRefs=[
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": locator}]))
        relations.append(relation(own, "STATIC_LINK", spdx_id))
    packages.append(package("SPDXRef-esp-flasher-stub", "esp-flasher-stub", "of esptool " + stubs_version,
                            "Organization: Espressif Systems (Shanghai) CO LTD", "Apache-2.0 OR MIT",
                            "Copyright (c) 2025 Espressif Systems (Shanghai) CO LTD"))
    relations.append(relation(own, "CONTAINS", "SPDXRef-esp-flasher-stub"))
    title = "esp-loader-%s-linux-%s" % (version, architecture)
    created = datetime.datetime.fromtimestamp(time, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    document = {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": title,
        "documentNamespace": "https://spdx.org/spdxdocs/%s-%s" % (title, digest[:32]),
        "creationInfo": {"created": created, "creators": ["Organization: esp-loader contributors", "Tool: esp-loader-dist"]},
        "packages": packages, "relationships": relations}
    return (json.dumps(document, indent=2) + "\n").encode()
