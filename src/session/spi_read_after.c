/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Commands of the flash chip with an address or dummy bits. A file of its own, because what every program links has none.
 */
#include "session/core.h"
#include "session/flash.h"

esp_loader_error_t eli_spi_read_after(esp_loader_t *loader, uint32_t opcode, uint32_t phases, uint32_t usr1,
                                      uint32_t *out, uint32_t count)
{
    const uint32_t last_bit = 32 * count - 1;
    uint32_t words[5] = {ELI_SPI_USR_COMMAND | ELI_SPI_USR_MISO | phases, usr1, ELI_SPI_COMMAND_8BIT | opcode,
                         0, last_bit};

    if (!eli_spi_has_lengths(eli_target(loader))) {
        words[1] |= last_bit << ELI_SPI_MISO_SHIFT;
    }
    return eli_spi_command(loader, words, out, count);
}
