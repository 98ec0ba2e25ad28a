/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Small parsers of text. What one accepts means what it says: written down again it is read as the same; the
 * two parsers of sizes, the tool's and the simulator's, agree; a refusal leaves the result alone.
 *
 * Input: a byte for the parser, then the text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/boot_text.h"
#include "control_line.h"
#include "fuzz.h"
#include "net_url.h"
#include "text/number.h"
#include "option_values.h"

enum { UNTOUCHED = 0x5A5A5A5A };

static bool ends_like_a_size_with_b(const char *text)
{
    size_t length = strlen(text);
    return length >= 2 && strchr("bB", text[length - 1]) != NULL && strchr("kKmM", text[length - 2]) != NULL;
}

static void sizes(const char *text)
{
    uint32_t tool = UNTOUCHED;
    uint32_t simulator = UNTOUCHED;
    bool is_tool_ok = number_parse(text, &tool);
    bool is_simulator_ok = fe_options_parse_size(text, &simulator);
    FUZZ_CHECK(is_tool_ok || tool == UNTOUCHED);
    FUZZ_CHECK(is_simulator_ok || simulator == UNTOUCHED);
    FUZZ_CHECK(is_simulator_ok == is_tool_ok || (is_simulator_ok && ends_like_a_size_with_b(text)));
    FUZZ_CHECK(!is_tool_ok || tool == simulator);

    char again[16];
    uint32_t value = UNTOUCHED;
    snprintf(again, sizeof(again), "0x%x", (unsigned)tool);
    FUZZ_CHECK(!is_tool_ok || (number_parse(again, &value) && value == tool));
}

static void urls(const char *text)
{
    net_url_t url;
    net_url_t same;
    if (!net_url_parse(text, &url)) {
        return;
    }
    FUZZ_CHECK(url.host[0] != '\0' && strchr(url.host, ' ') == NULL && strchr(url.host, ']') == NULL);
    FUZZ_CHECK(atoi(url.service) >= 1 && atoi(url.service) <= 65535);

    char again[NET_URL_HOST_SIZE + 64];
    snprintf(again, sizeof(again), "%s://[%s]:%s%s", url.is_rfc2217 ? "RFC2217" : "Socket", url.host,
             url.service, url.ignores_set_control ? "?ign_set_control" : "");
    FUZZ_CHECK(net_url_parse(again, &same));
    FUZZ_CHECK(strcmp(same.host, url.host) == 0 && strcmp(same.service, url.service) == 0);
    FUZZ_CHECK(same.is_rfc2217 == url.is_rfc2217 && same.ignores_set_control == url.ignores_set_control);
}

static void control_lines(const char *text)
{
    const fe_control_command_t untouched = {.verb = FE_CONTROL_QUIT, .baud = UNTOUCHED};
    fe_control_command_t command = untouched;
    char error[200] = "";
    if (!fe_control_parse(text, &command, error, sizeof(error))) {
        FUZZ_CHECK(error[0] != '\0' && command.verb == untouched.verb && command.baud == UNTOUCHED);
        return;
    }
    FUZZ_CHECK(error[0] == '\0');
    FUZZ_CHECK(command.text >= text && command.text <= text + strlen(text));
    FUZZ_CHECK(command.verb != FE_CONTROL_RATE || (command.baud > 0 && command.baud <= 10000000));
    FUZZ_CHECK(command.verb != FE_CONTROL_LINES || command.has_dtr || command.has_rts);
    FUZZ_CHECK(command.verb != FE_CONTROL_LOAD || command.text[0] != '\0');
}

static void macs(const char *text)
{
    uint8_t mac[6] = {0x5A};
    uint8_t same[6];
    char again[18];
    if (fe_options_parse_mac(text, mac)) {
        snprintf(again, sizeof(again), "%02X:%02x:%02X:%02x:%02X:%02x", mac[0], mac[1], mac[2], mac[3],
                 mac[4], mac[5]);
        FUZZ_CHECK(strlen(text) == 17 && fe_options_parse_mac(again, same) && memcmp(mac, same, 6) == 0);
    } else {
        FUZZ_CHECK(mac[0] == 0x5A && mac[5] == 0);
    }
}

static void fractions(const char *text)
{
    uint32_t value = UNTOUCHED;
    uint32_t same = 0;
    char again[24];
    if (fe_options_parse_thousandths(text, 100000, &value)) {
        FUZZ_CHECK(value <= 100000);
        snprintf(again, sizeof(again), "%u.%03u", (unsigned)value / 1000, (unsigned)value % 1000);
        FUZZ_CHECK(fe_options_parse_thousandths(again, 100000, &same) && same == value);
    }
    value = UNTOUCHED;
    if (fe_options_parse_revision(text, &value) && value != ESP_SIM_REVISION_0_0) {
        FUZZ_CHECK(value >= 1 && value <= 9999);
        snprintf(again, sizeof(again), "%u.%u", (unsigned)value / 100, (unsigned)value % 100);
        FUZZ_CHECK(fe_options_parse_revision(again, &same) && same == value);
    }
}

static void efuses(const char *text)
{
    esp_sim_config_t config = {0};
    esp_sim_config_t same = {0};
    char again[32];
    if (!fe_options_add_efuse(text, &config)) {
        FUZZ_CHECK(config.efuses[0].addr == 0);
        return;
    }
    snprintf(again, sizeof(again), "0x%x=%u", (unsigned)config.efuses[0].addr,
             (unsigned)config.efuses[0].bits);
    FUZZ_CHECK(fe_options_add_efuse(again, &same) && same.efuses[0].addr == config.efuses[0].addr &&
               same.efuses[0].bits == config.efuses[0].bits && config.efuses[1].addr == 0);
}

/* What is found in a text is found in a longer one, too. */
static void boot_texts(fuzz_input_t text)
{
    uint8_t *bytes = fuzz_copy(text);
    boot_mode_t whole = boot_text_find((const char *)bytes, text.size);
    boot_mode_t half = boot_text_find((const char *)bytes, text.size / 2);
    FUZZ_CHECK(half == BOOT_UNKNOWN || half == whole);
    free(bytes);
}

static const char words[] =
    "0x|k|MB|4294967295|socket://|rfc2217://|[|]:|:65535|?ign_set_control|lines |dtr=|rts=|rate |"
    "reset |boot|load |save|faults |::|.999|=0x|99|0.0|";

static void (*const parsers[])(const char *) = {sizes, urls, control_lines, macs, fractions, efuses};
enum { PARSER_COUNT = sizeof(parsers) / sizeof(parsers[0]) };

void fuzz_one(const uint8_t *data, size_t size)
{
    fuzz_input_t input = {data, size};
    unsigned parser = fuzz_u8(&input) % (PARSER_COUNT + 1);
    if (parser == PARSER_COUNT) {
        boot_texts(input);
        return;
    }
    char *text = fuzz_text(input, words);
    parsers[parser](text);
    free(text);
}

static const struct {
    unsigned parser;
    const char *text;
} seeds[] = {{0, "0x10000"},
             {0, "4095M"},
             {0, "8MB"},
             {0, "00000000000000000001k"},
             {0, "0x0x10"},
             {1, "socket://127.0.0.1:8086"},
             {1, "rfc2217://[fe80::1%eth0]:4000?ign_set_control"},
             {2, "lines dtr=0 rts=1"},
             {2, "rate 921600"},
             {2, "reset boot"},
             {2, "faults at byte 100 out: drop"},
             {3, "aA:bB:01:02:03:04"},
             {4, "0.125"},
             {4, "3.1"},
             {5, "0x60007050=0x8"},
             {6, "rst:0x15 (USB_UART_CHIP_RESET),boot:0x0 (DOWNLOAD(USB/UART0))\r\n"}};

FUZZ_SEEDS(sizeof(seeds) / sizeof(seeds[0]))
{
    fuzz_put_u8(seed, seeds[number].parser);
    fuzz_put_text(seed, seeds[number].text);
}
