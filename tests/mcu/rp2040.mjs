// SPDX-FileCopyrightText: 2026 esp-loader contributors
// SPDX-License-Identifier: Apache-2.0
//
// Runs firmware in the emulator rp2040js: node rp2040.mjs PACKAGE FIRMWARE HOST PORT. Its UART 1 is connected to HOST:PORT;
// what it prints on UART 0 goes to standard output, and the edges of GPIO 2 and 3 as pins 0 and 1 to descriptor 3, in the words
// of QEMU's qtest. No boot ROM: the firmware is started at its vector table. Its clock never overtakes that of this computer.
import { readFileSync, writeSync } from 'fs';
import { connect } from 'net';

const [packageFolder, firmware, host, port] = process.argv.slice(2);
const { Simulator } = await import(packageFolder + '/dist/esm/index.js');

const START = 0x10000100;
const NANOS_PER_CYCLE = 8; // 125 MHz
const SLICE = 20000; // instructions between two looks at the socket
const PINS = [2, 3];

const { rp2040: mcu, clock } = new Simulator();
const bytes = readFileSync(firmware);
mcu.flash.fill(0xff);
mcu.flash.set(bytes, START & 0xffffff);
mcu.core.reset();
mcu.core.VTOR = START;
mcu.core.SP = bytes.readUInt32LE(0);
mcu.core.PC = bytes.readUInt32LE(4) & ~1;

let toTarget = [];
let fromTarget = [];
mcu.uart[0].onByte = (value) => writeSync(1, Buffer.from([value]));
mcu.uart[1].onByte = (value) => toTarget.push(value);
PINS.forEach((gpio, pin) => {
    let last = null;
    mcu.gpio[gpio].addListener((state) => {
        const level = state !== 0; // an input is pulled up at the target
        if (level !== last) {
            writeSync(3, `IRQ ${level ? 'raise' : 'lower'} ${pin}\n`);
        }
        last = level;
    });
});

const socket = connect(Number(port), host, () => setImmediate(run));
socket.setNoDelay(true);
socket.on('data', (data) => fromTarget.push(...data));
socket.on('close', () => process.exit(0));

// Nanoseconds by which the firmware's clock is ahead of this computer's. What it was behind while it computed is forgotten, or it
// would run ahead of its target when it waits.
let offset = null;
function ahead() {
    const now = Number(process.hrtime.bigint());
    if (offset === null || clock.nanos + offset < now) {
        offset = now - clock.nanos;
    }
    return clock.nanos + offset - now;
}

function run() {
    for (let i = 0; i < SLICE; i++) {
        while (fromTarget.length > 0 && !mcu.uart[1].rxFIFO.full) {
            mcu.uart[1].feedByte(fromTarget.shift());
        }
        if (mcu.core.waiting && !mcu.core.interruptsUpdated) { // the timer of the core does not end the waiting by itself
            if (ahead() > 0) {
                break;
            }
            clock.tick(clock.nanosToNextAlarm);
        } else {
            clock.tick(mcu.core.executeInstruction() * NANOS_PER_CYCLE);
        }
    }
    if (toTarget.length > 0) {
        socket.write(Buffer.from(toTarget));
        toTarget = [];
    }
    if (ahead() > 0) {
        setTimeout(run, 1);
    } else {
        setImmediate(run);
    }
}
