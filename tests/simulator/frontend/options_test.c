/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-sim's command line: what it means, what the cable decides, and what is refused with which words.
 */
#include "option_values.h"
#include "options.h"
#include "test.h"

#include <string.h>

enum { ARGS_MAX = 24 };

static fe_options_result_t parse(const char *const *args, fe_options_t *options, char *error,
                                 size_t error_size)
{
    static char storage[ARGS_MAX][64];
    char *argv[ARGS_MAX + 1];
    int argc = 0;
    (void)strcpy(storage[0], "esp-sim");
    argv[argc++] = storage[0];
    for (; args[argc - 1] != NULL; argc++) {
        assert_true(argc < ARGS_MAX && strlen(args[argc - 1]) < sizeof(storage[0]));
        (void)strcpy(storage[argc], args[argc - 1]);
        argv[argc] = storage[argc];
    }
    argv[argc] = NULL;
    return fe_options_parse(argc, argv, options, error, error_size);
}

#define PARSE(options, ...) parse((const char *const[]){__VA_ARGS__, NULL}, (options), error, sizeof(error))

static const struct {
    const char *args[4];
    esp_sim_wiring_t wiring;
    bool is_download;
} cables[] = {
    {{"--tcp=1", NULL}, ESP_SIM_WIRING_NONE, true},
    {{"--pty", NULL}, ESP_SIM_WIRING_NONE, true},
    {{"--rfc2217=1", NULL}, ESP_SIM_WIRING_BRIDGE, false},
    {{"--usbip=1", NULL}, ESP_SIM_WIRING_USJ, false},
    {{"--usbip=1", "--boot=download", NULL}, ESP_SIM_WIRING_USJ, true},
    {{"--tcp=1", "--wiring=usj", NULL}, ESP_SIM_WIRING_USJ, true},
    {{"--rfc2217=1", "--wiring=usj", NULL}, ESP_SIM_WIRING_USJ, false},
    {{"--rfc2217=1", "--wiring=none", NULL}, ESP_SIM_WIRING_NONE, true},
    {{"--rfc2217=1", "--wiring=otg", NULL}, ESP_SIM_WIRING_OTG, true},
    {{"--rfc2217=1", "--boot=download", NULL}, ESP_SIM_WIRING_BRIDGE, true},
    {{"--tcp=1", "--boot=app", "--wiring=bridge", NULL}, ESP_SIM_WIRING_BRIDGE, false},
};

TEST_ROWS(cable_decides_wiring_and_start, cables)
{
    char error[200];
    fe_options_t options;
    assert_int_equal(parse(row->args, &options, error, sizeof(error)), FE_OPTIONS_OK);
    assert_int_equal(options.chip.wiring, row->wiring);
    assert_int_equal(options.chip.start_in_download, row->is_download);
}

TEST(defaults_are_those_of_the_help_text)
{
    char error[200];
    fe_options_t options;
    assert_int_equal(PARSE(&options, "--tcp=0"), FE_OPTIONS_OK);
    assert_int_equal(options.count, 1);
    assert_false(options.speed.is_max);
    assert_int_equal(options.speed.rate, 1000);
    assert_int_equal(options.line_pairing_ms, 500);
    assert_int_equal(options.chip.latency_us, 0);
    assert_false(options.chip.as_rom);
    assert_null(options.chip.chip);
    assert_int_equal(options.chip.flash_size, 0);
    assert_null(options.control_path);
    assert_false(options.is_tracing);
}

TEST(every_option_reaches_its_place)
{
    char error[200];
    fe_options_t options;
    assert_int_equal(PARSE(&options, "--rfc2217", "[::1]:4000", "--chip=esp32s3", "--flash-size=4MB",
                           "--as-rom", "--mac=0a:0B:0c:0d:0e:0f", "--speed=2.5", "--revision=0.2",
                           "--flash=f", "--rom=r", "--control=c", "--timing=slow", "--count=3"),
                     FE_OPTIONS_OK);
    assert_int_equal(options.cable, FE_CABLE_RFC2217);
    assert_string_equal(options.cable_at, "[::1]:4000");
    assert_string_equal(options.chip.chip, "esp32s3");
    assert_int_equal(options.chip.flash_size, 4 * 1024 * 1024);
    assert_true(options.chip.as_rom);
    assert_memory_equal(options.chip.mac, ((const uint8_t[]){10, 11, 12, 13, 14, 15}), 6);
    assert_int_equal(options.speed.rate, 2500);
    assert_int_equal(options.chip.chip_revision, 2);
    assert_string_equal(options.flash_path, "f");
    assert_string_equal(options.chip.rom_elf, "r");
    assert_string_equal(options.control_path, "c");
    assert_int_equal(options.chip.timing, ESP_SIM_TIMING_SLOW);
    assert_int_equal(options.count, 3);

    assert_int_equal(PARSE(&options, "--tcp=0", "--revision=0.0"), FE_OPTIONS_OK);
    assert_int_equal(options.chip.chip_revision, ESP_SIM_REVISION_0_0);

    assert_int_equal(PARSE(&options, "--pty=/tmp/l", "--faults", "at reply 1 : drop", "--trace", "--console",
                           "--quiet", "--once", "--exit-on-eof", "--secure-download", "--flash-id=0xffffffff",
                           "--flash-pins=1", "--repeated-blocks=ignore", "--line-pairing=0", "--latency=20",
                           "--crystal=26", "--rom-crystal=41.25", "--flash-encryption", "--secure-boot=v2",
                           "--efuse=0x60007050=0x08000000", "--efuse", "0x60007054=3", "--efuse-file=words"),
                     FE_OPTIONS_OK);
    assert_int_equal(options.cable, FE_CABLE_PTY);
    assert_string_equal(options.cable_at, "/tmp/l");
    assert_string_equal(options.faults, "at reply 1 : drop");
    assert_true(options.is_tracing && options.trace_path == NULL && !options.chip.traces_code);
    assert_true(!options.chip.executes_boot);
    assert_true(options.has_console && options.is_quiet && options.is_once && options.exits_on_eof);
    assert_true(options.chip.is_secure_download && options.chip.repeated_blocks == ESP_SIM_REPEATED_IGNORE);
    assert_int_equal(options.chip.flash_jedec_id, 0xFFFFFFFF);
    assert_string_equal(options.efuse_path, "words");
    assert_int_equal(options.line_pairing_ms, 0);
    assert_int_equal(options.chip.latency_us, 20000);
    assert_int_equal(options.chip.crystal_mhz, 26);
    assert_int_equal(options.chip.rom_crystal_khz, 41250);
    assert_true(options.chip.is_flash_encrypted);
    assert_int_equal(options.chip.secure_boot, ESP_SIM_SECURE_BOOT_V2);
    assert_int_equal(options.chip.efuses[0].addr, 0x60007050);
    assert_int_equal(options.chip.efuses[0].bits, 0x08000000);
    assert_int_equal(options.chip.efuses[1].addr, 0x60007054);
    assert_int_equal(options.chip.efuses[1].bits, 3);
    assert_int_equal(options.chip.efuses[2].addr, 0);

    assert_int_equal(PARSE(&options, "--pty", "--trace=t", "--as-rom", "--strict"), FE_OPTIONS_OK);
    assert_null(options.cable_at);
    assert_string_equal(options.trace_path, "t");
    assert_int_equal(PARSE(&options, "--pty", "--trace-code", "--execute-boot"), FE_OPTIONS_OK);
    assert_true(options.is_tracing && options.trace_path == NULL && options.chip.traces_code);
    assert_true(options.chip.executes_boot);
    assert_false(options.chip.as_rom);
}

static const struct {
    const char *args[4];
    const char *sentence;
} refusals[] = {
    {{NULL}, "no cable: give one of --tcp, --rfc2217, --pty, --usbip"},
    {{"--tcp=1", "--pty", NULL}, "--pty: a chip has one cable; give one of --tcp, --rfc2217, --pty, --usbip"},
    {{"--usbip=1", "--wiring=none", NULL}, "--usbip is the chip's own USB-Serial/JTAG: --wiring must be usj"},
    {{"--tcp", NULL}, "--tcp needs a value"},
    {{"--tcp=1", "--bogus", NULL}, "--bogus: unknown or ambiguous option"},
    {{"--tcp=1", "--fla", "x", NULL}, "--fla: unknown or ambiguous option"},
    {{"--tcp=1", "-x", NULL}, "-x: unknown or ambiguous option"},
    {{"--tcp=1", "--quiet=1", NULL}, "--quiet=1: takes no value"},
    {{"--tcp=1", "stray", NULL}, "'stray': not an option"},
    {{"--tcp=1", "--chip=esp33", NULL}, "--chip 'esp33': expected a chip listed in --help"},
    {{"--tcp=1", "--wiring=usb", NULL}, "--wiring 'usb': expected usj, bridge, none or otg"},
    {{"--tcp=1", "--timing=quick", NULL}, "--timing 'quick': expected default, slow or fast"},
    {{"--tcp=1", "--speed=0", NULL}, "--speed '0': expected real, max or a factor from 0.001 to 1000"},
    {{"--tcp=1", "--count=0", NULL}, "--count '0': expected a number from 1 to 250"},
    {{"--tcp=1", "--count=251", NULL}, "--count '251': expected a number from 1 to 250"},
    {{"--tcp=1", "--boot=run", NULL}, "--boot 'run': expected app or download"},
    {{"--tcp=1", "--flash-size=0", NULL}, "--flash-size '0': expected a size like 8MB, 512KB or 0x800000"},
    {{"--tcp=1", "--latency=10001", NULL}, "--latency '10001': expected milliseconds from 0 to 10000"},
    {{"--tcp=1", "--line-pairing=x", NULL}, "--line-pairing 'x': expected milliseconds from 0 to 60000"},
    {{"--tcp=1", "--repeated-blocks=x", NULL}, "--repeated-blocks 'x': expected refuse, write or ignore"},
    {{"--tcp=1", "--secure-boot=v3", NULL}, "--secure-boot 'v3': expected v1 or v2"},
    {{"--tcp=1", "--efuse=0x60007050", NULL},
     "--efuse '0x60007050': expected ADDRESS=BITS, at most 16 times"},
    {{"--tcp=1", "--crystal=0", NULL}, "--crystal '0': expected MHz like 26"},
    {{"--tcp=1", "--rom-crystal=40M", NULL}, "--rom-crystal '40M': expected MHz like 40 or 41.2"},
    {{"--tcp=1", "--revision=2", NULL}, "--revision '2': expected MAJOR.MINOR"},
};

TEST_ROWS(bad_command_lines_are_refused_with_a_sentence_that_names_the_option, refusals)
{
    char error[200] = "";
    fe_options_t options;
    assert_int_equal(parse(row->args, &options, error, sizeof(error)), FE_OPTIONS_BAD);
    assert_string_equal(error, row->sentence);
}

TEST(help_is_recognised)
{
    char error[200];
    fe_options_t options;
    assert_int_equal(PARSE(&options, "--help"), FE_OPTIONS_HELP);
    assert_int_equal(PARSE(&options, "-h"), FE_OPTIONS_HELP);
    assert_int_equal(PARSE(&options, "--list-registers"), FE_OPTIONS_LIST_REGISTERS);
}

TEST(sizes_are_read_with_their_units)
{
    uint32_t size = 0;
    assert_true(fe_options_parse_size("8MB", &size) && size == 8u << 20);
    assert_true(fe_options_parse_size("8m", &size) && size == 8u << 20);
    assert_true(fe_options_parse_size("512KB", &size) && size == 512u << 10);
    assert_true(fe_options_parse_size("0x400000", &size) && size == 0x400000);
    assert_true(fe_options_parse_size("4294967295", &size) && size == UINT32_MAX);
    assert_true(fe_options_parse_size("4095M", &size) && size == 4095u << 20);
    static const char *const bad[] = {"",   "MB",         "-1",    "+1", " 1",   "1 MB",
                                      "1G", "4294967296", "4096M", "0x", "1.5M", "0x0x10"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(fe_options_parse_size(bad[i], &size));
    assert_false(fe_options_parse_size("99999999999999999999999", &size));
}

TEST(macs_speeds_and_revisions_are_read_exactly)
{
    uint8_t mac[6] = {0};
    assert_true(fe_options_parse_mac("02:00:00:00:ff:01", mac) && mac[4] == 0xFF && mac[5] == 1);
    static const char *const bad_macs[] = {"",
                                           "02",
                                           "02:00:00:00:00",
                                           "02:00:00:00:00:0",
                                           "02:00:00:00:00:01:",
                                           "02-00-00-00-00-01",
                                           "0g:00:00:00:00:01"};
    for (size_t i = 0; i < sizeof(bad_macs) / sizeof(bad_macs[0]); i++)
        assert_false(fe_options_parse_mac(bad_macs[i], mac));

    fe_speed_t speed;
    assert_true(fe_options_parse_speed("max", &speed) && speed.is_max);
    assert_true(fe_options_parse_speed("real", &speed) && !speed.is_max && speed.rate == 1000);
    assert_true(fe_options_parse_speed("0.001", &speed) && speed.rate == 1);
    assert_true(fe_options_parse_speed("1000", &speed) && speed.rate == 1000000);
    assert_true(fe_options_parse_speed("1.25", &speed) && speed.rate == 1250);
    static const char *const bad_speeds[] = {"",   "0",    "0.0001", "1001", "1000.001",
                                             "-1", "fast", "1.2.3",  "1,5"};
    for (size_t i = 0; i < sizeof(bad_speeds) / sizeof(bad_speeds[0]); i++)
        assert_false(fe_options_parse_speed(bad_speeds[i], &speed));

    uint32_t revision = 0;
    assert_true(fe_options_parse_revision("3.1", &revision) && revision == 301);
    assert_false(fe_options_parse_revision("3", &revision));
    assert_false(fe_options_parse_revision("3.100", &revision));
    assert_false(fe_options_parse_revision("3.1x", &revision));
}
