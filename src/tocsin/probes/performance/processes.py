"""A confined child with its own directory, ended as a group with all that it started."""

import asyncio
import json
import os
import pwd
import shutil
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from tocsin.probes.performance import confine
from tocsin.probes.performance.installation import Installation

WORKER = Path(__file__).with_name("worker.mjs")
# What Node and Chromium read of a machine; nothing of it is Tocsin's or its users'.
READABLE = (
    "/usr", "/bin", "/sbin", "/lib", "/lib64", "/sys",
    "/etc/alternatives", "/etc/chromium", "/etc/chromium.d", "/etc/fonts", "/etc/group",
    "/etc/hosts", "/etc/ld.so.cache", "/etc/localtime", "/etc/machine-id", "/etc/mime.types",
    "/etc/nsswitch.conf", "/etc/passwd", "/etc/ssl", "/var/cache/fontconfig",
)  # fmt: skip
# The browser's own sandbox maps its users in /proc; other processes there stay closed to it.
WRITABLE = (
    "/proc", "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom",
    "/dev/shm",  # noqa: S108 — shared memory of the browser, not a file of ours
)  # fmt: skip
LINE_LIMIT = 16 * 1024 * 1024
UNPRIVILEGED = "nobody"
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


async def start(
    installation: Installation, proxy_port: int, load_seconds: float
) -> tuple[asyncio.subprocess.Process, Path]:
    """Start the worker; return it and its directory. Raises OSError."""
    directory = make_directory()
    confinement = specification(installation, proxy_port, directory)
    options = {
        "lighthouse": installation.lighthouse,
        "chromium": installation.chromium,
        "proxyPort": proxy_port,
        "directory": str(directory),
        "loadSeconds": load_seconds,
        "flags": [],
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(Path(confine.__file__)), json.dumps(confinement),
        installation.node, str(WORKER), json.dumps(options),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        # Nothing of our own environment: it holds the secret key and passwords.
        env={
            "HOME": str(directory),
            "TMPDIR": str(directory),
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        },
        cwd=directory,
        limit=LINE_LIMIT,
        start_new_session=True,
    )  # fmt: skip
    return process, directory


def make_directory() -> Path:
    """Make a directory for one child, owned by the user that it runs as."""
    directory = Path(tempfile.mkdtemp(prefix="tocsin-browser-"))
    user = _unprivileged()
    if user is not None:
        os.chown(directory, user.pw_uid, user.pw_gid)
    return directory


def specification(installation: Installation, proxy_port: int, directory: Path) -> dict[str, Any]:
    """Say what the child may see and reach, in the words of `confine`."""
    user = _unprivileged()
    return {
        "read": [*READABLE, *_places(installation)],
        "write": [*WRITABLE, str(directory)],
        "connect": [proxy_port],
        "user": None if user is None else user.pw_uid,
        "group": None if user is None else user.pw_gid,
    }


async def end(process: asyncio.subprocess.Process, directory: Path) -> None:
    """Kill the whole group and remove its directory."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
    await asyncio.to_thread(shutil.rmtree, directory, ignore_errors=True)


def memory_of_group(group: int) -> int:
    """Return how many bytes a process group holds, shared ones counted for each of its members."""
    return sum(_resident(entry) for entry in Path("/proc").iterdir() if _is_member(entry, group))


def _unprivileged() -> pwd.struct_passwd | None:
    """Return whom a child becomes: nobody, where we are root and may choose."""
    return pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None


def _places(installation: Installation) -> list[str]:
    """Return the directories of programs that stand elsewhere than the machine's own."""
    modules = Path(installation.lighthouse).parent
    node = Path(installation.node).parent
    return [str(modules), str(node), str(Path(installation.chromium).parent), str(WORKER)]


def _is_member(entry: Path, group: int) -> bool:
    if not entry.name.isdigit():
        return False
    try:
        fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return False
    return int(fields[2]) == group


def _resident(entry: Path) -> int:
    try:
        return int((entry / "statm").read_text(encoding="ascii").split()[1]) * PAGE_BYTES
    except OSError:
        return 0
