/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One interface over both generations of port entries (esp_loader_io.h). Nothing but port.c and the inline
 * functions here calls a port, or looks at what it has.
 */
#ifndef ELI_PORT_H
#define ELI_PORT_H

#include "esp_loader.h"

/** Is a port looked at before it is used? Not in a build for little memory. */
#ifdef ESP_LOADER_SMALL
#define ELI_CHECKS_PORT false
#else
#define ELI_CHECKS_PORT true
#endif

/** Does the port have everything a byte-stream session needs? */
bool eli_port_is_complete(const esp_loader_port_t *port);

/** A first-generation port reads exactly what it is asked for, and may say FAIL where it means TIMEOUT. */
static inline bool eli_port_is_first_generation(const esp_loader_t *loader)
{
    return loader->_port->ops->read_some == NULL;
}

/** Opens the port. */
static inline esp_loader_error_t eli_port_init(const esp_loader_t *loader)
{
    esp_loader_port_t *port = loader->_port;
    return port->ops->init != NULL ? port->ops->init(port) : ESP_LOADER_SUCCESS;
}

static inline void eli_port_deinit(const esp_loader_t *loader)
{
    if (loader->_port->ops->deinit != NULL) {
        loader->_port->ops->deinit(loader->_port);
    }
}

/** Writes all of @p data before the session's deadline. */
esp_loader_error_t eli_port_write(esp_loader_t *loader, const uint8_t *data, size_t size);

/** Milliseconds left until the deadline, 0 when it has passed. */
uint32_t eli_port_remaining_ms(const esp_loader_t *loader);

/** Does the port fetch a frame in pieces? */
static inline bool eli_port_takes_frames(const esp_loader_t *loader)
{
    return loader->_port->ops->write_frame != NULL;
}

/** Writes all of a frame before the session's deadline. */
static inline esp_loader_error_t eli_port_write_frame(const esp_loader_t *loader, esp_loader_frame_t *frame)
{
    return loader->_port->ops->write_frame(loader->_port, frame, eli_port_remaining_ms(loader));
}

/** Reads at least one byte before the session's deadline. */
esp_loader_error_t eli_port_read(esp_loader_t *loader, uint8_t *buf, size_t capacity, size_t *out_read);

/** The same where @p size bytes are known to come: a first-generation port reads them in one call. */
esp_loader_error_t eli_port_read_sure(esp_loader_t *loader, uint8_t *buf, size_t size, size_t *out_read);

/** Starts the session's deadline, @p timeout_ms from now. There is one at a time. */
void eli_port_set_deadline(esp_loader_t *loader, uint32_t timeout_ms);

/** Has the port a clock that can be read? */
static inline bool eli_port_has_clock(const esp_loader_t *loader)
{
    return loader->_port->ops->now_ms != NULL;
}

/** The port's clock, milliseconds, wraps; 0 on a port without clock. */
uint32_t eli_now_ms(const esp_loader_t *loader);

void eli_port_delay(const esp_loader_t *loader, uint32_t ms);

/** Sets chip select of an SPI port, 0 = selected. */
static inline void eli_port_set_cs(const esp_loader_t *loader, uint32_t level)
{
    loader->_port->ops->spi_set_cs(loader->_port, level);
}

/** Is the target brought into download mode, or reset, by sequences of line states? A method of the port's
 * own goes first. */
static inline bool eli_port_enters_by_lines(const esp_loader_t *loader)
{
    const esp_loader_port_ops_t *ops = loader->_port->ops;
    return ops->set_lines != NULL && ops->enter_bootloader_checked == NULL;
}

static inline bool eli_port_resets_by_lines(const esp_loader_t *loader)
{
    const esp_loader_port_ops_t *ops = loader->_port->ops;
    return ops->set_lines != NULL && ops->reset_checked == NULL;
}

/** Has the port a way into download mode? */
static inline bool eli_port_can_reset(const esp_loader_t *loader)
{
    const esp_loader_port_ops_t *ops = loader->_port->ops;
    return ops->set_lines != NULL || ops->enter_bootloader_checked != NULL || ops->enter_bootloader != NULL;
}

/** Sets DTR and RTS, for a port that has lines. */
static inline esp_loader_error_t eli_port_set_lines(const esp_loader_t *loader, bool dtr, bool rts)
{
    return loader->_port->ops->set_lines(loader->_port, dtr, rts);
}

/** Has the port a second-generation reset of its own? */
static inline bool eli_port_has_own_reset(const esp_loader_t *loader)
{
    return loader->_port->ops->reset_checked != NULL;
}

/** The port's own way into download mode, and out of it.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  it has none */
static inline esp_loader_error_t eli_port_enter_bootloader(const esp_loader_t *loader)
{
    esp_loader_port_t *port = loader->_port;
    if (port->ops->enter_bootloader_checked != NULL) {
        return port->ops->enter_bootloader_checked(port);
    }
    if (port->ops->enter_bootloader != NULL) {
        port->ops->enter_bootloader(port);
        return ESP_LOADER_SUCCESS;
    }
    return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
}

static inline esp_loader_error_t eli_port_reset(const esp_loader_t *loader)
{
    esp_loader_port_t *port = loader->_port;
    if (port->ops->reset_checked != NULL) {
        return port->ops->reset_checked(port);
    }
    if (port->ops->reset_target != NULL) {
        port->ops->reset_target(port);
        return ESP_LOADER_SUCCESS;
    }
    return ESP_LOADER_ERROR_UNSUPPORTED_FUNC;
}

static inline bool eli_port_can_set_rate(const esp_loader_t *loader)
{
    const esp_loader_port_ops_t *ops = loader->_port->ops;
    return ops->set_rate != NULL || ops->change_transmission_rate != NULL;
}

esp_loader_error_t eli_port_set_rate(const esp_loader_t *loader, uint32_t rate_baud);

/** Highest rate the port can do, 0 = not known. */
static inline uint32_t eli_port_max_rate(const esp_loader_t *loader)
{
    const esp_loader_port_ops_t *ops = loader->_port->ops;
    return ops->max_rate != NULL ? ops->max_rate(loader->_port) : 0;
}

esp_loader_link_t eli_port_link_kind(const esp_loader_t *loader);

/** Is it the chip's own USB, which has no rate, and checksums of its own: no damaged byte comes through? */
static inline bool eli_port_is_own_usb(const esp_loader_t *loader)
{
    esp_loader_link_t link = eli_port_link_kind(loader);
    return link == ESP_LOADER_LINK_USB_SERIAL_JTAG || link == ESP_LOADER_LINK_USB_OTG;
}

/** Log one line; removed at build time above SERIAL_FLASHER_LOG_LEVEL. */
#define ELI_LOG(loader, level, ...)                                                                          \
    do {                                                                                                     \
        if ((level) <= SERIAL_FLASHER_LOG_LEVEL) {                                                           \
            eli_port_log((loader), (esp_loader_log_level_t)(level), __VA_ARGS__);                            \
        }                                                                                                    \
    } while (0)

#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
void eli_port_log(const esp_loader_t *loader, esp_loader_log_level_t level, const char *fmt, ...);

#endif
