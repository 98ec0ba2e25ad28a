/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Fault scripts: the settings that hold from then on, and what a malformed script is answered with.
 */
#include "host.h"

TEST_FAULTS(slow_flash_takes_times_as_long, TIMED, "flash slow erase 8; flash slow program 3")
{
    uint64_t start_us = esp_sim_now_us(sim);
    host_flash_begin(sim, 0, 1024);
    assert_in_range(esp_sim_now_us(sim) - start_us, 362125, 362225);
    start_us = esp_sim_now_us(sim);
    host_fill_block(sim, 0x03, 0, 0, 1024, 0);
    /* 32 pieces of 322.5 + 7.2 us, 64 reads of 4 us, 1050 bytes on the wire at 2.5 us, 2.125 ms */
    assert_in_range(esp_sim_now_us(sim) - start_us, 15551, 15571);
}

TEST_NEW(syncs_can_be_ignored_and_over_answered, FAST, .faults = "sync ignore 2; sync replies 11")
{
    host_usj_download(sim);
    host_skip(sim, 1000);
    for (unsigned i = 0; i < 2; i++) {
        host_send_sync(sim);
        host_expect_silence(sim);
    }
    host_sync(sim);
    for (unsigned i = 8; i < 11; i++) {
        host_expect_ok(sim, 0x08);
    }
    host_expect_silence(sim);
}

TEST_NEW(boot_log_can_begin_with_noise, FAST, .start_in_download = true, .faults = "boot garbage 100")
{
    uint8_t text[1024];
    size_t size = host_drain(sim, text, sizeof(text), 1000);
    assert_int_equal(size, strlen(esp_sim_console(sim)) + 100);
    assert_memory_equal(text + 100, "ESP-ROM", 7);
}

TEST_NEW(stale_output_waits_at_open, TIMED, .faults = "stale 64")
{
    host_wait_us(sim, 2000);
    uint8_t bytes[128];
    size_t size = 0;
    size_t n = 0;
    while ((n = esp_sim_host_read(sim, bytes + size, sizeof(bytes) - size)) > 0) {
        size += n;
    }
    assert_int_equal(size, 64);
    assert_memory_equal(bytes, "I (4711) main:", 14);
}

TEST_NEW(port_can_be_dead_after_a_reset_until_power_is_cut, FAST, .faults = "dead after reset")
{
    host_usj_download(sim);
    assert_true(esp_sim_is_attached(sim));
    assert_int_equal(esp_sim_host_write(sim, "x", 1), 1); /* one packet fits into the buffer */
    assert_int_equal(esp_sim_host_write(sim, "x", 1), 0);
    esp_sim_plug(sim, true);
    host_skip(sim, 1000);
    host_sync(sim);
}

TEST_NEW(core_reset_can_drop_the_bus, TIMED, .faults = "reset drops bus")
{
    host_usj_download(sim);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    assert_false(esp_sim_is_attached(sim));
    host_wait_us(sim, 400000);
    assert_true(esp_sim_is_attached(sim));
}

TEST_FAULTS(in_packets_can_be_small, TIMED, "packet size 5")
{
    host_ask(sim);
    host_wait_us(sim, 10000);
    uint8_t bytes[64];
    assert_int_equal(esp_sim_host_read(sim, bytes, sizeof(bytes)), 5);
    assert_int_equal(esp_sim_host_read(sim, bytes, sizeof(bytes)), 5);
    assert_int_equal(esp_sim_host_read(sim, bytes, sizeof(bytes)), 4);
}

TEST(malformed_scripts_are_explained_and_change_nothing)
{
    static const struct {
        const char *script, *sentence;
    } CASES[] = {
        {"at bite 3 out: drop",
         "byte, transfer, command, reply, efuse, flash or time expected, found 'bite'"},
        {"at byte x out: drop", "a number up to 18446744073709551615 expected, found 'x'"},
        {"at byte 0 out: drop", "counting starts at 1"},
        {"at byte 3: drop", "in or out expected, found ':'"},
        {"at byte 3 out drop", ": expected, found 'drop'"},
        {"at byte 3 out: explode", "an action (drop, corrupt"},
        {"at byte 3 out: error 8", "'error' cannot happen at that place"},
        {"at command 3: duplicate", "'duplicate' cannot happen at that place"},
        {"at flash 3: stall", "'stall' cannot happen at that place"},
        {"at flash 0: reset", "counting starts at 1"},
        {"at time 3 s: drop", "'drop' cannot happen at that place"},
        {"at byte 3 out: delay", "a time such as 50 ms expected, found 'the end of the statement'"},
        {"at byte 3 out: delay 5 hours", "a unit (us, ms or s) expected, found 'hours'"},
        {"at byte 3 out: corrupt 256", "a number up to 255 expected, found '256'"},
        {"at byte 3 out: drop drop", "';' expected, found 'drop'"},
        {"at command 3 of 0x100: drop", "a number up to 255 expected, found '0x100'"},
        {"at command 3: wrong sha", "md5 expected, found 'sha'"},
        {"flash stuck 0x800000 bit 1 at 0", "a number up to 8388607 expected"},
        {"flash stuck 1 bit 8 at 0", "a number up to 7 expected"},
        {"flash fast", "slow expected, found 'fast'"},
        {"sync answer 3", "ignore expected, found 'answer'"},
        {"cable under 3: flip 1 in 4", "above expected, found 'under'"},
        {"cable above 3: break 1 in 4", "flip 1 in or lose 1 in expected, found 'break'"},
        {"cable above 3: flip 2 in 4", "flip 1 in or lose 1 in expected, found '2'"},
        {"cable above 3: flip 1 in 0", "1 in 1 or more, and at most 4 cables"},
        {"cable above 3 up: flip 1 in 4", ": expected, found 'up'"},
        {"bridge above 3: stop", "make expected, found 'stop'"},
        {"gremlins", "at, from or a setting expected, found 'gremlins'"},
    };
    esp_sim_t *sim = host_start(NULL);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char script[200] = "from command 1: drop; ";
        strcat(script, CASES[i].script);
        char error[200] = "";
        assert_false(esp_sim_add_faults(sim, script, error, sizeof(error)));
        if (strstr(error, CASES[i].sentence) == NULL) {
            fail_msg("%s: %s", CASES[i].script, error);
        }
        assert_ptr_equal(strstr(error, "fault script: "), error);
    }
    host_expect_answer(sim);
    esp_sim_config_t config = {.faults = "gremlins"};
    char error[200] = "";
    assert_null(esp_sim_new(&config, error, sizeof(error)));
    assert_non_null(strstr(error, "gremlins"));
    host_end(sim);
}

TEST_FAULTS(scripts_may_have_comments_and_blank_statements, FAST,
            "\n# nothing yet\n;; at command 2: drop # the second\n"
            "\tat command 4 : drop ;")
{
    host_expect_answer(sim);
    host_expect_no_answer(sim);
    host_expect_answer(sim);
    host_expect_no_answer(sim);
}
