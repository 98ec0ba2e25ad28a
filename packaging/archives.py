# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""Archives that depend on nothing but what is in them: sorted, with one time and one owner. Files are a dict: path -> (bytes,
is it a program?)."""
import gzip
import io
import tarfile
import time
import zipfile


def mode_of(is_program):
    return 0o755 if is_program else 0o644


def write_tar(path, files, seconds):
    """A tar.gz."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, (data, is_program) in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(data), seconds, mode_of(is_program)
            entry.uname = entry.gname = "root"
            archive.addfile(entry, io.BytesIO(data))
    with open(path, "wb") as out:
        with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=seconds) as compressed:
            compressed.write(packed.getvalue())


def write_zip(path, files, seconds):
    stamp = time.gmtime(max(seconds, 315532800))[:6]  # the format knows nothing before 1980
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (data, is_program) in files.items():  # in the order given: a wheel ends with what describes it
            entry = zipfile.ZipInfo(name, stamp)
            entry.external_attr = (0o100000 | mode_of(is_program)) << 16
            entry.create_system = 3  # Unix: the mode counts
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
