/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rig.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    APP_SEGMENT = 11000, /* three sectors */
    BOOT_US = 2000000,
    VERSION_OFF = 24 + 8 + 16, /* header, segment header, esp_app_desc_t up to the version */
};

const rig_kind_t rig_kinds[] = {
    {"UART, ROM", "esp32h2", ESP32H2_CHIP, 16, 0x0, ESP_SIM_WIRING_BRIDGE, ROM},
    {"UART, stub", "esp32c3", ESP32C3_CHIP, 5, 0x0, ESP_SIM_WIRING_BRIDGE, STUB},
    {"SDIO, stub", "esp32c6", ESP32C6_CHIP, 13, 0x0, ESP_SIM_WIRING_SDIO, STUB},
};
#ifdef ESP_LOADER_SMALL
const size_t rig_kind_count = 1;
#else
const size_t rig_kind_count = COUNT(rig_kinds);
#endif

/* ---- images ---- */

/* Changes a byte of an image without a digest, and its checksum. */
static void set_byte(blob_t *image, uint32_t at, uint8_t value)
{
    image->bytes[image->size - 1] ^= image->bytes[at] ^ value;
    image->bytes[at] = value;
}

static blob_t make_executable(const rig_t *rig, bool is_app, uint32_t segment_size, unsigned seed)
{
    image_spec_t spec = plain_image;

    spec.chip_id = rig->kind->image_id;
    spec.has_digest = false;
    spec.is_app = is_app;
    spec.segment_size = segment_size;
    blob_t image = make_image(&spec);
    for (uint32_t at = 24 + 8 + 256; at < 24 + 8 + segment_size; at += 97) {
        set_byte(&image, at, (uint8_t)(at * seed));
    }
    return image;
}

blob_t rig_make_app(const rig_t *rig, const char *version, unsigned seed)
{
    blob_t app = make_executable(rig, true, APP_SEGMENT / 2, seed);

    for (uint32_t i = 0; i <= strlen(version); i++) {
        set_byte(&app, VERSION_OFF + i, (uint8_t)version[i]);
    }
    return app;
}

static blob_t make_slots(const char *nvs)
{
    const entry_t entries[] = {
        {1, 0x02, 0x9000, 0x4000, nvs},
        {1, 0x00, OTADATA_AT, 0x2000, "otadata"},
        {0, 0x10, OTA_0, 0x10000, "ota_0"},
        {0, 0x11, OTA_1, 0x10000, "ota_1"},
    };
    return make_table(entries, COUNT(entries));
}

void rig_name_digests(rig_t *rig)
{
    for (size_t i = 0; i < RIG_IMAGES; i++) {
        esp_loader_md5_t md5;
        esp_loader_md5_init(&md5);
        esp_loader_md5_update(&md5, rig->blobs[i].bytes, rig->blobs[i].size);
        esp_loader_md5_finish(&md5, rig->images[i].md5);
        rig->images[i].size = rig->blobs[i].size;
    }
}

static void put(rig_t *rig, uint32_t offset, blob_t blob)
{
    memcpy(esp_sim_flash(rig->bench.sim) + offset, blob.bytes, blob.size);
    free_blob(&blob);
}

void rig_put_old(rig_t *rig)
{
    memset(esp_sim_flash(rig->bench.sim), 0xFF, 0x40000);
    put(rig, rig->images[BOOTLOADER].offset, make_executable(rig, false, 2000, 3));
    put(rig, rig->images[TABLE].offset, make_slots("nvs"));
    put(rig, OTADATA_AT, make_blob(0x2000, 0xFF));
    put(rig, OTA_0, rig_make_app(rig, RIG_OLD, 5));
}

bool rig_is_right(const rig_t *rig)
{
    for (size_t i = 0; i < RIG_IMAGES; i++) {
        if (memcmp(esp_sim_flash(rig->bench.sim) + rig->images[i].offset, rig->blobs[i].bytes,
                   rig->blobs[i].size) != 0) {
            return false;
        }
    }
    return true;
}

/* As its own update leaves it. */
static bool holds_second_slot(const rig_t *rig)
{
    return memcmp(esp_sim_flash(rig->bench.sim) + OTA_1, rig->blobs[APP].bytes, rig->blobs[APP].size) == 0;
}

uint64_t rig_flash_operations(const rig_t *rig)
{
    const esp_sim_stats_t *stats = esp_sim_stats(rig->bench.sim);
    return stats->sector_erases + stats->block_erases + stats->programs;
}

/* ---- the host's power ---- */

static bool is_dead(const rig_t *rig)
{
    return rig->dead_at != 0 && rig->steps >= rig->dead_at;
}

/* One more step. true: the host still has power. */
static bool step(rig_t *rig)
{
    rig->steps++;
    return !is_dead(rig);
}

static rig_t *of_serial(esp_loader_port_t *port)
{
    return container_of(port, rig_t, bench.port.base.port);
}

static rig_t *of_sdio(esp_loader_port_t *port)
{
    return container_of(port, rig_t, bench.sdio.port);
}

#define DIES(rig)                                                                                            \
    do {                                                                                                     \
        if (!step(rig)) {                                                                                    \
            return ESP_LOADER_ERROR_DISCONNECTED;                                                            \
        }                                                                                                    \
    } while (0)

/* A UART does not notice that the other end has no power, or had none: what is sent is lost, and nothing comes. */
static void hold_on(esp_loader_port_t *port)
{
    sim_port_t *serial = &of_serial(port)->bench.port;

    serial->is_open = true;
    serial->attach_count = esp_sim_attach_count(serial->sim);
}

static esp_loader_error_t write_all(esp_loader_port_t *port, const uint8_t *data, size_t size,
                                    uint32_t timeout_ms, size_t *out_written)
{
    *out_written = 0;
    DIES(of_serial(port));
    hold_on(port);
    const esp_loader_error_t error = sim_port_ops.write_all(port, data, size, timeout_ms, out_written);
    if (error != ESP_LOADER_ERROR_DISCONNECTED) {
        return error;
    }
    *out_written = size;
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t read_some(esp_loader_port_t *port, uint8_t *buf, size_t capacity,
                                    uint32_t timeout_ms, size_t *out_read)
{
    esp_sim_t *sim = of_serial(port)->bench.sim;
    const uint64_t end_us = esp_sim_now_us(sim) + (uint64_t)timeout_ms * 1000;

    *out_read = 0;
    DIES(of_serial(port));
    while (true) {
        hold_on(port);
        const uint64_t now_us = esp_sim_now_us(sim);
        const uint32_t left_ms = now_us < end_us ? (uint32_t)((end_us - now_us + 999) / 1000) : 0;
        const esp_loader_error_t error = sim_port_ops.read_some(port, buf, capacity, left_ms, out_read);
        if (error != ESP_LOADER_ERROR_DISCONNECTED) {
            return error;
        }
        if (left_ms == 0) {
            return ESP_LOADER_ERROR_TIMEOUT;
        }
        esp_sim_run_until(sim, now_us + 1000);
    }
}

static esp_loader_error_t set_lines(esp_loader_port_t *port, bool dtr, bool rts)
{
    DIES(of_serial(port));
    hold_on(port);
    (void)sim_port_ops.set_lines(port, dtr, rts);
    return ESP_LOADER_SUCCESS;
}

static esp_loader_error_t set_rate(esp_loader_port_t *port, uint32_t rate_baud)
{
    DIES(of_serial(port));
    return sim_port_ops.set_rate(port, rate_baud);
}

/* The entries of the bench's own SDIO port. */
static esp_loader_port_ops_t sdio_ops;

static void enter_bootloader(esp_loader_port_t *port)
{
    if (step(of_sdio(port))) {
        sdio_ops.enter_bootloader(port);
    }
}

static void reset_target(esp_loader_port_t *port)
{
    if (step(of_sdio(port))) {
        sdio_ops.reset_target(port);
    }
}

static esp_loader_error_t sdio_write(esp_loader_port_t *port, uint32_t function, uint32_t address,
                                     const uint8_t *data, uint16_t size, uint32_t timeout)
{
    DIES(of_sdio(port));
    return sdio_ops.sdio_write(port, function, address, data, size, timeout);
}

static esp_loader_error_t sdio_read(esp_loader_port_t *port, uint32_t function, uint32_t address,
                                    uint8_t *data, uint16_t size, uint32_t timeout)
{
    DIES(of_sdio(port));
    return sdio_ops.sdio_read(port, function, address, data, size, timeout);
}

static esp_loader_error_t sdio_card_init(esp_loader_port_t *port)
{
    DIES(of_sdio(port));
    return sdio_ops.sdio_card_init(port);
}

static void wire(rig_t *rig)
{
    esp_loader_port_ops_t *serial = &rig->bench.port.base.ops;
    serial->write_all = write_all;
    serial->read_some = read_some;
    serial->set_lines = set_lines;
    serial->set_rate = set_rate;

    esp_loader_port_ops_t *sdio = &rig->bench.sdio.ops;
    sdio_ops = *sdio;
    sdio->enter_bootloader = enter_bootloader;
    sdio->reset_target = reset_target;
    sdio->sdio_write = sdio_write;
    sdio->sdio_read = sdio_read;
    sdio->sdio_card_init = sdio_card_init;
}

/* ---- what the host provides ---- */

static esp_loader_error_t read_image(void *ctx, size_t image, uint32_t offset, void *buf, size_t size)
{
    rig_t *rig = ctx;

    image += rig->first_image;
    const blob_t *blob = &rig->blobs[image];
    DIES(rig);
    assert_true(image < RIG_IMAGES && offset <= blob->size && size <= blob->size - offset);
    if (++rig->reads == rig->end_source_at) {
        return ESP_LOADER_ERROR_TIMEOUT;
    }
    rig->bytes_read += size;
    memcpy(buf, blob->bytes + offset, size);
    if (rig->source_changes && image == APP && rig_flash_operations(rig) > 0) {
        *(uint8_t *)buf ^= 1;
    }
    return ESP_LOADER_SUCCESS;
}

const char *rig_running(rig_t *rig)
{
    static char version[COPROCESSOR_VERSION_SIZE];
    esp_sim_t *sim = rig->bench.sim;

    esp_sim_reset_button(sim, false);
    esp_sim_run_until(sim, esp_sim_now_us(sim) + BOOT_US);
    version[0] = '\0';
    if (esp_sim_state(sim) == ESP_SIM_STATE_APP) {
        const char *last = NULL;
        for (const char *at = esp_sim_console(sim); (at = strstr(at, ", version ")) != NULL;) {
            at += strlen(", version ");
            last = at;
        }
        if (last != NULL) {
            const size_t size = strcspn(last, ",");
            assert_true(size < sizeof(version));
            memcpy(version, last, size);
            version[size] = '\0';
        }
    }
    return version;
}

static esp_loader_error_t ask_version(void *ctx, char out_version[COPROCESSOR_VERSION_SIZE])
{
    rig_t *rig = ctx;

    rig->asked++;
    DIES(rig);
    strcpy(out_version, rig_running(rig));
    return out_version[0] != '\0' ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_TIMEOUT;
}

static esp_loader_error_t load_mark(void *ctx, uint8_t out_mark[COPROCESSOR_MARK_SIZE])
{
    rig_t *rig = ctx;

    DIES(rig);
    memcpy(out_mark, rig->mark, sizeof(rig->mark));
    return ESP_LOADER_SUCCESS;
}

/* A cut leaves half of it. */
static esp_loader_error_t store_mark(void *ctx, const uint8_t mark[COPROCESSOR_MARK_SIZE])
{
    rig_t *rig = ctx;
    const bool was_dead = is_dead(rig);

    if (!step(rig)) {
        memcpy(rig->mark, mark, was_dead ? 0 : sizeof(rig->mark) / 2);
        return ESP_LOADER_ERROR_DISCONNECTED;
    }
    memcpy(rig->mark, mark, sizeof(rig->mark));
    return ESP_LOADER_SUCCESS;
}

/* ---- the co-processor's own update ---- */

/* Both have power. */
static bool step_of_its_own(rig_t *rig)
{
    return step(rig) && ++rig->self_steps != rig->self_dead_at;
}

static bool write_sector(rig_t *rig, uint32_t at, const uint8_t *data, size_t size)
{
    uint8_t *sector = esp_sim_flash(rig->bench.sim) + at;

    if (!step_of_its_own(rig)) {
        memset(sector, 0xFF, ESP_LOADER_SECTOR_SIZE / 2);
        return false;
    }
    memset(sector, 0xFF, ESP_LOADER_SECTOR_SIZE);
    if (!step_of_its_own(rig)) {
        memcpy(sector, data, size / 2);
        return false;
    }
    memcpy(sector, data, size);
    return true;
}

esp_loader_error_t rig_update_itself(void *ctx, const coprocessor_manifest_t *manifest)
{
    rig_t *rig = ctx;
    const coprocessor_image_t *app = &manifest->images[APP];
    uint8_t sector[ESP_LOADER_SECTOR_SIZE];

    rig->self_tries++;
    for (uint32_t done = 0; done < app->size; done += (uint32_t)sizeof(sector)) {
        const uint32_t left = app->size - done;
        const size_t size = left < sizeof(sector) ? left : sizeof(sector);
        RETURN_ON_ERROR(read_image(rig, APP, done, sector, size));
        if (!write_sector(rig, OTA_1 + done, sector, size)) {
            return ESP_LOADER_ERROR_DISCONNECTED;
        }
    }
    memset(sector, 0xFF, 32);
    put_u32(sector, 2); /* the second of two slots */
    put_u32(sector + 28, (uint32_t)crc32(0xFFFFFFFFu, sector, 4));
    return write_sector(rig, OTADATA_AT, sector, 32) ? ESP_LOADER_SUCCESS : ESP_LOADER_ERROR_DISCONNECTED;
}

/* ---- from beginning to end ---- */

void rig_begin(rig_t *rig, const rig_kind_t *kind)
{
    static const struct {
        const char *name;
        uint32_t offset;
    } places[RIG_IMAGES] = {
        {"bootloader", 0}, {"partitions", 0x8000}, {"otadata", OTADATA_AT}, {"app", OTA_0}};

    memset(rig, 0, sizeof(*rig));
    rig->kind = kind;
    rig->bench.config.chip = kind->chip;
    rig->bench.config.wiring = kind->wiring;
    rig->bench.config.accepts_any_stub = true;
    rig->blobs[BOOTLOADER] = make_executable(rig, false, 2000, 7);
    rig->blobs[TABLE] = make_slots("settings");
    rig->blobs[OTADATA] = make_blob(0x2000, 0xFF);
    rig->blobs[APP] = rig_make_app(rig, RIG_VERSION, 11);
    for (size_t i = 0; i < RIG_IMAGES; i++) {
        rig->images[i].name = places[i].name;
        rig->images[i].offset = places[i].offset;
    }
    rig->images[BOOTLOADER].offset = kind->bootloader_at;
    rig->images[OTADATA].is_raw = true;
    rig_name_digests(rig);
    rig->manifest = (coprocessor_manifest_t){
        .chip = kind->target, .version = RIG_VERSION, .images = rig->images, .image_count = RIG_IMAGES};
    rig->host = (coprocessor_host_t){.read = read_image,
                                     .ask_version = ask_version,
                                     .load_mark = load_mark,
                                     .store_mark = store_mark,
                                     .ctx = rig};
    memset(rig->mark, 0xFF, sizeof(rig->mark));
    bench_open(&rig->bench);
    wire(rig);
    rig_put_old(rig);
}

/* What the power that comes back finds at the host's pins. */
static esp_loader_error_t open_session(rig_t *rig)
{
    bench_t *bench = &rig->bench;

    memset(&bench->loader, 0xA5, sizeof(bench->loader));
    if (rig->kind->wiring == ESP_SIM_WIRING_SDIO) {
        return esp_loader_init_sdio(&bench->loader, &bench->sdio.port);
    }
    bench->port.open_wait_ms = 1000;
    esp_sim_host_set_lines(bench->sim, false, false);
    esp_sim_host_set_rate(bench->sim, 115200);
    return esp_loader_init_serial(&bench->loader, &bench->port.base.port);
}

coprocessor_result_t rig_start(rig_t *rig)
{
    rig->steps = 0;
    rig->reads = 0;
    rig->self_steps = 0;
    rig->bytes_read = 0;
    assert_success(open_session(rig));
    memset(&rig->update, 0, sizeof(rig->update));
    rig->update.manifest = &rig->manifest;
    rig->update.host = &rig->host;
    rig->update.buffer = rig->buffer;
    rig->update.buffer_size = sizeof(rig->buffer);
    rig->update.use_stub = rig->kind->target_loader == STUB;
    rig->update.allows_downgrade = rig->allows_downgrade;
    const coprocessor_result_t result = coprocessor_update(&rig->update, &rig->bench.loader);
    esp_loader_deinit(&rig->bench.loader);
    if (result == COPROCESSOR_UPDATED || (result == COPROCESSOR_UP_TO_DATE && rig->self_tries == 0)) {
        assert_true(rig_is_right(rig));
    } else if (result == COPROCESSOR_UPDATED_ITSELF || result == COPROCESSOR_UP_TO_DATE) {
        assert_true(rig_is_right(rig) || holds_second_slot(rig));
        assert_string_equal(rig_running(rig), rig->manifest.version);
    }
    return result;
}

void rig_end(rig_t *rig)
{
    bench_close(&rig->bench);
    for (size_t i = 0; i < RIG_IMAGES; i++) {
        free_blob(&rig->blobs[i]);
    }
}
