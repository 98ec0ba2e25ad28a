# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What the tests of packages share: each check is a line "ok NAME" or "FAILED NAME".
set -uo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# check NAME COMMAND...: the output of a command that fails goes to standard error.
check() {
    local name=$1 log
    shift
    if log=$("$@" 2>&1); then
        echo "ok $name"
    else
        echo "FAILED $name"
        tail -n 40 <<<"$log" | sed 's/^/   /' >&2
        return 1
    fi
}

not() { ! "$@"; }
