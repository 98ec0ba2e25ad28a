// SPDX-FileCopyrightText: 2026 esp-loader contributors
// SPDX-License-Identifier: Apache-2.0
//
// esptool-js: node esptool_js.mjs HOST:PORT CONTROL-SOCKET ROM|stub BEFORE OPERATION [OFFSET FILE [NUMBER]]. A TCP
// connection takes the place of the serial port, with the part of the Web Serial interface that the package uses; lines
// and rate go to the control socket. It prints what the package prints; "result: " lines are what the test reads.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { Readable, Writable } from "node:stream";

const folder = process.env.INTEROP_NODE_MODULES;
const { ESPLoader, Transport } = await import(`${folder}/esptool-js/lib/index.js`);

class Port {
    constructor(address, control) {
        [this.host, this.port] = address.split(":");
        this.control = control;
    }
    getInfo() {
        return {};
    }
    async open({ baudRate }) {
        await this.setBaudRate(baudRate);
        this.socket = connect(Number(this.port), this.host);
        await new Promise((resolve, reject) => this.socket.once("connect", resolve).once("error", reject));
        this.readable = Readable.toWeb(this.socket);
        this.writable = Writable.toWeb(this.socket);
    }
    async close() {
        this.socket.destroy();
        this.readable = this.writable = null;
    }
    async setSignals({ dataTerminalReady: dtr, requestToSend: rts }) {
        const lines = [["dtr", dtr], ["rts", rts]].filter(([, value]) => value !== undefined);
        await this.command(`lines ${lines.map(([name, value]) => `${name}=${Number(value)}`).join(" ")}`);
    }
    async setBaudRate(baud) {
        await this.command(`rate ${baud}`);
    }
    async command(line) {
        const socket = connect(this.control);
        socket.end(`${line}\n`);
        let answer = "";
        for await (const text of socket) answer += text;
        if (answer !== "ok\n") throw new Error(`${line}: ${answer}`);
    }
}

const [address, control, kind, before, operation, offset, file, number] = process.argv.slice(2);
const transport = new Transport(new Port(address, control));
const terminal = { clean() {}, write: (text) => process.stdout.write(text), writeLine: (text) => console.log(text) };
const baudrate = operation === "verify" && number ? Number(number) : 115200;
const loader = new ESPLoader({ transport, baudrate, terminal });
await loader.detectChip(before);
await loader.chip.postConnect?.(loader); // as its main() does
console.log(`result: chip ${loader.chip.CHIP_NAME}`);
if (kind === "stub") {
    await loader.runStub();
} else {
    // Without its stub too the package sends blocks of 16 KiB, which are the stub's; a ROM loader takes 1 KiB.
    loader.FLASH_WRITE_SIZE = 0x400;
}
console.log(`result: loader ${loader.IS_STUB ? "stub" : "ROM"}`);
if (baudrate !== 115200) {
    await loader.changeBaud();
    console.log(`result: rate ${loader.baudrate}`);
}
if (kind === "ROM" && loader.chip.CHIP_NAME !== "ESP8266" && !["detect", "mac"].includes(operation)) {
    // flashSpiAttach() of the package sends the stub's four bytes; a ROM loader wants eight.
    await loader.checkCommand("attach the flash", loader.ESP_SPI_ATTACH, new Uint8Array(8));
}
if (operation === "mac") {
    console.log(`result: mac ${await loader.chip.readMac(loader)}`);
} else if (operation === "id") {
    console.log(`result: id ${(await loader.readFlashId()).toString(16)}`);
} else if (operation === "verify") {
    const data = readFileSync(file);
    const answer = await loader.flashMd5sum(Number(offset), data.length);
    // A ROM answers in hexadecimal text, and the package shows those bytes in hexadecimal again.
    const found = kind === "ROM" ? Buffer.from(answer, "hex").toString() : answer;
    console.log(`result: md5 ${found === createHash("md5").update(data).digest("hex") ? "equal" : "different"}`);
} else if (operation === "read") {
    writeFileSync(file, await loader.readFlash(Number(offset), Number(number)));
    console.log("result: read");
} else if (operation === "erase") {
    await loader.eraseFlash();
    console.log("result: erased");
} else if (operation.startsWith("write")) {
    const image = { data: new Uint8Array(readFileSync(file)), address: Number(offset) };
    await loader.writeFlash({ fileArray: [image], flashMode: "keep", flashFreq: "keep", flashSize: "keep",
        eraseAll: false, compress: operation !== "write",
        calculateMD5Hash: kind === "stub" ? (data) => createHash("md5").update(data).digest("hex") : undefined });
    console.log("result: written");
}
process.exit(0);
