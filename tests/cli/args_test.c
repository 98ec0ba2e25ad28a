/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The walk through a command line.
 */
#include "options/args.h"
#include "test.h"

enum { PORT, QUIET, VERIFY, RAW, RAW_AT };

static const args_option_t options[] = {
    {"port", 'p', true, PORT}, {"quiet", 'q', false, QUIET}, {"verify", 0, false, VERIFY},
    {"raw", 0, false, RAW},    {"raw", 0, true, RAW_AT},
};

/** A walk over @p words, NULL-terminated. */
static args_t walk(char *const *words)
{
    int count = 0;

    while (words[count] != NULL) {
        count++;
    }
    return (args_t){.options = options,
                    .option_count = sizeof(options) / sizeof(options[0]),
                    .argc = count,
                    .argv = words};
}

static void assert_next(args_t *args, int id, const char *value)
{
    assert_int_equal(args_next(args), id);
    if (value == NULL) {
        assert_null(args->value);
    } else {
        assert_string_equal(args->value, value);
    }
}

static void assert_fails(char *const *words, const char *sentence)
{
    args_t args = walk(words);

    assert_next(&args, ARGS_ERROR, NULL);
    assert_string_equal(args.error, sentence);
}

/* The word after it may be an operand, so its value needs the '='. */
TEST(an_option_may_have_a_value_or_none)
{
    char *words[] = {"--raw", "0x0", "--raw=0x1000", "--raw=", NULL};
    args_t args = walk(words);

    assert_next(&args, RAW, NULL);
    assert_next(&args, ARGS_OPERAND, "0x0");
    assert_next(&args, RAW_AT, "0x1000");
    assert_next(&args, RAW_AT, "");
    assert_next(&args, ARGS_END, NULL);
}

TEST(options_and_operands_may_be_mixed)
{
    char *words[] = {"0x0", "--port", "/dev/x", "a.bin", "-q", "--verify", "-", NULL};
    args_t args = walk(words);

    assert_next(&args, ARGS_OPERAND, "0x0");
    assert_next(&args, PORT, "/dev/x");
    assert_next(&args, ARGS_OPERAND, "a.bin");
    assert_next(&args, QUIET, NULL);
    assert_next(&args, VERIFY, NULL);
    assert_next(&args, ARGS_OPERAND, "-");
    assert_next(&args, ARGS_END, NULL);
    assert_next(&args, ARGS_END, NULL);
}

TEST(value_may_follow_an_equals_sign_or_stand_alone)
{
    char *words[] = {"--port=rfc2217://h:1?a=b", "--port=", "-p", "--verify", NULL};
    args_t args = walk(words);

    assert_next(&args, PORT, "rfc2217://h:1?a=b");
    assert_next(&args, PORT, "");
    assert_next(&args, PORT, "--verify");
    assert_next(&args, ARGS_END, NULL);
}

TEST(after_two_dashes_everything_is_an_operand)
{
    char *words[] = {"-q", "--", "--port", "--", "-x", NULL};
    char *nothing[] = {"--", NULL};
    args_t args = walk(words);

    assert_next(&args, QUIET, NULL);
    assert_next(&args, ARGS_OPERAND, "--port");
    assert_next(&args, ARGS_OPERAND, "--");
    assert_next(&args, ARGS_OPERAND, "-x");
    assert_next(&args, ARGS_END, NULL);
    args = walk(nothing);
    assert_next(&args, ARGS_END, NULL);
}

TEST(mistakes_are_told_in_a_sentence)
{
    char *unknown[] = {"--prot", "x", NULL};
    char *prefix[] = {"--por", "x", NULL};
    char *longer[] = {"--ports=x", NULL};
    char *unknown_short[] = {"-x", NULL};
    char *clustered[] = {"-qq", NULL};
    char *no_value[] = {"--port", NULL};
    char *no_short_value[] = {"-p", NULL};
    char *extra_value[] = {"--quiet=1", NULL};
    char *no_short_name[] = {"-\1", NULL};

    assert_fails(unknown, "unknown option '--prot'");
    assert_fails(prefix, "unknown option '--por'");
    assert_fails(longer, "unknown option '--ports=x'");
    assert_fails(unknown_short, "unknown option '-x'");
    assert_fails(clustered, "unknown option '-qq'");
    assert_fails(no_value, "option '--port' needs a value");
    assert_fails(no_short_value, "option '--port' needs a value");
    assert_fails(extra_value, "option '--quiet' takes no value");
    assert_fails(no_short_name, "unknown option '-\1'");
}

TEST(overlong_words_do_not_overflow_the_sentence)
{
    static char word[1000] = "--";
    char *words[] = {word, NULL};
    args_t args = walk(words);

    for (size_t i = 2; i < sizeof(word) - 1; i++) {
        word[i] = 'x';
    }
    assert_next(&args, ARGS_ERROR, NULL);
    assert_memory_equal(args.error, "unknown option '--xxx", 21);
}
