/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The two notations of configuration files.
 */
#include <stdio.h>
#include <string.h>

#include "config/ini.h"
#include "config/toml.h"
#include "test.h"

/** Entries as text: "flash.mode=dio(text) baud=115200(number)". */
static bool write_down(void *ctx, const config_entry_t *entry, char error[CONFIG_ERROR_SIZE])
{
    static const char *const kinds[] = {"text", "number", "switch"};
    char *told = ctx;

    if (strcmp(entry->key, "refused") == 0) {
        snprintf(error, CONFIG_ERROR_SIZE, "refused");
        return false;
    }
    sprintf(told + strlen(told), "%s%s%s%s=%s(%s)", told[0] != '\0' ? " " : "", entry->table,
            entry->table[0] != '\0' ? "." : "", entry->key, entry->value, kinds[entry->kind]);
    return true;
}

/** What a text says, or "LINE: sentence". */
static const char *read_text(const char *content, const char *section)
{
    static char told[1024];
    char text[1024];
    config_error_t error = {.line = 0};
    const config_taker_t taker = {.take = write_down, .ctx = told};
    bool has_section = false;

    told[0] = '\0';
    snprintf(text, sizeof(text), "%s", content);
    const bool is_read = section == NULL
                             ? toml_read(text, strlen(text), &taker, &error)
                             : ini_read(text, strlen(text), section, &taker, &has_section, &error);
    if (!is_read) {
        snprintf(told, sizeof(told), "%u: %s", error.line, error.text);
    } else if (section != NULL && !has_section) {
        return "no section";
    }
    return told;
}

TEST(toml_is_read)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"\n# nothing\n  \t\n", ""},
        {"baud = 115200", "baud=115200(number)"},
        {"\xEF\xBB\xBF"
         "a=1\r\n b = 2 # two\r\n",
         "a=1(number) b=2(number)"},
        {"port=\"/dev/ttyACM0\"#it", "port=/dev/ttyACM0(text)"},
        {"p = \"a \\\"b\\\" c\\\\d\" # \"", "p=a \"b\" c\\d(text)"},
        {"p = 'a \\n # b'\t", "p=a \\n # b(text)"},
        {"p = \"\"", "p=(text)"},
        {"p = ''", "p=(text)"},
        {"a_b-C9 = true\nb = false#", "a_b-C9=true(switch) b=false(switch)"},
        {"n = 921_600", "n=921600(number)"},
        {"n = +0", "n=0(number)"},
        {"n = -3", "n=-3(number)"},
        {"n = 0x80_00 # ", "n=0x8000(number)"},
        {"n = 0.25\nm = 1e3\no = 1_0.5E-2", "n=0.25(number) m=1e3(number) o=10.5E-2(number)"},
        {"a=1\n[flash]\nb=2\n [ read ] # x\nc=3", "a=1(number) flash.b=2(number) read.c=3(number)"},
        {"1 = 2", "1=2(number)"},
        {"u = \"\xC3\xA9\"", "u=\xC3\xA9(text)"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(read_text(cases[i][0], NULL), cases[i][1]);
    }
}

TEST(what_is_no_toml_or_more_than_is_understood_is_refused_with_its_line)
{
    static const char *const cases[][2] = {
        {"a = 1\nb", "2: expected '=' after the key"},
        {"= 1", "1: expected a key"},
        {"\"a\" = 1", "1: expected a key"},
        {"\xC3\xA9 = 1", "1: expected a key"},
        {"a.b = 1", "1: keys with dots are not understood"},
        {"a b = 1", "1: expected '=' after the key"},
        {"a =", "1: expected a text in quotes, a number, true or false"},
        {"a = # 1", "1: expected a text in quotes"},
        {"a = esp32", "1: a text is put in quotes"},
        {"a = truly", "1: a text is put in quotes"},
        {"a = tru", "1: expected a text in quotes"},
        {"a = \"b", "1: the text has no end"},
        {"a = \"b\\\"", "1: the text has no end"},
        {"a = \"b\\", "1: of the escapes"},
        {"a = 'b", "1: the text has no end"},
        {"a = \"b\\n\"", "1: of the escapes"},
        {"a = \"b\" c", "1: expected the end of the line after the value"},
        {"a = 1 2", "1: expected the end of the line after the value"},
        {"a = 1\n\na = \"\"\"x\"\"\"", "3: texts of several lines are not understood"},
        {"a = '''x'''", "1: texts of several lines are not understood"},
        {"a = [1]", "1: arrays and inline tables are not understood"},
        {"a = {b = 1}", "1: arrays and inline tables are not understood"},
        {"a = 012", "1: invalid number"},
        {"a = 1__2", "1: invalid number"},
        {"a = 1_", "1: invalid number"},
        {"a = _1", "1: expected a text in quotes"},
        {"a = 0x", "1: invalid number"},
        {"a = 1.", "1: invalid number"},
        {"a = 1e", "1: invalid number"},
        {"a = -", "1: invalid number"},
        {"a = +inf", "1: invalid number"},
        {"a = 0b1", "1: expected the end of the line"},
        {"a = 2026-11-30", "1: expected the end of the line"},
        {"[a", "1: expected the name of a table"},
        {"[]", "1: expected the name of a table"},
        {"[a.b]", "1: expected the name of a table"},
        {"[[a]]", "1: arrays of tables are not understood"},
        {"[a] b", "1: expected the end of the line after the table"},
        {"a = \"\033[2J\"", "1: a control character"},
        {"a = 1\rb = 2", "1: a control character"},
        {"# \177", "1: a control character"},
        {"a = 1\nrefused = 1\nb", "2: refused"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_memory_equal(read_text(cases[i][0], NULL), cases[i][1], strlen(cases[i][1]));
    }
}

TEST(a_zero_byte_is_no_text)
{
    char told[64] = "";
    char text[] = "a = 1\0b\n";
    config_error_t error = {.line = 0};
    const config_taker_t taker = {.take = write_down, .ctx = told};

    assert_false(toml_read(text, sizeof(text) - 1, &taker, &error));
    assert_int_equal(error.line, 1);
}

TEST(a_section_is_read_as_python_does)
{
    static const char *const cases[][2] = {
        {"", "no section"},
        {"[other]\ntimeout = 1\n  broken\n", "no section"},
        {"[esptool]", ""},
        {"[esptool]\ntimeout = 1\n; x\n  # y\n\nTimeOut2:  a = b ",
         "esptool.timeout=1(text) esptool.timeout2=a = b(text)"},
        {"[tox]\ndeps =\n  a\n  [esptool]\n[esptool]\r\n  a=1\r\n  b=2\r\n[x]\nb",
         "esptool.a=1(text) esptool.b=2(text)"},
        {"[esptool]\na =", "esptool.a=(text)"},
        {"[esptool]\na = 1\n[x]\n[esptool]\nb = 2", "esptool.a=1(text) esptool.b=2(text)"},
        {"[esptools]\na = 1", "no section"},
        {"[esptool]\na = 1\n b", "3: values of several lines are not understood"},
        {"[esptool]\na", "2: expected NAME = VALUE"},
        {"[esptool]\n = 1", "2: expected NAME = VALUE"},
        {"[esptool]\nrefused = 1", "2: refused"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *read = read_text(cases[i][0], "esptool");

        assert_memory_equal(read, cases[i][1],
                            strlen(cases[i][1]) + (cases[i][1][0] < '1' || cases[i][1][0] > '9'));
    }
}
