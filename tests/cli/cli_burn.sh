#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# esp-loader efuse burn-...: what is shown, asked and refused; keys that are nowhere but in the target; a burn that is
# interrupted and finished. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"
export XDG_STATE_HOME=$PWD/state

python3 -c 'open("key.bin", "wb").write(bytes(range(0xC0, 0xE0)))'
secret='c0c1c2c3\|dfdedddc\|c3c2c1c0\|dcdddedf' # in either order, as bytes and as words
mac=02:11:22:33:44:55
# hides NAME FILE...: no part of the key is in these files, whatever the letters and blanks.
hides() {
    local name=$1
    shift
    check "$name" eval "! cat $* | tr -d ' \n' | tr A-F a-f | grep -q '$secret'"
}
start_sim --tcp 127.0.0.1:0 --chip esp32c6 --mac $mac --efuse-file burnt
at="--port socket://$sim_at --before no-reset --after stay"

# --- shown first ---

runs "every bit is shown" 0 '^  block 0 bit 90  KEY_PURPOSE_0$' efuse burn-key BLOCK_KEY0 key.bin XTS_AES_128_KEY $at --dry-run
check "with what it protects" grep -qx '  block 0 bit 32  RD_DIS: no more reading of KEY0' out
check "keys are not" grep -q '^  block 4 *KEY0: a key, not shown$' out
runs "what the part can do after it" 0 '^After it:   flash encryption: on, can be turned off once' \
    efuse burn-field SPI_BOOT_CRYPT_CNT 1 $at --dry-run --force
runs "nothing was burnt" 0 '^KEY_PURPOSE_0 +rw  0x0 ' efuse get KEY_PURPOSE_0 SPI_BOOT_CRYPT_CNT $at
check "nothing at all" grep -qE '^SPI_BOOT_CRYPT_CNT +rw  0 ' out
check "no journal" test ! -e state
mkfifo waiting
(ulimit -S -c "$(ulimit -H -c)" && exec "$loader" efuse burn-key BLOCK_KEY0 waiting USER $at --dry-run) >out 2>err &
reader=$!
exec 3>waiting # returns when the tool has opened it
check "no core dump with a key in it" grep -qE '^Max core file size +0 +0 ' /proc/$reader/limits
cat key.bin >&3
exec 3>&-
wait $reader
check "and the key is taken" test $? -eq 0

# --- asked for ---

refuses "not without being asked for" 2 "nothing is burnt without --yes-burn=$mac$" efuse burn-field DIS_PAD_JTAG 1 $at
refuses "not another part" 6 "--yes-burn names another part: this one is $mac$" efuse burn-field DIS_PAD_JTAG 1 $at --yes-burn=02:00:00:00:00:01
python3 "$project/tests/cli/terminal.py" out --type 'to burn it: ' '02:00\n' -- "$loader" efuse burn-field DIS_PAD_JTAG 1 $at $mode_option >err 2>&1
check "typed wrong" eval "test $? -eq 8 && grep -q 'nothing is burnt' out"
python3 "$project/tests/cli/terminal.py" out --type 'to burn it: ' "$mac\n" -- "$loader" efuse burn-efuse DIS_PAD_JTAG 1 $at $mode_option >err 2>&1
check "typed" eval "test $? -eq 0 && grep -q 'Step 1 of 1 burnt and compared' out"

runs "what is asked for is shown, --quiet or not" 2 '^  block 0 bit 44  DIS_FORCE_DOWNLOAD$' efuse burn-field DIS_FORCE_DOWNLOAD 1 DIS_DOWNLOAD_MANUAL_ENCRYPT 1 $at --quiet
check "all of it" grep -qE '^  block 0 bit [0-9]+ +DIS_DOWNLOAD_MANUAL_ENCRYPT$' out

# --- a key ---

reports "a key" 0 "r['burn'] == 'burn-key' and [(s['block'], s['key'], s['compared']) for s in r['burn_steps']] == [(4, True, True),
    (0, False, True), (0, False, True)] and 'bits' not in r['burn_steps'][0] and r['burn_steps'][1]['bits'] == [90]" \
    efuse burn-key BLOCK_KEY0 key.bin XTS_AES_128_KEY $at --yes-burn=$mac --trace trace
follows_schema "a key" report out
hides "nowhere but in the target" out err trace
check "a trace says that it leaves something out" grep -q '^# what follows is left out' trace
check "the journal is gone when all is done" eval "! ls state/esp-loader/efuse-* 2>err"
runs "it is there" 0 '^KEY_PURPOSE_0 +r-  0x4 ' efuse get KEY_PURPOSE_0 KEY0 $at
check "and cannot be read" grep -qE '^KEY0 +-- ' out

# --- refused ---

refuses "the block is in use" 6 "BLOCK_KEY0: the key block holds data, has a purpose, is protected, or is given twice$" efuse burn-key BLOCK_KEY0 key.bin USER $at --yes-burn=$mac
refuses "another size" 5 "the file for KEY1 is to have 64 bytes" efuse burn-key KEY1 key.bin XTS_AES_256_KEY $at
refuses "a purpose that the chip does not have" 6 "KEY1: the chip cannot have such a key there$" efuse burn-key KEY1 key.bin XTS_AES_256_KEY_1 $at
refuses "an unknown purpose" 2 "unknown purpose 'SECRET' of a key" efuse burn-key KEY1 key.bin SECRET $at
refuses "an unknown block" 2 "the chip has no key block 'MAC'" efuse burn-key MAC key.bin USER $at
refuses "no such file" 5 "cannot read 'none.bin'" efuse burn-key KEY1 none.bin USER $at
refuses "a bit that would become 0" 6 "DIS_PAD_JTAG: a bit is burnt that would have to become 0$" efuse burn-field DIS_PAD_JTAG 0 $at
refuses "what is write-protected" 6 "block 0 bit 91: it is write-protected$" efuse burn-field KEY_PURPOSE_0 12 $at --dry-run
refuses "what is too large" 2 "SECURE_VERSION: give a number that the field has room for$" efuse burn-field SECURE_VERSION 0x10000 $at
refuses "keys by field" 2 "KEY1: keys are burnt with burn-key" efuse burn-field KEY1 1 $at
refuses "an unknown field" 2 "NONSENSE: the chip has no such eFuse" efuse burn-field NONSENSE 1 $at
refuses "what cannot be protected" 2 "MAC: it cannot be read-protected" efuse protect read MAC $at
refuses "the end of flashing" 6 "the part could never be flashed over a cable any more: see its app run first; --force burns" efuse burn-field DIS_DOWNLOAD_MODE 1 $at --dry-run
refuses "secure boot without a digest" 6 "secure boot would have no digest" efuse burn-field SECURE_BOOT_EN 1 $at --dry-run
refuses "a counter off for good" 6 "flash encryption could never be turned on" efuse protect write SPI_BOOT_CRYPT_CNT $at --dry-run
refuses "an incomplete command" 2 "burn-field takes NAME VALUE" efuse burn-field MAC $at
refuses "an option of burning" 2 "that option is of burning only" efuse summary --dry-run $at
refuses "an option of keys" 2 "--no-write-protect and --no-read-protect are of burn-key" efuse burn-mac $mac --no-write-protect $at
refuses "a field twice" 2 "secure_version: it is given twice, and the bits of both would be burnt$" efuse burn-field SECURE_VERSION 1 secure_version 2 $at --dry-run
refuses "a number without digits" 2 "SECURE_VERSION: give a number that the field has room for$" efuse burn-field SECURE_VERSION 0x $at --dry-run
refuses "two keys for one block" 6 "KEY1: the key block holds data, has a purpose, is protected, or is given twice$" efuse burn-key BLOCK_KEY1 key.bin USER KEY1 key.bin HMAC_UP $at --dry-run
for wrong in 02:00:00:12:34:5 02:00:00:12:34:567 02:-1:00:12:34:56 ''; do # no more: each asks the target first
    refuses "no MAC address: '$wrong'" 2 "$wrong: give a MAC address like 02:00:00:12:34:56$" efuse burn-mac "$wrong" $at --dry-run
done
refuses "a multicast address" 2 "ff:00:00:00:00:01: a multicast address" efuse burn-mac ff:00:00:00:00:01 $at

# --- a PEM file ---

cat >key.pem <<'END' # made up for this test
-----BEGIN EC PARAMETERS-----
BggqhkjOPQMBBw==
-----END EC PARAMETERS-----
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEILKsixTjdhOFElskkyL/mzryjCl2AHOMPN9iTbkNqLPEoAoGCCqGSM49
AwEHoUQDQgAE/2NtHxwyQFMluwKSPPv/WDbanFIfHdSAlfhCkvjBpmV3ywKlp8U3
wTjLkJhJAwbZgTcMtZQUDqe/5omly/4LOQ==
-----END EC PRIVATE KEY-----
END
refuses "not for each purpose" 5 "'key.pem': a key for this purpose is not taken from a PEM file$" efuse burn-key BLOCK_KEY5 key.pem XTS_AES_128_KEY $at --dry-run
refuses "not in each chip" 6 "BLOCK_KEY5: the chip cannot have such a key there$" efuse burn-key BLOCK_KEY5 key.pem ECDSA_KEY $at --dry-run
refuses "a digest is of a key" 5 "'key.bin': it is not a PEM file$" efuse burn-key-digest BLOCK_KEY5 key.bin SECURE_BOOT_DIGEST0 $at
refuses "which place" 2 "burn-key-digest takes BLOCK FILE PURPOSE [[]...[]], or FILE on ESP32 and ESP32-C2" efuse burn-key-digest BLOCK_KEY5 key.pem $at
refuses "the place of other chips" 2 "the chip has no key block 'secure_boot_v2'" efuse burn-key-digest key.pem $at --dry-run
runs "a digest" 0 'Step 3 of 3 burnt and compared' efuse burn-key-digest BLOCK_KEY5 key.pem SECURE_BOOT_DIGEST0 $at --yes-burn=$mac
runs "as espsecure has it" 0 '^KEY5 +r-  e9c737872bd151a4bd560d210bf2820f92faa0932408a5caed453b1b9c9507b8 ' efuse get BLOCK_KEY5 KEY_PURPOSE_5 $at --show-keys
check "for secure boot" grep -qE '^KEY_PURPOSE_5 +r-  0x9 ' out

# --- data ---

runs "by the names of espefuse" 0 'burnt and compared' efuse burn_custom_mac aa:cd:ef:01:02:03 $at --yes-burn=$mac
runs "the same once more" 0 '^Nothing to burn: it is burnt$' efuse burn-custom-mac aa:cd:ef:01:02:03 $at --yes-burn=$mac
refuses "another one" 6 "block 3 bit 240: the block holds other data and can be written once only$" efuse burn-mac aa:cd:ef:01:02:02 $at --yes-burn=$mac
runs "protected" 0 'burnt and compared' efuse write-protect-efuse CUSTOM_MAC RD_DIS $at --yes-burn=$mac
runs "so it is" 0 '^RD_DIS +r- ' efuse get RD_DIS $at

# --- the voltage of the flash ---

refuses "a chip that does not choose it" 6 "set-flash-voltage: the chip has no eFuses for it$" efuse set-flash-voltage 3.3V $at --dry-run
stop_sim "burning"
start_sim --tcp 127.0.0.1:0 --chip esp32 --mac $mac
at="--port socket://$sim_at --before no-reset --after stay"
runs "as the pin has it" 0 '^Flash VDD:  3.3 V, set by GPIO12 at reset$' info $at
refuses "another than it has now" 6 "the flash would get another voltage than it has now, which can destroy it; --force burns" efuse set-flash-voltage 1.8V $at --yes-burn=$mac
refuses "no power" 6 "the chip would give its flash no power any more; --force burns" efuse set-flash-voltage off $at --dry-run
runs "the one that it has" 0 '^After it:   flash VDD: 3.3 V, set by eFuses$' efuse set-flash-voltage 3.3V $at --yes-burn=$mac
check "three bits" test "$(grep -cE '^  block 0 bit 14[234] ' out)" -eq 3
runs "so it is" 0 '^Flash VDD:  3.3 V, set by eFuses$' efuse summary $at
reports "for programs" 0 "r['flash_voltage'] == {'set_by': 'efuses', 'pin': 12, 'millivolts': 3300}" info $at
follows_schema "for programs" report out
refuses "not back" 6 "XPD_SDIO_TIEH: a bit is burnt that would have to become 0$" efuse set_flash_voltage 1.8V $at --yes-burn=$mac --force
refuses "nor off" 6 "XPD_SDIO_REG: a bit is burnt that would have to become 0$" efuse set-flash-voltage OFF $at --yes-burn=$mac --force
refuses "no voltage" 2 "set-flash-voltage takes 1.8V, 3.3V or OFF" efuse set-flash-voltage 5V $at
refuses "two keys for one place" 6 "flash_encryption: the key block holds data, has a purpose, is protected, or is given twice$" efuse burn-key flash_encryption key.bin flash_encryption key.bin $at --dry-run
refuses "secure boot V1 without a key" 6 "secure boot V1 would be on without a key" efuse burn-field ABS_DONE_0 1 $at --dry-run
refuses "a key of another kind" 6 "secure boot of this chip takes keys of RSA, not of ECDSA; --force burns" efuse burn-key-digest key.pem $at --dry-run
runs "without a target" 0 '^Block 0 ' efuse dump --output dump.json $at
runs "eFuses tell it" 0 '^Flash VDD:  3.3 V, set by eFuses$' efuse summary dump.json
stop_sim "the voltage of the flash"

# --- interrupted ---

start_sim --tcp 127.0.0.1:0 --chip esp32c6 --mac $mac --boot download --faults 'at efuse 4: disconnect 10ms'
at="--port socket://$sim_at --before no-reset --after stay"
run efuse burn-key KEY2 key.bin HMAC_UP $at --yes-burn=$mac >out 2>err
check "power cut in a key" eval "test $? -ne 0 && grep -q 'step 1 of 3 may be burnt in part: the same command finishes it' err"
journal=state/esp-loader/efuse-021122334455.json
sed "s/$mac/02:11:22:33:44:66/" $journal >theirs
check "it is in the journal" is_so "r['command'] == 'burn-key' and [s['state'] for s in r['steps']] == ['begun', 'planned', 'planned']" $journal
refuses "a journal of another part" 1 "'theirs' is the journal of another part$" efuse burn-key KEY2 key.bin HMAC_UP $at --yes-burn=$mac --journal theirs
check "which stays" test -e theirs
check "for nobody else" test "$(stat -c %a $journal)" = 600
hides "without the key" $journal out err
refuses "another command waits" 6 "a burn of this part [(]burn-key[)] was interrupted: the same command finishes it. Its journal is '" efuse burn-field DIS_PAD_JTAG 1 $at --yes-burn=$mac
head -c 32 /dev/zero >other.bin
refuses "so does another key" 6 "a burn of this part [(]burn-key[)] was interrupted" efuse burn-key KEY2 other.bin HMAC_UP $at --yes-burn=$mac
runs "the same command finishes it" 0 'Step 3 of 3 burnt and compared' efuse burn-key KEY2 key.bin HMAC_UP $at --yes-burn=$mac
check "and the journal is gone" test ! -e $journal
runs "no errors in the block" 0 '^Block 6 ' efuse dump $at
check "none at all" eval "! grep -q ERROR out"
echo '{}' >nonsense
refuses "what is no journal" 1 "'nonsense' is not a journal of eFuses" efuse burn-field DIS_PAD_JTAG 1 $at --yes-burn=$mac --journal nonsense
stop_sim "interrupted"
real_sim --tcp 127.0.0.1:0 --chip esp32c6 --secure-download
refuses "secure download mode" 6 "the target is in secure download mode, which does not allow this" efuse burn-field DIS_PAD_JTAG 1 --port "socket://$sim_at" --before no-reset
stop_sim "secure download mode"
finish
