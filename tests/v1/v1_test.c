/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The façade, used as a 1.x program uses it, against a simulated chip. Built with MD5_ENABLED 0 and 1.
 */
#include <string.h>

#include "esp_loader_v1.h"
#include "sim_port.h"
#include "test.h"

#define OFFSET     0x20000u
#define IMAGE_SIZE 5000u
#define BLOCK_SIZE 1024u
#define NO_PORT    ESP_LOADER_ERROR_INVALID_PARAM

static esp_sim_t *sim;
static sim_port_t port;
static uint8_t image[IMAGE_SIZE];

static int plug_in(void **state)
{
    (void)state;
    char error[100];
    sim = esp_sim_new(&(esp_sim_config_t){.flash_size = 1024u * 1024u}, error, sizeof(error));
    assert_non_null(sim);
    sim_port_init(&port, sim, ESP_SIM_WIRING_USJ);
    for (size_t i = 0; i < sizeof(image); i++) {
        image[i] = (uint8_t)(i * 31u + i / 251u);
    }
    return 0;
}

static int unplug(void **state)
{
    (void)state;
    esp_loader_v1_detach();
    assert_string_equal(esp_sim_misuse(sim), "");
    esp_sim_free(sim);
    return 0;
}

static void attach_and_connect(void)
{
    assert_int_equal(esp_loader_v1_attach(&port.base.port), ESP_LOADER_SUCCESS);
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    assert_int_equal(esp_loader_connect(&args), ESP_LOADER_SUCCESS);
}

static void write_image(void)
{
    assert_int_equal(esp_loader_flash_start(OFFSET, sizeof(image), BLOCK_SIZE), ESP_LOADER_SUCCESS);
    for (uint32_t done = 0; done < sizeof(image);) {
        const uint32_t left = (uint32_t)sizeof(image) - done;
        const uint32_t size = left < BLOCK_SIZE ? left : BLOCK_SIZE;
        assert_int_equal(esp_loader_flash_write(image + done, size), ESP_LOADER_SUCCESS);
        done += size;
    }
}

static void expect_verify(bool is_equal)
{
    const esp_loader_error_t compared = is_equal ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_INVALID_MD5;
    assert_int_equal(esp_loader_flash_verify(), MD5_ENABLED ? compared : ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

TEST_WITH(flashes_and_verifies_before_and_after_finish, plug_in, unplug)
{
    attach_and_connect();
    assert_int_equal(esp_loader_get_target(), ESP32S3_CHIP);
    write_image();
    expect_verify(true);
    expect_verify(true);
    assert_int_equal(esp_loader_flash_finish(false), ESP_LOADER_SUCCESS);
    expect_verify(true);
    assert_memory_equal(esp_sim_flash(sim) + OFFSET, image, sizeof(image));
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);

    esp_sim_flash(sim)[OFFSET + 77] ^= 1u;
    expect_verify(false);
    esp_sim_flash(sim)[OFFSET + 77] ^= 1u;
}

TEST_WITH(verify_before_everything_is_written_is_refused, plug_in, unplug)
{
    attach_and_connect();
    assert_int_not_equal(esp_loader_flash_verify(), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_start(OFFSET, sizeof(image), BLOCK_SIZE), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_write(image, BLOCK_SIZE), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_verify(),
                     MD5_ENABLED ? ESP_LOADER_ERROR_INVALID_PARAM : ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
}

TEST_WITH(finish_with_reboot_leaves_download_mode, plug_in, unplug)
{
    attach_and_connect();
    write_image();
    assert_int_equal(esp_loader_flash_finish(true), ESP_LOADER_SUCCESS);
    esp_sim_run_until(sim, esp_sim_now_us(sim) + 1000000u);
    assert_int_equal(esp_sim_state(sim),
                     ESP_SIM_STATE_BOOT_FAILED); /* there is no bootloader, but it tried */
}

TEST_WITH(reads_what_it_is_asked_for, plug_in, unplug)
{
    attach_and_connect();
    uint8_t mac[6];
    assert_int_equal(esp_loader_read_mac(mac), ESP_LOADER_SUCCESS);
    assert_memory_equal(mac, esp_sim_mac(sim), sizeof(mac));

    uint32_t value;
    assert_int_equal(esp_loader_write_register(0x3FC88000u, 0x12345678u), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_read_register(0x3FC88000u, &value), ESP_LOADER_SUCCESS);
    assert_int_equal(value, 0x12345678u);

    uint32_t flash_size;
    assert_int_equal(esp_loader_flash_detect_size(&flash_size), ESP_LOADER_SUCCESS);
    assert_int_equal(flash_size, 1024u * 1024u);
    esp_loader_target_security_info_t info;
    assert_int_equal(esp_loader_get_security_info(&info), ESP_LOADER_SUCCESS);
    assert_int_equal(info.target_chip, ESP32S3_CHIP);
    assert_int_equal(esp_loader_change_transmission_rate(921600), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_change_transmission_rate_stub(115200, 921600), ESP_LOADER_SUCCESS);
}

TEST_WITH(reads_erases_and_compares_flash, plug_in, unplug)
{
    attach_and_connect();
    write_image();
    uint8_t buf[300];
    assert_int_equal(esp_loader_flash_read(buf, OFFSET + 4, sizeof(buf)), ESP_LOADER_SUCCESS);
    assert_memory_equal(buf, image + 4, sizeof(buf));

    uint8_t digest[ESP_LOADER_MD5_SIZE];
    esp_loader_md5_t md5;
    esp_loader_md5_init(&md5);
    esp_loader_md5_update(&md5, image, sizeof(image));
    esp_loader_md5_finish(&md5, digest);
    assert_int_equal(esp_loader_flash_verify_known_md5(OFFSET, sizeof(image), digest), ESP_LOADER_SUCCESS);
    digest[0] ^= 1u;
    assert_int_equal(esp_loader_flash_verify_known_md5(OFFSET, sizeof(image), digest),
                     ESP_LOADER_ERROR_INVALID_MD5);

    assert_int_equal(esp_loader_flash_erase_region(OFFSET, 4096), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_sim_flash(sim)[OFFSET], 0xFF);
    assert_memory_equal(esp_sim_flash(sim) + OFFSET + 4096, image + 4096, sizeof(image) - 4096);
}

/* A zlib stream of one stored block. */
static uint32_t make_stream(uint8_t *out, const uint8_t *data, uint16_t size)
{
    uint32_t a = 1;
    uint32_t b = 0;
    const uint8_t head[7] = {
        0x78, 1, 1, (uint8_t)size, (uint8_t)(size >> 8), (uint8_t)~size, (uint8_t)(~size >> 8)};
    memcpy(out, head, sizeof(head));
    memcpy(out + sizeof(head), data, size);
    for (uint16_t i = 0; i < size; i++) {
        a = (a + data[i]) % 65521;
        b = (b + a) % 65521;
    }
    const uint8_t end[4] = {(uint8_t)(b >> 8), (uint8_t)b, (uint8_t)(a >> 8), (uint8_t)a};
    memcpy(out + sizeof(head) + size, end, sizeof(end));
    return (uint32_t)(sizeof(head) + size + sizeof(end));
}

static void write_stream(bool reboot)
{
    static uint8_t stream[IMAGE_SIZE + 11];
    attach_and_connect();
    const uint32_t total = make_stream(stream, image, sizeof(image));
    assert_int_equal(esp_loader_flash_deflate_start(OFFSET, sizeof(image), total, BLOCK_SIZE),
                     ESP_LOADER_SUCCESS);
    for (uint32_t done = 0; done < total; done += BLOCK_SIZE) {
        const uint32_t size = total - done < BLOCK_SIZE ? total - done : BLOCK_SIZE;
        assert_int_equal(esp_loader_flash_deflate_write(stream + done, size), ESP_LOADER_SUCCESS);
    }
    assert_int_equal(esp_loader_flash_deflate_finish(reboot), ESP_LOADER_SUCCESS);
    assert_memory_equal(esp_sim_flash(sim) + OFFSET, image, sizeof(image));
}

TEST_WITH(writes_what_is_compressed_and_reboots_when_told_to, plug_in, unplug)
{
    const uint64_t resets = esp_sim_stats(sim)->resets;
    write_stream(false);
    const uint64_t resets_of_connecting = esp_sim_stats(sim)->resets - resets;
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_ROM);
    write_stream(true);
    assert_int_equal(esp_sim_stats(sim)->resets - resets, 2 * resets_of_connecting + 1);
    esp_sim_run_until(sim, esp_sim_now_us(sim) + 1000000u);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
}

TEST_WITH(erases_the_whole_flash_and_resets, plug_in, unplug)
{
    attach_and_connect();
    write_image();
    assert_int_equal(esp_loader_flash_erase(), ESP_LOADER_SUCCESS);
    for (uint32_t at = 0; at < sizeof(image); at++) {
        assert_int_equal(esp_sim_flash(sim)[OFFSET + at], 0xFF);
    }
    const uint64_t resets = esp_sim_stats(sim)->resets;
    esp_loader_reset_target();
    assert_int_equal(esp_sim_stats(sim)->resets, resets + 1);
    esp_sim_run_until(sim, esp_sim_now_us(sim) + 1000000u);
    assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_BOOT_FAILED);
}

TEST_WITH(failed_write_is_an_error_and_does_not_reboot, plug_in, unplug)
{
    char error[100];
    attach_and_connect();
    assert_true(esp_sim_add_faults(sim, "at command 2 of 0x03: error 0x08", error, sizeof(error)));
    const uint64_t resets = esp_sim_stats(sim)->resets;
    assert_int_equal(esp_loader_flash_start(OFFSET, sizeof(image), BLOCK_SIZE), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_write(image, BLOCK_SIZE), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_flash_write(image + BLOCK_SIZE, BLOCK_SIZE),
                     ESP_LOADER_ERROR_INVALID_RESPONSE);
    assert_int_not_equal(esp_loader_flash_finish(true), ESP_LOADER_SUCCESS);
    assert_int_not_equal(esp_loader_flash_verify(), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_sim_stats(sim)->resets, resets);
}

TEST_WITH(stub_of_this_build_is_started_or_said_to_be_missing, plug_in, unplug)
{
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    assert_int_equal(esp_loader_v1_attach(&port.base.port), ESP_LOADER_SUCCESS);
    const esp_loader_error_t error = esp_loader_connect_with_stub(&args);
    if (error == ESP_LOADER_SUCCESS) {
        assert_int_equal(esp_sim_state(sim), ESP_SIM_STATE_DOWNLOAD_STUB);
    } else {
        assert_int_equal(error, ESP_LOADER_ERROR_UNSUPPORTED_FUNC);
        assert_int_equal(esp_loader_error_detail()->stage, ESP_LOADER_STAGE_STUB);
        assert_int_equal(esp_sim_stats(sim)->commands, 0);
    }
}

TEST_WITH(target_that_is_not_there_is_no_other_target, plug_in, unplug)
{
    esp_loader_connect_args_t args = {.sync_timeout = 10, .trials = 1};
    assert_int_equal(esp_loader_v1_attach(&port.base.port), ESP_LOADER_SUCCESS);
    esp_sim_unplug(sim);
    assert_int_equal(esp_loader_connect_secure_download_mode(&args, 1024u * 1024u, ESP_UNKNOWN_CHIP),
                     ESP_LOADER_ERROR_DISCONNECTED);
}

TEST_WITH(loads_into_ram, plug_in, unplug)
{
    attach_and_connect();
    assert_int_equal(esp_loader_mem_start(0x3FC88000u, 512, 256), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_mem_write(image, 256), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_mem_write(image + 256, 256), ESP_LOADER_SUCCESS);
    assert_int_equal(esp_loader_mem_finish(0), ESP_LOADER_SUCCESS);
    const uint32_t word = (uint32_t)image[256] | (uint32_t)image[257] << 8 | (uint32_t)image[258] << 16 |
                          (uint32_t)image[259] << 24;
    assert_int_equal(esp_sim_peek(sim, 0x3FC88000u + 256u), word);
}

TEST_WITH(tells_what_went_wrong, plug_in, unplug)
{
    attach_and_connect();
    assert_int_equal(esp_loader_flash_start(OFFSET, 64u * 1024u * 1024u, BLOCK_SIZE),
                     ESP_LOADER_ERROR_IMAGE_SIZE);
    assert_int_equal(esp_loader_error_detail()->error, ESP_LOADER_ERROR_IMAGE_SIZE);
}

TEST_WITH(secure_download_mode_checks_the_chip_it_was_told, plug_in, unplug)
{
    assert_int_equal(esp_loader_v1_attach(&port.base.port), ESP_LOADER_SUCCESS);
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    assert_int_equal(esp_loader_connect_secure_download_mode(&args, 1024u * 1024u, ESP32C3_CHIP),
                     ESP_LOADER_ERROR_INVALID_TARGET);
    assert_int_equal(esp_loader_connect_secure_download_mode(&args, 1024u * 1024u, ESP32S3_CHIP),
                     ESP_LOADER_SUCCESS);
}

TEST_WITH(every_function_without_a_port_is_refused, plug_in, unplug)
{
    attach_and_connect();
    esp_loader_v1_detach();
    esp_loader_v1_detach();
    uint8_t buf[16];
    uint32_t value;
    esp_loader_target_security_info_t info;
    esp_loader_connect_args_t args = ESP_LOADER_CONNECT_DEFAULT();
    assert_int_equal(esp_loader_connect(&args), NO_PORT);
    assert_int_equal(esp_loader_connect_with_stub(&args), NO_PORT);
    assert_int_equal(esp_loader_connect_secure_download_mode(&args, 4096, ESP32S3_CHIP), NO_PORT);
    assert_int_equal(esp_loader_get_target(), ESP_UNKNOWN_CHIP);
    esp_loader_reset_target();
    assert_int_equal(esp_loader_flash_start(OFFSET, 16, 16), NO_PORT);
    assert_int_equal(esp_loader_flash_write(buf, sizeof(buf)), NO_PORT);
    assert_int_equal(esp_loader_flash_finish(true), NO_PORT);
    assert_int_equal(esp_loader_flash_verify(), NO_PORT);
    assert_int_equal(esp_loader_flash_verify_known_md5(0, 16, buf), NO_PORT);
    assert_int_equal(esp_loader_flash_deflate_start(OFFSET, 16, 16, 16), NO_PORT);
    assert_int_equal(esp_loader_flash_deflate_write(buf, sizeof(buf)), NO_PORT);
    assert_int_equal(esp_loader_flash_deflate_finish(true), NO_PORT);
    assert_int_equal(esp_loader_flash_detect_size(&value), NO_PORT);
    assert_int_equal(esp_loader_flash_read(buf, 0, sizeof(buf)), NO_PORT);
    assert_int_equal(esp_loader_flash_erase(), NO_PORT);
    assert_int_equal(esp_loader_flash_erase_region(0, 4096), NO_PORT);
    assert_int_equal(esp_loader_mem_start(0, 16, 16), NO_PORT);
    assert_int_equal(esp_loader_mem_write(buf, sizeof(buf)), NO_PORT);
    assert_int_equal(esp_loader_mem_finish(0), NO_PORT);
    assert_int_equal(esp_loader_get_security_info(&info), NO_PORT);
    assert_int_equal(esp_loader_read_mac(buf), NO_PORT);
    assert_int_equal(esp_loader_read_register(0, &value), NO_PORT);
    assert_int_equal(esp_loader_write_register(0, 0), NO_PORT);
    assert_int_equal(esp_loader_change_transmission_rate(921600), NO_PORT);
    assert_int_equal(esp_loader_change_transmission_rate_stub(115200, 921600), NO_PORT);
    assert_int_equal(esp_loader_error_detail()->error, ESP_LOADER_SUCCESS); /* no session was asked */
}

TEST_WITH(attaching_again_starts_afresh, plug_in, unplug)
{
    attach_and_connect();
    assert_int_equal(esp_loader_flash_start(OFFSET, sizeof(image), BLOCK_SIZE), ESP_LOADER_SUCCESS);
    attach_and_connect();
    write_image();
    assert_int_equal(esp_loader_flash_finish(false), ESP_LOADER_SUCCESS);
    assert_memory_equal(esp_sim_flash(sim) + OFFSET, image, sizeof(image));
}
