/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The text of usage.h, in pieces no longer than a compiler must accept (C11, 5.2.4.1: 4095 characters).
 */
#include "usage.h"

#include "esp_sim.h"

static const char intro[] =
    "usage: esp-sim (--tcp ADDRESS | --rfc2217 ADDRESS | --pty[=LINK] | --usbip ADDRESS) [OPTION ...]\n"
    "\n"
    "A virtual Espressif chip with its ROM loader and flash, for any flasher that can open the cable.\n"
    "It runs until SIGTERM, SIGINT or the control command quit.\n"
    "\n"
    "Cables (exactly one; ADDRESS is HOST:PORT or PORT, the host 127.0.0.1, port 0 = any free port)\n"
    "  --tcp ADDRESS        raw bytes over TCP; no control lines\n"
    "  --rfc2217 ADDRESS    telnet with COM-PORT-OPTION: bytes, baud rate, DTR and RTS\n"
    "  --pty[=LINK]         a pseudo terminal, with LINK as a symbolic link to it; no control lines\n"
    "  --usbip ADDRESS      a USB device for Linux: scripts/usbip-attach (or usbip attach) makes it appear "
    "as\n"
    "                       303A:1001 with a /dev/ttyACM; all chips are on one port, as boards 1-1, 1-2 ...\n"
    "Each cable serves one client at a time; when it leaves, the chip runs on and waits for the next.\n"
    "For each one a line is printed to standard output as soon as it accepts clients:\n"
    "  esp-sim: listening on tcp 127.0.0.1:4000       (or rfc2217, usbip, pty PATH, control PATH)\n"
    "and when all of them do:\n"
    "  esp-sim: ready\n"
    "\n"
    "Wiring\n"
    "  --wiring usj         USB-Serial/JTAG: the peripheral interprets DTR and RTS (default with --usbip)\n"
    "  --wiring bridge      UART bridge with two transistors on EN and the strapping pin (default with "
    "--rfc2217,\n"
    "                       whose clients cannot see a USB id and use this reset sequence)\n"
    "  --wiring otg         CDC device of the ROM on USB-OTG (esp32s2, esp32s3, esp32p4, esp32s31): the "
    "lines mean "
    "nothing\n"
    "                       to the ROM; a stub resets the chip when RTS falls\n"
    "  --wiring none        UART without control lines (default with --tcp and --pty)\n"
    "  --line-pairing MS    with --rfc2217 and bridge: RFC 2217 sets one line at a time; the first half of "
    "the\n"
    "                       step that leaves reset is held back this long for the second (default 500, 0 = "
    "off)\n"
    "  --boot app|download  power on with the boot button up, or held (default: app where the cable has "
    "lines\n"
    "                       to enter download mode with, else download)\n";

static const char chip[] =
    "\n"
    "Chip and flash\n"
    "  --chip NAME          %s\n"
    "  --revision M.N       chip revision (default: the newest known)\n"
    "  --crystal MHZ        one of those available for the chip (default: the usual one)\n"
    "  --rom-crystal MHZ    the crystal that the ROM assumes, where it can be wrong: esp32, esp32c5. A "
    "client "
    "has\n"
    "                       to correct the baud rates it requests\n"
    "  --mac MAC            like 02:00:00:00:00:01 (default); further chips count up the last byte\n"
    "  --flash-size SIZE    like 8MB (default), 512KB, 0x800000\n"
    "  --flash-id ID        JEDEC id like 0x1740ef (default: made from the size); 0xffffffff = no flash "
    "answers.\n"
    "                       An id with a larger size than --flash-size makes a counterfeit part: addresses "
    "wrap\n"
    "                       around at the size, and what is written beyond lands at the start\n"
    "  --flash-pins WORD    where the flash is, as SPI_ATTACH has it (default: 0, at the usual pins; 1 is "
    "HSPI)\n"
    "  --flash FILE         load the flash from FILE if it exists (it must have the flash's size), save it\n"
    "                       there at the end\n"
    "  --secure-download    secure download mode: reduced command set\n"
    "  --flash-encryption   on in the eFuses; nothing is encrypted, and plain content does not boot\n"
    "  --secure-boot v1|v2  on in the eFuses; with v2 an image without a signature block does not boot; no "
    "signature\n"
    "                       is verified\n"
    "  --efuse ADDR=BITS    bits that are burnt in the eFuse word at that address, as READ_REG reads it\n"
    "  --efuse-file FILE    load the eFuses from FILE if it exists, in place of MAC, revision and all that "
    "the "
    "chip\n"
    "                       comes with (registers from the first one on: words, low byte first); save them "
    "there "
    "at the end\n"
    "  --rom FILE           execute the chip's mask ROM (an ELF file, as Espressif publishes them) and what "
    "is "
    "loaded\n"
    "                       through it, in place of the models of ROM loader and stub: esp32, esp32s2, "
    "esp32s3,\n"
    "                       esp32s31, esp32c2, esp32c3, esp32c5, esp32c6, esp32c61, esp32h2, esp32p4: see\n"
    "                       sim/README.md\n"
    "  --execute-boot       with --rom, a start from flash is executed, too: the ROM, and the program that "
    "it loads\n"
    "                       as long as that uses nothing more than the ROM does\n"
    "  --count N            N chips (up to 250): each takes the next port (with --usbip all share one); "
    "files,\n"
    "                       links and sockets get .0, .1 ...\n";

static const char behaviour[] =
    "\n"
    "Behaviour\n"
    "  --strict             check every field, even those a ROM ignores, and report host misuse (default)\n"
    "  --as-rom             accept what the ROM accepts: for flashers whose code is not yours to change\n"
    "  --repeated-blocks refuse|write|ignore\n"
    "                       what the ROM does with a repeated data block number (default refuse)\n"
    "  --timing default|slow|fast\n"
    "                       typical flash; worn and cold flash; nothing takes time\n"
    "  --speed real|max|N   model time passes as real time (default), N times as fast (0.001 to 1000), or, "
    "with\n"
    "                       max, at once while only the chip is busy and as real time while it waits for "
    "its\n"
    "                       client, so that the client's timeouts keep their meaning\n"
    "  --latency MS         a serial port on a network: what the chip sends reaches the client that much "
    "later\n"
    "  --faults SCRIPT      faults to inject, or @FILE with such a script; grammar in sim/README.md\n"
    "\n"
    "Running\n"
    "  --control PATH       Unix socket for commands, one per line; each answer ends with a line 'ok' or\n"
    "                       'error: ...'. Commands: help lists them; reset, plug, lines, state, save, quit "
    "...\n"
    "  --console            copy the text the chip prints to standard output\n"
    "  --trace[=FILE]       one line per command and event to standard error or FILE\n"
    "  --trace-code         the trace, with --rom also of the functions of the ROM that are called, by name\n"
    "  --once               end when the first client has left\n"
    "  --exit-on-eof        end when standard input ends: with the script that started it\n"
    "  --quiet              no remarks on standard error; ready lines, errors and misuse are still printed\n"
    "  --list-registers     print which registers have no effect with --rom, and end\n"
    "  -h, --help           this text\n";

static const char examples[] =
    "\n"
    "Examples\n"
    "  A chip in download mode on a TCP port, and esptool reading its MAC:\n"
    "    esp-sim --tcp 4000 --as-rom\n"
    "    esptool --port socket://127.0.0.1:4000 --chip esp32s3 --before no-reset --no-stub read-mac\n"
    "  A board that the client resets itself, with flash that is kept:\n"
    "    esp-sim --rfc2217 4001 --flash flash.bin --as-rom\n"
    "    esptool --port rfc2217://127.0.0.1:4001?ign_set_control --no-stub write-flash 0x10000 app.bin\n"
    "  A device node with a fixed name, and what the chip prints:\n"
    "    esp-sim --pty=/tmp/ttyESP --console\n"
    "    esp-loader flash --port /tmp/ttyESP --before no-reset 0x10000 app.bin\n"
    "  A board in a script: as fast as it goes, reset by hand, ended by hand:\n"
    "    esp-sim --tcp 0 --control /tmp/sim.sock --speed max --flash flash.bin > sim.log &\n"
    "    printf 'reset\\nstate\\nconsole\\nquit\\n' | nc -U /tmp/sim.sock\n"
    "  Two boards for the kernel of this computer (as root, with the module vhci_hcd):\n"
    "    esp-sim --usbip 3240 --count 2 --flash flash.bin --as-rom\n"
    "    scripts/usbip-attach 127.0.0.1:3240 --keep\n"
    "  Your own flasher, or your own stub, against the code of a chip's ROM (scripts/fetch-roms has them):\n"
    "    esp-sim --chip esp32c6 --rom esp32c6_rev0_rom.elf --rfc2217 4003 --trace-code --trace=calls.txt\n"
    "  A USB-Serial/JTAG chip that vanishes from the bus in its tenth command and comes back:\n"
    "    esp-sim --rfc2217 4002 --wiring usj --faults 'at command 10 : disconnect 2 s'\n"
    "\n"
    "Exit codes\n"
    "  0  ended as asked\n"
    "  1  could not start (port, file, socket), go on, or save the flash\n"
    "  2  the command line is wrong\n"
    "  3  ended as asked, but the strict checks found host misuse; each case is on standard error\n";

void fe_usage_print(FILE *out)
{
    char names[256] = "";
    size_t used = 0;

    for (const char *const *name = esp_sim_chip_names(); *name != NULL; name++) {
        const int size = snprintf(names + used, sizeof(names) - used, "%s%s", used > 0 ? ", " : "", *name);
        if (size < 0 || (size_t)size >= sizeof(names) - used) {
            break;
        }
        used += (size_t)size;
    }
    (void)fputs(intro, out);
    (void)fprintf(out, chip, names);
    (void)fputs(behaviour, out);
    (void)fputs(examples, out);
}
