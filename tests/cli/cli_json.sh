#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# --json of the commands that talk to one target: the outcome for programs. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

"$mkimage" set -o images --size 64K --flash-size 4MB >set || exit 1
boot=images/bootloader.bin app=images/app.bin
[ "$mode" = stub ] && loader_name=stub || loader_name=rom
nowhere='--port /dev/ttyNOPE'

# --- flash ---

start_sim --tcp 127.0.0.1:0
port=socket://$sim_at
reports "success" 0 "r['ok'] and r['exit_code'] == 0 and 'failure' not in r" flash --port "$port" 0 $boot 64k $app
reports "the target" 0 "r['port'] == '$port' and r['target'] == {'chip': 'ESP32-S3', 'loader': '$loader_name',
    'mac': '02:00:00:00:00:01', 'flash_size': 8388608}" flash --port "$port" 0 $boot
reports "members and their order" 0 "list(r) == ['ok', 'exit_code', 'port', 'target', 'images'] and
    list(r['images'][0]) == ['name', 'offset', 'size', 'result', 'bytes_sent', 'sectors_erased', 'time_ms']" \
    flash --port "$port" 0 $boot
reports "images in their order" 0 "[(i['name'], i['offset'], i['size']) for i in r['images']] ==
    [('app.bin', 65536, 65536), ('bootloader.bin', 0, 20480)]" flash --port "$port" 64k $app 0 $boot
reports "what the flash holds already" 0 "r['images'][0]['result'] == 'equal'" flash --port "$port" 0 $boot
reports "what was written" 0 "r['images'][0]['result'] == 'verified' and r['images'][0]['bytes_sent'] > 0 and
    r['images'][0]['sectors_erased'] == 5" flash --rewrite --port "$port" 0 $boot
check "nothing else is printed" [ ! -s err ]
reports "image that does not fit the target" 6 "r['failure']['image'] == 0 and
    r['failure']['cause'] == 'ESP_LOADER_ERROR_FLASH_RANGE' and r['images'][0]['result'] != 'verified'" \
    flash --port "$port" 0x7f8000 $app
check "the sentence is on standard error as ever" grep -q '^esp-loader: app.bin at 0x007f8000: ' err
stop_sim success

start_sim --tcp 127.0.0.1:0 --faults 'from command 2 of 0x13: wrong md5' # the first is about the table
reports "flash that differs" 7 "r['failure']['cause'] == 'ESP_LOADER_ERROR_INVALID_MD5' and
    [i['result'] for i in r['images']] == ['failed', 'not started']" \
    flash --rewrite --port "socket://$sim_at" 0 $boot 64k $app
stop_sim "flash that differs"
reports "no port" 3 "r['failure']['stage'] == 'opening the port' and 'target' not in r and
    r['images'][0]['result'] == 'not started'" flash $nowhere 0 $boot
reports "file that cannot be read" 5 "r['images'] == []" flash $nowhere 0 nope.bin
reports "images that do not go together" 5 "r['failure']['cause'] == 'ESP_LOADER_ERROR_OVERLAP' and
    r['failure']['image'] == 1" flash $nowhere 0 $boot 0x4000 $app

# --- what is connected ---

start_sim --tcp 127.0.0.1:0
port=socket://$sim_at
reports "info" 0 "r['target']['mac'] == '02:00:00:00:00:01' and r['target']['flash_size'] == 8 << 20 and
    r['target']['chip'] == 'ESP32-S3' and r['revision'] == 2 and r['crystal_mhz'] == 40 and
    r['package'] == {'number': 0, 'name': 'ESP32-S3 (QFN56)', 'flash_size': 0, 'psram_size': 0} and
    r['flash'] == {'manufacturer': 0xef, 'device': 0x4017, 'unique_id': 'e5e5020000000001'} and
    r['security'] == {'secure_boot': False, 'flash_encryption': False, 'secure_download_mode': False, 'jtag': True}" \
    info --port "$port"
reports "another chip than --chip allows" 6 "r['target']['chip'] == 'ESP32-S3' and 'revision' not in r" \
    info --chip esp32c3 --port "$port"
stop_sim info
start_sim --tcp 127.0.0.1:0 --chip esp32c6 --revision 0.1 --mac 60:55:f9:f6:00:2a --flash-size 4MB \
    --efuse 0x600b0848=0xfffe0000
reports "info of another chip" 0 "r['target'] == {'chip': 'ESP32-C6', 'loader': '$loader_name',
    'mac': '60:55:f9:f6:00:2a', 'flash_size': 4 << 20} and r['revision'] == 1 and
    r['eui64'] == '60:55:f9:ff:fe:f6:00:2a'" info --port "socket://$sim_at"
stop_sim "info of another chip"
start_sim --tcp 127.0.0.1:0 --efuse 0x60007050=0x08000000 --efuse 0x60007054=0x8a
reports "memory in the package" 0 "r['package']['flash_size'] == 8 << 20 and r['package']['flash_vendor'] == 'GD' and
    r['package']['psram_size'] == 8 << 20 and r['package']['psram_vendor'] == 'AP_3v3'" info --port "socket://$sim_at"
stop_sim "memory in the package"
start_sim --tcp 127.0.0.1:0 --chip esp32 --secure-boot v1
reports "security of an ESP32: what is known" 0 "r['security'] == {'secure_boot': True, 'flash_encryption': False}" \
    info --port "socket://$sim_at"
stop_sim "security of an ESP32"
start_sim --tcp 127.0.0.1:0 --chip esp8266
reports "chip that tells little" 0 "r['target']['chip'] == 'ESP8266' and
    r['package'] == {'number': 0, 'name': 'ESP8266EX', 'flash_size': 0} and
    not {'revision', 'security', 'eui64'} & set(r)" info --port "socket://$sim_at"
stop_sim "chip that tells little"

# --- the flash: read, verify, erase ---

"$mkimage" raw -o content.bin --size 1M >/dev/null
cp content.bin flash.bin
start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 1MB
port=socket://$sim_at
reports "read" 0 "(r['file'], r['offset'], r['size'], r['result']) == ('part.bin', 4096, 8192, 'verified') and
    r['md5'] == md5('part.bin') == md5('content.bin', 4096, 8192)" read --port "$port" 0x1000 8k part.bin
reports "read up to the end" 0 "r['size'] == 8192" read --port "$port" 0xfe000 all part.bin
reports "read behind the end" 6 "r['failure']['cause'] == 'ESP_LOADER_ERROR_FLASH_RANGE' and
    r['failure']['stage'] == 'checking' and r['failure']['address'] == 0xff000 and r['result'] == 'not started' and
    'md5' not in r" read --port "$port" 0xff000 8k part.bin
reports "read into no folder" 1 "r['result'] == 'not started' and 'failure' not in r" read --port "$port" 0 4k no/a.bin

head -c 32768 content.bin >same.bin
{ head -c 12288 content.bin; head -c 8192 /dev/zero; tail -c +20481 content.bin | head -c 8000; } >other.bin
tail -c +32769 content.bin | head -c 4096 >second.bin
reports "verify: equal" 0 "[(i['name'], i['offset'], i['size'], i['result'], i['md5']) for i in r['images']] ==
    [('same.bin', 0, 32768, 'equal', md5('same.bin'))] and 'sectors_different' not in r['images'][0]" \
    verify --port "$port" 0 same.bin
reports "verify: different" 7 "[i['result'] for i in r['images']] == ['different', 'equal'] and
    r['images'][0]['sectors_different'] == 2 and r['images'][0]['first_different'] == 12288 and
    r['images'][0]['md5'] == md5('other.bin') and r['failure']['cause'] == 'ESP_LOADER_ERROR_INVALID_MD5' and
    r['failure']['stage'] == 'verifying' and r['failure']['address'] == 12288 and r['failure']['image'] == 0" \
    verify --port "$port" 0 other.bin 0x8000 second.bin
reports "verify: of several differences the first" 7 "[i['result'] for i in r['images']] == ['different', 'different'] and
    r['failure']['image'] == 0 and r['failure']['address'] == 12288" verify --port "$port" 0 other.bin 0x9000 second.bin
reports "erase" 0 "(r['offset'], r['size']) == (8192, 4096) and r['target']['flash_size'] == 1 << 20" \
    erase --port "$port" 0x2000 4k
reports "erase behind the end" 6 "r['failure']['cause'] == 'ESP_LOADER_ERROR_FLASH_RANGE'" erase --port "$port" 0xff000 8k
stop_sim content
head -c 4096 /dev/zero | tr '\0' '\377' >blank.bin
check "erase: that range is blank" has_flash blank.bin 0x2000
start_sim --tcp 127.0.0.1:0 --flash flash.bin --flash-size 1MB
reports "erase of all" 0 "(r['offset'], r['size']) == (0, 1 << 20)" erase --all --port "socket://$sim_at"
stop_sim "erase of all"
start_sim --tcp 127.0.0.1:0 --faults 'from command 1 of 0x13: wrong md5'
reports "read: MD5 that does not fit" 7 "r['result'] == 'failed' and r['failure']['cause'] == 'ESP_LOADER_ERROR_INVALID_MD5' and
    r['failure']['stage'] == 'verifying'" read --port "socket://$sim_at" 0 4k bad.bin
stop_sim "read: MD5 that does not fit"

# --- registers, reset, RAM ---

start_sim --tcp 127.0.0.1:0
port=socket://$sim_at
reports "reg write" 0 "(r['access'], r['address'], r['value']) == ('write', 0x3fc90000, 0x12345678)" \
    reg --port "$port" write 0x3fc90000 0x12345678
reports "reg read" 0 "(r['access'], r['address'], r['value']) == ('read', 0x3fc90000, 0x12345678)" \
    reg --port "$port" read 0x3fc90000
reports "reset of a port without lines" 0 "r['state'] == 'not reset'" reset --port "$port"
reports "load-ram" 0 "(r['file'], r['size'], r['entry']) == ('$boot', 20480, 0x40378000) and r['target']['loader'] == 'rom'" \
    load-ram --port "$port" $boot
stop_sim "registers and RAM"
start_sim --rfc2217 127.0.0.1:0
reports "reset" 0 "r['state'] == 'application'" reset --port "rfc2217://$sim_at"
reports "reset --after stay" 0 "r['state'] == 'download mode'" reset --after stay --port "rfc2217://$sim_at"
stop_sim reset
start_sim --rfc2217 127.0.0.1:0 --wiring usj --boot download
reports "reset that comes back to download mode" 0 "r['state'] == 'download mode'" \
    reset --no-reset --port "rfc2217://$sim_at"
check "reset that comes back to download mode: the warning is on standard error" \
    grep -q '^esp-loader: the target was reset and is in download mode again' err
stop_sim "reset that comes back to download mode"

# --- failures: the same sentence and exit code as without --json, and an object ---

# fails NAME CODE EXPRESSION COMMAND ARGUMENTS...: as reports.
fails() {
    reports "$@"
    cp err err.json
    run "${@:4}" >out 2>err
    local got=$?
    check "$1: the same sentence and exit code without --json" eval "[ $got -eq $2 ] && diff err.json err && [ -s err ]"
}

for command in info "read 0 4k x.bin" "verify 0 $boot" "erase --all" "reg read 0" reset "load-ram $boot" "flash 0 $boot"; do
    fails "no such port: ${command%% *}" 3 "r['port'] == '/dev/ttyNOPE' and 'target' not in r and
        r['failure']['cause'] == 'ESP_LOADER_ERROR_PORT_NOT_FOUND' and r['failure']['stage'] == 'opening the port'" \
        $command $nowhere
done
fails "no such file: verify" 5 "r['images'] == []" verify $nowhere 0 nope.bin
fails "no such file: load-ram" 5 "r['file'] == 'nope.bin' and 'entry' not in r" load-ram $nowhere nope.bin
fails "no program: load-ram" 5 "r['failure']['cause'] == 'ESP_LOADER_ERROR_IMAGE_FORMAT'" load-ram $nowhere set

start_sim --tcp 127.0.0.1:0 --wiring bridge --boot app
fails "no answer" 4 "r['failure']['cause'] == 'ESP_LOADER_ERROR_TIMEOUT' and r['failure']['stage'] == 'connecting' and
    'target' not in r" info --port "socket://$sim_at"
sim_stop # an application may well ignore what it is sent
start_sim --tcp 127.0.0.1:0 --faults 'from command 2 of 0x0a: drop'
reports "no more answer" 4 "r['failure']['cause'] == 'ESP_LOADER_ERROR_TIMEOUT' and r['failure']['command'] == 10" \
    reg --port "socket://$sim_at" read 0x3fc90000
stop_sim "no more answer"
start_sim --tcp 127.0.0.1:0
fails "program that belongs into flash" 5 "r['failure']['cause'] == 'ESP_LOADER_ERROR_IMAGE_PLACE' and r['failure']['stage'] == 'checking'" \
    load-ram --port "socket://$sim_at" $app
"$mkimage" bootloader -o c3.bin --chip esp32c3 --size 16K >/dev/null
fails "program for another chip" 6 "r['failure']['cause'] == 'ESP_LOADER_ERROR_IMAGE_CHIP'" \
    load-ram --port "socket://$sim_at" c3.bin
stop_sim "programs that are not loaded"
start_sim --tcp 127.0.0.1:0 --faults 'from command 2 of 0x0a: error 0x05'
reports "refused command" 6 "r['failure']['cause'] == 'ESP_LOADER_ERROR_TARGET_STATUS' and r['failure']['command'] == 10 and
    len(r['failure']['target_status']) == 2 and r['failure']['stage'] == 'accessing registers'" \
    reg --port "socket://$sim_at" read 0x3fc90000
stop_sim "refused command"
start_sim --tcp 127.0.0.1:0 --secure-download
for command in "erase --all" "read 0 4k x.bin" "verify 0 $boot" "reg read 0x60007050"; do
    fails "secure download mode: ${command%% *}" 6 "r['failure']['cause'] in
        ('ESP_LOADER_ERROR_SECURITY', 'ESP_LOADER_ERROR_UNSUPPORTED_FUNC') and r['failure']['stage'] and
        'mac' not in r['target']" $command --port "socket://$sim_at"
done
reports "secure download mode: info" 0 "r['security']['secure_download_mode'] and 'package' not in r" \
    info --port "socket://$sim_at"
stop_sim "secure download mode"

real_sim --tcp 127.0.0.1:0 --trace=trace --faults "$slow_blocks" # in real time
env --default-signal=INT "$loader" flash --json --rewrite --port "socket://$sim_at" 0x10000 $app 0 $boot >out 2>err &
pid=$!
until grep -qE ': FLASH_(DEFL_)?DATA' trace || ! kill -0 $pid 2>/dev/null; do sleep 0.01; done
kill -INT $pid
wait $pid
check "Ctrl-C: exit code 8" [ $? -eq 8 ]
check "Ctrl-C: what is incomplete" is_so "r['exit_code'] == 8 and r['failure']['cause'] == 'ESP_LOADER_ERROR_CANCELLED' and
    [i['result'] for i in r['images']] == ['failed', 'not started']"
check "Ctrl-C: and in words" grep -q 'app.bin at 0x00010000: erased and incomplete' err
sim_stop

for command in flash info read verify erase reg reset load-ram merge image ports watch; do
    reports "mistake on the command line: $command" 2 "r['message'].startswith(\"unknown option '--no-such-option'\")" \
        $command --no-such-option
    run $command --no-such-option --json >out 2>err
    check "mistake before --json: $command" eval "[ $? -eq 2 ] && has_message"
done
run no-such-command --json >out 2>err
check "no such command" eval "[ $? -eq 2 ] && has_message"
reports "missing file: watch" 5 "r['message'] == 'cannot read nope.bin: No such file or directory'" watch 0 nope.bin
reports "no board: auto" 3 "r['message'].startswith('no board is connected')" info --port auto
start_sim --tcp 127.0.0.1:0
run reg --json --port "socket://$sim_at" read 0x3fc90000 >/dev/full 2>err
check "full disk: exit code and sentence" eval "[ $? -eq 1 ] && [ \"$(cat err)\" = 'esp-loader: cannot write to standard output' ]"
stop_sim "full disk"

finish
