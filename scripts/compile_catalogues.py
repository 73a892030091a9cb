"""Compile the translations that changed since they were last compiled: .po to .mo.

`make setup` runs it, and the wheel's build. Babel does it, so no gettext programs are needed.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "src" / "tocsin" / "locale"


def main() -> int:
    """Compile what is out of date; return the exit code."""
    for catalogue in catalogues():
        if not is_compiled(catalogue):
            compile_catalogue(catalogue)
            sys.stderr.write(f"translations: compiled {catalogue.relative_to(ROOT)}\n")
    return 0


def catalogues() -> Iterator[Path]:
    """Yield the catalogue of every language."""
    yield from sorted(LOCALES.glob("*/LC_MESSAGES/django.po"))


def is_compiled(catalogue: Path) -> bool:
    """Tell whether what was compiled is not older than the catalogue."""
    compiled = catalogue.with_suffix(".mo")
    return compiled.is_file() and compiled.stat().st_mtime_ns >= catalogue.stat().st_mtime_ns


def compile_catalogue(catalogue: Path) -> None:
    """Compile one catalogue; whoever reads the old one meanwhile reads it whole."""
    with catalogue.open("rb") as text:
        read = read_po(text)
    compiled = catalogue.with_suffix(".mo")
    begun = compiled.with_suffix(".mo.new")
    with begun.open("wb") as file:
        write_mo(file, read)
    begun.replace(compiled)


if __name__ == "__main__":
    raise SystemExit(main())
