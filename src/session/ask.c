/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Commands sent and answered in one call: both halves of transact.c.
 */
#include "session/core.h"

esp_loader_error_t eli_transact(esp_loader_t *loader, const eli_command_t *command, eli_reply_t *out)
{
    RETURN_ON_ERROR(eli_transact_send(loader, command));
    return eli_transact_await(loader, command, out);
}

/* These two do without eli_transact(): it would be one more on the stack. */

esp_loader_error_t eli_ask(esp_loader_t *loader, eli_shape_t shape, const uint32_t *words, eli_reply_t *out)
{
    const eli_command_t command = {.shape = shape, .words = words};
    RETURN_ON_ERROR(eli_transact_send(loader, &command));
    return eli_transact_await(loader, &command, out);
}

esp_loader_error_t eli_tell(esp_loader_t *loader, eli_shape_t shape, const uint32_t *words, uint32_t work_ms)
{
    const eli_command_t command = {.shape = shape, .words = words, .work_ms = work_ms};
    eli_reply_t unused;
    RETURN_ON_ERROR(eli_transact_send(loader, &command));
    return eli_transact_await(loader, &command, &unused);
}
