#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# dist.sh DIST BUILD FOLDER: what scripts/dist has left in DIST is what it is said to be, and the programs in it flash a
# simulated chip of BUILD, those for 64-bit Arm under qemu.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$project/scripts/start-sim.sh"
dist=$(cd "$1" && pwd)
build=$(cd "$2" && pwd)
rm -rf "$3"
mkdir -p "$3"
cd "$3" || exit 1
folder=$PWD
arm="qemu-aarch64-static -L /usr/aarch64-linux-gnu"
version=$("$build/cli/esp-loader" --version | sed -n 's/^esp-loader //p')

digests_match() {
    (cd "$dist" && sha256sum --strict --check SHA256SUMS) &&
        [ "$(ls "$dist" | grep -vx SHA256SUMS | wc -l)" -eq 4 ] && [ "$(wc -l <"$dist/SHA256SUMS")" -eq 4 ]
}
# flashes COMMAND...: that esp-loader writes an image into a simulated chip at a socket.
flashes() {
    sim_start "$build/sim/esp-sim" "$folder" --tcp 0 --speed max --flash "$folder/flash.bin" &&
        without_sim "$@" flash --port "socket://$sim_at" --before no-reset 0x10000 app.bin && sim_stop &&
        cmp --bytes=65536 --ignore-initial=65536:0 flash.bin app.bin
    local status=$?
    rm -f flash.bin
    return $status
}
is_version() {
    [ "$("$@" --version | head -n 1)" = "esp-loader $version" ]
}
has_stubs() {
    "$@" --version | grep -x 'flasher stubs: included'
}
unpack() {
    local folder=esp-loader-$version-linux-$1
    tar -xzf "$dist/$folder.tar.gz" && [ -x "$folder/bin/esp-loader" ] && [ -s "$folder/share/man/man1/esp-loader.1" ] &&
        [ -s "$folder/share/bash-completion/completions/esp-loader" ]
}
# Strings of the program that name a folder of this machine.
no_paths_in() {
    not grep -aqF -e "$project" -e "$dist" "$1" && not grep -aqE '/(home|root|tmp|work)/' "$1"
}
sbom_is_sound() {
    local doc="esp-loader-$version-linux-$1/share/doc/esp-loader"
    python3 "$project/tests/package/sbom_check.py" "$doc/esp-loader.spdx.json" "esp-loader-$version-linux-$1/bin/esp-loader" "$doc/licenses"
}
pip() {
    PIP_NO_INDEX=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore venv/bin/python -m pip "$@"
}
wheel_installs() {
    python3 -m venv venv && pip install "$dist/esp_loader-$version-py3-none-manylinux_2_36_x86_64.whl" &&
        pip check && pip show --files esp-loader | grep 'bin/esp-loader' &&
        [ -f "venv/lib/udev/rules.d/60-esp-loader.rules" ]
}
wheel_is_the_tarball() {
    cmp venv/bin/esp-loader "esp-loader-$version-linux-x86_64/bin/esp-loader" &&
        cmp venv/lib/python3*/site-packages/esp_loader-*.dist-info/sboms/esp-loader.spdx.json \
            "esp-loader-$version-linux-x86_64/share/doc/esp-loader/esp-loader.spdx.json" &&
        diff -r venv/lib/python3*/site-packages/esp_loader-*.dist-info/licenses \
            "esp-loader-$version-linux-x86_64/share/doc/esp-loader/licenses"
}
wheel_uninstalls() {
    pip uninstall --yes esp-loader && [ ! -e venv/bin/esp-loader ] && [ ! -e venv/lib/udev/rules.d/60-esp-loader.rules ]
}
# What the RECORD of a wheel says about its files.
wheel_is_consistent() {
    python3 - "$dist/esp_loader-$version-py3-none-manylinux_2_36_$1.whl" <<'PYTHON'
import base64, csv, hashlib, io, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    name = next(name for name in wheel.namelist() if name.endswith(".dist-info/RECORD"))
    rows = {path: (digest, size) for path, digest, size in csv.reader(io.StringIO(wheel.read(name).decode()))}
    assert set(rows) == set(wheel.namelist()) and rows.pop(name) == ("", ""), rows
    for path, (digest, size) in rows.items():
        data = wheel.read(path)
        made = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        assert (digest, int(size)) == ("sha256=" + made, len(data)), path
PYTHON
}

"$build/tools/mkimage/el-mkimage" app -o app.bin --size 64K || exit 1
check "dist: SHA256SUMS names everything, and it is so" digests_match || exit 1
for architecture in x86_64 aarch64; do
    run=
    [ $architecture = x86_64 ] || run=$arm
    program=$folder/esp-loader-$version-linux-$architecture/bin/esp-loader
    check "dist, $architecture: tarball" unpack $architecture || continue
    check "dist, $architecture: runs" is_version $run "$program"
    check "dist, $architecture: has the flasher stubs" has_stubs $run "$program"
    check "dist, $architecture: flashes" flashes $run "$program"
    check "dist, $architecture: no path of this machine in the program" no_paths_in "$program"
    check "dist, $architecture: SBOM and licence texts" sbom_is_sound $architecture
    check "dist, $architecture: the wheel is as it says" wheel_is_consistent $architecture
done
check "dist: the wheel installs into a fresh environment, without network" wheel_installs &&
    check "dist: the wheel's program runs" is_version venv/bin/esp-loader &&
    check "dist: the wheel's program flashes" flashes venv/bin/esp-loader &&
    check "dist: wheel and tarball hold the same" wheel_is_the_tarball &&
    check "dist: the wheel for 64-bit Arm is refused here" \
        not pip install --force-reinstall "$dist/esp_loader-$version-py3-none-manylinux_2_36_aarch64.whl" &&
    check "dist: the wheel uninstalls" wheel_uninstalls
