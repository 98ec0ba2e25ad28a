/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What every file of the session layer uses: the state of a session, the one way to fail, and the one way to
 * talk to the target.
 */
#ifndef ELI_CORE_H
#define ELI_CORE_H

#include "esp_loader.h"
#include "link/link.h"
#include "protocol/command.h"
#include "session/deadlines.h"
#include "target/target.h"

#define ELI_DEFAULT_TIMEOUT_MS 3000u /* source: esptool 5.3 */

/** What every supported ROM answers at after a reset. */
#define ELI_DEFAULT_RATE_BAUD 115200u

/** Which stub answers. */
enum {
    ELI_STUB_NONE = 0,
    ELI_STUB_ANY,     /**< one that was left running, or that the program brought */
    ELI_STUB_BUNDLED, /**< the library's own, which this session has started */
};

/** Does a stub answer? */
static inline bool eli_is_stub(const esp_loader_t *loader)
{
    return ELI_KNOWS_STUBS && loader->_is.stub_running != ELI_STUB_NONE;
}

/** Row of the connected chip; the session is connected. */
static inline const eli_target_t *eli_target(const esp_loader_t *loader)
{
    return loader->_target;
}

/* ---- failing (fail.c, enter.c) ---- */

/** Forgets the last failure and notes the stage. */
void eli_forget_failure(esp_loader_t *loader, esp_loader_stage_t stage);

/** Begins a public operation: eli_forget_failure(), for a target that is connected.
 *  @retval ESP_LOADER_ERROR_INVALID_PARAM  not connected */
esp_loader_error_t eli_enter(esp_loader_t *loader, esp_loader_stage_t stage);

/** Records a failure and returns @p error. The first failure of an operation wins: later ones during clean-up
 * do not replace it. */
esp_loader_error_t eli_fail(esp_loader_t *loader, esp_loader_error_t error, esp_loader_error_t cause,
                            esp_loader_stage_t stage, uint32_t address, uint32_t value);

/** The same at the current stage. */
esp_loader_error_t eli_fail_for(esp_loader_t *loader, esp_loader_error_t error, esp_loader_error_t cause,
                                uint32_t address, uint32_t value);

/** Records a failure at the current stage whose code is its own cause. */
esp_loader_error_t eli_fail_here(esp_loader_t *loader, esp_loader_error_t error, uint32_t address,
                                 uint32_t value);

/** What this target or its loader does not offer.
 *  @return ESP_LOADER_ERROR_UNSUPPORTED_FUNC, in secure download mode with cause SECURITY */
esp_loader_error_t eli_fail_unsupported(esp_loader_t *loader, uint32_t address);

/** What secure download mode does not permit is refused before anything is sent.
 *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  cause SECURITY, at the current stage */
static inline esp_loader_error_t eli_refuse_secure_download(esp_loader_t *loader, uint32_t address)
{
    return loader->_is.secure_download ? eli_fail_unsupported(loader, address) : ESP_LOADER_SUCCESS;
}

/* ---- talking (transact.c) ---- */

/** What differs between kinds of link. The init function chooses, so that a program is linked with the kinds that it
 * names. docs/architecture.md, "Links". */
typedef struct {
    /** Brings the target into download mode and finds out which chip answers (esp_loader_connect()).
     *  @param args  NULL = ESP_LOADER_CONNECT_DEFAULT() */
    esp_loader_error_t (*connect)(esp_loader_t *loader, const esp_loader_connect_args_t *args);
    /** Makes sure that no reply to an earlier command is on its way any more. Does not record a failure. */
    esp_loader_error_t (*resync)(esp_loader_t *loader);
    /** Sends a command before the session's deadline.
     *  @param skipped  as of eli_command_encode()
     *  @retval ESP_LOADER_ERROR_UNSUPPORTED_FUNC  this link does not carry such a command, and nothing was sent */
    esp_loader_error_t (*send)(esp_loader_t *loader, const eli_command_t *command, uint32_t skipped);
    /** Receives the next frame before the session's deadline.
     *  @return TIMEOUT, or the port's error */
    esp_loader_error_t (*receive)(esp_loader_t *loader, uint8_t *buf, size_t capacity, size_t *out_size);
    bool carries_stubs;           /**< a stub can be loaded and answers */
    bool carries_secure_download; /**< secure download mode is served */
    bool carries_frames; /**< of a stub, as they are rather than as bytes: it is an eli_frame_ops_t */
} eli_link_ops_t;

static inline const eli_link_ops_t *eli_ops(const esp_loader_t *loader)
{
    return loader->_ops;
}

/** Is the link to a stub one of those? */
static inline bool eli_carries_frames(const esp_loader_t *loader)
{
    return ELI_KNOWS_STUBS && eli_ops(loader)->carries_frames;
}

typedef struct {
    eli_link_ops_t common;
    /** Sends a frame without header before the session's deadline. */
    esp_loader_error_t (*send_bare)(esp_loader_t *loader, const uint8_t *data, size_t size);
} eli_frame_ops_t;

static inline const eli_frame_ops_t *eli_frame_ops(const esp_loader_t *loader)
{
    return loader->_ops;
}

/** `send` of a byte stream. */
esp_loader_error_t eli_send_slip(esp_loader_t *loader, const eli_command_t *command, uint32_t skipped);

/** Sends one command and waits for its reply. Every command of the library goes through here: it owns the
 * deadline, the matching of replies, what is sent again (transact.c), re-synchronisation after a lost reply,
 * and the mapping of the target's status to errors.
 *  @param out  its payload is valid until the next command */
esp_loader_error_t eli_transact(esp_loader_t *loader, const eli_command_t *command, eli_reply_t *out);

/** The same of a command that has nothing but words and takes no time. */
esp_loader_error_t eli_ask(esp_loader_t *loader, eli_shape_t shape, const uint32_t *words, eli_reply_t *out);

/** The same of one whose reply says no more than that it is done.
 *  @param work_ms  as in eli_command_t */
esp_loader_error_t eli_tell(esp_loader_t *loader, eli_shape_t shape, const uint32_t *words, uint32_t work_ms);

/** eli_transact() in two halves, for a caller that has something to do while the target works: sending, and
 * waiting for the reply. Between the two nothing else may be sent, and the command and its payload stay as
 * they are; both halves share one deadline. */
esp_loader_error_t eli_transact_send(esp_loader_t *loader, const eli_command_t *command);
esp_loader_error_t eli_transact_await(esp_loader_t *loader, const eli_command_t *command, eli_reply_t *out);

/** Sends a command once and waits up to @p timeout_ms, beyond its work and its time on the wire, for its reply.
 * Nothing is sent again and nothing is recorded: for who counts what becomes of commands.
 *  @retval ESP_LOADER_ERROR_INVALID_RESPONSE  refused, or damaged */
esp_loader_error_t eli_try(esp_loader_t *loader, const eli_command_t *command, uint32_t timeout_ms,
                           eli_reply_t *out);

/** Instead of waiting for the reply: whenever it comes, it answers no later command. The next one waits until the
 * target can have finished. */
void eli_transact_abandon(esp_loader_t *loader);

/** Before the next command there is a barrier, eli_resync(): no answer that is on its way is taken for its own. */
static inline void eli_request_barrier(esp_loader_t *loader)
{
    loader->_is.needs_resync = true;
}

/** One SYNC: sends it and waits up to @p timeout_ms for an answer. Does not fail the session.
 *  @param out_value  value field of the answer: 0 = a stub answers, may be NULL
 *  @retval ESP_LOADER_ERROR_INVALID_RESPONSE  the stub reports that the last block was not written */
esp_loader_error_t eli_sync_once(esp_loader_t *loader, uint32_t timeout_ms, uint32_t *out_value);

/** The slowest link that is plausible, milliseconds: a clock that jumps, on a host that was suspended, is
 * none. */
#define ELI_LATEST_ANSWER_MS 4000u

/** How much later than over a cable an answer may come, milliseconds: as it has been seen, or as the caller
 * says. */
static inline uint32_t eli_patience_ms(const esp_loader_t *loader)
{
    return ELI_KNOWS_NETWORKS ? loader->_patience_ms : 0;
}

/** No round trip takes longer on the link, milliseconds: as it was measured, 0 = not yet. Without knowledge of networks
 * it is that of the slowest link that is reckoned with. */
static inline uint32_t eli_round_trip_limit_ms(const esp_loader_t *loader)
{
    return ELI_KNOWS_NETWORKS ? loader->_round_trip_limit_ms : 200;
}

/** Bytes of a command and its reply without what the command says of itself: headers, words, status,
 * delimiters.
 */
#define ELI_FRAMES_SIZE 64u

/** How long @p bytes need on the wire at the rate that was set, at most: ten bits each, and all of them
 * escaped. 0 where no rate was set: a port that was opened at less than 14400 baud has deadlines that are too
 * short. So has a small library.
 *  @param bytes  up to 128 KiB */
uint32_t eli_wire_ms(const esp_loader_t *loader, size_t bytes);

/** Sends a lone delimiter. A stub's decoder takes delimiters as toggles, so one that is lost or damaged turns
 * it over for good; one more turns it back. */
esp_loader_error_t eli_toggle_stub_decoder(esp_loader_t *loader);

/** Makes sure that no reply to an earlier command is on its way any more: the target executes commands in
 * order, so once it answers a SYNC sent now, there is none. */
esp_loader_error_t eli_resync(esp_loader_t *loader);

/** Waits until no reply to an earlier SYNC comes any more. */
void eli_sync_settle(esp_loader_t *loader);

/** A command that is on its way: what the second half of an operation needs. It stays where it is until then. */
typedef struct {
    eli_command_t command;
    uint32_t words[5]; /**< its own; the last is the address of a block */
} eli_sent_t;

#endif
