#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# esp-serial-flasher issue 170: an application grew by 700 KB because every stub was linked. Programs linked against the
# library as users do it contain the stubs of the chosen chips only, those that their provider names, and none when they
# start none; and those tables of eFuses that they use. Arguments: COMPILER PROJECT STUB-FOLDER FOLDER.
set -eu
LC_ALL=C
export LC_ALL
compiler=$1 project=$2 stubs=$3 folder=$4
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"

cat >stub.c <<'END'
#include "esp_loader.h"
int main(void)
{
    static esp_loader_t loader;
    static esp_loader_port_t port;
    return esp_loader_init_serial(&loader, &port) + esp_loader_connect_with_stub(&loader, NULL);
}
END
sed 's/connect_with_stub/connect/' stub.c >rom.c
cat >provider.c <<'END'
#include "esp_loader_stubs.h"
static const esp_stub_t *provide(esp_loader_t *loader, target_chip_t chip, void *ctx)
{
    (void)loader, (void)ctx;
    return chip == ESP32C6_CHIP ? &esp_stub_esp32c6 : chip == ESP32P4_CHIP ? &esp_stub_esp32p4rev1 : NULL;
}
int main(void)
{
    static esp_loader_t loader;
    static esp_loader_port_t port;
    return esp_loader_init_serial(&loader, &port) + esp_loader_connect_with_stub_provider(&loader, NULL, provide, NULL);
}
END

cat >efuse.c <<'END'
#include "efuse/esp32c3/esp_loader_efuse_table.h"
int main(void)
{
    static esp_loader_t loader;
    static esp_loader_port_t port;
    unsigned char mac[6];
    return esp_loader_init_serial(&loader, &port) + esp_loader_connect(&loader, NULL) +
           esp_loader_efuse_read_field(&loader, ESP32C3_EFUSE_MAC, mac, 48);
}
END

flags="-std=c11 -Os -ffunction-sections -fdata-sections -DESP_LOADER_HAS_STUBS -I$project/include -I$project/src"

# library NAME CHIPS: makes NAME.a.
library() {
    mkdir "$1"
    for source in "$project"/src/*/*.c "$stubs"/stub_*.c; do
        echo "$source" -o "$1/$(echo "$source" | md5sum | cut -c 1-8)-$(basename "$source").o"
    done | xargs -P 2 -L 1 "$compiler" $flags "-DESP_LOADER_CHIPS=$2" -c
    ar rc "$1.a" "$1"/*.o
}

# link NAME SOURCE LIBRARY [OPTION]: links without unused sections, or with OPTION instead, and prints the size.
link() {
    "$compiler" $flags ${4--Wl,--gc-sections} "$2" "$3.a" -o "$1"
    size "$1" | awk 'NR == 2 { print $1 + $2 }'
}

# stubs_in NAME: the stubs a program contains.
stubs_in() {
    nm "$1" | sed -nE 's/.* eli_stub_image_(esp[0-9a-z]*)$/\1/p' | sort -u | xargs
}

# fields_in NAME: how many fields of eFuses a program contains, and of which chips.
fields_in() {
    nm "$1" | sed -nE 's/.* (ESP[0-9A-Z]*(_REV1|_V0_0_V1_1)?_EFUSE)_[A-Z0-9_]*$/\1/p' | sort | uniq -c | xargs
}

fail() {
    echo "FAILED  $*"
    exit 1
}

library every-chip 0x7FF
library s3 0x10
all=$(link all stub.c every-chip)
one=$(link one stub.c s3)
none=$(link none rom.c every-chip)
named=$(link named provider.c every-chip)
link objects provider.c every-chip "" >objects.txt # each in an object of its own: that is enough for linkers without sections
link rom-objects rom.c every-chip "" >>objects.txt
echo "every stub: $all bytes ($(stubs_in all)); ESP32-S3 alone: $one bytes ($(stubs_in one)); ROM only: $none bytes"
fields=$(link fields efuse.c every-chip)
link field-objects efuse.c every-chip "" >>objects.txt
echo "by name: $named bytes ($(stubs_in named)), one field of the eFuses: $fields bytes, whole objects: $(xargs <objects.txt)"
[ "$(stubs_in all | wc -w)" -ge 9 ] || fail "the program with every stub has only: $(stubs_in all)"
[ "$(stubs_in one)" = esp32s3 ] || fail "a program for the ESP32-S3 has the stubs: $(stubs_in one)"
[ -z "$(stubs_in none)" ] || fail "a program that starts no stub has the stubs: $(stubs_in none)"
[ $((all - one)) -gt 40000 ] || fail "leaving out chips saves only $((all - one)) bytes"
for program in named objects; do
    [ "$(stubs_in $program)" = "esp32c6 esp32p4rev1" ] || fail "a provider of two stubs links: $(stubs_in $program)"
done
[ -z "$(stubs_in rom-objects)" ] || fail "without sections a program that starts no stub has: $(stubs_in rom-objects)"
[ "$(fields_in fields)" = "1 ESP32C3_EFUSE" ] || fail "a program that reads one field has: $(fields_in fields)"
[ "$(fields_in field-objects | wc -w)" = 2 ] || fail "without sections it has the tables of other chips: $(fields_in field-objects)"
[ -z "$(fields_in rom-objects)" ] || fail "a program that reads no eFuses has: $(fields_in rom-objects)"
