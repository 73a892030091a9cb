"""Where the built styles, script and icons are; pages work without them, only unstyled."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DIST = Path(__file__).resolve().parent / "static" / "dist"


@dataclass(frozen=True, slots=True)
class Asset:
    """One built file: its path under the static address and its integrity digest."""

    path: str
    integrity: str


def find(name: str) -> Asset | None:
    """Return a built asset by its plain name, None where nothing was built."""
    return _manifest(_modified()).get(name)


def _modified() -> int:
    try:
        return (DIST / "manifest.json").stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=1)
def _manifest(modified: int) -> dict[str, Asset]:
    if not modified:
        return {}
    entries = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    return {
        name: Asset(path=f"dist/{entry['file']}", integrity=entry["integrity"])
        for name, entry in entries.items()
    }
