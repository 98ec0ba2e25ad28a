# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# espefuse burns a file (`--virt`), and a chip in esp-sim that has the same contents at first, by register writes over its
# serial port; esp-loader burns another one. The same words are read of all three afterwards, and the chips report no errors.
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from efuse_tables import tables
from flasher import Failed, run
from simulator import Simulator

REGISTERS = 0x200
MAC_OF_CHIP = "02:00:00:00:00:01"
INPUTS = {"k24": bytes(range(24)), "k32": bytes(range(32)), "k64": bytes(range(64)), "d32": bytes(range(0xA0, 0xC0)),
          "u24": bytes((5 * i + 1) & 0xFF for i in range(24)), "u32": bytes((7 * i + 3) & 0xFF for i in range(32))}
MAC = "burn-custom-mac AA:CD:EF:01:02:03"
# Two names at least: of a single one in a chain of commands espefuse 5.6 looks for the letters.
PROTECTIONS = "write-protect-efuse RD_DIS DIS_FORCE_DOWNLOAD BLOCK_USR_DATA"


def key(number, file, purpose):
    return f"burn-key BLOCK_KEY{number} {file} {purpose}"


def runs_of_later(*keys, disables="DIS_DIRECT_BOOT", hides="BLOCK_KEY2 BLOCK_SYS_DATA2"):
    """What is said to espefuse, one run after the other: what all chips from the ESP32-S2 on have, and these keys."""
    return [f"{MAC} {' '.join(keys)}",
            f"burn-block-data BLOCK_SYS_DATA2 u32 burn-bit BLOCK2 200 255 "
            f"burn-efuse SPI_BOOT_CRYPT_CNT 3 SECURE_BOOT_EN 1 {disables} 1",
            "burn-efuse SECURE_VERSION 5 SPI_BOOT_CRYPT_CNT 7",
            f"read-protect-efuse {hides} {PROTECTIONS}"]


XTS_128 = key(0, "k32", "XTS_AES_128_KEY")
DIGEST = key(1, "d32", "SECURE_BOOT_DIGEST0")
HMAC, HMAC_3, HMAC_5 = (key(number, "k32", "HMAC_UP") + " --no-read-protect" for number in (2, 3, 5))
USER = key(4, "u32", "USER") + " --no-write-protect"
XTS_256 = key(3, "k64", "XTS_AES_256_KEY")  # and in the next free block
RUNS = {
    "esp32": [f"{MAC} burn-key flash_encryption k32 burn-key secure_boot_v2 d32",
              "burn-efuse JTAG_DISABLE 1 ABS_DONE_1 1 FLASH_CRYPT_CNT 1 FLASH_CRYPT_CONFIG 15",
              "burn-efuse FLASH_CRYPT_CNT 3 DISABLE_DL_CACHE 1 burn-bit BLOCK3 130 write-protect-efuse MAC FLASH_CRYPT_CONFIG"],
    "esp32 with the 3/4 code": ["burn-efuse CODING_SCHEME 1",
                                "burn-key flash_encryption k24 burn-key secure_boot_v1 u24",
                                f"{MAC} write-protect-efuse BLOCK3 MAC"],
    "esp32 with flash of 1.8 V": ["set-flash-voltage 1.8V", "set-flash-voltage 3.3V"],
    "esp32s2 with flash of 1.8 V": ["set-flash-voltage OFF", "set-flash-voltage 1.8V"],
    "esp32s3 with flash of 3.3 V": ["set-flash-voltage 3.3V"],
    "esp32 with a key of RSA": ["burn-key-digest rsa"],
    "esp32s2 with keys of RSA": ["burn-key-digest BLOCK_KEY0 rsa SECURE_BOOT_DIGEST0 BLOCK_KEY1 rsa-public SECURE_BOOT_DIGEST1"],
    "esp32c2 with a key of ECDSA": ["burn-key-digest p256"],
    "esp32h2 with keys of ECDSA": ["burn-key BLOCK_KEY0 p256 ECDSA_KEY BLOCK_KEY1 p192 ECDSA_KEY",
                                   "burn-key-digest BLOCK_KEY2 p192 SECURE_BOOT_DIGEST0 BLOCK_KEY3 p256-public SECURE_BOOT_DIGEST1"],
    "esp32c5 with keys of ECDSA": ["burn-key BLOCK_KEY0 p256 ECDSA_KEY_P256 BLOCK_KEY1 p192 ECDSA_KEY_P192 BLOCK_KEY2 p384 ECDSA_KEY_P384",
                                   "burn-key-digest BLOCK_KEY4 p384 SECURE_BOOT_DIGEST2"],
    "esp32c2": [f"burn-key BLOCK_KEY0 k32 XTS_AES_128_KEY {MAC}",
                "burn-efuse SPI_BOOT_CRYPT_CNT 1 DIS_DIRECT_BOOT 1 UART_PRINT_CONTROL 2",
                "burn-efuse SPI_BOOT_CRYPT_CNT 7 write-protect-efuse RD_DIS DIS_PAD_JTAG"],
    "esp32s2": runs_of_later(XTS_128, DIGEST, HMAC, XTS_256, disables="DIS_LEGACY_SPI_BOOT"),
    "esp32s3": runs_of_later(XTS_128, DIGEST, HMAC, XTS_256),
    "esp32c3": runs_of_later(XTS_128, DIGEST, HMAC, USER),
    "esp32c5": runs_of_later(XTS_128, DIGEST, HMAC, key(4, "k32", "XTS_AES_128_PSRAM_KEY")),
    "esp32c6": runs_of_later(XTS_128, DIGEST, HMAC, USER),
    "esp32c61": runs_of_later(XTS_128, DIGEST, USER, key(2, "k32", "XTS_AES_128_KEY") + " --no-read-protect"),
    "esp32h2": runs_of_later(XTS_128, DIGEST, HMAC, USER),
    "esp32p4": runs_of_later(XTS_128, DIGEST, HMAC, XTS_256, HMAC_5, hides="BLOCK_KEY2 BLOCK_KEY5"),
    "esp32s31": runs_of_later(XTS_128, DIGEST, HMAC, HMAC_3, hides="BLOCK_KEY2 BLOCK_KEY3"),
    "esp32h21": runs_of_later(XTS_128, DIGEST, HMAC, USER, HMAC_5, hides="BLOCK_KEY2 BLOCK_KEY5"),
    # These end contact: the chip cannot be asked any more, and espefuse expects it.
    "esp32c3 without download mode": ["burn-efuse DIS_DIRECT_BOOT 1 DIS_DOWNLOAD_MODE 1"],
    "esp32s3 in secure download mode": ["burn-efuse DIS_DIRECT_BOOT 1 ENABLE_SECURITY_DOWNLOAD 1"],
    "esp32h4": runs_of_later(XTS_128, DIGEST, HMAC, XTS_256, HMAC_5, hides="BLOCK_KEY2 BLOCK_KEY5"),
}


def words_of(controller, data):
    """Register -> what is read there, of all blocks and errors."""
    places = [block.offset + 4 * word for block in controller.blocks for word in range(block.words)]
    places += [*controller.block0_errors, *controller.rs_errors, *(controller.decoding_errors or [])[:1]]
    return {at: int.from_bytes(data[at:at + 4], "little") for at in places}


# The words that begin a command; esp-loader has names of its own for them, too.
COMMANDS = ("burn-efuse", "burn-key", "burn-key-digest", "burn-custom-mac", "burn-block-data", "burn-bit", "set-flash-voltage",
            "write-protect-efuse", "read-protect-efuse")


def commands_of(words):
    """A chain of commands as a list of them."""
    begins = [at for at, word in enumerate(words) if word in COMMANDS]
    return [words[begin:end] for begin, end in zip(begins, [*begins[1:], None])]


class Espefuse:
    """It burns all commands of a chain at once, in an order of its own."""

    name = "espefuse burns esp-sim as it burns a file"

    def __init__(self, clients, _build, chip):
        self.program = [clients / "esptool/bin/espefuse", "--chip", chip, "--do-not-confirm"]

    def burn(self, sim, words, _folder):
        run([*self.program, "--port", f"socket://{sim.address}", "--before", "no-reset", *words], {"NO_COLOR": "1"})

    def burn_file(self, file, words):
        run([*self.program, "--virt", "--path-efuse-file", file, *words], {"NO_COLOR": "1"})


class EspLoader:
    """esp-loader, one command after the other."""

    name = "esp-loader burns esp-sim as espefuse burns a file"

    def __init__(self, _clients, build, _chip):
        self.program = build / "cli/esp-loader"

    def burn(self, sim, words, folder):
        for command in commands_of(words):
            run([self.program, "efuse", *command, "--force", f"--yes-burn={MAC_OF_CHIP}", "--journal", folder / "journal",
                 "--before", "no-reset", "--after", "stay", "--port", f"socket://{sim.address}"])


def difference(controller, mine, theirs, said):
    """None, or the registers that are not the same."""
    ours, wanted = words_of(controller, mine), words_of(controller, theirs[::-1])
    differences = [f"register {at:#x}: {ours[at]:#010x}, not {value:#010x}" for at, value in wanted.items() if ours[at] != value]
    return "\n".join([f"after {said}:", *differences]) if differences else None


PEM = {"p192": "ecdsa192", "p256": "ecdsa256", "p384": "ecdsa384", "rsa": "rsa3072"}


def make_keys(clients, folder):
    """PEM files by name, each made by espsecure."""
    espsecure, files = clients / "esptool/bin/espsecure", {}
    for name, scheme in PEM.items():
        files[name], files[f"{name}-public"] = folder / f"{name}.pem", folder / f"{name}.pub"
        run([espsecure, "generate-signing-key", "--version", "2", "--scheme", scheme, files[name]])
        run([espsecure, "extract-public-key", "--version", "2", "--keyfile", files[name], files[f"{name}-public"]])
    return files


def compare_one(clients, build, name, runs, controller, keys):
    """For each program None or what differs, and how many commands the controllers got."""
    chip = name.split(" ")[0]
    programs, found, burns = [Espefuse(clients, build, chip), EspLoader(clients, build, chip)], {}, 0
    with tempfile.TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        for file, data in INPUTS.items():
            (folder / file).write_bytes(data)
        files, theirs = [folder / f"mine {at}" for at in range(len(programs))], folder / "theirs"
        with Simulator(build / "sim/esp-sim", folder, chip, "TCP", "--efuse-file", files[0]):
            pass  # what the chip comes with
        theirs.write_bytes(files[0].read_bytes()[:{"esp32": 0x120}.get(chip, REGISTERS)][::-1])
        files[1].write_bytes(files[0].read_bytes())
        for said in runs:
            words = [str(folder / word) if word in INPUTS else str(keys.get(word, word)) for word in said.split(" ")]
            programs[0].burn_file(theirs, words)
            for program, file in zip(programs, files):
                if found.get(program.name):
                    continue
                with Simulator(build / "sim/esp-sim", folder, chip, "TCP", "--efuse-file", file) as sim:
                    try:
                        program.burn(sim, words, folder)
                    except Failed as failure:
                        found[program.name] = str(failure)
                    burns += sim.control("burns").count(": done\n")
                found[program.name] = found.get(program.name) or difference(controller, file.read_bytes(), theirs.read_bytes(), said)
    return found, burns


def compare(clients, build, chips):
    """(name, None or what differs) for each of these chips and each program; prints how much was burnt."""
    all_tables, controllers = tables.all_tables(), tables.all_controllers()
    of_chip = {table.chip.removesuffix("_CHIP").lower(): tables.controller_of(table, controllers) for table in all_tables}
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as few:
        keys = make_keys(clients, Path(folder))
        jobs = {name: few.submit(compare_one, clients, build, name, runs, of_chip[name.split(" ")[0]], keys)
                for name, runs in RUNS.items() if name.split(" ")[0] in chips}
    for name, job in jobs.items():
        for program, failure in job.result()[0].items():
            yield f"eFuses, {name}: {program}", failure
    print(f"eFuse burns: {sum(job.result()[1] for job in jobs.values())} commands to the controllers of {len(jobs)} parts")
