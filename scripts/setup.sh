#!/bin/sh
# Make .venv with everything Tocsin needs, locked. Needs Python 3.11 or newer and nothing else.
# Quick when nothing changed: a stamp remembers what was set up from which files.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo "$@"
    else return 1
    fi
}

find_python() {
    for candidate in python3.13 python3.12 python3.11 python3; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    say "Tocsin needs Python 3.11 or newer; install it (Debian, Ubuntu: apt-get install python3)."
    exit 1
}

find_uv() {
    if command -v uv >/dev/null 2>&1; then command -v uv; return; fi
    if [ ! -x .tools/bin/uv ]; then
        say "Fetching uv ..."
        if ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
            if ! { as_root apt-get update -qq && as_root apt-get install -y -qq python3-venv; } >&2; then
                say "Python's venv module is missing; run: sudo apt-get install python3-venv"
                exit 1
            fi
        fi
        rm -rf .tools
        "$PYTHON" -m venv .tools >&2
        .tools/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1' >&2
    fi
    echo "$PWD/.tools/bin/uv"
}

STAMP=.venv/.tocsin-setup
FINGERPRINT=$(cat pyproject.toml uv.lock scripts/setup.sh | cksum)
if [ -x .venv/bin/tocsin ] && [ "$(cat "$STAMP" 2>/dev/null)" = "$FINGERPRINT" ]; then
    exit 0
fi
PYTHON=$(find_python)
UV=$(find_uv)
say "Making .venv ..."
# Compiled now: where Python may not write beside its modules, each start would compile them all.
"$UV" sync --frozen --quiet --compile-bytecode --python "$PYTHON" --no-python-downloads
echo "$FINGERPRINT" > "$STAMP"
