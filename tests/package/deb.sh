#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# deb.sh BUILD FOLDER: the Debian package of BUILD (configured as cmake/package.cmake says): lintian has nothing to say, and in
# a fresh Debian, made of what this machine's apt has its own packages from, it installs, runs and leaves nothing.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Inside: in_root ROOT DEB is called by mmdebstrap when the root is ready.
in_root() {
    local root=$1
    cp "$2" "$root/tmp/esp-loader.deb"
    apt_in() { chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 "$@"; }
    run() { chroot "$root" env LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }
    installed_files() { (cd "$root" && find usr etc -not -name '*.pyc' | sort); }
    flashes() {
        run sh -euc '
            cd /tmp
            el-mkimage app -o app.bin --size 64K
            esp-sim --tcp 0 --speed max --flash flash.bin >sim.log 2>&1 &
            until grep -q ready sim.log; do sleep 0.1; done
            at=$(sed -n "s/^esp-sim: listening on tcp //p" sim.log)
            esp-loader flash --port "socket://$at" --before no-reset 0x10000 app.bin
            kill $! && wait $! || [ $? -eq 0 ]
            cmp -n 65536 -i 65536:0 flash.bin app.bin'
    }
    complete() {
        local file
        for file in /usr/lib/udev/rules.d/60-esp-loader.rules /usr/share/doc/esp-loader/copyright \
            /usr/share/bash-completion/completions/esp-loader /usr/share/zsh/vendor-completions/_esp-loader \
            /usr/share/fish/vendor_completions.d/esp-loader.fish; do
            chroot "$root" dpkg -L esp-loader | grep -x "$file" || return 1
        done
        chroot "$root" dpkg --verify esp-loader | not grep -v '/usr/share/\(doc\|man\)/' # a minimal root may leave those out
    }
    says_that_libraries_are_missing() {
        run esp-loader --version >"$root/tmp/version" && grep -x 'libusb: not installed, .*' "$root/tmp/version" &&
            grep -x 'libdw: not installed, .*' "$root/tmp/version"
    }
    installs_with_dependencies() {
        apt_in install --no-install-recommends "$1" && [ "$(run dpkg-query -W -f '${Status}' esp-loader)" = "install ok installed" ]
    }
    nothing_is_left() {
        installed_files >"$root/tmp/after" && diff "$root/tmp/before" "$root/tmp/after"
    }
    only_dependencies_are_left() { run apt-get -q -y --purge autoremove && nothing_is_left; }

    installed_files >"$root/tmp/before"
    check "deb: installs into a clean root" installs_with_dependencies /tmp/esp-loader.deb || return 0
    check "deb: brings completions, rules and licence" complete
    check "deb: runs" run esp-loader --version
    check "deb: flashes a simulated chip" flashes
    check "deb: runs without libusb and libdw" says_that_libraries_are_missing
    check "deb: uninstalls" apt_in purge esp-loader
    check "deb: leaves nothing" only_dependencies_are_left
}

if [ "$1" = --in-root ]; then
    in_root "$2" "$3" >>"$4" 2>&1
    exit 0
fi

build=$(cd "$1" && pwd)
rm -rf "$2"
mkdir -p "$2"
cd "$2" || exit 1
folder=$PWD

make_package() {
    (cd "$build" && cpack -G DEB -B "$folder") && [ "$(ls "$folder"/*.deb | wc -l)" -eq 1 ]
}
# No override is needed.
lintian_is_content() {
    local user=()
    [ "$(id -u)" != 0 ] || user=(--allow-root)
    lintian "${user[@]}" --fail-on error,warning "$folder"/*.deb
}
make_root() {
    local codename
    "$project/packaging/debian-sources" >sources.list && codename=$(. /etc/os-release && echo "$VERSION_CODENAME") &&
        mmdebstrap --variant=apt --aptopt='Acquire::Retries "3"' \
            --customize-hook="'$project/tests/package/deb.sh' --in-root \"\$1\" '$folder'/*.deb '$folder/results'" \
            "$codename" /dev/null sources.list && [ -s results ]
}

check "deb: cpack makes it" make_package || exit 1
check "deb: lintian finds no error and no warning" lintian_is_content
check "deb: a clean root can be had" make_root
cat results
