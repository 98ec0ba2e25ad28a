/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Flashes one MiB into a simulated ESP32-S3 on the virtual clock and reports what it took: port calls, bytes
 * on the wire, virtual seconds. The figures are exact and repeatable, so the bounds are exact too. Prints a
 * table, writes JSON to the file named by the argument, and fails above a bound.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "esp_loader.h"
#include "esp_sim.h"
#include "sim_port.h"

#define IMAGE_SIZE   (1024u * 1024u)
#define IMAGE_OFFSET 0x10000u
#define BLOCK_SIZE   1024u

/* What is promised to users, on every link. */
#define MAX_WRITES_PER_MIB 1100u
#define MAX_READS_PER_MIB  3000u

typedef struct {
    const char *name;
    esp_sim_wiring_t wiring;
    const char *wiring_name;
} case_t;

typedef struct {
    uint64_t writes;
    uint64_t reads;
    uint64_t bytes_out;
    uint64_t bytes_in;
    uint64_t connect_us;
    uint64_t write_us;
    uint64_t verify_us;
    uint64_t flash_busy_us;
} figures_t;

static const case_t CASES[] = {
    {"esp32s3-rom-usj", ESP_SIM_WIRING_USJ, "USB-Serial/JTAG"},
    {"esp32s3-rom-uart", ESP_SIM_WIRING_BRIDGE, "UART 115200"},
};
#define CASE_COUNT (sizeof(CASES) / sizeof(CASES[0]))

/* Incompressible content; xorshift32 (Marsaglia 2003), fixed seed. */
static void fill(uint8_t *data, size_t size)
{
    uint32_t x = 0x12345678u;
    for (size_t i = 0; i < size; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        data[i] = (uint8_t)(x >> 24);
    }
}

static esp_loader_error_t flash_image(esp_loader_t *loader, sim_port_t *port, const uint8_t *image,
                                      figures_t *out)
{
    esp_loader_flash_cfg_t cfg = {.offset = IMAGE_OFFSET, .image_size = IMAGE_SIZE, .block_size = BLOCK_SIZE};
    uint64_t start_us = esp_sim_now_us(port->sim);
    RETURN_ON_ERROR(esp_loader_init_serial(loader, &port->port));
    RETURN_ON_ERROR(esp_loader_connect(loader, NULL));
    uint64_t connected_us = esp_sim_now_us(port->sim);
    esp_sim_stats_t before = *esp_sim_stats(port->sim);
    uint64_t writes = port->writes;
    uint64_t reads = port->reads;

    RETURN_ON_ERROR(esp_loader_flash_start(loader, &cfg));
    for (uint32_t done = 0; done < IMAGE_SIZE; done += BLOCK_SIZE) {
        RETURN_ON_ERROR(esp_loader_flash_write(loader, &cfg, image + done, BLOCK_SIZE));
    }
    uint64_t written_us = esp_sim_now_us(port->sim);
    RETURN_ON_ERROR(esp_loader_flash_finish(loader, &cfg));

    const esp_sim_stats_t *after = esp_sim_stats(port->sim);
    *out = (figures_t){
        .writes = port->writes - writes,
        .reads = port->reads - reads,
        .bytes_out = after->bytes_out - before.bytes_out,
        .bytes_in = after->bytes_in - before.bytes_in,
        .connect_us = connected_us - start_us,
        .write_us = written_us - connected_us,
        .verify_us = esp_sim_now_us(port->sim) - written_us,
        .flash_busy_us = after->flash_busy_us - before.flash_busy_us,
    };
    return ESP_LOADER_SUCCESS;
}

/* false when the case failed, was flashed wrongly or misused the chip. */
static bool run_case(const case_t *one, const uint8_t *image, figures_t *out)
{
    char error[160] = "";
    esp_sim_config_t config = {.chip = "esp32s3", .wiring = one->wiring};
    esp_sim_t *sim = esp_sim_new(&config, error, sizeof(error));
    if (sim == NULL) {
        fprintf(stderr, "bench: %s\n", error);
        return false;
    }
    sim_port_t port;
    esp_loader_t loader;
    sim_port_init(&port, sim, one->wiring);
    esp_loader_error_t result = flash_image(&loader, &port, image, out);
    bool is_good = true;
    if (result != ESP_LOADER_SUCCESS) {
        fprintf(stderr, "bench: %s: %s\n", one->name, esp_loader_error_name(result));
        is_good = false;
    } else if (memcmp(esp_sim_flash(sim) + IMAGE_OFFSET, image, IMAGE_SIZE) != 0) {
        fprintf(stderr, "bench: %s: flash differs from the image\n", one->name);
        is_good = false;
    } else if (esp_sim_misuse(sim)[0] != '\0') {
        fprintf(stderr, "bench: %s: %s", one->name, esp_sim_misuse(sim));
        is_good = false;
    }
    esp_sim_free(sim);
    return is_good;
}

static double seconds(uint64_t us)
{
    return (double)us / 1e6;
}

static void print_table(const figures_t *figures)
{
    printf("1 MiB, incompressible, erased flash, ROM loader, %u byte blocks; virtual time\n", BLOCK_SIZE);
    printf("%-18s %8s %8s %10s %9s %9s %9s %9s %11s\n", "case", "writes", "reads", "bytes out", "bytes in",
           "connect s", "write s", "verify s", "flash busy");
    for (size_t i = 0; i < CASE_COUNT; i++) {
        const figures_t *f = &figures[i];
        printf("%-18s %8llu %8llu %10llu %9llu %9.3f %9.3f %9.3f %11.3f\n", CASES[i].name,
               (unsigned long long)f->writes, (unsigned long long)f->reads, (unsigned long long)f->bytes_out,
               (unsigned long long)f->bytes_in, seconds(f->connect_us), seconds(f->write_us),
               seconds(f->verify_us), seconds(f->flash_busy_us));
    }
    printf("%-18s %8u %8u\n", "at most", MAX_WRITES_PER_MIB, MAX_READS_PER_MIB);
}

static bool write_json(const char *path, const figures_t *figures)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        return false;
    }
    fprintf(file, "{\n  \"image_bytes\": %u,\n  \"block_bytes\": %u,\n  \"cases\": [", IMAGE_SIZE,
            BLOCK_SIZE);
    for (size_t i = 0; i < CASE_COUNT; i++) {
        const figures_t *f = &figures[i];
        fprintf(file,
                "%s\n    {\"name\": \"%s\", \"link\": \"%s\", \"writes\": %llu, \"reads\": %llu, "
                "\"bytes_out\": %llu, "
                "\"bytes_in\": %llu, \"connect_us\": %llu, \"write_us\": %llu, \"verify_us\": %llu, "
                "\"flash_busy_us\": %llu}",
                i > 0 ? "," : "", CASES[i].name, CASES[i].wiring_name, (unsigned long long)f->writes,
                (unsigned long long)f->reads, (unsigned long long)f->bytes_out,
                (unsigned long long)f->bytes_in, (unsigned long long)f->connect_us,
                (unsigned long long)f->write_us, (unsigned long long)f->verify_us,
                (unsigned long long)f->flash_busy_us);
    }
    fputs("\n  ]\n}\n", file);
    return fclose(file) == 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: el-bench RESULTS.json\n", stderr);
        return EXIT_FAILURE;
    }
    uint8_t *image = malloc(IMAGE_SIZE);
    figures_t figures[CASE_COUNT] = {0};
    if (image == NULL) {
        fputs("bench: out of memory\n", stderr);
        return EXIT_FAILURE;
    }
    fill(image, IMAGE_SIZE);
    bool is_good = true;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        is_good &= run_case(&CASES[i], image, &figures[i]);
        if (figures[i].writes > MAX_WRITES_PER_MIB || figures[i].reads > MAX_READS_PER_MIB) {
            fprintf(stderr, "bench: %s is above a bound\n", CASES[i].name);
            is_good = false;
        }
    }
    free(image);
    print_table(figures);
    is_good &= write_json(argv[1], figures);
    return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
