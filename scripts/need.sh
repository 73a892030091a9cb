#!/bin/sh
# Make sure that programs from the distribution are there: need.sh PROGRAM=PACKAGE …
# Installs what is missing where this user may (root, or sudo without a password); else names it.
set -eu
missing=
for pair in "$@"; do
    program=${pair%%=*}
    PATH="$PATH:/usr/sbin:$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)"
    command -v "$program" >/dev/null 2>&1 || missing="$missing ${pair#*=}"
done
[ -n "$missing" ] || exit 0
root=
[ "$(id -u)" = 0 ] || root="sudo -n"
if command -v apt-get >/dev/null 2>&1 && $root true 2>/dev/null; then
    printf 'Installing%s ...\n' "$missing" >&2
    # shellcheck disable=SC2086 # one word a package is meant
    if $root apt-get update -qq >&2 &&
        DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1
    then exit 0; fi
fi
printf 'Missing; install by hand: sudo apt-get install%s\n' "$missing" >&2
exit 1
