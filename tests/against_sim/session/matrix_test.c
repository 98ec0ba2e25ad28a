/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every chip × every operation × every loader: the ROM, the flasher stub, the ROM in secure download mode;
 * over a UART bridge and, where the chip has it, over its own USB. What comes out must be what
 * docs/targets.md says: each table is printed, and compared with the page line by line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "operations.h"

enum { TABLE_SIZE = 8192 };

typedef enum { WITH_ROM, WITH_STUB, IN_SECURE_DOWNLOAD_MODE } loader_kind_t;

static char page[65536];

static int load_page(void **state)
{
    (void)state;
    FILE *file = fopen(TARGETS_PAGE, "r");
    assert_non_null(file);
    size_t size = fread(page, 1, sizeof(page) - 1, file);
    fclose(file);
    page[size] = '\0';
    return size == 0 || size == sizeof(page) - 1;
}

__attribute__((format(printf, 2, 3))) static void add(char *table, const char *format, ...)
{
    size_t used = strlen(table);
    va_list args;
    va_start(args, format);
    int size = vsnprintf(table + used, TABLE_SIZE - used, format, args);
    va_end(args);
    assert_in_range(size, 0, TABLE_SIZE - used - 1);
}

static esp_loader_error_t connect(bench_t *b, loader_kind_t kind)
{
    bench_open(b);
    memset(esp_sim_flash(b->sim), 0, b->config.flash_size);
    switch (kind) {
    case WITH_ROM:
        return esp_loader_connect(&b->loader, NULL);
    case WITH_STUB:
        return esp_loader_connect_with_stub(&b->loader, NULL);
    case IN_SECURE_DOWNLOAD_MODE:
        break;
    }
    return esp_loader_connect_secure_download_mode(&b->loader, NULL, b->config.flash_size);
}

/* true when the operation works, false when it is refused as not available and nothing was erased. */
static bool works(const chip_t *chip, const operation_t *operation, loader_kind_t kind,
                  esp_sim_wiring_t wiring)
{
    bench_t b = bench_for(chip, wiring);
    b.config.is_secure_download = kind == IN_SECURE_DOWNLOAD_MODE && chip->has_security_info;
    b.config.rom_powers_flash = b.config.is_secure_download; /* nobody else could */
#ifdef PUBLISHED_STUBS
    b.config.accepts_any_stub = false;
#endif
    esp_loader_error_t err = connect(&b, kind);
    if (err == ESP_LOADER_SUCCESS) {
        err = operation->run(&b, chip);
    }
    if (err != ESP_LOADER_SUCCESS && err != ESP_LOADER_ERROR_UNSUPPORTED_FUNC) {
        fail_msg("%s, %s, loader %d, wiring %d: %s", chip->sim_name, operation->name, (int)kind, (int)wiring,
                 esp_loader_error_name(err));
    }
    if (err != ESP_LOADER_SUCCESS && b.config.is_secure_download) { /* one reason, one cause */
        assert_int_equal(esp_loader_error_detail(&b.loader)->cause, ESP_LOADER_ERROR_SECURITY);
    }
    if (err != ESP_LOADER_SUCCESS && strcmp(operation->name, "verify") != 0) {
        assert_int_equal(esp_sim_stats(b.sim)->sectors_erased, 0);
    }
    bench_close(&b);
    return err == ESP_LOADER_SUCCESS;
}

/* One cell: the same over every link, except that a rate means nothing on the chip's own USB. */
static bool works_everywhere(const chip_t *chip, const operation_t *operation, loader_kind_t kind)
{
    bool over_bridge = works(chip, operation, kind, ESP_SIM_WIRING_BRIDGE);
    if (chip->has_usb) {
        bool over_usb = works(chip, operation, kind, ESP_SIM_WIRING_USJ);
        if (strcmp(operation->name, "rate") == 0) {
            assert_true(over_usb);
        } else if (over_usb != over_bridge) {
            fail_msg("%s, %s, loader %d: not the same over both links", chip->sim_name, operation->name,
                     (int)kind);
        }
    }
    return over_bridge;
}

static bool is_in_table(const operation_t *operation, loader_kind_t kind)
{
    return !operation->is_for_stub || kind == WITH_STUB;
}

static void add_row(char *table, const chip_t *chip, loader_kind_t kind)
{
    add(table, "| %s |", esp_loader_chip_name(chip->chip));
    for (size_t o = 0; o < operation_count; o++) {
        if (is_in_table(&operations[o], kind)) {
            add(table, " %s |", works_everywhere(chip, &operations[o], kind) ? "✓" : "–");
        }
    }
    add(table, "\n");
}

static void check_table(loader_kind_t kind)
{
    char *table = calloc(1, TABLE_SIZE);
    char line[100] = "|---|";
    assert_non_null(table);
    add(table, "| chip |");
    for (size_t o = 0; o < operation_count; o++) {
        if (is_in_table(&operations[o], kind)) {
            add(table, " %s |", operations[o].name);
            strcat(line, "---|");
        }
    }
    add(table, "\n%s\n", line);
    for (size_t c = 0; c < chip_count; c++) {
        if (kind != IN_SECURE_DOWNLOAD_MODE || chips[c].has_security_info) {
            add_row(table, &chips[c], kind);
        }
    }
    printf("%s\n", table); /* too long for print_message() */
    if (strstr(page, table) == NULL) {
        fail_msg("%s does not have this table", TARGETS_PAGE);
    }
    free(table);
}

TEST_WITH(rom_loaders_do_what_the_page_says, load_page, NULL)
{
    check_table(WITH_ROM);
}

#ifndef ESP_LOADER_SMALL /* which does not know how to talk to one */
TEST_WITH(stubs_do_what_the_page_says, load_page, NULL)
{
    check_table(WITH_STUB);
}
#endif

#ifdef PUBLISHED_STUBS
TEST_WITH(every_revision_gets_its_stub, load_page, NULL)
{
    static const struct {
        const char *chip;
        uint32_t revision;
    } cases[] = {{"esp32p4", 100}, {"esp32p4", 299}, {"esp32p4", 300}, {"esp32p4", 302}, {"esp32c2", 1}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        bench_t b = {.config = {.chip = cases[i].chip,
                                .chip_revision = cases[i].revision,
                                .wiring = ESP_SIM_WIRING_BRIDGE,
                                .timing = ESP_SIM_TIMING_FAST}};
        assert_success(connect(&b, WITH_STUB));
        bench_close(&b); /* any other stub would be misuse */
    }
}
#endif

#ifndef ESP_LOADER_SMALL /* which changes the rate without a look at the crystal */
TEST_WITH(rom_loaders_in_secure_download_mode_do_what_the_page_says, load_page, NULL)
{
    check_table(IN_SECURE_DOWNLOAD_MODE);
}
#endif
