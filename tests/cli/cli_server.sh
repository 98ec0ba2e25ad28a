#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# esp-loader rfc2217-server: a pseudo terminal of the simulator on the network. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"

# serve OPTIONS...: starts a server, sets $server (its process) and $at (where it listens). Also without job control, which
# would ignore it, it takes a SIGINT.
serve() {
    : >server.out
    env --default-signal=INT "$loader" rfc2217-server --port board --listen 127.0.0.1:0 "$@" >server.out 2>server.err 9>&- &
    server=$!
    says '(Sharing|"listening")'
    at=$(grep -aoE '127[.]0[.]0[.]1:[0-9]+' server.out | head -n 1)
}

# says PATTERN: waits until the server has said it.
says() {
    for ((i = 0; i < 1000; i++)); do
        grep -aqE -- "$1" server.out && return 0
        kill -0 $server 2>/dev/null || return 1
        sleep 0.02
    done
    return 1
}

# ends NAME: the server, by Ctrl-C.
ends() {
    kill -INT $server
    wait $server
    check "$1: exit code 0 (got $?)" [ $? -eq 0 ]
}

start_sim --pty=board --flash flash.bin --flash-size 4MB
head -c 100000 /dev/urandom >data.bin
printf '\377%.0s' {1..4096} >>data.bin # all of it escaped
serve
check "says where it listens" says '^Sharing board at rfc2217://127[.]0[.]0[.]1:[0-9]+; Ctrl-C ends$'
check "says nothing of authentication" [ ! -s server.err ]
runs "flash through it" 0 '^Verified' flash --before no-reset --after stay --port "rfc2217://$at" 0x10000 data.bin
runs "read through it" 0 "^File verified" read --before no-reset --after stay --port "rfc2217://$at" 0x10000 104096 copy.bin
check "what was read is what was flashed" cmp data.bin copy.bin
runs "device without lines: its target is used where it is" 0 '^This port cannot reset the target' info --port "rfc2217://$at"
check "says who came" says '^Client 127[.]0[.]0[.]1:[0-9]+ connected$'
check "says who left" says '^Client 127[.]0[.]0[.]1:[0-9]+ left$'

# --- a second client, and a board that is unplugged ---

exec 8<>"/dev/tcp/${at/://}"
says 'connected$' && head -c 3 <&8 >greeting
exec 7<>"/dev/tcp/${at/://}"
read -r -t 20 words <&7
check "second client: is told why" [ "${words%$'\r'}" = "esp-loader: another client uses this port" ]
check "second client: is left" [ -z "$(timeout 20 cat <&7)" ]
exec 7>&-
stop_sim "the board"
timeout 20 cat <&8 >rest
check "board unplugged: its client is left" [ $? -eq 0 ]
exec 8>&-
check "board unplugged: says so" says '^board has left: waiting for it$'
exec 7<>"/dev/tcp/${at/://}"
read -r -t 20 words <&7
check "client without a board: is told" [ "${words%$'\r'}" = "esp-loader: the board is not connected" ]
exec 7>&-
start_sim --pty=board --flash flash.bin --flash-size 4MB
check "board plugged in: says so" says '^board is back$'
runs "board plugged in: goes on" 0 '^MAC:' info --before no-reset --after stay --port "rfc2217://$at"
ends "Ctrl-C"
check "Ctrl-C: says so" grep -q '^Closed$' server.out
stop_sim "the board, again"

# --- for programs, and what goes wrong ---

real_sim --pty=board --flash-size 4MB
serve --json-events
runs "in real time" 0 '^MAC:' info --before no-reset --after stay --port "rfc2217://$at"
ends "events"
follows_schema "events" events server.out
check "events: the report" is_so "r['report'] == {'ok': True, 'exit_code': 0, 'port': 'board', 'clients': 1}" <(tail -n 1 server.out)
env --default-signal=INT "$loader" rfc2217-server --port board --listen 0.0.0.0:0 >server.out 2>server.err 9>&- &
server=$!
says Sharing
check "every network: says that there is no authentication" grep -qE '^esp-loader: there is no authentication: everybody who reaches 0[.]0[.]0[.]0:[0-9]+ ' server.err
ends "every network"
serve
mode_option=
refuses "address that is in use" 3 "cannot listen at $at: " rfc2217-server --port board --listen "$at"
ends "address that is in use"
stop_sim "in real time"
for address in 4000x 127.0.0.1: 127.0.0.1:65536 ::1:4000 '' localhost; do
    refuses "--listen '$address'" 2 "invalid address '$address': give it like 127.0.0.1:4000" rfc2217-server --port /dev/tty --listen "$address"
done
refuses "no such device" 3 'cannot open nope: ' rfc2217-server --port nope --listen 127.0.0.1:0
refuses "not a serial device" 2 'only a serial device can be shared' rfc2217-server --port socket://127.0.0.1:1 --listen 127.0.0.1:0
finish
