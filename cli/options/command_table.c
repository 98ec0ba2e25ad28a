/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The commands.
 */
#include "options/command_info.h"

#include <string.h>

#include "options/name.h"

const command_info_t command_table[COMMAND_COUNT] = {
    [COMMAND_FLASH] =
        {.name = "flash",
         .aliases = "write-flash",
         .summary = "write files to the flash and verify them",
         .usage = "[options] OFFSET FILE [OFFSET FILE ...]\n"
                  "[options] NAME=FILE [NAME=FILE ...]\n"
                  "[options] --project DIR",
         .text = "Writes each FILE to the flash at OFFSET, a multiple of 4096 (decimal or 0x..., with k or "
                 "M), or "
                 "into the partition NAME. "
                 "Everything is checked before the first erase: that the images do not share a sector, are "
                 "complete, fit the partition table among them or else that in the flash, this chip and its "
                 "flash. Sectors that the flash holds already are not written again. What is written is "
                 "compared by MD5. To a stub over a UART or a network it is sent compressed.",
         .operands = OPERANDS_FILES,
         .operand_max = SIZE_MAX},
    [COMMAND_WATCH] =
        {.name = "watch",
         .summary = "flash board after board as they are plugged in",
         .usage = "[options] OFFSET FILE [OFFSET FILE ...]",
         .text =
             "Waits for boards and flashes each as it is plugged in, like `flash` does, several at a time; "
             "reports the result and waits until it is removed. Boards that are already plugged in are "
             "flashed, too. A board is flashed once, until it is unplugged for a second. `--json` prints "
             "one object per board, on one line, as soon as it is finished.\n\n"
             "Ctrl-C ends: boards being flashed stop after the current block, and incomplete images are "
             "listed. The exit code is 8 then; after `--count` boards it is 0, or that of the last "
             "failure.",
         .operands = OPERANDS_FILES,
         .operand_max = SIZE_MAX},
    [COMMAND_READ] =
        {.name = "read",
         .aliases = "read-flash",
         .summary = "read the flash into a file",
         .usage = "[options] OFFSET SIZE FILE\n"
                  "[options] --partition NAME FILE",
         .text =
             "Reads SIZE bytes of flash from OFFSET (decimal or 0x..., with k or M) into FILE and compares "
             "the file with the MD5 that the target computes. SIZE may be `all`: up to the end of the "
             "flash. On failure FILE is what it was before. A flasher stub reads much faster than a ROM.",
         .operands = OPERANDS_FILES,
         .operand_min = 1,
         .operand_max = 3,
         .operands_wanted = "give OFFSET, SIZE and FILE"},
    [COMMAND_VERIFY] = {.name = "verify",
                        .aliases = "verify-flash",
                        .summary = "compare files with the flash",
                        .usage = "[options] OFFSET FILE [OFFSET FILE ...]\n"
                                 "[options] NAME=FILE [NAME=FILE ...]\n"
                                 "[options] --project DIR",
                        .text = "Compares each FILE with the flash at OFFSET, or in the partition NAME, and "
                                "says which sectors differ. Nothing is "
                                "written.",
                        .operands = OPERANDS_FILES,
                        .operand_max = SIZE_MAX},
    [COMMAND_ERASE] =
        {.name = "erase",
         .aliases = "erase-flash erase-region",
         .summary = "erase a range of the flash, or all of it",
         .usage = "[options] OFFSET SIZE\n"
                  "[options] NAME [NAME ...]\n"
                  "[options] --all",
         .text =
             "Erases SIZE bytes of flash from OFFSET, both multiples of 4096 (decimal or 0x..., with k or "
             "M), or the partitions NAME. SIZE may be `all`: up to the end of the flash. What was there is "
             "gone for good: without operands nothing is erased unless you say `--all`. Where flash "
             "encryption or secure "
             "boot is on, what the target could not boot "
             "without is not erased.",
         .operands = OPERANDS_NONE,
         .operand_max = 16,
         .operands_wanted = "give OFFSET and SIZE, names of partitions, or --all"},
    [COMMAND_PARTITIONS] =
        {.name = "partitions",
         .summary = "print the partition table, and which app starts",
         .usage = "[options] [FILE]",
         .text =
             "Prints the partition table in the target's flash, or in FILE: one that the build has made, a "
             "merged file, or a whole flash that was read. Which app starts is what the bootloader will find "
             "in otadata; `esp-loader ota` changes it. Names of partitions can be given to `flash`, `read`, "
             "`verify` and `erase`.",
         .operands = OPERANDS_FILES,
         .operand_max = 1,
         .operands_wanted = "give one FILE, or none for the target"},
    [COMMAND_OTA] =
        {.name = "ota",
         .summary = "print or select the app that starts",
         .usage = "[options] [NAME]",
         .text =
             "Prints which app starts, and the two copies of otadata that select it. With NAME (a "
             "partition's, "
             "or `ota_0`, `ota_1`, `factory`) it selects that one, as an update over the air does: the copy "
             "that does not count now is written, so that one is valid at every moment. `factory` is "
             "selected by erasing otadata.",
         .operand_max = 1,
         .operands_wanted = "give the NAME of one partition, or nothing"},
    [COMMAND_MERGE] =
        {.name = "merge",
         .aliases = "merge-bin",
         .summary = "make one file of several images",
         .usage = "--output FILE [options] OFFSET FILE [OFFSET FILE ...]\n"
                  "--output FILE [options] --project DIR",
         .text = "Writes the images into one file as they would be in the flash from offset 0 on, with 0xff "
                 "between them. Flashing that file at 0 overwrites everything between the images, too. The "
                 "images are checked as `flash` checks them.",
         .operands = OPERANDS_FILES,
         .operand_max = SIZE_MAX},
    [COMMAND_IMAGE] =
        {.name = "image",
         .aliases = "image-info",
         .summary = "print what is in a file",
         .usage = "[--json] FILE",
         .text =
             "Prints what FILE is: of an executable image its chip, segments, flash parameters and "
             "description, and whether its checksum and SHA-256 fit; of a partition table its partitions; of "
             "a merged file all of them, with their offsets.",
         .operands = OPERANDS_FILES,
         .operand_min = 1,
         .operand_max = 1,
         .operands_wanted = "give one FILE"},
    [COMMAND_INFO] =
        {.name = "info",
         .aliases = "flash-id chip-id read-mac get-security-info",
         .summary = "print what is connected",
         .usage = "[options]",
         .text =
             "Connects and prints chip, revision, MAC address, package and what is in it, crystal, flash and "
             "security settings.",
         .operands_wanted = "info takes no operands"},
    [COMMAND_EFUSE] =
        {.name = "efuse",
         .summary = "print the eFuses, or burn some",
         .usage = "[options] summary [FILE] | dump | get NAME [NAME ...]\n"
                  "[options] burn-field NAME VALUE [NAME VALUE ...]\n"
                  "[options] burn-key BLOCK FILE PURPOSE [...]\n"
                  "[options] burn-key-digest BLOCK FILE PURPOSE [...]\n"
                  "[options] burn-mac MAC\n"
                  "[options] burn-data BLOCK FILE\n"
                  "[options] burn-bit BLOCK BIT [BIT ...]\n"
                  "[options] set-flash-voltage 1.8V|3.3V|OFF\n"
                  "[options] protect write|read NAME [NAME ...]",
         .text = "`summary` says what the part can still do, and then each field; `dump` prints the words of "
                 "each block, `get` some fields; with the FILE of a dump no target is needed. Key blocks are "
                 "not read unless `--show-keys` asks for it.\n\n"
                 "What is burnt stays burnt. Burning prints every bit first, and asks for the MAC address of "
                 "the part. The same command finishes a burn that was interrupted. No silicon has been burnt "
                 "by this tool.",
         .operands = OPERANDS_WORDS,
         .operand_words = "summary dump get burn-field burn-key burn-key-digest burn-mac burn-data burn-bit "
                          "set-flash-voltage "
                          "protect",
         .operand_min = 1,
         .operand_max = 65,
         .operands_wanted = "expected summary, dump, get NAME [NAME ...], or what to burn"},
    [COMMAND_LOAD_RAM] =
        {.name = "load-ram",
         .summary = "load a program into RAM and start it",
         .usage = "[options] FILE",
         .text =
             "Loads the segments of FILE, an executable image whose segments are all in RAM, and starts it. "
             "The flash is not touched. The ROM loader does it: a stub would occupy RAM that the program "
             "needs.",
         .operands = OPERANDS_FILES,
         .operand_min = 1,
         .operand_max = 1,
         .operands_wanted = "give one FILE"},
    [COMMAND_REG] = {.name = "reg",
                     .aliases = "read-mem write-mem dump-mem",
                     .summary = "read or write registers and memory",
                     .usage = "[options] read ADDRESS\n"
                              "[options] write ADDRESS VALUE [MASK]\n"
                              "[options] dump ADDRESS SIZE FILE",
                     .text = "Reads or writes 32 bits at ADDRESS, a multiple of 4: a register, an eFuse, or "
                             "RAM; with MASK only those of "
                             "its bits that are 1, the others are read and written back. `dump` reads SIZE "
                             "bytes, a multiple of 4, "
                             "into FILE, word by word. Addresses are those of the chip's technical reference "
                             "manual. What is written "
                             "is not checked by anybody.",
                     .operands = OPERANDS_WORDS,
                     .operand_words = "read write dump",
                     .operand_min = 2,
                     .operand_max = 4,
                     .operands_wanted =
                         "expected read ADDRESS, write ADDRESS VALUE [MASK] or dump ADDRESS SIZE FILE"},
    [COMMAND_SPI_FLASH] = {.name = "spi-flash",
                           .aliases = "read-flash-status write-flash-status read-flash-sfdp",
                           .summary = "status registers and parameters of the flash chip",
                           .usage = "[options] status [VALUE]\n"
                                    "[options] sfdp ADDRESS SIZE",
                           .text = "Reads the status registers of the flash chip, or writes VALUE to them "
                                   "and reads them again: a part ignores "
                                   "what it does not have. What the bits do is in the part's data sheet; "
                                   "some lock it for good. `sfdp` "
                                   "reads SIZE bytes of its parameters (JEDEC JESD216) from ADDRESS.",
                           .operands = OPERANDS_WORDS,
                           .operand_words = "status sfdp",
                           .operand_min = 1,
                           .operand_max = 3,
                           .operands_wanted = "expected status [VALUE] or sfdp ADDRESS SIZE"},
    [COMMAND_MD5] =
        {.name = "md5",
         .summary = "print the MD5 of a range of the flash",
         .usage = "[options] OFFSET SIZE\n"
                  "[options] NAME",
         .text =
             "Prints the MD5 of SIZE bytes of flash from OFFSET (decimal or 0x..., with k or M), or of the "
             "partition NAME. The target computes it: nothing is read. SIZE may be `all`: up to the end of "
             "the flash.",
         .operand_min = 1,
         .operand_max = 2,
         .operands_wanted = "give OFFSET and SIZE, or the NAME of a partition"},
    [COMMAND_RESET] =
        {.name = "reset",
         .aliases = "run",
         .summary = "run the application",
         .usage = "[options]",
         .text = "Resets the target so that it runs its application, also out of download mode and out of a "
                 "flasher stub. With `--after stay` the other way round: it is in download mode then.",
         .operands_wanted = "reset takes no operands"},
    [COMMAND_HOLD_IN_RESET] =
        {.name = "hold-in-reset",
         .summary = "keep the target in reset until Ctrl-C",
         .usage = "[options]",
         .text =
             "Keeps the target's reset line asserted until Ctrl-C, so that another program can use what it "
             "shares with the target: the flash chip, a bus, the supply. Then it is released, and the target "
             "runs its application.",
         .operands_wanted = "hold-in-reset takes no operands"},
    [COMMAND_RFC2217_SERVER] =
        {.name = "rfc2217-server",
         .summary = "share a serial port on the network",
         .usage = "[options]",
         .text =
             "Serves a serial device to programs that speak RFC 2217, until Ctrl-C: `esp-loader` and esptool "
             "with `--port rfc2217://HOST:4000`, from WSL, a container or another machine. Bytes, baud rate, "
             "DTR and RTS, break, purges and the state of the modem lines are passed on; the line stays 8N1 "
             "without flow control.\n\n"
             "One client at a time: another one is told so and closed. When a client leaves, both lines are "
             "released and the rate is 115200 baud again. When the board is unplugged, its client is "
             "disconnected, and the server waits for the board.\n\n"
             "There is no authentication and no encryption: everybody who reaches the address can read and "
             "write the board. Without `--listen` only programs of this machine do.",
         .operands_wanted = "rfc2217-server takes no operands"},
    [COMMAND_MONITOR] =
        {.name = "monitor",
         .summary = "show what the target prints, and type",
         .usage = "[options]",
         .text =
             "Resets the target into its application and shows what it prints, from the first byte on; what "
             "is typed goes to the target. Ctrl-] ends, Ctrl-T Ctrl-H shows the other keys, which are those "
             "of ESP-IDF's monitor. A device that leaves is waited for. Remarks are on standard error, "
             "standard output has what the target prints alone, so both can be piped.\n\n"
             "In lines colours act, and whatever else would act on a terminal is shown as `\\x1b`. The exit "
             "code is 0 after Ctrl-], 8 after a signal.",
         .operands_wanted = "monitor takes no operands"},
    [COMMAND_SELFTEST] =
        {.name = "selftest",
         .summary = "try a board, and make a report to publish",
         .usage = "[options]\n"
                  "--scratch [options] OFFSET SIZE",
         .text =
             "Tries with a board what flashing relies on: who it is, resets into download mode and back, "
             "baud rates, the time of a command, reading and hashing of the flash, with the ROM loader and "
             "with the flasher stub; compares the times with those of the simulator; and prints a report in "
             "Markdown to paste into an issue. Takes at most five minutes and changes nothing.\n\n"
             "With `--scratch` the range of SIZE bytes at OFFSET, multiples of 4096, is erased and written "
             "as "
             "well, and what was in it is lost. Refused are ranges below 0x9000, where bootloader and "
             "partition table are, and unless `--force` is given ranges that overlap a partition.\n\n"
             "The report holds no MAC address, no serial number and no name of the port, unless `--with-mac` "
             "asks for the first.",
         .operands = OPERANDS_NONE,
         .operand_max = 2,
         .operands_wanted = "give OFFSET and SIZE after --scratch"},
    [COMMAND_PORTS] =
        {.name = "ports",
         .summary = "list serial ports and boards on USB",
         .usage = "[--tsv | --json]",
         .text = "Lists serial ports and boards on USB: what to write after `--port`, USB ids, the physical "
                 "port, "
                 "what the device is, its serial number and product name, and whether a chip can be flashed "
                 "through it: yes; maybe (what is connected is not known); no (an application has the chip's "
                 "USB: hold the boot button, press reset, and look again). Nothing is opened.",
         .operands_wanted = "ports takes no operands"},
};

const char *const exit_code_texts[EXIT_CODE_COUNT] = {
    "done",
    "something else failed, for example printing",
    "invalid command line",
    "the port cannot be opened, or failed",
    "no target answers, or it stopped answering",
    "an input file is unusable, or the images do not go together; nothing was erased",
    "the images do not fit this target, or it refused",
    "the flash differs from what was written",
    "interrupted",
};

command_id_t command_find(const char *name)
{
    for (int id = 0; id < COMMAND_COUNT; id++) {
        if (name_is(command_table[id].name, name, strlen(name))) {
            return (command_id_t)id;
        }
    }
    return COMMAND_NONE;
}
