# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What the scripts of the stages share: source it. Results go to $EL_RESULTS, one line "pass NAME" or "fail NAME" per
# test; a stage ends with `stage_end`, non-zero when anything failed.
set -uo pipefail
PATH=$PATH:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
EL_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
EL_BUILD=${EL_BUILD:-$EL_ROOT/build}
EL_STAGE=${EL_STAGE:-$(basename "$0")}
EL_RESULTS=${EL_RESULTS:-$EL_BUILD/results.txt}
EL_JOBS=${EL_JOBS:-$(nproc)}
EL_TEST_JOBS=${EL_TEST_JOBS:-$((2 * EL_JOBS))} # a test of a program often waits for a wire
EL_FAILED=0
mkdir -p "$EL_BUILD/logs"
cd "$EL_ROOT" || exit 1

# record pass|fail NAME
record() {
    echo "$1 $EL_STAGE: $2" >>"$EL_RESULTS"
    [ "$1" = pass ] || EL_FAILED=$((EL_FAILED + 1))
}

# check NAME COMMAND...: one check; its output is shown only when it fails.
check() {
    local name=$1 log="$EL_BUILD/logs/$EL_STAGE-${1//[^A-Za-z0-9]/_}.log"
    shift
    if "$@" >"$log" 2>&1; then
        echo "   ok      $name"
        record pass "$name"
    else
        echo "   FAILED  $name"
        sed 's/^/      /' "$log" | tail -n 40
        record fail "$name"
        return 1
    fi
}

# has_options DIR CMAKE-OPTIONS...: does a configured build hold what was asked for? CMake forgets the options when the
# compiler of that name is another one than before.
has_options() {
    local cache option
    cache=$(sed -nE 's/^([A-Za-z0-9_]+):[A-Z]+=/\1=/p' "$1/CMakeCache.txt")
    shift
    for option in "$@"; do
        case $option in
            -DCMAKE_C_COMPILER=*) ;; # kept as a path
            -D*) grep -qxF -e "${option#-D}" <<<"$cache" || return 1 ;;
        esac
    done
}

# build DIR CMAKE-OPTIONS...: configures and builds the project into $EL_BUILD/DIR.
build() {
    local dir=$EL_BUILD/$1
    shift
    cmake -S "$EL_ROOT" -B "$dir" "$@" || return
    if ! has_options "$dir" "$@"; then
        rm -rf "$dir"
        cmake -S "$EL_ROOT" -B "$dir" "$@" && has_options "$dir" "$@" || return
    fi
    cmake --build "$dir" -j "$EL_JOBS"
}

# build_with_stubs DIR CMAKE-OPTIONS...: the same with the flasher stubs; fails when they cannot be had.
build_with_stubs() {
    scripts/fetch-stubs "$EL_BUILD/stubs" && build "$@" "-DESP_LOADER_STUB_DIR=$EL_BUILD/stubs"
}

# Each program of a test gets so much CPU time, several times what the longest needs, however long a busy machine takes to
# give it. Only a program that waits for ever meets the limit on real time.
EL_TEST_CPU_S=1800
EL_TEST_STUCK_S=7200

# run_ctest DIR CTEST-OPTIONS...: runs the tests of a build and records each of them. Every outcome but "Passed" is a
# failure: not run, skipped, timed out.
run_ctest() {
    local dir=$EL_BUILD/$1 log="$EL_BUILD/logs/$EL_STAGE-ctest.log" passed=0 failed=0 outcome name
    shift
    (ulimit -t $EL_TEST_CPU_S && exec ctest --test-dir "$dir" -j "$EL_TEST_JOBS" --timeout $EL_TEST_STUCK_S --output-on-failure \
        --no-tests=error "$@") >"$log" 2>&1 ||
        grep -vE ' Passed |^ +Start |^\[ (RUN|      OK)|^ok |^$' "$log" | sed 's/^/      /' | tail -n 80
    while read -r outcome name; do
        record "$outcome" "$name"
        [ "$outcome" = pass ] && passed=$((passed + 1)) || failed=$((failed + 1))
    done < <(sed -nE 's/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: ([^ ]+) [.]+ *Passed .*/pass \1/p; t
                      s/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: ([^ ]+) .*/fail \1/p' "$log")
    echo "   ctest: $passed passed, $failed failed"
    [ $((passed + failed)) -gt 0 ] || record fail "ctest ran nothing"
}

# run_interop OPTIONS...: tests/interop/run with the programs of the build `gcc`; records its lines "ok NAME" and "FAILED
# NAME".
run_interop() {
    local log="$EL_BUILD/logs/$EL_STAGE.log" name status=0
    python3 tests/interop/run --build "$EL_BUILD/gcc" --clients "$EL_BUILD/interop" "$@" >"$log" 2>&1 || status=$?
    while read -r name; do record pass "$name"; done < <(sed -n 's/^ok //p' "$log")
    while read -r name; do record fail "$name"; done < <(sed -n 's/^FAILED //p' "$log")
    grep -v '^ok ' "$log" | sed 's/^/   /'
    [ $status -eq 0 ] || grep -q '^FAILED ' "$log" || record fail "tests/interop/run ended with status $status"
}

# build_programs: esp-sim, esp-loader, el-mkimage and what the foreign clients need of the build `gcc`, without its tests.
build_programs() {
    scripts/fetch-stubs "$EL_BUILD/stubs" && scripts/fetch-roms "$EL_BUILD/roms" &&
        cmake -S "$EL_ROOT" -B "$EL_BUILD/gcc" -DCMAKE_C_COMPILER=gcc "-DESP_LOADER_STUB_DIR=$EL_BUILD/stubs" \
            "-DESP_LOADER_ROM_DIR=$EL_BUILD/roms" &&
        cmake --build "$EL_BUILD/gcc" -j "$EL_JOBS" --target esp-sim esp-loader esp-loader-pages el-mkimage interop_preload decode_programs interop_riscv interop_xtensa \
            code_operations code_beside_model code_faults code_pieces code_sdio sim_spi_session sim_spi_beside code_field_connecting code_field_links code_field_reading code_field_writing el-bench-loaders
}

# stage_end: exit status of the stage.
stage_end() {
    [ "$EL_FAILED" -eq 0 ]
    exit
}
