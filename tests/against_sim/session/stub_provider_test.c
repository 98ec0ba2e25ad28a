/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stubs that the program brings: when it is asked for one, what it may do then, and what is refused.
 */
#include "esp_loader_stubs.h"

#include <string.h>

#include "bench.h"

enum {
    TEXT = 0x40378000,
    DATA = 0x3FCB2DC4,
    ENTRY = 0x403795A8
}; /* where the simulated ESP32-S3 takes a stub for one */

static const uint8_t text[7000] = {0x13, 0x05, 0x40, 0xFF, [6999] = 0x77};
static const uint8_t data[8] = {0xC0, 0xDB, 0xDC, 0xDD};
static const uint8_t more[4] = {1, 2, 3, 4};
static const esp_loader_bin_segment_t segments[] = {{TEXT, sizeof(text), text},
                                                    {0x3FCB0000, 0, NULL},
                                                    {DATA, sizeof(data), data},
                                                    {DATA + 16, sizeof(more), more}};
static const esp_stub_t stub = {
    .header = {.entrypoint = ENTRY}, .segments = segments, .segment_count = COUNT(segments)};

typedef struct {
    const esp_stub_t *stub; /* what is returned */
    unsigned calls;
    target_chip_t chip;
    bool asks;      /* the target, before it returns */
    uint8_t mac[6]; /* what it said */
    uint16_t revision;
} provider_t;

static const esp_stub_t *provide(esp_loader_t *loader, target_chip_t chip, void *ctx)
{
    provider_t *provider = ctx;
    esp_loader_target_security_info_t info;
    uint32_t word;
    provider->calls++;
    provider->chip = chip;
    if (provider->asks) {
        assert_int_equal(esp_loader_get_target(loader), chip);
        assert_false(esp_loader_stub_is_running(loader));
        assert_success(esp_loader_get_security_info(loader, &info));
        assert_success(esp_loader_read_mac(loader, provider->mac));
        assert_success(esp_loader_get_chip_revision(loader, &provider->revision));
        assert_int_equal(esp_loader_read_register(loader, 0x60007002, &word), ESP_LOADER_ERROR_INVALID_PARAM);
    }
    return provider->stub;
}

static esp_loader_error_t connect_with(bench_t *b, provider_t *provider)
{
    return esp_loader_connect_with_stub_provider(&b->loader, NULL, provide, provider);
}

static bool is_connected(bench_t *b)
{
    uint32_t value;
    esp_loader_error_t err = esp_loader_read_register(&b->loader, 0x60007000, &value);
    assert_true(err == ESP_LOADER_SUCCESS || bench_cause(b) == ESP_LOADER_ERROR_NOT_CONNECTED);
    return err == ESP_LOADER_SUCCESS;
}

#ifdef ESP_LOADER_SMALL

/* A small library without stubs does not know how to talk to one. */
TEST_OPEN(small_library_refuses_before_it_touches_the_target, BENCH(.timing = ESP_SIM_TIMING_FAST))
{
    provider_t provider = {.stub = &stub};
    assert_int_equal(connect_with(b, &provider), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_STUB);
    assert_int_equal(b->port.base.writes, 0);
    assert_int_equal(provider.calls, 0);
    assert_false(is_connected(b));
}

#else

static bench_t make_bench(void)
{
    return (bench_t){.config = {.chip = "esp32s3", .timing = ESP_SIM_TIMING_FAST, .accepts_any_stub = true}};
}

TEST_OPEN(provider_is_called_once_and_its_stub_runs, make_bench())
{
    uint8_t buf[64];
    provider_t provider = {.stub = &stub, .asks = true};
    assert_success(connect_with(b, &provider));
    assert_int_equal(provider.calls, 1);
    assert_int_equal(provider.chip, ESP32S3_CHIP);
    assert_memory_equal(provider.mac, esp_sim_mac(b->sim), sizeof(provider.mac));
    assert_int_equal(provider.revision, 2);
    assert_int_equal(esp_loader_error_detail(&b->loader)->error, ESP_LOADER_SUCCESS);
    assert_true(esp_loader_stub_is_running(&b->loader));
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_DOWNLOAD_STUB);
    assert_success(esp_loader_flash_read(&b->loader, buf, 0, sizeof(buf)));
    assert_int_equal(esp_loader_connect_with_stub_provider(&b->loader, NULL, NULL, NULL),
                     ESP_LOADER_ERROR_INVALID_PARAM);
}

TEST_OPEN(every_segment_is_loaded_to_its_last_byte, make_bench())
{
    provider_t provider = {.stub = &stub};
    assert_success(connect_with(b, &provider));
    assert_int_equal(esp_sim_peek(b->sim, TEXT), 0xFF400513);
    assert_int_equal(esp_sim_peek(b->sim, TEXT + sizeof(text) - 4), 0x77000000);
    assert_int_equal(esp_sim_peek(b->sim, DATA), 0xDDDCDBC0);
    assert_int_equal(esp_sim_peek(b->sim, DATA + 16), 0x04030201);
    assert_int_equal(esp_sim_peek(b->sim, 0x3FCB0000), 0);
}

TEST_OPEN(no_provider_is_refused_before_the_target_is_touched, make_bench())
{
    assert_int_equal(esp_loader_connect_with_stub_provider(&b->loader, NULL, NULL, NULL),
                     ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_STUB);
    assert_int_equal(b->port.base.writes, 0);
    assert_false(is_connected(b));
}

TEST_OPEN(provider_without_a_stub_for_the_chip_ends_the_connection, make_bench())
{
    provider_t provider = {.asks = true};
    assert_int_equal(connect_with(b, &provider), ESP_LOADER_ERROR_UNSUPPORTED_CHIP);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_UNSUPPORTED_CHIP);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_STUB);
    assert_int_equal(provider.calls, 1);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    assert_false(is_connected(b));
}

static const esp_loader_bin_segment_t without_data[] = {{TEXT, sizeof(text), text}, {DATA, 4, NULL}};
static const esp_loader_bin_segment_t empty[] = {{TEXT, 0, text}, {DATA, 0, NULL}};

static const esp_stub_t none_of_them[] = {
    {.segments = segments, .segment_count = COUNT(segments)},
    {.header = {.entrypoint = ENTRY}, .segment_count = COUNT(segments)},
    {.header = {.entrypoint = ENTRY}, .segments = segments},
    {.header = {.entrypoint = ENTRY}, .segments = without_data, .segment_count = 2},
    {.header = {.entrypoint = ENTRY}, .segments = empty, .segment_count = 2},
};

TEST_OPEN_EACH(what_is_no_stub_is_refused_and_nothing_of_it_is_loaded, COUNT(none_of_them), make_bench())
{
    provider_t provider = {.stub = &none_of_them[i]};
    assert_int_equal(connect_with(b, &provider), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_INVALID_PARAM);
    assert_int_equal(provider.calls, 1);
    assert_int_equal(esp_sim_peek(b->sim, TEXT), 0);
    assert_int_equal(esp_sim_state(b->sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    assert_false(is_connected(b));
}

TEST_OPEN(stub_that_is_running_is_used_and_none_is_asked_for,
          (bench_t){.config = {.chip = "esp32s3",
                               .wiring = ESP_SIM_WIRING_NONE,
                               .timing = ESP_SIM_TIMING_FAST,
                               .accepts_any_stub = true}})
{
    provider_t provider = {.stub = &stub};
    assert_success(connect_with(b, &provider));
    assert_success(connect_with(b, &provider));
    assert_int_equal(provider.calls, 1);
    assert_true(esp_loader_stub_is_running(&b->loader));
}

static const esp_sim_config_t secured[] = {
    {.chip = "esp32s3", .is_secure_download = true},
    {.chip = "esp32s3", .secure_boot = ESP_SIM_SECURE_BOOT_V2},
};

TEST_OPEN_EACH(secured_chips_are_refused, COUNT(secured), (bench_t){.config = secured[i]})
{
    provider_t provider = {.stub = &stub};
    assert_int_equal(connect_with(b, &provider), ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
    assert_int_equal(bench_cause(b), ESP_LOADER_ERROR_SECURITY);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_STUB);
    assert_int_equal(provider.calls, 0);
    assert_false(is_connected(b));
}

TEST_OPEN(stub_that_does_not_greet_is_a_timeout_of_the_stub_stage, make_bench())
{
    provider_t provider = {.stub = &stub};
    bench_faults(b, "at command 1 of 6: drop");
    assert_int_equal(connect_with(b, &provider), ESP_LOADER_ERROR_TIMEOUT);
    assert_int_equal(esp_loader_error_detail(&b->loader)->stage, ESP_LOADER_STAGE_STUB);
    assert_false(is_connected(b));
}

/* In a build with stubs the names are stubs, in one without they are refused like any other that is empty. */
TEST_OPEN(stub_of_the_library_can_be_provided_by_name, make_bench())
{
    provider_t provider = {.stub = &esp_stub_esp32s3};
    assert_int_equal(connect_with(b, &provider), esp_stub_esp32s3.segment_count != 0
                                                     ? ESP_LOADER_SUCCESS
                                                     : ESP_LOADER_ERROR_INVALID_PARAM);
}

#endif
