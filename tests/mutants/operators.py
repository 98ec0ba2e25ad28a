# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
"""The mutants of a C file: each is one small change of its text, made by one operator of the table below.

Comments, texts and preprocessor lines are left alone. Operators look at the text, not at a syntax tree, and rely on its
layout (.clang-format): a binary operator has a space on both sides, a unary one only before it. What does not build is
dropped by the caller.
"""
import re
from collections import namedtuple

# Where in the file, what stands there, and what takes its place; `nth` tells equal changes of one line apart.
Mutant = namedtuple("Mutant", "path line nth operator start old new")

SWAPS = {
    "boundary": {"<": "<=", "<=": "<", ">": ">=", ">=": ">"},
    "equality": {"==": "!=", "!=": "=="},
    "logic": {"&&": "||", "||": "&&"},
    "arithmetic": {"+": "-", "-": "+", "*": "/", "/": "*", "%": "/"},
    "bits": {"&": "|", "|": "&", "^": "&", "<<": ">>", ">>": "<<"},
    "assignment": {"+=": "-=", "-=": "+=", "|=": "&=", "&=": "|=", "^=": "|="},
}
# Name -> what it does; the table of docs/testing.md.
OPERATORS = {
    "boundary": "`<` and `<=`, `>` and `>=` change places, but not in `a < b ? a : b` and the like",
    "equality": "`==` and `!=` change places",
    "logic": "`&&` and `||` change places",
    "arithmetic": "`+` and `-`, `*` and `/` change places; `%` becomes `/`",
    "bits": "`&` and `|`, `<<` and `>>` change places; `^` becomes `&`",
    "assignment": "`+=` and `-=`, `|=` and `&=` change places; `^=` becomes `|=`",
    "step": "`++` and `--` change places",
    "not": "a `!` or `~` is left out",
    "condition": "the condition of an `if` or `while` is negated",
    "number": "an integer constant is one more",
    "truth": "`true` and `false` change places",
    "error": "an error code becomes success, success an error",
    "unchecked": "`RETURN_ON_ERROR` does not look at the outcome",
    "statement": "a call or an assignment is left out",
}

WORD = re.compile(r"[A-Za-z_]\w*")
DECLARES = re.compile(r"^(const |static |unsigned |struct |[A-Za-z_]\w*_t |(u?int|bool|char|size_t|void|float)\b ?)")
# The smaller or the larger of two, or by how much one is larger, also where the smaller is a sum that might wrap: where
# both are equal either will do.
TERM = r"(?:->|[^;,?:(){}&|=<>!])+?"
MIN_OR_MAX = re.compile(r"(?<=[=(,n])\s*(?P<a>%s) (?P<sign>[<>]=?) (?P<b>%s)\s+\?\s+(?:(?P=a)\s+:\s+(?P=b)|(?P=b)\s+:\s+(?P=a)|"
                        r"(?:(?P=a) - (?P=b)|(?P=b) - (?P=a))\s+:\s+0)(?=[;,)])" % (TERM, TERM))
CLAMPED = re.compile(r"(?<=[=(,n])\s*(?P<a>%s) - (?P<b>%s) (?P<sign><=?) (?P<c>%s)\s+\?\s+"
                     r"(?:(?P=a)\s+:\s+(?P=b) \+ (?P=c)|(?P=b)\s+:\s+(?P=a) - (?P=c))(?=[;,)])" % (TERM, TERM, TERM))
STATEMENT = re.compile(r"^[A-Za-z_][\w.\->\[\]]*( [|&^+\-*/]?= |\(|\+\+;|--;)|^\*[A-Za-z_]")
KEYWORDS = ("return", "if", "for", "while", "switch", "case", "break", "continue", "goto", "default", "else", "do", "sizeof",
            "typedef", "enum", "va_start", "va_end", "RETURN_ON_ERROR")


def blank(text):
    """The text with comments, literals and preprocessor lines as spaces, so that places stay what they are."""
    def spaces(match):
        return re.sub(r"[^\n]", " ", match[0])
    text = re.sub(r'/\*.*?\*/|//[^\n]*|"(\\.|[^"\\\n])*"|\'(\\.|[^\'\\\n])+\'', spaces, text, flags=re.S)
    return re.sub(r"^[ \t]*#([^\n]*\\\n)*[^\n]*", spaces, text, flags=re.M)


def closing(text, start):
    """Where the bracket that opens at start closes."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            return at
    return None


def changes(code):
    """(start, old, new, operator) of every change of blanked code."""
    either_will_do = {found.start("sign") for form in (MIN_OR_MAX, CLAMPED) for found in form.finditer(code)}
    for name, swaps in SWAPS.items():
        signs = "|".join(re.escape(sign) for sign in sorted(swaps, key=len, reverse=True))
        for found in re.finditer(r"(?<= )(%s)(?=[ \n])" % signs, code):
            if found.start() not in either_will_do:
                yield found.start(), found[1], swaps[found[1]], name
    for found in re.finditer(r"\+\+|--", code):
        yield found.start(), found[0], "--" if found[0] == "++" else "++", "step"
    for found in re.finditer(r"(?<=[( ])[!~](?=[\w(*])", code):
        yield found.start(), found[0], "", "not"
    for found in re.finditer(r"\b(if|while) \(", code):
        end = closing(code, found.end() - 1)
        if end:
            yield found.end() - 1, "(", "(!(", "condition", end
    for found in re.finditer(r"(?<![\w.])(0[xX][0-9A-Fa-f]+|\d+)([uUlL]*)\b(?!\.)", code):
        number = int(found[1], 0) + 1
        yield found.start(), found[0], (hex(number) if found[1][:2].lower() == "0x" else str(number)) + found[2], "number"
    for found in re.finditer(r"\b(true|false)\b", code):
        yield found.start(), found[0], "false" if found[0] == "true" else "true", "truth"
    for found in re.finditer(r"\bESP_LOADER_(ERROR_[A-Z0-9_]+|SUCCESS)\b", code):
        if not found[0].endswith("_COUNT"):
            new = "ESP_LOADER_ERROR_FAIL" if found[1] == "SUCCESS" else "ESP_LOADER_SUCCESS"
            yield found.start(), found[0], new, "error"
    for found in re.finditer(r"\bRETURN_ON_ERROR\b", code):
        yield found.start(), found[0], "(void)", "unchecked"
    for found in re.finditer(r"^([ ]+)(\S[^\n]*;)[ ]*$", code, re.M):
        statement = found[2]
        word = WORD.match(statement)
        if (STATEMENT.match(statement) and not DECLARES.match(statement) and (not word or word[0] not in KEYWORDS)
                and statement.count("(") == statement.count(")") and code[:found.start()].rstrip()[-1:] in ";{})"):
            yield found.start(2), statement, ";", "statement"


def mutants_of(path, text):
    """Every mutant of a file, in the order of its text."""
    code = blank(text)
    found, seen = [], {}
    for start, old, new, operator, *end in sorted(changes(code)):
        line = text.count("\n", 0, start) + 1
        key = (line, operator, old, new)
        seen[key] = seen.get(key, 0) + 1
        old = text[start:start + len(old)]
        if end:  # brackets on both sides
            old, new = text[start:end[0] + 1], "(!" + text[start:end[0] + 1] + ")"
        found.append(Mutant(path, line, seen[key], operator, start, old, new))
    return found


def apply(mutant, text):
    assert text.startswith(mutant.old, mutant.start)
    return text[:mutant.start] + mutant.new + text[mutant.start + len(mutant.old):]
