#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# esp-loader efuse: every chip, through both loaders; keys that stay where they are. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

chips=$("$sim" --help | grep -oE 'esp32[a-z0-9]*' | sort -u)

# --- every chip ---

for chip in $chips; do
    start_sim --tcp 127.0.0.1:0 --chip "$chip" --mac 02:11:22:33:44:55
    port=socket://$sim_at
    runs "$chip: summary" 0 '^  MAC  .* 02:11:22:33:44:55 ' efuse summary --port "$port" --before no-reset --after stay
    check "$chip: what it can still do" grep -q '^Security:   secure boot: off, can be turned on for good$' out
    check "$chip: keys are not read" test "$(grep -c 'not read' out)" -ge 2
    check "$chip: no errors" eval "! grep -q ERROR out"
    if [ "$mode" = stub ] && run md5 0 4k --port "$port" --before no-reset --after stay >out 2>err && grep -qE '^Loader: +flasher stub' out; then
        runs "$chip: through a stub that runs" 0 'MAC .* 02:11:22:33:44:55 ' efuse get MAC --port "$port" --before no-reset --after stay
        check "$chip: it was the stub" grep -q '^Loader:     flasher stub' out
    elif [ "$mode" = stub ]; then
        fail "$chip: no stub ran"
    fi
    stop_sim "$chip"
done

# --- what is printed ---

head -c 512 /dev/zero >words
# put OFFSET BYTES: bytes like \x01, at that register
put() {
    printf "$2" | dd of=words bs=1 seek=$(($1)) conv=notrunc status=none
}
put 0x2c '\x00\x01\x00\x01' # WR_DIS: KEY_PURPOSE_0, KEY1
put 0x30 '\x02'             # RD_DIS: KEY1
put 0x34 '\x00\x00\x04\x45' # SPI_BOOT_CRYPT_CNT 1, KEY_PURPOSE_0: HMAC, KEY_PURPOSE_1: XTS-AES-128
put 0x44 '\x55\x44\x33\x22\x11\x02'
put 0x9c '\xde\xad\xbe\xef' # KEY0
put 0x1c0 '\x08\x03'        # block 1 is lost, block 3 had errors
start_sim --tcp 127.0.0.1:0 --chip esp32c6 --efuse-file words
port=socket://$sim_at
keep="--port $port --before no-reset --after stay"
runs "a field with a name" 0 '^KEY_PURPOSE_0 +r-  0x5 [(]HMAC key for JTAG and digital signature[)] +what the key block is used for$' \
    efuse get KEY_PURPOSE_0 $keep
runs "several, in the order asked for" 0 '^SPI_BOOT_CRYPT_CNT +rw  1 [(]on[)]' efuse get dis_can spi_boot_crypt_cnt $keep
check "other names, in any case" grep -qE '^DIS_TWAI +rw  0 [(]no[)]' out
runs "a key that can be read is not" 0 '^KEY0 +rw  not read [(]--show-keys[)]' efuse get KEY0 KEY1 $keep --trace trace
check "a key that cannot be read" grep -qE '^KEY1 +--  [?][?] [(]read-protected[)]' out
check "nor does it go over the wire" eval "test -s trace && ! grep -qi 'de *ad *be *ef' trace"
runs "with --show-keys it is read" 0 '^KEY0 +rw  deadbeef0{56} ' efuse get KEY0 $keep --show-keys --trace trace
check "then it does go over the wire" grep -qi 'de *ad *be *ef' trace
runs "errors of blocks" 0 '^Block 1 ' efuse dump $keep
check "what is lost" test "$(grep -A1 '^Block 1 ' out | tail -1)" = "  ERROR: this block is damaged beyond correction, its values are wrong"
check "what was corrected" test "$(grep -A1 '^Block 3 ' out | tail -1)" = "  ERROR: bits of this block do not fit its code or its copies"
check "the words of a block" grep -qE '^Block 0  at 0x600b082c: 01000100 00000002 45040000 00000000 ' out
check "not those of keys" grep -qE '^Block 4  at 0x600b089c: not read [(]--show-keys[)]$' out
runs "dump, with --show-keys" 0 '^Block 4  at 0x600b089c: efbeadde 00000000' efuse dump $keep --show-keys
runs "what can still be done" 0 'key block 0: holds a secret that can be read, can be protected$' efuse summary $keep
check "of flash encryption" grep -qE 'flash encryption: on, can be turned off once; the ROM can encrypt what is flashed$' out
runs "info says it, too" 0 'flash encryption: on, can be turned off once; the ROM can encrypt what is flashed$' info $keep

# --- for programs ---

reports "summary for programs" 0 "len(r['efuses']) > 80 and [b['block'] for b in r['blocks'] if b['lost']] == [1] and
    [b['block'] for b in r['blocks'] if b['error']] == [1, 3] and 'words' not in r['blocks'][4] and
    {'what': 'secure boot', 'on': False, 'final': False, 'text': 'off, can be turned on for good'} in r['security_state']" efuse summary $keep
follows_schema "summary for programs" report out
check "a field for programs" is_so "{f['name']: f for f in r['efuses']}['MAC'] == {'name': 'MAC', 'block': 1, 'bits': 48,
    'value': '021122334455', 'text': '02:11:22:33:44:55', 'readable': True, 'writable': True, 'meaning': 'base MAC address'}"
reports "get for programs" 0 "[(f['name'], f.get('value'), f['readable'], f['writable']) for f in r['efuses']] ==
    [('KEY1', None, False, False), ('KEY0', None, True, True), ('WR_DIS', 0x01000100, True, True)]" efuse get KEY1 KEY0 WR_DIS $keep
follows_schema "get for programs" report out
reports "keys for programs" 0 "r['efuses'][0]['value'] == 'deadbeef' + 56 * '0'" efuse get KEY0 --show-keys $keep
reports "dump for programs" 0 "r['blocks'][0]['words'][:2] == [0x01000100, 2] and 'efuses' not in r" efuse dump $keep
follows_schema "dump for programs" report out
reports "info for programs" 0 "any(s['what'] == 'flash encryption' and s['on'] for s in r['security_state'])" info $keep
follows_schema "info for programs" report out

# --- dumps as files ---

runs "a dump as a file" 0 '^Block 0 ' efuse dump --output dump.json $keep
reports "what the target says" 0 "r['show'] == 'summary'" efuse summary $keep
cp out summary.json
reports "the same of the file" 0 "{k: r[k] for k in ('show', 'efuses', 'security_state', 'blocks')} ==
    {k: json.load(open('summary.json'))[k] for k in ('show', 'efuses', 'security_state', 'blocks')} and 'target' not in r" efuse summary dump.json
runs "for people" 0 '^Chip:       ESP32-C6, revision v0.0$' efuse summary dump.json
check "its errors" grep -q '^  ERROR: this block is damaged beyond correction' out
check "its keys were not read" grep -qE '^  KEY0 +rw  not read' out
run efuse dump --json $keep >report.json 2>err
runs "what is printed for programs is as good" 0 '^Chip:       ESP32-C6' efuse summary report.json
runs "a dump with keys" 0 '^Block 4 .*efbeadde' efuse dump --show-keys -o keys.json $keep
check "is its owner's alone" test "$(stat -c %a keys.json)" = 600
runs "they are shown if they are asked for" 0 '^  KEY0 +rw  deadbeef' efuse summary keys.json --show-keys
runs "and not otherwise" 0 '^  KEY0 +rw  not read' efuse summary keys.json
sed 's/ESP32-C6/ESP32-C7/' dump.json >other.json
refuses "a file of an unknown chip" 5 "'other.json' is not what efuse dump writes: the eFuses of this chip are not known" efuse summary other.json
sed 's/ESP32-C6/ESP32-C2/' dump.json >other.json
refuses "a file of another chip" 5 "'other.json' is not what efuse dump writes: a block does not have the words" efuse summary other.json
echo '{"chip": "ESP32-C6", "revision": 0, "blocks": []}' >other.json
refuses "a file without block 0" 5 "'other.json' is not what efuse dump writes: block 0 is missing" efuse summary other.json
refuses "a file of something else" 5 "'words' is not what efuse dump writes: it is not JSON" efuse summary words
refuses "a file that is not there" 5 "cannot read 'nowhere'" efuse summary nowhere
refuses "two files" 2 "summary takes one file at most" efuse summary dump.json dump.json
refuses "a file of a summary" 2 "--output is of dump only" efuse summary --output x --port "$port"
refuses "a place where no file can be" 1 "cannot write 'nowhere/x'" efuse dump --output nowhere/x $keep

# --- what is refused ---

refuses "an unknown name" 2 "the ESP32-C6 has no eFuse 'NONSENSE'$" efuse get MAC NONSENSE $keep
stop_sim "contents of a file"
refuses "nothing to show" 2 "expected summary, dump, get NAME [[]NAME ...[]], or what to burn" efuse --port "$port"
refuses "something else" 2 "expected summary, dump, get, or what to burn [(]see" efuse burn --port "$port"
refuses "get without a name" 2 "give the NAME of an eFuse" efuse get --port "$port"
refuses "a name without get" 2 "only get takes names" efuse dump MAC --port "$port"
start_sim --tcp 127.0.0.1:0 --chip esp8266
refuses "a chip whose eFuses are not known" 6 "the eFuses of the ESP8266 are not known" efuse summary --port "socket://$sim_at" --before no-reset
stop_sim ESP8266
real_sim --tcp 127.0.0.1:0 --chip esp32c6 --secure-download
refuses "secure download mode" 6 "the target is in secure download mode, which does not allow this" efuse summary --port "socket://$sim_at" --before no-reset
reports "secure download mode, for programs" 6 "r['failure']['cause'] == 'ESP_LOADER_ERROR_SECURITY'" efuse dump --port "socket://$sim_at" --before no-reset
stop_sim "secure download mode"
finish
