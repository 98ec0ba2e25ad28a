#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""scripts/fetch-stubs against an index of its own on the loopback interface: a package with another digest is refused, and
nothing of any package is run, nor is anything else fetched.

Arguments: the script, a folder to work in.
"""
import hashlib
import http.server
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import threading

SCRIPT, FOLDER = sys.argv[1], sys.argv[2]
MARK = os.path.join(FOLDER, "EXECUTED")
VERSION = re.search(r'^VERSION = "(.*)"', open(SCRIPT).read(), re.M)[1]
NAME = "esptool-%s.tar.gz" % VERSION
# A package that tells when it is built, whichever way that is tried.
HOSTILE = "open(%r, 'w').close()\n" % MARK
FILES = {
    "pyproject.toml": '[build-system]\nrequires = ["setuptools>=64"]\nbuild-backend = "%s"\n',
    "setup.py": HOSTILE,
    "backend.py": HOSTILE + "from setuptools.build_meta import *\n",
    "PKG-INFO": "Metadata-Version: 2.1\nName: esptool\nVersion: %s\n" % VERSION,
}
requests = []


def make_package(backend):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, text in FILES.items():
            if name == "pyproject.toml":
                text = text % backend + ('backend-path = ["."]\n' if backend == "backend" else "")
            text = text.encode()
            entry = tarfile.TarInfo("esptool-%s/%s" % (VERSION, name))
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
    return out.getvalue()


class Index(http.server.BaseHTTPRequestHandler):
    package = b""

    def do_GET(self):
        requests.append(self.path)
        pages = {"/simple/esptool/": b'<a href="/%s">%s</a>' % (NAME.encode(), NAME.encode()), "/" + NAME: self.package}
        body = pages.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", "text/html" if self.path.endswith("/") else "application/gzip")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_):
        pass


def fetch(script, port):
    """Runs the script; its exit code and what it said."""
    keep = {name: value for name, value in os.environ.items()
            if not name.upper().startswith("PIP_") and not name.lower().endswith("_proxy")}
    environment = dict(keep, PIP_CONFIG_FILE=os.devnull, PIP_INDEX_URL="http://127.0.0.1:%d/simple" % port,
                       PIP_NO_CACHE_DIR="1")
    result = subprocess.run([sys.executable, script, os.path.join(FOLDER, "stubs")], env=environment,
                            capture_output=True, text=True)
    return result.returncode, result.stdout + result.stderr


def expect(what, is_so, text):
    print(("ok      " if is_so else "FAILED  ") + what)
    if not is_so:
        sys.exit(text)


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for backend in "setuptools.build_meta", "backend":
        Index.package = make_package(backend)
        requests.clear()
        code, text = fetch(SCRIPT, server.server_port)
        expect(backend + ": another digest: refused", code == 1 and "another SHA-256" in text, text)
        expect(backend + ": another digest: the package was offered", "/" + NAME in requests, requests)
        expect(backend + ": another digest: nothing of it was run", not os.path.exists(MARK), text)
        expect(backend + ": another digest: nothing was written", not os.path.exists(os.path.join(FOLDER, "stubs")), text)

    # The same for a script that expects this very package: the digest is accepted, the content is read and not run.
    Index.package = make_package("setuptools.build_meta")
    script = os.path.join(FOLDER, "fetch-stubs")
    with open(SCRIPT) as source, open(script, "w") as out:
        out.write(re.sub(r'^SHA256 = ".*"', 'SHA256 = "%s"' % hashlib.sha256(Index.package).hexdigest(), source.read(), flags=re.M))
    requests.clear()
    code, text = fetch(script, server.server_port)
    expect("the right digest: the content is looked at", code == 1 and "no usable esp8266.json" in text, text)
    expect("the right digest: nothing of the package was run", not os.path.exists(MARK), text)
    expect("the right digest: nothing else was asked for", not any("setuptools" in path for path in requests), requests)


main()
