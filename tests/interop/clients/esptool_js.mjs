// SPDX-FileCopyrightText: 2026 esp-loader contributors
// SPDX-License-Identifier: Apache-2.0
//
// esptool-js with its ROM loader path: node esptool_js.mjs HOST:PORT OPERATION [OFFSET FILE]. A TCP connection takes the
// place of the serial port: it has the part of the Web Serial interface that the package uses. It prints what the
// package prints; "result: " lines are what the test reads.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { Readable, Writable } from "node:stream";

const folder = process.env.INTEROP_NODE_MODULES;
const { ESPLoader, Transport } = await import(`${folder}/esptool-js/lib/index.js`);

class TcpPort {
    constructor(address) {
        [this.host, this.port] = address.split(":");
    }
    getInfo() {
        return {};
    }
    async open() {
        this.socket = connect(Number(this.port), this.host);
        await new Promise((resolve, reject) => this.socket.once("connect", resolve).once("error", reject));
        this.readable = Readable.toWeb(this.socket);
        this.writable = Writable.toWeb(this.socket);
    }
    async close() {
        this.socket.destroy();
        this.readable = this.writable = null;
    }
    async setSignals() {
        throw new Error("TCP has no control lines");
    }
}

const [address, operation, offset, file] = process.argv.slice(2);
const transport = new Transport(new TcpPort(address));
const terminal = { clean() {}, write: (text) => process.stdout.write(text), writeLine: (text) => console.log(text) };
const loader = new ESPLoader({ transport, baudrate: 115200, terminal });
await loader.detectChip("no_reset");
// The package sends 16 KiB blocks, which are the stub's; a ROM loader takes 1 KiB.
loader.FLASH_WRITE_SIZE = 0x400;
console.log(`result: chip ${loader.chip.CHIP_NAME}`);
if (operation === "mac") {
    console.log(`result: mac ${await loader.chip.readMac(loader)}`);
} else if (operation !== "detect") {
    // flashSpiAttach() of the package sends the stub's four bytes; a ROM loader wants eight.
    await loader.checkCommand("attach the flash", loader.ESP_SPI_ATTACH, new Uint8Array(8));
    if (operation === "id") {
        console.log(`result: id ${(await loader.readFlashId()).toString(16)}`);
    } else if (operation === "verify") {
        const data = readFileSync(file);
        // A ROM answers in hexadecimal text, and the package shows those bytes in hexadecimal again.
        const found = Buffer.from(await loader.flashMd5sum(Number(offset), data.length), "hex").toString();
        console.log(`result: md5 ${found === createHash("md5").update(data).digest("hex") ? "equal" : "different"}`);
    } else {
        const image = { data: new Uint8Array(readFileSync(file)), address: Number(offset) };
        await loader.writeFlash({ fileArray: [image], flashMode: "keep", flashFreq: "keep", flashSize: "keep",
            eraseAll: false, compress: operation === "write-deflated" });
        console.log("result: written");
    }
}
process.exit(0);
