/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The chip that executes code: what its files have in common. Registers without effect of their own are in the chip's
 * memory (chip/memory.h), where eFuses and straps are, too.
 */
#ifndef SIM_CODE_STATE_H
#define SIM_CODE_STATE_H

#include "base/clock.h"
#include "rom/code.h"
#include "rom/code_chip.h"
#include "rom/elf.h"

enum {
    SIM_CODE_FIFO = 128,      /**< of the UART; ESP32-S3 TRM, UART controller */
    SIM_CODE_USJ_PACKET = 64, /**< ESP32-S3 TRM, USB Serial/JTAG controller */
    SIM_CODE_REGIONS = 8,
    /** Instructions from a port's INT_ENA to the interrupt: uart_buff_switch() of ESP32, S2, S3 and C3 enables it in the
     * instruction before the one that stores which port is current, and an interrupt in between would look at the wrong
     * one for ever. Not many more: the ESP32's looks for a byte some forty instructions later and then discards it. */
    SIM_CODE_ENABLE_DELAY = 6,
    SIM_CODE_PROBE_GAP = 250, /**< instructions: what the ROMs need for a byte */
};

typedef struct {
    uint8_t bytes[SIM_CODE_FIFO];
    size_t head, count;
    uint64_t filled_ns;  /**< when the newest byte came */
    uint32_t enabled;    /**< interrupts */
    uint64_t enabled_at; /**< count from which they reach the core */
    uint32_t raised;     /**< those that stay until they are cleared */
    uint32_t edges;      /**< UART: since rate detection was turned on */
} sim_code_port_t;

enum { SIM_CODE_SLC_CHAIN = 16 };

/** The DMA of the SDIO slave. */
typedef struct {
    uint32_t raised;
    uint32_t chain[SIM_CODE_SLC_CHAIN]; /**< descriptors that wait for a frame */
    size_t count;
    uint32_t frame, frame_end; /**< descriptors of the one that the code has not taken yet, 0 = none */
    uint32_t link;             /**< the first descriptor that was started, 0 = none */
} sim_code_slc_t;

typedef struct sim_code_trace sim_code_trace_t;

struct sim_code {
    esp_sim_t *sim;
    const sim_code_chip_t *chip;
    uint8_t *file; /**< the ELF's */
    sim_elf_t elf;
    sim_bus_t *bus;
    sim_core_t *core;
    uint8_t *memory[SIM_CODE_REGIONS]; /**< by region; NULL for an alias */

    sim_code_port_t uart, usj;
    struct {
        uint32_t raw;               /**< interrupts of SPI2 */
        uint32_t in_raw, out_raw;   /**< of the DMA */
        uint32_t in_link, out_link; /**< first descriptor of what is started, 0 = nothing */
    } slave;
    sim_code_slc_t slc;
    uint64_t lines_at; /**< count at which interrupt lines are examined again; UINT64_MAX = never */

    uint32_t cpu_hz;
    uint32_t ticks_address; /**< of the ROM's variable with the clock in MHz, as code has set it; 0 = none */

    sim_timer_t timer;      /**< the next slice */
    sim_timer_t watchdog;   /**< of timer group 0 */
    uint32_t watchdog_base; /**< of that group; 0 = not known here */
    uint64_t origin_ns;     /**< of the present slice: its time and its count */
    uint64_t origin_count;
    uint64_t end_ns;        /**< it must not go beyond */
    uint64_t active_count;  /**< when a byte or a command for the flash came last */
    uint64_t probe_count;   /**< when it may be a loop that waits for an interrupt */
    uint64_t probe_gap;     /**< instructions until the next look, when it is none */
    uint64_t wait_until_ns; /**< the flash is busy, and the code asks for nothing else than when it is not */
    bool is_running;        /**< a slice is under way */
    bool is_on;             /**< started and not stopped */
    bool is_asleep;         /**< no slice is due */
    bool wants_bytes;       /**< there is room for what waits on the wire */
    bool wants_reset;
    bool is_in_frame; /**< what it sends is no text now */

    sim_code_trace_t *trace; /**< of calls, allocated; NULL = none */
};

/* code_load.c */
/** Fills ROM from the ELF file, with the initial values of variables where the ROM's start copies them from. */
bool sim_code_load(sim_code_t *code, char *error, size_t error_size);
/** The bytes of a region that @p address is in, with how many follow; NULL when it is in none. */
uint8_t *sim_code_bytes(const sim_code_t *code, uint32_t address, size_t *left);
bool sim_code_is_rom(const sim_code_t *code, uint32_t address);

/* code_trace.c */
/** From now on the trace has the functions that the code calls; false without memory. */
bool sim_code_trace_calls(sim_code_t *code);

/* code_clock.c: the clock, seen from inside of a slice */
/** The time at which so many instructions have been executed, and the other way round; not before the slice began. */
uint64_t sim_code_time_of(const sim_code_t *code, uint64_t count);
uint64_t sim_code_count_at(const sim_code_t *code, uint64_t time_ns);
/** Brings the simulator's clock to the present instruction. */
void sim_code_sync(sim_code_t *code);
/** Something was set on the simulator's clock: the slice ends there at the latest. */
void sim_code_reschedule(sim_code_t *code);
/** Interrupts are examined again after @p instructions. */
void sim_code_update_lines(sim_code_t *code, uint32_t instructions);
/** A byte or a command for the flash comes now. */
void sim_code_active(sim_code_t *code);
/** Something came from the host: the code runs on if it waited, and looks at its interrupts. */
void sim_code_wake(sim_code_t *code);
/** The slice ends after the present instruction. */
void sim_code_break(sim_code_t *code);

/* registers.c: those without effect of their own */
/** What was written; 0 when nothing was. */
uint32_t sim_code_kept(const sim_code_t *code, uint32_t address);
/** What the code reads; false: nothing answers at @p address. */
bool sim_code_register_load(const sim_code_t *code, uint32_t address, uint32_t *value);
bool sim_code_register_store(sim_code_t *code, uint32_t address, uint32_t value);

/* devices.c */
extern const sim_bus_device_t sim_code_devices; /**< with a sim_code_t as context */
/** Registers as after a reset. */
void sim_code_reset_devices(sim_code_t *code);
/** The lines that are up. */
uint32_t sim_code_lines(sim_code_t *code);
/* the devices: an access at an offset from their base; false = such a register has no effect and is kept */
bool sim_code_uart_load(sim_code_t *code, uint32_t offset, uint32_t *value);
bool sim_code_uart_store(sim_code_t *code, uint32_t offset, uint32_t value);
bool sim_code_uart_interrupts(const sim_code_t *code);
bool sim_code_usj_load(sim_code_t *code, uint32_t offset, uint32_t *value);
bool sim_code_usj_store(sim_code_t *code, uint32_t offset, uint32_t value);
bool sim_code_usj_interrupts(const sim_code_t *code);
/** It listens to the bus, where that is the chip's wiring, or no longer. */
void sim_code_slave_start(sim_code_t *code);
void sim_code_slave_stop(sim_code_t *code);
bool sim_code_slave_load(const sim_code_t *code, uint32_t address, uint32_t *value);
bool sim_code_slave_store(sim_code_t *code, uint32_t address, uint32_t value);
bool sim_code_slave_interrupts(const sim_code_t *code);
void sim_code_slc_reset(sim_code_t *code);
bool sim_code_slc_load(sim_code_t *code, uint32_t offset, uint32_t *value);
bool sim_code_slc_store(sim_code_t *code, uint32_t offset, uint32_t value);
bool sim_code_slc_interrupts(const sim_code_t *code);
void sim_code_spi_reset(sim_code_t *code);
bool sim_code_spi_store(sim_code_t *code, uint32_t offset, uint32_t value);
bool sim_code_sha_store(sim_code_t *code, uint32_t offset);
void sim_code_mmu_reset(sim_code_t *code);
void sim_code_watchdog_init(sim_code_t *code);
void sim_code_watchdog_reset(sim_code_t *code);
void sim_code_watchdog_stop(sim_code_t *code);
bool sim_code_watchdog_store(sim_code_t *code, uint32_t address, uint32_t value);
/** An address that is written has been kept already. */
void sim_code_mmu_store(sim_code_t *code, uint32_t address, uint32_t value);
bool sim_code_controller_store(sim_code_t *code, uint32_t address, uint32_t value);

/* port.c: what both ways to the host have in common */
void sim_code_port_push(sim_code_port_t *port, uint8_t byte, uint64_t now_ns);
/** The oldest byte, 0 when there is none. */
uint8_t sim_code_port_pop(sim_code_t *code, sim_code_port_t *port);
/** The code sends a byte through the port; it reaches the host when the wire leads there. */
void sim_code_port_send(sim_code_t *code, const sim_code_port_t *port, uint8_t byte);
/** Enables interrupts, which takes a little. */
void sim_code_port_enable(sim_code_t *code, sim_code_port_t *port, uint32_t interrupts);
/** The port that the wire leads to. */
sim_code_port_t *sim_code_wired_port(sim_code_t *code);

#endif
