# Sourced by the other tools: finds the project, and installs what a bare Debian or Ubuntu lacks.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '\n\033[1m%s\033[0m\n' "$*" | if [ -t 1 ]; then cat; else sed 's/\x1b\[[0-9;]*m//g'; fi; }

# need COMMAND-OR-HEADER PACKAGE: installs PACKAGE unless the command or header is there.
need() {
    if command -v "$1" >/dev/null 2>&1 || [ -e "$1" ] || [ -e "/usr/include/$1" ]; then return 0; fi
    [ "$(uname)" = Linux ] || { echo "please install $2" >&2; exit 1; }
    local sudo=""
    [ "$(id -u)" = 0 ] || sudo=sudo
    command -v apt-get >/dev/null 2>&1 || { echo "please install $2 (no apt-get here)" >&2; exit 1; }
    if [ -z "${apt_updated:-}" ]; then
        $sudo apt-get update -qq
        apt_updated=1
    fi
    echo "installing $2"
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$2" >/dev/null
}

need_to_build() {
    if ! command -v swift >/dev/null 2>&1; then
        echo "bpreg needs Swift 6.2 or newer: https://www.swift.org/install" >&2
        exit 1
    fi
    if [ "$(uname)" = Linux ]; then
        need pkg-config pkg-config
        need sqlite3.h libsqlite3-dev
        need openssl/evp.h libssl-dev
        need zlib.h zlib1g-dev
    fi
}
