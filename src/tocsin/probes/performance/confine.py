"""Starts a program that can see, reach and signal nothing of Tocsin's.

Run as a script, with the standard library alone: `python -I confine.py SPECIFICATION PROGRAM…`.
The specification is JSON: `read` and `write` (paths), `connect` (TCP ports), `user` and `group`
(numbers, where we may change them). What it forbids holds for every child of the program too.

The kernel's Landlock (https://docs.kernel.org/userspace-api/landlock.html) does it: it needs no
privilege, and whoever is confined can neither undo it nor look into processes that are not.
"""

import ctypes
import json
import os
import struct
import sys
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
CREATE_RULESET_VERSION = 1
RULE_PATH, RULE_PORT = 1, 2
# By the version of the interface that brought them.
FS_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
NETWORK_SINCE, SCOPES_SINCE = 4, 6
EXECUTE, READ_FILE, READ_DIR = 1 << 0, 1 << 2, 1 << 3
# What can be allowed on a single file: execute, write, read, truncate, ioctl.
FILE_RIGHTS = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15
BIND_TCP, CONNECT_TCP = 1 << 0, 1 << 1
# No abstract socket and no signal beyond the confined ones.
SCOPES = 1 << 0 | 1 << 1
PR_SET_NO_NEW_PRIVS = 38
UNCONFINABLE = 78

_libc = ctypes.CDLL(None, use_errno=True)


def main(arguments: list[str]) -> None:
    """Confine this process, become an unprivileged user, and turn into the program."""
    specification, program = json.loads(arguments[0]), arguments[1:]
    _make_killable()
    confine(specification["read"], specification["write"], specification["connect"])
    if specification.get("user") is not None:
        os.setgroups([])
        os.setgid(specification["group"])
        os.setuid(specification["user"])
    os.execv(program[0], program)  # noqa: S606 — the program is ours, without a shell


def version() -> int:
    """Return the version of Landlock's interface here; 0 where the kernel has none."""
    found: int = _libc.syscall(CREATE_RULESET, None, 0, CREATE_RULESET_VERSION)
    return max(found, 0)


def confine(read: list[str], write: list[str], connect: list[int]) -> None:
    """Forbid this process everything but these paths and ports. Raises OSError."""
    abi = version()
    everything = (1 << max(n for since, n in FS_RIGHTS.items() if since <= max(abi, 1))) - 1
    ruleset = _new_ruleset(abi, everything)
    for path in read:
        _allow_path(ruleset, path, EXECUTE | READ_FILE | READ_DIR)
    for path in write:
        _allow_path(ruleset, path, everything)
    if abi >= NETWORK_SINCE:
        for port in connect:
            attribute = struct.pack("=QQ", CONNECT_TCP, port)
            _call(ADD_RULE, ruleset, RULE_PORT, attribute, 0)
    if _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs could not be set")
    _call(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _new_ruleset(abi: int, everything: int) -> int:
    handled = [everything]
    if abi >= NETWORK_SINCE:
        handled.append(BIND_TCP | CONNECT_TCP)
    if abi >= SCOPES_SINCE:
        handled.append(SCOPES)
    attribute = struct.pack(f"={len(handled)}Q", *handled)
    return _call(CREATE_RULESET, attribute, len(attribute), 0)


def _allow_path(ruleset: int, path: str, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        allowed = rights if Path(path).is_dir() else rights & FILE_RIGHTS
        _call(ADD_RULE, ruleset, RULE_PATH, struct.pack("=Qi", allowed, handle), 0)
    finally:
        os.close(handle)


def _call(number: int, *arguments: "int | bytes") -> int:
    result: int = _libc.syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _make_killable() -> None:
    """Of all that runs here, the kernel shall end this first when memory runs out."""
    Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as error:
        sys.stderr.write(f"cannot be confined: {error}\n")
        sys.exit(UNCONFINABLE)
