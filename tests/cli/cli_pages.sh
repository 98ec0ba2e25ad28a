#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# What is made of the tables of commands and options: man pages, completions in the shells they are for, and the blocks of
# docs/cli.md. Arguments: harness.sh.
. "$(dirname "${BASH_SOURCE[0]}")/harness.sh"
build=$(dirname "$(dirname "$loader")")
export ESP_LOADER_SYSFS=$folder/no-sysfs # whatever is connected to this computer
commands=$("$loader" --help | sed -nE '/^commands:/,/^$/s/^  ([a-z-]+) .*/\1/p')

(cd "$project" && scripts/manual "$build/cli/esp-loader-pages") >out 2>err
check "the manual says what the tables say" [ $? -eq 0 ]
sed 's/115200/9600/' "$project/docs/cli.md" >changed.md
check "docs/cli.md that says something else is noticed" \
    eval '! "$project/scripts/manual" "$build/cli/esp-loader-pages" changed.md >out 2>err && grep -q "is not what the tables" out'
"$project/scripts/manual" "$build/cli/esp-loader-pages" --write changed.md
check "docs/cli.md is written" "$project/scripts/manual" "$build/cli/esp-loader-pages" changed.md

# --- man pages ---

# page_is_sound FILE: man has nothing to say against it.
page_is_sound() {
    LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l "$1" >out 2>err && [ ! -s err ] && [ "$(wc -l <out)" -gt 20 ]
}
for command in '' $commands; do
    page=$build/man/esp-loader${command:+-$command}.1
    check "man page of '$command'" page_is_sound "$page"
    "$loader" $command --help-all | sed -nE 's/^ +(-[a-z], )?(--[a-z-]+).*/\2/p' | while read -r option; do
        grep -q -- "$option" out || echo "$option of $command"
    done >missing
    check "man page of '$command': every option" [ ! -s missing ]
done

# --- completion ---

ln -s "$loader" esp-loader
PATH=$PWD:$PATH
export build PATH

# bash_completes, fish_completes, zsh_completes LINE: the words that are offered, sorted, on one line.
bash_completes() {
    bash -c '. "$build/completions/esp-loader.bash"
IFS=" =" read -ra COMP_WORDS <<<"${1//=/ = }"
[[ $1 == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_esp_loader && printf "%s\n" "${COMPREPLY[@]}"' - "$1" 2>&1 | LC_ALL=C sort | xargs
}
fish_completes() {
    HOME=$folder fish --no-config -c 'source $build/completions/esp-loader.fish; complete -C $argv[1]' "$1" 2>&1 | cut -f 1 |
        LC_ALL=C sort | xargs
}
# In a terminal of its own, as nothing else completes; no key is pressed, since one pressed too early is lost: the first
# prompt has the line already. What is offered is written down on its way.
mkdir zsh
cat >zsh/.zshrc <<'END'
fpath=($build/completions $fpath); autoload -U compinit; compinit -u -D
compadd() {
    local -a hits
    [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]] || { builtin compadd -A hits "$@"; print -rl -- $hits >>offered; }
    builtin compadd "$@"
}
zle-line-init() { BUFFER=$line; CURSOR=$#BUFFER; zle complete-word; : >done }
zle -N zle-line-init
END
cat >complete.zsh <<'END'
zmodload zsh/zpty
export line=$1 ZDOTDIR=$PWD/zsh
zpty shell zsh -d -i
for ((n = 0; n < 600; n++)); do [[ -e done ]] && break; sleep 0.1; done
zpty -d shell
[[ -e done ]]
END
# Now and then, on a busy machine, zsh 5.9 waits in a completion for a process that has ended: asked again.
zsh_completes() {
    local trial
    for trial in 1 2 3; do
        rm -f offered done
        zsh -f complete.zsh "$1" && break
    done
    LC_ALL=C sort -u offered 2>/dev/null | xargs
}

touch image-1.bin image-2.bin
mkdir project-1
for shell in bash fish zsh; do
    # completes LINE WORDS
    completes() {
        local got
        got=$(${shell}_completes "$1")
        [ "$got" = "$2" ] && pass "$shell: $1" || { echo "$got" >out && : >err && fail "$shell: $1 (not: $2)"; }
    }
    completes "esp-loader fl" flash
    completes "esp-loader -p /dev/x re" "read reg reset"
    completes "esp-loader --before no-reset he" help
    completes "esp-loader help lo" load-ram
    completes "esp-loader flash --rew" --rewrite
    completes "esp-loader flash --flash-mode d" "dio dout"
    completes "esp-loader load_ram --no-st" --no-stub
    completes "esp-loader ports --t" --tsv
    completes "esp-loader --chip esp32c" "esp32c2 esp32c3 esp32c5 esp32c6 esp32c61"
    completes "esp-loader info -p a" auto
    completes "esp-loader reg " "dump read write"
    completes "esp-loader image ima" "image-1.bin image-2.bin"
    completes "esp-loader merge -o ima" "image-1.bin image-2.bin"
    completes "esp-loader reset --rew" ""
done
shell=bash
completes "esp-loader flash --flash-mode=qi" qio
completes "esp-loader --port=/dev/x fl" flash
shell=zsh
completes "esp-loader flash --flash-mode=qi" qio

for command in $commands; do
    "$loader" $command --help-all | sed -nE 's/^ +(-[a-z], )?(--[a-z-]+)($| .*)/\2/p' | LC_ALL=C sort -u | xargs >wanted
    for shell in bash zsh; do
        ${shell}_completes "esp-loader $command --" >got
        check "$shell: options of $command" cmp wanted got
    done
done

finish
