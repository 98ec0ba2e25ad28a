/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The state machines of telnet.h. A broken sequence never stops the stream: what is invalid is
 * skipped up to the byte that does.
 */
#include "telnet.h"

enum { IN_DATA, AFTER_IAC, AFTER_VERB, IN_SUB, IN_SUB_AFTER_IAC };

static void start_sub(fe_telnet_decoder_t *decoder)
{
    decoder->sub_size = 0;
    decoder->is_sub_too_long = false;
    decoder->state = IN_SUB;
}

static void append_sub(fe_telnet_decoder_t *decoder, uint8_t byte)
{
    if (decoder->sub_size < FE_TELNET_SUB_CAPACITY) {
        decoder->sub[decoder->sub_size++] = byte;
    } else {
        decoder->is_sub_too_long = true;
    }
}

/* The byte after IAC outside a subnegotiation, when it is not a doubled IAC. */
static void take_command(fe_telnet_decoder_t *decoder, uint8_t byte)
{
    if (byte >= FE_TELNET_WILL && byte <= FE_TELNET_DONT) {
        decoder->verb = byte;
        decoder->state = AFTER_VERB;
    } else if (byte == FE_TELNET_SB) {
        start_sub(decoder);
    } else {
        decoder->state = IN_DATA; /* NOP, AYT and the like mean nothing to a serial line */
    }
}

/* The byte after IAC inside a subnegotiation; true when it ended one that is worth reporting. */
static bool take_sub_command(fe_telnet_decoder_t *decoder, uint8_t byte)
{
    if (byte == FE_TELNET_IAC) {
        append_sub(decoder, byte);
        decoder->state = IN_SUB;
        return false;
    }
    if (byte == FE_TELNET_SE) {
        decoder->state = IN_DATA;
        return decoder->sub_size > 0 && !decoder->is_sub_too_long;
    }
    take_command(decoder, byte); /* the end is missing: a new command starts */
    return false;
}

fe_telnet_event_t fe_telnet_decode(fe_telnet_decoder_t *decoder, const uint8_t *in, size_t size,
                                   uint8_t *data, size_t data_capacity, size_t *out_used, size_t *out_data)
{
    size_t stored = 0;
    size_t used = 0;
    fe_telnet_event_t event = FE_TELNET_NOTHING;

    while (used < size && event == FE_TELNET_NOTHING) {
        const uint8_t byte = in[used];
        const bool is_data = (decoder->state == IN_DATA && byte != FE_TELNET_IAC) ||
                             (decoder->state == AFTER_IAC && byte == FE_TELNET_IAC);
        if (is_data && stored == data_capacity) {
            break;
        }
        used++;

        if (is_data) {
            data[stored++] = byte;
            decoder->state = IN_DATA;
            continue;
        }
        switch (decoder->state) {
        case IN_DATA:
            decoder->state = AFTER_IAC;
            break;
        case AFTER_IAC:
            take_command(decoder, byte);
            break;
        case AFTER_VERB:
            decoder->option = byte;
            decoder->state = IN_DATA;
            event = FE_TELNET_NEGOTIATION;
            break;
        case IN_SUB:
            if (byte == FE_TELNET_IAC) {
                decoder->state = IN_SUB_AFTER_IAC;
            } else {
                append_sub(decoder, byte);
            }
            break;
        default: /* IN_SUB_AFTER_IAC */
            if (take_sub_command(decoder, byte)) {
                event = FE_TELNET_SUBNEGOTIATION;
            }
            break;
        }
    }
    *out_used = used;
    *out_data = stored;
    return event;
}

size_t fe_telnet_encode_data(const uint8_t *in, size_t size, uint8_t *out, size_t capacity, size_t *out_used)
{
    size_t written = 0;
    size_t used = 0;

    while (used < size) {
        const size_t needed = in[used] == FE_TELNET_IAC ? 2 : 1;
        if (needed > capacity - written) {
            break;
        }
        if (needed == 2) {
            out[written++] = FE_TELNET_IAC;
        }
        out[written++] = in[used++];
    }
    *out_used = used;
    return written;
}

size_t fe_telnet_encode_subnegotiation(const uint8_t *sub, size_t size, uint8_t *out, size_t capacity)
{
    if (capacity < 4) {
        return 0;
    }
    out[0] = FE_TELNET_IAC;
    out[1] = FE_TELNET_SB;

    size_t used;
    const size_t body = fe_telnet_encode_data(sub, size, out + 2, capacity - 4, &used);
    if (used < size) {
        return 0;
    }
    out[2 + body] = FE_TELNET_IAC;
    out[3 + body] = FE_TELNET_SE;
    return body + 4;
}

/* ---- options: each side of each option is off, asked for by us, or on ---- */

enum { OFF = 0, ASKED, ON };

static const uint8_t known_options[] = {FE_TELNET_OPTION_BINARY, FE_TELNET_OPTION_SGA,
                                        FE_TELNET_OPTION_COM_PORT};

enum { KNOWN_OPTIONS = sizeof(known_options), COM_PORT_INDEX = 2 };

static size_t put_verb(uint8_t *out, uint8_t verb, uint8_t option)
{
    out[0] = FE_TELNET_IAC;
    out[1] = verb;
    out[2] = option;
    return 3;
}

size_t fe_telnet_greet(fe_telnet_options_t *options, uint8_t out[FE_TELNET_GREETING_SIZE])
{
    size_t size = 0;
    for (size_t i = 0; i < KNOWN_OPTIONS; i++) {
        if (i != COM_PORT_INDEX) {
            options->ours[i] = ASKED;
            size += put_verb(out + size, FE_TELNET_WILL, known_options[i]);
        }
        options->theirs[i] = ASKED;
        size += put_verb(out + size, FE_TELNET_DO, known_options[i]);
    }
    return size;
}

/* Switches one side of one option as the client says; answers unless it is an answer itself or changes
 * nothing. */
static size_t settle(uint8_t *side, bool is_on, uint8_t yes, uint8_t no, uint8_t option, uint8_t *out)
{
    const uint8_t before = *side;
    *side = is_on ? ON : OFF;
    if (before == ASKED || before == *side) {
        return 0;
    }
    return put_verb(out, is_on ? yes : no, option);
}

size_t fe_telnet_negotiate(fe_telnet_options_t *options, uint8_t verb, uint8_t option,
                           uint8_t out[FE_TELNET_ANSWER_SIZE])
{
    const bool is_on = verb == FE_TELNET_WILL || verb == FE_TELNET_DO;
    const bool is_theirs = verb == FE_TELNET_WILL || verb == FE_TELNET_WONT;

    for (size_t i = 0; i < KNOWN_OPTIONS; i++) {
        if (known_options[i] != option) {
            continue;
        }
        if (is_theirs) {
            return settle(&options->theirs[i], is_on, FE_TELNET_DO, FE_TELNET_DONT, option, out);
        }
        return settle(&options->ours[i], is_on, FE_TELNET_WILL, FE_TELNET_WONT, option, out);
    }
    if (!is_on) {
        return 0;
    }
    return put_verb(out, is_theirs ? FE_TELNET_DONT : FE_TELNET_WONT, option);
}

bool fe_telnet_has_com_port(const fe_telnet_options_t *options)
{
    return options->theirs[COM_PORT_INDEX] == ON || options->ours[COM_PORT_INDEX] == ON;
}
