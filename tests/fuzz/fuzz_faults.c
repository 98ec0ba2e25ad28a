/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Fault scripts. One that is refused is refused with a sentence and changes nothing; one that is accepted can
 * be added twice; and with any faults the chip still comes to rest.
 *
 * Input: a byte for wiring and loader, one for the length of the script, the script, then steps (chip.c).
 */
#include <stdlib.h>
#include <string.h>

#include "chip.h"
#include "state/model.h"

enum { FLASH_SIZE = 256 * 1024, STEPS_MAX = 16 };

static const char words[] =
    "at |from |byte |transfer |command |reply |time | of 0x03| in: | out: |: |drop;|corrupt |"
    "duplicate;|delay |stall |disconnect |reset;|error 7;|wrong md5;|50 ms;|1 s;|flash |stuck |"
    "bit 3 at 0;|slow erase |slow program |protected;|boot garbage |stale |sync replies |sync ignore |"
    "dead after reset;|reset drops bus;|output timeout |packet size |no zero packet;|en rise |"
    "cable above |flip 1 in |lose 1 in |bridge above |refuse;|make |";

/* Adds a script to the chip; what is refused must leave it as it is. */
static bool add(esp_sim_t *sim, const char *script)
{
    static struct esp_sim before;
    char error[200] = "";
    memcpy(&before, sim, sizeof(before));
    if (esp_sim_add_faults(sim, script, error, sizeof(error))) {
        return true;
    }
    FUZZ_CHECK(error[0] != '\0');
    FUZZ_CHECK(memcmp(&before, sim, sizeof(before)) == 0);
    return false;
}

void fuzz_one(const uint8_t *data, size_t size)
{
    fuzz_input_t input = {data, size};
    const uint8_t kind = fuzz_u8(&input);
    char *script = fuzz_text(fuzz_take(&input, fuzz_u8(&input)), words);
    const esp_sim_config_t config = {.flash_size = FLASH_SIZE,
                                     .wiring = (esp_sim_wiring_t)(kind % 4),
                                     .timing = (kind & 4) != 0 ? ESP_SIM_TIMING_DEFAULT : ESP_SIM_TIMING_FAST,
                                     .start_in_download = true,
                                     .accepts_any_stub = true};
    char error[200] = "";
    chip_t chip = {.sim = esp_sim_new(&config, error, sizeof(error)), .name = "esp32s3"};
    FUZZ_CHECK(chip.sim != NULL);
    chip_wait(&chip, 1000000);
    if (add(chip.sim, script)) {
        FUZZ_CHECK((kind & 8) == 0 || add(chip.sim, script));
        if ((kind & 16) != 0) {
            chip_start_stub(&chip);
        }
        chip_run(&chip, &input, STEPS_MAX);
    }
    esp_sim_free(chip.sim);
    free(script);
}

static const char *const scripts[] = {
    "at byte 3 out: drop; at byte 5 in: corrupt 0x20; at byte 9 in: duplicate",
    "from transfer 2 in: duplicate; at transfer 3 out: delay 50 ms",
    "at command 2 of 0x08: error 7; at reply 1: duplicate; at reply 3: drop",
    "at time 1500ms: disconnect 100 ms # gone\nat time 2 s: reset",
    "at command 4 of 0x13: wrong md5; from command 3: delay 5us",
    "at byte 40 out: stall 10 ms; at byte 60 in: stall; boot garbage 100; stale 64",
    "flash stuck 0x1000 bit 3 at 0; flash slow erase 3; flash slow program 2; flash protected",
    "sync replies 1; sync ignore 2; output timeout 50 ms; packet size 32; no zero packet",
    "dead after reset; reset drops bus; en rise 7 ms",
    "cable above 921600: flip 1 in 2000; cable above 2000000 out: lose 1 in 3; bridge above 9: make 8",
    "bridge above 115200: refuse; cable above 1 in: flip 1 in 0",
    "at byte 1 out: explode",
    "at time 1 h: reset",
    ":"};

FUZZ_SEEDS(sizeof(scripts) / sizeof(scripts[0]))
{
    fuzz_put_u8(seed, number * 7);
    fuzz_put_u8(seed, (unsigned)strlen(scripts[number]));
    fuzz_put_text(seed, scripts[number]);
    chip_put_sync(seed);
    chip_put_write(seed, number % 2 != 0);
}
