/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A host with a co-processor: examples/coprocessor against a simulated chip whose flash holds an older firmware. Whatever the
 * host does outside of its own memory is a step; at one of them it can lose its power.
 */
#ifndef COPROCESSOR_RIG_H
#define COPROCESSOR_RIG_H

#include "bench.h"
#include "builders.h"
#include "coprocessor_update.h"

enum { BOOTLOADER, TABLE, OTADATA, APP, RIG_IMAGES };
enum { OTA_0 = 0x10000, OTA_1 = 0x20000, OTADATA_AT = 0xD000 };

#define RIG_VERSION "v2.0.10"
#define RIG_OLD     "v2.0.9"

/* What connects them, and who writes the flash. */
typedef struct {
    const char *name;
    const char *chip;
    target_chip_t target;
    uint16_t image_id;
    uint32_t bootloader_at;
    esp_sim_wiring_t wiring;
    int target_loader; /* ROM or STUB */
} rig_kind_t;

extern const rig_kind_t rig_kinds[];
extern const size_t rig_kind_count; /* a small library has no stub: those with one come last */

typedef struct {
    const rig_kind_t *kind;
    bench_t bench;
    blob_t blobs[RIG_IMAGES];
    coprocessor_image_t images[RIG_IMAGES];
    coprocessor_manifest_t manifest;
    coprocessor_host_t host;
    coprocessor_update_t update; /* of the last start */
    size_t first_image;          /* of the manifest's, among `blobs` */
    bool allows_downgrade;
    uint8_t buffer[2048];
    unsigned asked;      /* how often the version was */
    unsigned self_tries; /* calls of update_itself() */
    uint64_t bytes_read; /* of the images */

    /* what a cut of the host's power leaves */
    uint8_t mark[COPROCESSOR_MARK_SIZE];

    unsigned steps;         /* since the start */
    unsigned dead_at;       /* the power is cut at this one, 0 = never */
    unsigned self_steps;    /* of the co-processor's own update */
    unsigned self_dead_at;  /* its power is cut at this one, 0 = never */
    unsigned end_source_at; /* number of the read of the images that fails, 0 = none */
    unsigned reads;
    bool source_changes; /* the app's bytes are others once the flash is being erased */
} rig_t;

/* The usual host: asks for the version, keeps a mark, and has no other way to update than the loader. */
void rig_begin(rig_t *rig, const rig_kind_t *kind);
/* Puts an older firmware into the flash: of each image some sectors differ. */
void rig_put_old(rig_t *rig);
/* The host starts and brings the co-processor up to date, or loses its power. Fails the test if it says that the
 * co-processor is up to date, and the flash is not as it should be. */
coprocessor_result_t rig_start(rig_t *rig);
/* Ends everything. */
void rig_end(rig_t *rig);

/* Is the flash as the manifest says? */
bool rig_is_right(const rig_t *rig);
/* Erase and program operations on the co-processor's flash so far. */
uint64_t rig_flash_operations(const rig_t *rig);
/* The version that the co-processor runs after a reset, "" = it does not start. */
const char *rig_running(rig_t *rig);
/* Makes the manifest again after an image was changed. */
void rig_name_digests(rig_t *rig);
/* The app of another version, its content by @p seed. */
blob_t rig_make_app(const rig_t *rig, const char *version, unsigned seed);

/* The co-processor's own update: to its second slot, whose name it then writes into otadata. Each operation on flash is a
 * step of the host, which waits for it. */
esp_loader_error_t rig_update_itself(void *ctx, const coprocessor_manifest_t *manifest);

#endif
