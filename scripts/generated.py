"""Files that are made from the API's description: writing them, and saying which are stale."""

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

Make = Callable[[Mapping[str, Any]], dict[str, str]]


def run(make: Make) -> int:
    """Write what `make` returns, or with `--check` only name what is stale; return exit code."""
    wanted = make(_document())
    late = stale(wanted)
    if "--check" in sys.argv[1:]:
        sys.stderr.writelines(f"stale: {path}\n" for path in late)
        return 1 if late else 0
    for path in late:
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(wanted[path], encoding="utf-8")
        sys.stdout.write(f"wrote {path}\n")
    return 0


def stale(wanted: Mapping[str, str]) -> list[str]:
    """Return the paths whose files are absent or say something else."""
    return [path for path, text in wanted.items() if _read(ROOT / path) != text]


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _document() -> Mapping[str, Any]:
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"TOCSIN_DATA_DIR": data, "DJANGO_SETTINGS_MODULE": "tocsin.config.settings"}
        import django  # noqa: PLC0415 - needs the lines above

        django.setup()
        from tocsin.api.v1.openapi.document import document  # noqa: PLC0415

        return document()
