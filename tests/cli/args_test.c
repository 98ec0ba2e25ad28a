/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The walk through a command line.
 */
#include "options/args.h"
#include "test.h"

/** A walk over the words of "flash", NULL-terminated. */
static args_t walk(const char *const *words)
{
    int count = 0;

    while (words[count] != NULL) {
        count++;
    }
    return (args_t){.commands = COMMAND_BIT(COMMAND_FLASH), .argc = count, .argv = words};
}

static void assert_option(args_t *args, option_id_t id, const char *value)
{
    assert_int_equal(args_next(args), ARGS_OPTION);
    assert_int_equal(args->option->id, id);
    if (value == NULL) {
        assert_null(args->value);
    } else {
        assert_string_equal(args->value, value);
    }
}

static void assert_operand(args_t *args, const char *word)
{
    assert_int_equal(args_next(args), ARGS_OPERAND);
    assert_string_equal(args->value, word);
}

static void assert_end(args_t *args)
{
    assert_int_equal(args_next(args), ARGS_END);
    assert_null(args->value);
}

static void assert_fails(const char *const *words, const char *sentence)
{
    args_t args = walk(words);

    assert_int_equal(args_next(&args), ARGS_ERROR);
    assert_string_equal(args.error, sentence);
}

/* The word after it may be an operand, so its value needs the '='. */
TEST(an_option_may_have_a_value_or_none)
{
    const char *words[] = {"--force-raw", "0x0", "--force-raw=0x1000", "--force-raw=", NULL};
    args_t args = walk(words);

    assert_option(&args, OPTION_FORCE_RAW, NULL);
    assert_operand(&args, "0x0");
    assert_option(&args, OPTION_FORCE_RAW_AT, "0x1000");
    assert_option(&args, OPTION_FORCE_RAW_AT, "");
    assert_end(&args);
}

TEST(options_and_operands_may_be_mixed)
{
    const char *words[] = {"0x0", "--port", "/dev/x", "a.bin", "-q", "--verify", "-", NULL};
    args_t args = walk(words);

    assert_operand(&args, "0x0");
    assert_option(&args, OPTION_PORT, "/dev/x");
    assert_operand(&args, "a.bin");
    assert_option(&args, OPTION_QUIET, NULL);
    assert_option(&args, OPTION_VERIFY, NULL);
    assert_operand(&args, "-");
    assert_end(&args);
    assert_end(&args);
}

TEST(value_may_follow_an_equals_sign_or_stand_alone)
{
    const char *words[] = {"--port=rfc2217://h:1?a=b", "--port=", "-p", "--verify", NULL};
    args_t args = walk(words);

    assert_option(&args, OPTION_PORT, "rfc2217://h:1?a=b");
    assert_option(&args, OPTION_PORT, "");
    assert_option(&args, OPTION_PORT, "--verify");
    assert_end(&args);
}

TEST(value_may_follow_the_letter_at_once)
{
    const char *words[] = {"-b921600", "-p/dev/x", "-p=/dev/y", NULL};
    args_t args = walk(words);

    assert_option(&args, OPTION_BAUD, "921600");
    assert_option(&args, OPTION_PORT, "/dev/x");
    assert_option(&args, OPTION_PORT, "/dev/y");
    assert_end(&args);
}

TEST(underscores_count_as_dashes)
{
    const char *words[] = {"--flash_mode", "dio", "--flash_freq=80m", "--no_stub", NULL};
    args_t args = walk(words);

    assert_option(&args, OPTION_FLASH_MODE, "dio");
    assert_option(&args, OPTION_FLASH_FREQ, "80m");
    assert_option(&args, OPTION_NO_STUB, NULL);
    assert_end(&args);
}

TEST(after_two_dashes_everything_is_an_operand)
{
    const char *words[] = {"-q", "--", "--port", "--", "-x", NULL};
    const char *nothing[] = {"--", NULL};
    args_t args = walk(words);

    assert_option(&args, OPTION_QUIET, NULL);
    assert_operand(&args, "--port");
    assert_operand(&args, "--");
    assert_operand(&args, "-x");
    assert_end(&args);
    args = walk(nothing);
    assert_end(&args);
}

TEST(mistakes_are_told_in_a_sentence)
{
    const char *unknown[] = {"--xyz", "x", NULL};
    const char *misspelt[] = {"--prot", "x", NULL};
    const char *prefix[] = {"--por", "x", NULL};
    const char *longer[] = {"--ports=x", NULL};
    const char *one_dash[] = {"-port", "x", NULL};
    const char *of_others[] = {"--tsv", NULL};
    const char *unknown_short[] = {"-x", NULL};
    const char *clustered[] = {"-qq", NULL};
    const char *no_value[] = {"--port", NULL};
    const char *no_short_value[] = {"-p", NULL};
    const char *extra_value[] = {"--quiet=1", NULL};
    const char *no_short_name[] = {"-\1", NULL};
    const char *negative[] = {"-4096", NULL};

    assert_fails(unknown, "unknown option '--xyz'");
    assert_fails(misspelt, "unknown option '--prot': did you mean '--port'?");
    assert_fails(prefix, "unknown option '--por': did you mean '--port'?");
    assert_fails(longer, "unknown option '--ports=x': did you mean '--port'?");
    assert_fails(one_dash, "unknown option '-port': did you mean '--port'?");
    assert_fails(of_others, "unknown option '--tsv'");
    assert_fails(unknown_short, "unknown option '-x'");
    assert_fails(clustered, "unknown option '-qq'");
    assert_fails(no_value, "option '--port' needs a value");
    assert_fails(no_short_value, "option '--port' needs a value");
    assert_fails(extra_value, "option '--quiet' takes no value");
    assert_fails(no_short_name, "unknown option '-\1'");
    assert_fails(negative, "invalid number '-4096': offsets and sizes are not negative");
}

TEST(overlong_words_do_not_overflow_the_sentence)
{
    static char word[1000] = "--";
    const char *words[] = {word, NULL};
    args_t args = walk(words);

    for (size_t i = 2; i < sizeof(word) - 1; i++) {
        word[i] = 'x';
    }
    assert_int_equal(args_next(&args), ARGS_ERROR);
    assert_memory_equal(args.error, "unknown option '--xxx", 21);
}
